/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A whole model: one to four ports of one card. The program steps it in a loop; a test may step it by hand, on its own thread.
 */
#ifndef XL710_MODEL_H
#define XL710_MODEL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "port.h"

#define XL710_PORTS 4u

struct xl710_options {
	unsigned int ports;                  /* 1..4; 0 counts as 1 */
	const char *bar;                     /* file of BAR0 (with more than one port a prefix: FILE.0, FILE.1); required */
	const char *dma[XL710_PORTS];        /* folders of drivers' memory; one for all, or one a port */
	bool dma_physical[XL710_PORTS];      /* that one is a hugetlbfs: files at their physical addresses; else our EAL's */
	unsigned int dma_count;
	const char *irq[XL710_PORTS];        /* interrupt lines; one for all, or one a port; none: no interrupts */
	unsigned int irq_count;
	const char *wire[XL710_PORTS];       /* specifications of wire.h; one for all, or one a port; default "loop" */
	unsigned int wire_count;
	uint8_t *registers[XL710_PORTS];     /* a test's own BAR0, XL710_BAR_SIZE bytes a port, instead of files */
	struct xl710_dma *memory;            /* a test's own DMA space instead of all that (stays the test's) */
	uint8_t mac[6];                      /* of port 0, the others count up; all zero: a local one */
	uint16_t device_id;                  /* 0: 0x1583 */
	bool cables_out;                     /* until xl710_model_cable puts them in */
	bool exact;                          /* control registers are trapped by the driver's side: exact.h */
	struct xl710_frame_faults frame_faults;
	struct xl710_control_faults faults;
};

struct xl710_file;

struct xl710_model {
	unsigned int port_count;
	struct xl710_port ports[XL710_PORTS];
	struct xl710_dma *dma[XL710_PORTS];  /* distinct ones, the model's own */
	unsigned int dma_count;
	struct xl710_file *bars[XL710_PORTS], *configs[XL710_PORTS];
	uint8_t config_space[XL710_PORTS][XL710_CONFIG_SIZE]; /* without files */
	char bar_paths[XL710_PORTS][4096];
	uint32_t steps;
	uint64_t looked_us;
};

/* NULL: what cannot be had was named on stderr; nothing is left, but files that were made stay. */
struct xl710_model *xl710_model_open(const struct xl710_options *options);
/* One turn of every port; says how much was done, 0 for nothing. Never waits. */
unsigned int xl710_model_step(struct xl710_model *model);
void xl710_model_close(struct xl710_model *model);

/* Members of the object that --json prints, without its braces. */
void xl710_model_json(const struct xl710_model *model, FILE *out);

/* The cable of a port: out, and in again. */
void xl710_model_cable(struct xl710_model *model, unsigned int port, bool in);

/* Memory behind `dma` may be other memory now: looks again, and tells the data paths that use it. */
void xl710_model_remap(struct xl710_model *model, struct xl710_dma *dma);

#endif
