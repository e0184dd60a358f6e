/* SPDX-License-Identifier: BSD-3-Clause */
#include "net_pcap.h"

#include <stdio.h>
#include <string.h>

struct xstat {
	const char *name;
	uint64_t (*value)(const struct rte_eth_dev *dev);
};

static const struct net_pcap_port *
port_of(const struct rte_eth_dev *dev)
{
	return dev->data->dev_private;
}

static struct net_pcap_counters
rx_now(const struct net_pcap_port *port, unsigned int queue)
{
	const struct net_pcap_counters *count = &port->rx[queue].count;

	return (struct net_pcap_counters){ .packets = net_pcap_counter(&count->packets),
		.bytes = net_pcap_counter(&count->bytes) };
}

/* A frame accepted and lost later moves from packets to errors. */
static struct net_pcap_counters
tx_now(const struct net_pcap_port *port, unsigned int queue)
{
	const struct net_pcap_tx_queue *tx = &port->tx[queue];
	uint64_t lost = net_pcap_counter(&tx->lost), lost_bytes = net_pcap_counter(&tx->lost_bytes);

	return (struct net_pcap_counters){ .packets = net_pcap_counter(&tx->count.packets) - lost,
		.bytes = net_pcap_counter(&tx->count.bytes) - lost_bytes, .errors = net_pcap_counter(&tx->count.errors) + lost };
}

static uint64_t
allocation_failures(const struct net_pcap_port *port)
{
	uint64_t failures = 0;

	for (unsigned int i = 0; i < NET_PCAP_MAX_QUEUES; i++)
		failures += net_pcap_counter(&port->rx[i].allocation_failures);
	return failures;
}

int
net_pcap_stats_get(struct rte_eth_dev *dev, struct rte_eth_stats *stats)
{
	const struct net_pcap_port *port = port_of(dev);

	for (unsigned int i = 0; i < NET_PCAP_MAX_QUEUES; i++) {
		struct net_pcap_counters rx = rx_now(port, i), tx = tx_now(port, i);

		rx.packets -= port->rx_base[i].packets;
		rx.bytes -= port->rx_base[i].bytes;
		tx.packets -= port->tx_base[i].packets;
		tx.bytes -= port->tx_base[i].bytes;
		stats->ipackets += rx.packets;
		stats->ibytes += rx.bytes;
		stats->opackets += tx.packets;
		stats->obytes += tx.bytes;
		stats->oerrors += tx.errors - port->tx_base[i].errors;
		if (i < RTE_ETHDEV_QUEUE_STAT_CNTRS) {
			stats->q_ipackets[i] = rx.packets;
			stats->q_ibytes[i] = rx.bytes;
			stats->q_opackets[i] = tx.packets;
			stats->q_obytes[i] = tx.bytes;
		}
	}
	stats->rx_nombuf = allocation_failures(port) - port->allocation_base;
	return 0;
}

int
net_pcap_stats_reset(struct rte_eth_dev *dev)
{
	struct net_pcap_port *port = dev->data->dev_private;

	for (unsigned int i = 0; i < NET_PCAP_MAX_QUEUES; i++) {
		port->rx_base[i] = rx_now(port, i);
		port->tx_base[i] = tx_now(port, i);
	}
	port->allocation_base = allocation_failures(port);
	return 0;
}

static uint64_t
end_of_capture(const struct rte_eth_dev *dev)
{
	const struct net_pcap_port *port = port_of(dev);

	for (unsigned int i = 0; i < dev->data->nb_rx_queues; i++)
		if (__atomic_load_n(&port->rx[i].ended, __ATOMIC_ACQUIRE) == 0)
			return 0;
	return 1;
}

static uint64_t
loops(const struct rte_eth_dev *dev)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < dev->data->nb_rx_queues; i++)
		sum += net_pcap_counter(&port_of(dev)->rx[i].loops);
	return sum;
}

static uint64_t
frames_in_captures(const struct rte_eth_dev *dev)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < port_of(dev)->rx_files; i++)
		sum += port_of(dev)->image[i].frames;
	return sum;
}

static uint64_t
cut_frames_in_captures(const struct rte_eth_dev *dev)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < port_of(dev)->rx_files; i++)
		sum += port_of(dev)->image[i].cut;
	return sum;
}

static const struct xstat xstats_known[] = {
	{ "rx_end_of_capture", end_of_capture },
	{ "rx_capture_loops", loops },
	{ "rx_capture_frames", frames_in_captures },
	{ "rx_capture_cut_frames", cut_frames_in_captures },
};

int
net_pcap_xstats_get(struct rte_eth_dev *dev, struct rte_eth_xstat *xstats, unsigned int size)
{
	if (xstats != NULL && size >= RTE_DIM(xstats_known))
		for (unsigned int i = 0; i < RTE_DIM(xstats_known); i++)
			xstats[i] = (struct rte_eth_xstat){ .id = i, .value = xstats_known[i].value(dev) };
	return RTE_DIM(xstats_known);
}

int
net_pcap_xstats_get_names(struct rte_eth_dev *dev __rte_unused, struct rte_eth_xstat_name *names, unsigned int size)
{
	if (names != NULL && size >= RTE_DIM(xstats_known))
		for (unsigned int i = 0; i < RTE_DIM(xstats_known); i++)
			snprintf(names[i].name, sizeof(names[i].name), "%s", xstats_known[i].name);
	return RTE_DIM(xstats_known);
}
