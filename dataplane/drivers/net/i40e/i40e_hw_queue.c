/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Queues on and off: a request, and the device's word that it is so. Whoever polls it sleeps in between, so that firmware
 * in software gets its turn.
 */
#include <errno.h>

#include "i40e_hw.h"

#define SWITCH_TRIES 1000
#define SWITCH_SLEEP_US 1000

static int
report(struct i40e_hw *hw, const char *kind, uint16_t queue, bool on)
{
	I40E_LOG(ERR, hw->name, "%s queue %u does not %s within a second", kind, queue, on ? "start" : "stop");
	return -ETIMEDOUT;
}

/* First an answer to whatever was asked before, then ours. */
static int
request(struct i40e_hw *hw, uint32_t offset, bool on)
{
	uint32_t value = 0;

	for (unsigned int i = 0; i < SWITCH_TRIES; i++) {
		value = i40e_read(hw, offset);
		if (!(value & I40E_QENA_REQ) == !(value & I40E_QENA_STAT))
			break;
		hw->sleep(hw, SWITCH_SLEEP_US);
	}
	if (!(value & I40E_QENA_STAT) == !on && !(value & I40E_QENA_REQ) == !on)
		return 0;
	i40e_write(hw, offset, on ? value | I40E_QENA_REQ : value & ~I40E_QENA_REQ);
	/* The first look comes soon: a card needs microseconds. */
	hw->sleep(hw, 20);
	return i40e_wait(hw, offset, I40E_QENA_REQ | I40E_QENA_STAT, on ? I40E_QENA_REQ | I40E_QENA_STAT : 0, SWITCH_TRIES,
		SWITCH_SLEEP_US);
}

static void
announce(struct i40e_hw *hw, uint16_t queue, uint32_t what)
{
	const uint32_t absolute = hw->caps.first_queue + queue;

	i40e_write(hw, I40E_GLLAN_TXPRE_QDIS(absolute / 128), absolute % 128 | what);
	i40e_flush(hw);
}

int
i40e_tx_enable(struct i40e_hw *hw, uint16_t queue)
{
	i40e_write(hw, I40E_QTX_CTL(queue), I40E_QTX_CTL_PF | (uint32_t)hw->function << I40E_QTX_CTL_FUNCTION_SHIFT);
	announce(hw, queue, I40E_TXPRE_CLEAR_QDIS);
	hw->sleep(hw, 10);
	i40e_write(hw, I40E_QTX_HEAD(queue), 0);
	return request(hw, I40E_QTX_ENA(queue), true) == 0 ? 0 : report(hw, "transmit", queue, true);
}

int
i40e_tx_disable(struct i40e_hw *hw, uint16_t first, uint16_t count)
{
	int error = 0;

	/* Each is told that its end is near; one pause does for all of them. */
	for (uint16_t queue = first; queue < first + count; queue++)
		announce(hw, queue, I40E_TXPRE_SET_QDIS);
	hw->sleep(hw, 400);
	for (uint16_t queue = first; queue < first + count; queue++)
		if (request(hw, I40E_QTX_ENA(queue), false) != 0)
			error = report(hw, "transmit", queue, false);
	return error;
}

int
i40e_rx_enable(struct i40e_hw *hw, uint16_t queue)
{
	return request(hw, I40E_QRX_ENA(queue), true) == 0 ? 0 : report(hw, "receive", queue, true);
}

int
i40e_rx_disable(struct i40e_hw *hw, uint16_t queue)
{
	return request(hw, I40E_QRX_ENA(queue), false) == 0 ? 0 : report(hw, "receive", queue, false);
}
