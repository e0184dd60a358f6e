// SPDX-License-Identifier: BSD-3-Clause
// What `npm start` runs once everything is built: the demo and the forwarding of a user's capture.
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { root, tempDir } from './support/bed.ts';
import { mixedPcap, readPcap } from './support/captures.ts';
import { checkBalance, type Summary } from './support/summary.ts';

const cli = path.join(root, 'ts-client/dist/cli/main.js');
const start = (args: string[], cwd = tempDir()) =>
  execa(process.execPath, [cli, 'start', ...args], { cwd, reject: false, stdin: 'ignore', env: { INIT_CWD: cwd } });
const lastLine = (text: string): Summary => JSON.parse(text.trim().split('\n').at(-1)!) as Summary;

describe('the demo', () => {
  it('ends by itself with a summary that balances, in which dataplane and clients counted the same', async () => {
    const { stdout, stderr, exitCode } = await start(['--seconds', '2', '--json', '--instance', `demo-${process.pid}`]);
    expect(exitCode, stderr).toBe(0);
    const summary = lastLine(stdout);
    checkBalance(summary);
    const [input, output] = summary.ports;
    expect(input!.rx.packets).toBeGreaterThan(1000);
    for (const cause of ['ttl_exceeded', 'bad_checksum', 'arp'])
      expect(input!.dropped[cause], cause).toBeGreaterThan(0);
    const client = (name: string) => summary.clients.find((c) => c.name === name)!;
    const receiver = client('demo-receive');
    expect(receiver.queues[0]!.delivered.packets).toBeGreaterThan(100);
    expect(receiver.counted, 'what the receiver says').toEqual(receiver.queues[0]!.delivered);
    const injector = client('demo-inject');
    expect(injector.counted, 'what the injector says').toEqual(injector.queues[0]!.injected);
    expect(output!.injected.packets).toBe(injector.counted!.packets);
    expect(injector.counted!.packets).toBeGreaterThan(10);
  });

  it('refuses options that go with a capture', async () => {
    const { exitCode, stderr } = await start(['--out', 'x.pcap']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--out');
  });
});

describe('a capture of the user', () => {
  it('is forwarded whole, relative to where the user stands, and balances', async () => {
    const cwd = tempDir();
    fs.copyFileSync(mixedPcap, path.join(cwd, 'a capture, mine.pcap'));
    const { stdout, stderr, exitCode } = await start(
      ['a capture, mine.pcap', '--out', 'out, 100%.pcap', '--json'],
      cwd,
    );
    expect(exitCode, stderr).toBe(0);
    const summary = lastLine(stdout);
    checkBalance(summary);
    const written = readPcap(path.join(cwd, 'out, 100%.pcap'));
    expect(written.length).toBe(summary.ports[1]!.tx.packets);
    expect(summary.ports[0]!.rx.packets).toBe(readPcap(mixedPcap).length);
  });

  it('takes only what the given routes lead on', async () => {
    const out = path.join(tempDir(), 'out.pcap');
    const { exitCode, stdout } = await start([mixedPcap, '--out', out, '--route', '10.77.0.0/16=1', '--json']);
    expect(exitCode).toBe(0);
    expect(lastLine(stdout).ports[0]!.dropped['no_route']).toBeGreaterThan(0);
    const written = readPcap(out);
    expect(written.length).toBeGreaterThan(0);
    for (const { data } of written) expect(data.toString('hex', 30, 32)).toBe('0a4d');
  });

  it('on a full disk fails with the cause, and does not say that the frames were written', async () => {
    const { exitCode, stderr, stdout } = await start([mixedPcap, '--out', '/dev/full']);
    expect(stderr).toMatch(/\/dev\/full.*No space left[\s\S]*frames that count as sent were lost/);
    expect(stdout).not.toMatch(/forwarded frames are in/);
    expect(exitCode).toBe(1);
  });

  it.each([
    ['a capture that is not there', ['nowhere.pcap'], 1, /nowhere\.pcap/],
    ['an output that is the capture', [mixedPcap, '--out', mixedPcap], 2, /overwrite/],
    ['a route that is none', [mixedPcap, '--route', 'somewhere'], 2, /CIDR=PORT/],
    ['a time that is none', ['--seconds', 'soon'], 2, /seconds/],
    ['an unknown option', ['--colour'], 2, /colour/],
  ])('%s is refused with what to do', async (_what, args, code, words) => {
    const { exitCode, stderr } = await start(args);
    expect(exitCode, stderr).toBe(code);
    expect(stderr).toMatch(words);
  });
});
