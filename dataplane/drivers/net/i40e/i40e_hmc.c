/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The host memory cache holds the queues' contexts. Ours is one direct segment: transmit contexts from its beginning,
 * receive contexts after them at the next multiple of 512 bytes, for as many queues as the port may use.
 */
#include <errno.h>
#include <string.h>

#include "i40e_hw.h"

#define BASE_UNIT 512u

static void
program_segment(struct i40e_hw *hw, uint64_t iova, bool valid)
{
	const uint32_t low = (uint32_t)(iova & 0xFFFFF000) | 512u << I40E_SD_PAGES_SHIFT | I40E_SD_DIRECT;

	i40e_write(hw, I40E_PFHMC_SDDATAHIGH, valid ? (uint32_t)(iova >> 32) : 0);
	i40e_write(hw, I40E_PFHMC_SDDATALOW, valid ? low | I40E_SD_VALID : low & 0xFFF);
	i40e_write(hw, I40E_PFHMC_SDCMD, I40E_PFHMC_SDCMD_WRITE);
	i40e_flush(hw);
}

int
i40e_hmc_init(struct i40e_hw *hw, uint32_t queues, int socket)
{
	const uint32_t tx_size = i40e_read(hw, I40E_GLHMC_LANTXOBJSZ) & 15, rx_size = i40e_read(hw, I40E_GLHMC_LANRXOBJSZ) & 15;
	const uint32_t most = i40e_read(hw, I40E_GLHMC_LANQMAX) & 0x7FF;
	const uint32_t rx_base = RTE_ALIGN_CEIL(queues * I40E_TX_CONTEXT, BASE_UNIT);
	const uint32_t size = RTE_ALIGN_CEIL(rx_base + queues * I40E_RX_CONTEXT, 4096u);
	int error;

	if (1u << tx_size != I40E_TX_CONTEXT || 1u << rx_size != I40E_RX_CONTEXT || most < queues) {
		I40E_LOG(ERR, hw->name, "queue contexts of %u and %u bytes for at most %u queues: this driver needs %u, %u and %u",
			1u << tx_size, 1u << rx_size, most, I40E_TX_CONTEXT, I40E_RX_CONTEXT, queues);
		return -ENOTSUP;
	}
	error = i40e_dma_alloc(hw, &hw->hmc, "queue contexts", size, 4096, socket);
	if (error != 0)
		return error;
	hw->hmc_queues = queues;
	hw->hmc_rx_base = rx_base;
	program_segment(hw, hw->hmc.iova, true);
	i40e_write(hw, I40E_GLHMC_LANTXBASE(hw->function), 0);
	i40e_write(hw, I40E_GLHMC_LANTXCNT(hw->function), queues);
	i40e_write(hw, I40E_GLHMC_LANRXBASE(hw->function), rx_base / BASE_UNIT);
	i40e_write(hw, I40E_GLHMC_LANRXCNT(hw->function), queues);
	i40e_flush(hw);
	return 0;
}

void
i40e_hmc_fini(struct i40e_hw *hw)
{
	if (hw->hmc.address == NULL)
		return;
	program_segment(hw, 0, false);
	i40e_dma_free(&hw->hmc);
}

/* ---- Contexts: little-endian bit fields ---- */

static void
put(uint8_t *out, unsigned int bit, unsigned int width, uint64_t value)
{
	for (unsigned int i = 0; i < width; i++, bit++)
		if (value >> i & 1)
			out[bit / 8] |= (uint8_t)(1u << bit % 8);
}

void
i40e_tx_context_encode(const struct i40e_tx_context *context, uint8_t *out)
{
	memset(out, 0, I40E_TX_CONTEXT);
	put(out, 30, 1, 1); /* new_context */
	put(out, 32, 57, context->ring / 128);
	put(out, 91, 1, context->flow_director);
	put(out, 161, 13, context->length);
	put(out, 980, 10, context->queue_set);
}

void
i40e_rx_context_encode(const struct i40e_rx_context *context, uint8_t *out)
{
	memset(out, 0, I40E_RX_CONTEXT);
	put(out, 32, 57, context->ring / 128);
	put(out, 89, 13, context->length);
	put(out, 102, 7, context->buffer / 128);
	put(out, 116, 1, context->long_descriptors);
	put(out, 117, 1, !context->keep_crc);
	put(out, 119, 1, 1); /* l2tsel: a single tag arrives as the first */
	put(out, 174, 14, context->max_frame);
	put(out, 193, 4, 15); /* TPH: descriptors, write-backs, data, headers */
	put(out, 198, 3, 2);  /* fetches when fewer than 128 are left */
	put(out, 201, 1, 1);  /* prefetch */
}

/* The device may look as soon as the queue is enabled, which is a later register write. */
void
i40e_tx_context_write(struct i40e_hw *hw, uint16_t queue, const struct i40e_tx_context *context)
{
	i40e_tx_context_encode(context, (uint8_t *)hw->hmc.address + queue * I40E_TX_CONTEXT);
	rte_wmb();
}

void
i40e_rx_context_write(struct i40e_hw *hw, uint16_t queue, const struct i40e_rx_context *context)
{
	i40e_rx_context_encode(context, (uint8_t *)hw->hmc.address + hw->hmc_rx_base + queue * I40E_RX_CONTEXT);
	rte_wmb();
}
