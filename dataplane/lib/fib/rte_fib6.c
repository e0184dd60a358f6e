/* SPDX-License-Identifier: BSD-3-Clause */
#include "rte_fib6.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include <rte_common.h>
#include <rte_errno.h>
#include <rte_lpm6.h>
#include <rte_malloc.h>
#include <rte_rib6.h>

#include "fib_hops.h"
#include "lpm_directory.h"

/* What the trie's limits allow at most. */
#define TBL8S_MAX (1 << 21)
#define BULK 64

struct rte_fib6 {
	struct lpm_entry entry;
	enum rte_fib6_type type;
	int socket;
	uint64_t greatest;     /* next hop */
	uint64_t fallback;     /* what there is without any route */
	uint64_t default_hop;  /* the fallback, or that of the route of depth 0, which the trie does not have */
	struct rte_rib6 *rib;
	struct rte_lpm6 *lpm; /* NULL for RTE_FIB6_DUMMY */
	struct fib_hops hops;
};

static struct lpm_directory directory = { .lock = RTE_SPINLOCK_INITIALIZER };

static bool
good_conf(const struct rte_fib6_conf *conf)
{
	uint64_t greatest;

	if (conf->max_routes <= 0 || conf->type > RTE_FIB6_TRIE)
		return false;
	if (conf->type == RTE_FIB6_DUMMY)
		return true;
	if (conf->trie.nh_sz < RTE_FIB6_TRIE_2B || conf->trie.nh_sz > RTE_FIB6_TRIE_8B)
		return false;
	greatest = UINT64_MAX >> (65 - (8 << conf->trie.nh_sz));
	return conf->trie.num_tbl8 != 0 && conf->trie.num_tbl8 <= greatest && conf->default_nh <= greatest;
}

static int
table_make(struct rte_fib6 *fib, const struct rte_fib6_conf *conf, uint32_t max_nodes)
{
	static uint32_t serial;
	struct rte_lpm6_config config = { .max_rules = max_nodes,
		.number_tbl8s = RTE_MIN(conf->trie.num_tbl8, (uint32_t)TBL8S_MAX) };
	char name[RTE_LPM6_NAMESIZE];

	if (conf->type == RTE_FIB6_DUMMY)
		return 0;
	fib->greatest = UINT64_MAX >> (65 - (8 << conf->trie.nh_sz));
	fib_hops_init(&fib->hops, max_nodes, fib->socket);
	/* Its name is nobody's choice: a table of the FIB's name is somebody else's. */
	do {
		snprintf(name, sizeof(name), "fib table %u", __atomic_add_fetch(&serial, 1, __ATOMIC_RELAXED));
		fib->lpm = rte_lpm6_create(name, fib->socket, &config);
	} while (fib->lpm == NULL && rte_errno == EEXIST);
	return fib->lpm == NULL ? -rte_errno : 0;
}

static void
fib_delete(struct rte_fib6 *fib)
{
	rte_lpm6_free(fib->lpm);
	fib_hops_release(&fib->hops);
	rte_rib6_free(fib->rib);
	rte_free(fib);
}

struct rte_fib6 *
rte_fib6_create(const char *name, int socket_id, struct rte_fib6_conf *conf)
{
	struct rte_rib6_conf rib_conf;
	struct rte_fib6 *fib;
	int error;

	if (!lpm_directory_name_fits(name) || socket_id < -1 || conf == NULL || !good_conf(conf)) {
		rte_errno = EINVAL;
		return NULL;
	}
	fib = rte_zmalloc_socket("fib6", sizeof(*fib), RTE_CACHE_LINE_SIZE, socket_id);
	if (fib == NULL) {
		rte_errno = ENOMEM;
		return NULL;
	}
	fib->type = conf->type;
	fib->socket = socket_id;
	fib->greatest = UINT64_MAX;
	fib->fallback = fib->default_hop = conf->default_nh;
	rib_conf = (struct rte_rib6_conf){ .ext_sz = conf->rib_ext_sz, .max_nodes = RTE_MIN(conf->max_routes, INT_MAX / 2) * 2 };
	fib->rib = rte_rib6_create(name, socket_id, &rib_conf);
	error = fib->rib == NULL ? -rte_errno : table_make(fib, conf, (uint32_t)rib_conf.max_nodes);
	if (error == 0 && !lpm_directory_insert(&directory, &fib->entry, name))
		error = -EEXIST;
	if (error != 0) {
		fib_delete(fib);
		rte_errno = -error;
		return NULL;
	}
	return fib;
}

struct rte_fib6 *
rte_fib6_find_existing(const char *name)
{
	struct lpm_entry *entry = lpm_directory_find(&directory, name);

	return entry == NULL ? NULL : (struct rte_fib6 *)((char *)entry - offsetof(struct rte_fib6, entry));
}

void
rte_fib6_free(struct rte_fib6 *fib)
{
	if (fib == NULL)
		return;
	lpm_directory_remove(&directory, &fib->entry);
	fib_delete(fib);
}

