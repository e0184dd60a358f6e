// SPDX-License-Identifier: BSD-3-Clause
//
// The cards that a driver of the dataplane knows (a test holds this table to the driver's), and what their makers do not say.

const INTEL = 0x8086;

interface Model {
  readonly name: string;
  /** Gigabits a second of a port; undefined: several kinds. */
  readonly gigabits: number;
}

const i40e = new Map<number, Model>([
  [0x1572, { name: 'X710 10G SFP+', gigabits: 10 }],
  [0x1574, { name: 'XL710 (emulated)', gigabits: 40 }],
  [0x1580, { name: 'XL710 40G backplane', gigabits: 40 }],
  [0x1581, { name: 'X710 10G backplane', gigabits: 10 }],
  [0x1583, { name: 'XL710 40G QSFP+', gigabits: 40 }],
  [0x1584, { name: 'XL710 40G QSFP+', gigabits: 40 }],
  [0x1585, { name: 'X710 10G QSFP+', gigabits: 10 }],
  [0x1586, { name: 'X710 10GBASE-T', gigabits: 10 }],
  [0x1587, { name: 'XL710 20G backplane', gigabits: 20 }],
  [0x1588, { name: 'XL710 20G backplane', gigabits: 20 }],
  [0x1589, { name: 'X710 10GBASE-T', gigabits: 10 }],
  [0x158a, { name: 'XXV710 25G backplane', gigabits: 25 }],
  [0x158b, { name: 'XXV710 25G SFP28', gigabits: 25 }],
  [0x15ff, { name: 'X710-TL 10GBASE-T', gigabits: 10 }],
  [0x101f, { name: 'X710-TL 5GBASE-T', gigabits: 5 }],
  [0x104e, { name: 'X710 10G SFP+', gigabits: 10 }],
  [0x104f, { name: 'X710 10G backplane', gigabits: 10 }],
  [0x0cf8, { name: 'X710 of an N3000', gigabits: 10 }],
  [0x0d58, { name: 'XXV710 of an N3000', gigabits: 25 }],
]);

/** Makers, for cards that no driver here knows. */
const makers = new Map([
  [0x8086, 'Intel'],
  [0x15b3, 'NVIDIA (Mellanox)'],
  [0x14e4, 'Broadcom'],
  [0x10ec, 'Realtek'],
  [0x1af4, 'virtio'],
  [0x15ad, 'VMware'],
  [0x1d6a, 'Aquantia'],
  [0x1425, 'Chelsio'],
  [0x1077, 'QLogic'],
  [0x1d0f, 'Amazon'],
  [0x1ae0, 'Google'],
]);

export interface KnownCard extends Model {
  /** The driver of the dataplane. */
  readonly pmd: 'i40e';
}

export function knownCard(vendor: number, device: number): KnownCard | undefined {
  const model = vendor === INTEL ? i40e.get(device) : undefined;
  return model && { ...model, pmd: 'i40e' };
}

export const knownIds = (): number[] => [...i40e.keys()];

export function cardName(vendor: number, device: number): string {
  const known = knownCard(vendor, device);
  if (known) return `Intel ${known.name}`;
  return `${makers.get(vendor) ?? 'maker'} ${vendor.toString(16).padStart(4, '0')}:${device.toString(16).padStart(4, '0')}`;
}

/** Major and minor of the firmware, from what the system's driver calls it, as `8.30 0x8000a49d 1.2926.0`. */
function firmwareVersion(text: string): readonly [number, number] | undefined {
  const parts = /^\s*(\d+)\.(\d+)/.exec(text);
  return parts ? [Number(parts[1]), Number(parts[2])] : undefined;
}

/** What is known about the receive rate of a 40G XL710 by firmware: [note, whether it is worth a warning]. */
export function firmwareNote(
  card: KnownCard,
  firmware: string | undefined,
): { text: string; slow: boolean } | undefined {
  if (card.gigabits < 40) return undefined;
  const version = firmware === undefined ? undefined : firmwareVersion(firmware);
  if (version === undefined)
    return {
      text: 'firmware version not known; a port receives at most 37-42 million packets a second with firmware 5, some 27 million with 6.0',
      slow: false,
    };
  const [major] = version;
  if (major === 6)
    return {
      text: `firmware ${firmware!.trim()}: a port is said to receive some 27 million packets a second at most`,
      slow: true,
    };
  const ceiling = major < 6 ? 'at most 37-42 million' : 'some 37 million';
  return {
    text: `firmware ${firmware!.trim()}: a port receives ${ceiling} packets a second, whatever their size`,
    slow: false,
  };
}
