// SPDX-License-Identifier: BSD-3-Clause
// The judge of the device model: Debian's unmodified dpdk-testpmd with its own net_i40e.
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launch } from 'wdpdk';
import { dataplanePath, tempDir } from '../support/bed.ts';
import { writePcap } from '../support/pcap.ts';
import { checkBalance, type Summary } from '../support/summary.ts';
import { address, onCard } from '../support/uio-card.mjs';
import { waitFor, waitForCount } from '../support/wait.ts';
import { flow, frameOf, hashInput, readPcap, toeplitz } from '../support/xl710-frames.ts';
import { startModel, type Model, type ModelPort } from '../support/xl710-model.ts';
import { borrowHugePages, physicalMemory, startTestpmd, whyNoTestpmd, type Testpmd } from '../support/xl710-testpmd.ts';

const portMac = Buffer.from('02584c371000', 'hex');
const mtuFrame = 1514;

/** Frames of many flows and lengths. */
const mixedFrames = (count: number, lengths: readonly number[] = [60, 128, 300, 594, 1000, mtuFrame]): Buffer[] =>
  Array.from({ length: count }, (_, n) => frameOf(flow(n), portMac, Math.max(lengths[n % lengths.length]!, 74), n));

interface Played {
  model: Model;
  testpmd: Testpmd;
  frames: Buffer[];
  /** What the model's wire took. */
  sent(): Buffer[];
}

/** A model whose cable, put in later, brings these frames; testpmd on it. */
async function play(frames: Buffer[], options: readonly string[], pps = 20_000): Promise<Played> {
  const dir = tempDir();
  const files = { in: path.join(dir, 'in.pcap'), out: path.join(dir, 'out.pcap') };
  writePcap(files.in, frames);
  const model = await startModel([
    ...physicalMemory,
    '--cable-out',
    '--wire',
    `pcap:${files.in},${files.out},pps=${pps}`,
  ]);
  const testpmd = await startTestpmd(model.bars[0]!, ['--disable-link-check', ...options]);
  return { model, testpmd, frames, sent: () => readPcap(files.out) };
}

const number = (text: string, name: string): number => Number(new RegExp(`${name}:\\s*(\\d+)`).exec(text)?.[1] ?? NaN);

/** What testpmd says of its port, once it agrees with itself. */
async function portStats(testpmd: Testpmd): Promise<Record<'rx' | 'tx' | 'rxBytes' | 'txBytes' | 'missed', number>> {
  const text = await testpmd.command('show port stats 0');
  return {
    rx: number(text, 'RX-packets'),
    tx: number(text, 'TX-packets'),
    rxBytes: number(text, 'RX-bytes'),
    txBytes: number(text, 'TX-bytes'),
    missed: number(text, 'RX-missed'),
  };
}

/** Room for all frames of a test, should testpmd not run for a while. */
const bigRings = ['--rxd=4096', '--txd=4096'];

/** Nothing that a faithful card has no reason for. */
function expectClean(port: ModelPort): void {
  expect(port).toMatchObject({ maliciousRx: 0, maliciousTx: 0, dmaMisses: 0 });
}

const reason = whyNoTestpmd();
if (reason !== undefined) console.warn(`dpdk-testpmd is not run: it ${reason}`);

