// SPDX-License-Identifier: BSD-3-Clause
//
// l3fwd.pcap: cycles a packet of our l3fwd over net_pcap against upstream's own l3fwd over upstream's net_pcap. 64-byte frames of 512
// flows, 16 IPv4 routes, infinite_rx, huge pages, one core. Both run at once on that core but one is always stopped; slices of them
// alternate, and packets are divided by the CPU time of the forwarding thread, so that neighbours on the machine count for neither.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { routePrefixes, writeFlowsCapture } from './support/flows.mjs';
import { reserveHugePages } from './support/hugepages.mjs';
import { median, sleep } from './support/stats.mjs';

const rounds = 9;
const sliceMs = 400;
const core = os.cpus().length - 1;

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

/** Upstream's l3fwd: the preloaded shim answers a line on stdin with packets and CPU time. */
async function startUpstream(built, dir, capture, prefixes) {
  const v4 = path.join(dir, 'v4.cfg');
  const v6 = path.join(dir, 'v6.cfg');
  writeFileSync(v4, prefixes.map((prefix) => `R${prefix} 0\n`).join(''));
  writeFileSync(v6, 'R2001:db8::/32 0\n');
  const child = spawn(
    built.program,
    [
      '-l',
      String(core),
      '--no-pci',
      '--file-prefix',
      `wdpdk-bench-${process.pid}`,
      '--vdev',
      `net_pcap0,rx_pcap=${capture},infinite_rx=1`,
      '--',
      '-P',
      '-p',
      '1',
      '--config=(0,0,' + core + ')',
      `--rule_ipv4=${v4}`,
      `--rule_ipv6=${v6}`,
      '--parse-ptype',
      '--lookup=lpm',
    ],
    { env: { ...process.env, LD_PRELOAD: built.shim }, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let words = '';
  child.stderr.on('data', (text) => (words += text));
  const lines = readline.createInterface({ input: child.stdout });
  let waiting;
  lines.on('line', (line) => {
    if (line.startsWith('@ ')) waiting?.(line.slice(2).split(' ').map(Number));
    else words += line + '\n';
  });
  const sample = async () => {
    const answer = new Promise((resolve) => (waiting = resolve));
    child.stdin.write('\n');
    return Promise.race([
      answer,
      once(child, 'exit').then(() => Promise.reject(new Error(`upstream's l3fwd ended:\n${words.slice(-2000)}`))),
    ]);
  };
  return { name: 'upstream', child, sample };
}

/** Our dataplane, observed as any client would: the counters segment, and /proc for the CPU time of its polling thread. */
async function startOurs(dataplane, capture, prefixes) {
  const { attach } = await import('wdpdk');
  const instance = `bench-${process.pid}`;
  const child = spawn(
    dataplane,
    [
      '-l',
      String(core),
      '--no-pci',
      '--vdev',
      `net_pcap0,rx_pcap=${capture},infinite_rx=1`,
      '--',
      '--instance',
      instance,
      '--json-ready',
      '--forward',
      'l3fwd',
      '--idle',
      'poll',
      ...prefixes.flatMap((prefix) => ['--route', `${prefix}=0`]),
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let words = '';
  child.stderr.on('data', (text) => (words += text));
  const ended = once(child, 'exit').then(() =>
    Promise.reject(new Error(`the dataplane ended:\n${words.slice(-2000)}`)),
  );
  ended.catch(() => {});
  await Promise.race([once(readline.createInterface({ input: child.stdout }), 'line'), ended]);
  const client = await attach({ instance, want: ['observe'] });
  const cpuNs = () => {
    let most = 0;
    for (const task of readdirSync(`/proc/${child.pid}/task`)) {
      most = Math.max(most, Number(readFileSync(`/proc/${child.pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]));
    }
    return most;
  };
  const sample = async () => [Number(client.stats().ports[0].tx.packets), cpuNs()];
  return { name: 'wdpdk', child, sample, close: () => client.close() };
}

async function slice(peer) {
  peer.child.kill('SIGCONT');
  await sleep(50);
  const [packetsBefore, cpuBefore] = await peer.sample();
  await sleep(sliceMs);
  const [packetsAfter, cpuAfter] = await peer.sample();
  peer.child.kill('SIGSTOP');
  const packets = packetsAfter - packetsBefore;
  if (!(packets > 100_000))
    throw new Error(`${peer.name} forwarded only ${packets} packets in a slice: nothing to compare`);
  return (cpuAfter - cpuBefore) / packets;
}

async function end(peer) {
  if (!peer || peer.child.exitCode !== null) return;
  await peer.close?.();
  const exited = once(peer.child, 'exit');
  peer.child.kill('SIGCONT');
  peer.child.kill('SIGTERM');
  const timer = setTimeout(() => peer.child.kill('SIGKILL'), 5000);
  await exited;
  clearTimeout(timer);
}

async function run({ dataplane, upstreamSource }) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wdpdk-bench-'));
  const restore = reserveHugePages(1024);
  let ours, theirs;
  try {
    const capture = path.join(dir, 'flows.pcap');
    writeFlowsCapture(capture);
    const built = buildUpstream(await upstreamSource(), dir);
    theirs = await startUpstream(built, dir, capture, routePrefixes());
    await sleep(3000); // link and memory set-up print nothing to wait for
    await theirs.sample();
    theirs.child.kill('SIGSTOP');
    ours = await startOurs(dataplane, capture, routePrefixes());
    ours.child.kill('SIGSTOP');
    const nsOurs = [];
    const nsTheirs = [];
    for (let round = 0; round < rounds; round++) {
      nsTheirs.push(await slice(theirs));
      nsOurs.push(await slice(ours));
    }
    const ghz = tscGhz();
    const ratio = median(nsOurs.map((ns, round) => ns / nsTheirs[round]));
    return {
      value: median(nsOurs) * ghz,
      unit: 'cycles/packet',
      peer: "upstream l3fwd 22.11 on net_pcap (Debian's build)",
      peerValue: median(nsTheirs) * ghz,
      ratio,
    };
  } finally {
    await end(ours);
    await end(theirs);
    restore();
    rmSync(dir, { recursive: true, force: true });
  }
}

export const rows = [
  { id: 'l3fwd.pcap', title: 'l3fwd over net_pcap, 64 B, 512 flows, 16 routes, huge pages', target: 1.0, run },
];
