/* SPDX-License-Identifier: BSD-3-Clause */
#include "rte_fib.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include <rte_common.h>
#include <rte_errno.h>
#include <rte_lpm.h>
#include <rte_malloc.h>
#include <rte_rib.h>

#include "fib_hops.h"
#include "lpm_directory.h"

#define BULK 32

struct rte_fib {
	struct lpm_entry entry;
	enum rte_fib_type type;
	int socket;
	uint64_t greatest;     /* next hop */
	uint64_t fallback;     /* what there is without any route */
	uint64_t default_hop;  /* the fallback, or that of the route of depth 0, which the table does not have */
	struct rte_rib *rib;
	struct rte_lpm *lpm; /* NULL for RTE_FIB_DUMMY */
	struct fib_hops hops;
};

static struct lpm_directory directory = { .lock = RTE_SPINLOCK_INITIALIZER };

static bool
good_conf(const struct rte_fib_conf *conf)
{
	uint64_t greatest;

	if (conf->max_routes <= 0 || conf->type > RTE_FIB_DIR24_8)
		return false;
	if (conf->type == RTE_FIB_DUMMY)
		return true;
	if (conf->dir24_8.nh_sz > RTE_FIB_DIR24_8_8B)
		return false;
	greatest = UINT64_MAX >> (65 - (8 << conf->dir24_8.nh_sz));
	return conf->dir24_8.num_tbl8 != 0 && conf->dir24_8.num_tbl8 <= greatest && conf->default_nh <= greatest;
}

static int
table_make(struct rte_fib *fib, const struct rte_fib_conf *conf, uint32_t max_nodes)
{
	static uint32_t serial;
	struct rte_lpm_config config = { .max_rules = max_nodes,
		.number_tbl8s = RTE_MIN(conf->dir24_8.num_tbl8, (uint32_t)RTE_LPM_MAX_TBL8_NUM_GROUPS) };
	char name[RTE_LPM_NAMESIZE];

	if (conf->type == RTE_FIB_DUMMY)
		return 0;
	fib->greatest = UINT64_MAX >> (65 - (8 << conf->dir24_8.nh_sz));
	fib_hops_init(&fib->hops, max_nodes, fib->socket);
	/* Its name is nobody's choice: a table of the FIB's name is somebody else's. */
	do {
		snprintf(name, sizeof(name), "fib table %u", __atomic_add_fetch(&serial, 1, __ATOMIC_RELAXED));
		fib->lpm = rte_lpm_create(name, fib->socket, &config);
	} while (fib->lpm == NULL && rte_errno == EEXIST);
	return fib->lpm == NULL ? -rte_errno : 0;
}

static void
fib_delete(struct rte_fib *fib)
{
	rte_lpm_free(fib->lpm);
	fib_hops_release(&fib->hops);
	rte_rib_free(fib->rib);
	rte_free(fib);
}

