/* SPDX-License-Identifier: BSD-3-Clause
 *
 * core/os.h's types for the Windows kernel.
 */
#ifndef WDPDK_UIO_OS_TYPES_H
#define WDPDK_UIO_OS_TYPES_H

#include <ntifs.h>

/* A KMUTEX, not a fast mutex: its holder stays at PASSIVE_LEVEL, where views are mapped, and is not suspended. */
struct uio_mutex {
	KMUTEX mutex;
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
