/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Wires: two ports back to back. The first port that names a wire makes its rings, the second takes the other end.
 */
#include "net_ring.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_spinlock.h>

struct net_ring_wire {
	struct net_ring_wire *next;
	char name[NET_RING_NAME];
	unsigned int queues, size;
	struct rte_ring *to[2][NET_RING_QUEUES]; /* to[e][q] is receive queue q of end e */
	struct {
		struct rte_eth_dev *dev; /* NULL: nobody there */
		bool started, down;
	} end[2];
};

static struct net_ring_wire *wires;
static rte_spinlock_t wires_lock = RTE_SPINLOCK_INITIALIZER;
static unsigned int wires_made; /* ring names have no room for those of wires */

const struct rte_eth_link net_ring_link_up = { .link_speed = RTE_ETH_SPEED_NUM_10G,
	.link_duplex = RTE_ETH_LINK_FULL_DUPLEX, .link_autoneg = RTE_ETH_LINK_FIXED, .link_status = RTE_ETH_LINK_UP };
const struct rte_eth_link net_ring_link_down = { .link_speed = RTE_ETH_SPEED_NUM_10G,
	.link_duplex = RTE_ETH_LINK_FULL_DUPLEX, .link_autoneg = RTE_ETH_LINK_FIXED, .link_status = RTE_ETH_LINK_DOWN };

/* ---- All below under the lock ---- */

static bool
is_up(const struct net_ring_wire *wire, unsigned int end)
{
	return wire->end[end].dev != NULL && wire->end[end].started && !wire->end[end].down;
}

/*
 * Brings both ends' link and send queues up to date. An end may have more send queues than the other receives by: they
 * share its queues, so that no frame goes where nobody looks. With none to receive by, nothing can be sent.
 */
static void
update(struct net_ring_wire *wire)
{
	bool up = is_up(wire, 0) && is_up(wire, 1);

	for (unsigned int end = 0; end < 2; end++) {
		struct rte_eth_dev *dev = wire->end[end].dev;
		unsigned int receivers = up ? wire->end[!end].dev->data->nb_rx_queues : 0;

		if (dev == NULL)
			continue;
		for (unsigned int i = 0; i < wire->queues; i++)
			__atomic_store_n(&net_ring_port(dev)->tx[i].ring, receivers > 0 ? wire->to[!end][i % receivers] : NULL,
				__ATOMIC_RELEASE);
		rte_eth_linkstatus_set(dev, up ? &net_ring_link_up : &net_ring_link_down);
	}
}

static void
free_wire(struct net_ring_wire *wire)
{
	for (unsigned int i = 0; i < wire->queues; i++) {
		net_ring_free_ring(wire->to[0][i]);
		net_ring_free_ring(wire->to[1][i]);
	}
	free(wire);
}

static int
make_rings(struct net_ring_wire *wire, int node)
{
	/* With several queues an end may send by more than the other receives by: then they share a ring. */
	unsigned int flags = RING_F_SC_DEQ | (wire->queues == 1 ? RING_F_SP_ENQ : 0);

	for (unsigned int i = 0; i < 2 * wire->queues; i++) {
		char name[RTE_RING_NAMESIZE];

		snprintf(name, sizeof(name), "net_ring_wire%u_%u_%u", wires_made, i % 2, i / 2);
		wire->to[i % 2][i / 2] = rte_ring_create(name, wire->size, node, flags);
		if (wire->to[i % 2][i / 2] == NULL)
			return -1;
	}
	wires_made++;
	return 0;
}

