// SPDX-License-Identifier: BSD-3-Clause
// `wdpdk capture`: what is in the file is what was on the line, to the nanosecond, and tshark reads it.
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { type CapturedFrame, readCapture } from 'wdpdk/capture';
import { tempDir } from './support/bed.ts';
import { framesMatching, mixedPcap, readPcap } from './support/captures.ts';
import { begin, json, quiet, start, wdpdk } from './support/cli.ts';
import { waitForCount } from './support/wait.ts';

const input = readPcap(mixedPcap);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

interface Account {
  frames: number;
  dropped: number;
  ports: { id: number; name: string; received: number; dropped: number; frames: number }[];
}

const held = () =>
  start({
    hold: true,
    ports: [{ pcap: { rx: mixedPcap } }, quiet(1)],
    forwarding: { ports: { 0: { mode: 'io', to: 1 } } },
  });

async function framesOf(file: string): Promise<CapturedFrame[]> {
  const frames: CapturedFrame[] = [];
  for await (const frame of readCapture(file)) frames.push(frame);
  return frames;
}

/** Captures the replay with these arguments and returns the file, with what the command says of it. */
async function captured(args: string[]): Promise<{ file: string; account: Account }> {
  const dataplane = await held();
  const file = path.join(tempDir(), 'out, here.pcapng');
  const command = begin(['capture', '--instance', dataplane.instance, '-o', file, '--json', ...args]);
  await command.says('capturing');
  const observer = await dataplane.attach({ want: ['observe'] });
  await dataplane.release();
  await waitForCount(() => observer.stats().ports[0]!.rx.packets, input.length, { what: 'received frames' });
  const { exitCode, stdout } = await command.child;
  expect(exitCode, command.said()).toBe(0);
  return { file, account: json<Account>(stdout) };
}

