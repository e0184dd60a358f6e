// SPDX-License-Identifier: BSD-3-Clause
import { protocol as P } from 'shared-memory-ipc';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Double } from '../../test/double.ts';
import { numbered, udp4 } from '../../test/frames.ts';
import type { Client } from '../client.ts';
import type { Packet } from '../packet/types.ts';

let double: Double;
let client: Client;

beforeEach(async () => {
  double = await Double.start();
  client = await double.attach();
});
afterEach(async () => {
  await client.close();
  double.stop();
});

const coded = (code: string) => expect.objectContaining({ code });
const hex = (frames: readonly Uint8Array[]) => frames.map((f) => Buffer.from(f).toString('hex'));

describe('a tx queue', () => {
  test('sends what was written, with clean descriptors, round and round', async () => {
    const tx = await client.openTx({ port: 1 });
    const written: Uint8Array[] = [];
    for (let round = 0; round < 20; round++) {
      using batch = tx.reserve(10);
      expect(batch.length).toBe(10);
      let n = 0;
      for (const slot of batch) {
        const frame = Buffer.from(numbered(60 + round));
        slot
          .write(frame)
          .setU32(42, 0xdeadbe00 + n)
          .setU16(20, round)
          .setU8(0, n);
        frame.writeUInt32BE(0xdeadbe00 + n, 42);
        frame.writeUInt16BE(round, 20);
        frame[0] = n++;
        written.push(frame);
      }
      expect(batch.commit()).toBe(10);
      for (const d of double.queue.drain()) {
        expect(d.offset % 2048).toBe(P.UMEM_HEADROOM);
        expect([d.portFlags, d.meta]).toEqual([0, 0]);
      }
    }
    expect(hex(double.queue.sent)).toEqual(hex(written));
  });

  test('an uncommitted batch gives its slots back; what is on its way does not come twice', async () => {
    const tx = await client.openTx({ port: 1 });
    {
      using batch = tx.reserve(64);
      expect(batch.length).toBe(64);
    }
    const batch = tx.reserve(64);
    for (const slot of batch) slot.write(udp4());
    expect(batch.commit(50)).toBe(50);
    expect(tx.reserve(64).length).toBe(14);
    expect(double.queue.drain(false)).toHaveLength(50);
  });

  test('one batch at a time, none after its end, no frame shorter than its header', async () => {
    const tx = await client.openTx({ port: 1 });
    const batch = tx.reserve(2);
    expect(() => tx.reserve(1)).toThrow(coded('WDPDK_E_IN_USE'));
    expect(() => batch.commit()).toThrow(coded('WDPDK_E_ARGUMENT'));
    const slot = batch.at(0);
    expect(() => slot.setU16(0, 1)).toThrow(RangeError);
    expect(() => slot.write(new Uint8Array(1921))).toThrow(RangeError);
    slot.write(udp4());
    expect(batch.commit(1)).toBe(1);
    for (const round of [0, 1]) {
      expect(() => slot.write(udp4())).toThrow(coded('WDPDK_E_PACKET_EXPIRED'));
      expect(() => slot.setU8(0, 1)).toThrow(coded('WDPDK_E_PACKET_EXPIRED'));
      expect(() => batch.commit()).toThrow(coded('WDPDK_E_PACKET_EXPIRED'));
      expect(() => batch.at(0)).toThrow(coded('WDPDK_E_PACKET_EXPIRED'));
      expect(() => [...batch]).toThrow(coded('WDPDK_E_PACKET_EXPIRED'));
      // And while the next one is open: in strict mode it has other objects.
      if (round === 0) expect(tx.reserve(2).at(0)).not.toBe(slot);
    }
    expect(() => tx.reserve(0)).toThrow(RangeError);
  });

  test('writable waits for completions, flush for the last of them', async () => {
    const tx = await client.openTx({ port: 1 });
    const batch = tx.reserve(64);
    for (const slot of batch) slot.write(udp4());
    batch.commit();
    expect(tx.reserve(1).length).toBe(0);
    const writable = tx.writable(16);
    const flushed = tx.flush();
    await vi.waitFor(() => {
      expect(Atomics.load(double.queue.words, double.queue.word(P.AREA_COMPLETION, P.RING_ARMED))).toBe(1);
    });
    const taken = double.queue.drain(false).map((d) => d.offset & ~2047);
    double.queue.complete(taken.slice(0, 20));
    await writable;
    await expect(tx.flush({ timeoutMs: 20 })).rejects.toThrow(coded('WDPDK_E_TIMEOUT'));
    double.queue.complete(taken.slice(20));
    await flushed;
    await expect(tx.writable(65)).rejects.toThrow(RangeError);
  });

  test('sendFrame cuts a long frame into slots and is whole or not at all', async () => {
    const tx = await client.openTx({ port: 1 });
    const frame = numbered(65_549);
    expect(tx.sendFrame(frame)).toBe(true);
    expect(tx.sendFrame(frame)).toBe(false);
    const descriptors = double.queue.drain();
    expect(descriptors).toHaveLength(Math.ceil(65_549 / 1920));
    expect(hex(double.queue.sent)).toEqual(hex([frame]));
    expect(tx.sendFrame(frame)).toBe(true);
    expect(() => tx.sendFrame(new Uint8Array(13))).toThrow(coded('WDPDK_E_ARGUMENT'));
  });

  const broken: [string, (q: Double['queue']) => void][] = [
    ['a slot that is not on its way', (q) => q.complete([2048 * 40])],
    ['an offset that is no slot', (q) => q.complete([17])],
    ['an offset outside', (q) => q.complete([2048 * 64])],
    ['more completions than frames', (q) => q.complete([0, 0, 0])],
    ['an index that jumps', (q) => void (q.words[q.word(P.AREA_COMPLETION, P.RING_PRODUCER)]! += 100)],
  ];
  test.each(broken)('a dataplane that completes %s ends the queue', async (_, spoil) => {
    const tx = await client.openTx({ port: 1 });
    tx.sendFrame(udp4());
    spoil(double.queue);
    await expect(tx.flush()).rejects.toThrow(coded('WDPDK_E_PROTOCOL'));
    expect(() => tx.reserve(1)).toThrow(coded('WDPDK_E_PROTOCOL'));
  });

  test('a dead dataplane ends every wait', async () => {
    const tx = await client.openTx({ port: 1 });
    tx.sendFrame(udp4());
    const flushed = tx.flush();
    setTimeout(() => double.kill(), 5);
    await expect(flushed).rejects.toThrow(coded('WDPDK_E_GONE'));
  });
});

