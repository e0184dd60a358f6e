// SPDX-License-Identifier: BSD-3-Clause
// npm run dev [-- ARGS...]: like npm start, again after each change of the sources. A build that fails leaves the errors on
// the screen and waits for the next change.
import './lib/node-version.mjs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { prepareDemo } from './lib/demo.mjs';
import { root } from './lib/paths.mjs';
import { main, onExit, say } from './lib/run.mjs';

const watched = ['dataplane', 'shm-protocol', 'ts-client', 'cmake', 'CMakeLists.txt', 'CMakePresets.json'];
const source = /(\.(c|h|ts|mjs|cmake|json)|CMakeLists\.txt)$/;
const made = /(^|[\\/])(dist|node_modules|\.[^\\/]*)([\\/]|$)/;
/** Editors write a file in several steps: wait until this long nothing has changed. */
const quietMs = 150;

let child;
let changed;
let wake = () => {};

function watch() {
  for (const name of watched) {
    const file = path.join(root, name);
    const watcher = fs.watch(file, { recursive: fs.statSync(file).isDirectory() }, (_, changedFile) => {
      const inside = path.join(name, changedFile ?? '');
      if (made.test(inside) || !source.test(inside)) return;
      changed = inside;
      wake();
    });
    onExit(() => watcher.close());
  }
}

async function nextChange() {
  while (changed === undefined) await new Promise((resolve) => (wake = resolve));
  for (let last; last !== changed;) {
    last = changed;
    changed = undefined;
    await delay(quietMs);
    changed ??= last;
  }
  const file = changed;
  changed = undefined;
  return file;
}

/** Ctrl-C's way: the demo stops its dataplane by itself; one that does not is ended. */
async function stop() {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}

async function start() {
  try {
    const { command, args, env } = await prepareDemo(process.argv.slice(2));
    child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    child.on('close', (code) => code !== null && say(`Ended with exit code ${code}; waiting for a change.`));
  } catch (error) {
    say(`${error.message}\nWaiting for a change.`);
  }
}

await main(async () => {
  watch();
  onExit(() => child?.kill('SIGINT'));
  for (;;) {
    await start();
    say(`\n${await nextChange()} changed`);
    await stop();
  }
});
