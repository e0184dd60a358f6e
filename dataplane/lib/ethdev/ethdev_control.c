/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Control of a port besides its queues: promiscuous modes, link, MAC addresses, packet types, firmware.
 */
#include <errno.h>
#include <string.h>

#include <rte_mbuf_ptype.h>

#include "ethdev_private.h"

/* ---- Promiscuous modes ---- */

int
rte_eth_promiscuous_enable(uint16_t port_id)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	int error;

	if (dev == NULL)
		return -ENODEV;
	if (dev->data->promiscuous)
		return 0;
	if (dev->dev_ops->promiscuous_enable == NULL)
		return -ENOTSUP;
	error = dev->dev_ops->promiscuous_enable(dev);
	dev->data->promiscuous = error == 0;
	return ethdev_error(dev, error);
}

int
rte_eth_promiscuous_disable(uint16_t port_id)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	int error;

	if (dev == NULL)
		return -ENODEV;
	if (!dev->data->promiscuous)
		return 0;
	if (dev->dev_ops->promiscuous_disable == NULL)
		return -ENOTSUP;
	error = dev->dev_ops->promiscuous_disable(dev);
	dev->data->promiscuous = error != 0;
	return ethdev_error(dev, error);
}

int
rte_eth_promiscuous_get(uint16_t port_id)
{
	const struct rte_eth_dev *dev = ethdev_port(port_id);

	return dev == NULL ? -ENODEV : dev->data->promiscuous;
}

int
rte_eth_allmulticast_enable(uint16_t port_id)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	int error;

	if (dev == NULL)
		return -ENODEV;
	if (dev->data->all_multicast)
		return 0;
	if (dev->dev_ops->allmulticast_enable == NULL)
		return -ENOTSUP;
	error = dev->dev_ops->allmulticast_enable(dev);
	dev->data->all_multicast = error == 0;
	return ethdev_error(dev, error);
}

int
rte_eth_allmulticast_disable(uint16_t port_id)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	int error;

	if (dev == NULL)
		return -ENODEV;
	if (!dev->data->all_multicast)
		return 0;
	if (dev->dev_ops->allmulticast_disable == NULL)
		return -ENOTSUP;
	error = dev->dev_ops->allmulticast_disable(dev);
	dev->data->all_multicast = error != 0;
	return ethdev_error(dev, error);
}

int
rte_eth_allmulticast_get(uint16_t port_id)
{
	const struct rte_eth_dev *dev = ethdev_port(port_id);

	return dev == NULL ? -ENODEV : dev->data->all_multicast;
}

/* ---- Link ---- */

static int
get_link(uint16_t port_id, struct rte_eth_link *link, int wait)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (link == NULL)
		return -EINVAL;
	/* With link interrupts the stored state is the current one. */
	if (!dev->data->dev_conf.intr_conf.lsc || !dev->data->dev_started) {
		if (dev->dev_ops->link_update == NULL)
			return -ENOTSUP;
		dev->dev_ops->link_update(dev, wait);
	}
	rte_eth_linkstatus_get(dev, link);
	return 0;
}

int
rte_eth_link_get(uint16_t port_id, struct rte_eth_link *link)
{
	return get_link(port_id, link, 1);
}

int
rte_eth_link_get_nowait(uint16_t port_id, struct rte_eth_link *link)
{
	return get_link(port_id, link, 0);
}

/* ---- MAC addresses ---- */

int
rte_eth_macaddr_get(uint16_t port_id, struct rte_ether_addr *mac_addr)
{
	const struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (mac_addr == NULL)
		return -EINVAL;
	if (dev->data->mac_addrs == NULL)
		return -ENOTSUP;
	rte_ether_addr_copy(&dev->data->mac_addrs[0], mac_addr);
	return 0;
}

/* Entries of the port's address table, 0 when it has none. */
static int
count_addresses(uint16_t port_id)
{
	struct rte_eth_dev_info info;
	const int error = rte_eth_dev_info_get(port_id, &info);

	if (error != 0)
		return error;
	return rte_eth_devices[port_id].data->mac_addrs == NULL ? 0 : (int)info.max_mac_addrs;
}