describe('an rxtx queue', () => {
  test('echoes from the same slot for ever, and loses none', async () => {
    const q = await client.openRxTx({ port: 0 });
    let n = 0;
    for (let round = 0; round < 40; round++) {
      const frames = Array.from({ length: 8 }, () => udp4({ srcPort: n++ & 0xffff }));
      expect(double.queue.deliver(frames)).toBe(8);
      q.poll((b) => {
        for (const p of b) {
          p.eth.swap();
          p.ipv4!.swap();
          p.udp!.swap();
          expect(q.send(p)).toBe(true);
          expect(() => p.length).toThrow(coded('WDPDK_E_PACKET_EXPIRED'));
          expect(() => q.send(p)).toThrow(coded('WDPDK_E_PACKET_EXPIRED'));
        }
      });
      double.queue.drain();
    }
    const want = Array.from({ length: n }, (_, i) => {
      const frame = udp4({ src: [10, 0, 0, 2], dst: [10, 0, 0, 1], srcPort: 53, dstPort: i & 0xffff });
      return Buffer.concat([frame.subarray(6, 12), frame.subarray(0, 6), frame.subarray(12)]);
    });
    expect(hex(double.queue.sent)).toEqual(hex(want));
  });

  test('half of the slots circulate for rx; the rest can always be reserved', async () => {
    const q = await client.openRxTx({ port: 0 });
    expect(double.queue.takeFill()).toBe(32);
    using batch = q.reserve(64);
    expect(batch.length).toBe(32);
  });

  test('frames over several slots are sent whole', async () => {
    const q = await client.openRxTx({ port: 0 });
    const frame = numbered(5000);
    double.queue.deliver([frame]);
    q.poll((b) => void expect(q.send(b.at(0))).toBe(true));
    expect(double.queue.drain()).toHaveLength(3);
    expect(hex(double.queue.sent)).toEqual(hex([frame]));
  });

  test('what was sent in a burst goes out even when its handler throws', async () => {
    const q = await client.openRxTx({ port: 0 });
    double.queue.deliver([udp4()]);
    expect(() =>
      q.poll((b) => {
        q.send(b.at(0));
        throw new Error('late');
      }),
    ).toThrow('late');
    expect(double.queue.drain()).toHaveLength(1);
  });

  test('a full ring is told, the packet stays', async () => {
    const q = await client.openRxTx({ port: 0 });
    let sent = 0;
    let refused = 0;
    // Nothing is drained or completed: after the 32 circulating slots, nothing can come any more.
    for (let round = 0; round < 3; round++) {
      double.queue.deliver(Array.from({ length: 32 }, () => udp4()));
      q.poll((b) => {
        for (const p of b)
          if (q.send(p)) sent++;
          else refused++;
      });
    }
    expect([sent, refused]).toEqual([32, 0]);
    using batch = q.reserve(64);
    for (const slot of batch) slot.write(udp4());
    expect(batch.commit()).toBe(32);
    double.queue.complete(double.queue.drain(false).map((d) => d.offset & ~2047));
    expect(q.poll(() => 0)).toBe(0);
    expect(double.queue.takeFill()).toBe(32);
  });

  test("another queue's packet is refused", async () => {
    const a = await client.openRxTx({ port: 0 });
    const first = double.queue;
    const b = await client.openRxTx({ port: 1 });
    first.deliver([udp4()]);
    a.poll((burst) => {
      expect(() => b.send(burst.at(0))).toThrow(coded('WDPDK_E_ARGUMENT'));
      expect(() => b.send({} as Packet)).toThrow(coded('WDPDK_E_ARGUMENT'));
    });
  });

  test('a waiting echo is woken by completions when all its slots are on their way', async () => {
    const q = await client.openRxTx({ port: 0 });
    const stop = new AbortController();
    let seen = 0;
    const running = q.run(
      (b) => {
        for (const p of b) {
          seen++;
          q.send(p);
        }
      },
      { signal: stop.signal },
    );
    double.queue.deliver(Array.from({ length: 32 }, () => udp4()));
    await vi.waitFor(() => expect(seen).toBe(32));
    expect(double.queue.deliver([udp4()])).toBe(0);
    double.queue.drain();
    await vi.waitFor(() => expect(double.queue.deliver([udp4()])).toBe(1), { timeout: 1000 });
    await vi.waitFor(() => expect(seen).toBe(33));
    stop.abort(new Error('done'));
    await expect(running).rejects.toThrow('done');
  });
});
