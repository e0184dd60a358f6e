// SPDX-License-Identifier: BSD-3-Clause
// `wdpdk/testing` on the real dataplane: what goes into a port comes out of the right one, and faults do what they say.
import { test as base, describe, expect } from 'vitest';
import { bed, decode, frame } from 'wdpdk/testing';

const routed = {
  ports: { 0: { mode: 'l3fwd' }, 1: { mode: 'l3fwd' }, 2: { mode: 'l3fwd' } },
  routes: [
    { to: '10.1.0.0/16', via: 1, nextHopMac: '02:00:00:00:01:01' },
    { to: '10.2.0.0/16', via: 2, nextHopMac: '02:00:00:00:02:02' },
  ],
} as const;

const test = base.extend({ bed: bed({ ports: ['left', 'right', 'third'], forwarding: routed }) });

const to = (dst: string, ttl = 64, payload = 'hello') =>
  frame({ ipv4: { src: '10.0.0.1', dst, ttl }, udp: { srcPort: 1000, dstPort: 2000 }, payload, padTo: 60 });

describe('a bed', () => {
  test('routes frames as l3fwd is told to', async ({ bed: lab }) => {
    await lab.port('left').send(to('10.1.2.3'), to('10.2.2.3'));
    await expect(lab.port('right')).toReceive({
      eth: { dst: '02:00:00:00:01:01' },
      ipv4: { src: '10.0.0.1', dst: '10.1.2.3', ttl: 63 },
      udp: { srcPort: 1000, dstPort: 2000 },
      payload: 'hello',
    });
    await expect(lab.port('third')).toReceive(({ ipv4 }) => ipv4?.dstText === '10.2.2.3');
    for (const port of lab.ports) await expect(port).toReceiveNothing();
    await expect(lab).toBalance();
  });

  test('drops what has no route, is too old, or is broken, each under its cause', async ({ bed: lab }) => {
    const broken = to('10.1.0.1');
    broken[24]! ^= 0xff;
    await lab.port(0).send(to('10.9.0.1'), to('10.1.0.1', 1), broken, { arp: {}, padTo: 60 });
    for (const port of lab.ports) await expect(port).toReceiveNothing();
    const { ports } = await lab.settled();
    expect(ports[0]!.drops).toMatchObject({ no_route: 1n, ttl_exceeded: 1n, bad_checksum: 1n, arp: 1n });
  });

  test('keeps the order of a flow, and every byte of the largest frames', async ({ bed: lab }) => {
    const frames = Array.from({ length: 500 }, (_, n) => to('10.1.0.1', 64, `${n} `.padEnd(n % 2 ? 1400 : 20, 'x')));
    await lab.port(0).send(...frames);
    const received = await lab.port(1).take(frames.length);
    expect(received.map(({ bytes }) => Buffer.from(decode(bytes).payload).toString().trimEnd())).toEqual(
      frames.map((bytes) => Buffer.from(decode(bytes).payload).toString().trimEnd()),
    );
    expect(
      await lab
        .port(1)
        .receive({ timeoutMs: 20 })
        .catch((error: unknown) => error),
    ).toMatchObject({
      code: 'WDPDK_E_TIMEOUT',
    });
    await expect(lab).toBalance();
  });

  test('is reconfigured while it runs', async ({ bed: lab }) => {
    const { generation, config } = await lab.client.forwarding.get();
    const change = { ifGeneration: generation, confirmWithinMs: 60_000 };
    const applied = await lab.client.forwarding.set({ ...config, routes: [{ to: '10.1.0.0/16', via: 2 }] }, change);
    await lab.port(0).send(to('10.1.2.3'));
    await expect(lab.port(2)).toReceive({ ipv4: { dst: '10.1.2.3' } });
    await applied.rollback();
    await lab.port(0).send(to('10.1.2.3'));
    await expect(lab.port(1)).toReceive({ ipv4: { dst: '10.1.2.3' } });
    await expect(lab.port(2)).toReceiveNothing();
  });

  test('shows a client under test what passes, and lets it take frames', async ({ bed: lab }) => {
    const client = await lab.dataplane.attach({ want: ['receive', 'redirect', 'transmit', 'observe'] });
    const echo = await client.openRxTx({ port: 0, match: { proto: 'udp', dstPort: 7 }, action: 'redirect' });
    const answering = echo
      .run((burst) => {
        for (const packet of burst) {
          packet.eth.swap();
          packet.ipv4?.swap();
          packet.udp?.swap();
          echo.send(packet);
        }
      })
      .catch(() => undefined);
    await lab
      .port(0)
      .send({ ipv4: { src: '10.0.0.1', dst: '10.1.0.1' }, udp: { srcPort: 5, dstPort: 7 }, payload: 'ping' });
    await expect(lab.port(0)).toReceive({
      ipv4: { src: '10.1.0.1', dst: '10.0.0.1' },
      udp: { dstPort: 5 },
      payload: 'ping',
    });
    await expect(lab.port(1)).toReceiveNothing();
    await expect(lab).toBalance();
    await client.close();
    await answering;
  });
});

