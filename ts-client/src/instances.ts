// SPDX-License-Identifier: BSD-3-Clause
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { WdpdkError, connectStream, locate, runFolder } from 'shared-memory-ipc';

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

/** An error is no place for a long list, nor for long waits. */
const MOST_TRIED = 32;
const PATIENCE_MS = 1000;

async function answers(instance: string): Promise<boolean> {
  try {
    const socket = await connectStream(locate(instance), { timeoutMs: PATIENCE_MS });
    socket.on('error', () => undefined);
    socket.destroy();
    return true;
  } catch {
    return false;
  }
}

/** The same error, with the names of those that do run. */
export async function namingOthers(
  error: WdpdkError<'WDPDK_E_NOT_FOUND'>,
  instance: string,
): Promise<WdpdkError<'WDPDK_E_NOT_FOUND'>> {
  const others = instances()
    .filter((name) => name !== instance)
    .slice(0, MOST_TRIED);
  const running = (await Promise.all(others.map(async (name) => ((await answers(name)) ? [name] : [])))).flat();
  if (running.length === 0) return error;
  const what = error.message.slice(0, -`. ${error.remedy}`.length);
  return new WdpdkError('WDPDK_E_NOT_FOUND', `${what}; running: ${running.join(', ')}`, {
    object: instance,
    remedy: 'Name one of these by `instance` (or WDPDK_INSTANCE, or --instance), or start it first',
    cause: error.cause,
  });
}
