/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Making a function quiet, and what is known about it afterwards. Memory that it may know is only given away after this said so.
 *
 * Quiet means all three: bus mastering is seen off, no transaction is pending, and the reset succeeded. A function that was not quiet in
 * time is reset all the same, but what it still had under way is not known: a second, successful silence is needed to trust it again.
 */
#include "internal.h"

static void
no_step(struct uio_device *device, enum wdpdk_uio_step step)
{
	(void)device;
	(void)step;
}

/* The words that the owner's other functions look at. */
static void
quiet_is(struct uio_device *device, bool quiet, bool reset)
{
	device->suspect = !quiet;
	uio_mutex_lock(&device->driver->mutex);
	device->unquiet = !quiet;
	if (reset) {
		device->needs_reset = !quiet;
		if (quiet)
			device->mastered = false;
	}
	uio_mutex_unlock(&device->driver->mutex);
}

bool
uio_silence_master(struct uio_device *device, uio_step step)
{
	bool quiet;

	step = step == NULL ? no_step : step;
	quiet = uio_master_off(device) == WDPDK_UIO_OK;
	if (quiet)
		device->master = false;
	step(device, WDPDK_UIO_STEP_MASTER_OFF);
	quiet = uio_wait_quiet(device) && quiet;
	step(device, quiet ? WDPDK_UIO_STEP_QUIET : WDPDK_UIO_STEP_NOT_QUIET);
	quiet_is(device, quiet, false);
	return quiet;
}

bool
uio_silence(struct uio_device *device, uio_step step)
{
	bool quiet, reset;

	step = step == NULL ? no_step : step;
	/* Only a removed function may be silent by absence: one that hangs answers with ones, too, and may still write. */
	if (device->gone && !device->suspect && uio_config_absent(device)) {
		device->master = false;
		step(device, WDPDK_UIO_STEP_GONE);
		quiet_is(device, true, true);
		return true;
	}
	quiet = uio_silence_master(device, step);
	reset = uio_reset(device) == WDPDK_UIO_OK;
	step(device, reset ? WDPDK_UIO_STEP_RESET : WDPDK_UIO_STEP_RESET_FAILED);
	if (reset)
		device->master = false;
	quiet_is(device, quiet && reset, true);
	if (!quiet || !reset)
		uio_os_log("%02x:%02x.%x is not quiet (%s)\n", device->info.bus, device->info.slot, device->info.function,
			quiet ? "reset failed" : "transactions pending");
	return quiet && reset;
}
