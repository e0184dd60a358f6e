// SPDX-License-Identifier: BSD-3-Clause
//
// deliver.copy64 and deliver.64clients: what delivering frames to clients costs the dataplane. Each program runs the dataplane's own
// code on one core against a live consumer on the other one, interleaves both sides round by round, and prints a line per
// round (dataplane/bench/linux/deliver_*.c say what is in a round). Which physical cores two virtual ones are, and how far
// apart, differs from moment to moment; so several processes are asked, and the median of all rounds' ratios counts.
import path from 'node:path';
import { twoCores } from './support/peers.mjs';
import { median } from './support/stats.mjs';

const processes = 7;

async function rounds({ buildDir, runTool }, program, count, columns, ...more) {
  const cores = twoCores();
  const lines = [];
  for (let i = 0; i < processes; i++) {
    const { stdout } = await runTool(path.join(buildDir('linux-release'), 'bench', program), [
      String(count),
      String(cores.feeder),
      String(cores.measured),
      ...more,
    ]);
    const numbers = stdout
      .split('\n')
      .filter((line) => /^[\d.]+( [\d.]+)+$/.test(line))
      .map((line) => line.split(' ').map(Number));
    if (numbers.length !== count || !numbers.every((line) => line.length === columns && line.every((ns) => ns > 0)))
      throw new Error(`${program} printed ${numbers.length} rounds where ${count} were asked for`);
    lines.push(...numbers);
  }
  return lines;
}

const column = (lines, index) => median(lines.map((line) => line[index]));
const ratio = (lines, of, to) => median(lines.map((line) => line[of] / line[to]));

// Rows of the same rounds are measured together.
const manyClients = new Map();

async function besideOneClient(tools, slots, way) {
  if (!manyClients.has(slots)) manyClients.set(slots, rounds(tools, 'bench_deliver_clients', 300, 3, String(slots)));
  const lines = await manyClients.get(slots);
  return {
    value: column(lines, way),
    unit: 'ns/packet',
    peer: 'one client attached',
    peerValue: column(lines, 0),
    ratio: ratio(lines, way, 0),
  };
}

export const rows = [
  {
    id: 'deliver.copy64',
    title:
      'the dataplane delivers bursts of 32 frames of 64 B to a live client; a plain ring in C with the same return of slots',
    target: 1.1,
    jobs: [],
    run: async (tools) => {
      const lines = await rounds(tools, 'bench_deliver_copy', 1000, 2);
      return {
        value: column(lines, 0),
        unit: 'ns/packet',
        peer: 'plain C ring, no checks',
        peerValue: column(lines, 1),
        ratio: ratio(lines, 0, 1),
      };
    },
  },
  {
    id: 'deliver.64clients',
    title:
      'classify and deliver with 64 clients, each burst for one of them; the same with one client. 4,096 slots on either side',
    target: 1.5,
    jobs: [],
    run: (tools) => besideOneClient(tools, 64, 1),
  },
  {
    id: 'deliver.64clients.spread',
    title: 'the same 64 clients, each burst with one frame for each of 32 of them',
    jobs: [],
    run: (tools) => besideOneClient(tools, 64, 2),
  },
  {
    id: 'deliver.64clients.cold',
    title:
      'each burst for one of 64 clients of 4,096 slots each: half a gibibyte of 4 KiB pages, far more than a TLB holds',
    jobs: [],
    run: (tools) => besideOneClient(tools, 4096, 1),
  },
];
