// SPDX-License-Identifier: BSD-3-Clause
// Packets whose work is left to the card, and the frames that have to leave (offloads-tx.test.ts).
import {
  ether,
  type Ether,
  geneve,
  gre,
  ip4,
  type Ip4,
  ip6,
  type Part,
  payload,
  sctp,
  type Segment,
  segmentsOf,
  tcp,
  udp,
  vxlan,
} from './offload-frames.ts';

/** A packet to send, and the frames that have to leave. */
export interface Sent {
  readonly name: string;
  /** As the application gives it: what the card has to make is wrong in it. */
  readonly given: Buffer;
  /** Of `send` of i40e_packet_bed. */
  readonly how: string;
  readonly leave: readonly Buffer[];
}

/** Puts wrong checksums where they stand, at offsets of a frame. SCTP's place has to be empty. */
function spoil(frame: Buffer, ...places: { at: number; size?: 2 | 4 }[]): Buffer {
  const spoilt = Buffer.from(frame);
  for (const { at, size = 2 } of places) spoilt.fill(size === 2 ? 0xa5 : 0, at, at + size);
  return spoilt;
}

// ---- checksums and tags ----

const lengths = [0, 1, 2, 17, 18, 700, 1001, 1400];
/** Six bytes of options: router alert, and two of nothing. */
const routerAlert = Buffer.from([0x94, 0x04, 0, 0]);
const timestamps = Buffer.from('0101080a0011223344556677', 'hex');

interface L4 {
  readonly name: string;
  readonly flag: string;
  readonly make: (data: Buffer) => Part;
  readonly sum: { at: number; size?: 2 | 4 };
}
const transports: readonly L4[] = [
  { name: 'UDP', flag: 'UDP_CKSUM', make: (data) => udp(45001, 55001, data), sum: { at: 6 } },
  { name: 'TCP', flag: 'TCP_CKSUM', make: (data) => tcp(45002, 55002, data, { flags: 0x18 }), sum: { at: 16 } },
  {
    name: 'TCP with options',
    flag: 'TCP_CKSUM',
    make: (data) => tcp(45003, 55003, data, { options: timestamps }),
    sum: { at: 16 },
  },
  { name: 'SCTP', flag: 'SCTP_CKSUM', make: (data) => sctp(45004, 55004, 0xfeedbeef, data), sum: { at: 8, size: 4 } },
];

export function checksums(): Sent[] {
  const packets: Sent[] = [];
  for (const [t, { name, flag, make, sum }] of transports.entries()) {
    for (const [n, length] of lengths.entries()) {
      const data = payload(length, n + t);
      for (const options of [Buffer.alloc(0), routerAlert, Buffer.concat([routerAlert, Buffer.alloc(36, 1)])]) {
        const l3 = 20 + options.length;
        const frame = ether(ip4(make(data.subarray(0, 1400)), { options, id: n }));
        packets.push({
          name: `IPv4 of ${l3} bytes, ${name}, ${length} of data`,
          given: spoil(frame, { at: 24 }, { ...sum, at: 14 + l3 + sum.at }),
          how: `flags=IPV4,IP_CKSUM,${flag} l2=14 l3=${l3}`,
          leave: [frame],
        });
      }
      const frame = ether(ip6(make(data)));
      packets.push({
        name: `IPv6, ${name}, ${length} of data`,
        given: spoil(frame, { ...sum, at: 54 + sum.at }),
        how: `flags=IPV6,${flag} l2=14 l3=40`,
        leave: [frame],
      });
    }
  }
  // The header's alone; the other stays as wrong as it is given, and is none.
  const alone = ether(ip4(udp(45009, 55009, payload(100), 'none')));
  packets.push({
    name: 'the IPv4 header alone',
    given: spoil(alone, { at: 24 }),
    how: 'flags=IPV4,IP_CKSUM l2=14 l3=20',
    leave: [alone],
  });
  return packets;
}

/** A UDP datagram whose sum comes out as zero is sent with ones: zero says that there is none. */
export function zeroSum(version: 4 | 6): Sent {
  const ip = version === 4 ? ip4 : ip6;
  const at = version === 4 ? 14 + 20 : 14 + 40;
  for (let value = 0; value < 65536; value++) {
    const frame = ether(ip(udp(45006, 55006, Buffer.from([value >> 8, value & 0xff]))));
    if (frame.readUInt16BE(at + 6) === 0xffff)
      return {
        name: `a sum of zero, IPv${version}`,
        given: spoil(frame, { at: at + 6 }),
        how: version === 4 ? 'flags=IPV4,UDP_CKSUM l2=14 l3=20' : 'flags=IPV6,UDP_CKSUM l2=14 l3=40',
        leave: [frame],
      };
  }
  throw new Error('there is one such datagram in 65536');
}

