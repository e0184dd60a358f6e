/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Functions that are only played, as hw.h wants them: a PCI configuration space, BARs and DMA memory that are notes in a list, faults on
 * demand, and a log of what was done in which order. The fake is also the judge: what a card could have written to after it was freed,
 * an unmapping in the wrong process, a use after release, it counts as violations, whoever caused them.
 */
#ifndef WDPDK_UIO_FAKE_H
#define WDPDK_UIO_FAKE_H

#include "hw.h"
#include "os.h"

#define FAKE_DEVICES 4u
#define FAKE_PCIE 0xa0u              /* where its capabilities are */
#define FAKE_MSIX 0x70u
#define FAKE_BAR0 (8u << 20)
#define FAKE_BAR3 0x8000u            /* page 0: MSI-X table, page 1: pending bits */

enum fake_op {
	FAKE_MASTER_ON = 1, FAKE_MASTER_OFF, FAKE_POLL, FAKE_RESET, FAKE_CONFIG_WRITE, FAKE_BAR_MAP, FAKE_BAR_UNMAP, FAKE_ALLOC, FAKE_MAP,
	FAKE_UNMAP, FAKE_FREE, FAKE_QUARANTINE, FAKE_RELEASE,
};

/* Faults, per function; set at any time. */
#define FAKE_STUCK 1u                /* transactions pending never clears */
#define FAKE_MASTER_STICKS 2u        /* the bus master bit cannot be cleared */
#define FAKE_RESET_FAILS 4u          /* it never answers again after a reset, until the fault is taken away */
#define FAKE_READ_FAILS 8u
#define FAKE_WRITE_FAILS 16u
#define FAKE_BAR_MAP_FAILS 32u       /* as a kernel call that raised does */
#define FAKE_DMA_MAP_FAILS 64u
#define FAKE_DMA_ALLOC_FAILS 128u
#define FAKE_ABSENT 256u             /* pulled out: ones */
#define FAKE_ODD_ADDRESS 512u        /* a bus address that is not aligned, or above 4 GiB when asked for less */

struct fake_memory;

struct fake {
	struct fake_world *world;
	uint32_t index;
	uint32_t faults;             /* atomic */
	uint8_t config[256];
	bool master;                 /* as its configuration space has it */
	bool settled;                /* since it was last a master it was seen with no transaction pending */
	bool ghost;                  /* it may know an address of memory that was freed */
	bool released;
	struct uio_process *user;    /* who turned bus mastering on */
	bool hung;                   /* after a reset that failed */
};

#define FAKE_LOG 4096u

struct fake_world {
	pthread_mutex_t mutex;
	struct fake device[FAKE_DEVICES];
	struct fake_memory *memory;
	long mappings, blocks, quarantined; /* now */
	unsigned int released;
	unsigned int violations;
	const char *first;           /* the first violation, in words */
	void *scribble;              /* a request's buffer, which somebody else writes to while the hardware is at work; NULL: none */
	unsigned int scribbles;      /* bytes */
	unsigned int lines;
	struct {
		uint8_t device, op;
	} log[FAKE_LOG];
};

extern const struct uio_hw_ops fake_ops;

void fake_world_init(struct fake_world *world);
/* Frees what is quarantined, too. */
void fake_world_end(struct fake_world *world);
struct uio_hw_info fake_info(const struct fake *fake);
void fake_set_faults(struct fake *fake, uint32_t faults);
/* Position of the first such line at or after `from`, -1: none. */
int fake_find(const struct fake_world *world, unsigned int from, uint32_t device, enum fake_op op);

#endif
