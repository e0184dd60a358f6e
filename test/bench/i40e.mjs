// SPDX-License-Identifier: BSD-3-Clause
//
// The i40e driver's bursts beside upstream's: one source (dataplane/bench/i40e) against both libraries, one core, full bursts of 64-byte
// frames; the device model is in the same process and stands still while a burst is timed. Both drivers come by the same way: a card that
// igb_uio holds, in a folder of devices, with physical addresses of huge pages.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { address, onCard } from '../support/uio-card.mjs';
import { side } from './support/core-programs.mjs';
import { borrowHugePages } from '../support/hugepages.mjs';
import { median } from './support/stats.mjs';

const rounds = 9;
const hugePages = 512;
const hugetlbfs = '/dev/hugepages';
/** The widest vectors that EAL allows decide which path the drivers take. */
const paths = { scalar: 64, avx2: 256, avx512: 512 };
const rings = [512, 4096];

function build(root, model, of, folder) {
  const program = path.join(folder, `burst-${of.name}`);
  const own = [
    '-O3',
    '-march=corei7',
    '-DALLOW_EXPERIMENTAL_API',
    ...of.cflags,
    '-I',
    path.join(root, 'dataplane/models/xl710'),
  ];
  const sources = [path.join(root, 'dataplane/bench/i40e/burst.c'), model];
  execFileSync('clang', [...own, ...sources, '-o', program, ...of.libs, '-lpthread'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return program;
}

let runs = 0;

/** One run of one program: Map of row -> cycles a packet. */
async function measure(program, bits, folder) {
  const prefix = `wdpdk-burst-${process.pid}-${runs}`;
  const home = path.join(folder, `card-${runs++}`);
  mkdirSync(home);
  const bar = path.join(home, 'bar');
  const eal = [
    '-l',
    '0',
    '-m',
    '256',
    '--huge-dir',
    hugetlbfs,
    '--iova-mode=pa',
    '--file-prefix',
    prefix,
    '-a',
    address,
  ];
  const { command, args, env } = onCard(home, bar, [program, ...eal, `--force-max-simd-bitwidth=${bits}`, '--', bar]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve, reject) => child.on('error', reject).on('close', resolve)),
  ]);
  for (const name of readdirSync(hugetlbfs))
    if (name.startsWith(prefix)) rmSync(path.join(hugetlbfs, name), { force: true });
  rmSync(path.join('/var/run/dpdk', prefix), { recursive: true, force: true });
  if (code !== 0) throw new Error(`${path.basename(program)} ended with ${code}:\n${err.slice(-2000)}`);
  const lines = out.split('\n').map((line) => /^(i40e\.\S+)\t([\d.]+)$/.exec(line));
  return new Map(lines.filter(Boolean).map(([, row, cycles]) => [row, Number(cycles)]));
}

const hasInstructions = (name) =>
  name === 'scalar' || readFileSync('/proc/cpuinfo', 'utf8').includes(` ${name === 'avx512' ? 'avx512bw' : name}`);

const seen = new Map();

/** All rows of one path, measured once: Map of row -> [ours, theirs], medians of turns taken. */
function rowsOf(name, { root, buildDir, progress }) {
  if (!seen.has(name)) seen.set(name, compare(name, { root, buildDir, progress }));
  return seen.get(name);
}

async function compare(name, { root, buildDir, progress }) {
  if (!hasInstructions(name)) throw new Error(`this processor has no ${name}: its rows cannot be measured here`);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wdpdk-i40e-'));
  const giveBack = borrowHugePages(hugePages);
  try {
    const built = buildDir('linux-release');
    const model = path.join(built, 'dataplane/models/xl710/libxl710_model.a');
    const programs = {
      ours: build(root, model, await side('ours', folder, built), folder),
      theirs: build(root, model, await side('upstream', folder), folder),
    };
    const values = new Map();
    for (let round = 0; round < rounds; round++) {
      progress(`${name}, round ${round + 1} of ${rounds}`);
      for (const [who, program] of Object.entries(programs))
        for (const [row, cycles] of await measure(program, paths[name], folder))
          values.set(row, {
            ours: [],
            theirs: [],
            ...values.get(row),
            [who]: [...(values.get(row)?.[who] ?? []), cycles],
          });
    }
    return values;
  } finally {
    giveBack();
    rmSync(folder, { recursive: true, force: true });
  }
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
