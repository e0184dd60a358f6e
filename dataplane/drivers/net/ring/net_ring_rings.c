/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Rings this driver makes, and who shares them.
 */
#include "net_ring.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_mbuf.h>
#include <rte_spinlock.h>

static struct net_ring_set *sets;
static rte_spinlock_t sets_lock = RTE_SPINLOCK_INITIALIZER;

void
net_ring_free_ring(struct rte_ring *ring)
{
	void *mbuf;

	while (ring != NULL && rte_ring_dequeue(ring, &mbuf) == 0)
		rte_pktmbuf_free(mbuf);
	rte_ring_free(ring);
}

static void
free_set(struct net_ring_set *set)
{
	for (unsigned int i = 0; i < set->rings; i++)
		net_ring_free_ring(set->ring[i]);
	free(set);
}

static struct net_ring_set *
find(const char *name)
{
	struct net_ring_set *set = sets;

	while (set != NULL && strcmp(set->name, name) != 0)
		set = set->next;
	return set;
}

static struct net_ring_set *
make(const char *name, unsigned int rings, unsigned int size, int node, unsigned int flags, char *error)
{
	struct net_ring_set *set = calloc(1, sizeof(*set));

	if (set == NULL) {
		snprintf(error, NET_RING_ERROR, "no memory");
		return NULL;
	}
	snprintf(set->name, sizeof(set->name), "%s", name);
	for (; set->rings < rings; set->rings++) {
		char ring[RTE_RING_NAMESIZE];

		/* The names are upstream's: its programs look them up. */
		if (snprintf(ring, sizeof(ring), "ETH_RXTX%u_%s", set->rings, name) >= (int)sizeof(ring)) {
			snprintf(error, NET_RING_ERROR, "'%s' is too long a name: its rings could not be told apart; take a shorter one", name);
			break;
		}
		set->ring[set->rings] = rte_ring_create(ring, size, node, flags);
		if (set->ring[set->rings] == NULL) {
			snprintf(error, NET_RING_ERROR,
				"cannot make ring '%s' of %u entries: %s; take a smaller size, or give more memory with -m MEGABYTES", ring, size,
				rte_strerror(rte_errno));
			break;
		}
	}
	if (set->rings == rings)
		return set;
	free_set(set);
	return NULL;
}

struct net_ring_set *
net_ring_set_create(const char *name, unsigned int rings, unsigned int size, int node, unsigned int flags, bool *exists,
	char *error)
{
	struct net_ring_set *set = NULL;

	rte_spinlock_lock(&sets_lock);
	*exists = find(name) != NULL;
	if (*exists)
		snprintf(error, NET_RING_ERROR, "there are rings named '%s' already", name);
	else
		set = make(name, rings, size, node, flags, error);
	if (set != NULL) {
		set->users = 1;
		set->next = sets;
		sets = set;
	}
	rte_spinlock_unlock(&sets_lock);
	return set;
}

struct net_ring_set *
net_ring_set_attach(const char *name, char *error)
{
	struct net_ring_set *set;

	rte_spinlock_lock(&sets_lock);
	set = find(name);
	if (set != NULL)
		set->users++;
	else
		snprintf(error, NET_RING_ERROR, "there are no rings named '%s' to attach to; create them before, by nodeaction=%s:0:CREATE",
			name, name);
	rte_spinlock_unlock(&sets_lock);
	return set;
}

void
net_ring_set_leave(struct net_ring_set *set)
{
	struct net_ring_set **link;

	if (set == NULL)
		return;
	rte_spinlock_lock(&sets_lock);
	if (--set->users == 0) {
		for (link = &sets; *link != set; link = &(*link)->next)
			;
		*link = set->next;
		free_set(set);
	}
	rte_spinlock_unlock(&sets_lock);
}
