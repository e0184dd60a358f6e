// SPDX-License-Identifier: BSD-3-Clause
// Many at once: 16 clients with 64 queues on two lcores and two receive queues a port, each given exactly the frames that
// tshark shows for its filter; and groups that share flows between their members.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { frame, launch, type Dataplane, type RxOptions } from 'wdpdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempDir } from './support/bed.ts';
import { framesMatching, mixedPcap, readPcap } from './support/captures.ts';
import { startProgram, type Program } from './support/program.ts';
import { writePcap } from './support/pcap.ts';
import { waitFor, waitForCount } from './support/wait.ts';

const digest = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex').slice(0, 16);
const input = readPcap(mixedPcap);

/** Matches in our language beside tshark's; every construct is there: fields, any, not, both within each other. */
const cases: readonly { match: NonNullable<RxOptions['match']>; filter: string }[] = [
  { match: {}, filter: 'frame' },
  { match: { proto: 'udp', dstPort: 9000 }, filter: 'udp.dstport == 9000 && !icmp && !icmpv6' },
  { match: { dst: 'fd78::/64' }, filter: 'ipv6.dst#1 == fd78::/64' },
  { match: { proto: 'tcp', srcPort: 8080 }, filter: 'tcp.srcport == 8080 && !icmp && !icmpv6' },
  { match: { not: { proto: 'tcp' } }, filter: '!(ip.proto#1 == 6 || (ipv6 && tcp && !icmpv6))' },
  {
    match: { any: [{ dstPort: [9000, 9001] }, { srcPort: 8080 }] },
    filter:
      '(udp.dstport in {9000..9001} || tcp.dstport in {9000..9001} || tcp.srcport == 8080 || udp.srcport == 8080) && !icmp && !icmpv6',
  },
  {
    match: { proto: 'udp', not: { any: [{ dstPort: 9000 }, { dst: '10.77.0.0/16' }] } },
    filter:
      '(udp || ip.proto == 17 || ipv6.fraghdr.nxt == 17) && !icmp && !icmpv6 && !(udp.dstport == 9000) && !(ip.dst#1 == 10.77.0.0/16)',
  },
  {
    match: { any: [{ proto: 'icmp' }, { proto: 2 }] },
    filter: 'ip.proto#1 == 1 || icmpv6 || ipv6.fraghdr.nxt == 58 || ip.proto#1 == 2',
  },
];

async function replay(rx: string): Promise<Dataplane> {
  const dataplane = await launch({
    hold: true,
    lcores: '0,1',
    rxQueues: 2,
    ports: [{ pcap: { rx, pps: 20_000 } }, { devargs: 'net_null1,no-rx=1' }],
    forwarding: { ports: { 0: { mode: 'io', to: 1 } } },
  });
  onTestFinished(async () => void (await dataplane.close()));
  return dataplane;
}

interface QueueSaid {
  frames: string[];
  delivered: number;
  lost: number;
}

async function settled(programs: readonly Program[]): Promise<QueueSaid[][]> {
  return waitFor(
    async () => {
      const said = await Promise.all(programs.map((program) => program.ask('report', { timeoutMs: 30_000 })));
      return said.every(({ quiet }) => Number(quiet) > 300) && said.map(({ queues }) => queues as QueueSaid[]);
    },
    { timeoutMs: 60_000, what: 'all queues to fall silent' },
  );
}

describe('16 clients, 64 queues, two lanes each', () => {
  it('each queue gets exactly what a tshark filter shows', { timeout: 240_000 }, async () => {
    const dataplane = await replay(mixedPcap);
    const observer = await dataplane.attach();
    const programs: Program[] = [];
    const wanted: string[][][] = [];
    for (let n = 0; n < 16; n++) {
      const mine = Array.from({ length: 4 }, (_, k) => cases[(n + k * 3) % cases.length]!);
      const rx = mine.map(({ match }, k) => ({ port: k % 2 === 0 ? 0 : 'any', match, slots: 8192 }));
      wanted.push(mine.map(({ filter }) => framesMatching(filter).map((number) => digest(input[number - 1]!.data))));
      const program = startProgram('many', { instance: dataplane.instance, name: `many-${n}`, rx });
      await program.next('open', { timeoutMs: 30_000 });
      programs.push(program);
    }
    const { clients } = await observer.report();
    expect(clients.flatMap(({ queues }) => queues).length).toBe(64);
    await dataplane.release();
    await waitForCount(() => observer.stats().ports[0]!.rx.packets, input.length, {
      timeoutMs: 60_000,
      what: 'the capture',
    });
    const said = await settled(programs);
    said.forEach((queues, n) =>
      queues.forEach(({ frames, lost, delivered }, k) => {
        const filter = cases[(n + k * 3) % cases.length]!.filter;
        expect(lost, `client ${n}, ${filter}: lost`).toBe(0);
        expect(delivered, `client ${n}, ${filter}: delivered`).toBe(frames.length);
        expect(frames.toSorted(), `client ${n}, ${filter}`).toEqual(wanted[n]![k]!.toSorted());
      }),
    );
  });
});

