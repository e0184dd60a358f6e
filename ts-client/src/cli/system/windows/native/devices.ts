// SPDX-License-Identifier: BSD-3-Clause
//
// Devices by SetupAPI and the configuration manager.
import type { DeviceNode, UioInterface } from '../machine.ts';
import {
  INFO_BYTES,
  IOCTL_INFO,
  IOCTL_STATUS,
  type Observed,
  STATE_BYTES,
  UIO_INTERFACE,
  readInfo,
  readState,
  request,
} from '../uio.ts';
import { INVALID_HANDLE, guidBytes, wideText, wideTexts, win32 } from './api.ts';

const PRESENT = 2;
const ALL_CLASSES = 4;
const DEVICE_INTERFACES = 0x10;
const TEXT_BYTES = 4096;
const MOST = 4096;

/** SP_DEVINFO_DATA and SP_DEVICE_INTERFACE_DATA have the same size. */
export const DEVICE_BYTES = 32;
const NODE_AT = 20;
const DETAIL_HEAD_BYTES = 8;
const DETAIL_TEXT_AT = 4;

/** SPDRP_* */
const PROPERTY = {
  description: 0,
  hardwareIds: 1,
  compatibleIds: 2,
  service: 4,
  className: 7,
  driverKey: 9,
  friendlyName: 12,
  bus: 0x15,
  sddl: 0x18,
  location: 0x1c,
} as const;

/** DEVPROPKEY: a GUID and a number. */
const propertyKey = (guid: string, id: number): Buffer => {
  const number = Buffer.alloc(4);
  number.writeUInt32LE(id);
  return Buffer.concat([guidBytes(guid), number]);
};
const NUMA_NODE = propertyKey('{540b947e-8b40-45bc-a8a2-6a0b894cbda2}', 3);
const DMA_REMAPPING = propertyKey('{83da6326-97a6-4088-9453-a1923f573b29}', 18);

export function deviceData(): Buffer {
  const data = Buffer.alloc(DEVICE_BYTES);
  data.writeUInt32LE(DEVICE_BYTES, 0);
  return data;
}

function property(set: number, device: Buffer, which: number): Buffer | undefined {
  const bytes = Buffer.alloc(TEXT_BYTES);
  const wanted = [0];
  if (!win32.SetupDiGetDeviceRegistryPropertyW(set, device, which, [0], bytes, bytes.length, wanted)) return undefined;
  return bytes.subarray(0, Math.min(wanted[0]!, bytes.length));
}

const textOf = (set: number, device: Buffer, which: number): string | undefined => {
  const bytes = property(set, device, which);
  return bytes && (wideText(bytes) || undefined);
};

const numberOf = (set: number, device: Buffer, which: number): number | undefined => {
  const bytes = property(set, device, which);
  return bytes?.length === 4 ? bytes.readUInt32LE() : undefined;
};

function modern(set: number, device: Buffer, key: Buffer): number | undefined {
  const bytes = Buffer.alloc(8);
  return win32.SetupDiGetDevicePropertyW(set, device, key, [0], bytes, bytes.length, [0], 0)
    ? bytes.readInt32LE()
    : undefined;
}

function instanceId(set: number, device: Buffer): string {
  const text = Buffer.alloc(TEXT_BYTES);
  return win32.SetupDiGetDeviceInstanceIdW(set, device, text, text.length / 2, [0]) ? wideText(text) : '';
}

function statusOf(device: Buffer): DeviceNode['status'] {
  const [flags, problem] = [[0], [0]];
  if (win32.CM_Get_DevNode_Status(flags, problem, device.readUInt32LE(NODE_AT), 0) !== 0) return undefined;
  // Every device has flags; none at all is Wine, which does not know.
  return flags[0] === 0 ? undefined : { flags: flags[0]!, problem: problem[0]! };
}

