/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Interrupts. There is one line, as a driver through UIO has one: vector 0's causes stand in ICR0, and a queue hangs on a vector whose
 * register is looked at when its descriptors were written back.
 *
 * ICR0 is read to clear. A model that is not told of reads takes CLEARPBA for one: the driver writes it when it has acted. What is still to
 * be done then comes up again.
 */
#include <string.h>

#include "control.h"

#define INTENA (1u << 0)
#define CLEARPBA (1u << 1)
#define SWINT_TRIG (1u << 2)

#define DIS_AUTOMASK_PF0 (1u << 0) /* GLINT_CTL */
#define DIS_AUTOMASK_N (1u << 2)

#define CAUSES_ALWAYS (XL710_CAUSE_EVENT | 0x1FEu | XL710_CAUSE_SOFTWARE)

void
xl710_irq_reset(struct xl710_port *port)
{
	struct xl710_control *control = port->control;

	control->queue_causes = 0;
	memset(control->vectors_pending, 0, sizeof(control->vectors_pending));
	memset(control->vectors_due_us, 0, sizeof(control->vectors_due_us));
}

bool
xl710_fault(struct xl710_port *port, uint32_t rate)
{
	if (rate == 0)
		return false;
	port->control->dice = port->control->dice * 1664525u + 1013904223u;
	return (port->control->dice >> 8) % rate == 0;
}

static void
raise_line(struct xl710_port *port)
{
	struct xl710_control *control = port->control;

	if (xl710_fault(port, port->faults.lost_interrupt)) {
		control->interrupts_lost++;
		return;
	}
	control->interrupts++;
	if (control->line != NULL)
		xl710_line_raise(control->line, control->interrupts);
}

/* An interrupt of a vector that is on. It masks its vector until the driver turns it on again, unless the driver has that switched off. */
static void
fire(struct xl710_port *port, uint32_t offset, uint32_t no_automask)
{
	uint32_t control = reg_get(port, offset);

	if (!(control & INTENA))
		return;
	if (!(reg_get(port, XR_GLINT_CTL) & no_automask) && !reg_update(port, offset, control, control & ~INTENA))
		return;
	raise_line(port);
}

/* Vector 0, if something that is enabled stands in ICR0. */
static void
raise_vector0(struct xl710_port *port)
{
	uint32_t enabled = reg_get(port, XR_PFINT_ICR0_ENA) | CAUSES_ALWAYS;

	if ((reg_get(port, XR_PFINT_ICR0) & enabled & ~XL710_CAUSE_EVENT) != 0)
		fire(port, XR_PFINT_DYN_CTL0, DIS_AUTOMASK_PF0);
}

void
xl710_irq_cause(struct xl710_port *port, uint32_t causes)
{
	uint32_t now = reg_get(port, XR_PFINT_ICR0);

	if ((now | causes | XL710_CAUSE_EVENT) == now)
		return;
	reg_set(port, XR_PFINT_ICR0, now | causes | XL710_CAUSE_EVENT);
	raise_vector0(port);
}

/* Only noted: the scan raises it when the vector's turn is. */
void
xl710_irq_queue(struct xl710_port *port, enum xl710_direction direction, uint16_t queue)
{
	uint32_t offset = direction == XL710_RX ? XR_AT(QINT_RQCTL, queue) : XR_AT(QINT_TQCTL, queue);
	uint32_t cause = reg_get(port, offset), vector = cause & 0xFF;

	if (!(cause & XF_INT_CAUSE_ENA))
		return;
	port->control->vectors_pending[vector / 64] |= 1ull << vector % 64;
	if (vector == 0)
		port->control->queue_causes |= XL710_CAUSE_QUEUE(cause >> 13 & 7);
}

/* 2 us units, by the ITR that the vector's control register names; 0: as fast as they come. */
static uint32_t
interval_us(const struct xl710_port *port, uint32_t vector)
{
	uint32_t itr = reg_get(port, vector == 0 ? XR_PFINT_STAT_CTL0 : XR_AT(PFINT_DYN_CTLN, vector - 1)) >> (vector == 0 ? 2 : 3) & 3;
	uint32_t interval = 0;

	/* Index 3 is none; a queue names its own index, and all that hang on a vector agree in drivers. */
	for (uint32_t i = 0; i < 3; i++) {
		uint32_t value = reg_get(port, vector == 0 ? XR_AT(PFINT_ITR0, i) : XR_AT2(PFINT_ITRN, vector - 1, i)) & 0xFFF;

		if (value > interval && (itr == 3 || itr == i))
			interval = value;
	}
	return 2 * interval;
}

