// SPDX-License-Identifier: BSD-3-Clause
//
// What a port of i40e costs before its first frame, beside upstream's: EAL's memory, and the time from probing to a link. One process a
// figure: what a driver makes once is part of it.
import { address } from '../support/uio-card.mjs';
import { compare } from './support/i40e-programs.mjs';
import { twoCores } from './support/peers.mjs';
import { median } from './support/stats.mjs';

const rounds = 3;
const ports = [512, 4096].flatMap((ring) => [1, 4].map((queues) => `${ring}.${queues}`));
const peer = 'net_i40e of DPDK 22.11';

let measured;
function measure(tools) {
  const { feeder, measured: core } = twoCores();
  const runs = ports.map((port) => ({
    core,
    allow: '0000:66:00.0', // there is none: the program probes its card itself
    env: { BENCH_MODEL_CPU: String(feeder), BENCH_CARD: address, BENCH_PORT: port },
  }));
  return (measured ??= compare('port', tools, { rounds, runs }));
}

const words = (port) => `${port.split('.')[0]} descriptors, queue pairs: ${port.split('.')[1]}`;

export const rows = [
  ...ports.map((port) => ({
    id: `i40e.memory.${port}`,
    title: `EAL memory that a started port takes without its packet buffers, ${words(port)}`,
    target: 1.0,
    async run(tools) {
      const { ours, theirs } = (await measure(tools)).get(`memory.${port}`);
      return { value: median(ours) / 1024, unit: 'KiB', peer, peerValue: median(theirs) / 1024 };
    },
  })),
  {
    id: 'i40e.start',
    title: `from probing a port to its link, ${words(ports[0])}; the device model's firmware answers at once`,
    target: 1.0,
    async run(tools) {
      const { ours, theirs } = (await measure(tools)).get(`start.${ports[0]}`);
      return { value: median(ours) / 1e3, unit: 'ms', peer, peerValue: median(theirs) / 1e3 };
    },
  },
];
