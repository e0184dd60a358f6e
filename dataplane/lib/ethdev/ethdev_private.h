/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the files of this library share; not installed.
 */
#ifndef WDPDK_ETHDEV_PRIVATE_H
#define WDPDK_ETHDEV_PRIVATE_H

#include <errno.h>

#include "ethdev_driver.h"

/* A port that exists, or NULL after a log line: the first check of every function that takes a port. */
struct rte_eth_dev *ethdev_port(uint16_t port_id);

/* "port 3 (net_null0)" for messages; valid until the thread's next call. */
const char *ethdev_label(const struct rte_eth_dev *dev);

/* A driver's error as the application sees it: -EIO when the device turns out to be gone. */
int ethdev_error(const struct rte_eth_dev *dev, int error);

/*
 * The whole of a function that only hands its call to the driver: there is a port, its arguments make sense (`sound`, which may look
 * at dev), the driver has the operation.
 */
#define ETHDEV_CALL(port_id, sound, operation, ...) do { \
	struct rte_eth_dev *dev = ethdev_port(port_id); \
	if (dev == NULL) \
		return -ENODEV; \
	if (!(sound)) \
		return ethdev_unsound(dev, __func__); \
	if (dev->dev_ops->operation == NULL) \
		return -ENOTSUP; \
	return ethdev_error(dev, dev->dev_ops->operation(__VA_ARGS__)); \
} while (0)

/* Says which function got arguments that make no sense: -EINVAL. */
int ethdev_unsound(const struct rte_eth_dev *dev, const char *function);

/* Checks a queue number against what is configured: 0, or -EINVAL after a log line. */
int ethdev_check_rx_queue(const struct rte_eth_dev *dev, uint16_t queue_id);
int ethdev_check_tx_queue(const struct rte_eth_dev *dev, uint16_t queue_id);

/* Makes the port's fast path the driver's, or the one that moves nothing. */
void ethdev_fast_path_on(const struct rte_eth_dev *dev);
void ethdev_fast_path_off(uint16_t port_id);

/* Frees queues beyond count and makes room for count: 0 or -ENOMEM. */
int ethdev_resize_rx_queues(struct rte_eth_dev *dev, uint16_t count);
int ethdev_resize_tx_queues(struct rte_eth_dev *dev, uint16_t count);
/* Frees one queue that was set up, if it was. */
void ethdev_release_rx_queue(struct rte_eth_dev *dev, uint16_t queue_id);
void ethdev_release_tx_queue(struct rte_eth_dev *dev, uint16_t queue_id);

/* 0 when the device takes this MTU, or -EINVAL after a log line. */
int ethdev_check_mtu(const struct rte_eth_dev *dev, const struct rte_eth_dev_info *info, uint32_t mtu);

/* Hands the port's MAC addresses to a device that forgot them. */
void ethdev_restore_mac_addresses(struct rte_eth_dev *dev, const struct rte_eth_dev_info *info);

/* Comma-separated names of the bits of a set, cut when they do not fit. Returns text. */
const char *ethdev_names(char *text, size_t size, uint64_t bits, const char *(*name)(uint64_t bit));

#endif
