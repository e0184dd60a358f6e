// SPDX-License-Identifier: BSD-3-Clause
import { describe, expect, it } from 'vitest';
import { frame } from '../packet/build.ts';
import { imbalance } from './balance.ts';
import { decode, differences } from './decode.ts';
import { hexdump } from './hexdump.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('decode', () => {
  it('has the fields a frame was built from, and its payload without padding', () => {
    const bytes = frame({
      vlan: 7,
      ipv4: { src: '10.0.0.1', dst: '10.0.0.2', ttl: 9 },
      udp: { srcPort: 1, dstPort: 2 },
      payload: 'abc',
      padTo: 80,
    });
    const decoded = decode(bytes);
    expect(decoded).toMatchObject({
      length: 80,
      eth: { type: 0x0800 },
      vlan: { id: 7 },
      ipv4: { src: '10.0.0.1', dst: '10.0.0.2', ttl: 9, protocol: 17 },
      udp: { srcPort: 1, dstPort: 2, length: 11 },
    });
    expect(text(decoded.payload)).toBe('abc');
    expect(decoded.tcp).toBeUndefined();
  });

  it.each([
    [
      'tcp over ipv6',
      { ipv6: { src: 'fd00::1' }, tcp: { dstPort: 80, flags: 2 }, payload: 'syn' },
      { ipv6: { src: 'fd00::1' }, tcp: { dstPort: 80, flags: 2 } },
    ],
    ['icmp', { ipv4: {}, icmp: { type: 8 }, payload: 'syn' }, { icmp: { type: 8, code: 0 } }],
    [
      'arp',
      { arp: { senderIp: '10.0.0.1', targetIp: '10.0.0.2' } },
      { arp: { operation: 1, senderIp: '10.0.0.1', targetIp: '10.0.0.2' } },
    ],
  ])('knows %s', (_, spec, fields) => {
    const decoded = decode(frame(spec));
    expect(decoded).toMatchObject(fields);
    expect(text(decoded.payload)).toBe('payload' in spec ? 'syn' : '');
  });

  it('takes any bytes', () => {
    for (let length = 1; length < 90; length++) {
      const whole = frame({
        ipv4: { options: new Uint8Array(8) },
        tcp: { options: new Uint8Array(8) },
        payload: 'x'.repeat(40),
      });
      expect(decode(whole.subarray(0, length)).length).toBe(length);
      expect(decode(new Uint8Array(length).fill(0x45)).length).toBe(length);
    }
  });
});

describe('differences', () => {
  const equal = (a: unknown, b: unknown): boolean => Object.is(a, b);
  it('names the leaves that differ, and what is not there', () => {
    const actual = { a: { b: 1, c: 2 }, payload: Buffer.from('x') };
    expect(differences({ a: { b: 1 }, payload: 'x', d: undefined }, actual, equal)).toEqual([]);
    expect(differences({ a: { b: 2, c: 2 }, e: { f: 1 }, payload: 'y' }, actual, equal)).toEqual([
      { path: 'a.b', expected: 2, actual: 1 },
      { path: 'e', expected: { f: 1 }, actual: undefined },
      { path: 'payload', expected: 'y', actual: 'x' },
    ]);
  });
});

describe('hexdump', () => {
  it('has rows of sixteen, and marks under what differs', () => {
    const bytes = Uint8Array.from({ length: 18 }, (_, n) => 0x40 + n);
    expect(hexdump(bytes)).toBe(
      '0000  40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f  @ABCDEFGHIJKLMNO\n' + `0010  50 51${' '.repeat(42)}  PQ`,
    );
    const other = Uint8Array.from(bytes);
    other[17] = 0;
    expect(hexdump(bytes, other).split('\n')[2]).toBe('         ^^');
    expect(hexdump(bytes, bytes.subarray(0, 16)).split('\n')[2]).toBe('      ^^ ^^');
  });
});

describe('imbalance', () => {
  const amount = (packets: number | bigint) => ({ packets });
  const port = (id: number, changes: object = {}) => ({
    id,
    rx: amount(5),
    tx: amount(3),
    injected: amount(0),
    generated: amount(0),
    forwarded: amount(3),
    redirected: amount(1),
    sunk: amount(0),
    dropped: { arp: 1, no_route: 0 },
    ...changes,
  });
  it('says which port, with the terms', () => {
    expect(imbalance({ ports: [port(0)] })).toEqual([]);
    expect(imbalance({ ports: [port(0, { rx: amount(6n) })] })).toEqual([
      'port 0: rx 6 + injected 0 + generated 0 = 6, but forwarded 3 + redirected 1 + sunk 0 + arp 1 = 5',
    ]);
    expect(imbalance({ ports: [port(0, { tx: amount(2) })] })).toEqual(['all ports: tx 2, but forwarded 3']);
  });
});
