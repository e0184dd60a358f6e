// SPDX-License-Identifier: BSD-3-Clause
//
// Network cards in sysfs.
import type { NetInterface, NetworkDevice, PciLink, Usability } from '../device.ts';
import { cardName, knownCard } from '../nics.ts';
import { type Machine, linkName, numberIn } from './machine.ts';
import { VFIO, groupOf, isTranslated, vfioLoaded, vfioState } from './vfio.ts';

export const PCI = '/sys/bus/pci/devices';
export const DRIVERS = '/sys/bus/pci/drivers';
export const NET = '/sys/class/net';

/** Drivers that the dataplane takes cards from, the preferred first. */
export const UIO_DRIVERS = ['igb_uio', 'uio_pci_generic'] as const;
export const CARD_DRIVERS = [VFIO, ...UIO_DRIVERS] as const;

const CLASS_NETWORK = 0x02;
const INTERFACE_UP = 1;

export const isUio = (driver: string | undefined): boolean =>
  (UIO_DRIVERS as readonly (string | undefined)[]).includes(driver);

/** Interfaces by the real path of the device they lie on; virtual ones lie on none. */
function interfacesByDevice(machine: Machine): { device: string; shown: NetInterface }[] {
  const addresses = machine.addresses();
  return machine.list(NET).flatMap((name) => {
    const device = machine.exists(`${NET}/${name}/device`) ? machine.real(`${NET}/${name}/device`) : undefined;
    if (device === undefined) return [];
    const up = (Number(machine.text(`${NET}/${name}/flags`) ?? 0) & INTERFACE_UP) !== 0;
    return [{ device, shown: { name, up, addresses: addresses[name] ?? [] } }];
  });
}

/** `8.0 GT/s PCIe` */
const speed = (text: string | undefined): number => Number(/^([\d.]+) GT\/s/.exec(text ?? '')?.[1] ?? 0);

function pciLink(machine: Machine, folder: string): PciLink | undefined {
  const link = {
    gigatransfers: speed(machine.text(`${folder}/current_link_speed`)),
    width: numberIn(machine, `${folder}/current_link_width`) ?? 0,
    bestGigatransfers: speed(machine.text(`${folder}/max_link_speed`)),
    bestWidth: numberIn(machine, `${folder}/max_link_width`) ?? 0,
  };
  return Object.values(link).every((value) => value > 0 && value < 255) ? link : undefined;
}

export const givesCards = (driver: string | undefined): boolean => driver === VFIO || isUio(driver);

/** The loaded driver to give a card to: where an IOMMU translates, the one that it confines; else one that needs none. */
export function preferredDriver(machine: Machine, address: string): string | undefined {
  if (vfioLoaded(machine) && isTranslated(machine, groupOf(machine, address))) return VFIO;
  const uio = UIO_DRIVERS.find((driver) => machine.exists(`${DRIVERS}/${driver}`));
  return uio ?? (vfioLoaded(machine) ? VFIO : undefined);
}

function usability(machine: Machine, device: Omit<NetworkDevice, 'state'>): Usability {
  const { address, driver } = device;
  if (!knownCard(device.vendor, device.device))
    return {
      usable: false,
      why: 'no driver of the dataplane knows it; the kernel keeps it',
    };
  if (driver === VFIO) return vfioState(machine, address!);
  if (device.bound) {
    const uio = machine.list(`${PCI}/${address}/uio`)[0];
    if (uio === undefined && machine.list(`${PCI}/${address}`).every((name) => !name.startsWith('uio:')))
      return {
        usable: false,
        why: `${driver} holds it, but there is no uio device`,
        remedy: `wdpdk unbind ${address}, and bind it again`,
      };
    return { usable: true, why: `${driver} holds it${uio === undefined ? '' : ` as /dev/${uio}`}` };
  }
  const loaded = preferredDriver(machine, address!);
  const remedy =
    loaded === undefined
      ? `As root: 'modprobe ${isTranslated(machine, groupOf(machine, address!)) ? VFIO : 'uio_pci_generic'}', then 'wdpdk bind ${address}'`
      : `As root: 'wdpdk bind ${address}'`;
  if (driver === undefined) return { usable: false, why: 'it has no driver', remedy };
  return { usable: false, why: `the kernel's driver ${driver} holds it`, remedy };
}

export function linuxDevices(machine: Machine): NetworkDevice[] {
  const interfaces = interfacesByDevice(machine);
  const nodes = machine.list('/sys/devices/system/node').filter((name) => /^node\d+$/.test(name)).length;
  const hex = (folder: string, name: string): number => numberIn(machine, `${folder}/${name}`) ?? 0;
  return machine.list(PCI).flatMap((address) => {
    const folder = `${PCI}/${address}`;
    if (hex(folder, 'class') >> 16 !== CLASS_NETWORK) return [];
    const real = machine.real(folder) ?? folder;
    const own = interfaces.filter(({ device }) => device === real || device.startsWith(`${real}/`));
    const driver = linkName(machine, `${folder}/driver`);
    const node = numberIn(machine, `${folder}/numa_node`) ?? -1;
    const link = pciLink(machine, folder);
    const firmware = own.map(({ shown }) => machine.firmware(shown.name)).find((text) => text !== undefined);
    const [vendor, device] = [hex(folder, 'vendor'), hex(folder, 'device')];
    const found = {
      address,
      vendor,
      device,
      subsystemVendor: hex(folder, 'subsystem_vendor'),
      subsystemDevice: hex(folder, 'subsystem_device'),
      name: cardName(vendor, device),
      ...(driver === undefined ? {} : { driver }),
      bound: givesCards(driver),
      ...(node >= 0 && nodes > 1 ? { node } : {}),
      interfaces: own.map(({ shown }) => shown),
      ...(link === undefined ? {} : { link }),
      ...(firmware === undefined ? {} : { firmware }),
    };
    return [{ ...found, state: usability(machine, found) }];
  });
}
