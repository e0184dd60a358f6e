// SPDX-License-Identifier: BSD-3-Clause
//
// Frames made once and sent often, with a few fields set anew each time. A template knows where its checksums lie and what they
// cover, so that a slot made from it can keep them by the difference (RFC 1624).
import { WdpdkError } from 'shared-memory-ipc';
import type { FrameSpec } from './build-types.ts';
import { frame, parse } from './build.ts';
import { type Headers, L3_IPV4, L3_IPV6, PROTO_ICMP, PROTO_ICMP6, PROTO_TCP, PROTO_UDP } from './headers.ts';
import type { PacketView } from './packet.ts';

declare const brand: unique symbol;

/** Where fields of a template lie, in bytes from the start of the frame: for `setU16` and `setU32`. Undefined: it has none. */
export interface TemplateOffsets {
  /** The network header, ARP's too. */
  readonly network: number | undefined;
  /** Addresses of IPv4 or IPv6. */
  readonly src: number | undefined;
  readonly dst: number | undefined;
  /** The transport header. */
  readonly transport: number | undefined;
  /** Ports of UDP or TCP. */
  readonly srcPort: number | undefined;
  readonly dstPort: number | undefined;
  /** What lies behind the last header that is known. */
  readonly payload: number;
}

/** A frame to make slots from: see `template`. */
export interface Template {
  /** Bytes of the frame. */
  readonly length: number;
  /** Where its fields lie. */
  readonly offsets: TemplateOffsets;
  readonly [brand]: 'Template';
}

/** How slots made from a template are treated. */
export interface TemplateOptions {
  /**
   * `keep` (default): what a slot's setters change is brought into the checksums that cover it. `leave`: setters write what they
   * are told and no more.
   */
  readonly checksums?: 'keep' | 'leave';
}

/** A checksum field and the even positions of the words it covers: from `from` to `to`, and the addresses for a transport. */
export interface CoveredSum {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly addressesFrom: number;
  readonly addressesTo: number;
  /** 0 would say that there is none. */
  readonly udp: boolean;
}

export class FrameTemplate implements Template {
  declare readonly [brand]: 'Template';
  readonly length: number;
  readonly offsets: TemplateOffsets;
  readonly bytes: Uint8Array;
  /** The checksums to keep, undefined when there are none. */
  readonly sums: readonly CoveredSum[] | undefined;

  constructor(bytes: Uint8Array, keep: boolean) {
    this.length = bytes.length;
    // Memory of its own, that no pool is behind.
    this.bytes = Uint8Array.from(bytes);
    const packet = parse(this.bytes) as PacketView;
    this.offsets = offsetsOf(packet);
    const sums = keep ? sumsOf(packet) : [];
    this.sums = sums.length === 0 ? undefined : sums;
  }
}

function offsetsOf(p: PacketView): TemplateOffsets {
  const headers = p.headers();
  const { kind, l3, l4 } = headers;
  const ports = p.udp !== undefined || p.tcp !== undefined;
  const addresses = kind === L3_IPV4 ? 12 : kind === L3_IPV6 ? 8 : undefined;
  const network = l3 > 0 ? l3 : undefined;
  const transport = headers.transport && (ports || p.icmp !== undefined) ? l4 : undefined;
  return {
    network,
    src: addresses === undefined ? undefined : l3 + addresses,
    dst: addresses === undefined ? undefined : l3 + addresses + (kind === L3_IPV4 ? 4 : 16),
    transport,
    srcPort: ports ? l4 : undefined,
    dstPort: ports ? l4 + 2 : undefined,
    payload: payloadOf(p, headers, network, transport),
  };
}

function payloadOf(
  p: PacketView,
  headers: Headers,
  network: number | undefined,
  transport: number | undefined,
): number {
  if (p.tcp) return Math.min(p.tcp.payloadOffset, p.length);
  if (transport !== undefined) return Math.min(transport + 8, p.length);
  if (p.ipv4) return headers.l3 + p.ipv4.headerLength;
  if (p.ipv6) return headers.transport ? headers.l4 : headers.l3 + 40;
  return network === undefined ? Math.min(p.vlan ? 18 : 14, p.length) : network + 28;
}

function sumsOf(p: PacketView): CoveredSum[] {
  const { l3, l4, kind, transport, protocol } = p.headers();
  const sums: CoveredSum[] = [];
  const none = { addressesFrom: 0, addressesTo: 0, udp: false };
  const { ipv4 } = p;
  if (ipv4) sums.push({ at: l3 + 10, from: l3, to: l3 + ipv4.headerLength, ...none });
  const end = ipv4 ? l3 + ipv4.length : p.ipv6 ? l3 + 40 + p.ipv6.payloadLength : 0;
  // What is not whole here, or one of several fragments, has a checksum over more than can be seen.
  const whole = transport && end <= p.length && !(ipv4 && (p.u16(l3 + 6) & 0x3fff) !== 0) && !hasFragmentHeader(p);
  if (!whole) return sums;
  const addresses =
    kind === L3_IPV4
      ? { addressesFrom: l3 + 12, addressesTo: l3 + 20 }
      : { addressesFrom: l3 + 8, addressesTo: l3 + 40 };
  const range = { from: l4, to: end };
  if (protocol === PROTO_TCP && p.tcp) sums.push({ at: l4 + 16, ...range, ...addresses, udp: false });
  // A sender that computed none wrote 0.
  if (protocol === PROTO_UDP && p.udp && p.udp.checksum !== 0)
    sums.push({ at: l4 + 6, ...range, ...addresses, udp: true });
  if (protocol === PROTO_ICMP6 && kind === L3_IPV6 && p.icmp)
    sums.push({ at: l4 + 2, ...range, ...addresses, udp: false });
  if (protocol === PROTO_ICMP && kind === L3_IPV4 && p.icmp) sums.push({ at: l4 + 2, ...range, ...none });
  return sums;
}

/** A fragment header of IPv6, on its own or behind others. */
function hasFragmentHeader(p: PacketView): boolean {
  const { l3, l4, kind } = p.headers();
  if (kind !== L3_IPV6) return false;
  let next = p.u8(l3 + 6);
  for (let at = l3 + 40; at < l4;) {
    if (next === 44) return true;
    next = p.u8(at);
    at += (p.u8(at + 1) + 1) << 3;
  }
  return false;
}

/**
 * A frame to be sent often: `slot.from(t)` copies it, the slot's setters change fields. From bytes, which are copied, or from a
 * description as `frame` takes it. Throws WDPDK_E_ARGUMENT for fewer than 14 bytes or a description that `frame` refuses.
 */
export function template(source: Uint8Array | FrameSpec, options: TemplateOptions = {}): Template {
  const bytes = source instanceof Uint8Array ? source : frame(source);
  if (bytes.length < 14)
    throw new WdpdkError('WDPDK_E_ARGUMENT', `a template of ${bytes.length} bytes`, {
      object: 'template',
      remedy: 'A frame has 14 bytes or more',
    });
  return new FrameTemplate(bytes, options.checksums !== 'leave');
}
