/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A card that is taken out under its driver: the bus says so by the EAL's device event, or every register reads as all ones. From then
 * on nothing waits for it, its link is down and its counters stand; queues stay as they are, since lcores may be in them.
 */
#include <errno.h>

#include <rte_cycles.h>
#include <rte_dev.h>

#include "i40e_port.h"

#define UNREGISTER_TRIES 1000

void
i40e_removed(struct rte_eth_dev *dev)
{
	struct i40e_hw *hw = &i40e_port_of(dev)->hw;
	const struct rte_eth_link down = {.link_status = RTE_ETH_LINK_DOWN, .link_duplex = RTE_ETH_LINK_FULL_DUPLEX};

	if (__atomic_exchange_n(&hw->gone, true, __ATOMIC_ACQ_REL))
		return;
	I40E_LOG(ERR, hw->name, "the card was taken out: the port has to be closed");
	(void)rte_eth_linkstatus_set(dev, &down);
	rte_eth_dev_callback_process(dev, RTE_ETH_EVENT_INTR_RMV, NULL);
}

bool
i40e_look_for_removal(struct rte_eth_dev *dev)
{
	struct i40e_hw *hw = &i40e_port_of(dev)->hw;

	if (!i40e_is_gone(hw) && i40e_is_silent(hw))
		i40e_removed(dev);
	return i40e_is_gone(hw);
}

int
i40e_is_removed(struct rte_eth_dev *dev)
{
	return i40e_is_gone(&i40e_port_of(dev)->hw);
}

static void
on_device_event(const char *name, enum rte_dev_event_type event, void *arg)
{
	RTE_SET_USED(name);
	if (event == RTE_DEV_EVENT_REMOVE)
		i40e_removed(arg);
}

int
i40e_removal_start(struct rte_eth_dev *dev)
{
	return rte_dev_event_callback_register(dev->device->name, on_device_event, dev);
}

void
i40e_removal_stop(struct rte_eth_dev *dev)
{
	unsigned int i;

	/* A card goes once: who is in the callback, and closes the port from there, is its only and last call. */
	for (i = 0; i < UNREGISTER_TRIES; i++) {
		if (rte_dev_event_callback_unregister(dev->device->name, on_device_event, dev) != -EAGAIN)
			return;
		rte_delay_us_sleep(1000);
	}
}
