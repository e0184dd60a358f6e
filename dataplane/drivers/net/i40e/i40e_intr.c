/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Events of the device: link changes and errors, told by an interrupt, and looked for every 50 ms all the same: an
 * interrupt may be lost, and there are devices without. Interrupts of receive queues.
 */
#include <errno.h>
#include <string.h>

#include <rte_alarm.h>
#include <rte_interrupts.h>

#include "i40e_port.h"

#define POLL_US 50000
#define EVENTS_AT_ONCE 32 /* as many as the queue holds: one that is refilled meanwhile waits for the next look */
#define RX_ITR 16         /* 2 us each: the least time between a queue's interrupts */

#define WATCHED (I40E_ICR0_ECC_ERR | I40E_ICR0_MAL_DETECT | I40E_ICR0_GRST | I40E_ICR0_PCI_EXCEPTION | \
	I40E_ICR0_LINK_STAT_CHANGE | I40E_ICR0_HMC_ERR | I40E_ICR0_ADMINQ)

static void
mask_vector0(struct i40e_hw *hw)
{
	i40e_write(hw, I40E_PFINT_DYN_CTL0, I40E_DYN_CTL_ITR_NONE);
	i40e_flush(hw);
}

static void
unmask_vector0(struct i40e_hw *hw, uint32_t more)
{
	i40e_write(hw, I40E_PFINT_DYN_CTL0, I40E_DYN_CTL_ENABLE | I40E_DYN_CTL_CLEARPBA | I40E_DYN_CTL_ITR_NONE | more);
	i40e_flush(hw);
}

/*
 * After a look. On a line that queues share with the events, a look has taken what the queues' causes said, too: it is said again, to
 * whoever sleeps on it. With nobody there it stays masked.
 */
static void
end_look(struct i40e_port *port, uint32_t cause)
{
	if (!__atomic_load_n(&port->shared_line, __ATOMIC_ACQUIRE)) {
		unmask_vector0(&port->hw, 0);
		return;
	}
	if (__atomic_load_n(&port->armed, __ATOMIC_SEQ_CST) != 0)
		unmask_vector0(&port->hw, cause & I40E_ICR0_QUEUES ? I40E_DYN_CTL_SWINT : 0);
	if (__atomic_load_n(&port->armed, __ATOMIC_SEQ_CST) == 0)
		mask_vector0(&port->hw);
}

/* The device stops a queue whose descriptors make no sense; whoever wrote them should hear of it. */
static void
report_malicious(struct i40e_hw *hw)
{
	const uint32_t tx = i40e_read(hw, I40E_GL_MDET_TX), rx = i40e_read(hw, I40E_GL_MDET_RX);

	if (tx & I40E_MDET_VALID) {
		I40E_LOG(ERR, hw->name, "the device stopped transmit queue %u: impossible descriptor (event 0x%02x)",
			(tx & 0xFFF) - hw->caps.first_queue, tx >> 25 & 0x1F);
		i40e_write(hw, I40E_GL_MDET_TX, UINT32_MAX);
	}
	if (rx & I40E_MDET_VALID) {
		I40E_LOG(ERR, hw->name, "the device stopped receive queue %u: impossible descriptor (event 0x%02x)",
			(rx >> 17 & 0x3FFF) - hw->caps.first_queue, rx >> 8 & 0x1FF);
		i40e_write(hw, I40E_GL_MDET_RX, UINT32_MAX);
	}
	if (i40e_read(hw, I40E_PF_MDET_TX) & 1)
		i40e_write(hw, I40E_PF_MDET_TX, 0xFFFF);
	if (i40e_read(hw, I40E_PF_MDET_RX) & 1)
		i40e_write(hw, I40E_PF_MDET_RX, 0xFFFF);
}

static void
link_changed(struct rte_eth_dev *dev)
{
	if (i40e_link_update(dev, 0) == 0 && __atomic_load_n(&i40e_port_of(dev)->link_events, __ATOMIC_RELAXED))
		rte_eth_dev_callback_process(dev, RTE_ETH_EVENT_INTR_LSC, NULL);
}

