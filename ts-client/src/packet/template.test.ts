// SPDX-License-Identifier: BSD-3-Clause
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Double } from '../../test/double.ts';
import { numbered } from '../../test/frames.ts';
import type { Client } from '../client.ts';
import type { TxQueue, TxSlot } from '../queues/types.ts';
import type { FrameSpec } from './build-types.ts';
import { frame } from './build.ts';
import { type Template, template } from './template.ts';

let double: Double;
let client: Client;
let tx: TxQueue;
beforeEach(async () => {
  double = await Double.start();
  client = await double.attach();
  tx = await client.openTx({ port: 0 });
});
afterEach(async () => {
  await client.close();
  double.stop();
});

const coded = (code: string) => expect.objectContaining({ code });
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** What the dataplane gets of one slot. */
function sent(fill: (slot: TxSlot) => void): Uint8Array {
  using batch = tx.reserve(1);
  fill(batch.at(0));
  batch.commit();
  double.queue.drain();
  return double.queue.sent.at(-1)!;
}

describe('a template', () => {
  test.each([14, 15, 60, 61, 63, 64, 127, 128, 129, 130, 1500, 1920])(
    'of %d bytes is copied whole and alone',
    (length) => {
      const bytes = numbered(length);
      const t = template(bytes);
      expect(t.length).toBe(length);
      bytes.fill(0);
      for (let i = 0; i < 70; i++) expect(hex(sent((slot) => slot.from(t)))).toBe(hex(numbered(length)));
    },
  );

  test('that is none, too short or too long is refused', () => {
    expect(() => template(new Uint8Array(13))).toThrow(coded('WDPDK_E_ARGUMENT'));
    expect(() => template({ vlan: 5000 })).toThrow(coded('WDPDK_E_ARGUMENT'));
    using batch = tx.reserve(1);
    expect(() => batch.at(0).from({ length: 60 } as Template)).toThrow(coded('WDPDK_E_ARGUMENT'));
    expect(() => batch.at(0).from(template(new Uint8Array(1921)))).toThrow(RangeError);
    batch[Symbol.dispose]();
    expect(() => batch.at(0).from(template(new Uint8Array(60)))).toThrow(coded('WDPDK_E_PACKET_EXPIRED'));
  });

  const places: [string, FrameSpec, Partial<Template['offsets']>][] = [
    ['UDP', { udp: {} }, { network: 14, src: 26, dst: 30, transport: 34, srcPort: 34, dstPort: 36, payload: 42 }],
    [
      'TCP with options on IPv6 in a VLAN',
      { vlan: 5, ipv6: {}, tcp: { options: new Uint8Array(8) } },
      { network: 18, src: 26, dst: 42, transport: 58, srcPort: 58, dstPort: 60, payload: 86 },
    ],
    ['ICMP', { icmp: {} }, { network: 14, transport: 34, srcPort: undefined, payload: 42 }],
    ['ARP', { arp: {} }, { network: 14, src: undefined, transport: undefined, payload: 42 }],
    [
      'a later fragment',
      { ipv4: { fragmentOffset: 8, protocol: 17 }, payload: 'x' },
      { transport: undefined, payload: 34 },
    ],
    ['nothing known', { payload: 'x' }, { network: undefined, src: undefined, transport: undefined, payload: 14 }],
  ];
  test.each(places)('says where the fields of %s lie', (_, spec, offsets) => {
    expect(template(spec).offsets).toMatchObject(offsets);
  });
});

