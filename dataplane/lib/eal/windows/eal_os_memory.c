/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: memory. Plain pages are committed inside a reserved range. Large pages cannot be: the system wants them
 * reserved and committed in one go, so each step of them is an area of its own, at an address the system chooses.
 */
#include <errno.h>
#include <io.h>
#include <windows.h>

#include <rte_eal_paging.h>
#include <rte_errno.h>

#include "../common/eal_memory_private.h"
#include "../common/eal_private.h"

size_t
eal_os_page_size(void)
{
	SYSTEM_INFO info;

	GetSystemInfo(&info);
	return info.dwPageSize;
}

size_t
rte_mem_page_size(void)
{
	return eal_os_page_size();
}

/* Turns the privilege on in our token; it must have been granted to the user before he logged on. */
static bool
enable_lock_memory(void)
{
	TOKEN_PRIVILEGES wanted = { .PrivilegeCount = 1, .Privileges[0].Attributes = SE_PRIVILEGE_ENABLED };
	HANDLE token;
	bool done;

	if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, &token))
		return false;
	done = LookupPrivilegeValueA(NULL, "SeLockMemoryPrivilege", &wanted.Privileges[0].Luid) &&
		AdjustTokenPrivileges(token, FALSE, &wanted, 0, NULL, NULL) && GetLastError() == ERROR_SUCCESS;
	CloseHandle(token);
	return done;
}

size_t
eal_os_huge_page_size(const char **remedy)
{
	size_t size = GetLargePageMinimum();

	*remedy = "restart Windows: memory is too fragmented for large pages";
	if (size == 0) {
		*remedy = "this system has no large pages";
	} else if (!enable_lock_memory()) {
		*remedy = "grant the user 'Lock pages in memory' (SeLockMemoryPrivilege) in secpol.msc, then log on again";
		size = 0;
	}
	return size;
}

size_t
eal_os_huge_free(void)
{
	return 0;
}

bool
eal_os_huge_in_one(void)
{
	return true;
}

uint64_t
eal_os_nodes(void)
{
	ULONG highest = 0;

	if (!GetNumaHighestNodeNumber(&highest))
		highest = 0;
	return UINT64_MAX >> (63 - RTE_MIN(highest, RTE_MAX_NUMA_NODES - 1u));
}

static void *
reserve(void *at, size_t len, DWORD kind, int node)
{
	void *virt = NULL;

	/* A single node is not named: not every system (Wine) knows the call. */
	if (node >= 0 && eal_os_nodes() != 1)
		virt = VirtualAllocExNuma(GetCurrentProcess(), at, len, kind, PAGE_READWRITE, (DWORD)node);
	return virt != NULL ? virt : VirtualAlloc(at, len, kind, PAGE_READWRITE);
}

int
eal_os_area_open(struct eal_os_area *area, size_t len, size_t page_size, bool huge, size_t align, uintptr_t at,
	int node)
{
	DWORD kind = huge ? MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES : MEM_RESERVE;

	/* Large pages are aligned as they are. */
	area->mapping_len = huge ? len : len + align;
	area->mapping = reserve((void *)at, area->mapping_len, kind, node);
	if (area->mapping == NULL && at != 0)
		area->mapping = reserve(NULL, area->mapping_len, kind, node);
	if (area->mapping == NULL)
		return ENOMEM;
	area->base = RTE_PTR_ALIGN_CEIL((char *)area->mapping, huge ? page_size : align);
	area->len = len;
	area->page_size = page_size;
	area->huge = huge;
	area->fd = -1;
	return 0;
}

void
eal_os_area_close(struct eal_os_area *area)
{
	if (area->mapping != NULL)
		VirtualFree(area->mapping, 0, MEM_RELEASE);
	area->mapping = NULL;
}

int
eal_os_area_commit(struct eal_os_area *area, size_t offset, size_t len, int node)
{
	RTE_SET_USED(node);
	return area->huge || VirtualAlloc(area->base + offset, len, MEM_COMMIT, PAGE_READWRITE) != NULL ? 0 : ENOMEM;
}

void
eal_os_area_release(struct eal_os_area *area, size_t offset, size_t len)
{
	if (!area->huge)
		VirtualFree(area->base + offset, len, MEM_DECOMMIT);
}

int
eal_os_lock_page(const void *page, size_t len)
{
	return VirtualLock((void *)(uintptr_t)page, len) ? 0 : ENOMEM;
}

