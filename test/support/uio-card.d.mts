// SPDX-License-Identifier: BSD-3-Clause
/** Where cards are on the bus that the process sees. */
export const addresses: readonly [string, string];
/** The first of them. */
export const address: string;
export interface Start {
  command: string;
  args: string[];
  env: Record<string, string>;
}
export function onCards(home: string, bars: readonly string[], command: readonly string[]): Start;
export function onCard(home: string, bar: string, command: readonly string[]): Start;
