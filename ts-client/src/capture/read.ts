// SPDX-License-Identifier: BSD-3-Clause
import { createReadStream } from 'node:fs';
import { WdpdkError } from 'shared-memory-ipc';
import { BIG, ByteReader, LITTLE, type Order } from './bytes.ts';
import { type Malformed, decodePcapng } from './decode-pcapng.ts';
import { SECTION_HEADER } from './options.ts';
import type { CapturedFrame } from './types.ts';

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const MAX_FRAME = 1 << 24;

/**
 * The frames of a capture, pcap or pcapng, one after the other, whatever the file's size. Throws WDPDK_E_ARGUMENT where the file is no
 * capture or breaks off, after the frames before that place; the file's own errors (ENOENT ...) as they are. Left early or not, the file
 * is closed when the loop is over.
 */
export async function* readCapture(file: string): AsyncGenerator<CapturedFrame, undefined> {
  const stream = createReadStream(file, { highWaterMark: 1 << 18 });
  try {
    yield* decodeCapture(stream, file);
  } finally {
    // The stream ends before its descriptor does, and on Windows a file that is open can be neither replaced nor quite removed.
    if (!stream.closed) await new Promise<void>((resolve) => stream.once('close', () => resolve()));
  }
}

/** The same of a stream of bytes, or of pieces that are there. `name` stands in errors. */
export async function* decodeCapture(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name = 'capture',
): AsyncGenerator<CapturedFrame, undefined> {
  const bytes = new ByteReader(source);
  const malformed: Malformed = (what) =>
    new WdpdkError('WDPDK_E_ARGUMENT', `${name}: ${what} (near byte ${bytes.offset})`, {
      object: name,
      remedy: 'Give a pcap or pcapng file that was written to its end',
    });
  try {
    const magic = Buffer.from(await bytes.take(4));
    if (magic.length === 4 && magic.readUInt32LE(0) === SECTION_HEADER) yield* decodePcapng(bytes, malformed);
    else yield* decodePcap(bytes, magic, malformed);
  } finally {
    await bytes.close();
  }
}

async function* decodePcap(
  bytes: ByteReader,
  magic: Buffer,
  malformed: Malformed,
): AsyncGenerator<CapturedFrame, undefined> {
  const { order, unit } = formatOf(magic, malformed);
  const header = await bytes.take(20);
  if (header.length < 20) throw malformed('it ends within its header');
  // The upper half may say how long the frames' check sequences are.
  const linkType = order.u32(header, 16) & 0xffff;
  for (;;) {
    const record = await bytes.take(16);
    if (record.length === 0) return;
    if (record.length < 16) throw malformed('it ends within a record');
    const [seconds, fraction, captured, wireLength] = [0, 4, 8, 12].map((at) => order.u32(record, at)) as [
      number,
      number,
      number,
      number,
    ];
    if (captured > MAX_FRAME) throw malformed(`a frame of ${captured} bytes`);
    const frame = await bytes.take(captured);
    if (frame.length < captured) throw malformed('it ends within a frame');
    yield {
      bytes: Uint8Array.from(frame),
      timestampNs: BigInt(seconds) * 1_000_000_000n + BigInt(fraction) * unit,
      interface: 0,
      linkType,
      wireLength,
      direction: undefined,
      comment: undefined,
    };
  }
}

function formatOf(magic: Buffer, malformed: Malformed): { order: Order; unit: bigint } {
  for (const order of [LITTLE, BIG]) {
    const word = magic.length === 4 ? order.u32(magic, 0) : 0;
    if (word === MICROSECONDS) return { order, unit: 1000n };
    if (word === NANOSECONDS) return { order, unit: 1n };
  }
  throw malformed('it is neither pcap nor pcapng');
}
