/* SPDX-License-Identifier: BSD-3-Clause
 *
 * VLANs of a port.
 */
#include "ethdev_private.h"

/* What callers say and what the configuration holds. */
static const struct {
	int said;
	int mask;
	uint64_t held;
} vlan_offloads[] = {
	{RTE_ETH_VLAN_STRIP_OFFLOAD, RTE_ETH_VLAN_STRIP_MASK, RTE_ETH_RX_OFFLOAD_VLAN_STRIP},
	{RTE_ETH_VLAN_FILTER_OFFLOAD, RTE_ETH_VLAN_FILTER_MASK, RTE_ETH_RX_OFFLOAD_VLAN_FILTER},
	{RTE_ETH_VLAN_EXTEND_OFFLOAD, RTE_ETH_VLAN_EXTEND_MASK, RTE_ETH_RX_OFFLOAD_VLAN_EXTEND},
	{RTE_ETH_QINQ_STRIP_OFFLOAD, RTE_ETH_QINQ_STRIP_MASK, RTE_ETH_RX_OFFLOAD_QINQ_STRIP},
};

int
rte_eth_dev_vlan_filter(uint16_t port_id, uint16_t vlan_id, int on)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	uint64_t *word;
	int error;

	if (dev == NULL)
		return -ENODEV;
	if ((dev->data->dev_conf.rxmode.offloads & RTE_ETH_RX_OFFLOAD_VLAN_FILTER) == 0) {
		RTE_ETHDEV_LOG(ERR, "%s does not filter VLANs: configure it with the Rx offload VLAN_FILTER\n", ethdev_label(dev));
		return -ENOSYS;
	}
	if (vlan_id > RTE_ETH_VLAN_ID_MAX)
		return ethdev_unsound(dev, __func__);
	if (dev->dev_ops->vlan_filter_set == NULL)
		return -ENOTSUP;
	error = dev->dev_ops->vlan_filter_set(dev, vlan_id, on);
	if (error != 0)
		return ethdev_error(dev, error);
	word = &dev->data->vlan_filter_conf.ids[vlan_id / 64];
	*word = on ? *word | RTE_BIT64(vlan_id % 64) : *word & ~RTE_BIT64(vlan_id % 64);
	return 0;
}

int
rte_eth_dev_set_vlan_strip_on_queue(uint16_t port_id, uint16_t rx_queue_id, int on)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (ethdev_check_rx_queue(dev, rx_queue_id) != 0)
		return -EINVAL;
	if (dev->dev_ops->vlan_strip_queue_set == NULL)
		return -ENOTSUP;
	dev->dev_ops->vlan_strip_queue_set(dev, rx_queue_id, on);
	return 0;
}

int
rte_eth_dev_set_vlan_ether_type(uint16_t port_id, enum rte_vlan_type vlan_type, uint16_t tag_type)
{
	ETHDEV_CALL(port_id, true, vlan_tpid_set, dev, vlan_type, tag_type);
}

int
rte_eth_dev_set_vlan_offload(uint16_t port_id, int offload_mask)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	uint64_t before, after;
	struct rte_eth_dev_info info;
	int changed = 0, error;

	if (dev == NULL)
		return -ENODEV;
	before = after = dev->data->dev_conf.rxmode.offloads;
	for (unsigned int i = 0; i < RTE_DIM(vlan_offloads); i++) {
		const uint64_t held = vlan_offloads[i].held;

		if (((offload_mask & vlan_offloads[i].said) != 0) == ((before & held) != 0))
			continue;
		after ^= held;
		changed |= vlan_offloads[i].mask;
	}
	if (changed == 0)
		return 0;
	error = rte_eth_dev_info_get(port_id, &info);
	if (error != 0)
		return error;
	if ((after & ~info.rx_offload_capa) != 0) {
		char missing[320];

		RTE_ETHDEV_LOG(ERR, "%s does not offer these Rx offloads: %s\n", ethdev_label(dev),
			ethdev_names(missing, sizeof(missing), after & ~info.rx_offload_capa, rte_eth_dev_rx_offload_name));
		return -EINVAL;
	}
	if (dev->dev_ops->vlan_offload_set == NULL)
		return -ENOTSUP;
	/* The driver reads the new state from the configuration. */
	dev->data->dev_conf.rxmode.offloads = after;
	error = dev->dev_ops->vlan_offload_set(dev, changed);
	if (error != 0)
		dev->data->dev_conf.rxmode.offloads = before;
	return ethdev_error(dev, error);
}

int
rte_eth_dev_get_vlan_offload(uint16_t port_id)
{
	const struct rte_eth_dev *dev = ethdev_port(port_id);
	int active = 0;

	if (dev == NULL)
		return -ENODEV;
	for (unsigned int i = 0; i < RTE_DIM(vlan_offloads); i++)
		if ((dev->data->dev_conf.rxmode.offloads & vlan_offloads[i].held) != 0)
			active |= vlan_offloads[i].said;
	return active;
}

int
rte_eth_dev_set_vlan_pvid(uint16_t port_id, uint16_t pvid, int on)
{
	ETHDEV_CALL(port_id, true, vlan_pvid_set, dev, pvid, on);
}
