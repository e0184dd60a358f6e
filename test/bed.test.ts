// SPDX-License-Identifier: BSD-3-Clause
// The bed is what it says it is: a suite that believes it tests the Windows build must not be running Linux programs.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { bedName, dataplanePath, imageKind, system } from './support/bed.ts';

const expected = bedName === 'linux' ? 'ELF' : 'PE';

test('the bed and the system agree', () => {
  expect(system).toBe(bedName === 'linux' ? 'linux' : 'windows');
});

test('node is an image of this bed', () => {
  expect(imageKind(process.execPath)).toBe(expected);
});

test('the dataplane is an image of this bed', () => {
  expect(imageKind(dataplanePath)).toBe(expected);
});

test('a node started as a child is an image of this bed', () => {
  const { stdout } = spawnSync(process.execPath, ['-p', 'os.platform()'], { encoding: 'utf8' });
  expect(stdout.trim()).toBe(system === 'windows' ? 'win32' : 'linux');
});
