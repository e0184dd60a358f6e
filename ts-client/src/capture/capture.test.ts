// SPDX-License-Identifier: BSD-3-Clause
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { WdpdkError } from 'shared-memory-ipc';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CapturedFrame, PcapngEncoder, PcapngWriter, decodeCapture, readCapture } from './index.ts';
import { sourceOf } from './encoder.ts';

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(tmpdir(), 'wdpdk-capture-'))));
// At once: on Windows it fails while a file in it is open, and none may be when reading or writing it is over.
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(bytes: Uint8Array, size = 7): Promise<CapturedFrame[]> {
  const frames: CapturedFrame[] = [];
  for await (const frame of decodeCapture(pieces(bytes, size))) frames.push(frame);
  return frames;
}

const text = (frame: { bytes: Uint8Array }) => Buffer.from(frame.bytes).toString('hex');
/** Turns the words of a little-endian pcap of one two-byte frame around. */
const pcap = (magic: number, big: boolean, fraction: number): Buffer => {
  const out = Buffer.alloc(24 + 16 + 2);
  const u32 = (value: number, at: number) => (big ? out.writeUInt32BE(value, at) : out.writeUInt32LE(value, at));
  u32(magic, 0);
  u32(0x10000001, 20);
  u32(1_700_000_000, 24);
  u32(fraction, 28);
  u32(2, 32);
  u32(60, 36);
  out.writeUInt16BE(0xabcd, 40);
  return out;
};

describe('pcapng', () => {
  const frame = fc.record({
    bytes: fc.uint8Array({ maxLength: 300 }),
    timestampNs: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
    interface: fc.integer({ min: 0, max: 2 }),
    wireLength: fc.integer({ min: 0, max: 0xffffffff }),
    direction: fc.constantFrom('in' as const, 'out' as const, undefined),
    comment: fc.option(fc.string(), { nil: undefined }),
  });

  it('is read back as it was written, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 20 }), fc.integer({ min: 1, max: 5000 }), async (frames, size) => {
        const encoder = new PcapngEncoder({ application: 'a test', comment: 'ä' });
        for (const name of ['a', 'b, c', ''])
          encoder.addInterface({ name, snaplen: 300, mac: '02:00:00:00:00:01', filter: 'f' });
        for (const { bytes, ...info } of frames) encoder.frame(sourceOf(bytes), info);
        encoder.statistics(0, { startNs: 1n, endNs: 2n, received: 3n, dropped: 1n, delivered: 2n });
        const read = await all(encoder.take(), size);
        expect(read).toEqual(frames.map(({ bytes, ...info }) => ({ ...info, bytes, linkType: 1 })));
      }),
    );
  });

  it('refuses an interface that was not added', () => {
    expect(() => new PcapngEncoder().frame(sourceOf(new Uint8Array(60)), { timestampNs: 0n })).toThrow(RangeError);
  });

  it('cut or damaged anywhere gives whole frames and then one error with a code, or none', async () => {
    const encoder = new PcapngEncoder();
    encoder.addInterface({});
    for (let n = 0; n < 4; n++) encoder.frame(sourceOf(Uint8Array.from([n, n, n])), { timestampNs: BigInt(n) });
    const whole = Uint8Array.from(encoder.take());
    const tolerant = async (bytes: Uint8Array) => {
      try {
        for await (const { bytes: got } of decodeCapture(pieces(bytes, 11), 'x'))
          expect(got.length).toBeLessThan(1 << 24);
      } catch (error) {
        expect(WdpdkError.is(error, 'WDPDK_E_ARGUMENT'), String(error)).toBe(true);
      }
    };
    for (let length = 0; length < whole.length; length++) await tolerant(whole.subarray(0, length));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
        const bytes = Uint8Array.from(whole);
        bytes[at] = value;
        return tolerant(bytes);
      }),
    );
    await expect(all(whole.subarray(0, -2))).rejects.toThrow(/ends within a block/);
  });

  it('counts the interfaces of a later section on, and knows other resolutions', async () => {
    const one = new PcapngEncoder();
    one.addInterface({});
    one.frame(sourceOf(Uint8Array.of(1)), { timestampNs: 5n });
    const section = Buffer.from(one.take());
    const seconds = Buffer.from(section);
    // if_tsresol is the only option: microseconds in place of nanoseconds.
    seconds[seconds.indexOf(Buffer.from([9, 0, 1, 0, 9])) + 4] = 6;
    const frames = await all(Buffer.concat([section, seconds]));
    expect(frames.map((f) => [f.interface, f.timestampNs])).toEqual([
      [0, 5n],
      [1, 5000n],
    ]);
  });
});

describe('pcap', () => {
  it.each([
    ['microseconds, little endian', 0xa1b2c3d4, false, 250, 250_000n],
    ['microseconds, big endian', 0xa1b2c3d4, true, 250, 250_000n],
    ['nanoseconds, little endian', 0xa1b23c4d, false, 250, 250n],
    ['nanoseconds, big endian', 0xa1b23c4d, true, 250, 250n],
  ])('of %s', async (_, magic, big, fraction, ns) => {
    const [frame, ...more] = await all(pcap(magic, big, fraction));
    expect(more).toEqual([]);
    expect(frame).toMatchObject({ timestampNs: 1_700_000_000n * 1_000_000_000n + ns, linkType: 1, wireLength: 60 });
    expect(text(frame!)).toBe('abcd');
  });

  it('that breaks off says where', async () => {
    await expect(all(pcap(0xa1b23c4d, false, 0).subarray(0, 41))).rejects.toThrow(
      /ends within a frame \(near byte 41\)/,
    );
    await expect(all(Buffer.from('no capture at all, but a long enough text'))).rejects.toThrow(
      /neither pcap nor pcapng/,
    );
  });
});

describe('a file', () => {
  it('is written whole, however many frames, and read as a stream', async () => {
    const file = path.join(directory, 'a.pcapng');
    const writer = new PcapngWriter(file, { application: 'test' });
    writer.addInterface({ name: 'port 0' });
    for (let n = 0; n < 5000; n++) {
      writer.frame(new Uint8Array(100).fill(n), { timestampNs: BigInt(n), direction: 'in' });
      if (writer.full) await writer.drained();
    }
    await writer.close();
    let n = 0;
    for await (const { bytes, timestampNs } of readCapture(file)) {
      expect([bytes.length, bytes[99], timestampNs]).toEqual([100, n & 0xff, BigInt(n)]);
      n++;
    }
    expect(n).toBe(5000);
  });

  it('that cannot be written fails with its own error', async () => {
    const writer = new PcapngWriter(path.join(directory, 'not', 'there.pcapng'));
    writer.addInterface({});
    writer.frame(new Uint8Array(60), { timestampNs: 0n });
    await expect(writer.close()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('may be left in the middle', async () => {
    const file = path.join(directory, 'b.pcap');
    writeFileSync(file, Buffer.concat([pcap(0xa1b23c4d, false, 1), pcap(0xa1b23c4d, false, 2).subarray(24)]));
    expect(readFileSync(file).length).toBe(60);
    for await (const { timestampNs } of readCapture(file)) {
      expect(timestampNs % 10n).toBe(1n);
      break;
    }
  });
});
