// SPDX-License-Identifier: BSD-3-Clause
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import koffi from 'koffi';
import { runFolder as findRunFolder } from 'shared-memory-ipc';
import { type Check, type System, fail, mebibytes, messageOf, ok, warn } from './check.ts';
import { view } from './view.ts';

const TOKEN_QUERY = 8;
const TOKEN_PRIVILEGES = 3;
const LUID_AND_ATTRIBUTES_BYTES = 12;
const PRIVILEGES_BYTES = 4096;
const COMMIT_AND_RESERVE = 0x3000;
const PAGE_READWRITE = 4;
/** IsProcessorFeaturePresent */
const SSE4_2 = 38;
const AVX2 = 40;
const AVX512F = 41;
const RDTSC = 8;

function bind() {
  const kernel = koffi.load('kernel32.dll');
  const advapi = koffi.load('advapi32.dll');
  return {
    GetLargePageMinimum: kernel.func('size_t __stdcall GetLargePageMinimum()'),
    IsProcessorFeaturePresent: kernel.func('int __stdcall IsProcessorFeaturePresent(uint32_t feature)'),
    GetCurrentProcess: kernel.func('intptr_t __stdcall GetCurrentProcess()'),
    CloseHandle: kernel.func('int __stdcall CloseHandle(intptr_t handle)'),
    VirtualAlloc: kernel.func(
      'uintptr_t __stdcall VirtualAlloc(uintptr_t address, size_t size, uint32_t type, uint32_t protect)',
    ),
    OpenProcessToken: advapi.func(
      'int __stdcall OpenProcessToken(intptr_t process, uint32_t access, _Out_ intptr_t *token)',
    ),
    LookupPrivilegeValueW: advapi.func(
      'int __stdcall LookupPrivilegeValueW(const char16_t *system, const char16_t *name, _Out_ uint64_t *luid)',
    ),
    GetTokenInformation: advapi.func(
      'int __stdcall GetTokenInformation(intptr_t token, int kind, _Out_ uint8_t *value, uint32_t size, _Out_ uint32_t *wanted)',
    ),
  };
}
let bound: ReturnType<typeof bind> | undefined;
const win32 = () => (bound ??= bind());

/** Whether this user's token has the privilege at all (a process turns it on by itself). */
function granted(privilege: string): boolean {
  const { OpenProcessToken, GetCurrentProcess, LookupPrivilegeValueW, GetTokenInformation, CloseHandle } = win32();
  const luid = [0n];
  const token = [0];
  if (!LookupPrivilegeValueW(null, privilege, luid)) return false;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, token)) return false;
  const list = Buffer.alloc(PRIVILEGES_BYTES);
  const done = GetTokenInformation(token[0], TOKEN_PRIVILEGES, list, list.length, [0]);
  CloseHandle(token[0]);
  if (!done) return false;
  const count = Math.min(list.readUInt32LE(0), Math.floor((list.length - 4) / LUID_AND_ATTRIBUTES_BYTES));
  const wanted = BigInt(luid[0]!);
  return Array.from({ length: count }, (_, i) => list.readBigUInt64LE(4 + i * LUID_AND_ATTRIBUTES_BYTES)).includes(
    wanted,
  );
}

function pages(): Check {
  const bytes = Number(win32().GetLargePageMinimum());
  if (bytes === 0)
    return warn(
      'large pages',
      'this system has none; plain pages are used, which cost speed',
      'Nothing to do on this system',
    );
  return ok('large pages', `${mebibytes(bytes)} each, for users who may lock pages in memory`);
}

function runFolder(): Check {
  const name = 'run folder';
  const folder = findRunFolder();
  // The dataplane makes these two; what they lie in must be there.
  const base = path.resolve(folder, '..', '..');
  try {
    if (!statSync(base).isDirectory()) throw new Error('it is no directory');
    accessSync(base, constants.W_OK);
    return ok(name, folder);
  } catch (error) {
    return fail(name, `${base} cannot be used: ${messageOf(error)}`, 'Set LOCALAPPDATA to a directory of yours');
  }
}

function permissions(): Check[] {
  const name = 'lock pages';
  return granted('SeLockMemoryPrivilege')
    ? [ok(name, 'this user has SeLockMemoryPrivilege')]
    : [
        warn(
          name,
          'this user has no SeLockMemoryPrivilege: no large pages',
          "In secpol.msc, Local Policies, User Rights Assignment, add the user to 'Lock pages in memory', then log on again",
        ),
      ];
}

function cpuFlags() {
  const has = (feature: number) => Boolean(win32().IsProcessorFeaturePresent(feature));
  return { required: { sse4_2: has(SSE4_2) }, useful: { avx2: has(AVX2), avx512f: has(AVX512F), tsc: has(RDTSC) } };
}

function foreignMemory(bytes: number): bigint {
  const address = BigInt(win32().VirtualAlloc(0, bytes, COMMIT_AND_RESERVE, PAGE_READWRITE) as number | bigint);
  if (address === 0n) throw new Error('VirtualAlloc failed');
  return address;
}

export const windows: System = {
  pages,
  runFolder,
  permissions,
  cpuFlags,
  viewForeignMemory: () => view(foreignMemory),
};
