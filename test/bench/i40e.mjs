// SPDX-License-Identifier: BSD-3-Clause
//
// The i40e driver's bursts beside upstream's: one source (dataplane/bench/i40e) against both libraries, one core, full bursts of 64-byte
// frames; the device model is in the same process and stands still while a burst is timed.
import { readFileSync } from 'node:fs';
import { compare } from './support/i40e-programs.mjs';
import { median } from './support/stats.mjs';

const rounds = 9;
/** The widest vectors that EAL allows decide which path the drivers take. */
const paths = { scalar: 64, avx2: 256, avx512: 512 };
const rings = [512, 4096];

const hasInstructions = (name) =>
  name === 'scalar' || readFileSync('/proc/cpuinfo', 'utf8').includes(` ${name === 'avx512' ? 'avx512bw' : name}`);

const seen = new Map();

/** All rows of one path, measured once. */
function rowsOf(name, tools) {
  if (!hasInstructions(name)) throw new Error(`this processor has no ${name}: its rows cannot be measured here`);
  if (!seen.has(name)) seen.set(name, compare('burst', tools, { rounds, runs: [{ bits: paths[name] }] }));
  return seen.get(name);
}

const titles = { rx: 'rte_eth_rx_burst', tx: 'rte_eth_tx_burst', io: 'receive and send on' };

export const rows = Object.keys(paths).flatMap((name) =>
  rings.flatMap((ring) =>
    Object.entries(titles).map(([what, title]) => ({
      id: `i40e.${what}.${name}.${ring}`,
      title: `${title}, full bursts of 64 bytes, ${name} path, rings of ${ring}; the device model stands still meanwhile`,
      target: name === 'scalar' ? 1.0 : 0.9,
      async run(tools) {
        const row = (await rowsOf(name, tools)).get(`i40e.${what}.${name}.${ring}`);
        if (!row) throw new Error(`no driver took the ${name} path`);
        return {
          value: median(row.ours),
          unit: 'cycles/packet',
          peer: 'net_i40e of DPDK 22.11',
          peerValue: median(row.theirs),
        };
      },
    })),
  ),
);
