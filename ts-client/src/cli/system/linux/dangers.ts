// SPDX-License-Identifier: BSD-3-Clause
//
// What a machine would lose with a card: its way out, the connection somebody sits on, its only card.
import type { NetworkDevice } from '../device.ts';
import type { Danger } from '../system.ts';
import { NET, givesCards } from './devices.ts';
import type { Machine } from './machine.ts';

const ROUTE_UP = 1;
const ANCESTORS = 64;

/** Interfaces with a default route: IPv4 with mask 0, IPv6 with prefix length 0. */
function routed(machine: Machine): Set<string> {
  const names = new Set<string>();
  for (const line of (machine.text('/proc/net/route') ?? '').split('\n').slice(1)) {
    const [name, destination, , flags, , , , mask] = line.trim().split(/\s+/);
    if (name && destination === '00000000' && mask === '00000000' && (parseInt(flags ?? '0', 16) & ROUTE_UP) !== 0)
      names.add(name);
  }
  for (const line of (machine.text('/proc/net/ipv6_route') ?? '').split('\n')) {
    const [destination, bits, , , , , , , flags, name] = line.trim().split(/\s+/);
    const up = (parseInt(flags ?? '0', 16) & ROUTE_UP) !== 0;
    if (name && name !== 'lo' && bits === '00' && /^0+$/.test(destination!) && up) names.add(name);
  }
  return names;
}

/** The interface and all it lies on: members of a bond, ports of a bridge, what a VLAN is made of. */
function withLower(machine: Machine, name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const entry of machine.list(`${NET}/${name}`)) {
    if (entry.startsWith('lower_')) withLower(machine, entry.slice('lower_'.length), found);
  }
  for (const port of machine.list(`${NET}/${name}/brif`)) withLower(machine, port, found);
  return found;
}

const sshOf = (environment: string | undefined): string | undefined =>
  environment
    ?.split('\0')
    .find((line) => line.startsWith('SSH_CONNECTION='))
    ?.split(/[= ]/)[3];

/** The machine's side of the SSH session this runs in. sudo takes the variable away, so ancestors are asked, too. */
function sshAddress(machine: Machine): string | undefined {
  const own = machine.env['SSH_CONNECTION'];
  if (own !== undefined) return own.split(' ')[2];
  let pid: number | undefined = machine.pid;
  for (let i = 0; pid !== undefined && pid > 1 && i < ANCESTORS; i++) {
    const found = sshOf(machine.text(`/proc/${pid}/environ`));
    if (found !== undefined) return found;
    // The name in brackets may hold anything; the fields behind it do not.
    const stat: string | undefined = machine.text(`/proc/${pid}/stat`);
    const parent: number = Number(stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    pid = Number.isInteger(parent) ? parent : undefined;
  }
  return undefined;
}

/** Interfaces with hardware under them, on this card and elsewhere. */
function hardware(machine: Machine): string[] {
  return machine.list(NET).filter((name) => machine.exists(`${NET}/${name}/device`));
}

export function linuxDangers(machine: Machine, devices: readonly NetworkDevice[]): Danger[] {
  const taken = devices.filter(({ driver }) => !givesCards(driver));
  const own = new Set(taken.flatMap(({ interfaces }) => interfaces.map(({ name }) => name)));
  if (own.size === 0) return [];
  const dangers: Danger[] = [];
  const through = [...routed(machine)].filter((name) => [...withLower(machine, name)].some((lower) => own.has(lower)));
  if (through.length > 0) dangers.push({ text: `the default route goes that way (${through.join(', ')})` });
  const ssh = sshAddress(machine);
  if (ssh !== undefined) {
    const addresses = machine.addresses();
    // An address with a zone, as fe80::1%eth0.
    const at = Object.keys(addresses).filter((name) => addresses[name]!.includes(ssh.split('%')[0]!));
    if (at.some((name) => [...withLower(machine, name)].some((lower) => own.has(lower))))
      dangers.push({
        text: `this SSH session comes in that way (${at.join(', ')})`,
      });
  }
  if (hardware(machine).every((name) => own.has(name)))
    dangers.push({ text: 'the machine would have no network card left' });
  return dangers;
}
