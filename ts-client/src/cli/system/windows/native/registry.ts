// SPDX-License-Identifier: BSD-3-Clause
//
// HKEY_LOCAL_MACHINE, services and the versions of files.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Driver } from '../machine.ts';
import { wideText, win32 } from './api.ts';

/** HKEY_LOCAL_MACHINE is 0x80000002, sign-extended. */
const LOCAL_MACHINE = -2147483646;
const AS_NUMBER = 0x10;
const AS_TEXT = 2;
const EXPANDED_OR_NOT = 0x10000004;
const TEXT_BYTES = 4096;
const MANAGER_CONNECT = 1;
const SERVICE_QUERY_STATUS = 4;
const STATUS_BYTES = 28;
const STATE_AT = 4;
const VERSION_SIGNATURE = Buffer.from([0xbd, 0x04, 0xef, 0xfe]);
const VERSION_AT = 8;

function value(key: string, name: string, kinds: number): Buffer | undefined {
  const bytes = Buffer.alloc(TEXT_BYTES);
  const size = [bytes.length];
  if (win32.RegGetValueW(LOCAL_MACHINE, key, name, kinds, [0], bytes, size) !== 0) return undefined;
  return bytes.subarray(0, size[0]);
}

export const registryNumber = (key: string, name: string): number | undefined => {
  const bytes = value(key, name, AS_NUMBER);
  return bytes && bytes.length >= 4 ? bytes.readUInt32LE() : undefined;
};

export const registryText = (key: string, name: string): string | undefined => {
  const bytes = value(key, name, AS_TEXT | EXPANDED_OR_NOT);
  return bytes && wideText(bytes);
};

function serviceState(name: string): number | undefined {
  const manager = win32.OpenSCManagerW(null, null, MANAGER_CONNECT);
  if (manager === 0) return undefined;
  const service = win32.OpenServiceW(manager, name, SERVICE_QUERY_STATUS);
  const status = Buffer.alloc(STATUS_BYTES);
  const state = service !== 0 && win32.QueryServiceStatus(service, status) ? status.readUInt32LE(STATE_AT) : undefined;
  if (service !== 0) win32.CloseServiceHandle(service);
  win32.CloseServiceHandle(manager);
  return state;
}

/** `\SystemRoot\System32\drivers\x.sys`, `System32\drivers\x.sys`, `\??\C:\x.sys` as a path. */
export function driverFile(image: string, windows: string): string {
  if (image.startsWith('\\??\\')) return image.slice('\\??\\'.length);
  const inside = /^\\?SystemRoot\\(.*)$/i.exec(image)?.[1];
  if (inside !== undefined) return path.win32.join(windows, inside);
  return path.win32.isAbsolute(image) ? image : path.win32.join(windows, image);
}

export function fileVersion(file: string): string | undefined {
  const size = win32.GetFileVersionInfoSizeW(file, [0]);
  if (size === 0) return undefined;
  const bytes = Buffer.alloc(size);
  if (!win32.GetFileVersionInfoW(file, 0, size, bytes)) return undefined;
  const at = bytes.indexOf(VERSION_SIGNATURE);
  if (at < 0 || at + VERSION_AT + 8 > size) return undefined;
  const [low, high] = [bytes.readUInt32LE(at + VERSION_AT), bytes.readUInt32LE(at + VERSION_AT + 4)];
  return [low >>> 16, low & 0xffff, high >>> 16, high & 0xffff].join('.');
}

export function driver(service: string): Driver | undefined {
  const key = `SYSTEM\\CurrentControlSet\\Services\\${service}`;
  const start = registryNumber(key, 'Start');
  const image = registryText(key, 'ImagePath');
  if (start === undefined && image === undefined) return undefined;
  const file = driverFile(image || `System32\\drivers\\${service}.sys`, process.env['SystemRoot'] ?? 'C:\\Windows');
  const fileThere = existsSync(file);
  return { start, state: serviceState(service), file, fileThere, version: fileThere ? fileVersion(file) : undefined };
}
