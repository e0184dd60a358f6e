/* SPDX-License-Identifier: BSD-3-Clause
 *
 * User mode as a kernel: what tests do to core/os.h from outside. Allocations that fail, a clock that only sleeps move, processes that
 * a thread plays, requests that are cancelled.
 */
#ifndef WDPDK_UIO_POSIX_H
#define WDPDK_UIO_POSIX_H

#include "uio.h"

/* The nth allocation from now on fails, once; 0: none. */
void posix_fail_allocation(unsigned int n);
/* Blocks of uio_os_alloc() that are not freed. */
long posix_allocations(void);
/* True: uio_os_sleep() and waits move the clock and nobody waits. Only for one thread. */
void posix_virtual_time(bool on);
/* Calls of uio_os_stay(). */
unsigned int posix_stays(void);

/* A process with one reference, the caller's. */
struct uio_process *posix_process(uint64_t id);
/* The calling thread is a thread of that process from now on; NULL: of none. */
void posix_become(struct uio_process *process);
/* Processes that are referenced. */
long posix_processes(void);

/* An IRP. Zeroed before use; it may be used again when it is done. */
struct posix_request {
	struct uio_handle *handle;
	int armed, cancelled;        /* atomic */
	int done;                    /* atomic: completed, by whomever */
	unsigned int completions;    /* atomic: more than one is a defect */
	int32_t status;
	uint32_t length;
	uint8_t reply[64];
};

/* uio_ioctl() as a shell does it: a request that did not pend is completed by it. Statuses as from uio_ioctl(). */
int32_t posix_ioctl(struct uio_handle *handle, uint32_t code, void *buffer, uint32_t in, uint32_t out, uint32_t *returned,
	struct posix_request *request);
/* CancelIoEx: from any thread, any number of times, also when it is done. */
void posix_cancel(struct posix_request *request);
/* False: not done after so long. */
bool posix_wait(struct posix_request *request, uint32_t milliseconds);

#endif
