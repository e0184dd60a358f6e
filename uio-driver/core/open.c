/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Handles: the owner's, which is one, and observers'.
 */
#include "internal.h"

static int32_t
openable(const struct uio_device *device)
{
	if (device->gone)
		return WDPDK_UIO_E_REMOVED;
	return device->started && !device->leaving ? WDPDK_UIO_OK : WDPDK_UIO_E_NOT_READY;
}

/* The function starts quiet: as the last owner's teardown left it, or made so now. */
static bool
begin_quiet(struct uio_device *device)
{
	return device->needs_reset ? uio_silence(device, NULL) : uio_master_off(device) == WDPDK_UIO_OK;
}

/* The device joins its owner: the one that the process is already, or `spare`. True: it was spare. */
static bool
join_owner(struct uio_device *device, struct uio_owner *spare, struct uio_process *process)
{
	struct uio_driver *driver = device->driver;
	struct uio_owner *owner;

	uio_mutex_lock(&driver->mutex);
	for (owner = driver->owners; owner != NULL && owner->process != process; owner = owner->next)
		;
	if (owner == NULL) {
		owner = spare;
		owner->process = process;
		uio_os_process_reference(process);
		owner->next = driver->owners;
		driver->owners = owner;
	}
	owner->devices++;
	device->owner = owner;
	device->session = ++driver->last_session;
	uio_mutex_unlock(&driver->mutex);
	return owner == spare;
}

/* Under device->mutex. *spare is NULL afterwards if it has been used. */
static int32_t
open_owner(struct uio_device *device, struct uio_handle *handle, struct uio_owner **spare)
{
	int32_t result = openable(device);

	if (result == WDPDK_UIO_OK && device->session != 0)
		result = WDPDK_UIO_E_SHARING;
	if (result == WDPDK_UIO_OK && !begin_quiet(device))
		result = WDPDK_UIO_E_NOT_READY;
	if (result != WDPDK_UIO_OK) {
		device->opens_refused++;
		return result;
	}
	handle->process = device->process = uio_os_process();
	uio_os_process_reference(device->process);
	if (join_owner(device, *spare, handle->process))
		*spare = NULL;
	handle->session = device->session;
	device->torn = false;
	device->opens++;
	uio_event_clear(&device->ended);
	return WDPDK_UIO_OK;
}

int32_t
uio_open(struct uio_device *device, bool observer, struct uio_handle **opened)
{
	struct uio_handle *handle = uio_os_alloc(sizeof(*handle));
	struct uio_owner *spare = observer ? NULL : uio_os_alloc(sizeof(*spare));
	int32_t result = WDPDK_UIO_E_NO_MEMORY;

	if (handle != NULL && (observer || spare != NULL)) {
		uio_mutex_lock(&device->mutex);
		result = observer ? openable(device) : open_owner(device, handle, &spare);
		if (result == WDPDK_UIO_OK)
			device->handles++;
		uio_mutex_unlock(&device->mutex);
	}
	if (spare != NULL)
		uio_os_free(spare);
	if (result != WDPDK_UIO_OK) {
		if (handle != NULL)
			uio_os_free(handle);
		return result;
	}
	uio_device_reference(device);
	handle->device = device;
	*opened = handle;
	return WDPDK_UIO_OK;
}

void
uio_cleanup(struct uio_handle *handle)
{
	uio_teardown(handle->device, handle->session, WDPDK_UIO_CAUSE_CLEANUP);
}

void
uio_close(struct uio_handle *handle)
{
	struct uio_device *device = handle->device;

	uio_teardown(device, handle->session, WDPDK_UIO_CAUSE_CLOSE);
	uio_mutex_lock(&device->mutex);
	device->handles--;
	uio_mutex_unlock(&device->mutex);
	uio_os_free(handle);
	uio_device_release(device);
}
