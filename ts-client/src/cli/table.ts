// SPDX-License-Identifier: BSD-3-Clause

/** Columns as wide as they need to be; the first is text, the others are numbers, or text as well. */
export function table(rows: readonly (readonly string[])[], others: 'numbers' | 'text' = 'numbers'): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 || others === 'text' ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const units = ['', 'k', 'M', 'G', 'T'];

/** 12345 as `12.3 k`. */
export function short(n: number): string {
  if (!Number.isFinite(n)) return '-';
  let unit = 0;
  while (Math.abs(n) >= 1000 && unit < units.length - 1) {
    n /= 1000;
    unit++;
  }
  return unit === 0 ? String(Math.round(n)) : `${n.toPrecision(3)} ${units[unit]}`;
}
