/* SPDX-License-Identifier: BSD-3-Clause
 *
 * wdpdkuio.sys as its contract has it, for tests of who calls it: cards that do as they are told, and a log of what was done.
 */
#ifndef WUIO_FAKE_H
#define WUIO_FAKE_H

#include "../wdpdkuio/wuio.h"

#define FAKE_CARDS 3
#define FAKE_BAR_SIZE 65536u
#define FAKE_HOLE_AT 32768u
#define FAKE_QUOTA (48u << 20)
#define FAKE_LOG_SIZE 4096

struct fake_card {
	bool present;
	struct wdpdk_uio_info info;
	uint8_t config[WDPDK_UIO_CONFIG_BYTES];
	uint64_t owner_elsewhere; /* a process that has it */
	int32_t open_status;      /* of an owner's open, unless OK */
	bool owned, master, needs_reset;
	unsigned int observers, mappings;
	void *bar;
	/* WAIT_EVENT */
	bool waiting, removed, cancelled;
	/* guard() */
	void *guarded;
	bool *gone;
};

struct fake_system {
	struct fake_card card[FAKE_CARDS];
	bool installed;
	int list_result;
	bool late;                 /* as Wine: an open that is refused gives a handle whose first request says so */
	uint32_t version;          /* the driver's */
	uint32_t calls;            /* as STATUS counts them */
	uint32_t fail_code;        /* this request ... */
	int32_t fail_status;       /* ... ends with this */
	bool wrong_address;        /* DMA_ALLOC's reply */
	uint64_t bytes;            /* of DMA memory */
	unsigned int blocks;
	char log[FAKE_LOG_SIZE];   /* "open0 map0.0 master0 alloc ..." */
};

extern struct fake_system fake;
extern const struct wuio_os fake_os;

/** Three cards, 0000:65:00.0, 0000:65:00.1 and 0000:66:00.0, none in use; the last in an IOMMU domain of its own. */
void fake_reset(void);
/** The card goes: WAIT_EVENT is answered, everything else REMOVED. */
void fake_remove(unsigned int card);

#endif
