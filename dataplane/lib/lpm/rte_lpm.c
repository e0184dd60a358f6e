/* SPDX-License-Identifier: BSD-3-Clause */
#include "rte_lpm.h"

#include <stdbool.h>

#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_prefetch.h>

#include "lpm4_rules.h"
#include "lpm_change.h"
#include "lpm_directory.h"
#include "lpm_os.h"

#define VIEW_SIZE (RTE_LPM_TBL24_NUM_ENTRIES * sizeof(struct rte_lpm_tbl_entry))

struct table {
	struct rte_lpm lookup; /* first: rte_lpm handles are pointers to it */
	struct lpm_entry entry;
	struct lpm_blocks blocks;
	struct lpm4_rules rules;
	uint32_t max_rules;
	uint32_t max_groups;
	enum rte_lpm_qsbr_mode mode;
	/* With RCU: tokens of groups that went, oldest first, a circle of max_groups. They count until they are quiescent. */
	uint64_t *gone;
	uint32_t gone_first, gone_count;
};

static struct lpm_directory directory = { .lock = RTE_SPINLOCK_INITIALIZER };

/* What tbl24 is until a table has a route longer than 24 bits: one for all tables, never written. */
static struct rte_lpm_tbl_entry *no_long_routes;

static struct table *
table_of(struct rte_lpm *lpm)
{
	return (struct table *)lpm;
}

static struct table *
table_of_entry(struct lpm_entry *entry)
{
	return (struct table *)((char *)entry - offsetof(struct table, entry));
}

static bool
bad_depth(uint8_t depth)
{
	return depth == 0 || depth > RTE_LPM_MAX_DEPTH;
}

