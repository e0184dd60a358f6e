/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The two admin rings. Commands are carried out one by one in the order of the transmit ring; the answer stands in the descriptor before
 * the head moves past it, and the driver waits for the head. Base addresses are read when they are needed: the driver writes them after
 * the enable bit.
 */
#include <string.h>

#include "admin.h"

#define RING_ENABLE (1u << 31)
#define RING_LENGTH 0x3FFu
#define DESCRIPTOR 32u

#define FLAG_DD (1u << 0)
#define FLAG_CMP (1u << 1)
#define FLAG_ERR (1u << 2)
#define FLAG_LB (1u << 9)
#define FLAG_RD (1u << 10)
#define FLAG_BUF (1u << 12)
#define FLAG_SI (1u << 13)

static uint8_t *
descriptor_at(struct xl710_port *port, uint32_t low, uint32_t high, uint16_t index)
{
	uint64_t base = (uint64_t)reg_get(port, high) << 32 | (reg_get(port, low) & ~63u);

	return xl710_dma(port->dma, base + index * DESCRIPTOR, DESCRIPTOR);
}

void
xl710_admin_reset(struct xl710_port *port)
{
	struct xl710_control *control = port->control;

	control->atq_head = control->arq_head = 0;
	control->atq_stale = control->atq_hung = false;
	control->atq_due_us = 0;
	control->waiting_count = 0;
	control->nvm_owned = false;
}

/* ---- commands ---- */

/* The driver's buffer into the command's; AQ_OK or why not. */
static uint16_t
take_buffer(struct xl710_port *port, struct xl710_command *command, uint16_t flags)
{
	const uint8_t *buffer;

	if (!(flags & FLAG_BUF)) {
		command->length = 0;
		return AQ_OK;
	}
	if (command->length == 0 || command->length > XL710_ADMIN_BUFFER)
		return AQ_EINVAL;
	buffer = xl710_dma(port->dma, (uint64_t)le32(command->p + 8) << 32 | le32(command->p + 12), command->length);
	if (buffer == NULL)
		return AQ_BAD_ADDR;
	if (flags & FLAG_RD)
		memcpy(command->buffer, buffer, command->length);
	return AQ_OK;
}

static void
give_buffer(struct xl710_port *port, struct xl710_command *command, uint64_t address)
{
	uint16_t length = command->reply < command->length ? command->reply : command->length;
	uint8_t *buffer = length == 0 ? NULL : xl710_dma(port->dma, address, length);

	if (buffer != NULL)
		memcpy(buffer, command->buffer, length);
}

static void
execute(struct xl710_port *port, uint8_t *descriptor)
{
	static struct xl710_command command; /* of the one thread that steps models; no command makes another */
	uint8_t copy[DESCRIPTOR];
	uint16_t flags, code;
	uint64_t address;

	memcpy(copy, descriptor, sizeof(copy));
	memset(&command, 0, sizeof(command));
	flags = le16(copy);
	command.opcode = le16(copy + 2);
	command.length = le16(copy + 4);
	command.cookie_high = le32(copy + 8);
	command.cookie_low = le32(copy + 12);
	memcpy(command.p, copy + 16, 16);
	address = (uint64_t)le32(command.p + 8) << 32 | le32(command.p + 12);

	code = take_buffer(port, &command, flags);
	if (code == AQ_OK)
		code = xl710_fault(port, port->faults.admin_error) ? AQ_EIO : xl710_admin_execute(port, &command);
	/* Records say for themselves which of them failed; of a list that does not fit only the size is told. */
	if (code != AQ_ENOMEM)
		give_buffer(port, &command, address);
	if (code != AQ_OK)
		port->stats.admin_errors++;
	port->control->commands++;

	flags = (uint16_t)(flags | FLAG_DD | FLAG_CMP | (code == AQ_OK ? 0 : FLAG_ERR));
	put16(copy, flags);
	put16(copy + 4, command.length != 0 ? command.reply : le16(copy + 4));
	put16(copy + 6, code);
	memcpy(copy + 16, command.p, 16);
	if (flags & FLAG_BUF) { /* where the buffer is stays, whatever the handler answered */
		put32(copy + 24, (uint32_t)(address >> 32));
		put32(copy + 28, (uint32_t)address);
	}
	memcpy(descriptor, copy, sizeof(copy));
}

/*
 * The driver began its ring anew if the head is not where it was left. Then what lies before the tail may be of the time before: commands
 * that were answered have their DD bit, or were wiped, new ones neither.
 */
static bool
ring_is_stale(struct xl710_port *port, uint16_t tail)
{
	struct xl710_control *control = port->control;
	const uint8_t *descriptor;

	if (!control->atq_stale)
		return false;
	if (tail != 0) {
		descriptor = descriptor_at(port, XR_PF_ATQBAL, XR_PF_ATQBAH, 0);
		if (descriptor == NULL || (le16(descriptor) & FLAG_DD) || le16(descriptor + 2) == 0)
			return true;
	}
	control->atq_stale = false;
	return false;
}

/* Whether the command at the head is to be carried out now. */
static bool
command_is_due(struct xl710_port *port)
{
	struct xl710_control *control = port->control;
	uint64_t now;

	if (control->atq_hung)
		return false;
	if (port->faults.slow_firmware_ms == 0)
		return true;
	now = xl710_now_us();
	if (control->atq_due_us == 0)
		control->atq_due_us = now + (uint64_t)port->faults.slow_firmware_ms * 1000;
	if (now < control->atq_due_us)
		return false;
	control->atq_due_us = 0;
	port->stats.admin_slow++;
	return true;
}

