/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A card that is taken out while it is driven. The driver says so, and half a second later its registers are gone. Who drives the card
 * is told by the EAL's device event; what still reads a register until it has stopped finds all ones, as on a bus without the
 * card (guard in struct wuio_os).
 */
#include <errno.h>

#include <rte_dev.h>
#include <rte_lcore.h>
#include <rte_thread.h>

#include "wuio.h"

static void *
watch(void *arg)
{
	struct wuio_function *function = arg;
	struct wdpdk_uio_event event = {.event = 0};
	int32_t status = wuio_wait(function->handle, &event);

	if (status == WDPDK_UIO_E_REMOVED)
		event.event = WDPDK_UIO_EVENT_REMOVAL;
	else if (status != WDPDK_UIO_OK || event.event != WDPDK_UIO_EVENT_REMOVAL)
		return NULL;
	__atomic_store_n(&function->gone, true, __ATOMIC_RELEASE);
	PCI_LOG(ERR, "%s was taken out\n", function->dev->public.device.name);
	rte_dev_event_callback_process(function->dev->public.device.name, RTE_DEV_EVENT_REMOVE);
	return NULL;
}

int
wuio_watch(struct wuio_function *function)
{
	int err = rte_ctrl_thread_create(&function->thread, "wdpdk-removal", NULL, watch, function);

	function->waiting = err == 0;
	return -abs(err);
}

void
wuio_unwatch(struct wuio_function *function)
{
	if (!function->waiting)
		return;
	function->waiting = false;
	/* A listener of the event may take the device off from there. */
	if (pthread_equal(pthread_self(), function->thread)) {
		pthread_detach(function->thread);
		return;
	}
	wuio_os->cancel(function->handle);
	pthread_join(function->thread, NULL);
}
