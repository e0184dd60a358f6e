// SPDX-License-Identifier: BSD-3-Clause
// Small captures for judging: written and read here, so that the judge does not lean on the code it judges.
import fs from 'node:fs';

const microseconds = 0xa1b2c3d4;
const nanoseconds = 0xa1b23c4d;

/** Frames that tell themselves apart: numbered, of all lengths from 60 bytes to a full 1,514. */
export function makeFrames(count, seed) {
  return Array.from({ length: count }, (_, i) => {
    const frame = Buffer.alloc(60 + ((i * 97) % 1455));
    for (let at = 12; at < frame.length; at++) frame[at] = (at * 7 + i * 13 + seed) & 0xff;
    frame.write('0200000000fe', 0, 'hex');
    frame.write('0200000000fd', 6, 'hex');
    frame.writeUInt16BE(0x88b5, 12);
    frame.writeUInt32BE(i, 14);
    return frame;
  });
}

export function writePcap(file, frames) {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(microseconds, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65535, 16);
  header.writeUInt32LE(1, 20);
  const records = frames.flatMap((frame, i) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(i, 0);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    return [record, frame];
  });
  fs.writeFileSync(file, Buffer.concat([header, ...records]));
}

/** The frames of a capture; `whole: false`: of one that is being written, and may end within a frame. */
export function readPcap(file, { whole = true } = {}) {
  const data = fs.readFileSync(file);
  const magic = data.readUInt32LE(0);
  if (magic !== microseconds && magic !== nanoseconds) throw new Error(`${file}: magic ${magic.toString(16)}`);
  const frames = [];
  for (let at = 24; at < data.length;) {
    if (!whole && (at + 16 > data.length || at + 16 + data.readUInt32LE(at + 8) > data.length)) break;
    const captured = data.readUInt32LE(at + 8);
    if (captured !== data.readUInt32LE(at + 12)) throw new Error(`${file}: a frame was cut at byte ${at}`);
    if (at + 16 + captured > data.length) throw new Error(`${file}: ends within a frame`);
    frames.push(data.subarray(at + 16, at + 16 + captured));
    at += 16 + captured;
  }
  return frames;
}
