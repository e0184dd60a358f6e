/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the port lets in: each of its addresses with any tag, or, while tags are filtered, with each tag of the list and
 * without one. Filters of the firmware are of these pairs; so a change of one side is a change for all of the other.
 */
#include <errno.h>
#include <string.h>

#include <rte_malloc.h>

#include "i40e_port.h"

/* Filters of one address; at most 4096 tags. The caller frees the list. */
static struct i40e_filter *
filters_of(const struct i40e_port *port, const struct rte_ether_addr *mac, bool by_tag, uint32_t *count)
{
	uint32_t tags = 0;
	struct i40e_filter *list;

	for (unsigned int i = 0; by_tag && i < RTE_DIM(port->vlans); i++)
		tags += (uint32_t)__builtin_popcountll(port->vlans[i]);
	list = rte_zmalloc("i40e filters", (tags + 1) * sizeof(*list), 0);
	if (list == NULL)
		return NULL;
	*count = 1;
	list[0].vlan = by_tag ? 0 : -1;
	/* Tag 0 is "none". */
	for (uint32_t vlan = 1; by_tag && vlan < 4096; vlan++)
		if (port->vlans[vlan / 64] >> vlan % 64 & 1)
			list[(*count)++].vlan = (int16_t)vlan;
	for (uint32_t i = 0; i < *count; i++)
		memcpy(list[i].mac, mac->addr_bytes, sizeof(list[i].mac));
	return list;
}

static int
change(struct i40e_port *port, const struct rte_ether_addr *mac, bool by_tag, bool add)
{
	uint32_t count = 0;
	struct i40e_filter *list = filters_of(port, mac, by_tag, &count);
	int error;

	if (list == NULL)
		return -ENOMEM;
	error = add ? i40e_filters_add(&port->hw, &port->vsi, list, count) : i40e_filters_remove(&port->hw, &port->vsi, list, count);
	rte_free(list);
	return error;
}

/* Calls for every address there is. */
static int
change_all(struct i40e_port *port, bool by_tag, bool add)
{
	const struct rte_eth_dev_data *data = port->dev->data;
	int result = 0;

	for (uint32_t i = 0; i < I40E_MAX_MACS + port->multicast_count; i++) {
		const struct rte_ether_addr *mac = i < I40E_MAX_MACS ? &data->mac_addrs[i] : &port->multicasts[i - I40E_MAX_MACS];
		const int error = rte_is_zero_ether_addr(mac) ? 0 : change(port, mac, by_tag, add);

		if (error != 0 && error != -ENOENT && result == 0)
			result = error;
	}
	return result;
}

/* After a reset: away with what the firmware put in for us, ours instead. */
int
i40e_filters_start(struct i40e_port *port)
{
	(void)change(port, &port->permanent_mac, false, false);
	return change_all(port, port->vlan_filter, true);
}

/* ---- Addresses ---- */

int
i40e_mac_add(struct rte_eth_dev *dev, struct rte_ether_addr *mac, uint32_t index, uint32_t pool)
{
	struct i40e_port *port = i40e_port_of(dev);

	RTE_SET_USED(index);
	if (pool != 0)
		return -EINVAL;
	return change(port, mac, port->vlan_filter, true);
}

void
i40e_mac_remove(struct rte_eth_dev *dev, uint32_t index)
{
	struct i40e_port *port = i40e_port_of(dev);

	(void)change(port, &dev->data->mac_addrs[index], port->vlan_filter, false);
}

/* The library puts the new one into mac_addrs[0] when this has succeeded. */
int
i40e_mac_set(struct rte_eth_dev *dev, struct rte_ether_addr *mac)
{
	struct i40e_port *port = i40e_port_of(dev);
	int error;

	if (rte_is_same_ether_addr(mac, &dev->data->mac_addrs[0]))
		return 0;
	error = change(port, mac, port->vlan_filter, true);
	if (error != 0)
		return error;
	(void)change(port, &dev->data->mac_addrs[0], port->vlan_filter, false);
	/* Pause frames carry it; firmware that cannot be told sends its own. */
	(void)i40e_mac_write(&port->hw, mac->addr_bytes);
	return 0;
}

int
i40e_set_multicasts(struct rte_eth_dev *dev, struct rte_ether_addr *list, uint32_t count)
{
	struct i40e_port *port = i40e_port_of(dev);
	struct rte_ether_addr *copy = NULL;
	int result = 0;

	for (uint32_t i = 0; i < count; i++)
		if (!rte_is_multicast_ether_addr(&list[i]))
			return -EINVAL;
	if (count != 0) {
		copy = rte_malloc("i40e multicast addresses", count * sizeof(*copy), 0);
		if (copy == NULL)
			return -ENOMEM;
		memcpy(copy, list, count * sizeof(*copy));
	}
	for (uint32_t i = 0; i < port->multicast_count; i++)
		(void)change(port, &port->multicasts[i], port->vlan_filter, false);
	rte_free(port->multicasts);
	port->multicasts = copy;
	port->multicast_count = count;
	for (uint32_t i = 0; i < count && result == 0; i++)
		result = change(port, &copy[i], port->vlan_filter, true);
	return result;
}

