/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Wine 8 has no bcryptprimitives.dll, which native modules written in Rust (vitest's bundler) load for ProcessPrng.
 * RtlGenRandom, which advapi32 exports as SystemFunction036, gives the same: random bytes, and never fails.
 */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI
ProcessPrng(PBYTE buffer, SIZE_T length)
{
	return SystemFunction036(buffer, (ULONG)length);
}
