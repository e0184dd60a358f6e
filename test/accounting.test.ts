// SPDX-License-Identifier: BSD-3-Clause
// Every frame is accounted for, whatever happens to it: random mixes of modes, generators, sinks, mirrors, redirects, groups and
// injections, with clients that keep up and clients that do not. At rest the equation holds per port and in total, what queues were
// given is what ports say they gave, and a mirror was offered exactly the frames that tshark shows for its filter.
import path from 'node:path';
import * as fc from 'fast-check';
import { launch, WdpdkError, type Client, type Forwarding, type PortMode, type RxQueue, type TxQueue } from 'wdpdk';
import { expect, it } from 'vitest';
import { system, tempDir } from './support/bed.ts';
import { framesMatching, mixedPcap, readPcap } from './support/captures.ts';
import { udpFrame } from './programs/frames.mjs';
import { checkBalance, checkQueues, type Summary } from './support/summary.ts';
import { waitFor, waitForCount } from './support/wait.ts';

/** 0 replays the capture, 1 is its way out, 2 and 3 are the ends of a wire. */
const PORTS = 4;
const captured = readPcap(mixedPcap).length;

/** Matches and the filter that says what they should take of the capture. */
const matches = [
  { match: undefined, filter: undefined },
  { match: { proto: 'udp', dstPort: 9000 }, filter: 'udp.dstport == 9000 && !icmp && !icmpv6' },
  { match: { proto: 'udp' }, filter: '(udp || ip.proto == 17 || ipv6.fraghdr.nxt == 17) && !icmp && !icmpv6' },
  { match: { dst: 'fd78::/64' }, filter: 'ipv6.dst#1 == fd78::/64' },
  { match: { proto: 'tcp', srcPort: 8080 }, filter: 'tcp.srcport == 8080 && !icmp && !icmpv6' },
] as const;

const to = fc.integer({ min: 0, max: PORTS - 1 });
const passive = fc.oneof(
  fc.constantFrom<PortMode>({ mode: 'drop' }, { mode: 'sink' }, { mode: 'l3fwd' }),
  fc.record({ mode: fc.constantFrom('io' as const, 'macswap' as const, 'l2fwd' as const), to: fc.constant(1) }),
);
const generator = fc.record({
  mode: fc.constant('pktgen' as const),
  flows: fc.integer({ min: 1, max: 100 }),
  size: fc.constantFrom<number | 'imix'>(64, 200, 'imix'),
  ip: fc.constantFrom(4 as const, 6 as const),
  rate: fc.constantFrom({ pps: 20_000 }, 'max' as const),
  count: fc.integer({ min: 1, max: 2000 }),
});

const receiver = fc.record({
  port: fc.oneof(to, fc.constant('any' as const)),
  at: fc.constantFrom('rx' as const, 'tx' as const),
  action: fc.constantFrom('mirror' as const, 'redirect' as const),
  chosen: fc.integer({ min: 0, max: matches.length - 1 }),
  priority: fc.integer({ min: 0, max: 3 }),
  snaplen: fc.constantFrom(0, 64),
  slots: fc.constantFrom(64, 4096),
  keepsUp: fc.boolean(),
  group: fc.constantFrom(undefined, 'a'),
});

