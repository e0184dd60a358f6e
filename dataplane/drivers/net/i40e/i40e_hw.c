/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Access to the function: DMA memory, bounded waits, reset.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_memzone.h>

#include "i40e_hw.h"

int i40e_logtype;

static void
sleep_system(struct i40e_hw *hw, uint32_t microseconds)
{
	RTE_SET_USED(hw);
	rte_delay_us_sleep(microseconds);
}

void
i40e_hw_init(struct i40e_hw *hw, void *bar, const char *name)
{
	memset(hw, 0, sizeof(*hw));
	hw->bar = bar;
	hw->name = name;
	hw->sleep = sleep_system;
	pthread_mutex_init(&hw->aq_lock, NULL);
}

int
i40e_dma_alloc(struct i40e_hw *hw, struct i40e_dma *dma, const char *what, size_t size, unsigned int align, int socket)
{
	char name[RTE_MEMZONE_NAMESIZE];

	snprintf(name, sizeof(name), "i40e %s %s", hw->name, what);
	dma->zone = rte_memzone_reserve_aligned(name, size, socket, RTE_MEMZONE_IOVA_CONTIG, align);
	if (dma->zone == NULL) {
		I40E_LOG(ERR, hw->name, "no memory for its %s (%zu bytes in one piece of bus addresses)", what, size);
		return -ENOMEM;
	}
	dma->address = dma->zone->addr;
	dma->iova = dma->zone->iova;
	memset(dma->address, 0, size);
	return 0;
}

void
i40e_dma_free(struct i40e_dma *dma)
{
	if (dma->zone != NULL)
		rte_memzone_free(dma->zone);
	memset(dma, 0, sizeof(*dma));
}

int
i40e_wait(struct i40e_hw *hw, uint32_t offset, uint32_t mask, uint32_t want, uint32_t tries, uint32_t microseconds)
{
	for (uint32_t i = 0; i < tries; i++) {
		if ((i40e_read(hw, offset) & mask) == want)
			return 0;
		if (i40e_is_gone(hw))
			return -ENODEV;
		hw->sleep(hw, microseconds);
	}
	return (i40e_read(hw, offset) & mask) == want ? 0 : -ETIMEDOUT;
}

int
i40e_check_alive(struct i40e_hw *hw)
{
	const uint32_t status = i40e_read(hw, I40E_GL_FWSTS);

	if (i40e_is_gone(hw))
		return -ENODEV;
	if (status == UINT32_MAX && i40e_is_silent(hw)) {
		I40E_LOG(ERR, hw->name, "the device does not answer: every register reads as all ones");
		return -ENODEV;
	}
	if ((status >> 16 & 0xFF) != 0) {
		I40E_LOG(ERR, hw->name, "the firmware is in recovery mode (status 0x%08x): program its NVM again", status);
		return -EIO;
	}
	return 0;
}

/*
 * Queues and interrupts an earlier process left on. The reset would end them too; switched off before it, none of them
 * is in the middle of a transfer when it comes.
 */
static void
quiesce(struct i40e_hw *hw)
{
	const uint32_t allocation = i40e_read(hw, I40E_PFLAN_QALLOC);
	const uint32_t first = allocation & 0x7FF, last = allocation >> 16 & 0x7FF;
	const uint32_t queues = (allocation & I40E_PFLAN_QALLOC_VALID) && last >= first ? RTE_MIN(last - first + 1, 1536u) : 0;
	const uint32_t vectors = RTE_MIN(i40e_read(hw, I40E_GLPCI_CNF2) >> 2 & 0x7FF, 512u);
	bool any = false;

	i40e_write(hw, I40E_PFINT_ICR0_ENA, 0);
	i40e_write(hw, I40E_PFINT_LNKLST0, I40E_LIST_END);
	for (uint32_t n = 0; n + 2 < vectors; n++) {
		i40e_write(hw, I40E_PFINT_DYN_CTLN(n), I40E_DYN_CTL_ITR_NONE);
		i40e_write(hw, I40E_PFINT_LNKLSTN(n), I40E_LIST_END);
	}
	for (uint32_t q = 0; q < queues; q++)
		if (i40e_read(hw, I40E_QTX_ENA(q)) & I40E_QENA_REQ) {
			i40e_write(hw, I40E_GLLAN_TXPRE_QDIS((first + q) / 128), (first + q) % 128 | I40E_TXPRE_SET_QDIS);
			i40e_flush(hw);
			any = true;
		}
	if (any)
		hw->sleep(hw, 400);
	for (uint32_t q = 0; q < queues; q++) {
		i40e_write(hw, I40E_QINT_TQCTL(q), 0);
		i40e_write(hw, I40E_QTX_ENA(q), 0);
		i40e_write(hw, I40E_QINT_RQCTL(q), 0);
		i40e_write(hw, I40E_QRX_ENA(q), 0);
	}
	if (queues != 0)
		hw->sleep(hw, 50);
}

int
i40e_reset(struct i40e_hw *hw)
{
	uint32_t longest;

	if (i40e_check_alive(hw) != 0)
		return -ENODEV;
	quiesce(hw);
	longest = RTE_MIN((i40e_read(hw, I40E_GLGEN_RSTCTL) & 0x3F) * 20, 160u);
	if (i40e_wait(hw, I40E_GLGEN_RSTAT, 3, 0, longest, 100000) != 0) {
		I40E_LOG(ERR, hw->name, "a reset of the whole card does not end (GLGEN_RSTAT 0x%08x)",
			i40e_read(hw, I40E_GLGEN_RSTAT));
		return -ETIMEDOUT;
	}
	if (i40e_wait(hw, I40E_GLNVM_ULD, I40E_GLNVM_ULD_DONE, I40E_GLNVM_ULD_DONE, 200, 10000) != 0) {
		I40E_LOG(ERR, hw->name, "the card does not finish loading its NVM (GLNVM_ULD 0x%08x)",
			i40e_read(hw, I40E_GLNVM_ULD));
		return -ETIMEDOUT;
	}
	i40e_write(hw, I40E_PFGEN_CTRL, i40e_read(hw, I40E_PFGEN_CTRL) | I40E_PFGEN_CTRL_PFSWR);
	for (unsigned int i = 0; i < 200; i++) {
		if ((i40e_read(hw, I40E_PFGEN_CTRL) & I40E_PFGEN_CTRL_PFSWR) == 0) {
			hw->deaf = false;
			return 0;
		}
		/* A bigger reset takes this one with it. */
		if ((i40e_read(hw, I40E_GLGEN_RSTAT) & 3) != 0)
			return i40e_wait(hw, I40E_GLGEN_RSTAT, 3, 0, RTE_MAX(longest, 1u), 100000);
		hw->sleep(hw, 1000);
	}
	I40E_LOG(ERR, hw->name, "the function's reset does not end");
	return -ETIMEDOUT;
}

void
i40e_read_identity(struct i40e_hw *hw)
{
	const uint32_t id = i40e_read(hw, I40E_PF_FUNC_RID);

	hw->port = i40e_read(hw, I40E_PFGEN_PORTNUM) & 3;
	hw->function = (uint16_t)(i40e_read(hw, I40E_GLPCI_CAPSUP) & I40E_GLPCI_CAPSUP_ARI ? id & 0xFF : id & 7);
	/* Function tables of the card have 16 rows. */
	hw->function &= 15;
}
