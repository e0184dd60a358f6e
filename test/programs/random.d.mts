// SPDX-License-Identifier: BSD-3-Clause
export interface Chance {
  /** 0 to below 1. */
  next(): number;
  /** A whole number from 0 to below n. */
  below(n: number): number;
  from<T>(list: readonly T[]): T;
  chance(p: number): boolean;
}
export function random(seed: number): Chance;
