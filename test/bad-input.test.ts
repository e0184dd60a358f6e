// SPDX-License-Identifier: BSD-3-Clause
// Every message that names what is wrong, with what, and what to do. The executable is run by itself, as a user would.
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { dataplanePath, tempDir } from './support/bed.ts';
import { udpFrame } from './programs/frames.mjs';
import { writePcap } from './support/pcap.ts';

const eal = ['-l', '0', '--no-huge', '-m', '64', '--no-pci'];
const nullPort = ['--vdev', 'net_null0'];

async function refused(args: string[]): Promise<string> {
  const { exitCode, stderr, stdout } = await execa(dataplanePath, args, {
    reject: false,
    stdin: 'ignore',
    timeout: 20_000,
  });
  expect(exitCode, `exit code of ${args.join(' ')}\n${stdout}\n${stderr}`).toBeGreaterThan(0);
  expect(exitCode, 'ended by itself, not by a signal or a crash').toBeLessThan(128);
  return stderr;
}

const capture = (name: string, content: Uint8Array): string => {
  const file = path.join(tempDir(), name);
  fs.writeFileSync(file, content);
  return file;
};

function goodCapture(): Buffer {
  const file = path.join(tempDir(), 'good.pcap');
  writePcap(
    file,
    Array.from({ length: 4 }, (_, n) => udpFrame(n, 100)),
  );
  return fs.readFileSync(file);
}

describe('captures', () => {
  const rx = (file: string): string[] => [
    ...eal,
    '--vdev',
    `net_pcap0,rx_pcap=${file}`,
    '--',
    '--no-control',
    '--stop-at-end',
  ];

  it('missing', async () => {
    const words = await refused(rx(path.join(tempDir(), 'nowhere.pcap')));
    expect(words).toContain('nowhere.pcap');
    expect(words).toMatch(/no such file|does not exist|not found/i);
  });

  it('empty', async () => {
    expect(await refused(rx(capture('empty.pcap', new Uint8Array())))).toContain('empty.pcap');
  });

  it('truncated within a frame', async () => {
    const words = await refused(rx(capture('short.pcap', goodCapture().subarray(0, -10))));
    expect(words).toContain('short.pcap');
    expect(words).toMatch(/cut, \d+ of \d+ bytes/);
  });

  it('garbage', async () => {
    const words = await refused(rx(capture('garbage.pcap', Buffer.alloc(4096, 'wdpdk'))));
    expect(words).toContain('garbage.pcap');
    expect(words).toMatch(/pcap/i);
  });
});

describe('arguments', () => {
  it('an unknown vdev is named, with those there are', async () => {
    const words = await refused([...eal, '--vdev', 'net_nonsense0', '--', '--no-control']);
    expect(words).toContain('net_nonsense0');
    expect(words).toContain('net_pcap');
  });

  it('an unknown argument of a vdev is named, with those it takes', async () => {
    const words = await refused([...eal, '--vdev', 'net_null0,colour=blue', '--', '--no-control']);
    expect(words).toContain('colour');
    expect(words).toContain('size');
  });

  it.each([
    ['--frobnicate', /frobnicate/],
    ['--forward=sideways', /sideways[\s\S]*l3fwd/],
    ['--route=10.0.0.0/8', /10\.0\.0\.0\/8/],
    ['--route=10.0.0.0/33=0', /10\.0\.0\.0\/33/],
    ['--route=10.0.0.0/8=7', /\b7\b/],
    ['--idle=never', /never[\s\S]*adaptive/],
    ['--seconds=soon', /soon/],
  ])('%s', async (option, message) => {
    expect(await refused([...eal, ...nullPort, '--', '--no-control', option])).toMatch(message);
  });

  it('an lcore out of range is named, with the CPUs there are', async () => {
    expect(await refused(['-l', '999', '--no-huge', ...nullPort, '--', '--no-control'])).toContain('999');
  });

  it('no port at all is refused with an example', async () => {
    expect(await refused([...eal, '--', '--no-control'])).toContain('--vdev');
  });

  it('an instance that is in use', async () => {
    const instance = `twice-${process.pid}`;
    const first = execa(
      dataplanePath,
      [...eal, ...nullPort, '--', '--instance', instance, '--json-ready', '--idle', 'adaptive'],
      { reject: false },
    );
    try {
      await new Promise((resolve) => first.stdout.once('data', resolve));
      const words = await refused([...eal, ...nullPort, '--', '--instance', instance]);
      expect(words).toContain(instance);
      expect(words).toMatch(/is running/);
    } finally {
      first.stdin.end();
      expect((await first).exitCode, 'ends cleanly when its stdin closes').toBe(0);
    }
  });

  it('a run folder that somebody else could write to', async () => {
    const dir = tempDir();
    fs.mkdirSync(path.join(dir, 'wdpdk'), { mode: 0o777 });
    fs.chmodSync(path.join(dir, 'wdpdk'), 0o777);
    const { exitCode, stderr } = await execa(dataplanePath, [...eal, ...nullPort, '--', '--seconds', '1'], {
      reject: false,
      stdin: 'ignore',
      env: { XDG_RUNTIME_DIR: dir },
    });
    expect(exitCode).toBeGreaterThan(0);
    expect(stderr).toContain(path.join(dir, 'wdpdk'));
    expect(stderr).toMatch(/mode 0700/);
  });
});

describe('configuration files', () => {
  const configured = (text: string): string[] => [
    ...eal,
    ...nullPort,
    '--',
    '--no-control',
    '--config',
    capture('wdpdk.json', Buffer.from(text)),
  ];

  it('not JSON: line and column', async () => {
    expect(await refused(configured('{\n  "forwarding": nope\n}'))).toMatch(/wdpdk\.json[\s\S]*line 2/i);
  });

  it('every wrong field is named', async () => {
    const words = await refused(
      configured(
        `{"forwarding": {"ports": {"0": {"mode": "sideways"}, "9": {"mode": "drop"}},
          "routes": [{"to": "10.0.0.1/8", "via": 5}], "extra": 1}}`,
      ),
    );
    for (const part of ['ports.0', 'ports.9', 'routes', 'extra']) expect(words).toContain(part);
  });

  it('missing', async () => {
    expect(
      await refused([...eal, ...nullPort, '--', '--no-control', '--config', path.join(tempDir(), 'none.json')]),
    ).toContain('none.json');
  });
});
