// SPDX-License-Identifier: BSD-3-Clause
//
// Frames from a description: what is not given is filled in, so that the result is right; what is given stays as it is, so
// that the result can be wrong where a test wants it to be.
import { WdpdkError } from 'shared-memory-ipc';
import { parseMac } from '../address.ts';
import { assertKnown } from './build-keys.ts';
import type { FrameSpec, VlanTag } from './build-types.ts';
import { argument, checked, ip4Of, ip6Of } from './build-values.ts';
import {
  ETHER_BYTES,
  PROTO_ICMP,
  PROTO_ICMP6,
  PROTO_TCP,
  PROTO_UDP,
  TYPE_ARP,
  TYPE_IPV4,
  TYPE_IPV6,
  TYPE_QINQ,
  TYPE_VLAN,
} from './headers.ts';
import { foldedComplement, sumOf } from './internet-checksum.ts';
import { memoryOf } from './memory.ts';
import { PacketView } from './packet.ts';
import type { Packet } from './types.ts';

const SRC_MAC = '02:00:00:00:00:01';
const DST_MAC = '02:00:00:00:00:02';
const SRC_IP4 = '192.0.2.1';
const DST_IP4 = '192.0.2.2';
const SRC_IP6 = '2001:db8::1';
const DST_IP6 = '2001:db8::2';

type Network = 'arp' | 'ipv4' | 'ipv6' | undefined;
type Transport = 'udp' | 'tcp' | 'icmp' | undefined;

/** At most one of the layers may be given. */
function onlyOne<N extends keyof FrameSpec>(spec: FrameSpec, names: readonly N[]): N | undefined {
  const given = names.filter((name) => spec[name] !== undefined);
  if (given.length > 1) throw argument('frame', `has ${given.join(' and ')} at once`, 'Give one of them');
  return given[0];
}

class Builder {
  private readonly spec: FrameSpec;
  private readonly network: Network;
  private readonly transport: Transport;
  private readonly tags: readonly VlanTag[];
  private readonly payload: Uint8Array;
  private readonly l3: number;
  private readonly l4: number;
  private readonly data: number;
  /** Where the network packet ends; only padding follows. */
  private readonly end: number;
  private readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly view: DataView;

  constructor(spec: FrameSpec) {
    assertKnown(spec);
    this.spec = spec;
    this.transport = onlyOne(spec, ['udp', 'tcp', 'icmp']);
    const network = onlyOne(spec, ['arp', 'ipv4', 'ipv6']);
    if (network === 'arp' && this.transport !== undefined)
      throw argument('frame', `has ${this.transport} on ARP`, 'Give ipv4 or ipv6 instead');
    this.network = network ?? (this.transport === undefined ? undefined : 'ipv4');
    const { vlan = [] } = spec;
    this.tags = (Array.isArray(vlan) ? vlan : [vlan]).map((tag: number | VlanTag) =>
      typeof tag === 'number' ? { id: tag } : tag,
    );
    this.payload =
      typeof spec.payload === 'string' ? new TextEncoder().encode(spec.payload) : (spec.payload ?? new Uint8Array());
    this.l3 = ETHER_BYTES + 4 * this.tags.length;
    this.l4 = this.l3 + this.networkBytes();
    this.data = this.l4 + this.transportBytes();
    this.end = this.data + this.payload.length;
    this.bytes = new Uint8Array(Math.max(this.end, spec.padTo ?? 0));
    this.view = new DataView(this.bytes.buffer);
  }

  build(): Uint8Array<ArrayBuffer> {
    this.bytes.set(this.payload, this.data);
    this.link();
    if (this.network === 'arp') this.arp();
    else if (this.network === 'ipv4') this.ipv4();
    else if (this.network === 'ipv6') this.ipv6();
    // The transport's checksum covers the addresses.
    if (this.transport === 'udp') this.udp();
    else if (this.transport === 'tcp') this.tcp();
    else if (this.transport === 'icmp') this.icmp();
    return this.bytes;
  }

  private networkBytes(): number {
    if (this.network === 'arp') return 28;
    if (this.network === 'ipv6') return 40;
    return this.network === 'ipv4' ? 20 + options('ipv4.options', this.spec.ipv4?.options) : 0;
  }

  private transportBytes(): number {
    if (this.transport === 'tcp') return 20 + options('tcp.options', this.spec.tcp?.options);
    return this.transport === undefined ? 0 : 8;
  }