static struct net_ring_wire *
make(const struct net_ring_args *args, int node, char *error)
{
	struct net_ring_wire *wire = calloc(1, sizeof(*wire));

	if (wire == NULL) {
		snprintf(error, NET_RING_ERROR, "no memory");
		return NULL;
	}
	snprintf(wire->name, sizeof(wire->name), "%s", args->wire);
	wire->queues = args->queues == 0 ? 1 : args->queues;
	wire->size = args->size == 0 ? NET_RING_DEFAULT_SIZE : args->size;
	if (make_rings(wire, node) != 0) {
		snprintf(error, NET_RING_ERROR,
			"cannot make %u rings of %u entries for wire '%s': %s; take a smaller size, or give more memory with -m MEGABYTES",
			2 * wire->queues, wire->size, wire->name, rte_strerror(rte_errno));
		free_wire(wire);
		return NULL;
	}
	wire->next = wires;
	wires = wire;
	return wire;
}

/* The end that is free, or -1 with the reason. */
static int
free_end(const struct net_ring_wire *wire, const struct net_ring_args *args, char *error)
{
	if (wire->end[0].dev != NULL && wire->end[1].dev != NULL) {
		snprintf(error, NET_RING_ERROR, "wire '%s' has its two ends, %s and %s; give this port a wire of another name", wire->name,
			wire->end[0].dev->data->name, wire->end[1].dev->data->name);
		return -1;
	}
	if ((args->queues != 0 && args->queues != wire->queues) || (args->size != 0 && args->size != wire->size)) {
		snprintf(error, NET_RING_ERROR,
			"wire '%s' was made with queues=%u,size=%u by its other end; give both ends the same, or only the first", wire->name,
			wire->queues, wire->size);
		return -1;
	}
	return wire->end[0].dev != NULL;
}

static int
join(struct rte_eth_dev *dev, const struct net_ring_args *args, char *error)
{
	struct net_ring_port *port = net_ring_port(dev);
	struct net_ring_wire *wire = wires;
	int end = 0;

	while (wire != NULL && strcmp(wire->name, args->wire) != 0)
		wire = wire->next;
	if (wire == NULL)
		wire = make(args, dev->data->numa_node, error);
	else
		end = free_end(wire, args, error);
	if (wire == NULL || end < 0)
		return wire == NULL ? -ENOMEM : -EINVAL;
	wire->end[end].dev = dev;
	wire->end[end].started = wire->end[end].down = false;
	port->wire = wire;
	port->end = (unsigned int)end;
	port->rx_rings = port->tx_rings = wire->queues;
	for (unsigned int i = 0; i < wire->queues; i++)
		port->rx[i].ring = wire->to[end][i];
	update(wire);
	return 0;
}

/* ---- The lock ---- */

int
net_ring_wire_join(struct rte_eth_dev *dev, const struct net_ring_args *args, char *error)
{
	int failed;

	rte_spinlock_lock(&wires_lock);
	failed = join(dev, args, error);
	rte_spinlock_unlock(&wires_lock);
	return failed;
}

void
net_ring_wire_start(struct rte_eth_dev *dev, bool started)
{
	struct net_ring_port *port = net_ring_port(dev);

	rte_spinlock_lock(&wires_lock);
	port->wire->end[port->end].started = started;
	update(port->wire);
	rte_spinlock_unlock(&wires_lock);
}

void
net_ring_wire_set_up(struct rte_eth_dev *dev, bool up)
{
	struct net_ring_port *port = net_ring_port(dev);

	rte_spinlock_lock(&wires_lock);
	port->wire->end[port->end].down = !up;
	update(port->wire);
	rte_spinlock_unlock(&wires_lock);
}

void
net_ring_wire_leave(struct rte_eth_dev *dev)
{
	struct net_ring_port *port = net_ring_port(dev);
	struct net_ring_wire *wire = port->wire, **link;

	rte_spinlock_lock(&wires_lock);
	wire->end[port->end].dev = NULL;
	wire->end[port->end].started = false;
	port->wire = NULL;
	if (wire->end[!port->end].dev != NULL) {
		update(wire);
	} else {
		for (link = &wires; *link != wire; link = &(*link)->next)
			;
		*link = wire->next;
		free_wire(wire);
	}
	rte_spinlock_unlock(&wires_lock);
}
