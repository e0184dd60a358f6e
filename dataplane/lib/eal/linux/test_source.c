/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: pipes interrupt.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../common/test_interrupts.h"

struct rte_intr_handle *
test_source_make(int own_reading)
{
	struct rte_intr_handle *handle = rte_intr_instance_alloc(RTE_INTR_INSTANCE_F_PRIVATE);
	int fds[2];

	if (handle == NULL || pipe(fds) != 0)
		return NULL;
	rte_intr_fd_set(handle, fds[0]);
	rte_intr_dev_fd_set(handle, fds[1]);
	rte_intr_type_set(handle, own_reading ? RTE_INTR_HANDLE_DEV_EVENT : RTE_INTR_HANDLE_UNKNOWN);
	return handle;
}

void
test_source_fire(struct rte_intr_handle *handle)
{
	if (write(rte_intr_dev_fd_get(handle), "1", 1) != 1)
		abort();
}

void
test_source_take(struct rte_intr_handle *handle)
{
	char byte;

	if (read(rte_intr_fd_get(handle), &byte, 1) != 1)
		abort();
}

void
test_source_free(struct rte_intr_handle *handle)
{
	close(rte_intr_fd_get(handle));
	close(rte_intr_dev_fd_get(handle));
	rte_intr_instance_free(handle);
}
