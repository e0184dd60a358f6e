// SPDX-License-Identifier: BSD-3-Clause
//
// What `wdpdk run` starts: a JSON file of launch()'s options, flags, or both, flags winning.
import { readFile } from 'node:fs/promises';
import { WdpdkError, type Issue } from 'shared-memory-ipc';
import type { PortSpec } from '../devargs.ts';
import type { Forwarding, PortMode } from '../forwarding.ts';
import type { LaunchOptions } from '../launch.ts';
import { refusal } from './common.ts';
import { routeOf } from './route-text.ts';

export interface RunOptions {
  readonly config?: string;
  readonly instance?: string;
  readonly port: readonly string[];
  readonly vdev: readonly string[];
  readonly lcores?: string;
  readonly forward?: string;
  readonly route: readonly string[];
  readonly idle?: 'poll' | 'adaptive';
  readonly hold?: boolean;
  readonly eal: readonly string[];
  readonly stopAtEnd?: boolean;
  readonly seconds?: number;
  readonly json?: boolean;
}

/** Keys of a file, and what each must be. */
const keys: Readonly<Record<string, (value: unknown) => boolean>> = {
  // Editors look at it, nobody else does.
  $schema: (value) => typeof value === 'string',
  instance: (value) => typeof value === 'string',
  ports: Array.isArray,
  lcores: (value) => typeof value === 'string',
  forwarding: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  idle: (value) => value === 'poll' || value === 'adaptive',
  hold: (value) => typeof value === 'boolean',
  eal: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
};

async function readConfig(file: string): Promise<LaunchOptions> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw refusal(
      `${file}: ${(error as Error).message}`,
      file,
      'Give a JSON file of {ports, forwarding, lcores, idle, instance, hold, eal}',
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refusal(`${file} holds no JSON object`, file, 'Write {"ports": [...], "forwarding": {...}}');
  const issues: Issue[] = Object.entries(value).flatMap(([key, item]) => {
    if (!Object.hasOwn(keys, key))
      return [{ path: key, message: `there is no such key; there are ${Object.keys(keys).join(', ')}` }];
    return keys[key]!(item) ? [] : [{ path: key, message: 'has the wrong type' }];
  });
  if (issues.length > 0)
    throw new WdpdkError('WDPDK_E_CONFIG', `${file} is refused`, {
      object: file,
      remedy: 'Mend what is listed',
      issues,
    });
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== '$schema')) as LaunchOptions;
}

/** KIND[:DETAILS] as a port: null, null:rx, wire:NAME, tap[:INTERFACE], pci:ADDRESS, pcap:rx=FILE,tx=FILE,loop,pps=N. */
export function portOf(text: string): PortSpec {
  const [, kind = '', details = ''] = /^([a-z]+)(?::(.*))?$/s.exec(text) ?? [];
  const wrong = (why: string): WdpdkError =>
    refusal(
      `--port ${text}: ${why}`,
      '--port',
      'Write null, null:rx, wire:NAME, tap:INTERFACE, pci:ADDRESS or pcap:rx=FILE,tx=FILE,loop,pps=N; anything else goes as --vdev',
    );
  // net_null by itself receives as fast as it is asked: without `rx` it is a port with nothing on the line.
  if (kind === 'null' && details === '') return { null: { rx: false } };
  if (kind === 'null' && details === 'rx') return { null: true };
  if (kind === 'wire' && details !== '') return { wire: details };
  if (kind === 'tap') return { tap: details === '' ? {} : { iface: details } };
  if (kind === 'pci') return { pci: details };
  if (kind !== 'pcap') throw wrong('there is no such port');
  const pcap: { rx?: string; tx?: string; loop?: boolean; pps?: number } = {};
  for (const part of details.split(',')) {
    const [key, value = ''] = part.split(/=(.*)/s) as [string, string?];
    if ((key === 'rx' || key === 'tx') && value !== '') pcap[key] = value;
    else if (key === 'loop' && value === '') pcap.loop = true;
    else if (key === 'pps' && Number(value) > 0) pcap.pps = Number(value);
    else throw wrong(`'${part}' is not understood`);
  }
  return { pcap };
}

/** MODE for every port, as `l3fwd`, or per port: 0=l3fwd,1=io:0. */
export function forwardingOf(text: string, ports: number): Forwarding['ports'] {
  const modeOf = (mode: string): PortMode => {
    const [name, to] = mode.split(':') as [string, string?];
    return (to === undefined ? { mode: name } : { mode: name, to: Number(to) }) as PortMode;
  };
  if (!text.includes('=')) return Object.fromEntries(Array.from({ length: ports }, (_, id) => [id, modeOf(text)]));
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [id, mode] = part.split('=') as [string, string?];
      if (!/^\d+$/.test(id) || !mode)
        throw refusal(`--forward ${text}: '${part}' is not understood`, '--forward', 'Write MODE, or 0=MODE,1=MODE:TO');
      return [Number(id), modeOf(mode)];
    }),
  );
}

function forwarding(file: LaunchOptions, options: RunOptions, ports: number): Forwarding | undefined {
  const routes = options.route.map((text) => routeOf(text, '--route'));
  if (options.forward === undefined && routes.length === 0) return file.forwarding;
  const modes = options.forward === undefined ? file.forwarding?.ports : forwardingOf(options.forward, ports);
  const all = [...(file.forwarding?.routes ?? []), ...routes];
  // Routes alone mean that they are to be used.
  return { ports: modes ?? forwardingOf('l3fwd', ports), ...(all.length === 0 ? {} : { routes: all }) };
}

export async function launchOptionsOf(options: RunOptions): Promise<LaunchOptions> {
  const file = options.config === undefined ? {} : await readConfig(options.config);
  const ports: PortSpec[] = [
    ...(file.ports ?? []),
    ...options.port.map(portOf),
    ...options.vdev.map((devargs) => ({ devargs })),
  ];
  if (ports.length === 0)
    throw refusal(
      'a dataplane without ports has nothing to do',
      'run',
      'Give --port, --vdev or a configuration file with ports',
    );
  const { instance = file.instance, lcores = file.lcores, idle = file.idle } = options;
  const rules = forwarding(file, options, ports.length);
  return {
    ports,
    eal: [...(file.eal ?? []), ...options.eal],
    ...(instance === undefined ? {} : { instance }),
    ...(lcores === undefined ? {} : { lcores }),
    ...(idle === undefined ? {} : { idle }),
    ...(rules === undefined ? {} : { forwarding: rules }),
    ...(options.hold || file.hold ? { hold: true } : {}),
    ...(options.stopAtEnd ? { args: ['--stop-at-end'] } : {}),
  };
}
