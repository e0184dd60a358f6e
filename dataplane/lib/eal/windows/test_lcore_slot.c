/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: the thread-local slot of lcore ids, which has to be one certain slot.
 */
#include <windows.h>

#include <rte_common.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>

#include "check.h"

static char *arguments[] = { "test", "-l", "0", "--no-huge", "-m", "16", "--no-pci", NULL };

/* Somebody else has it: the EAL says so, and can be started when they have given it back. */
static void
taken(void)
{
	DWORD slot, count = 0, others[WDPDK_LCORE_ID_SLOT];

	while ((slot = TlsAlloc()) < WDPDK_LCORE_ID_SLOT)
		others[count++] = slot;
	CHECK_EQ(slot, WDPDK_LCORE_ID_SLOT);
	while (count > 0)
		TlsFree(others[--count]);
	CHECK_EQ(rte_eal_init((int)RTE_DIM(arguments) - 1, arguments), -1);
	CHECK_EQ(rte_errno, ENOSPC);
	CHECK(TlsFree(slot));
	CHECK(rte_eal_init((int)RTE_DIM(arguments) - 1, arguments) >= 0);
	CHECK_EQ(rte_lcore_id(), 0);
	/* All others are free again. */
	CHECK((slot = TlsAlloc()) < WDPDK_LCORE_ID_SLOT);
	CHECK(TlsFree(slot));
}

static DWORD WINAPI
stranger(void *arg)
{
	static char table[RTE_MAX_LCORE][3];
	unsigned int *seen = arg;
	void *entry;

	seen[0] = rte_lcore_id();
	seen[1] = wdpdk_lcore_entry(table, sizeof(table[0]), &entry);
	if (rte_thread_register() != 0)
		return 1;
	seen[2] = rte_lcore_id();
	seen[3] = wdpdk_lcore_entry(table, sizeof(table[0]), &entry) && entry == table[seen[2]] &&
		RTE_PER_LCORE(_lcore_id) == seen[2];
	rte_thread_unregister();
	seen[4] = rte_lcore_id();
	seen[5] = wdpdk_lcore_entry(table, sizeof(table[0]), &entry);
	return 0;
}

/* A thread that the EAL has not made is no lcore, is one while it is registered, and then none again. */
static void
strangers(void)
{
	unsigned int seen[6] = { 0 };
	HANDLE thread = CreateThread(NULL, 0, stranger, seen, 0, NULL);
	DWORD code = 1;

	CHECK(thread != NULL);
	CHECK_EQ(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
	CHECK(GetExitCodeThread(thread, &code) && code == 0);
	CloseHandle(thread);
	CHECK_EQ(seen[0], LCORE_ID_ANY);
	CHECK_EQ(seen[1], 0);
	CHECK(seen[2] > 0 && seen[2] < RTE_MAX_LCORE);
	CHECK_EQ(seen[3], 1);
	CHECK_EQ(seen[4], LCORE_ID_ANY);
	CHECK_EQ(seen[5], 0);
}

int
main(void)
{
	RUN(taken);
	RUN(strangers);
	return check_summary();
}
