/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Queues: room for them, set-up, release, descriptor counts, memory a device reads.
 */
#include <errno.h>
#include <stdio.h>

#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>
#include <rte_memzone.h>

#include "ethdev_private.h"

/* ---- Room ---- */

/* The array holds every queue a port can have, so that the fast path never reads beyond it. */
static int
resize(struct rte_eth_dev *dev, void ***queues, uint16_t *have, uint16_t want, void (*release)(struct rte_eth_dev *, uint16_t))
{
	if (*queues == NULL && want > 0) {
		*queues = rte_zmalloc("ethdev queues", sizeof(void *) * RTE_MAX_QUEUES_PER_PORT, RTE_CACHE_LINE_SIZE);
		if (*queues == NULL) {
			*have = 0;
			return -ENOMEM;
		}
	}
	if (*queues != NULL)
		for (uint16_t i = want; i < *have; i++)
			release(dev, i);
	*have = want;
	if (want == 0) {
		rte_free(*queues);
		*queues = NULL;
	}
	return 0;
}

int
ethdev_resize_rx_queues(struct rte_eth_dev *dev, uint16_t count)
{
	return resize(dev, &dev->data->rx_queues, &dev->data->nb_rx_queues, count, ethdev_release_rx_queue);
}

int
ethdev_resize_tx_queues(struct rte_eth_dev *dev, uint16_t count)
{
	return resize(dev, &dev->data->tx_queues, &dev->data->nb_tx_queues, count, ethdev_release_tx_queue);
}

void
ethdev_release_rx_queue(struct rte_eth_dev *dev, uint16_t queue_id)
{
	if (dev->data->rx_queues[queue_id] == NULL)
		return;
	if (dev->dev_ops->rx_queue_release != NULL)
		dev->dev_ops->rx_queue_release(dev, queue_id);
	dev->data->rx_queues[queue_id] = NULL;
}

void
ethdev_release_tx_queue(struct rte_eth_dev *dev, uint16_t queue_id)
{
	if (dev->data->tx_queues[queue_id] == NULL)
		return;
	if (dev->dev_ops->tx_queue_release != NULL)
		dev->dev_ops->tx_queue_release(dev, queue_id);
	dev->data->tx_queues[queue_id] = NULL;
}

void
rte_eth_dev_internal_reset(struct rte_eth_dev *dev)
{
	if (dev->data->dev_started) {
		RTE_ETHDEV_LOG(ERR, "%s cannot be reset while it is started\n", ethdev_label(dev));
		return;
	}
	ethdev_resize_rx_queues(dev, 0);
	ethdev_resize_tx_queues(dev, 0);
	memset(&dev->data->dev_conf, 0, sizeof(dev->data->dev_conf));
}

/* ---- Descriptor counts ---- */

static uint16_t
preferred(const struct rte_eth_dev_portconf *driver, uint16_t fallback)
{
	return driver->ring_size != 0 ? driver->ring_size : fallback;
}

static int
check_descriptors(const struct rte_eth_dev *dev, const char *what, uint16_t count, const struct rte_eth_desc_lim *limits)
{
	const uint16_t align = RTE_MAX(limits->nb_align, 1);

	if (count <= limits->nb_max && count >= limits->nb_min && count % align == 0)
		return 0;
	RTE_ETHDEV_LOG(ERR, "%s cannot have %u %s descriptors: %u to %u in steps of %u\n", ethdev_label(dev), count, what,
		limits->nb_min, limits->nb_max, align);
	return -EINVAL;
}

/* Up to the next step, then into the limits; the arithmetic is wider than the count so that it cannot wrap. */
static uint16_t
adjusted(uint16_t count, const struct rte_eth_dev_portconf *driver, uint16_t fallback, const struct rte_eth_desc_lim *limits)
{
	uint32_t n = count != 0 ? count : preferred(driver, fallback);
	const uint32_t align = RTE_MAX(limits->nb_align, 1);

	n = (n + align - 1) / align * align;
	if (limits->nb_max != 0)
		n = RTE_MIN(n, limits->nb_max);
	return (uint16_t)RTE_MAX(n, limits->nb_min);
}

