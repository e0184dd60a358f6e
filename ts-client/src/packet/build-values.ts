// SPDX-License-Identifier: BSD-3-Clause
import { WdpdkError } from 'shared-memory-ipc';
import { type Ip4, ip4, parseIp6 } from '../address.ts';

export const argument = (object: string, what: string, remedy: string): WdpdkError<'WDPDK_E_ARGUMENT'> =>
  new WdpdkError('WDPDK_E_ARGUMENT', `${object}: ${what}`, { object, remedy });

/** A whole number from 0 to `most`. */
export function checked(what: string, value: number, most: number): number {
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw argument(what, `${value} does not fit`, `It is a whole number from 0 to ${most}`);
  return value;
}

export const ip4Of = (address: string | Ip4): number => (typeof address === 'string' ? ip4(address) : address >>> 0);

export function ip6Of(address: string | Uint8Array): Uint8Array {
  if (typeof address === 'string') return parseIp6(address);
  if (address.length !== 16) throw argument('ipv6', `an address of ${address.length} bytes`, 'IPv6 addresses have 16');
  return address;
}