export function tagged(): Sent[] {
  return [0, 1, 0x2123, 0xefff].flatMap((tag, n) => {
    const plain = { to: '02584c371000' } as Ether;
    const frame = ether(ip4(udp(45007, 55007, payload(50 + n), 'none')), plain);
    const summed = ether(ip4(tcp(45008, 55008, payload(333 + n))), plain);
    const put = (whole: Buffer): Buffer =>
      Buffer.concat([whole.subarray(0, 12), Buffer.from([0x81, 0, tag >> 8, tag & 0xff]), whole.subarray(12)]);
    return [
      { name: `tag ${tag}`, given: frame, how: `flags=VLAN vlan=${tag}`, leave: [put(frame)] },
      {
        name: `tag ${tag} and checksums`,
        given: spoil(summed, { at: 24 }, { at: 50 }),
        how: `flags=VLAN,IPV4,IP_CKSUM,TCP_CKSUM l2=14 l3=20 vlan=${tag}`,
        leave: [put(summed)],
      },
      // One that the frame has already is behind the one that is put in; its four bytes are of the second layer.
      {
        name: `tag ${tag} before another`,
        given: spoil(ether(ip4(udp(45009, 55009, payload(77))), { tags: [5] }), { at: 28 }, { at: 44 }),
        how: `flags=VLAN,IPV4,IP_CKSUM,UDP_CKSUM l2=18 l3=20 vlan=${tag}`,
        leave: [ether(ip4(udp(45009, 55009, payload(77))), { tags: [tag, 5] })],
      },
    ];
  });
}

export function segmented(): Sent[] {
  const cuts = ['54', '60,1', '100,0,100', '54,200,200,200,200,200,1', '500,0,0,0,0', '1000'];
  return cuts.map((cut, n) => {
    const frame = ether(ip4(tcp(45010, 55010 + n, payload(1300, n))));
    return {
      name: `in pieces of ${cut}`,
      given: spoil(frame, { at: 24 }, { at: 50 }),
      how: `flags=IPV4,IP_CKSUM,TCP_CKSUM l2=14 l3=20 cut=${cut}`,
      leave: [frame],
    };
  });
}

// ---- tunnels ----

interface Tunnel {
  readonly name: string;
  /** Around an inner IP packet; `n`: the how-manieth of a large send. */
  readonly wrap: (inner: Part, n: number) => Buffer;
  /** Flags of the outside; where the inner IP header begins. */
  readonly flags: string;
  readonly how: string;
  readonly inner: number;
  readonly outerSum: boolean;
}

const outerId = 0xfffe;
const outer4 = (n: number): Ip4 => ({ from: '172.16.0.1', to: '172.16.0.2', id: outerId + n });
const inside = (part: Part): Buffer => ether(part, { to: '020000000099' });
const tunnels: readonly Tunnel[] = [
  {
    name: 'VXLAN over IPv4',
    wrap: (inner, n) => ether(ip4(vxlan(inside(inner)), outer4(n))),
    flags: 'OUTER_IPV4,OUTER_IP_CKSUM,TUNNEL_VXLAN',
    how: 'ol2=14 ol3=20 l2=30',
    inner: 14 + 20 + 30,
    outerSum: true,
  },
  {
    name: 'VXLAN over IPv6',
    wrap: (inner) => ether(ip6(vxlan(inside(inner)))),
    flags: 'OUTER_IPV6,TUNNEL_VXLAN',
    how: 'ol2=14 ol3=40 l2=30',
    inner: 14 + 40 + 30,
    outerSum: false,
  },
  {
    name: 'Geneve over IPv4',
    wrap: (inner, n) => ether(ip4(geneve(inside(inner)), outer4(n))),
    flags: 'OUTER_IPV4,OUTER_IP_CKSUM,TUNNEL_GENEVE',
    how: 'ol2=14 ol3=20 l2=30',
    inner: 14 + 20 + 30,
    outerSum: true,
  },
  {
    name: 'GRE over IPv4',
    wrap: (inner, n) => ether(ip4(gre(inner), outer4(n))),
    flags: 'OUTER_IPV4,OUTER_IP_CKSUM,TUNNEL_GRE',
    how: 'ol2=14 ol3=20 l2=4',
    inner: 14 + 20 + 4,
    outerSum: true,
  },
  {
    name: 'IP in IPv4',
    wrap: (inner, n) => ether(ip4(inner, outer4(n))),
    flags: 'OUTER_IPV4,OUTER_IP_CKSUM,TUNNEL_IPIP',
    how: 'ol2=14 ol3=20 l2=0',
    inner: 14 + 20,
    outerSum: true,
  },
];

