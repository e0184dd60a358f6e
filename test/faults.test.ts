// SPDX-License-Identifier: BSD-3-Clause
// What happens when somebody dies or does not keep up. Each test shows that the fault it is about really happened.
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { attach, launch, WdpdkError, type Dataplane } from 'wdpdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempDir } from './support/bed.ts';
import { udpFrame } from './programs/frames.mjs';
import { writePcap } from './support/pcap.ts';
import { startProgram } from './support/program.ts';
import { waitFor, waitForCount } from './support/wait.ts';

const loop = 64;

/** A looped capture of 64 frames told apart by their IP identification; l3fwd to a null port. */
async function looped(options: { pps?: number; instance?: string } = {}): Promise<Dataplane> {
  const file = path.join(tempDir(), 'in.pcap');
  writePcap(
    file,
    Array.from({ length: loop }, (_, n) => udpFrame(n, 60)),
  );
  const dataplane = await launch({
    ...(options.instance === undefined ? {} : { instance: options.instance }),
    ports: [
      { pcap: { rx: file, loop: true, ...(options.pps === undefined ? {} : { pps: options.pps }) } },
      { devargs: 'net_null1,no-rx=1' },
    ],
    forwarding: { ports: { 0: { mode: 'l3fwd' } }, routes: [{ to: '0.0.0.0/0', via: 1 }] },
  });
  onTestFinished(async () => void (await dataplane.close()));
  return dataplane;
}

describe('a saturated queue', () => {
  it('leaves timers and abort alone', async () => {
    const dataplane = await looped();
    const client = await dataplane.attach();
    const queue = await client.openRx({ port: 0 });
    const abort = new AbortController();
    let packets = 0;
    const lateness: number[] = [];
    let due = performance.now() + 10;
    const timer = setInterval(() => {
      lateness.push(performance.now() - due);
      due = performance.now() + 10;
      if (lateness.length === 20) abort.abort();
    }, 10);
    try {
      const ended = queue.run((burst) => void (packets += burst.length), { signal: abort.signal });
      await expect(ended.catch((error: unknown) => error === abort.signal.reason)).resolves.toBe(true);
    } finally {
      clearInterval(timer);
    }
    expect(packets).toBeGreaterThan(10_000);
    expect(
      queue.stats().drops['rx_full']! + queue.stats().drops['no_slot']!,
      'the queue really was saturated',
    ).toBeGreaterThan(0n);
    expect(lateness.sort((a, b) => a - b)[10], 'median lateness of a 10 ms timer').toBeLessThan(50);
    await client.close();
  });

  it('does not hide that the dataplane was killed', async () => {
    const dataplane = await looped();
    const client = await attach({ instance: dataplane.instance });
    const queue = await client.openRx({ port: 0 });
    let packets = 0;
    const running = queue.run((burst) => void (packets += burst.length), {});
    const ended = running.then(
      () => undefined,
      (error: unknown) => ({ error, at: performance.now() }),
    );
    await waitFor(() => packets > 1000, { what: 'traffic' });
    const killedAt = performance.now();
    process.kill(dataplane.pid, 'SIGKILL');
    const end = await ended;
    expect(end && WdpdkError.is(end.error, 'WDPDK_E_GONE'), String(end?.error)).toBe(true);
    expect(end!.at - killedAt).toBeLessThan(1000);
    await client.close();
  });

  it('lets SIGINT through', async () => {
    const dataplane = await looped();
    const client = startProgram('interruptible', { instance: dataplane.instance });
    await client.next('saturated');
    process.kill(client.pid, 'SIGINT');
    await client.next('interrupted', { timeoutMs: 2000 });
    expect(await client.ended).toBe(0);
  });
});