const FLOWS = 400;
const ROUNDS = 40;

/** Frame `round` of flow `n`, in the one direction or the other; payload tells which it is. */
function flowFrame(n: number, round: number, back: boolean): Uint8Array {
  const near = { ip: `10.1.${n >> 8}.${n & 255}`, port: 1024 + n };
  const far = { ip: `10.2.0.${n % 7}`, port: 443 };
  const [from, to] = back ? [far, near] : [near, far];
  return frame({
    ipv4: { src: from.ip, dst: to.ip },
    udp: { srcPort: from.port, dstPort: to.port },
    payload: `${n}/${round}/${back ? 'back' : 'forth'}`.padEnd(24),
  });
}

describe('a group that shares the flows', () => {
  it(
    'both directions of each flow at one member; killing one moves only its flows, and all is counted',
    { timeout: 180_000 },
    async () => {
      const rx = path.join(tempDir(), 'flows.pcap');
      const frames: Uint8Array[] = [];
      const flowOf = new Map<string, number>();
      for (let round = 0; round < ROUNDS; round++)
        for (let n = 0; n < FLOWS; n++)
          for (const back of [false, true]) {
            const bytes = flowFrame(n, round, back);
            flowOf.set(digest(bytes), n);
            frames.push(bytes);
          }
      writePcap(rx, frames);
      const dataplane = await replay(rx);
      const operator = await dataplane.attach({ name: 'operator', want: ['observe', 'configure'] });
      const members = [0, 1, 2].map((n) =>
        startProgram('many', {
          instance: dataplane.instance,
          name: `member-${n}`,
          rx: [{ port: 0, slots: 32768, fanout: { group: 'ids', by: 'flow-symmetric' } }],
        }),
      );
      for (const member of members) await member.next('open', { timeoutMs: 30_000 });
      await dataplane.release();
      // In the middle of the capture one of them dies.
      await waitForCount(() => operator.stats().ports[0]!.rx.packets, frames.length / 3, { timeoutMs: 60_000 });
      await operator.hold();
      const before = await settled(members);
      await members[2]!.kill();
      await waitFor(async () =>
        (await operator.report()).clients.some(({ name, left }) => name === 'member-2' && left),
      );
      await operator.release();
      await waitForCount(() => operator.stats().ports[0]!.rx.packets, frames.length, { timeoutMs: 60_000 });
      const after = await settled(members.slice(0, 2));

      const owner = new Map<number, number>();
      before.forEach(([queue], member) => {
        for (const seen of queue!.frames) {
          const flow = flowOf.get(seen)!;
          expect(owner.get(flow) ?? member, `flow ${flow} is at one member`).toBe(member);
          owner.set(flow, member);
        }
      });
      expect(owner.size).toBe(FLOWS);
      for (const member of [0, 1, 2]) {
        const share = [...owner.values()].filter((at) => at === member).length;
        expect(share, `flows of member ${member}`).toBeGreaterThan(FLOWS / 6);
      }
      const heir = new Map<number, number>();
      after.forEach(([queue], member) => {
        for (const seen of queue!.frames.slice(before[member]![0]!.frames.length)) {
          const flow = flowOf.get(seen)!;
          if (owner.get(flow) !== 2) expect(member, `flow ${flow} stays where it was`).toBe(owner.get(flow));
          else expect(heir.get(flow) ?? member, `flow ${flow} has one heir`).toBe(member);
          heir.set(flow, member);
        }
      });
      expect(heir.size, 'flows seen afterwards').toBe(FLOWS);
      const got = [...after, before[2]!].flat();
      expect(got.reduce((n, { frames: list }) => n + list.length, 0)).toBe(frames.length);
      const { summary } = await (async () => {
        await operator.close();
        return dataplane.close();
      })();
      const { attempts, delivered } = summary!.ports[0]!.mirrored;
      expect(attempts).toBe(frames.length);
      expect(delivered).toBe(frames.length);
    },
  );
});
