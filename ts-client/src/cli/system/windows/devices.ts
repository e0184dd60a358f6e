// SPDX-License-Identifier: BSD-3-Clause
//
// Network cards as Plug and Play has them, joined with what wdpdkuio says of those it holds.
import { type NetInterface, type NetworkDevice, type Usability, formatAddress } from '../device.ts';
import { cardName, knownCard } from '../nics.ts';
import type { Adapter, DeviceNode, Machine } from './machine.ts';
import { problemText } from './problems.ts';
import { CONTRACT, type Observed, STATES, STATE_FLAGS, UIO_SERVICE } from './uio.ts';

const CLASSES = 'SYSTEM\\CurrentControlSet\\Control\\Class';
const DN_STARTED = 8;

export interface WindowsDevice {
  readonly shown: NetworkDevice;
  readonly node: DeviceNode;
  /** What the driver says; only of one that wdpdkuio holds and started. */
  readonly observed?: Observed;
}

const idIn = (id: string, name: string): number =>
  parseInt(new RegExp(`${name}_([0-9A-F]{4,8})`, 'i').exec(id)?.[1] ?? '0', 16);

const isNetwork = ({ ids, className, service }: DeviceNode): boolean =>
  className === 'Net' || service?.toLowerCase() === UIO_SERVICE || ids.some((id) => /CC_02/i.test(id));

/** Win32 error codes, of an open or a request. */
const ERRORS: Readonly<Record<number, readonly [string, string]>> = {
  2: ['its device interface leads nowhere', 'Restart the device in Device Manager'],
  5: [
    'this user may not open it',
    'Run as administrator, or have the administrator add you to the group that the driver names',
  ],
  21: [
    'it is not ready: it could not be made quiet when its last owner ended',
    'Restart Windows; until then its memory stays quarantined',
  ],
  32: ['somebody has opened it', 'End the dataplane that has it'],
  1306: ['its driver speaks another version of the contract', 'Install driver and dataplane of one release'],
  1617: ['it has been removed', 'Put it in again, or scan for hardware changes'],
};

export function errorText(code: number): { readonly text: string; readonly remedy: string } {
  const [text, remedy] = ERRORS[code] ?? [`the driver refuses with Windows error ${code}`, 'See the System event log'];
  return { text, remedy };
}

function held({ info, state, error }: Observed): Usability {
  if (info === undefined) {
    const { text, remedy } =
      error === undefined
        ? { text: 'its driver gives an answer of another shape', remedy: 'Install driver and dataplane of one release' }
        : errorText(error);
    return { usable: false, why: `wdpdkuio holds it, but ${text}`, remedy };
  }
  if (info.contract !== CONTRACT) {
    const why = `wdpdkuio ${info.version} speaks contract ${info.contract}, this wdpdk ${CONTRACT}`;
    return { usable: false, why, remedy: 'Install driver and dataplane of one release' };
  }
  const name = `wdpdkuio ${info.version} holds it`;
  if (state === undefined) return { usable: true, why: name };
  if (state.state === STATES.STOPPED)
    return {
      usable: false,
      why: `${name}, and Plug and Play has not started it`,
      remedy: 'Enable it in Device Manager, or restart it there',
    };
  if (state.state === STATES.REMOVED)
    return {
      usable: false,
      why: `${name}, and it has been removed`,
      remedy: 'Put it in again, or scan for hardware changes',
    };
  if ((state.flags & STATE_FLAGS.UNQUIET) !== 0 && state.owner === 0)
    return {
      usable: false,
      why: `${name}, and it has not become quiet since its last owner`,
      remedy: 'Restart the device in Device Manager, else Windows',
    };
  if (state.owner !== 0) return { usable: true, why: `${name}; process ${state.owner} drives it now` };
  return { usable: true, why: name };
}

function usability(
  node: DeviceNode,
  known: boolean,
  name: string,
  observed: Observed | undefined,
  isUio: boolean,
): Usability {
  if (!known) return { usable: false, why: 'no driver of the dataplane knows it; Windows keeps it' };
  const bind = `In an elevated terminal: 'wdpdk bind ${/[&\\]/.test(name) ? `"${name}"` : name}'`;
  const { status, service } = node;
  if (status !== undefined && status.problem !== 0) {
    const { text, remedy } = problemText(status.problem);
    return { usable: false, why: text, remedy };
  }
  if (service === undefined) return { usable: false, why: 'it has no driver', remedy: bind };
  if (!isUio) return { usable: false, why: `Windows' own driver ${service} holds it`, remedy: bind };
  if (observed !== undefined) return held(observed);
  const started = status === undefined || (status.flags & DN_STARTED) !== 0;
  const why = started
    ? 'wdpdkuio is its driver and shows no device interface'
    : 'wdpdkuio is its driver, and it is not started';
  return {
    usable: false,
    why,
    remedy: "Restart the device in Device Manager; the System event log has the driver's words",
  };
}

function interfacesOf(machine: Machine, node: DeviceNode, adapters: readonly Adapter[]): NetInterface[] {
  if (node.driverKey === undefined) return [];
  const guid = machine.registryText(`${CLASSES}\\${node.driverKey}`, 'NetCfgInstanceId')?.toLowerCase();
  return adapters
    .filter((adapter) => adapter.guid.toLowerCase() === guid)
    .map(({ name, up, addresses }) => ({ name, up, addresses }));
}

function addressOf({ bus, location }: DeviceNode, observed: Observed | undefined): string | undefined {
  const info = observed?.info;
  if (info) return formatAddress(info.segment, info.bus, info.slot, info.fn);
  if (bus === undefined || location === undefined || location === 0xffffffff) return undefined;
  return formatAddress(bus >>> 8, bus & 0xff, location >>> 16, location & 0xffff);
}

export function windowsDevices(machine: Machine): WindowsDevice[] {
  const interfaces = machine.uioInterfaces();
  const adapters = machine.adapters();
  return machine.nodes().flatMap((node) => {
    const id = node.instanceId;
    const [vendor, device, subsystem] = [idIn(id, 'VEN'), idIn(id, 'DEV'), idIn(id, 'SUBSYS')];
    const card = knownCard(vendor, device);
    if (!isNetwork(node) && card === undefined) return [];
    const isUio = node.service?.toLowerCase() === UIO_SERVICE;
    const found = isUio
      ? interfaces.find(({ instanceId }) => instanceId.toUpperCase() === id.toUpperCase())
      : undefined;
    const observed = found && machine.observe(found.path);
    const address = addressOf(node, observed);
    const numa = observed?.info?.node ?? node.node ?? -1;
    const shown: NetworkDevice = {
      ...(address === undefined ? {} : { address }),
      instanceId: id,
      vendor,
      device,
      subsystemVendor: subsystem & 0xffff,
      subsystemDevice: subsystem >>> 16,
      name: card ? cardName(vendor, device) : (node.description ?? cardName(vendor, device)),
      ...(node.service === undefined ? {} : { driver: node.service }),
      bound: isUio,
      ...(numa < 0 ? {} : { node: numa }),
      interfaces: interfacesOf(machine, node, adapters),
      state: usability(node, card !== undefined, address ?? id, observed, isUio),
    };
    return [{ shown, node, ...(observed === undefined ? {} : { observed }) }];
  });
}
