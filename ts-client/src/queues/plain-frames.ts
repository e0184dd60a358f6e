// SPDX-License-Identifier: BSD-3-Clause
//
// The two loops that touch every frame: from rx to packets, and from packets back to fill. They do two frames a turn, with
// all numbers in variables of their own: at each turn of a loop V8 forgets what it knew of the objects in it.
import { type ConsumerRing, type ProducerRing, protocol } from 'shared-memory-ipc';
import type { PacketView } from '../packet/packet.ts';
import { CLIENT, type Slots } from './slots.ts';

// A name of our own for an imported number: V8 folds it into the code, but reads an imported one anew each time.
const OURS = CLIENT;
/** CONTD and everything unknown. */
const UNCOMMON_FLAGS = ~((protocol.DESC_FLAG_TRUNCATED << 16) | 0xffff);

/**
 * Points `packets` at the next frames of rx, `most` at most, and moves rx's index on. Returns how many; it ends before the
 * first frame that is in several pieces, or not allowed.
 */
export function takePlain(
  rx: ConsumerRing,
  slots: Slots,
  earliest: number,
  packets: readonly PacketView[],
  most: number,
): number {
  const { owner, shift, size, base, count, filled } = slots;
  const { entries, mask, own, words } = rx;
  const inside = size - 1;
  let used = 0;
  for (; used + 1 < most; used += 2) {
    const at = entries + (((own + used) & mask) << 2);
    const next = entries + (((own + used + 1) & mask) << 2);
    const offset = words[at]!;
    const length = words[(at + 1) | 0]!;
    const flags = words[(at + 2) | 0]!;
    const offset2 = words[next]!;
    const length2 = words[(next + 1) | 0]!;
    const flags2 = words[(next + 2) | 0]!;
    const slot = offset >> shift;
    const slot2 = offset2 >> shift;
    const within = offset & inside;
    const within2 = offset2 & inside;
    if (
      slot < 0 ||
      slot2 < 0 ||
      slot >= count ||
      slot2 >= count ||
      slot === slot2 ||
      owner[slot] !== filled ||
      owner[slot2] !== filled ||
      within < earliest ||
      within2 < earliest ||
      length <= 0 ||
      length2 <= 0 ||
      length > ((size - within) | 0) ||
      length2 > ((size - within2) | 0) ||
      ((flags | flags2) & UNCOMMON_FLAGS) !== 0
    )
      break;
    owner[slot] = OURS;
    owner[slot2] = OURS;
    const packet = packets[used]!;
    const packet2 = packets[used + 1]!;
    packet.base = (base + offset) | 0;
    packet.first = length;
    packet.portFlags = flags;
    packet2.base = (base + offset2) | 0;
    packet2.first = length2;
    packet2.portFlags = flags2;
  }
  for (; used < most; used++) {
    const at = entries + (((own + used) & mask) << 2);
    const offset = words[at]!;
    const length = words[(at + 1) | 0]!;
    const flags = words[(at + 2) | 0]!;
    const slot = offset >> shift;
    const within = offset & inside;
    if (
      slot < 0 ||
      slot >= count ||
      owner[slot] !== filled ||
      within < earliest ||
      length <= 0 ||
      length > ((size - within) | 0) ||
      (flags & UNCOMMON_FLAGS) !== 0
    )
      break;
    owner[slot] = OURS;
    const packet = packets[used]!;
    packet.base = (base + offset) | 0;
    packet.first = length;
    packet.portFlags = flags;
  }
  rx.own = (own + used) | 0;
  return used;
}

/**
 * The first `count` packets expire, and their slots are written to fill, whose index moves on; `publish` is the caller's.
 * A packet that was sent on has expired already, and its slot is on tx.
 */
export function givePlain(fill: ProducerRing, slots: Slots, packets: readonly PacketView[], count: number): void {
  const { owner, shift, base, filled } = slots;
  const { entries, mask, words } = fill;
  let { own } = fill;
  let i = 0;
  for (; i + 1 < count; i += 2) {
    const packet = packets[i]!;
    const packet2 = packets[i + 1]!;
    const position = packet.base;
    const position2 = packet2.base;
    if (position < 0 || position2 < 0) break;
    packet.expire();
    packet2.expire();
    const slot = ((position - base) | 0) >> shift;
    const slot2 = ((position2 - base) | 0) >> shift;
    owner[slot] = filled;
    owner[slot2] = filled;
    words[entries + (own & mask)] = slot << shift;
    words[entries + ((own + 1) & mask)] = slot2 << shift;
    own = (own + 2) | 0;
  }
  for (; i < count; i++) {
    const packet = packets[i]!;
    const position = packet.base;
    if (position < 0) continue;
    packet.expire();
    const slot = ((position - base) | 0) >> shift;
    owner[slot] = filled;
    words[entries + (own & mask)] = slot << shift;
    own = (own + 1) | 0;
  }
  fill.own = own;
}
