// SPDX-License-Identifier: BSD-3-Clause
//
// Checksums of a frame in a slot, kept while its fields are set: by the difference, RFC 1624 equation 3 over sums of several words.
import type { Memory } from '../packet/memory.ts';
import type { CoveredSum } from '../packet/template.ts';

function covers(sum: CoveredSum, word: number): boolean {
  // A write to the checksum itself is meant.
  if (word === sum.at) return false;
  return (word >= sum.from && word < sum.to) || (word >= sum.addressesFrom && word < sum.addressesTo);
}

/** Sum of the words from `first` on that are covered; the byte behind an odd end counts as zero. */
function covered({ view, u8 }: Memory, sum: CoveredSum, position: number, first: number, end: number): number {
  let total = 0;
  for (let word = first; word < end; word += 2) {
    if (!covers(sum, word)) continue;
    total += word + 1 === sum.to ? u8[position + word]! << 8 : view.getUint16(position + word);
  }
  return total;
}

const fold = (sum: number): number => (sum & 0xffff) + (sum >>> 16);

/** What the sums held before a write. Nothing happens between a write's two halves, so that one place is enough for all. */
const before: number[] = [];

/** To be called before `bytes` bytes at `offset` of the frame at `position` change. */
export function beforeWrite(
  memory: Memory,
  sums: readonly CoveredSum[],
  position: number,
  offset: number,
  bytes: number,
): void {
  for (let i = 0; i < sums.length; i++) before[i] = covered(memory, sums[i]!, position, offset & ~1, offset + bytes);
}

/** To be called after it, with the same arguments: brings the change into each of `sums`. */
export function afterWrite(
  memory: Memory,
  sums: readonly CoveredSum[],
  position: number,
  offset: number,
  bytes: number,
): void {
  for (let i = 0; i < sums.length; i++) {
    const sum = sums[i]!;
    const after = covered(memory, sum, position, offset & ~1, offset + bytes);
    if (after === before[i]) continue;
    const old = memory.view.getUint16(position + sum.at);
    const value = ~fold(fold((~old & 0xffff) + (~fold(before[i]!) & 0xffff) + fold(after))) & 0xffff;
    memory.view.setUint16(position + sum.at, value === 0 && sum.udp ? 0xffff : value);
  }
}