int
rte_eth_dev_adjust_nb_rx_tx_desc(uint16_t port_id, uint16_t *nb_rx_desc, uint16_t *nb_tx_desc)
{
	struct rte_eth_dev_info info;
	int error = rte_eth_dev_info_get(port_id, &info);

	if (error != 0)
		return error;
	if (nb_rx_desc != NULL)
		*nb_rx_desc = adjusted(*nb_rx_desc, &info.default_rxportconf, RTE_ETH_DEV_FALLBACK_RX_RINGSIZE,
			&info.rx_desc_lim);
	if (nb_tx_desc != NULL)
		*nb_tx_desc = adjusted(*nb_tx_desc, &info.default_txportconf, RTE_ETH_DEV_FALLBACK_TX_RINGSIZE,
			&info.tx_desc_lim);
	return 0;
}

/* ---- Set-up ---- */

/* The pool has to hand out packet buffers with the headroom and the device's minimum in one piece. */
static int
check_pool(const struct rte_eth_dev *dev, struct rte_mempool *pool, uint32_t min_bytes)
{
	uint32_t room;

	if (pool == NULL) {
		RTE_ETHDEV_LOG(ERR, "%s: a receive queue needs a mempool\n", ethdev_label(dev));
		return -EINVAL;
	}
	if (pool->private_data_size < sizeof(struct rte_pktmbuf_pool_private)) {
		RTE_ETHDEV_LOG(ERR, "%s: mempool %s holds no packet buffers\n", ethdev_label(dev), pool->name);
		return -ENOSPC;
	}
	room = rte_pktmbuf_data_room_size(pool);
	if (room < RTE_PKTMBUF_HEADROOM + min_bytes) {
		RTE_ETHDEV_LOG(ERR, "%s: buffers of mempool %s have %u bytes, but %u of headroom + %u are needed\n",
			ethdev_label(dev), pool->name, room, RTE_PKTMBUF_HEADROOM, min_bytes);
		return -EINVAL;
	}
	return 0;
}

/* Queue offloads beyond the port's own must be among those that can differ between queues. */
static int
check_offloads(const struct rte_eth_dev *dev, const char *what, uint16_t queue_id, uint64_t extra, uint64_t offered,
	const char *(*name)(uint64_t bit))
{
	char asked[256];

	if ((extra & ~offered) == 0)
		return 0;
	RTE_ETHDEV_LOG(ERR, "%s %s queue %u: not available for a single queue: %s\n", ethdev_label(dev), what, queue_id,
		ethdev_names(asked, sizeof(asked), extra & ~offered, name));
	return -EINVAL;
}

static int
check_idle(const struct rte_eth_dev *dev, int setup_while_running, uint8_t state)
{
	if (!dev->data->dev_started || (setup_while_running && state == RTE_ETH_QUEUE_STATE_STOPPED))
		return 0;
	RTE_ETHDEV_LOG(ERR, "%s is started: stop it before setting a queue up\n", ethdev_label(dev));
	return -EBUSY;
}

