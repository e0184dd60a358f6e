/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The tests' driver: a port that writes down what reaches it and can be told to fail.
 */
#ifndef WDPDK_FAKE_DRIVER_H
#define WDPDK_FAKE_DRIVER_H

#include <ethdev_driver.h>

struct fake_queue {
	uint16_t id;
	uint16_t descriptors;
	unsigned int socket;
	uint64_t offloads;
	struct rte_mempool *pool;
	int released;
};

struct fake {
	struct rte_eth_dev *dev;
	struct eth_dev_ops ops; /* a test may take operations away */
	struct rte_eth_dev_info info;
	struct fake_queue rx[4], tx[4];
	int configured, started, stopped, closed, link_updates, promiscuous, allmulticast, mtu, removed;
	int rx_setups, tx_setups, rx_releases, tx_releases;
	int added, added_index, mac_removed, ptypes_set;
	struct rte_ether_addr mac_set, addresses[4];
	int error; /* what the next configure, queue set-up, start, MTU or MAC change returns */
	struct rte_eth_stats stats;
	uint16_t tx_room;    /* packets the transmit queue takes a burst */
	uint64_t sent, next; /* packets sent; the number of the next received one */
};

extern struct fake fake;
/* A port named name, announced, as after a probe; with everything the driver can do. */
uint16_t fake_port(const char *name);
/* Takes the port away, whatever its state. */
void fake_remove(void);

#endif
