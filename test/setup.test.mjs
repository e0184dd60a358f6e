// SPDX-License-Identifier: BSD-3-Clause
// What the commands say on a machine that lacks something: a PATH with nothing but node stands for it.
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { root, tempDir } from './support/bed.ts';

function run(script, ...args) {
  const bin = tempDir();
  fs.symlinkSync(process.execPath, path.join(bin, 'node'));
  const options = { reject: false, stdin: 'ignore', env: { PATH: bin }, cwd: bin };
  return execa(process.execPath, [path.join(root, 'scripts', `${script}.mjs`), ...args], options);
}

test.each(['start', 'build', 'test', 'bench', 'fuzz'])(
  '%s names what is missing and the one command for it, and leaves with 69',
  async (script) => {
    // The whole suite takes turns in the Wine bed, and this may be run by it: the Linux half alone does not wait for that.
    const half = script === 'test' ? ['--bed', 'linux'] : [];
    const { exitCode, stderr } = await run(script, '--no-install', ...half);
    expect(stderr).toMatch(/^Missing system packages: .*cmake/m);
    expect(stderr).toMatch(/^ {2}(sudo )?apt-get update && (sudo )?apt-get install .*cmake/m);
    expect(exitCode).toBe(69);
  },
);

test('an unknown option is one line and exit code 64', async () => {
  const { exitCode, stderr } = await run('check', '--no-install', '--colour');
  expect(stderr).toMatch(/^Unknown option '--colour'[^\n]*$/);
  expect(exitCode).toBe(64);
});

test('an unknown preset is refused with those there are', async () => {
  const { exitCode, stderr } = await run('build', 'linux-relaese');
  expect(stderr).toMatch(/Unknown preset linux-relaese\. There are: .*linux-release/);
  expect(exitCode).toBe(64);
});
