// SPDX-License-Identifier: BSD-3-Clause
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assertInstanceName, pipeOf, socketOf } from './endpoint.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'wdpdk-endpoint-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const coded = (code: string) => expect.objectContaining({ code });

test.each(['a', 'ids-1', 'A.b_c', 'x'.repeat(63)])('%s is an instance name', (name) => {
  expect(() => assertInstanceName(name)).not.toThrow();
});
test.each(['', '.', '..', '-a', 'a/b', 'a\\b', 'a b', 'ä', 'x'.repeat(64), 'a\0b'])('%j is none', (name) => {
  expect(() => assertInstanceName(name)).toThrow(coded('WDPDK_E_ARGUMENT'));
});

describe('the socket', () => {
  test('lies in a directory of this user alone', () => {
    const run = path.join(base, 'wdpdk');
    expect(() => socketOf('i', { XDG_RUNTIME_DIR: base })).toThrow(coded('WDPDK_E_NOT_FOUND'));
    mkdirSync(run, { mode: 0o700 });
    expect(socketOf('i', { XDG_RUNTIME_DIR: base })).toBe(path.join(run, 'i.sock'));
    for (const mode of [0o770, 0o707, 0o701]) {
      chmodSync(run, mode);
      expect(() => socketOf('i', { XDG_RUNTIME_DIR: base })).toThrow(coded('WDPDK_E_DENIED'));
    }
  });
  test('is not looked for behind a link, nor in a file', () => {
    mkdirSync(path.join(base, 'real'), { mode: 0o700 });
    symlinkSync('real', path.join(base, 'wdpdk'));
    expect(() => socketOf('i', { XDG_RUNTIME_DIR: base })).toThrow(coded('WDPDK_E_DENIED'));
    unlinkSync(path.join(base, 'wdpdk'));
    writeFileSync(path.join(base, 'wdpdk'), '', { mode: 0o600 });
    expect(() => socketOf('i', { XDG_RUNTIME_DIR: base })).toThrow(coded('WDPDK_E_DENIED'));
  });
});

describe('the run file', () => {
  const pipe = `\\\\.\\pipe\\wdpdk-${'0123456789abcdef'.repeat(2)}`;
  const write = (text: string) => {
    mkdirSync(path.join(base, 'wdpdk', 'run'), { recursive: true });
    writeFileSync(path.join(base, 'wdpdk', 'run', 'i.json'), text);
  };
  test('names the pipe', () => {
    expect(() => pipeOf('i', { LOCALAPPDATA: base })).toThrow(coded('WDPDK_E_NOT_FOUND'));
    write(JSON.stringify({ pipe, pid: 1, version: '0.1.0' }));
    expect(pipeOf('i', { LOCALAPPDATA: base })).toBe(pipe);
  });
  test.each([
    '',
    '{',
    'null',
    '[]',
    '{}',
    '{"pipe":5}',
    '{"pipe":"\\\\\\\\.\\\\pipe\\\\other"}',
    `{"pipe":"\\\\\\\\evil\\\\pipe\\\\wdpdk-${'0'.repeat(32)}"}`,
  ])('%j is refused', (text) => {
    write(text);
    expect(() => pipeOf('i', { LOCALAPPDATA: base })).toThrow(coded('WDPDK_E_PROTOCOL'));
  });
});
