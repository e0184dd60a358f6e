// SPDX-License-Identifier: BSD-3-Clause
//
// One device from one driver to another, by the class installer's sequence of SetupAPI. UpdateDriverForPlugAndPlayDevices would take
// every card with the same id, and a machine's two-port card is often its network, too; DiInstallDevice is missing in Wine, where
// this is tried.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { WdpdkError } from 'shared-memory-ipc';
import type { Installer } from '../machine.ts';
import { INVALID_HANDLE, wideText, win32 } from './api.ts';
import { deviceData } from './devices.ts';

const COMPATIBLE = 2;
const ENUMERATE_SINGLE_INF = 0x10000;
const NEED_RESTART = 0x80;
const NEED_REBOOT = 0x100;
/** SP_DEVINSTALL_PARAMS_W */
const PARAMETERS_BYTES = 584;
const FLAGS_AT = 4;
const PATH_AT = 60;
const PATH_BYTES = 520;
/** SP_DRVINFO_DATA_V2_W and SP_DRVINFO_DETAIL_DATA_W */
const DRIVER_BYTES = 1568;
const DESCRIPTION_AT = 16;
const DETAIL_BYTES = 1584;
const DETAIL_ROOM = 16_384;
const INF_AT = 544;
const MOST_DRIVERS = 1000;

const DIF_SELECTBESTCOMPATDRV = 0x17;
const INSTALLATION = [
  [0x18, 'DIF_ALLOW_INSTALL'],
  [0x15, 'DIF_INSTALLDEVICEFILES'],
  [0x22, 'DIF_REGISTER_COINSTALLERS'],
  [0x20, 'DIF_INSTALLINTERFACES'],
  [2, 'DIF_INSTALLDEVICE'],
] as const;
const NOTHING_TO_DO = 0xe000020e;

const ABOUT_ERRORS: Readonly<Record<number, string>> = {
  5: 'Run it as an administrator (an elevated terminal)',
  0xe000022f: 'The package carries no catalogue: install one that is signed',
  0xe0000247:
    "Its publisher is not trusted here: install the publisher's certificate, or a package signed by Microsoft",
  0xe0000242: 'Its publisher is not trusted here yet: install it once by pnputil /add-driver, and say so',
  0xe0000243: 'Run it in a session where Windows can ask',
  0xe0000203: "Windows has no other driver for it: let it find one (pnputil /scan-devices), or install its maker's",
  0x800f0247: 'Install a package signed by Microsoft, or use a machine for tests (bcdedit /set testsigning on)',
};

function failure(what: string, object: string, error = win32.GetLastError()): WdpdkError {
  const code = error > 0xffff ? `0x${(error >>> 0).toString(16)}` : String(error);
  return new WdpdkError(error === 5 ? 'WDPDK_E_DENIED' : 'WDPDK_E_INTERNAL', `${what} failed with error ${code}`, {
    object,
    remedy: ABOUT_ERRORS[error >>> 0] ?? "See C:\\Windows\\INF\\setupapi.dev.log for Windows' own words",
  });
}

function must(done: number, what: string, object: string): void {
  if (!done) throw failure(what, object);
}

/** Opens the device in a set of its own. */
function withDevice<T>(instanceId: string, use: (set: number, device: Buffer) => T): T {
  const set = win32.SetupDiCreateDeviceInfoList(null, 0);
  if (set === INVALID_HANDLE) throw failure('SetupDiCreateDeviceInfoList', instanceId);
  try {
    const device = deviceData();
    must(win32.SetupDiOpenDeviceInfoW(set, instanceId, 0, 0, device), 'SetupDiOpenDeviceInfo', instanceId);
    return use(set, device);
  } finally {
    win32.SetupDiDestroyDeviceInfoList(set);
  }
}

function parameters(set: number, device: Buffer, object: string): Buffer {
  const bytes = Buffer.alloc(PARAMETERS_BYTES);
  bytes.writeUInt32LE(PARAMETERS_BYTES, 0);
  must(win32.SetupDiGetDeviceInstallParamsW(set, device, bytes), 'SetupDiGetDeviceInstallParams', object);
  return bytes;
}

