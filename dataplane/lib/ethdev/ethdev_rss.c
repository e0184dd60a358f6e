/* SPDX-License-Identifier: BSD-3-Clause
 *
 * How received packets are spread over queues, while a port is configured.
 */
#include "ethdev_private.h"

/* Entries can be changed only where something is hashed. */
static int
check_mode(const struct rte_eth_dev *dev)
{
	if ((dev->data->dev_conf.rxmode.mq_mode & RTE_ETH_MQ_RX_RSS_FLAG) != 0)
		return 0;
	RTE_ETHDEV_LOG(ERR, "%s was not configured with an mq_mode that has RSS\n", ethdev_label(dev));
	return -ENOTSUP;
}

int
rte_eth_dev_rss_hash_update(uint16_t port_id, struct rte_eth_rss_conf *rss_conf)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	struct rte_eth_dev_info info;
	int error;

	if (dev == NULL)
		return -ENODEV;
	if (rss_conf == NULL)
		return ethdev_unsound(dev, __func__);
	error = rte_eth_dev_info_get(port_id, &info);
	if (error != 0)
		return error;
	rss_conf->rss_hf = rte_eth_rss_hf_refine(rss_conf->rss_hf);
	if ((rss_conf->rss_hf & ~info.flow_type_rss_offloads) != 0) {
		RTE_ETHDEV_LOG(ERR, "%s cannot hash rss_hf 0x%llx; it can 0x%llx\n", ethdev_label(dev),
			(unsigned long long)rss_conf->rss_hf, (unsigned long long)info.flow_type_rss_offloads);
		return -EINVAL;
	}
	error = check_mode(dev);
	if (error != 0)
		return error;
	if (dev->dev_ops->rss_hash_update == NULL)
		return -ENOTSUP;
	return ethdev_error(dev, dev->dev_ops->rss_hash_update(dev, rss_conf));
}

int
rte_eth_dev_rss_hash_conf_get(uint16_t port_id, struct rte_eth_rss_conf *rss_conf)
{
	ETHDEV_CALL(port_id, rss_conf != NULL, rss_hash_conf_get, dev, rss_conf);
}

/* Whether a table of that size has an entry that is meant. */
static bool
names_entries(const struct rte_eth_rss_reta_entry64 *table, uint16_t size)
{
	const unsigned int groups = (size + RTE_ETH_RETA_GROUP_SIZE - 1u) / RTE_ETH_RETA_GROUP_SIZE;

	for (unsigned int i = 0; i < groups; i++)
		if (table[i].mask != 0)
			return true;
	return false;
}

static int
check_table(const struct rte_eth_dev *dev, const struct rte_eth_rss_reta_entry64 *table, uint16_t size)
{
	for (unsigned int i = 0; i < size; i++) {
		const struct rte_eth_rss_reta_entry64 *group = &table[i / RTE_ETH_RETA_GROUP_SIZE];
		const unsigned int place = i % RTE_ETH_RETA_GROUP_SIZE;

		if ((group->mask & RTE_BIT64(place)) == 0 || group->reta[place] < dev->data->nb_rx_queues)
			continue;
		RTE_ETHDEV_LOG(ERR, "%s: entry %u of the redirection table says queue %u of %u\n", ethdev_label(dev), i,
			group->reta[place], dev->data->nb_rx_queues);
		return -EINVAL;
	}
	return 0;
}

int
rte_eth_dev_rss_reta_update(uint16_t port_id, struct rte_eth_rss_reta_entry64 *reta_conf, uint16_t reta_size)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	int error;

	if (dev == NULL)
		return -ENODEV;
	if (reta_conf == NULL || !names_entries(reta_conf, reta_size))
		return ethdev_unsound(dev, __func__);
	error = check_table(dev, reta_conf, reta_size);
	if (error == 0)
		error = check_mode(dev);
	if (error != 0)
		return error;
	if (dev->dev_ops->reta_update == NULL)
		return -ENOTSUP;
	return ethdev_error(dev, dev->dev_ops->reta_update(dev, reta_conf, reta_size));
}

int
rte_eth_dev_rss_reta_query(uint16_t port_id, struct rte_eth_rss_reta_entry64 *reta_conf, uint16_t reta_size)
{
	ETHDEV_CALL(port_id, reta_conf != NULL && names_entries(reta_conf, reta_size), reta_query, dev, reta_conf, reta_size);
}
