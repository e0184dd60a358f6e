// SPDX-License-Identifier: BSD-3-Clause
// Ctrl-C reaches the Windows dataplane under Wine: SIGINT to its Linux process arrives there as CTRL_C_EVENT. Windows programs
// themselves cannot send it, so ctest runs this from Linux.   node ctrl-c.mjs wdpdk-dataplane.exe
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const exe = process.argv[2];
const dir = mkdtempSync(path.join(os.tmpdir(), 'wdpdk-ctrl-c-'));
const [outFile, errFile] = ['out', 'err'].map((name) => path.join(dir, name));
const options = ['--instance', `ctrl-c-${process.pid}`, '--idle', 'adaptive', '--json', '--json-ready'];
const child = spawn(
  'wine',
  [exe, '-l', '0', '--no-huge', '-m', '64', '--vdev', 'net_null0,no-rx=1', '--', ...options],
  {
    // Pipes between Linux and Wine are not what is tested here.
    stdio: ['ignore', openSync(outFile, 'w'), openSync(errFile, 'w')],
  },
);
const exited = once(child, 'exit');
try {
  const deadline = Date.now() + 30_000;
  while (!readFileSync(outFile, 'utf8').includes('"ready"')) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`not ready:\n${readFileSync(errFile, 'utf8')}`);
    await delay(20);
  }
  if (readFileSync(exe).toString('latin1', 0, 2) !== 'MZ') throw new Error(`${exe} is no PE image`);
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  const [code, signal] = await exited;
  clearTimeout(timer);
  const last = readFileSync(outFile, 'utf8').trim().split('\n').at(-1);
  if (code !== 0) throw new Error(`ended with code ${code}, signal ${signal}:\n${readFileSync(errFile, 'utf8')}`);
  if (JSON.parse(last).balanced !== true) throw new Error(`no balanced summary: ${last}`);
  console.log('Ctrl-C: an orderly end with a summary');
} finally {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
}
