/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The scripted device of the unit tests.
 */
#include <stdlib.h>
#include <string.h>

#include <rte_memory.h>

#include "i40e_fake.h"

static void *
memory(uint64_t iova)
{
	return rte_mem_iova2virt(iova);
}

static void
default_answer(struct fake *fake, struct i40e_aq_desc *desc, uint8_t *buffer)
{
	static const uint32_t capabilities[][4] = {
		{0x17, 384, 0, 0}, {0x40, 512, 6, 0}, {0x41, 768, 0, 32}, {0x42, 768, 0, 32}, {0x43, 129, 0, 0}, {0x45, 512, 7680, 0},
	};

	switch (desc->opcode) {
	case I40E_AQ_GET_VERSION:
		desc->param.words[4] = 9;
		desc->param.words[5] = 20;
		desc->param.words[6] = 1;
		desc->param.words[7] = 15;
		break;
	case I40E_AQ_LIST_CAPABILITIES:
		desc->param.dwords[1] = RTE_DIM(capabilities);
		for (unsigned int i = 0; i < RTE_DIM(capabilities); i++)
			memcpy(buffer + i * 32, capabilities[i], sizeof(capabilities[i]));
		break;
	case I40E_AQ_RX_REG_READ:
		desc->param.dwords[3] = fake_get(fake, desc->param.dwords[1]);
		break;
	case I40E_AQ_RX_REG_WRITE:
		fake_put(fake, desc->param.dwords[1], desc->param.dwords[3]);
		break;
	default:
		break;
	}
}

static void
execute(struct fake *fake, struct i40e_aq_desc *desc)
{
	uint8_t *buffer = desc->flags & I40E_AQ_BUF ?
		memory((uint64_t)desc->param.dwords[2] << 32 | desc->param.dwords[3]) : NULL;
	struct fake_command *kept = &fake->commands[fake->count % RTE_DIM(fake->commands)];

	fake->count++;
	kept->desc = *desc;
	memset(kept->buffer, 0, sizeof(kept->buffer));
	if (buffer != NULL)
		memcpy(kept->buffer, buffer, RTE_MIN((size_t)desc->length, sizeof(kept->buffer)));
	if (fake->answer != NULL)
		fake->answer(fake, desc, buffer);
	default_answer(fake, desc, buffer);
	desc->status = fake->failing == desc->opcode ? fake->status : 0;
	desc->flags |= I40E_AQ_DD | I40E_AQ_CMP | (desc->status != 0 ? I40E_AQ_ERR : 0);
}

/* The ring's base counts from the first command on: it may be written after the ring is switched on. */
static void
step_commands(struct fake *fake)
{
	const uint32_t length = fake_get(fake, I40E_PF_ATQLEN);

	if (!(length & I40E_AQLEN_ENABLE)) {
		fake->ring_on = false;
		return;
	}
	if (!fake->ring_on) {
		fake->ring_on = true;
		fake->head = 0;
		fake->ring = (uint64_t)fake_get(fake, I40E_PF_ATQBAH) << 32 | fake_get(fake, I40E_PF_ATQBAL);
		fake->rings_given++;
	}
	if (fake->deaf || (fake->deaf_count != 0 && fake_get(fake, I40E_PF_ATQT) != fake->head)) {
		if (fake->critical)
			fake_put(fake, I40E_PF_ATQLEN, length | I40E_AQLEN_CRIT);
		return;
	}
	while (fake->head != fake_get(fake, I40E_PF_ATQT)) {
		execute(fake, (struct i40e_aq_desc *)memory(fake->ring) + fake->head);
		fake->head = (fake->head + 1) % (length & I40E_AQ_INDEX);
		fake_put(fake, I40E_PF_ATQH, fake->head);
	}
}

