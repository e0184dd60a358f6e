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
  /** EtherType behind the tags, -1 when the frame is too short to have one. */
  type = -1;
  tagged = false;
  vlanAt = 0;
  kind = L3_NONE;
  l3 = 0;
  /** False in later fragments. */
  transport = false;
  l4 = 0;
  protocol = -1;

  protected parse(memory: Memory, base: number, end: number): void {
    const { u8, view } = memory;
    const at = base + ETHER_BYTES;
    // Most frames are this, and every store counts.
    if (at + 20 <= end && view.getUint16(at - 2) === TYPE_IPV4 && u8[at] === 0x45) {
      this.type = TYPE_IPV4;
      this.tagged = false;
      this.kind = L3_IPV4;
      this.l3 = at;
      this.l4 = at + 20;
      this.protocol = u8[at + 9]!;
      this.transport = (view.getUint16(at + 6) & 0x1fff) === 0;
    } else {
      this.others(memory, base, end);
    }
  }

  /** Everything but untagged IPv4 without options. */
  private others(memory: Memory, base: number, end: number): void {
    const { view } = memory;
    this.type = -1;
    this.tagged = false;
    this.transport = false;
    this.kind = L3_NONE;
    this.l3 = base;
    this.l4 = base;
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
    if (type === TYPE_IPV4) this.findIpv4(memory, at, end);
    else if (type === TYPE_IPV6) this.findIpv6(memory, at, end);
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

  private findIpv4(memory: Memory, at: number, end: number): void {
    if (at + 20 > end) return;
    const first = memory.u8[at]!;
    const length = (first & 15) << 2;
    if (first >> 4 !== 4 || length < 20 || at + length > end) return;
    this.kind = L3_IPV4;
    this.l3 = at;
    this.protocol = memory.u8[at + 9]!;
    if ((memory.view.getUint16(at + 6) & 0x1fff) !== 0) return;
    this.transport = true;
    this.l4 = at + length;
  }

  private findIpv6(memory: Memory, at: number, end: number): void {
    const { u8, view } = memory;
    if (at + 40 > end || u8[at]! >> 4 !== 6) return;
    this.kind = L3_IPV6;
    this.l3 = at;
    let next = u8[at + 6]!;
    let position = at + 40;
    for (let i = 0; ; i++) {
      this.protocol = next;
      const fragment = next === 44;
      const authentication = next === 51;
      if (!fragment && !authentication && next !== 0 && next !== 43 && next !== 60) break;
      if (i === MAX_EXTENSIONS || position + 8 > end) return;
      next = u8[position]!;
      if (fragment && view.getUint16(position + 2) >>> 3 !== 0) {
        this.protocol = next;
        return;
      }
      position += fragment ? 8 : authentication ? (u8[position + 1]! + 2) << 2 : (u8[position + 1]! + 1) << 3;
    }
    if (position > end) return;
    this.transport = true;
    this.l4 = position;
  }
}
