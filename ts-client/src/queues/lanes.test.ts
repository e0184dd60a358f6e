// SPDX-License-Identifier: BSD-3-Clause
//
// Queues of several lanes, each with rings and slots of its own.
import * as fc from 'fast-check';
import { protocol as P } from 'shared-memory-ipc';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Double } from '../../test/double.ts';
import { numbered, udp4 } from '../../test/frames.ts';
import { defaultShape } from '../../test/layout.ts';
import type { Client } from '../client.ts';
import type { RxTxQueue } from './types.ts';

const LANES = 3;
const SLOTS = 65;
const SHARE = 21;
let double: Double;
let client: Client;

beforeEach(async () => {
  double = await Double.start();
  double.shape = { ...defaultShape, lanes: LANES, slots: SLOTS };
  client = await double.attach();
});
afterEach(async () => {
  await client.close();
  double.stop();
});

const coded = (code: string) => expect.objectContaining({ code });
const lanes = Array.from({ length: LANES }, (_, lane) => lane);
const slotsOf = (offsets: readonly number[]) => offsets.map((offset) => offset / 2048).sort((a, b) => a - b);
const shareOf = (lane: number) => Array.from({ length: SHARE }, (_, i) => lane * SHARE + i);

describe('receiving', () => {
  test('each lane is given its own slots and no others; what is left over lies idle', async () => {
    await client.openRx({ port: 0 });
    for (const lane of lanes) {
      double.queue.takeFill(lane);
      expect(slotsOf(double.queue.filled[lane]!)).toEqual(shareOf(lane));
    }
  });

  test('takes the lanes in turn, so that a busy one keeps none waiting', async () => {
    const queue = await client.openRx({ port: 0 });
    for (const lane of lanes) double.queue.deliver([udp4(), udp4(), udp4()], { lane, port: lane });
    const seen: number[] = [];
    while (queue.poll((b) => void seen.push(...[...b].map((p) => p.port)), 2) > 0);
    expect(seen).toEqual([0, 0, 1, 1, 2, 2, 0, 1, 2]);
    for (const lane of lanes) expect(double.queue.takeFill(lane)).toBe(SHARE);
  });

  test('a loop is woken by any lane', async () => {
    const queue = await client.openRx({ port: 0 });
    const stop = new AbortController();
    let seen = 0;
    const running = queue.run((b) => void (seen += b.length), { signal: stop.signal });
    for (const lane of [2, 0, 1]) {
      const word = double.queue.word(P.AREA_RX, P.RING_ARMED, lane);
      await vi.waitFor(() => expect(Atomics.load(double.queue.words, word)).toBe(1), { interval: 1 });
      const before = seen;
      double.queue.deliver([udp4()], { lane });
      await vi.waitFor(() => expect(seen).toBe(before + 1), { interval: 1, timeout: 150 });
    }
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  const lies: [string, (q: Double['queue']) => void][] = [
    ['delivers a slot of another lane', (q) => q.publishRaw(SHARE * 2048 + 128, 60, 0, 0, 0)],
    ['delivers a slot of no lane', (q) => q.publishRaw((SLOTS - 1) * 2048 + 128, 60, 0, 0, 2)],
    [
      'delivers one slot on two lanes',
      (q) => {
        q.publishRaw(128, 60, 0, 0, 0);
        q.publishRaw(128, 60, 0, 0, 1);
      },
    ],
    ['moves the index of one lane too far', (q) => void (q.words[q.word(P.AREA_RX, P.RING_PRODUCER, 1)]! += 65)],
  ];
  test.each(lies)('a dataplane that %s ends the queue', async (_, spoil) => {
    const queue = await client.openRx({ port: 0 });
    spoil(double.queue);
    expect(() => {
      for (let i = 0; i < LANES; i++) queue.poll(() => 0);
    }).toThrow(coded('WDPDK_E_PROTOCOL'));
    expect(() => queue.poll(() => 0)).toThrow(coded('WDPDK_E_PROTOCOL'));
  });
});

test('a segment with other lanes than the answer says is refused, and the queue given back', async () => {
  const open = double.handlers['queue.open']!;
  double.handlers['queue.open'] = async (params) => ({ ...((await open(params)) as object), lanes: LANES - 1 });
  await expect(client.openRx({ port: 0 })).rejects.toThrow(/3 lanes where 2 were announced/);
  expect(double.requests.at(-1)).toEqual({ method: 'queue.close', params: { queue: 1 } });
});

describe('transmitting', () => {
  test('stays on a lane while it has room, and uses all of them', async () => {
    const tx = await client.openTx({ port: 0 });
    const send = (n: number) => {
      using batch = tx.reserve(n);
      for (const slot of batch) slot.write(udp4());
      return batch.commit();
    };
    const onLanes = () => lanes.map((lane) => double.queue.drain(false, lane).length);
    expect([send(10), send(10)]).toEqual([10, 10]);
    expect(onLanes()).toEqual([20, 0, 0]);
    expect(send(10)).toBe(10);
    expect(onLanes()).toEqual([0, 10, 0]);
    // More than any lane has: what is free anywhere.
    expect(send(64)).toBe(33);
    expect(onLanes().reduce((a, b) => a + b)).toBe(33);
    expect(tx.reserve(1).length).toBe(0);
  });

  test('an uncommitted batch over several lanes gives each its slots back', async () => {
    const tx = await client.openTx({ port: 0 });
    for (let round = 0; round < 3; round++) {
      using batch = tx.reserve(64);
      expect(batch.length).toBe(63);
      batch.at(0).write(udp4());
      expect(batch.commit(1)).toBe(1);
      for (const lane of lanes) double.queue.drain(true, lane);
    }
    await tx.writable(63);
    await expect(tx.writable(64)).rejects.toThrow(RangeError);
  });

  test('a frame over several slots goes out on one lane that has enough of them', async () => {
    const tx = await client.openTx({ port: 0 });
    using batch = tx.reserve(15);
    for (const slot of batch) slot.write(udp4());
    batch.commit();
    const frame = numbered(19_000);
    expect(tx.sendFrame(frame)).toBe(true);
    expect(lanes.map((lane) => double.queue.drain(false, lane).length)).toEqual([15, 10, 0]);
    expect(Buffer.from(double.queue.sent[15]!).equals(frame)).toBe(true);
  });

  test('flush waits for every lane', async () => {
    const tx = await client.openTx({ port: 0 });
    using batch = tx.reserve(63);
    for (const slot of batch) slot.write(udp4());
    batch.commit();
    const flushed = tx.flush();
    let done = false;
    void flushed.then(() => (done = true));
    for (const lane of [1, 2]) double.queue.drain(true, lane);
    await new Promise((resolve) => {
      setTimeout(resolve, 30);
    });
    expect(done).toBe(false);
    double.queue.drain(true, 0);
    await flushed;
  });

  test('a completion on another lane ends the queue', async () => {
    const tx = await client.openTx({ port: 0 });
    for (const n of [21, 5]) {
      using batch = tx.reserve(n);
      for (const slot of batch) slot.write(udp4());
      batch.commit();
    }
    double.queue.drain(false, 0);
    double.queue.complete([0], 1);
    await expect(tx.flush()).rejects.toThrow(coded('WDPDK_E_PROTOCOL'));
  });
});

test('the counters of a queue are the sums over its lanes, before and after', async () => {
  double.handlers['queue.close'] = () => ({ counters: {} });
  const queue = await client.openRx({ port: 0 });
  for (const lane of lanes) double.queue.deliver([udp4(), udp4()].slice(0, lane), { lane });
  expect(queue.stats().delivered.packets).toBe(3n);
  await queue.close();
  expect(queue.stats().delivered.packets).toBe(3n);
});

type Step =
  | { do: 'deliver'; lane: number; frames: number }
  | { do: 'poll'; max: number; send: number[] }
  | { do: 'reserve'; n: number; commit: number }
  | { do: 'drain'; lane: number };

const lane = fc.nat(LANES - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('deliver' as const), lane, frames: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ do: fc.constant('poll' as const), max: fc.integer({ min: 1, max: 8 }), send: fc.array(fc.nat(7)) }),
  fc.record({ do: fc.constant('reserve' as const), n: fc.integer({ min: 1, max: 40 }), commit: fc.nat(40) }),
  fc.record({ do: fc.constant('drain' as const), lane }),
);

