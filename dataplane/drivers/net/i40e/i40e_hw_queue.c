/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Queues on and off: a request, and the device's word that it is so. Whoever polls it sleeps in between, so that firmware
 * in software gets its turn. Queues that end together are asked together and share one second: a card that is dead with 64
 * of them costs one, not two minutes.
 */
#include <errno.h>

#include "i40e_hw.h"

#define SWITCH_TRIES 1000
#define SWITCH_SLEEP_US 1000
#define FIRST_LOOK_US 20

static int
report(struct i40e_hw *hw, const char *kind, uint16_t queue, bool on)
{
	I40E_LOG(ERR, hw->name, "%s queue %u does not %s within a second", kind, queue, on ? "start" : "stop");
	return -ETIMEDOUT;
}

static inline bool
is_settled(uint32_t value)
{
	return !(value & I40E_QENA_REQ) == !(value & I40E_QENA_STAT);
}

/* An earlier request has to be answered before the next: until then nothing is asked. */
static void
ask(struct i40e_hw *hw, uint32_t offset, bool on)
{
	const uint32_t value = i40e_read(hw, offset);

	if (is_settled(value) && !(value & I40E_QENA_STAT) != !on)
		i40e_write(hw, offset, on ? value | I40E_QENA_REQ : value & ~I40E_QENA_REQ);
}

/* `tries` is what is left of the second that all who were asked together have. */
static int
await(struct i40e_hw *hw, uint32_t offset, bool on, uint32_t *tries)
{
	for (;; --*tries) {
		const uint32_t value = i40e_read(hw, offset);

		if (is_settled(value) && !(value & I40E_QENA_STAT) == !on)
			return 0;
		if (i40e_is_gone(hw))
			return -ENODEV;
		if (*tries == 0)
			return -ETIMEDOUT;
		ask(hw, offset, on);
		hw->sleep(hw, SWITCH_SLEEP_US);
	}
}

static int
request(struct i40e_hw *hw, uint32_t offset, bool on)
{
	uint32_t tries = SWITCH_TRIES;

	ask(hw, offset, on);
	/* The first look comes soon: a card needs microseconds. */
	hw->sleep(hw, FIRST_LOOK_US);
	return await(hw, offset, on, &tries);
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
i40e_rx_enable(struct i40e_hw *hw, uint16_t queue)
{
	return request(hw, I40E_QRX_ENA(queue), true) == 0 ? 0 : report(hw, "receive", queue, true);
}

struct range {
	uint16_t first, count;
};

/* All are asked first, then waited for: of one second together, and of none when the card did not answer the last time. */
static int
disable(struct i40e_hw *hw, struct range tx, struct range rx)
{
	uint32_t tries = hw->deaf ? 0 : SWITCH_TRIES;
	int error = 0;

	/* Each transmit queue is told that its end is near; one pause does for all of them. */
	for (uint16_t i = 0; i < tx.count; i++)
		announce(hw, (uint16_t)(tx.first + i), I40E_TXPRE_SET_QDIS);
	if (tx.count != 0)
		hw->sleep(hw, 400);
	for (uint16_t i = 0; i < tx.count; i++)
		ask(hw, I40E_QTX_ENA(tx.first + i), false);
	for (uint16_t i = 0; i < rx.count; i++)
		ask(hw, I40E_QRX_ENA(rx.first + i), false);
	hw->sleep(hw, FIRST_LOOK_US);
	for (uint16_t i = 0; i < tx.count; i++)
		if (await(hw, I40E_QTX_ENA(tx.first + i), false, &tries) != 0)
			error = report(hw, "transmit", (uint16_t)(tx.first + i), false);
	for (uint16_t i = 0; i < rx.count; i++)
		if (await(hw, I40E_QRX_ENA(rx.first + i), false, &tries) != 0)
			error = report(hw, "receive", (uint16_t)(rx.first + i), false);
	hw->deaf = error != 0;
	return error;
}

int
i40e_tx_disable(struct i40e_hw *hw, uint16_t first, uint16_t count)
{
	return disable(hw, (struct range){first, count}, (struct range){0, 0});
}

int
i40e_rx_disable(struct i40e_hw *hw, uint16_t queue)
{
	return disable(hw, (struct range){0, 0}, (struct range){queue, 1});
}

int
i40e_queues_disable(struct i40e_hw *hw, uint16_t tx, uint16_t rx)
{
	return disable(hw, (struct range){0, tx}, (struct range){0, rx});
}
