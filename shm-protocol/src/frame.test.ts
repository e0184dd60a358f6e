// SPDX-License-Identifier: BSD-3-Clause
import { decode, encode } from '@msgpack/msgpack';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { vector } from '../test/vectors.ts';
import { WdpdkError } from './errors.ts';
import { FrameDecoder, encodeFrame } from './frame.ts';
import { checkMessagePack } from './msgpack-check.ts';
import { FRAME_MAX_BYTES } from './protocol.ts';

const bytes = (...list: number[]) => Uint8Array.from(list);
const sequence = (from: number, count: number) => Uint8Array.from({ length: count }, (_, i) => from + i);

const FRAMES: Record<string, unknown> = {
  'frame-hello': [
    0,
    1,
    'hello',
    { major: 1, minor: 0, version: '0.1.0', name: 'ids', want: ['observe', 'receive'], pid: 4711 },
  ],
  'frame-response': [
    1,
    7,
    null,
    {
      queue: 3,
      segment: { size: 8388608, generation: 0x8000000000000001n, ticket: sequence(0, 16) },
      port: 0,
      mtu: 65535,
    },
  ],
  'frame-error': [
    1,
    2,
    {
      code: 'WDPDK_E_CONFIG',
      message: 'refused',
      object: 'forwarding',
      remedy: 'correct it',
      issues: [{ path: 'routes[0].via', message: 'no port 9' }],
    },
    null,
  ],
  'frame-notify': [2, 'config', { generation: 70000, by: 'ids' }],
  'frame-doorbell': [2, 'doorbell', { token: sequence(0xf0, 16) }],
};

/** Buffers and Uint8Arrays alike. */
const plain = (value: unknown): unknown =>
  value instanceof Uint8Array
    ? [...value]
    : Array.isArray(value)
      ? value.map(plain)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]))
        : value;

function decoded(frame: Uint8Array): unknown[] {
  const values: unknown[] = [];
  new FrameDecoder().push(frame, (value) => values.push(value));
  return values;
}

const framed = (body: Uint8Array) => {
  const header = Buffer.alloc(4);
  header.writeUInt32LE(body.length);
  return Buffer.concat([header, body]);
};

describe('golden frames', () => {
  test.each(Object.entries(FRAMES))('%s reads as written', (name, value) => {
    expect(decoded(vector(name)).map(plain)).toEqual([plain(value)]);
  });
  test.each(Object.entries(FRAMES))(
    'a third-party decoder reads %s alike, from the vector and from us',
    (name, value) => {
      expect(plain(decode(vector(name).subarray(4), { useBigInt64: true }))).toEqual(plain(value));
      const ours = encodeFrame(value);
      expect(ours.readUInt32LE(0)).toBe(ours.length - 4);
      expect(plain(decode(ours.subarray(4), { useBigInt64: true }))).toEqual(plain(value));
    },
  );
});

describe('what goes out', () => {
  test('keys without a value are left out, undefined elsewhere becomes nil', () => {
    expect(decode(encodeFrame([0, 1, 'm', { a: undefined, b: 1, c: [undefined] }]).subarray(4))).toEqual([
      0,
      1,
      'm',
      { b: 1, c: [null] },
    ]);
  });
  test('integers of 33 bits and more stay integers', () => {
    const body = encodeFrame([2 ** 32, -(2 ** 40), 2 ** 53 - 1]).subarray(4);
    expect(decode(body, { useBigInt64: true })).toEqual([2n ** 32n, -(2n ** 40n), 2n ** 53n - 1n]);
  });
  test('nothing over the limit leaves', () => {
    expect(() => encodeFrame('x'.repeat(FRAME_MAX_BYTES))).toThrow(RangeError);
  });
});

describe('what comes in', () => {
  test('frames arrive whole however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (cuts) => {
        const stream = Buffer.concat(Object.keys(FRAMES).map(vector));
        const decoder = new FrameDecoder();
        const values: unknown[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const step = cuts[i % cuts.length]!;
          decoder.push(stream.subarray(at, at + step), (value) => values.push(value));
          at += step;
        }
        expect(values.map(plain)).toEqual(Object.values(FRAMES).map(plain));
      }),
    );
  });
  test.each([
    ['length zero', Buffer.from([0, 0, 0, 0])],
    ['length over the limit', Buffer.from([1, 0, 0x10, 0])],
    ['bytes behind the value', framed(bytes(0xc0, 0xc0))],
    ['extension type', framed(bytes(0xd4, 0x00, 0x00))],
    ['timestamp extension', framed(bytes(0xd6, 0xff, 0, 0, 0, 0))],
    ['reserved type', framed(bytes(0xc1))],
    ['number as a key', framed(bytes(0x81, 0x01, 0x01))],
    ['NaN', framed(bytes(0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0))],
    ['infinity', framed(bytes(0xca, 0x7f, 0x80, 0, 0))],
    ['text cut short', framed(bytes(0xa5, 0x61))],
    ['array of four thousand million', framed(bytes(0xdd, 0xff, 0xff, 0xff, 0xff))],
    ['map of four thousand million', framed(bytes(0xdf, 0xff, 0xff, 0xff, 0xff))],
    ['nested too deeply', framed(Uint8Array.from({ length: 30 }, (_, i) => (i < 29 ? 0x91 : 0xc0)))],
  ])('%s is refused', (_, frame) => {
    expect(() => decoded(frame)).toThrow(expect.objectContaining({ code: 'WDPDK_E_PROTOCOL' }));
  });
  test('the check lets every sane value pass and agrees on its end', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.string(),
        fc.boolean(),
        fc.constant(null),
        fc.uint8Array(),
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(value, fc.nat(), (v, cut) => {
        const body = encode(v);
        expect(checkMessagePack(body)).toBeUndefined();
        const part = body.subarray(0, cut % body.length);
        expect(checkMessagePack(part)).toBeDefined();
      }),
    );
  });
  test('random bytes give a value or WDPDK_E_PROTOCOL, nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (body) => {
        try {
          decoded(framed(body));
        } catch (error) {
          expect(WdpdkError.is(error, 'WDPDK_E_PROTOCOL')).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
