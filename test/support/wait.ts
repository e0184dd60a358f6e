// SPDX-License-Identifier: BSD-3-Clause
// Waiting for something to become true. Tests never sleep for a time they hope is long enough.
import { once, type EventEmitter } from 'node:events';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

const DEFAULT_MS = 30_000;

export interface WaitOptions {
  /** After this many milliseconds the wait fails with what was seen last. Default 30,000: a busy machine takes seconds for a process. */
  timeoutMs?: number;
  /** What is being waited for, for the message. */
  what?: string;
}

/**
 * Look again and again until `probe` returns something other than `undefined` or `false`; resolves with that.
 * The first looks come every turn of the event loop, later ones every 5 ms, so that a waiting test leaves the cores alone.
 */
export async function waitFor<T>(
  probe: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<Exclude<T, undefined | false>> {
  const { timeoutMs = DEFAULT_MS, what = 'a condition' } = options;
  const end = performance.now() + timeoutMs;
  for (let looks = 0; ; looks++) {
    const seen = await probe();
    if (seen !== undefined && seen !== false) return seen as Exclude<T, undefined | false>;
    if (performance.now() >= end) throw new Error(`Waited ${timeoutMs} ms for ${what}; last seen: ${String(seen)}`);
    await (looks < 50 ? nextTurn() : delay(5));
  }
}

/** Wait until a counter has reached `target`; the message says how far it came. */
export async function waitForCount(
  read: () => number | bigint | Promise<number | bigint>,
  target: number | bigint,
  options: WaitOptions = {},
): Promise<number | bigint> {
  let last: number | bigint = 0;
  const what = options.what ?? 'a counter';
  try {
    return await waitFor(async () => {
      last = await read();
      return last >= target ? last : undefined;
    }, options);
  } catch (cause) {
    throw new Error(`${what} came to ${last} of ${target} within ${options.timeoutMs ?? DEFAULT_MS} ms`, { cause });
  }
}

/** Wait for one event, with a limit. */
export async function waitForEvent(emitter: EventEmitter, name: string, options: WaitOptions = {}): Promise<unknown[]> {
  const { timeoutMs = DEFAULT_MS, what = `event "${name}"` } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await once(emitter, name, { signal });
  } catch (cause) {
    throw signal.aborted ? new Error(`Waited ${timeoutMs} ms for ${what}`, { cause }) : cause;
  }
}

/** What a promise brings, if it does so in time: what hangs is named, instead of the whole test. */
export async function within<T>(promise: Promise<T>, options: WaitOptions = {}): Promise<T> {
  const { timeoutMs = DEFAULT_MS, what = 'a promise' } = options;
  const settled = new AbortController();
  const late = delay(timeoutMs, undefined, { signal: settled.signal }).then(() => {
    throw new Error(`Waited ${timeoutMs} ms for ${what}`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    settled.abort();
  }
}
