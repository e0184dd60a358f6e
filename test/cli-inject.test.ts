// SPDX-License-Identifier: BSD-3-Clause
import fs from 'node:fs';
import path from 'node:path';
import { frame } from 'wdpdk';
import { describe, expect, it } from 'vitest';
import { tempDir } from './support/bed.ts';
import { mixedPcap, mixedPcapng, readPcap } from './support/captures.ts';
import { begin, json, start, wdpdk } from './support/cli.ts';
import { writePcap } from './support/pcap.ts';
import { waitFor } from './support/wait.ts';

const input = readPcap(mixedPcap);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
interface Account {
  port: number;
  injected: number;
  bytes: number;
  drops: Record<string, number>;
}

/** Runs `inject` out of a port that writes a capture; returns the frames in it. */
async function injected(...args: string[]): Promise<{ frames: string[]; account: Account; ms: number }> {
  const out = path.join(tempDir(), 'out.pcap');
  const dataplane = await start({ ports: [{ pcap: { tx: out } }] });
  const began = performance.now();
  const { exitCode, stdout, stderr } = await wdpdk([
    'inject',
    '--instance',
    dataplane.instance,
    '--port',
    '0',
    '--json',
    ...args,
  ]);
  const ms = performance.now() - began;
  expect(exitCode, stderr).toBe(0);
  await dataplane.close();
  return { frames: readPcap(out).map(({ data }) => hex(data)), account: json<Account>(stdout), ms };
}

describe('wdpdk inject', () => {
  it.each([
    ['pcap', mixedPcap],
    ['pcapng', mixedPcapng],
  ])('sends the frames of a %s in their order', async (_, file) => {
    const { frames, account } = await injected(file);
    // The port takes frames up to its MTU; the others are counted.
    const fitting = input.filter(({ data }) => data.length <= 1518);
    expect(frames.filter((bytes) => bytes.length <= 2 * 1518)).toEqual(fitting.map(({ data }) => hex(data)));
    expect(account.injected).toBe(frames.length);
    expect(account.injected + Object.values(account.drops).reduce((a, b) => a + b, 0)).toBe(input.length);
  });

  it('begins again with --loop, up to --count', async () => {
    const file = path.join(tempDir(), 'three.pcap');
    const three = [1, 2, 3].map((n) => frame({ ipv4: {}, udp: { dstPort: n }, padTo: 60 }));
    writePcap(file, three);
    const { frames } = await injected(file, '--loop', '--count', '10');
    expect(frames).toEqual([...three, ...three, ...three, three[0]!].map(hex));
  });

  it('builds a frame, or takes its bytes, and keeps a pace', async () => {
    const spec = { ipv4: { dst: '10.9.8.7' }, udp: { dstPort: 9 }, payload: 'hello' };
    const { frames, ms } = await injected('--frame', JSON.stringify(spec), '--count', '50', '--pps', '100');
    expect(frames).toEqual(Array.from({ length: 50 }, () => hex(frame(spec))));
    expect(ms).toBeGreaterThan(480);
    const bytes = hex(frame({ arp: {}, padTo: 60 }));
    expect((await injected('--hex', bytes)).frames).toEqual([bytes]);
  });

  it('goes on until it is told to end', async () => {
    const dataplane = await start({ ports: [{ null: true }] });
    const args = [
      'inject',
      '--instance',
      dataplane.instance,
      '--port',
      '0',
      '--json',
      '--seconds',
      '1',
      '--pps',
      '500',
    ];
    const { child } = begin([...args, '--hex', hex(frame({ ipv4: {} })), '--loop']);
    const client = await dataplane.attach({ want: ['observe'] });
    await waitFor(() => client.stats().ports[0]!.injected.packets > 100n, { what: 'injected frames' });
    const { exitCode, stdout } = await child;
    expect(exitCode).toBe(0);
    expect(json<Account>(stdout).injected).toBeGreaterThan(100);
    expect(BigInt(json<Account>(stdout).injected)).toBe(client.stats().ports[0]!.injected.packets);
    await client.close();
  });

  it.each([
    [['nowhere.pcap'], 1, /^wdpdk: ENOENT: .*nowhere\.pcap'\. Correct the path\r?$/m],
    [['a', '--hex', '00'.repeat(20)], 2, /only one/],
    [[], 2, /one source of frames/],
    [['--hex', '00'], 2, /14 or more/],
    [['--frame', '{"ipv4":{"dst":"x"}}'], 2, /write a frame as JSON/],
  ])('refuses %j with %d', async (args, code, message) => {
    const dataplane = await start({ ports: [{ null: true }] });
    const { exitCode, stderr } = await wdpdk(['inject', '--instance', dataplane.instance, '--port', '0', ...args]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(code);
  });

  it('refuses what is no capture of Ethernet, after nothing was sent', async () => {
    const dataplane = await start({ ports: [{ null: true }] });
    const file = path.join(tempDir(), 'x.pcap');
    const send = () => wdpdk(['inject', '--instance', dataplane.instance, '--port', '0', file]);
    fs.writeFileSync(file, 'certainly no capture');
    expect(await send()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('neither pcap nor pcapng') });
    const raw = Buffer.from(fs.readFileSync(mixedPcap).subarray(0, 4000));
    raw.writeUInt32LE(101, 20);
    fs.writeFileSync(file, raw);
    expect(await send()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('link type 101') });
  });
});
