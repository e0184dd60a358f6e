/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a port offers, and configuring it.
 */
#include <errno.h>
#include <string.h>

#include "ethdev_private.h"

int
rte_eth_dev_info_get(uint16_t port_id, struct rte_eth_dev_info *dev_info)
{
	static const struct rte_eth_desc_lim any = {
		.nb_max = UINT16_MAX, .nb_min = 0, .nb_align = 1, .nb_seg_max = UINT16_MAX, .nb_mtu_seg_max = UINT16_MAX,
	};
	struct rte_eth_dev *dev = ethdev_port(port_id);
	int error;

	if (dev == NULL)
		return -ENODEV;
	if (dev_info == NULL) {
		RTE_ETHDEV_LOG(ERR, "%s: no place for its information\n", ethdev_label(dev));
		return -EINVAL;
	}
	memset(dev_info, 0, sizeof(*dev_info));
	if (dev->dev_ops == NULL || dev->dev_ops->dev_infos_get == NULL)
		return -ENOTSUP;
	dev_info->switch_info.domain_id = RTE_ETH_DEV_SWITCH_DOMAIN_ID_INVALID;
	dev_info->device = dev->device;
	dev_info->min_mtu = RTE_ETHER_MIN_LEN - RTE_ETHER_HDR_LEN - RTE_ETHER_CRC_LEN;
	dev_info->max_mtu = UINT16_MAX;
	dev_info->rx_desc_lim = any;
	dev_info->tx_desc_lim = any;
	error = dev->dev_ops->dev_infos_get(dev, dev_info);
	if (error != 0) {
		memset(dev_info, 0, sizeof(*dev_info));
		return ethdev_error(dev, error);
	}
	dev_info->max_rx_queues = RTE_MIN(dev_info->max_rx_queues, RTE_MAX_QUEUES_PER_PORT);
	dev_info->max_tx_queues = RTE_MIN(dev_info->max_tx_queues, RTE_MAX_QUEUES_PER_PORT);
	if (dev->device != NULL && dev->device->driver != NULL)
		dev_info->driver_name = dev->device->driver->name;
	dev_info->nb_rx_queues = dev->data->nb_rx_queues;
	dev_info->nb_tx_queues = dev->data->nb_tx_queues;
	dev_info->dev_flags = &dev->data->dev_flags;
	return 0;
}

int
rte_eth_dev_conf_get(uint16_t port_id, struct rte_eth_conf *dev_conf)
{
	const struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (dev_conf == NULL)
		return -EINVAL;
	*dev_conf = dev->data->dev_conf;
	return 0;
}

/* ---- Checks ---- */

/* Bytes of a frame beside its L3 part, as the device counts them. */
static uint32_t
overhead(const struct rte_eth_dev_info *info)
{
	if (info->max_mtu != UINT16_MAX && info->max_rx_pktlen > info->max_mtu)
		return info->max_rx_pktlen - info->max_mtu;
	return RTE_ETHER_HDR_LEN + RTE_ETHER_CRC_LEN;
}

int
ethdev_check_mtu(const struct rte_eth_dev *dev, const struct rte_eth_dev_info *info, uint32_t mtu)
{
	const uint64_t frame = (uint64_t)mtu + overhead(info);

	if (mtu < info->min_mtu || mtu > info->max_mtu) {
		RTE_ETHDEV_LOG(ERR, "%s cannot have an MTU of %u: %u to %u\n", ethdev_label(dev), mtu, info->min_mtu,
			info->max_mtu);
		return -EINVAL;
	}
	if (frame < RTE_ETHER_MIN_LEN || frame > info->max_rx_pktlen) {
		RTE_ETHDEV_LOG(ERR, "%s cannot have an MTU of %u: its frames have %u to %u bytes\n", ethdev_label(dev), mtu,
			RTE_ETHER_MIN_LEN, info->max_rx_pktlen);
		return -EINVAL;
	}
	return 0;
}

static int
check_offloads(const struct rte_eth_dev *dev, const char *what, uint64_t asked, uint64_t offered,
	const char *(*name)(uint64_t bit))
{
	char missing[320], there[320];

	if ((asked & ~offered) == 0)
		return 0;
	RTE_ETHDEV_LOG(ERR, "%s does not offer these %s offloads: %s; it offers: %s\n", ethdev_label(dev), what,
		ethdev_names(missing, sizeof(missing), asked & ~offered, name),
		ethdev_names(there, sizeof(there), offered, name));
	return -EINVAL;
}

