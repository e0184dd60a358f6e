// SPDX-License-Identifier: BSD-3-Clause
//
// What is read of a Windows machine. Everything about Windows goes through here: native.ts and what it uses ask the system, tests
// have machines that are made up.
import type { Observed } from './uio.ts';

/** A device of the PCI bus as Plug and Play has it. What the system does not say is undefined. */
export interface DeviceNode {
  readonly instanceId: string;
  /** Hardware ids, then compatible ids: the most specific first. */
  readonly ids: readonly string[];
  readonly description?: string | undefined;
  readonly className?: string | undefined;
  /** The function driver's service. */
  readonly service?: string | undefined;
  /** Its key below Control\Class, as `{4d36e972-...}\0001`. */
  readonly driverKey?: string | undefined;
  /** CM_Get_DevNode_Status; undefined where that says nothing (Wine). */
  readonly status?: { readonly flags: number; readonly problem: number } | undefined;
  /** Segment << 8 | bus. */
  readonly bus?: number | undefined;
  /** Device << 16 | function. */
  readonly location?: number | undefined;
  readonly node?: number | undefined;
  /** DEVPKEY_Device_DmaRemappingPolicy */
  readonly dmaRemapping?: number | undefined;
  /** Who may open it, in SDDL. */
  readonly sddl?: string | undefined;
}

/** A device interface of wdpdkuio. */
export interface UioInterface {
  readonly instanceId: string;
  readonly path: string;
}

export interface Adapter {
  /** `{...}`, as NetCfgInstanceId has it. */
  readonly guid: string;
  readonly name: string;
  readonly up: boolean;
  /** It has a gateway: the machine's way out. */
  readonly gateway: boolean;
  readonly hardware: boolean;
  readonly addresses: readonly string[];
}

export interface CpuSet {
  readonly group: number;
  readonly core: number;
  readonly parked: boolean;
  /** Reserved for processes that ask for it by name. */
  readonly allocated: boolean;
  readonly realTime: boolean;
}

export interface Driver {
  /** SERVICE_STOPPED 1 ... SERVICE_RUNNING 4; undefined: the service manager does not say. */
  readonly state?: number | undefined;
  /** 0 boot, 1 system, 2 automatic, 3 on demand, 4 disabled */
  readonly start?: number | undefined;
  readonly file?: string | undefined;
  /** Of the file; undefined: there is no such file, or it has no version. */
  readonly version?: string | undefined;
  readonly fileThere: boolean;
}

/** What a driver is installed with (SetupAPI). Each throws what the system says, with its code. */
export interface Installer {
  /** Of one device, from this INF. Returns whether a restart is needed. */
  install(instanceId: string, inf: string): boolean;
  /** The best driver that is not `service`'s, or none at all. Returns its name, and whether a restart is needed. */
  reset(instanceId: string, service: string): { readonly driver: string | undefined; readonly restart: boolean };
  /** An INF that Windows has for the service already. */
  staged(service: string): string | undefined;
}

export interface Machine {
  readonly env: NodeJS.ProcessEnv;
  /** Where instances leave word of themselves. */
  readonly runFolder: string;
  nodes(): DeviceNode[];
  uioInterfaces(): UioInterface[];
  /** Opens as an observer: no ownership, whatever the driver is doing. */
  observe(path: string): Observed;
  /** Of HKEY_LOCAL_MACHINE. */
  registryNumber(key: string, name: string): number | undefined;
  registryText(key: string, name: string): string | undefined;
  driver(service: string): Driver | undefined;
  fileExists(file: string): boolean;
  /** Throws why a folder cannot be written to. */
  assertWritable(folder: string): void;
  /** SYSTEM_CODEINTEGRITY_INFORMATION.CodeIntegrityOptions */
  codeIntegrity(): number | undefined;
  secureBoot(): boolean | undefined;
  kernelDmaProtection(): boolean | undefined;
  acpiTable(name: string): Uint8Array | undefined;
  holdsPrivilege(name: string): boolean;
  administrator(): boolean;
  largePageBytes(): number;
  /** Active processors of each group. */
  processorGroups(): number[];
  cpuSets(): CpuSet[];
  /** GUID of the power plan, in lower case. */
  powerPlan(): string | undefined;
  adapters(): Adapter[];
  remoteDesktop(): boolean;
  processorFeature(feature: number): boolean;
  viewForeignMemory(): void;
  readonly installer: Installer;
}
