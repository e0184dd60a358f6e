// SPDX-License-Identifier: BSD-3-Clause
//
// pcapng, any byte order and resolution of stamps. Blocks it does not know are passed over.
import { BIG, type ByteReader, LITTLE, type Order } from './bytes.ts';
import {
  BYTE_ORDER_MAGIC,
  ENHANCED_PACKET,
  INBOUND,
  INTERFACE_DESCRIPTION,
  OPTION,
  OUTBOUND,
  SECTION_HEADER,
  SIMPLE_PACKET,
  padded,
} from './options.ts';
import type { CapturedFrame } from './types.ts';

const MAX_BLOCK = 1 << 24;

interface Interface {
  readonly linkType: number;
  readonly snaplen: number;
  /** Units a second, and what is added to the seconds. */
  readonly resolution: bigint;
  readonly offsetNs: bigint;
}

export type Malformed = (what: string) => Error;

/** What follows the first four bytes, which have been taken. */
export async function* decodePcapng(bytes: ByteReader, malformed: Malformed): AsyncGenerator<CapturedFrame, undefined> {
  let order = LITTLE;
  let interfaces: Interface[] = [];
  // Interfaces of a later section are counted on from those of the earlier ones.
  let before = 0;
  for (
    let type: number | undefined = SECTION_HEADER;
    type !== undefined;
    type = await nextType(bytes, order, malformed)
  ) {
    const length = await bytes.take(4);
    if (length.length < 4) throw malformed('it ends within a block');
    let body: Buffer;
    if (type === SECTION_HEADER) {
      const magic = await bytes.take(4);
      order = orderOf(Buffer.from(magic), malformed);
      body = await rest(bytes, order.u32(length, 0) - 16, order, malformed);
      before += interfaces.length;
      interfaces = [];
      continue;
    }
    body = await rest(bytes, order.u32(length, 0) - 12, order, malformed);
    if (type === INTERFACE_DESCRIPTION) interfaces.push(readInterface(body, order, malformed));
    if (type === ENHANCED_PACKET) yield readEnhanced(body, order, interfaces, before, malformed);
    if (type === SIMPLE_PACKET) yield readSimple(body, order, interfaces, before, malformed);
  }
}

async function nextType(bytes: ByteReader, order: Order, malformed: Malformed): Promise<number | undefined> {
  const word = await bytes.take(4);
  if (word.length === 0) return undefined;
  if (word.length < 4) throw malformed('it ends within a block');
  return order.u32(word, 0);
}

function orderOf(magic: Buffer, malformed: Malformed): Order {
  for (const order of [LITTLE, BIG]) if (magic.length === 4 && order.u32(magic, 0) === BYTE_ORDER_MAGIC) return order;
  throw malformed('a section does not begin with the byte-order magic');
}

/** The body and, checked, the length that is repeated behind it. */
async function rest(bytes: ByteReader, length: number, order: Order, malformed: Malformed): Promise<Buffer> {
  if (length < 0 || length % 4 !== 0 || length > MAX_BLOCK) throw malformed(`a block has an impossible length`);
  const block = await bytes.take(length + 4);
  if (block.length < length + 4) throw malformed('it ends within a block');
  const repeated = order.u32(block, length);
  if (repeated - length !== 12 && repeated - length !== 16) throw malformed("a block's two lengths differ");
  return block.subarray(0, length);
}

function* optionsOf(body: Buffer, from: number, order: Order): Generator<[number, Buffer]> {
  for (let at = from; at + 4 <= body.length;) {
    const code = order.u16(body, at);
    const length = order.u16(body, at + 2);
    if (code === OPTION.END || at + 4 + length > body.length) return;
    yield [code, body.subarray(at + 4, at + 4 + length)];
    at += 4 + padded(length);
  }
}

function readInterface(body: Buffer, order: Order, malformed: Malformed): Interface {
  if (body.length < 8) throw malformed('an interface description is too short');
  let resolution = 1_000_000n;
  let offsetNs = 0n;
  for (const [code, bytes] of optionsOf(body, 8, order)) {
    if (code === OPTION.IF_TSRESOL && bytes.length >= 1)
      resolution = bytes[0]! & 0x80 ? 1n << BigInt(bytes[0]! & 0x7f) : 10n ** BigInt(bytes[0]!);
    if (code === OPTION.IF_TSOFFSET && bytes.length >= 8) offsetNs = order.i64(bytes, 0) * 1_000_000_000n;
  }
  return { linkType: order.u16(body, 0), snaplen: order.u32(body, 4), resolution, offsetNs };
}

function readEnhanced(
  body: Buffer,
  order: Order,
  interfaces: readonly Interface[],
  before: number,
  malformed: Malformed,
): CapturedFrame {
  if (body.length < 20) throw malformed('a packet block is too short');
  const number = order.u32(body, 0);
  const from = interfaces[number];
  if (from === undefined) throw malformed(`a packet names interface ${number}, which was not described`);
  const captured = order.u32(body, 12);
  if (captured > body.length - 20) throw malformed('a packet is longer than its block');
  const units = (BigInt(order.u32(body, 4)) << 32n) | BigInt(order.u32(body, 8));
  let direction: CapturedFrame['direction'];
  let comment: string | undefined;
  for (const [code, bytes] of optionsOf(body, 20 + padded(captured), order)) {
    if (code === OPTION.COMMENT) comment = bytes.toString('utf8');
    if (code !== OPTION.EPB_FLAGS || bytes.length !== 4) continue;
    const way = order.u32(bytes, 0) & 3;
    direction = way === INBOUND ? 'in' : way === OUTBOUND ? 'out' : undefined;
  }
  return {
    bytes: Uint8Array.from(body.subarray(20, 20 + captured)),
    timestampNs: (units * 1_000_000_000n) / from.resolution + from.offsetNs,
    interface: before + number,
    linkType: from.linkType,
    wireLength: order.u32(body, 16),
    direction,
    comment,
  };
}

/** A packet block without a stamp, of the first interface. */
function readSimple(
  body: Buffer,
  order: Order,
  interfaces: readonly Interface[],
  before: number,
  malformed: Malformed,
): CapturedFrame {
  const from = interfaces[0];
  if (from === undefined || body.length < 4)
    throw malformed('a simple packet block without an interface, or too short');
  const wireLength = order.u32(body, 0);
  const captured = Math.min(wireLength, body.length - 4, from.snaplen || Infinity);
  return {
    bytes: Uint8Array.from(body.subarray(4, 4 + captured)),
    timestampNs: 0n,
    interface: before,
    linkType: from.linkType,
    wireLength,
    direction: undefined,
    comment: undefined,
  };
}
