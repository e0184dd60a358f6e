// SPDX-License-Identifier: BSD-3-Clause
// Generators, sinks and l2fwd, from outside: what a pktgen sends is judged by tshark and by a reader of our own, what a sink says
// about frames that were lost, doubled, displaced and damaged on purpose is compared with what was done to them.
import path from 'node:path';
import { execa } from 'execa';
import { launch, type Dataplane, type LaunchOptions, type Pktgen, type PortStats } from 'wdpdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempDir } from './support/bed.ts';
import { mixedPcap, readPcap } from './support/captures.ts';
import { writePcap } from './support/pcap.ts';
import { readStamped, tally } from './support/pktgen.ts';
import { checkBalance, type Summary } from './support/summary.ts';
import { waitForCount } from './support/wait.ts';

async function start(options: LaunchOptions): Promise<Dataplane> {
  const dataplane = await launch(options);
  onTestFinished(async () => void (await dataplane.close()));
  return dataplane;
}

async function balanced(dataplane: Dataplane): Promise<Summary> {
  const { summary, stderrTail } = await dataplane.close();
  expect(summary, stderrTail).toBeDefined();
  checkBalance(summary as unknown as Summary);
  return summary as unknown as Summary;
}

/** Frames of one generator, as a capture of its port has them. */
async function generated(pktgen: Omit<Pktgen, 'mode'>): Promise<{ file: string; frames: Buffer[] }> {
  const file = path.join(tempDir(), 'generated.pcap');
  const dataplane = await start({
    ports: [{ pcap: { tx: file } }],
    forwarding: { ports: { 0: { mode: 'pktgen', ...pktgen } } },
  });
  const client = await dataplane.attach({ want: ['observe'] });
  await waitForCount(() => client.stats().ports[0]!.tx.packets, pktgen.count!, { what: 'frames of the generator' });
  const summary = await balanced(dataplane);
  expect(summary.ports[0]!.generated.packets).toBe(pktgen.count);
  const frames = readPcap(file).map(({ data }) => data);
  expect(frames).toHaveLength(pktgen.count!);
  return { file, frames };
}

/** What the sink says when all of a capture has come. */
async function sunk(frames: readonly Uint8Array[]): Promise<PortStats> {
  const file = path.join(tempDir(), 'input.pcap');
  writePcap(file, frames);
  const dataplane = await start({
    hold: true,
    ports: [{ pcap: { rx: file } }],
    forwarding: { ports: { 0: { mode: 'sink' } } },
  });
  const client = await dataplane.attach({ want: ['observe', 'configure'] });
  await client.release();
  await waitForCount(() => client.stats().ports[0]!.sunk.packets, frames.length, { what: 'sunk frames' });
  const port = client.stats().ports[0]!;
  await balanced(dataplane);
  return port;
}

