/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "control_bed.h"

#define PATIENCE_US 5000000

struct control_bed ctl;

void
ctl_open(void (*change)(struct xl710_options *options))
{
	memset(&ctl, 0, sizeof(ctl));
	ctl.memory = calloc(1, CTL_MEMORY);
	ctl.options.registers[0] = malloc(XL710_BAR_SIZE);
	ctl.options.memory = xl710_dma_open_memory(ctl.memory, CTL_IOVA, CTL_MEMORY);
	if (change != NULL)
		change(&ctl.options);
	ctl.model = xl710_model_open(&ctl.options);
	if (ctl.model == NULL)
		abort();
	ctl.port = &ctl.model->ports[0];
}

void
ctl_close(void)
{
	xl710_model_close(ctl.model);
	xl710_dma_close(ctl.options.memory);
	free(ctl.options.registers[0]);
	free(ctl.memory);
}

void
ctl_steps(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		xl710_model_step(ctl.model);
}

bool
ctl_wait(uint32_t offset, uint32_t mask, uint32_t value)
{
	uint64_t end = xl710_now_us() + PATIENCE_US;

	do
		xl710_model_step(ctl.model);
	while ((ctl_get(offset) & mask) != value && xl710_now_us() < end);
	return (ctl_get(offset) & mask) == value;
}

uint32_t
ctl_get(uint32_t offset)
{
	return reg_get(ctl.port, offset);
}

void
ctl_set(uint32_t offset, uint32_t value)
{
	reg_set(ctl.port, offset, value);
}

static void
ring_on(uint32_t head, uint32_t tail, uint32_t length, uint32_t low, uint32_t high, uint32_t at)
{
	ctl_set(head, 0);
	ctl_set(tail, 0);
	ctl_set(length, CTL_RING | 1u << 31);
	xl710_model_step(ctl.model);
	ctl_set(low, (uint32_t)(CTL_IOVA + at));
	ctl_set(high, (uint32_t)((CTL_IOVA + at) >> 32));
}

void
ctl_rings_on(void)
{
	memset(ctl.memory + CTL_ATQ, 0, CTL_RING * 32);
	for (uint32_t i = 0; i < CTL_RING; i++) {
		uint8_t *descriptor = ctl.memory + CTL_ARQ + 32 * i;
		uint64_t buffer = CTL_IOVA + CTL_ARQ_BUFFERS + 4096 * i;

		memset(descriptor, 0, 32);
		put16(descriptor, 1u << 12 | 1u << 9);
		put16(descriptor + 4, 4096);
		put32(descriptor + 24, (uint32_t)(buffer >> 32));
		put32(descriptor + 28, (uint32_t)buffer);
	}
	ring_on(XR_PF_ATQH, XR_PF_ATQT, XR_PF_ATQLEN, XR_PF_ATQBAL, XR_PF_ATQBAH, CTL_ATQ);
	ring_on(XR_PF_ARQH, XR_PF_ARQT, XR_PF_ARQLEN, XR_PF_ARQBAL, XR_PF_ARQBAH, CTL_ARQ);
	ctl_set(XR_PF_ARQT, CTL_RING - 1);
	ctl.atq_tail = ctl.arq_next = 0;
}

void
ctl_rings_off(void)
{
	static const uint32_t order[] = { XR_PF_ATQH, XR_PF_ATQT, XR_PF_ATQLEN, XR_PF_ATQBAL, XR_PF_ATQBAH,
					  XR_PF_ARQH, XR_PF_ARQT, XR_PF_ARQLEN, XR_PF_ARQBAL, XR_PF_ARQBAH };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		ctl_set(order[i], 0);
		ctl_steps(3);
	}
}

