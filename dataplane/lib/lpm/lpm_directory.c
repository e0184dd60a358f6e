/* SPDX-License-Identifier: BSD-3-Clause */
#include "lpm_directory.h"

#include <errno.h>
#include <string.h>

#include <rte_errno.h>

static struct lpm_entry **
find_link(struct lpm_directory *directory, const char *name)
{
	struct lpm_entry **link = &directory->first;

	while (*link != NULL && strcmp((*link)->name, name) != 0)
		link = &(*link)->next;
	return link;
}

bool
lpm_directory_name_fits(const char *name)
{
	return name != NULL && memchr(name, 0, LPM_NAME_SIZE) != NULL;
}

bool
lpm_directory_insert(struct lpm_directory *directory, struct lpm_entry *entry, const char *name)
{
	struct lpm_entry **link;
	bool free_name;

	memcpy(entry->name, name, strlen(name) + 1);
	rte_spinlock_lock(&directory->lock);
	link = find_link(directory, name);
	free_name = *link == NULL;
	if (free_name)
		*link = entry;
	rte_spinlock_unlock(&directory->lock);
	return free_name;
}

struct lpm_entry *
lpm_directory_find(struct lpm_directory *directory, const char *name)
{
	struct lpm_entry *entry;

	if (name == NULL) {
		rte_errno = EINVAL;
		return NULL;
	}
	rte_spinlock_lock(&directory->lock);
	entry = *find_link(directory, name);
	rte_spinlock_unlock(&directory->lock);
	if (entry == NULL)
		rte_errno = ENOENT;
	return entry;
}

void
lpm_directory_remove(struct lpm_directory *directory, struct lpm_entry *entry)
{
	rte_spinlock_lock(&directory->lock);
	*find_link(directory, entry->name) = entry->next;
	rte_spinlock_unlock(&directory->lock);
}
