// SPDX-License-Identifier: BSD-3-Clause
//
// l3fwd.pcap: cycles a packet of our l3fwd over net_pcap against upstream's own l3fwd over upstream's net_pcap. 64-byte
// frames of 512 flows, 16 IPv4 routes, infinite_rx, huge pages, one core.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { side } from './support/core-programs.mjs';
import { writeFlowsCapture, routePrefixes } from './support/flows.mjs';
import { core, cyclesRow, measureForwarders, startOurs, startTestpmd } from './support/forwarders.mjs';
import { l3fwdSources } from './support/l3fwd-sources.mjs';
import { Peer } from './support/peers.mjs';

const support = (file) => path.join(import.meta.dirname, 'support', file);

function buildUpstream(source, dir) {
  const flags = execFileSync('pkg-config', ['--cflags', '--libs', 'libdpdk'], { encoding: 'utf8' }).trim().split(/\s+/);
  const program = path.join(dir, 'l3fwd');
  execFileSync('gcc', [...l3fwdSources(source), '-o', program, ...flags], { stdio: 'inherit' });
  const shim = path.join(dir, 'peer_shim.so');
  execFileSync('gcc', ['-O2', '-fPIC', '-shared', support('peer_shim.c'), '-o', shim, ...flags]);
  return { program, shim };
}

/** l3fwd on one core with those routes: with what is linked or preloaded it answers a line on stdin with packets sent and CPU time. */
function startL3fwd(name, { program, env, prefix = 'rte' }, dir, capture, prefixes) {
  const v4 = path.join(dir, 'v4.cfg');
  const v6 = path.join(dir, 'v6.cfg');
  writeFileSync(v4, prefixes.map((prefix) => `R${prefix} 0\n`).join(''));
  writeFileSync(v6, 'R2001:db8::/32 0\n');
  const eal = ['-l', core, '--no-pci', '--in-memory', `--file-prefix=${prefix}`];
  const vdev = ['--vdev', `net_pcap0,rx_pcap=${capture},infinite_rx=1`];
  const ports = ['-P', '-p', '1', `--config=(0,0,${core})`, '--parse-ptype'];
  const routes = ['--lookup=lpm', `--rule_ipv4=${v4}`, `--rule_ipv6=${v6}`];
  const peer = new Peer(name, core, program, [...eal, ...vdev, '--', ...ports, ...routes], { env });
  const sample = async () => {
    const [packets, cpuNs] = (await peer.ask('', (line) => line.startsWith('@ '))).slice(2).split(' ').map(Number);
    return { packets, cpuNs };
  };
  return { peer, sample };
}

/** Cycles a packet of four programs, in turn: l3fwd and plain handing on (io), ours and upstream's, all over net_pcap. */
async function measure({ dataplane, upstreamSource }) {
  const source = await upstreamSource();
  let capture;
  const device = () => ['--vdev', `net_pcap0,rx_pcap=${capture},infinite_rx=1`];
  const packets = (stats) => stats.ports[0].tx.packets;
  const ours = (name, own) => (dir) =>
    startOurs({ dataplane, dir: path.join(dir, name), instance: name, eal: device(), own, packets });
  return measureForwarders({
    theirs: (dir) => {
      capture = path.join(dir, 'flows.pcap');
      writeFlowsCapture(capture);
      const { program, shim } = buildUpstream(source, dir);
      return startL3fwd("upstream's l3fwd", { program, env: { LD_PRELOAD: shim } }, dir, capture, routePrefixes());
    },
    theirIo: () => {
      const pool = ['--total-num-mbufs=8192', '--mbcache=256', '--mbuf-size=2176'];
      const own = ['--forward-mode=io', '--port-topology=loop', '--burst=32', ...pool];
      return startTestpmd({ eal: device(), own, counter: 'TX-packets' });
    },
    ourIo: ours('bench-io', ['--forward', 'io']),
    ours: ours('bench-l3fwd', [
      '--forward',
      'l3fwd',
      ...routePrefixes().flatMap((prefix) => ['--route', `${prefix}=0`]),
    ]),
  });
}

