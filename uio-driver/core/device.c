/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A function's life by PnP: started, stopped, asked whether it may go, gone.
 */
#include "internal.h"

static void
take_info(struct uio_device *device, const struct uio_hw_info *from)
{
	struct wdpdk_uio_info *info = &device->info;

	memset(info, 0, sizeof(*info));
	info->head.size = sizeof(*info);
	info->head.version = WDPDK_UIO_VERSION;
	info->contract = WDPDK_UIO_VERSION;
	info->flags = from->flags;
	memcpy(info->driver_version, device->driver->version, sizeof(info->driver_version));
	info->segment = from->segment;
	info->bus = from->bus;
	info->slot = from->slot;
	info->function = from->function;
	info->node = from->node;
	info->chunk = WDPDK_UIO_CHUNK;
	info->page = UIO_PAGE;
	info->dma_quota = device->driver->quota;
	info->dma_domain = from->dma_domain;
	for (unsigned int i = 0; i < WDPDK_UIO_BARS; i++) {
		info->bar[i].length = from->bar[i].length;
		info->bar[i].flags = from->bar[i].flags;
	}
	device->reset_milliseconds = from->reset_milliseconds;
}

int32_t
uio_device_start(struct uio_device *device, const struct uio_hw_info *info)
{
	int32_t result;

	uio_mutex_lock(&device->mutex);
	take_info(device, info);
	result = uio_config_start(device);
	device->started = result == WDPDK_UIO_OK;
	device->leaving = false;
	uio_mutex_lock(&device->driver->mutex);
	/* What it did before, for whomever, is not known. */
	device->needs_reset = true;
	uio_mutex_unlock(&device->driver->mutex);
	uio_mutex_unlock(&device->mutex);
	return result;
}

int32_t
uio_device_query_remove(struct uio_device *device)
{
	int32_t result;

	uio_mutex_lock(&device->mutex);
	result = device->handles == 0 ? WDPDK_UIO_OK : WDPDK_UIO_E_BUSY;
	device->leaving = result == WDPDK_UIO_OK;
	uio_mutex_unlock(&device->mutex);
	return result;
}

void
uio_device_cancel_remove(struct uio_device *device)
{
	uio_mutex_lock(&device->mutex);
	device->leaving = false;
	uio_mutex_unlock(&device->mutex);
}

/* The function's part of its session's teardown, if it has one. */
static void
end_session(struct uio_device *device)
{
	uint64_t session;

	uio_mutex_lock(&device->mutex);
	session = device->session;
	uio_mutex_unlock(&device->mutex);
	uio_teardown(device, session, WDPDK_UIO_CAUSE_REMOVAL);
}

void
uio_device_stop(struct uio_device *device)
{
	uio_mutex_lock(&device->mutex);
	device->started = false;
	uio_mutex_unlock(&device->mutex);
	end_session(device);
}

void
uio_device_surprise(struct uio_device *device)
{
	uio_mutex_lock(&device->mutex);
	device->gone = true;
	uio_answer_waiter(device, WDPDK_UIO_EVENT_REMOVAL);
	uio_mutex_unlock(&device->mutex);
	/* The only wait without the mutex: the owner's own close takes it. */
	uio_event_wait(&device->ended, WDPDK_UIO_GRACE_MILLISECONDS);
	end_session(device);
}

void
uio_device_remove(struct uio_device *device)
{
	uio_mutex_lock(&device->mutex);
	device->gone = true;
	uio_mutex_unlock(&device->mutex);
	end_session(device);
	uio_mutex_lock(&device->mutex);
	/* The function below is the bus driver's again: from here on its configuration space is not touched. */
	device->started = false;
	uio_mutex_unlock(&device->mutex);
	uio_device_release(device);
}
