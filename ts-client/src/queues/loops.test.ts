// SPDX-License-Identifier: BSD-3-Clause
import { protocol as P } from 'shared-memory-ipc';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Double } from '../../test/double.ts';
import { numbered, udp4 } from '../../test/frames.ts';
import type { Client } from '../client.ts';
import { Waker } from '../wait.ts';
import type { RxQueue } from './types.ts';

let double: Double;
let client: Client;
let queue: RxQueue;

beforeEach(async () => {
  double = await Double.start();
  client = await double.attach();
  queue = await client.openRx({ port: 0 });
});
afterEach(async () => {
  await client.close();
  double.stop();
});

const armed = () => Atomics.load(double.queue.words, double.queue.word(P.AREA_RX, P.RING_ARMED)) === 1;

describe('run', () => {
  test('sleeps armed, is woken by the doorbell and takes everything', async () => {
    let seen = 0;
    const stop = new AbortController();
    const running = queue.run((b) => void (seen += b.length), { signal: stop.signal });
    for (let round = 1; round <= 5; round++) {
      await vi.waitFor(() => expect(armed()).toBe(true), { interval: 1 });
      double.queue.deliver([udp4(), udp4()]);
      await vi.waitFor(() => expect(seen).toBe(round * 2), { interval: 1 });
    }
    expect(double.doorbells).toBe(5);
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  test('looks again after arming: a frame that came in between is not slept over', async () => {
    // The dataplane publishes in the moment between the last look and the store of the armed word, and so sees nobody
    // armed.
    const store = Atomics.store;
    let raced = false;
    const spy = vi.spyOn(Atomics, 'store').mockImplementation(((words: Int32Array, at: number, value: number) => {
      if (!raced && at === double.queue.word(P.AREA_RX, P.RING_ARMED) && value === 1) {
        raced = true;
        double.queue.deliver([udp4()]);
      }
      return store(words, at, value);
    }) as typeof Atomics.store);
    // Sleepers also look now and then by themselves; this one must not have slept at all.
    const sleep = vi.spyOn(Waker.prototype, 'sleep');
    const stop = new AbortController();
    const running = queue.run(() => stop.abort(new Error('seen')), { signal: stop.signal });
    await expect(running).rejects.toThrow('seen');
    spy.mockRestore();
    expect(raced).toBe(true);
    expect(double.doorbells).toBe(0);
    expect(sleep).not.toHaveBeenCalled();
    sleep.mockRestore();
  });

  test('ends when the queue is closed, and an abort rejects with its reason', async () => {
    const running = queue.run(() => 0);
    setTimeout(() => void queue.close(), 5);
    await running;
    const aborted = AbortSignal.abort(new Error('before'));
    const other = await client.openRx({ port: 0 });
    await expect(other.run(() => 0, { signal: aborted })).rejects.toThrow('before');
  });

  test('a saturated queue lets timers and aborts have their turn', async () => {
    const stop = new AbortController();
    let ticks = 0;
    // The end comes only by a timer's fifth turn, while there is always a next burst.
    const timer = setInterval(() => {
      if (++ticks === 5) stop.abort(new Error('time'));
    }, 1);
    let bursts = 0;
    const limit = performance.now() + 5000;
    double.queue.deliver([numbered(60)]);
    const running = queue.run(
      () => {
        bursts++;
        if (performance.now() > limit) throw new Error('the event loop was starved');
        double.queue.deliver(Array.from({ length: 32 }, () => numbered(60)));
      },
      { signal: stop.signal },
    );
    await expect(running).rejects.toThrow('time');
    clearInterval(timer);
    expect(bursts).toBeGreaterThan(5);
    expect(double.doorbells, 'it never slept').toBe(0);
  });

  test('an error of the handler rejects', async () => {
    double.queue.deliver([udp4()]);
    await expect(
      queue.run(() => {
        throw new Error('handler');
      }),
    ).rejects.toThrow('handler');
  });
});

describe('bursts', () => {
  test('iterates, each burst valid until the next, slots back after break', async () => {
    double.queue.deliver(Array.from({ length: 40 }, (_, i) => numbered(60 + i)));
    const seen: number[] = [];
    for await (const burst of queue.bursts({ max: 16 })) {
      await new Promise((resolve) => setImmediate(resolve));
      for (const p of burst) seen.push(p.length);
      expect(() => queue.poll(() => 0)).toThrow(expect.objectContaining({ code: 'WDPDK_E_IN_USE' }));
      if (seen.length === 40) break;
    }
    expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => 60 + i));
    expect(double.queue.takeFill()).toBe(64);
  });

  test('returns to the event loop at least every yieldMs under saturation', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    let bursts = 0;
    const limit = performance.now() + 5000;
    double.queue.deliver([numbered(60)]);
    for await (const burst of queue.bursts({ yieldMs: 2 })) {
      bursts += burst.length;
      double.queue.deliver([numbered(60)]);
      if (ticks >= 5) break;
      if (performance.now() > limit) throw new Error('the event loop was starved');
    }
    clearInterval(timer);
    expect(bursts).toBeGreaterThan(5);
    expect(double.doorbells, 'it never slept').toBe(0);
  });

  test('waits, ends with the queue, and rejects with the reason of an abort', async () => {
    const stream = queue.bursts();
    const first = stream.next();
    await vi.waitFor(() => expect(armed()).toBe(true), { interval: 1 });
    double.queue.deliver([udp4()]);
    expect((await first).value?.length).toBe(1);
    const last = stream.next();
    setTimeout(() => void queue.close(), 5);
    expect(await last).toEqual({ done: true, value: undefined });
    const other = await client.openRx({ port: 0 });
    const stop = new AbortController();
    const waiting = other.bursts({ signal: stop.signal }).next();
    setTimeout(() => stop.abort(new Error('stop')), 5);
    await expect(waiting).rejects.toThrow('stop');
  });
});
