// SPDX-License-Identifier: BSD-3-Clause
// The one place of the scripts that asks which system this is.
import process from 'node:process';

export const onWindows = process.platform === 'win32';
export const onLinux = process.platform === 'linux';

/** The preset whose executable runs natively here. */
export const nativePreset = onWindows ? 'windows-native' : 'linux-release';

/** npm is a shell script on Windows: run it through node, as npm itself tells us to. */
export const executableSuffix = onWindows ? '.exe' : '';
export const isRoot = process.getuid?.() === 0;