static bool
fire_vector(struct xl710_port *port, uint32_t vector)
{
	if (vector == 0) {
		xl710_irq_cause(port, port->control->queue_causes);
		return true;
	}
	/* What comes while the vector is off is raised when it is turned on. */
	if (!(reg_get(port, XR_AT(PFINT_DYN_CTLN, vector - 1)) & INTENA))
		return false;
	fire(port, XR_AT(PFINT_DYN_CTLN, vector - 1), DIS_AUTOMASK_N);
	return true;
}

static void
scan_pending(struct xl710_port *port)
{
	struct xl710_control *control = port->control;
	uint64_t now = 0;

	for (uint32_t word = 0; word < XL710_VECTORS / 64; word++)
		for (uint64_t bits = control->vectors_pending[word]; bits != 0; bits &= bits - 1) {
			uint32_t vector = word * 64 + (uint32_t)__builtin_ctzll(bits);

			now = now == 0 ? xl710_now_us() : now;
			if (now < control->vectors_due_us[vector] || !fire_vector(port, vector))
				continue;
			control->vectors_pending[word] &= ~(1ull << vector % 64);
			control->vectors_due_us[vector] = now + interval_us(port, vector);
		}
}

/*
 * Causes that are still there when the driver thinks it has acted on all. Queues' may have come after its look, so they come up once more
 * and then no more: a driver that looks in vain loses nothing.
 */
static uint32_t
pending(struct xl710_port *port)
{
	uint32_t queues = port->control->queue_causes;

	port->control->queue_causes = 0;
	return (xl710_admin_undrained(port) ? XL710_CAUSE_ADMINQ : 0) | queues;
}

static bool
scan_vector0(struct xl710_port *port)
{
	uint32_t control = reg_get(port, XR_PFINT_DYN_CTL0), causes;

	if (!(control & (CLEARPBA | SWINT_TRIG)))
		return false;
	if (!reg_update(port, XR_PFINT_DYN_CTL0, control, control & ~(CLEARPBA | SWINT_TRIG)))
		return true;
	if ((control & CLEARPBA) && !port->control->exact) {
		reg_set(port, XR_PFINT_ICR0, 0);
		causes = pending(port);
		if (causes != 0)
			reg_set(port, XR_PFINT_ICR0, causes | XL710_CAUSE_EVENT);
	}
	if (control & SWINT_TRIG)
		reg_set(port, XR_PFINT_ICR0, reg_get(port, XR_PFINT_ICR0) | XL710_CAUSE_SOFTWARE | XL710_CAUSE_EVENT);
	raise_vector0(port);
	return true;
}

static bool
scan_vector(struct xl710_port *port, uint32_t index)
{
	uint32_t offset = XR_AT(PFINT_DYN_CTLN, index), control = reg_get(port, offset);

	if (!(control & (CLEARPBA | SWINT_TRIG)))
		return false;
	if (reg_update(port, offset, control, control & ~(CLEARPBA | SWINT_TRIG)) && (control & SWINT_TRIG))
		fire(port, offset, DIS_AUTOMASK_N);
	return true;
}

bool
xl710_irq_scan(struct xl710_port *port, bool whole)
{
	bool worked = scan_vector0(port);

	scan_pending(port);
	for (uint32_t i = 0; whole && i < XR_PFINT_DYN_CTLN_COUNT; i++)
		worked |= scan_vector(port, i);
	return worked;
}

void
xl710_malicious(struct xl710_port *port, enum xl710_direction direction, uint16_t queue, uint8_t event)
{
	if (direction == XL710_TX) {
		port->stats.malicious_tx++;
		reg_set(port, XR_GL_MDET_TX, 1u << 31 | (uint32_t)(event & 0x1F) << 25 | (uint32_t)port->number << 21 | (queue & 0xFFFu));
		reg_set(port, XR_PF_MDET_TX, 1);
	} else {
		port->stats.malicious_rx++;
		reg_set(port, XR_GL_MDET_RX, 1u << 31 | (queue & 0x3FFFu) << 17 | (uint32_t)event << 8 | port->number);
		reg_set(port, XR_PF_MDET_RX, 1);
	}
	xl710_irq_cause(port, XL710_CAUSE_MALICIOUS);
}
