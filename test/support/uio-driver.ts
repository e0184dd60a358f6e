// SPDX-License-Identifier: BSD-3-Clause
// What wdpdkuio.sys says to an observer (uio-driver/include/wdpdk_uio.h): who may look beside an owner.
import koffi from 'koffi';

const VERSION = 1;
const code = (fn: number): number => ((0x8d70 << 16) | (fn << 2)) >>> 0;
const INFO = { code: code(0x900), bytes: 392 };
const STATUS = { code: code(0x901), bytes: 176 };
const SHARE_READ_WRITE = 3;
const OPEN_EXISTING = 3;
const INVALID_HANDLE = -1;

interface Kernel {
  readonly open: (...values: unknown[]) => unknown;
  readonly control: (...values: unknown[]) => unknown;
  readonly close: (...values: unknown[]) => unknown;
  readonly lastError: () => unknown;
}

let bound: Kernel | undefined;

function kernel(): Kernel {
  if (bound) return bound;
  const library = koffi.load('kernel32.dll');
  bound = {
    open: library.func(
      'intptr_t __stdcall CreateFileW(const char16_t *name, uint32_t access, uint32_t share, intptr_t security, ' +
        'uint32_t how, uint32_t flags, intptr_t model)',
    ),
    control: library.func(
      'int __stdcall DeviceIoControl(intptr_t handle, uint32_t code, const uint8_t *in, uint32_t inBytes, ' +
        '_Out_ uint8_t *out, uint32_t outBytes, _Out_ uint32_t *got, intptr_t overlapped)',
    ),
    close: library.func('int __stdcall CloseHandle(intptr_t handle)'),
    lastError: library.func('uint32_t __stdcall GetLastError()') as () => unknown,
  };
  return bound;
}

/** One request on a handle of its own. */
function ask(path: string, request: { code: number; bytes: number }): Buffer {
  const { open, control, close, lastError } = kernel();
  const handle = Number(open(path, 0, SHARE_READ_WRITE, 0, OPEN_EXISTING, 0, 0));
  if (handle === INVALID_HANDLE) throw new Error(`${path} cannot be opened: error ${String(lastError())}`);
  const input = Buffer.alloc(16);
  input.writeUInt32LE(input.length, 0);
  input.writeUInt32LE(VERSION, 4);
  const output = Buffer.alloc(request.bytes);
  const got = [0];
  const done = Number(control(handle, request.code, input, input.length, output, output.length, got, 0));
  const error = Number(lastError());
  close(handle);
  if (done === 0 || got[0] !== request.bytes) throw new Error(`${path}: error ${error}, ${got[0]} bytes`);
  return output;
}

export interface DriverInfo {
  /** As `0000:65:00.0`. */
  readonly address: string;
  readonly vendor: number;
  readonly device: number;
}

/** INFO: a request like any other, which the driver counts. */
export function driverInfo(path: string): DriverInfo {
  const info = ask(path, INFO);
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  return {
    address: `${hex(info.readUInt32LE(36), 4)}:${hex(info[40]!, 2)}:${hex(info[41]!, 2)}.${info[42]!}`,
    vendor: info.readUInt16LE(24),
    device: info.readUInt16LE(26),
  };
}

export interface DriverStatus {
  readonly state: number;
  /** Process id, 0: none. */
  readonly owner: bigint;
  /** Requests of everybody so far, STATUS left out. */
  readonly calls: bigint;
  readonly opens: bigint;
  readonly teardowns: bigint;
  readonly ownerBytes: bigint;
  readonly quarantinedBytes: bigint;
}

/** STATUS: not counted. */
export function driverStatus(path: string): DriverStatus {
  const state = ask(path, STATUS);
  const word = (at: number): bigint => state.readBigUInt64LE(at);
  return {
    state: state.readUInt32LE(8),
    owner: word(16),
    calls: word(24),
    opens: word(40),
    teardowns: word(56),
    ownerBytes: word(64),
    quarantinedBytes: word(72),
  };
}
