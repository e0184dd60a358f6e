// SPDX-License-Identifier: BSD-3-Clause
// `wdpdk doctor`: what it says of a machine that lacks something, and that it leaves everything as it was.
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { dataplanePath, root, system, tempDir } from './support/bed.ts';

const cli = path.join(root, 'ts-client/dist/cli/main.js');

async function doctor(env = {}, nodeArgs = []) {
  const options = { reject: false, stdin: 'ignore', env: { WDPDK_DATAPLANE_PATH: dataplanePath, ...env } };
  const { exitCode, stdout, stderr } = await execa(process.execPath, [...nodeArgs, cli, 'doctor', '--json'], options);
  expect(stderr).toBe('');
  const report = JSON.parse(stdout);
  return { exitCode, ...report, find: (id) => report.findings.find((finding) => finding.id === id) };
}

/** Everything below a folder, with sizes and times. */
const listing = (folder) =>
  fs.existsSync(folder)
    ? fs.readdirSync(folder, { recursive: true }).map((name) => {
        const { size, mtimeMs, mode } = fs.lstatSync(path.join(folder, name));
        return `${name} ${size} ${mtimeMs} ${mode}`;
      })
    : 'absent';

describe('wdpdk doctor', () => {
  test('is content with this bed, and says so for people too', async () => {
    const { exitCode, ok, findings } = await doctor();
    expect([exitCode, ok], JSON.stringify(findings)).toEqual([0, true]);
    const required = [
      'node',
      'platform',
      'executable',
      'shared-memory',
      'cpu',
      'memory',
      'pages',
      'privilege',
      'driver',
    ];
    required.push('security.secure-boot', 'dma', 'cores.isolated', 'run-folder', 'cards', 'users.clients');
    expect(findings.map(({ id }) => id)).toEqual(expect.arrayContaining(required));
    for (const { id, level, remedy } of findings)
      expect(Boolean(remedy), id).toBe(level === 'warn' || level === 'fail');
    const { stdout } = await execa(process.execPath, [cli, 'doctor'], { env: { WDPDK_DATAPLANE_PATH: dataplanePath } });
    expect(stdout).toMatch(/^ok {4}node: Node \d+/m);
    expect(stdout).toMatch(/wdpdk works here[,;]/);
  });

  test('changes nothing', async () => {
    const [home, run, tmp] = [tempDir(), tempDir(), tempDir()];
    const kernel = ['/proc/sys/vm/nr_hugepages', '/proc/sys/vm/nr_overcommit_hugepages'].filter((file) =>
      fs.existsSync(file),
    );
    const folders = [home, run, tmp, path.dirname(dataplanePath), path.join(root, 'ts-client/dist')];
    if (system === 'linux') folders.push('/dev/hugepages');
    const look = () => [...folders.map(listing), ...kernel.map((file) => fs.readFileSync(file, 'utf8'))];
    const before = look();
    const env = { HOME: home, XDG_RUNTIME_DIR: run, LOCALAPPDATA: run, TMPDIR: tmp, TEMP: tmp, TMP: tmp };
    expect((await doctor(env)).exitCode).toBe(0);
    expect(look()).toEqual(before);
  });

  test('names an executable that is missing, that is another release, or none at all', async () => {
    const nowhere = path.join(tempDir(), 'wdpdk-dataplane');
    const missing = await doctor({ WDPDK_DATAPLANE_PATH: nowhere });
    expect(missing.exitCode).toBe(1);
    expect(missing.find('executable')).toMatchObject({ level: 'fail', remedy: 'Correct or unset the variable' });
    // Node itself is an executable that is none of ours.
    const stranger = await doctor({ WDPDK_DATAPLANE_PATH: process.execPath });
    expect(stranger.exitCode).toBe(1);
    expect(stranger.find('executable').text).toMatch(/does not say its version/);
  });

  test('refuses Electron', async () => {
    const preload = path.join(tempDir(), 'electron.cjs');
    fs.writeFileSync(preload, "Object.defineProperty(process.versions, 'electron', { value: '30.0.0' });\n");
    const { exitCode, find } = await doctor({}, ['--require', preload]);
    expect(exitCode).toBe(1);
    expect(find('platform')).toMatchObject({ level: 'fail', text: expect.stringContaining('Electron') });
  });

  test('names a run folder that cannot be used', async () => {
    const nowhere = path.join(tempDir(), 'not', 'there');
    const { exitCode, find } = await doctor({ XDG_RUNTIME_DIR: nowhere, LOCALAPPDATA: nowhere });
    expect(exitCode).toBe(1);
    expect(find('run-folder')).toMatchObject({
      level: 'fail',
      remedy: expect.stringMatching(/XDG_RUNTIME_DIR|LOCALAPPDATA/),
    });
  });
});