int
rte_eth_macaddrs_get(uint16_t port_id, struct rte_ether_addr *ma, unsigned int num)
{
	const int entries = count_addresses(port_id);

	if (entries < 0)
		return entries;
	if (ma == NULL)
		return -EINVAL;
	num = RTE_MIN(num, (unsigned int)entries);
	memcpy(ma, rte_eth_devices[port_id].data->mac_addrs, num * sizeof(ma[0]));
	return (int)num;
}

/* The entry that holds an address, -1 when none does. */
static int
find_address(const struct rte_eth_dev *dev, int entries, const struct rte_ether_addr *address)
{
	for (int i = 0; i < entries; i++)
		if (rte_is_same_ether_addr(&dev->data->mac_addrs[i], address))
			return i;
	return -1;
}

int
rte_eth_dev_default_mac_addr_set(uint16_t port_id, struct rte_ether_addr *mac_addr)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	int entries, error;

	if (dev == NULL)
		return -ENODEV;
	if (mac_addr == NULL || !rte_is_valid_assigned_ether_addr(mac_addr))
		return -EINVAL;
	if (dev->dev_ops->mac_addr_set == NULL || dev->data->mac_addrs == NULL)
		return -ENOTSUP;
	entries = count_addresses(port_id);
	if (entries < 0)
		return entries;
	if (find_address(dev, entries, mac_addr) > 0) {
		RTE_ETHDEV_LOG(ERR, "%s has that address as an added one: remove it before making it the primary one\n",
			ethdev_label(dev));
		return -EEXIST;
	}
	error = dev->dev_ops->mac_addr_set(dev, mac_addr);
	if (error == 0)
		rte_ether_addr_copy(mac_addr, &dev->data->mac_addrs[0]);
	return ethdev_error(dev, error);
}

int
rte_eth_dev_mac_addr_add(uint16_t port_id, struct rte_ether_addr *mac_addr, uint32_t pool)
{
	static const struct rte_ether_addr free_entry;
	struct rte_eth_dev *dev = ethdev_port(port_id);
	int entries, index, error;

	if (dev == NULL)
		return -ENODEV;
	if (mac_addr == NULL || rte_is_zero_ether_addr(mac_addr) || pool >= 64)
		return -EINVAL;
	if (dev->dev_ops->mac_addr_add == NULL)
		return -ENOTSUP;
	entries = RTE_MIN(count_addresses(port_id), RTE_ETH_NUM_RECEIVE_MAC_ADDR);
	if (entries < 0)
		return entries;
	index = find_address(dev, entries, mac_addr);
	if (index >= 0 && (dev->data->mac_pool_sel[index] & RTE_BIT64(pool)) != 0)
		return 0;
	if (index < 0)
		index = find_address(dev, entries, &free_entry);
	if (index < 0) {
		RTE_ETHDEV_LOG(ERR, "%s has no room for another MAC address: all %d are taken\n", ethdev_label(dev), entries);
		return -ENOSPC;
	}
	error = dev->dev_ops->mac_addr_add(dev, mac_addr, (uint32_t)index, pool);
	if (error == 0) {
		rte_ether_addr_copy(mac_addr, &dev->data->mac_addrs[index]);
		dev->data->mac_pool_sel[index] |= RTE_BIT64(pool);
	}
	return ethdev_error(dev, error);
}

int
rte_eth_dev_mac_addr_remove(uint16_t port_id, struct rte_ether_addr *mac_addr)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	int entries, index;

	if (dev == NULL)
		return -ENODEV;
	if (mac_addr == NULL)
		return -EINVAL;
	if (dev->dev_ops->mac_addr_remove == NULL)
		return -ENOTSUP;
	entries = RTE_MIN(count_addresses(port_id), RTE_ETH_NUM_RECEIVE_MAC_ADDR);
	if (entries < 0)
		return entries;
	index = find_address(dev, entries, mac_addr);
	if (index == 0) {
		RTE_ETHDEV_LOG(ERR, "%s: its primary MAC address cannot be removed\n", ethdev_label(dev));
		return -EADDRINUSE;
	}
	if (index < 0)
		return 0;
	dev->dev_ops->mac_addr_remove(dev, (uint32_t)index);
	memset(&dev->data->mac_addrs[index], 0, sizeof(dev->data->mac_addrs[index]));
	dev->data->mac_pool_sel[index] = 0;
	return 0;
}

