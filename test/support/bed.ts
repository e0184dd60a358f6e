// SPDX-License-Identifier: BSD-3-Clause
// The bed a test runs on: which system, which dataplane, which captures. scripts/test.mjs sets the environment; started by
// hand (npx vitest), the suite takes the native release build.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

export const system: 'linux' | 'windows' = process.platform === 'win32' ? 'windows' : 'linux';

/** `windows` is the Windows build under Wine, `windows-native` the same suite on Windows itself. */
export type BedName = 'linux' | 'windows' | 'windows-native';
export const bedName = (process.env['WDPDK_TEST_BED'] ??
  (system === 'windows' ? 'windows-native' : 'linux')) as BedName;

/** The checkout (in the Windows bed a copy of what the tests need of it). */
export const root = path.resolve(import.meta.dirname, '../..');

const exe = system === 'windows' ? '.exe' : '';
const preset = system === 'windows' ? 'windows-release' : 'linux-release';

/** The build folder that belongs to this bed, in the form this system's programs understand. */
export const buildDir = process.env['WDPDK_BUILD_DIR'] ?? path.join(root, 'build', preset);

/** The dataplane under test; child processes find it through the same variable. */
export const dataplanePath = (process.env['WDPDK_DATAPLANE_PATH'] ??= path.join(buildDir, `wdpdk-dataplane${exe}`));

/** Where the real captures and their facts are (captures.ts reads them). */
export const capturesDir = process.env['WDPDK_CAPTURES_DIR'] ?? path.join(root, '.cache/captures');

/** A program of the same build, such as a helper that a C test also uses. */
export const builtProgram = (...parts: string[]): string => path.join(buildDir, ...parts) + exe;

/** A fresh folder that is removed when the current test has finished. */
export function tempDir(): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'wdpdk-test-'));
  onTestFinished(() => fs.rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
  return dir;
}

/** What kind of program a file is, by its first bytes. */
export function imageKind(file: string): 'PE' | 'ELF' | 'other' {
  const head = Buffer.alloc(4);
  const fd = fs.openSync(file, 'r');
  try {
    fs.readSync(fd, head, 0, 4, 0);
  } finally {
    fs.closeSync(fd);
  }
  if (head.toString('latin1', 0, 2) === 'MZ') return 'PE';
  return head.toString('latin1') === '\x7fELF' ? 'ELF' : 'other';
}
