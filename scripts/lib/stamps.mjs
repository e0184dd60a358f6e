// SPDX-License-Identifier: BSD-3-Clause
// What makes a second run fast (stamps) and two runs at once safe (a lock).
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cache } from './paths.mjs';
import { onExit, say } from './run.mjs';
import { alive } from './starters.mjs';

export const hash = (...texts) => createHash('sha256').update(texts.join('\0')).digest('hex');

/** Run `action` unless `stampFile` says it succeeded with the same `key` before. */
export async function onceFor(stampFile, key, action) {
  if (fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === key) return;
  fs.rmSync(stampFile, { force: true });
  await action();
  fs.mkdirSync(path.dirname(stampFile), { recursive: true });
  fs.writeFileSync(stampFile, key);
}

/** Only one run at a time does `action` in this checkout; the others wait. A lock whose owner died is taken over. */
export async function withLock(name, action) {
  fs.mkdirSync(cache, { recursive: true });
  const file = path.join(cache, `${name}.lock`);
  for (let told = false; ;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = Number(readIfThere(file));
    if (owner && !alive(owner)) {
      fs.rmSync(file, { force: true });
      continue;
    }
    if (!told) say(`Waiting for process ${owner}, which works in this checkout (lock: .cache/${name}.lock)`);
    told = true;
    await sleep(200);
  }
  const unlock = onExit(() => fs.rmSync(file, { force: true }));
  try {
    return await action();
  } finally {
    unlock();
  }
}

export function readIfThere(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
