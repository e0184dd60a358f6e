/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: memory. Plain pages are committed inside one reserved range. Large pages cannot be: the system wants them
 * reserved and committed in one go, so each step of them is an allocation of its own, at an address the system
 * chooses.
 */
#include <errno.h>
#include <windows.h>

#include <rte_memory.h>

#include "../common/eal_private.h"

#define LARGE_MAX 2048

static char *base;
static size_t reserved;
static void *large[LARGE_MAX];
static unsigned int large_count;
static const char *remedy;

size_t
eal_os_page_size(void)
{
	SYSTEM_INFO info;

	GetSystemInfo(&info);
	return info.dwPageSize;
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

int
eal_os_memory_open(size_t len, size_t *huge_page_size)
{
	base = VirtualAlloc(NULL, len, MEM_RESERVE, PAGE_NOACCESS);
	if (base == NULL)
		return ENOMEM;
	reserved = len;
	large_count = 0;
	*huge_page_size = GetLargePageMinimum();
	remedy = "restart Windows: memory is too fragmented for large pages";
	if (*huge_page_size == 0) {
		remedy = "this system has no large pages";
	} else if (!enable_lock_memory()) {
		*huge_page_size = 0;
		remedy = "grant the user 'Lock pages in memory' (SeLockMemoryPrivilege) in secpol.msc, then log on again";
	}
	return 0;
}

void *
eal_os_memory_commit_huge(size_t offset, size_t len)
{
	void *at;

	RTE_SET_USED(offset);
	if (large_count == LARGE_MAX)
		return NULL;
	at = VirtualAlloc(NULL, len, MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES, PAGE_READWRITE);
	if (at != NULL)
		large[large_count++] = at;
	return at;
}

void *
eal_os_memory_commit_plain(size_t offset, size_t len)
{
	return offset + len <= reserved ? VirtualAlloc(base + offset, len, MEM_COMMIT, PAGE_READWRITE) : NULL;
}

const char *
eal_os_memory_huge_remedy(void)
{
	return remedy;
}

void
eal_os_memory_close(void)
{
	while (large_count > 0)
		VirtualFree(large[--large_count], 0, MEM_RELEASE);
	if (base != NULL)
		VirtualFree(base, 0, MEM_RELEASE);
	base = NULL;
}

int
eal_os_lock_page(const void *page, size_t len)
{
	return VirtualLock((void *)(uintptr_t)page, len) ? 0 : ENOMEM;
}
