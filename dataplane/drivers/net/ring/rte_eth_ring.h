/* SPDX-License-Identifier: BSD-3-Clause
 *
 * An application's rings of mbufs as ports, source-compatible with DPDK 22.11. README.md beside this file has the
 * arguments of --vdev=net_ringN.
 */
#ifndef _RTE_ETH_RING_H_
#define _RTE_ETH_RING_H_

#include <rte_ring.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a port named "net_ring_<name>" that receives from rx_queues and sends to tx_queues, queue i by ring i, at most
 * RTE_PMD_RING_MAX_RX_RINGS and RTE_PMD_RING_MAX_TX_RINGS of them. A ring may stand in both lists and belong to
 * several ports.
 *
 * The rings stay the caller's: the port never frees them or what is in them, and they have to outlive it. A queue may be
 * used by as many threads at once as its ring's flags allow. Mbufs move by pointer and arrive as they were sent:
 * port, offload flags and a reference count above 1 included. Statistics count packets, not bytes.
 *
 * Returns the port's number, or -1 with rte_errno: EINVAL for a missing or too long list or a refused port,
 * ENAMETOOLONG, ENODEV.
 */
int rte_eth_from_rings(const char *name, struct rte_ring *const rx_queues[], const unsigned int nb_rx_queues,
	struct rte_ring *const tx_queues[], const unsigned int nb_tx_queues, const unsigned int numa_node);

/** rte_eth_from_rings() with one ring both ways, named after it: a loopback. */
int rte_eth_from_ring(struct rte_ring *r);

#ifdef __cplusplus
}
#endif

#endif