export function inTunnels(): Sent[] {
  return tunnels.flatMap(({ name, wrap, flags, how, inner, outerSum }) =>
    transports.flatMap(({ name: what, flag, make, sum }, n) => {
      const outer = outerSum ? [{ at: 24 }] : [];
      const four = wrap(ip4(make(payload(301 + n)), { id: 9 }), 0);
      const six = wrap(ip6(make(payload(302 + n))), 0);
      return [
        {
          name: `${what}, IPv4, ${name}`,
          given: spoil(four, ...outer, { at: inner + 10 }, { ...sum, at: inner + 20 + sum.at }),
          how: `flags=${flags},IPV4,IP_CKSUM,${flag} ${how} l3=20`,
          leave: [four],
        },
        {
          name: `${what}, IPv6, ${name}`,
          given: spoil(six, ...outer, { ...sum, at: inner + 40 + sum.at }),
          how: `flags=${flags},IPV6,${flag} ${how} l3=40`,
          leave: [six],
        },
      ];
    }),
  );
}

// ---- large sends ----

interface Large {
  readonly size: number;
  readonly mss: number;
  readonly flags: number;
  readonly options?: Buffer;
  readonly cut?: string;
}

/** Numbers that pass their end on the way; flags that belong to the first or the last alone; all in one; a byte more than fits. */
const large: readonly Large[] = [
  { size: 6000, mss: 1000, flags: 0x10 },
  { size: 6001, mss: 1000, flags: 0x19 },
  { size: 5999, mss: 1400, flags: 0x98, options: timestamps },
  { size: 500, mss: 1000, flags: 0x19 },
  { size: 257, mss: 256, flags: 0x11 },
  { size: 1, mss: 256, flags: 0x18 },
  { size: 20000, mss: 1448, flags: 0xd8, cut: '200,2000,2000,1,1999,0,2000,2000,2000,2000,2000,2000' },
  { size: 60000, mss: 1460, flags: 0x18, cut: Array.from({ length: 40 }, () => 1700).join(',') },
];
const firstSeq = 0xffffff00;
const firstId = 0xfffd;

function largeSend(
  name: string,
  { size, mss, flags, options, cut }: Large,
  build: (segment: Segment) => Buffer,
  spoilt: { at: number }[],
  how: string,
  vlan?: number,
): Sent {
  const data = payload(size, mss);
  const whole = build({ data, n: 0, seq: firstSeq, flags });
  // With room of 2048 bytes a buffer a longer one has to be in pieces.
  const pieces = cut ?? Array.from({ length: Math.ceil(whole.length / 1900) }, () => 1900).join(',');
  return {
    name: `${size} bytes in segments of ${mss}, ${name}`,
    given: spoil(whole, ...spoilt),
    how: `${how} l4=${20 + (options?.length ?? 0)} mss=${mss} cut=${pieces}${vlan === undefined ? '' : ` vlan=${vlan}`}`,
    leave: segmentsOf(data, mss, firstSeq, flags).map(build),
  };
}

export function largeSends(tag?: number): Sent[] {
  const tags = tag === undefined ? [] : [tag];
  const more = tag === undefined ? '' : ',VLAN';
  return large.flatMap((one) => {
    const own = (s: Segment): Part =>
      tcp(45005, 55005, s.data, { seq: s.seq, flags: s.flags, ...(one.options ? { options: one.options } : {}) });
    const four = (s: Segment): Buffer => ether(ip4(own(s), { id: firstId + s.n }), { tags });
    const six = (s: Segment): Buffer => ether(ip6(own(s)), { tags });
    const untag = (sent: Sent): Sent => {
      if (tag === undefined) return sent;
      return { ...sent, given: Buffer.concat([sent.given.subarray(0, 12), sent.given.subarray(16)]) };
    };
    const shift = tag === undefined ? 0 : 4;
    return [
      largeSend(
        'IPv4',
        one,
        four,
        [{ at: 24 + shift }, { at: 50 + shift }],
        `flags=IPV4,IP_CKSUM,TCP_SEG${more} l2=14 l3=20`,
        tag,
      ),
      largeSend('IPv6', one, six, [{ at: 70 + shift }], `flags=IPV6,TCP_SEG${more} l2=14 l3=40`, tag),
    ].map(untag);
  });
}

export function largeInTunnels(): Sent[] {
  return tunnels.flatMap(({ name, wrap, flags, how, inner, outerSum }) =>
    large
      .slice(1, 4)
      .concat(large.slice(6, 7))
      .flatMap((one) => {
        const own = (s: Segment): Part =>
          tcp(45005, 55005, s.data, { seq: s.seq, flags: s.flags, ...(one.options ? { options: one.options } : {}) });
        const outer = outerSum ? [{ at: 24 }] : [];
        return [
          largeSend(
            `IPv4, ${name}`,
            one,
            (s) => wrap(ip4(own(s), { id: firstId + s.n }), s.n),
            [...outer, { at: inner + 10 }, { at: inner + 36 }],
            `flags=${flags},IPV4,IP_CKSUM,TCP_SEG ${how} l3=20`,
          ),
          largeSend(
            `IPv6, ${name}`,
            one,
            (s) => wrap(ip6(own(s)), s.n),
            [...outer, { at: inner + 56 }],
            `flags=${flags},IPV6,TCP_SEG ${how} l3=40`,
          ),
        ];
      }),
  );
}
