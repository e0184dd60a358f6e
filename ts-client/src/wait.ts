// SPDX-License-Identifier: BSD-3-Clause
//
// Waiting for the dataplane: spin briefly, arm, look again, sleep until the doorbell's byte. The second look is what
// makes it safe: the dataplane publishes, fences and then looks at the armed word, so either it sees the arming or we
// see its publish.
import { assertTimeout, throwIfAborted } from 'shared-memory-ipc';

const SPIN_MS = 0.15;
const LOOKS_PER_CLOCK = 16;

/** Everybody who sleeps on one client's doorbell. */
export class Waker {
  private sleepers: (() => void)[] = [];

  sleep(): Promise<void> {
    return new Promise((resolve) => this.sleepers.push(resolve));
  }

  wakeAll(): void {
    if (this.sleepers.length === 0) return;
    const { sleepers } = this;
    this.sleepers = [];
    for (const wake of sleepers) wake();
  }
}

export interface Source {
  /** True when there is something to do; also when the owner failed or closed, so that the caller finds out. */
  ready(): boolean;
  arm(): void;
  disarm(): void;
}

/** Resolves when the source is ready; rejects with the signal's reason. */
export async function waitUntilReady(source: Source, waker: Waker, signal: AbortSignal | undefined): Promise<void> {
  const limit = performance.now() + SPIN_MS;
  do {
    for (let i = 0; i < LOOKS_PER_CLOCK; i++) if (source.ready()) return;
  } while (performance.now() < limit);
  const abort = () => waker.wakeAll();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    for (;;) {
      throwIfAborted(signal);
      source.arm();
      if (source.ready()) {
        source.disarm();
        return;
      }
      await waker.sleep();
      if (source.ready()) {
        source.disarm();
        return;
      }
    }
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** So many looks may share one reading of the clock. */
const MOST_LOOKS = 8;

/**
 * Fairness to the event loop: tells when it was kept waiting for `ms`, and lets it have its turn. Reading the clock costs as much as
 * several frames, so that while looks come fast, not each of them reads it.
 */
export class Turn {
  private readonly ms: number;
  private started = performance.now();
  private read = this.started;
  /** Looks for one reading, and those left until the next. */
  private looks = 1;
  private left = 1;

  constructor(ms = 2) {
    this.ms = ms;
  }

  due(): boolean {
    return --this.left <= 0 && this.isLate();
  }

  private isLate(): boolean {
    const now = performance.now();
    const passed = now - this.read;
    this.read = now;
    this.looks = passed < this.ms / 16 ? Math.min(MOST_LOOKS, this.looks * 2) : 1;
    const late = now - this.started >= this.ms;
    this.left = late ? 1 : this.looks;
    return late;
  }

  async give(): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    this.started = performance.now();
    this.read = this.started;
  }
}

/** A signal that also fires after `timeoutMs`, with `late()` as its reason, and what stops its clock. */
export function withTimeout(
  signal: AbortSignal | undefined,
  timeoutMs: number | undefined,
  late: () => Error,
): { signal: AbortSignal | undefined; done(): void } {
  if (timeoutMs === undefined) return { signal, done: () => undefined };
  assertTimeout(timeoutMs, 'options');
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(late()), timeoutMs);
  const abort = () => controller.abort(signal!.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    done: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}

/** Runs one piece of asynchronous work after the other. */
export class Serial {
  private last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const next = this.last.then(work, work);
    this.last = next.catch(() => undefined);
    return next;
  }
}
