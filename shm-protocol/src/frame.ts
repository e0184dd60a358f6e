// SPDX-License-Identifier: BSD-3-Clause
//
// Control frames: u32 little-endian length of the value, then one MessagePack value.
import { Packr } from 'msgpackr';
import { violation } from './errors.ts';
import { checkMessagePack } from './msgpack-check.ts';
import { FRAME_HEADER_BYTES, FRAME_MAX_BYTES } from './protocol.ts';

const packr = new Packr({ useRecords: false, encodeUndefinedAsNil: true, moreTypes: false });

/**
 * The value as it may go on the wire: keys without a value are left out (the codec would write an extension type), and
 * integers from 2^32 on become BigInt (the codec would write a double).
 */
function plain(value: unknown): unknown {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && (value > 0xffffffff || value < -0x80000000) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(plain);
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) if (item !== undefined) out[key] = plain(item);
  return out;
}

export function encodeFrame(value: unknown): Buffer {
  const body = packr.pack(plain(value));
  if (body.length > FRAME_MAX_BYTES)
    throw new RangeError(`a control frame of ${body.length} bytes is over the limit of ${FRAME_MAX_BYTES}`);
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + body.length);
  frame.writeUInt32LE(body.length, 0);
  frame.set(body, FRAME_HEADER_BYTES);
  return frame;
}

/**
 * Cuts a byte stream into values. Throws WDPDK_E_PROTOCOL; the connection is then to be closed, there is no way back
 * into step.
 */
export class FrameDecoder {
  private buffered: Buffer = Buffer.alloc(0);

  /** `use` is called once for each complete value of the stream so far. */
  push(chunk: Uint8Array, use: (value: unknown) => void): void {
    this.buffered = this.buffered.length ? Buffer.concat([this.buffered, chunk]) : Buffer.from(chunk);
    let at = 0;
    while (this.buffered.length - at >= FRAME_HEADER_BYTES) {
      const length = this.buffered.readUInt32LE(at);
      if (length === 0 || length > FRAME_MAX_BYTES) throw violation('control frame', `length ${length} is not allowed`);
      const start = at + FRAME_HEADER_BYTES;
      if (this.buffered.length - start < length) break;
      const body = this.buffered.subarray(start, start + length);
      const problem = checkMessagePack(body);
      if (problem) throw violation('control frame', problem);
      at = start + length;
      use(packr.unpack(body));
    }
    this.buffered = this.buffered.subarray(at);
  }
}
