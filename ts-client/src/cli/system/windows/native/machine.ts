// SPDX-License-Identifier: BSD-3-Clause
//
// This Windows machine: processors, privileges, code integrity, firmware tables, adapters.
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import koffi from 'koffi';
import { runFolder } from 'shared-memory-ipc';
import { view } from '../../view.ts';
import type { Adapter, CpuSet, Machine } from '../machine.ts';
import { guidText, wideText, win32 } from './api.ts';
import { observe, pciNodes, uioInterfaces } from './devices.ts';
import { installer } from './install.ts';
import { driver, registryNumber, registryText } from './registry.ts';

const CODE_INTEGRITY = 103;
const SECURE_BOOT = 145;
const DMA_GUARD = 202;

/** NtQuerySystemInformation of a small structure; undefined where the system does not know it. */
function system(kind: number, bytes: Buffer): Buffer | undefined {
  return win32.NtQuerySystemInformation(kind, bytes, bytes.length, [0]) === 0 ? bytes : undefined;
}

function codeIntegrity(): number | undefined {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(bytes.length);
  return system(CODE_INTEGRITY, bytes)?.readUInt32LE(4);
}

function secureBoot(): boolean | undefined {
  const told = system(SECURE_BOOT, Buffer.alloc(2));
  if (told) return told[0] !== 0;
  const noted = registryNumber('SYSTEM\\CurrentControlSet\\Control\\SecureBoot\\State', 'UEFISecureBootEnabled');
  return noted === undefined ? undefined : noted !== 0;
}

const ACPI = 0x41435049;

function acpiTable(name: string): Uint8Array | undefined {
  const bytes = Buffer.alloc(65_536);
  const size = win32.GetSystemFirmwareTable(ACPI, Buffer.from(name, 'latin1').readUInt32LE(), bytes, bytes.length);
  return size === 0 ? undefined : bytes.subarray(0, Math.min(size, bytes.length));
}

const TOKEN_QUERY = 8;
const TOKEN_PRIVILEGES = 3;
const PRIVILEGE_BYTES = 12;

/** Whether this user's token has the privilege at all (a process turns it on by itself). */
function holdsPrivilege(name: string): boolean {
  const luid = [0n];
  const token = [0];
  if (!win32.LookupPrivilegeValueW(null, name, luid)) return false;
  if (!win32.OpenProcessToken(win32.GetCurrentProcess(), TOKEN_QUERY, token)) return false;
  const list = Buffer.alloc(4096);
  const done = win32.GetTokenInformation(token[0], TOKEN_PRIVILEGES, list, list.length, [0]);
  win32.CloseHandle(token[0]);
  if (!done) return false;
  const count = Math.min(list.readUInt32LE(0), Math.floor((list.length - 4) / PRIVILEGE_BYTES));
  const wanted = BigInt(luid[0]!);
  return Array.from({ length: count }, (_, i) => list.readBigUInt64LE(4 + i * PRIVILEGE_BYTES)).includes(wanted);
}

/** S-1-5-32-544, as bytes. A member without elevation is none here, as for the device. */
const ADMINISTRATORS = Buffer.from('01020000000000052000000020020000', 'hex');

function administrator(): boolean {
  const member = [0];
  return win32.CheckTokenMembership(0, ADMINISTRATORS, member) !== 0 && member[0] !== 0;
}

const CPU_SET_FLAGS_AT = 19;

function cpuSets(): CpuSet[] {
  const bytes = Buffer.alloc(1 << 20);
  const wanted = [0];
  if (!win32.GetSystemCpuSetInformation(bytes, bytes.length, wanted, 0, 0)) return [];
  const sets: CpuSet[] = [];
  for (let at = 0; at + 32 <= wanted[0]!; at += Math.max(32, bytes.readUInt32LE(at))) {
    const flags = bytes[at + CPU_SET_FLAGS_AT]!;
    sets.push({
      group: bytes.readUInt16LE(at + 12),
      core: bytes[at + 14]!,
      parked: (flags & 1) !== 0,
      allocated: (flags & 2) !== 0,
      realTime: (flags & 8) !== 0,
    });
  }
  return sets;
}

