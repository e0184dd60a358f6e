/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the core needs of a kernel. wdm/ has it for Windows, posix/ for tests on Linux. Everything here is called at PASSIVE_LEVEL with
 * no spin lock held, but what says otherwise. Nothing here raises.
 *
 * Each system has a uio_os_types.h on the include path with: struct uio_mutex, struct uio_spin, struct uio_event, struct uio_attach
 * (complete types), struct uio_process (may stay incomplete: EPROCESS by another name).
 */
#ifndef WDPDK_UIO_CORE_OS_H
#define WDPDK_UIO_CORE_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uio_os_types.h"

/* A lock that may be held while sleeping; not recursive. A thread that holds one must not be ended or suspended by user mode. */
void uio_mutex_init(struct uio_mutex *mutex);
void uio_mutex_destroy(struct uio_mutex *mutex);
void uio_mutex_lock(struct uio_mutex *mutex);
void uio_mutex_unlock(struct uio_mutex *mutex);

/* A lock that a cancel routine may take: up to DISPATCH_LEVEL. `level` is what lock returned. */
void uio_spin_init(struct uio_spin *spin);
void uio_spin_destroy(struct uio_spin *spin);
uint8_t uio_spin_lock(struct uio_spin *spin);
void uio_spin_unlock(struct uio_spin *spin, uint8_t level);

/* An event that stays set until it is cleared (notification event), clear at first. */
void uio_event_init(struct uio_event *event);
void uio_event_destroy(struct uio_event *event);
void uio_event_set(struct uio_event *event);
void uio_event_clear(struct uio_event *event);
/* True when it was set within that time; false otherwise. Not alertable. */
bool uio_event_wait(struct uio_event *event, uint32_t milliseconds);

/* Zeroed memory that is never paged out; NULL when there is none. */
void *uio_os_alloc(size_t size);
void uio_os_free(void *memory);

uint64_t uio_os_microseconds(void);
/* At least that long; 0 gives the processor away. */
void uio_os_sleep(uint32_t milliseconds);

/* The process whose thread is calling. No reference; two pointers are equal exactly when the processes are, while one is referenced. */
struct uio_process *uio_os_process(void);
void uio_os_process_reference(struct uio_process *process);
void uio_os_process_release(struct uio_process *process);
uint64_t uio_os_process_id(struct uio_process *process);

/* Into the address space of a referenced process and back, for unmapping there. `attach` lives on the caller's stack. */
void uio_os_attach(struct uio_process *process, struct uio_attach *attach);
void uio_os_detach(struct uio_attach *attach);

/*
 * WAIT_EVENT. `request` is what the shell gave to uio_ioctl() (an IRP). While it waits, the core has it in a slot, and the slot's spin lock
 * keeps it alive: its cancel routine calls uio_cancel(), which takes it out of the slot, and only then completes it with CANCELLED.
 *
 * Under that lock (DISPATCH_LEVEL):
 * uio_os_pend: marks the request pending and arms its cancel routine. OK, or CANCELLED when it had been cancelled before it was armed:
 * then nobody else will complete it, and uio_ioctl() returns CANCELLED for the shell to complete it with.
 * uio_os_claim: disarms. True: it is the caller's, to be completed. False: its cancel routine has been called and will take it out.
 *
 * Outside: uio_os_complete: a claimed request, with status and reply (copied to the request's buffer).
 */
int32_t uio_os_pend(void *request);
bool uio_os_claim(void *request);
void uio_os_complete(void *request, int32_t status, const void *reply, uint32_t length);

/* From now on the driver must never be unloaded: it has memory that a device may still write to. Any number of times. */
void uio_os_stay(void);

/* One line to the kernel's log; arguments as printf's %s %u %llu %x, without floating point. */
void uio_os_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
