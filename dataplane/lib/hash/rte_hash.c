/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <string.h>

#include <rte_common.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_spinlock.h>

#include "hash_private.h"
#include "rte_hash_crc.h"

#define ALL_FLAGS (RTE_HASH_EXTRA_FLAGS_TRANS_MEM_SUPPORT | RTE_HASH_EXTRA_FLAGS_MULTI_WRITER_ADD | \
	RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY | RTE_HASH_EXTRA_FLAGS_EXT_TABLE | RTE_HASH_EXTRA_FLAGS_NO_FREE_ON_DEL | \
	RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF)

static rte_spinlock_t all_lock = RTE_SPINLOCK_INITIALIZER;
static struct rte_hash *all;

static struct rte_hash **
find_link(const char *name)
{
	struct rte_hash **link = &all;

	while (*link != NULL && strcmp((*link)->name, name) != 0)
		link = &(*link)->next;
	return link;
}

static bool
good_parameters(const struct rte_hash_parameters *params)
{
	if (params == NULL || params->name == NULL || memchr(params->name, 0, RTE_HASH_NAMESIZE) == NULL ||
	    params->entries < HASH_SLOTS || params->entries > RTE_HASH_ENTRIES_MAX || params->key_len == 0)
		return false;
	if ((params->extra_flag & RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY) != 0 &&
	    (params->extra_flag & RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF) != 0)
		return false;
	return (params->extra_flag & ~ALL_FLAGS) == 0;
}

/* All numbers from 1 on are free again. */
static void
numbers_fill(struct hash_numbers *numbers)
{
	numbers->first = 0;
	numbers->count = numbers->capacity;
	for (uint32_t i = 0; i < numbers->capacity; i++)
		numbers->numbers[i] = i + 1;
}

static bool
numbers_init(struct hash_numbers *numbers, uint32_t count, int socket)
{
	numbers->numbers = rte_malloc_socket("hash numbers", count * sizeof(uint32_t), 0, socket);
	numbers->capacity = count;
	if (numbers->numbers == NULL)
		return false;
	numbers_fill(numbers);
	return true;
}

static void
table_delete(struct rte_hash *h)
{
	rte_free(h->buckets);
	rte_free(h->extra);
	rte_free(h->store);
	rte_free(h->states);
	rte_free(h->free_entries.numbers);
	rte_free(h->free_extra.numbers);
	rte_free(h);
}

static struct rte_hash *
table_new(const struct rte_hash_parameters *params)
{
	struct rte_hash *h = rte_zmalloc_socket("hash", sizeof(*h), RTE_CACHE_LINE_SIZE, params->socket_id);
	uint32_t buckets = rte_align32pow2(params->entries) / HASH_SLOTS;
	uint8_t flags = params->extra_flag;
	bool made;

	if (h == NULL)
		return NULL;
	h->entries = params->entries;
	h->key_len = params->key_len;
	h->hash_func = params->hash_func == NULL ? rte_hash_crc : params->hash_func;
	h->init_val = params->hash_func_init_val;
	h->mask = buckets - 1;
	h->readers_lock = (flags & RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY) != 0;
	h->writers_lock = h->readers_lock || (flags & RTE_HASH_EXTRA_FLAGS_MULTI_WRITER_ADD) != 0;
	h->keeps_deleted = (flags & (RTE_HASH_EXTRA_FLAGS_NO_FREE_ON_DEL | RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF)) != 0;
	h->entry_size = RTE_ALIGN_CEIL(sizeof(struct hash_entry) + (size_t)params->key_len, (size_t)8);
	rte_rwlock_init(&h->lock);

	h->buckets = rte_zmalloc_socket("hash buckets", buckets * sizeof(*h->buckets), RTE_CACHE_LINE_SIZE, params->socket_id);
	h->store = rte_malloc_socket("hash keys", h->entry_size * ((size_t)h->entries + 1), RTE_CACHE_LINE_SIZE,
		params->socket_id);
	h->states = rte_zmalloc_socket("hash states", (size_t)h->entries + 1, 0, params->socket_id);
	made = h->buckets != NULL && h->store != NULL && h->states != NULL &&
		numbers_init(&h->free_entries, h->entries, params->socket_id);
	if (made && (flags & RTE_HASH_EXTRA_FLAGS_EXT_TABLE) != 0) {
		/* Each chain may have one bucket that is not full: as many as there are buckets hold any set of keys. */
		h->extra = rte_zmalloc_socket("hash extra buckets", ((size_t)buckets + 1) * sizeof(*h->extra), RTE_CACHE_LINE_SIZE,
			params->socket_id);
		made = h->extra != NULL && numbers_init(&h->free_extra, buckets, params->socket_id);
	}
	if (made) {
		memcpy(h->name, params->name, strlen(params->name) + 1);
		return h;
	}
	table_delete(h);
	return NULL;
}

struct rte_hash *
rte_hash_create(const struct rte_hash_parameters *params)
{
	struct rte_hash *h, **link;

	if (!good_parameters(params)) {
		rte_errno = EINVAL;
		return NULL;
	}
	h = table_new(params);
	if (h == NULL) {
		rte_errno = ENOMEM;
		return NULL;
	}
	rte_spinlock_lock(&all_lock);
	link = find_link(h->name);
	if (*link != NULL) {
		rte_spinlock_unlock(&all_lock);
		table_delete(h);
		rte_errno = EEXIST;
		return NULL;
	}
	*link = h;
	rte_spinlock_unlock(&all_lock);
	return h;
}