void
ethdev_restore_mac_addresses(struct rte_eth_dev *dev, const struct rte_eth_dev_info *info)
{
	struct rte_ether_addr *addresses = dev->data->mac_addrs;
	const uint32_t entries = RTE_MIN(info->max_mac_addrs, (uint32_t)RTE_ETH_NUM_RECEIVE_MAC_ADDR);

	if (addresses == NULL)
		return;
	if (dev->dev_ops->mac_addr_set != NULL)
		dev->dev_ops->mac_addr_set(dev, &addresses[0]);
	else if (dev->dev_ops->mac_addr_add != NULL)
		dev->dev_ops->mac_addr_add(dev, &addresses[0], 0, 0);
	if (dev->dev_ops->mac_addr_add == NULL)
		return;
	for (uint32_t i = 1; i < entries; i++)
		for (uint64_t pools = dev->data->mac_pool_sel[i]; pools != 0; pools &= pools - 1)
			dev->dev_ops->mac_addr_add(dev, &addresses[i], i, (uint32_t)__builtin_ctzll(pools));
}

/* ---- Packet types ---- */

int
rte_eth_dev_get_supported_ptypes(uint16_t port_id, uint32_t ptype_mask, uint32_t *ptypes, int num)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	const uint32_t *all;
	int count = 0;

	if (dev == NULL)
		return -ENODEV;
	if (num > 0 && ptypes == NULL)
		return -EINVAL;
	if (dev->dev_ops->dev_supported_ptypes_get == NULL)
		return 0;
	all = dev->dev_ops->dev_supported_ptypes_get(dev);
	for (; all != NULL && *all != RTE_PTYPE_UNKNOWN; all++) {
		if ((*all & ptype_mask) == 0)
			continue;
		if (count < num)
			ptypes[count] = *all;
		count++;
	}
	return count;
}

/* Each layer's mask is asked for whole or not at all. */
static int
is_layer_mask(uint32_t ptype_mask)
{
	static const uint32_t layers[] = {
		RTE_PTYPE_L2_MASK, RTE_PTYPE_L3_MASK, RTE_PTYPE_L4_MASK, RTE_PTYPE_TUNNEL_MASK, RTE_PTYPE_INNER_L2_MASK,
		RTE_PTYPE_INNER_L3_MASK, RTE_PTYPE_INNER_L4_MASK,
	};

	for (size_t i = 0; i < RTE_DIM(layers); i++)
		if ((ptype_mask & layers[i]) == layers[i])
			ptype_mask &= ~layers[i];
	return ptype_mask == 0;
}

int
rte_eth_dev_set_ptypes(uint16_t port_id, uint32_t ptype_mask, uint32_t *set_ptypes, unsigned int num)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	const uint32_t *all = NULL;
	unsigned int count = 0;

	if (dev == NULL)
		return -ENODEV;
	if (num > 0 && set_ptypes == NULL)
		return -EINVAL;
	if (num > 0)
		set_ptypes[0] = RTE_PTYPE_UNKNOWN;
	/* A driver that reports no types has nothing to leave out. */
	if (dev->dev_ops->dev_supported_ptypes_get == NULL || dev->dev_ops->dev_ptypes_set == NULL)
		return 0;
	if (!is_layer_mask(ptype_mask))
		return -EINVAL;
	if (ptype_mask != 0) {
		all = dev->dev_ops->dev_supported_ptypes_get(dev);
		if (all == NULL)
			return 0;
	}
	for (; all != NULL && *all != RTE_PTYPE_UNKNOWN && count + 1 < num; all++)
		if ((*all & ptype_mask) != 0)
			set_ptypes[count++] = *all;
	if (num > 0)
		set_ptypes[count] = RTE_PTYPE_UNKNOWN;
	return dev->dev_ops->dev_ptypes_set(dev, ptype_mask);
}

int
rte_eth_dev_fw_version_get(uint16_t port_id, char *fw_version, size_t fw_size)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (fw_version == NULL && fw_size > 0)
		return -EINVAL;
	if (dev->dev_ops->fw_version_get == NULL)
		return -ENOTSUP;
	return ethdev_error(dev, dev->dev_ops->fw_version_get(dev, fw_version, fw_size));
}
