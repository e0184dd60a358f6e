// SPDX-License-Identifier: BSD-3-Clause

/** Exact pieces of a stream of bytes that comes in pieces of its own. */
export class ByteReader {
  private readonly chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  private rest: Buffer = Buffer.alloc(0);
  /** Bytes taken so far. */
  offset = 0;

  constructor(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.chunks = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** `length` bytes, valid until the next call; fewer at the end of the stream. */
  async take(length: number): Promise<Buffer> {
    if (this.rest.length < length) {
      const parts = [this.rest];
      let have = this.rest.length;
      while (have < length) {
        const next = await this.chunks.next();
        if (next.done) break;
        parts.push(Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length));
        have += next.value.length;
      }
      this.rest = Buffer.concat(parts);
    }
    const taken = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    this.offset += taken.length;
    return taken;
  }

  /** Lets go of the source. */
  async close(): Promise<void> {
    await this.chunks.return?.();
  }
}

/** Numbers of either byte order. */
export interface Order {
  u16(bytes: Buffer, at: number): number;
  u32(bytes: Buffer, at: number): number;
  u64(bytes: Buffer, at: number): bigint;
  i64(bytes: Buffer, at: number): bigint;
}

export const LITTLE: Order = {
  u16: (bytes, at) => bytes.readUInt16LE(at),
  u32: (bytes, at) => bytes.readUInt32LE(at),
  u64: (bytes, at) => bytes.readBigUInt64LE(at),
  i64: (bytes, at) => bytes.readBigInt64LE(at),
};

export const BIG: Order = {
  u16: (bytes, at) => bytes.readUInt16BE(at),
  u32: (bytes, at) => bytes.readUInt32BE(at),
  u64: (bytes, at) => bytes.readBigUInt64BE(at),
  i64: (bytes, at) => bytes.readBigInt64BE(at),
};
