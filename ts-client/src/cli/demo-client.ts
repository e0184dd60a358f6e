// SPDX-License-Identifier: BSD-3-Clause
//
// The demo's clients: processes of their own, as any client is. They say one JSON line a second and a last one when their stdin ends.
//   receive   takes UDP to DEMO_PORT on port 0      inject   puts a frame on port 1 every 5 ms
import { setTimeout as delay } from 'node:timers/promises';
import { attach } from '../attach.ts';
import { DEMO_PORT, udp4 } from './demo-frames.ts';

interface Count {
  packets: number;
  bytes: number;
}

const say = (event: string, count: Count): boolean => process.stdout.write(`${JSON.stringify({ event, ...count })}\n`);

async function receive(instance: string, stop: AbortSignal): Promise<Count> {
  const count = { packets: 0, bytes: 0 };
  let timer: NodeJS.Timeout | undefined;
  const client = await attach({ instance, name: 'demo-receive', want: ['observe', 'receive'] });
  try {
    const queue = await client.openRx({ port: 0, match: { proto: 'udp', dstPort: DEMO_PORT } });
    say('ready', count);
    timer = setInterval(() => say('count', count), 1000);
    const take = (): number =>
      queue.poll((burst) => {
        for (const packet of burst) {
          count.packets++;
          count.bytes += packet.length;
        }
      });
    await queue
      .run(
        (burst) => {
          for (const packet of burst) {
            count.packets++;
            count.bytes += packet.length;
          }
        },
        { signal: stop },
      )
      .catch((error: unknown) => {
        if (!stop.aborted) throw error;
      });
    // Traffic is on hold by now: what was delivered and not yet taken is still in the ring.
    while (take() > 0);
  } finally {
    clearInterval(timer);
    await client.close();
  }
  return count;
}

async function inject(instance: string, stop: AbortSignal): Promise<Count> {
  const count = { packets: 0, bytes: 0 };
  let timer: NodeJS.Timeout | undefined;
  const client = await attach({ instance, name: 'demo-inject', want: ['observe', 'transmit'] });
  try {
    const queue = await client.openTx({ port: 1 });
    say('ready', count);
    timer = setInterval(() => say('count', count), 1000);
    while (!stop.aborted) {
      const frame = udp4({ n: count.packets & 0xff, length: 100, dstPort: 7 });
      await queue.writable(1);
      const batch = queue.reserve(1);
      for (const slot of batch) slot.write(frame);
      batch.commit();
      count.packets++;
      count.bytes += frame.length;
      await delay(5);
    }
    await queue.flush();
  } finally {
    clearInterval(timer);
    await client.close();
  }
  return count;
}

export async function runDemoClient(role: string, instance: string): Promise<void> {
  const stop = new AbortController();
  process.stdin.resume().on('end', () => stop.abort());
  try {
    say('done', await (role === 'inject' ? inject : receive)(instance, stop.signal));
  } finally {
    // An open stdin would keep a client that lost its dataplane.
    process.stdin.destroy();
  }
}
