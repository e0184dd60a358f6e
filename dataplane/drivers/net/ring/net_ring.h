/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Ports over rings, inside. README.md is for their users, rte_eth_ring.h for applications that bring rings.
 */
#ifndef WDPDK_NET_RING_H
#define WDPDK_NET_RING_H

#include <stdbool.h>
#include <stdint.h>

#include <ethdev_driver.h>
#include <rte_ether.h>
#include <rte_log.h>
#include <rte_ring.h>

#define NET_RING_QUEUES 16 /* each way, at most */
#define NET_RING_DEFAULT_SIZE 1024u
#define NET_RING_MAX_SIZE 65536u
#define NET_RING_NAME 64
#define NET_RING_ERROR 512

#define NET_RING_LOG(level, ...) RTE_LOG(level, PMD, "net_ring: " __VA_ARGS__)

/* ---- Arguments (net_ring_args.c) ---- */

struct net_ring_node_action {
	char name[RTE_ETH_NAME_MAX_LEN];
	int node;
	bool create; /* otherwise attach */
};

/* What --vdev=net_ringN,... asked for. */
struct net_ring_args {
	char wire[NET_RING_NAME]; /* "": none */
	unsigned int queues;	  /* 0: not said */
	unsigned int size;	  /* entries of a ring, a power of two; 0: not said */
	bool has_mac;
	struct rte_ether_addr mac;
	unsigned int actions;
	struct net_ring_node_action action[NET_RING_QUEUES];
};

/* 0, or -EINVAL with the text in `error` (NET_RING_ERROR bytes). */
int net_ring_parse_args(const char *arguments, struct net_ring_args *args, char *error);

/* ---- Ports ---- */

/* Counters only grow: a reset moves the base. One writer each, unless the ring itself allows several threads. */
struct net_ring_counters {
	uint64_t packets, bytes, errors;
};

struct net_ring_rx_queue {
	struct rte_ring *ring;
	uint16_t port_id;
	bool shared; /* several threads may receive at once: counters are added to atomically */
	struct net_ring_counters count, base;
} __rte_cache_aligned;

struct net_ring_tx_queue {
	/* Of a wire: NULL while its link is down. Written by the control thread, read by the sender once a burst. */
	struct rte_ring *ring;
	bool shared;
	struct net_ring_counters count, base;
} __rte_cache_aligned;

struct net_ring_port {
	unsigned int rx_rings, tx_rings;
	struct net_ring_set *set;   /* rings this port has a share in; NULL: the application's, or a wire's */
	struct net_ring_wire *wire; /* NULL: not a wire's end */
	unsigned int end;	    /* 0 or 1, of the wire */
	struct rte_ether_addr mac;
	struct net_ring_rx_queue rx[NET_RING_QUEUES];
	struct net_ring_tx_queue tx[NET_RING_QUEUES];
};

static inline struct net_ring_port *
net_ring_port(const struct rte_eth_dev *dev)
{
	return dev->data->dev_private;
}

extern const struct rte_eth_link net_ring_link_up, net_ring_link_down;

/* ---- Bursts (net_ring_burst.c) ---- */

uint16_t net_ring_rx(void *queue, struct rte_mbuf **mbufs, uint16_t count);
uint32_t net_ring_rx_count(void *queue);
uint16_t net_ring_tx(void *queue, struct rte_mbuf **mbufs, uint16_t count);
uint16_t net_ring_wire_rx(void *queue, struct rte_mbuf **mbufs, uint16_t count);
uint16_t net_ring_wire_tx(void *queue, struct rte_mbuf **mbufs, uint16_t count);

/* ---- Rings (net_ring_rings.c). Control threads; the set's list has its lock. ---- */

/* Rings made by this driver, shared by the ports that name the set. */
struct net_ring_set {
	struct net_ring_set *next;
	char name[RTE_ETH_NAME_MAX_LEN];
	unsigned int users, rings;
	struct rte_ring *ring[NET_RING_QUEUES];
};

/* Frees a ring made here and the mbufs still in it; NULL is fine. Nobody may use it any more. */
void net_ring_free_ring(struct rte_ring *ring);
/*
 * A set of fresh rings with one user, NULL with the reason in `error`: *exists tells whether it is that there is one of
 * that name.
 */
struct net_ring_set *net_ring_set_create(const char *name, unsigned int rings, unsigned int size, int node,
	unsigned int flags, bool *exists, char *error);
/* One more user of the set of that name, or NULL with the reason in `error`. */
struct net_ring_set *net_ring_set_attach(const char *name, char *error);
/* One user less; the last one frees rings and mbufs. NULL is fine. */
void net_ring_set_leave(struct net_ring_set *set);

/* ---- Wires (net_ring_wire.c). Control threads; wires have their own lock. ---- */

/* Makes dev the first or second end of the wire args name: 0, or a negative errno with the reason in `error`. */
int net_ring_wire_join(struct rte_eth_dev *dev, const struct net_ring_args *args, char *error);
/* Starts or stops this end; the link is up while both are started and neither is set down. */
void net_ring_wire_start(struct rte_eth_dev *dev, bool started);
/* The administrator's side of the link: rte_eth_dev_set_link_up() and _down(). */
void net_ring_wire_set_up(struct rte_eth_dev *dev, bool up);
/* Takes this end off; the last one frees the rings and what is in them. */
void net_ring_wire_leave(struct rte_eth_dev *dev);

#endif
