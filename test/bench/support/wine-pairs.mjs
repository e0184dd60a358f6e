// SPDX-License-Identifier: BSD-3-Clause
//
// Whole forwarding programs on Windows (under Wine) beside the same on Linux: same compiler, same arguments, plain pages, one
// core. Runs alternate and the best of each side counts, since a neighbour can only take away. Packets are divided by the
// kernel's CPU time of the polling thread: wall time would measure who else wanted the core.
import { readFileSync } from 'node:fs';
import { Peer, twoCores } from './peers.mjs';
import { sleep } from './stats.mjs';
import { busiestThreadNs, hugeBytes } from './threads.mjs';

const pairs = 9;
const sampleMs = 2;
const endMs = 3000;

export const measuredCore = String(twoCores().measured);

export function assertPe(file) {
  if (readFileSync(file).subarray(0, 2).toString('latin1') !== 'MZ')
    throw new Error(`${file} is no Windows executable`);
}

function assertPlainPages(peer) {
  const { transparent, hugetlb } = hugeBytes(peer.child.pid);
  if (transparent + hugetlb > 0)
    throw new Error(
      `${peer.name} has ${transparent + hugetlb} bytes on huge pages: set /sys/kernel/mm/transparent_hugepage/enabled to madvise`,
    );
}

/**
 * Packets a CPU-second of one run, from the line that says `ready` to the first that `packetsIn(line)` has a number for.
 *   program  { name, command: [file, ...arguments], env }
 */
export async function rate({ name, command: [file, ...rest], env = {} }, ready, packetsIn) {
  const peer = new Peer(name, measuredCore, file, rest, { env });
  try {
    await peer.line((line) => line.includes(ready));
    const { pid } = peer.child;
    const before = busiestThreadNs(pid);
    let last = before;
    let packets;
    assertPlainPages(peer);
    const ended = peer.line((line) => (packets = packetsIn(line)) !== undefined);
    while (packets === undefined) {
      last = Math.max(last, busiestThreadNs(pid));
      await Promise.race([ended, sleep(sampleMs)]);
    }
    // It ends by itself: Wine's server does not like its programs killed while others begin.
    await Promise.race([peer.ended, sleep(endMs)]);
    if (!(packets > 1e6)) throw new Error(`${name} forwarded ${packets} packets`);
    return (packets * 1e9) / (last - before);
  } finally {
    await peer.end();
  }
}

/** The dataplane's own summary: `packets(totals)`. It must balance. */
export const fromSummary = (packets) => (line) => {
  if (!line.includes('"summary"')) return undefined;
  const summary = JSON.parse(line);
  if (!summary.balanced) throw new Error(`the summary does not balance: ${line}`);
  return packets(summary.totals);
};

/** The best of both sides, as a row's result; `onWine()` and `onLinux()` resolve with a rate. */
export async function bestOfPairs(onWine, onLinux, progress = () => undefined) {
  let value = 0;
  let peerValue = 0;
  for (let pair = 0; pair < pairs; pair++) {
    progress(`pair ${pair + 1} of ${pairs}`);
    value = Math.max(value, (await onWine()) / 1e6);
    peerValue = Math.max(peerValue, (await onLinux()) / 1e6);
  }
  return { value, unit: 'Mpackets/CPU-s', peer: 'Linux build, same clang', peerValue };
}

/** Our dataplane on both systems; `args` of one run are `eal(system)`, `--` and `own`. Resolves with a row's result. */
export async function dataplanes({ dataplaneOf, wineEnvironment, progress }, { eal, own, packets, seconds }) {
  const windows = dataplaneOf('windows-release');
  assertPe(windows);
  const args = (system) => [
    ...['-l', measuredCore, '--no-huge', '-m', '256', '--no-pci', ...eal(system), '--', '--idle', 'poll'],
    ...['--seconds', String(seconds), '--json', '--json-ready', ...own],
  ];
  const run = (name, command, env) => () => rate({ name, command, env }, '"ready"', fromSummary(packets));
  return bestOfPairs(
    run('the Windows build', ['wine', windows, ...args('windows')], wineEnvironment),
    run('the Linux build', [dataplaneOf('linux-release'), ...args('linux')]),
    progress,
  );
}

/** What all rows of pairs say of themselves. */
export const pairRow = { target: 0.97, better: 'more', presets: ['linux-release', 'windows-release'], jobs: [] };
