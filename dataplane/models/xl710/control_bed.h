/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A driver of a few lines for tests of the control side: it writes registers, keeps an admin queue, and steps the model by hand. Its 4 MiB
 * of memory are at bus address CTL_IOVA; where things lie in it is fixed.
 */
#ifndef XL710_CONTROL_BED_H
#define XL710_CONTROL_BED_H

#include "admin.h"
#include "model.h"

#define CTL_IOVA 0x3000000000ull
#define CTL_MEMORY (4u << 20)
#define CTL_RING 32u

/* Offsets in the memory. */
#define CTL_ATQ 0x0u
#define CTL_ARQ 0x1000u
#define CTL_ARQ_BUFFERS 0x10000u
#define CTL_BUFFER 0x40000u     /* of commands */
#define CTL_CONTEXTS 0x200000u  /* the HMC segment: Tx contexts, and from CTL_RX_CONTEXTS on those of Rx */
#define CTL_RX_CONTEXTS 0x18000u
#define CTL_RINGS 0x100000u

struct control_bed {
	struct xl710_options options;
	struct xl710_model *model;
	struct xl710_port *port;
	uint8_t *memory;
	uint16_t atq_tail, arq_next;
};

extern struct control_bed ctl;

/* The default: one port, a loop; `change` may alter the options first (NULL: no). */
void ctl_open(void (*change)(struct xl710_options *options));
void ctl_close(void);
void ctl_steps(unsigned int count);
/* Steps until the register has this value under the mask, for at most some seconds. */
bool ctl_wait(uint32_t offset, uint32_t mask, uint32_t value);

uint32_t ctl_get(uint32_t offset);
void ctl_set(uint32_t offset, uint32_t value);

/* Both rings, as a driver sets them up: the base after the enable bit. */
void ctl_rings_on(void);
void ctl_rings_off(void);
/*
 * A command: its 16 bytes of parameters become the reply's; with `buffer` it has one of that length, filled before and copied back. The
 * return code, or -1 when it was not done in some seconds.
 */
int ctl_command(uint16_t opcode, uint8_t p[16], void *buffer, uint16_t length);
/* Only put there, for a look at what comes of it. */
uint8_t *ctl_post(uint16_t opcode, const uint8_t p[16], uint64_t buffer, uint16_t length);
/* The next event: true, with opcode and parameters, and the descriptor given back; false when there is none. */
bool ctl_event(uint16_t *opcode, uint8_t p[16]);

/* Sets bits of a little-endian context. */
void ctl_bits(uint8_t *context, unsigned int at, unsigned int width, uint64_t value);
/* One direct segment at CTL_CONTEXTS with room for `queues` queues. */
void ctl_hmc_on(uint32_t queues);
uint8_t *ctl_tx_context(uint16_t queue);
uint8_t *ctl_rx_context(uint16_t queue);

#endif
