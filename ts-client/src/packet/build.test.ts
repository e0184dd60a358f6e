// SPDX-License-Identifier: BSD-3-Clause
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, checksum, checksumsHold, udp4 } from '../../test/frames.ts';
import { formatIp6, parseIp6 } from '../address.ts';
import type { FrameSpec } from './build-types.ts';
import { frame, parse } from './build.ts';

const coded = (code: string, object: string) => expect.objectContaining({ code, object });
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const u16 = fc.nat(0xffff);
const ip6 = fc.uint8Array({ minLength: 16, maxLength: 16 });

/** The transport checksum of an IPv6 frame over its pseudo header, by the text of RFC 8200; 0 when it is right. */
const sum6 = (b: Uint8Array, l3: number, protocol: number) => {
  const pseudo = Buffer.alloc(40);
  Buffer.from(b).copy(pseudo, 0, l3 + 8, l3 + 40);
  pseudo.writeUInt32BE(b.length - l3 - 40, 32);
  pseudo[39] = protocol;
  const all = Buffer.concat([pseudo, b.subarray(l3 + 40)]);
  return checksum(all, 0, all.length);
};

describe('frame', () => {
  test('is byte for byte what was written down by hand', () => {
    const eth = { dst: '02:00:00:00:00:0a', src: '02:00:00:00:00:0b' };
    const ipv4 = { src: '10.0.0.1', dst: '10.0.0.2' };
    const payload = Uint8Array.of(1, 2, 3, 4);
    const udp = { srcPort: 1000, dstPort: 53 };
    expect(hex(frame({ eth, ipv4, udp, payload }))).toBe(hex(udp4()));
    expect(hex(frame({ eth, vlan: { id: 100, priority: 3 }, ipv4, udp, payload }))).toBe(hex(udp4({ vlan: 0x6064 })));
    expect(hex(frame({ eth, ipv4, udp: { ...udp, checksum: 0 }, payload }))).toBe(hex(udp4({ zeroChecksum: true })));
    expect(
      hex(frame({ arp: { senderIp: '192.168.0.1', targetIp: '192.168.0.2' }, eth: { dst: 'ff:ff:ff:ff:ff:ff' } })),
    ).toBe('ffffffffffff020000000001080600010800060400010200000000' + '01c0a80001000000000000c0a80002');
    expect(
      hex(frame({ ipv4: { ...ipv4, id: 1 }, icmp: {}, eth: { dst: '02:00:00:00:00:02', src: '02:00:00:00:00:01' } })),
    ).toBe(
      hex(bytesOf(`020000000002020000000001 0800 4500001c 00010000 4001 66de 0a000001 0a000002 0800f7ff 00000000`)),
    );
  });

  test('is read back as it was described, and every checksum holds', () => {
    const transport: fc.Arbitrary<FrameSpec> = fc.oneof(
      fc.record({ udp: fc.record({ srcPort: u16, dstPort: u16 }) }),
      fc.record({
        tcp: fc.record({ srcPort: u16, dstPort: u16, seq: fc.nat(0xffffffff), flags: fc.nat(255), window: u16 }),
      }),
      fc.record({ icmp: fc.record({ type: fc.nat(255), code: fc.nat(255), id: u16, seq: u16 }) }),
    );
    const ends = fc.record({ src: ip6, dst: ip6, ttl: fc.nat(255), tos: fc.nat(255), four: fc.boolean() });
    fc.assert(
      fc.property(transport, ends, fc.uint8Array({ maxLength: 300 }), fc.nat(80), (layer, e, payload, padTo) => {
        const [src, dst] = [formatIp6(e.src, 0), formatIp6(e.dst, 0)];
        const quad = (b: Uint8Array) => [...b.subarray(0, 4)].join('.');
        const network: FrameSpec = e.four
          ? { ipv4: { src: quad(e.src), dst: quad(e.dst), ttl: e.ttl, tos: e.tos } }
          : { ipv6: { src, dst, hopLimit: e.ttl, trafficClass: e.tos } };
        const bytes = frame({ ...network, ...layer, payload, padTo });
        const p = parse(bytes);
        if (e.four) expect(p.ipv4).toMatchObject({ srcText: quad(e.src), dstText: quad(e.dst), ttl: e.ttl });
        else expect(p.ipv6).toMatchObject({ srcText: src, dstText: dst, hopLimit: e.ttl });
        if (layer.udp) expect(p.udp).toMatchObject(layer.udp);
        if (layer.tcp) expect(p.tcp).toMatchObject(layer.tcp);
        if (layer.icmp) expect(p.icmp).toMatchObject({ type: layer.icmp.type, code: layer.icmp.code });
        expect(bytes.length).toBe(Math.max(padTo, 14 + (e.four ? 20 : 40) + (layer.tcp ? 20 : 8) + payload.length));
        const whole = bytes.subarray(0, 14 + (e.four ? 20 : 40) + (layer.tcp ? 20 : 8) + payload.length);
        const protocol = layer.udp ? 17 : layer.tcp ? 6 : e.four ? 1 : 58;
        if (!e.four) expect(sum6(whole, 14, protocol)).toBe(0);
        else if (layer.icmp) expect([checksum(whole, 14, 34), checksum(whole, 34, whole.length)]).toEqual([0, 0]);
        else expect(checksumsHold(whole, protocol)).toBe(true);
      }),
    );
  });

  test('two tags, options, fragments and an unknown payload', () => {
    const tagged = frame({ vlan: [7, { id: 100, dropEligible: true }], payload: 'x' });
    expect(hex(tagged.subarray(12, 22))).toBe('88a8000781001064' + '88b5');
    const p = parse(
      frame({
        ipv4: { options: Uint8Array.of(1, 1, 1, 0), moreFragments: true, dontFragment: true },
        tcp: { options: new Uint8Array(8) },
        payload: 'ab',
      }),
    );
    expect(p.ipv4).toMatchObject({ headerLength: 24, length: 24 + 28 + 2 });
    expect(p.tcp!.payloadOffset).toBe(14 + 24 + 28);
    expect(p.u16(20)).toBe(0x6000);
    expect(parse(frame({ ipv4: { fragmentOffset: 1480, protocol: 17 }, payload: 'later' })).u16(20)).toBe(185);
    expect(parse(frame({ udp: {} })).ipv4!.dstText).toBe('192.0.2.2');
  });

  const bad: [string, FrameSpec][] = [
    ['ipv4.ttl', { ipv4: { ttl: 256 } }],
    ['udp.dstPort', { udp: { dstPort: -1 } }],
    ['udp.srcPort', { udp: { srcPort: 1.5 } }],
    ['vlan.id', { vlan: 4096 }],
    ['frame', { ipv4: {}, ipv6: {} }],
    ['frame', { udp: {}, tcp: {} }],
    ['frame', { arp: {}, udp: {} }],
    ['ipv4.options', { ipv4: { options: new Uint8Array(3) } }],
    ['ipv4.fragmentOffset', { ipv4: { fragmentOffset: 4 } }],
    ['10.0.0', { ipv4: { src: '10.0.0' } }],
    ['1::2::3', { ipv6: { dst: '1::2::3' } }],
    ['here', { eth: { src: 'here' } }],
    ['ipv4.length', { ipv4: {}, payload: new Uint8Array(65_516) }],
  ];
  test.each(bad)('names %s when it is refused', (object, spec) => {
    expect(() => frame(spec)).toThrow(coded('WDPDK_E_ARGUMENT', object));
  });
});

