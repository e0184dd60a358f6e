// SPDX-License-Identifier: BSD-3-Clause
//
// The programs of dataplane/bench/i40e, each compiled against our library and against upstream's, with the device model inside. Both
// drivers come to their card the same way: igb_uio holds it, in a folder of devices, and memory is huge pages by physical address.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { borrowHugePages, mountPoint } from '../../support/hugepages.mjs';
import { address, onCard } from '../../support/uio-card.mjs';
import { side } from './core-programs.mjs';

const hugePages = 512;

/** Builds one program against one side; gives its path. */
function build(root, model, of, name, folder) {
  const program = path.join(folder, `${name}-${of.name}`);
  const headers = ['-I', path.join(root, 'dataplane/models/xl710')];
  const own = ['-O3', '-march=corei7', '-DALLOW_EXPERIMENTAL_API', ...of.cflags, ...headers];
  const sources = [path.join(root, 'dataplane/bench/i40e', `${name}.c`), model];
  execFileSync('clang', [...own, ...sources, '-o', program, ...of.libs, '-lpthread'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return program;
}

/** What a process whose files carry this prefix leaves behind. */
export function forgetFiles(prefix) {
  for (const name of readdirSync(mountPoint))
    if (name.startsWith(prefix)) rmSync(path.join(mountPoint, name), { force: true });
  rmSync(path.join('/var/run/dpdk', prefix), { recursive: true, force: true });
}

let runs = 0;

/** One run of one program on a core: Map of row -> number. `allow`: the address that EAL is told of. */
export async function runProgram(program, folder, { core = 0, bits = 256, allow = address, env = {} } = {}) {
  const prefix = `wdpdk-i40e-${process.pid}-${runs}`;
  const home = path.join(folder, `card-${runs++}`);
  mkdirSync(home);
  const bar = path.join(home, 'bar');
  const memory = ['-m', '256', '--huge-dir', mountPoint, '--iova-mode=pa', '--file-prefix', prefix];
  const eal = ['-l', String(core), ...memory, '-a', allow, `--force-max-simd-bitwidth=${bits}`];
  const card = onCard(home, bar, [program, ...eal, '--', bar]);
  const child = spawn(card.command, card.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...card.env, ...env },
  });
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve, reject) => child.on('error', reject).on('close', resolve)),
  ]);
  forgetFiles(prefix);
  if (code !== 0) throw new Error(`${path.basename(program)} ended with ${code}:\n${err.slice(-2000)}`);
  const lines = out.split('\n').map((line) => /^([a-z][\w.]*)\t([\d.]+)$/.exec(line));
  return new Map(lines.filter(Boolean).map(([, row, figure]) => [row, Number(figure)]));
}

/**
 * Runs a program of both sides in turn: `runs` are the options of the runs of a round. Resolves with a Map of row ->
 * { ours: [...], theirs: [...] }, a figure a round.
 */
export async function compare(name, { root, buildDir, progress }, { rounds, runs: each }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wdpdk-i40e-'));
  const giveBack = borrowHugePages(hugePages);
  try {
    const built = buildDir('linux-release');
    const model = path.join(built, 'dataplane/models/xl710/libxl710_model.a');
    const programs = {
      ours: build(root, model, await side('ours', folder, built), name, folder),
      theirs: build(root, model, await side('upstream', folder), name, folder),
    };
    const values = new Map();
    for (let round = 0; round < rounds; round++) {
      progress(`${name}, round ${round + 1} of ${rounds}`);
      for (const options of each)
        for (const [who, program] of Object.entries(programs))
          for (const [row, figure] of await runProgram(program, folder, options)) {
            if (!values.has(row)) values.set(row, { ours: [], theirs: [] });
            values.get(row)[who].push(figure);
          }
    }
    return values;
  } finally {
    giveBack();
    rmSync(folder, { recursive: true, force: true });
  }
}
