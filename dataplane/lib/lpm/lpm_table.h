/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A named IPv6 table: a trie, its set of routes and its limits.
 */
#ifndef WDPDK_LPM_TABLE_H
#define WDPDK_LPM_TABLE_H

#include "lpm_directory.h"
#include "lpm_rules.h"
#include "lpm_trie.h"

struct lpm_table {
	struct lpm_entry entry; /* first */
	struct lpm_trie trie;
	struct lpm_rules rules;
	uint32_t max_rules;
};

/* As rte_lpm6_create(), rte_errno included. */
struct lpm_table *lpm_table_create(struct lpm_directory *directory, const char *name, int socket, uint32_t max_rules,
	uint32_t deep_limit);
void lpm_table_free(struct lpm_directory *directory, struct lpm_table *table);

/* Arguments have been checked; the address need not be cut to the depth. Results as in rte_lpm6.h. */
int lpm_table_add(struct lpm_table *table, struct lpm_prefix address, unsigned int depth, uint32_t next_hop);
int lpm_table_delete(struct lpm_table *table, struct lpm_prefix address, unsigned int depth);
int lpm_table_present(const struct lpm_table *table, struct lpm_prefix address, unsigned int depth, uint32_t *next_hop);
void lpm_table_clear(struct lpm_table *table);

#endif