int
rte_eth_rx_queue_setup(uint16_t port_id, uint16_t rx_queue_id, uint16_t nb_rx_desc, unsigned int socket_id,
	const struct rte_eth_rxconf *rx_conf, struct rte_mempool *mb_pool)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	struct rte_eth_dev_info info;
	struct rte_eth_rxconf conf;
	int error;

	if (dev == NULL)
		return -ENODEV;
	error = ethdev_check_rx_queue(dev, rx_queue_id);
	if (error != 0)
		return error;
	if (dev->dev_ops->rx_queue_setup == NULL)
		return -ENOTSUP;
	error = rte_eth_dev_info_get(port_id, &info);
	if (error != 0)
		return error;

	conf = rx_conf != NULL ? *rx_conf : info.default_rxconf;
	if (conf.rx_nseg > 0 || conf.rx_nmempool > 0 || conf.share_group > 0) {
		RTE_ETHDEV_LOG(ERR, "%s Rx queue %u: split buffers, several mempools and shared queues are not supported\n",
			ethdev_label(dev), rx_queue_id);
		return -EINVAL;
	}
	error = check_pool(dev, mb_pool, info.min_rx_bufsize);
	if (error != 0)
		return error;
	if (nb_rx_desc == 0)
		nb_rx_desc = preferred(&info.default_rxportconf, RTE_ETH_DEV_FALLBACK_RX_RINGSIZE);
	error = check_descriptors(dev, "Rx", nb_rx_desc, &info.rx_desc_lim);
	if (error != 0)
		return error;
	conf.offloads &= ~dev->data->dev_conf.rxmode.offloads;
	error = check_offloads(dev, "Rx", rx_queue_id, conf.offloads, info.rx_queue_offload_capa, rte_eth_dev_rx_offload_name);
	if (error != 0)
		return error;
	error = check_idle(dev, (info.dev_capa & RTE_ETH_DEV_CAPA_RUNTIME_RX_QUEUE_SETUP) != 0,
		dev->data->rx_queue_state[rx_queue_id]);
	if (error != 0)
		return error;

	ethdev_release_rx_queue(dev, rx_queue_id);
	error = dev->dev_ops->rx_queue_setup(dev, rx_queue_id, nb_rx_desc, socket_id, &conf, mb_pool);
	if (error == 0) {
		const uint32_t room = rte_pktmbuf_data_room_size(mb_pool);

		if (dev->data->min_rx_buf_size == 0 || dev->data->min_rx_buf_size > room)
			dev->data->min_rx_buf_size = room;
	}
	return ethdev_error(dev, error);
}

int
rte_eth_tx_queue_setup(uint16_t port_id, uint16_t tx_queue_id, uint16_t nb_tx_desc, unsigned int socket_id,
	const struct rte_eth_txconf *tx_conf)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	struct rte_eth_dev_info info;
	struct rte_eth_txconf conf;
	int error;

	if (dev == NULL)
		return -ENODEV;
	error = ethdev_check_tx_queue(dev, tx_queue_id);
	if (error != 0)
		return error;
	if (dev->dev_ops->tx_queue_setup == NULL)
		return -ENOTSUP;
	error = rte_eth_dev_info_get(port_id, &info);
	if (error != 0)
		return error;

	conf = tx_conf != NULL ? *tx_conf : info.default_txconf;
	if (nb_tx_desc == 0)
		nb_tx_desc = preferred(&info.default_txportconf, RTE_ETH_DEV_FALLBACK_TX_RINGSIZE);
	error = check_descriptors(dev, "Tx", nb_tx_desc, &info.tx_desc_lim);
	if (error != 0)
		return error;
	conf.offloads &= ~dev->data->dev_conf.txmode.offloads;
	error = check_offloads(dev, "Tx", tx_queue_id, conf.offloads, info.tx_queue_offload_capa, rte_eth_dev_tx_offload_name);
	if (error != 0)
		return error;
	error = check_idle(dev, (info.dev_capa & RTE_ETH_DEV_CAPA_RUNTIME_TX_QUEUE_SETUP) != 0,
		dev->data->tx_queue_state[tx_queue_id]);
	if (error != 0)
		return error;

	ethdev_release_tx_queue(dev, tx_queue_id);
	return ethdev_error(dev, dev->dev_ops->tx_queue_setup(dev, tx_queue_id, nb_tx_desc, socket_id, &conf));
}

/* ---- Information ---- */

int
rte_eth_rx_queue_info_get(uint16_t port_id, uint16_t queue_id, struct rte_eth_rxq_info *qinfo)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (ethdev_check_rx_queue(dev, queue_id) != 0 || qinfo == NULL || dev->data->rx_queues[queue_id] == NULL)
		return -EINVAL;
	if (dev->dev_ops->rxq_info_get == NULL)
		return -ENOTSUP;
	memset(qinfo, 0, sizeof(*qinfo));
	dev->dev_ops->rxq_info_get(dev, queue_id, qinfo);
	qinfo->queue_state = dev->data->rx_queue_state[queue_id];
	return 0;
}

