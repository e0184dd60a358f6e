/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the tests stand on: a driver with two fake functions and two processes, and requests with buffers of exactly their size, so that
 * a sanitizer sees a byte too many.
 */
#ifndef WDPDK_UIO_STAND_H
#define WDPDK_UIO_STAND_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "posix.h"

#define STAND_QUOTA (64ull << 20)

struct stand {
	struct fake_world world;
	struct uio_driver *driver;
	struct uio_device *device[2];
	struct uio_process *process[2];
	long allocations, processes; /* that there were before */
};

static inline int32_t
stand_start(struct stand *stand, unsigned int i)
{
	struct uio_hw_info info = fake_info(&stand->world.device[i]);

	return uio_device_start(stand->device[i], &info);
}

static inline void
stand_up(struct stand *stand)
{
	struct uio_settings settings = { STAND_QUOTA, { 1, 2, 3, 4 } };

	stand->allocations = posix_allocations();
	stand->processes = posix_processes();
	fake_world_init(&stand->world);
	stand->driver = uio_driver_init(&settings);
	for (unsigned int i = 0; i < 2; i++) {
		stand->process[i] = posix_process(100 + i);
		if (uio_device_create(stand->driver, &fake_ops, &stand->world.device[i], &stand->device[i]) != WDPDK_UIO_OK ||
		    stand_start(stand, i) != WDPDK_UIO_OK)
			abort();
	}
	posix_become(stand->process[0]);
}

/* True when nothing is left and nothing went wrong. Handles have been closed before. */
static inline bool
stand_down(struct stand *stand)
{
	bool right;

	for (unsigned int i = 0; i < 2; i++)
		if (stand->device[i] != NULL)
			uio_device_remove(stand->device[i]);
	right = uio_driver_end(stand->driver) && stand->world.violations == 0 && stand->world.blocks == 0 && stand->world.mappings == 0;
	if (stand->world.violations != 0)
		fprintf(stderr, "    the fake says: %s\n", stand->world.first);
	fake_world_end(&stand->world);
	posix_become(NULL);
	uio_os_process_release(stand->process[0]);
	uio_os_process_release(stand->process[1]);
	return right && posix_allocations() == stand->allocations && posix_processes() == stand->processes;
}

/* One request with buffers of exactly these sizes; `out` gets what came back, zeros behind it. */
static inline int32_t
stand_call(struct uio_handle *handle, uint32_t code, const void *in, uint32_t in_size, void *out, uint32_t out_size)
{
	uint32_t size = in_size > out_size ? in_size : out_size, returned;
	uint8_t *buffer = size == 0 ? NULL : malloc(size);
	struct posix_request request = { .handle = NULL };
	int32_t result;

	if (buffer != NULL)
		memset(buffer, 0xa5, size);
	if (in != NULL && buffer != NULL)
		memcpy(buffer, in, in_size);
	result = posix_ioctl(handle, code, buffer, in_size, out_size, &returned, &request);
	if (returned > out_size || (result != WDPDK_UIO_OK && returned != 0))
		abort();
	if (out != NULL) {
		memset(out, 0, out_size);
		if (returned != 0)
			memcpy(out, buffer, returned);
	}
	free(buffer);
	return result;
}

#define STAND_HEAD(type) { sizeof(struct type), WDPDK_UIO_VERSION }

static inline int32_t
stand_plain(struct uio_handle *handle, uint32_t code, void *out, uint32_t out_size)
{
	struct wdpdk_uio_request request = { STAND_HEAD(wdpdk_uio_request), 0 };

	return stand_call(handle, code, &request, sizeof(request), out, out_size);
}

static inline struct wdpdk_uio_state
stand_status(struct uio_handle *handle)
{
	struct wdpdk_uio_state state;

	if (stand_plain(handle, WDPDK_UIO_STATUS, &state, sizeof(state)) != WDPDK_UIO_OK)
		abort();
	return state;
}

static inline int32_t
stand_map(struct uio_handle *handle, uint32_t bar, uint64_t offset, uint64_t length, uint64_t *id)
{
	struct wdpdk_uio_map_bar request = { STAND_HEAD(wdpdk_uio_map_bar), bar, 0, offset, length, 0 };
	struct wdpdk_uio_mapping reply;
	int32_t result = stand_call(handle, WDPDK_UIO_MAP_BAR, &request, sizeof(request), &reply, sizeof(reply));

	*id = reply.id;
	return result;
}

static inline int32_t
stand_alloc(struct uio_handle *handle, uint64_t chunks, uint64_t *id)
{
	struct wdpdk_uio_dma_alloc request = { STAND_HEAD(wdpdk_uio_dma_alloc), chunks * WDPDK_UIO_CHUNK, -1, 0, { 0, 0 } };
	union {
		struct wdpdk_uio_dma dma;
		uint8_t bytes[WDPDK_UIO_DMA_SIZE(32)];
	} reply;
	int32_t result = stand_call(handle, WDPDK_UIO_DMA_ALLOC, &request, sizeof(request), &reply, (uint32_t)WDPDK_UIO_DMA_SIZE(chunks));

	*id = reply.dma.id;
	return result;
}

static inline int32_t
stand_id(struct uio_handle *handle, uint32_t code, uint64_t id)
{
	struct wdpdk_uio_id request = { STAND_HEAD(wdpdk_uio_id), id, 0 };

	return stand_call(handle, code, &request, sizeof(request), NULL, 0);
}

static inline int32_t
stand_master(struct uio_handle *handle, uint32_t enable)
{
	struct wdpdk_uio_bus_master request = { STAND_HEAD(wdpdk_uio_bus_master), enable, 0, 0 };
	struct wdpdk_uio_bus_master_reply reply;

	return stand_call(handle, WDPDK_UIO_BUS_MASTER, &request, sizeof(request), &reply, sizeof(reply));
}

#endif
