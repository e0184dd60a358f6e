// SPDX-License-Identifier: BSD-3-Clause
import { readFile } from 'node:fs/promises';
import readline from 'node:readline';
import { text as readAll } from 'node:stream/consumers';
import type { Command } from 'commander';
import { WdpdkError } from 'shared-memory-ipc';
import type { Client } from '../client.ts';
import type { Applied, Change, Forwarding, Route } from '../forwarding.ts';
import { count, milliseconds } from './arguments.ts';
import { type Target, onInstance, withClient } from './common.ts';
import { routeOf, routeText, routesOf } from './route-text.ts';
import { note, print } from './say.ts';
import { untilStopped } from './stopping.ts';

interface ChangeOptions extends Target {
  readonly ifGeneration?: number;
  readonly check?: boolean;
  readonly confirmWithin?: number;
  readonly json?: boolean;
}

type Edit = (routes: readonly Route[]) => readonly Route[];

const shown = (value: unknown): string =>
  value === undefined ? '-' : typeof value === 'string' ? value : JSON.stringify(value);
const line = ({ path, from, to }: Change): string => `${path}: ${shown(from)} -> ${shown(to)}`;

async function list(target: Target & { json?: boolean }): Promise<number> {
  return withClient(target, 'routes', ['observe'], async (client) => {
    const { config, generation } = await client.forwarding.get();
    const routes = config.routes ?? [];
    if (target.json) print(JSON.stringify({ generation, routes }));
    else for (const route of routes) print(routeText(route));
    return 0;
  });
}

/** The change is made to the generation that was read: whoever came between makes it fail. */
async function change(options: ChangeOptions, edit: Edit): Promise<number> {
  const want = options.check ? (['observe'] as const) : (['observe', 'configure'] as const);
  return withClient(options, 'routes', want, async (client) => {
    const { config, generation } = await client.forwarding.get();
    if (options.ifGeneration !== undefined && options.ifGeneration !== generation)
      throw new WdpdkError(
        'WDPDK_E_CONFLICT',
        `the configuration is generation ${generation}, not ${options.ifGeneration}`,
        {
          object: client.instance,
          remedy: 'Look at it again (wdpdk routes list --json), then decide',
        },
      );
    const next = { ...config, routes: edit(config.routes ?? []) };
    return options.check ? check(client, next, options) : apply(client, next, generation, options);
  });
}

async function check(client: Client, next: Forwarding, { json }: ChangeOptions): Promise<number> {
  const { generation, changes, truncated } = await client.forwarding.check(next);
  if (json) {
    print(JSON.stringify({ generation, changes, truncated }));
    return 0;
  }
  for (const one of changes) print(line(one));
  if (truncated > 0) print(`and ${truncated} more`);
  note(
    changes.length === 0
      ? 'nothing would change'
      : `${changes.length + truncated} changes to generation ${generation}; nothing was done`,
  );
  return 0;
}

async function apply(client: Client, next: Forwarding, ifGeneration: number, options: ChangeOptions): Promise<number> {
  const { confirmWithin, json } = options;
  const applied = await client.forwarding.set(next, {
    ifGeneration,
    ...(confirmWithin === undefined ? {} : { confirmWithinMs: confirmWithin }),
  });
  const kept = confirmWithin === undefined || (await confirmed(applied, confirmWithin));
  if (json) print(JSON.stringify({ generation: applied.generation, routes: next.routes?.length ?? 0, kept }));
  else note(kept ? `generation ${applied.generation}, ${next.routes?.length ?? 0} routes` : 'undone');
  return kept ? 0 : 1;
}

/** A line `yes` (or an empty one) on stdin keeps the change. The end of stdin, Ctrl-C, any other word and the time undo it. */
async function confirmed(applied: Applied, withinMs: number): Promise<boolean> {
  note(`generation ${applied.generation} is in force. Enter keeps it; otherwise it is undone in ${withinMs / 1000} s`);
  const stopped = untilStopped(withinMs / 1000);
  stopped.startClock();
  const input = readline.createInterface({ input: process.stdin });
  try {
    const answer = new Promise<boolean>((resolve) => {
      input.once('line', (text) => resolve(/^(y|yes|)$/i.test(text.trim())));
      input.once('close', () => resolve(false));
    });
    const keep = await Promise.race([answer, stopped.done.then(() => false)]);
    await (keep ? applied.confirm() : applied.close());
    return keep;
  } finally {
    stopped.stop();
    input.close();
    process.stdin.destroy();
  }
}

const read = (file: string): Promise<string> => (file === '-' ? readAll(process.stdin) : readFile(file, 'utf8'));

/** Later ones replace earlier ones to the same destination. */
function added(routes: readonly Route[], more: readonly Route[]): readonly Route[] {
  const all = new Map([...routes, ...more].map((route) => [route.to.toLowerCase(), route]));
  return [...all.values()];
}

function without(routes: readonly Route[], gone: readonly string[]): readonly Route[] {
  for (const to of gone)
    if (!routes.some((route) => route.to.toLowerCase() === to.toLowerCase()))
      throw new WdpdkError('WDPDK_E_NOT_FOUND', `there is no route to ${to}`, {
        object: to,
        remedy: 'See `wdpdk routes list`',
      });
  const names = new Set(gone.map((to) => to.toLowerCase()));
  return routes.filter(({ to }) => !names.has(to.toLowerCase()));
}

const changing = (command: Command): Command =>
  onInstance(command)
    .option('--if-generation <n>', 'fail unless this is the configuration in force', count)
    .option('--check', 'only say what would change')
    .option('--confirm-within <ms>', 'undo the change unless Enter is pressed in time', milliseconds)
    .option('--json', 'one JSON object');

export function addRoutes(program: Command): void {
  const routes = program
    .command('routes')
    .description('list and change the routes of l3fwd while traffic runs')
    .addHelpText(
      'after',
      `
Examples:
  wdpdk routes list
  wdpdk routes add 10.0.0.0/8=1 192.0.2.0/24=0,02:00:00:00:00:2a
  wdpdk routes replace routes.txt --check            what would change
  wdpdk routes replace routes.txt --confirm-within 10000

A change applies whole or not at all. Exit code: 0 when it stands, 1 when it was refused or undone.`,
    );
  onInstance(routes.command('list'))
    .description('print the routes, one a line')
    .option('--json', 'one JSON object: {generation, routes}')
    .action(async (options: Target & { json?: boolean }) => {
      process.exitCode = await list(options);
    });
  changing(routes.command('add'))
    .description('add routes; one to the same destination is replaced')
    .argument('<route...>', 'CIDR=PORT or CIDR=PORT,MAC')
    .action(async (texts: string[], options: ChangeOptions) => {
      const more = texts.map((text) => routeOf(text, 'route'));
      process.exitCode = await change(options, (before) => added(before, more));
    });
  changing(routes.command('del'))
    .description('delete routes')
    .argument('<cidr...>', 'their destinations')
    .action(async (gone: string[], options: ChangeOptions) => {
      process.exitCode = await change(options, (before) => without(before, gone));
    });
  changing(routes.command('replace'))
    .description('make the routes those of a file')
    .argument('<file>', 'one route a line, or a JSON array of {to, via, nextHopMac?}; - for stdin')
    .action(async (file: string, options: ChangeOptions) => {
      const next = routesOf(await read(file), file);
      process.exitCode = await change(options, () => next);
    });
}
