// SPDX-License-Identifier: BSD-3-Clause

/**
 * Resolves `done` on SIGINT, SIGTERM, by `stop()`, or `seconds` after `startClock()`. A second Ctrl-C ends the process as usual.
 */
export function untilStopped(seconds: number | undefined): { done: Promise<void>; stop(): void; startClock(): void } {
  const { promise, resolve } = withResolvers();
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
    resolve();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
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
