// SPDX-License-Identifier: BSD-3-Clause

const ROW = 16;

const visible = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.');

/** Rows of sixteen bytes; under a row, carets where it differs from `other`. */
export function hexdump(bytes: Uint8Array, other?: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += ROW) {
    const row = [...bytes.subarray(at, at + ROW)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${hex.padEnd(ROW * 3 - 1)}  ${row.map(visible).join('')}`);
    if (other === undefined) continue;
    const marks = row.map((byte, i) => (other[at + i] === byte ? '  ' : '^^')).join(' ');
    if (marks.includes('^')) lines.push(`      ${marks.trimEnd()}`);
  }
  return lines.join('\n');
}
