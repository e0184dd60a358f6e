// SPDX-License-Identifier: BSD-3-Clause
// Interrupts of receive queues: who waits for a packet sleeps, and is woken. The model's line is a FIFO, as a driver through UIO has one;
// where the system has none (Windows) that is refused in words.
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { system, tempDir } from '../support/bed.ts';
import { ether, ip4, payload, udp } from '../support/offload-frames.ts';
import { waitFor } from '../support/wait.ts';
import type { ModelPort } from '../support/xl710-model.ts';
import { endWell, openPort, type Port } from '../support/xl710-packets.ts';

const frame = ether(ip4(udp(45001, 55001, payload(40)))).toString('hex');
const none = { event: 'woken', queues: [] };

/** A port whose interrupts come by a FIFO; its queue 0 is listened to. What it sends comes back to it. */
async function listening(options = ''): Promise<Port> {
  const line = path.join(tempDir(), 'line');
  await execa('mkfifo', [line]);
  const port = await openPort(['--wire', 'loop'], line);
  await port.does(`configure rxq=2 rxint ${options}`);
  await port.does('link');
  await port.does('listen q=0');
  await quiet(port);
  return port;
}

/** What was raised before is taken: a sleep that nobody ends. */
async function quiet(port: Port): Promise<void> {
  await port.does('disarm q=0');
  await waitFor(async () => ((await port.does('await ms=200'))['queues'] as number[]).length === 0, {
    what: 'a line that stays down',
  });
}

const counted = async ({ model }: Port): Promise<ModelPort & { interruptsLost: number }> =>
  (await model.counters()).ports[0] as ModelPort & { interruptsLost: number };

const onLine: readonly (readonly [string, () => Promise<void>])[] = [
  [
    'wakes who sleeps on it, each time it is armed, and nobody when it is not',
    async () => {
      const port = await listening();
      let untold = 0;
      for (let round = 0; round < 5; round++) {
        const before = (await counted(port)).interrupts;
        await port.does('arm q=0');
        await port.does(`send ${frame}`);
        expect(await port.does('await ms=20000')).toEqual({ event: 'woken', queues: [0] });
        expect((await counted(port)).interrupts).toBeGreaterThan(before);
        const [packet] = await port.receive(1);
        expect(packet!.bytes.subarray(0, 14 + 20 + 8 + 40).toString('hex')).toBe(frame);
        await quiet(port);
        // Not armed: it comes, and nobody is told; unless a look for events was just under way.
        await port.does(`send ${frame}`);
        await port.receive(1);
        if (((await port.does('await ms=200'))['queues'] as number[]).length === 0) untold++;
      }
      expect(untold).toBeGreaterThan(0);
      // The line is one: whoever sleeps on another queue listens to the same.
      await port.does('listen q=1');
      await port.does('arm q=1');
      await port.does(`send ${frame}`);
      expect(await port.does('await ms=20000')).toEqual({ event: 'woken', queues: [0] });
      await port.receive(1);
      await endWell(port);
    },
  ],
  [
    'sleeps through nothing when an interrupt is lost: the next look finds it',
    async () => {
      const port = await listening();
      port.model.inject('lost-interrupt=1');
      await counted(port); // the model has heard it
      await port.does('arm q=0');
      await port.does(`send ${frame}`);
      await waitFor(async () => (await counted(port)).interruptsLost > 0, { what: 'an interrupt to be lost' });
      expect(await port.does('await ms=0')).toEqual(none);
      port.model.inject('lost-interrupt=0');
      expect(await port.does('await ms=20000')).toEqual({ event: 'woken', queues: [0] });
      await port.receive(1);
      await endWell(port);
    },
  ],
  [
    'leaves the events of the link to be heard, and a later start their line',
    async () => {
      const port = await listening('lsc');
      const heard = async (): Promise<number> => Number((await port.does('events'))['link']);
      for (const again of [false, true]) {
        if (again) {
          await port.does('stop');
          await port.does('configure rxq=1 lsc');
          await port.does('link');
        }
        const before = await heard();
        port.model.cable('out');
        await waitFor(async () => (await heard()) > before, { what: 'the cable to be out' });
        port.model.cable('in');
        await waitFor(async () => (await heard()) > before + 1, { what: 'the cable to be in' });
      }
      await endWell(port);
    },
  ],
];

describe('a card without interrupts', () => {
  it('refuses them for its queues, in words', async () => {
    const port = await openPort(['--wire', 'loop']);
    expect(await port.tell('configure rxint')).toMatchObject({ event: 'refused', code: 'ENOTSUP' });
    expect(port.stderr).toMatch(/it has no interrupt at all, so none for receive queues/);
    await port.does('configure lsc');
    expect(await port.tell('arm q=0')).toMatchObject({ event: 'refused', code: 'ENOTSUP' });
    await port.end();
  });
});

describe('a lost interrupt', () => {
  it('of the link is found by the next look', async () => {
    const port = await openPort(['--wire', 'loop', '--inject', 'lost-interrupt=1']);
    await port.does('configure lsc');
    await port.does('link');
    const heard = async (): Promise<number> => Number((await port.does('events'))['link']);
    const before = await heard();
    port.model.cable('out');
    await waitFor(async () => (await heard()) > before, { what: 'the cable to be out' });
    expect((await counted(port)).interruptsLost).toBeGreaterThan(0);
    expect((await counted(port)).interrupts).toBe(0);
    await port.end();
  });
});

/** The model's line is a FIFO; elsewhere a port with one is refused. */
const refused: typeof onLine = [
  [
    'is refused with what to do, where the system has none',
    async () => {
      const line = path.join(tempDir(), 'line');
      await expect(openPort(['--wire', 'loop'], line, 'port only')).rejects.toThrow(/no such interrupts: leave it out/);
    },
  ],
];

describe('an interrupt line', () => {
  it.each(system === 'linux' ? onLine : refused)('%s', async (_, test) => test());
});
