/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the lcores do, whole and immutable. Made and freed by the builder thread; lcores only read.
 */
#ifndef APP_SNAPSHOT_H
#define APP_SNAPSHOT_H

#include <rte_lpm.h>
#include <rte_lpm6.h>

#include "builder.h"
#include "classifier.h"
#include "fanout.h"
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

/* A client queue as the lcores know it. Lives from attach to detach. Each lcore has a lane of its own, so that none waits for another. */
struct attached_queue {
	struct client_queue *at_lcore[WDPDK_LIMIT_LCORES];	/* NULL: this lcore neither delivers nor takes */
	struct attachment attachment;
	struct fanout_group *group;	/* the builder's; NULL: the queue is by itself */
};

/* A fan-out group at the moment of the plan. */
struct fanout_plan {
	struct fanout_plan *next;
	const struct fanout_group *group;	/* what it was made from, for the builder alone */
	bool by_rss;
	uint16_t mask;				/* of a hash: its bucket */
	uint16_t member_count;
	struct attached_queue *members[WDPDK_LIMIT_QUEUES];
	uint16_t owners[FANOUT_MOST_BUCKETS];	/* a bucket's member */
};

/* Who gets the frames of a rule: a queue, or the members of a group. */
struct receiver {
	struct attached_queue *queue;		/* NULL: see fanout */
	const struct fanout_plan *fanout;
};

/* The clients that are shown the frames at one port and place. */
struct port_clients {
	struct classifier *classifier;
	uint16_t receivers;			/* rules of the classifier: mirrors, then redirects, each by priority */
	uint16_t first_redirect;
	struct receiver receiving[WDPDK_LIMIT_QUEUES];
};

struct client_drain {
	struct client_queue *queue;
	uint16_t port;
};

/* All attachments, compiled. Shared by snapshots between two changes of attachments; counted by the builder thread. */
struct client_plan {
	unsigned int references;
	struct port_clients *at_rx[WDPDK_LIMIT_PORTS];	/* NULL: nobody is shown what comes in by this port */
	struct port_clients *at_tx[WDPDK_LIMIT_PORTS];	/* NULL: nor what leaves by it */
	struct client_drain *drains[WDPDK_LIMIT_LCORES];	/* lanes that the lcore takes frames from */
	uint16_t drain_count[WDPDK_LIMIT_LCORES];
	struct fanout_plan *fanouts;
};

struct port_plan {
	uint16_t port, to;
	forward_burst forward;
	forward_generate generate;		/* NULL: the port sends nothing by itself */
	struct forward_state *state;
	const struct port_clients *clients;	/* at rx */
	const struct port_clients *egress;	/* at tx */
	const struct snapshot *snapshot;
};

struct snapshot {
	uint64_t sequence;	/* counts all snapshots */
	uint64_t generation;	/* counts changes of forwarding */
	bool held;		/* nothing is taken from ports or clients, nor generated */
	uint32_t generating;	/* ports that send by themselves */
	struct rte_lpm *ipv4;	/* the route table's */
	struct rte_lpm6 *ipv6;
	struct next_hop *hops;
	struct route_table *routes;
	struct client_plan *clients;
	struct port_plan ports[WDPDK_LIMIT_PORTS];
};

/* Makes a snapshot of `config`; takes one reference of `clients`. `previous` (may be NULL) lends its routes and what engines keep of ports
 * where they fit.
 * NULL: no memory. */
struct snapshot *snapshot_create(const struct forwarding_config *config, struct client_plan *clients, const struct snapshot *previous);
void snapshot_free(struct snapshot *snapshot);

/* Compiles `count` queues in the order of attaching. With no reference yet. NULL: no memory. */
struct client_plan *client_plan_create(struct attached_queue *const *queues, unsigned int count);
void client_plan_release(struct client_plan *plan);

#endif
