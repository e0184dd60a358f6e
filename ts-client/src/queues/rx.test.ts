// SPDX-License-Identifier: BSD-3-Clause
import { protocol as P, WdpdkError } from 'shared-memory-ipc';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Double } from '../../test/double.ts';
import { numbered, udp4 } from '../../test/frames.ts';
import type { Client } from '../client.ts';
import type { Packet } from '../packet/types.ts';
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

const coded = (code: string) => expect.objectContaining({ code });
const lengths = () => {
  const out: number[] = [];
  queue.poll((burst) => {
    for (const p of burst) out.push(p.length);
  });
  return out;
};

test('every receive option goes to the dataplane as it was given', async () => {
  const options = {
    port: 'any',
    at: 'tx',
    match: { any: [{ proto: 'udp', dstPort: [53, 54] }, { not: { src: '10.0.0.0/8' } }] },
    action: 'redirect',
    priority: -3,
    fanout: { group: 'ids', by: 'rss', buckets: 512 },
    snaplen: 96,
    slots: 128,
    slotSize: 4096,
    metadata: false,
    checksums: true,
  } as const;
  await client.openRx({ ...options, timeoutMs: 1000 });
  expect(double.requests.at(-1)).toEqual({ method: 'queue.open', params: { kind: 'rx', ...options } });
});

describe('poll', () => {
  test('posts every slot it may at the start', () => {
    expect(double.queue.takeFill()).toBe(64);
  });

  test('hands over what was delivered, in order, and gives the slots back', () => {
    let at = 60;
    // Three times round the rings, across the wrap of their indexes.
    for (let round = 0; round < 30; round++) {
      const frames = Array.from({ length: 7 }, () => numbered(at++));
      expect(double.queue.deliver(frames, { port: round & 1, hash: round })).toBe(7);
      const seen: Uint8Array[] = [];
      const n = queue.poll((burst) => {
        expect(burst.length).toBe(7);
        for (const p of burst) {
          expect(p.port).toBe(round & 1);
          expect(p.hash).toBe(round);
          seen.push(p.copy());
        }
      });
      expect(n).toBe(7);
      expect(seen.map((b) => [...b])).toEqual(frames.map((b) => [...b]));
    }
    expect(double.queue.takeFill()).toBe(64);
  });

  test('without frames the handler is not called', () => {
    expect(queue.poll(() => expect.unreachable())).toBe(0);
  });

  test('takes at most max frames', () => {
    double.queue.deliver(Array.from({ length: 10 }, () => udp4()));
    expect(queue.poll((b) => void expect(b.length).toBe(4), 4)).toBe(4);
    expect(queue.poll((b) => b.length, 256)).toBe(6);
    expect(() => queue.poll(() => 0, 0)).toThrow(RangeError);
    expect(() => queue.poll(() => 0, 257)).toThrow(RangeError);
  });

  test('a packet kept beyond its burst throws, its views too, and so does a position that is not there', () => {
    double.queue.deliver([udp4(), udp4()]);
    let kept!: Packet;
    let ip!: NonNullable<Packet['ipv4']>;
    queue.poll((b) => {
      kept = [...b][1]!;
      ip = kept.ipv4!;
      expect(ip.ttl).toBe(64);
      expect(() => b.at(2)).toThrow(RangeError);
    });
    const uses = [
      () => kept.length,
      () => kept.u8(0),
      () => kept.eth,
      () => ip.ttl,
      () => kept.copy(),
      () => kept.unsafeView(),
    ];
    for (const use of uses) expect(use).toThrow(coded('WDPDK_E_PACKET_EXPIRED'));
    // In strict mode it stays expired when its position is used again.
    double.queue.deliver([udp4(), udp4()]);
    queue.poll(() => {
      for (const use of uses) expect(use).toThrow(coded('WDPDK_E_PACKET_EXPIRED'));
    });
  });

  test('an asynchronous handler is refused, the burst ends all the same', () => {
    double.queue.deliver([udp4()]);
    // @ts-expect-error async handlers would outlive the burst
    expect(() => queue.poll(async () => 0)).toThrow(coded('WDPDK_E_ARGUMENT'));
    expect(double.queue.takeFill()).toBe(64);
  });

  test('an error of the handler passes through, the slots go back', () => {
    double.queue.deliver([udp4()]);
    const boom = new Error('boom');
    expect(() =>
      queue.poll(() => {
        throw boom;
      }),
    ).toThrow(boom);
    expect(double.queue.takeFill()).toBe(64);
    expect(queue.poll(() => 0)).toBe(0);
  });

  test('poll inside the handler is refused', () => {
    double.queue.deliver([udp4()]);
    queue.poll(() => {
      expect(() => queue.poll(() => 0)).toThrow(coded('WDPDK_E_IN_USE'));
    });
  });
});

