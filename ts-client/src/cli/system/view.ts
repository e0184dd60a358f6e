// SPDX-License-Identifier: BSD-3-Clause
import koffi from 'koffi';

const BYTES = 65_536;
const PATTERN = 0x57445044;

/** Throws unless a view of what `map` maps and the memory itself are the same. The mapping goes with the process. */
export function view(map: (bytes: number) => bigint): void {
  const address = map(BYTES);
  const words = new Uint32Array(koffi.view(address, BYTES));
  words[words.length - 1] = PATTERN;
  const read: unknown = koffi.decode(address + BigInt(BYTES - 4), 'uint32_t');
  if (read !== PATTERN) throw new Error('what was written through the view is not in the memory');
}