struct rte_hash *
rte_hash_find_existing(const char *name)
{
	struct rte_hash *h = NULL;

	if (name != NULL) {
		rte_spinlock_lock(&all_lock);
		h = *find_link(name);
		rte_spinlock_unlock(&all_lock);
	}
	if (h == NULL)
		rte_errno = ENOENT;
	return h;
}

/* Nobody is to use the table any more: what waits for its readers is waited for. */
static void
finish_deferred(struct rte_hash *h)
{
	unsigned int pending = 1;

	if (h->deferred == NULL)
		return;
	rte_rcu_qsbr_synchronize(h->rcu.v, RTE_QSBR_THRID_INVALID);
	while (pending > 0)
		rte_rcu_qsbr_dq_reclaim(h->deferred, UINT32_MAX, NULL, &pending, NULL);
}

void
rte_hash_free(struct rte_hash *h)
{
	if (h == NULL)
		return;
	rte_spinlock_lock(&all_lock);
	*find_link(h->name) = h->next;
	rte_spinlock_unlock(&all_lock);
	finish_deferred(h);
	rte_rcu_qsbr_dq_delete(h->deferred);
	table_delete(h);
}

void
rte_hash_set_cmp_func(struct rte_hash *h, rte_hash_cmp_eq_t func)
{
	if (h != NULL)
		h->compare = func;
}

void
rte_hash_reset(struct rte_hash *h)
{
	if (h == NULL)
		return;
	hash_write_lock(h);
	finish_deferred(h);
	memset(h->buckets, 0, ((size_t)h->mask + 1) * sizeof(*h->buckets));
	memset(h->states, 0, (size_t)h->entries + 1);
	numbers_fill(&h->free_entries);
	if (h->extra != NULL) {
		memset(h->extra, 0, ((size_t)h->free_extra.capacity + 1) * sizeof(*h->extra));
		numbers_fill(&h->free_extra);
	}
	__atomic_store_n(&h->count, 0, __ATOMIC_RELAXED);
	hash_write_unlock(h);
}

int32_t
rte_hash_count(const struct rte_hash *h)
{
	return h == NULL ? -EINVAL : (int32_t)__atomic_load_n(&h->count, __ATOMIC_RELAXED);
}

int32_t
rte_hash_max_key_id(const struct rte_hash *h)
{
	return h == NULL ? -EINVAL : (int32_t)h->entries;
}

hash_sig_t
rte_hash_hash(const struct rte_hash *h, const void *key)
{
	return h->hash_func(key, h->key_len, h->init_val);
}

int
rte_hash_get_key_with_position(const struct rte_hash *h, const int32_t position, void **key)
{
	if (h == NULL || key == NULL || position < 0 || (uint32_t)position >= h->entries)
		return -EINVAL;
	if (h->states[position + 1] != HASH_USED)
		return -ENOENT;
	*key = hash_entry_at(h, (uint32_t)position + 1)->key;
	return 0;
}

static void
free_deferred(void *p, void *e, unsigned int n)
{
	struct rte_hash *h = p;
	uint32_t entry;

	RTE_SET_USED(n);
	memcpy(&entry, e, sizeof(entry));
	if (h->rcu.free_key_data_func != NULL)
		h->rcu.free_key_data_func(h->rcu.key_data_ptr, hash_entry_at(h, entry)->data);
	hash_entry_release(h, entry);
}

int
rte_hash_rcu_qsbr_add(struct rte_hash *h, struct rte_hash_rcu_config *cfg)
{
	struct rte_rcu_qsbr_dq_parameters params;
	struct rte_hash_rcu_config rcu;

	if (h == NULL || cfg == NULL || cfg->v == NULL || !h->keeps_deleted ||
	    (cfg->mode != RTE_HASH_QSBR_MODE_DQ && cfg->mode != RTE_HASH_QSBR_MODE_SYNC)) {
		rte_errno = EINVAL;
		return 1;
	}
	if (h->rcu.v != NULL) {
		rte_errno = EEXIST;
		return 1;
	}
	rcu = *cfg;
	if (rcu.max_reclaim_size == 0)
		rcu.max_reclaim_size = 16;
	if (rcu.mode == RTE_HASH_QSBR_MODE_DQ) {
		/* Every use is under the writers' lock, or there is one writer. */
		params = (struct rte_rcu_qsbr_dq_parameters){ .name = h->name, .flags = RTE_RCU_QSBR_DQ_MT_UNSAFE,
			.size = RTE_MAX(rcu.dq_size, h->entries), .esize = sizeof(uint32_t),
			.trigger_reclaim_limit = rcu.trigger_reclaim_limit, .max_reclaim_size = rcu.max_reclaim_size,
			.free_fn = free_deferred, .p = h, .v = rcu.v };
		h->deferred = rte_rcu_qsbr_dq_create(&params);
		if (h->deferred == NULL)
			return 1;
	}
	h->rcu = rcu;
	return 0;
}