/** The same program on a library: the same compiler and flags, no checksum offload on either side. */
function buildOn(of, source, dir) {
  const program = path.join(dir, `l3fwd-${of.name}`);
  const wrapped = ['dev_configure', 'dev_start', 'rx_queue_setup'].map((name) => `-Wl,--wrap=rte_eth_${name}`);
  const added = [support('l2fwd_answers.c'), support('l3fwd_offloads.c')];
  const sources = [...l3fwdSources(source), ...added];
  execFileSync('gcc', ['-march=native', ...wrapped, ...of.cflags, ...sources, '-o', program, ...of.libs, '-lm'], {
    stdio: ['ignore', 2, 2],
  });
  return program;
}

async function onBothLibraries({ buildDir, upstreamSource }) {
  const source = await upstreamSource();
  const starter = (name, buildFolder) => async (dir) => {
    const of = await side(name, dir, buildFolder);
    const capture = path.join(dir, `flows-${name}.pcap`);
    writeFlowsCapture(capture);
    const program = buildOn(of, source, dir);
    return startL3fwd(`l3fwd on ${name}`, { program, prefix: name }, dir, capture, routePrefixes());
  };
  const { ours, theirs } = await measureForwarders({
    theirs: starter('upstream', undefined),
    ours: starter('ours', buildDir('linux-release')),
  });
  return cyclesRow(ours, theirs, 'the same l3fwd on upstream 22.11');
}

let measured;
const cycles = (tools) => (measured ??= measure(tools));

/** The talk's l3fwd did 71.26 Mpps with a card; how long one core of 2.3 GHz has for a packet at that rate. */
const talk = { mpps: 71.26, ghz: 2.3 };

function besideTheTalk(each) {
  const rate = (talk.ghz * 1e3) / each;
  return (
    `${each.toFixed(1)} cycles a packet are ${rate.toFixed(1)} Mpps of one core at ${talk.ghz} GHz; ` +
    `the talk's ${talk.mpps} Mpps are ${((talk.ghz * 1e3) / talk.mpps).toFixed(1)} cycles (software path, no NIC)`
  );
}

export const rows = [
  {
    id: 'l3fwd.pcap',
    title: "l3fwd over net_pcap against upstream's: 64 B, 512 flows, 16 IPv4 routes, huge pages, one core",
    target: 0.6,
    jobs: ['peers', 'testpmd'],
    async run(tools) {
      const { ours, theirs } = await cycles(tools);
      const row = cyclesRow(ours, theirs, 'upstream l3fwd 22.11 on its net_pcap');
      return { ...row, note: besideTheTalk(row.value) };
    },
  },
  {
    id: 'l3fwd.pcap.upstream',
    title:
      "upstream's unmodified l3fwd on our library and on upstream's: 64 B, 512 flows, 16 IPv4 routes, huge pages, one core",
    target: 0.6,
    run: onBothLibraries,
  },
  {
    id: 'l3fwd.pcap.io',
    title: "the device's share of l3fwd.pcap: the same frames handed on as they are",
    jobs: ['peers', 'testpmd'],
    async run(tools) {
      const { ourIo, theirIo } = await cycles(tools);
      return cyclesRow(ourIo, theirIo, 'upstream testpmd io 22.11 on its net_pcap');
    },
  },
  {
    id: 'l3fwd.pcap.rest',
    title: 'l3fwd.pcap less the share of the device',
    target: 0.8,
    jobs: ['peers', 'testpmd'],
    async run(tools) {
      const { ours, ourIo, theirs, theirIo } = await cycles(tools);
      const rest = (whole, io) => whole.map((each, round) => each - io[round]);
      return cyclesRow(rest(ours, ourIo), rest(theirs, theirIo), 'upstream l3fwd less testpmd io');
    },
  },
];