const scenario = fc.record({
  lcores: fc.constantFrom('0', '0,1'),
  rxq: fc.constantFrom(1, 2),
  modes: fc.tuple(passive, passive, generator, passive),
  receivers: fc.array(receiver, { maxLength: 5 }),
  injections: fc.array(fc.record({ port: to, frames: fc.integer({ min: 1, max: 200 }) }), { maxLength: 2 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

interface Receiving {
  readonly queue: RxQueue;
  readonly keepsUp: boolean;
  /** How many frames a mirror of port 0 must have been offered. */
  readonly offered: number | undefined;
}

async function openReceivers(client: Client, wanted: Scenario['receivers']): Promise<Receiving[]> {
  const open: Receiving[] = [];
  for (const { chosen, keepsUp, group, ...options } of wanted) {
    const { match, filter } = matches[chosen]!;
    const fanout = group === undefined ? {} : { fanout: { group } };
    try {
      const queue = await client.openRx({ ...options, ...fanout, ...(match ? { match } : {}) });
      const exact = options.port === 0 && options.at === 'rx' && options.action === 'mirror' && group === undefined;
      const offered = filter === undefined ? captured : framesMatching(filter).length;
      open.push({ queue, keepsUp, offered: exact ? offered : undefined });
    } catch (error) {
      // Two redirects that overlap, a group whose members differ: refused, and none the worse for it.
      if (!WdpdkError.is(error, 'WDPDK_E_CONFLICT')) throw error;
    }
  }
  return open;
}

function inject(queue: TxQueue, frames: number): void {
  for (let n = 0; n < frames; n++) if (!queue.sendFrame(udpFrame(n, 60 + (n % 500)))) return;
}

async function play({ lcores, rxq, modes, receivers, injections }: Scenario): Promise<void> {
  const [mode0, mode1, mode2, mode3] = modes;
  const forwarding: Forwarding = {
    // What would run in a circle for ever: frames of the wire's one end that go out by it again.
    ports: { 0: mode0, 1: mode1, 2: mode2, 3: mode3 },
    routes: [
      { to: '0.0.0.0/0', via: 1 },
      { to: '::/0', via: 1 },
    ],
  };
  const dir = tempDir();
  const dataplane = await launch({
    hold: true,
    lcores,
    rxQueues: rxq,
    forwarding,
    ports: [
      { pcap: { rx: mixedPcap, tx: path.join(dir, '0.pcap') } },
      { pcap: { tx: path.join(dir, '1.pcap') } },
      { wire: 'w' },
      { wire: 'w' },
    ],
  });
  try {
    const client = await dataplane.attach({
      name: 'mixer',
      want: ['observe', 'receive', 'transmit', 'redirect', 'configure'],
    });
    const open = await openReceivers(client, receivers);
    const senders: TxQueue[] = [];
    for (const { port, frames } of injections) {
      const queue = await client.openTx({ port });
      inject(queue, frames);
      senders.push(queue);
    }
    await client.release();
    const drain = () =>
      open.reduce((n, { queue, keepsUp }) => n + (keepsUp ? queue.poll((burst) => burst.length, 256) : 0), 0);
    const wait = { timeoutMs: 20_000 };
    await waitForCount(() => (drain(), client.stats().ports[0]!.rx.packets), captured, {
      ...wait,
      what: 'the capture',
    });
    await waitForCount(() => (drain(), client.stats().ports[2]!.generated.packets), mode2.count, {
      ...wait,
      what: 'pktgen',
    });
    for (const queue of senders) await queue.flush(wait);
    // At rest: nothing moves any more once ports and clients are not asked.
    await client.hold();
    await waitFor(() => drain() === 0, wait);
    for (const { queue, offered } of open) {
      await queue.close();
      const { delivered, drops } = queue.stats();
      if (offered !== undefined)
        expect(delivered.packets + drops['rx_full']! + drops['no_slot']!).toBe(BigInt(offered));
    }
    await client.close();
    const { summary, stderrTail } = await dataplane.close();
    expect(summary, stderrTail).toBeDefined();
    checkBalance(summary as unknown as Summary);
    checkQueues(summary as unknown as Summary);
  } finally {
    await dataplane.close();
  }
}

it('balances for any mix of modes, receivers, generators and injections', { timeout: 300_000 }, async () => {
  await fc.assert(fc.asyncProperty(scenario, play), {
    numRuns: system === 'linux' ? 20 : 5,
    // A start of the dataplane each: what counts is to see a failing case, not the smallest one.
    endOnFailure: true,
    ...(process.env['WDPDK_SEED'] ? { seed: Number(process.env['WDPDK_SEED']) } : {}),
  });
});
