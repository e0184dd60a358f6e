/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: event objects interrupt.
 */
#include <stdlib.h>
#include <windows.h>

#include "../common/test_interrupts.h"

struct rte_intr_handle *
test_source_make(int own_reading)
{
	struct rte_intr_handle *handle = rte_intr_instance_alloc(RTE_INTR_INSTANCE_F_PRIVATE);
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);

	if (handle == NULL || event == NULL)
		return NULL;
	rte_intr_instance_windows_handle_set(handle, event);
	rte_intr_type_set(handle, own_reading ? RTE_INTR_HANDLE_DEV_EVENT : RTE_INTR_HANDLE_UNKNOWN);
	return handle;
}

void
test_source_fire(struct rte_intr_handle *handle)
{
	if (!SetEvent(rte_intr_instance_windows_handle_get(handle)))
		abort();
}

void
test_source_take(struct rte_intr_handle *handle)
{
	if (!ResetEvent(rte_intr_instance_windows_handle_get(handle)))
		abort();
}

void
test_source_free(struct rte_intr_handle *handle)
{
	CloseHandle(rte_intr_instance_windows_handle_get(handle));
	rte_intr_instance_free(handle);
}
