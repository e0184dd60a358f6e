/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linked with --wrap into upstream's unmodified l3fwd, with our library and with upstream's alike. l3fwd asks for receive checksum
 * offloads and ends without; upstream's net_pcap has none. On both sides none is asked for, so that both do the same.
 */
#include <rte_ethdev.h>

int __real_rte_eth_dev_configure(uint16_t port, uint16_t rx, uint16_t tx, const struct rte_eth_conf *conf);
int __wrap_rte_eth_dev_configure(uint16_t port, uint16_t rx, uint16_t tx, const struct rte_eth_conf *conf);
int __real_rte_eth_rx_queue_setup(uint16_t port, uint16_t queue, uint16_t descriptors, unsigned int socket,
	const struct rte_eth_rxconf *conf, struct rte_mempool *pool);
int __wrap_rte_eth_rx_queue_setup(uint16_t port, uint16_t queue, uint16_t descriptors, unsigned int socket,
	const struct rte_eth_rxconf *conf, struct rte_mempool *pool);

int
__wrap_rte_eth_dev_configure(uint16_t port, uint16_t rx, uint16_t tx, const struct rte_eth_conf *conf)
{
	struct rte_eth_conf without = *conf;

	without.rxmode.offloads &= ~RTE_ETH_RX_OFFLOAD_CHECKSUM;
	return __real_rte_eth_dev_configure(port, rx, tx, &without);
}

int
__wrap_rte_eth_rx_queue_setup(uint16_t port, uint16_t queue, uint16_t descriptors, unsigned int socket,
	const struct rte_eth_rxconf *conf, struct rte_mempool *pool)
{
	struct rte_eth_rxconf without;

	if (conf == NULL)
		return __real_rte_eth_rx_queue_setup(port, queue, descriptors, socket, NULL, pool);
	without = *conf;
	without.offloads &= ~RTE_ETH_RX_OFFLOAD_CHECKSUM;
	return __real_rte_eth_rx_queue_setup(port, queue, descriptors, socket, &without, pool);
}
