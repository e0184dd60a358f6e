/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Host memory cache and queues. Contexts live in the driver's memory, in the function's private address space: segments of 2 MiB, given as
 * one piece (direct) or as a table of pages. A context is copied when its queue is enabled and checked on the copy.
 */
#include <string.h>

#include "admin.h"
#include "control.h"
#include "datapath.h"

#define SEGMENT_BITS 21
#define SEGMENT_SIZE (1u << SEGMENT_BITS)
#define TX_CONTEXT 128u
#define RX_CONTEXT 32u
#define RING_MAX 8160u

#define SDCMD_WRITE (1u << 31)

/* PFHMC_ERRORINFO: error types. */
#define ERROR_SEGMENT_INVALID 2u
#define ERROR_PAGE_INVALID 3u
#define ERROR_INDEX 6u
#define OBJECT_TX 0u
#define OBJECT_RX 1u

static void
hmc_error(struct xl710_port *port, uint32_t type, uint32_t object, uint32_t data)
{
	reg_set(port, XR_PFHMC_ERRORDATA, data & 0x3FFFFFFF);
	reg_set(port, XR_PFHMC_ERRORINFO, 1u << 31 | object << 16 | type << 8 | port->number);
	xl710_irq_cause(port, XL710_CAUSE_HMC);
}

void
xl710_hmc_reset(struct xl710_port *port)
{
	memset(port->control->segments, 0, sizeof(port->control->segments));
}

bool
xl710_hmc_scan(struct xl710_port *port)
{
	uint32_t command = reg_get(port, XR_PFHMC_SDCMD), low;
	struct xl710_segment *segment;

	if (!(command & SDCMD_WRITE))
		return false;
	low = reg_get(port, XR_PFHMC_SDDATALOW);
	segment = &port->control->segments[command & (XL710_HMC_SEGMENTS - 1)];
	segment->valid = low & 1;
	segment->paged = !(low >> 1 & 1);
	segment->pages = low >> 2 & 0x3FF;
	segment->address = (uint64_t)reg_get(port, XR_PFHMC_SDDATAHIGH) << 32 | (low & 0xFFFFF000);
	return reg_update(port, XR_PFHMC_SDCMD, command, command & ~SDCMD_WRITE);
}

/* Where `size` bytes at `address` of the private space are; NULL after the error is where the driver sees it. Never crosses a page. */
static const uint8_t *
hmc_object(struct xl710_port *port, uint64_t address, uint32_t size, uint32_t object)
{
	const struct xl710_segment *segment = &port->control->segments[(address >> SEGMENT_BITS) & (XL710_HMC_SEGMENTS - 1)];
	uint32_t offset = address & (SEGMENT_SIZE - 1);
	const uint8_t *entry, *bytes;
	uint64_t page;

	if (address >> SEGMENT_BITS >= XL710_HMC_SEGMENTS || !segment->valid) {
		hmc_error(port, ERROR_SEGMENT_INVALID, object, (uint32_t)(address >> SEGMENT_BITS));
		return NULL;
	}
	page = segment->address + offset;
	if (segment->paged) {
		entry = xl710_dma(port->dma, segment->address + (offset >> 12) * 8, 8);
		if (entry == NULL || !(entry[0] & 1)) {
			hmc_error(port, ERROR_PAGE_INVALID, object, offset >> 12);
			return NULL;
		}
		page = (le64(entry) & ~0xFFFull) + (offset & 0xFFF);
	}
	bytes = xl710_dma(port->dma, page, size);
	if (bytes == NULL)
		hmc_error(port, ERROR_PAGE_INVALID, object, offset >> 12);
	return bytes;
}

/* `width` (up to 64) bits at bit `at` of a little-endian array. */
static uint64_t
bits(const uint8_t *bytes, unsigned int at, unsigned int width)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < width; i++)
		value |= (uint64_t)(bytes[(at + i) / 8] >> (at + i) % 8 & 1) << i;
	return value;
}

static bool
read_object(struct xl710_port *port, uint32_t base, uint32_t count, uint16_t queue, uint32_t size, uint32_t object, uint8_t *copy)
{
	uint32_t function = reg_get(port, XR_PF_FUNC_RID) & 0xF;
	const uint8_t *bytes;

	if (queue >= (reg_get(port, count + 4 * function) & 0x7FF)) {
		hmc_error(port, ERROR_INDEX, object, queue);
		return false;
	}
	bytes = hmc_object(port, (uint64_t)(reg_get(port, base + 4 * function) & 0xFFFFFF) * 512 + (uint64_t)queue * size, size, object);
	if (bytes == NULL)
		return false;
	memcpy(copy, bytes, size);
	return true;
}

