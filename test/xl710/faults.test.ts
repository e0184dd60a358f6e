// SPDX-License-Identifier: BSD-3-Clause
// A card that fails: whatever the model injects, our dataplane goes on when it is over, or ends with words that name what failed.
// That the fault happened is read from the model's own counters.
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Client, type Dataplane, launch } from 'wdpdk';
import { type Xl710, openXl710 } from 'wdpdk/testing';
import { checkBalance, type Summary } from '../support/summary.ts';
import { waitFor, within } from '../support/wait.ts';
import type { ModelPort } from '../support/xl710-model.ts';

interface FaultyPort extends ModelPort {
  readonly adminUnanswered: number;
  readonly interruptsLost: number;
  readonly crcErrors: number;
  readonly generated: number;
  /** Of the wire, frames; heldTx: looks at a stalled queue that had something to send; heldRx: frames that met a stalled queue. */
  readonly faults: Readonly<Record<'dropped' | 'corrupted' | 'reordered' | 'heldTx' | 'heldRx', number>>;
  /** Commands that were carried out late. */
  readonly adminSlow: number;
}

interface Bed {
  readonly card: Xl710;
  readonly client: Client;
  /** Packets that entered by port 0 and left by port 1. */
  went(): { came: number; left: number };
  /** Waits until so many more have gone the whole way. */
  flows(packets?: number): Promise<void>;
  /** Closes all; what both sides counted. */
  end(): Promise<{ model: readonly FaultyPort[]; summary: Summary }>;
}

/** No wait of the driver is longer than a second or two a command, but there are several; a busy machine gets more. */
const LIMIT = { timeoutMs: 50_000 };
let beds = 0;

async function start(card: Xl710): Promise<Dataplane> {
  const instance = `xl710-faults-${process.pid}-${beds++}`;
  const ports = { 0: { mode: 'io', to: 1 }, 1: { mode: 'drop' } } as const;
  const launched = launch({ instance, ports: card.ports, forwarding: { ports }, eal: ['-m', '128'], ...LIMIT });
  const dataplane = await within(launched, { ...LIMIT, what: 'the dataplane, up or refused' });
  onTestFinished(async () => void (await dataplane.close()));
  return dataplane;
}

async function open(inject: readonly string[] = []): Promise<Xl710> {
  const card = await openXl710({ wires: ['generator:pps=20000', 'sink'], inject });
  onTestFinished(async () => void (await card.close()));
  return card;
}

const countsOf = async (card: Xl710): Promise<readonly FaultyPort[]> =>
  (await card.close())['ports'] as readonly FaultyPort[];

/** Frames from a generator at port 0 to a sink at port 1. */
async function bed(inject: readonly string[] = []): Promise<Bed> {
  const card = await open(inject);
  const dataplane = await start(card);
  const client = await dataplane.attach({ name: 'counts', want: ['observe'] });
  const went = () => {
    const { ports } = client.stats();
    return { came: Number(ports[0]!.rx.packets), left: Number(ports[1]!.tx.packets) };
  };
  return {
    card,
    client,
    went,
    flows: async (packets = 300) => {
      const before = went().left;
      await waitFor(() => went().left >= before + packets, { ...LIMIT, what: 'traffic to go on' });
    },
    end: async () => {
      await client.close();
      const { summary } = await within(dataplane.close(), { ...LIMIT, what: 'the dataplane to end' });
      checkBalance(summary as unknown as Summary);
      return { model: await countsOf(card), summary: summary as unknown as Summary };
    },
  };
}

/** Pulls a port's cable and puts it back: for the driver two events, and commands to ask what happened. */
async function flap(bed: Bed, isOver: () => boolean): Promise<void> {
  bed.card.cable(0, 'out');
  await waitFor(isOver, { ...LIMIT, what: 'the cable to be out' });
  bed.card.cable(0, 'in');
}

/** Nothing has left for a while. */
const stands = (bed: Bed): (() => boolean) => {
  let last = { left: -1, at: performance.now() };
  return () => {
    const { left } = bed.went();
    if (left !== last.left) last = { left, at: performance.now() };
    return performance.now() - last.at > 300;
  };
};

describe('at the wire', () => {
  it.each(['drop', 'corrupt', 'reorder'] as const)(
    '%s: what arrived is counted, and traffic goes on',
    async (fault) => {
      const b = await bed([`${fault}=5`]);
      await b.flows(1000);
      b.card.inject(`${fault}=0`);
      await b.flows();
      const { model, summary } = await b.end();
      const [first] = model;
      const { dropped, corrupted, reordered } = first!.faults;
      expect({ drop: dropped, corrupt: corrupted, reorder: reordered }[fault]).toBeGreaterThan(50);
      expect(first!.crcErrors).toBe(corrupted);
      // A frame with a wrong FCS ends at the card, as the dropped one does before it: neither is one that was received.
      expect(summary.ports[0]!.rx.packets).toBeLessThanOrEqual(first!.generated - dropped - corrupted);
    },
  );

  it('link-flap: the port comes back each time', async () => {
    const b = await bed(['link-flap=200']);
    await b.flows(12_000);
    b.card.inject('link-flap=0');
    b.card.cable(0, 'in');
    b.card.cable(1, 'in');
    await b.flows();
    const { model } = await b.end();
    for (const port of model) expect(port.linkChanges).toBeGreaterThan(3);
  });
});

