/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which burst functions a port uses: the widest that the processor has, the command line allows and the offloads permit.
 */
#include <string.h>

#include <rte_cpuflags.h>
#include <rte_string_fns.h>
#include <rte_vect.h>

#include "i40e_port.h"

static bool
wide_enough(enum i40e_path path)
{
	if (path == I40E_PATH_AVX512)
		return rte_vect_get_max_simd_bitwidth() >= RTE_VECT_SIMD_512 && rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512F) == 1 &&
			rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512BW) == 1 && rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512VL) == 1 &&
			rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512DQ) == 1 && rte_cpu_get_flag_enabled(RTE_CPUFLAG_BMI2) == 1;
	return rte_vect_get_max_simd_bitwidth() >= RTE_VECT_SIMD_256 && rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX2) == 1 &&
		rte_cpu_get_flag_enabled(RTE_CPUFLAG_BMI1) == 1 && rte_cpu_get_flag_enabled(RTE_CPUFLAG_BMI2) == 1;
}

static enum i40e_path
widest(enum i40e_path otherwise)
{
	return wide_enough(I40E_PATH_AVX512) ? I40E_PATH_AVX512 : wide_enough(I40E_PATH_AVX2) ? I40E_PATH_AVX2 : otherwise;
}

/* A frame longer than one buffer comes in several. */
static bool
scatters(const struct rte_eth_dev *dev)
{
	if (dev->data->dev_conf.rxmode.offloads & RTE_ETH_RX_OFFLOAD_SCATTER)
		return true;
	for (uint16_t i = 0; i < dev->data->nb_rx_queues; i++) {
		const struct i40e_rxq *q = dev->data->rx_queues[i];

		if (q != NULL && dev->data->mtu + I40E_FRAME_OVERHEAD > q->room)
			return true;
	}
	return false;
}

static enum i40e_path
rx_path(const struct rte_eth_dev *dev)
{
	if (dev->data->scattered_rx)
		return I40E_PATH_SCATTERED;
	for (uint16_t i = 0; i < dev->data->nb_rx_queues; i++) {
		const struct i40e_rxq *q = dev->data->rx_queues[i];

		if (q != NULL && q->crc != 0)
			return I40E_PATH_SCALAR;
	}
	return widest(I40E_PATH_SCALAR);
}

static enum i40e_path
tx_path(const struct rte_eth_dev *dev)
{
	bool vectors = true;

	for (uint16_t i = 0; i < dev->data->nb_tx_queues; i++) {
		const struct i40e_txq *q = dev->data->tx_queues[i];

		if (q == NULL)
			continue;
		if ((q->offloads & ~(uint64_t)RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE) != 0)
			return I40E_PATH_SCALAR;
		vectors = vectors && q->rs_thresh >= I40E_BATCH && q->rs_thresh <= 2 * I40E_BATCH;
	}
	return vectors ? widest(I40E_PATH_SIMPLE) : I40E_PATH_SIMPLE;
}

void
i40e_choose_paths(struct rte_eth_dev *dev)
{
	static const eth_rx_burst_t rx[] = {
		[I40E_PATH_SCALAR] = i40e_rx_scalar, [I40E_PATH_SCATTERED] = i40e_rx_scattered, [I40E_PATH_AVX2] = i40e_rx_avx2,
		[I40E_PATH_AVX512] = i40e_rx_avx512,
	};
	static const eth_tx_burst_t tx[] = {
		[I40E_PATH_SCALAR] = i40e_tx_full, [I40E_PATH_SIMPLE] = i40e_tx_simple, [I40E_PATH_AVX2] = i40e_tx_avx2,
		[I40E_PATH_AVX512] = i40e_tx_avx512,
	};
	struct i40e_port *port = i40e_port_of(dev);

	dev->data->scattered_rx = scatters(dev);
	port->rx_path = rx_path(dev);
	port->tx_path = tx_path(dev);
	dev->rx_pkt_burst = rx[port->rx_path];
	dev->tx_pkt_burst = tx[port->tx_path];
	dev->tx_pkt_prepare = port->tx_path == I40E_PATH_SCALAR ? i40e_tx_prepare : NULL;
}

const char *
i40e_path_name(enum i40e_path path)
{
	static const char *const names[] = {
		[I40E_PATH_SCALAR] = "Scalar", [I40E_PATH_SCATTERED] = "Scalar Scattered", [I40E_PATH_SIMPLE] = "Scalar Simple",
		[I40E_PATH_AVX2] = "Vector AVX2", [I40E_PATH_AVX512] = "Vector AVX512",
	};

	return names[path];
}

int
i40e_rx_burst_mode(struct rte_eth_dev *dev, uint16_t id, struct rte_eth_burst_mode *mode)
{
	RTE_SET_USED(id);
	rte_strscpy(mode->info, i40e_path_name(i40e_port_of(dev)->rx_path), sizeof(mode->info));
	return 0;
}

int
i40e_tx_burst_mode(struct rte_eth_dev *dev, uint16_t id, struct rte_eth_burst_mode *mode)
{
	RTE_SET_USED(id);
	rte_strscpy(mode->info, i40e_path_name(i40e_port_of(dev)->tx_path), sizeof(mode->info));
	return 0;
}