describe('frames over several slots', () => {
  const frame = numbered(5000);

  test('are one packet whose every byte can be reached', () => {
    double.queue.deliver([udp4(), frame, udp4()]);
    queue.poll((b) => {
      expect(b.length).toBe(3);
      const p = b.at(1);
      expect([p.length, p.wireLength, p.contiguous]).toEqual([5000, 5000, false]);
      expect([...p.copy()]).toEqual([...frame]);
      const target = new Uint8Array(5010);
      expect(p.copyTo(target, 10)).toBe(5000);
      expect([...target.subarray(10)]).toEqual([...frame]);
      for (const at of [0, 1918, 1919, 1920, 3838, 3839, 3840, 4996]) {
        expect(p.u8(at)).toBe(frame[at]);
        expect(p.u16(at)).toBe((frame[at]! << 8) | frame[at + 1]!);
        expect(p.u32(at)).toBe(Buffer.from(frame).readUInt32BE(at));
      }
      expect(() => p.u32(4997)).toThrow(RangeError);
      expect(() => p.u8(5000)).toThrow(RangeError);
      expect(() => p.unsafeView()).toThrow(coded('WDPDK_E_ARGUMENT'));
    });
    expect(double.queue.takeFill()).toBe(64);
  });

  test('count as one for max', () => {
    double.queue.deliver([frame, frame]);
    expect(queue.poll((b) => b.at(0).length, 1)).toBe(1);
    expect(lengths()).toEqual([5000]);
  });
});

describe('a dataplane that breaks the protocol', () => {
  const slot = 2048;
  const cases: [string, (q: Double['queue']) => void][] = [
    ['offset outside the buffers', (q) => q.publishRaw(64 * slot + 128, 60, 0, 0)],
    ['offset 2^32-1', (q) => q.publishRaw(-1, 60, 0, 0)],
    ['no room for metadata', (q) => q.publishRaw(31, 60, 0, 0)],
    ['length zero', (q) => q.publishRaw(128, 0, 0, 0)],
    ['length beyond the slot', (q) => q.publishRaw(128, slot - 127, 0, 0)],
    ['length 2^32-1', (q) => q.publishRaw(128, -1, 0, 0)],
    ['unknown flag', (q) => q.publishRaw(128, 60, 0, 4)],
    ['the same slot twice', (q) => [q.publishRaw(128, 60, 0, 0), q.publishRaw(128, 60, 0, 0)]],
    ['a frame in part', (q) => q.publishRaw(128, 60, 0, P.DESC_FLAG_CONTD)],
    ['producer index ahead', (q) => void (q.words[q.word(P.AREA_RX, P.RING_PRODUCER)]! += 65)],
    ['producer index back', (q) => void (q.words[q.word(P.AREA_RX, P.RING_PRODUCER)]! -= 1)],
  ];
  test.each(cases)('ends the queue with a code: %s', async (_, spoil) => {
    const kept: Packet[] = [];
    spoil(double.queue);
    expect(() => queue.poll((b) => kept.push(...b))).toThrow(coded('WDPDK_E_PROTOCOL'));
    expect(kept).toEqual([]);
    expect(() => queue.poll(() => 0)).toThrow(coded('WDPDK_E_PROTOCOL'));
    await queue.close();
    expect(double.requests.map((r) => r.method)).toContain('queue.close');
    // Other queues of the client go on.
    const other = await client.openRx({ port: 0 });
    double.queue.deliver([udp4()]);
    expect(other.poll((b) => b.length)).toBe(1);
  });
});

describe('the end', () => {
  test('after close every use is refused and the statistics stay', async () => {
    double.queue.deliver([udp4()]);
    let kept!: Packet;
    queue.poll((b) => (kept = b.at(0)));
    await queue.close();
    expect(() => queue.poll(() => 0)).toThrow(coded('WDPDK_E_CLOSED'));
    expect(() => kept.length).toThrow(coded('WDPDK_E_PACKET_EXPIRED'));
    expect(queue.stats().delivered.packets).toBe(4242n);
    expect(queue.stats().delivered.bytes).toBe(BigInt(udp4().length));
    await queue.close();
  });

  test('close inside a handler expires the burst at once', async () => {
    double.queue.deliver([udp4()]);
    let closing!: Promise<void>;
    queue.poll((b) => {
      const p = b.at(0);
      closing = queue.close();
      expect(() => p.length).toThrow(coded('WDPDK_E_PACKET_EXPIRED'));
    });
    await closing;
  });

  test.each([
    [P.CLOSE_SHUTDOWN, /ended/],
    [P.CLOSE_BAD_INDEX, /bad_index/],
    [P.CLOSE_DEVICE_REMOVED, coded('WDPDK_E_DEVICE_REMOVED')],
  ])('seen in band by a loop that never returns to the event loop', (reason, text) => {
    double.queue.endInBand(reason);
    const until = performance.now() + 1000;
    expect(() => {
      while (performance.now() < until) queue.poll(() => 0);
    }).toThrow(text);
    expect(performance.now()).toBeLessThan(until);
  });

  test('a killed dataplane fails everything with WDPDK_E_GONE', async () => {
    const running = queue.run(() => 0);
    const iterating = queue.bursts().next();
    const asking = new Promise((_, reject) => {
      double.handlers['ports'] = () => new Promise(() => undefined);
      client.ports().catch(reject);
    });
    const outcomes = Promise.all(
      [running, iterating, asking].map((p) => expect(p).rejects.toThrow(coded('WDPDK_E_GONE'))),
    );
    setTimeout(() => double.kill(), 5);
    await outcomes;
    expect(() => queue.poll(() => 0)).toThrow(coded('WDPDK_E_GONE'));
    await expect(client.openRx({ port: 0 })).rejects.toThrow(coded('WDPDK_E_GONE'));
    expect(WdpdkError.is(await client.forwarding.get().catch((e: unknown) => e), 'WDPDK_E_GONE')).toBe(true);
  });
});
