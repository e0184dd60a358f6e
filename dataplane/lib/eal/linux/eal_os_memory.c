/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: memory. Addresses are reserved inaccessible. Huge pages come from an unnamed hugetlb file (memfd), because
 * fallocate() on it tells beforehand whether there are enough: nothing is unmapped and no fault can fail later.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <rte_memory.h>

#include "../common/eal_private.h"

static char *base;
static size_t reserved;
static void *mapping; /* as mmap gave it, before alignment */
static size_t mapping_len;
static size_t committed; /* end of what was made usable */
static int huge_fd = -1;

size_t
eal_os_page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* The default huge page size in bytes; 0 when the kernel has none of that size, used or free. */
static size_t
default_huge_page(void)
{
	FILE *f = fopen("/proc/meminfo", "re");
	unsigned long kib = 0, pages = 0, surplus_allowed = 0;
	char line[128];

	if (f == NULL)
		return 0;
	while (fgets(line, sizeof(line), f) != NULL) {
		sscanf(line, "Hugepagesize: %lu kB", &kib);
		sscanf(line, "HugePages_Free: %lu", &pages);
	}
	fclose(f);
	f = fopen("/proc/sys/vm/nr_overcommit_hugepages", "re");
	if (f != NULL) {
		if (fscanf(f, "%lu", &surplus_allowed) != 1)
			surplus_allowed = 0;
		fclose(f);
	}
	return pages + surplus_allowed > 0 ? kib << 10 : 0;
}

int
eal_os_memory_open(size_t len, size_t *huge_page_size)
{
	size_t align = RTE_PGSIZE_2M;

	*huge_page_size = default_huge_page();
	align = RTE_MAX(align, *huge_page_size);
	mapping_len = len + align;
	mapping = mmap(NULL, mapping_len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (mapping == MAP_FAILED) {
		mapping = NULL;
		return errno;
	}
	/* A crash dump of reserved addresses helps nobody. */
	madvise(mapping, mapping_len, MADV_DONTDUMP);
	base = RTE_PTR_ALIGN_CEIL((char *)mapping, align);
	reserved = len;
	committed = 0;
	if (*huge_page_size != 0) {
		huge_fd = memfd_create("wdpdk-heap", MFD_CLOEXEC | MFD_HUGETLB);
		if (huge_fd < 0)
			*huge_page_size = 0;
	}
	return 0;
}

void *
eal_os_memory_commit_huge(size_t offset, size_t len)
{
	void *at;

	if (huge_fd < 0 || offset + len > reserved || fallocate(huge_fd, 0, (off_t)offset, (off_t)len) < 0)
		return NULL;
	at = mmap(base + offset, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED | MAP_POPULATE, huge_fd,
		(off_t)offset);
	if (at != MAP_FAILED) {
		committed = offset + len;
		return at;
	}
	fallocate(huge_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset, (off_t)len);
	/* A failed MAP_FIXED may have removed the reservation below it. */
	mmap(base + offset, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
	return NULL;
}

void *
eal_os_memory_commit_plain(size_t offset, size_t len)
{
	if (offset + len > reserved || mprotect(base + offset, len, PROT_READ | PROT_WRITE) < 0)
		return NULL;
	committed = offset + len;
	return base + offset;
}

const char *
eal_os_memory_huge_remedy(void)
{
	return "as root, 'sysctl -w vm.nr_hugepages=512' makes 1 GB of them";
}

void
eal_os_memory_close(void)
{
	if (mapping != NULL) {
		WDPDK_UNPOISON(base, committed);
		munmap(mapping, mapping_len);
	}
	mapping = NULL;
	if (huge_fd >= 0)
		close(huge_fd);
	huge_fd = -1;
}

int
eal_os_lock_page(const void *page, size_t len)
{
	return mlock(page, len) == 0 ? 0 : errno;
}
