/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The driver as a whole: its list of devices, who keeps one alive, processes that end, and unloading.
 */
#include "internal.h"

struct uio_driver *
uio_driver_init(const struct uio_settings *settings)
{
	struct uio_driver *driver = uio_os_alloc(sizeof(*driver));

	if (driver == NULL)
		return NULL;
	uio_mutex_init(&driver->mutex);
	driver->quota = settings->dma_quota - settings->dma_quota % WDPDK_UIO_CHUNK;
	memcpy(driver->version, settings->version, sizeof(driver->version));
	return driver;
}

static void
destroy(struct uio_device *device)
{
	uio_event_destroy(&device->ended);
	uio_spin_destroy(&device->waiting);
	uio_mutex_destroy(&device->mutex);
	uio_os_free(device);
}

bool
uio_driver_end(struct uio_driver *driver)
{
	bool empty = driver->owners == NULL && driver->blocks == 0;
	struct uio_block *block;
	struct uio_device *device;

	/* Of what is quarantined only the notes go. Its devices are not released: the hardware below has memory that is in use. */
	while ((block = driver->quarantine) != NULL) {
		driver->quarantine = block->next;
		block->device->references--;
		uio_os_free(block);
	}
	while ((device = driver->devices) != NULL) {
		driver->devices = device->next;
		empty = empty && device->references == 0;
		destroy(device);
	}
	uio_mutex_destroy(&driver->mutex);
	uio_os_free(driver);
	return empty;
}

int32_t
uio_device_create(struct uio_driver *driver, const struct uio_hw_ops *ops, void *hw, struct uio_device **created)
{
	struct uio_device *device = uio_os_alloc(sizeof(*device));

	if (device == NULL)
		return WDPDK_UIO_E_NO_MEMORY;
	device->driver = driver;
	device->ops = ops;
	device->hw = hw;
	device->references = 1;
	uio_mutex_init(&device->mutex);
	uio_spin_init(&device->waiting);
	uio_event_init(&device->ended);
	uio_event_set(&device->ended);
	uio_mutex_lock(&driver->mutex);
	device->next = driver->devices;
	driver->devices = device;
	uio_mutex_unlock(&driver->mutex);
	*created = device;
	return WDPDK_UIO_OK;
}

void
uio_device_reference(struct uio_device *device)
{
	uio_mutex_lock(&device->driver->mutex);
	device->references++;
	uio_mutex_unlock(&device->driver->mutex);
}

void
uio_device_release(struct uio_device *device)
{
	struct uio_driver *driver = device->driver;
	struct uio_device **link;
	bool last;

	uio_mutex_lock(&driver->mutex);
	last = --device->references == 0;
	if (last) {
		for (link = &driver->devices; *link != device; link = &(*link)->next)
			;
		*link = device->next;
	}
	uio_mutex_unlock(&driver->mutex);
	if (last) {
		device->ops->release(device->hw);
		destroy(device);
	}
}

void
uio_process_exit(struct uio_driver *driver, struct uio_process *process)
{
	struct uio_device *device;
	uint64_t session = 0;

	do {
		uio_mutex_lock(&driver->mutex);
		for (device = driver->devices; device != NULL; device = device->next)
			if (device->owner != NULL && device->owner->process == process)
				break;
		if (device != NULL) {
			session = device->session;
			device->references++;
		}
		uio_mutex_unlock(&driver->mutex);
		if (device != NULL) {
			uio_teardown(device, session, WDPDK_UIO_CAUSE_EXIT);
			uio_device_release(device);
		}
	} while (device != NULL);
}