static int
check_counts(const struct rte_eth_dev *dev, const struct rte_eth_dev_info *info, uint16_t rx, uint16_t tx)
{
	if (rx <= info->max_rx_queues && tx <= info->max_tx_queues)
		return 0;
	RTE_ETHDEV_LOG(ERR, "%s cannot have %u Rx and %u Tx queues: at most %u and %u\n", ethdev_label(dev), rx, tx,
		info->max_rx_queues, info->max_tx_queues);
	return -EINVAL;
}

static int
check_lro(const struct rte_eth_dev *dev, const struct rte_eth_dev_info *info, struct rte_eth_rxmode *mode)
{
	const uint32_t frame = mode->mtu + overhead(info);

	if ((mode->offloads & RTE_ETH_RX_OFFLOAD_TCP_LRO) == 0)
		return 0;
	if (mode->max_lro_pkt_size == 0)
		mode->max_lro_pkt_size = frame;
	if (mode->max_lro_pkt_size >= frame && mode->max_lro_pkt_size <= RTE_MAX(info->max_lro_pkt_size, frame))
		return 0;
	RTE_ETHDEV_LOG(ERR, "%s cannot have max_lro_pkt_size %u: %u to %u\n", ethdev_label(dev), mode->max_lro_pkt_size,
		frame, info->max_lro_pkt_size);
	return -EINVAL;
}

/* Everything that can be said before the driver is asked. conf gets its defaults filled in. */
static int
check_conf(const struct rte_eth_dev *dev, const struct rte_eth_dev_info *info, struct rte_eth_conf *conf)
{
	const uint64_t hash = rte_eth_rss_hf_refine(conf->rx_adv_conf.rss_conf.rss_hf);
	int error;

	if (conf->intr_conf.lsc && (dev->data->dev_flags & RTE_ETH_DEV_INTR_LSC) == 0) {
		RTE_ETHDEV_LOG(ERR, "%s does not report link changes (intr_conf.lsc)\n", ethdev_label(dev));
		return -EINVAL;
	}
	if (conf->intr_conf.rmv && (dev->data->dev_flags & RTE_ETH_DEV_INTR_RMV) == 0) {
		RTE_ETHDEV_LOG(ERR, "%s does not report its removal (intr_conf.rmv)\n", ethdev_label(dev));
		return -EINVAL;
	}
	if (conf->rxmode.mtu == 0)
		conf->rxmode.mtu = info->max_mtu == 0 ? RTE_ETHER_MTU : RTE_MIN(info->max_mtu, RTE_ETHER_MTU);
	error = ethdev_check_mtu(dev, info, conf->rxmode.mtu);
	if (error == 0)
		error = check_offloads(dev, "Rx", conf->rxmode.offloads, info->rx_offload_capa, rte_eth_dev_rx_offload_name);
	if (error == 0)
		error = check_offloads(dev, "Tx", conf->txmode.offloads, info->tx_offload_capa, rte_eth_dev_tx_offload_name);
	if (error == 0)
		error = check_lro(dev, info, &conf->rxmode);
	if (error != 0)
		return error;

	conf->rx_adv_conf.rss_conf.rss_hf = hash;
	if ((hash & ~info->flow_type_rss_offloads) != 0) {
		RTE_ETHDEV_LOG(ERR, "%s cannot hash rss_hf 0x%llx; it can 0x%llx\n", ethdev_label(dev),
			(unsigned long long)hash, (unsigned long long)info->flow_type_rss_offloads);
		return -EINVAL;
	}
	if ((conf->rxmode.offloads & RTE_ETH_RX_OFFLOAD_RSS_HASH) != 0 &&
			(conf->rxmode.mq_mode & RTE_ETH_MQ_RX_RSS_FLAG) == 0) {
		RTE_ETHDEV_LOG(ERR, "%s: the Rx offload RSS_HASH needs an mq_mode with RSS\n", ethdev_label(dev));
		return -EINVAL;
	}
	return 0;
}

/* ---- Configuring ---- */

