/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The device behind a port: what only its driver knows how to do.
 */
#include <stdbool.h>
#include <string.h>

#include <rte_mbuf_ptype.h>

#include "ethdev_private.h"

/* ---- Registers, EEPROM, modules, lights ---- */

int
rte_eth_dev_get_reg_info(uint16_t port_id, struct rte_dev_reg_info *info)
{
	ETHDEV_CALL(port_id, info != NULL, get_reg, dev, info);
}

int
rte_eth_dev_get_eeprom_length(uint16_t port_id)
{
	ETHDEV_CALL(port_id, true, get_eeprom_length, dev);
}

int
rte_eth_dev_get_eeprom(uint16_t port_id, struct rte_dev_eeprom_info *info)
{
	ETHDEV_CALL(port_id, info != NULL, get_eeprom, dev, info);
}

int
rte_eth_dev_set_eeprom(uint16_t port_id, struct rte_dev_eeprom_info *info)
{
	ETHDEV_CALL(port_id, info != NULL, set_eeprom, dev, info);
}

int
rte_eth_dev_get_module_info(uint16_t port_id, struct rte_eth_dev_module_info *modinfo)
{
	ETHDEV_CALL(port_id, modinfo != NULL, get_module_info, dev, modinfo);
}

int
rte_eth_dev_get_module_eeprom(uint16_t port_id, struct rte_dev_eeprom_info *info)
{
	ETHDEV_CALL(port_id, info != NULL && info->data != NULL && info->length > 0, get_module_eeprom, dev, info);
}

int
rte_eth_led_on(uint16_t port_id)
{
	ETHDEV_CALL(port_id, true, dev_led_on, dev);
}

int
rte_eth_led_off(uint16_t port_id)
{
	ETHDEV_CALL(port_id, true, dev_led_off, dev);
}

/* ---- Forward error correction ---- */

int
rte_eth_fec_get_capability(uint16_t port_id, struct rte_eth_fec_capa *speed_fec_capa, unsigned int num)
{
	ETHDEV_CALL(port_id, speed_fec_capa != NULL || num == 0, fec_get_capability, dev, speed_fec_capa, num);
}

int
rte_eth_fec_get(uint16_t port_id, uint32_t *fec_capa)
{
	ETHDEV_CALL(port_id, fec_capa != NULL, fec_get, dev, fec_capa);
}

int
rte_eth_fec_set(uint16_t port_id, uint32_t fec_capa)
{
	ETHDEV_CALL(port_id, fec_capa != 0, fec_set, dev, fec_capa);
}

/* ---- Clocks ---- */

int
rte_eth_timesync_enable(uint16_t port_id)
{
	ETHDEV_CALL(port_id, true, timesync_enable, dev);
}

int
rte_eth_timesync_disable(uint16_t port_id)
{
	ETHDEV_CALL(port_id, true, timesync_disable, dev);
}

int
rte_eth_timesync_read_rx_timestamp(uint16_t port_id, struct timespec *timestamp, uint32_t flags)
{
	ETHDEV_CALL(port_id, timestamp != NULL, timesync_read_rx_timestamp, dev, timestamp, flags);
}

int
rte_eth_timesync_read_tx_timestamp(uint16_t port_id, struct timespec *timestamp)
{
	ETHDEV_CALL(port_id, timestamp != NULL, timesync_read_tx_timestamp, dev, timestamp);
}

int
rte_eth_timesync_adjust_time(uint16_t port_id, int64_t delta)
{
	ETHDEV_CALL(port_id, true, timesync_adjust_time, dev, delta);
}

int
rte_eth_timesync_read_time(uint16_t port_id, struct timespec *time)
{
	ETHDEV_CALL(port_id, time != NULL, timesync_read_time, dev, time);
}

int
rte_eth_timesync_write_time(uint16_t port_id, const struct timespec *time)
{
	ETHDEV_CALL(port_id, time != NULL, timesync_write_time, dev, time);
}

int
rte_eth_read_clock(uint16_t port_id, uint64_t *clock)
{
	ETHDEV_CALL(port_id, clock != NULL, read_clock, dev, clock);
}

/* ---- Pools and packets ---- */

int
rte_eth_dev_pool_ops_supported(uint16_t port_id, const char *pool)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (pool == NULL)
		return ethdev_unsound(dev, __func__);
	/* A driver without an opinion takes any. */
	return dev->dev_ops->pool_ops_supported == NULL ? 1 : dev->dev_ops->pool_ops_supported(dev, pool);
}

int
rte_eth_buffer_split_get_supported_hdr_ptypes(uint16_t port_id, uint32_t *ptypes, int num)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	const uint32_t *all;
	int count = 0;

	if (dev == NULL)
		return -ENODEV;
	if (ptypes == NULL && num > 0)
		return ethdev_unsound(dev, __func__);
	if (dev->dev_ops->buffer_split_supported_hdr_ptypes_get == NULL)
		return -ENOTSUP;
	all = dev->dev_ops->buffer_split_supported_hdr_ptypes_get(dev);
	for (; all != NULL && all[count] != RTE_PTYPE_UNKNOWN; count++)
		if (count < num)
			ptypes[count] = all[count];
	return count;
}

