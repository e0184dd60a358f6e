// SPDX-License-Identifier: BSD-3-Clause
//
// What callers without a type checker get wrong: keys that nobody knows, and times that are none.
import { WdpdkError } from './errors.ts';

/** What a timer takes; beyond it Node's fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Throws WDPDK_E_ARGUMENT for what is no number of milliseconds that a timer takes. */
export function assertTimeout(timeoutMs: number | undefined, object: string): void {
  if (timeoutMs === undefined || (typeof timeoutMs === 'number' && timeoutMs >= 0 && timeoutMs <= LONGEST_MS)) return;
  throw new WdpdkError('WDPDK_E_ARGUMENT', `${object}: timeoutMs ${String(timeoutMs)} is no time to wait`, {
    object,
    remedy: `Give milliseconds from 0 to ${LONGEST_MS}`,
  });
}

/** How many characters must be inserted, removed, replaced or swapped with their neighbour to make one word of the other. */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped =
        from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? (before[j - 2] ?? Infinity) + 1 : Infinity;
      next.push(Math.min(replaced, swapped, row[j]! + 1, next[j - 1]! + 1));
    }
    [before, row] = [row, next];
  }
  return row[to.length]!;
}

/** Beyond half of a word's letters two words have nothing to do with each other. */
function nearest(key: string, known: readonly string[]): string | undefined {
  const word = key.slice(0, 64).toLowerCase();
  const near = known
    .map((name) => ({ name, far: distance(word, name.toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.max(1, Math.floor(name.length / 2)));
  return near.sort((a, b) => a.far - b.far)[0]?.name;
}

/** Throws WDPDK_E_ARGUMENT when `options` is no object, or has a key that `known` lacks: an option that is misspelt would do nothing. */
export function assertKeys(object: string, options: unknown, known: Readonly<Record<string, true>>): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new WdpdkError(
      'WDPDK_E_ARGUMENT',
      `${object}: ${options === null ? 'null' : typeof options} is no object with options`,
      {
        object,
        remedy: 'Give an object',
      },
    );
  for (const key of Object.keys(options)) {
    if (Object.hasOwn(known, key)) continue;
    const names = Object.keys(known);
    const near = nearest(key, names);
    throw new WdpdkError('WDPDK_E_ARGUMENT', `${object}: there is no '${key}'`, {
      object: `${object}.${key}`,
      remedy:
        near === undefined
          ? `There are: ${names.join(', ')}`
          : `Did you mean '${near}'? There are: ${names.join(', ')}`,
    });
  }
}
