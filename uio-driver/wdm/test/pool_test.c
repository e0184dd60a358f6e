/* SPDX-License-Identifier: BSD-3-Clause
 *
 * pool.c for the test build: counted, and failing where the test says.
 */
#include "shell.h"
#include "test_bus.h"

/* Keeps the alignment of the pool. */
struct head {
	size_t size;
	size_t unused;
};

void *
uio_os_alloc(size_t size)
{
	struct head *head;

	if (test_allocation_fails())
		return NULL;
	head = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(*head) + size, UIO_TAG);
	if (head == NULL)
		return NULL;
	RtlZeroMemory(head, sizeof(*head) + size);
	head->size = size;
	test_account(WDPDK_TESTBUS_POOL_BLOCKS, 1);
	test_account(WDPDK_TESTBUS_POOL_BYTES, (int64_t)size);
	return head + 1;
}

void
uio_os_free(void *memory)
{
	struct head *head = memory;

	if (head == NULL)
		return;
	head--;
	test_account(WDPDK_TESTBUS_POOL_BLOCKS, -1);
	test_account(WDPDK_TESTBUS_POOL_BYTES, -(int64_t)head->size);
	ExFreePoolWithTag(head, UIO_TAG);
}
