// SPDX-License-Identifier: BSD-3-Clause
// The whole Windows path: TypeScript clients in node.exe, the dataplane, its i40e driver, wdpdkuio.sys, a card. Only the card is played.
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WdpdkError } from 'wdpdk';
import { openXl710 } from 'wdpdk/testing';
import { dataplanePath, imageKind, tempDir } from '../support/bed.ts';
import { l3fwdVerdict } from '../support/l3fwd-oracle.ts';
import { writePcap } from '../support/pcap.ts';
import { checkBalance, type Summary } from '../support/summary.ts';
import {
  UioBus,
  busLog,
  callingProgram,
  chain,
  drive,
  filesOf,
  launchOn,
  openNativeCard,
  setup,
  setupProgram,
} from '../support/uio-chain.ts';
import { driverStatus } from '../support/uio-driver.ts';
import { waitFor } from '../support/wait.ts';
import { flow, frameOf, readPcap } from '../support/xl710-frames.ts';

const station = (port: number): Buffer => Buffer.from(`02584c37100${port}`, 'hex');
const routes = [
  { to: '0.0.0.0/0', via: 1 },
  { to: '::/0', via: 1 },
] as const;
const toPort1 = { ports: { 0: { mode: 'l3fwd' }, 1: { mode: 'drop' } }, routes } as const;
/** So that the dataplane sends by port 0, too. */
const bothWays = { ports: { 0: { mode: 'l3fwd' }, 1: { mode: 'io', to: 0 } }, routes } as const;
const lengths = [60, 60, 60, 590, 1514];
const frames = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, n) => frameOf(flow(n * 4), station(0), lengths[n % lengths.length]!, n));

let bus: UioBus;

beforeAll(async () => {
  for (const program of [process.execPath, dataplanePath, setupProgram]) expect(imageKind(program), program).toBe('PE');
  const card = await openXl710();
  bus = await UioBus.open(filesOf(card));
  await bus.unplug();
  await card.close();
}, 210_000);

afterAll(async () => {
  await bus?.close();
}, 120_000);