  private link(): void {
    const { dst = DST_MAC, src = SRC_MAC, type } = this.spec.eth ?? {};
    this.bytes.set(parseMac(dst), 0);
    this.bytes.set(parseMac(src), 6);
    let at = 12;
    this.tags.forEach(({ id, priority = 0, dropEligible = false, type: tagType }, i) => {
      this.u16('vlan.type', at, tagType ?? (i + 1 < this.tags.length ? TYPE_QINQ : TYPE_VLAN));
      const tci =
        checked('vlan.id', id, 0xfff) | (checked('vlan.priority', priority, 7) << 13) | (dropEligible ? 0x1000 : 0);
      this.view.setUint16(at + 2, tci);
      at += 4;
    });
    const known = { arp: TYPE_ARP, ipv4: TYPE_IPV4, ipv6: TYPE_IPV6 };
    // 802.3 local experimental: a frame of nothing but payload.
    this.u16('eth.type', at, type ?? (this.network === undefined ? 0x88b5 : known[this.network]));
  }

  private arp(): void {
    const { arp = {}, eth = {} } = this.spec;
    const { l3: at, view, bytes } = this;
    const operation = arp.operation ?? 'request';
    view.setUint32(at, 0x00010800);
    view.setUint16(at + 4, 0x0604);
    this.u16('arp.operation', at + 6, operation === 'request' ? 1 : operation === 'reply' ? 2 : operation);
    bytes.set(parseMac(arp.senderMac ?? eth.src ?? SRC_MAC), at + 8);
    view.setUint32(at + 14, ip4Of(arp.senderIp ?? SRC_IP4));
    bytes.set(parseMac(arp.targetMac ?? '00:00:00:00:00:00'), at + 18);
    view.setUint32(at + 24, ip4Of(arp.targetIp ?? DST_IP4));
  }

  private ipv4(): void {
    const { ipv4 = {} } = this.spec;
    const { l3: at, view, bytes } = this;
    const fragment = checked('ipv4.fragmentOffset', ipv4.fragmentOffset ?? 0, 0xfff8);
    if (fragment % 8 !== 0)
      throw argument(
        'ipv4.fragmentOffset',
        `${fragment} is no multiple of 8`,
        'Fragments begin at multiples of 8 bytes',
      );
    const flags = (ipv4.dontFragment ? 0x4000 : 0) | (ipv4.moreFragments ? 0x2000 : 0);
    bytes[at] = 0x40 | ((this.l4 - at) >> 2);
    bytes[at + 1] = checked('ipv4.tos', ipv4.tos ?? 0, 0xff);
    this.u16('ipv4.length', at + 2, ipv4.length ?? this.end - at);
    this.u16('ipv4.id', at + 4, ipv4.id ?? 0);
    view.setUint16(at + 6, flags | (fragment >> 3));
    bytes[at + 8] = checked('ipv4.ttl', ipv4.ttl ?? 64, 0xff);
    bytes[at + 9] = checked('ipv4.protocol', ipv4.protocol ?? this.protocol(PROTO_ICMP, 0xfd), 0xff);
    view.setUint32(at + 12, ip4Of(ipv4.src ?? SRC_IP4));
    view.setUint32(at + 16, ip4Of(ipv4.dst ?? DST_IP4));
    bytes.set(ipv4.options ?? [], at + 20);
    this.u16('ipv4.checksum', at + 10, ipv4.checksum ?? foldedComplement(sumOf(bytes, at, this.l4)));
  }

  private ipv6(): void {
    const { ipv6 = {} } = this.spec;
    const { l3: at, view, bytes } = this;
    const label = checked('ipv6.flowLabel', ipv6.flowLabel ?? 0, 0xfffff);
    const trafficClass = checked('ipv6.trafficClass', ipv6.trafficClass ?? 0, 0xff);
    view.setUint32(at, ((6 << 28) | (trafficClass << 20) | label) >>> 0);
    this.u16('ipv6.payloadLength', at + 4, ipv6.payloadLength ?? this.end - this.l4);
    bytes[at + 6] = checked('ipv6.nextHeader', ipv6.nextHeader ?? this.protocol(PROTO_ICMP6, 59), 0xff);
    bytes[at + 7] = checked('ipv6.hopLimit', ipv6.hopLimit ?? 64, 0xff);
    bytes.set(ip6Of(ipv6.src ?? SRC_IP6), at + 8);
    bytes.set(ip6Of(ipv6.dst ?? DST_IP6), at + 24);
  }

  /** `other`: what a packet without a transport header says it carries: 253 is for experiments, 59 says nothing follows. */
  private protocol(icmp: number, other: number): number {
    if (this.transport === undefined) return other;
    return this.transport === 'udp' ? PROTO_UDP : this.transport === 'tcp' ? PROTO_TCP : icmp;
  }