static void
step_queues(struct fake *fake, uint32_t base, bool stuck)
{
	for (uint32_t q = 0; q < 8 && !stuck; q++) {
		const uint32_t value = fake_get(fake, base + q * 4);

		fake_put(fake, base + q * 4, value & I40E_QENA_REQ ? value | I40E_QENA_STAT : value & ~I40E_QENA_STAT);
	}
}

static void
step_nvm(struct fake *fake)
{
	const uint32_t control = fake_get(fake, I40E_GLNVM_SRCTL);

	if (fake->nvm_stuck || !(control & I40E_GLNVM_SRCTL_START))
		return;
	fake_put(fake, I40E_GLNVM_SRDATA, (uint32_t)fake->nvm[control >> I40E_GLNVM_SRCTL_ADDR_SHIFT & 0x7FFF & 4095] << 16);
	fake_put(fake, I40E_GLNVM_SRCTL, I40E_GLNVM_SRCTL_DONE);
}

static void
fake_sleep(struct i40e_hw *hw, uint32_t microseconds)
{
	struct fake *fake = hw->sleep_context;

	fake->slept += microseconds;
	step_commands(fake);
	step_queues(fake, I40E_QTX_ENA(0), fake->tx_stuck);
	step_queues(fake, I40E_QRX_ENA(0), fake->rx_stuck);
	step_nvm(fake);
	if (!fake->reset_stuck)
		fake_put(fake, I40E_PFGEN_CTRL, 0);
	/* A deaf firmware has heard nothing of a ring that is taken away again. */
	if (fake->deaf_count != 0 && microseconds >= 100000)
		fake->deaf_count--;
}

void
fake_start(struct fake *fake, struct i40e_hw *hw)
{
	memset(fake, 0, sizeof(*fake));
	fake->bar = calloc(1, I40E_BAR_SIZE);
	fake_put(fake, I40E_GLGEN_RSTCTL, 2);
	fake_put(fake, I40E_GLNVM_ULD, I40E_GLNVM_ULD_DONE);
	fake_put(fake, I40E_GLNVM_GENS, 3 << 5);
	fake_put(fake, I40E_GLNVM_FLA, I40E_GLNVM_FLA_LOCKED);
	fake_put(fake, I40E_GLNVM_SRCTL, I40E_GLNVM_SRCTL_DONE);
	fake_put(fake, I40E_GLPCI_CNF2, 129 << 2);
	fake_put(fake, I40E_PFLAN_QALLOC, 767 << 16 | I40E_PFLAN_QALLOC_VALID);
	fake_put(fake, I40E_GLHMC_LANTXOBJSZ, 7);
	fake_put(fake, I40E_GLHMC_LANRXOBJSZ, 5);
	fake_put(fake, I40E_GLHMC_LANQMAX, 1536);
	i40e_hw_init(hw, fake->bar, "fake");
	hw->sleep = fake_sleep;
	hw->sleep_context = fake;
}

void
fake_stop(struct fake *fake)
{
	free(fake->bar);
	fake->bar = NULL;
}

unsigned int
fake_commands(const struct fake *fake, uint16_t opcode, struct fake_command *last)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < RTE_MIN(fake->count, (unsigned int)RTE_DIM(fake->commands)); i++)
		if (fake->commands[i].desc.opcode == opcode) {
			n++;
			if (last != NULL)
				*last = fake->commands[i];
		}
	return n;
}

void
fake_event(struct fake *fake, const struct i40e_aq_desc *event)
{
	const uint32_t head = fake_get(fake, I40E_PF_ATQH + I40E_PF_ARQ_STEP);
	const uint64_t ring = (uint64_t)fake_get(fake, I40E_PF_ATQBAH + I40E_PF_ARQ_STEP) << 32 |
		fake_get(fake, I40E_PF_ATQBAL + I40E_PF_ARQ_STEP);

	((struct i40e_aq_desc *)memory(ring))[head] = *event;
	fake_put(fake, I40E_PF_ATQH + I40E_PF_ARQ_STEP, (head + 1) % I40E_AQ_ENTRIES);
}
