// SPDX-License-Identifier: BSD-3-Clause
// The system packages a job needs, how to see that they are there, and how they get there.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline/promises';
import { isRoot, onWindows } from './platform.mjs';
import { UserError, run, runInteractive, say, step } from './run.mjs';

function findInPath(program) {
  const names = onWindows ? [`${program}.exe`, `${program}.cmd`, program] : [program];
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  if (!onWindows) folders.push('/usr/sbin', '/sbin');
  return folders.some((folder) => names.some((name) => fs.existsSync(path.join(folder, name))));
}

const program = (name) => () => findInPath(name);
const header = (name) => () =>
  ['/usr/include', '/usr/local/include'].some((dir) => fs.existsSync(path.join(dir, name)));

function sanitizerRuntime() {
  const { status, stdout } = spawnSync('clang', ['-print-resource-dir'], { encoding: 'utf8' });
  if (status !== 0) return false;
  const lib = path.join(stdout.trim(), 'lib');
  return ['linux/libclang_rt.fuzzer-x86_64.a', 'x86_64-pc-linux-gnu/libclang_rt.fuzzer.a'].some((file) =>
    fs.existsSync(path.join(lib, file)),
  );
}

const multiarch = '/usr/lib/x86_64-linux-gnu';

/** Debian package -> is what we need of it there? (Other distributions may have it under another name.) */
const linuxProbes = {
  clang: program('clang'),
  lld: program('ld.lld'),
  llvm: program('llvm-ar'),
  'libclang-rt-14-dev': sanitizerRuntime,
  gcc: program('gcc'),
  cmake: program('cmake'),
  'ninja-build': program('ninja'),
  'pkg-config': program('pkg-config'),
  'libmsgpuck-dev': header('msgpuck.h'),
  'gcc-mingw-w64-x86-64': program('x86_64-w64-mingw32-gcc'),
  osslsigncode: program('osslsigncode'),
  openssl: program('openssl'),
  wine: program('wine'),
  wine64: () =>
    ['/usr/lib/wine/wine64', '/usr/bin/wine64', '/usr/local/bin/wine64'].some((file) => fs.existsSync(file)),
  tshark: program('tshark'),
  tcpdump: program('tcpdump'),
  iproute2: program('ip'),
  'iputils-ping': program('ping'),
  'xz-utils': program('xz'),
  'libdpdk-dev': () => fs.existsSync(path.join(multiarch, 'pkgconfig/libdpdk.pc')),
  dpdk: program('dpdk-testpmd'),
};

const windowsProbes = {
  'MartinStorsjo.LLVM-MinGW.UCRT': program('clang'),
  'Kitware.CMake': program('cmake'),
  'Ninja-build.Ninja': program('ninja'),
};

/** What each job needs. */
export const needs = {
  build: ['clang', 'lld', 'llvm', 'cmake', 'ninja-build', 'pkg-config', 'libmsgpuck-dev'],
  sanitizers: ['libclang-rt-14-dev'],
  gcc: ['gcc'],
  windows: ['gcc-mingw-w64-x86-64', 'osslsigncode', 'openssl'],
  wine: ['gcc-mingw-w64-x86-64', 'osslsigncode', 'openssl', 'wine', 'wine64'],
  captures: ['tshark', 'tcpdump', 'iproute2', 'iputils-ping'],
  upstream: ['gcc', 'pkg-config', 'xz-utils'],
  peers: ['gcc', 'pkg-config', 'xz-utils', 'libdpdk-dev'],
  testpmd: ['dpdk'],
};

/** See to it that the packages of the given jobs (keys of `needs`) are there; ends with exit code 69 when they cannot be had. */
export async function ensurePackages(jobs, { install = true } = {}) {
  if (onWindows) return ensureOnWindows();
  const wanted = [...new Set(jobs.flatMap((job) => needs[job]))];
  const missing = wanted.filter((name) => !linuxProbes[name]());
  if (missing.length === 0) return;
  say(`Missing system packages: ${missing.join(' ')}`);
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  const sudo = isRoot ? '' : 'sudo ';
  const line = `${sudo}apt-get update && ${sudo}${command}`;
  if (!install) throw new UserError(`Not installed because of --no-install. To install them:\n  ${line}`, 69);
  if (!findInPath('apt-get')) {
    throw new UserError(
      'These are the Debian names. Install their equivalents of your distribution, then run this again.',
      69,
    );
  }
  if (isRoot) {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await step('apt-get update', (progress) => run('apt-get', ['update'], { env, log: 'apt-update', progress }));
    await step(`apt-get install (${missing.length} packages)`, (progress) =>
      run('apt-get', command.split(' ').slice(1), { env, log: 'apt-install', progress }),
    );
  } else {
    await installWithSudo(line);
  }
  const still = missing.filter((name) => !linuxProbes[name]());
  if (still.length > 0) throw new UserError(`Installed, yet not found: ${still.join(' ')}`, 69);
}

async function installWithSudo(line) {
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw new UserError(`To install them:\n  ${line}`, 69);
  const prompt = readline.createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(`Run this now?\n  ${line}\n[y/N] `);
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('Nothing was installed.', 69);
  const code = await runInteractive('sh', ['-c', line]);
  if (code !== 0) throw new UserError(`apt-get failed (exit code ${code}).`, 69);
}

function ensureOnWindows() {
  const missing = Object.keys(windowsProbes).filter((name) => !windowsProbes[name]());
  if (missing.length === 0) return;
  const lines = missing.map((name) => `  winget install --id ${name} --exact`);
  throw new UserError(`Missing, in PATH: ${missing.join(', ')}. To install them:\n${lines.join('\n')}`, 69);
}
