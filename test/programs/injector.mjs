// SPDX-License-Identifier: BSD-3-Clause
// Injects frames. Argument: {instance, name, tx: {port}, count}.   send  puts injectedFrame(0) to (count - 1) in, once each, and flushes
import { attach } from 'wdpdk';
import { injectedFrame } from './frames.mjs';
import { answer, argument, say } from './lines.mjs';

const client = await attach({ instance: argument.instance, name: argument.name, want: ['observe', 'transmit'] });
const queue = await client.openTx(argument.tx);

answer({
  send: async () => {
    const frames = Array.from({ length: argument.count }, (_, n) => injectedFrame(n));
    for (let at = 0; at < frames.length;) {
      await queue.writable(1);
      const batch = queue.reserve(Math.min(32, frames.length - at));
      for (const slot of batch) slot.write(frames[at++]);
      batch.commit();
    }
    await queue.flush();
    return { sent: frames.length };
  },
  close: async () => {
    await client.close();
    return {};
  },
});
say('open');
