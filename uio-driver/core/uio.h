/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The driver's logic without a kernel: what the shell (wdm/, or a test) calls. All at PASSIVE_LEVEL but uio_cancel().
 *
 *     DriverEntry      uio_driver_init           DriverUnload   uio_driver_end
 *     AddDevice        uio_device_create         START_DEVICE   uio_device_start
 *     QUERY_REMOVE     uio_device_query_remove   CANCEL_REMOVE  uio_device_cancel_remove     (QUERY_STOP, CANCEL_STOP: the same)
 *     STOP_DEVICE      uio_device_stop           SURPRISE_REMOVAL  uio_device_surprise       REMOVE_DEVICE  uio_device_remove
 *     CREATE           uio_open                  CLEANUP  uio_cleanup                        CLOSE  uio_close
 *     DEVICE_CONTROL   uio_ioctl                 cancel routine  uio_cancel                  process exit  uio_process_exit
 *
 * CLEANUP, CLOSE, process exit and removal may come in any order, together, and not at all, but that CLOSE is the last of its handle.
 */
#ifndef WDPDK_UIO_CORE_UIO_H
#define WDPDK_UIO_CORE_UIO_H

#include "hw.h"
#include "os.h"

struct uio_driver;
struct uio_device;
struct uio_handle;

struct uio_settings {
	uint64_t dma_quota;          /* bytes an owner may have; rounded down to chunks */
	uint16_t version[4];         /* for INFO */
};

/* NULL: no memory. */
struct uio_driver *uio_driver_init(const struct uio_settings *settings);
/* True: nothing was left (no device, owner, block in use). Frees the driver in any case; quarantined memory stays where it is. */
bool uio_driver_end(struct uio_driver *driver);

/* Takes `hw`: its release() is called when the device and all of its memory are gone (not when this fails). */
int32_t uio_device_create(struct uio_driver *driver, const struct uio_hw_ops *ops, void *hw, struct uio_device **device);
/* May come again after uio_device_stop(). IO: configuration space cannot be read. */
int32_t uio_device_start(struct uio_device *device, const struct uio_hw_info *info);
/* OK: from here on opens are refused. BUSY: a handle is open. */
int32_t uio_device_query_remove(struct uio_device *device);
void uio_device_cancel_remove(struct uio_device *device);
/* Makes a function that has an owner quiet: the last that touches configuration space until it is started again. */
void uio_device_stop(struct uio_device *device);
/* Tells the owner, gives it WDPDK_UIO_GRACE_MILLISECONDS to close, then takes everything away. Returns after that. */
void uio_device_surprise(struct uio_device *device);
/*
 * After it `device` is not the shell's any more, and the hardware may be released. Handles that are open stay valid, to be closed. Touches
 * the function only if uio_device_stop() and uio_device_surprise() have not ended its owner.
 */
void uio_device_remove(struct uio_device *device);

/* In the opener's context. SHARING, NOT_READY, REMOVED, NO_MEMORY. */
int32_t uio_open(struct uio_device *device, bool observer, struct uio_handle **handle);
void uio_cleanup(struct uio_handle *handle);
/* Frees the handle. */
void uio_close(struct uio_handle *handle);
/* A process ends: in its context or not, while its address space is still there. Of any process; most own nothing. */
void uio_process_exit(struct uio_driver *driver, struct uio_process *process);

/*
 * In the caller's context. `buffer` is the one buffer of METHOD_BUFFERED, of max(in, out) bytes, NULL when both are 0; it must not be
 * visible to user mode. *returned: bytes of reply. PENDING: `request` will be completed by uio_os_complete() or its cancel routine.
 */
int32_t uio_ioctl(struct uio_handle *handle, uint32_t code, void *buffer, uint32_t in, uint32_t out, uint32_t *returned, void *request);
/* From the cancel routine, up to DISPATCH_LEVEL: forget `request`, which the routine completes. */
void uio_cancel(struct uio_handle *handle, void *request);

#endif
