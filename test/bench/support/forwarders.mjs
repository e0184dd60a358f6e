// SPDX-License-Identifier: BSD-3-Clause
//
// Whole programs that forward, ours and upstream's, measured in turn: both run at once on one core, but one is always stopped; slices
// of them alternate, and packets are divided by the CPU time of the forwarding thread, so that neighbours on the machine
// count for neither. Both lie on huge pages.
//
// A side is { peer, sample, close? }: a Peer, and a function that resolves with { packets, cpuNs } so far.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { borrowHugePages } from '../../support/hugepages.mjs';
import { Peer } from './peers.mjs';
import { median, sleep } from './stats.mjs';
import { busiestThreadNs, hugeBytes } from './threads.mjs';

const rounds = 9;
const sliceMs = 400;
const settleMs = 50;
const limitMs = 20_000;
const hugePages = 1024;

/** The core that both sides share. */
export const core = String(os.cpus().length - 1);

/** TSC rate in cycles a nanosecond, to say cycles; ratios do not depend on it. */
export function tscGhz() {
  const mhz = Number(/cpu MHz\s*:\s*([\d.]+)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]);
  if (!mhz) throw new Error('/proc/cpuinfo names no "cpu MHz": the cycle rate is unknown');
  return mhz / 1000;
}

/**
 * Our dataplane, observed as any client would: the counters segment, and /proc for the CPU time of its polling thread.
 *   eal, own  arguments before and after `--`     packets(stats) -> how many have passed
 */
export async function startOurs({ dataplane, dir, instance = 'bench-forwarder', eal, own, packets }) {
  const { attach } = await import('wdpdk');
  mkdirSync(path.join(dir, 'wdpdk'), { recursive: true, mode: 0o700 });
  const args = ['-l', core, '--no-pci', ...eal, '--', '--instance', instance, '--json-ready', '--idle', 'poll', ...own];
  const peer = new Peer('our dataplane', core, dataplane, args, { env: { XDG_RUNTIME_DIR: dir } });
  await peer.line((line) => line.includes('"ready"'));
  process.env.XDG_RUNTIME_DIR = dir;
  const client = await attach({ instance, want: ['observe'] });
  const sample = async () => {
    // First the time, which goes on by less between the two than the counters do.
    const cpuNs = busiestThreadNs(peer.child.pid);
    return { packets: Number(packets(client.stats())), cpuNs };
  };
  const { mbufs } = (await client.report()).memory;
  return { peer, sample, mbufs, close: () => client.close() };
}

/**
 * Upstream's testpmd, which forwards on a second lcore of the same core as its command line and answers "show port stats".
 *   counter  the name of the figure that is counted: RX-packets, TX-packets
 */
export function startTestpmd({ eal, own, counter }) {
  const lcores = ['--lcores', `0@${core},1@${core}`, '--no-pci', '--in-memory', '--no-telemetry'];
  // It fills whole pages before it writes them to a pipe, unless it is told to write lines.
  const args = ['-oL', 'dpdk-testpmd', ...lcores, ...eal, '--', '-i', '--nb-cores=1', '--auto-start', ...own];
  const peer = new Peer("upstream's testpmd", core, 'stdbuf', args);
  const sample = async () => {
    const cpuNs = busiestThreadNs(peer.child.pid);
    const line = await peer.ask('show port stats 0', (text) => text.includes(`${counter}:`));
    return { packets: Number(new RegExp(`${counter}: *(\\d+)`).exec(line)[1]), cpuNs };
  };
  return { peer, sample };
}

/**
 * CPU time per packet while the side runs alone, in ns. A slice is over when its thread has had the processor that long, and something
 * has come of it: on a busy machine one that was stopped may not get it for a good while, or not before it was asked for the first
 * time.
 */
async function slice(side) {
  side.peer.child.kill('SIGCONT');
  const limit = Date.now() + limitMs;
  const woken = await side.sample();
  let before = woken;
  while (before.packets === woken.packets && Date.now() < limit) {
    await sleep(settleMs);
    before = await side.sample();
  }
  let after = before;
  let packets = 0;
  while ((after.cpuNs - before.cpuNs < sliceMs * 1e6 || packets <= 100_000) && Date.now() < limit) {
    await sleep(sliceMs / 8);
    after = await side.sample();
    packets = after.packets - before.packets;
  }
  side.peer.child.kill('SIGSTOP');
  if (!(packets > 100_000))
    throw new Error(
      `${side.peer.name} forwarded only ${packets} packets in ${(after.cpuNs - before.cpuNs) / 1e6} ms: nothing to compare`,
    );
  return (after.cpuNs - before.cpuNs) / packets;
}

/** Waits until frames flow, checks that they lie on huge pages, and stops the side until its first slice. */
async function settle(side) {
  const limit = Date.now() + 30_000;
  while ((await side.sample()).packets < 1_000_000) {
    if (Date.now() > limit) throw new Error(`${side.peer.name} forwards nothing`);
    await sleep(settleMs);
  }
  if (hugeBytes(side.peer.child.pid).hugetlb === 0) throw new Error(`${side.peer.name} has no huge pages`);
  side.peer.child.kill('SIGSTOP');
}

/**
 * Cycles a packet of several sides: `starters` is { name: async (dir, started) => side }, begun in order, each given those before it.
 * Resolves with { name: [cycles of each round] }.
 */
export async function measureForwarders(starters) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wdpdk-bench-'));
  const runtimeDir = process.env.XDG_RUNTIME_DIR;
  const restore = borrowHugePages(hugePages);
  const sides = {};
  try {
    for (const [name, start] of Object.entries(starters)) {
      sides[name] = await start(dir, sides);
      await settle(sides[name]);
    }
    const cycles = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
    for (let round = 0; round < rounds; round++)
      for (const [name, side] of Object.entries(sides)) cycles[name].push((await slice(side)) * tscGhz());
    return cycles;
  } finally {
    for (const side of Object.values(sides)) {
      side.peer.child.kill('SIGCONT');
      await side.close?.();
      await side.peer.end();
    }
    if (runtimeDir === undefined) delete process.env.XDG_RUNTIME_DIR;
    else process.env.XDG_RUNTIME_DIR = runtimeDir;
    restore();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A row of cycles a packet: the median of the rounds, and of the rounds' ratios. */
export function cyclesRow(ours, theirs, peer) {
  return {
    value: median(ours),
    unit: 'cycles/packet',
    peer,
    peerValue: median(theirs),
    ratio: median(ours.map((cycles, round) => cycles / theirs[round])),
  };
}
