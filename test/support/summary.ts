// SPDX-License-Identifier: BSD-3-Clause
// The dataplane's closing summary (dataplane/app/summary.schema.json) and the accounting equation it must satisfy at rest.
import fs from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { root } from './bed.ts';

interface Count {
  packets: number;
  bytes: number;
}

export interface PortSummary {
  id: number;
  rx: Count;
  tx: Count;
  injected: Count;
  generated: Count;
  forwarded: Count;
  redirected: Count;
  sunk: Count;
  dropped: Record<string, number>;
  mirrored: { attempts: number; delivered: number; dropped: Record<string, number> };
}

export interface Summary {
  ports: PortSummary[];
  clients: {
    name: string;
    counted?: Count;
    queues: { delivered: Count; injected: Count; drops: Record<string, number> }[];
  }[];
  earlier?: { clients: number; delivered: Count; injected: Count };
  balanced: boolean;
}

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);

/** The schema and the equations, worked out here and not taken from `balanced`. */
export function checkBalance(summary: Summary): void {
  const schema = JSON.parse(fs.readFileSync(path.join(root, 'dataplane/app/summary.schema.json'), 'utf8')) as object;
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  expect(validate(summary), JSON.stringify(validate.errors)).toBe(true);
  for (const port of summary.ports) {
    const came = port.rx.packets + port.injected.packets + port.generated.packets;
    const went =
      port.forwarded.packets + port.redirected.packets + port.sunk.packets + sum(Object.values(port.dropped));
    expect(went, `port ${port.id}: rx + injected + generated = forwarded + redirected + sunk + dropped`).toBe(came);
    const { attempts, delivered, dropped } = port.mirrored;
    expect(delivered + sum(Object.values(dropped)), `port ${port.id}: mirrored attempts`).toBe(attempts);
  }
  const total = (pick: (port: PortSummary) => number): number => sum(summary.ports.map(pick));
  expect(
    total((port) => port.tx.packets),
    'frames sent = frames forwarded',
  ).toBe(total((port) => port.forwarded.packets));
  expect(
    total((port) => port.tx.bytes),
    'bytes sent = bytes forwarded',
  ).toBe(total((port) => port.forwarded.bytes));
  expect(summary.balanced).toBe(true);
}

/** What queues were given is what ports say they gave, and the same of what was injected. Only when all queues are closed. */
export function checkQueues(summary: Summary): void {
  const { ports, earlier } = summary;
  const queues = summary.clients.flatMap((client) => client.queues);
  const delivered = sum(queues.map((queue) => queue.delivered.packets)) + (earlier?.delivered.packets ?? 0);
  const injected = sum(queues.map((queue) => queue.injected.packets)) + (earlier?.injected.packets ?? 0);
  expect(delivered, 'delivered, as queues and as ports count').toBe(
    sum(ports.map(({ mirrored, redirected }) => mirrored.delivered + redirected.packets)),
  );
  // What a port did not take is injected as the port counts, and `port_full` as the queue does.
  const full = sum(queues.map(({ drops }) => drops['port_full'] ?? 0));
  expect(sum(ports.map((port) => port.injected.packets)), 'injected, as ports and as queues count').toBe(
    injected + full,
  );
}
