// SPDX-License-Identifier: BSD-3-Clause

/** Resolves `done` on SIGINT, SIGTERM, after `seconds`, or by `stop()`. A second Ctrl-C ends the process as usual. */
export function untilStopped(seconds: number | undefined): { done: Promise<void>; stop(): void } {
  const { promise, resolve } = withResolvers();
  const timer = seconds === undefined ? undefined : setTimeout(() => stop(), seconds * 1000);
  const stop = (): void => {
    clearTimeout(timer);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
    resolve();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  return { done: promise, stop };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((use) => (resolve = use));
  return { promise, resolve };
}
