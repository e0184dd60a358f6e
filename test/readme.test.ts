// SPDX-License-Identifier: BSD-3-Clause
// README's programs, taken out of it, type-checked and run beside the demo, as a reader would.
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, system } from './support/bed.ts';
import { waitFor } from './support/wait.ts';

const text = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
const snippets = new Map(
  [...text.matchAll(/<!-- snippet: (\S+) -->\n```\w+\n([\s\S]*?)```/g)].map((match) => [match[1]!, match[2]!]),
);

// Inside the checkout, so that `wdpdk` resolves as it does for anything in it.
const folder = path.join(root, 'test', `.snippets-${process.pid}`);
// Run files and sockets of their own: README attaches to the instance `default`, which may run on this machine.
const env = { XDG_RUNTIME_DIR: folder, LOCALAPPDATA: folder };

const node = (args: string[]) =>
  execa(process.execPath, args, { cwd: folder, env, reject: false, all: true, stdin: 'ignore' });

beforeAll(() => {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, code] of snippets) fs.writeFileSync(path.join(folder, name), code);
});

afterAll(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 }));

describe("README's programs", () => {
  it('are three, and the first client is about twenty lines', () => {
    expect([...snippets.keys()]).toEqual(['first-client.ts', 'first-client.mjs', 'routes.ts']);
    for (const code of snippets.values()) expect(code.split('\n').length).toBeLessThanOrEqual(22);
  });

  it('do what README says', { timeout: 120_000 }, async () => {
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const options = [
      '--ignoreConfig',
      '--strict',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--lib',
      'es2023,esnext.disposable',
      '--types',
      'node',
      '--typeRoots',
    ];
    const typed = [...snippets.keys()].filter((name) => name.endsWith('.ts'));
    // A module, whatever the folder's nearest package.json says.
    fs.writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
    const checked = await node([tsc, ...options, path.join(root, 'node_modules/@types'), '--skipLibCheck', ...typed]);
    expect(checked.exitCode, checked.all).toBe(0);

    const cli = path.join(root, 'ts-client/dist/cli/main.js');
    const demo = execa(process.execPath, [cli, 'start', '--seconds', '100'], {
      // Not in the folder: what a process stands in cannot be removed on Windows until it has ended.
      cwd: root,
      env,
      reject: false,
      all: true,
      stdin: 'ignore',
    });
    let said = '';
    demo.all.on('data', (chunk: Buffer) => (said += chunk.toString()));
    try {
      await waitFor(() => said.includes('port 0 rx'), { what: "the demo's rates", timeoutMs: 30_000 }).catch(
        (error: unknown) => {
          throw new Error(`the demo said: ${said}`, { cause: error });
        },
      );
      const first = await node(['first-client.js']);
      expect(first.exitCode, first.all).toBe(0);
      expect(first.all?.match(/^\S+ port \d+: \d+ bytes$/gm)?.length).toBe(10);
      expect(first.all).toMatch(/port 0 has received \d+ packets/);
      const routes = await node(['routes.js']);
      expect(routes.exitCode, routes.all).toBe(0);
      const second = await node(['first-client.mjs']);
      expect(second.exitCode, second.all).toBe(0);
      expect(second.all).toContain('10 frames are in injected.pcap');
      expect(fs.statSync(path.join(folder, 'injected.pcap')).size).toBe(24 + 10 * (16 + 60));
    } finally {
      demo.kill(system === 'windows' ? 'SIGKILL' : 'SIGTERM');
      await demo;
    }
  });
});
