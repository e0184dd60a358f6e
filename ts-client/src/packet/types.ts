// SPDX-License-Identifier: BSD-3-Clause
import type { Ip4 } from '../address.ts';
import type { Checksums, PacketType } from './metadata.ts';

/**
 * A received frame, where it lies in shared memory. It is valid inside its burst: afterwards every access throws
 * WDPDK_E_PACKET_EXPIRED (the object itself is used again for the next burst). `copy()` keeps the bytes.
 *
 * A frame longer than a slot lies in several pieces: `length`, `u8/u16/u32`, `copy` and `copyTo` reach all of it;
 * header views and `unsafeView()` see the first piece, which holds at least 1,920 bytes.
 */
export interface Packet {
  /** Bytes of the frame as delivered, without FCS; less than `wireLength` when `truncated`. */
  readonly length: number;
  /** Bytes the frame had when it was received. */
  readonly wireLength: number;
  /** Receive time, nanoseconds since 1970 UTC; 0n on a queue opened with `metadata: false`. */
  readonly timestampNs: bigint;
  /** Flow hash, the same for both directions unless the port computed it; 0 when there is none. */
  readonly hash: number;
  /** The layers as the dataplane saw them, without a look at the frame. All undefined on a queue opened with `metadata: false`. */
  readonly packetType: PacketType;
  /** Both `unknown` unless the queue was opened with `checksums: true` or the port checked them. */
  readonly checksums: Checksums;
  /** The port the frame came in by. */
  readonly port: number;
  /** Cut to the queue's snaplen. */
  readonly truncated: boolean;
  /** True when the frame lies in one piece. */
  readonly contiguous: boolean;
  readonly eth: Eth;
  /** The outer tag, also one that the port took off. */
  readonly vlan: Vlan | undefined;
  /** Each is undefined when the frame has no such header, or not whole within its first piece. */
  readonly arp: Arp | undefined;
  readonly ipv4: Ipv4 | undefined;
  readonly ipv6: Ipv6 | undefined;
  /** Transport headers behind IPv4 or IPv6; of fragments only the first has one. */
  readonly udp: Udp | undefined;
  readonly tcp: Tcp | undefined;
  readonly icmp: Icmp | undefined;
  /** Big-endian reads at a byte offset from the start of the frame, here one byte. RangeError beyond its length. */
  u8(offset: number): number;
  /** Two bytes. */
  u16(offset: number): number;
  /** Four bytes. */
  u32(offset: number): number;
  /** The whole frame in memory of its own. */
  copy(): Uint8Array;
  /** Copies the whole frame to `destination` from `at` on and returns its length. RangeError when it does not fit. */
  copyTo(destination: Uint8Array, at?: number): number;
  /**
   * The bytes in place, without a copy. Never keep it, post it to a worker or hand it to asynchronous I/O: after the
   * burst the memory holds other frames, and cloning it copies the whole segment. Throws WDPDK_E_ARGUMENT unless the
   * frame is `contiguous`.
   */
  unsafeView(): Uint8Array;
}

/** The Ethernet header, writable. */
export interface Eth {
  /** `xx:xx:xx:xx:xx:xx` */
  dst: string;
  src: string;
  /** EtherType of the payload, behind any VLAN tags. */
  readonly type: number;
  /** Exchanges source and destination. */
  swap(): void;
}

/** The outer tag. */
export interface Vlan {
  readonly id: number;
  readonly priority: number;
}

/** ARP for IPv4 over Ethernet. */
export interface Arp {
  /** 1 request, 2 reply. */
  readonly operation: number;
  readonly senderMac: string;
  readonly senderIp: Ip4;
  readonly targetMac: string;
  readonly targetIp: Ip4;
  /**
   * Makes a request the reply in place: the target's address is at `mac`. The Ethernet header is turned round, too. False
   * when it is no request. WDPDK_E_ARGUMENT when `mac` is none.
   */
  reply(mac: string): boolean;
}

/**
 * Setters keep the header checksum and the checksum of TCP or UDP right (they change by the difference, wrong ones
 * stay wrong).
 */
export interface Ipv4 {
  src: Ip4;
  dst: Ip4;
  ttl: number;
  readonly protocol: number;
  /** Total length as the header says. */
  readonly length: number;
  readonly headerLength: number;
  readonly checksum: number;
  readonly srcText: string;
  readonly dstText: string;
  /** Exchanges source and destination. */
  swap(): void;
}

/** The IPv6 header. It has no checksum; what `swap` exchanges leaves that of the transport right. */
export interface Ipv6 {
  hopLimit: number;
  /** The protocol behind the extension headers that could be followed. */
  readonly nextHeader: number;
  readonly payloadLength: number;
  readonly srcText: string;
  readonly dstText: string;
  /** Exchanges source and destination. */
  swap(): void;
}

/** The UDP header. Setting a port keeps the checksum right. */
export interface Udp {
  srcPort: number;
  dstPort: number;
  readonly length: number;
  readonly checksum: number;
  /** Offset of the payload from the start of the frame. */
  readonly payloadOffset: number;
  /** Exchanges source and destination. */
  swap(): void;
}

/** The TCP header. Setting a port keeps the checksum right. */
export interface Tcp {
  srcPort: number;
  dstPort: number;
  readonly seq: number;
  readonly ack: number;
  /** The eight flag bits: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. */
  readonly flags: number;
  /** As the header says, not scaled. */
  readonly window: number;
  readonly checksum: number;
  /** Offset of the payload from the start of the frame, by the header's data offset. */
  readonly payloadOffset: number;
  /** Exchanges source and destination. */
  swap(): void;
}

/** ICMP on IPv4, ICMPv6 on IPv6. */
export interface Icmp {
  readonly type: number;
  readonly code: number;
  readonly checksum: number;
  /**
   * Makes an echo request the reply in place: Ethernet and IP ends exchanged, hop limit 64, checksums kept. False when it
   * is no echo request.
   */
  reply(): boolean;
}

/** The frames of one poll. `[...burst]` is safe: each position has an object of its own. */
export interface Burst extends Iterable<Packet> {
  readonly length: number;
  /** The packet at a position. RangeError when there is none. */
  at(index: number): Packet;
}
