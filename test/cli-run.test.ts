// SPDX-License-Identifier: BSD-3-Clause
// `wdpdk run` and `wdpdk stats`.
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { attach } from 'wdpdk';
import { describe, expect, it } from 'vitest';
import { dataplanePath, tempDir } from './support/bed.ts';
import { mixedPcap, readPcap } from './support/captures.ts';
import { begin, cliFile, json, quiet, start, wdpdk } from './support/cli.ts';
import { checkBalance, type Summary } from './support/summary.ts';

const instance = (name: string) => `run-${process.pid}-${name}`;

describe('wdpdk run', () => {
  it('starts what a file says, with flags on top, and ends at the end of the captures', async () => {
    const [dir, name] = [tempDir(), instance('file')];
    const file = path.join(dir, 'router, mine.json');
    const forwarding = { ports: { 0: { mode: 'l3fwd' } }, routes: [{ to: '0.0.0.0/0', via: 1 }] };
    fs.writeFileSync(file, JSON.stringify({ ports: [{ pcap: { rx: mixedPcap } }], forwarding, instance: 'not this' }));
    const out = path.join(dir, 'out.pcap');
    const args = ['run', file, '--port', `pcap:tx=${out}`, '--route', '::/0=1', '--instance', name, '--stop-at-end'];
    const { exitCode, stdout, stderr } = await wdpdk([...args, '--json']);
    expect(exitCode, stderr).toBe(0);
    const summary = json<Summary>(stdout);
    checkBalance(summary);
    expect(summary.ports[0]!.rx.packets).toBe(readPcap(mixedPcap).length);
    expect(readPcap(out).length).toBe(summary.ports[1]!.tx.packets);
    expect(summary.ports[1]!.tx.packets).toBeGreaterThan(100);
    expect(stderr).toContain(`instance ${name},`);
  });

  it('lets others attach, shows rates, and prints a summary when its time is over', async () => {
    const name = instance('rates');
    const ports = ['--port', `pcap:rx=${mixedPcap},loop,pps=2000`, '--port', 'null', '--forward', '0=io:1'];
    const command = begin(['run', ...ports, '--instance', name, '--seconds', '3']);
    await command.says(`instance ${name}`);
    const client = await attach({ instance: name, want: ['observe'] });
    expect((await client.ports()).map(({ name: port }) => port)).toEqual(['net_pcap0', 'net_null1']);
    expect((await client.forwarding.get()).config.ports).toMatchObject({ 0: { mode: 'io', to: 1 } });
    await client.close();
    const { exitCode, stdout } = await command.child;
    expect(exitCode, command.said()).toBe(0);
    expect(stdout).toMatch(/^port 0 rx [\d,]+ tx [\d,]+ dropped [\d,]+ \| port 1 rx/m);
    expect(stdout).toMatch(/accounting balances after/);
  });

  it('ends in order on SIGINT', async () => {
    const command = begin(['run', '--port', 'null', '--instance', instance('int'), '--json']);
    await command.says('Ctrl-C ends it');
    command.child.kill('SIGINT');
    const { exitCode, stdout } = await command.child;
    expect(exitCode, command.said()).toBe(0);
    checkBalance(json<Summary>(stdout));
  });

  it('joins two ports by a wire', async () => {
    const name = instance('wire');
    const command = begin([
      'run',
      '--port',
      'wire:a',
      '--port',
      'wire:a',
      '--forward',
      'drop',
      '--instance',
      name,
      '--json',
    ]);
    await command.says('Ctrl-C ends it');
    const args = ['inject', '--instance', name, '--port', '0', '--count', '10', '--hex', '00'.repeat(60)];
    expect((await wdpdk(args)).exitCode).toBe(0);
    const client = await attach({ instance: name, want: ['observe'] });
    await expect.poll(() => client.stats().ports[1]!.rx.packets).toBe(10n);
    await client.close();
    command.child.stdin.end();
  });

  it.each([
    [[], 2, /without ports/],
    [['--port', 'pcap:rx='], 2, /'rx=' is not understood/],
    [['--port', 'ether'], 2, /no such port/],
    [['--port', 'pcap:rx=nowhere.pcap'], 1, /WDPDK_E_LAUNCH/],
    [['--port', 'null', '--forward', 'fly'], 1, /fly/],
    [['--port', 'null', '--forward', '0=io:7'], 1, /ports/],
    [['--port', 'null', '--idle', 'never'], 2, /adaptive, poll/],
    [['nowhere.json'], 2, /nowhere\.json/],
  ])('refuses %j with %d', async (args, code, message) => {
    const { exitCode, stderr } = await wdpdk(['run', ...args, '--instance', instance('bad')]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(code);
  });

  it('does not mind that a file names its schema', async () => {
    const file = path.join(tempDir(), 'x.json');
    fs.writeFileSync(file, JSON.stringify({ $schema: './x.schema.json', ports: [{ null: { rx: false } }] }));
    const { exitCode, stdout, stderr } = await wdpdk(['run', file, '--instance', instance('x'), '--seconds', '0.2']);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/port 0/);
  });

  it('names every key of a file that it does not know', async () => {
    const file = path.join(tempDir(), 'x.json');
    fs.writeFileSync(file, JSON.stringify({ port: [], ports: 3, idle: 'poll' }));
    const { exitCode, stderr } = await wdpdk(['run', file]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/\[WDPDK_E_CONFIG\]/);
    expect(stderr).toMatch(/ports: has the wrong type/);
    expect(stderr).toMatch(/port: there is no such key/);
  });
});

