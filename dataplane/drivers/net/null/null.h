/* SPDX-License-Identifier: BSD-3-Clause
 *
 * net_null: a port that receives frames out of nowhere and sends into nowhere, as fast as memory allows. For measuring
 * everything else.
 */
#ifndef WDPDK_NET_NULL_H
#define WDPDK_NET_NULL_H

#include <ethdev_driver.h>
#include <rte_ether.h>

/*
 * One direction of one queue; used by one thread. Counters only grow: a reset moves the base, so that they keep one
 * writer.
 */
struct null_queue {
	uint64_t packets;
	uint64_t bytes;
	uint64_t no_buffer; /* receives that found the pool empty */
	uint64_t rearm;     /* data_off, refcnt, nb_segs, port of a fresh mbuf, in their order */
	struct rte_mempool *pool;
	void *frame; /* what copy=1 copies from and to, frame_size bytes */
	uint32_t frame_size;
	uint16_t descriptors;
	uint64_t packets_base, bytes_base, no_buffer_base;
} __rte_cache_aligned;

struct null_port {
	uint32_t frame_size;
	int copy;
	int no_rx;
	struct rte_ether_addr address;
	struct null_queue rx[RTE_MAX_QUEUES_PER_PORT];
	struct null_queue tx[RTE_MAX_QUEUES_PER_PORT];
};

/* Chooses the port's burst functions by its arguments. */
void null_set_bursts(struct rte_eth_dev *dev);
/* Makes a queue ready to hand out mbufs of its pool for this port. */
void null_prepare_rearm(struct null_queue *queue, uint16_t port_id);

#endif