/* No user program learns it here. */
phys_addr_t
eal_os_virt2phy(const void *virt)
{
	RTE_SET_USED(virt);
	return RTE_BAD_IOVA;
}

static int
errno_of_last_error(void)
{
	switch (GetLastError()) {
	case ERROR_NOT_ENOUGH_MEMORY:
	case ERROR_COMMITMENT_LIMIT:
	case ERROR_WORKING_SET_QUOTA:
		return ENOMEM;
	case ERROR_ACCESS_DENIED:
		return EACCES;
	default:
		return EINVAL;
	}
}

static DWORD
protection(int prot, bool copy_on_write)
{
	if ((prot & RTE_PROT_EXECUTE) != 0) {
		if ((prot & RTE_PROT_WRITE) != 0)
			return copy_on_write ? PAGE_EXECUTE_WRITECOPY : PAGE_EXECUTE_READWRITE;
		return (prot & RTE_PROT_READ) != 0 ? PAGE_EXECUTE_READ : PAGE_EXECUTE;
	}
	if ((prot & RTE_PROT_WRITE) != 0)
		return copy_on_write ? PAGE_WRITECOPY : PAGE_READWRITE;
	return (prot & RTE_PROT_READ) != 0 ? PAGE_READONLY : PAGE_NOACCESS;
}

static void *
map_file(void *at, size_t size, int prot, bool private, int fd, uint64_t offset)
{
	HANDLE file = fd >= 0 ? (HANDLE)_get_osfhandle(fd) : INVALID_HANDLE_VALUE;
	uint64_t end = fd >= 0 ? offset + size : size;
	DWORD access = (prot & RTE_PROT_WRITE) != 0 ? (private ? FILE_MAP_COPY : FILE_MAP_WRITE) : FILE_MAP_READ;
	HANDLE mapping;
	void *virt;

	if ((prot & RTE_PROT_EXECUTE) != 0)
		access |= FILE_MAP_EXECUTE;
	if (fd >= 0 && file == INVALID_HANDLE_VALUE) {
		rte_errno = EBADF;
		return NULL;
	}
	mapping = CreateFileMappingA(file, NULL, protection(prot, private), (DWORD)(end >> 32), (DWORD)end, NULL);
	if (mapping == NULL) {
		rte_errno = errno_of_last_error();
		return NULL;
	}
	virt = MapViewOfFileEx(mapping, access, (DWORD)(offset >> 32), (DWORD)offset, size, at);
	if (virt == NULL)
		rte_errno = errno_of_last_error();
	/* The view keeps the mapping. */
	CloseHandle(mapping);
	return virt;
}

void *
rte_mem_map(void *requested_addr, size_t size, int prot, int flags, int fd, uint64_t offset)
{
	bool anonymous = (flags & RTE_MAP_ANONYMOUS) != 0, private = (flags & RTE_MAP_PRIVATE) != 0;
	void *virt = NULL;

	if (size == 0 || ((flags & RTE_MAP_SHARED) != 0) == private) {
		rte_errno = EINVAL;
		return NULL;
	}
	if (anonymous && private) {
		virt = VirtualAlloc(requested_addr, size, MEM_RESERVE | MEM_COMMIT, protection(prot, false));
		if (virt == NULL && requested_addr != NULL && (flags & RTE_MAP_FORCE_ADDRESS) == 0)
			virt = VirtualAlloc(NULL, size, MEM_RESERVE | MEM_COMMIT, protection(prot, false));
		if (virt == NULL)
			rte_errno = errno_of_last_error();
		return virt;
	}
	virt = map_file(requested_addr, size, prot, private, anonymous ? -1 : fd, anonymous ? 0 : offset);
	if (virt == NULL && requested_addr != NULL && (flags & RTE_MAP_FORCE_ADDRESS) == 0)
		virt = map_file(NULL, size, prot, private, anonymous ? -1 : fd, anonymous ? 0 : offset);
	return virt;
}

int
rte_mem_unmap(void *virt, size_t size)
{
	RTE_SET_USED(size);
	if (UnmapViewOfFile(virt) || VirtualFree(virt, 0, MEM_RELEASE))
		return 0;
	rte_errno = EINVAL;
	return -1;
}

int
rte_mem_lock(const void *virt, size_t size)
{
	if (VirtualLock((void *)(uintptr_t)virt, size))
		return 0;
	rte_errno = errno_of_last_error();
	return -1;
}
