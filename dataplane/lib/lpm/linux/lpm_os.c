/* SPDX-License-Identifier: BSD-3-Clause */
#include "../lpm_os.h"

#include <sys/mman.h>

void *
lpm_os_map_zeros(size_t size)
{
	void *zeros = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (zeros == MAP_FAILED)
		return NULL;
	/* A transparent huge page would make one byte cost 2 MiB. Where there are none this fails, rightly. */
	madvise(zeros, size, MADV_NOHUGEPAGE);
	return zeros;
}

void
lpm_os_unmap(void *zeros, size_t size)
{
	munmap(zeros, size);
}
