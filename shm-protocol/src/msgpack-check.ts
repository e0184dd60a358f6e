// SPDX-License-Identifier: BSD-3-Clause
//
// Walks one MessagePack value before it is decoded, so that no decoder's leniency decides what the protocol means: one
// value and nothing behind it, no extension types, string keys only, no NaN or infinity, bounded depth, every
// announced length within the frame.
import { FRAME_MAX_DEPTH } from './protocol.ts';

/** Undefined when the value is allowed, otherwise what is wrong with it. */
export function checkMessagePack(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const walker = new Walker(bytes, view);
  const problem = walker.value(0);
  if (problem) return problem;
  return walker.at === bytes.length ? undefined : 'bytes follow the value';
}

class Walker {
  at = 0;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(bytes: Uint8Array, view: DataView) {
    this.bytes = bytes;
    this.view = view;
  }

  value(depth: number): string | undefined {
    if (depth > FRAME_MAX_DEPTH) return 'nested too deeply';
    const tag = this.bytes[this.at++];
    if (tag === undefined) return 'cut short';
    if (tag <= 0x7f || tag >= 0xe0) return undefined;
    if (tag <= 0x8f) return this.map(tag & 0x0f, depth);
    if (tag <= 0x9f) return this.array(tag & 0x0f, depth);
    if (tag <= 0xbf) return this.skip(tag & 0x1f);
    switch (tag) {
      case 0xc0: // nil
      case 0xc2: // false
      case 0xc3: // true
        return undefined;
      case 0xc4: // bin
      case 0xd9: // str
        return this.sized(1);
      case 0xc5:
      case 0xda:
        return this.sized(2);
      case 0xc6:
      case 0xdb:
        return this.sized(4);
      case 0xca:
        return this.float(4);
      case 0xcb:
        return this.float(8);
      case 0xcc: // integers
      case 0xd0:
        return this.skip(1);
      case 0xcd:
      case 0xd1:
        return this.skip(2);
      case 0xce:
      case 0xd2:
        return this.skip(4);
      case 0xcf:
      case 0xd3:
        return this.skip(8);
      case 0xdc:
      case 0xdd: {
        const count = this.length(tag === 0xdc ? 2 : 4);
        return count < 0 ? 'cut short' : this.array(count, depth);
      }
      case 0xde:
      case 0xdf: {
        const count = this.length(tag === 0xde ? 2 : 4);
        return count < 0 ? 'cut short' : this.map(count, depth);
      }
      default:
        return `type 0x${tag.toString(16)} is not used here`;
    }
  }

  private array(count: number, depth: number): string | undefined {
    if (count > this.bytes.length - this.at) return 'cut short';
    for (let i = 0; i < count; i++) {
      const problem = this.value(depth + 1);
      if (problem) return problem;
    }
    return undefined;
  }

  private map(count: number, depth: number): string | undefined {
    if (count * 2 > this.bytes.length - this.at) return 'cut short';
    for (let i = 0; i < count; i++) {
      const tag = this.bytes[this.at] ?? 0;
      if (!((tag >= 0xa0 && tag <= 0xbf) || (tag >= 0xd9 && tag <= 0xdb))) return 'a key is not a string';
      const problem = this.value(depth + 1) ?? this.value(depth + 1);
      if (problem) return problem;
    }
    return undefined;
  }

  private skip(count: number): string | undefined {
    if (count > this.bytes.length - this.at) return 'cut short';
    this.at += count;
    return undefined;
  }

  private sized(width: 1 | 2 | 4): string | undefined {
    const count = this.length(width);
    return count < 0 ? 'cut short' : this.skip(count);
  }

  private float(width: 4 | 8): string | undefined {
    if (width > this.bytes.length - this.at) return 'cut short';
    const number = width === 4 ? this.view.getFloat32(this.at) : this.view.getFloat64(this.at);
    this.at += width;
    return Number.isFinite(number) ? undefined : 'not a finite number';
  }

  private length(width: 1 | 2 | 4): number {
    if (width > this.bytes.length - this.at) return -1;
    const { at, view } = this;
    this.at += width;
    return width === 1 ? view.getUint8(at) : width === 2 ? view.getUint16(at) : view.getUint32(at);
  }
}
