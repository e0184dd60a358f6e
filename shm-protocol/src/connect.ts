// SPDX-License-Identifier: BSD-3-Clause
import { type Socket, connect as netConnect } from 'node:net';
import type { Endpoint } from './endpoint.ts';
import { WdpdkError, throwIfAborted } from './errors.ts';
import { assertTimeout } from './options.ts';

const MESSAGES: Record<string, ['WDPDK_E_NOT_FOUND' | 'WDPDK_E_DENIED', string, string]> = {
  ENOENT: ['WDPDK_E_NOT_FOUND', 'is not running', 'Start it first'],
  ECONNREFUSED: ['WDPDK_E_NOT_FOUND', 'is not running (its socket is stale)', 'Start it first'],
  EACCES: ['WDPDK_E_DENIED', 'belongs to another user', 'Attach as the user that runs the dataplane'],
  EPERM: ['WDPDK_E_DENIED', 'belongs to another user', 'Attach as the user that runs the dataplane'],
};

/** Opens a byte stream to the dataplane. */
export function connectStream(
  endpoint: Endpoint,
  limit: { signal?: AbortSignal | undefined; timeoutMs: number },
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    throwIfAborted(limit.signal);
    assertTimeout(limit.timeoutMs, endpoint.instance);
    const socket = netConnect(endpoint.path);
    const done = (error?: unknown) => {
      clearTimeout(timer);
      limit.signal?.removeEventListener('abort', abort);
      socket.removeListener('error', failed);
      socket.removeListener('connect', done);
      if (error === undefined) return resolve(socket);
      socket.on('error', () => undefined);
      socket.destroy();
      // An abort's reason may be any value, and is passed on as it is.
      reject(error as Error);
    };
    const abort = () => done(limit.signal!.reason);
    const failed = (cause: NodeJS.ErrnoException) => {
      const known = MESSAGES[cause.code ?? ''];
      const [code, what, remedy] = known ?? ['WDPDK_E_NOT_FOUND' as const, `cannot be reached: ${cause.message}`, ''];
      done(
        new WdpdkError(code, `the dataplane instance '${endpoint.instance}' ${what}`, {
          object: endpoint.instance,
          remedy,
          cause,
        }),
      );
    };
    const timer = setTimeout(
      () =>
        done(
          new WdpdkError('WDPDK_E_TIMEOUT', `no connection within ${limit.timeoutMs} ms`, {
            object: endpoint.instance,
          }),
        ),
      limit.timeoutMs,
    );
    socket.once('error', failed);
    socket.once('connect', () => done());
    limit.signal?.addEventListener('abort', abort, { once: true });
  });
}
