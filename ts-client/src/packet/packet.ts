// SPDX-License-Identifier: BSD-3-Clause
//
// The flyweight: one object per position of a burst, pointed at frame after frame. Its position goes to -1 when the burst
// ends, and every access looks at it.
import { WdpdkError, protocol } from 'shared-memory-ipc';
import { Headers, L3_ARP, L3_IPV4, L3_IPV6, PROTO_ICMP, PROTO_ICMP6, PROTO_TCP, PROTO_UDP } from './headers.ts';
import type { Memory } from './memory.ts';
import { type Checksums, type PacketType, checksumsOf, packetTypeOf } from './metadata.ts';
import { IcmpView, TcpView, UdpView } from './transport.ts';
import type { Packet } from './types.ts';
import { ArpView, EthView, Ipv4View, Ipv6View, VlanView } from './views.ts';

const {
  DESC_FLAG_TRUNCATED,
  META_BYTES,
  META_OFF_CHECKSUMS,
  META_OFF_HASH,
  META_OFF_PACKET_TYPE,
  META_OFF_TIMESTAMP_NS,
  META_OFF_VLAN_TCI,
  META_OFF_WIRE_LENGTH,
} = protocol;

export class PacketView extends Headers implements Packet {
  /** Port in the low half, flags in the high half, as in the descriptor. Set by the queue for each frame. */
  portFlags = 0;
  /** Position and length of each further piece, alternating; undefined for a frame in one piece. */
  pieces: number[] | undefined = undefined;

  private readonly metadata: boolean;
  private readonly ethView: EthView;
  private readonly vlanView: VlanView;
  private readonly arpView: ArpView;
  private readonly ipv4View: Ipv4View;
  private readonly ipv6View: Ipv6View;
  private readonly udpView: UdpView;
  private readonly tcpView: TcpView;
  private readonly icmpView: IcmpView;

  constructor(memory: Memory, metadata: boolean) {
    super(memory);
    this.metadata = metadata;
    this.ethView = new EthView(this);
    this.vlanView = new VlanView(this);
    this.arpView = new ArpView(this);
    this.ipv4View = new Ipv4View(this);
    this.ipv6View = new Ipv6View(this);
    this.udpView = new UdpView(this);
    this.tcpView = new TcpView(this);
    this.icmpView = new IcmpView(this);
  }

  /** The frame's position in the segment, or WDPDK_E_PACKET_EXPIRED. */
  live(): number {
    const { base } = this;
    if (base < 0) throw expired();
    return base;
  }

  headers(): Headers {
    if (this.l3 < 0) this.parse(this.live());
    return this;
  }

  /** The burst ended, or the frame was given away. `pieces` are the queue's to clear. */
  expire(): void {
    this.base = -1;
    this.l3 = -1;
  }

  end(): number {
    return this.base + this.first;
  }

  get length(): number {
    this.live();
    return this.total;
  }
  private get total(): number {
    const { pieces } = this;
    let sum = this.first;
    for (let i = 1; pieces !== undefined && i < pieces.length; i += 2) sum += pieces[i]!;
    return sum;
  }
  get wireLength(): number {
    const base = this.live();
    return this.metadata ? this.view.getUint32(base - META_BYTES + META_OFF_WIRE_LENGTH, true) : this.total;
  }
  get timestampNs(): bigint {
    const base = this.live();
    return this.metadata ? this.view.getBigUint64(base - META_BYTES + META_OFF_TIMESTAMP_NS, true) : 0n;
  }
  get hash(): number {
    const base = this.live();
    return this.metadata ? this.view.getUint32(base - META_BYTES + META_OFF_HASH, true) : 0;
  }
  get packetType(): PacketType {
    const base = this.live();
    return packetTypeOf(this.metadata ? this.view.getUint16(base - META_BYTES + META_OFF_PACKET_TYPE, true) : 0);
  }
  get checksums(): Checksums {
    const base = this.live();
    return checksumsOf(this.metadata ? this.memory.u8[base - META_BYTES + META_OFF_CHECKSUMS]! : 0);
  }
  get port(): number {
    this.live();
    return this.portFlags & 0xffff;
  }
  get truncated(): boolean {
    this.live();
    return ((this.portFlags >>> 16) & DESC_FLAG_TRUNCATED) !== 0;
  }
  get contiguous(): boolean {
    this.live();
    return this.pieces === undefined;
  }

