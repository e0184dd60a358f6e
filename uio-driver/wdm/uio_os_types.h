/* SPDX-License-Identifier: BSD-3-Clause
 *
 * core/os.h's types for the Windows kernel.
 */
#ifndef WDPDK_UIO_OS_TYPES_H
#define WDPDK_UIO_OS_TYPES_H

#include <ntifs.h>

/*
 * A synchronization event and a critical region: its holder stays at PASSIVE_LEVEL, where views are mapped, and is not suspended. (Wine's
 * KMUTEX is lost when two threads want it: while one waits, the other's release does not reach it.)
 */
struct uio_mutex {
	KEVENT event;
};

struct uio_spin {
	KSPIN_LOCK lock;
};

struct uio_event {
	KEVENT event;
};

/* EPROCESS. */
struct uio_process;

struct uio_attach {
	KAPC_STATE state;
};

#endif
