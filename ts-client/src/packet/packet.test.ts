// SPDX-License-Identifier: BSD-3-Clause
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { vector } from '../../../shm-protocol/test/vectors.ts';
import { bytesOf, checksumsHold, udp4 } from '../../test/frames.ts';
import { formatIp4, ip4 } from '../address.ts';
import { frame } from './build.ts';
import { BurstView } from './burst.ts';
import { memoryOf } from './memory.ts';
import type { PacketView } from './packet.ts';

const BASE = 256;

/** A packet over `frame`, surrounded by bytes that are none of its business. */
function packet(frame: Uint8Array, metadata: Uint8Array | undefined = undefined): { p: PacketView; bytes: Uint8Array } {
  const buffer = new ArrayBuffer(BASE + frame.length + 256);
  const bytes = new Uint8Array(buffer).fill(0xee);
  bytes.set(frame, BASE);
  if (metadata) bytes.set(metadata, BASE - 32);
  const burst = new BurstView(memoryOf(buffer), metadata !== undefined, false);
  burst.prepare(1);
  return { p: burst.add(BASE, frame.length, 3), bytes: bytes.subarray(BASE, BASE + frame.length) };
}
const of = (bytes: Uint8Array) => packet(bytes).p;

// Real frames: a TCP SYN over IPv6, an ARP request, a ping over IPv4, a neighbour solicitation behind a hop-by-hop
// header.
const TCP6 = bytesOf(`
  020000000002 020000000001 86dd 60012345 0028 06 40 20010db8000000000000000000000001 20010db8000000000000000000000002
  c001 0050 01020304 0a0b0c0d a0 02 faf0 1234 0000 020405b40402080a0000000100000000 01030307`);
const ARP = bytesOf('ffffffffffff 020000000001 0806 0001 0800 06 04 0001 020000000001 c0a80001 000000000000 c0a80002');
const PING = bytesOf(
  '020000000002 020000000001 0800 4500001c 00010000 40 01 0000 0a000001 0a000002 08 00 f7ff 0000 0000',
);
const MLD = bytesOf(`
  333300000016 020000000001 86dd 60000000 0010 00 01 fe800000000000000000000000000001 ff020000000000000000000000000016
  3a 00 0502 0000 0100 8f 00 1234 00000000`);

