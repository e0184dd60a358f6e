/* SPDX-License-Identifier: BSD-3-Clause */
#include "rte_fbk_hash.h"

#include <stdbool.h>

#include <rte_common.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_spinlock.h>

/* A table and its way to the next; the table, of any length, is last. */
struct listed {
	struct listed *next;
	struct rte_fbk_hash_table table __rte_cache_aligned;
};

static rte_spinlock_t all_lock = RTE_SPINLOCK_INITIALIZER;
static struct listed *all;

static struct listed **
find_link(const char *name)
{
	struct listed **link = &all;

	while (*link != NULL && strcmp((*link)->table.name, name) != 0)
		link = &(*link)->next;
	return link;
}

struct rte_fbk_hash_table *
rte_fbk_hash_find_existing(const char *name)
{
	struct listed *found = NULL;

	if (name != NULL) {
		rte_spinlock_lock(&all_lock);
		found = *find_link(name);
		rte_spinlock_unlock(&all_lock);
	}
	if (found == NULL) {
		rte_errno = ENOENT;
		return NULL;
	}
	return &found->table;
}

static bool
good_parameters(const struct rte_fbk_hash_params *params)
{
	return params != NULL && params->name != NULL && memchr(params->name, 0, RTE_FBK_HASH_NAMESIZE) != NULL &&
		params->entries > 0 && params->entries <= RTE_FBK_HASH_ENTRIES_MAX && rte_is_power_of_2(params->entries) &&
		params->entries_per_bucket > 0 && params->entries_per_bucket <= RTE_FBK_HASH_ENTRIES_PER_BUCKET_MAX &&
		params->entries_per_bucket <= params->entries && rte_is_power_of_2(params->entries_per_bucket);
}

struct rte_fbk_hash_table *
rte_fbk_hash_create(const struct rte_fbk_hash_params *params)
{
	struct listed *made, **link;

	if (!good_parameters(params)) {
		rte_errno = EINVAL;
		return NULL;
	}
	made = rte_zmalloc_socket("fbk hash", sizeof(*made) + params->entries * sizeof(made->table.t[0]), RTE_CACHE_LINE_SIZE,
		params->socket_id);
	if (made == NULL) {
		rte_errno = ENOMEM;
		return NULL;
	}
	memcpy(made->table.name, params->name, strlen(params->name) + 1);
	made->table.entries = params->entries;
	made->table.entries_per_bucket = params->entries_per_bucket;
	made->table.bucket_mask = params->entries / params->entries_per_bucket - 1;
	made->table.bucket_shift = (uint32_t)__builtin_ctz(params->entries_per_bucket);
	made->table.hash_func = params->hash_func == NULL ? rte_hash_crc_4byte : params->hash_func;
	made->table.init_val = params->hash_func == NULL ? RTE_FBK_HASH_INIT_VAL_DEFAULT : params->init_val;
	rte_spinlock_lock(&all_lock);
	link = find_link(params->name);
	if (*link != NULL) {
		rte_spinlock_unlock(&all_lock);
		rte_free(made);
		rte_errno = EEXIST;
		return NULL;
	}
	*link = made;
	rte_spinlock_unlock(&all_lock);
	return &made->table;
}

void
rte_fbk_hash_free(struct rte_fbk_hash_table *ht)
{
	struct listed **link, *gone;

	if (ht == NULL)
		return;
	rte_spinlock_lock(&all_lock);
	link = find_link(ht->name);
	gone = *link;
	if (gone != NULL)
		*link = gone->next;
	rte_spinlock_unlock(&all_lock);
	rte_free(gone);
}
