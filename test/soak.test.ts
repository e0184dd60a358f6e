// SPDX-License-Identifier: BSD-3-Clause
// Minutes of everything at once: clients come, go, stall and are killed, the configuration changes, is confirmed, undone and
// abandoned, under traffic; and at the end the books balance to the packet. WDPDK_SOAK_SECONDS says how long (30; .ci/run: 300),
// WDPDK_SEED repeats one run's choices.
import { launch, type Client, type Dataplane, type Forwarding, type PortMode } from 'wdpdk';
import { expect, it } from 'vitest';
import { random, type Chance } from './programs/random.mjs';
import { mixedPcap } from './support/captures.ts';
import { startProgram, type Program } from './support/program.ts';
import { checkBalance, checkQueues, type Summary } from './support/summary.ts';
import { waitFor, within } from './support/wait.ts';

const seconds = Number(process.env['WDPDK_SOAK_SECONDS'] ?? 30);
const seed = Number(process.env['WDPDK_SEED'] ?? Date.now() % 1_000_000);
const SLOTS = 4;

/** Ports: 0 a looped capture, 1 swallows what is sent, 2 and 3 the ends of a wire, a generator at one of them. */
function configuration(chance: Chance): Forwarding {
  const inbound: PortMode[] = [
    { mode: 'l3fwd' },
    { mode: 'io', to: 1 },
    { mode: 'macswap', to: 1 },
    { mode: 'l2fwd', to: 1 },
    { mode: 'sink' },
    { mode: 'drop' },
  ];
  return {
    ports: {
      0: chance.from(inbound),
      1: { mode: 'drop' },
      2: { mode: 'pktgen', flows: 16, size: 'imix', rate: { pps: 5000 + chance.below(10_000) } },
      3: chance.from<PortMode>([{ mode: 'sink' }, { mode: 'l3fwd' }]),
    },
    routes: Array.from({ length: 1 + chance.below(50) }, (_, n) => ({
      to: n === 0 ? ('0.0.0.0/0' as const) : (`10.${n}.0.0/16` as const),
      via: 1,
      nextHopMac: `02:aa:00:00:00:${chance.below(256).toString(16).padStart(2, '0')}`,
    })),
  };
}

interface Tally {
  changes: number;
  undone: number;
  killed: number;
}

/** One change; a third of them needs a confirmation, which may come, be withdrawn, or never come. */
async function reconfigure(operator: Client, chance: Chance, tally: Tally): Promise<void> {
  const next = configuration(chance);
  tally.changes++;
  if (chance.chance(0.66)) return void (await operator.forwarding.set(next));
  const fate = chance.from(['confirm', 'rollback', 'forget']);
  const applied = await operator.forwarding.set(next, { confirmWithinMs: fate === 'forget' ? 300 : 20_000 });
  if (fate === 'confirm') return applied.confirm();
  tally.undone++;
  if (fate === 'rollback') return applied.rollback();
  await waitFor(async () => (await operator.forwarding.get()).generation > applied.generation, {
    what: 'the change to be undone by itself',
  });
}

async function disturb(dataplane: Dataplane, operator: Client, tally: Tally): Promise<void> {
  const chance = random(seed);
  const until = performance.now() + seconds * 1000;
  const slots: (Program | undefined)[] = Array.from({ length: SLOTS });
  let n = 0;
  while (performance.now() < until) {
    for (let i = 0; i < SLOTS; i++) {
      slots[i] ??= startProgram('soaker', {
        instance: dataplane.instance,
        name: `soaker-${i}`,
        seed: seed + n++,
        ports: [0, 1, 2, 3],
        sendTo: [1],
      });
    }
    await within(reconfigure(operator, chance, tally), { what: 'a change of the configuration' });
    const stats = operator.stats();
    expect(stats.ports[0]!.rx.packets, 'port 0 receives on').toBeGreaterThan(0n);
    for (let i = 0; i < SLOTS; i++) {
      const program = slots[i]!;
      const over = await Promise.race([program.ended.then((code) => ({ code })), Promise.resolve(undefined)]);
      if (over) {
        expect(over.code, `soaker ${i}: ${program.stderr}`).toBe(0);
        slots[i] = undefined;
      } else if (program.events.length > 0 && chance.chance(0.03)) {
        // Only who runs: programs killed while they begin have crashed Wine's server, and are nothing to the dataplane yet.
        await within(program.kill(), { what: `soaker ${i} to be gone` });
        tally.killed++;
        slots[i] = undefined;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, chance.below(200)));
  }
  await Promise.all(slots.map((program) => program?.kill()));
}

it(
  `${seconds} s of clients coming, going, stalling and dying, and of changes (seed ${seed})`,
  { timeout: (seconds + 60) * 1000 },
  async () => {
    const dataplane = await launch({
      lcores: '0,1',
      ports: [
        { pcap: { rx: mixedPcap, loop: true, pps: 20_000 } },
        { devargs: 'net_null1,no-rx=1' },
        { wire: 'w' },
        { wire: 'w' },
      ],
      forwarding: configuration(random(seed)),
    });
    const tally: Tally = { changes: 0, undone: 0, killed: 0 };
    try {
      const operator = await dataplane.attach({ name: 'operator', want: ['observe', 'configure'] });
      const generation = (await operator.forwarding.get()).generation;
      await disturb(dataplane, operator, tally);
      await waitFor(async () => (await operator.report()).clients.filter(({ left }) => !left).length === 1, {
        what: 'the dead clients to be gone',
      });
      await operator.hold();
      const { memory } = await operator.report();
      expect((await operator.forwarding.get()).generation).toBe(generation + tally.changes + tally.undone);
      await operator.close();
      const { summary, stderrTail } = await dataplane.close();
      expect(summary, stderrTail).toBeDefined();
      checkBalance(summary as unknown as Summary);
      checkQueues(summary as unknown as Summary);
      expect(memory.segments, 'segments that are left').toBeLessThanOrEqual(1);
      if (seconds >= 60) expect(tally.killed, 'clients killed').toBeGreaterThan(0);
      console.log(
        `${JSON.stringify(tally)} ${JSON.stringify(summary!.ports.map(({ rx, tx }) => [rx.packets, tx.packets]))}`,
      );
    } finally {
      await dataplane.close();
    }
  },
);
