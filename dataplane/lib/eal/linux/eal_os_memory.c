/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: memory. Addresses are reserved inaccessible. Huge pages come from an unnamed hugetlb file (memfd), because
 * fallocate() on it tells beforehand whether there are enough: nothing is unmapped and no fault can fail later. Nothing
 * has a name in the file system, so nothing can be left there.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <rte_eal_paging.h>
#include <rte_errno.h>

#include "../common/eal_memory_private.h"
#include "../common/eal_private.h"
#include "eal_os_node.h"

/* Of <numaif.h>, which comes with a library that nothing else here needs. */
#define POLICY_DEFAULT 0
#define POLICY_PREFERRED 1
#define POLICY_BIND 2

size_t
eal_os_page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

size_t
rte_mem_page_size(void)
{
	return eal_os_page_size();
}

static void
read_meminfo(size_t *huge_page, size_t *free_pages)
{
	FILE *f = fopen("/proc/meminfo", "re");
	unsigned long kib = 0, pages = 0;
	char line[128];

	if (f != NULL) {
		while (fgets(line, sizeof(line), f) != NULL) {
			sscanf(line, "Hugepagesize: %lu kB", &kib);
			sscanf(line, "HugePages_Free: %lu", &pages);
		}
		fclose(f);
	}
	*huge_page = kib << 10;
	*free_pages = pages;
}

size_t
eal_os_huge_page_size(const char **remedy)
{
	unsigned long surplus_allowed = 0;
	size_t size, pages;
	FILE *f;
	int fd;

	*remedy = "as root, 'sysctl -w vm.nr_hugepages=512' makes 1 GB of them";
	read_meminfo(&size, &pages);
	f = fopen("/proc/sys/vm/nr_overcommit_hugepages", "re");
	if (f != NULL) {
		if (fscanf(f, "%lu", &surplus_allowed) != 1)
			surplus_allowed = 0;
		fclose(f);
	}
	if (pages + surplus_allowed == 0)
		return 0;
	fd = memfd_create("wdpdk-probe", MFD_CLOEXEC | MFD_HUGETLB);
	if (fd < 0)
		return 0;
	close(fd);
	return size;
}

size_t
eal_os_huge_free(void)
{
	size_t size, pages;

	read_meminfo(&size, &pages);
	return size * pages;
}

bool
eal_os_huge_in_one(void)
{
	return false;
}

