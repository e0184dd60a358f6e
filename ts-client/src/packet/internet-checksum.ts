// SPDX-License-Identifier: BSD-3-Clause
//
// The Internet checksum of RFC 1071, over bytes that are summed as big-endian words from `from` on.

/** One's complement sum of `bytes[from..to)`, not folded; an odd last byte counts as the high half of a word. */
export function sumOf(bytes: Uint8Array, from: number, to: number, start = 0): number {
  let sum = start;
  let at = from;
  for (; at + 1 < to; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!;
  return at < to ? sum + (bytes[at]! << 8) : sum;
}

/** What goes into a header's checksum field for a sum; 0 when the sum was taken over a range with a right checksum. */
export function foldedComplement(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}