describe('a generator', () => {
  it.each<[string, Omit<Pktgen, 'mode'>, Record<number, number>]>([
    ['IPv4 flows of the shortest frames', { flows: 60, size: 64 }, { 60: 1200 }],
    ['IPv6 flows of long frames', { flows: 7, size: 1500, ip: 6 }, { 1496: 1200 }],
    ['an IMIX over IPv4', { flows: 24, size: 'imix' }, { 60: 700, 590: 400, 1514: 100 }],
    ['an IMIX over IPv6', { flows: 1, size: 'imix', ip: 6 }, { 80: 700, 590: 400, 1514: 100 }],
    ['a range of sources', { flows: 40, src: '10.1.2.0/28', dst: '10.9.0.1/32' }, { 60: 1200 }],
  ])('sends %s as it should', async (_, options, lengths) => {
    const { frames } = await generated({ ...options, count: 1200 });
    const read = frames.map(readStamped);
    const flows = options.flows!;
    expect(Object.fromEntries(tally(read.map(({ length }) => length)))).toEqual(lengths);
    expect(read.every((frame) => frame.ipv6 === (options.ip === 6))).toBe(true);
    // Flows take turns, each numbers its own frames, and no two look alike.
    expect(read.every(({ flow, sequence }, k) => sequence * flows + flow === k)).toBe(true);
    expect(tally(read.map(({ run }) => run)).size).toBe(1);
    const looks = tally(read.map(({ addresses, srcPort, dstPort }) => `${addresses} ${srcPort} ${dstPort}`));
    expect(looks.size).toBe(flows);
    expect(read.every(({ timeNs }, k) => k === 0 || timeNs >= read[k - 1]!.timeNs)).toBe(true);
  });

  it('is believed by tshark', async () => {
    for (const ip of [4, 6] as const) {
      const { file } = await generated({ flows: 50, size: 'imix', ip, count: 600 });
      const fields = ['frame.len', 'udp.checksum.status', 'ip.checksum.status', '_ws.malformed', 'udp.stream'];
      const check = ['-o', 'ip.check_checksum:TRUE', '-o', 'udp.check_checksum:TRUE'];
      const { stdout } = await execa('tshark', [
        ...['-r', file, '-n', ...check, '-T', 'fields'],
        ...fields.flatMap((field) => ['-e', field]),
      ]);
      const rows = stdout.split('\n').map((line) => line.split('\t'));
      const least = ip === 6 ? 80 : 60;
      expect(tally(rows.map(([length]) => Number(length)))).toEqual(
        new Map([
          [least, 350],
          [590, 200],
          [1514, 50],
        ]),
      );
      expect(tally(rows.map(([, udp, ipv4, malformed]) => `${udp} ${ipv4} ${malformed}`))).toEqual(
        new Map([[ip === 6 ? '1  ' : '1 1 ', 600]]),
      );
      expect(tally(rows.map((row) => row[4])).size).toBe(50);
    }
  });

  it('keeps its rate over seconds', async () => {
    const dataplane = await start({
      ports: [{ null: { rx: false } }, { null: { rx: false } }],
      forwarding: {
        ports: {
          0: { mode: 'pktgen', rate: { pps: 25_000 } },
          1: { mode: 'pktgen', rate: { bps: 40_000_000 }, size: 480 },
        },
      },
    });
    const client = await dataplane.attach({ want: ['observe'] });
    await waitForCount(() => client.stats().ports[1]!.generated.packets, 1, { what: 'a first frame' });
    const before = client.stats();
    await waitForCount(() => client.stats().ports[0]!.generated.packets - before.ports[0]!.generated.packets, 50_000);
    const after = client.stats();
    const seconds = Number(after.atNs - before.atNs) / 1e9;
    const sent = [0, 1].map((id) => after.ports[id]!.generated.packets - before.ports[id]!.generated.packets);
    expect(Number(sent[0]) / seconds / 25_000).toBeCloseTo(1, 1);
    expect((Number(sent[1]) / seconds / 40_000_000) * 500 * 8).toBeCloseTo(1, 1);
    await balanced(dataplane);
  });
});

describe('from generator to sink', () => {
  it.each<[string, Omit<Pktgen, 'mode'>, string]>([
    ['one flow, as fast as it goes, on one lcore', { count: 100_000 }, '0'],
    ['65,536 flows', { flows: 65_536, count: 200_000 }, '0'],
    ['an IMIX over IPv6', { flows: 100, size: 'imix', ip: 6, count: 50_000 }, '0'],
    ['a paced one between two lcores', { flows: 10, rate: { pps: 20_000 }, count: 10_000 }, '0-1'],
    ['one that ends by time', { flows: 3, rate: { pps: 10_000 }, seconds: 0.5 }, '0'],
  ])('%s: every frame comes, whole, in order, and is timed', async (_, options, lcores) => {
    const dataplane = await start({
      hold: true,
      lcores,
      ports: [{ wire: 'w' }, { wire: 'w' }],
      forwarding: { ports: { 0: { mode: 'pktgen', ...options }, 1: { mode: 'sink' } } },
    });
    const client = await dataplane.attach({ want: ['observe', 'configure'] });
    expect(client.stats().ports[0]!.generated.packets).toBe(0n);
    await client.release();
    const expected = options.count ?? 5000;
    await waitForCount(() => client.stats().ports[1]!.sunk.packets, expected, { timeoutMs: 30_000 });
    const { sink: found, latency } = client.stats().ports[1]!;
    const summary = await balanced(dataplane);
    const { generated: made, tx } = summary.ports[0]!;
    const sink = summary.ports[1]!;
    if (options.count) expect(tx.packets).toBe(options.count);
    else expect(tx.packets).toBe(5000);
    expect(made.packets).toBe(tx.packets + (summary.ports[0]!.dropped['tx_full'] ?? 0));
    expect(sink.sunk).toEqual(tx);
    expect(found).toEqual({ stamped: BigInt(tx.packets), lost: 0n, reordered: 0n, duplicates: 0n, corrupt: 0n });
    expect(latency.samples).toBe(BigInt(tx.packets));
    expect(latency.meanNs).toBeGreaterThan(0);
  });

  it('a change elsewhere leaves a generator alone; a change of its own starts a new series', async () => {
    const pktgen: Pktgen = { mode: 'pktgen', flows: 4, rate: { pps: 20_000 }, count: 6000 };
    const dataplane = await start({
      ports: [{ wire: 'w' }, { wire: 'w' }, { null: { rx: false } }],
      forwarding: { ports: { 0: pktgen, 1: { mode: 'sink' } } },
    });
    const client = await dataplane.attach({ want: ['observe', 'configure'] });
    for (let i = 0; i < 10; i++)
      await client.forwarding.set({
        ports: { 0: pktgen, 1: { mode: 'sink' }, 2: { mode: i % 2 === 0 ? 'drop' : 'sink' } },
      });
    await waitForCount(() => client.stats().ports[1]!.sunk.packets, 6000, { what: 'the first series' });
    await client.forwarding.set({ ports: { 0: { ...pktgen, count: 1000 }, 1: { mode: 'sink' } } });
    await waitForCount(() => client.stats().ports[1]!.sunk.packets, 7000, { what: 'the second series' });
    const { sink, latency } = client.stats().ports[1]!;
    expect(sink).toEqual({ stamped: 7000n, lost: 0n, reordered: 0n, duplicates: 0n, corrupt: 0n });
    expect(latency.buckets.reduce((a, b) => a + b)).toBe(7000n);
    await balanced(dataplane);
  });
});