interface Line {
  instance: string;
  rates: { ports: { id: number; rx: { packetsPerSecond: number } }[]; clients: { name: string }[] };
  counters: { ports: { id: number; rx: { packets: number } }[] };
}

describe('wdpdk stats', () => {
  const traffic = () => start({ ports: [{ pcap: { rx: mixedPcap, loop: true, pps: 1000 } }, quiet(1)] });

  it('prints a line of JSON an interval', async () => {
    const dataplane = await traffic();
    const client = await dataplane.attach({ name: 'someone', want: ['observe'] });
    const args = ['stats', '--instance', dataplane.instance, '--interval', '0.3', '--count', '3', '--json'];
    const { exitCode, stdout, stderr } = await wdpdk(args);
    expect(exitCode, stderr).toBe(0);
    const lines = stdout.split('\n').map((line) => JSON.parse(line) as Line);
    expect(lines).toHaveLength(3);
    for (const { instance: name, rates } of lines) {
      expect(name).toBe(dataplane.instance);
      expect(rates.clients.map((one) => one.name).sort()).toEqual(['someone', 'stats']);
      expect(rates.ports[0]!.rx.packetsPerSecond).toBeGreaterThan(300);
      expect(rates.ports[0]!.rx.packetsPerSecond).toBeLessThan(3000);
    }
    const counts = lines.map(({ counters }) => counters.ports[0]!.rx.packets);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(new Set(counts).size).toBe(3);
    await client.close();
  });

  it('prints tables without escape codes where there is no terminal', async () => {
    const dataplane = await traffic();
    const { exitCode, stdout } = await wdpdk([
      'stats',
      '--instance',
      dataplane.instance,
      '--interval',
      '0.2',
      '--count',
      '2',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout.match(/^port +rx pps +rx bit\/s/gm)).toHaveLength(2);
    expect(stdout).toMatch(/^0 net_pcap0 +\d/m);
    expect(stdout).not.toContain('\u001b');
  });

  it('draws over what it drew on a terminal', async () => {
    const dataplane = await traffic();
    const args = [cliFile, 'stats', '--instance', dataplane.instance, '--interval', '0.2', '--count', '3'];
    const command = [process.execPath, ...args].map((word) => `'${word}'`).join(' ');
    const env = { WDPDK_DATAPLANE_PATH: dataplanePath, TERM: 'xterm' };
    // `script` makes a terminal; it has no size until it is given one.
    const sized = `stty cols 120 rows 40; ${command}`;
    const { stdout, exitCode } = await execa('script', ['-qec', sized, '/dev/null'], { env, stdin: 'ignore' });
    expect(exitCode).toBe(0);
    // The cursor goes up again, so that the last table stands where the first one stood.
    expect(stdout.split('\u001b[').filter((code) => /^\d+A/.test(code)).length).toBeGreaterThan(1);
    expect(stdout).toMatch(/port +rx pps/);
  });

  it('ends with 1 when the dataplane does', async () => {
    const dataplane = await traffic();
    const command = begin(['stats', '--instance', dataplane.instance, '--interval', '0.1', '--json']);
    await new Promise((resolve) => command.child.stdout.once('data', resolve));
    await dataplane.close();
    const { exitCode, stderr } = await command.child;
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[WDPDK_E_GONE]')]);
  });
});
