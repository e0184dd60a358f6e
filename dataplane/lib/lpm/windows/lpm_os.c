/* SPDX-License-Identifier: BSD-3-Clause */
#include "../lpm_os.h"

#include <windows.h>

void *
lpm_os_map_zeros(size_t size)
{
	return VirtualAlloc(NULL, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

void
lpm_os_unmap(void *zeros, size_t size)
{
	(void)size;
	VirtualFree(zeros, 0, MEM_RELEASE);
}
