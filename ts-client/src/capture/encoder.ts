// SPDX-License-Identifier: BSD-3-Clause
//
// pcapng (draft-ietf-opsawg-pcapng), little endian, stamps in nanoseconds: bytes only, no file.
import {
  BYTE_ORDER_MAGIC,
  ENHANCED_PACKET,
  INBOUND,
  INTERFACE_DESCRIPTION,
  INTERFACE_STATISTICS,
  NANOSECONDS,
  OPTION,
  OUTBOUND,
  type Option,
  SECTION_HEADER,
  optionsLength,
  padded,
  value,
  writeOptions,
} from './options.ts';
import { type CaptureInterface, type FrameInfo, type InterfaceStatistics, LINKTYPE_ETHERNET } from './types.ts';

const CHUNK = 1 << 16;
const BLOCK_OVERHEAD = 12;
const EPB_FIELDS = 20;
/** Option header, four bytes, end of options. */
const FLAGS_BYTES = 12;

/** A frame that can copy itself: a packet of a queue, say. */
export interface FrameSource {
  readonly length: number;
  copyTo(destination: Uint8Array, at?: number): number;
}

export interface SectionOptions {
  /** Shown as the program that captured. */
  readonly application?: string;
  readonly comment?: string;
}

/** Collects blocks; `take()` hands over what there is. */
export class PcapngEncoder {
  private out = Buffer.allocUnsafe(CHUNK);
  private at = 0;
  private interfaces = 0;

  constructor({ application, comment }: SectionOptions = {}) {
    const options: Option[] = [];
    if (comment !== undefined) options.push([OPTION.COMMENT, value.text(comment)]);
    if (application !== undefined) options.push([OPTION.SHB_APPLICATION, value.text(application)]);
    const body = Buffer.alloc(16);
    body.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
    // Version 1.0; the section's length is not known before its end.
    body.writeUInt16LE(1, 4);
    body.writeBigInt64LE(-1n, 8);
    this.block(SECTION_HEADER, body, options);
  }

  /** Bytes that wait for `take()`. */
  get pending(): number {
    return this.at;
  }

  /** What was encoded since the last call, in memory that is the caller's. */
  take(): Uint8Array {
    const taken = this.out.subarray(0, this.at);
    this.out = Buffer.allocUnsafe(CHUNK);
    this.at = 0;
    return taken;
  }

  /** Returns the interface's number, from 0 on. */
  addInterface(description: CaptureInterface): number {
    const {
      name,
      description: text,
      linkType = LINKTYPE_ETHERNET,
      snaplen = 0,
      mac,
      bitsPerSecond,
      filter,
    } = description;
    const options: Option[] = [];
    if (name !== undefined) options.push([OPTION.IF_NAME, value.text(name)]);
    if (text !== undefined) options.push([OPTION.IF_DESCRIPTION, value.text(text)]);
    if (mac !== undefined) options.push([OPTION.IF_MAC, Buffer.from(mac.replaceAll(':', ''), 'hex')]);
    if (bitsPerSecond !== undefined) options.push([OPTION.IF_SPEED, value.u64(bitsPerSecond)]);
    options.push([OPTION.IF_TSRESOL, value.byte(NANOSECONDS)]);
    // The first byte says of what kind the filter is; 0: text.
    if (filter !== undefined) options.push([OPTION.IF_FILTER, value.text(`\0${filter}`)]);
    const body = Buffer.alloc(8);
    body.writeUInt16LE(linkType, 0);
    body.writeUInt32LE(snaplen, 4);
    this.block(INTERFACE_DESCRIPTION, body, options);
    return this.interfaces++;
  }

  /** Copies the frame. */
  frame(source: FrameSource, info: FrameInfo): void {
    const { timestampNs, interface: number = 0, wireLength = source.length, direction, comment } = info;
    if (number >= this.interfaces) throw new RangeError(`interface ${number} was not added`);
    const options: Option[] = comment === undefined ? [] : [[OPTION.COMMENT, value.text(comment)]];
    const behind =
      direction === undefined ? optionsLength(options) : FLAGS_BYTES + Math.max(0, optionsLength(options) - 4);
    const length = BLOCK_OVERHEAD + EPB_FIELDS + padded(source.length) + behind;
    this.room(length);
    const { out, at } = this;
    out.writeUInt32LE(ENHANCED_PACKET, at);
    out.writeUInt32LE(length, at + 4);
    out.writeUInt32LE(number, at + 8);
    out.writeUInt32LE(Number(timestampNs >> 32n), at + 12);
    out.writeUInt32LE(Number(timestampNs & 0xffffffffn), at + 16);
    out.writeUInt32LE(source.length, at + 20);
    out.writeUInt32LE(wireLength, at + 24);
    source.copyTo(out, at + 28);
    let end = at + 28 + source.length;
    while ((end - at) & 3) out[end++] = 0;
    if (direction !== undefined) {
      out.writeUInt16LE(OPTION.EPB_FLAGS, end);
      out.writeUInt16LE(4, end + 2);
      out.writeUInt32LE(direction === 'in' ? INBOUND : OUTBOUND, end + 4);
      end += 8;
      if (options.length === 0) end = out.writeUInt32LE(OPTION.END, end);
    }
    end = writeOptions(out, end, options);
    this.at = out.writeUInt32LE(length, end);
  }

  statistics(number: number, { startNs, endNs, received, dropped, delivered }: InterfaceStatistics): void {
    if (number >= this.interfaces) throw new RangeError(`interface ${number} was not added`);
    const body = Buffer.alloc(12);
    body.writeUInt32LE(number, 0);
    body.set(value.time(endNs), 4);
    this.block(INTERFACE_STATISTICS, body, [
      [OPTION.ISB_START, value.time(startNs)],
      [OPTION.ISB_END, value.time(endNs)],
      [OPTION.ISB_RECEIVED, value.u64(received)],
      [OPTION.ISB_DROPPED, value.u64(dropped)],
      [OPTION.ISB_DELIVERED, value.u64(delivered)],
    ]);
  }

  private block(type: number, body: Buffer, options: readonly Option[]): void {
    const length = BLOCK_OVERHEAD + body.length + optionsLength(options);
    this.room(length);
    const { out, at } = this;
    out.writeUInt32LE(type, at);
    out.writeUInt32LE(length, at + 4);
    out.set(body, at + 8);
    this.at = out.writeUInt32LE(length, writeOptions(out, at + 8 + body.length, options));
  }

  private room(length: number): void {
    if (this.at + length <= this.out.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.out.length * 2, this.at + length));
    this.out.copy(larger, 0, 0, this.at);
    this.out = larger;
  }
}

/** Bytes as a source of one frame. */
export const sourceOf = (bytes: Uint8Array): FrameSource => ({
  length: bytes.length,
  copyTo: (destination, at = 0) => {
    destination.set(bytes, at);
    return bytes.length;
  },
});
