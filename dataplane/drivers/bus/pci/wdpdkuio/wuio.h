/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Cards that wdpdkuio.sys holds: what the files of this folder share. Nothing here is Windows' own: the system is behind struct
 * wuio_os, the driver behind its contract (wdpdk_uio.h). windows/ has the real one, tests play both.
 *
 * The driver's word is checked once, where it comes in (wuio_call.c: sizes; the callers: values).
 */
#ifndef WUIO_H
#define WUIO_H

#include <pthread.h>

#include <wdpdk_uio.h>

#include "../pci_private.h"

#define WUIO_PATH_SIZE 512

struct wuio_handle; /* the system's */

/** Statuses are the contract's, WDPDK_UIO_OK and WDPDK_UIO_E_*. Any thread. */
struct wuio_os {
	/**
	 * Calls found() with the path of each device interface there is; one that cannot be opened for REMOVED is none. 0, or a negative
	 * errno.
	 */
	int (*list)(void (*found)(const char *path, void *arg), void *arg);
	/** Whether the driver is installed at all. */
	bool (*installed)(void);
	/** owner: with read and write access, else an observer's. */
	int32_t (*open)(const char *path, bool owner, struct wuio_handle **handle);
	void (*close)(struct wuio_handle *handle);
	/** One request; *got: bytes of the reply. */
	int32_t (*call)(struct wuio_handle *handle, uint32_t code, const void *in, size_t in_size, void *out, size_t out_size,
		size_t *got);
	/** WAIT_EVENT, once: waits until it is answered, or cancel()led from another thread (CANCELLED). */
	int32_t (*wait)(struct wuio_handle *handle, struct wdpdk_uio_event *event);
	void (*cancel)(struct wuio_handle *handle);
	/**
	 * Watches over a mapped BAR: when its pages are gone, an access finds all ones there, and *gone is set. len 0: no longer.
	 * 0 or a negative errno.
	 */
	int (*guard)(void *addr, size_t len, bool *gone);
};

/** A function that we have opened; stays open to the end, since memory may have been taken through it. */
struct wuio_function {
	struct wuio_function *next;
	struct wuio_handle *handle; /* the owner's; NULL: not opened, see status */
	int32_t status;             /* of opening it */
	struct wdpdk_uio_info info;
	char path[WUIO_PATH_SIZE];
	struct pci_device *dev;     /* NULL: unplugged */
	uint64_t owner;             /* the process that has it, for the message; 0: not known */
	uint64_t mapping[PCI_MAX_RESOURCE]; /* ids */
	bool mapped[PCI_MAX_RESOURCE];
	bool master;                /* bus mastering is on */
	bool gone;                  /* the card was taken out; atomically */
	bool waiting;               /* thread is there */
	pthread_t thread;
};

extern const struct wuio_os *wuio_os;
extern const struct pci_backend wuio_backend;

/* ---- wuio_call.c: the only file that calls the driver ---- */

/** Requests so far, STATUS left out, as the driver counts them. */
uint64_t wuio_calls(void);
/** Fills in->head (in_size bytes); a reply that is not what the contract says is WDPDK_UIO_E_IO. out may be NULL. */
int32_t wuio_call(struct wuio_handle *handle, uint32_t code, void *in, size_t in_size, void *out, size_t out_size);
/** INFO and STATUS, and RESET without a reply. */
int32_t wuio_ask(struct wuio_handle *handle, uint32_t code, void *out, size_t out_size);
int32_t wuio_wait(struct wuio_handle *handle, struct wdpdk_uio_event *event);
/** As a negative errno. */
int wuio_errno(int32_t status);
const char *wuio_text(int32_t status);

/* ---- wuio_scan.c ---- */

extern struct wuio_function *wuio_functions;

/** Adds the cards there are, and opens those that are to be driven. 0 or a negative errno. */
int wuio_scan(const struct wuio_os *os);
/** Closes what is open, unless the EAL's memory comes from it: then its source's end does. */
void wuio_close(void);
/** Says why a function could not be opened and what to do. */
int wuio_refuse_open(const struct wuio_function *function);

/* ---- wuio_memory.c ---- */

extern const struct wdpdk_memory_source wuio_memory;

/** Memory comes from this function's owner from now on, if nothing else was chosen. 0, also when it does already, or a negative errno. */
int wuio_memory_use(struct wuio_function *function);
/** Whether the function sees the memory at the addresses it was given. */
bool wuio_memory_reaches(const struct wuio_function *function);
/** For a message: the function it was first taken for. */
const char *wuio_memory_first(void);

/* ---- wuio_removal.c ---- */

int wuio_watch(struct wuio_function *function);
void wuio_unwatch(struct wuio_function *function);
static inline bool
wuio_is_gone(const struct wuio_function *function)
{
	return __atomic_load_n(&function->gone, __ATOMIC_ACQUIRE);
}

#endif
