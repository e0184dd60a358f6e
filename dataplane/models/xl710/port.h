/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One port of the model: its BAR0, and what the card knows about it. Everything is one thread's: the one that steps the model.
 */
#ifndef XL710_PORT_H
#define XL710_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "dma.h"
#include "registers.h"
#include "stats.h"
#include "switch.h"

struct xl710_model;
struct xl710_control;   /* admin queue, HMC, NVM, resets: control.h */
struct xl710_switch;    /* switch.c */
struct xl710_datapath;  /* the data path's own: queues, flow director table, RSS caches */
struct xl710_wire;      /* what the cable leads to: wire.h */

/* Faults of the data path, by --inject; rates are one in so many frames, 0 never. */
struct xl710_frame_faults {
	uint32_t drop, corrupt, reorder;
	uint64_t seed;
};

/* Faults of the control side. Zeroes are a card without any. */
struct xl710_control_faults {
	uint32_t link_flap_ms;      /* down for a tenth of it, each so many ms; 0 never */
	uint32_t admin_error;       /* one in so many admin commands is answered EIO */
	uint32_t admin_silent;      /* one in so many is never answered */
	uint32_t lost_interrupt;    /* one in so many interrupts is not raised */
	uint32_t slow_firmware_ms;  /* each admin command takes so long */
	uint32_t stalled_tx, stalled_rx; /* one more than the PF-relative queue that does not move; 0 none */
};

struct xl710_port {
	volatile uint8_t *bar;      /* XL710_BAR_SIZE bytes, shared with the driver */
	uint8_t *config;            /* XL710_CONFIG_SIZE bytes of PCI configuration space, shared too */
	uint16_t number;            /* in this model, from 0; also its PFGEN_PORTNUM */
	bool link_up;               /* PHY enabled, cable in, no fault: frames pass */
	bool loopback;              /* by 0x0618: what is sent is received, the wire sees nothing */
	uint16_t max_frame;         /* by 0x0603, FCS included */
	uint8_t mac[6];             /* the permanent one */
	struct xl710_model *model;
	struct xl710_dma *dma;
	struct xl710_control *control;
	struct xl710_switch *sw;
	struct xl710_vsi *vsis;     /* XL710_VSIS of them, by VSI number */
	struct xl710_datapath *data;
	struct xl710_wire *wire;
	struct xl710_stats stats;
	struct xl710_frame_faults frame_faults;
	struct xl710_control_faults faults;
};

/* ---- registers: each access is one load or store; offsets are the caller's own, never the driver's ---- */

static inline uint32_t
reg_get(const struct xl710_port *port, uint32_t offset)
{
	return *(const volatile uint32_t *)(port->bar + offset);
}

static inline void
reg_set(const struct xl710_port *port, uint32_t offset, uint32_t value)
{
	*(volatile uint32_t *)(port->bar + offset) = value;
}

/*
 * For registers the driver may write meanwhile: `value`, unless the register is not `seen` any more. Then false: what the driver wrote
 * stands, and the next look finds it.
 */
static inline bool
reg_update(const struct xl710_port *port, uint32_t offset, uint32_t seen, uint32_t value)
{
	return __atomic_compare_exchange_n((volatile uint32_t *)(port->bar + offset), &seen, value, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_ACQUIRE);
}

/* For statistics: 8 bytes at once; offset a multiple of 8. */
static inline void
reg_set64(const struct xl710_port *port, uint32_t offset, uint64_t value)
{
	*(volatile uint64_t *)(port->bar + offset) = value;
}

/* ---- what the data path tells the control side ---- */

enum xl710_direction { XL710_RX, XL710_TX };

/*
 * Descriptors of this queue were written back. Raises the interrupt of its vector, if QINT_RQCTL/QINT_TQCTL has a cause and the vector is
 * on. Cheap when there is none; once a burst is enough.
 */
void xl710_irq_queue(struct xl710_port *port, enum xl710_direction direction, uint16_t queue);

/*
 * The queue did what no driver may: counted, shown in GL_MDET_TX/RX and PF_MDET_TX/RX and by the MAL_DETECT cause. The caller has
 * stopped the queue before (it does not move until it is disabled and enabled again). `event` is a number for people.
 */
void xl710_malicious(struct xl710_port *port, enum xl710_direction direction, uint16_t queue, uint8_t event);

#endif
