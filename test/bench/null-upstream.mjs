// SPDX-License-Identifier: BSD-3-Clause
//
// Frames out of nowhere into nowhere, net_null of 64 bytes without copying, bursts of 32, huge pages, one core: what a port, a pool and a
// loop cost. l2fwd.null is upstream's unmodified l2fwd built on both libraries with the same compiler and flags; io, macswap,
// rx (drop) and tx (make and send) are our dataplane beside upstream's testpmd in its mode of that name, each on its own
// net_null. Pools have equal size, cache and buffers.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { side } from './support/core-programs.mjs';
import { core, cyclesRow, measureForwarders, startOurs, startTestpmd } from './support/forwarders.mjs';
import { Peer } from './support/peers.mjs';

const target = 0.8;
const device = ['--vdev', 'net_null0'];
const generator = ['--vdev', 'net_null0,no-rx=1'];

/** testpmd with a pool as ours has. */
const theirs =
  (mode, counter, eal = device, more = []) =>
  (_dir, { ours }) => {
    const pool = [`--total-num-mbufs=${ours.mbufs}`, '--mbcache=256', '--mbuf-size=2176'];
    return startTestpmd({ eal, own: [`--forward-mode=${mode}`, '--burst=32', ...more, ...pool], counter });
  };

/** Our dataplane in one mode on one port. */
const ours =
  (dataplane, mode, counter, eal = device) =>
  (dir) => {
    const config = path.join(dir, 'forwarding.json');
    writeFileSync(config, JSON.stringify({ forwarding: { ports: { 0: mode } } }));
    const packets = (stats) => stats.ports[0][counter].packets;
    return startOurs({ dataplane, dir, eal, own: ['--config', config], packets });
  };

async function beside(name, starters) {
  const cycles = await measureForwarders(starters);
  return cyclesRow(cycles.ours, cycles.theirs, `testpmd ${name} 22.11 on its net_null`);
}

const io = ({ dataplane }) =>
  beside('io', { ours: ours(dataplane, { mode: 'io', to: 0 }, 'tx'), theirs: theirs('io', 'TX-packets') });

const macswap = ({ dataplane }) =>
  beside('macswap', {
    ours: ours(dataplane, { mode: 'macswap', to: 0 }, 'tx'),
    theirs: theirs('macswap', 'TX-packets'),
  });

const rx = ({ dataplane }) =>
  beside('rxonly', { ours: ours(dataplane, { mode: 'drop' }, 'rx'), theirs: theirs('rxonly', 'RX-packets') });

const tx = ({ dataplane }) =>
  beside('txonly', {
    ours: ours(dataplane, { mode: 'pktgen' }, 'tx', generator),
    theirs: theirs('txonly', 'TX-packets', generator, ['--txpkts=60']),
  });

function buildL2fwd(source, of, dir) {
  const program = path.join(dir, `l2fwd-${of.name}`);
  const sources = [
    path.join(source, 'examples/l2fwd/main.c'),
    path.join(import.meta.dirname, 'support/l2fwd_answers.c'),
  ];
  const own = ['-O3', '-march=native', '-DALLOW_EXPERIMENTAL_API', '-Wl,--wrap=rte_eth_dev_start'];
  execFileSync('gcc', [...own, ...of.cflags, ...sources, '-o', program, ...of.libs], { stdio: ['ignore', 2, 2] });
  return program;
}

function startL2fwd(name, program, of) {
  const eal = ['-l', core, '--no-pci', '--in-memory', `--file-prefix=${of}`, ...device];
  const peer = new Peer(name, core, program, [...eal, '--', '-p', '1', '-T', '0']);
  const sample = async () => {
    const [packets, cpuNs] = (await peer.ask('', (line) => line.startsWith('@ '))).slice(2).split(' ').map(Number);
    return { packets, cpuNs };
  };
  return { peer, sample };
}

async function l2fwd({ buildDir, upstreamSource }) {
  const source = await upstreamSource();
  const starter = (name, buildFolder) => async (dir) => {
    const of = await side(name, dir, buildFolder);
    return startL2fwd(`l2fwd on ${name}`, buildL2fwd(source, of, dir), name);
  };
  const cycles = await measureForwarders({
    ours: starter('ours', buildDir('linux-release')),
    theirs: starter('upstream', undefined),
  });
  return cyclesRow(cycles.ours, cycles.theirs, 'the same l2fwd on upstream 22.11');
}

export const rows = [
  {
    id: 'l2fwd.null',
    title: "upstream's unmodified l2fwd on our library and on upstream's: 64 B, net_null, huge pages, one core",
    target,
    run: l2fwd,
  },
  {
    id: 'io.null',
    title: "io beside testpmd's: 64 B, net_null, huge pages, one core",
    target,
    jobs: ['testpmd'],
    run: io,
  },
  {
    id: 'macswap.null',
    title: "macswap beside testpmd's: 64 B, net_null, huge pages, one core",
    target,
    jobs: ['testpmd'],
    run: macswap,
  },
  {
    id: 'rx.null',
    title: "receive and drop beside testpmd's rxonly: 64 B, net_null, huge pages, one core",
    target,
    jobs: ['testpmd'],
    run: rx,
  },
  {
    id: 'tx.null',
    title: "make and send (numbered, stamped, summed) beside testpmd's txonly: 64 B, net_null, huge pages, one core",
    target,
    jobs: ['testpmd'],
    run: tx,
  },
];