static struct rte_lpm_tbl_entry *
shared_view(void)
{
	struct rte_lpm_tbl_entry *view = __atomic_load_n(&no_long_routes, __ATOMIC_ACQUIRE), *none = NULL;

	if (view != NULL)
		return view;
	view = lpm_os_map_zeros(VIEW_SIZE);
	if (view == NULL || __atomic_compare_exchange_n(&no_long_routes, &none, view, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return view;
	lpm_os_unmap(view, VIEW_SIZE);
	return none;
}

static int
own_view(struct table *table)
{
	struct rte_lpm_tbl_entry *view;

	if (table->lookup.tbl24 != no_long_routes)
		return 0;
	view = lpm_os_map_zeros(VIEW_SIZE);
	if (view == NULL)
		return -ENOMEM;
	table->lookup.tbl24 = view;
	return 0;
}

static void
table_delete(struct table *table)
{
	if (table->lookup.tbl24 != no_long_routes)
		lpm_os_unmap(table->lookup.tbl24, VIEW_SIZE);
	lpm_blocks_release(&table->blocks);
	lpm4_rules_free(&table->rules);
	rte_free(table->gone);
	rte_free(table);
}

static struct table *
table_new(int socket, const struct rte_lpm_config *config)
{
	struct rte_lpm_tbl_entry *view = shared_view();
	struct table *table = rte_zmalloc_socket("lpm", sizeof(*table), RTE_CACHE_LINE_SIZE, socket);

	if (view == NULL || table == NULL) {
		rte_free(table);
		return NULL;
	}
	table->lookup.tbl24 = view;
	if (lpm_blocks_init(&table->blocks, &table->lookup, socket) != 0 || lpm4_rules_init(&table->rules, socket) != 0) {
		table_delete(table);
		return NULL;
	}
	table->max_rules = config->max_rules;
	table->max_groups = config->number_tbl8s;
	return table;
}

struct rte_lpm *
rte_lpm_create(const char *name, int socket_id, const struct rte_lpm_config *config)
{
	struct table *table;

	if (!lpm_directory_name_fits(name) || socket_id < -1 || config == NULL || config->max_rules == 0 ||
	    config->number_tbl8s > RTE_LPM_MAX_TBL8_NUM_GROUPS) {
		rte_errno = EINVAL;
		return NULL;
	}
	table = table_new(socket_id, config);
	if (table == NULL) {
		rte_errno = ENOMEM;
		return NULL;
	}
	if (!lpm_directory_insert(&directory, &table->entry, name)) {
		table_delete(table);
		rte_errno = EEXIST;
		return NULL;
	}
	return &table->lookup;
}

struct rte_lpm *
rte_lpm_find_existing(const char *name)
{
	struct lpm_entry *entry = lpm_directory_find(&directory, name);

	return entry == NULL ? NULL : &table_of_entry(entry)->lookup;
}

void
rte_lpm_free(struct rte_lpm *lpm)
{
	if (lpm == NULL)
		return;
	lpm_directory_remove(&directory, &table_of(lpm)->entry);
	table_delete(table_of(lpm));
}

int
rte_lpm_rcu_qsbr_add(struct rte_lpm *lpm, struct rte_lpm_rcu_config *cfg)
{
	struct table *table = table_of(lpm);
	int error = 0;

	if (lpm == NULL || cfg == NULL || cfg->v == NULL ||
	    (cfg->mode != RTE_LPM_QSBR_MODE_DQ && cfg->mode != RTE_LPM_QSBR_MODE_SYNC))
		error = EINVAL;
	else if (table->blocks.rcu != NULL)
		error = EEXIST;
	if (error != 0) {
		rte_errno = error;
		return 1;
	}
	table->mode = cfg->mode;
	table->blocks.rcu = cfg->v;
	return 0;
}

/* The tokens' circle is made when the first group goes; a table without one lets groups go uncounted. */
static void
group_gone(struct table *table)
{
	if (table->blocks.rcu == NULL || table->max_groups == 0)
		return;
	if (table->gone == NULL)
		table->gone = rte_malloc_socket("lpm tokens", table->max_groups * sizeof(uint64_t), 0, table->blocks.socket);
	if (table->gone == NULL || table->gone_count == table->max_groups)
		return;
	table->gone[(table->gone_first + table->gone_count++) % table->max_groups] = rte_rcu_qsbr_start(table->blocks.rcu);
}

static bool
group_left(struct table *table)
{
	while (table->gone_count > 0 && table->blocks.groups + table->gone_count >= table->max_groups) {
		if (!rte_rcu_qsbr_check(table->blocks.rcu, table->gone[table->gone_first],
		    table->mode == RTE_LPM_QSBR_MODE_SYNC && table->blocks.groups < table->max_groups))
			break;
		table->gone_first = (table->gone_first + 1) % table->max_groups;
		table->gone_count--;
	}
	return table->blocks.groups + table->gone_count < table->max_groups;
}

/* The block and the rule's slot are unrelated lines: the one comes while the other is looked for. */
static void
fetch_block(const struct table *table, uint32_t ip)
{
	uint32_t block = lpm_top(&table->blocks)[ip >> 14];

	rte_prefetch0(lpm_block(&table->blocks, block));
	rte_prefetch0(lpm_note(&table->blocks, block));
}

static int
add_new(struct table *table, const struct lpm_change *change, uint32_t next_hop)
{
	bool needs_group = change->depth > 24 && !lpm_change_has_group(&table->blocks, change->ip);
	int error;

	if (table->rules.count >= table->max_rules || (needs_group && !group_left(table)))
		return -ENOSPC;
	error = lpm4_rules_reserve(&table->rules);
	if (error == 0 && needs_group)
		error = own_view(table);
	if (error == 0)
		error = lpm_change_apply(&table->blocks, change);
	if (error != 0)
		return error;
	lpm4_rules_insert(&table->rules, change->ip, change->depth, next_hop);
	if (needs_group)
		table->lookup.tbl24[change->ip >> 8] = (struct rte_lpm_tbl_entry){ .valid = 1, .valid_group = 1 };
	return 0;
}

int
rte_lpm_add(struct rte_lpm *lpm, uint32_t ip, uint8_t depth, uint32_t next_hop)
{
	struct table *table = table_of(lpm);
	struct lpm_change change;
	uint64_t *rule;
	int error;

	if (lpm == NULL || bad_depth(depth) || next_hop > WDPDK_LPM_VALUE)
		return -EINVAL;
	fetch_block(table, ip);
	change = (struct lpm_change){ .ip = lpm4_cut(ip, depth), .depth = depth, .answer = lpm_answer(depth, next_hop) };
	rule = lpm4_rules_find(&table->rules, change.ip, depth);
	if (rule == NULL)
		return add_new(table, &change, next_hop);
	if (lpm4_next_hop(*rule) == next_hop)
		return 0;
	error = lpm_change_apply(&table->blocks, &change);
	if (error == 0)
		lpm4_rules_set_next_hop(rule, next_hop);
	return error;
}

int
rte_lpm_is_rule_present(struct rte_lpm *lpm, uint32_t ip, uint8_t depth, uint32_t *next_hop)
{
	const uint64_t *rule;

	if (lpm == NULL || next_hop == NULL || bad_depth(depth))
		return -EINVAL;
	rule = lpm4_rules_find(&table_of(lpm)->rules, lpm4_cut(ip, depth), depth);
	if (rule == NULL)
		return 0;
	*next_hop = lpm4_next_hop(*rule);
	return 1;
}

int
rte_lpm_delete(struct rte_lpm *lpm, uint32_t ip, uint8_t depth)
{
	struct table *table = table_of(lpm);
	struct lpm_change change;
	uint64_t *rule, cover;
	int error;

	if (lpm == NULL || bad_depth(depth))
		return -EINVAL;
	fetch_block(table, ip);
	change = (struct lpm_change){ .ip = lpm4_cut(ip, depth), .depth = depth, .removing = true };
	rule = lpm4_rules_find(&table->rules, change.ip, depth);
	/* Upstream's IPv4 table gives this answer to a bad argument and to a route that is not there. */
	if (rule == NULL)
		return -EINVAL;
	cover = lpm4_rules_covering(&table->rules, change.ip, depth);
	if (cover != 0)
		change.answer = lpm_answer(lpm4_depth(cover), lpm4_next_hop(cover));
	error = lpm_change_apply(&table->blocks, &change);
	if (error != 0)
		return error;
	lpm4_rules_remove(&table->rules, rule);
	if (depth > 24 && !lpm_change_has_group(&table->blocks, change.ip)) {
		table->lookup.tbl24[change.ip >> 8] = (struct rte_lpm_tbl_entry){ 0 };
		group_gone(table);
	}
	return 0;
}

void
rte_lpm_delete_all(struct rte_lpm *lpm)
{
	struct table *table = table_of(lpm);

	if (lpm == NULL)
		return;
	lpm_change_clear(&table->blocks);
	lpm4_rules_clear(&table->rules);
	if (lpm->tbl24 != no_long_routes) {
		struct rte_lpm_tbl_entry *view = lpm->tbl24;

		lpm->tbl24 = no_long_routes;
		lpm_os_unmap(view, VIEW_SIZE);
	}
}
