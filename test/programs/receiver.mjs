// SPDX-License-Identifier: BSD-3-Clause
// Receives on one queue and remembers each frame by its digest. Argument: {instance, name, want?, rx}.
//   report  what has come so far        hold  keeps the next burst's slots out and the process inside the burst, for ever
import { createHash } from 'node:crypto';
import { attach } from 'wdpdk';
import { answer, argument, say } from './lines.mjs';

const client = await attach({
  instance: argument.instance,
  name: argument.name,
  want: argument.want ?? ['observe', 'receive', 'redirect'],
});
const queue = await client.openRx(argument.rx);
const frames = [];
const abort = new AbortController();
let held = false;

const digest = (packet) => createHash('sha1').update(packet.copy()).digest('hex').slice(0, 16);

answer({
  report: () => {
    const { delivered, drops } = queue.stats();
    return {
      frames,
      delivered: Number(delivered.packets),
      deliveredBytes: Number(delivered.bytes),
      drops: Object.fromEntries(Object.entries(drops).map(([cause, n]) => [cause, Number(n)])),
    };
  },
  hold: () => {
    held = true;
    return {};
  },
  close: async () => {
    abort.abort();
    await client.close();
    return {};
  },
});
say('open');

try {
  await queue.run(
    (burst) => {
      if (held) {
        say('holding', { slots: burst.length });
        // Synchronous on purpose: the process dies inside this burst.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      }
      for (const packet of burst) frames.push(digest(packet));
    },
    { signal: abort.signal },
  );
} catch (error) {
  if (!abort.signal.aborted) say('ended', { code: error.code, message: error.message, atMs: Date.now() });
}