function powerPlan(): string | undefined {
  const scheme: (number | bigint)[] = [0];
  if (win32.PowerGetActiveScheme(0, scheme) !== 0 || !scheme[0]) return undefined;
  return guidText(Buffer.from(koffi.decode(scheme[0], 'uint8_t', 16) as number[]));
}

/** IP_ADAPTER_ADDRESSES: its pointers lead into the buffer it came in. */
const AT = { next: 8, guid: 16, friendly: 72, type: 100, status: 104, gateway: 208 } as const;
const WITH_GATEWAYS = 0x80;
const OPERATIONAL = 1;
const LOOPBACK = 24;
const TUNNEL = 131;

function adapters(): Adapter[] {
  const bytes = Buffer.alloc(1 << 18);
  if (win32.GetAdaptersAddresses(0, WITH_GATEWAYS, 0, bytes, [bytes.length]) !== 0) return [];
  const base = BigInt(koffi.address(bytes));
  const offset = (at: number): number => {
    const pointer = bytes.readBigUInt64LE(at);
    const inside = pointer === 0n ? -1 : Number(pointer - base);
    return inside >= 0 && inside < bytes.length ? inside : -1;
  };
  const addresses = networkInterfaces();
  const found: Adapter[] = [];
  const most = 1024;
  for (let at = 0; at >= 0 && at + 224 < bytes.length && found.length < most; at = offset(at + AT.next)) {
    if (bytes.readUInt32LE(at) === 0) break;
    const [guid, friendly] = [offset(at + AT.guid), offset(at + AT.friendly)];
    const name = friendly < 0 ? '' : wideText(bytes, friendly);
    const type = bytes.readUInt32LE(at + AT.type);
    found.push({
      guid: guid < 0 ? '' : bytes.toString('latin1', guid, bytes.indexOf(0, guid)),
      name,
      up: bytes.readUInt32LE(at + AT.status) === OPERATIONAL,
      gateway: bytes.readBigUInt64LE(at + AT.gateway) !== 0n,
      hardware: type !== LOOPBACK && type !== TUNNEL,
      addresses: (addresses[name] ?? []).map(({ address }) => address),
    });
  }
  return found;
}

const COMMIT_AND_RESERVE = 0x3000;
const PAGE_READWRITE = 4;
const REMOTE_SESSION = 0x1000;

function foreignMemory(bytes: number): bigint {
  const address = BigInt(win32.VirtualAlloc(0, bytes, COMMIT_AND_RESERVE, PAGE_READWRITE));
  if (address === 0n) throw new Error('VirtualAlloc failed');
  return address;
}

/** A part of Windows that is missing (a stripped edition, Wine) is as if it said nothing. */
function or<T>(nothing: T, read: () => T): () => T {
  return () => {
    try {
      return read();
    } catch {
      return nothing;
    }
  };
}

export const thisMachine = (env: NodeJS.ProcessEnv = process.env): Machine => ({
  env,
  runFolder: runFolder(env),
  nodes: or([], pciNodes),
  uioInterfaces: or([], uioInterfaces),
  observe,
  registryNumber,
  registryText,
  driver,
  fileExists: existsSync,
  assertWritable: (folder) => {
    if (!statSync(folder).isDirectory()) throw new Error('it is no directory');
    accessSync(folder, constants.W_OK);
  },
  codeIntegrity: or(undefined, codeIntegrity),
  secureBoot: or(undefined, secureBoot),
  kernelDmaProtection: or(undefined, () => {
    const told = system(DMA_GUARD, Buffer.alloc(1));
    return told && told[0] !== 0;
  }),
  acpiTable,
  holdsPrivilege,
  administrator,
  largePageBytes: () => win32.GetLargePageMinimum(),
  processorGroups: or([], () =>
    Array.from({ length: win32.GetActiveProcessorGroupCount() }, (_, group) => win32.GetActiveProcessorCount(group)),
  ),
  cpuSets: or([], cpuSets),
  powerPlan: or(undefined, powerPlan),
  adapters: or([], adapters),
  remoteDesktop: or(false, () => win32.GetSystemMetrics(REMOTE_SESSION) !== 0),
  processorFeature: (feature) => win32.IsProcessorFeaturePresent(feature) !== 0,
  viewForeignMemory: () => view(foreignMemory),
  installer,
});