describe('IPv6 addresses', () => {
  test('are read in every form they are written in', () => {
    fc.assert(
      fc.property(ip6, (bytes) => {
        expect(hex(parseIp6(formatIp6(bytes, 0)))).toBe(hex(bytes));
        const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!).toString(16));
        expect(hex(parseIp6(groups.join(':').toUpperCase()))).toBe(hex(bytes));
        expect(hex(parseIp6(`${groups.slice(0, 6).join(':')}:${[...bytes.subarray(12)].join('.')}`))).toBe(hex(bytes));
      }),
    );
    expect(hex(parseIp6('::ffff:192.0.2.1'))).toBe('00000000000000000000ffffc0000201');
    expect(hex(parseIp6('::'))).toBe('0'.repeat(32));
  });
  test.each([
    '',
    ':',
    ':::',
    '1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    'g::',
    '12345::',
    '::1.2.3.256',
    '::1.2.3',
    '1.2.3.4',
  ])('are refused: %j', (text) => {
    expect(() => parseIp6(text)).toThrow(coded('WDPDK_E_ARGUMENT', text));
  });
});

test('parse reads and changes the bytes it was given, wherever they lie in their buffer', () => {
  const buffer = new Uint8Array(200);
  buffer.set(udp4(), 33);
  const bytes = buffer.subarray(33, 33 + udp4().length);
  const p = parse(bytes);
  p.udp!.dstPort = 99;
  p.ipv4!.ttl = 1;
  expect(checksumsHold(bytes)).toBe(true);
  expect([p.length, p.wireLength, p.port, p.hash, p.timestampNs]).toEqual([46, 46, 0, 0, 0n]);
  expect(hex(p.copy())).toBe(hex(bytes));
  expect(() => p.u8(46)).toThrow(RangeError);
  expect(() => parse(new Uint8Array())).toThrow(coded('WDPDK_E_ARGUMENT', 'frame'));
});
