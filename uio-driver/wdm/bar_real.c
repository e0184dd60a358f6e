/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Registers into a process: kernel mapping, MDL of its pages, user mapping; each uncached, none executable.
 */
#include "hw_real.h"
#include "os.h"

typedef PVOID NTAPI map_io_space_ex(PHYSICAL_ADDRESS start, SIZE_T length, ULONG protect);

struct bar {
	PVOID kernel, user;
	SIZE_T length;
	PMDL mdl;
};

/* Every Windows 10 has MmMapIoSpaceEx; mingw-w64's import library has it not. MmMapIoSpace's mapping could be executed. */
static PVOID
map_io_space(PHYSICAL_ADDRESS start, SIZE_T length)
{
	UNICODE_STRING name;
	map_io_space_ex *call;

	RtlInitUnicodeString(&name, L"MmMapIoSpaceEx");
	call = (map_io_space_ex *)(ULONG_PTR)MmGetSystemRoutineAddress(&name);
	return call != NULL ? call(start, length, PAGE_READWRITE | PAGE_NOCACHE) : NULL;
}

int32_t
real_bar_map(PHYSICAL_ADDRESS start, uint64_t length, void **mapping, uint64_t *address)
{
	struct bar *bar = uio_os_alloc(sizeof(*bar));

	if (bar == NULL)
		return WDPDK_UIO_E_NO_MEMORY;
	bar->length = length;
	bar->kernel = map_io_space(start, length);
	if (bar->kernel == NULL)
		goto free;
	bar->mdl = IoAllocateMdl(bar->kernel, (ULONG)length, FALSE, FALSE, NULL);
	if (bar->mdl == NULL)
		goto unmap;
	MmBuildMdlForNonPagedPool(bar->mdl);
	if (!NT_SUCCESS(real_user_map(bar->mdl, MmNonCached, &bar->user)))
		goto free_mdl;
	*address = (uint64_t)(ULONG_PTR)bar->user;
	*mapping = bar;
	return WDPDK_UIO_OK;
free_mdl:
	IoFreeMdl(bar->mdl);
unmap:
	MmUnmapIoSpace(bar->kernel, bar->length);
free:
	uio_os_free(bar);
	return WDPDK_UIO_E_NO_MEMORY;
}

void
real_bar_unmap(void *mapping)
{
	struct bar *bar = mapping;

	MmUnmapLockedPages(bar->user, bar->mdl);
	IoFreeMdl(bar->mdl);
	MmUnmapIoSpace(bar->kernel, bar->length);
	uio_os_free(bar);
}
