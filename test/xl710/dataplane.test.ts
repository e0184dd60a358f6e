// SPDX-License-Identifier: BSD-3-Clause
// The whole chain on emulated hardware: the device model's wire, our i40e driver, the dataplane, clients.
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Dataplane, type Forwarding, launch } from 'wdpdk';
import { type Xl710, type Xl710Options, openXl710 } from 'wdpdk/testing';
import { imageKind, root, system, tempDir } from '../support/bed.ts';
import { l3fwdVerdict } from '../support/l3fwd-oracle.ts';
import { writePcap } from '../support/pcap.ts';
import { checkBalance, type Summary } from '../support/summary.ts';
import { waitFor } from '../support/wait.ts';
import { flow, frameOf, readPcap } from '../support/xl710-frames.ts';

interface Chain {
  readonly card: Xl710;
  readonly dataplane: Dataplane;
}

let chains = 0;

/** A card with its cables out, and a dataplane on its ports. */
async function chain(options: Xl710Options, forwarding: Forwarding): Promise<Chain> {
  const card = await openXl710({ cables: 'out', ...options });
  onTestFinished(async () => void (await card.close()));
  const instance = `xl710-${process.pid}-${chains++}`;
  const dataplane = await launch({ instance, ports: card.ports, forwarding, eal: ['-m', '256'] });
  onTestFinished(async () => void (await dataplane.close()));
  return { card, dataplane };
}

const station = (port: number): Buffer => Buffer.from(`02584c37100${port}`, 'hex');
const routes = [
  { to: '0.0.0.0/0', via: 1 },
  { to: '::/0', via: 1 },
] as const;
/** Lengths without FCS, as captures have them. */
const imix = [60, 60, 60, 60, 60, 60, 60, 590, 590, 590, 590, 1514];
/** Flow n of those whose shortest frame has room in 60 bytes. */
const shortFlow = (n: number) => flow(n * 4);

describe('l3fwd between two XL710 ports', () => {
  it.each([
    ['64', [60]],
    ['128', [124]],
    ['256', [252]],
    ['1518', [1514]],
    ['IMIX', imix],
  ])('forwards frames of %s bytes, each once, in order and with its contents', async (_, lengths) => {
    const dir = tempDir();
    const [input, output] = [path.join(dir, 'in.pcap'), path.join(dir, 'out.pcap')];
    const frames = Array.from({ length: 2000 }, (__, n) =>
      frameOf(shortFlow(n), station(0), lengths[n % lengths.length]!, n),
    );
    writePcap(input, frames);
    const { card, dataplane } = await chain(
      { wires: [`pcap:${input},pps=20000`, `pcap:,${output}`] },
      { ports: { 0: { mode: 'l3fwd' }, 1: { mode: 'drop' } }, routes },
    );
    const client = await dataplane.attach({ name: 'counts', want: ['observe'] });
    card.cable(1, 'in');
    card.cable(0, 'in');
    await waitFor(() => client.stats().ports[1]!.tx.packets >= BigInt(frames.length), { what: 'all to be forwarded' });
    await client.close();
    const { summary } = await dataplane.close();
    checkBalance(summary as unknown as Summary);
    await card.close();
    const expected = frames.map((frame) => l3fwdVerdict(frame));
    const written = readPcap(output);
    expect(written.length).toBe(frames.length);
    for (const [n, frame] of written.entries()) {
      const verdict = expected[n]!;
      if (!verdict.forward) throw new Error(`frame ${n} is none to forward: ${verdict.cause}`);
      const bytes = Buffer.from(frame);
      expect(bytes.toString('hex', 6, 12), `source of frame ${n}`).toBe(station(1).toString('hex'));
      bytes.fill(0, 0, 12);
      if (!bytes.equals(verdict.bytes)) expect(bytes.toString('hex'), `frame ${n}`).toBe(verdict.bytes.toString('hex'));
    }
  });
});

describe('the demo on an emulated XL710', () => {
  it('ends by itself with a summary that balances and names the card', async () => {
    if (system === 'windows') expect(imageKind(process.execPath)).toBe('PE');
    const cli = path.join(root, 'ts-client/dist/cli/main.js');
    const args = ['start', '--xl710', '--seconds', '2', '--json', '--instance', `xl710-demo-${process.pid}`];
    const { stdout, stderr, exitCode } = await execa(process.execPath, [cli, ...args], {
      reject: false,
      stdin: 'ignore',
    });
    expect(exitCode, stderr).toBe(0);
    const summary = JSON.parse(stdout.trim().split('\n').at(-1)!) as Summary & { nic?: string };
    checkBalance(summary);
    expect(summary.nic).toBe('xl710-model');
    const ports = summary.ports as unknown as { name: string }[];
    expect(ports.map(({ name }) => name)).toEqual(['pci_model0', 'pci_model1']);
    expect(summary.ports[0]!.rx.packets).toBeGreaterThan(1000);
    expect(summary.ports[1]!.tx.packets).toBeGreaterThan(1000);
    const receiver = summary.clients.find(({ name }) => name === 'demo-receive')!;
    expect(receiver.queues[0]!.delivered.packets).toBeGreaterThan(100);
  });
});

describe('a dataplane', () => {
  it('numbers the ports of cards before all others', async () => {
    const card = await openXl710({ ports: 1 });
    onTestFinished(async () => void (await card.close()));
    const instance = `xl710-${process.pid}-${chains++}`;
    const ports = [...card.ports, { wire: 'w' }, { wire: 'w' }];
    const dataplane = await launch({ instance, ports, eal: ['-m', '128'] });
    onTestFinished(async () => void (await dataplane.close()));
    const { summary } = await dataplane.close();
    expect(summary!.ports.map(({ name }) => name)).toEqual(['pci_model0', 'net_ring1', 'net_ring2']);
  });
});

describe('openXl710', () => {
  it('refuses a number of ports or wires that no card has, and a program that is not there', async () => {
    await expect(openXl710({ ports: 5 })).rejects.toThrow(/1 to 4 ports, not 5/);
    await expect(openXl710({ ports: 3, wires: ['sink'] })).rejects.toThrow(/1 wires cannot lead to 3 ports/);
    await expect(openXl710({ executable: path.join(tempDir(), 'none') })).rejects.toMatchObject({
      code: 'WDPDK_E_NO_BINARY',
    });
  });

  it('says what the model says when it does not come up', async () => {
    await expect(openXl710({ wires: ['nonsense', 'sink'] })).rejects.toMatchObject({
      code: 'WDPDK_E_LAUNCH',
      message: expect.stringContaining('nonsense') as string,
    });
  });
});
