// SPDX-License-Identifier: BSD-3-Clause
//
// l3fwd.pcap: cycles a packet of our l3fwd over net_pcap against upstream's own l3fwd over upstream's net_pcap. 64-byte
// frames of 512 flows, 16 IPv4 routes, infinite_rx, huge pages, one core.
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeFlowsCapture, routePrefixes } from './support/flows.mjs';
import { core, cyclesRow, measureForwarders, startOurs } from './support/forwarders.mjs';
import { Peer } from './support/peers.mjs';

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

async function run({ dataplane, upstreamSource }) {
  const source = await upstreamSource();
  let capture;
  const { ours, theirs } = await measureForwarders({
    theirs: (dir) => {
      capture = path.join(dir, 'flows.pcap');
      writeFlowsCapture(capture);
      return startUpstream(buildUpstream(source, dir), dir, capture, routePrefixes());
    },
    ours: (dir) => {
      const eal = ['--vdev', `net_pcap0,rx_pcap=${capture},infinite_rx=1`];
      const routes = routePrefixes().flatMap((prefix) => ['--route', `${prefix}=0`]);
      const packets = (stats) => stats.ports[0].tx.packets;
      return startOurs({ dataplane, dir, eal, own: ['--forward', 'l3fwd', ...routes], packets });
    },
  });
  return cyclesRow(ours, theirs, 'upstream l3fwd 22.11 on its net_pcap');
}

export const rows = [
  {
    id: 'l3fwd.pcap',
    title: "l3fwd over net_pcap against upstream's: 64 B, 512 flows, 16 IPv4 routes, huge pages, one core",
    target: 1.0,
    run,
  },
];
