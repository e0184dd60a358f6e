/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Requests as a program makes them.
 */
#include <stdlib.h>

#include "contract.h"

/* The handles are overlapped, so that one request that waits stops no other. */
DWORD
call(HANDLE handle, DWORD code, const void *in, DWORD in_size, void *out, DWORD out_size, DWORD *returned)
{
	OVERLAPPED overlapped = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
	DWORD got = 0, error = 0;

	if (!DeviceIoControl(handle, code, (void *)(uintptr_t)in, in_size, out, out_size, &got, &overlapped)) {
		error = GetLastError();
		if (error == ERROR_IO_PENDING)
			error = GetOverlappedResult(handle, &overlapped, &got, TRUE) ? 0 : GetLastError();
	} else if (!GetOverlappedResult(handle, &overlapped, &got, TRUE)) {
		error = GetLastError();
	}
	CloseHandle(overlapped.hEvent);
	if (returned != NULL)
		*returned = got;
	return error;
}

DWORD
call_later(HANDLE handle, DWORD code, const void *in, DWORD in_size, struct later *later)
{
	memset(later, 0, sizeof(*later));
	later->overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
	if (DeviceIoControl(handle, code, (void *)(uintptr_t)in, in_size, &later->reply, sizeof(later->reply), NULL, &later->overlapped))
		return 0;
	return GetLastError();
}

DWORD
call_wait(HANDLE handle, struct later *later, DWORD milliseconds, DWORD *returned)
{
	DWORD got = 0, error = 0;

	if (WaitForSingleObject(later->overlapped.hEvent, milliseconds) != WAIT_OBJECT_0)
		return WAIT_TIMEOUT;
	if (!GetOverlappedResult(handle, &later->overlapped, &got, FALSE))
		error = GetLastError();
	if (returned != NULL)
		*returned = got;
	return error;
}

void
call_forget(struct later *later)
{
	CloseHandle(later->overlapped.hEvent);
	later->overlapped.hEvent = NULL;
}

static struct wdpdk_uio_head
head(size_t size)
{
	return (struct wdpdk_uio_head){.size = (uint32_t)size, .version = WDPDK_UIO_VERSION};
}

struct wdpdk_uio_request
plain_request(void)
{
	return (struct wdpdk_uio_request){.head = head(sizeof(struct wdpdk_uio_request))};
}

struct wdpdk_uio_map_bar
map_request(uint32_t bar, uint64_t offset, uint64_t length)
{
	return (struct wdpdk_uio_map_bar){.head = head(sizeof(struct wdpdk_uio_map_bar)), .bar = bar, .offset = offset, .length = length};
}

struct wdpdk_uio_dma_alloc
dma_request(uint64_t chunks)
{
	return (struct wdpdk_uio_dma_alloc){.head = head(sizeof(struct wdpdk_uio_dma_alloc)), .length = chunks * WDPDK_UIO_CHUNK, .node = -1};
}

struct wdpdk_uio_id
id_request(uint64_t id)
{
	return (struct wdpdk_uio_id){.head = head(sizeof(struct wdpdk_uio_id)), .id = id};
}

DWORD
get_status(HANDLE handle, struct wdpdk_uio_state *state)
{
	const struct wdpdk_uio_request request = plain_request();

	return call(handle, WDPDK_UIO_STATUS, &request, sizeof(request), state, sizeof(*state), NULL);
}

DWORD
get_info(HANDLE handle, struct wdpdk_uio_info *info)
{
	const struct wdpdk_uio_request request = plain_request();

	return call(handle, WDPDK_UIO_INFO, &request, sizeof(request), info, sizeof(*info), NULL);
}

DWORD
map_bar(HANDLE handle, uint64_t offset, uint64_t length, struct wdpdk_uio_mapping *mapping)
{
	const struct wdpdk_uio_map_bar request = map_request(0, offset, length);

	return call(handle, WDPDK_UIO_MAP_BAR, &request, sizeof(request), mapping, sizeof(*mapping), NULL);
}

DWORD
dma_alloc(HANDLE handle, uint64_t chunks, struct wdpdk_uio_dma **dma)
{
	static union {
		struct wdpdk_uio_dma dma;
		uint8_t bytes[WDPDK_UIO_DMA_SIZE(64)];
	} reply;
	const struct wdpdk_uio_dma_alloc request = dma_request(chunks);

	*dma = &reply.dma;
	return call(handle, WDPDK_UIO_DMA_ALLOC, &request, sizeof(request), &reply, (DWORD)WDPDK_UIO_DMA_SIZE(chunks), NULL);
}

DWORD
dma_free(HANDLE handle, uint64_t id)
{
	const struct wdpdk_uio_id request = id_request(id);

	return call(handle, WDPDK_UIO_DMA_FREE, &request, sizeof(request), NULL, 0, NULL);
}

DWORD
bus_master(HANDLE handle, bool on, struct wdpdk_uio_bus_master_reply *reply)
{
	const struct wdpdk_uio_bus_master request = {.head = head(sizeof(request)), .enable = on};

	return call(handle, WDPDK_UIO_BUS_MASTER, &request, sizeof(request), reply, sizeof(*reply), NULL);
}

DWORD
config_read(HANDLE handle, uint32_t offset, uint32_t length, struct wdpdk_uio_config_data *data)
{
	const struct wdpdk_uio_config_read request = {.head = head(sizeof(request)), .offset = offset, .length = length};

	return call(handle, WDPDK_UIO_CONFIG_READ, &request, sizeof(request), data, sizeof(*data), NULL);
}
