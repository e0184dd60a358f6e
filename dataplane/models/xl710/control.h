/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The control side of a port: resets, admin queue, NVM, HMC, queue handshakes, link, interrupts. One thread steps a model, so nothing here
 * locks. What the driver can write (BAR0, its memory) is read once and checked; the authority on where a ring stands is here.
 */
#ifndef XL710_CONTROL_H
#define XL710_CONTROL_H

#include "os.h"
#include "port.h"

#define XL710_HMC_SEGMENTS 4096u
#define XL710_NVM_WORDS 32768u
#define XL710_EVENTS_WAITING 32u
#define XL710_ADMIN_BUFFER 4096u

/* PFINT_ICR0 causes. */
#define XL710_CAUSE_EVENT (1u << 0)
#define XL710_CAUSE_QUEUE(n) (1u << (1 + (n)))
#define XL710_CAUSE_MALICIOUS (1u << 19)
#define XL710_CAUSE_RESET (1u << 20)
#define XL710_CAUSE_LINK (1u << 25)
#define XL710_CAUSE_HMC (1u << 26)
#define XL710_CAUSE_ADMINQ (1u << 30)
#define XL710_CAUSE_SOFTWARE (1u << 31)

/* An event that waits for a buffer of the receive ring: opcode and the 16 bytes of parameters. */
struct xl710_event {
	uint16_t opcode;
	uint8_t parameters[16];
};

struct xl710_segment {
	uint64_t address;
	uint16_t pages;
	bool valid, paged;
};

struct xl710_phy {
	uint32_t types;           /* bitmap, bit n is type n */
	uint8_t speeds, abilities;
	uint16_t eee;
	uint32_t eeer;
	uint8_t low_power, types_ext, fec;
};

struct xl710_control {
	/* admin queue */
	uint16_t atq_head, arq_head;
	bool atq_stale;           /* its ring was begun anew: what lies there may be of the time before */
	bool atq_hung;            /* by a fault: no answers until the ring is begun anew */
	uint64_t atq_due_us;      /* slow firmware: when the command at the head is done; 0 none is under way */
	uint64_t commands, events, events_lost;
	struct xl710_event waiting[XL710_EVENTS_WAITING];
	unsigned int waiting_first, waiting_count;
	bool nvm_owned;
	uint8_t address[6];       /* of the LAN: the permanent one, or by 0x0108 */
	/* resets */
	uint64_t reset_until_us;  /* a core or greater reset is under way until then; 0 none */
	enum xl710_reset reset;
	uint64_t resets[XL710_POR + 1];
	/* host memory cache */
	struct xl710_segment segments[XL710_HMC_SEGMENTS];
	/* link */
	struct xl710_phy phy;
	bool cable;               /* false: no signal (by command or fault) */
	bool link_events;         /* by 0x0607 */
	uint16_t phy_mask;        /* by 0x0613 */
	uint64_t link_changes, flap_at_us;
	uint8_t loopback;
	/* interrupts */
	struct xl710_line *line;
	bool exact;               /* reads of ICR0 clear it: nothing else does */
	struct xl710_file *mailbox_file;
	uint64_t accesses;        /* that came through it */
	uint32_t interrupts, interrupts_lost;
	uint32_t queue_causes;    /* QUEUE_n of ICR0 that came up and that no CLEARPBA may have been meant for */
	uint64_t vectors_pending[XL710_VECTORS / 64];  /* queues of these vectors have news */
	uint64_t vectors_due_us[XL710_VECTORS];        /* not before: by the vector's ITR */
	/* work of the scan */
	uint16_t queues;          /* that the function has: PFLAN_QALLOC as the model set it */
	uint64_t scanned_us;
	uint64_t nvm_reads;
	uint32_t dice;            /* pseudo-random state of the faults */
	uint16_t nvm[XL710_NVM_WORDS];
};

/* control.c: all control registers looked at once; true when something was done. Quick: some ten loads, unless `whole`. */
bool xl710_control_scan(struct xl710_port *port, bool whole);
int xl710_control_create(struct xl710_port *port);
void xl710_control_destroy(struct xl710_port *port);
void xl710_control_json(const struct xl710_port *port, FILE *out);

/* reset.c */
void xl710_reset(struct xl710_port *port, enum xl710_reset reset);
bool xl710_reset_scan(struct xl710_port *port);

/* nvm.c */
void xl710_nvm_create(struct xl710_port *port);
bool xl710_nvm_scan(struct xl710_port *port);

/* admin_queue.c */
bool xl710_admin_scan(struct xl710_port *port);
void xl710_admin_reset(struct xl710_port *port);
/* An event for the receive ring; waits when the driver has posted nothing. */
void xl710_admin_event(struct xl710_port *port, const struct xl710_event *event);
/* Events that the driver was given and has not taken out of the ring. */
bool xl710_admin_undrained(const struct xl710_port *port);

/* hmc.c */
bool xl710_hmc_scan(struct xl710_port *port);
void xl710_hmc_reset(struct xl710_port *port);
bool xl710_queue_scan(struct xl710_port *port);

/* link.c */
void xl710_link_reset(struct xl710_port *port, enum xl710_reset reset);
/* After whatever it depends on has changed: registers, events. */
void xl710_link_update(struct xl710_port *port);
bool xl710_link_scan(struct xl710_port *port, uint64_t now_us);
void xl710_link_status(struct xl710_port *port, uint8_t parameters[16]);

/* interrupt.c */
void xl710_irq_reset(struct xl710_port *port);
void xl710_irq_cause(struct xl710_port *port, uint32_t causes);
bool xl710_irq_scan(struct xl710_port *port, bool whole);

/* switch.c, filters.c */
int xl710_switch_create(struct xl710_port *port);
void xl710_switch_destroy(struct xl710_port *port);
void xl710_switch_reset(struct xl710_port *port);

/* stats.c */
void xl710_stats_reset(struct xl710_port *port);

/* access.c: what a trapped load or store of the driver does, in the order it happens (--exact). Size 4 or 8. */
uint64_t xl710_access_read(struct xl710_port *port, uint32_t offset, unsigned int size);
void xl710_access_write(struct xl710_port *port, uint32_t offset, uint64_t value, unsigned int size);

/* What a store does to the register itself: write-1-to-clear and the like. */
void xl710_register_store(struct xl710_port *port, uint32_t offset, uint32_t value);

/* One in `rate`, by dice; never for 0. */
bool xl710_fault(struct xl710_port *port, uint32_t rate);

#endif
