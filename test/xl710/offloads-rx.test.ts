// SPDX-License-Identifier: BSD-3-Clause
// What the card and our driver say of frames that come in: whether checksums are right, what kinds of packets they are, which tags and
// hashes they have. The frames come from a capture; what has to be said of each is written beside it.
import { describe, expect, it } from 'vitest';
import {
  ether,
  type Ether,
  fragment6,
  gre,
  ip4,
  ip6,
  other,
  padded,
  type Part,
  payload,
  sctp,
  tcp,
  udp,
} from '../support/offload-frames.ts';
import { toeplitz } from '../support/xl710-frames.ts';
import { bring, endWell, type Packet } from '../support/xl710-packets.ts';

/** A frame, and what has to be said of it. */
interface Came {
  readonly name: string;
  readonly frame: Buffer;
  /** Flags about checksums; undefined: of a fragment's rest nothing is known, but it is not called wrong. */
  readonly sums: readonly string[] | undefined;
  readonly type: string;
  /** What the hash is made of; undefined where that is not said. */
  readonly input?: Buffer;
  readonly tag?: number;
}

const good = ['L4_CKSUM_GOOD', 'IP_CKSUM_GOOD'];
const v4 = 'L2_ETHER L3_IPV4_EXT_UNKNOWN';
const v6 = 'L2_ETHER L3_IPV6_EXT_UNKNOWN';

const addresses4 = Buffer.from('0a010203c0a80908', 'hex');
const addresses6 = Buffer.from('20010db800000000000000000000000120010db80000000000000000000000aa', 'hex');
const ports = (from: number, to: number): Buffer => Buffer.from([from >> 8, from & 255, to >> 8, to & 255]);
const tag = 0x0badcafe;

interface Carried {
  readonly name: string;
  readonly part: (n: number) => Part;
  readonly input: (n: number) => Buffer;
  /** Bytes from the IP header's end to a place whose change makes the checksum wrong; none: there is no checksum. */
  readonly wrong?: number;
}

/** What IP carries; n: for ports and contents of their own. */
const carried: readonly Carried[] = [
  {
    name: 'UDP',
    part: (n) => udp(2000 + n, 45000, payload(40 + n, n)),
    input: (n) => ports(2000 + n, 45000),
    wrong: 9,
  },
  {
    name: 'TCP',
    part: (n) => tcp(3000 + n, 45001, payload(600 + n, n)),
    input: (n) => ports(3000 + n, 45001),
    wrong: 30,
  },
  {
    name: 'SCTP',
    part: (n) => sctp(4000 + n, 45002, tag, payload(99 + n, n)),
    input: (n) => Buffer.concat([ports(4000 + n, 45002), Buffer.from('0badcafe', 'hex')]),
    wrong: 40,
  },
  { name: 'NONFRAG', part: (n) => other(99, payload(70 + n, n)), input: () => Buffer.alloc(0) },
];

const flipped = (frame: Buffer, at: number): Buffer => {
  const copy = Buffer.from(frame);
  copy[at]! ^= 0x10;
  return copy;
};

/** Of each protocol: right, each checksum wrong alone, both wrong; with a tag, too. */
function ordinary(): Came[] {
  let n = 0;
  return [[], [0x6123]].flatMap((tags) =>
    carried.flatMap(({ name, part, input, wrong }) => {
      const shift = tags.length * 4;
      const how: Ether = { tags };
      const own = tags.length === 0 ? {} : { tag: tags[0]! };
      const four = (): { frame: Buffer; input: Buffer } => {
        n++;
        return { frame: ether(ip4(part(n), { id: n }), how), input: Buffer.concat([addresses4, input(n)]) };
      };
      const six = (): { frame: Buffer; input: Buffer } => {
        n++;
        return { frame: ether(ip6(part(n)), how), input: Buffer.concat([addresses6, input(n)]) };
      };
      const type4 = `${v4} L4_${name}`;
      const type6 = `${v6} L4_${name}`;
      const list: Came[] = [
        { name: `IPv4 ${name}`, ...four(), sums: good, type: type4, ...own },
        { name: `IPv6 ${name}`, ...six(), sums: good, type: type6, ...own },
      ];
      const badIp = four();
      list.push({
        name: `IPv4 ${name}, the header wrong`,
        ...badIp,
        frame: flipped(badIp.frame, 14 + shift + 10),
        sums: ['L4_CKSUM_GOOD', 'IP_CKSUM_BAD'],
        type: type4,
        ...own,
      });
      if (wrong === undefined) return list;
      const [badL4, bothBad, bad6] = [four(), four(), six()];
      list.push(
        {
          name: `IPv4 ${name} wrong`,
          ...badL4,
          frame: flipped(badL4.frame, 14 + shift + 20 + wrong),
          sums: ['L4_CKSUM_BAD', 'IP_CKSUM_GOOD'],
          type: type4,
          ...own,
        },
        {
          name: `IPv4 ${name}, both wrong`,
          ...bothBad,
          frame: flipped(flipped(bothBad.frame, 14 + shift + 10), 14 + shift + 20 + wrong),
          sums: ['L4_CKSUM_BAD', 'IP_CKSUM_BAD'],
          type: type4,
          ...own,
        },
        {
          name: `IPv6 ${name} wrong`,
          ...bad6,
          frame: flipped(bad6.frame, 14 + shift + 40 + wrong),
          sums: ['L4_CKSUM_BAD', 'IP_CKSUM_GOOD'],
          type: type6,
          ...own,
        },
      );
      return list;
    }),
  );
}

