// SPDX-License-Identifier: BSD-3-Clause
// Client processes on a running dataplane, fed by a real capture: who gets what, to the frame.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { launch, type Dataplane } from 'wdpdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempDir } from './support/bed.ts';
import { framesMatching, mixedPcap, readPcap } from './support/captures.ts';
import { writePcap } from './support/pcap.ts';
import { startProgram } from './support/program.ts';
import { injectedFrame, udpFrame } from './programs/frames.mjs';
import { waitFor, waitForCount } from './support/wait.ts';

const digest = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex').slice(0, 16);
const input = readPcap(mixedPcap);
const digestsMatching = (filter: string): string[] =>
  framesMatching(filter).map((number) => digest(input[number - 1]!.data));

/** Port 0 reads the capture once, port 1 writes what l3fwd sends on; nothing flows before release(). */
async function replay(out?: string): Promise<Dataplane> {
  const dataplane = await launch({
    hold: true,
    ports: [{ pcap: { rx: mixedPcap } }, { pcap: { tx: out ?? path.join(tempDir(), 'out.pcap') } }],
    forwarding: {
      ports: { 0: { mode: 'l3fwd' }, 1: { mode: 'drop' } },
      routes: [
        { to: '0.0.0.0/0', via: 1 },
        { to: '::/0', via: 1 },
      ],
    },
  });
  onTestFinished(async () => void (await dataplane.close()));
  return dataplane;
}

describe('client processes', () => {
  it('four of them, two matches overlapping, each get exactly what a tshark filter shows', async () => {
    const matches = [
      { match: { proto: 'udp', dstPort: 9000 }, filter: 'udp.dstport == 9000 && !icmp && !icmpv6' },
      { match: { proto: 'udp' }, filter: '(udp || ip.proto == 17 || ipv6.fraghdr.nxt == 17) && !icmp && !icmpv6' },
      { match: { dst: 'fd78::/64' }, filter: 'ipv6.dst#1 == fd78::/64' },
      { match: { proto: 'tcp', srcPort: 8080 }, filter: 'tcp.srcport == 8080 && !icmp && !icmpv6' },
    ];
    const dataplane = await replay();
    const observer = await dataplane.attach({ want: ['observe', 'configure'] });
    const clients = matches.map(({ match }, n) =>
      startProgram('receiver', {
        instance: dataplane.instance,
        name: `match-${n}`,
        rx: { port: 0, match, slots: 16384 },
      }),
    );
    for (const client of clients) await client.next('open');
    await dataplane.release();
    await waitForCount(() => observer.stats().ports[0]!.rx.packets, input.length, { what: 'received frames' });
    for (const [n, client] of clients.entries()) {
      const expected = digestsMatching(matches[n]!.filter);
      expect(expected.length, matches[n]!.filter).toBeGreaterThan(10);
      const report = await waitFor(
        async () => {
          const seen = await client.ask('report');
          return (seen['frames'] as string[]).length >= expected.length ? seen : undefined;
        },
        { what: `${expected.length} frames of ${matches[n]!.filter}` },
      );
      expect(report['frames'], matches[n]!.filter).toEqual(expected);
      expect(report['delivered'], 'as the dataplane counts').toBe(expected.length);
    }
  });

  it('frames that a client injects are on the wire once, in order', async () => {
    const out = path.join(tempDir(), 'out.pcap');
    const dataplane = await launch({ ports: [{ pcap: { tx: out } }] });
    onTestFinished(async () => void (await dataplane.close()));
    const frames = Array.from({ length: 500 }, (_, n) => injectedFrame(n));
    const client = startProgram('injector', {
      instance: dataplane.instance,
      name: 'injector',
      tx: { port: 0 },
      count: frames.length,
    });
    await client.next('open');
    expect((await client.ask('send', { timeoutMs: 20_000 }))['sent']).toBe(frames.length);
    await client.ask('close');
    await dataplane.close();
    const written = readPcap(out).map(({ data }) => data.toString('hex'));
    expect(written).toEqual(frames.map((frame) => frame.toString('hex')));
  });

  it(
    '1,000 changes of the next hop under traffic: every frame by exactly one of them, none lost',
    { timeout: 240_000 },
    async () => {
      const dir = tempDir();
      const [inFile, out] = [path.join(dir, 'in.pcap'), path.join(dir, 'out.pcap')];
      writePcap(
        inFile,
        Array.from({ length: 64 }, (_, n) => udpFrame(n, 60)),
      );
      const dataplane = await launch({
        ports: [{ pcap: { rx: inFile, loop: true, pps: 20_000 } }, { pcap: { tx: out } }],
        idle: 'adaptive',
        forwarding: {
          ports: { 0: { mode: 'l3fwd' } },
          routes: [{ to: '0.0.0.0/0', via: 1, nextHopMac: '02:aa:00:00:00:00' }],
        },
      });
      onTestFinished(async () => void (await dataplane.close()));
      const observer = await dataplane.attach();
      const operator = startProgram('operator', { instance: dataplane.instance, times: 1000, port: 1 });
      await operator.next('open');
      const done = await operator.ask('start', { timeoutMs: 200_000 });
      expect(Number(done['last']) - Number(done['first'])).toBe(1000);
      void observer;
      await dataplane.close();
      let previous = -1;
      const seen = new Set<number>();
      const output = readPcap(out);
      for (const { data } of output) {
        const mac = data.readUIntBE(0, 6);
        expect(Math.floor(mac / 65536)).toBe(0x02aa0000);
        const generation = mac % 65536;
        if (generation < previous) expect.fail(`a frame of configuration ${generation} after one of ${previous}`);
        previous = generation;
        seen.add(generation);
      }
      expect(seen.size, 'configurations that forwarded a frame').toBeGreaterThanOrEqual(900);
      // None lost: the capture is a loop of 64 frames, told apart by their IP identification, so the output must be that loop.
      output.forEach(({ data }, n) => {
        if (data.readUInt16BE(18) !== n % 64) expect.fail(`output frame ${n} is input frame ${data.readUInt16BE(18)}`);
      });
    },
  );
});