/* A driver may clear an offload it turns out not to have; the application must not find out from packets. */
static int
check_kept(const struct rte_eth_dev *dev, const struct rte_eth_conf *asked)
{
	const struct rte_eth_conf *kept = &dev->data->dev_conf;
	int error;

	error = check_offloads(dev, "Rx", asked->rxmode.offloads, kept->rxmode.offloads, rte_eth_dev_rx_offload_name);
	if (error == 0)
		error = check_offloads(dev, "Tx", asked->txmode.offloads, kept->txmode.offloads, rte_eth_dev_tx_offload_name);
	return error;
}

static int
configure(struct rte_eth_dev *dev, const struct rte_eth_dev_info *info, uint16_t rx, uint16_t tx,
	const struct rte_eth_conf *asked)
{
	int error;

	if (rx == 0 && tx == 0) {
		rx = info->default_rxportconf.nb_queues != 0 ? info->default_rxportconf.nb_queues : 1;
		tx = info->default_txportconf.nb_queues != 0 ? info->default_txportconf.nb_queues : 1;
	}
	error = check_counts(dev, info, rx, tx);
	if (error == 0)
		error = check_conf(dev, info, &dev->data->dev_conf);
	if (error != 0)
		return error;
	dev->data->mtu = (uint16_t)dev->data->dev_conf.rxmode.mtu;

	error = ethdev_resize_rx_queues(dev, rx);
	if (error == 0)
		error = ethdev_resize_tx_queues(dev, tx);
	if (error == 0)
		error = ethdev_error(dev, dev->dev_ops->dev_configure(dev));
	if (error == 0)
		error = check_kept(dev, asked);
	if (error != 0) {
		RTE_ETHDEV_LOG(ERR, "%s could not be configured: error %d\n", ethdev_label(dev), error);
		ethdev_resize_rx_queues(dev, 0);
		ethdev_resize_tx_queues(dev, 0);
	}
	return error;
}

int
rte_eth_dev_configure(uint16_t port_id, uint16_t nb_rx_queue, uint16_t nb_tx_queue, const struct rte_eth_conf *eth_conf)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	struct rte_eth_conf before, asked;
	struct rte_eth_dev_info info;
	uint16_t mtu_before;
	int error;

	if (dev == NULL)
		return -ENODEV;
	if (eth_conf == NULL) {
		RTE_ETHDEV_LOG(ERR, "%s: no configuration given\n", ethdev_label(dev));
		return -EINVAL;
	}
	if (dev->dev_ops->dev_configure == NULL)
		return -ENOTSUP;
	if (dev->data->dev_started) {
		RTE_ETHDEV_LOG(ERR, "%s is started: stop it before configuring it\n", ethdev_label(dev));
		return -EBUSY;
	}
	/* The driver reads the new configuration from data, already while it tells what it offers. */
	dev->data->dev_configured = 0;
	before = dev->data->dev_conf;
	mtu_before = dev->data->mtu;
	asked = *eth_conf;
	dev->data->dev_conf = asked;
	error = rte_eth_dev_info_get(port_id, &info);
	if (error == 0)
		error = configure(dev, &info, nb_rx_queue, nb_tx_queue, &asked);
	if (error != 0) {
		dev->data->dev_conf = before;
		dev->data->mtu = mtu_before;
		return error;
	}
	dev->data->dev_configured = 1;
	return 0;
}

int
rte_eth_dev_get_mtu(uint16_t port_id, uint16_t *mtu)
{
	const struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (mtu == NULL)
		return -EINVAL;
	*mtu = dev->data->mtu;
	return 0;
}

int
rte_eth_dev_set_mtu(uint16_t port_id, uint16_t mtu)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	struct rte_eth_dev_info info;
	int error;

	if (dev == NULL)
		return -ENODEV;
	if (dev->dev_ops->mtu_set == NULL)
		return -ENOTSUP;
	error = rte_eth_dev_info_get(port_id, &info);
	if (error == 0)
		error = ethdev_check_mtu(dev, &info, mtu);
	if (error != 0)
		return error;
	if (!dev->data->dev_configured) {
		RTE_ETHDEV_LOG(ERR, "%s is not configured: its MTU cannot be set\n", ethdev_label(dev));
		return -EINVAL;
	}
	error = dev->dev_ops->mtu_set(dev, mtu);
	if (error == 0)
		dev->data->mtu = mtu;
	return ethdev_error(dev, error);
}
