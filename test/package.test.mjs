// SPDX-License-Identifier: BSD-3-Clause
// The packed wdpdk by itself: in a folder that holds nothing else but what its package.json lists.
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { npmCommand } from '../scripts/bootstrap.mjs';
import { root, tempDir } from './support/bed.ts';

const use = `import { attach, launch, WdpdkError, type Burst, type RxQueue } from 'wdpdk';
export const start = () => launch({ ports: [{ null: true }] });
export const sum = (queue: RxQueue) => queue.poll((burst: Burst) => burst.length);
export const code = async (): Promise<string> => {
  try { await attach(); } catch (e) { if (WdpdkError.is(e, 'WDPDK_E_GONE')) return e.remedy; }
  return '';
};
// @ts-expect-error a handler that outlives its burst
export const late = (queue: RxQueue) => queue.poll(async () => 1);
`;

test('the packed wdpdk runs and type-checks alone, for nodenext and for bundlers', async () => {
  const dir = tempDir();
  const [command, ...first] = npmCommand();
  await execa(command, [...first, 'pack', '--ignore-scripts', '--workspace', 'wdpdk', '--pack-destination', dir], {
    cwd: root,
  });
  await execa('tar', ['-xzf', fs.readdirSync(dir)[0]], { cwd: dir });
  const modules = path.join(dir, 'node_modules');
  fs.mkdirSync(path.join(modules, '@types'), { recursive: true });
  fs.renameSync(path.join(dir, 'package'), path.join(modules, 'wdpdk'));
  const { dependencies } = JSON.parse(fs.readFileSync(path.join(modules, 'wdpdk/package.json'), 'utf8'));
  for (const name of [...Object.keys(dependencies), '@types/node'])
    fs.symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name), 'dir');
  fs.writeFileSync(path.join(dir, 'package.json'), '{"type":"module"}');
  fs.writeFileSync(path.join(dir, 'use.ts'), use);

  const run = await execa(process.execPath, ['-e', "import('wdpdk').then((m) => console.log(typeof m.launch))"], {
    cwd: dir,
  });
  expect(run.stdout).toBe('function');
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  for (const [resolution, module] of [
    ['nodenext', 'nodenext'],
    ['bundler', 'esnext'],
  ]) {
    const args = ['--noEmit', '--strict', '--target', 'es2022'];
    const options = { cwd: dir, reject: false };
    const { stdout } = await execa(
      process.execPath,
      [tsc, ...args, '--moduleResolution', resolution, '--module', module, 'use.ts'],
      options,
    );
    expect(stdout, resolution).toBe('');
  }
});
