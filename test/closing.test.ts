// SPDX-License-Identifier: BSD-3-Clause
// Whatever is thrown, wherever: what was opened ends from the inside out (queue, client, dataplane), and nothing of it is left.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { mappedSegments } from 'shared-memory-ipc';
import { attach, launch, template, type Client, type Dataplane, type Diagnostic, type RxTxQueue } from 'wdpdk';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { system, tempDir } from './support/bed.ts';
import { udpFrame } from './programs/frames.mjs';
import { writePcap } from './support/pcap.ts';
import { waitFor, waitForCount } from './support/wait.ts';

const boom = new Error('boom');
const want = ['observe', 'receive', 'transmit', 'redirect', 'configure'] as const;
let folders: { run: string; temporary: string };
let capture: string;
let events: Diagnostic[];
let resources: string[];
let descriptors: number;
const listen = (message: unknown) => void events.push(message as Diagnostic);

/** Kinds of handles the event loop has. The runner's own clocks and writes come and go. */
const open = () =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => !/^(Timeout|Immediate)$|Write|Connect|Shutdown|Req/.test(kind))
    .sort();
const descriptorCount = () => (system === 'linux' ? readdirSync('/proc/self/fd').length : 0);
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => entry.name);

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

beforeEach(() => {
  const base = tempDir();
  capture = path.join(base, 'in.pcap');
  writePcap(
    capture,
    Array.from({ length: 64 }, (_, n) => udpFrame(n, 100)),
  );
  // Folders of our own show what is left in them.
  folders = { run: tempDir(), temporary: tempDir() };
  for (const name of ['XDG_RUNTIME_DIR', 'LOCALAPPDATA']) vi.stubEnv(name, folders.run);
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, folders.temporary);
  events = [];
  subscribe('wdpdk', listen);
  resources = open();
  descriptors = descriptorCount();
});

afterEach(() => {
  unsubscribe('wdpdk', listen);
  vi.unstubAllEnvs();
});

const start = () =>
  launch({
    instance: `closing-${process.pid}`,
    ports: [{ pcap: { rx: capture, loop: true, pps: 20_000 } }, { null: true }],
    forwarding: { ports: { 0: { mode: 'io', to: 1 }, 1: { mode: 'drop' } } },
  });

async function nothingIsLeft(dataplane: Dataplane): Promise<void> {
  const { code } = await dataplane.exited;
  expect(code).toBe(0);
  await waitFor(() => !isRunning(dataplane.pid), { what: 'the end of the process' });
  await expect(attach({ instance: dataplane.instance })).rejects.toMatchObject({ code: 'WDPDK_E_NOT_FOUND' });
  expect(filesIn(folders.run).filter((name) => !name.endsWith('.lock'))).toEqual([]);
  expect(filesIn(folders.temporary)).toEqual([]);
  expect(mappedSegments()).toBe(0);
  await vi.waitFor(() => expect(open()).toEqual(resources), { timeout: 5000 });
  await vi.waitFor(() => expect(descriptorCount()).toBeLessThanOrEqual(descriptors), { timeout: 5000 });
}

type Body = (queue: RxTxQueue, client: Client) => Promise<unknown>;
const frame = template({ udp: {} });

const bodies: [string, Body][] = [
  [
    'a poll handler',
    (queue) =>
      waitFor(() => {
        queue.poll(() => {
          throw boom;
        });
      }),
  ],
  [
    'a run handler',
    (queue) =>
      queue.run((burst) => {
        queue.send(burst.at(0));
        throw boom;
      }),
  ],
  [
    'the body of for await',
    async (queue) => {
      for await (const burst of queue.bursts()) {
        expect(burst.at(0).length).toBeGreaterThan(0);
        throw boom;
      }
    },
  ],
  [
    'the body of for of, inside for await',
    async (queue) => {
      for await (const burst of queue.bursts({ max: 8 }))
        for (const packet of burst) {
          queue.send(packet);
          throw boom;
        }
    },
  ],
  [
    'the body of a batch',
    async (queue) => {
      await queue.writable(8);
      using batch = queue.reserve(8);
      for (const slot of batch) {
        slot.from(frame);
        throw boom;
      }
    },
  ],
  [
    'the body of an iterator of events',
    async (_, client) => {
      const waiting = client.events();
      await client.forwarding.set({ ports: { 0: { mode: 'macswap', to: 1 } } });
      for await (const event of waiting) {
        expect(event.type).toBe('config');
        throw boom;
      }
    },
  ],
  [
    'the body of a change that waits for its confirmation',
    async (_, client) => {
      await using applied = await client.forwarding.set(
        { ports: { 0: { mode: 'drop' } } },
        { confirmWithinMs: 60_000 },
      );
      expect(applied.generation).toBeGreaterThan(1);
      throw boom;
    },
  ],
  [
    'a loop that is being waited for',
    async (queue, client) => {
      const waiting = [queue.run(() => 0), client.events().next(), queue.flush()];
      for (const promise of waiting) promise.catch(() => undefined);
      await waitForCount(() => queue.stats().delivered.packets, 100);
      throw boom;
    },
  ],
];

