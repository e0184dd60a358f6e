// SPDX-License-Identifier: BSD-3-Clause
//
// The only place of this package that asks which system it runs on.
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const windows = process.platform === 'win32';

export const executableName = windows ? 'wdpdk-dataplane.exe' : 'wdpdk-dataplane';
/** The XL710's device model, built beside the dataplane. */
export const modelName = windows ? 'wdpdk-xl710-model.exe' : 'wdpdk-xl710-model';
/** Where files that are memory are best kept: not on a disk when there is another place. */
export const memoryFolder = (): string => (!windows && existsSync('/dev/shm') ? '/dev/shm' : tmpdir());
/** The optional dependency that brings the executable. */
export const platformPackage = windows ? '@wdpdk/win32-x64' : '@wdpdk/linux-x64';
/** Builds of this repository, the preferred first. */
export const presets = windows ? ['windows-release', 'windows-gcc'] : ['linux-release'];
