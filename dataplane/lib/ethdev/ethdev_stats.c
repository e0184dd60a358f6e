/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Counters: the basic ones, and the extended ones made of them and of the driver's own.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ethdev_private.h"

struct counter {
	const char *name;
	size_t offset; /* in struct rte_eth_stats; for a queue's counter, of its array */
};

static const struct counter port_counters[] = {
	{"rx_good_packets", offsetof(struct rte_eth_stats, ipackets)},
	{"tx_good_packets", offsetof(struct rte_eth_stats, opackets)},
	{"rx_good_bytes", offsetof(struct rte_eth_stats, ibytes)},
	{"tx_good_bytes", offsetof(struct rte_eth_stats, obytes)},
	{"rx_missed_errors", offsetof(struct rte_eth_stats, imissed)},
	{"rx_errors", offsetof(struct rte_eth_stats, ierrors)},
	{"tx_errors", offsetof(struct rte_eth_stats, oerrors)},
	{"rx_mbuf_allocation_errors", offsetof(struct rte_eth_stats, rx_nombuf)},
};

static const struct counter rx_queue_counters[] = {
	{"packets", offsetof(struct rte_eth_stats, q_ipackets)},
	{"bytes", offsetof(struct rte_eth_stats, q_ibytes)},
	{"errors", offsetof(struct rte_eth_stats, q_errors)},
};

static const struct counter tx_queue_counters[] = {
	{"packets", offsetof(struct rte_eth_stats, q_opackets)},
	{"bytes", offsetof(struct rte_eth_stats, q_obytes)},
};

int
rte_eth_stats_get(uint16_t port_id, struct rte_eth_stats *stats)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (stats == NULL)
		return -EINVAL;
	memset(stats, 0, sizeof(*stats));
	if (dev->dev_ops->stats_get == NULL)
		return -ENOTSUP;
	stats->rx_nombuf = dev->data->rx_mbuf_alloc_failed;
	return ethdev_error(dev, dev->dev_ops->stats_get(dev, stats));
}

int
rte_eth_stats_reset(uint16_t port_id)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	int error;

	if (dev == NULL)
		return -ENODEV;
	if (dev->dev_ops->stats_reset == NULL)
		return -ENOTSUP;
	error = dev->dev_ops->stats_reset(dev);
	if (error == 0)
		dev->data->rx_mbuf_alloc_failed = 0;
	return ethdev_error(dev, error);
}

/* ---- Extended: the part every port has ---- */

/* Queues whose counters become extended ones: only where the driver fills them. */
static unsigned int
counted(const struct rte_eth_dev *dev, uint16_t queues)
{
	if ((dev->data->dev_flags & RTE_ETH_DEV_AUTOFILL_QUEUE_XSTATS) == 0)
		return 0;
	return RTE_MIN(queues, RTE_ETHDEV_QUEUE_STAT_CNTRS);
}

static unsigned int
basic_count(const struct rte_eth_dev *dev)
{
	return RTE_DIM(port_counters) + counted(dev, dev->data->nb_rx_queues) * RTE_DIM(rx_queue_counters) +
		counted(dev, dev->data->nb_tx_queues) * RTE_DIM(tx_queue_counters);
}

static uint64_t
value_at(const struct rte_eth_stats *stats, size_t offset, unsigned int queue)
{
	uint64_t value;

	memcpy(&value, (const char *)stats + offset + queue * sizeof(value), sizeof(value));
	return value;
}

/*
 * Names (when names is not NULL) and values (when xstats is not NULL) in one walk, so that their order cannot differ.
 */
static void
fill_basic(const struct rte_eth_dev *dev, const struct rte_eth_stats *stats, struct rte_eth_xstat_name *names,
	struct rte_eth_xstat *xstats)
{
	const unsigned int queues[2] = {counted(dev, dev->data->nb_rx_queues), counted(dev, dev->data->nb_tx_queues)};
	const struct counter *tables[2] = {rx_queue_counters, tx_queue_counters};
	const unsigned int entries[2] = {RTE_DIM(rx_queue_counters), RTE_DIM(tx_queue_counters)};
	unsigned int n = 0;

	for (unsigned int i = 0; i < RTE_DIM(port_counters); i++, n++) {
		if (names != NULL)
			snprintf(names[n].name, sizeof(names[n].name), "%s", port_counters[i].name);
		if (xstats != NULL)
			xstats[n].value = value_at(stats, port_counters[i].offset, 0);
	}
	for (unsigned int side = 0; side < 2; side++)
		for (unsigned int q = 0; q < queues[side]; q++)
			for (unsigned int i = 0; i < entries[side]; i++, n++) {
				if (names != NULL)
					snprintf(names[n].name, sizeof(names[n].name), "%s_q%u_%s", side == 0 ? "rx" : "tx", q,
						tables[side][i].name);
				if (xstats != NULL)
					xstats[n].value = value_at(stats, tables[side][i].offset, q);
			}
	for (unsigned int i = 0; xstats != NULL && i < n; i++)
		xstats[i].id = i;
}

/* ---- Extended: with the driver's ---- */

static int
driver_count(struct rte_eth_dev *dev)
{
	if (dev->dev_ops->xstats_get_names == NULL)
		return 0;
	return ethdev_error(dev, dev->dev_ops->xstats_get_names(dev, NULL, 0));
}