describe.skipIf(reason !== undefined)('dpdk-testpmd on the device model', () => {
  let giveBack: () => void = () => undefined;
  beforeAll(() => void (giveBack = borrowHugePages()));
  afterAll(() => giveBack());

  it('probes, has a link of 40 Gbps, loops frames unchanged, counts as the model does, stops, starts, ends', async () => {
    const { model, testpmd, frames, sent } = await play(mixedFrames(2000), bigRings);
    await testpmd.command('set fwd io');
    await testpmd.command('start');
    model.cable('in');
    await waitForCount(async () => (await model.counters()).ports[0]!.tx.frames, frames.length, {
      what: 'frames back',
    });
    const info = await testpmd.command('show port info 0');
    expect(info).toMatch(/Driver name: net_i40e/);
    expect(info).toMatch(/Link status: up/);
    expect(info).toMatch(/Link speed: 40 Gbps/);
    expect(sent().map(String)).toEqual(frames.map(String));

    const counted = await model.atRest();
    const stats = await portStats(testpmd);
    const octets = frames.reduce((sum, frame) => sum + frame.length, 0);
    expect(stats).toEqual({ rx: frames.length, tx: frames.length, rxBytes: octets, txBytes: octets, missed: 0 });
    expect(counted.rx).toMatchObject({ frames: frames.length, bytes: octets + 4 * frames.length });
    expect(counted.tx).toEqual(counted.rx);
    const xstats = await testpmd.command('show port xstats 0');
    const bins = ['rx_size_64', 'rx_size_65_to_127', 'rx_size_128_to_255', 'rx_size_256_to_511', 'rx_size_512_to_1023'];
    expect([...bins, 'rx_size_1024_to_1522'].map((name) => number(xstats, `${name}_packets`))).toEqual(
      counted.rxSizes.slice(0, 6),
    );

    await testpmd.command('stop');
    for (let n = 0; n < 3; n++) {
      expect(await testpmd.command('port stop 0')).toMatch(/Done/);
      expect(await testpmd.command('port start 0')).toMatch(/Done/);
    }
    expect(await testpmd.quit()).toBe(0);
    const last = (await model.end()).ports[0]!;
    expectClean(last);
    expect(last.adminErrors).toBe(0);
    // Once by the driver at its start, once at its end, once by power on.
    expect(last.resets).toEqual([2, 0, 0, 0, 0, 1]);
  });

  it('hears of a link that goes and comes', async () => {
    const model = await startModel([...physicalMemory, '--wire', 'loop']);
    const testpmd = await startTestpmd(model.bars[0]!);
    for (const [way, status] of [
      ['out', 'down'],
      ['in', 'up'],
      ['out', 'down'],
      ['in', 'up'],
    ] as const) {
      const mark = testpmd.output.length;
      model.cable(way);
      await waitFor(() => testpmd.output.slice(mark).includes('link state change event'), {
        what: `the event: ${status}`,
      });
      expect(await testpmd.command('show port info 0')).toMatch(new RegExp(`Link status: ${status}`));
    }
    // The same by the driver's own hand.
    await testpmd.command('set link-down port 0');
    await waitFor(async () => !(await model.counters()).ports[0]!.linkUp, { what: 'the link to go down' });
    await testpmd.command('set link-up port 0');
    await waitFor(async () => (await model.counters()).ports[0]!.linkUp, { what: 'the link to come up' });
    expect(await testpmd.quit()).toBe(0);
    expectClean((await model.end()).ports[0]!);
  });

  it('spreads flows over 4 queues as the Toeplitz hash says', async () => {
    const { model, testpmd, frames } = await play(mixedFrames(240), ['--rxq=4', '--txq=4', '--rxd=1024']);
    await testpmd.command('port config all rss all');
    const hex = /RSS key:\s*([0-9A-F]+)/i.exec(await testpmd.command('show port 0 rss-hash key'))?.[1] ?? '';
    const key = Buffer.from(hex, 'hex');
    expect(key.length).toBe(52);
    await testpmd.command('set fwd rxonly');
    await testpmd.command('set verbose 1');
    const mark = testpmd.output.length;
    await testpmd.command('start');
    model.cable('in');
    const packet = /length=(\d+) - nb_segs=\d+ - RSS hash=0x([0-9a-f]+) - RSS queue=0x([0-9a-f]+)/g;
    const packets = await waitFor(
      () => {
        const seen = [...testpmd.output.slice(mark).matchAll(packet)];
        return seen.length >= frames.length ? seen : undefined;
      },
      { what: 'all packets' },
    );
    await testpmd.command('stop');
    // Order holds in a queue only, so hashes are compared as sets with their queues.
    const expected = frames.map((_, n) => toeplitz(key, hashInput(flow(n)))).map((hash) => [hash, (hash & 511) % 4]);
    const seen = packets.map(([, , hash, queue]) => [parseInt(hash!, 16), parseInt(queue!, 16)]);
    const order = (list: number[][]): string[] => list.map(String).sort();
    expect(order(seen)).toEqual(order(expected));
    const { queues } = await model.atRest();
    expect(queues.map(({ rx }) => rx)).toEqual([0, 1, 2, 3].map((q) => expected.filter(([, at]) => at === q).length));
    expect(await testpmd.quit()).toBe(0);
    expectClean((await model.end()).ports[0]!);
  });

  it('directs a flow to a queue by a flow rule', async () => {
    const { model, testpmd, frames } = await play(
      mixedFrames(64).map((_, n) => frameOf(flow(4 * (n % 16)), portMac, 128, n)),
      ['--rxq=4', '--txq=4'],
    );
    const { source, destination, sourcePort, destinationPort } = flow(8);
    const dotted = (address: Buffer): string => [...address].join('.');
    const rule =
      `flow create 0 ingress pattern eth / ipv4 src is ${dotted(source)} dst is ${dotted(destination)} / ` +
      `udp src is ${sourcePort} dst is ${destinationPort} / end actions queue index 3 / mark id 77 / end`;
    expect(await testpmd.command(rule)).toMatch(/Flow rule #0 created/);
    await testpmd.command('set fwd rxonly');
    await testpmd.command('set verbose 1');
    const mark = testpmd.output.length;
    await testpmd.command('start');
    model.cable('in');
    await waitFor(() => [...testpmd.output.slice(mark).matchAll(/ - length=\d+/g)].length >= frames.length, {
      what: 'all packets',
    });
    await testpmd.command('stop');
    const directed = frames.filter((_, n) => n % 16 === 2).length;
    const { queues } = await model.atRest();
    expect(queues.filter(({ rx }) => rx > 0).map(({ rx }) => rx)).toEqual([frames.length - directed, directed]);
    expect([...testpmd.output.slice(mark).matchAll(/FDIR matched ID=0x4d/gi)].length).toBe(directed);
    expect(await testpmd.command('flow destroy 0 rule 0')).toMatch(/Flow rule #0 destroyed/);
    expect(await testpmd.quit()).toBe(0);
    expectClean((await model.end()).ports[0]!);
  });

  it('takes and sends frames of 4,500 bytes', async () => {
    const { model, testpmd, frames, sent } = await play(mixedFrames(300, [4500, 60, 4500, 3000]), [
      ...bigRings,
      '--max-pkt-len=9000',
      '--tx-offloads=0x8000',
    ]);
    await testpmd.command('set fwd io');
    await testpmd.command('start');
    model.cable('in');
    await waitForCount(async () => (await model.counters()).ports[0]!.tx.frames, frames.length, {
      what: 'frames back',
    });
    await waitFor(() => sent().length >= frames.length);
    expect(sent().map(String)).toEqual(frames.map(String));
    expect(await testpmd.quit()).toBe(0);
    expectClean((await model.end()).ports[0]!);
  });

  it('only sends; is killed; a second one starts on the same card and receives', async () => {
    const model = await startModel([...physicalMemory, '--wire', 'loop']);
    const first = await startTestpmd(model.bars[0]!);
    await first.command('set fwd txonly');
    await first.command('start');
    await waitForCount(async () => (await model.counters()).ports[0]!.tx.frames, 100_000, { what: 'frames sent' });
    await first.kill();
    const { adminCommands } = (await model.counters()).ports[0]!;

    const second = await startTestpmd(model.bars[0]!);
    expect(await second.command('show port info 0')).toMatch(/Link status: up/);
    const before = await model.atRest();
    expect(before.adminCommands).toBeGreaterThan(adminCommands);
    await second.command('set fwd txonly');
    await second.command('start');
    await waitForCount(async () => (await model.counters()).ports[0]!.tx.frames, before.tx.frames + 100_000);
    await second.command('stop');
    const after = await model.atRest();
    const stats = await portStats(second);
    expect(stats.tx).toBe(after.tx.frames - before.tx.frames);
    // The ring is full at last, and what finds no descriptor is counted.
    expect(stats.rx + stats.missed).toBe(after.rx.frames - before.rx.frames);
    expect(await second.quit()).toBe(0);
    // The first one's rings were gone before its queues were off: that is a miss, and no more.
    expect((await model.end()).ports[0]).toMatchObject({ maliciousRx: 0, maliciousTx: 0 });
  });

  it('does the same when each access to a control register has its effect at once', async () => {
    const model = await startModel([...physicalMemory, '--exact', '--wire', 'loop']);
    const testpmd = await startTestpmd(model.bars[0]!, [], { exact: true });
    expect(await testpmd.command('show port info 0')).toMatch(/Link speed: 40 Gbps/);
    for (const [way, status] of [
      ['out', 'down'],
      ['in', 'up'],
    ] as const) {
      const mark = testpmd.output.length;
      model.cable(way);
      await waitFor(() => testpmd.output.slice(mark).includes('link state change event'), { what: status });
      expect(await testpmd.command('show port info 0')).toMatch(new RegExp(`Link status: ${status}`));
    }
    await testpmd.command('set fwd io');
    await testpmd.command('start tx_first');
    await waitForCount(async () => (await model.counters()).ports[0]!.tx.frames, 10_000, { what: 'frames' });
    await testpmd.command('stop');
    expect(await testpmd.command('port stop 0')).toMatch(/Done/);
    expect(await testpmd.command('port start 0')).toMatch(/Done/);
    expect(await testpmd.quit()).toBe(0);
    const last = (await model.end()).ports[0]!;
    expectClean(last);
    expect(last.adminErrors).toBe(0);
    expect(last['trappedAccesses']).toBeGreaterThan(5000);
  });

  it('and our driver, each on a port of a card whose cable joins them, pass frames to and fro', async () => {
    const dir = tempDir();
    const [input, output] = [path.join(dir, 'in.pcap'), path.join(dir, 'out.pcap')];
    // Every third frame has a tag; checksums are right.
    const frames = mixedFrames(400).map((frame, n) =>
      n % 3 === 0
        ? Buffer.concat([frame.subarray(0, 12), Buffer.from([0x81, 0, 0x20, n & 0xff]), frame.subarray(12, 1400)])
        : frame,
    );
    writePcap(input, frames);
    const memory = tempDir();
    const model = await startModel(['--ports', '2', '--wire', 'port', '--dma', memory, ...physicalMemory]);
    const testpmd = await startTestpmd(model.bars[1]!, bigRings);
    await testpmd.command('set fwd io');
    await testpmd.command('start');
    const dataplane = await launch({
      instance: `xl710-both-${process.pid}`,
      hold: true,
      ports: [{ xl710Model: { bar: model.bars[0]!, dma: memory } }, { pcap: { rx: input, tx: output } }],
      forwarding: { ports: { 0: { mode: 'io', to: 1 }, 1: { mode: 'io', to: 0 } } },
      eal: ['-m', '256'],
    });
    onTestFinished(async () => void (await dataplane.close()));
    const client = await dataplane.attach({ want: ['observe', 'configure'] });
    await dataplane.release();
    await waitForCount(() => client.stats().ports[1]!.tx.packets, frames.length, { what: 'frames that came back' });
    const [ours, theirs] = (await model.counters()).ports;
    for (const port of [ours!, theirs!]) {
      expectClean(port);
      expect([port.rx.frames, port.tx.frames]).toEqual([frames.length, frames.length]);
    }
    await client.close();
    await dataplane.close();
    expect(readPcap(output).map((frame) => frame.toString('hex'))).toEqual(
      frames.map((frame) => frame.toString('hex')),
    );
    expect(await testpmd.quit()).toBe(0);
  });

  it('has company: our dataplane takes the same card as a real one is taken, by sysfs, igb_uio and physical addresses', async () => {
    const count = 20_000;
    const model = await startModel([...physicalMemory, '--wire', `generator:size=64,flows=16,count=${count}`]);
    const prefix = `wdpdk-ours-${process.pid}`;
    const eal = ['-l', '0', '-m', '64', '--huge-dir', '/dev/hugepages', '--file-prefix', prefix, '-a', address];
    const own = ['--forward', 'io', '--no-control', '--idle', 'adaptive', '--seconds', '4', '--json'];
    const card = onCard(tempDir(), model.bars[0]!, [dataplanePath, ...eal, '--', ...own]);
    onTestFinished(() => {
      for (const name of fs.readdirSync('/dev/hugepages'))
        if (name.startsWith(prefix)) fs.rmSync(path.join('/dev/hugepages', name), { force: true });
    });
    const options = { env: card.env, stdin: 'ignore', reject: false } as const;
    const { exitCode, stdout, stderr } = await execa(card.command, card.args, options);
    expect(exitCode, stderr).toBe(0);
    const summary = JSON.parse(stdout.trim().split('\n').at(-1)!) as Summary;
    checkBalance(summary);
    const [port] = summary.ports;
    expect(port).toMatchObject({ name: address, rx: { packets: count } });
    expectClean((await model.end()).ports[0]!);
  });
});
