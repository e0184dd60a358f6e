// SPDX-License-Identifier: BSD-3-Clause
// The packed packages, installed by npm into an empty folder whose path has a space and a comma, without a compiler in
// PATH, and used there.
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { schemas } from '../scripts/lib/pack.mjs';
import { imageKind, root, system } from './support/bed.ts';
import { installed, platform, tarballs, tool, typescript } from './support/packages.mjs';

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

const errorPages = fs.readdirSync(path.join(root, 'ts-client/docs/errors')).map((name) => `docs/errors/${name}`);
const json = (...parts) => JSON.parse(fs.readFileSync(path.join(...parts), 'utf8'));
const filesIn = (folder) =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));

// Not in beforeAll, which also runs where every test is skipped.
let installation;
let user;
beforeEach(async () => {
  user = await (installation ??= installed());
});
afterAll(() => user?.remove());

describe('the tarballs', () => {
  test('satisfy publint and attw', async () => {
    const [client] = await tarballs();
    for (const args of [
      [tool('publint/src/cli.js'), 'run', '--strict', client],
      [tool('@arethetypeswrong/cli/dist/index.js'), '--profile', 'esm-only', '--no-color', client],
    ]) {
      const { exitCode, all } = await execa(process.execPath, args, { cwd: root, reject: false, all: true });
      expect(exitCode, all).toBe(0);
    }
  });

  test('name nobody they do not come with, run no script, and fit each other', () => {
    const client = json(user.modules, 'wdpdk/package.json');
    const native = json(user.modules, '@wdpdk', platform, 'package.json');
    expect(client.optionalDependencies).toEqual({
      '@wdpdk/linux-x64': client.version,
      '@wdpdk/win32-x64': client.version,
    });
    expect(native).toMatchObject({ version: client.version, os: [platform.split('-')[0]], cpu: ['x64'] });
    for (const manifest of [client, native]) {
      expect(manifest.scripts).toBeUndefined();
      expect(manifest.devDependencies).toBeUndefined();
    }
    const named = ['wdpdk', '@wdpdk']
      .flatMap((name) => filesIn(path.join(user.modules, name)))
      .filter(
        (file) => /package\.json$|\.d\.ts$/.test(file) && fs.readFileSync(file, 'utf8').includes('shared-memory-ipc'),
      );
    expect(named).toEqual([]);
    for (const name of ['wdpdk/LICENSE', `@wdpdk/${platform}/LICENSE`, `@wdpdk/${platform}/THIRD-PARTY-LICENSES`])
      expect(fs.readFileSync(path.join(user.modules, name), 'utf8')).toMatch(
        /Redistribution and use in source and binary/,
      );
  });

  test('hold no kernel driver and nothing that signs one: a test-signed driver is for the machine that built it', () => {
    const names = ['wdpdk', '@wdpdk'].flatMap((name) => filesIn(path.join(user.modules, name)));
    expect(names.filter((name) => /\.(sys|inf|cat|pdb|pem|key|pfx|p12|cer|crt)$/i.test(name))).toEqual([]);
  });

  test('hold the schemas that editors complete by, and the pages of the errors', async () => {
    const client = path.join(user.modules, 'wdpdk');
    for (const file of schemas) {
      const name = path.basename(file);
      expect(json(client, name)).toEqual(json(root, file));
      const { all } = await user.node(['--input-type=commonjs', '-p', `require.resolve('wdpdk/${name}')`]);
      expect(all).toContain(name);
      const refers = [...fs.readFileSync(path.join(client, name), 'utf8').matchAll(/"\$ref": "([\w.-]+\.json)/g)];
      for (const [, other] of refers) expect(fs.existsSync(path.join(client, other)), other).toBe(true);
    }
    const readme = fs.readFileSync(path.join(client, 'README.md'), 'utf8');
    const links = [...readme.matchAll(/\]\(((?:docs|ts-client)\/[^)#]+|[\w.]+\.json)/g)].map(([, link]) => link);
    expect(links).toContain('docs/errors/README.md');
    for (const link of links) expect(fs.existsSync(path.join(client, link)), link).toBe(true);
    for (const name of ['CHANGELOG.md', 'docs/cookbook.md', ...errorPages])
      expect(fs.readFileSync(path.join(client, name), 'utf8'), name).toMatch(/^# /);
  });

  test('hold a stripped executable of this system', () => {
    expect(imageKind(user.executable)).toBe(system === 'windows' ? 'PE' : 'ELF');
    const bytes = fs.readFileSync(user.executable);
    expect(bytes.includes('.debug_info')).toBe(false);
    if (system === 'windows') {
      // COFF header: pointer to and number of symbols.
      const coff = bytes.readUInt32LE(0x3c) + 4;
      expect([bytes.readUInt32LE(coff + 8), bytes.readUInt32LE(coff + 12)]).toEqual([0, 0]);
    } else {
      expect(bytes.includes('.symtab')).toBe(false);
      expect(fs.statSync(user.executable).mode & 0o111).not.toBe(0);
    }
  });

  test('type-check for nodenext and for bundlers', async () => {
    fs.writeFileSync(path.join(user.folder, 'use.ts'), use);
    for (const [resolution, module] of [
      ['nodenext', 'nodenext'],
      ['bundler', 'esnext'],
    ]) {
      const { all } = await user.node(
        typescript('--noEmit', '--moduleResolution', resolution, '--module', module, 'use.ts'),
      );
      expect(all, resolution).toBe('');
    }
  });
});