describe('an error out of', () => {
  it.each(bodies)('%s ends queue, client and dataplane in that order', async (_, body) => {
    let dataplane: Dataplane | undefined;
    const program = async () => {
      await using dp = await start();
      dataplane = dp;
      await using client = await dp.attach({ want });
      await using queue = await client.openRxTx({ port: 0 });
      await body(queue, client);
    };
    await expect(program()).rejects.toBe(boom);
    await nothingIsLeft(dataplane!);
    expect(events.map(({ event }) => event)).toEqual([
      'launched',
      'attached',
      'queue-opened',
      'queue-closed',
      'detached',
      'ended',
    ]);
  });

  const levels: [string, number, string[]][] = [
    ['a block with a dataplane', 0, ['launched', 'ended']],
    ['a block with a client', 1, ['launched', 'attached', 'detached', 'ended']],
  ];
  it.each(levels)('%s ends what is open by then', async (_, depth, order) => {
    let dataplane: Dataplane | undefined;
    const program = async () => {
      await using dp = await start();
      dataplane = dp;
      if (depth === 0) throw boom;
      await using client = await dp.attach({ want });
      await client.ports();
      throw boom;
    };
    await expect(program()).rejects.toBe(boom);
    await nothingIsLeft(dataplane!);
    expect(events.map(({ event }) => event)).toEqual(order);
  });

  it('a client that opened queues and forgot them ends them all the same', async () => {
    let dataplane: Dataplane | undefined;
    const program = async () => {
      await using dp = await start();
      dataplane = dp;
      await using client = await dp.attach({ want });
      for (let i = 0; i < 5; i++) await client.openRxTx({ port: i & 1 });
      throw boom;
    };
    await expect(program()).rejects.toBe(boom);
    await nothingIsLeft(dataplane!);
    const order = events.map(({ event }) => event);
    expect(order.filter((event) => event === 'queue-closed')).toHaveLength(5);
    expect(order.slice(-2)).toEqual(['detached', 'ended']);
  });
});

describe('in a dataplane that goes on', () => {
  it.each(bodies)('an error out of %s leaves no buffer, queue or segment', async (_, body) => {
    const dataplane = await start();
    try {
      const observer = await dataplane.attach({ name: 'observer', want: ['observe', 'configure'] });
      const quiet = async () => {
        await observer.hold();
        const { memory } = await observer.report();
        await observer.release();
        return memory;
      };
      const before = await quiet();
      const program = async () => {
        await using client = await dataplane.attach({ name: 'thrower', want });
        await using queue = await client.openRxTx({ port: 0, action: 'redirect' });
        await body(queue, client);
      };
      for (let round = 0; round < 3; round++) await expect(program()).rejects.toBe(boom);
      await waitFor(
        async () => {
          const { clients } = await observer.report();
          const throwers = clients.filter(({ name }) => name === 'thrower');
          return throwers.every(({ left, queues }) => left && queues.every((queue) => !queue.open)) || undefined;
        },
        { what: 'the end of every client that threw' },
      );
      expect(await quiet()).toEqual(before);
      expect((await observer.forwarding.get()).config.ports[0]?.mode).not.toBe('drop');
      await observer.close();
      expect(mappedSegments()).toBe(0);
    } finally {
      await dataplane.close();
    }
    await nothingIsLeft(dataplane);
  });
});
