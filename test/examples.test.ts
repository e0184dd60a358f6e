// SPDX-License-Identifier: BSD-3-Clause
// The examples, compiled as a user would and run as programs, on real captures, wires and (Linux) the kernel's own network stack.
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { frame, launch, type Dataplane } from 'wdpdk';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { root, system, tempDir } from './support/bed.ts';
import { framesMatching, mixedPcap, readPcap } from './support/captures.ts';
import { writePcap } from './support/pcap.ts';
import { interfaceName, makeHost, whyNoNamespaces } from './support/netns.ts';
import { waitFor } from './support/wait.ts';
import { udpFrame } from './programs/frames.mjs';

const sources = path.join(root, 'examples');
const names = fs.readdirSync(sources).filter((name) => name.endsWith('.ts'));
// Inside the checkout, so that `wdpdk` resolves as it does for anything in it.
const folder = path.join(root, 'test', `.snippets-examples-${process.pid}`);
const frames = readPcap(mixedPcap);

beforeAll(async () => {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const { exitCode, all } = await execa(process.execPath, [tsc, '-p', sources, '--outDir', folder], {
    reject: false,
    all: true,
  });
  expect(exitCode, all).toBe(0);
  fs.writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
}, 120_000);

afterAll(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 }));

/** Starts an example; it is ended with the test. */
function start(name: string, args: string[], cwd = tempDir()) {
  const child = execa(process.execPath, [path.join(folder, `${name}.js`), ...args], {
    cwd,
    reject: false,
    stdin: 'ignore',
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await child;
  });
  const lines = () => out.split(/\r?\n/).filter((line) => line !== '');
  return {
    child,
    lines,
    said: () => `${out}\n${err}`,
    errors: () => err,
    /** Waits for its own end and takes its lines. */
    finish: async (): Promise<string[]> => {
      const { exitCode } = await child;
      expect(exitCode, `${name}: ${out}\n${err}`).toBe(0);
      return lines();
    },
    /** Ctrl-C; a Windows process has no signal to be sent. */
    stop: async (): Promise<void> => {
      child.kill(system === 'windows' ? 'SIGKILL' : 'SIGINT');
      const { exitCode } = await child;
      if (system !== 'windows') expect(exitCode, `${name}: ${out}\n${err}`).toBe(0);
    },
  };
}

async function replay(options: { hold?: boolean; rx?: string; pps?: number; loop?: boolean } = {}): Promise<Dataplane> {
  const { hold = false, rx = mixedPcap, pps, loop = false } = options;
  const dataplane = await launch({
    hold,
    instance: `examples-${process.pid}`,
    ports: [
      { pcap: { rx, loop, ...(pps === undefined ? {} : { pps }) } },
      { pcap: { tx: path.join(tempDir(), 'out.pcap') } },
    ],
    forwarding: {
      ports: { 0: { mode: 'l3fwd' } },
      routes: [
        { to: '0.0.0.0/0', via: 1 },
        { to: '::/0', via: 1 },
      ],
    },
  });
  onTestFinished(async () => void (await dataplane.close()));
  return dataplane;
}

describe('every example', () => {
  it.each(names)('%s fits a screen and uses nothing but the public package', (name) => {
    const text = fs.readFileSync(path.join(sources, name), 'utf8');
    expect(text.split('\n').length).toBeLessThanOrEqual(61);
    for (const [, from] of text.matchAll(/from '([^']+)'/g))
      expect(from === 'wdpdk' || from!.startsWith('node:'), from).toBe(true);
    expect(fs.readFileSync(import.meta.filename, 'utf8'), 'is run below').toContain(`'${path.basename(name, '.ts')}'`);
  });
});

