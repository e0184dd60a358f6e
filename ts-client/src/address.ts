// SPDX-License-Identifier: BSD-3-Clause
import { WdpdkError } from 'shared-memory-ipc';

declare const brand: unique symbol;

/**
 * An IPv4 address as a number in host order: no allocation, comparable with ===. Made by ip4(), printed by
 * formatIp4().
 */
export type Ip4 = number & { readonly [brand]: 'Ip4' };

/** An address and a prefix length, IPv4 or IPv6: `10.0.0.0/8`, `2001:db8::/32`. */
export type Cidr = `${string}/${number}`;

/** `ip4('10.0.0.1')`. Throws WDPDK_E_ARGUMENT when the text is no dotted quad. */
export function ip4(text: string): Ip4 {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((n) => n > 255))
    throw new WdpdkError('WDPDK_E_ARGUMENT', `'${text}' is no IPv4 address`, {
      object: text,
      remedy: 'Write it as 192.0.2.1',
    });
  return (((parts[0]! << 24) | (parts[1]! << 16) | (parts[2]! << 8) | parts[3]!) >>> 0) as Ip4;
}

/** The dotted quad of an IPv4 address. */
export const formatIp4 = (address: Ip4 | number): string =>
  `${(address >>> 24) & 255}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;

/**
 * RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups (the first of equals) shortened.
 */
export function formatIp6(bytes: Uint8Array, at: number): string {
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((bytes[at + i]! << 8) | bytes[at + i + 1]!);
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length++;
    if (length > bestLength) [best, bestLength] = [i, length];
    if (length) i += length - 1;
  }
  const hex = (part: readonly number[]) => part.map((n) => n.toString(16)).join(':');
  return best < 0 ? hex(groups) : `${hex(groups.slice(0, best))}::${hex(groups.slice(best + bestLength))}`;
}

const HEX = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'));

export function formatMac(bytes: Uint8Array, at: number): string {
  let text = HEX[bytes[at]!]!;
  for (let i = 1; i < 6; i++) text += `:${HEX[bytes[at + i]!]!}`;
  return text;
}

/** Six bytes of `xx:xx:xx:xx:xx:xx`. Throws WDPDK_E_ARGUMENT when the text is none. */
export function parseMac(text: string): Uint8Array {
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text))
    throw new WdpdkError('WDPDK_E_ARGUMENT', `'${text}' is no MAC address`, {
      object: text,
      remedy: 'Write it as 02:00:00:00:00:01',
    });
  return Uint8Array.from(text.split(':'), (part) => Number.parseInt(part, 16));
}

const notIp6 = (text: string) =>
  new WdpdkError('WDPDK_E_ARGUMENT', `'${text}' is no IPv6 address`, {
    object: text,
    remedy: 'Write it as 2001:db8::1',
  });

/** The sixteen bytes of an IPv6 address in any of RFC 4291's forms. Throws WDPDK_E_ARGUMENT when the text is none. */
export function parseIp6(text: string): Uint8Array {
  // The last 32 bits may be a dotted quad.
  const quad = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text);
  const tail = quad === null ? 0 : quadOf(text, quad[2]!);
  const groups = quad === null ? text : `${quad[1]}${(tail >>> 16).toString(16)}:${(tail & 0xffff).toString(16)}`;
  const halves = groups.split('::');
  if (halves.length > 2) throw notIp6(text);
  const [before, after = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const known = before!.length + after.length;
  if (halves.length === 2 ? known > 7 : known !== 8) throw notIp6(text);
  const all = [...before!, ...Array.from({ length: 8 - known }, () => '0'), ...after];
  const bytes = new Uint8Array(16);
  for (const [i, group] of all.entries()) {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) throw notIp6(text);
    const value = Number.parseInt(group, 16);
    bytes[2 * i] = value >> 8;
    bytes[2 * i + 1] = value & 255;
  }
  return bytes;
}

function quadOf(text: string, quad: string): number {
  try {
    return ip4(quad);
  } catch {
    throw notIp6(text);
  }
}
