// SPDX-License-Identifier: BSD-3-Clause
//
// What ports must be together: wires have two ends, cards come in an order that the dataplane can keep.
import { WdpdkError } from 'shared-memory-ipc';
import type { PortSpec } from './devargs.ts';

export function refuse(object: string, message: string, remedy: string): never {
  throw new WdpdkError('WDPDK_E_ARGUMENT', `${object}: ${message}`, { object, remedy });
}

/** A wire has two ends, and they agree. One end alone is a port that is not plugged in. */
export function checkWires(ports: readonly PortSpec[]): void {
  const ends = new Map<string, { position: number; queues: number }[]>();
  for (const [position, spec] of ports.entries()) {
    if (!('wire' in spec)) continue;
    const others = ends.get(spec.wire) ?? [];
    const object = `ports[${position}].wire`;
    if (others.length === 2)
      refuse(
        object,
        `wire '${spec.wire}' has its two ends, ports ${others.map((end) => end.position).join(' and ')}`,
        'Give this port a wire of another name',
      );
    const first = others[0];
    if (first && spec.queues !== undefined && spec.queues !== first.queues)
      refuse(
        `ports[${position}].queues`,
        `port ${first.position}, the other end of wire '${spec.wire}', has ${first.queues}`,
        'Give both the same, or only the first',
      );
    ends.set(spec.wire, [...others, { position, queues: spec.queues ?? 1 }]);
  }
}

const isCard = (spec: PortSpec): boolean => 'pci' in spec || 'xl710Model' in spec;

/** Why a card cannot have the number after `before`, or undefined when it can. */
function whyNotAfter(before: PortSpec, spec: PortSpec): string | undefined {
  if (!isCard(before)) return 'which is no card: cards have the first numbers';
  if ('pci' in before !== 'pci' in spec) return 'and real and emulated cards do not go into one dataplane';
  return 'pci' in before && 'pci' in spec && before.pci.toLowerCase() > spec.pci.toLowerCase()
    ? 'whose address is higher: the lower one has its number first'
    : undefined;
}

/** The dataplane numbers cards by their place on the bus and before everything else: only that order is one it can keep. */
export function checkOrder(ports: readonly PortSpec[]): void {
  for (const [position, spec] of ports.entries()) {
    const before = ports[position - 1];
    const why = before !== undefined && isCard(spec) ? whyNotAfter(before, spec) : undefined;
    if (why !== undefined)
      refuse(
        `ports[${position}]`,
        `this card comes after port ${position - 1}, ${why}`,
        'Put cards first, all real ones or all emulated ones, in the order of their addresses',
      );
  }
}