static bool
tx_context(struct xl710_port *port, uint16_t queue, struct xl710_tx_context *context)
{
	uint8_t copy[TX_CONTEXT];

	if (!read_object(port, XR_GLHMC_LANTXBASE, XR_GLHMC_LANTXCNT, queue, TX_CONTEXT, OBJECT_TX, copy))
		return false;
	*context = (struct xl710_tx_context){
		.base = bits(copy, 32, 57) << 7,
		.qlen = (uint16_t)bits(copy, 161, 13),
		.head_wb_address = bits(copy, 192, 64),
		.head_wb = bits(copy, 160, 1),
		.fd_ena = bits(copy, 91, 1),
		.alt_vlan = bits(copy, 92, 1),
		.rdylist = (uint16_t)bits(copy, 980, 10),
		.vsi = xl710_switch_vsi_of_queue(port, queue),
	};
	return context->qlen >= 8 && context->qlen <= RING_MAX && context->vsi != XL710_VSI_NONE &&
	       (!context->head_wb || context->head_wb_address % 4 == 0);
}

static bool
rx_context(struct xl710_port *port, uint16_t queue, struct xl710_rx_context *context)
{
	uint8_t copy[RX_CONTEXT];

	if (!read_object(port, XR_GLHMC_LANRXBASE, XR_GLHMC_LANRXCNT, queue, RX_CONTEXT, OBJECT_RX, copy))
		return false;
	*context = (struct xl710_rx_context){
		.base = bits(copy, 32, 57) << 7,
		.qlen = (uint16_t)bits(copy, 89, 13),
		.buffer_size = (uint16_t)(bits(copy, 102, 7) * 128),
		.header_size = (uint16_t)(bits(copy, 109, 5) * 64),
		.split = (uint8_t)bits(copy, 114, 2),
		.long_descriptors = bits(copy, 116, 1),
		.strip_crc = bits(copy, 117, 1),
		.l2tsel = bits(copy, 119, 1),
		.hsplit_0 = (uint8_t)bits(copy, 120, 4),
		.show_inner_vlan = bits(copy, 127, 1),
		.max_frame = (uint16_t)bits(copy, 174, 14),
		.vsi = xl710_switch_vsi_of_queue(port, queue),
	};
	/* A frame takes up to five buffers. */
	if (context->max_frame > 5 * context->buffer_size)
		context->max_frame = (uint16_t)(5 * context->buffer_size);
	return context->qlen >= 8 && context->qlen <= RING_MAX && context->vsi != XL710_VSI_NONE && context->buffer_size >= 128 &&
	       context->buffer_size <= 16256 && context->split != 3 && context->max_frame >= 64;
}

static void
tx_handshake(struct xl710_port *port, uint16_t queue, uint32_t enable)
{
	struct xl710_tx_context context;

	if (!(enable & XF_QENA_REQ)) {
		xl710_tx_disable(port, queue);
		reg_update(port, XR_AT(QTX_ENA, queue), enable, enable & ~(XF_QENA_STAT | XF_QENA_FAST_QDIS));
		return;
	}
	/* The driver begins at 0 and does not say so: what an earlier life left in the tail is not a request. */
	reg_set(port, XR_AT(QTX_TAIL, queue), 0);
	reg_set(port, XR_AT(QTX_HEAD, queue), 0);
	/* A context that cannot be: the queue counts as on, so that the driver goes on, but it does nothing and the driver hears why. */
	if (!tx_context(port, queue, &context) || xl710_tx_enable(port, queue, &context) != 0)
		xl710_malicious(port, XL710_TX, queue, 0);
	reg_update(port, XR_AT(QTX_ENA, queue), enable, enable | XF_QENA_STAT);
}

static void
rx_handshake(struct xl710_port *port, uint16_t queue, uint32_t enable)
{
	struct xl710_rx_context context;

	if (!(enable & XF_QENA_REQ)) {
		xl710_rx_disable(port, queue);
		reg_update(port, XR_AT(QRX_ENA, queue), enable, enable & ~(XF_QENA_STAT | XF_QENA_FAST_QDIS));
		return;
	}
	if (!rx_context(port, queue, &context) || xl710_rx_enable(port, queue, &context) != 0)
		xl710_malicious(port, XL710_RX, queue, 0);
	reg_update(port, XR_AT(QRX_ENA, queue), enable, enable | XF_QENA_STAT);
}

static bool
differs(uint32_t enable)
{
	return (enable ^ enable >> 2) & 1;
}

bool
xl710_queue_scan(struct xl710_port *port)
{
	bool worked = false;

	for (uint16_t queue = 0; queue < port->control->queues; queue++) {
		uint32_t tx = reg_get(port, XR_AT(QTX_ENA, queue)), rx = reg_get(port, XR_AT(QRX_ENA, queue));

		if (differs(tx)) {
			tx_handshake(port, queue, tx);
			worked = true;
		}
		if (differs(rx)) {
			rx_handshake(port, queue, rx);
			worked = true;
		}
	}
	return worked;
}