describe('header views', () => {
  test('UDP over IPv4', () => {
    const p = of(udp4({ srcPort: 5353, dstPort: 53, ttl: 7 }));
    expect(p.eth).toMatchObject({ dst: '02:00:00:00:00:0a', src: '02:00:00:00:00:0b', type: 0x0800 });
    expect(p.ipv4).toMatchObject({
      srcText: '10.0.0.1',
      dstText: '10.0.0.2',
      ttl: 7,
      protocol: 17,
      length: 32,
      headerLength: 20,
    });
    expect(p.ipv4!.src).toBe(ip4('10.0.0.1'));
    expect(p.udp).toMatchObject({ srcPort: 5353, dstPort: 53, length: 12, payloadOffset: 42 });
    expect([p.vlan, p.arp, p.ipv6, p.tcp, p.icmp]).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });
  test('VLAN tags, one and two', () => {
    const p = of(udp4({ vlan: 0x6064 }));
    expect(p.vlan).toMatchObject({ id: 100, priority: 3 });
    expect(p.eth.type).toBe(0x0800);
    expect(p.udp?.dstPort).toBe(53);
    const tagged = udp4({ vlan: 5 });
    const double = Buffer.concat([tagged.subarray(0, 12), bytesOf('88a8 0007'), tagged.subarray(12)]);
    expect(of(double).vlan?.id).toBe(7);
    expect(of(double).udp?.dstPort).toBe(53);
  });
  test('TCP over IPv6', () => {
    const p = of(TCP6);
    expect(p.ipv6).toMatchObject({
      srcText: '2001:db8::1',
      dstText: '2001:db8::2',
      nextHeader: 6,
      hopLimit: 64,
      payloadLength: 40,
    });
    expect(p.tcp).toMatchObject({
      srcPort: 0xc001,
      dstPort: 80,
      seq: 0x01020304,
      ack: 0x0a0b0c0d,
      flags: 2,
      window: 0xfaf0,
      payloadOffset: 94,
    });
    expect(p.ipv4).toBeUndefined();
  });
  test('ARP, ICMP, and ICMPv6 behind an extension header', () => {
    expect(of(ARP).arp).toMatchObject({ operation: 1, senderMac: '02:00:00:00:00:01', targetMac: '00:00:00:00:00:00' });
    expect(formatIp4(of(ARP).arp!.senderIp)).toBe('192.168.0.1');
    expect(formatIp4(of(ARP).arp!.targetIp)).toBe('192.168.0.2');
    expect(of(PING).icmp).toMatchObject({ type: 8, code: 0, checksum: 0xf7ff });
    expect(of(MLD).ipv6).toMatchObject({ nextHeader: 58, srcText: 'fe80::1', dstText: 'ff02::16' });
    expect(of(MLD).icmp).toMatchObject({ type: 0x8f, code: 0 });
  });
  test('later fragments have no transport header', () => {
    const v4 = udp4();
    v4[20] = 0x00;
    v4[21] = 0x10;
    expect([of(v4).ipv4?.protocol, of(v4).udp]).toEqual([17, undefined]);
    const six = (offset: string) =>
      of(
        bytesOf(
          `020000000002 020000000001 86dd 60000000 0010 2c 40 ${'00'.repeat(32)} 11 00 ${offset} 00000001 0035 0035 0008 0000`,
        ),
      );
    expect([six('0008').ipv6?.nextHeader, six('0008').udp]).toEqual([17, undefined]);
    expect(six('0001').udp?.srcPort).toBe(53);
  });
  test('are absent, never wrong, in frames cut anywhere', () => {
    for (const frame of [udp4(), udp4({ vlan: 1 }), TCP6, ARP, PING, MLD]) {
      for (let length = 1; length <= frame.length; length++) {
        const { p } = packet(frame.subarray(0, length));
        // The bytes behind the frame are 0xee: nothing of them may be taken for a header.
        if (length < 14)
          expect([p.eth.type, p.ipv4, p.ipv6, p.arp, p.vlan]).toEqual([-1, undefined, undefined, undefined, undefined]);
        if (p.udp) expect(p.udp.dstPort).toBe(53);
        if (p.tcp) expect(p.tcp.dstPort).toBe(80);
        if (p.ipv4) expect(p.ipv4.dstText).toBe('10.0.0.2');
        if (p.arp) expect(length).toBe(frame.length);
      }
    }
  });
  test('whatever the bytes, no view reaches beyond the frame', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 120 }),
        fc.constantFrom('0800', '86dd', '8100', '0806'),
        (frame, type) => {
          if (frame.length >= 15) frame.set(bytesOf(type), 12);
          if (frame.length >= 15)
            frame[14] = type === '0800' ? 0x45 | (frame[14]! & 0x0f) : type === '86dd' ? 0x60 : frame[14]!;
          const p = of(frame);
          const end = frame.length;
          if (p.udp) expect(p.udp.payloadOffset).toBeLessThanOrEqual(end);
          if (p.tcp) expect(p.headers().l4 + 20).toBeLessThanOrEqual(BASE + end);
          if (p.icmp) expect(p.headers().l4 + 4).toBeLessThanOrEqual(BASE + end);
          if (p.ipv4) expect(p.headers().l3 + p.ipv4.headerLength).toBeLessThanOrEqual(BASE + end);
          if (p.ipv6) expect(p.headers().l3 + 40).toBeLessThanOrEqual(BASE + end);
          if (p.vlan) expect(p.headers().vlanAt + 4).toBeLessThanOrEqual(BASE + end);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('changes in place', () => {
  test('keep both checksums right', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffffffff),
        fc.nat(0xffffffff),
        fc.nat(255),
        fc.nat(0xffff),
        fc.nat(0xffff),
        fc.uint8Array(),
        (a, b, ttl, s, d, payload) => {
          const { p, bytes } = packet(udp4({ payload }));
          p.ipv4!.src = a as ReturnType<typeof ip4>;
          p.ipv4!.dst = b as ReturnType<typeof ip4>;
          p.ipv4!.ttl = ttl;
          p.udp!.srcPort = s;
          p.udp!.dstPort = d;
          expect([p.ipv4!.src, p.ipv4!.dst, p.ipv4!.ttl, p.udp!.srcPort, p.udp!.dstPort]).toEqual([a, b, ttl, s, d]);
          expect(checksumsHold(bytes)).toBe(true);
        },
      ),
    );
  });
  test('leave an absent UDP checksum absent', () => {
    const { p } = packet(udp4({ zeroChecksum: true }));
    p.udp!.dstPort = 99;
    p.ipv4!.dst = ip4('192.0.2.1');
    expect(p.udp!.checksum).toBe(0);
  });
  test('swap exchanges both ends and touches no checksum', () => {
    const { p, bytes } = packet(udp4());
    const sums = [p.ipv4!.checksum, p.udp!.checksum];
    p.eth.swap();
    p.ipv4!.swap();
    p.udp!.swap();
    expect([p.eth.dst, p.ipv4!.srcText, p.ipv4!.dstText, p.udp!.srcPort, p.udp!.dstPort]).toEqual([
      '02:00:00:00:00:0b',
      '10.0.0.2',
      '10.0.0.1',
      53,
      1000,
    ]);
    expect([p.ipv4!.checksum, p.udp!.checksum]).toEqual(sums);
    expect(checksumsHold(bytes)).toBe(true);
    const six = of(TCP6);
    six.ipv6!.swap();
    six.ipv6!.hopLimit = 3;
    six.tcp!.swap();
    expect([six.ipv6!.srcText, six.ipv6!.hopLimit, six.tcp!.srcPort]).toEqual(['2001:db8::2', 3, 80]);
  });
  test('of addresses are refused unless they are addresses', () => {
    const { p } = packet(udp4());
    p.eth.dst = 'aa:bb:cc:dd:ee:ff';
    expect(p.eth.dst).toBe('aa:bb:cc:dd:ee:ff');
    for (const bad of ['', 'aa:bb:cc:dd:ee', 'aa:bb:cc:dd:ee:gg', 'aabbccddeeff'])
      expect(() => (p.eth.src = bad)).toThrow(expect.objectContaining({ code: 'WDPDK_E_ARGUMENT' }));
    for (const bad of ['', '1.2.3', '1.2.3.256', '1.2.3.4.5', 'a.b.c.d', ' 1.2.3.4'])
      expect(() => ip4(bad)).toThrow(expect.objectContaining({ code: 'WDPDK_E_ARGUMENT' }));
  });
});

