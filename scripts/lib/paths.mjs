// SPDX-License-Identifier: BSD-3-Clause
// Where things are. Every generated file is below build/, .cache/, node_modules/ or a package's dist/.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const cache = path.join(root, '.cache');
export const logs = path.join(cache, 'logs');
export const captures = path.join(cache, 'captures');

/** What `npm run pack` makes. */
export const packages = path.join(root, 'build/packages');

/** Binary folder of a CMake preset (windows-native builds into the place of windows-release). */
export const buildDir = (preset) => path.join(root, 'build', preset === 'windows-native' ? 'windows-release' : preset);

export const isWindowsPreset = (preset) => preset.startsWith('windows-');

export const dataplane = (preset) =>
  path.join(buildDir(preset), isWindowsPreset(preset) ? 'wdpdk-dataplane.exe' : 'wdpdk-dataplane');