/** Drivers that fit, the best first, each as its SP_DRVINFO_DATA with the INF it is from. */
function* fitting(set: number, device: Buffer): Generator<{ driver: Buffer; inf: string; name: string }> {
  for (let index = 0; index < MOST_DRIVERS; index++) {
    const driver = Buffer.alloc(DRIVER_BYTES);
    driver.writeUInt32LE(DRIVER_BYTES, 0);
    if (!win32.SetupDiEnumDriverInfoW(set, device, COMPATIBLE, index, driver)) return;
    const detail = Buffer.alloc(DETAIL_ROOM);
    detail.writeUInt32LE(DETAIL_BYTES, 0);
    // It fails when the ids do not fit, and has filled in the rest.
    win32.SetupDiGetDriverInfoDetailW(set, device, driver, detail, detail.length, [0]);
    yield {
      driver,
      inf: wideText(detail.subarray(INF_AT, INF_AT + PATH_BYTES)),
      name: wideText(driver, DESCRIPTION_AT),
    };
  }
}

/** The driver store numbers its INF files: what they install tells whose they are. */
function isFor(inf: string, service: string): boolean {
  try {
    const bytes = readFileSync(inf);
    const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
    return bytes
      .toString(wide ? 'utf16le' : 'latin1')
      .toLowerCase()
      .includes(`${service}.sys`);
  } catch {
    return false;
  }
}

function call(what: number, name: string, set: number, device: Buffer, object: string): void {
  if (win32.SetupDiCallClassInstaller(what, set, device)) return;
  const error = win32.GetLastError();
  if (error >>> 0 !== NOTHING_TO_DO) throw failure(name, object, error);
}

/** With the driver that is selected, if one is. Returns whether a restart is needed. */
function installSelected(set: number, device: Buffer, object: string, selected = true): boolean {
  const steps = selected ? INSTALLATION : INSTALLATION.slice(-1);
  for (const [what, name] of steps) call(what, name, set, device, object);
  return (parameters(set, device, object).readUInt32LE(FLAGS_AT) & (NEED_RESTART | NEED_REBOOT)) !== 0;
}

/** The list of drivers is that of one INF, and the best of it is selected. */
function selectFrom(set: number, device: Buffer, inf: string): void {
  const bytes = parameters(set, device, inf);
  bytes.writeUInt32LE((bytes.readUInt32LE(FLAGS_AT) | ENUMERATE_SINGLE_INF) >>> 0, FLAGS_AT);
  bytes.fill(0, PATH_AT, PATH_AT + PATH_BYTES);
  bytes.write(inf, PATH_AT, PATH_BYTES - 2, 'utf16le');
  must(win32.SetupDiSetDeviceInstallParamsW(set, device, bytes), 'SetupDiSetDeviceInstallParams', inf);
  must(win32.SetupDiBuildDriverInfoList(set, device, COMPATIBLE), 'SetupDiBuildDriverInfoList', inf);
  const [first] = fitting(set, device);
  if (first === undefined)
    throw new WdpdkError('WDPDK_E_NOT_FOUND', `${inf} has no driver for this device`, {
      object: inf,
      remedy: 'Name the INF of the driver package with --inf',
    });
  call(DIF_SELECTBESTCOMPATDRV, 'DIF_SELECTBESTCOMPATDRV', set, device, inf);
}

const install: Installer['install'] = (instanceId, inf) =>
  withDevice(instanceId, (set, device) => {
    selectFrom(set, device, inf);
    return installSelected(set, device, instanceId);
  });

/** The best driver that is not the service's, among all that Windows has. */
function another(instanceId: string, service: string): { inf: string; name: string } | undefined {
  return withDevice(instanceId, (set, device) => {
    must(win32.SetupDiBuildDriverInfoList(set, device, COMPATIBLE), 'SetupDiBuildDriverInfoList', instanceId);
    for (const { inf, name } of fitting(set, device)) if (inf !== '' && !isFor(inf, service)) return { inf, name };
    return undefined;
  });
}

const reset: Installer['reset'] = (instanceId, service) => {
  const chosen = another(instanceId, service);
  return withDevice(instanceId, (set, device) => {
    // With none selected it is the null driver: a device that waits for one.
    if (chosen !== undefined) selectFrom(set, device, chosen.inf);
    return { driver: chosen?.name, restart: installSelected(set, device, instanceId, chosen !== undefined) };
  });
};

/** The first INF in Windows' own folder that is for the service. */
function staged(service: string): string | undefined {
  const folder = path.win32.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'INF');
  const names = readdirSync(folder).filter(
    (name) => /\.inf$/i.test(name) && (/^oem\d+/i.test(name) || name.toLowerCase().startsWith(service)),
  );
  return names.map((name) => path.win32.join(folder, name)).find((file) => isFor(file, service));
}

export const installer: Installer = { install, reset, staged };
