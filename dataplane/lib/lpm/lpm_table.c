/* SPDX-License-Identifier: BSD-3-Clause */
#include "lpm_table.h"

#include <errno.h>
#include <string.h>

#include <rte_common.h>
#include <rte_errno.h>
#include <rte_malloc.h>

static struct lpm_table *
table_new(int socket, uint32_t max_rules, uint32_t deep_limit)
{
	struct lpm_table *table = rte_zmalloc_socket("lpm table", sizeof(*table), RTE_CACHE_LINE_SIZE, socket);

	if (table == NULL)
		return NULL;
	if (lpm_rules_init(&table->rules, socket) != 0) {
		rte_free(table);
		return NULL;
	}
	lpm_trie_init(&table->trie, deep_limit, socket);
	table->max_rules = max_rules;
	return table;
}

static void
table_delete(struct lpm_table *table)
{
	lpm_trie_release(&table->trie);
	lpm_rules_free(&table->rules);
	rte_free(table);
}

struct lpm_table *
lpm_table_create(struct lpm_directory *directory, const char *name, int socket, uint32_t max_rules, uint32_t deep_limit)
{
	struct lpm_table *table;

	if (!lpm_directory_name_fits(name) || socket < -1 || max_rules == 0) {
		rte_errno = EINVAL;
		return NULL;
	}
	table = table_new(socket, max_rules, deep_limit);
	if (table == NULL) {
		rte_errno = ENOMEM;
		return NULL;
	}
	if (!lpm_directory_insert(directory, &table->entry, name)) {
		table_delete(table);
		rte_errno = EEXIST;
		return NULL;
	}
	return table;
}

void
lpm_table_free(struct lpm_directory *directory, struct lpm_table *table)
{
	lpm_directory_remove(directory, &table->entry);
	table_delete(table);
}

int
lpm_table_add(struct lpm_table *table, struct lpm_prefix address, unsigned int depth, uint32_t next_hop)
{
	struct lpm_prefix prefix = lpm_prefix_cut(address, depth);
	struct lpm_rule *rule = lpm_rules_find(&table->rules, prefix, depth);
	int error;

	if (rule != NULL) {
		if (rule->next_hop != next_hop)
			lpm_trie_set(&table->trie, prefix, depth, next_hop, false);
		rule->next_hop = next_hop;
		return 0;
	}
	if (table->rules.count >= table->max_rules)
		return -ENOSPC;
	error = lpm_rules_reserve(&table->rules);
	if (error == 0)
		error = lpm_trie_reserve(&table->trie, prefix, depth);
	if (error != 0)
		return error;
	lpm_rules_insert(&table->rules, prefix, depth, next_hop);
	lpm_trie_set(&table->trie, prefix, depth, next_hop, true);
	return 0;
}

int
lpm_table_delete(struct lpm_table *table, struct lpm_prefix address, unsigned int depth)
{
	struct lpm_prefix prefix = lpm_prefix_cut(address, depth);
	struct lpm_rule *rule = lpm_rules_find(&table->rules, prefix, depth);

	if (rule == NULL)
		return -ENOENT;
	lpm_rules_remove(&table->rules, rule);
	lpm_trie_unset(&table->trie, prefix, depth, lpm_rules_covering(&table->rules, prefix, depth));
	return 0;
}

int
lpm_table_present(const struct lpm_table *table, struct lpm_prefix address, unsigned int depth, uint32_t *next_hop)
{
	const struct lpm_rule *rule = lpm_rules_find(&table->rules, lpm_prefix_cut(address, depth), depth);

	if (rule == NULL)
		return 0;
	*next_hop = rule->next_hop;
	return 1;
}

void
lpm_table_clear(struct lpm_table *table)
{
	lpm_rules_clear(&table->rules);
	lpm_trie_clear(&table->trie);
}
