// SPDX-License-Identifier: BSD-3-Clause
//
// The flyweight: one object per position of a burst, pointed at frame after frame. `stamp` is the generation of the
// burst it belongs to; the burst counts on when it ends, and every access compares.
import { WdpdkError, protocol } from 'shared-memory-ipc';
import { Headers, L3_ARP, L3_IPV4, L3_IPV6, PROTO_ICMP, PROTO_ICMP6, PROTO_TCP, PROTO_UDP } from './headers.ts';
import type { Memory } from './memory.ts';
import { IcmpView, TcpView, UdpView } from './transport.ts';
import type { Packet } from './types.ts';
import { ArpView, EthView, Ipv4View, Ipv6View, VlanView } from './views.ts';

const { META_BYTES, META_OFF_HASH, META_OFF_TIMESTAMP_NS, META_OFF_WIRE_LENGTH, DESC_FLAG_TRUNCATED } = protocol;

/** What a packet asks of its burst. */
export interface Life {
  generation: number;
}

export class PacketView extends Headers implements Packet {
  readonly memory: Memory;
  /** Set by the burst for each frame. */
  stamp = -1;
  base = 0;
  /** Bytes of the first piece. */
  first = 0;
  total = 0;
  /** Port in the low half, flags in the high half, as in the descriptor. */
  portFlags = 0;
  /** Position and length of each further piece, alternating; undefined for a frame in one piece. */
  pieces: number[] | undefined = undefined;
  /** The stamp for which the headers were found. */
  parsed = -1;

  private readonly life: Life;
  private readonly metadata: boolean;
  private readonly ethView = new EthView(this);
  private readonly vlanView = new VlanView(this);
  private readonly arpView = new ArpView(this);
  private readonly ipv4View = new Ipv4View(this);
  private readonly ipv6View = new Ipv6View(this);
  private readonly udpView = new UdpView(this);
  private readonly tcpView = new TcpView(this);
  private readonly icmpView = new IcmpView(this);

  constructor(memory: Memory, life: Life, metadata: boolean) {
    super();
    this.memory = memory;
    this.life = life;
    this.metadata = metadata;
  }

  /** The frame's position in the segment, or WDPDK_E_PACKET_EXPIRED. */
  live(): number {
    if (this.stamp !== this.life.generation) throw expired();
    return this.base;
  }

  headers(): Headers {
    const base = this.live();
    if (this.parsed !== this.stamp) {
      this.parsed = this.stamp;
      this.parse(this.memory, base, base + this.first);
    }
    return this;
  }

  end(): number {
    return this.base + this.first;
  }

  get length(): number {
    this.live();
    return this.total;
  }
  get wireLength(): number {
    const base = this.live();
    return this.metadata ? this.memory.view.getUint32(base - META_BYTES + META_OFF_WIRE_LENGTH, true) : this.total;
  }
  get timestampNs(): bigint {
    const base = this.live();
    return this.metadata ? this.memory.view.getBigUint64(base - META_BYTES + META_OFF_TIMESTAMP_NS, true) : 0n;
  }
  get hash(): number {
    const base = this.live();
    return this.metadata ? this.memory.view.getUint32(base - META_BYTES + META_OFF_HASH, true) : 0;
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
    return this.headers().tagged ? this.vlanView : undefined;
  }
  get arp(): ArpView | undefined {
    return this.headers().kind === L3_ARP ? this.arpView : undefined;
  }
  get ipv4(): Ipv4View | undefined {
    return this.headers().kind === L3_IPV4 ? this.ipv4View : undefined;
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
    if (offset >= 0 && offset + 2 <= this.first) return this.memory.view.getUint16(base + offset);
    return this.far(offset, 2);
  }
  u32(offset: number): number {
    const base = this.live();
    if (offset >= 0 && offset + 4 <= this.first) return this.memory.view.getUint32(base + offset);
    return this.far(offset, 4);
  }

  copy(): Uint8Array<ArrayBuffer> {
    const base = this.live();
    if (!this.pieces) return this.memory.u8.slice(base, base + this.first) as Uint8Array<ArrayBuffer>;
    const bytes = new Uint8Array(this.total);
    this.copyTo(bytes);
    return bytes;
  }

  copyTo(destination: Uint8Array, at = 0): number {
    const base = this.live();
    if (at < 0 || at + this.total > destination.length)
      throw new RangeError(`a frame of ${this.total} bytes does not fit into ${destination.length} bytes at ${at}`);
    const { u8 } = this.memory;
    destination.set(u8.subarray(base, base + this.first), at);
    let to = at + this.first;
    for (let i = 0; this.pieces && i < this.pieces.length; i += 2) {
      const from = this.pieces[i]!;
      const length = this.pieces[i + 1]!;
      destination.set(u8.subarray(from, from + length), to);
      to += length;
    }
    return this.total;
  }

  unsafeView(): Uint8Array {
    const base = this.live();
    if (this.pieces)
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
    if (!Number.isInteger(offset) || offset < 0 || offset + bytes > this.total)
      throw new RangeError(`${bytes} bytes at ${offset} are beyond a frame of ${this.total} bytes`);
    let value = 0;
    for (let i = 0; i < bytes; i++) value = value * 256 + this.byte(offset + i);
    return value;
  }

  private byte(offset: number): number {
    if (offset < this.first) return this.memory.u8[this.base + offset]!;
    let left = offset - this.first;
    for (let i = 0; this.pieces && i < this.pieces.length; i += 2) {
      if (left < this.pieces[i + 1]!) return this.memory.u8[this.pieces[i]! + left]!;
      left -= this.pieces[i + 1]!;
    }
    return 0;
  }
}

const expired = () =>
  new WdpdkError('WDPDK_E_PACKET_EXPIRED', 'the packet was used after its burst had ended', {
    object: 'packet',
    remedy: 'Take copy() of what is needed later, inside the handler',
  });
