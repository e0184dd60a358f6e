/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The core's objects. A driver has devices (functions) and owners (processes); an owner has blocks of DMA memory.
 *
 * Two locks. device->mutex is held for the whole of a request, an open or a teardown, so that whoever has it sees none under way; the
 * hardware is only touched under it. driver->mutex is held for moments, guards the lists, references, owners, blocks, and the few words
 * of a device that its owner's other functions look at; nothing sleeps under it but memory allocation never does. Order: device, driver.
 *
 * A device lives until nobody refers to it: the shell (until REMOVE_DEVICE), each handle, each block taken through it. It stays on the
 * driver's list as long, so that a process exit finds the owner of a removed function, too.
 */
#ifndef WDPDK_UIO_CORE_INTERNAL_H
#define WDPDK_UIO_CORE_INTERNAL_H

#include <string.h>

#include "uio.h"

#define UIO_PAGE 4096u

/* DMA memory of an owner; driver->mutex. */
struct uio_block {
	struct uio_block *next;
	struct uio_device *device;   /* referenced: its hardware frees it */
	void *memory;                /* the hardware's name */
	uint64_t id;
	uint64_t address;            /* in the owner */
	uint64_t chunks;
	uint64_t bus[];
};

/* A process with functions open; driver->mutex. Lives as long as it has one. */
struct uio_owner {
	struct uio_owner *next;
	struct uio_process *process; /* referenced */
	struct uio_block *blocks;
	uint64_t bytes;              /* of blocks, and of those being made */
	uint32_t devices;
	uint32_t freeing;            /* blocks off the list and not freed yet: no function is switched on meanwhile */
	bool unquiet;                /* one of its functions ended without being seen quiet: its memory is never freed */
};

struct uio_driver {
	struct uio_mutex mutex;
	uint64_t quota;
	uint16_t version[4];
	struct uio_device *devices;
	struct uio_owner *owners;
	struct uio_block *quarantine;
	uint64_t quarantined_bytes, quarantined_blocks;
	uint64_t bytes, blocks;      /* of all owners, not of quarantine */
	uint64_t last_id, last_session;
};

struct uio_mapping {
	uint64_t id;                 /* 0: not in use */
	void *mapping;
};

/* What a function-level reset takes from configuration space and nobody else would put back. Words of BARs are zeros for none. */
struct uio_config_saved {
	uint16_t command, cache_line, interrupt_line, control, control_2, link_control, msix;
	uint32_t bar[WDPDK_UIO_BARS];
	uint32_t rom;
};

struct uio_device {
	struct uio_driver *driver;
	const struct uio_hw_ops *ops;
	void *hw;
	struct uio_mutex mutex;
	struct uio_event ended;      /* set while it has no owner */

	/* driver->mutex */
	struct uio_device *next;
	uint32_t references;

	/* written under both */
	struct uio_owner *owner;
	uint64_t session;            /* number of the owner's open, 0: none. Handles of others are stale */
	bool unquiet;                /* bus mastering was on and it was not seen to be quiet since */
	bool mastered;               /* bus mastering was on since the last reset: it may know addresses */
	bool needs_reset;

	/* device->mutex */
	bool started, leaving, gone, removed;
	bool torn;                   /* the function's part of the teardown of this session is done */
	bool master;
	bool suspect;                /* it was there and could not be made quiet: ones are no proof of its absence */
	struct uio_process *process; /* of the session; referenced */
	uint32_t handles;
	uint32_t pcie;               /* offset of the PCI Express capability */
	uint32_t msix;               /* of MSI-X, 0: none */
	uint32_t reset_milliseconds;
	struct uio_config_saved saved;
	bool saved_now;              /* configuration space is as `saved` or newer; false while a reset may have emptied it */
	struct uio_mapping mapping[WDPDK_UIO_MAPPINGS];
	struct wdpdk_uio_info info;

	struct uio_spin waiting;     /* the innermost lock */
	void *waiter;                /* under it: the WAIT_EVENT request, alive as long as it is here */

	/* atomic */
	uint64_t calls, refused;

	/* device->mutex */
	uint64_t opens, opens_refused, teardowns;
	uint32_t last_cause, last_steps;
	uint8_t last_step[WDPDK_UIO_STEPS];
	uint64_t last_microseconds;
};

struct uio_handle {
	struct uio_device *device;   /* referenced */
	uint64_t session;            /* 0: an observer's */
	struct uio_process *process; /* only to compare with */
};

/* driver.c */
void uio_device_reference(struct uio_device *device);
void uio_device_release(struct uio_device *device);

/* config.c: the policy of configuration space, under device->mutex. */
int32_t uio_config_start(struct uio_device *device);
int32_t uio_config_extended_tag(struct uio_device *device, const struct wdpdk_uio_config_write *request);
bool uio_config_answers(struct uio_device *device);
/* It was asked, and nobody answered. Neither of the two holds when it could not be asked. */
bool uio_config_absent(struct uio_device *device);
int32_t uio_master_on(struct uio_device *device);
int32_t uio_master_off(struct uio_device *device);
/* Waits until no transaction is pending, at most WDPDK_UIO_QUIET_MILLISECONDS. */
bool uio_wait_quiet(struct uio_device *device);
int32_t uio_reset(struct uio_device *device);

/* quiet.c: bus master off, wait, reset, with what it means for memory. `step` may be NULL. */
typedef void (*uio_step)(struct uio_device *device, enum wdpdk_uio_step step);
bool uio_silence(struct uio_device *device, uio_step step);
bool uio_silence_master(struct uio_device *device, uio_step step);

/* memory.c */
/* A block that only the caller knows, until it keeps it: from then on any thread of the owner may have freed it. */
int32_t uio_memory_alloc(struct uio_device *device, const struct wdpdk_uio_dma_alloc *request, struct uio_block **block);
void uio_memory_keep(struct uio_device *device, struct uio_block *block);
int32_t uio_memory_free(struct uio_device *device, uint64_t id);
/* All of an owner that is on no list any more: freed, or quarantined. The steps are told to `device`. */
void uio_memory_end(struct uio_driver *driver, struct uio_owner *owner, struct uio_device *device, uio_step step);

/* teardown.c: ends that session, if it has not been. */
void uio_teardown(struct uio_device *device, uint64_t session, enum wdpdk_uio_cause cause);
typedef void (*uio_teardown_step)(struct uio_device *device, enum wdpdk_uio_cause cause);
#define UIO_TEARDOWN_STEPS 4
extern const uio_teardown_step uio_teardown_order[UIO_TEARDOWN_STEPS];
void uio_end_requests(struct uio_device *device, enum wdpdk_uio_cause cause);
void uio_end_mastering(struct uio_device *device, enum wdpdk_uio_cause cause);
void uio_end_mappings(struct uio_device *device, enum wdpdk_uio_cause cause);
void uio_end_memory(struct uio_device *device, enum wdpdk_uio_cause cause);
void uio_answer_waiter(struct uio_device *device, enum wdpdk_uio_event_kind event);

#endif
