/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: BARs whose card was taken out. Their pages vanish while lcores may still read and write there. The first to fault puts
 * memory of all ones in their place, which is what a bus without the card answers, and goes on. What is written there is found again,
 * which a bus would not give back: drivers tell a card that is gone by registers that they never write.
 *
 * The handler runs in whatever thread faulted, with whatever locks it has: it takes none but its own, allocates nothing but
 * those pages, and says nothing.
 */
#include <errno.h>
#include <string.h>
#include <windows.h>

#include <rte_common.h>

#include "pci_guard.h"

#define GUARDS 64

struct guard {
	char *addr; /* NULL: free; written last */
	size_t len;
	bool *gone;
	bool replaced;
};

static struct guard guards[GUARDS];
static SRWLOCK lock = SRWLOCK_INIT;
static PVOID handler;

/* With the lock. */
static bool
replace(struct guard *guard)
{
	if (guard->replaced)
		return true;
	if (VirtualAlloc(guard->addr, guard->len, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) != guard->addr)
		return false;
	memset(guard->addr, 0xff, guard->len);
	guard->replaced = true;
	__atomic_store_n(guard->gone, true, __ATOMIC_RELEASE);
	return true;
}

static LONG CALLBACK
on_fault(EXCEPTION_POINTERS *exception)
{
	const EXCEPTION_RECORD *record = exception->ExceptionRecord;
	LONG verdict = EXCEPTION_CONTINUE_SEARCH;
	const char *at;
	unsigned int i;

	if ((record->ExceptionCode != EXCEPTION_ACCESS_VIOLATION && record->ExceptionCode != EXCEPTION_IN_PAGE_ERROR) ||
	    record->NumberParameters < 2)
		return verdict;
	at = (const char *)record->ExceptionInformation[1];
	for (i = 0; i < GUARDS && verdict == EXCEPTION_CONTINUE_SEARCH; i++) {
		char *addr = __atomic_load_n(&guards[i].addr, __ATOMIC_ACQUIRE);

		if (addr == NULL || at < addr || (size_t)(at - addr) >= guards[i].len)
			continue;
		AcquireSRWLockExclusive(&lock);
		if (guards[i].addr == addr && replace(&guards[i]))
			verdict = EXCEPTION_CONTINUE_EXECUTION;
		ReleaseSRWLockExclusive(&lock);
	}
	return verdict;
}

static int
add(char *addr, size_t len, bool *gone)
{
	struct guard *guard = guards;

	while (guard < guards + GUARDS && guard->addr != NULL)
		guard++;
	if (guard == guards + GUARDS)
		return -ENOSPC;
	if (handler == NULL)
		handler = AddVectoredExceptionHandler(1, on_fault);
	if (handler == NULL)
		return -ENOMEM;
	guard->len = len;
	guard->gone = gone;
	guard->replaced = false;
	__atomic_store_n(&guard->addr, addr, __ATOMIC_RELEASE);
	return 0;
}

static void
take_off(const char *addr)
{
	bool others = false;
	unsigned int i;

	for (i = 0; i < GUARDS; i++) {
		if (guards[i].addr != addr) {
			others = others || guards[i].addr != NULL;
			continue;
		}
		if (guards[i].replaced)
			VirtualFree(guards[i].addr, 0, MEM_RELEASE);
		__atomic_store_n(&guards[i].addr, NULL, __ATOMIC_RELEASE);
	}
	if (!others && handler != NULL) {
		RemoveVectoredExceptionHandler(handler);
		handler = NULL;
	}
}

int
pci_guard(void *addr, size_t len, bool *gone)
{
	int ret = 0;

	AcquireSRWLockExclusive(&lock);
	if (len == 0)
		take_off(addr);
	else
		ret = add(addr, len, gone);
	ReleaseSRWLockExclusive(&lock);
	return ret;
}
