// SPDX-License-Identifier: BSD-3-Clause
//
// l3fwd.pcap: cycles a packet of our l3fwd over net_pcap against upstream's own l3fwd over upstream's net_pcap. 64-byte
// frames of 512 flows, 16 IPv4 routes, infinite_rx, huge pages, one core. Both run at once on that core but one is always
// stopped; slices of them alternate, and packets are divided by the CPU time of the forwarding thread, so that neighbours on
// the machine count for neither.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { routePrefixes, writeFlowsCapture } from './support/flows.mjs';
import { reserveHugePages } from './support/hugepages.mjs';
import { Peer } from './support/peers.mjs';
import { median, sleep } from './support/stats.mjs';
import { busiestThreadNs, hugeBytes } from './support/threads.mjs';

const rounds = 9;
const sliceMs = 400;
const settleMs = 50;
const hugePages = 1024;
const core = String(os.cpus().length - 1);

/** TSC rate in cycles a nanosecond, to say cycles; ratios do not depend on it. */
function tscGhz() {
  const mhz = Number(/cpu MHz\s*:\s*([\d.]+)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]);
  if (!mhz) throw new Error('/proc/cpuinfo names no "cpu MHz": the cycle rate is unknown');
  return mhz / 1000;
}

function buildUpstream(source, dir) {
  const flags = execFileSync('pkg-config', ['--cflags', '--libs', 'libdpdk'], { encoding: 'utf8' }).trim().split(/\s+/);
  const from = path.join(source, 'examples/l3fwd');
  const sources = readdirSync(from).filter(
    (file) => file.endsWith('.c') && !['em_route_parse.c', 'lpm_route_parse.c'].includes(file),
  );
  const program = path.join(dir, 'l3fwd');
  const common = ['-O3', '-DALLOW_EXPERIMENTAL_API', `-I${path.join(source, 'examples/common')}`];
  execFileSync('gcc', [...common, ...sources.map((file) => path.join(from, file)), '-o', program, ...flags], {
    stdio: 'inherit',
  });
  const shim = path.join(dir, 'peer_shim.so');
  execFileSync('gcc', [
    '-O2',
    '-fPIC',
    '-shared',
    path.join(import.meta.dirname, 'support/peer_shim.c'),
    '-o',
    shim,
    ...flags,
  ]);
  return { program, shim };
}

/** Upstream's l3fwd: the preloaded shim answers a line on stdin with packets sent and CPU time. */
function startUpstream(built, dir, capture, prefixes) {
  const v4 = path.join(dir, 'v4.cfg');
  const v6 = path.join(dir, 'v6.cfg');
  writeFileSync(v4, prefixes.map((prefix) => `R${prefix} 0\n`).join(''));
  writeFileSync(v6, 'R2001:db8::/32 0\n');
  const eal = ['-l', core, '--no-pci', '--in-memory'];
  const vdev = ['--vdev', `net_pcap0,rx_pcap=${capture},infinite_rx=1`];
  const ports = ['-P', '-p', '1', `--config=(0,0,${core})`, '--parse-ptype'];
  const routes = ['--lookup=lpm', `--rule_ipv4=${v4}`, `--rule_ipv6=${v6}`];
  const peer = new Peer("upstream's l3fwd", core, built.program, [...eal, ...vdev, '--', ...ports, ...routes], {
    env: { LD_PRELOAD: built.shim },
  });
  const sample = async () => {
    const [packets, cpuNs] = (await peer.ask('', (line) => line.startsWith('@ '))).slice(2).split(' ').map(Number);
    return { packets, cpuNs };
  };
  return { peer, sample };
}

/**
 * Our dataplane, observed as any client would: the counters segment, and /proc for the CPU time of its polling thread.
 */
async function startOurs(dataplane, dir, capture, prefixes) {
  const { attach } = await import('wdpdk');
  const instance = 'bench-l3fwd';
  mkdirSync(path.join(dir, 'wdpdk'), { mode: 0o700 });
  const vdev = ['--vdev', `net_pcap0,rx_pcap=${capture},infinite_rx=1`];
  const own = ['--instance', instance, '--json-ready', '--forward', 'l3fwd', '--idle', 'poll'];
  const routes = prefixes.flatMap((prefix) => ['--route', `${prefix}=0`]);
  const peer = new Peer('our dataplane', core, dataplane, ['-l', core, '--no-pci', ...vdev, '--', ...own, ...routes], {
    env: { XDG_RUNTIME_DIR: dir },
  });
  await peer.line((line) => line.includes('"ready"'));
  process.env.XDG_RUNTIME_DIR = dir;
  const client = await attach({ instance, want: ['observe'] });
  const sample = async () => {
    // First the time, which goes on by less between the two than the counters do.
    const cpuNs = busiestThreadNs(peer.child.pid);
    return { packets: Number(client.stats().ports[0].tx.packets), cpuNs };
  };
  return { peer, sample, close: () => client.close() };
}

/** CPU time per packet while the side runs alone, in ns. */
async function slice(side) {
  side.peer.child.kill('SIGCONT');
  await sleep(settleMs);
  const before = await side.sample();
  await sleep(sliceMs);
  const after = await side.sample();
  side.peer.child.kill('SIGSTOP');
  const packets = after.packets - before.packets;
  if (!(packets > 100_000))
    throw new Error(`${side.peer.name} forwarded only ${packets} packets in a slice: nothing to compare`);
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

async function run({ dataplane, upstreamSource }) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wdpdk-bench-'));
  const runtimeDir = process.env.XDG_RUNTIME_DIR;
  const restore = reserveHugePages(hugePages);
  const sides = [];
  try {
    const capture = path.join(dir, 'flows.pcap');
    writeFlowsCapture(capture);
    const built = buildUpstream(await upstreamSource(), dir);
    const theirs = startUpstream(built, dir, capture, routePrefixes());
    sides.push(theirs);
    await settle(theirs);
    const ours = await startOurs(dataplane, dir, capture, routePrefixes());
    sides.push(ours);
    await settle(ours);
    const nsOurs = [];
    const nsTheirs = [];
    for (let round = 0; round < rounds; round++) {
      nsTheirs.push(await slice(theirs));
      nsOurs.push(await slice(ours));
    }
    const ghz = tscGhz();
    return {
      value: median(nsOurs) * ghz,
      unit: 'cycles/packet',
      peer: 'upstream l3fwd 22.11 on its net_pcap',
      peerValue: median(nsTheirs) * ghz,
      ratio: median(nsOurs.map((ns, round) => ns / nsTheirs[round])),
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
    id: 'l3fwd.pcap',
    title: "l3fwd over net_pcap against upstream's: 64 B, 512 flows, 16 IPv4 routes, huge pages, one core",
    target: 1.0,
    run,
  },
];
