// SPDX-License-Identifier: BSD-3-Clause
// `wdpdk extcap`, asked as Wireshark asks: by hand on every bed, and by tshark itself where there is one.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { decodeCapture } from 'wdpdk/capture';
import { system, tempDir } from './support/bed.ts';
import { mixedPcap } from './support/captures.ts';
import { begin, cliFile, quiet, start, wdpdk } from './support/cli.ts';
import { waitForCount } from './support/wait.ts';

const traffic = () => start({ ports: [{ pcap: { rx: mixedPcap, loop: true, pps: 2000 } }, quiet(1)] });

const lines = async (...args: string[]): Promise<string[]> => {
  const { exitCode, stdout, stderr } = await wdpdk(['extcap', ...args]);
  expect(exitCode, stderr).toBe(0);
  return stdout.split('\n').filter((line) => line !== '');
};

/** The reading end of the pipe that Wireshark makes, and what came out of it. */
async function pipe(): Promise<{ file: string; bytes: Promise<Buffer>; close(): void }> {
  if (system === 'windows') {
    const file = `\\\\.\\pipe\\wdpdk-test-${process.pid}`;
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(file, resolve));
    const bytes = new Promise<net.Socket>((resolve) => server.once('connection', resolve)).then(buffer);
    return { file, bytes, close: () => server.close() };
  }
  const file = path.join(tempDir(), 'fifo');
  await execa('mkfifo', [file]);
  return { file, bytes: buffer(fs.createReadStream(file)), close: () => undefined };
}

describe('wdpdk extcap', () => {
  it('lists the ports of running dataplanes, and passes over dead ones', async () => {
    const dataplane = await traffic();
    const listed = await lines('--extcap-interfaces', '--extcap-version=4.0');
    expect(listed[0]).toMatch(/^extcap \{version=\d+\.\d+\.\d+\}/);
    const ours = listed.filter((line) => line.includes(`wdpdk-${dataplane.instance}-`));
    expect(ours).toEqual([
      `interface {value=wdpdk-${dataplane.instance}-0}{display=wdpdk ${dataplane.instance} port 0: net_pcap0 (net_pcap)}`,
      `interface {value=wdpdk-${dataplane.instance}-1}{display=wdpdk ${dataplane.instance} port 1: net_null1 (net_null)}`,
    ]);
    await dataplane.close();
    expect((await lines('--extcap-interfaces')).join()).not.toContain(dataplane.instance);
  });

  it('describes an interface', async () => {
    const dlts = await lines('--extcap-dlts', '--extcap-interface', 'wdpdk-x-0');
    expect(dlts).toEqual(['dlt {number=1}{name=EN10MB}{display=Ethernet}']);
    const config = await lines('--extcap-config', '--extcap-interface', 'wdpdk-x-0');
    expect(config.filter((line) => line.startsWith('arg '))).toHaveLength(3);
    // A brace too many would end a value.
    for (const line of config) expect(line).toMatch(/^(arg|value) (\{[^{}]+\})+$/);
    const filter = await lines('--extcap-interface', 'wdpdk-x-0', '--extcap-capture-filter', 'tcp');
    expect(filter.join()).toMatch(/no capture filters/);
    const { exitCode, stderr } = await wdpdk(['extcap', '--extcap-dlts', '--extcap-interface', 'eth0']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("'eth0' is no interface of wdpdk")]);
  });

  it('captures into a pipe until the reader goes', async () => {
    const dataplane = await traffic();
    const { file, bytes, close } = await pipe();
    const name = `wdpdk-${dataplane.instance}-0`;
    const args = ['extcap', '--capture', '--extcap-interface', name, '--fifo', file, '--extcap-capture-filter', ''];
    const { child } = begin([...args, '--match', '{"proto":"udp"}']);
    const observer = await dataplane.attach({ want: ['observe'] });
    await waitForCount(() => observer.stats().ports[0]!.mirror.delivered, 100, { what: 'captured frames' });
    await observer.close();
    await dataplane.close();
    const captured = await bytes;
    await child;
    close();
    let n = 0;
    for await (const { bytes: frame } of decodeCapture([captured])) {
      expect(frame.length).toBeGreaterThan(0);
      n++;
    }
    expect(n).toBeGreaterThan(20);
  });

  it('puts a launcher where it is told', async () => {
    const folder = path.join(tempDir(), 'a folder, of mine');
    const { exitCode, stderr } = await wdpdk(['extcap', '--install', '--folder', folder]);
    expect(exitCode, stderr).toBe(0);
    const [file] = fs.readdirSync(folder);
    expect(file).toBe(system === 'windows' ? 'wdpdk.bat' : 'wdpdk');
    const { stdout } = await wdpdk(['extcap', '--print-launcher']);
    expect(fs.readFileSync(path.join(folder, file!), 'utf8').trim()).toBe(stdout.trim());
  });

  it('shows its ports to tshark, which captures from one', async () => {
    const dataplane = await traffic();
    // A home of its own: the launcher goes where this tshark looks, whichever release it is.
    const home = tempDir();
    const env = { HOME: home, XDG_CONFIG_HOME: path.join(home, '.config') };
    await execa(process.execPath, [cliFile, 'extcap', '--install'], { env });
    const name = `wdpdk-${dataplane.instance}-0`;
    const { stdout } = await execa('tshark', ['-D'], { env });
    expect(stdout).toContain(`${name} (wdpdk ${dataplane.instance} port 0: net_pcap0 (net_pcap))`);
    const fields = ['-T', 'fields', '-e', 'frame.interface_name', '-e', 'eth.type'];
    const shown = await execa('tshark', ['-i', name, '-c', '50', ...fields], { env });
    const rows = shown.stdout.split('\n').map((line) => line.split('\t'));
    expect(rows).toHaveLength(50);
    expect(rows.filter(([, type]) => type === '0x0800' || type === '0x86dd').length).toBeGreaterThan(20);
  });
});
