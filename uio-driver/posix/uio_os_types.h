/* SPDX-License-Identifier: BSD-3-Clause
 *
 * core/os.h's types for user mode: pthreads, and processes that are only played.
 */
#ifndef WDPDK_UIO_OS_TYPES_H
#define WDPDK_UIO_OS_TYPES_H

#include <pthread.h>
#include <stdbool.h>

struct uio_mutex {
	pthread_mutex_t mutex;
};

struct uio_spin {
	pthread_mutex_t mutex;
};

struct uio_event {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool set;
};

struct uio_process;

struct uio_attach {
	struct uio_process *before;
};

#endif
