// SPDX-License-Identifier: BSD-3-Clause
import type { Ip4 } from '../address.ts';

/** MAC addresses are texts, `02:00:00:00:00:01`. */
export interface EthSpec {
  /** Default 02:00:00:00:00:02. */
  readonly dst?: string;
  /** Default 02:00:00:00:00:01. */
  readonly src?: string;
  /** EtherType behind the tags. Default: that of the network layer, 0x88b5 (local experiments) without one. */
  readonly type?: number;
}

/** A VLAN tag. */
export interface VlanTag {
  /** 0 to 4095. */
  readonly id: number;
  /** 0 to 7. Default 0. */
  readonly priority?: number;
  readonly dropEligible?: boolean;
  /** Default 0x8100 for the innermost tag, 0x88a8 for those outside it. */
  readonly type?: number;
}

/** ARP for IPv4 over Ethernet. Default addresses are those of IPv4 below. */
export interface ArpSpec {
  /** Default `request`. */
  readonly operation?: 'request' | 'reply' | number;
  /** Default: the frame's source. */
  readonly senderMac?: string;
  readonly senderIp?: string | Ip4;
  /** Default: zeros. */
  readonly targetMac?: string;
  readonly targetIp?: string | Ip4;
}

/** The IPv4 header. Length and checksum are filled in unless given. */
export interface Ipv4Spec {
  /** Default 192.0.2.1. */
  readonly src?: string | Ip4;
  /** Default 192.0.2.2. */
  readonly dst?: string | Ip4;
  /** Default 64. */
  readonly ttl?: number;
  /** Default: that of the transport layer, 253 (experiments) without one. */
  readonly protocol?: number;
  readonly id?: number;
  /** The byte of DSCP and ECN. */
  readonly tos?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset?: number;
  /** A multiple of 4 bytes, at most 40. */
  readonly options?: Uint8Array;
  /** Total length. */
  readonly length?: number;
  readonly checksum?: number;
}

/** The IPv6 header, without extensions. The payload length is filled in unless given. */
export interface Ipv6Spec {
  /** Text or sixteen bytes. Default 2001:db8::1. */
  readonly src?: string | Uint8Array;
  /** Default 2001:db8::2. */
  readonly dst?: string | Uint8Array;
  /** Default 64. */
  readonly hopLimit?: number;
  /** Default: that of the transport layer, 59 (nothing follows) without one. */
  readonly nextHeader?: number;
  readonly trafficClass?: number;
  readonly flowLabel?: number;
  readonly payloadLength?: number;
}

/** The UDP header. Length and checksum are filled in unless given. */
export interface UdpSpec {
  /** Default 1024. */
  readonly srcPort?: number;
  /** Default 1024. */
  readonly dstPort?: number;
  readonly length?: number;
  /** 0 says that there is none. */
  readonly checksum?: number;
}

/** The TCP header. The checksum is filled in unless given. */
export interface TcpSpec {
  /** Default 1024. */
  readonly srcPort?: number;
  /** Default 1024. */
  readonly dstPort?: number;
  readonly seq?: number;
  readonly ack?: number;
  /** FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. Default 16. */
  readonly flags?: number;
  readonly window?: number;
  readonly urgent?: number;
  /** A multiple of 4 bytes, at most 40. */
  readonly options?: Uint8Array;
  readonly checksum?: number;
}

/** ICMP on IPv4, ICMPv6 on IPv6. */
export interface IcmpSpec {
  /** Default: echo request, 8 or 128. */
  readonly type?: number;
  readonly code?: number;
  /** Identifier and sequence number of an echo. */
  readonly id?: number;
  readonly seq?: number;
  /** The four bytes behind the checksum as one number, in place of `id` and `seq`. */
  readonly rest?: number;
  readonly checksum?: number;
}

/** What `frame` makes a frame from, outermost layer first. */
export interface FrameSpec {
  readonly eth?: EthSpec;
  /** One tag or several, the outermost first. A number is a VLAN. */
  readonly vlan?: number | VlanTag | readonly (number | VlanTag)[];
  /** One network layer at most. */
  readonly arp?: ArpSpec;
  readonly ipv4?: Ipv4Spec;
  readonly ipv6?: Ipv6Spec;
  /** One transport layer at most. */
  readonly udp?: UdpSpec;
  readonly tcp?: TcpSpec;
  readonly icmp?: IcmpSpec;
  /** A text goes as UTF-8. */
  readonly payload?: Uint8Array | string;
  /** Zeros are appended up to so many bytes, outside all lengths: 60 makes the shortest frame a wire carries (without FCS). */
  readonly padTo?: number;
}
