// SPDX-License-Identifier: BSD-3-Clause
// Captures that tests make by hand (captures.ts reads them back).
import fs from 'node:fs';

const NANO = 0xa1b23c4d;

export function writePcap(file: string, frames: Iterable<Uint8Array>): void {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(NANO, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262144, 16);
  header.writeUInt32LE(1, 20);
  const parts: Uint8Array[] = [header];
  let n = 0;
  for (const frame of frames) {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_700_000_000 + Math.floor(n / 1000), 0);
    record.writeUInt32LE((n % 1000) * 1_000_000, 4);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    parts.push(record, frame);
    n++;
  }
  fs.writeFileSync(file, Buffer.concat(parts));
}