describe('at a queue', () => {
  it.each(['stalled-rx', 'stalled-tx'] as const)(
    '%s: what cannot go is counted; it goes on afterwards',
    async (fault) => {
      const b = await bed();
      await b.flows();
      b.card.inject(`${fault}=0`);
      await waitFor(stands(b), { ...LIMIT, what: 'the queue to stand' });
      b.card.inject(`${fault}=off`);
      await b.flows();
      const { model, summary } = await b.end();
      const held = model[0]!.queues[0] as unknown as { rxDiscards: number };
      const counted = fault === 'stalled-tx' ? summary.ports[0]!.dropped['tx_full'] : held.rxDiscards;
      expect(counted).toBeGreaterThan(100);
      // The card's own word: frames stood there, on the way in or out, and the queue did not move.
      expect(fault === 'stalled-tx' ? model[1]!.faults.heldTx : model[0]!.faults.heldRx).toBeGreaterThan(0);
    },
  );

  it.each(['stalled-rx', 'stalled-tx'] as const)('%s for good: the dataplane ends in order', async (fault) => {
    const b = await bed();
    await b.flows();
    b.card.inject(`${fault}=0`);
    await waitFor(stands(b), { ...LIMIT, what: 'the queue to stand' });
    const { model } = await b.end();
    expect(fault === 'stalled-tx' ? model[1]!.faults.heldTx : model[0]!.faults.heldRx).toBeGreaterThan(0);
  });
});

describe('at the admin queue', () => {
  it('admin-error: a start is refused, in words that name the command', async () => {
    const card = await open(['admin-error=1']);
    await expect(start(card)).rejects.toMatchObject({
      code: 'WDPDK_E_LAUNCH',
      message: expect.stringMatching(/admin command 0x[0-9a-f]{4} \([^)]+\) failed with 5/) as string,
    });
    expect((await countsOf(card))[0]!.adminErrors).toBeGreaterThan(0);
  });

  it('admin-error: a port that runs goes on', async () => {
    const b = await bed();
    await b.flows();
    b.card.inject('admin-error=1');
    await flap(b, stands(b));
    await b.flows();
    b.card.inject('admin-error=0');
    await b.flows();
    const { model } = await b.end();
    expect(model[0]!.adminErrors).toBeGreaterThan(0);
    expect(model[0]!.linkChanges).toBeGreaterThan(2);
  });

  it('admin-timeout: a start ends in time, refused in words that name the command', async () => {
    const card = await open(['admin-timeout=20']);
    await expect(start(card)).rejects.toMatchObject({
      code: 'WDPDK_E_LAUNCH',
      message: expect.stringMatching(/admin command 0x[0-9a-f]{4} \([^)]+\): no answer within 1000 ms/) as string,
    });
    expect((await countsOf(card))[0]!.adminUnanswered).toBeGreaterThan(0);
  });

  it('admin-timeout: a port that runs goes on', async () => {
    const b = await bed();
    await b.flows();
    b.card.inject('admin-timeout=1');
    await flap(b, stands(b));
    await b.flows();
    b.card.inject('admin-timeout=0');
    await flap(b, stands(b));
    await b.flows();
    const { model } = await b.end();
    expect(model[0]!.adminUnanswered).toBeGreaterThan(0);
  });

  it('slow-firmware: everything works, later', async () => {
    const before = performance.now();
    const b = await bed(['slow-firmware=5']);
    await b.flows();
    const took = performance.now() - before;
    const { model } = await b.end();
    for (const port of model) {
      expect(port.adminSlow).toBeGreaterThan(20);
      expect(port.adminSlow).toBeGreaterThanOrEqual(port.adminCommands);
    }
    // They wait for each other: so long it takes at least.
    expect(took).toBeGreaterThan(20 * 5);
  });

  // The dataplane asks for no link events and no receive interrupts: there is none that could be lost. What the driver does
  // about a lost one when an application wants them: interrupts.test.ts.
  it('lost-interrupt: a flap is lived through without any', async () => {
    const b = await bed(['lost-interrupt=1']);
    await b.flows();
    await flap(b, stands(b));
    await b.flows();
    const { model } = await b.end();
    expect(model[0]!.linkChanges).toBeGreaterThan(2);
    expect(model[0]!.interrupts).toBe(0);
  });
});
