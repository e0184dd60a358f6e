// SPDX-License-Identifier: BSD-3-Clause
//
// The real hand-over: a memfd, passed over a Unix socket.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DescriptorServer, type Fault } from '../../test/descriptor-server.ts';
import { encodeFrame } from '../frame.ts';
import { SEGMENT_HEADER_BYTES } from '../protocol.ts';
import { mappedSegments } from './mapping.ts';
import { openSegment } from './open.ts';

const SIZE = SEGMENT_HEADER_BYTES * 2;
const ticket = new Uint8Array(16).fill(7);
const announcement = (generation: bigint) => ({ size: SIZE, generation, ticket });

let directory: string;
let socket: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'wdpdk-memory-'));
  socket = path.join(directory, 'x.sock');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('a segment by descriptor', () => {
  test('is mapped, shared both ways, and gives its memory back', async () => {
    const server = new DescriptorServer(socket, SIZE, 'none');
    const segment = await openSegment(socket, announcement(1n), true, { timeoutMs: 5000 });
    expect(server.hello).toEqual(encodeFrame([2, 'segment', { ticket }]));
    const bytes = new Uint8Array(segment.buffer, 100, 6);
    expect(Buffer.from(bytes).toString()).toBe('shared');
    bytes.set(Buffer.from('CLIENT'));
    expect(server.text()).toBe('CLIENT');
    // The same life is not fetched a second time.
    const again = await openSegment('/nowhere', announcement(1n), true, { timeoutMs: 10 });
    expect(again.buffer).toBe(segment.buffer);
    segment.release();
    segment.release();
    expect(Buffer.from(bytes).toString()).toBe('CLIENT');
    again.release();
    // Views outlive the segment, as zeros.
    expect([...bytes]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(server.text()).toBe('CLIENT');
    expect(mappedSegments()).toBe(0);
    await server.stop();
  });

  test.each<[Fault, string, number]>([
    ['short', 'WDPDK_E_PROTOCOL', 5000],
    ['unsealed', 'WDPDK_E_PROTOCOL', 5000],
    ['bare', 'WDPDK_E_PROTOCOL', 5000],
    ['closing', 'WDPDK_E_PROTOCOL', 5000],
    ['silent', 'WDPDK_E_TIMEOUT', 50],
  ])('from a %s dataplane is refused', async (fault, code, timeoutMs) => {
    const server = new DescriptorServer(socket, SIZE, fault);
    const opened = openSegment(socket, announcement(2n), true, { timeoutMs });
    await expect(opened).rejects.toThrow(expect.objectContaining({ code }));
    expect(mappedSegments()).toBe(0);
    await server.stop();
  });

  test('from nobody is WDPDK_E_GONE', async () => {
    const opened = openSegment(socket, announcement(3n), true, { timeoutMs: 1000 });
    await expect(opened).rejects.toThrow(expect.objectContaining({ code: 'WDPDK_E_GONE' }));
  });
});