struct rte_fib *
rte_fib_create(const char *name, int socket_id, struct rte_fib_conf *conf)
{
	struct rte_rib_conf rib_conf;
	struct rte_fib *fib;
	int error;

	if (!lpm_directory_name_fits(name) || socket_id < -1 || conf == NULL || !good_conf(conf)) {
		rte_errno = EINVAL;
		return NULL;
	}
	fib = rte_zmalloc_socket("fib", sizeof(*fib), RTE_CACHE_LINE_SIZE, socket_id);
	if (fib == NULL) {
		rte_errno = ENOMEM;
		return NULL;
	}
	fib->type = conf->type;
	fib->socket = socket_id;
	fib->greatest = UINT64_MAX;
	fib->fallback = fib->default_hop = conf->default_nh;
	rib_conf = (struct rte_rib_conf){ .ext_sz = conf->rib_ext_sz, .max_nodes = RTE_MIN(conf->max_routes, INT_MAX / 2) * 2 };
	fib->rib = rte_rib_create(name, socket_id, &rib_conf);
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

struct rte_fib *
rte_fib_find_existing(const char *name)
{
	struct lpm_entry *entry = lpm_directory_find(&directory, name);

	return entry == NULL ? NULL : (struct rte_fib *)((char *)entry - offsetof(struct rte_fib, entry));
}

void
rte_fib_free(struct rte_fib *fib)
{
	if (fib == NULL)
		return;
	lpm_directory_remove(&directory, &fib->entry);
	fib_delete(fib);
}

/* What lookups find for the route from now on. */
static int
publish(struct rte_fib *fib, uint32_t ip, uint8_t depth, uint64_t next_hop)
{
	uint32_t code;
	int error;

	if (depth == 0) {
		__atomic_store_n(&fib->default_hop, next_hop, __ATOMIC_RELAXED);
		return 0;
	}
	if (fib->lpm == NULL)
		return 0;
	error = fib_hops_keep(&fib->hops, next_hop, &code);
	if (error != 0)
		return error;
	error = rte_lpm_add(fib->lpm, ip, depth, code);
	if (error != 0)
		fib_hops_drop(&fib->hops, next_hop);
	return error;
}

static void
let_go(struct rte_fib *fib, uint8_t depth, uint64_t next_hop)
{
	if (fib->lpm != NULL && depth != 0)
		fib_hops_drop(&fib->hops, next_hop);
}

int
rte_fib_add(struct rte_fib *fib, uint32_t ip, uint8_t depth, uint64_t next_hop)
{
	struct rte_rib_node *node;
	uint64_t old = 0;
	bool is_new;
	int error;

	if (fib == NULL || depth > RTE_FIB_MAXDEPTH || next_hop > fib->greatest)
		return -EINVAL;
	node = rte_rib_lookup_exact(fib->rib, ip, depth);
	is_new = node == NULL;
	if (is_new) {
		node = rte_rib_insert(fib->rib, ip, depth);
		if (node == NULL)
			return -rte_errno;
	} else {
		rte_rib_get_nh(node, &old);
		if (old == next_hop)
			return 0;
	}
	error = publish(fib, ip, depth, next_hop);
	if (error == 0) {
		rte_rib_set_nh(node, next_hop);
		if (!is_new)
			let_go(fib, depth, old);
	} else if (is_new) {
		rte_rib_remove(fib->rib, ip, depth);
	}
	return error;
}

int
rte_fib_delete(struct rte_fib *fib, uint32_t ip, uint8_t depth)
{
	struct rte_rib_node *node;
	uint64_t old = 0;
	int error = 0;

	if (fib == NULL || depth > RTE_FIB_MAXDEPTH)
		return -EINVAL;
	node = rte_rib_lookup_exact(fib->rib, ip, depth);
	if (node == NULL)
		return -ENOENT;
	rte_rib_get_nh(node, &old);
	if (depth == 0)
		__atomic_store_n(&fib->default_hop, fib->fallback, __ATOMIC_RELAXED);
	else if (fib->lpm != NULL)
		error = rte_lpm_delete(fib->lpm, ip, depth);
	if (error != 0)
		return error;
	let_go(fib, depth, old);
	rte_rib_remove(fib->rib, ip, depth);
	return 0;
}

static void
lookup_table(const struct rte_fib *fib, const uint32_t *ips, uint64_t *next_hops, unsigned int n)
{
	const uint64_t default_hop = __atomic_load_n(&fib->default_hop, __ATOMIC_RELAXED);
	uint32_t answers[BULK];

	for (unsigned int done = 0, some; done < n; done += some) {
		some = RTE_MIN(n - done, (unsigned int)BULK);
		rte_lpm_lookup_bulk(fib->lpm, ips + done, answers, some);
		for (unsigned int i = 0; i < some; i++) {
			uint64_t next_hop = fib_hops_value(&fib->hops, answers[i] & FIB_ANSWER);

			next_hops[done + i] = answers[i] & RTE_LPM_LOOKUP_SUCCESS ? next_hop : default_hop;
		}
	}
}

static void
lookup_rib(const struct rte_fib *fib, const uint32_t *ips, uint64_t *next_hops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		struct rte_rib_node *node = rte_rib_lookup(fib->rib, ips[i]);

		next_hops[i] = fib->fallback;
		if (node != NULL)
			rte_rib_get_nh(node, &next_hops[i]);
	}
}

int
rte_fib_lookup_bulk(struct rte_fib *fib, uint32_t *ips, uint64_t *next_hops, int n)
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
rte_fib_get_dp(struct rte_fib *fib)
{
	if (fib == NULL)
		return NULL;
	return fib->lpm == NULL ? (void *)fib : (void *)fib->lpm;
}

struct rte_rib *
rte_fib_get_rib(struct rte_fib *fib)
{
	return fib == NULL ? NULL : fib->rib;
}

int
rte_fib_select_lookup(struct rte_fib *fib, enum rte_fib_lookup_type type)
{
	return fib == NULL || fib->type == RTE_FIB_DUMMY || type > RTE_FIB_LOOKUP_DIR24_8_SCALAR_UNI ? -EINVAL : 0;
}
