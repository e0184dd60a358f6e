// SPDX-License-Identifier: BSD-3-Clause
//
// A control channel that answers just what a client needs to open one queue whose segment already lies in a file, so that the unmodified
// client library can be measured on rings that a C program serves.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

export const instance = 'bench-queue';

/** Listens under `folder`, which the client is given as XDG_RUNTIME_DIR. `segment`: { size, generation, file }. */
export async function hostQueue(folder, segment) {
  const { FrameDecoder, encodeFrame, protocol: P } = await import('shared-memory-ipc');
  const answers = {
    hello: (params) => ({
      major: P.VERSION_MAJOR,
      minor: P.VERSION_MINOR,
      version: '0',
      instance,
      client: 1,
      pid: process.pid,
      granted: params.want,
      token: randomBytes(P.TOKEN_BYTES),
      limits: {},
    }),
    'queue.open': () => ({ queue: 1, segment, port: 0, mtu: 1500 }),
    'queue.close': () => ({ counters: {} }),
  };
  const answer = (socket, [type, id, method, params]) => {
    if (type !== P.MESSAGE_REQUEST) return;
    const reply = answers[method];
    const error = { code: 'WDPDK_E_METHOD', message: `no ${method}`, object: 'bench', remedy: '' };
    const message = reply ? [P.MESSAGE_RESPONSE, id, null, reply(params)] : [P.MESSAGE_RESPONSE, id, error, null];
    socket.write(encodeFrame(message));
  };
  const server = createServer((socket) => {
    const decoder = new FrameDecoder();
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => decoder.push(chunk, (message) => answer(socket, message)));
  });
  const run = path.join(folder, 'wdpdk');
  mkdirSync(run, { mode: 0o700 });
  await new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(path.join(run, `${instance}.sock`), resolve);
  });
  return { env: { XDG_RUNTIME_DIR: folder }, close: () => server.close() };
}
