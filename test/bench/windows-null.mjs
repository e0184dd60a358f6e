// SPDX-License-Identifier: BSD-3-Clause
//
// The rows of null-upstream.mjs as pairs of systems: the Windows build under Wine over the Linux build by the same compiler, 64 B
// on net_null, plain pages, one core, best of nine pairs. windows.l2fwd.null is upstream's unmodified l2fwd built
// against our library on both.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { install, pkgConfig } from '../conformance/build.mjs';
import { assertPe, bestOfPairs, dataplanes, measuredCore, pairRow, rate } from './support/wine-pairs.mjs';

const mode = (name, packets, device) => (tools) =>
  dataplanes(tools, {
    eal: () => ['--vdev', device],
    own: ['--instance', `bench-${name}`, '--forward', name],
    packets,
    seconds: 1,
  });

const receiving = 'net_null0';
const sending = 'net_null0,no-rx=1';

/** clang for a system: flags before and after what pkg-config says. */
const systems = {
  linux: { package: 'libdpdk', preset: 'linux-release', flags: () => [], suffix: '' },
  windows: {
    package: 'libdpdk-posix',
    preset: 'windows-release',
    flags: () => {
      const runtimes = '/usr/lib/gcc/x86_64-w64-mingw32';
      const runtime = readdirSync(runtimes).find((name) => name.endsWith('-win32'));
      return ['--target=x86_64-w64-mingw32', '-fuse-ld=lld', '-static', `-L${path.join(runtimes, runtime)}`];
    },
    suffix: '.exe',
  },
};

async function buildL2fwd(name, source, buildDir, folder) {
  const system = systems[name];
  const installed = await install(buildDir(system.preset), path.join(folder, name));
  const program = path.join(folder, `l2fwd${system.suffix}`);
  const sources = [
    path.join(source, 'examples/l2fwd/main.c'),
    path.join(import.meta.dirname, 'support/l2fwd_counted.c'),
  ];
  const own = ['-O3', '-march=corei7', '-DALLOW_EXPERIMENTAL_API', '-Wl,--wrap=rte_eth_dev_start', ...system.flags()];
  const cflags = (await pkgConfig(installed, system.package, ['--cflags'])).filter((one) => !one.startsWith('-march='));
  const libs = await pkgConfig(installed, system.package, ['--libs']);
  execFileSync('clang', [...own, ...cflags, ...sources, '-o', program, ...libs], { stdio: ['ignore', 2, 2] });
  return program;
}

async function l2fwd({ buildDir, upstreamSource, wineEnvironment, progress }) {
  const source = await upstreamSource();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wdpdk-bench-'));
  try {
    const linux = await buildL2fwd('linux', source, buildDir, folder);
    const windows = await buildL2fwd('windows', source, buildDir, folder);
    assertPe(windows);
    const args = ['-l', measuredCore, '--no-pci', '--no-huge', '-m', '256', '--vdev', 'net_null0'];
    const own = ['--', '-p', '1', '-T', '0'];
    const counted = (line) => (line.startsWith('@counted ') ? Number(line.slice('@counted '.length)) : undefined);
    const run = (name, command, env) => () =>
      rate({ name, command: [...command, ...args, ...own], env }, '@start', counted);
    return await bestOfPairs(
      run('l2fwd on Windows', ['wine', windows], wineEnvironment),
      run('l2fwd on Linux', [linux]),
      progress,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const row = (id, what, run) => ({
  ...pairRow,
  id: `windows.${id}.null`,
  title: `${what}, 64 B, net_null: the Windows build under Wine over the Linux build, plain pages, best of nine pairs`,
  run,
});

export const rows = [
  row('l2fwd', "upstream's unmodified l2fwd on our library", l2fwd),
  row(
    'io',
    'io',
    mode('io', (totals) => totals.forwarded.packets, receiving),
  ),
  row(
    'macswap',
    'macswap',
    mode('macswap', (totals) => totals.forwarded.packets, receiving),
  ),
  row(
    'rx',
    'receive and drop',
    mode('drop', (totals) => totals.rx.packets, receiving),
  ),
  row(
    'tx',
    'make and send',
    mode('pktgen', (totals) => totals.tx.packets, sending),
  ),
];
