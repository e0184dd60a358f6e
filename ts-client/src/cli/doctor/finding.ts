// SPDX-License-Identifier: BSD-3-Clause

/**
 * `fail`: wdpdk does not work here. `warn`: it works, slower or with less. `info`: worth knowing, or not to be known from here.
 * A remedy is there for `warn` and `fail`, and for nothing else.
 */
export type Level = 'ok' | 'info' | 'warn' | 'fail';

/** One thing that `wdpdk doctor` looked at. Ids are stable; texts are for people and may change. */
export interface Finding {
  /** What was looked at, as `pages` or `card.driver`. */
  readonly id: string;
  readonly level: Level;
  readonly text: string;
  readonly remedy?: string;
  /** The card it is about: its address. */
  readonly object?: string;
  /** Until it is mended no network card can be used, or not this one. */
  readonly blocks?: 'cards';
}

export const ok = (id: string, text: string): Finding => ({ id, level: 'ok', text });
export const info = (id: string, text: string): Finding => ({ id, level: 'info', text });
export const warn = (id: string, text: string, remedy: string): Finding => ({ id, level: 'warn', text, remedy });
export const fail = (id: string, text: string, remedy: string): Finding => ({ id, level: 'fail', text, remedy });
/** A warning for those who need a network card a refusal. */
export const blocksCards = (finding: Finding): Finding => ({ ...finding, blocks: 'cards' });
export const about = (object: string, finding: Finding): Finding => ({ ...finding, object });

export const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20).toLocaleString('en-US')} MiB`;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** 0,1,2,5 as `0-2,5`. */
export function ranges(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length; i++) {
    const first = sorted[i]!;
    while (sorted[i + 1] === sorted[i]! + 1) i++;
    parts.push(first === sorted[i] ? `${first}` : `${first}-${sorted[i]}`);
  }
  return parts.join(',');
}

/** `0-2,5` as 0,1,2,5; what is no such list is empty. */
export function numbersOf(text: string): number[] {
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(text.trim())) return [];
  return text
    .trim()
    .split(',')
    .flatMap((part) => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return last - first > 65_536 ? [] : Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
    });
}
