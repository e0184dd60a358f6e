// SPDX-License-Identifier: BSD-3-Clause
// Where upstream's programs are built and run: which compiler, which flags of pkg-config, which arguments of EAL.
import fs from 'node:fs';
import path from 'node:path';
import { wineEnvironment } from '../../scripts/lib/wine.mjs';
import { whyNoHugePages } from '../support/hugepages.mjs';

/** Four lcores on two processors, no devices of the machine: several threads share a processor, as upstream's harness has it. */
const common = ['--lcores', '(0-3)@(0-1)', '--no-pci'];
const plainPages = ['--no-huge', '-m', '1024'];

const mingwRuntime = () => {
  const folder = '/usr/lib/gcc/x86_64-w64-mingw32';
  const version = fs.existsSync(folder) && fs.readdirSync(folder).find((name) => name.endsWith('-win32'));
  return version ? [`-L${path.join(folder, version)}`] : [];
};

const linux = {
  preset: 'linux-release',
  package: 'libdpdk',
  compiler: 'gcc',
  suffix: '',
  flags: [],
  // `lines`: what it prints comes line by line, also from a program that never flushes.
  launch: (executable, args, { lines = false } = {}) =>
    lines ? ['stdbuf', ['-oL', executable, ...args]] : [executable, args],
  environment: {},
};

const windows = {
  ...linux,
  preset: 'windows-release',
  compiler: 'clang',
  suffix: '.exe',
  get flags() {
    return ['--target=x86_64-w64-mingw32', '-fuse-ld=lld', '-static', ...mingwRuntime()];
  },
  launch: (executable, args) => ['wine', [executable, ...args]],
  environment: wineEnvironment,
};

/** What the programs with huge pages need; borrowed for the run (scripts/lib/conformance.mjs). */
export const hugePages = 400;

/**
 * name -> what a program is built with (build: programs of equal `build` are the same) and how it is run.
 *   missing()   why this machine cannot run it, if it cannot
 *   hugePages   how many free ones it needs
 */
export const platforms = {
  'linux-no-huge': { ...linux, system: 'linux', build: 'linux', eal: [...common, ...plainPages] },
  'linux-huge': {
    ...linux,
    system: 'linux',
    build: 'linux',
    eal: [...common, '-m', '512'],
    missing: () => whyNoHugePages(hugePages),
    hugePages,
  },
  'windows-posix': {
    ...windows,
    system: 'windows',
    build: 'windows-posix',
    package: 'libdpdk-posix',
    eal: [...common, ...plainPages],
  },
  windows: { ...windows, system: 'windows', build: 'windows', eal: [...common, ...plainPages] },
  // Upstream's own library (libdpdk-dev), for seeing what a program does there on this machine: only when asked for by name.
  'upstream-no-huge': { ...linux, system: 'upstream', build: 'upstream', eal: [...common, ...plainPages] },
};

platforms['upstream-huge'] = { ...platforms['linux-huge'], system: 'upstream', build: 'upstream' };