describe('a client killed with slots out and its ring full', () => {
  it('is reclaimed within a second; others see no gap; every buffer comes back', async () => {
    const dataplane = await looped({ pps: 20_000 });
    const observer = await dataplane.attach({ want: ['observe', 'configure'] });
    const rx = { port: 0, slots: 1024 };
    const victim = startProgram('receiver', { instance: dataplane.instance, name: 'victim', rx });
    const other = startProgram('receiver', {
      instance: dataplane.instance,
      name: 'other',
      rx: { port: 0, slots: 16384 },
    });
    await Promise.all([victim.next('open'), other.next('open')]);
    const atRest = await observer.report();
    void victim.ask('hold');
    const held = await victim.next('holding');
    expect(held['slots'], 'slots out when it dies').toBeGreaterThan(0);
    const queueOf = async (name: string) => (await observer.report()).clients.find((c) => c.name === name);
    await waitFor(
      async () => {
        const drops = (await queueOf('victim'))!.queues[0]!.drops;
        return (drops['rx_full'] ?? 0) + (drops['no_slot'] ?? 0) > 0;
      },
      { what: 'a full rx ring' },
    );
    const alive = await other.ask('report');
    const killedAt = performance.now();
    await victim.kill();
    await waitFor(async () => (await queueOf('victim'))?.left === true, { what: 'the reclaim', timeoutMs: 2000 });
    expect(performance.now() - killedAt).toBeLessThan(1000);
    const before = ((await other.ask('report'))['frames'] as string[]).length;
    await waitFor(async () => ((await other.ask('report'))['frames'] as string[]).length > before + 1000, {
      what: 'traffic for the other',
    });
    const report = await other.ask('report');
    const frames = report['frames'] as string[];
    const order = frames.slice(0, loop);
    expect(new Set(order).size).toBe(loop);
    frames.forEach((frame, n) => {
      if (frame !== order[n % loop]) expect.fail(`a gap at frame ${n} of ${frames.length}`);
    });
    expect(report['drops'], 'the other lost nothing to the death').toEqual(alive['drops']);
    const after = await observer.report();
    expect(after.memory.segments, 'segments in use').toBe(atRest.memory.segments - 1);
    await observer.hold();
    const still = await observer.report();
    expect(still.memory.mbufsFree, 'mbufs back in the pool').toBe(still.memory.mbufs);
  });
});

describe('a client killed while it holds all traffic', () => {
  it('does not hold it any longer', async () => {
    const dataplane = await looped({ pps: 20_000 });
    const observer = await dataplane.attach();
    const received = (): bigint => observer.stats().ports[0]!.rx.packets;
    const holder = startProgram('holder', { instance: dataplane.instance });
    await holder.next('holding');
    const held = received();
    await observer.report();
    expect(received(), 'traffic is held').toBe(held);
    await holder.kill();
    await waitForCount(received, held + 1000n, { what: 'frames after its death', timeoutMs: 2000 });
    await observer.close();
  });
});

describe('a dataplane killed', () => {
  it('gives every client a coded error within a second, and a new one starts at once', async () => {
    const instance = `phoenix-${process.pid}`;
    const dataplane = await looped({ instance, pps: 1000 });
    const busy = startProgram('receiver', { instance, name: 'busy', rx: { port: 0 } });
    const idle = startProgram('receiver', { instance, name: 'idle', rx: { port: 0, match: { dst: '192.0.2.1/32' } } });
    await Promise.all([busy.next('open'), idle.next('open')]);
    await waitForCount(async () => ((await busy.ask('report'))['frames'] as string[]).length, 10);
    await delay(0);
    const killedAt = Date.now();
    process.kill(dataplane.pid, 'SIGKILL');
    for (const client of [busy, idle]) {
      const end = await client.next('ended', { timeoutMs: 3000 });
      expect(end['code']).toBe('WDPDK_E_GONE');
      expect(Number(end['atMs']) - killedAt).toBeLessThan(1000);
    }
    const next = await looped({ instance, pps: 1000 });
    expect(next.pid).not.toBe(dataplane.pid);
    const client = await attach({ instance });
    expect((await client.ports()).length).toBe(2);
    await client.close();
  });
});