/* What lookups find for the route from now on. */
static int
publish(struct rte_fib6 *fib, const uint8_t *ip, uint8_t depth, uint64_t next_hop)
{
	uint32_t code;
	int error;

	if (depth == 0) {
		fib->default_hop = next_hop;
		return 0;
	}
	if (fib->lpm == NULL)
		return 0;
	error = fib_hops_keep(&fib->hops, next_hop, &code);
	if (error != 0)
		return error;
	error = rte_lpm6_add(fib->lpm, ip, depth, code);
	if (error != 0)
		fib_hops_drop(&fib->hops, next_hop);
	return error;
}

static void
let_go(struct rte_fib6 *fib, uint8_t depth, uint64_t next_hop)
{
	if (fib->lpm != NULL && depth != 0)
		fib_hops_drop(&fib->hops, next_hop);
}

int
rte_fib6_add(struct rte_fib6 *fib, const uint8_t ip[RTE_FIB6_IPV6_ADDR_SIZE], uint8_t depth, uint64_t next_hop)
{
	struct rte_rib6_node *node;
	uint64_t old = 0;
	bool is_new;
	int error;

	if (fib == NULL || ip == NULL || depth > RTE_FIB6_MAXDEPTH || next_hop > fib->greatest)
		return -EINVAL;
	node = rte_rib6_lookup_exact(fib->rib, ip, depth);
	is_new = node == NULL;
	if (is_new) {
		node = rte_rib6_insert(fib->rib, ip, depth);
		if (node == NULL)
			return -rte_errno;
	} else {
		rte_rib6_get_nh(node, &old);
		if (old == next_hop)
			return 0;
	}
	error = publish(fib, ip, depth, next_hop);
	if (error == 0) {
		rte_rib6_set_nh(node, next_hop);
		if (!is_new)
			let_go(fib, depth, old);
	} else if (is_new) {
		rte_rib6_remove(fib->rib, ip, depth);
	}
	return error;
}

int
rte_fib6_delete(struct rte_fib6 *fib, const uint8_t ip[RTE_FIB6_IPV6_ADDR_SIZE], uint8_t depth)
{
	struct rte_rib6_node *node;
	uint64_t old = 0;
	int error = 0;

	if (fib == NULL || ip == NULL || depth > RTE_FIB6_MAXDEPTH)
		return -EINVAL;
	node = rte_rib6_lookup_exact(fib->rib, ip, depth);
	if (node == NULL)
		return -ENOENT;
	rte_rib6_get_nh(node, &old);
	if (depth == 0)
		fib->default_hop = fib->fallback;
	else if (fib->lpm != NULL)
		error = rte_lpm6_delete(fib->lpm, ip, depth);
	if (error != 0)
		return error;
	let_go(fib, depth, old);
	rte_rib6_remove(fib->rib, ip, depth);
	return 0;
}

static void
lookup_table(const struct rte_fib6 *fib, uint8_t ips[][RTE_FIB6_IPV6_ADDR_SIZE], uint64_t *next_hops, unsigned int n)
{
	int32_t codes[BULK];

	for (unsigned int done = 0, some; done < n; done += some) {
		some = RTE_MIN(n - done, (unsigned int)BULK);
		rte_lpm6_lookup_bulk_func(fib->lpm, ips + done, codes, some);
		for (unsigned int i = 0; i < some; i++)
			next_hops[done + i] = codes[i] < 0 ? fib->default_hop : fib_hops_value(&fib->hops, (uint32_t)codes[i]);
	}
}

static void
lookup_rib(const struct rte_fib6 *fib, uint8_t ips[][RTE_FIB6_IPV6_ADDR_SIZE], uint64_t *next_hops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		struct rte_rib6_node *node = rte_rib6_lookup(fib->rib, ips[i]);

		next_hops[i] = fib->fallback;
		if (node != NULL)
			rte_rib6_get_nh(node, &next_hops[i]);
	}
}

int
rte_fib6_lookup_bulk(struct rte_fib6 *fib, uint8_t ips[][RTE_FIB6_IPV6_ADDR_SIZE], uint64_t *next_hops, int n)
{
	if (fib == NULL || ips == NULL || next_hops == NULL || n < 0)
		return -EINVAL;
	if (fib->lpm != NULL)
		lookup_table(fib, ips, next_hops, (unsigned int)n);
	else
		lookup_rib(fib, ips, next_hops, (unsigned int)n);
	return 0;
}

void *
rte_fib6_get_dp(struct rte_fib6 *fib)
{
	if (fib == NULL)
		return NULL;
	return fib->lpm == NULL ? (void *)fib : (void *)fib->lpm;
}

struct rte_rib6 *
rte_fib6_get_rib(struct rte_fib6 *fib)
{
	return fib == NULL ? NULL : fib->rib;
}

int
rte_fib6_select_lookup(struct rte_fib6 *fib, enum rte_fib6_lookup_type type)
{
	return fib == NULL || fib->type == RTE_FIB6_DUMMY || type > RTE_FIB6_LOOKUP_TRIE_SCALAR ? -EINVAL : 0;
}