/** Walks a device information set and always gives it back. */
function walk<T>(set: number, each: (index: number) => T | undefined): T[] {
  if (set === INVALID_HANDLE) return [];
  const found: T[] = [];
  try {
    for (let index = 0; index < MOST; index++) {
      const one = each(index);
      if (one === undefined) break;
      found.push(one);
    }
  } finally {
    win32.SetupDiDestroyDeviceInfoList(set);
  }
  return found;
}

export function pciNodes(): DeviceNode[] {
  const set = win32.SetupDiGetClassDevsW(null, 'PCI', 0, PRESENT | ALL_CLASSES);
  return walk(set, (index) => {
    const device = deviceData();
    if (!win32.SetupDiEnumDeviceInfo(set, index, device)) return undefined;
    const ids = [PROPERTY.hardwareIds, PROPERTY.compatibleIds].flatMap((which) => {
      const bytes = property(set, device, which);
      return bytes ? wideTexts(bytes) : [];
    });
    const network = ids.some((id) => /CC_02/i.test(id)) || textOf(set, device, PROPERTY.className) === 'Net';
    const head = { instanceId: instanceId(set, device), ids, service: textOf(set, device, PROPERTY.service) };
    // The rest costs calls, and nobody asks for it of a bridge.
    if (!network && !/VEN_8086/i.test(head.instanceId)) return head;
    return {
      ...head,
      description: textOf(set, device, PROPERTY.friendlyName) ?? textOf(set, device, PROPERTY.description),
      className: textOf(set, device, PROPERTY.className),
      driverKey: textOf(set, device, PROPERTY.driverKey),
      status: statusOf(device),
      bus: numberOf(set, device, PROPERTY.bus),
      location: numberOf(set, device, PROPERTY.location),
      node: modern(set, device, NUMA_NODE),
      dmaRemapping: modern(set, device, DMA_REMAPPING),
      sddl: textOf(set, device, PROPERTY.sddl),
    };
  });
}

export function uioInterfaces(): UioInterface[] {
  const kind = guidBytes(UIO_INTERFACE);
  const set = win32.SetupDiGetClassDevsW(kind, null, 0, PRESENT | DEVICE_INTERFACES);
  return walk(set, (index) => {
    const found = deviceData();
    if (!win32.SetupDiEnumDeviceInterfaces(set, 0, kind, index, found)) return undefined;
    const detail = Buffer.alloc(TEXT_BYTES);
    detail.writeUInt32LE(DETAIL_HEAD_BYTES, 0);
    const device = deviceData();
    const done = win32.SetupDiGetDeviceInterfaceDetailW(set, found, detail, detail.length, [0], device);
    return { instanceId: instanceId(set, device), path: done ? wideText(detail, DETAIL_TEXT_AT) : '' };
  }).filter(({ path }) => path !== '');
}

/** Says "observer" to the driver; the owner shares nothing. */
const SHARE_READ_WRITE = 3;
const OPEN_EXISTING = 3;

function ask(handle: number, code: number, size: number): Buffer | number {
  const out = Buffer.alloc(size);
  const got = [0];
  const input = request();
  if (win32.DeviceIoControl(handle, code, input, input.length, out, out.length, got, 0)) return out.subarray(0, got[0]);
  return win32.GetLastError();
}

/** Without access, and sharing: an observer, who owns nothing and disturbs nobody. */
export function observe(path: string): Observed {
  const handle = win32.CreateFileW(path, 0, SHARE_READ_WRITE, 0, OPEN_EXISTING, 0, 0);
  if (handle === INVALID_HANDLE) return { error: win32.GetLastError() };
  try {
    const info = ask(handle, IOCTL_INFO, INFO_BYTES);
    if (typeof info === 'number') return { error: info };
    const state = ask(handle, IOCTL_STATUS, STATE_BYTES);
    const [readAs, stateAs] = [readInfo(info), typeof state === 'number' ? undefined : readState(state)];
    return {
      ...(readAs && { info: readAs }),
      ...(stateAs && { state: stateAs }),
      ...(typeof state === 'number' && { error: state }),
    };
  } finally {
    win32.CloseHandle(handle);
  }
}
