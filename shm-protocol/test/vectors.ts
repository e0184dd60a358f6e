// SPDX-License-Identifier: BSD-3-Clause
import { readFileSync } from 'node:fs';

/** The bytes of vectors/<name>.hex; the format is told in vectors/README.md. */
export function vector(name: string): Buffer {
  const text = readFileSync(new URL(`../vectors/${name}.hex`, import.meta.url), 'utf8');
  const bytes: number[] = [];
  let at = 0;
  for (const token of text.replaceAll(/#.*/g, '').split(/\s+/).filter(Boolean)) {
    if (token.startsWith('@')) at = Number.parseInt(token.slice(1), 16);
    else bytes[at++] = Number.parseInt(token, 16);
  }
  return Buffer.from(Array.from(bytes, (byte) => byte ?? 0));
}
