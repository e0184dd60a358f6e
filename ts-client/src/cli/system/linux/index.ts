// SPDX-License-Identifier: BSD-3-Clause
import koffi from 'koffi';
import { type Finding, about, blocksCards, info, ok, warn } from '../../doctor/finding.ts';
import type { NetworkDevice } from '../device.ts';
import type { System } from '../system.ts';
import { view } from '../view.ts';
import { planBind, planUnbind } from './bind.ts';
import { coreFindings } from './cores.ts';
import { linuxDangers } from './dangers.ts';
import { CARD_DRIVERS, linuxDevices } from './devices.ts';
import { VFIO, groupOf } from './vfio.ts';
import { type Machine, thisMachine } from './machine.ts';
import { memoryFindings } from './memory.ts';
import { securityFindings } from './security.ts';

const MAP_FAILED = 0xffffffffffffffffn;
const READ_WRITE = 3;
const SHARED_ANONYMOUS = 0x21;

function foreignMemory(bytes: number): bigint {
  const mmap = koffi
    .load(null)
    .func('uintptr_t mmap(uintptr_t addr, size_t length, int prot, int flags, int fd, int64_t offset)');
  const address = BigInt(mmap(0, bytes, READ_WRITE, SHARED_ANONYMOUS, -1, 0) as number | bigint);
  if (address === MAP_FAILED) throw new Error('mmap failed');
  return address;
}

function cpuFlags(machine: Machine): ReturnType<System['cpuFlags']> {
  const flags = new Set(
    /^flags\s*:(.*)$/m
      .exec(machine.text('/proc/cpuinfo') ?? '')?.[1]
      ?.trim()
      .split(/\s+/),
  );
  const has = (names: string[]) => Object.fromEntries(names.map((name) => [name, flags.has(name)]));
  return { required: has(['sse4_2', 'popcnt']), useful: has(['avx2', 'avx512f', 'constant_tsc', 'nonstop_tsc']) };
}

/** uio drivers give cards physical addresses: an IOMMU that translates makes them wrong. vfio-pci needs one that does. */
function remapping(machine: Machine, { address, bound, driver }: NetworkDevice): Finding[] {
  const id = 'card.dma';
  const group = groupOf(machine, address!);
  if (group === undefined) return bound ? [info(id, 'nothing confines its DMA: who may open it controls memory')] : [];
  const type = machine.text(`/sys/kernel/iommu_groups/${group}/type`) ?? 'unknown';
  const text = `IOMMU group ${group}, type ${type}`;
  if (driver === VFIO)
    return [
      machine.exists(`/dev/vfio/noiommu-${group}`)
        ? info(id, `${text}: nothing confines its DMA, who may open it controls memory`)
        : ok(id, `${text}: the IOMMU confines its DMA to the memory it was given`),
    ];
  if (type === 'identity') return [info(id, `${text}: addresses are not translated, nothing confines its DMA`)];
  if (!bound || !type.startsWith('DMA')) return [info(id, text)];
  const wrong = `${text}: ${driver} gives the card physical addresses, which this IOMMU does not know`;
  return [
    blocksCards(
      warn(id, wrong, `As root: 'modprobe vfio-pci; wdpdk bind --driver vfio-pci ${address}', or boot with iommu=pt`),
    ),
  ];
}

export function linuxSystem(machine: Machine = thisMachine()): System {
  return {
    name: 'linux',
    devices: () => linuxDevices(machine),
    findings: () => [...memoryFindings(machine), ...coreFindings(machine), ...securityFindings(machine)],
    deviceFindings: (device) => remapping(machine, device).map((finding) => about(device.address!, finding)),
    cpuFlags: () => cpuFlags(machine),
    viewForeignMemory: () => view(foreignMemory),
    drivers: CARD_DRIVERS,
    dangers: (devices) => linuxDangers(machine, devices),
    planBind: (device, options) => planBind(machine, device, options),
    planUnbind: (device) => planUnbind(machine, device),
  };
}