int
rte_eth_xstats_get_names(uint16_t port_id, struct rte_eth_xstat_name *xstats_names, unsigned int size)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	unsigned int basic;
	int own;

	if (dev == NULL)
		return -ENODEV;
	basic = basic_count(dev);
	own = driver_count(dev);
	if (own < 0)
		return own;
	if (xstats_names == NULL || size < basic + own)
		return (int)basic + own;
	fill_basic(dev, NULL, xstats_names, NULL);
	if (own > 0) {
		own = dev->dev_ops->xstats_get_names(dev, xstats_names + basic, size - basic);
		if (own < 0)
			return ethdev_error(dev, own);
	}
	return (int)basic + own;
}

int
rte_eth_xstats_get(uint16_t port_id, struct rte_eth_xstat *xstats, unsigned int n)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	struct rte_eth_stats stats;
	unsigned int basic;
	int own = 0, error;

	if (dev == NULL)
		return -ENODEV;
	if (xstats == NULL && n > 0)
		return -EINVAL;
	basic = basic_count(dev);
	if (dev->dev_ops->xstats_get != NULL) {
		own = n > basic ? dev->dev_ops->xstats_get(dev, xstats + basic, n - basic) :
			dev->dev_ops->xstats_get(dev, NULL, 0);
		if (own < 0)
			return ethdev_error(dev, own);
	}
	if (n < basic + own)
		return (int)basic + own;
	error = rte_eth_stats_get(port_id, &stats);
	if (error != 0)
		return error;
	fill_basic(dev, &stats, NULL, xstats);
	for (int i = 0; i < own; i++)
		xstats[basic + i].id += basic;
	return (int)basic + own;
}

int
rte_eth_xstats_get_names_by_id(uint16_t port_id, struct rte_eth_xstat_name *xstats_names, unsigned int size, uint64_t *ids)
{
	struct rte_eth_xstat_name *all;
	const int count = rte_eth_xstats_get_names(port_id, NULL, 0);
	int result;

	if (count < 0)
		return count;
	if (ids == NULL)
		return rte_eth_xstats_get_names(port_id, xstats_names, size);
	if (xstats_names == NULL)
		return -EINVAL;
	all = calloc((size_t)count, sizeof(*all));
	if (all == NULL)
		return -ENOMEM;
	result = rte_eth_xstats_get_names(port_id, all, (unsigned int)count);
	if (result >= 0)
		result = (int)size;
	for (unsigned int i = 0; i < size && result >= 0; i++) {
		if (ids[i] < (uint64_t)count)
			xstats_names[i] = all[ids[i]];
		else
			result = -1;
	}
	free(all);
	return result;
}

/* The values of all counters, indexed by id: the driver may deliver its own in any order. */
static int
collect(uint16_t port_id, uint64_t *values, unsigned int count)
{
	struct rte_eth_xstat *all = calloc(count, sizeof(*all));
	int got;

	if (all == NULL)
		return -ENOMEM;
	got = rte_eth_xstats_get(port_id, all, count);
	for (int i = 0; i < got && i < (int)count; i++)
		if (all[i].id < count)
			values[all[i].id] = all[i].value;
	free(all);
	return got;
}

int
rte_eth_xstats_get_by_id(uint16_t port_id, const uint64_t *ids, uint64_t *values, unsigned int size)
{
	const int count = rte_eth_xstats_get(port_id, NULL, 0);
	uint64_t *all;
	int result;

	if (count < 0)
		return count;
	if (ids == NULL && (values == NULL || size < (unsigned int)count))
		return count;
	if (values == NULL)
		return -EINVAL;
	all = calloc((size_t)count, sizeof(*all));
	if (all == NULL)
		return -ENOMEM;
	result = collect(port_id, all, (unsigned int)count);
	if (result >= 0 && ids == NULL) {
		memcpy(values, all, (size_t)count * sizeof(*all));
		result = count;
	} else if (result >= 0) {
		result = (int)size;
		for (unsigned int i = 0; i < size && result >= 0; i++) {
			if (ids[i] < (uint64_t)count)
				values[i] = all[ids[i]];
			else
				result = -1;
		}
	}
	free(all);
	return result;
}

int
rte_eth_xstats_get_id_by_name(uint16_t port_id, const char *xstat_name, uint64_t *id)
{
	struct rte_eth_xstat_name *all;
	int count = rte_eth_xstats_get_names(port_id, NULL, 0);
	int result = -EINVAL;

	if (count < 0)
		return count;
	if (xstat_name == NULL || id == NULL)
		return -ENOMEM;
	all = calloc((size_t)count, sizeof(*all));
	if (all == NULL)
		return -ENOMEM;
	count = rte_eth_xstats_get_names(port_id, all, (unsigned int)count);
	for (int i = 0; i < count && result != 0; i++)
		if (strncmp(all[i].name, xstat_name, sizeof(all[i].name)) == 0) {
			*id = (uint64_t)i;
			result = 0;
		}
	free(all);
	return count < 0 ? count : result;
}

int
rte_eth_xstats_reset(uint16_t port_id)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (dev->dev_ops->xstats_reset != NULL)
		return ethdev_error(dev, dev->dev_ops->xstats_reset(dev));
	return rte_eth_stats_reset(port_id);
}
