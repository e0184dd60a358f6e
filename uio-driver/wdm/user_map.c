/* SPDX-License-Identifier: BSD-3-Clause */
#include "guard.h"
#include "hw_real.h"

/* wdm.h of newer kits: the mapping cannot be executed. */
#define MDL_MAPPING_NO_EXECUTE 0x40000000u

struct call {
	PMDL mdl;
	MEMORY_CACHING_TYPE caching;
	PVOID address;
};

static NTSTATUS
map(void *argument)
{
	struct call *call = argument;

	call->address = MmMapLockedPagesSpecifyCache(
		call->mdl, UserMode, call->caching, call->address, FALSE, (MM_PAGE_PRIORITY)(NormalPagePriority | MDL_MAPPING_NO_EXECUTE));
	return call->address != NULL ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS
real_user_map(PMDL mdl, MEMORY_CACHING_TYPE caching, PVOID *address)
{
	struct call call = { .mdl = mdl, .caching = caching, .address = *address };
	NTSTATUS status = uio_guarded(map, &call);

	if (NT_SUCCESS(status))
		*address = call.address;
	return status;
}
