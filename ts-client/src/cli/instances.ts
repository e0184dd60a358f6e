// SPDX-License-Identifier: BSD-3-Clause
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { runFolder } from 'shared-memory-ipc';

/** Names under which dataplanes of this user may be running: some may have died without taking their mark away. */
export function instances(): string[] {
  try {
    return readdirSync(runFolder())
      .filter((name) => /\.(sock|json)$/.test(name))
      .map((name) => path.parse(name).name)
      .sort();
  } catch {
    return [];
  }
}