  get eth(): EthView {
    this.live();
    return this.ethView;
  }
  get vlan(): VlanView | undefined {
    if (this.headers().tagged) return this.vlanView;
    const stripped = this.metadata && this.view.getUint16(this.base - META_BYTES + META_OFF_VLAN_TCI, true) !== 0;
    return stripped ? this.vlanView : undefined;
  }
  get arp(): ArpView | undefined {
    return this.headers().kind === L3_ARP ? this.arpView : undefined;
  }
  get ipv4(): Ipv4View | undefined {
    return this.headers().kind === 4 ? this.ipv4View : undefined;
  }
  get ipv6(): Ipv6View | undefined {
    return this.headers().kind === L3_IPV6 ? this.ipv6View : undefined;
  }
  get udp(): UdpView | undefined {
    return this.has(PROTO_UDP, 8) ? this.udpView : undefined;
  }
  get tcp(): TcpView | undefined {
    return this.has(PROTO_TCP, 20) ? this.tcpView : undefined;
  }
  get icmp(): IcmpView | undefined {
    const own = this.headers().kind === L3_IPV4 ? PROTO_ICMP : PROTO_ICMP6;
    return this.has(own, 4) ? this.icmpView : undefined;
  }

  u8(offset: number): number {
    const base = this.live();
    if (offset >>> 0 < this.first) return this.memory.u8[base + (offset >>> 0)]!;
    return this.far(offset, 1);
  }
  u16(offset: number): number {
    const base = this.live();
    if (offset >= 0 && offset + 2 <= this.first) return this.view.getUint16(base + offset);
    return this.far(offset, 2);
  }
  u32(offset: number): number {
    const base = this.live();
    if (offset >= 0 && offset + 4 <= this.first) return this.view.getUint32(base + offset);
    return this.far(offset, 4);
  }

  copy(): Uint8Array<ArrayBuffer> {
    const base = this.live();
    if (this.pieces === undefined) return this.memory.u8.slice(base, base + this.first) as Uint8Array<ArrayBuffer>;
    const bytes = new Uint8Array(this.total);
    this.copyTo(bytes);
    return bytes;
  }

  copyTo(destination: Uint8Array, at = 0): number {
    const base = this.live();
    const { pieces, total } = this;
    if (at < 0 || at + total > destination.length)
      throw new RangeError(`a frame of ${total} bytes does not fit into ${destination.length} bytes at ${at}`);
    const { u8 } = this.memory;
    destination.set(u8.subarray(base, base + this.first), at);
    let to = at + this.first;
    for (let i = 0; pieces !== undefined && i < pieces.length; i += 2) {
      const from = pieces[i]!;
      const length = pieces[i + 1]!;
      destination.set(u8.subarray(from, from + length), to);
      to += length;
    }
    return total;
  }

  unsafeView(): Uint8Array {
    const base = this.live();
    if (this.pieces !== undefined)
      throw new WdpdkError('WDPDK_E_ARGUMENT', `a frame of ${this.total} bytes lies in several slots and has no view`, {
        object: 'packet',
        remedy: 'Look at `contiguous` first, or use copy()',
      });
    return this.memory.u8.subarray(base, base + this.first);
  }

  private has(protocol: number, bytes: number): boolean {
    this.headers();
    return this.transport && this.protocol === protocol && this.l4 + bytes <= this.base + this.first;
  }

  /** A big-endian number that is not whole within the first piece. */
  private far(offset: number, bytes: number): number {
    const { pieces, total } = this;
    if (!Number.isInteger(offset) || offset < 0 || offset + bytes > total)
      throw new RangeError(`${bytes} bytes at ${offset} are beyond a frame of ${total} bytes`);
    let value = 0;
    for (let i = 0; i < bytes; i++) value = value * 256 + this.byte(pieces, offset + i);
    return value;
  }

  private byte(pieces: readonly number[] | undefined, offset: number): number {
    if (offset < this.first) return this.memory.u8[this.base + offset]!;
    let left = offset - this.first;
    for (let i = 0; pieces !== undefined && i < pieces.length; i += 2) {
      if (left < pieces[i + 1]!) return this.memory.u8[pieces[i]! + left]!;
      left -= pieces[i + 1]!;
    }
    return 0;
  }
}

const expired = () =>
  new WdpdkError('WDPDK_E_PACKET_EXPIRED', 'the packet was used after its burst had ended', {
    object: 'packet',
    remedy: 'Take copy() of what is needed later, inside the handler',
  });