describe('setters keep', () => {
  /** A field of a frame that can be described and set. */
  interface Field {
    of: (value: number) => FrameSpec;
    set: (slot: TxSlot, t: Template, value: number) => void;
  }
  const base = { src: '10.0.0.1', dst: '10.0.0.2' };
  const quad = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
  const payload = (value: number) => Uint8Array.of(1, value >>> 24, value >>> 16, value >>> 8, value, 9, 9);
  const fields: [string, Field][] = [
    [
      'an address under UDP',
      {
        of: (v) => ({ ipv4: { ...base, src: quad(v) }, udp: {}, payload: 'abc' }),
        set: (s, t, v) => s.setU32(t.offsets.src!, v),
      },
    ],
    [
      'an address under TCP',
      {
        of: (v) => ({ ipv4: { ...base, dst: quad(v) }, tcp: {}, payload: 'abc' }),
        set: (s, t, v) => s.setU32(t.offsets.dst!, v),
      },
    ],
    [
      'an address under ICMP',
      { of: (v) => ({ ipv4: { ...base, dst: quad(v) }, icmp: {} }), set: (s, t, v) => s.setU32(t.offsets.dst!, v) },
    ],
    [
      'a port',
      { of: (v) => ({ udp: { srcPort: v & 0xffff } }), set: (s, t, v) => s.setU16(t.offsets.srcPort!, v & 0xffff) },
    ],
    [
      'a port in a VLAN on IPv6',
      {
        of: (v) => ({ vlan: 9, ipv6: {}, tcp: { dstPort: v & 0xffff } }),
        set: (s, t, v) => s.setU16(t.offsets.dstPort!, v & 0xffff),
      },
    ],
    [
      'a sequence number',
      { of: (v) => ({ tcp: { seq: v }, payload: 'x' }), set: (s, t, v) => s.setU32(t.offsets.transport! + 4, v) },
    ],
    [
      'an echo number',
      {
        of: (v) => ({ icmp: { seq: v & 0xffff }, payload: 'odd' }),
        set: (s, t, v) => s.setU16(t.offsets.transport! + 6, v & 0xffff),
      },
    ],
    [
      'an echo number on IPv6',
      { of: (v) => ({ ipv6: {}, icmp: { rest: v } }), set: (s, t, v) => s.setU32(t.offsets.transport! + 4, v) },
    ],
    [
      'payload at an odd place',
      { of: (v) => ({ udp: {}, payload: payload(v) }), set: (s, t, v) => s.setU32(t.offsets.payload + 1, v) },
    ],
    [
      'the last odd byte',
      {
        of: (v) => ({ udp: {}, payload: Uint8Array.of(1, 2, v) }),
        set: (s, t, v) => s.setU8(t.offsets.payload + 2, v & 255),
      },
    ],
    [
      'the hop limit',
      { of: (v) => ({ ipv4: { ttl: v & 255 }, udp: {} }), set: (s, t, v) => s.setU8(t.offsets.network! + 8, v & 255) },
    ],
    [
      'the MAC address',
      {
        of: (v) => ({ eth: { dst: `02:00:00:00:00:${(v & 255).toString(16).padStart(2, '0')}` }, udp: {} }),
        set: (s, _, v) => s.setU8(5, v & 255),
      },
    ],
    ['padding, which nothing covers', { of: () => ({ udp: {}, padTo: 60 }), set: (s) => s.setU16(58, 0) }],
    [
      'a zero checksum zero',
      {
        of: (v) => ({ udp: { checksum: 0, srcPort: v & 0xffff } }),
        set: (s, t, v) => s.setU16(t.offsets.srcPort!, v & 0xffff),
      },
    ],
  ];

  /** Zero has two forms in one's complement arithmetic, and a header that sums up to it may end with either. */
  const plain = (bytes: Uint8Array) => hex(bytes).replaceAll('ffff', '0000');

  test.each(fields)('%s', (_, field) => {
    const value = fc.oneof(fc.nat(0xffffffff), fc.constantFrom(0, 0xffff, 0xffff0000, 0xffffffff));
    fc.assert(
      fc.property(value, fc.array(value, { minLength: 1, maxLength: 4 }), (first, then) => {
        const t = template(field.of(first));
        const bytes = sent((slot) => {
          slot.from(t);
          for (const v of then) field.set(slot, t, v);
        });
        expect(plain(bytes)).toBe(plain(frame(field.of(then.at(-1)!))));
      }),
      { numRuns: 200 },
    );
  });

  test('a checksum that is written as it is written', () => {
    const t = template({ udp: {} });
    expect(hex(sent((slot) => slot.from(t).setU16(40, 0x1234)).subarray(40, 42))).toBe('1234');
    const cleared = sent((slot) => slot.from(t).setU16(t.offsets.transport! + 6, 0));
    expect(hex(cleared.subarray(40, 42))).toBe('0000');
  });

  test('nothing when they are told to leave it, nor after write(), nor for a packet that is not whole', () => {
    const spec: FrameSpec = { udp: { srcPort: 1 } };
    const sum = hex(frame(spec).subarray(40, 42));
    const t = template(spec, { checksums: 'leave' });
    expect(hex(sent((slot) => slot.from(t).setU16(34, 5)).subarray(40, 42))).toBe(sum);
    const kept = template(spec);
    expect(hex(sent((slot) => slot.from(kept).write(frame(spec)).setU16(34, 5)).subarray(40, 42))).toBe(sum);
    for (const part of [
      { udp: { srcPort: 1 }, ipv4: { moreFragments: true } },
      { udp: { srcPort: 1 }, ipv4: { length: 100 } },
    ]) {
      const before = frame(part);
      const after = sent((slot) => slot.from(template(before)).setU16(34, 5));
      expect(hex(after.subarray(36))).toBe(hex(before.subarray(36)));
    }
  });

  test('a wrong checksum just as wrong', () => {
    const t = template({ udp: { checksum: 0x1111, srcPort: 5 } });
    expect(hex(sent((slot) => slot.from(t).setU16(34, 9)).subarray(40, 42))).toBe('110d');
  });
});
