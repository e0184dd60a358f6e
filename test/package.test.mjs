// SPDX-License-Identifier: BSD-3-Clause
// The packed packages, installed by npm into an empty folder whose path has a space and a comma, without a compiler in
// PATH, and used there.
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { imageKind, root, system } from './support/bed.ts';
import { installed, platform, tarballs } from './support/packages.mjs';
import { checkBalance } from './support/summary.ts';
import { waitFor } from './support/wait.ts';

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

const tool = (file) => path.join(root, 'node_modules', file);
const json = (...parts) => JSON.parse(fs.readFileSync(path.join(...parts), 'utf8'));
const filesIn = (folder) =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
const typescript = (...args) => [
  tool('typescript/bin/tsc'),
  ...['--ignoreConfig', '--strict', '--target', 'es2022', '--lib', 'es2023,esnext.disposable'],
  ...['--types', 'node', '--typeRoots', tool('@types'), ...args],
];

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
});

describe('an installed wdpdk', () => {
  test('type-checks for nodenext and for bundlers', async () => {
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

  test.each(['npx', 'node'])('wdpdk demo runs the executable that came with it (by %s)', async (how) => {
    const { exitCode, stdout, all } = await user.wdpdk(how, ['demo', '--seconds', '3', '--json']);
    expect(exitCode, all).toBe(0);
    const summary = JSON.parse(stdout.trim().split('\n').at(-1));
    checkBalance(summary);
    expect(summary.ports[0].rx.packets).toBeGreaterThan(1000);
    for (const client of summary.clients.filter(({ counted }) => counted))
      expect(client.counted.packets).toBeGreaterThan(10);
  });

  test.each(['npx', 'node'])('wdpdk doctor finds nothing that fails (by %s)', async (how) => {
    const { exitCode, stdout, all } = await user.wdpdk(how, ['doctor', '--json']);
    expect(exitCode, all).toBe(0);
    const { ok, checks } = JSON.parse(stdout);
    expect(ok).toBe(true);
    expect(checks.find(({ name }) => name === 'executable').message).toContain(user.executable);
  });

  test("README's programs do what they say, in TypeScript and in plain JavaScript", { timeout: 120_000 }, async () => {
    const readme = fs.readFileSync(path.join(user.modules, 'wdpdk/README.md'), 'utf8');
    const snippets = [...readme.matchAll(/<!-- snippet: (first-client\.\w+) -->\n```\w+\n([\s\S]*?)```/g)];
    expect(snippets.map(([, name]) => name)).toEqual(['first-client.ts', 'first-client.mjs']);
    for (const [, name, code] of snippets) fs.writeFileSync(path.join(user.folder, name), code);
    const compiled = await user.node(typescript('--skipLibCheck', '--module', 'nodenext', 'first-client.ts'));
    expect(compiled.exitCode, compiled.all).toBe(0);
    const demo = user.node([path.join(user.modules, 'wdpdk/dist/cli/main.js'), 'demo', '--seconds', '100'], {
      // Not in the folder: what a process stands in cannot be removed on Windows until it has ended.
      cwd: root,
    });
    let said = '';
    demo.all.on('data', (chunk) => (said += chunk.toString()));
    try {
      await waitFor(() => said.includes('port 0 rx'), { what: "the demo's rates", timeoutMs: 30_000 });
      const typed = await user.node(['first-client.js']);
      expect(typed.exitCode, typed.all).toBe(0);
      expect(typed.all.match(/^\S+ port \d+: \d+ bytes$/gm)).toHaveLength(10);
      const plain = await user.node(['first-client.mjs']);
      expect(plain.exitCode, plain.all).toBe(0);
      expect(plain.all).toContain('10 frames are in injected.pcap');
    } finally {
      demo.kill(system === 'windows' ? 'SIGKILL' : 'SIGTERM');
      await demo;
    }
  });
});
