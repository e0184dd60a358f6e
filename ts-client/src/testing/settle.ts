// SPDX-License-Identifier: BSD-3-Clause
//
// From a port to its bed: a port alone cannot know whether something is still on its way to it.
import type { Bed, SettleOptions } from './bed.ts';
import type { BedPort } from './port.ts';

const beds = new WeakMap<BedPort, Pick<Bed, 'settled'>>();

export function belongs(port: BedPort, bed: Pick<Bed, 'settled'>): void {
  beds.set(port, bed);
}

export async function settleOf(port: BedPort, timeoutMs: number): Promise<void> {
  const options: SettleOptions = { timeoutMs };
  await beds.get(port)?.settled(options);
}