int
rte_eth_tx_queue_info_get(uint16_t port_id, uint16_t queue_id, struct rte_eth_txq_info *qinfo)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (ethdev_check_tx_queue(dev, queue_id) != 0 || qinfo == NULL || dev->data->tx_queues[queue_id] == NULL)
		return -EINVAL;
	if (dev->dev_ops->txq_info_get == NULL)
		return -ENOTSUP;
	memset(qinfo, 0, sizeof(*qinfo));
	dev->dev_ops->txq_info_get(dev, queue_id, qinfo);
	qinfo->queue_state = dev->data->tx_queue_state[queue_id];
	return 0;
}

int
rte_eth_rx_burst_mode_get(uint16_t port_id, uint16_t queue_id, struct rte_eth_burst_mode *mode)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (ethdev_check_rx_queue(dev, queue_id) != 0 || mode == NULL)
		return -EINVAL;
	if (dev->dev_ops->rx_burst_mode_get == NULL)
		return -ENOTSUP;
	memset(mode, 0, sizeof(*mode));
	return ethdev_error(dev, dev->dev_ops->rx_burst_mode_get(dev, queue_id, mode));
}

int
rte_eth_tx_burst_mode_get(uint16_t port_id, uint16_t queue_id, struct rte_eth_burst_mode *mode)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (ethdev_check_tx_queue(dev, queue_id) != 0 || mode == NULL)
		return -EINVAL;
	if (dev->dev_ops->tx_burst_mode_get == NULL)
		return -ENOTSUP;
	memset(mode, 0, sizeof(*mode));
	return ethdev_error(dev, dev->dev_ops->tx_burst_mode_get(dev, queue_id, mode));
}

int
rte_eth_tx_done_cleanup(uint16_t port_id, uint16_t queue_id, uint32_t free_cnt)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (ethdev_check_tx_queue(dev, queue_id) != 0)
		return -EINVAL;
	if (dev->dev_ops->tx_done_cleanup == NULL)
		return -ENOTSUP;
	return ethdev_error(dev, dev->dev_ops->tx_done_cleanup(dev->data->tx_queues[queue_id], free_cnt));
}

/* ---- Memory a device reads ---- */

static int
zone_name(char *text, const struct rte_eth_dev *dev, uint16_t queue_id, const char *name)
{
	const int length = snprintf(text, RTE_MEMZONE_NAMESIZE, "eth_p%u_q%u_%s", dev->data->port_id, queue_id, name);

	if (length < RTE_MEMZONE_NAMESIZE)
		return 0;
	RTE_ETHDEV_LOG(ERR, "%s: memory name %s is too long\n", ethdev_label(dev), name);
	return -ENAMETOOLONG;
}

const struct rte_memzone *
rte_eth_dma_zone_reserve(const struct rte_eth_dev *dev, const char *name, uint16_t queue_id, size_t size, unsigned int align,
	int socket_id)
{
	char zone[RTE_MEMZONE_NAMESIZE];
	const struct rte_memzone *memory;

	if (zone_name(zone, dev, queue_id, name) != 0) {
		rte_errno = ENAMETOOLONG;
		return NULL;
	}
	memory = rte_memzone_lookup(zone);
	if (memory == NULL)
		return rte_memzone_reserve_aligned(zone, size, socket_id, RTE_MEMZONE_IOVA_CONTIG, align);
	/* A queue set up anew finds its memory again, but only memory that serves. */
	if ((socket_id != SOCKET_ID_ANY && memory->socket_id != socket_id) || memory->len < size ||
			(align != 0 && (uintptr_t)memory->addr % align != 0)) {
		RTE_ETHDEV_LOG(ERR, "%s: memory %s exists with other size, alignment or node\n", ethdev_label(dev), zone);
		rte_errno = EEXIST;
		return NULL;
	}
	return memory;
}

int
rte_eth_dma_zone_free(const struct rte_eth_dev *dev, const char *name, uint16_t queue_id)
{
	char zone[RTE_MEMZONE_NAMESIZE];
	const struct rte_memzone *memory;
	const int error = zone_name(zone, dev, queue_id, name);

	if (error != 0)
		return error;
	memory = rte_memzone_lookup(zone);
	return memory == NULL ? -ENOENT : rte_memzone_free(memory);
}
