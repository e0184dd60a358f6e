/* SPDX-License-Identifier: BSD-3-Clause */
#include "rte_lpm.h"

#include <rte_errno.h>

#include "lpm_table.h"

static struct lpm_directory directory = { .lock = RTE_SPINLOCK_INITIALIZER };

static struct lpm_prefix
address_of(uint32_t ip)
{
	return (struct lpm_prefix){ .high = (uint64_t)ip << 32 };
}

static bool
bad_depth(uint8_t depth)
{
	return depth == 0 || depth > RTE_LPM_MAX_DEPTH;
}

struct rte_lpm *
rte_lpm_create(const char *name, int socket_id, const struct rte_lpm_config *config)
{
	struct lpm_table *table;

	if (config == NULL || config->number_tbl8s > RTE_LPM_MAX_TBL8_NUM_GROUPS) {
		rte_errno = EINVAL;
		return NULL;
	}
	table = lpm_table_create(&directory, name, socket_id, config->max_rules, config->number_tbl8s);
	return table == NULL ? NULL : &table->trie.lookup;
}

struct rte_lpm *
rte_lpm_find_existing(const char *name)
{
	struct lpm_table *table = lpm_table_find(&directory, name);

	return table == NULL ? NULL : &table->trie.lookup;
}

void
rte_lpm_free(struct rte_lpm *lpm)
{
	if (lpm != NULL)
		lpm_table_free(&directory, (struct lpm_table *)lpm);
}

int
rte_lpm_add(struct rte_lpm *lpm, uint32_t ip, uint8_t depth, uint32_t next_hop)
{
	if (lpm == NULL || bad_depth(depth) || next_hop > WDPDK_LPM_VALUE)
		return -EINVAL;
	return lpm_table_add((struct lpm_table *)lpm, address_of(ip), depth, next_hop);
}

int
rte_lpm_is_rule_present(struct rte_lpm *lpm, uint32_t ip, uint8_t depth, uint32_t *next_hop)
{
	if (lpm == NULL || next_hop == NULL || bad_depth(depth))
		return -EINVAL;
	return lpm_table_present((struct lpm_table *)lpm, address_of(ip), depth, next_hop);
}

int
rte_lpm_delete(struct rte_lpm *lpm, uint32_t ip, uint8_t depth)
{
	if (lpm == NULL || bad_depth(depth))
		return -EINVAL;
	/* DPDK 22.11 answers alike to a bad argument and to a route that is not there; its IPv6 table tells them apart. */
	return lpm_table_delete((struct lpm_table *)lpm, address_of(ip), depth) == 0 ? 0 : -EINVAL;
}

void
rte_lpm_delete_all(struct rte_lpm *lpm)
{
	if (lpm != NULL)
		lpm_table_clear((struct lpm_table *)lpm);
}
