// SPDX-License-Identifier: BSD-3-Clause
//
// The i40e driver and the device model on two cores, frames of 64 bytes as fast as they go: context, because the model is the slower of
// the two. Its own ceiling and the rates of a real card stand beside the figures.
import { compare } from './support/i40e-programs.mjs';
import { lineRates } from './support/line-rates.mjs';
import { twoCores } from './support/peers.mjs';
import { median } from './support/stats.mjs';

const rounds = 5;
const titles = { rx: 'received and freed', tx: 'made and sent', io: 'received and sent on' };
const millions = (figures) => median(figures) / 1e6;

let measured;
function measure(tools) {
  const { feeder, measured: core } = twoCores();
  const env = { BENCH_MODEL_CPU: String(feeder) };
  return (measured ??= compare('stream', tools, { rounds, runs: [{ core, env }] }));
}

export const rows = Object.entries(titles).map(([what, title]) => ({
  id: `i40e.stream.${what}`,
  title: `${title}: 64 bytes, one queue of 512, the driver on one core and the device model on another (context)`,
  better: 'more',
  async run(tools) {
    const figures = await measure(tools);
    const { ours, theirs } = figures.get(what);
    const ceiling = figures.get(`ceiling.${what}`);
    const alone = millions([...ceiling.ours, ...ceiling.theirs]).toFixed(1);
    return {
      value: millions(ours),
      unit: 'Mpps',
      peer: 'net_i40e of DPDK 22.11',
      peerValue: millions(theirs),
      note: `the model by itself, all cache lines its own: ${alone} Mpps; ${lineRates}`,
    };
  },
}));