describe('forwarding', () => {
  it('l2fwd sends the whole capture on, with the MAC addresses of the way', async () => {
    const dir = tempDir();
    const [from, to] = [path.join(dir, 'in.pcap'), path.join(dir, 'out.pcap')];
    fs.copyFileSync(mixedPcap, from);
    const said = await start('l2fwd', [from, to], dir).finish();
    expect(said[0]).toContain(`received ${frames.length}`);
    const written = readPcap(to);
    expect(written.length).toBe(frames.length);
    written.forEach(({ data }, n) => {
      expect(data.toString('hex', 0, 6)).toBe('020000000001');
      expect(data.subarray(12).equals(frames[n]!.data.subarray(12))).toBe(true);
    });
  });

  it('l3fwd routes by its file, and says every field of a wrong one', async () => {
    const dir = tempDir();
    const file = path.join(dir, 'router.json');
    const out = path.join(dir, 'out.pcap');
    const ports = [{ pcap: { rx: mixedPcap } }, { pcap: { tx: out } }];
    const routes = [{ to: '0.0.0.0/0', via: 1, nextHopMac: '02:00:00:00:00:77' }];
    fs.writeFileSync(file, JSON.stringify({ ports, forwarding: { ports: { 0: { mode: 'l3fwd' } }, routes } }));
    const said = await start('l3fwd', [file], dir).finish();
    const written = readPcap(out);
    expect(
      said.some((line) => line.endsWith(`sent ${written.length}`)),
      said.join('\n'),
    ).toBe(true);
    expect(written.length).toBeGreaterThan(500);
    expect(new Set(written.map(({ data }) => data.toString('hex', 0, 6)))).toEqual(new Set(['020000000077']));
    fs.writeFileSync(file, JSON.stringify({ ports, forwarding: { ports: { 0: { mode: 'io', to: 9 } } } }));
    const wrong = start('l3fwd', [file], dir);
    expect((await wrong.child).exitCode).toBe(1);
    expect(wrong.errors()).toContain('ports.0.to');
  });

  it('route-change confirms what carries traffic, and takes back what does not', { timeout: 60_000 }, async () => {
    const rx = path.join(tempDir(), 'in.pcap');
    writePcap(
      rx,
      Array.from({ length: 64 }, (_, n) => udpFrame(n, 60)),
    );
    const dataplane = await replay({ rx, loop: true, pps: 1000 });
    const observer = await dataplane.attach();
    const change = (to: string, via: string) =>
      start('route-change', [to, via, '02:00:00:00:00:99', dataplane.instance]).finish();
    expect((await change('0.0.0.0/0', '1')).at(-1)).toBe('traffic flows: confirmed');
    const confirmed = await observer.forwarding.get();
    expect(confirmed.config.routes!.find(({ to }) => to === '0.0.0.0/0')!.nextHopMac).toBe('02:00:00:00:00:99');
    // No frame of this capture goes there, so nothing leaves by port 0.
    expect((await change('198.51.100.0/24', '0')).at(-1)).toBe('nothing leaves: rolled back');
    expect((await observer.forwarding.get()).config).toEqual(confirmed.config);
  });
});