  private udp(): void {
    const { udp = {} } = this.spec;
    const { l4: at } = this;
    this.u16('udp.srcPort', at, udp.srcPort ?? 1024);
    this.u16('udp.dstPort', at + 2, udp.dstPort ?? 1024);
    this.u16('udp.length', at + 4, udp.length ?? this.end - at);
    // 0 says that there is none, so a sum of 0 is sent as its other form.
    this.u16('udp.checksum', at + 6, udp.checksum ?? (this.transportSum(PROTO_UDP) || 0xffff));
  }

  private tcp(): void {
    const { tcp = {} } = this.spec;
    const { l4: at, view, bytes } = this;
    this.u16('tcp.srcPort', at, tcp.srcPort ?? 1024);
    this.u16('tcp.dstPort', at + 2, tcp.dstPort ?? 1024);
    view.setUint32(at + 4, checked('tcp.seq', tcp.seq ?? 0, 0xffffffff));
    view.setUint32(at + 8, checked('tcp.ack', tcp.ack ?? 0, 0xffffffff));
    bytes[at + 12] = ((this.data - at) >> 2) << 4;
    bytes[at + 13] = checked('tcp.flags', tcp.flags ?? 0x10, 0xff);
    this.u16('tcp.window', at + 14, tcp.window ?? 0xffff);
    this.u16('tcp.urgent', at + 18, tcp.urgent ?? 0);
    bytes.set(tcp.options ?? [], at + 20);
    this.u16('tcp.checksum', at + 16, tcp.checksum ?? this.transportSum(PROTO_TCP));
  }

  private icmp(): void {
    const { icmp = {} } = this.spec;
    const { l4: at, view, bytes } = this;
    const six = this.network === 'ipv6';
    bytes[at] = checked('icmp.type', icmp.type ?? (six ? 128 : 8), 0xff);
    bytes[at + 1] = checked('icmp.code', icmp.code ?? 0, 0xff);
    const rest =
      icmp.rest ??
      ((checked('icmp.id', icmp.id ?? 0, 0xffff) << 16) | checked('icmp.seq', icmp.seq ?? 0, 0xffff)) >>> 0;
    view.setUint32(at + 4, checked('icmp.rest', rest, 0xffffffff));
    const sum = six ? this.transportSum(PROTO_ICMP6) : foldedComplement(sumOf(bytes, at, this.end));
    this.u16('icmp.checksum', at + 2, icmp.checksum ?? sum);
  }

  /** Over the pseudo header and everything from the transport header on. */
  private transportSum(protocol: number): number {
    const { l3, l4, end, bytes } = this;
    const pseudo = protocol + (end - l4);
    const addresses =
      this.network === 'ipv4' ? sumOf(bytes, l3 + 12, l3 + 20, pseudo) : sumOf(bytes, l3 + 8, l3 + 40, pseudo);
    return foldedComplement(sumOf(bytes, l4, end, addresses));
  }

  private u16(what: string, at: number, value: number): void {
    this.view.setUint16(at, checked(what, value, 0xffff));
  }
}

/** Bytes of a header's options, which come in words. */
function options(what: string, bytes: Uint8Array | undefined): number {
  const length = bytes?.length ?? 0;
  if (length % 4 !== 0 || length > 40)
    throw argument(what, `${length} bytes of options`, 'Pad them to a multiple of 4, at most 40');
  return length;
}

/**
 * A frame from a description: `frame({ ipv4: { dst: '10.0.0.2' }, udp: { dstPort: 53 }, payload: 'hello' })`. Lengths, types
 * and checksums are filled in unless given; so are addresses. A transport header without a network header gets IPv4.
 * Throws WDPDK_E_ARGUMENT that names the field when a value is out of range, two layers exclude each other, or a text
 * is no address.
 */
export const frame = (spec: FrameSpec): Uint8Array<ArrayBuffer> => new Builder(spec).build();

/**
 * The same views over bytes of your own that packets of a queue have over shared memory, setters included: `parse(bytes).udp?.dstPort`.
 * It never expires; `port` and `hash` are 0, `timestampNs` is 0n, and `wireLength` is the length. Throws
 * WDPDK_E_ARGUMENT for an empty array.
 */
export function parse(bytes: Uint8Array): Packet {
  if (bytes.length === 0)
    throw new WdpdkError('WDPDK_E_ARGUMENT', 'there is no frame in no bytes', { object: 'frame' });
  const packet = new PacketView(memoryOf(bytes.buffer as ArrayBuffer), false);
  packet.base = bytes.byteOffset;
  packet.first = bytes.length;
  return packet;
}
