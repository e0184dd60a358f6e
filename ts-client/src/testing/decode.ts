// SPDX-License-Identifier: BSD-3-Clause
//
// A frame as plain fields, for expectations and for people.
import { formatIp4 } from '../address.ts';
import { parse } from '../packet/build.ts';
import type { Packet } from '../packet/types.ts';

export interface DecodedFrame {
  /** Bytes of the frame. */
  readonly length: number;
  readonly eth: { readonly dst: string; readonly src: string; readonly type: number };
  readonly vlan?: { readonly id: number; readonly priority: number };
  readonly arp?: {
    readonly operation: number;
    readonly senderMac: string;
    readonly senderIp: string;
    readonly targetMac: string;
    readonly targetIp: string;
  };
  readonly ipv4?: {
    readonly src: string;
    readonly dst: string;
    readonly ttl: number;
    readonly protocol: number;
    readonly length: number;
    readonly checksum: number;
  };
  readonly ipv6?: {
    readonly src: string;
    readonly dst: string;
    readonly hopLimit: number;
    readonly nextHeader: number;
    readonly payloadLength: number;
  };
  readonly udp?: {
    readonly srcPort: number;
    readonly dstPort: number;
    readonly length: number;
    readonly checksum: number;
  };
  readonly tcp?: {
    readonly srcPort: number;
    readonly dstPort: number;
    readonly seq: number;
    readonly ack: number;
    readonly flags: number;
    readonly window: number;
    readonly checksum: number;
  };
  readonly icmp?: { readonly type: number; readonly code: number; readonly checksum: number };
  /** What follows the last header known, without padding. */
  readonly payload: Uint8Array;
}

type Field<T> = T extends Uint8Array
  ? T | string
  : T extends object
    ? Expected<T>
    : T | { asymmetricMatch(value: unknown): boolean };
type Expected<T> = { readonly [K in keyof T]?: Field<NonNullable<T[K]>> };

/** Some fields of a frame; vitest's asymmetric matchers may stand for values, a text for a payload (UTF-8). */
export type FrameFields = Expected<DecodedFrame>;

function layers(p: Packet): Omit<DecodedFrame, 'length' | 'eth' | 'payload'> {
  const { vlan, arp, ipv4, ipv6, udp, tcp, icmp } = p;
  return {
    ...(vlan && { vlan: { id: vlan.id, priority: vlan.priority } }),
    ...(arp && {
      arp: {
        operation: arp.operation,
        senderMac: arp.senderMac,
        senderIp: formatIp4(arp.senderIp),
        targetMac: arp.targetMac,
        targetIp: formatIp4(arp.targetIp),
      },
    }),
    ...(ipv4 && {
      ipv4: {
        src: ipv4.srcText,
        dst: ipv4.dstText,
        ttl: ipv4.ttl,
        protocol: ipv4.protocol,
        length: ipv4.length,
        checksum: ipv4.checksum,
      },
    }),
    ...(ipv6 && {
      ipv6: {
        src: ipv6.srcText,
        dst: ipv6.dstText,
        hopLimit: ipv6.hopLimit,
        nextHeader: ipv6.nextHeader,
        payloadLength: ipv6.payloadLength,
      },
    }),
    ...(udp && { udp: { srcPort: udp.srcPort, dstPort: udp.dstPort, length: udp.length, checksum: udp.checksum } }),
    ...(tcp && {
      tcp: {
        srcPort: tcp.srcPort,
        dstPort: tcp.dstPort,
        seq: tcp.seq,
        ack: tcp.ack,
        flags: tcp.flags,
        window: tcp.window,
        checksum: tcp.checksum,
      },
    }),
    ...(icmp && { icmp: { type: icmp.type, code: icmp.code, checksum: icmp.checksum } }),
  };
}

/** Where the payload lies: behind the last header, before the padding that IP's lengths leave out. */
function payloadOf(p: Packet, bytes: Uint8Array): Uint8Array {
  const l2 = p.vlan ? 18 : 14;
  const end = p.ipv4 ? l2 + p.ipv4.length : p.ipv6 ? l2 + 40 + p.ipv6.payloadLength : bytes.length;
  const network = p.ipv4 ? p.ipv4.headerLength : p.ipv6 ? 40 : p.arp ? 28 : 0;
  const from = p.udp?.payloadOffset ?? p.tcp?.payloadOffset ?? l2 + network + (p.icmp ? 8 : 0);
  return bytes.slice(from, Math.max(from, Math.min(end, bytes.length)));
}

export function decode(bytes: Uint8Array): DecodedFrame {
  const p = parse(bytes);
  const { dst, src, type } = p.eth;
  return { length: bytes.length, eth: { dst, src, type }, ...layers(p), payload: payloadOf(p, bytes) };
}

/** Leaves of an expectation that a frame does not have, as `ipv4.ttl`. `equal` compares two of them. */
export function differences(
  fields: object,
  actual: object,
  equal: (actual: unknown, expected: unknown) => boolean,
  prefix = '',
): { readonly path: string; readonly expected: unknown; readonly actual: unknown }[] {
  return Object.entries(fields).flatMap(([key, expected]: [string, unknown]) => {
    const path = `${prefix}${key}`;
    const value = (actual as Record<string, unknown>)[key];
    if (expected === undefined) return [];
    if (value instanceof Uint8Array && typeof expected === 'string')
      return Buffer.from(value).equals(Buffer.from(expected)) ? [] : [{ path, expected, actual: text(value) }];
    if (isPlain(expected) && isPlain(value)) return differences(expected, value, equal, `${path}.`);
    return equal(value, expected) ? [] : [{ path, expected, actual: value }];
  });
}

/** The values of an expectation, with their paths. */
export const leaves = (fields: object, prefix = ''): [path: string, value: unknown][] =>
  Object.entries(fields).flatMap(([key, value]: [string, unknown]) =>
    value === undefined ? [] : isPlain(value) ? leaves(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value]],
  );

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