describe('faults of a wire', () => {
  test('drop, duplicate and corrupt as many frames as they say, the same for the same seed', async ({ bed: lab }) => {
    const [left, right] = [lab.port(0), lab.port(1)];
    const faults = { drop: 0.2, duplicate: 0.1, corrupt: 0.1, seed: 42 };
    const frames = Array.from({ length: 400 }, (_, n) => to('10.1.0.1', 64, `number ${n}`));
    const run = async () => {
      left.faults({ in: faults });
      const before = left.faultCounts.in;
      await left.send(...frames);
      await lab.settled();
      const { entered, passed, dropped, duplicated, corrupted } = left.faultCounts.in;
      const payloads = right.waiting.map(({ bytes }) => Buffer.from(decode(bytes).payload).toString('latin1'));
      right.clear();
      return {
        payloads,
        counts: [
          entered - before.entered,
          passed - before.passed,
          dropped - before.dropped,
          duplicated - before.duplicated,
          corrupted - before.corrupted,
        ],
      };
    };
    const [first, second] = [await run(), await run()];
    expect(second).toEqual(first);
    const [entered, passed, dropped, duplicated, corrupted] = first.counts as [number, number, number, number, number];
    expect(entered).toBe(frames.length);
    expect(passed).toBe(entered + duplicated - dropped);
    for (const [count, share] of [
      [dropped, 0.2],
      [duplicated, 0.08],
      [corrupted, 0.09],
    ] as const)
      expect(count / entered).toBeCloseTo(share, 1);
    // What l3fwd let through is a frame that was sent, or one that was damaged behind its IP header.
    const sent = new Set(frames.map((bytes) => Buffer.from(decode(bytes).payload).toString('latin1')));
    expect(first.payloads.filter((payload) => !sent.has(payload)).length).toBeLessThanOrEqual(corrupted);
    expect(first.payloads.length).toBeGreaterThan(passed - corrupted - 1);
    await expect(lab).toBalance();
  });

  test('delay lets later frames overtake', async ({ bed: lab }) => {
    const [left, right] = [lab.port(0), lab.port(1)];
    left.faults({ in: { delay: { share: 1, ms: 100 } } });
    await left.send(to('10.1.0.1', 64, 'late'));
    left.faults({});
    await left.send(to('10.1.0.1', 64, 'early'));
    const [one, two] = await right.take(2);
    expect([one, two].map((received) => Buffer.from(decode(received!.bytes).payload).toString())).toEqual([
      'early',
      'late',
    ]);
  });

  test('of the way out are the test’s alone: the dataplane has sent every frame', async ({ bed: lab }) => {
    lab.port(1).faults({ out: { drop: 1 } });
    await lab.port(0).send(to('10.1.0.1'), to('10.1.0.2'));
    await expect(lab.port(1)).toReceiveNothing();
    expect((await lab.settled()).ports[1]!.tx.packets).toBe(2n);
    expect(lab.port(1).faultCounts.out).toMatchObject({ entered: 2, dropped: 2, passed: 0 });
  });
});

