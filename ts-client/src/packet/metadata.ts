// SPDX-License-Identifier: BSD-3-Clause
//
// What the dataplane found out about a frame, as its 32 bytes of metadata say it. Every object here is made once and frozen: reading
// costs no allocation.

/** What the Ethernet frame carries, or how it is tagged. */
export type L2Type = 'ether' | 'ptp' | 'arp' | 'lldp' | 'nsh' | 'vlan' | 'qinq' | 'pppoe' | 'fcoe' | 'mpls' | undefined;
/** The network header, and whether it has options or extension headers. */
export type L3Type = 'ipv4' | 'ipv4-options' | 'ipv6' | 'ipv6-extensions' | undefined;
/** What the network packet carries. */
export type L4Type = 'tcp' | 'udp' | 'fragment' | 'sctp' | 'icmp' | 'other' | 'igmp' | undefined;

/** The layers of a frame by RTE_PTYPE_* of DPDK. Undefined: not known or not there. */
export interface PacketType {
  readonly l2: L2Type;
  readonly l3: L3Type;
  /** `fragment`: a part of a fragmented packet; `other`: none of those with a name. */
  readonly l4: L4Type;
  /** The bits themselves. */
  readonly bits: number;
}

/** What came of checking a checksum. */
export type Verdict = 'unknown' | 'good' | 'bad';

/** What became of checking checksums. `unknown`: not checked, or there is none. */
export interface Checksums {
  /** Of the IPv4 header. */
  readonly ip: Verdict;
  /** Of TCP, UDP, ICMP. */
  readonly l4: Verdict;
}

const L2: readonly L2Type[] = [
  undefined,
  'ether',
  'ptp',
  'arp',
  'lldp',
  'nsh',
  'vlan',
  'qinq',
  'pppoe',
  'fcoe',
  'mpls',
];
const L3: Readonly<Record<number, L3Type>> = {
  0x1: 'ipv4',
  0x3: 'ipv4-options',
  0x4: 'ipv6',
  // The header may have options or not.
  0x9: 'ipv4',
  0xc: 'ipv6-extensions',
  0xe: 'ipv6',
};
const L4: readonly L4Type[] = [undefined, 'tcp', 'udp', 'fragment', 'sctp', 'icmp', 'other', 'igmp'];

const types = new Map<number, PacketType>();

export function packetTypeOf(bits: number): PacketType {
  let type = types.get(bits);
  if (type === undefined) {
    type = Object.freeze({ l2: L2[bits & 15], l3: L3[(bits >> 4) & 15], l4: L4[(bits >> 8) & 15], bits });
    types.set(bits, type);
  }
  return type;
}

const VERDICTS: readonly Verdict[] = ['unknown', 'good', 'bad', 'unknown'];
const verdicts: readonly Checksums[] = Array.from({ length: 16 }, (_, bits) =>
  Object.freeze({ ip: VERDICTS[bits & 3]!, l4: VERDICTS[bits >> 2]! }),
);

export const checksumsOf = (bits: number): Checksums => verdicts[bits & 15]!;
