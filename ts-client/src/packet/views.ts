// SPDX-License-Identifier: BSD-3-Clause
//
// The link and network layer of a packet. A view belongs to one packet object and is used again with it, so every
// access asks the packet first whether its burst still lasts. The packet hands a view out only when the whole header
// lies within the frame's first piece.
import { protocol } from 'shared-memory-ipc';
import { type Ip4, formatIp4, formatIp6, formatMac, parseMac } from '../address.ts';
import { answerArp } from './answers.ts';
import { write16 } from './checksum.ts';
import type { PacketView } from './packet.ts';
import type { Arp, Eth, Ipv4, Ipv6, Vlan } from './types.ts';

abstract class View {
  protected readonly p: PacketView;
  protected readonly view: DataView;
  constructor(packet: PacketView) {
    this.p = packet;
    this.view = packet.memory.view;
  }
}

const { META_BYTES, META_OFF_VLAN_TCI } = protocol;
const BOTH = { header: true, transport: true };
const HEADER = { header: true, transport: false };

export class EthView extends View implements Eth {
  get dst(): string {
    return formatMac(this.p.memory.u8, this.p.live());
  }
  set dst(mac: string) {
    this.p.memory.u8.set(parseMac(mac), this.p.live());
  }
  get src(): string {
    return formatMac(this.p.memory.u8, this.p.live() + 6);
  }
  set src(mac: string) {
    this.p.memory.u8.set(parseMac(mac), this.p.live() + 6);
  }
  get type(): number {
    return this.p.headers().type;
  }
  swap(): void {
    const base = this.p.live();
    const { view } = this;
    const a = view.getInt32(base, true);
    const b = view.getInt32(base + 4, true);
    const c = view.getInt32(base + 8, true);
    view.setInt32(base, (b >>> 16) | (c << 16), true);
    view.setInt32(base + 4, (c >>> 16) | (a << 16), true);
    view.setInt32(base + 8, (a >>> 16) | (b << 16), true);
  }
}

export class VlanView extends View implements Vlan {
  private get tci(): number {
    const headers = this.p.headers();
    if (headers.tagged) return this.view.getUint16(headers.vlanAt);
    // The port took the tag off.
    return this.view.getUint16(this.p.live() - META_BYTES + META_OFF_VLAN_TCI, true);
  }
  get id(): number {
    return this.tci & 0xfff;
  }
  get priority(): number {
    return this.tci >>> 13;
  }
}

export class ArpView extends View implements Arp {
  get operation(): number {
    return this.view.getUint16(this.p.headers().l3 + 6);
  }
  get senderMac(): string {
    return formatMac(this.p.memory.u8, this.p.headers().l3 + 8);
  }
  get senderIp(): Ip4 {
    return this.view.getUint32(this.p.headers().l3 + 14) as Ip4;
  }
  get targetMac(): string {
    return formatMac(this.p.memory.u8, this.p.headers().l3 + 18);
  }
  get targetIp(): Ip4 {
    return this.view.getUint32(this.p.headers().l3 + 24) as Ip4;
  }
  reply(mac: string): boolean {
    return answerArp(this.p, mac);
  }
}

export class Ipv4View extends View implements Ipv4 {
  get src(): Ip4 {
    return this.view.getUint32(this.p.headers().l3 + 12) as Ip4;
  }
  set src(address: Ip4) {
    this.address(12, address);
  }
  get dst(): Ip4 {
    return this.view.getUint32((this.p.headers().l3 + 16) | 0) as Ip4;
  }
  set dst(address: Ip4) {
    this.address(16, address);
  }
  get ttl(): number {
    return this.p.memory.u8[this.p.headers().l3 + 8]!;
  }
  set ttl(ttl: number) {
    const at = this.p.headers().l3 + 8;
    write16(this.p.memory, this.p.headers(), this.p.end(), at, ((ttl & 0xff) << 8) | this.p.memory.u8[at + 1]!, HEADER);
  }
  get protocol(): number {
    return this.p.headers().protocol;
  }
  get length(): number {
    return this.view.getUint16(this.p.headers().l3 + 2);
  }
  get headerLength(): number {
    return (this.p.memory.u8[this.p.headers().l3]! & 15) << 2;
  }
  get checksum(): number {
    return this.view.getUint16(this.p.headers().l3 + 10);
  }
  get srcText(): string {
    return formatIp4(this.src);
  }
  get dstText(): string {
    return formatIp4(this.dst);
  }
  swap(): void {
    const at = this.p.headers().l3 + 12;
    const { view } = this;
    const src = view.getUint32(at, true);
    view.setUint32(at, view.getUint32(at + 4, true), true);
    view.setUint32(at + 4, src, true);
  }

  private address(offset: number, value: number): void {
    const headers = this.p.headers();
    const at = headers.l3 + offset;
    write16(this.p.memory, headers, this.p.end(), at, value >>> 16, BOTH);
    write16(this.p.memory, headers, this.p.end(), at + 2, value & 0xffff, BOTH);
  }
}

export class Ipv6View extends View implements Ipv6 {
  get hopLimit(): number {
    return this.p.memory.u8[this.p.headers().l3 + 7]!;
  }
  set hopLimit(value: number) {
    this.p.memory.u8[this.p.headers().l3 + 7] = value;
  }
  get nextHeader(): number {
    return this.p.headers().protocol;
  }
  get payloadLength(): number {
    return this.view.getUint16(this.p.headers().l3 + 4);
  }
  get srcText(): string {
    return formatIp6(this.p.memory.u8, this.p.headers().l3 + 8);
  }
  get dstText(): string {
    return formatIp6(this.p.memory.u8, this.p.headers().l3 + 24);
  }
  swap(): void {
    const at = this.p.headers().l3 + 8;
    const { u8 } = this.p.memory;
    const src = u8.slice(at, at + 16);
    u8.copyWithin(at, at + 16, at + 32);
    u8.set(src, at + 16);
  }
}
