// SPDX-License-Identifier: BSD-3-Clause
//
// pktgen.null: frames a CPU-second that our pktgen makes, against upstream's testpmd in its mode txonly, both into their own net_null.
// 64-byte frames of one flow, bursts of 32, pools of equal size, cache and buffers, huge pages, one core. Ours numbers and stamps
// each frame and gives it right checksums; txonly copies the same headers each time. Both run at once on that core but one is
// always stopped; slices of them alternate, and packets are divided by the CPU time of the forwarding thread.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { reserveHugePages } from './support/hugepages.mjs';
import { Peer } from './support/peers.mjs';
import { median, sleep } from './support/stats.mjs';
import { busiestThreadNs, hugeBytes } from './support/threads.mjs';

const rounds = 9;
const sliceMs = 400;
const settleMs = 50;
const hugePages = 1024;
const core = String(os.cpus().length - 1);
const device = 'net_null0,no-rx=1';
const bufferBytes = 2176;
const cache = 256;

/** testpmd forwards on a second lcore, on the same core as its command line, and answers "show port stats". */
function startUpstream(mbufs) {
  const eal = ['--lcores', `0@${core},1@${core}`, '--no-pci', '--in-memory', '--no-telemetry', '--vdev', device];
  const pool = [`--total-num-mbufs=${mbufs}`, `--mbcache=${cache}`, `--mbuf-size=${bufferBytes}`];
  const traffic = ['--forward-mode=txonly', '--txpkts=60', '--burst=32', '--nb-cores=1', '--auto-start'];
  // It fills whole pages before it writes them to a pipe, unless it is told to write lines.
  const args = ['-oL', 'dpdk-testpmd', ...eal, '--', '-i', ...pool, ...traffic];
  const peer = new Peer("upstream's testpmd", core, 'stdbuf', args);
  const sample = async () => {
    const cpuNs = busiestThreadNs(peer.child.pid);
    const line = await peer.ask('show port stats 0', (text) => text.includes('TX-packets:'));
    return { packets: Number(/TX-packets: (\d+)/.exec(line)[1]), cpuNs };
  };
  return { peer, sample };
}

/** Our dataplane, observed as any client would. */
async function startOurs(dataplane, dir) {
  const { attach } = await import('wdpdk');
  const instance = 'bench-pktgen';
  mkdirSync(path.join(dir, 'wdpdk'), { mode: 0o700 });
  const config = path.join(dir, 'pktgen.json');
  writeFileSync(config, JSON.stringify({ forwarding: { ports: { 0: { mode: 'pktgen' } } } }));
  const own = ['--instance', instance, '--json-ready', '--config', config, '--idle', 'poll'];
  const args = ['-l', core, '--no-pci', '--vdev', device, '--', ...own];
  const peer = new Peer('our dataplane', core, dataplane, args, { env: { XDG_RUNTIME_DIR: dir } });
  await peer.line((line) => line.includes('"ready"'));
  process.env.XDG_RUNTIME_DIR = dir;
  const client = await attach({ instance, want: ['observe'] });
  const sample = async () => {
    const cpuNs = busiestThreadNs(peer.child.pid);
    return { packets: Number(client.stats().ports[0].tx.packets), cpuNs };
  };
  const { mbufs } = (await client.report()).memory;
  return { peer, sample, mbufs, close: () => client.close() };
}

/** Packets a CPU-second, in millions, while the side runs alone. */
async function slice(side) {
  side.peer.child.kill('SIGCONT');
  await sleep(settleMs);
  const before = await side.sample();
  await sleep(sliceMs);
  const after = await side.sample();
  side.peer.child.kill('SIGSTOP');
  const packets = after.packets - before.packets;
  if (!(packets > 100_000)) throw new Error(`${side.peer.name} sent only ${packets} packets in a slice`);
  return (packets * 1e3) / (after.cpuNs - before.cpuNs);
}

async function settle(side) {
  const limit = Date.now() + 30_000;
  while ((await side.sample()).packets < 1_000_000) {
    if (Date.now() > limit) throw new Error(`${side.peer.name} sends nothing`);
    await sleep(settleMs);
  }
  if (hugeBytes(side.peer.child.pid).hugetlb === 0) throw new Error(`${side.peer.name} has no huge pages`);
  side.peer.child.kill('SIGSTOP');
}

async function run({ dataplane }) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wdpdk-bench-'));
  const runtimeDir = process.env.XDG_RUNTIME_DIR;
  const restore = reserveHugePages(hugePages);
  const sides = [];
  try {
    const ours = await startOurs(dataplane, dir);
    sides.push(ours);
    await settle(ours);
    const theirs = startUpstream(ours.mbufs);
    sides.push(theirs);
    await settle(theirs);
    const values = [];
    const peerValues = [];
    for (let round = 0; round < rounds; round++) {
      peerValues.push(await slice(theirs));
      values.push(await slice(ours));
    }
    return {
      value: median(values),
      unit: 'Mpackets/CPU-s',
      peer: 'testpmd txonly 22.11 on its net_null',
      peerValue: median(peerValues),
      ratio: median(values.map((value, round) => value / peerValues[round])),
    };
  } finally {
    for (const side of sides) {
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

export const rows = [
  {
    id: 'pktgen.null',
    title: "frames made and sent into net_null against upstream's testpmd txonly: 64 B, huge pages, one core",
    target: 1.0,
    better: 'more',
    jobs: ['testpmd'],
    run,
  },
];