describe('a sink', () => {
  it('counts what was lost, late, twice and damaged', async () => {
    const { frames } = await generated({ flows: 5, size: 200, count: 1000 });
    const input = [...frames];
    const swap = (a: number, b: number): void => void ([input[a], input[b]] = [input[b]!, input[a]!]);
    // One flow's frames are five apart. Bytes of the address, the stamp and the pattern.
    swap(100, 105);
    swap(203, 213);
    for (const [k, byte] of [[300, 28] as const, [404, 50] as const, [505, 190] as const]) {
      input[k] = Buffer.from(input[k]!);
      input[k]![byte]! ^= 0x10;
    }
    const doubled = [607, 608, 609].map((k) => frames[k]!);
    input.splice(650, 0, ...doubled);
    const lost = new Set([frames[700], frames[701], frames[750]]);
    const arrived = [...input.filter((frame) => !lost.has(frame)), Buffer.alloc(80, 1)];
    const { sink, sunk: all, latency } = await sunk(arrived);
    expect(all.packets).toBe(1001n);
    // What is damaged cannot be believed, its number neither: it is among the lost.
    expect(sink).toEqual({ stamped: 1000n, lost: 6n, reordered: 3n, duplicates: 3n, corrupt: 3n });
    expect(latency.samples).toBe(997n);
  });

  it('that hears a generator from the middle on has lost nothing', async () => {
    const { frames } = await generated({ flows: 3, count: 900 });
    const { sink } = await sunk(frames.slice(450));
    expect(sink).toEqual({ stamped: 450n, lost: 0n, reordered: 0n, duplicates: 0n, corrupt: 0n });
  });

  it('keeps a capture of others without a word about it', async () => {
    const { sink, latency } = await sunk(readPcap(mixedPcap).map(({ data }) => data));
    expect(sink.stamped).toBe(0n);
    expect(latency.samples).toBe(0n);
  });
});

describe('l2fwd', () => {
  it("gives each frame the next hop's address of its port and the port's own", async () => {
    const out = path.join(tempDir(), 'out.pcap');
    const dataplane = await start({
      hold: true,
      ports: [{ pcap: { rx: mixedPcap } }, { null: { rx: false } }, { pcap: { tx: out } }],
      forwarding: { ports: { 0: { mode: 'l2fwd', to: 2 } } },
    });
    const client = await dataplane.attach({ want: ['observe', 'configure'] });
    const own = Buffer.from((await client.ports())[2]!.mac.replaceAll(':', ''), 'hex');
    const input = readPcap(mixedPcap);
    await client.release();
    await waitForCount(() => client.stats().ports[2]!.tx.packets, input.length, { what: 'forwarded frames' });
    await balanced(dataplane);
    const macs = Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 2]), own]);
    const arrived = readPcap(out);
    expect(arrived).toHaveLength(input.length);
    for (const [i, { data }] of arrived.entries())
      expect(data.equals(Buffer.concat([macs, input[i]!.data.subarray(12)])), `frame ${i + 1}`).toBe(true);
  });
});