describe('watching', () => {
  it('sniffer prints a line for each frame that its filter takes', async () => {
    const dataplane = await replay({ hold: true });
    const sniffer = start('sniffer', [dataplane.instance, '0', '9000']);
    await waitFor(() => sniffer.said().includes('listening'), { what: 'the sniffer' });
    await dataplane.release();
    const wanted = framesMatching('udp.dstport == 9000 && !icmp && !icmpv6').length;
    await waitFor(() => sniffer.lines().length >= wanted, { what: `${wanted} lines`, timeoutMs: 20_000 });
    expect(sniffer.lines().length).toBe(wanted);
    for (const line of sniffer.lines()) expect(line).toMatch(/^\d{4}-\S+Z \S+\.\d+ > \S+\.9000 UDP, \d+ bytes/);
    await sniffer.stop();
  });

  it.each(['ids', 'l3fwd'])('%s says which file it lacks, and what belongs there', async (name) => {
    const { child, errors } = start(name, ['nowhere.file']);
    expect((await child).exitCode).toBe(1);
    expect(errors()).toMatch(/^nowhere\.file (has no rules|is no configuration): ENOENT.*node \w+\.js/);
    expect(errors().trim().split('\n')).toHaveLength(1);
  });

  it('ids raises an alert for each frame that fits a rule', async () => {
    const dir = tempDir();
    const rules = path.join(dir, 'rules.jsonl');
    fs.writeFileSync(
      rules,
      '# what a test looks for\n' +
        '{ "say": "long", "match": { "proto": "udp", "dstPort": 53 }, "longerThan": 300 }\n' +
        '{ "say": "shell", "match": { "any": [{ "dstPort": 80 }, { "dstPort": 8080 }] }, "contains": "/bin/sh" }\n',
    );
    const rx = path.join(dir, 'attack.pcap');
    const to = (dstPort: number, payload: string, udp = false): Uint8Array =>
      frame({ ipv4: { src: '10.0.0.66' }, ...(udp ? { udp: { dstPort } } : { tcp: { dstPort } }), payload });
    writePcap(rx, [
      ...[80, 8080, 8081].map((port) => to(port, 'GET /?x=/bin/sh HTTP/1.1')),
      ...[80, 8080].map((port) => to(port, 'GET / HTTP/1.1')),
      to(53, 'x'.repeat(400), true),
      to(53, 'x'.repeat(40), true),
      to(53, 'x'.repeat(400)),
    ]);
    const dataplane = await replay({ hold: true, rx });
    const ids = start('ids', [rules, dataplane.instance], dir);
    await waitFor(() => ids.said().includes('2 rules are watched'), { what: 'the rules' });
    await dataplane.release();
    await waitFor(() => ids.lines().length >= 3, { what: 'three alerts', timeoutMs: 20_000 });
    await ids.stop();
    const alerts = ids.lines().map((line) => JSON.parse(line) as { alert: string; from: string });
    expect(alerts.map(({ alert }) => alert).toSorted()).toEqual(['long', 'shell', 'shell']);
    for (const { from } of alerts) expect(from).toBe('10.0.0.66');
  });

  it('flow-workers: no flow is at two of them', { timeout: 60_000 }, async () => {
    const rx = path.join(tempDir(), 'flows.pcap');
    writePcap(
      rx,
      Array.from({ length: 200 }, (_, n) => udpFrame(n, 60)),
    );
    const dataplane = await replay({ rx, loop: true, pps: 5000, hold: true });
    const workers = start('flow-workers', ['2', dataplane.instance, '3']);
    await waitFor(() => workers.lines().filter((line) => line.includes('is ready')).length === 2, {
      what: 'two workers',
    });
    await dataplane.release();
    const said = (await workers.finish()).filter((line) => line.startsWith('worker '));
    expect(said.length).toBe(2);
    for (const line of said) {
      expect(line).toContain(', 0 of them elsewhere');
      expect(Number(/: (\d+) packets/.exec(line)![1])).toBeGreaterThan(0);
    }
  });
});

describe('measuring', () => {
  it('meter: nothing lost, reordered or corrupt at a modest rate', { timeout: 60_000 }, async () => {
    const said = await start('meter', ['10000', 'imix', '2']).finish();
    expect(said.length).toBe(2);
    for (const line of said) {
      expect(line).toMatch(/lost 0, reordered 0, corrupt 0, latency p50 [\d.]+ p99 [\d.]+ us, \d+ cycles a packet$/);
      expect(Number(/^([\d.]+) Mpps/.exec(line)![1])).toBeGreaterThan(0);
    }
  });
});

describe('a host behind a TAP interface', () => {
  it.skipIf(system !== 'linux' || whyNoNamespaces() !== undefined)(
    'udp-echo: the kernel finds it by ARP, pings it, and gets its datagrams back',
    { timeout: 60_000 },
    async () => {
      const iface = interfaceName('e');
      const echo = start('udp-echo', [iface, '192.0.2.10']);
      await waitFor(() => echo.said().includes('ready:'), { what: 'the echo', timeoutMs: 20_000 });
      const host = await makeHost();
      await host.adopt(iface);
      await host.ip('link', 'set', 'dev', iface, 'up');
      await host.ip('addr', 'add', '192.0.2.1/24', 'dev', iface);
      const ping = await host.run('ping', '-n', '-c', '5', '-i', '0.1', '-W', '5', '192.0.2.10');
      expect(ping.stdout + ping.stderr).toContain('5 packets transmitted, 5 received, 0% packet loss');
      expect(await host.ip('neigh', 'show', '192.0.2.10')).toContain('02:00:00:00:00:10');
      const sizes = [1, 18, 100, 1000, 1472];
      const client = host.start('net-peer', { role: 'udpClient', address: '192.0.2.10', port: 7, sizes });
      expect(await client.next('echoed', { timeoutMs: 30_000 })).toMatchObject({ datagrams: sizes.length });
      // Another port of it says nothing.
      const refused = await host.run('ping', '-n', '-c', '1', '-W', '1', '192.0.2.11');
      expect(refused.exitCode).not.toBe(0);
      await echo.stop();
    },
  );
});
