// SPDX-License-Identifier: BSD-3-Clause
//
// The programs of dataplane/bench/core, each compiled against our installed headers and library and against upstream's: same
// source, same flags, two compilers, two instruction sets. Running one gives cycles a unit by row.
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { install } from '../../conformance/build.mjs';

export const variants = ['gcc', 'clang'].flatMap((compiler) =>
  ['corei7', 'native'].map((march) => ({ compiler, march, name: `${compiler} ${march}` })),
);

const pkgConfig = (environment, options) =>
  execFileSync('pkg-config', [...options, 'libdpdk'], { encoding: 'utf8', env: { ...process.env, ...environment } })
    .trim()
    .split(/\s+/);

/** Where headers and library of a side come from: `upstream` is what the system's pkg-config finds. */
export async function side(name, folder, buildFolder) {
  const environment = buildFolder ? (await install(buildFolder, path.join(folder, name))).env : {};
  return {
    name,
    cflags: pkgConfig(environment, ['--cflags']).filter((flag) => !flag.startsWith('-march=')),
    libs: pkgConfig(environment, ['--libs']),
  };
}

const sourceOf = (root, library) => path.join(root, 'dataplane/bench/core', `${library}.c`);
const common = ['-O3', '-DALLOW_EXPERIMENTAL_API'];

/** Builds one program for this system, its code moved by `shift` bytes; gives its path. */
export function build(root, library, of, { compiler, march, shift = 0 }, folder) {
  const program = path.join(folder, `${library}-${of.name}-${compiler}-${march}-${shift}`);
  const own = [`-march=${march}`, `-DBENCH_SHIFT=${shift}`, ...of.cflags, sourceOf(root, library), '-o', program];
  execFileSync(compiler, [...common, ...own, ...of.libs], { stdio: ['ignore', 'ignore', 'inherit'] });
  return program;
}

/** The same for Windows, by the compiler of the shipping build. */
export function buildForWindows(root, library, of, { shift = 0 }, folder) {
  const program = path.join(folder, `${library}-windows-${shift}.exe`);
  const runtimes = '/usr/lib/gcc/x86_64-w64-mingw32';
  const runtime = readdirSync(runtimes).find((name) => name.endsWith('-win32'));
  if (!runtime)
    throw new Error('gcc-mingw-w64-x86-64-win32 is not installed: its runtime is what programs are linked with');
  const system = ['--target=x86_64-w64-mingw32', '-fuse-ld=lld', '-static', `-L${path.join(runtimes, runtime)}`];
  const own = ['-march=corei7', `-DBENCH_SHIFT=${shift}`, ...of.cflags, sourceOf(root, library), '-o', program];
  execFileSync('clang', [...common, ...system, ...own, ...of.libs], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (readFileSync(program).subarray(0, 2).toString('latin1') !== 'MZ')
    throw new Error(`${program} is no Windows executable`);
  return program;
}

/** Runs a program once; resolves with a Map of row -> cycles a unit. */
export async function measure([command, ...before], { pages, rows = [], env = {} }) {
  const memory = pages === 'huge' ? ['--in-memory'] : ['--no-huge', '-m', '1024'];
  const args = [...before, '-l', '0,1', '--no-pci', ...memory, '--', ...rows];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve, reject) => child.on('error', reject).on('close', resolve)),
  ]);
  if (code !== 0)
    throw new Error(`${path.basename(before.at(-1) ?? command)} ended with ${code}:\n${err.slice(-2000)}`);
  const lines = out.split(/\r?\n/).map((line) => /^([a-z][\w.]*)\t([\d.]+)$/.exec(line));
  return new Map(lines.filter(Boolean).map(([, row, cycles]) => [row, Number(cycles)]));
}
