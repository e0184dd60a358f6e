// SPDX-License-Identifier: BSD-3-Clause
//
// Functions of Win32, each bound when it is first called. Handles and pointers are intptr_t, structures are bytes.
import koffi from 'koffi';

const libraries = new Map<string, ReturnType<typeof koffi.load>>();

type Native = (...values: unknown[]) => unknown;

/** A function by its C declaration, as `int __stdcall CloseHandle(intptr_t handle)`. */
function lazily(library: string, declaration: string): (...values: unknown[]) => number {
  let bound: Native | undefined;
  return (...values) => {
    if (bound === undefined) {
      if (!libraries.has(library)) libraries.set(library, koffi.load(library));
      bound = libraries.get(library)!.func(declaration);
    }
    // Handles and pointers of more than 53 bits do not occur in user mode.
    return Number(bound(...values));
  };
}

const kernel = (declaration: string) => lazily('kernel32.dll', declaration);
const advapi = (declaration: string) => lazily('advapi32.dll', declaration);
const setup = (declaration: string) => lazily('setupapi.dll', declaration);

export const INVALID_HANDLE = -1;

export const win32 = {
  GetLastError: kernel('uint32_t __stdcall GetLastError()'),
  CloseHandle: kernel('int __stdcall CloseHandle(intptr_t handle)'),
  CreateFileW: kernel(
    'intptr_t __stdcall CreateFileW(const char16_t *name, uint32_t access, uint32_t ' +
      'share, intptr_t security, uint32_t how, uint32_t flags, intptr_t model)',
  ),
  DeviceIoControl: kernel(
    'int __stdcall DeviceIoControl(intptr_t handle, uint32_t code, const uint8_t *in, uint32_t ' +
      'inBytes, _Out_ uint8_t *out, uint32_t outBytes, _Out_ uint32_t *got, intptr_t overlapped)',
  ),
  GetCurrentProcess: kernel('intptr_t __stdcall GetCurrentProcess()'),
  GetLargePageMinimum: kernel('size_t __stdcall GetLargePageMinimum()'),
  IsProcessorFeaturePresent: kernel('int __stdcall IsProcessorFeaturePresent(uint32_t feature)'),
  VirtualAlloc: kernel(
    'uintptr_t __stdcall VirtualAlloc(uintptr_t address, size_t size, uint32_t type, uint32_t protect)',
  ),
  GetActiveProcessorGroupCount: kernel('uint16_t __stdcall GetActiveProcessorGroupCount()'),
  GetActiveProcessorCount: kernel('uint32_t __stdcall GetActiveProcessorCount(uint16_t group)'),
  GetSystemCpuSetInformation: kernel(
    'int __stdcall GetSystemCpuSetInformation(_Out_ uint8_t *sets, uint32_t ' +
      'bytes, _Out_ uint32_t *wanted, intptr_t process, uint32_t flags)',
  ),
  GetSystemFirmwareTable: kernel(
    'uint32_t __stdcall GetSystemFirmwareTable(uint32_t provider, uint32_t table, _Out_ uint8_t *bytes, uint32_t size)',
  ),
  NtQuerySystemInformation: lazily(
    'ntdll.dll',
    'int32_t __stdcall NtQuerySystemInformation(int kind, _Inout_ uint8_t *bytes, uint32_t size, _Out_ uint32_t *got)',
  ),
  RegGetValueW: advapi(
    'int32_t __stdcall RegGetValueW(intptr_t root, const char16_t *key, const char16_t *name, ' +
      'uint32_t kinds, _Out_ uint32_t *kind, _Out_ uint8_t *bytes, _Inout_ uint32_t *size)',
  ),
  OpenProcessToken: advapi('int __stdcall OpenProcessToken(intptr_t process, uint32_t access, _Out_ intptr_t *token)'),
  LookupPrivilegeValueW: advapi(
    'int __stdcall LookupPrivilegeValueW(const char16_t *system, const char16_t *name, _Out_ uint64_t *luid)',
  ),
  GetTokenInformation: advapi(
    'int __stdcall GetTokenInformation(intptr_t token, int kind, _Out_ uint8_t *value, uint32_t size, _Out_ uint32_t *wanted)',
  ),
  CheckTokenMembership: advapi(
    'int __stdcall CheckTokenMembership(intptr_t token, const uint8_t *sid, _Out_ int *member)',
  ),
  OpenSCManagerW: advapi(
    'intptr_t __stdcall OpenSCManagerW(const char16_t *machine, const char16_t *database, uint32_t access)',
  ),
  OpenServiceW: advapi('intptr_t __stdcall OpenServiceW(intptr_t manager, const char16_t *name, uint32_t access)'),
  QueryServiceStatus: advapi('int __stdcall QueryServiceStatus(intptr_t service, _Out_ uint8_t *status)'),
  CloseServiceHandle: advapi('int __stdcall CloseServiceHandle(intptr_t handle)'),
  GetFileVersionInfoSizeW: lazily(
    'version.dll',
    'uint32_t __stdcall GetFileVersionInfoSizeW(const char16_t *file, _Out_ uint32_t *zero)',
  ),
  GetFileVersionInfoW: lazily(
    'version.dll',
    'int __stdcall GetFileVersionInfoW(const char16_t *file, uint32_t zero, uint32_t size, _Out_ uint8_t *bytes)',
  ),
  PowerGetActiveScheme: lazily(
    'powrprof.dll',
    'uint32_t __stdcall PowerGetActiveScheme(intptr_t root, _Out_ uintptr_t *scheme)',
  ),
  GetSystemMetrics: lazily('user32.dll', 'int __stdcall GetSystemMetrics(int which)'),
  GetAdaptersAddresses: lazily(
    'iphlpapi.dll',
    'uint32_t __stdcall GetAdaptersAddresses(uint32_t family, uint32_t ' +
      'flags, intptr_t zero, _Out_ uint8_t *bytes, _Inout_ uint32_t *size)',
  ),
  CM_Get_DevNode_Status: lazily(
    'cfgmgr32.dll',
    'uint32_t __stdcall CM_Get_DevNode_Status(_Out_ uint32_t *status, _Out_ uint32_t *problem, uint32_t node, uint32_t flags)',
  ),
  SetupDiGetClassDevsW: setup(
    'intptr_t __stdcall SetupDiGetClassDevsW(const uint8_t *kind, const char16_t *enumerator, intptr_t window, uint32_t flags)',
  ),
  SetupDiCreateDeviceInfoList: setup(
    'intptr_t __stdcall SetupDiCreateDeviceInfoList(const uint8_t *kind, intptr_t window)',
  ),
  SetupDiOpenDeviceInfoW: setup(
    'int __stdcall SetupDiOpenDeviceInfoW(intptr_t set, const char16_t ' +
      '*instance, intptr_t window, uint32_t flags, _Inout_ uint8_t *device)',
  ),
  SetupDiDestroyDeviceInfoList: setup('int __stdcall SetupDiDestroyDeviceInfoList(intptr_t set)'),
  SetupDiEnumDeviceInfo: setup(
    'int __stdcall SetupDiEnumDeviceInfo(intptr_t set, uint32_t index, _Inout_ uint8_t *device)',
  ),
  SetupDiGetDeviceInstanceIdW: setup(
    'int __stdcall SetupDiGetDeviceInstanceIdW(intptr_t set, const uint8_t ' +
      '*device, _Out_ uint8_t *text, uint32_t characters, _Out_ uint32_t *wanted)',
  ),
  SetupDiGetDeviceRegistryPropertyW: setup(
    'int __stdcall SetupDiGetDeviceRegistryPropertyW(intptr_t set, const uint8_t *device, uint32_t ' +
      'property, _Out_ uint32_t *kind, _Out_ uint8_t *bytes, uint32_t size, _Out_ uint32_t *wanted)',
  ),
  SetupDiGetDevicePropertyW: setup(
    'int __stdcall SetupDiGetDevicePropertyW(intptr_t set, const uint8_t *device, const uint8_t *key, ' +
      '_Out_ uint32_t *kind, _Out_ uint8_t *bytes, uint32_t size, _Out_ uint32_t *wanted, uint32_t flags)',
  ),
  SetupDiEnumDeviceInterfaces: setup(
    'int __stdcall SetupDiEnumDeviceInterfaces(intptr_t set, intptr_t ' +
      'device, const uint8_t *kind, uint32_t index, _Inout_ uint8_t *found)',
  ),
  SetupDiGetDeviceInterfaceDetailW: setup(
    'int __stdcall SetupDiGetDeviceInterfaceDetailW(intptr_t set, const uint8_t *found, ' +
      '_Inout_ uint8_t *detail, uint32_t size, _Out_ uint32_t *wanted, _Inout_ uint8_t *device)',
  ),
  SetupDiBuildDriverInfoList: setup(
    'int __stdcall SetupDiBuildDriverInfoList(intptr_t set, _Inout_ uint8_t *device, uint32_t kind)',
  ),
  SetupDiEnumDriverInfoW: setup(
    'int __stdcall SetupDiEnumDriverInfoW(intptr_t set, const uint8_t *device, uint32_t kind, uint32_t index, _Inout_ uint8_t *driver)',
  ),
  SetupDiGetDriverInfoDetailW: setup(
    'int __stdcall SetupDiGetDriverInfoDetailW(intptr_t set, const uint8_t *device, const ' +
      'uint8_t *driver, _Inout_ uint8_t *detail, uint32_t size, _Out_ uint32_t *wanted)',
  ),
  SetupDiGetDeviceInstallParamsW: setup(
    'int __stdcall SetupDiGetDeviceInstallParamsW(intptr_t set, const uint8_t *device, _Inout_ uint8_t *parameters)',
  ),
  SetupDiSetDeviceInstallParamsW: setup(
    'int __stdcall SetupDiSetDeviceInstallParamsW(intptr_t set, const uint8_t *device, const uint8_t *parameters)',
  ),
  SetupDiCallClassInstaller: setup(
    'int __stdcall SetupDiCallClassInstaller(uint32_t what, intptr_t set, const uint8_t *device)',
  ),
};

/** `{6b1f0c5e-93d7-4c0a-8e52-1d7a40c9b6f3}` as the 16 bytes of a GUID. */
export function guidBytes(text: string): Buffer {
  const hex = text.replace(/[{}-]/g, '');
  const bytes = Buffer.from(hex, 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

export function guidText(bytes: Buffer): string {
  const hex = (from: number, to: number, turn: boolean): string => {
    const part = Buffer.from(bytes.subarray(from, to));
    return (turn ? part.reverse() : part).toString('hex');
  };
  return `{${hex(0, 4, true)}-${hex(4, 6, true)}-${hex(6, 8, true)}-${hex(8, 10, false)}-${hex(10, 16, false)}}`;
}

/** Of UTF-16 in bytes, up to the first zero. */
export function wideText(bytes: Buffer, from = 0): string {
  const text = bytes.toString('utf16le', from);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** Of REG_MULTI_SZ. */
export const wideTexts = (bytes: Buffer): string[] =>
  bytes
    .toString('utf16le')
    .split('\0')
    .filter((text) => text !== '');