describe('answers in place', () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  const ip4Text = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((b) => b.join('.'));
  const macText = fc
    .uint8Array({ minLength: 6, maxLength: 6 })
    .map((b) => [...b].map((n) => n.toString(16).padStart(2, '0')).join(':'));

  test('an ARP request becomes the reply', () => {
    fc.assert(
      fc.property(ip4Text, ip4Text, macText, macText, fc.nat(30), (senderIp, targetIp, asker, mac, padTo) => {
        const eth = { dst: 'ff:ff:ff:ff:ff:ff', src: asker };
        const request = frame({ eth, arp: { senderIp, targetIp }, padTo: 30 + padTo, vlan: padTo & 1 ? 5 : [] });
        const { p, bytes } = packet(request);
        expect(p.arp!.reply(mac)).toBe(true);
        const arp = { operation: 2, senderMac: mac, senderIp: targetIp, targetMac: asker, targetIp: senderIp };
        const want = { eth: { dst: asker, src: mac }, arp, padTo: 30 + padTo, vlan: padTo & 1 ? 5 : [] };
        expect(hex(bytes)).toBe(hex(frame(want)));
        expect(p.arp!.reply(mac)).toBe(false);
        expect(hex(bytes)).toBe(hex(frame(want)));
      }),
    );
    expect(() => of(ARP).arp!.reply('here')).toThrow(expect.objectContaining({ code: 'WDPDK_E_ARGUMENT' }));
  });

  test('an echo request becomes the reply, on IPv4 and on IPv6', () => {
    const echo = fc.record({ id: fc.nat(0xffff), seq: fc.nat(0xffff) });
    fc.assert(
      fc.property(echo, fc.uint8Array(), fc.boolean(), fc.nat(255), (icmp, payload, four, ttl) => {
        const turned = (forth: boolean, type: number, hops: number) => {
          const [src, dst] = forth ? [1, 2] : [2, 1];
          const eth = { src: `02:00:00:00:00:0${src}`, dst: `02:00:00:00:00:0${dst}` };
          const network = four
            ? { ipv4: { src: `10.0.0.${src}`, dst: `10.0.0.${dst}`, ttl: hops } }
            : { ipv6: { src: `2001:db8::${src}`, dst: `2001:db8::${dst}`, hopLimit: hops } };
          return frame({ eth, ...network, icmp: { ...icmp, type }, payload });
        };
        const { p, bytes } = packet(turned(true, four ? 8 : 128, ttl));
        expect(p.icmp!.reply()).toBe(true);
        const want = turned(false, four ? 0 : 129, 64);
        // Both forms of zero mean the same; of a changed sum either may come out.
        const at = four ? 36 : 56;
        if (bytes[at] === 0xff && bytes[at + 1] === 0xff) bytes.set([0, 0], at);
        if (want[at] === 0xff && want[at + 1] === 0xff) want.set([0, 0], at);
        expect(hex(bytes)).toBe(hex(want));
        expect(p.icmp!.reply()).toBe(false);
      }),
    );
    expect(of(MLD).icmp!.reply()).toBe(false);
    expect(of(frame({ icmp: { code: 1 } })).icmp!.reply()).toBe(false);
  });
});

