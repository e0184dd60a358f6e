// SPDX-License-Identifier: BSD-3-Clause
//
// Numbers and options of pcapng (draft-ietf-opsawg-pcapng), shared by writer and reader.

export const SECTION_HEADER = 0x0a0d0d0a;
export const INTERFACE_DESCRIPTION = 1;
export const SIMPLE_PACKET = 3;
export const INTERFACE_STATISTICS = 5;
export const ENHANCED_PACKET = 6;
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

export const OPTION = {
  END: 0,
  COMMENT: 1,
  SHB_OS: 3,
  SHB_APPLICATION: 4,
  IF_NAME: 2,
  IF_DESCRIPTION: 3,
  IF_MAC: 6,
  IF_SPEED: 8,
  IF_TSRESOL: 9,
  IF_FILTER: 11,
  IF_TSOFFSET: 14,
  EPB_FLAGS: 2,
  ISB_START: 2,
  ISB_END: 3,
  ISB_RECEIVED: 4,
  ISB_DROPPED: 5,
  ISB_DELIVERED: 8,
} as const;

/** Bits 0 and 1 of EPB_FLAGS. */
export const INBOUND = 1;
export const OUTBOUND = 2;

/** Stamps count nanoseconds: 10 to the minus 9. */
export const NANOSECONDS = 9;

export const padded = (length: number): number => (length + 3) & ~3;

export type Option = readonly [code: number, value: Uint8Array];

const u64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};

/** Values of options, by their kinds. */
export const value = {
  text: (text: string): Uint8Array => Buffer.from(text, 'utf8'),
  byte: (byte: number): Uint8Array => Uint8Array.of(byte),
  u64,
  /** A time as two halves, the high one first. */
  time: (ns: bigint): Uint8Array => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE(Number(ns >> 32n), 0);
    bytes.writeUInt32LE(Number(ns & 0xffffffffn), 4);
    return bytes;
  },
};

export function optionsLength(options: readonly Option[]): number {
  if (options.length === 0) return 0;
  return options.reduce((sum, [, bytes]) => sum + 4 + padded(bytes.length), 4);
}

/** Writes options and their end; nothing when there are none. Returns the offset behind. */
export function writeOptions(out: Buffer, at: number, options: readonly Option[]): number {
  for (const [code, bytes] of options) {
    out.writeUInt16LE(code, at);
    out.writeUInt16LE(bytes.length, at + 2);
    out.set(bytes, at + 4);
    out.fill(0, at + 4 + bytes.length, at + 4 + padded(bytes.length));
    at += 4 + padded(bytes.length);
  }
  if (options.length === 0) return at;
  out.writeUInt32LE(OPTION.END, at);
  return at + 4;
}
