// SPDX-License-Identifier: BSD-3-Clause
//
// Segments on Windows: a named section whose access control list is its protection, or a plain file.
import { statSync } from 'node:fs';
import koffi from 'koffi';
import { WdpdkError, violation } from '../errors.ts';
import type { Mapping } from './mapping.ts';

const FILE_MAP_WRITE = 2;
const FILE_MAP_READ = 4;
const GENERIC_READ = 0x80000000;
const GENERIC_WRITE = 0x40000000;
const FILE_SHARE_ALL = 7;
const OPEN_EXISTING = 3;
const PAGE_READONLY = 2;
const PAGE_READWRITE = 4;
const INVALID_HANDLE = 0xffffffffffffffffn;
const ERROR_FILE_NOT_FOUND = 2;
const ERROR_ACCESS_DENIED = 5;

function bind() {
  const k = koffi.load('kernel32.dll');
  return {
    OpenFileMappingW: k.func(
      'uintptr_t __stdcall OpenFileMappingW(uint32_t access, int inherit, const char16_t *name)',
    ),
    MapViewOfFile: k.func(
      'uintptr_t __stdcall MapViewOfFile(uintptr_t section, uint32_t access, uint32_t high, uint32_t low, size_t size)',
    ),
    UnmapViewOfFile: k.func('int __stdcall UnmapViewOfFile(uintptr_t address)'),
    CreateFileW: k.func(
      'uintptr_t __stdcall CreateFileW(const char16_t *name, uint32_t access, uint32_t share, uintptr_t security,' +
        ' uint32_t how, uint32_t flags, uintptr_t template)',
    ),
    CreateFileMappingW: k.func(
      'uintptr_t __stdcall CreateFileMappingW(uintptr_t file, uintptr_t security, uint32_t protect,' +
        ' uint32_t high, uint32_t low, uintptr_t name)',
    ),
    CloseHandle: k.func('int __stdcall CloseHandle(uintptr_t handle)'),
    GetLastError: k.func('uint32_t __stdcall GetLastError()'),
  };
}
let bound: ReturnType<typeof bind> | undefined;
const kernel = () => (bound ??= bind());

function failure(call: string, object: string): WdpdkError {
  const code: number = kernel().GetLastError();
  if (code === ERROR_ACCESS_DENIED)
    return new WdpdkError('WDPDK_E_DENIED', `${call}: access denied`, {
      object,
      remedy: 'Run the client as the user that runs the dataplane',
    });
  if (code === ERROR_FILE_NOT_FOUND)
    return new WdpdkError('WDPDK_E_GONE', `${call}: the shared memory is gone`, { object });
  return new WdpdkError('WDPDK_E_INTERNAL', `${call} failed with Windows error ${code}`, { object });
}

/**
 * Takes over `section`. A view larger than the section is refused by the system, so the announced size needs no other
 * check.
 */
function mapHandle(section: bigint, size: number, writable: boolean, object: string): Mapping {
  try {
    const address = BigInt(
      kernel().MapViewOfFile(section, FILE_MAP_READ | (writable ? FILE_MAP_WRITE : 0), 0, 0, size),
    );
    if (address === 0n) throw failure('MapViewOfFile', object);
    return {
      buffer: koffi.view(address, size),
      release: () => undefined,
      unmap: () => void kernel().UnmapViewOfFile(address),
    };
  } finally {
    kernel().CloseHandle(section);
  }
}

export function mapSection(name: string, size: number, writable: boolean): Mapping {
  const section = BigInt(kernel().OpenFileMappingW(FILE_MAP_READ | (writable ? FILE_MAP_WRITE : 0), 0, name));
  if (section === 0n) throw failure('OpenFileMapping', name);
  return mapHandle(section, size, writable, name);
}

export function mapFile(path: string, size: number, writable: boolean): Mapping {
  if (statSync(path).size < size) throw violation(path, `the file is smaller than the announced ${size} bytes`);
  const file = BigInt(
    kernel().CreateFileW(
      path,
      (GENERIC_READ | (writable ? GENERIC_WRITE : 0)) >>> 0,
      FILE_SHARE_ALL,
      0,
      OPEN_EXISTING,
      0,
      0,
    ),
  );
  if (file === INVALID_HANDLE) throw failure('CreateFile', path);
  try {
    const section = BigInt(kernel().CreateFileMappingW(file, 0, writable ? PAGE_READWRITE : PAGE_READONLY, 0, 0, 0));
    if (section === 0n) throw failure('CreateFileMapping', path);
    return mapHandle(section, size, writable, path);
  } finally {
    kernel().CloseHandle(file);
  }
}
