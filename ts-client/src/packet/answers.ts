// SPDX-License-Identifier: BSD-3-Clause
//
// Requests turned into their answers where they lie.
import { parseMac } from '../address.ts';
import { writeIcmp16 } from './checksum.ts';
import type { PacketView } from './packet.ts';

const ARP_REPLY = 2;

/** An ARP request becomes the reply: its target is at `mac`. False when it is none. */
export function answerArp(p: PacketView, mac: string): boolean {
  const { l3 } = p.headers();
  const { u8, view } = p.memory;
  const base = p.live();
  if (view.getUint16(l3 + 6) !== 1) return false;
  const own = parseMac(mac);
  view.setUint16(l3 + 6, ARP_REPLY);
  const targetIp = view.getUint32(l3 + 24);
  // Who asked is the target now.
  u8.copyWithin(l3 + 18, l3 + 8, l3 + 18);
  u8.set(own, l3 + 8);
  view.setUint32(l3 + 14, targetIp);
  u8.copyWithin(base, l3 + 18, l3 + 24);
  u8.set(own, base + 6);
  return true;
}

/** An echo request becomes the reply: ends exchanged, checksum right. False when it is none. */
export function answerEcho(p: PacketView): boolean {
  const { l4 } = p.headers();
  const { u8 } = p.memory;
  const four = p.ipv4;
  if (u8[l4] !== (four === undefined ? 128 : 8) || u8[l4 + 1] !== 0) return false;
  p.eth.swap();
  if (four !== undefined) {
    four.swap();
    four.ttl = 64;
  } else {
    p.ipv6!.swap();
    p.ipv6!.hopLimit = 64;
  }
  // Type and code are one word. Exchanged addresses have the same sum.
  writeIcmp16(p.memory, l4, l4, (four === undefined ? 129 : 0) << 8);
  return true;
}
