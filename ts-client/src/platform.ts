// SPDX-License-Identifier: BSD-3-Clause
//
// The only place of this package that asks which system it runs on.
const windows = process.platform === 'win32';

export const executableName = windows ? 'wdpdk-dataplane.exe' : 'wdpdk-dataplane';
/** The optional dependency that brings the executable. */
export const platformPackage = windows ? '@wdpdk/win32-x64' : '@wdpdk/linux-x64';
/** Builds of this repository, the preferred first. */
export const presets = windows ? ['windows-release', 'windows-gcc'] : ['linux-release'];
