/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The port to the kernel, inside. README.md is for its users; tap_os.h is what it needs of a system.
 */
#ifndef WDPDK_TAP_H
#define WDPDK_TAP_H

#include <stdbool.h>
#include <stdint.h>

#include <ethdev_driver.h>
#include <rte_ether.h>
#include <rte_log.h>
#include <rte_mempool.h>

#include "tap_os.h"

#define TAP_SEGMENTS 64		  /* buffers of a frame, at most */
#define TAP_MAX_MTU 65521u	  /* Linux' limit for a TAP interface */
#define TAP_FRAME_OVERHEAD 22u	  /* Ethernet header and two VLAN tags beside the MTU */

#define TAP_LOG(level, ...) RTE_LOG(level, PMD, "net_tap: " __VA_ARGS__)

/* What --vdev=net_tapN,... asked for. */
struct tap_args {
	struct tap_os_settings os;
	bool has_mac;
	struct rte_ether_addr mac;
};

/* 0, or -EINVAL with the text in `error` (TAP_ERROR bytes). */
int tap_parse_args(const char *arguments, struct tap_args *args, char *error);

/* Counters only grow: a reset moves the base. One writer, the lcore that uses the queue. */
struct tap_counters {
	uint64_t packets, bytes, errors, no_buffer;
};

struct tap_rx_queue {
	struct tap_port *port;
	struct rte_mempool *pool;
	uint16_t id, port_id;
	uint16_t room; /* bytes of a frame a buffer takes */
	/* Buffers for the next frame, kept from poll to poll, and the same as parts. */
	unsigned int spares;
	struct rte_mbuf *spare[TAP_SEGMENTS];
	struct tap_os_part part[TAP_SEGMENTS];
	bool reported; /* an error is logged once */
	struct tap_counters count, base;
} __rte_cache_aligned;

struct tap_tx_queue {
	struct tap_port *port;
	uint16_t id; /* of the system's queue; several of ours may share one */
	bool reported;
	struct tap_counters count, base;
} __rte_cache_aligned;

struct tap_port {
	struct tap_os *os;
	unsigned int queues;	/* receive queues, at most */
	bool plugged;		/* started, and the link not set down */
	uint32_t longest_frame; /* by the MTU; written by the control thread, read by lcores */
	struct rte_ether_addr mac;
	struct tap_rx_queue rx[TAP_QUEUES];
	struct tap_tx_queue tx[TAP_QUEUES];
};

static inline struct tap_port *
tap_port_of(const struct rte_eth_dev *dev)
{
	return dev->data->dev_private;
}

/* tap_burst.c */
uint16_t tap_rx(void *queue, struct rte_mbuf **mbufs, uint16_t count);
uint16_t tap_tx(void *queue, struct rte_mbuf **mbufs, uint16_t count);
/* Gives the buffers kept for the next frame back. */
void tap_rx_release_spares(struct tap_rx_queue *queue);

/* tap.c: makes a port over an open interface, which it owns from then on (not after an error). For the probe and for tests. */
struct rte_vdev_device;
int tap_create(struct rte_vdev_device *vdev, const struct tap_args *args, struct tap_os *os, char *error);

#endif