describe('wdpdk capture', () => {
  it('has every frame of a port with its bytes, time, length and direction', async () => {
    const { file, account } = await captured(['--port', '0', '--count', String(input.length), '--slots', '16384']);
    const frames = await framesOf(file);
    expect(frames.map(({ bytes }) => hex(bytes))).toEqual(input.map(({ data }) => hex(data)));
    expect(frames.every(({ direction, interface: n }) => direction === 'in' && n === 0)).toBe(true);
    const replayed: CapturedFrame[] = await framesOf(mixedPcap);
    expect(frames.map(({ timestampNs }) => timestampNs)).toEqual(replayed.map(({ timestampNs }) => timestampNs));
    expect(account).toMatchObject({ frames: input.length, dropped: 0 });
    expect(account.ports).toEqual([
      { id: 0, name: 'net_pcap0', received: input.length, dropped: 0, frames: input.length },
    ]);
  });

  it('is read by tshark with interface, direction and nanoseconds', async () => {
    const { file } = await captured(['--port', '0', '--count', String(input.length), '--slots', '16384']);
    const fields = ['frame.len', 'frame.time_epoch', 'frame.interface_name', 'frame.packet_flags_direction'];
    const tshark = (of: string) =>
      execa('tshark', ['-r', of, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])], { env: { TZ: 'UTC' } });
    const [ours, theirs] = await Promise.all([tshark(file), tshark(mixedPcap)]);
    const rows = (text: string) => text.split('\n').map((line) => line.split('\t'));
    expect(rows(ours.stdout).map(([length, time]) => [length, time])).toEqual(
      rows(theirs.stdout).map(([length, time]) => [length, time]),
    );
    expect(new Set(rows(ours.stdout).map(([, , name, way]) => `${name} ${way}`))).toEqual(
      new Set(['net_pcap0 0x00000001']),
    );
    const { stdout } = await execa('capinfos', [file]);
    expect(stdout).toMatch(/File timestamp precision: {2}nanoseconds \(9\)/);
    expect(stdout).toMatch(/Number of stat entries = 1/);
  });

  it('takes what flags and JSON match, cut to the snap length', async () => {
    const filter = 'udp.dstport == 9000 && !icmp && !icmpv6';
    const wanted = framesMatching(filter).map((n) => input[n - 1]!);
    const args = ['--port', '0', '--match', '{"proto":"udp"}', '--dst-port', '9000', '--snaplen', '50'];
    const { file } = await captured([...args, '--count', String(wanted.length)]);
    const frames = await framesOf(file);
    expect(frames.map(({ bytes }) => hex(bytes))).toEqual(wanted.map(({ data }) => hex(data.subarray(0, 50))));
    expect(frames.map(({ wireLength }) => wireLength)).toEqual(wanted.map(({ data }) => data.length));
  });

  it('counts what it was too slow for, in the file too', async () => {
    const dataplane = await start({ ports: [{ null: true }] });
    const file = path.join(tempDir(), 'flood.pcapng');
    const args = [
      'capture',
      '--instance',
      dataplane.instance,
      '-o',
      file,
      '--json',
      '--slots',
      '64',
      '--seconds',
      '0.5',
    ];
    const { exitCode, stdout, stderr } = await wdpdk(args);
    expect(exitCode, stderr).toBe(0);
    const [port] = json<Account>(stdout).ports;
    expect(port!.dropped).toBeGreaterThan(1000);
    expect(port!.frames + port!.dropped).toBe(port!.received);
    expect((await framesOf(file)).length).toBe(port!.frames);
    // The interface statistics block at the file's end: its options are received (4), dropped (5) and delivered (8).
    const bytes = fs.readFileSync(file);
    const block = bytes.subarray(bytes.length - bytes.readUInt32LE(bytes.length - 4));
    expect(block.readUInt32LE(0)).toBe(5);
    const counters = new Map<number, number>();
    for (let at = 20; block.readUInt16LE(at) !== 0; at += 4 + block.readUInt16LE(at + 2))
      counters.set(block.readUInt16LE(at), Number(block.readBigUInt64LE(at + 4)));
    expect([4, 5, 8].map((code) => counters.get(code))).toEqual([port!.received, port!.dropped, port!.frames]);
  });

  it('ends in order when nobody reads its stdout any more', async () => {
    const dataplane = await start({ ports: [{ pcap: { rx: mixedPcap, loop: true, pps: 2000 } }] });
    const { child } = begin(['capture', '--instance', dataplane.instance, '-o', '-']);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.stdout.destroy();
    const { exitCode, stderr } = await child;
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/^wdpdk: capturing from/)]);
  });

  it('keeps what it has when the dataplane ends, and says so with 1', async () => {
    const dataplane = await start({ ports: [{ pcap: { rx: mixedPcap, loop: true, pps: 5000 } }] });
    const file = path.join(tempDir(), 'kept.pcapng');
    const command = begin(['capture', '--instance', dataplane.instance, '-o', file]);
    await command.says('capturing');
    const client = await dataplane.attach({ want: ['observe'] });
    await waitForCount(() => client.stats().ports[0]!.mirror.delivered, 200, { what: 'captured frames' });
    await client.close();
    await dataplane.close();
    const { exitCode, stderr } = await command.child;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/\[WDPDK_E_GONE\]/);
    expect((await framesOf(file)).length).toBeGreaterThan(50);
  });

  it.each([
    [['--instance', 'nobody-here', '-o', 'x'], 1, /WDPDK_E_NOT_FOUND/],
    [['-o', '-', '--json'], 2, /WDPDK_E_ARGUMENT/],
    [['--port', '0'], 2, /required option '-o, --out <file>'/],
    [['-o', 'x', '--match', 'udp'], 2, /JSON object/],
    [['-o', 'x', '--port', '77'], 2, /from 0 to 31/],
    [['-o', 'x', '--dst-port', '9-3'], 2, /a port, as 53, or a range/],
  ])('%j is refused with %d', async (args, code, message) => {
    const { exitCode, stderr } = await wdpdk(['capture', ...args]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(code);
  });

  it('overwrites no file when it is refused, and says what to do about one that cannot be', async () => {
    const { instance } = await start({ ports: [quiet(0)] });
    const file = path.join(tempDir(), 'kept.pcapng');
    fs.writeFileSync(file, 'what was there');
    const refused = await wdpdk(['capture', '--instance', instance, '-o', file, '--match', '{"dstport":53}']);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('dstport: unknown key') });
    expect(fs.readFileSync(file, 'utf8')).toBe('what was there');
    const nowhere = path.join(path.dirname(file), 'nowhere', 'x.pcapng');
    const { exitCode, stderr } = await wdpdk(['capture', '--instance', instance, '-o', nowhere]);
    expect(exitCode).toBe(1);
    expect(stderr.split('\n').at(-1)).toMatch(/^wdpdk: ENOENT: .*nowhere.*\. Correct the path$/);
  });

  it('names the ports there are', async () => {
    const dataplane = await start({ ports: [quiet(0)] });
    const { exitCode, stderr } = await wdpdk(['capture', '--instance', dataplane.instance, '--port', '3', '-o', 'x']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/has no port 3\. It has ports 0 \(net_null0\) \[WDPDK_E_NOT_FOUND\]/);
  });
});