int
rte_eth_rx_metadata_negotiate(uint16_t port_id, uint64_t *features)
{
	const struct rte_eth_dev *port = ethdev_port(port_id);

	if (port != NULL && port->data->dev_configured) {
		RTE_ETHDEV_LOG(ERR, "%s is configured: metadata is negotiated before\n", ethdev_label(port));
		return -EBUSY;
	}
	ETHDEV_CALL(port_id, features != NULL, rx_metadata_negotiate, dev, features);
}

int
rte_eth_ip_reassembly_capability_get(uint16_t port_id, struct rte_eth_ip_reassembly_params *capa)
{
	if (capa != NULL && rte_eth_dev_is_valid_port(port_id))
		memset(capa, 0, sizeof(*capa));
	ETHDEV_CALL(port_id, dev->data->dev_configured && capa != NULL, ip_reassembly_capability_get, dev, capa);
}

int
rte_eth_ip_reassembly_conf_get(uint16_t port_id, struct rte_eth_ip_reassembly_params *conf)
{
	if (conf != NULL && rte_eth_dev_is_valid_port(port_id))
		memset(conf, 0, sizeof(*conf));
	ETHDEV_CALL(port_id, dev->data->dev_configured && conf != NULL, ip_reassembly_conf_get, dev, conf);
}

int
rte_eth_ip_reassembly_conf_set(uint16_t port_id, const struct rte_eth_ip_reassembly_params *conf)
{
	ETHDEV_CALL(port_id, dev->data->dev_configured && !dev->data->dev_started && conf != NULL, ip_reassembly_conf_set, dev,
		conf);
}

/* ---- Congestion management ---- */

int
rte_eth_cman_info_get(uint16_t port_id, struct rte_eth_cman_info *info)
{
	if (info != NULL && rte_eth_dev_is_valid_port(port_id))
		memset(info, 0, sizeof(*info));
	ETHDEV_CALL(port_id, info != NULL, cman_info_get, dev, info);
}

int
rte_eth_cman_config_init(uint16_t port_id, struct rte_eth_cman_config *config)
{
	if (config != NULL && rte_eth_dev_is_valid_port(port_id))
		memset(config, 0, sizeof(*config));
	ETHDEV_CALL(port_id, config != NULL, cman_config_init, dev, config);
}

int
rte_eth_cman_config_set(uint16_t port_id, const struct rte_eth_cman_config *config)
{
	ETHDEV_CALL(port_id, config != NULL, cman_config_set, dev, config);
}

int
rte_eth_cman_config_get(uint16_t port_id, struct rte_eth_cman_config *config)
{
	if (config != NULL && rte_eth_dev_is_valid_port(port_id))
		memset(config, 0, sizeof(*config));
	ETHDEV_CALL(port_id, config != NULL, cman_config_get, dev, config);
}

/* ---- Representors, and looking inside ---- */

int
rte_eth_representor_info_get(uint16_t port_id, struct rte_eth_representor_info *info)
{
	ETHDEV_CALL(port_id, true, representor_info_get, dev, info);
}

int
rte_eth_get_monitor_addr(uint16_t port_id, uint16_t queue_id, struct rte_power_monitor_cond *pmc)
{
	ETHDEV_CALL(port_id, queue_id < dev->data->nb_rx_queues && pmc != NULL, get_monitor_addr,
		dev->data->rx_queues[queue_id], pmc);
}

int
rte_eth_dev_priv_dump(uint16_t port_id, FILE *file)
{
	ETHDEV_CALL(port_id, file != NULL, eth_dev_priv_dump, dev, file);
}

int
rte_eth_rx_descriptor_dump(uint16_t port_id, uint16_t queue_id, uint16_t offset, uint16_t num, FILE *file)
{
	ETHDEV_CALL(port_id, queue_id < dev->data->nb_rx_queues && file != NULL, eth_rx_descriptor_dump, dev, queue_id, offset,
		num, file);
}

int
rte_eth_tx_descriptor_dump(uint16_t port_id, uint16_t queue_id, uint16_t offset, uint16_t num, FILE *file)
{
	ETHDEV_CALL(port_id, queue_id < dev->data->nb_tx_queues && file != NULL, eth_tx_descriptor_dump, dev, queue_id, offset,
		num, file);
}

/* ---- Switches ---- */

static bool switch_taken[RTE_MAX_ETHPORTS];

int
rte_eth_switch_domain_alloc(uint16_t *domain_id)
{
	if (domain_id == NULL)
		return -EINVAL;
	*domain_id = RTE_ETH_DEV_SWITCH_DOMAIN_ID_INVALID;
	for (uint16_t i = 0; i < RTE_MAX_ETHPORTS; i++)
		if (!__atomic_exchange_n(&switch_taken[i], true, __ATOMIC_ACQ_REL)) {
			*domain_id = i;
			return 0;
		}
	return -ENOSPC;
}

int
rte_eth_switch_domain_free(uint16_t domain_id)
{
	if (domain_id >= RTE_MAX_ETHPORTS || !__atomic_exchange_n(&switch_taken[domain_id], false, __ATOMIC_ACQ_REL))
		return -EINVAL;
	return 0;
}

void *
rte_eth_dev_get_sec_ctx(uint16_t port_id)
{
	const struct rte_eth_dev *dev = ethdev_port(port_id);

	return dev == NULL ? NULL : dev->security_ctx;
}
