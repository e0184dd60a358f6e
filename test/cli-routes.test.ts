// SPDX-License-Identifier: BSD-3-Clause
import fs from 'node:fs';
import path from 'node:path';
import type { Dataplane, Route } from 'wdpdk';
import { describe, expect, it } from 'vitest';
import { tempDir } from './support/bed.ts';
import { begin, json, quiet, start, wdpdk } from './support/cli.ts';

const router = (routes: Route[] = [{ to: '10.0.0.0/8', via: 1 }]) =>
  start({ ports: [quiet(0), quiet(1)], forwarding: { ports: { 0: { mode: 'l3fwd' } }, routes } });

async function routes(dataplane: Dataplane, args: string[], input = '') {
  const [name, ...rest] = args as [string, ...string[]];
  return wdpdk(['routes', name, '--instance', dataplane.instance, ...rest], input);
}

async function listed(dataplane: Dataplane): Promise<{ generation: number; routes: Route[] }> {
  return json((await routes(dataplane, ['list', '--json'])).stdout);
}

const destinations = async (dataplane: Dataplane) =>
  (await listed(dataplane)).routes.map(({ to, via }) => `${to}=${via}`);

describe('wdpdk routes', () => {
  it('adds, replaces and deletes', async () => {
    const dataplane = await router();
    const add = await routes(dataplane, [
      'add',
      '192.0.2.0/24=0,02:00:00:00:00:2a',
      '2001:db8::/32=1',
      '10.0.0.0/8=0',
      '--json',
    ]);
    expect(add.exitCode, add.stderr).toBe(0);
    expect(json(add.stdout)).toEqual({ generation: 2, routes: 3, kept: true });
    expect((await destinations(dataplane)).sort()).toEqual(['10.0.0.0/8=0', '192.0.2.0/24=0', '2001:db8::/32=1']);
    const list = await routes(dataplane, ['list']);
    expect(list.stdout.split('\n')).toContain('192.0.2.0/24=0,02:00:00:00:00:2a');
    expect((await routes(dataplane, ['del', '10.0.0.0/8', '2001:DB8::/32'])).exitCode).toBe(0);
    expect(await destinations(dataplane)).toEqual(['192.0.2.0/24=0']);
    // What it prints, it also reads.
    const file = path.join(tempDir(), 'routes, all.txt');
    fs.writeFileSync(file, `# mine\n${list.stdout}\n\n172.16.0.0/12 1   # by spaces\n`);
    expect((await routes(dataplane, ['replace', file])).exitCode).toBe(0);
    expect((await destinations(dataplane)).sort()).toEqual([
      '10.0.0.0/8=0',
      '172.16.0.0/12=1',
      '192.0.2.0/24=0',
      '2001:db8::/32=1',
    ]);
    const fromStdin = await routes(dataplane, ['replace', '-'], '[{"to":"0.0.0.0/0","via":1}]');
    expect(fromStdin.exitCode, fromStdin.stderr).toBe(0);
    expect(await destinations(dataplane)).toEqual(['0.0.0.0/0=1']);
  });

  it('--check says what would change, and changes nothing', async () => {
    const dataplane = await router();
    const { exitCode, stdout, stderr } = await routes(dataplane, ['add', '10.0.0.0/8=0', '--check']);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^routes.*10\.0\.0\.0\/8.*1.*->.*0/);
    expect(stderr).toMatch(/1 changes to generation 1; nothing was done/);
    expect(await listed(dataplane)).toMatchObject({ generation: 1, routes: [{ to: '10.0.0.0/8', via: 1 }] });
    const none = await routes(dataplane, ['add', '10.0.0.0/8=1', '--check', '--json']);
    expect(json(none.stdout)).toEqual({ generation: 1, changes: [], truncated: 0 });
  });

  it('refuses a stale generation, a bad route and an unknown one', async () => {
    const dataplane = await router();
    const stale = await routes(dataplane, ['add', '10.1.0.0/16=1', '--if-generation', '7']);
    expect([stale.exitCode, stale.stderr]).toEqual([1, expect.stringContaining('[WDPDK_E_CONFLICT]')]);
    const file = path.join(tempDir(), 'bad.txt');
    fs.writeFileSync(file, '10.0.0.0/8=1\nten dot zero\n');
    const bad = await routes(dataplane, ['replace', file]);
    expect([bad.exitCode, bad.stderr]).toEqual([2, expect.stringContaining(`${file}:2: 'ten dot zero' is no route`)]);
    const unknown = await routes(dataplane, ['del', '10.7.0.0/16']);
    expect([unknown.exitCode, unknown.stderr]).toEqual([1, expect.stringContaining('[WDPDK_E_NOT_FOUND]')]);
    const refused = await routes(dataplane, ['add', '10.0.0.1/8=1', '10.2.0.0/16=9']);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/\[WDPDK_E_CONFIG\]\n(wdpdk: {3}\S+: .*\n?){2}/);
    expect((await listed(dataplane)).generation).toBe(1);
  });

  it.each([
    ['Enter keeps it', '\n', 0, true],
    ['a no undoes it', 'no\n', 1, false],
    ['the end of stdin undoes it', '', 1, false],
  ])('--confirm-within: %s', async (_, input, code, kept) => {
    const dataplane = await router();
    const args = ['add', '10.5.0.0/16=1', '--confirm-within', '20000', '--json'];
    const { exitCode, stdout, stderr } = await routes(dataplane, args, input);
    expect(exitCode, stderr).toBe(code);
    expect(json(stdout)).toMatchObject({ kept });
    expect((await destinations(dataplane)).includes('10.5.0.0/16=1')).toBe(kept);
  });

  it('--confirm-within: the time undoes it', async () => {
    const dataplane = await router();
    const args = ['routes', 'add', '--instance', dataplane.instance, '10.5.0.0/16=1', '--confirm-within', '5000'];
    // Looked at from here: another start of the command may take longer than the five seconds.
    const observer = await dataplane.attach({ want: ['observe'] });
    const command = begin(args);
    await command.says('is in force');
    const { config } = await observer.forwarding.get();
    expect(config.routes).toContainEqual(expect.objectContaining({ to: '10.5.0.0/16', via: 1 }));
    expect((await command.child).exitCode).toBe(1);
    expect(await destinations(dataplane)).toEqual(['10.0.0.0/8=1']);
  });
});
