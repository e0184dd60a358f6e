// SPDX-License-Identifier: BSD-3-Clause
//
// The real hand-over: a memfd, passed over a Unix socket by a process that is not Node.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isLinux } from '../platform.ts';
import { SEGMENT_HEADER_BYTES } from '../protocol.ts';
import { mappedSegments } from './mapping.ts';
import { openSegment } from './open.ts';

const SIZE = SEGMENT_HEADER_BYTES * 2;
const hasPython = isLinux && spawnSync('python3', ['-c', 'import os; os.memfd_create']).status === 0;

/** Plays the dataplane for one ticket. `mode` says what it does wrong. */
const SERVER = `
import array, fcntl, os, socket, sys
path, size, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3]
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen(4)
print('listening', flush=True)
connection, _ = listener.accept()
hello = connection.recv(100)
fd = os.memfd_create('segment', os.MFD_ALLOW_SEALING)
os.ftruncate(fd, size // 2 if mode == 'short' else size)
os.pwrite(fd, b'shared', 4096) if mode != 'short' else None
if mode != 'unsealed':
    fcntl.fcntl(fd, 1033, 2 | 4 | 1)
if mode == 'silent':
    connection.recv(1)
elif mode == 'bare':
    connection.sendall(b'\\x01')
elif mode != 'closing':
    connection.sendmsg([b'\\x01'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [fd]))])
connection.close()
print(hello.hex(), flush=True)
sys.stdin.read()
print(os.pread(fd, 6, 4096).decode(), flush=True)
`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'wdpdk-memory-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function serve(mode: string) {
  const socket = path.join(directory, 'x.sock');
  const child = spawn('python3', ['-c', SERVER, socket, String(SIZE), mode], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise((resolve) => child.on('exit', resolve));
  while (!output.includes('listening')) await delay(2);
  return { socket, child, ended, lines: () => output.trim().split('\n') };
}

const announcement = (generation: bigint) => ({ size: SIZE, generation, ticket: new Uint8Array(16).fill(7) });

describe.skipIf(!hasPython)('a segment by descriptor', () => {
  test('is mapped, shared both ways, and gives its memory back', async () => {
    const server = await serve('good');
    const segment = await openSegment(server.socket, announcement(1n), true, { timeoutMs: 5000 });
    const bytes = new Uint8Array(segment.buffer);
    expect(Buffer.from(bytes.subarray(4096, 4102)).toString()).toBe('shared');
    bytes.set(Buffer.from('CLIENT'), 4096);
    // The same life is not fetched a second time.
    const again = await openSegment('/nowhere', announcement(1n), true, { timeoutMs: 10 });
    expect(again.buffer).toBe(segment.buffer);
    server.child.stdin.end();
    await server.ended;
    expect(server.lines().at(-1)).toBe('CLIENT');
    expect(server.lines()[1]).toMatch(/^[0-9a-f]{8}9302a77365676d656e74/);
    segment.release();
    expect(bytes[4096]).toBe('C'.charCodeAt(0));
    again.release();
    // Views outlive the segment, as zeros.
    expect(bytes[4096]).toBe(0);
    expect(mappedSegments()).toBe(0);
  });

  test.each([
    ['short', 'WDPDK_E_PROTOCOL', 5000],
    ['unsealed', 'WDPDK_E_PROTOCOL', 5000],
    ['bare', 'WDPDK_E_PROTOCOL', 5000],
    ['closing', 'WDPDK_E_PROTOCOL', 5000],
    ['silent', 'WDPDK_E_TIMEOUT', 50],
  ])('from a %s dataplane is refused', async (mode, code, timeoutMs) => {
    const server = await serve(mode);
    const opened = openSegment(server.socket, announcement(2n), true, { timeoutMs });
    await expect(opened).rejects.toThrow(expect.objectContaining({ code }));
    server.child.stdin.end();
    await server.ended;
    expect(mappedSegments()).toBe(0);
  });

  test('from nobody is WDPDK_E_GONE', async () => {
    const opened = openSegment(path.join(directory, 'none.sock'), announcement(3n), true, { timeoutMs: 1000 });
    await expect(opened).rejects.toThrow(expect.objectContaining({ code: 'WDPDK_E_GONE' }));
  });
});
