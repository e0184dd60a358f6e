// SPDX-License-Identifier: BSD-3-Clause
// npm may be killed outright, and the shell between it and us says nothing.
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { root } from './support/bed.ts';
import { waitFor } from './support/wait.ts';

const starters = path.join(root, 'scripts/lib/starters.mjs').replaceAll('\\', '/');

/** npm's part is played by a node that starts a shell that starts the watching node. */
async function watching(env) {
  const watcher = `import('file:///${starters.replace(/^\//, '')}').then(({ whenStartersAreGone }) => {
    whenStartersAreGone(() => { console.log('alone'); process.exit(); });
    console.log('watching'); setTimeout(() => { console.log('late'); process.exit(); }, 3000); });`;
  const npm = `const { spawn } = require('node:child_process');
    spawn('/bin/sh', ['-c', '"$NODE" -e "$WATCHER"; true'], { stdio: ['ignore', 'inherit', 'inherit'] });`;
  const options = { reject: false, env: { NODE: process.execPath, WATCHER: watcher, ...env }, extendEnv: true };
  const child = execa(process.execPath, ['-e', npm], options);
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  await waitFor(() => said.includes('watching'), { what: 'the watcher' });
  child.kill('SIGKILL');
  return waitFor(() => /alone|late/.exec(said)?.[0], { what: 'what the watcher saw' });
}

test('what npm started hears that npm was killed', async () => {
  expect(await watching({ npm_lifecycle_event: 'start' })).toBe('alone');
});

test('what a user started from a shell may outlive the shell', async () => {
  expect(await watching({ npm_lifecycle_event: undefined })).toBe('late');
});
