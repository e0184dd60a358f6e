/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A named table: a trie, its set of routes and its limits. rte_lpm and rte_lpm6 are this with another address form.
 */
#ifndef WDPDK_LPM_TABLE_H
#define WDPDK_LPM_TABLE_H

#include <rte_spinlock.h>

#include "lpm_rules.h"
#include "lpm_trie.h"

struct lpm_table {
	struct lpm_trie trie; /* first, see struct lpm_trie */
	struct lpm_rules rules;
	uint32_t max_rules;
	struct lpm_table *next; /* in its family's directory */
	char name[RTE_LPM_NAMESIZE];
};

/* All tables of one family, by name. A directory's own lock guards it; the tables are their users' to guard. */
struct lpm_directory {
	rte_spinlock_t lock;
	struct lpm_table *first;
};

/* As rte_lpm_create() and rte_lpm_find_existing(), rte_errno included. */
struct lpm_table *lpm_table_create(struct lpm_directory *directory, const char *name, int socket, uint32_t max_rules,
	uint32_t deep_limit);
struct lpm_table *lpm_table_find(struct lpm_directory *directory, const char *name);
void lpm_table_free(struct lpm_directory *directory, struct lpm_table *table);

/* Arguments have been checked; the address need not be cut to the depth. Results as in rte_lpm.h. */
int lpm_table_add(struct lpm_table *table, struct lpm_prefix address, unsigned int depth, uint32_t next_hop);
int lpm_table_delete(struct lpm_table *table, struct lpm_prefix address, unsigned int depth);
int lpm_table_present(const struct lpm_table *table, struct lpm_prefix address, unsigned int depth, uint32_t *next_hop);
void lpm_table_clear(struct lpm_table *table);

#endif
