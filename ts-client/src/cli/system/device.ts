// SPDX-License-Identifier: BSD-3-Clause
//
// A network card as both systems show it, and what may stand between it and a dataplane.

/** A network interface of the system that lies on the card. */
export interface NetInterface {
  readonly name: string;
  readonly up: boolean;
  readonly addresses: readonly string[];
}

/** Where the card's link stands, as `8 GT/s x8`; absent when the system does not say. */
export interface PciLink {
  readonly gigatransfers: number;
  readonly width: number;
  readonly bestGigatransfers: number;
  readonly bestWidth: number;
}

/** One PCI function of class network. */
export interface NetworkDevice {
  /** `0000:65:00.0`; undefined when neither system nor driver says (Wine). */
  readonly address?: string;
  /** Windows: the Plug and Play instance id. */
  readonly instanceId?: string;
  readonly vendor: number;
  readonly device: number;
  readonly subsystemVendor: number;
  readonly subsystemDevice: number;
  /** What it is, for people. */
  readonly name: string;
  /** The driver that holds it now; undefined: none. */
  readonly driver?: string;
  /** The driver that a dataplane can use it through (igb_uio, wdpdkuio) holds it. */
  readonly bound: boolean;
  /** NUMA node; undefined: not known, or only one. */
  readonly node?: number;
  readonly interfaces: readonly NetInterface[];
  readonly link?: PciLink;
  /** As the system's own driver reports it. */
  readonly firmware?: string;
  readonly state: Usability;
}

/** Whether a dataplane could take the card now. */
export interface Usability {
  readonly usable: boolean;
  /** One line: why it is or is not. */
  readonly why: string;
  /** What to do about it; only where something can be done. */
  readonly remedy?: string;
}

/** What a device goes by: its address, or where there is none the instance id. */
export const nameOf = ({ address, instanceId }: Pick<NetworkDevice, 'address' | 'instanceId'>): string =>
  address ?? instanceId ?? '?';

const ADDRESS = /^(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2}):([0-9a-f]{1,2})\.([0-7])$/i;

/** `65:00.0` and `0000:65:00.0` as the latter; undefined for what is no address. */
export function pciAddress(text: string): string | undefined {
  const parts = ADDRESS.exec(text);
  if (!parts) return undefined;
  const [, segment = '0', bus, slot, fn] = parts;
  if (parseInt(slot!, 16) > 31) return undefined;
  return formatAddress(parseInt(segment, 16), parseInt(bus!, 16), parseInt(slot!, 16), Number(fn));
}

export function formatAddress(segment: number, bus: number, slot: number, fn: number): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  return `${hex(segment, 4)}:${hex(bus, 2)}:${hex(slot, 2)}.${fn}`;
}

export const idText = ({ vendor, device }: Pick<NetworkDevice, 'vendor' | 'device'>): string =>
  `${vendor.toString(16).padStart(4, '0')}:${device.toString(16).padStart(4, '0')}`;
