// SPDX-License-Identifier: BSD-3-Clause
//
// Finds the headers of a frame within given bounds; nothing is read at or beyond `end`. Positions are absolute (bytes
// from the start of the segment). The position of an absent header is the frame's own: a view kept against the rules
// then still hits no memory but the frame's.
import type { Memory } from './memory.ts';

export const ETHER_BYTES = 14;
export const TYPE_IPV4 = 0x0800;
export const TYPE_ARP = 0x0806;
export const TYPE_IPV6 = 0x86dd;
export const TYPE_VLAN = 0x8100;
export const TYPE_QINQ = 0x88a8;
export const PROTO_ICMP = 1;
export const PROTO_TCP = 6;
export const PROTO_UDP = 17;
export const PROTO_ICMP6 = 58;
const MAX_TAGS = 2;
const MAX_EXTENSIONS = 8;

/** Kinds of network header. */
export const L3_NONE = 0;
export const L3_IPV4 = 4;
export const L3_IPV6 = 6;
export const L3_ARP = 1;

export abstract class Headers {
  // What every frame needs comes first: V8 lays fields out in this order, and these share a cache line or two.
  readonly memory: Memory;
  protected readonly view: DataView;
  /** Position of the frame in the segment, -1 when the packet has expired. Set by the queue for each frame. */
  base = -1;
  /** Bytes of the frame's first piece. */
  first = 0;
  /**
   * Position of the network header; the frame's own when it has none. -1: the headers were not looked for yet, or the
   * packet has expired.
   */
  l3 = -1;
  /**
   * 1 for untagged IPv4 without options, as most frames are: then all but `l3` is the same for every one of them, or lies
   * in the frame. A packet object that meets such a frame after another one has nothing else to store.
   */
  private plain = 0;
  kind = L3_NONE;
  /** EtherType behind the tags, -1 when the frame is too short to have one. */
  type = -1;
  tagged = false;
  vlanAt = 0;
  private otherL4 = 0;
  private otherProtocol = -1;
  private otherTransport = false;

  constructor(memory: Memory) {
    this.memory = memory;
    this.view = memory.view;
  }

  get l4(): number {
    return this.plain === 1 ? this.l3 + 20 : this.otherL4;
  }
  get protocol(): number {
    return this.plain === 1 ? this.memory.u8[this.l3 + 9]! : this.otherProtocol;
  }
  /** False in later fragments. */
  get transport(): boolean {
    return this.plain === 1 ? (this.view.getUint16(this.l3 + 6) & 0x1fff) === 0 : this.otherTransport;
  }

  /**
   * Numbers instead of names: V8 reads an imported or exported constant anew each time, and looks whether it is
   * initialised.
   */
  protected parse(base: number): void {
    // 08 00 45: EtherType IPv4, then version 4 with a header of 20 bytes.
    if (this.first >= 34 && (this.view.getInt32((base + 12) | 0, true) & 0x00ffffff) === 0x00450008) {
      this.l3 = (base + 14) | 0;
      if (this.plain !== 1) this.becomePlain();
    } else {
      this.plain = 0;
      this.others(base, base + this.first);
    }
  }

  private becomePlain(): void {
    this.plain = 1;
    this.type = TYPE_IPV4;
    this.tagged = false;
    this.kind = L3_IPV4;
  }

  /** Everything but untagged IPv4 without options. */
  private others(base: number, end: number): void {
    const { view } = this.memory;
    this.type = -1;
    this.tagged = false;
    this.otherTransport = false;
    this.kind = L3_NONE;
    this.l3 = base;
    this.otherL4 = base;
    this.vlanAt = base;
    let at = base + ETHER_BYTES;
    if (at > end) return;
    let type = view.getUint16(at - 2);
    for (let tags = 0; (type === TYPE_VLAN || type === TYPE_QINQ) && tags < MAX_TAGS && at + 4 <= end; tags++) {
      if (tags === 0) this.vlanAt = at;
      this.tagged = true;
      type = view.getUint16(at + 2);
      at += 4;
    }
    this.type = type;
    if (type === TYPE_IPV4) this.findIpv4(at, end);
    else if (type === TYPE_IPV6) this.findIpv6(at, end);
    else if (
      type === TYPE_ARP &&
      at + 28 <= end &&
      view.getUint32(at) === 0x00010800 &&
      view.getUint16(at + 4) === 0x0604
    ) {
      this.kind = L3_ARP;
      this.l3 = at;
    }
  }

  private findIpv4(at: number, end: number): void {
    const { memory } = this;
    if (at + 20 > end) return;
    const first = memory.u8[at]!;
    const length = (first & 15) << 2;
    if (first >> 4 !== 4 || length < 20 || at + length > end) return;
    this.kind = L3_IPV4;
    this.l3 = at;
    this.otherProtocol = memory.u8[at + 9]!;
    if ((memory.view.getUint16(at + 6) & 0x1fff) !== 0) return;
    this.otherTransport = true;
    this.otherL4 = at + length;
  }

  private findIpv6(at: number, end: number): void {
    const { u8, view } = this.memory;
    if (at + 40 > end || u8[at]! >> 4 !== 6) return;
    this.kind = L3_IPV6;
    this.l3 = at;
    let next = u8[at + 6]!;
    let position = at + 40;
    for (let i = 0; ; i++) {
      this.otherProtocol = next;
      const fragment = next === 44;
      const authentication = next === 51;
      if (!fragment && !authentication && next !== 0 && next !== 43 && next !== 60) break;
      if (i === MAX_EXTENSIONS || position + 8 > end) return;
      next = u8[position]!;
      if (fragment && view.getUint16(position + 2) >>> 3 !== 0) {
        this.otherProtocol = next;
        return;
      }
      position += fragment ? 8 : authentication ? (u8[position + 1]! + 2) << 2 : (u8[position + 1]! + 1) << 3;
    }
    if (position > end) return;
    this.otherTransport = true;
    this.otherL4 = position;
  }
}
