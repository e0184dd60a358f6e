/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The core's memory: non-paged, never executable, tagged. ExAllocatePoolWithTag and a memset: ExAllocatePool2 is not on every Windows 10.
 */
#include "shell.h"

void *
uio_os_alloc(size_t size)
{
	void *memory = ExAllocatePoolWithTag(NonPagedPoolNx, size, UIO_TAG);

	if (memory != NULL)
		RtlZeroMemory(memory, size);
	return memory;
}

void
uio_os_free(void *memory)
{
	if (memory != NULL)
		ExFreePoolWithTag(memory, UIO_TAG);
}