describe('a cable between two ports', () => {
  const measured = base.extend({ bed: bed({ forwarding: { ports: { 1: { mode: 'sink' } } } }) });

  measured('with faults: the sink finds exactly what was done to the generator’s frames', async ({ bed: lab }) => {
    const count = 2000;
    lab.connect(0, 1);
    lab.port(1).faults({ in: { drop: 0.05, duplicate: 0.05, seed: 7 } });
    const generator = { mode: 'pktgen', count, rate: { pps: 10_000 }, flows: 1 } as const;
    await lab.client.forwarding.set({ ports: { 0: generator, 1: { mode: 'sink' } } });
    await expect.poll(() => lab.client.stats().ports[0]!.generated.packets, { timeout: 20_000 }).toBe(BigInt(count));
    const { ports } = await lab.settled();
    const { entered, passed, dropped, duplicated } = lab.port(1).faultCounts.in;
    expect(entered).toBe(count);
    expect(dropped).toBeGreaterThan(50);
    const { stamped, lost, duplicates, corrupt } = ports[1]!.sink;
    expect([stamped, duplicates, corrupt].map(Number)).toEqual([passed, duplicated, 0]);
    // Neither the first nor the last frame is dropped by this seed: a sink cannot miss what it never heard of.
    expect(Number(lost)).toBe(dropped);
    await expect(lab).toBalance();
  });
});

/** What an assertion says when it fails. */
const complaint = async (assertion: Promise<unknown>): Promise<string> => {
  const error = await assertion.then(
    () => undefined,
    (reason: unknown) => reason as Error,
  );
  if (error === undefined) throw new Error('the assertion did not fail');
  return error.message;
};

describe('a failing matcher', () => {
  test('toReceive shows the frame that comes nearest, and in what it differs', async ({ bed: lab }) => {
    await lab.port(0).send(to('10.1.0.1'), to('10.1.0.2'));
    await lab.settled();
    const port = lab.port(1);
    const fields = { ipv4: { dst: '10.1.0.2', ttl: 62 }, udp: { dstPort: expect.any(Number) as number } };
    const message = await complaint(expect(port).toReceive(fields, { timeoutMs: 50 }));
    expect(message).toContain(
      'right was expected to send, within 50 ms, a frame with\n  ipv4.dst: 10.1.0.2\n  ipv4.ttl: 62',
    );
    expect(message).toContain('It sent 2 frames. The nearest, number 2, differs in\n  ipv4.ttl: expected 62, is 63\n');
    expect(message).toMatch(/^0000 {2}02 00 00 00 01 01 .*\n0010 {2}.*/m);
    expect(message).toMatch(/^ {2}udp \{"srcPort":1000,"dstPort":2000,/m);
    const bytes = Uint8Array.from(port.waiting[0]!.bytes);
    bytes[50]! ^= 1;
    const marked = await complaint(expect(port).toReceive(bytes, { timeoutMs: 10 }));
    expect(marked).toMatch(/^0030 {2}.*\n {12}\^\^$/m);
    expect(await complaint(expect(lab.port(2)).toReceive({}, { timeoutMs: 10 }))).toContain('It sent nothing.');
    await expect(port).not.toReceive({ ipv4: { dst: '10.1.0.3' } });
    expect(await complaint(expect(port).not.toReceive({ ipv4: { dst: '10.1.0.2' } }))).toContain('It did:');
  });

  test('toReceiveNothing and toBalance show what there is', async ({ bed: lab }) => {
    await lab.port(0).send(to('10.1.0.1'));
    expect(await complaint(expect(lab.port(1)).toReceiveNothing())).toMatch(/1 frames wait\. The first:\n0000/);
    const stats = lab.client.stats();
    const cooked = { ports: stats.ports.map((port) => ({ ...port, sunk: { packets: port.sunk.packets + 1n } })) };
    expect(await complaint(expect(cooked).toBalance())).toMatch(
      /port 0: rx 1 \+ injected 0 \+ generated 0 = 1, but .* = 2/,
    );
    await expect(expect(lab).toReceive({})).rejects.toMatchObject({ code: 'WDPDK_E_ARGUMENT' });
  });

  test('a bed that does not settle says what is under way', async ({ bed: lab }) => {
    lab.port(0).faults({ in: { delay: { share: 1, ms: 60_000 } } });
    await lab.port(0).send(to('10.1.0.1'));
    const late = lab.settled({ timeoutMs: 100 });
    await expect(late).rejects.toMatchObject({ code: 'WDPDK_E_TIMEOUT' });
    await expect(late).rejects.toThrow(/left: frames held back by faults: 1 of 0/);
  });
});
