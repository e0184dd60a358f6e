// SPDX-License-Identifier: BSD-3-Clause
// The packed packages used where npm has installed them: an empty folder whose path has a space and a comma, without a compiler in PATH. On
// Linux each release of Node that clients may have runs this file (scripts/test.mjs, suite `nodes`).
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { root, system } from './support/bed.ts';
import { installed, typescript } from './support/packages.mjs';
import { checkBalance } from './support/summary.ts';
import { waitFor } from './support/wait.ts';

// Not in beforeAll, which also runs where every test is skipped.
let installation;
let user;
beforeEach(async () => {
  user = await (installation ??= installed());
});
afterAll(() => user?.remove());

describe('an installed wdpdk', () => {
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
    const { ok, findings } = JSON.parse(stdout);
    expect(ok).toBe(true);
    expect(findings.find(({ id }) => id === 'executable').text).toContain(user.executable);
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

  test('wdpdk doctor says so when a native part was left out', async () => {
    const native = path.join(user.modules, '@koromix');
    fs.renameSync(native, `${native}-away`);
    try {
      const { exitCode, stdout, all } = await user.wdpdk('node', ['doctor', '--json']);
      expect(exitCode, all).toBe(1);
      const failing = JSON.parse(stdout).findings.filter(({ level }) => level === 'fail');
      expect(failing.map(({ id }) => id)).toEqual(['koffi']);
      expect(failing[0].remedy).toMatch(/--include=optional/);
    } finally {
      fs.renameSync(`${native}-away`, native);
    }
  });
});
