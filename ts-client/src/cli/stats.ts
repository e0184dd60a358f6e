// SPDX-License-Identifier: BSD-3-Clause
import type { Command } from 'commander';
import { createLogUpdate } from 'log-update';
import type { Client } from '../client.ts';
import type { Report } from '../report.ts';
import type { Stats } from '../stats.ts';
import type { Rates } from '../stats/rates.ts';
import { count, seconds } from './arguments.ts';
import { type Target, onInstance, withClient } from './common.ts';
import { print } from './say.ts';
import { untilStopped } from './stopping.ts';
import { short, table } from './table.ts';

interface StatsOptions extends Target {
  readonly interval: number;
  readonly count?: number;
  readonly seconds?: number;
  readonly json?: boolean;
}

interface ClientRates {
  readonly id: number;
  readonly name: string;
  readonly pid: number;
  readonly queues: number;
  readonly deliveredPerSecond: number;
  readonly injectedPerSecond: number;
  readonly dropsPerSecond: number;
}

interface Reading {
  readonly stats: Stats;
  readonly report: Report;
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => a + b, 0);
const dropsOf = (client: Report['clients'][number]): number =>
  sum(client.queues.flatMap(({ drops }) => Object.values(drops)));

function clientRates(now: Report, before: Report, elapsed: number): ClientRates[] {
  return now.clients
    .filter(({ left }) => !left)
    .map((client) => {
      const earlier = before.clients.find(({ id }) => id === client.id);
      const rate = (pick: (one: Report['clients'][number]) => number): number =>
        (pick(client) - (earlier ? pick(earlier) : 0)) / elapsed;
      return {
        id: client.id,
        name: client.name,
        pid: client.pid,
        queues: client.queues.filter(({ open }) => open).length,
        deliveredPerSecond: rate(({ delivered }) => delivered.packets),
        injectedPerSecond: rate(({ injected }) => injected.packets),
        dropsPerSecond: rate(dropsOf),
      };
    });
}

function drawn(
  instance: string,
  { ports, lcores, seconds: elapsed }: Rates,
  clients: readonly ClientRates[],
  names: ReadonlyMap<number, string>,
): string {
  const lines = [`${instance}, over ${elapsed.toFixed(1)} s`, ''];
  const portRows = ports.map(({ id, rx, tx, drops }) => {
    const dropped = Object.entries(drops).filter(([, n]) => n > 0);
    const why = dropped.sort(([, a], [, b]) => b - a).slice(0, 3);
    return [
      `${id} ${names.get(id) ?? ''}`,
      short(rx.packetsPerSecond),
      short(rx.bitsPerSecond),
      short(tx.packetsPerSecond),
      short(tx.bitsPerSecond),
      short(sum(dropped.map(([, n]) => n))),
      ` ${why.map(([cause]) => cause).join(' ')}`,
    ];
  });
  lines.push(table([['port', 'rx pps', 'rx bit/s', 'tx pps', 'tx bit/s', 'drops/s', ''], ...portRows]), '');
  const lcoreRows = lcores.map(({ id, packetsPerSecond, cyclesPerPacket, busyShare }) => [
    String(id),
    short(packetsPerSecond),
    `${(busyShare * 100).toFixed(1)} %`,
    short(cyclesPerPacket),
  ]);
  lines.push(table([['lcore', 'packets/s', 'busy', 'cycles/packet'], ...lcoreRows]), '');
  const clientRows = clients.map(({ id, name, pid, queues, deliveredPerSecond, injectedPerSecond, dropsPerSecond }) => [
    `${id} ${name}`,
    String(pid),
    String(queues),
    short(deliveredPerSecond),
    short(injectedPerSecond),
    short(dropsPerSecond),
  ]);
  lines.push(table([['client', 'pid', 'queues', 'delivered/s', 'injected/s', 'drops/s'], ...clientRows]));
  return lines.join('\n');
}

/** One line of JSON per interval: rates, and the counters they come from. */
const jsonLine = (
  instance: string,
  { stats, report }: Reading,
  rates: Rates,
  clients: readonly ClientRates[],
): string =>
  JSON.stringify({
    instance,
    at: new Date().toISOString(),
    generation: report.generation,
    rates: { ...rates, clients },
    counters: { ports: stats.ports, lcores: stats.lcores },
  });

async function watch(client: Client, options: StatsOptions, stop: { readonly done: Promise<void> }): Promise<void> {
  const names = new Map((await client.ports()).map(({ id, name }) => [id, name]));
  const read = async (): Promise<Reading> => ({ stats: client.stats(), report: await client.report() });
  // Escape codes are for terminals.
  const live = !options.json && process.stdout.isTTY ? createLogUpdate(process.stdout) : undefined;
  let stopped = false;
  void stop.done.then(() => (stopped = true));
  let before = await read();
  for (let n = 0; options.count === undefined || n < options.count; n++) {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([stop.done, new Promise((resolve) => (timer = setTimeout(resolve, options.interval * 1000)))]);
    clearTimeout(timer);
    if (stopped) break;
    const now = await read();
    const rates = now.stats.since(before.stats);
    const clients = clientRates(now.report, before.report, rates.seconds);
    if (options.json) print(jsonLine(client.instance, now, rates, clients));
    else if (live) live(drawn(client.instance, rates, clients, names));
    else print(`${drawn(client.instance, rates, clients, names)}\n`);
    before = now;
  }
  live?.done();
}

async function show(options: StatsOptions): Promise<number> {
  const stopped = untilStopped(options.seconds);
  try {
    await withClient(options, 'stats', ['observe'], async (client) => {
      stopped.startClock();
      await watch(client, options, stopped);
    });
    return 0;
  } finally {
    stopped.stop();
  }
}

export function addStats(program: Command): void {
  onInstance(program.command('stats'))
    .description('rates of ports, lcores and clients, until Ctrl-C; live on a terminal')
    .option('--interval <seconds>', 'how often', seconds, 1)
    .option('--count <n>', 'end after n intervals', count)
    .option('--seconds <n>', 'end after n seconds', seconds)
    .option('--json', 'one line of JSON per interval: {instance, at, generation, rates, counters}')
    .action(async (options: StatsOptions) => {
      process.exitCode = await show(options);
    });
}
