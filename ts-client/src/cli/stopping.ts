// SPDX-License-Identifier: BSD-3-Clause

// SIGHUP: the terminal was closed (on Windows, the console).
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Resolves `done` on SIGINT, SIGTERM, SIGHUP, by `stop()`, `seconds` after `startClock()`, when nobody reads the output any more, or when
 * the process that started this one with an IPC channel is gone. A second Ctrl-C ends the process as usual.
 */
export function untilStopped(seconds: number | undefined): { done: Promise<void>; stop(): void; startClock(): void } {
  const { promise, resolve } = withResolvers();
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    for (const signal of SIGNALS) process.off(signal, stop);
    process.off('disconnect', stop);
    resolve();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', stop);
  process.on('disconnect', stop);
  // The channel is there to be lost, and must not keep this process.
  process.channel?.unref();
  const startClock = (): void => {
    if (seconds !== undefined) timer = setTimeout(stop, seconds * 1000);
  };
  return { done: promise, stop, startClock };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((use) => (resolve = use));
  return { promise, resolve };
}
