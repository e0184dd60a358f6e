// SPDX-License-Identifier: BSD-3-Clause
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { escapePath, portArguments } from './devargs.ts';
import { findExecutable } from './executable.ts';
import { commandLine, launch } from './launch.ts';

const coded = (code: string) => expect.objectContaining({ code });

describe('the command line', () => {
  test('puts EAL arguments before and our own behind the dashes', () => {
    const line = commandLine(
      {
        instance: 'x',
        lcores: '0,2',
        idle: 'poll',
        ports: [{ null: true }],
        eal: ['--no-huge'],
        args: ['--seconds=2'],
      },
      'c.json',
    );
    const dashes = line.indexOf('--');
    expect(line.slice(0, dashes)).toEqual(['-l', '0,2', '--no-pci', '--vdev=net_null0', '--no-huge']);
    expect(line.slice(dashes + 1).join(' ')).toMatch(/^--instance x .*--idle poll --config c\.json --seconds=2$/);
  });
  test('writes ports in order, file names whole', () => {
    expect(
      portArguments([
        { pcap: { rx: 'a,b 100%.pcap', loop: true } },
        { pcap: { tx: 'C:\\out.pcap' } },
        { null: true },
        { devargs: 'net_null9,size=9' },
      ]),
    ).toEqual([
      '--no-pci',
      '--vdev=net_pcap0,rx_pcap=a%2Cb 100%25.pcap,infinite_rx=1',
      '--vdev=net_pcap1,tx_pcap=C:\\out.pcap',
      '--vdev=net_null2',
      '--vdev=net_null9,size=9',
    ]);
    expect(escapePath('%2C,')).toBe('%252C%2C');
  });
});

describe('the executable', () => {
  test('is named by WDPDK_DATAPLANE_PATH, and a wrong name is told', async () => {
    expect(findExecutable({ WDPDK_DATAPLANE_PATH: process.execPath })).toBe(process.execPath);
    expect(() => findExecutable({ WDPDK_DATAPLANE_PATH: '/no/such/file' })).toThrow(coded('WDPDK_E_NO_BINARY'));
    await expect(launch({ executable: '/no/such/file' })).rejects.toThrow(coded('WDPDK_E_NO_BINARY'));
    await expect(launch({ instance: 'a b' })).rejects.toThrow(coded('WDPDK_E_ARGUMENT'));
  });
});

// A script with a first line that names its interpreter is no program on Windows.
describe('launch', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'wdpdk-launch-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** A program that plays the dataplane's part of the agreement. */
  function program(body: string): string {
    const file = path.join(directory, 'dataplane');
    writeFileSync(file, `#!${process.execPath}\n${body}`);
    chmodSync(file, 0o755);
    return file;
  }
  const READY = `console.log(JSON.stringify({ event: 'ready', instance: 'x', pid: process.pid, endpoint: '/x.sock' }));`;
  const UNTIL_STDIN = `process.stdin.resume().on('end', () => { console.error('ended'); process.exit(3); });`;

  test('waits for readiness, and the end of stdin ends it', async () => {
    const executable = program(`console.log('EAL: chatter'); setTimeout(() => { ${READY} }, 30); ${UNTIL_STDIN}`);
    const dataplane = await launch({ executable });
    expect(dataplane).toMatchObject({ instance: 'x', endpoint: '/x.sock' });
    expect(await dataplane.close()).toMatchObject({ code: 3, stderrTail: 'ended\n' });
  });

  test('hands the forwarding over in a file that is gone afterwards', async () => {
    const copy = path.join(directory, 'seen.json');
    const executable = program(`
      const fs = require('node:fs');
      const file = process.argv[process.argv.indexOf('--config') + 1];
      fs.writeFileSync('${copy}', JSON.stringify({ file, mode: fs.statSync(file).mode & 0o77, text: fs.readFileSync(file, 'utf8') }));
      ${READY} ${UNTIL_STDIN}`);
    const forwarding = { ports: { 0: { mode: 'l3fwd' } }, routes: [{ to: '0.0.0.0/0', via: 1 }] } as const;
    await using dataplane = await launch({ executable, forwarding });
    expect(dataplane.pid).toBeGreaterThan(0);
    const seen = JSON.parse(readFileSync(copy, 'utf8')) as { file: string; text: string };
    expect(JSON.parse(seen.text)).toEqual({
      forwarding: { ports: { '0': { mode: 'l3fwd' } }, routes: forwarding.routes },
    });
    expect(existsSync(seen.file)).toBe(false);
  });

  test("passes the dataplane's own words through when it fails", async () => {
    const executable = program(`console.error('port 0: no such file nothing.pcap'); process.exit(1);`);
    await expect(launch({ executable })).rejects.toThrow(/exited with code 1:\nport 0: no such file nothing\.pcap/);
    await expect(launch({ executable })).rejects.toThrow(coded('WDPDK_E_LAUNCH'));
  });

  test('names a program that is not there', async () => {
    const executable = path.join(directory, 'nothing-here.exe');
    await expect(launch({ executable })).rejects.toThrow(coded('WDPDK_E_NO_BINARY'));
  });

  test('gives up in time and on abort, and leaves nothing running', async () => {
    const file = path.join(directory, 'pid');
    const executable = program(
      `require('node:fs').writeFileSync('${file}', String(process.pid)); setInterval(() => {}, 1000);`,
    );
    await expect(launch({ executable, timeoutMs: 500 })).rejects.toThrow(/not ready within 500 ms/);
    const gone = async (pid: number) => {
      await expect.poll(() => alive(pid)).toBe(false);
    };
    await gone(Number(readFileSync(file, 'utf8')));
    const reason = new Error('enough');
    const stop = new AbortController();
    setTimeout(() => stop.abort(reason), 300);
    await expect(launch({ executable, signal: stop.signal })).rejects.toBe(reason);
    await gone(Number(readFileSync(file, 'utf8')));
  });

  test('hears an abort that comes before the program runs', async () => {
    const stop = new AbortController();
    const launching = launch({ executable: program(`${READY} ${UNTIL_STDIN}`), signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(launching).rejects.toThrow('enough');
  });

  test('kills one that does not listen', async () => {
    const executable = program(`${READY} setInterval(() => {}, 1000);`);
    const dataplane = await launch({ executable });
    expect(await dataplane.close({ timeoutMs: 50 })).toMatchObject({ code: null, signal: 'SIGKILL' });
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