static void
take_events(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);
	struct i40e_aq_desc event;
	bool link = false;

	for (unsigned int i = 0; i < EVENTS_AT_ONCE && i40e_aq_event(&port->hw, &event) == 1; i++)
		link = link || event.opcode == I40E_AQ_GET_LINK;
	if (link)
		link_changed(dev);
}

static void
look(struct rte_eth_dev *dev)
{
	struct i40e_hw *hw = &i40e_port_of(dev)->hw;
	uint32_t cause;

	if (i40e_is_gone(hw))
		return;
	mask_vector0(hw);
	/* Reading clears it. */
	cause = i40e_read(hw, I40E_PFINT_ICR0);
	if (cause == UINT32_MAX && i40e_look_for_removal(dev))
		return;
	if (cause & I40E_ICR0_INTEVENT) {
		if (cause & I40E_ICR0_MAL_DETECT)
			report_malicious(hw);
		if (cause & (I40E_ICR0_ECC_ERR | I40E_ICR0_PCI_EXCEPTION))
			I40E_LOG(ERR, hw->name, "the device reports an error of its memory or bus (ICR0 0x%08x)", cause);
		if (cause & I40E_ICR0_GRST) {
			I40E_LOG(ERR, hw->name, "the whole card is being reset: the port has to be closed and opened anew");
			rte_eth_dev_callback_process(dev, RTE_ETH_EVENT_INTR_RESET, NULL);
		}
		if (cause & I40E_ICR0_HMC_ERR)
			I40E_LOG(ERR, hw->name, "the device finds a queue's context wrong (0x%08x, 0x%08x)",
				i40e_read(hw, I40E_PFHMC_ERRORINFO), i40e_read(hw, I40E_PFHMC_ERRORDATA));
	}
	/* Whatever the cause register says: an event that is there is taken. */
	take_events(dev);
	end_look(i40e_port_of(dev), cause);
}

static void
on_interrupt(void *context)
{
	struct rte_eth_dev *dev = context;

	if (!__atomic_load_n(&i40e_port_of(dev)->closing, __ATOMIC_RELAXED))
		look(dev);
	rte_intr_ack(dev->intr_handle);
}

static void
on_alarm(void *context)
{
	struct rte_eth_dev *dev = context;
	struct i40e_port *port = i40e_port_of(dev);

	if (__atomic_load_n(&port->closing, __ATOMIC_RELAXED))
		return;
	look(dev);
	if (!i40e_is_gone(&port->hw))
		__atomic_store_n(&port->alarm, rte_eal_alarm_set(POLL_US, on_alarm, dev) == 0, __ATOMIC_RELAXED);
}

/* The line is the events': each interrupt is a look. Without one there are looks now and then. */
static void
take_line(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);

	if (dev->intr_handle == NULL || rte_intr_callback_register(dev->intr_handle, on_interrupt, dev) != 0)
		return;
	port->handler = true;
	if (rte_intr_enable(dev->intr_handle) != 0)
		I40E_LOG(NOTICE, port->hw.name, "its interrupt cannot be enabled: events are looked for every %u ms", POLL_US / 1000);
}

static void
leave_line(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);

	if (!port->handler)
		return;
	rte_intr_disable(dev->intr_handle);
	(void)rte_intr_callback_unregister_sync(dev->intr_handle, on_interrupt, dev);
	port->handler = false;
}

