// SPDX-License-Identifier: BSD-3-Clause
//
// What commands on a running dataplane share.
import { type Command, InvalidArgumentError } from 'commander';
import { WdpdkError } from 'shared-memory-ipc';
import { attach } from '../attach.ts';
import type { Capability, Client } from '../client.ts';
import type { Cidr } from '../address.ts';
import type { Match } from '../queues/types.ts';
import { portNumber } from './arguments.ts';

export interface Target {
  readonly instance?: string;
}

export const onInstance = (command: Command): Command =>
  command.option(
    '--instance <name>',
    'the dataplane, by the name it was started with (default: $WDPDK_INSTANCE or `default`)',
  );

/** Attaches, does it, and always closes. */
export async function withClient<T>(
  { instance }: Target,
  name: string,
  want: readonly Capability[],
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await attach({ ...(instance === undefined ? {} : { instance }), name, want });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

export interface MatchOptions {
  readonly match?: Match;
  readonly proto?: string;
  readonly src?: string;
  readonly dst?: string;
  readonly srcPort?: number | readonly [number, number];
  readonly dstPort?: number | readonly [number, number];
  readonly vlan?: number;
}

function json(text: string): Match {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Match;
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError('write a JSON object, as {"proto":"udp","dstPort":53}');
}

function ports(text: string): number | readonly [number, number] {
  const [low, high, more] = text.split('-').map(Number);
  const valid = (port: number | undefined): port is number => Number.isInteger(port) && port! >= 0 && port! <= 65_535;
  if (more === undefined && valid(low) && high === undefined) return low;
  if (more === undefined && valid(low) && valid(high) && low <= high) return [low, high];
  throw new InvalidArgumentError('write a port, as 53, or a range, as 8000-8080');
}

function vlan(text: string): number {
  const id = Number(text);
  if (!/^\d+$/.test(text) || id > 4095) throw new InvalidArgumentError('write a VLAN id from 0 to 4095');
  return id;
}

export const withMatch = (command: Command): Command =>
  command
    .option(
      '--match <json>',
      'only frames that match, as {"proto":"udp","dstPort":53}; the flags below are added to it',
      json,
    )
    .option('--proto <name>', 'tcp, udp, icmp or a number')
    .option('--src <cidr>', 'source address, as 10.0.0.0/8')
    .option('--dst <cidr>', 'destination address')
    .option('--src-port <n[-m]>', 'source port or ports', ports)
    .option('--dst-port <n[-m]>', 'destination port or ports', ports)
    .option('--vlan <id>', 'VLAN id', vlan);

/** One match of JSON and flags; undefined when nothing was asked for. The dataplane checks it. */
export function matchOf({ match, proto, src, dst, srcPort, dstPort, vlan }: MatchOptions): Match | undefined {
  const whole = (address: string): Cidr =>
    (address.includes('/') ? address : `${address}/${address.includes(':') ? 128 : 32}`) as Cidr;
  const flags = {
    ...(proto === undefined ? {} : { proto: /^\d+$/.test(proto) ? Number(proto) : proto }),
    ...(src === undefined ? {} : { src: whole(src) }),
    ...(dst === undefined ? {} : { dst: whole(dst) }),
    ...(srcPort === undefined ? {} : { srcPort }),
    ...(dstPort === undefined ? {} : { dstPort }),
    ...(vlan === undefined ? {} : { vlan }),
  };
  const both = { ...match, ...flags } as Match;
  return Object.keys(both).length === 0 ? undefined : both;
}

export const collectPorts = (text: string, list: readonly number[] = []): number[] => [...list, portNumber(text)];

export const refusal = (message: string, object: string, remedy: string): WdpdkError =>
  new WdpdkError('WDPDK_E_ARGUMENT', message, { object, remedy });

export const plain = (n: number | bigint): string => n.toLocaleString('en-US');

/** Causes that are not zero, as `tx_full 3, arp 1`. */
export const causes = (drops: Readonly<Record<string, number | bigint>>): string =>
  Object.entries(drops)
    .filter(([, n]) => n > 0)
    .map(([cause, n]) => `${cause} ${plain(n)}`)
    .join(', ');