/* ---- Modes ---- */

int
i40e_promiscuous_enable(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);
	const uint16_t modes = I40E_PROMISC_UNICAST | I40E_PROMISC_MULTICAST;

	return i40e_promiscuous(&port->hw, &port->vsi, modes, modes);
}

int
i40e_promiscuous_disable(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);

	return i40e_promiscuous(&port->hw, &port->vsi, 0,
		I40E_PROMISC_UNICAST | (dev->data->all_multicast ? 0 : I40E_PROMISC_MULTICAST));
}

int
i40e_allmulticast_enable(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);

	return i40e_promiscuous(&port->hw, &port->vsi, I40E_PROMISC_MULTICAST, I40E_PROMISC_MULTICAST);
}

int
i40e_allmulticast_disable(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);

	/* Who is promiscuous goes on with it. */
	return dev->data->promiscuous ? 0 : i40e_promiscuous(&port->hw, &port->vsi, 0, I40E_PROMISC_MULTICAST);
}

/* ---- Tags ---- */

static bool
has_vlan(const struct i40e_port *port, uint16_t vlan)
{
	return port->vlans[vlan / 64] >> vlan % 64 & 1;
}

int
i40e_vlan_filter_set(struct rte_eth_dev *dev, uint16_t vlan, int on)
{
	struct i40e_port *port = i40e_port_of(dev);
	int result = 0;

	if (has_vlan(port, vlan) == (on != 0))
		return 0;
	for (uint32_t i = 0; port->vlan_filter && vlan != 0 && i < I40E_MAX_MACS + port->multicast_count; i++) {
		const struct rte_ether_addr *mac = i < I40E_MAX_MACS ? &dev->data->mac_addrs[i] : &port->multicasts[i - I40E_MAX_MACS];
		struct i40e_filter filter = {.vlan = (int16_t)vlan};
		int error;

		if (rte_is_zero_ether_addr(mac))
			continue;
		memcpy(filter.mac, mac->addr_bytes, sizeof(filter.mac));
		error = on ? i40e_filters_add(&port->hw, &port->vsi, &filter, 1) :
			i40e_filters_remove(&port->hw, &port->vsi, &filter, 1);
		if (error != 0 && error != -ENOENT && result == 0)
			result = error;
	}
	if (result == 0)
		port->vlans[vlan / 64] ^= 1ULL << vlan % 64;
	return result;
}

static int
set_strip(struct i40e_port *port, bool on)
{
	const uint8_t before = port->vsi.info.port_vlan;
	int error;

	port->vsi.info.port_vlan = (uint8_t)((before & ~I40E_PORT_VLAN_KEEP) | (on ? I40E_PORT_VLAN_STRIP_BOTH : I40E_PORT_VLAN_KEEP) |
		(before & I40E_PORT_VLAN_INSERT_PVID ? 0 : I40E_PORT_VLAN_ALL));
	error = i40e_vsi_update(&port->hw, &port->vsi, I40E_VSI_SECTION_VLAN);
	if (error != 0)
		port->vsi.info.port_vlan = before;
	return error;
}

static int
set_filter(struct i40e_port *port, bool on)
{
	int error;

	if (port->vlan_filter == on)
		return 0;
	/* The new ones first: nothing that both let in is lost in between. */
	error = change_all(port, on, true);
	if (error != 0)
		return error;
	(void)change_all(port, !on, false);
	port->vlan_filter = on;
	return 0;
}

int
i40e_vlan_offload_set(struct rte_eth_dev *dev, int mask)
{
	struct i40e_port *port = i40e_port_of(dev);
	const uint64_t offloads = dev->data->dev_conf.rxmode.offloads;
	int error = 0;

	if (mask & RTE_ETH_VLAN_FILTER_MASK)
		error = set_filter(port, (offloads & RTE_ETH_RX_OFFLOAD_VLAN_FILTER) != 0);
	if (error == 0 && (mask & RTE_ETH_VLAN_STRIP_MASK))
		error = set_strip(port, (offloads & RTE_ETH_RX_OFFLOAD_VLAN_STRIP) != 0);
	return error;
}

int
i40e_vlan_pvid_set(struct rte_eth_dev *dev, uint16_t vlan, int on)
{
	struct i40e_port *port = i40e_port_of(dev);
	const struct i40e_vsi_info before = port->vsi.info;
	int error;

	port->vsi.info.pvid = on ? vlan : 0;
	port->vsi.info.port_vlan &= (uint8_t)~(I40E_PORT_VLAN_ALL | I40E_PORT_VLAN_INSERT_PVID);
	port->vsi.info.port_vlan |= on ? I40E_PORT_VLAN_INSERT_PVID | 2 : I40E_PORT_VLAN_ALL;
	error = i40e_vsi_update(&port->hw, &port->vsi, I40E_VSI_SECTION_VLAN);
	if (error != 0)
		port->vsi.info = before;
	return error;
}
