// SPDX-License-Identifier: BSD-3-Clause
//
// From the `segment` value of a control reply to mapped memory.
import { violation } from '../errors.ts';
import { encodeFrame } from '../frame.ts';
import { isWindows } from '../platform.ts';
import { MESSAGE_NOTIFY, SEGMENT_HEADER_BYTES, SEGMENT_MAX_BYTES, TOKEN_BYTES } from '../protocol.ts';
import { type Mapping, type Segment, share } from './mapping.ts';

/** Where a segment is to be found: a ticket (Linux), a section name (Windows) or a file (WDPDK_SHM_DIR). */
export interface SegmentAnnouncement {
  readonly size: number;
  readonly generation: bigint;
  readonly name?: string;
  readonly ticket?: Uint8Array;
  readonly file?: string;
}

const OBJECT = 'segment announcement';

export function readAnnouncement(value: unknown): SegmentAnnouncement {
  if (typeof value !== 'object' || value === null) throw violation(OBJECT, 'not a map');
  const { size, generation, name, ticket, file } = value as Record<string, unknown>;
  if (typeof size !== 'number' || !Number.isInteger(size) || size < SEGMENT_HEADER_BYTES || size > SEGMENT_MAX_BYTES)
    throw violation(OBJECT, `size ${String(size)}`);
  if (typeof generation !== 'bigint' && typeof generation !== 'number') throw violation(OBJECT, 'no generation');
  if (typeof file === 'string') return { size, generation: BigInt(generation), file };
  if (typeof name === 'string') return { size, generation: BigInt(generation), name };
  if (ticket instanceof Uint8Array && ticket.length === TOKEN_BYTES)
    return { size, generation: BigInt(generation), ticket };
  throw violation(OBJECT, 'neither ticket, name nor file');
}

export interface OpenLimits {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
}

async function map(endpoint: string, a: SegmentAnnouncement, writable: boolean, limits: OpenLimits): Promise<Mapping> {
  if (isWindows) {
    const windows = await import('./windows.ts');
    if (a.file !== undefined) return windows.mapFile(a.file, a.size, writable);
    if (a.name !== undefined) return windows.mapSection(a.name, a.size, writable);
  } else {
    const linux = await import('./linux.ts');
    if (a.file !== undefined) return linux.mapFile(a.file, a.size, writable);
    if (a.ticket !== undefined) {
      const hello = encodeFrame([MESSAGE_NOTIFY, 'segment', { ticket: a.ticket }]);
      return linux.mapTicket(endpoint, hello, a.size, writable, limits);
    }
  }
  throw violation(OBJECT, 'it is of a kind that this system does not have');
}

/** `endpoint`: the path of the control channel the announcement came over. */
export function openSegment(
  endpoint: string,
  announcement: SegmentAnnouncement,
  writable: boolean,
  limits: OpenLimits,
): Promise<Segment> {
  const key = `${announcement.generation}:${announcement.size}:${writable ? 'rw' : 'r'}`;
  return share(key, () => map(endpoint, announcement, writable, limits));
}
