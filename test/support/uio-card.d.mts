// SPDX-License-Identifier: BSD-3-Clause
/** Where the card is on the bus that the process sees. */
export const address: string;
export function onCard(
  home: string,
  bar: string,
  command: readonly string[],
): { command: string; args: string[]; env: Record<string, string> };
