/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The kernel's side of VFIO, as far as the PCI bus asks it: nodes are files, ioctl() on them comes here. A device is a file with its
 * regions at offsets, so that mapping and reading it are the real thing. What no real kernel would do is an error here, too: orders
 * out of turn, entries that overlap, removing a part of one.
 */
#ifndef VFIO_FAKE_H
#define VFIO_FAKE_H

#include <stdbool.h>
#include <stdint.h>

#define FAKE_CONFIG_AT (7ull << 20)
#define FAKE_BAR3_AT (3ull << 20)
#define FAKE_GROUPS 2

struct vfio_fake {
	/* What the test sets. */
	int version;
	bool has_type1, has_noiommu;
	bool viable;
	const char *device;      /* the file of both devices */
	uint64_t bar_size[6];
	uint64_t bar_offset[6];
	uint32_t vectors;        /* MSI-X; 0: only a line */
	int fail_dma_after;      /* entries, then ENOMEM; -1: never */

	/* What it sees. */
	int containers;          /* IOMMUs chosen */
	int groups;              /* in the container */
	int devices, resets;
	unsigned int entries;
	uint64_t mapped;
	int last_dma_error;
	int triggers[8];         /* eventfds of the last order that switched interrupts on */
	uint32_t trigger_index, trigger_count;
	int unmasked;
};

extern struct vfio_fake fake;

/** As a kernel is after loading the module. */
void vfio_fake_reset(void);
/** Whether devices reach [iova, + len) in one entry. */
bool vfio_fake_reaches(uint64_t iova, uint64_t vaddr);
/** The kernel forgets a container when its last group is closed. */
void vfio_fake_forget(void);

#endif
