// SPDX-License-Identifier: BSD-3-Clause
// However a dataplane is asked to end, it forwards what it has, flushes its files, tells its clients and exits with 0.
import path from 'node:path';
import { execa } from 'execa';
import { attach, WdpdkError } from 'wdpdk';
import { describe, expect, it } from 'vitest';
import { dataplanePath, tempDir } from './support/bed.ts';
import { readPcap } from './support/captures.ts';
import { udpFrame } from './programs/frames.mjs';
import { writePcap } from './support/pcap.ts';
import { checkBalance, type Summary } from './support/summary.ts';
import { waitForCount } from './support/wait.ts';

async function ends(
  how: (child: { kill(signal: NodeJS.Signals): boolean; stdin: { end(): void } }) => void,
): Promise<void> {
  const dir = tempDir();
  const [rx, tx] = [path.join(dir, 'in.pcap'), path.join(dir, 'out.pcap')];
  writePcap(
    rx,
    Array.from({ length: 10 }, (_, n) => udpFrame(n, 100)),
  );
  const instance = `ending-${process.pid}`;
  const vdevs = ['--vdev', `net_pcap0,rx_pcap=${rx},infinite_rx=1,rx_pps=20000`, '--vdev', `net_pcap1,tx_pcap=${tx}`];
  const options = [
    '--instance',
    instance,
    '--forward',
    'l3fwd',
    '--route',
    '0.0.0.0/0=1',
    '--idle',
    'adaptive',
    '--json',
    '--json-ready',
  ];
  const child = execa(dataplanePath, ['-l', '0', '--no-huge', '-m', '128', ...vdevs, '--', ...options], {
    reject: false,
    stdin: 'pipe',
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const client = await attach({ instance });
  const queue = await client.openRx({ port: 0, match: { dst: '192.0.2.1/32' } });
  const waiting = queue.run(() => {}).catch((error: unknown) => error);
  await waitForCount(() => client.stats().ports[1]!.tx.packets, 1000);
  how(child);
  const { exitCode, stdout, stderr } = await child;
  expect(exitCode, stderr).toBe(0);
  expect(WdpdkError.is(await waiting, 'WDPDK_E_GONE')).toBe(true);
  await client.close();
  const summary = JSON.parse(stdout.trim().split('\n').at(-1)!) as Summary;
  checkBalance(summary);
  expect(readPcap(tx).length, 'frames in the file, to the last').toBe(summary.ports[1]!.tx.packets);
  expect(summary.ports[1]!.tx.packets).toBeGreaterThanOrEqual(1000);
}

describe('a dataplane ends in order', () => {
  it('when the stdin it inherited closes', () => ends((child) => child.stdin.end()));
  it('on SIGINT', () => ends((child) => child.kill('SIGINT')));
  it('on SIGTERM', () => ends((child) => child.kill('SIGTERM')));
});

describe('--help and --version', () => {
  it.each([
    [['--help'], /--forward[\s\S]*--vdev[\s\S]*Examples/],
    [['--version'], /^wdpdk-dataplane \d+\.\d+\.\d+/],
    [['--', '--help'], /--route/],
  ])('%j', async (args, words) => {
    const { exitCode, stdout } = await execa(dataplanePath, args, { stdin: 'ignore' });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(words);
  });
});
