// SPDX-License-Identifier: BSD-3-Clause
// Where rules of the flow director lead packets, on each receive path.
import { describe, expect, it } from 'vitest';
import { ether, ip4, ip6, other, padded, payload, sctp, tcp, udp } from '../support/offload-frames.ts';
import { bring, endWell, type Packet } from '../support/xl710-packets.ts';

const tag = 0x0badcafe;

describe('rules of the flow director', () => {
  const hex = (text: string): string => Buffer.from(text.split('.').map(Number)).toString('hex');
  it.each(['simd=128', 'simd=256', 'simd=512'])('lead, mark and drop (%s)', async (simd) => {
    const from = '10.1.2.3';
    const to = '192.168.9.8';
    const four = `ip=4 src=${hex(from)} dst=${hex(to)}`;
    const six = 'ip=6 src=20010db8000000000000000000000001 dst=20010db80000000000000000000000aa';
    interface Ruled {
      readonly name: string;
      readonly rule: string;
      readonly hits: Buffer;
      readonly misses: Buffer;
      readonly queue?: number;
      readonly mark?: number;
      readonly drop?: boolean;
    }
    const list: Ruled[] = [
      {
        name: 'UDP to a queue, marked',
        rule: `${four} l4=udp sport=100 dport=45000 queue=3 mark=0xabcdef01`,
        hits: ether(ip4(udp(100, 45000, payload(30, 1)))),
        misses: ether(ip4(udp(100, 45001, payload(30, 2)))),
        queue: 3,
        mark: 0xabcdef01,
      },
      {
        name: 'TCP dropped',
        rule: `${four} l4=tcp sport=101 dport=45000 drop`,
        hits: ether(ip4(tcp(101, 45000, payload(30, 3)))),
        misses: ether(ip4(tcp(102, 45000, payload(30, 4)))),
        drop: true,
      },
      {
        name: 'SCTP to a queue',
        rule: `${four} l4=sctp sport=103 dport=45000 queue=2`,
        hits: ether(ip4(sctp(103, 45000, tag, payload(30, 5)))),
        misses: ether(ip4(sctp(103, 45002, tag, payload(30, 6)))),
        queue: 2,
      },
      {
        name: 'any other protocol of an address, marked only',
        rule: `ip=4 dst=${hex('192.168.9.7')} mark=7`,
        hits: ether(ip4(other(99, payload(40, 7)), { to: '192.168.9.7' })),
        misses: ether(ip4(other(99, payload(40, 8)))),
        mark: 7,
      },
      {
        name: 'UDP of IPv6 to a queue, marked',
        rule: `${six} l4=udp sport=105 dport=45000 queue=1 mark=0`,
        hits: ether(ip6(udp(105, 45000, payload(30, 9)))),
        misses: ether(ip6(udp(106, 45000, payload(30, 10)))),
        queue: 1,
        mark: 0,
      },
      {
        name: 'TCP of IPv6 dropped',
        rule: `${six} l4=tcp sport=107 dport=45000 drop`,
        hits: ether(ip6(tcp(107, 45000, payload(30, 11)))),
        misses: ether(ip6(tcp(107, 45006, payload(30, 12)))),
        drop: true,
      },
    ];
    const sentinel = ether(ip4(udp(9, 45009, payload(50, 99))));
    const port = await bring([...list.flatMap(({ hits, misses }) => [hits, misses]), sentinel]);
    await port.does(`configure rxq=4 ${simd}`);
    for (const { rule, name } of list) expect(await port.tell(`rule ${rule}`), name).toMatchObject({ event: 'rule' });
    expect(await port.tell(`rule ${list[0]!.rule}`)).toMatchObject({ event: 'refused', code: 'EEXIST' });
    expect(await port.tell(`rule ${four} l4=udp sport=1 dport=2 queue=4`)).toMatchObject({
      event: 'refused',
      code: 'EINVAL',
    });
    expect(await port.tell(`rule ${four} l4=udp sport=1 queue=0`)).toMatchObject({ event: 'refused', code: 'EBUSY' });
    port.model.cable('in');
    const dropped = list.filter(({ drop }) => drop).length;
    const packets = await port.receive(2 * list.length + 1 - dropped);
    const of = (frame: Buffer): Packet | undefined =>
      packets.find(({ bytes }) => bytes.equals(frame) || bytes.equals(padded(frame)));
    for (const { name, hits, misses, queue = 0, mark, drop } of list) {
      const [hit, missed] = [of(hits), of(misses)];
      expect(missed, `${name}: the other`).toMatchObject({ queue: 0 });
      expect(
        missed!.flags.filter((flag) => flag.startsWith('FDIR')),
        `${name}: the other`,
      ).toEqual([]);
      if (drop) {
        expect(hit, name).toBeUndefined();
        continue;
      }
      expect(hit, name).toMatchObject({ queue, ...(mark === undefined ? {} : { mark }) });
      expect(hit!.flags, name).toContain('FDIR');
      expect(hit!.flags.includes('FDIR_ID'), name).toBe(mark !== undefined);
    }
    expect(of(sentinel)).toBeDefined();
    await port.does('unrule 0');
    await port.does('flush');
    await endWell(port);
  });
});