int
i40e_events_start(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);
	struct i40e_hw *hw = &port->hw;

	int error = i40e_removal_start(dev);

	if (error != 0)
		return error;
	__atomic_store_n(&port->closing, false, __ATOMIC_RELAXED);
	mask_vector0(hw);
	i40e_write(hw, I40E_GLINT_CTL, i40e_read(hw, I40E_GLINT_CTL) | I40E_GLINT_CTL_DIS_AUTOMASK);
	i40e_write(hw, I40E_PFINT_ICR0_ENA, WATCHED);
	i40e_write(hw, I40E_PFINT_STAT_CTL0, 3u << 2);
	i40e_write(hw, I40E_PFINT_LNKLST0, I40E_LIST_END);
	(void)i40e_read(hw, I40E_PFINT_ICR0);
	take_line(dev);
	__atomic_store_n(&port->alarm, rte_eal_alarm_set(POLL_US, on_alarm, dev) == 0, __ATOMIC_RELAXED);
	unmask_vector0(hw, 0);
	if (__atomic_load_n(&port->alarm, __ATOMIC_RELAXED) || port->handler)
		return 0;
	i40e_removal_stop(dev);
	I40E_LOG(ERR, hw->name, "neither an interrupt nor an alarm for its events");
	return -ENOTSUP;
}

void
i40e_events_stop(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);

	__atomic_store_n(&port->closing, true, __ATOMIC_RELAXED);
	i40e_removal_stop(dev);
	i40e_write(&port->hw, I40E_PFINT_ICR0_ENA, 0);
	mask_vector0(&port->hw);
	leave_line(dev);
	rte_eal_alarm_cancel(on_alarm, dev);
	__atomic_store_n(&port->alarm, false, __ATOMIC_RELAXED);
}

/*
 * ---- Receive queues ----
 *
 * Vector 1 + id each where the system's driver has vectors (vfio-pci). Else all of them share the one line there is (uio, a model) with
 * the events: who sleeps on a queue is then woken by any of them, and events are only looked for.
 */

static int
check_vectors(const struct i40e_port *port, const struct rte_eth_dev *dev)
{
	if (dev->intr_handle == NULL || rte_intr_fd_get(dev->intr_handle) < 0) {
		I40E_LOG(ERR, port->hw.name, "it has no interrupt at all, so none for receive queues");
		return -ENOTSUP;
	}
	if (!rte_intr_cap_multiple(dev->intr_handle))
		return 0;
	if (port->hw.caps.vectors != 0 && port->hw.caps.vectors < dev->data->nb_rx_queues + 1u) {
		I40E_LOG(ERR, port->hw.name, "%u interrupt vectors are not enough for %u receive queues", port->hw.caps.vectors,
			dev->data->nb_rx_queues);
		return -ENOSPC;
	}
	return 0;
}

static void
lead_to_own_vector(struct i40e_hw *hw, uint16_t id)
{
	i40e_write(hw, I40E_QINT_RQCTL(id), (id + 1u) | (uint32_t)I40E_LIST_END << I40E_QINT_NEXT_SHIFT | I40E_QINT_CAUSE_ENA);
	i40e_write(hw, I40E_PFINT_LNKLSTN(id), id);
	i40e_write(hw, I40E_PFINT_ITRN(0, id), RX_ITR);
	i40e_write(hw, I40E_PFINT_DYN_CTLN(id), I40E_DYN_CTL_ITR_NONE);
}

/* Of the list of queues that hang on vector 0, the last names none. ICR0 has bits for eight: more share them. */
static void
lead_to_line(struct i40e_hw *hw, uint16_t id, uint16_t queues)
{
	const uint32_t next = id + 1 == queues ? I40E_LIST_END : id + 1u;

	i40e_write(hw, I40E_QINT_RQCTL(id), (id & 7u) << I40E_QINT_ICR0_SHIFT | next << I40E_QINT_NEXT_SHIFT | I40E_QINT_CAUSE_ENA);
}