describe('the dataplane on wdpdkuio.sys', () => {
  it('forwards, shows and injects frames, each once and with its contents', async () => {
    const dir = tempDir();
    const [input, output] = [path.join(dir, 'in.pcap'), path.join(dir, 'out.pcap')];
    const sent = frames(1000);
    const own = Array.from({ length: 64 }, (_, n) => frameOf(flow(n * 4), station(7), 60, 5000 + n));
    writePcap(input, sent);
    const { card, dataplane, interfaces, end } = await chain(
      bus,
      { wires: [`pcap:${input},pps=5000`, `pcap:,${output}`] },
      toPort1,
    );
    expect(driverStatus(interfaces[0]!).ownerBytes).toBeGreaterThanOrEqual(128n << 20n);
    const client = await dataplane.attach({ name: 'chain', want: ['observe', 'receive', 'transmit'] });
    const ports = await client.ports();
    expect(ports.map(({ driver }) => driver)).toEqual(['net_i40e', 'net_i40e']);
    const rx = await client.openRx({ port: 0, slots: 4096 });
    const tx = await client.openTx({ port: 1 });
    const seen: string[] = [];
    const receiving = rx.run((burst) => {
      for (const packet of burst) seen.push(packet.copy().toString());
    });
    receiving.catch(() => {});
    card.cable(1, 'in');
    card.cable(0, 'in');
    await waitFor(() => client.stats().ports[1]!.tx.packets >= BigInt(sent.length), { what: 'all to be forwarded' });
    for (const frame of own) while (!tx.sendFrame(frame)) await tx.writable();
    await tx.flush();
    await waitFor(() => client.stats().ports[1]!.tx.packets >= BigInt(sent.length + own.length), {
      what: 'ours to leave',
    });
    await waitFor(() => seen.length >= sent.length, { what: 'all to be shown' });
    await client.close();
    const { summary } = await end();
    checkBalance(summary as unknown as Summary);
    expect(seen.length).toBe(sent.length);
    // By the lcore that forwards and by the one that injects: in order each, and between each other as it comes.
    const written = readPcap(output);
    const isOwn = (frame: Buffer): boolean => frame.subarray(6, 12).equals(own[0]!.subarray(6, 12));
    const forwarded = written.filter((frame) => !isOwn(frame));
    expect(forwarded.length).toBe(sent.length);
    for (const [n, frame] of sent.entries()) {
      const verdict = l3fwdVerdict(frame);
      if (!verdict.forward) throw new Error(`frame ${n} is none to forward: ${verdict.cause}`);
      const bytes = Buffer.from(forwarded[n]!);
      expect(bytes.toString('hex', 6, 12), `source of frame ${n}`).toBe(station(1).toString('hex'));
      bytes.fill(0, 0, 12);
      if (!bytes.equals(verdict.bytes)) expect(bytes.toString('hex'), `frame ${n}`).toBe(verdict.bytes.toString('hex'));
    }
    expect(written.filter(isOwn).map((frame) => frame.toString('hex'))).toEqual(
      own.map((frame) => frame.toString('hex')),
    );
  });

  it('is driven as well when a native program plays the card', async () => {
    const { dataplane, end } = await drive(bus, await openNativeCard(['generator', 'sink'], 60), toPort1);
    const client = await dataplane.attach({ name: 'native', want: ['observe'] });
    await waitFor(() => client.stats().ports[1]!.tx.packets > 10_000n, { what: 'traffic' });
    await client.close();
    const { code, summary } = await end();
    expect(code).toBe(0);
    checkBalance(summary as unknown as Summary);
  });

  /** Requests of the driver, of both cards together, while so many frames leave by port 1. */
  async function callsFor(frames: bigint, executable?: string): Promise<bigint> {
    const { card, dataplane, interfaces } = await chain(bus, { wires: ['generator', 'sink'] }, toPort1, executable);
    const client = await dataplane.attach({ name: 'calls', want: ['observe'] });
    card.cable(1, 'in');
    card.cable(0, 'in');
    const forwarded = (): bigint => client.stats().ports[1]!.tx.packets;
    const calls = (): bigint => interfaces.reduce((sum, name) => sum + driverStatus(name).calls, 0n);
    await waitFor(() => forwarded() > 1000n, { what: 'traffic' });
    const before = calls();
    const until = forwarded() + frames;
    await waitFor(() => forwarded() > until, { what: 'more of it' });
    const made = calls() - before;
    await client.close();
    return made;
  }

  it('makes no request of the driver while packets are moved', async () => {
    expect(await callsFor(20_000n)).toBe(0n);
  });

  it('is seen to make them when an lcore does', async () => {
    expect(await callsFor(1000n, callingProgram)).toBeGreaterThanOrEqual(1000n / 32n);
  });

  it('ends the queues at a card that is taken out, with a code, and goes on', async () => {
    const { card, dataplane } = await chain(bus, { wires: ['generator', 'generator'] }, bothWays);
    const client = await dataplane.attach({ name: 'removal', want: ['observe', 'receive'] });
    card.cable(1, 'in');
    card.cable(0, 'in');
    const [rx, other] = [await client.openRx({ port: 0 }), await client.openRx({ port: 1 })];
    let [received, elsewhere] = [0, 0];
    const receiving = rx.run((burst) => void (received += burst.length));
    const going = other.run((burst) => void (elsewhere += burst.length));
    going.catch(() => {});
    const outcome = receiving.then(
      () => 'ended',
      (error: unknown) => error,
    );
    await waitFor(() => received > 100 && elsewhere > 100, { what: 'traffic' });
    await setup('unplug', '0');
    const error = await outcome;
    expect(WdpdkError.is(error, 'WDPDK_E_DEVICE_REMOVED'), String(error)).toBe(true);
    await expect(client.openRx({ port: 0 })).rejects.toMatchObject({ code: 'WDPDK_E_DEVICE_REMOVED' });
    await waitFor(async () => !(await client.ports())[0]!.linkUp, { what: 'the link to be down' });
    // Half a second later the registers are gone, under whoever still writes there.
    await waitFor(
      async () => {
        const log = (await busLog()).filter(({ device }) => device === 0).map(({ op }) => op);
        return log.lastIndexOf('bar-unmap') > log.lastIndexOf('unplug');
      },
      { what: 'the registers to be gone' },
    );
    const then = elsewhere;
    await waitFor(() => elsewhere > then + 5000, { what: 'frames for that port' });
    await client.close();
    const { code } = await dataplane.close();
    expect(code).toBe(0);
  });

  it('leaves cards that can be opened again when it is killed', async () => {
    const { card, dataplane, interfaces, ports } = await chain(bus, { wires: ['generator', 'sink'] }, toPort1);
    const client = await dataplane.attach({ name: 'victim', want: ['observe'] });
    card.cable(1, 'in');
    card.cable(0, 'in');
    await waitFor(() => client.stats().ports[1]!.tx.packets > 100n, { what: 'traffic' });
    process.kill(dataplane.pid, 'SIGKILL');
    await dataplane.exited.catch(() => {});
    await waitFor(() => driverStatus(interfaces[0]!).owner === 0n && driverStatus(interfaces[1]!).owner === 0n, {
      what: 'the driver to see the end',
    });
    for (const name of interfaces) {
      const status = driverStatus(name);
      expect(status.ownerBytes).toBe(0n);
      expect(status.quarantinedBytes).toBe(0n);
    }
    const again = await launchOn(ports, toPort1);
    const observer = await again.attach({ name: 'again', want: ['observe'] });
    await waitFor(() => observer.stats().ports[1]!.tx.packets > 100n, { what: 'traffic again' });
    await observer.close();
    const { code } = await again.close();
    expect(code).toBe(0);
  });
});
