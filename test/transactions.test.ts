// SPDX-License-Identifier: BSD-3-Clause
// Forwarding as transactions: whole or not at all, one writer at a time, undone when its author does not confirm; and what the
// configuration says is what the traffic shows.
import path from 'node:path';
import { launch, WdpdkError, type Client, type Dataplane, type Forwarding } from 'wdpdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempDir } from './support/bed.ts';
import { startProgram } from './support/program.ts';
import { udpFrame } from './programs/frames.mjs';
import { writePcap } from './support/pcap.ts';
import { waitFor } from './support/wait.ts';

const routed = (mac: string): Forwarding => ({
  ports: { 0: { mode: 'l3fwd' }, 1: { mode: 'drop' } },
  routes: [{ to: '0.0.0.0/0', via: 1, nextHopMac: mac }],
});
const A = '02:00:00:00:00:0a';
const B = '02:00:00:00:00:0b';

interface Bed {
  readonly dataplane: Dataplane;
  readonly operator: Client;
  readonly out: string;
  /** The next hop that frames leave with now. */
  nextHop(): Promise<string>;
}

/** Traffic by one route at 2,000 frames a second, and a client that sees what leaves. */
async function traffic(): Promise<Bed> {
  const dir = tempDir();
  const [rx, out] = [path.join(dir, 'in.pcap'), path.join(dir, 'out.pcap')];
  writePcap(
    rx,
    Array.from({ length: 64 }, (_, n) => udpFrame(n, 60)),
  );
  const dataplane = await launch({
    ports: [{ pcap: { rx, loop: true, pps: 2000 } }, { pcap: { tx: out } }],
    forwarding: routed(A),
  });
  onTestFinished(async () => void (await dataplane.close()));
  const operator = await dataplane.attach({ name: 'operator', want: ['observe', 'receive', 'configure'] });
  const leaving = await operator.openRx({ port: 1, at: 'tx' });
  const nextHop = async (): Promise<string> => {
    // What had been delivered before is of before.
    while (leaving.poll((burst) => burst.length, 256) > 0);
    return waitFor(
      () => {
        let mac: string | undefined;
        leaving.poll((burst) => (mac = burst.at(0).eth.dst));
        return mac;
      },
      { what: 'a frame that leaves' },
    );
  };
  return { dataplane, operator, out, nextHop };
}

describe('a change that wants to be confirmed', () => {
  it('stands once it is', async () => {
    const { operator, nextHop } = await traffic();
    const applied = await operator.forwarding.set(routed(B), { confirmWithinMs: 1000 });
    expect(await nextHop()).toBe(B);
    await applied.confirm();
    await new Promise((resolve) => setTimeout(resolve, 1300));
    expect(await nextHop()).toBe(B);
    expect((await operator.forwarding.get()).generation).toBe(applied.generation);
  });

  it('is undone by the dataplane when nobody does, and everyone hears of it', async () => {
    const { operator, nextHop } = await traffic();
    const before = await operator.forwarding.get();
    const events = operator.events();
    const applied = await operator.forwarding.set(routed(B), { confirmWithinMs: 300 });
    expect(await nextHop()).toBe(B);
    const undone = await waitFor(async () => {
      const { value } = await events.next();
      return value?.type === 'config' && value.rolledBack ? value : undefined;
    });
    expect(undone.generation).toBe(applied.generation + 1);
    expect(await nextHop()).toBe(A);
    expect((await operator.forwarding.get()).config).toEqual(before.config);
    await expect(applied.confirm()).rejects.toMatchObject({ code: 'WDPDK_E_NOT_FOUND' });
  });

  it('is undone when its author rolls back, or leaves the block', async () => {
    const { operator, nextHop } = await traffic();
    const applied = await operator.forwarding.set(routed(B), { confirmWithinMs: 60_000 });
    expect(await nextHop()).toBe(B);
    await applied.rollback();
    expect(await nextHop()).toBe(A);
    {
      await using again = await operator.forwarding.set(routed(B), { confirmWithinMs: 60_000 });
      expect(again.previous.config.routes![0]!.nextHopMac).toBe(A);
      expect(await nextHop()).toBe(B);
    }
    expect(await nextHop()).toBe(A);
  });

  it('is undone when its author is killed between set and confirm', async () => {
    const { dataplane, operator, nextHop } = await traffic();
    const before = await operator.forwarding.get();
    const author = startProgram('committer', {
      instance: dataplane.instance,
      config: routed(B),
      confirmWithinMs: 600_000,
    });
    await author.next('open');
    await author.ask('set');
    expect(await nextHop()).toBe(B);
    const killed = performance.now();
    await author.kill();
    await waitFor(async () => (await operator.forwarding.get()).generation > before.generation + 1);
    expect(performance.now() - killed, 'ms until it was undone').toBeLessThan(1500);
    expect(await nextHop()).toBe(A);
  });

  it('keeps every other writer out until it is decided', async () => {
    const { dataplane, operator } = await traffic();
    const other = await dataplane.attach({ name: 'other', want: ['observe', 'configure'] });
    const applied = await operator.forwarding.set(routed(B), { confirmWithinMs: 60_000 });
    const refused = await other.forwarding.set(routed(A)).catch((error: unknown) => error);
    expect(WdpdkError.is(refused, 'WDPDK_E_CONFLICT'), String(refused)).toBe(true);
    await expect(other.forwarding.set(routed(A), { confirmWithinMs: 1000 })).rejects.toMatchObject({
      code: 'WDPDK_E_CONFLICT',
    });
    await applied.confirm();
    await other.forwarding.set(routed(A));
  });
});

