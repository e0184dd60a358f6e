/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the lcores do, whole and immutable. Made and freed by the builder thread; lcores only read.
 */
#ifndef APP_SNAPSHOT_H
#define APP_SNAPSHOT_H

#include <rte_lpm.h>
#include <rte_lpm6.h>
#include <rte_spinlock.h>

#include "builder.h"
#include "classifier.h"
#include "forward.h"

/* Where frames of some routes go. 16 bytes, so that the header is one load. */
struct next_hop {
	uint8_t macs[12];	/* destination, then source: the first 12 bytes of the frame */
	uint16_t port;
	uint16_t reserved;
};

#define NO_NEXT_HOP UINT32_MAX

/* Which prefix leads to which next hop's number. Shared by all snapshots that agree on that: changing MACs or out ports of a
 * whole group of routes makes only a new next_hop array. References are counted by the builder thread alone. */
struct route_table {
	unsigned int references;
	struct route_key { uint8_t address[16]; uint8_t depth, ipv6; uint32_t hop; } *keys;
	uint32_t count;
	struct rte_lpm *ipv4;		/* NULL: no such route */
	struct rte_lpm6 *ipv6;
};

/* A client queue as the lcores know it. Lives from attach to detach; the lock is taken only when lcores share the queue. */
struct attached_queue {
	struct attachment attachment;
	bool shared;
	rte_spinlock_t lock;
};

/* What one port's lcore does with clients. */
struct port_clients {
	struct classifier *classifier;		/* NULL: nobody receives here */
	uint16_t receivers;			/* rules of the classifier: mirrors, then redirects, each by priority */
	uint16_t first_redirect;
	uint16_t transmitters;
	struct attached_queue *receiving[WDPDK_LIMIT_QUEUES];
	struct attached_queue *transmitting[WDPDK_LIMIT_QUEUES];
};

/* All attachments, compiled. Shared by snapshots between two changes of attachments; counted by the builder thread. */
struct client_plan {
	unsigned int references;
	struct port_clients *ports[WDPDK_LIMIT_PORTS];	/* NULL: no client at this port */
};

struct port_plan {
	uint16_t port, to;
	forward_burst forward;
	const struct port_clients *clients;
	const struct snapshot *snapshot;
};

struct snapshot {
	uint64_t sequence;	/* counts all snapshots */
	uint64_t generation;	/* counts changes of forwarding */
	bool held;		/* nothing is taken from ports or clients */
	struct rte_lpm *ipv4;	/* the route table's */
	struct rte_lpm6 *ipv6;
	struct next_hop *hops;
	struct route_table *routes;
	struct client_plan *clients;
	struct port_plan ports[WDPDK_LIMIT_PORTS];
};

/* Makes a snapshot of `config`; takes one reference of `clients`. `previous` (may be NULL) lends its routes when they fit.
 * NULL: no memory. */
struct snapshot *snapshot_create(const struct forwarding_config *config, struct client_plan *clients, const struct snapshot *previous);
void snapshot_free(struct snapshot *snapshot);

/* Compiles `count` queues in the order of attaching. With no reference yet. NULL: no memory. */
struct client_plan *client_plan_create(struct attached_queue *const *queues, unsigned int count);
void client_plan_release(struct client_plan *plan);

#endif
