/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The end of an owner's open: one routine, whoever comes first with whatever reason, and all others find it done. Its order is the
 * driver's promise: nothing that a device may still write to becomes somebody else's.
 *
 * It has two parts. The function's: no requests, no bus mastering, no transactions, reset, no BAR mappings. The memory's: with the
 * owner's last function its blocks are unmapped, then freed, or quarantined. Removal does the first alone: the owner's heap stays until
 * its handle ends.
 */
#include "internal.h"

static void
note(struct uio_device *device, enum wdpdk_uio_step step)
{
	if (device->last_steps < WDPDK_UIO_STEPS)
		device->last_step[device->last_steps++] = (uint8_t)step;
}

void
uio_answer_waiter(struct uio_device *device, enum wdpdk_uio_event_kind event)
{
	struct wdpdk_uio_event reply = { { sizeof(reply), WDPDK_UIO_VERSION }, event, 0, 0 };
	void *waiter;
	bool mine;
	uint8_t level;

	do {
		level = uio_spin_lock(&device->waiting);
		waiter = device->waiter;
		mine = waiter != NULL && uio_os_claim(waiter);
		if (mine)
			device->waiter = NULL;
		uio_spin_unlock(&device->waiting, level);
		/* Being cancelled at this moment: the routine takes it out as soon as it gets the lock. */
		if (waiter != NULL && !mine)
			uio_os_sleep(1);
	} while (waiter != NULL && !mine);
	if (mine)
		uio_os_complete(waiter, WDPDK_UIO_OK, &reply, sizeof(reply));
}

/* Requests hold the mutex: none is under way, and those that wait for it will find `torn` set. */
void
uio_end_requests(struct uio_device *device, enum wdpdk_uio_cause cause)
{
	if (device->torn)
		return;
	note(device, WDPDK_UIO_STEP_BLOCK);
	uio_answer_waiter(device, cause == WDPDK_UIO_CAUSE_REMOVAL ? WDPDK_UIO_EVENT_REMOVAL : WDPDK_UIO_EVENT_TEARDOWN);
	note(device, WDPDK_UIO_STEP_EVENT);
}

void
uio_end_mastering(struct uio_device *device, enum wdpdk_uio_cause cause)
{
	(void)cause;
	if (!device->torn)
		uio_silence(device, note);
}

void
uio_end_mappings(struct uio_device *device, enum wdpdk_uio_cause cause)
{
	struct uio_attach attach;

	(void)cause;
	if (device->torn)
		return;
	uio_os_attach(device->process, &attach);
	for (unsigned int i = 0; i < WDPDK_UIO_MAPPINGS; i++) {
		if (device->mapping[i].id == 0)
			continue;
		device->ops->bar_unmap(device->hw, device->mapping[i].mapping);
		device->mapping[i].id = 0;
	}
	uio_os_detach(&attach);
	note(device, WDPDK_UIO_STEP_UNMAP);
}

/* The device leaves its owner; who takes the last one has the owner for himself. */
static struct uio_owner *
leave_owner(struct uio_device *device)
{
	struct uio_driver *driver = device->driver;
	struct uio_owner *owner, **link;

	uio_mutex_lock(&driver->mutex);
	owner = device->owner;
	owner->unquiet = owner->unquiet || device->unquiet;
	device->owner = NULL;
	if (--owner->devices == 0) {
		for (link = &driver->owners; *link != owner; link = &(*link)->next)
			;
		*link = owner->next;
	} else {
		owner = NULL;
	}
	uio_mutex_unlock(&driver->mutex);
	return owner;
}

void
uio_end_memory(struct uio_device *device, enum wdpdk_uio_cause cause)
{
	struct uio_owner *owner;

	if (cause == WDPDK_UIO_CAUSE_REMOVAL)
		return;
	owner = leave_owner(device);
	if (owner == NULL) {
		note(device, WDPDK_UIO_STEP_KEPT);
		return;
	}
	uio_memory_end(device->driver, owner, device, note);
	uio_os_process_release(owner->process);
	uio_os_free(owner);
}

static void
end_session(struct uio_device *device)
{
	uio_mutex_lock(&device->driver->mutex);
	device->session = 0;
	uio_mutex_unlock(&device->driver->mutex);
	uio_os_process_release(device->process);
	device->process = NULL;
	uio_event_set(&device->ended);
}

void
uio_teardown(struct uio_device *device, uint64_t session, enum wdpdk_uio_cause cause)
{
	uint64_t start = uio_os_microseconds();

	uio_mutex_lock(&device->mutex);
	if (session != 0 && device->session == session) {
		if (!device->torn) {
			device->teardowns++;
			device->last_cause = cause;
			device->last_steps = 0;
		}
		for (unsigned int i = 0; i < UIO_TEARDOWN_STEPS; i++)
			uio_teardown_order[i](device, cause);
		device->torn = true;
		if (cause != WDPDK_UIO_CAUSE_REMOVAL)
			end_session(device);
		device->last_microseconds = uio_os_microseconds() - start;
	}
	uio_mutex_unlock(&device->mutex);
}