static bool
scan_commands(struct xl710_port *port)
{
	struct xl710_control *control = port->control;
	uint32_t length = reg_get(port, XR_PF_ATQLEN), head, tail;
	bool worked = false;

	if (!(length & RING_ENABLE)) {
		control->atq_head = 0;
		control->atq_stale = control->atq_hung = false;
		control->atq_due_us = 0;
		return false;
	}
	length &= RING_LENGTH;
	/* The tail before the head: whoever begins anew writes them in the other order. */
	tail = reg_get(port, XR_PF_ATQT) & RING_LENGTH;
	head = reg_get(port, XR_PF_ATQH);
	if (head != control->atq_head) {
		control->atq_head = 0;
		control->atq_stale = true;
		control->atq_hung = false;
		control->atq_due_us = 0;
		reg_set(port, XR_PF_ATQH, 0);
		return true;
	}
	if (head == tail && !control->atq_stale)
		return false;
	if (tail >= length || ring_is_stale(port, (uint16_t)tail))
		return false;
	while (control->atq_head != tail && command_is_due(port)) {
		uint8_t *descriptor = descriptor_at(port, XR_PF_ATQBAL, XR_PF_ATQBAH, control->atq_head);

		if (descriptor == NULL) {
			/* A ring that is nowhere: the critical-error bit, and nothing more until it is begun anew. */
			reg_set(port, XR_PF_ATQLEN, reg_get(port, XR_PF_ATQLEN) | 1u << 30);
			control->atq_hung = true;
			port->stats.admin_errors++;
			return true;
		}
		if (xl710_fault(port, port->faults.admin_silent)) {
			control->atq_hung = true;
			port->stats.admin_unanswered++;
			return true;
		}
		execute(port, descriptor);
		control->atq_head = (uint16_t)((control->atq_head + 1) % length);
		__atomic_thread_fence(__ATOMIC_RELEASE);
		reg_set(port, XR_PF_ATQH, control->atq_head);
		worked = true;
	}
	return worked;
}

/* ---- events ---- */

static bool
deliver(struct xl710_port *port, const struct xl710_event *event, uint16_t head)
{
	uint8_t *descriptor = descriptor_at(port, XR_PF_ARQBAL, XR_PF_ARQBAH, head), copy[DESCRIPTOR];

	if (descriptor == NULL)
		return false;
	memcpy(copy, descriptor, sizeof(copy));
	put16(copy, FLAG_DD | FLAG_CMP | (le16(copy) & (FLAG_BUF | FLAG_LB)) | FLAG_SI);
	put16(copy + 2, event->opcode);
	put16(copy + 4, 0);
	put16(copy + 6, AQ_OK);
	memset(copy + 8, 0, 8);
	memcpy(copy + 16, event->parameters, 16);
	memcpy(descriptor, copy, sizeof(copy));
	return true;
}

static bool
scan_events(struct xl710_port *port)
{
	struct xl710_control *control = port->control;
	uint32_t length = reg_get(port, XR_PF_ARQLEN), tail;
	bool worked = false;

	if (!(length & RING_ENABLE)) {
		control->arq_head = 0;
		return false;
	}
	length &= RING_LENGTH;
	tail = reg_get(port, XR_PF_ARQT) & RING_LENGTH;
	if (reg_get(port, XR_PF_ARQH) != control->arq_head) {
		control->arq_head = 0;
		reg_set(port, XR_PF_ARQH, 0);
	}
	while (control->waiting_count > 0 && tail < length && control->arq_head != tail) {
		if (!deliver(port, &control->waiting[control->waiting_first], control->arq_head)) {
			reg_set(port, XR_PF_ARQLEN, reg_get(port, XR_PF_ARQLEN) | 1u << 30);
			control->waiting_count = 0;
			control->events_lost++;
			return worked;
		}
		control->waiting_first = (control->waiting_first + 1) % XL710_EVENTS_WAITING;
		control->waiting_count--;
		control->arq_head = (uint16_t)((control->arq_head + 1) % length);
		control->events++;
		__atomic_thread_fence(__ATOMIC_RELEASE);
		reg_set(port, XR_PF_ARQH, control->arq_head);
		xl710_irq_cause(port, XL710_CAUSE_ADMINQ);
		worked = true;
	}
	return worked;
}

void
xl710_admin_event(struct xl710_port *port, const struct xl710_event *event)
{
	struct xl710_control *control = port->control;

	if (control->waiting_count == XL710_EVENTS_WAITING) {
		control->events_lost++;
		return;
	}
	control->waiting[(control->waiting_first + control->waiting_count++) % XL710_EVENTS_WAITING] = *event;
	scan_events(port);
}

bool
xl710_admin_undrained(const struct xl710_port *port)
{
	uint32_t length = reg_get(port, XR_PF_ARQLEN), tail = reg_get(port, XR_PF_ARQT) & RING_LENGTH;

	if (!(length & RING_ENABLE) || (length & RING_LENGTH) == 0)
		return false;
	/* The driver's tail is the entry it took last. */
	return (tail + 1) % (length & RING_LENGTH) != port->control->arq_head;
}

bool
xl710_admin_scan(struct xl710_port *port)
{
	bool worked = scan_commands(port);

	return scan_events(port) || worked;
}