describe('two writers', () => {
  it('one of them gets WDPDK_E_CONFLICT, and the other wins whole', async () => {
    const { dataplane, operator, nextHop } = await traffic();
    const other = await dataplane.attach({ name: 'other', want: ['observe', 'configure'] });
    for (let round = 0; round < 20; round++) {
      const { generation } = await operator.forwarding.get();
      const results = await Promise.allSettled([
        operator.forwarding.set(routed(A), { ifGeneration: generation }),
        other.forwarding.set(routed(B), { ifGeneration: generation }),
      ]);
      const lost = results.filter((result) => result.status === 'rejected');
      expect(lost.length).toBe(1);
      expect(lost[0]!.reason).toMatchObject({ code: 'WDPDK_E_CONFLICT' });
      expect(await nextHop()).toBe(results[0].status === 'fulfilled' ? A : B);
    }
  });
});

describe('a refused configuration', () => {
  const wrong = {
    ports: { 0: { mode: 'io', to: 9 }, 1: { mode: 'pktgen', rate: { pps: 1, bps: 2 } }, 7: { mode: 'drop' } },
    routes: [
      { to: '10.0.0.1/8', via: 1 },
      { to: '10.0.0.0/8', via: 5 },
      { to: '::/0', via: 1, nextHopMac: 'no' },
    ],
    extra: 1,
  } as unknown as Forwarding;

  it('names every wrong field, and the traffic does not notice', async () => {
    const { operator, nextHop } = await traffic();
    const before = await operator.forwarding.get();
    for (const refuse of [() => operator.forwarding.set(wrong), () => operator.forwarding.check(wrong)]) {
      const error = await refuse().catch((reason: unknown) => reason);
      if (!WdpdkError.is(error, 'WDPDK_E_CONFIG')) throw error;
      const paths = error.issues!.map((issue) => issue.path);
      for (const expected of [
        'ports.0.to',
        'ports.7',
        'routes[0].to',
        'routes[1].via',
        'routes[2].nextHopMac',
        'extra',
      ])
        expect(paths, paths.join(' ')).toContain(expected);
      expect(paths.some((at) => at.startsWith('ports.1.rate'))).toBe(true);
    }
    expect(await operator.forwarding.get()).toEqual(before);
    expect(await nextHop()).toBe(A);
  });
});

describe('check', () => {
  it('says what would change, and changes nothing', async () => {
    const { operator } = await traffic();
    const before = await operator.forwarding.get();
    const { changes } = await operator.forwarding.check({
      ports: { 0: { mode: 'l3fwd' }, 1: { mode: 'sink' } },
      routes: [...before.config.routes!, { to: '10.0.0.0/8', via: 0 }],
    });
    expect(changes.map(({ path: at }) => at).toSorted()).toEqual(['ports.1', 'routes["10.0.0.0/8"]']);
    expect(await operator.forwarding.get()).toEqual(before);
    expect((await operator.forwarding.check(before.config)).changes).toEqual([]);
  });
});

describe('100,000 routes', () => {
  it('in one set, read back the same, and others are served meanwhile', { timeout: 120_000 }, async () => {
    const { dataplane, operator, nextHop } = await traffic();
    const routes = Array.from({ length: 100_000 }, (_, n) => ({
      to: `${11 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}.0/24` as const,
      via: 1,
      nextHopMac: B,
    }));
    const config: Forwarding = { ports: routed(A).ports, routes: [...routed(A).routes!, ...routes] };
    const other = await dataplane.attach();
    let slowest = 0;
    let over = false;
    const asking = (async () => {
      while (!over) {
        const asked = performance.now();
        await other.ports();
        slowest = Math.max(slowest, performance.now() - asked);
      }
    })();
    const started = performance.now();
    const { generation } = await operator.forwarding.set(config);
    const took = performance.now() - started;
    over = true;
    await asking;
    expect(await nextHop(), 'traffic goes on').toBe(A);
    const read = await operator.forwarding.get();
    expect(read.generation).toBe(generation);
    expect(read.config.routes!.length).toBe(config.routes!.length);
    expect(new Set(read.config.routes!.map(({ to, via, nextHopMac }) => `${to} ${via} ${nextHopMac}`))).toEqual(
      new Set(config.routes!.map(({ to, via, nextHopMac }) => `${to} ${via} ${nextHopMac}`)),
    );
    const { changes } = await operator.forwarding.check({ ...config, routes: config.routes!.slice(0, -1) });
    expect(changes).toEqual([{ path: `routes["${routes.at(-1)!.to}"]`, from: expect.anything(), to: undefined }]);
    console.log(`100,000 routes: ${took.toFixed(0)} ms; another client waited ${slowest.toFixed(0)} ms at most`);
  });
});