uint8_t *
ctl_post(uint16_t opcode, const uint8_t p[16], uint64_t buffer, uint16_t length)
{
	uint8_t *descriptor = ctl.memory + CTL_ATQ + 32 * ctl.atq_tail;

	memset(descriptor, 0, 32);
	put16(descriptor, 1u << 13 | (length == 0 ? 0 : 1u << 12 | 1u << 10 | (length > 512 ? 1u << 9 : 0)));
	put16(descriptor + 2, opcode);
	put16(descriptor + 4, length);
	put32(descriptor + 8, 0x11223344);
	put32(descriptor + 12, 0x55667788);
	memcpy(descriptor + 16, p, 16);
	if (length != 0) {
		put32(descriptor + 24, (uint32_t)(buffer >> 32));
		put32(descriptor + 28, (uint32_t)buffer);
	}
	ctl.atq_tail = (ctl.atq_tail + 1) % CTL_RING;
	ctl_set(XR_PF_ATQT, ctl.atq_tail);
	return descriptor;
}

int
ctl_command(uint16_t opcode, uint8_t p[16], void *buffer, uint16_t length)
{
	uint8_t *descriptor;

	if (length != 0)
		memcpy(ctl.memory + CTL_BUFFER, buffer, length);
	descriptor = ctl_post(opcode, p, CTL_IOVA + CTL_BUFFER, length);
	if (!ctl_wait(XR_PF_ATQH, 0x3FF, ctl.atq_tail))
		return -1;
	if (length != 0)
		memcpy(buffer, ctl.memory + CTL_BUFFER, length);
	memcpy(p, descriptor + 16, length == 0 ? 16 : 8);
	return le16(descriptor + 6);
}

bool
ctl_event(uint16_t *opcode, uint8_t p[16])
{
	uint8_t *descriptor = ctl.memory + CTL_ARQ + 32 * ctl.arq_next;

	if ((ctl_get(XR_PF_ARQH) & 0x3FF) == ctl.arq_next)
		return false;
	*opcode = le16(descriptor + 2);
	memcpy(p, descriptor + 16, 16);
	put16(descriptor, 1u << 12 | 1u << 9);
	ctl_set(XR_PF_ARQT, ctl.arq_next);
	ctl.arq_next = (ctl.arq_next + 1) % CTL_RING;
	return true;
}

void
ctl_bits(uint8_t *context, unsigned int at, unsigned int width, uint64_t value)
{
	for (unsigned int i = 0; i < width; i++) {
		uint8_t bit = (uint8_t)(1u << (at + i) % 8);

		context[(at + i) / 8] = (uint8_t)((context[(at + i) / 8] & ~bit) | (value >> i & 1 ? bit : 0));
	}
}

void
ctl_hmc_on(uint32_t queues)
{
	uint64_t address = CTL_IOVA + CTL_CONTEXTS;

	ctl_set(XR_PFHMC_SDDATAHIGH, (uint32_t)(address >> 32));
	ctl_set(XR_PFHMC_SDDATALOW, (uint32_t)address | 512u << 2 | 1u << 1 | 1);
	ctl_set(XR_PFHMC_SDCMD, 1u << 31);
	xl710_model_step(ctl.model);
	ctl_set(XR_GLHMC_LANTXBASE, 0);
	ctl_set(XR_GLHMC_LANTXCNT, queues);
	ctl_set(XR_GLHMC_LANRXBASE, CTL_RX_CONTEXTS / 512);
	ctl_set(XR_GLHMC_LANRXCNT, queues);
}

uint8_t *
ctl_tx_context(uint16_t queue)
{
	uint8_t *context = ctl.memory + CTL_CONTEXTS + 128 * queue;

	memset(context, 0, 128);
	ctl_bits(context, 30, 1, 1);
	ctl_bits(context, 32, 57, (CTL_IOVA + CTL_RINGS + 0x2000ull * queue) / 128);
	ctl_bits(context, 161, 13, 64);
	return context;
}

uint8_t *
ctl_rx_context(uint16_t queue)
{
	uint8_t *context = ctl.memory + CTL_CONTEXTS + CTL_RX_CONTEXTS + 32 * queue;

	memset(context, 0, 32);
	ctl_bits(context, 32, 57, (CTL_IOVA + CTL_RINGS + 0x2000ull * queue + 0x1000) / 128);
	ctl_bits(context, 89, 13, 64);
	ctl_bits(context, 102, 7, 16);
	ctl_bits(context, 116, 1, 1);
	ctl_bits(context, 117, 1, 1);
	ctl_bits(context, 174, 14, 1518);
	ctl_bits(context, 201, 1, 1);
	return context;
}