int
eal_os_area_open(struct eal_os_area *area, size_t len, size_t page_size, bool huge, size_t align, uintptr_t at,
	int node)
{
	RTE_SET_USED(node);
	area->fd = -1;
	if (huge) {
		area->fd = memfd_create("wdpdk-heap", MFD_CLOEXEC | MFD_HUGETLB);
		if (area->fd < 0)
			return errno;
	}
	area->mapping_len = len + align;
	area->mapping = mmap((void *)at, area->mapping_len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (area->mapping == MAP_FAILED) {
		int err = errno;

		area->mapping = NULL;
		if (area->fd >= 0)
			close(area->fd);
		area->fd = -1;
		return err;
	}
	/* A crash dump of reserved addresses helps nobody. */
	madvise(area->mapping, area->mapping_len, MADV_DONTDUMP);
	area->base = RTE_PTR_ALIGN_CEIL((char *)area->mapping, align);
	area->len = len;
	area->page_size = page_size;
	area->huge = huge;
	return 0;
}

void
eal_os_area_close(struct eal_os_area *area)
{
	if (area->mapping != NULL)
		munmap(area->mapping, area->mapping_len);
	area->mapping = NULL;
	if (area->fd >= 0)
		close(area->fd);
	area->fd = -1;
}

uint64_t
eal_os_nodes(void)
{
	static uint64_t nodes;
	unsigned int node;
	char path[64];

	if (nodes == 0) {
		nodes = 1;
		for (node = 1; node < RTE_MAX_NUMA_NODES; node++) {
			snprintf(path, sizeof(path), "/sys/devices/system/node/node%u", node);
			if (access(path, F_OK) == 0)
				nodes |= UINT64_C(1) << node;
		}
	}
	return nodes;
}

static bool
has_nodes(void)
{
	return eal_os_nodes() != 1;
}

void
eal_os_bind_node(int node)
{
	unsigned long mask = node >= 0 ? 1ul << node : 0;

	if (has_nodes())
		syscall(SYS_set_mempolicy, node >= 0 ? POLICY_BIND : POLICY_DEFAULT, node >= 0 ? &mask : NULL,
			node >= 0 ? sizeof(mask) * 8 : 0);
}

static void
reserve_again(struct eal_os_area *area, size_t offset, size_t len)
{
	void *at = mmap(area->base + offset, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);

	if (at != MAP_FAILED)
		madvise(at, len, MADV_DONTDUMP);
}

static int
commit_huge(struct eal_os_area *area, size_t offset, size_t len, int node)
{
	int err = 0;

	eal_os_bind_node(node);
	if (fallocate(area->fd, 0, (off_t)offset, (off_t)len) < 0)
		err = errno;
	eal_os_bind_node(-1);
	if (err == 0 && mmap(area->base + offset, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED | MAP_POPULATE, area->fd,
			(off_t)offset) == MAP_FAILED)
		err = errno;
	if (err != 0)
		eal_os_area_release(area, offset, len);
	return err;
}

int
eal_os_area_commit(struct eal_os_area *area, size_t offset, size_t len, int node)
{
	char *at = area->base + offset;
	unsigned long mask = node >= 0 ? 1ul << node : 0;

	if (area->huge)
		return commit_huge(area, offset, len, node);
	if (mprotect(at, len, PROT_READ | PROT_WRITE) < 0)
		return errno;
	madvise(at, len, MADV_DODUMP);
	if (node >= 0 && has_nodes())
		syscall(SYS_mbind, at, len, POLICY_PREFERRED, &mask, sizeof(mask) * 8, 0);
	return 0;
}

void
eal_os_area_release(struct eal_os_area *area, size_t offset, size_t len)
{
	/* Unmapped first: a page that is mapped is not given back. */
	reserve_again(area, offset, len);
	if (area->huge)
		fallocate(area->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset, (off_t)len);
}

int
eal_os_lock_page(const void *page, size_t len)
{
	return mlock(page, len) == 0 ? 0 : errno;
}

phys_addr_t
eal_os_virt2phy(const void *virt)
{
	size_t page = eal_os_page_size();
	uint64_t entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return RTE_BAD_IOVA;
	if (pread(fd, &entry, sizeof(entry), (off_t)((uintptr_t)virt / page * sizeof(entry))) != sizeof(entry))
		entry = 0;
	close(fd);
	/* Bits 0-54 are the frame; 0 for whoever may not know. Bit 63: there is one. */
	if ((entry >> 63) == 0 || (entry & ((UINT64_C(1) << 55) - 1)) == 0)
		return RTE_BAD_IOVA;
	return (entry & ((UINT64_C(1) << 55) - 1)) * page + (uintptr_t)virt % page;
}

void *
rte_mem_map(void *requested_addr, size_t size, int prot, int flags, int fd, uint64_t offset)
{
	int system_prot = 0, system_flags = 0;
	void *virt;

	if (size == 0 || ((flags & RTE_MAP_SHARED) != 0) == ((flags & RTE_MAP_PRIVATE) != 0)) {
		rte_errno = EINVAL;
		return NULL;
	}
	system_prot |= (prot & RTE_PROT_READ) != 0 ? PROT_READ : 0;
	system_prot |= (prot & RTE_PROT_WRITE) != 0 ? PROT_WRITE : 0;
	system_prot |= (prot & RTE_PROT_EXECUTE) != 0 ? PROT_EXEC : 0;
	system_flags |= (flags & RTE_MAP_SHARED) != 0 ? MAP_SHARED : MAP_PRIVATE;
	system_flags |= (flags & RTE_MAP_ANONYMOUS) != 0 ? MAP_ANONYMOUS : 0;
	system_flags |= (flags & RTE_MAP_FORCE_ADDRESS) != 0 ? MAP_FIXED : 0;
	virt = mmap(requested_addr, size, system_prot, system_flags, fd, (off_t)offset);
	if (virt == MAP_FAILED) {
		rte_errno = errno;
		return NULL;
	}
	return virt;
}

int
rte_mem_unmap(void *virt, size_t size)
{
	if (munmap(virt, size) == 0)
		return 0;
	rte_errno = errno;
	return -1;
}

int
rte_mem_lock(const void *virt, size_t size)
{
	if (mlock(virt, size) == 0)
		return 0;
	rte_errno = errno;
	return -1;
}
