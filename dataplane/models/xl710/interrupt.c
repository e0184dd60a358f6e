/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Interrupts. There is one line, as a driver through UIO has one: vector 0's causes stand in ICR0, and a queue hangs on a vector whose register
 * is looked at when its descriptors were written back.
 *
 * ICR0 is read to clear. A model that is not told of reads takes CLEARPBA for one: the driver writes it when it has acted. What is still to
 * be done then comes up again.
 */
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
	port->control->queues_irq = 0;
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

void
xl710_irq_queue(struct xl710_port *port, enum xl710_direction direction, uint16_t queue)
{
	uint32_t offset = direction == XL710_RX ? XR_AT(QINT_RQCTL, queue) : XR_AT(QINT_TQCTL, queue);
	uint32_t cause = reg_get(port, offset), vector = cause & 0xFF;

	if (!(cause & XF_INT_CAUSE_ENA))
		return;
	if (!(cause & XF_INT_EVENT))
		reg_set(port, offset, cause | XF_INT_EVENT);
	if (vector == 0) {
		xl710_irq_cause(port, XL710_CAUSE_QUEUE(cause >> 13 & 7));
		return;
	}
	fire(port, XR_AT(PFINT_DYN_CTLN, vector - 1), DIS_AUTOMASK_N);
}

/* Causes that are still there when the driver thinks it has acted on all. */
static uint32_t
pending(struct xl710_port *port)
{
	return xl710_admin_undrained(port) ? XL710_CAUSE_ADMINQ : 0;
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