const plain = (etherType: number, n: number, to = '02584c371000'): Buffer =>
  ether({ bytes: payload(60 + n, n), protocol: 0, etherType }, { to });

function special(): Came[] {
  const options = Buffer.from([0x94, 0x04, 0, 0, 1, 1, 1, 0]);
  const piece = other(17, payload(64, 200));
  const inner4 = (n: number): Part => ip4(udp(6000 + n, 45003, payload(30 + n)), { from: '10.9.9.9', to: '10.9.9.8' });
  const inner6 = (n: number): Part => ip6(tcp(6100 + n, 45004, payload(33 + n)));
  const l2 = (type: number): Buffer => Buffer.from([type >> 8, type & 255]);
  const outerBad = ether(ip4(gre(inner4(3))));
  const innerBad = ether(ip4(gre(inner4(4))));
  return [
    {
      name: 'IPv4 with options',
      frame: ether(ip4(udp(1, 45000, payload(20, 9)), { options })),
      sums: good,
      type: `${v4} L4_UDP`,
    },
    {
      name: 'UDP without a checksum',
      frame: ether(ip4(udp(5, 45000, payload(20, 8), 'none'))),
      sums: good,
      type: `${v4} L4_UDP`,
    },
    {
      name: 'first fragment',
      frame: ether(ip4(piece, { id: 700, fragment: 0x2000 })),
      sums: undefined,
      type: `${v4} L4_FRAG`,
      input: addresses4,
    },
    {
      name: 'later fragment',
      frame: ether(ip4(piece, { id: 701, fragment: 0x0010 })),
      sums: undefined,
      type: `${v4} L4_FRAG`,
      input: addresses4,
    },
    {
      name: 'fragment of IPv6',
      frame: ether(ip6(fragment6(piece, 64, true))),
      sums: undefined,
      type: `${v6} L4_FRAG`,
      input: addresses6,
    },
    {
      name: 'ICMP',
      frame: ether(ip4(other(1, Buffer.from('0800f7ff00000000', 'hex')))),
      sums: good,
      type: `${v4} L4_ICMP`,
    },
    { name: 'ARP', frame: plain(0x0806, 1), sums: [], type: 'L2_ETHER_ARP' },
    { name: 'LLDP', frame: plain(0x88cc, 2, '0180c200000e'), sums: [], type: 'L2_ETHER_LLDP' },
    { name: 'PTP', frame: plain(0x88f7, 3, '011b19000000'), sums: [], type: 'L2_ETHER_TIMESYNC' },
    { name: 'no protocol', frame: plain(0x88b5, 4), sums: [], type: 'L2_ETHER', input: l2(0x88b5) },
    {
      name: 'GRE, IPv4',
      frame: ether(ip4(gre(inner4(1)))),
      sums: good,
      type: `${v4} TUNNEL_GRENAT INNER_L3_IPV4_EXT_UNKNOWN INNER_L4_UDP`,
    },
    {
      name: 'GRE, IPv6',
      frame: ether(ip4(gre(inner6(2)))),
      sums: good,
      type: `${v4} TUNNEL_GRENAT INNER_L3_IPV6_EXT_UNKNOWN INNER_L4_TCP`,
    },
    {
      name: 'GRE, the outer header wrong',
      frame: flipped(outerBad, 24),
      sums: ['L4_CKSUM_GOOD', 'IP_CKSUM_GOOD', 'OUTER_IP_CKSUM_BAD'],
      type: `${v4} TUNNEL_GRENAT INNER_L3_IPV4_EXT_UNKNOWN INNER_L4_UDP`,
    },
    {
      name: 'GRE, the inner header wrong',
      frame: flipped(innerBad, 14 + 20 + 4 + 10),
      sums: ['L4_CKSUM_GOOD', 'IP_CKSUM_BAD'],
      type: `${v4} TUNNEL_GRENAT INNER_L3_IPV4_EXT_UNKNOWN INNER_L4_UDP`,
    },
    {
      name: 'IPv6 in IPv4',
      frame: ether(ip4(inner6(5))),
      sums: good,
      type: `${v4} TUNNEL_IP INNER_L3_IPV6_EXT_UNKNOWN INNER_L4_TCP`,
    },
    {
      name: 'IPv4 in IPv6',
      frame: ether(ip6(inner4(6))),
      sums: good,
      type: `${v6} TUNNEL_IP INNER_L3_IPV4_EXT_UNKNOWN INNER_L4_UDP`,
    },
  ];
}

