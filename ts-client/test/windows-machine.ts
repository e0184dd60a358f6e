// SPDX-License-Identifier: BSD-3-Clause
//
// A Windows machine that is made up: tables of what the system would say, and an installer that changes them.
import type { Adapter, DeviceNode, Machine } from '../src/cli/system/windows/machine.ts';
import { STATES, type Observed, type UioInfo, type UioState } from '../src/cli/system/windows/uio.ts';

export const I40E = 'PCI\\VEN_8086&DEV_1583&SUBSYS_00018086&REV_02\\4&1A2B3C&0&0018';
export const SECOND = 'PCI\\VEN_8086&DEV_1583&SUBSYS_00018086&REV_02\\4&1A2B3C&0&0118';
export const HOUSE = 'PCI\\VEN_8086&DEV_1533&SUBSYS_00008086&REV_03\\3&1&0&E0';
const DN_STARTED = 8;

export const node = (instanceId: string, more: Partial<DeviceNode> = {}): DeviceNode => ({
  instanceId,
  ids: [instanceId.split('\\').slice(0, 2).join('\\'), 'PCI\\CC_0200'],
  description: 'Ethernet',
  className: 'Net',
  service: 'i40ea68',
  status: { flags: DN_STARTED, problem: 0 },
  bus: 0x65,
  location: instanceId === SECOND ? 1 : 0,
  driverKey: `{4d36e972-e325-11ce-bfc1-08002be10318}\\${instanceId === SECOND ? '0002' : '0001'}`,
  ...more,
});

export const info = (more: Partial<UioInfo> = {}): UioInfo => ({
  contract: 1,
  flags: 0,
  version: '0.1.0.0',
  segment: 0,
  bus: 0x65,
  slot: 0,
  fn: 0,
  node: -1,
  quota: 2 ** 30,
  ...more,
});

export const state = (more: Partial<UioState> = {}): UioState => ({
  state: STATES.FREE,
  flags: 0,
  owner: 0,
  teardowns: 0,
  ownerBytes: 0,
  quarantinedBytes: 0,
  quarantinedBlocks: 0,
  driverBytes: 0,
  ...more,
});

export const adapter = (name: string, more: Partial<Adapter> = {}): Adapter => ({
  guid: `{${name}}`,
  name,
  up: true,
  gateway: false,
  hardware: true,
  addresses: [],
  ...more,
});

export interface Settings extends Partial<Omit<Machine, 'nodes' | 'observe' | 'installer'>> {
  readonly nodes?: readonly DeviceNode[];
  readonly observed?: Observed;
  readonly registry?: Readonly<Record<string, string | number>>;
  /** What the installer throws, or that a restart is needed. */
  readonly install?: Error | 'restart';
  /** The device does not start with the new driver: its problem. */
  readonly problem?: number;
  readonly staged?: string;
}

export interface FakeMachine extends Machine {
  readonly installed: string[];
}

export function windowsMachine(settings: Settings = {}): FakeMachine {
  const {
    nodes = [],
    observed = { info: info(), state: state() },
    registry = {},
    install,
    problem = 0,
    staged,
    ...rest
  } = settings;
  const now = [...nodes];
  const installed: string[] = [];
  const give = (instanceId: string, service: string | undefined): boolean => {
    if (install instanceof Error) throw install;
    const at = now.findIndex((one) => one.instanceId === instanceId);
    now[at] = { ...now[at]!, service, status: { flags: DN_STARTED, problem } };
    return install === 'restart';
  };
  const value = (key: string, name: string): string | number | undefined => registry[`${key}\\${name}`];
  return {
    env: {},
    runFolder: 'C:\\Users\\me\\AppData\\Local\\wdpdk\\run',
    uioInterfaces: () =>
      now
        .filter(({ service }) => service === 'wdpdkuio')
        .map(({ instanceId }) => ({ instanceId, path: `\\\\?\\${instanceId}` })),
    registryNumber: (key, name) => (typeof value(key, name) === 'number' ? (value(key, name) as number) : undefined),
    registryText: (key, name) => (typeof value(key, name) === 'string' ? (value(key, name) as string) : undefined),
    driver: () => ({
      state: 4,
      start: 3,
      file: 'C:\\Windows\\System32\\drivers\\wdpdkuio.sys',
      fileThere: true,
      version: '0.1.0.0',
    }),
    fileExists: () => true,
    assertWritable: () => undefined,
    codeIntegrity: () => 1,
    secureBoot: () => false,
    kernelDmaProtection: () => false,
    acpiTable: () => undefined,
    holdsPrivilege: () => true,
    administrator: () => true,
    largePageBytes: () => 2 ** 21,
    processorGroups: () => [8],
    cpuSets: () =>
      Array.from({ length: 8 }, (_, core) => ({ group: 0, core, parked: false, allocated: core > 3, realTime: false })),
    powerPlan: () => '{8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c}',
    adapters: () => [],
    remoteDesktop: () => false,
    processorFeature: () => true,
    viewForeignMemory: () => undefined,
    ...rest,
    nodes: () => now,
    observe: () => observed,
    installed,
    installer: {
      install: (instanceId, inf) => {
        installed.push(`${instanceId} <- ${inf}`);
        return give(instanceId, 'wdpdkuio');
      },
      reset: (instanceId) => {
        installed.push(`${instanceId} <-`);
        return { driver: 'Intel', restart: give(instanceId, 'i40ea68') };
      },
      staged: () => staged,
    },
  };
}
