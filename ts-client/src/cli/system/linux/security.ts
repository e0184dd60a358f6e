// SPDX-License-Identifier: BSD-3-Clause
//
// What the kernel allows: lockdown and Secure Boot, the IOMMU, drivers that give cards to programs, and other users' access.
import path from 'node:path';
import { type Finding, blocksCards, fail, info, ok, warn } from '../../doctor/finding.ts';
import { CARD_DRIVERS, DRIVERS } from './devices.ts';
import type { Machine } from './machine.ts';

const SECURE_BOOT = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';
/** An EFI variable's file begins with its attributes. */
const EFI_ATTRIBUTES = 4;
const TUN = '/dev/net/tun';

function drivers(machine: Machine): Finding {
  const id = 'driver';
  const loaded = CARD_DRIVERS.filter((name) => machine.exists(`${DRIVERS}/${name}`));
  const version = (name: string): string => machine.text(`/sys/module/${name.replace('-', '_')}/version`) ?? '';
  if (loaded.length > 0) return ok(id, `${loaded.map((name) => `${name} ${version(name)}`.trim()).join(', ')} loaded`);
  return blocksCards(
    warn(
      id,
      `none of ${CARD_DRIVERS.join(', ')} is loaded: no network cards, all other ports work`,
      "As root: 'modprobe vfio-pci' with an IOMMU, 'modprobe uio_pci_generic' without",
    ),
  );
}

function secureBoot(machine: Machine): Finding {
  const id = 'security.secure-boot';
  if (!machine.exists('/sys/firmware/efi')) return ok(id, 'started without UEFI: no Secure Boot');
  const value = machine.bytes(SECURE_BOOT)?.[EFI_ATTRIBUTES];
  if (value === undefined) return info(id, 'the firmware variable SecureBoot cannot be read');
  return value === 1
    ? info(id, 'Secure Boot is on: only signed modules load (igb_uio of your own needs a key of yours)')
    : ok(id, 'Secure Boot is off');
}

function lockdown(machine: Machine): Finding[] {
  const text = machine.text('/sys/kernel/security/lockdown');
  const mode = /\[(\w+)\]/.exec(text ?? '')?.[1];
  if (mode === undefined) return [];
  if (mode === 'none') return [ok('security.lockdown', 'the kernel is not locked down')];
  const finding = warn(
    'security.lockdown',
    `the kernel is locked down (${mode}): programs may not map cards`,
    'Start without Secure Boot, or without lockdown= on the kernel command line',
  );
  return [blocksCards(finding)];
}

function iommu(machine: Machine): Finding {
  const id = 'dma';
  const units = machine.list('/sys/class/iommu');
  const groups = machine.list('/sys/kernel/iommu_groups').length;
  const table = ['DMAR', 'IVRS'].find((name) => machine.exists(`/sys/firmware/acpi/tables/${name}`));
  if (groups > 0)
    return info(
      id,
      `an IOMMU is in use (${units.join(', ') || 'unnamed'}, ${groups} groups); what it does to a card is said with the card`,
    );
  if (table !== undefined)
    return info(
      id,
      `there is an IOMMU (ACPI table ${table}), and the kernel does not use ` +
        'it: a card can reach all memory, so who holds one is as good as root',
    );
  return info(id, 'no IOMMU: a card can reach all memory, so who holds one is as good as root');
}

function tap(machine: Machine): Finding {
  return machine.may(TUN, 'read') && machine.may(TUN, 'write')
    ? ok('tap', `${TUN} can be opened; making an interface also needs CAP_NET_ADMIN`)
    : warn(
        'tap',
        `${TUN} cannot be opened: no ports of kind tap`,
        "Load the module ('modprobe tun') and give this user read and write access",
      );
}

function runFolder(machine: Machine): Finding {
  const id = 'run-folder';
  const folder = machine.runFolder;
  const state = machine.state(folder);
  if (state === undefined) {
    const parent = path.posix.dirname(folder);
    return machine.may(parent, 'enter')
      ? ok(id, `${folder} (is made by the first dataplane)`)
      : fail(
          id,
          `${folder} is not there, and ${parent} cannot be written to`,
          'Set XDG_RUNTIME_DIR to a directory of yours',
        );
  }
  if (!state.directory || state.uid !== machine.uid || (state.mode & 0o077) !== 0)
    return fail(id, `${folder} is not a directory of this user alone`, 'Remove it, or make it yours with mode 0700');
  const sockets = machine.list(folder).filter((name) => name.endsWith('.sock'));
  const running =
    sockets.length === 0
      ? 'no instance'
      : `sockets of ${sockets.map((name) => path.posix.parse(name).name).join(', ')}`;
  return ok(id, `${folder}, for this user alone (${running})`);
}

/** Devices that programs drive cards by: whoever else may open one is as good as root. */
function openDevices(machine: Machine): Finding[] {
  const files = [
    ...machine
      .list('/dev')
      .filter((name) => /^uio\d+$/.test(name))
      .map((name) => `/dev/${name}`),
    ...machine
      .list('/dev/vfio')
      .filter((name) => /^(noiommu-)?\d+$/.test(name))
      .map((name) => `/dev/vfio/${name}`),
  ];
  if (files.length === 0) return [];
  const open = files.filter((file) => {
    const state = machine.state(file);
    // A group of VFIO's that an IOMMU confines may well be given to a user.
    const given = /^\/dev\/vfio\/\d/.test(file);
    return state !== undefined && ((state.uid !== 0 && !given) || (state.mode & 0o006) !== 0);
  });
  const id = 'users.devices';
  if (open.length === 0) return [ok(id, `${files.join(', ')}: for their owner and group alone`)];
  return [
    warn(
      id,
      `${open.join(', ')} may be opened by users who are not root: they control the card, and memory where nothing confines it`,
      `As root: 'chown root ${open.join(' ')}; chmod o= ${open.join(' ')}'`,
    ),
  ];
}

export const securityFindings = (machine: Machine): Finding[] => [
  drivers(machine),
  secureBoot(machine),
  ...lockdown(machine),
  iommu(machine),
  tap(machine),
  runFolder(machine),
  ...openDevices(machine),
];