describe('a packet', () => {
  test('tells the golden metadata', () => {
    const { p } = packet(udp4(), vector('metadata'));
    expect([p.timestampNs, p.wireLength, p.hash, p.port]).toEqual([1726678914827627008n, 1514, 0x12345678, 3]);
    expect(p.packetType).toEqual({ l2: 'ether', l3: 'ipv4', l4: 'udp', bits: 0x0211 });
    expect(p.checksums).toEqual({ ip: 'good', l4: 'unknown' });
    // The port took the tag off: only the metadata know of it.
    expect(p.vlan).toMatchObject({ id: 100, priority: 3 });
    const { p: bare } = packet(udp4());
    expect([bare.timestampNs, bare.wireLength, bare.hash]).toEqual([0n, udp4().length, 0]);
    expect([bare.packetType.l2, bare.packetType.bits, bare.vlan]).toEqual([undefined, 0, undefined]);
    expect(bare.checksums).toEqual({ ip: 'unknown', l4: 'unknown' });
  });
  test('tells every packet type and verdict, and nothing of those that do not exist', () => {
    const told = (type: number, checksums: number) => {
      const metadata = new Uint8Array(32);
      new DataView(metadata.buffer).setUint16(18, type, true);
      metadata[20] = checksums;
      const { p } = packet(udp4(), metadata);
      return { ...p.packetType, ...{ ip: p.checksums.ip, sum: p.checksums.l4 } };
    };
    expect(told(0x0306, 0b1001)).toEqual({
      l2: 'vlan',
      l3: undefined,
      l4: 'fragment',
      bits: 0x306,
      ip: 'good',
      sum: 'bad',
    });
    expect(told(0x01c1, 0b0110)).toMatchObject({
      l2: 'ether',
      l3: 'ipv6-extensions',
      l4: 'tcp',
      ip: 'bad',
      sum: 'good',
    });
    expect(told(0x0543, 0)).toMatchObject({ l2: 'arp', l3: 'ipv6', l4: 'icmp' });
    expect(told(0x0637, 0)).toMatchObject({ l2: 'qinq', l3: 'ipv4-options', l4: 'other' });
    expect(told(0xffff, 0xff)).toEqual({
      l2: undefined,
      l3: undefined,
      l4: undefined,
      bits: 0xffff,
      ip: 'unknown',
      sum: 'unknown',
    });
    for (let bits = 0; bits < 0x1000; bits++) expect(told(bits, 0).bits).toBe(bits);
    expect(Object.isFrozen(packet(udp4()).p.packetType)).toBe(true);
  });
  test('a tag in the frame is told before one in the metadata', () => {
    const { p } = packet(udp4({ vlan: 7 }), vector('metadata'));
    expect(p.vlan!.id).toBe(7);
  });
  test('gives its bytes as copy and in place', () => {
    const frame = udp4();
    const { p } = packet(frame);
    const copy = p.copy();
    expect([...copy]).toEqual([...frame]);
    expect(copy.buffer.byteLength).toBe(frame.length);
    p.unsafeView()[0] = 0xff;
    expect([p.u8(0), copy[0]]).toEqual([0xff, 0x02]);
    expect(() => p.copyTo(new Uint8Array(frame.length), 1)).toThrow(RangeError);
    for (const bad of [-1, frame.length, 0.5 + frame.length, Number.NaN]) {
      if (!Number.isNaN(bad)) expect(() => p.u8(bad)).toThrow(RangeError);
      expect(() => p.u16(bad)).toThrow(RangeError);
      expect(() => p.u32(bad)).toThrow(RangeError);
    }
  });
  test.each([
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['2001:db8:0:1:1:1:1:1', '20010db8000000010001000100010001'],
    ['2001:db8::1:0:0:1', '20010db8000000000001000000000001'],
    ['1::', `0001${'0'.repeat(28)}`],
    ['1:0:0:2::3', '00010000000000020000000000000003'],
  ])('writes %s as RFC 5952 does', (text, hex) => {
    const frame = bytesOf(`020000000002 020000000001 86dd 60000000 0000 3b 40 ${hex} ${hex}`);
    expect(of(frame).ipv6!.srcText).toBe(text);
  });
});
