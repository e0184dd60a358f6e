/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The shell around the core: IRPs in, core's calls out.
 */
#ifndef WDPDK_UIO_WDM_SHELL_H
#define WDPDK_UIO_WDM_SHELL_H

#include <ntifs.h>

#include "hardware.h"
#include "uio.h"

#define UIO_TAG 'oiUw'

/* Of one function's device object. */
struct uio_extension {
	PDEVICE_OBJECT self, pdo, lower;
	/* Held by each IRP but those of file objects, and by each handle. */
	IO_REMOVE_LOCK remove_lock;
	UNICODE_STRING link;
	struct uio_device *device;
	struct uio_hardware *hardware;
	DEVICE_POWER_STATE device_power[PowerSystemMaximum]; /* by system state */
	BOOLEAN started;
};

extern struct uio_driver *uio_shell_driver;
extern PDRIVER_OBJECT uio_shell_object;

/* settings.c: what the service's Parameters key says, with defaults for what it does not. */
void uio_shell_settings(PUNICODE_STRING registry_path, struct uio_settings *settings);

DRIVER_ADD_DEVICE uio_add_device;
DRIVER_DISPATCH uio_dispatch_pnp, uio_dispatch_power, uio_dispatch_below;
DRIVER_DISPATCH uio_dispatch_create, uio_dispatch_cleanup, uio_dispatch_close, uio_dispatch_control;

/* Completes with that status and no bytes; returns it. */
NTSTATUS uio_complete(PIRP irp, NTSTATUS status);

/* pnp.c: what the bus says it can do, for power.c; false: it did not say. */
NTSTATUS uio_query_capabilities(struct uio_extension *extension);

#endif
