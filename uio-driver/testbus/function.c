/* SPDX-License-Identifier: BSD-3-Clause */
#include "bus.h"

struct function *
function_create(uint32_t slot)
{
	struct function *function = ExAllocatePoolWithTag(NonPagedPool, sizeof(*function), BUS_TAG);

	if (function == NULL)
		return NULL;
	RtlZeroMemory(function, sizeof(*function));
	function->references = 1;
	function->slot = slot;
	function->present = TRUE;
	if (!parameters_config(slot, function->config))
		config_default(function->config, slot);
	return function;
}

void
function_reference(void *context)
{
	struct function *function = context;

	InterlockedIncrement(&function->references);
}

void
function_release(void *context)
{
	struct function *function = context;

	if (InterlockedDecrement(&function->references) == 0)
		ExFreePoolWithTag(function, BUS_TAG);
}
