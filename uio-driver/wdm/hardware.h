/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The hardware under a function as the shell sees it: hw_real.c, or test/hw_test.c linked in its place. Once created, the core calls it
 * through uio_hardware_ops and ends it with their release(). All at PASSIVE_LEVEL.
 */
#ifndef WDPDK_UIO_WDM_HARDWARE_H
#define WDPDK_UIO_WDM_HARDWARE_H

#include <ntifs.h>

#include "hw.h"

struct uio_hardware;

extern const struct uio_hw_ops uio_hardware_ops;

/* AddDevice: references `pdo`. `lower` answers IRPs until uio_hardware_stop() of the removal. */
NTSTATUS uio_hardware_create(PDEVICE_OBJECT pdo, PDEVICE_OBJECT lower, struct uio_hardware **hardware);

/* START_DEVICE, when the bus has started: takes what it needs and says what is there. Both lists may be NULL under the test hardware. */
NTSTATUS uio_hardware_start(
	struct uio_hardware *hardware, PCM_RESOURCE_LIST raw, PCM_RESOURCE_LIST translated, struct uio_hw_info *info);

/*
 * STOP_DEVICE and REMOVE_DEVICE, before the bus gets them: configuration space and BARs are not asked for any more until the next start.
 * DMA memory may still be given back. Also after a start that failed; any number of times.
 */
void uio_hardware_stop(struct uio_hardware *hardware);

#endif