int
i40e_rx_interrupts_start(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);
	struct i40e_hw *hw = &port->hw;
	const uint16_t queues = dev->data->nb_rx_queues;
	bool own;
	int error;

	if (!dev->data->dev_conf.intr_conf.rxq)
		return 0;
	error = check_vectors(port, dev);
	if (error != 0)
		return error;
	own = rte_intr_cap_multiple(dev->intr_handle);
	if (rte_intr_efd_enable(dev->intr_handle, queues) != 0 ||
			rte_intr_vec_list_alloc(dev->intr_handle, "i40e vectors", queues) != 0) {
		rte_intr_efd_disable(dev->intr_handle);
		return -ENOMEM;
	}
	if (!own) {
		/* Who waits for the line must not find it read by the events. */
		leave_line(dev);
		__atomic_store_n(&port->armed, 0, __ATOMIC_SEQ_CST);
		__atomic_store_n(&port->shared_line, true, __ATOMIC_RELEASE);
		mask_vector0(hw);
		i40e_write(hw, I40E_PFINT_ITR0(0), RX_ITR);
	}
	for (uint16_t id = 0; id < queues; id++) {
		rte_intr_vec_list_index_set(dev->intr_handle, id, own ? RTE_INTR_VEC_RXTX_OFFSET + id : RTE_INTR_VEC_ZERO_OFFSET);
		if (own)
			lead_to_own_vector(hw, id);
		else
			lead_to_line(hw, id, queues);
	}
	if (!own)
		i40e_write(hw, I40E_PFINT_LNKLST0, 0);
	i40e_flush(hw);
	/* The handle now also stands for the queues' vectors. */
	rte_intr_enable(dev->intr_handle);
	port->rx_interrupts = true;
	return 0;
}

void
i40e_rx_interrupts_stop(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);
	struct i40e_hw *hw = &port->hw;

	if (!port->rx_interrupts)
		return;
	port->rx_interrupts = false;
	if (port->shared_line)
		i40e_write(hw, I40E_PFINT_LNKLST0, I40E_LIST_END);
	for (uint16_t id = 0; id < dev->data->nb_rx_queues; id++) {
		if (!port->shared_line) {
			i40e_write(hw, I40E_PFINT_DYN_CTLN(id), I40E_DYN_CTL_ITR_NONE);
			i40e_write(hw, I40E_PFINT_LNKLSTN(id), I40E_LIST_END);
		}
		i40e_write(hw, I40E_QINT_RQCTL(id), 0);
	}
	rte_intr_efd_disable(dev->intr_handle);
	rte_intr_vec_list_free(dev->intr_handle);
	if (!port->shared_line)
		return;
	__atomic_store_n(&port->shared_line, false, __ATOMIC_RELEASE);
	take_line(dev);
	unmask_vector0(hw, 0);
}

int
i40e_rx_intr_enable(struct rte_eth_dev *dev, uint16_t id)
{
	struct i40e_port *port = i40e_port_of(dev);

	if (!port->rx_interrupts)
		return -ENOTSUP;
	if (port->shared_line) {
		__atomic_fetch_or(&port->armed, 1ULL << id, __ATOMIC_SEQ_CST);
		unmask_vector0(&port->hw, 0);
	} else {
		i40e_write(&port->hw, I40E_PFINT_DYN_CTLN(id), I40E_DYN_CTL_ENABLE | I40E_DYN_CTL_CLEARPBA);
		i40e_flush(&port->hw);
	}
	return rte_intr_ack(dev->intr_handle) < 0 ? -EIO : 0;
}

int
i40e_rx_intr_disable(struct rte_eth_dev *dev, uint16_t id)
{
	struct i40e_port *port = i40e_port_of(dev);

	if (!port->rx_interrupts)
		return -ENOTSUP;
	if (port->shared_line) {
		if ((__atomic_fetch_and(&port->armed, ~(1ULL << id), __ATOMIC_SEQ_CST) & ~(1ULL << id)) == 0)
			mask_vector0(&port->hw);
		/* One who arms another queue at this moment may have come before the mask: a look takes it away again. */
		return 0;
	}
	i40e_write(&port->hw, I40E_PFINT_DYN_CTLN(id), I40E_DYN_CTL_ITR_NONE);
	i40e_flush(&port->hw);
	return 0;
}