const withoutTag = (frame: Buffer): Buffer => Buffer.concat([frame.subarray(0, 12), frame.subarray(16)]);
const isSum = (flag: string): boolean => /CKSUM_(GOOD|BAD|NONE)$/.test(flag);

function judge(came: Came, packet: Packet, key: Buffer, strip: boolean): void {
  const { name } = came;
  expect(packet.type, name).toBe(came.type);
  if (came.sums) expect(packet.flags.filter(isSum).sort(), name).toEqual([...came.sums].sort());
  else
    expect(
      packet.flags.filter((flag) => flag.endsWith('CKSUM_BAD')),
      name,
    ).toEqual([]);
  const stripped = strip && came.tag !== undefined;
  expect(packet.flags.includes('VLAN_STRIPPED'), name).toBe(stripped);
  expect(packet.flags.includes('VLAN'), name).toBe(stripped);
  if (stripped) expect(packet.vlan, name).toBe(came.tag);
  if (!came.input) return;
  expect(packet.flags, name).toContain('RSS_HASH');
  const hash = toeplitz(key, came.input);
  expect(packet.hash, name).toBe(hash);
  // The table has 512 entries, the queues in turn.
  expect(packet.queue, name).toBe((hash & 511) % 4);
}

describe('what our driver says of packets that come', () => {
  const paths = [
    { name: 'Scalar', how: 'simd=128', offloads: '' },
    { name: 'Vector AVX2', how: 'simd=256', offloads: '' },
    { name: 'Vector AVX512', how: 'simd=512', offloads: '' },
    { name: 'Scalar Scattered', how: 'simd=256', offloads: ',SCATTER' },
  ].flatMap((one) => [
    { ...one, strip: true },
    { ...one, strip: false },
  ]);
  it.each(paths)('$name, tags taken out: $strip', async ({ name, how, offloads, strip }) => {
    const list = [...ordinary(), ...special()];
    const port = await bring(list.map(({ frame }) => frame));
    const rx = `IPV4_CKSUM,UDP_CKSUM,TCP_CKSUM,SCTP_CKSUM,OUTER_IPV4_CKSUM,RSS_HASH${strip ? ',VLAN_STRIP' : ''}${offloads}`;
    const { rx: path, key } = await port.does(`configure rxq=4 rss ${how} rx=${rx}`);
    // A processor without AVX-512 takes the next best.
    if (name === 'Vector AVX512') expect(path).toMatch(/^Vector/);
    else expect(path).toBe(name);
    port.model.cable('in');
    const packets = await port.receive(list.length);
    const byBytes = new Map(packets.map((packet) => [packet.bytes.toString('hex'), packet]));
    expect(byBytes.size).toBe(list.length);
    for (const came of list) {
      const bytes = padded(strip && came.tag !== undefined ? withoutTag(came.frame) : came.frame);
      const packet = byBytes.get(bytes.toString('hex')) ?? byBytes.get(came.frame.toString('hex'));
      expect(packet, `${came.name} came unchanged`).toBeDefined();
      judge(came, packet!, Buffer.from(key as string, 'hex'), strip);
    }
    await endWell(port);
  });
});
