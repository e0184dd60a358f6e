/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The tables of one family by name.
 */
#ifndef WDPDK_LPM_DIRECTORY_H
#define WDPDK_LPM_DIRECTORY_H

#include <stdbool.h>

#include <rte_spinlock.h>

#define LPM_NAME_SIZE 32

/* In each table. */
struct lpm_entry {
	struct lpm_entry *next;
	char name[LPM_NAME_SIZE];
};

/* A directory's own lock guards it; the tables are their users' to guard. */
struct lpm_directory {
	rte_spinlock_t lock;
	struct lpm_entry *first;
};

/* Whether a table may be called so. */
bool lpm_directory_name_fits(const char *name);
/* False when there is one of this name already. */
bool lpm_directory_insert(struct lpm_directory *directory, struct lpm_entry *entry, const char *name);
/* As rte_lpm_find_existing(), rte_errno included. */
struct lpm_entry *lpm_directory_find(struct lpm_directory *directory, const char *name);
void lpm_directory_remove(struct lpm_directory *directory, struct lpm_entry *entry);

#endif
