// SPDX-License-Identifier: BSD-3-Clause
import { about } from '../../doctor/finding.ts';
import { type NetworkDevice, nameOf } from '../device.ts';
import type { System } from '../system.ts';
import { planBind, planUnbind, windowsDangers } from './bind.ts';
import { coreFindings } from './cores.ts';
import { type WindowsDevice, windowsDevices } from './devices.ts';
import type { Machine } from './machine.ts';
import { thisMachine } from './native/machine.ts';
import { cardFindings, securityFindings } from './security.ts';
import { UIO_SERVICE } from './uio.ts';

/** IsProcessorFeaturePresent */
const FEATURE = { sse4_2: 38, avx2: 40, avx512f: 41, tsc: 8 } as const;

export function windowsSystem(machine: Machine = thisMachine()): System {
  let known: readonly WindowsDevice[] | undefined;
  // Asking each device costs calls, and doctor asks several times.
  const all = (): readonly WindowsDevice[] => (known ??= windowsDevices(machine));
  const whole = (device: NetworkDevice): WindowsDevice =>
    all().find(({ shown }) => shown.instanceId === device.instanceId)!;
  const again = (device: NetworkDevice) => (): WindowsDevice | undefined => {
    known = undefined;
    return all().find(({ shown }) => shown.instanceId === device.instanceId);
  };
  const has = (feature: keyof typeof FEATURE): boolean => machine.processorFeature(FEATURE[feature]);
  return {
    name: 'windows',
    devices: () => all().map(({ shown }) => shown),
    findings: () => [...coreFindings(machine), ...securityFindings(machine, all())],
    deviceFindings: (device) => cardFindings(whole(device)).map((finding) => about(nameOf(device), finding)),
    cpuFlags: () => ({
      required: { sse4_2: has('sse4_2') },
      useful: { avx2: has('avx2'), avx512f: has('avx512f'), tsc: has('tsc') },
    }),
    viewForeignMemory: () => machine.viewForeignMemory(),
    drivers: [UIO_SERVICE],
    dangers: (devices) => windowsDangers(machine, devices.map(whole)),
    planBind: (device, options) => planBind(machine, whole(device), again(device), options),
    planUnbind: (device) => planUnbind(machine, whole(device), again(device)),
  };
}