/** What a test knows of the order of frames: each carries a number that rises on its lane. */
class Run {
  private readonly queue: RxTxQueue;
  private next = 0;
  private readonly last = lanes.map(() => -1);
  private readonly echoed = new Map<number, number>();

  constructor(queue: RxTxQueue) {
    this.queue = queue;
  }

  step(s: Step): void {
    const q = double.queue;
    if (s.do === 'deliver') {
      const frames = Array.from({ length: s.frames }, () => udp4({ dst: [10, 0, this.next >> 8, this.next++ & 255] }));
      q.deliver(frames, { lane: s.lane, port: s.lane });
    } else if (s.do === 'poll') this.queue.poll((burst) => this.take(burst, s.send), s.max);
    else if (s.do === 'reserve') {
      using batch = this.queue.reserve(s.n);
      for (const slot of batch) slot.write(numbered(60));
      batch.commit(Math.min(s.commit, batch.length));
    } else this.drain(s.lane);
  }

  private take(burst: Iterable<import('../packet/types.ts').Packet>, send: readonly number[]): void {
    let i = 0;
    for (const p of burst) {
      const number = p.ipv4!.dst & 0xffff;
      expect(number).toBeGreaterThan(this.last[p.port]!);
      this.last[p.port] = number;
      if (!send.includes(i++)) continue;
      this.echoed.set(number, p.port);
      expect(this.queue.send(p)).toBe(true);
    }
  }

  /** Every slot on a lane's tx is the lane's, and what was received goes out on the lane it came from. */
  drain(on: number): void {
    const q = double.queue;
    const from = q.sent.length;
    for (const d of q.drain(true, on)) expect(Math.floor((d.offset >> 11) / SHARE)).toBe(on);
    for (const frame of q.sent.slice(from)) {
      if (frame.length === 60) continue;
      expect(this.echoed.get((frame[32]! << 8) | frame[33]!)).toBe(on);
    }
  }
}

test('whatever is done, a slot never changes its lane, a lane keeps its order, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const queue = await client.openRxTx({ port: 0 });
      const run = new Run(queue);
      for (const s of steps) run.step(s);
      while (queue.poll(() => 0) > 0);
      for (const l of lanes) run.drain(l);
      queue.poll(() => 0);
      for (const l of lanes) {
        double.queue.takeFill(l);
        const filled = slotsOf(double.queue.filled[l]!);
        expect(filled.length).toBe(Math.floor(SHARE / 2));
        expect(new Set(filled).size).toBe(filled.length);
        for (const slot of filled) expect(Math.floor(slot / SHARE)).toBe(l);
      }
      using batch = queue.reserve(64);
      expect(batch.length).toBe(LANES * Math.ceil(SHARE / 2));
      batch[Symbol.dispose]();
      await queue.close();
      double.queue.release();
    }),
    { numRuns: 60 },
  );
});
