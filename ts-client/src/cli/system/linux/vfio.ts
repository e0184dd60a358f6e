// SPDX-License-Identifier: BSD-3-Clause
//
// Cards through vfio-pci: the IOMMU shows a card the memory it was given and nothing else, by groups that only come whole.
import type { Usability } from '../device.ts';
import { type Machine, linkName } from './machine.ts';

export const VFIO = 'vfio-pci';
const DEVICES = '/sys/bus/pci/devices';
const GROUPS = '/sys/kernel/iommu_groups';

export const vfioLoaded = (machine: Machine): boolean => machine.exists(`/sys/bus/pci/drivers/${VFIO}`);

export const groupOf = (machine: Machine, address: string): string | undefined =>
  linkName(machine, `${DEVICES}/${address}/iommu_group`);

/** The IOMMU translates what devices of the group say. */
export const isTranslated = (machine: Machine, group: string | undefined): boolean =>
  group !== undefined && (machine.text(`${GROUPS}/${group}/type`) ?? '').startsWith('DMA');

/** vfio-pci could hold some card here: then neither root nor huge pages are needed for it. */
export const vfioWorks = (machine: Machine): boolean => vfioLoaded(machine) && machine.list(GROUPS).length > 0;

/** A group's other devices that the kernel's drivers hold; bridges may stay. */
function strangers(machine: Machine, group: string, address: string): string[] {
  return machine.list(`${GROUPS}/${group}/devices`).flatMap((other) => {
    const driver = linkName(machine, `${DEVICES}/${other}/driver`);
    if (other === address || driver === undefined || driver === VFIO || driver === 'pcieport') return [];
    return [`${other} (${driver})`];
  });
}

/** Of a card that vfio-pci holds. */
export function vfioState(machine: Machine, address: string): Usability {
  const group = groupOf(machine, address);
  const but = (why: string, remedy: string): Usability => ({
    usable: false,
    why: `${VFIO} holds it, but ${why}`,
    remedy,
  });
  if (group === undefined)
    return but(
      'it is in no IOMMU group',
      'Switch the IOMMU on (intel_iommu=on or amd_iommu=on), or bind it to uio_pci_generic',
    );
  const others = strangers(machine, group, address);
  if (others.length > 0)
    return but(
      `others of IOMMU group ${group} are held by the kernel: ${others.join(', ')}`,
      'Bind these to vfio-pci, too',
    );
  const node = [`/dev/vfio/${group}`, `/dev/vfio/noiommu-${group}`].find((file) => machine.exists(file));
  if (node === undefined) return but(`there is no /dev/vfio/${group}`, `wdpdk unbind ${address}, and bind it again`);
  if (!machine.may(node, 'read') || !machine.may(node, 'write'))
    return but(`this user may not open ${node}`, `As root: 'chown USER ${node}', or run as root`);
  const confined = node.includes('noiommu') ? 'without an IOMMU' : `IOMMU group ${group}`;
  return { usable: true, why: `${VFIO} holds it (${confined}); wdpdk was not tried on hardware that way` };
}
