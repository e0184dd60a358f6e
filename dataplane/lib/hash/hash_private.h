/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The insides of a table.
 *
 * A key's hash names its first bucket (low bits) and a signature (high 16 bits); its other bucket is the first's number
 * xor the signature, so each leads to the other without the key. Slots of a bucket hold the signature and the number of an
 * entry in the store, where the key is; number 0 is an empty slot. With EXT_TABLE a bucket may head a chain of further
 * ones, for keys whose other bucket it is.
 *
 * Lookups without a lock (RW_CONCURRENCY_LF): a slot is complete when its entry's number is there (release/acquire). A
 * key that moves is at its new place before `moves` goes up and before it leaves the old one: a lookup that found nothing
 * and sees `moves` changed looks again. Extra buckets are only ever buckets, so a lookup in one that was taken out of its
 * chain compares keys in vain, at worst.
 */
#ifndef WDPDK_HASH_PRIVATE_H
#define WDPDK_HASH_PRIVATE_H

#include <stdbool.h>

#include <rte_rwlock.h>

#include "rte_hash.h"

#define HASH_SLOTS 8
#define HASH_EMPTY 0

struct hash_bucket {
	uint16_t signature[HASH_SLOTS];
	uint32_t entry[HASH_SLOTS];
	uint32_t next; /* number of the extra bucket that goes on, 0: none */
	uint32_t unused[3];
} __rte_cache_aligned;

/* In the store. `key` follows. */
struct hash_entry {
	void *data;
	uint8_t key[];
};

enum hash_state { HASH_FREE, HASH_USED, HASH_DELETED };

/* Numbers not in use, first in first out. */
struct hash_numbers {
	uint32_t *numbers;
	uint32_t first, count, capacity;
};

struct rte_hash {
	struct hash_bucket *buckets;
	struct hash_bucket *extra; /* from number 1 on; NULL without EXT_TABLE */
	uint8_t *store;
	size_t entry_size;
	uint32_t mask; /* buckets - 1 */
	uint32_t key_len;
	rte_hash_function hash_func;
	uint32_t init_val;
	rte_hash_cmp_eq_t compare; /* NULL: bytewise */
	bool readers_lock, writers_lock, keeps_deleted;
	uint32_t moves;
	rte_rwlock_t lock __rte_cache_aligned;
	uint32_t entries;
	uint32_t count;
	uint8_t *states; /* enum hash_state of each entry */
	struct hash_numbers free_entries, free_extra;
	struct rte_hash_rcu_config rcu; /* rcu.v NULL: none */
	struct rte_rcu_qsbr_dq *deferred;
	struct rte_hash *next; /* of all tables */
	char name[RTE_HASH_NAMESIZE];
};

/* Where a slot is. */
struct hash_place {
	struct hash_bucket *bucket;
	unsigned int slot;
};

static inline uint16_t
hash_signature(hash_sig_t sig)
{
	return (uint16_t)(sig >> 16);
}

static inline uint32_t
hash_other(const struct rte_hash *h, uint32_t bucket, uint16_t signature)
{
	return (bucket ^ signature) & h->mask;
}

static inline struct hash_entry *
hash_entry_at(const struct rte_hash *h, uint32_t number)
{
	return (struct hash_entry *)(void *)(h->store + number * h->entry_size);
}

static inline struct hash_bucket *
hash_next(const struct rte_hash *h, const struct hash_bucket *bucket)
{
	uint32_t next = __atomic_load_n(&bucket->next, __ATOMIC_ACQUIRE);

	return next == 0 ? NULL : &h->extra[next];
}

static inline void
hash_numbers_put(struct hash_numbers *numbers, uint32_t number)
{
	numbers->numbers[(numbers->first + numbers->count++) % numbers->capacity] = number;
}

/* 0 when there is none. */
static inline uint32_t
hash_numbers_get(struct hash_numbers *numbers)
{
	uint32_t number;

	if (numbers->count == 0)
		return 0;
	number = numbers->numbers[numbers->first];
	numbers->first = numbers->first + 1 == numbers->capacity ? 0 : numbers->first + 1;
	numbers->count--;
	return number;
}

/* The entry of a key, or 0; its place too when asked for. The caller holds what lock there is. */
uint32_t hash_find(const struct rte_hash *h, const void *key, hash_sig_t sig, struct hash_place *place);

/* Fills or empties a slot as lookups may see it. */
static inline void
hash_slot_fill(struct hash_bucket *bucket, unsigned int slot, uint16_t signature, uint32_t entry)
{
	__atomic_store_n(&bucket->signature[slot], signature, __ATOMIC_RELAXED);
	__atomic_store_n(&bucket->entry[slot], entry, __ATOMIC_RELEASE);
}

static inline void
hash_slot_empty(struct hash_bucket *bucket, unsigned int slot)
{
	__atomic_store_n(&bucket->entry[slot], HASH_EMPTY, __ATOMIC_RELEASE);
	__atomic_store_n(&bucket->signature[slot], 0, __ATOMIC_RELAXED);
}

/* What was in the second place is in the first: lookups that saw neither look again. */
static inline void
hash_moved(struct rte_hash *h, struct hash_bucket *from, unsigned int slot)
{
	__atomic_store_n(&h->moves, h->moves + 1, __ATOMIC_RELEASE);
	/* The count must be seen by whoever sees the slot empty: both are releases, in this order. */
	hash_slot_empty(from, slot);
}

/* A position that no lookup can hold is free again. */
void hash_entry_release(struct rte_hash *h, uint32_t entry);

static inline void
hash_write_lock(struct rte_hash *h)
{
	if (h->writers_lock)
		rte_rwlock_write_lock(&h->lock);
}

static inline void
hash_write_unlock(struct rte_hash *h)
{
	if (h->writers_lock)
		rte_rwlock_write_unlock(&h->lock);
}

static inline void
hash_read_lock(const struct rte_hash *h)
{
	if (h->readers_lock)
		rte_rwlock_read_lock((rte_rwlock_t *)(uintptr_t)&h->lock);
}

static inline void
hash_read_unlock(const struct rte_hash *h)
{
	if (h->readers_lock)
		rte_rwlock_read_unlock((rte_rwlock_t *)(uintptr_t)&h->lock);
}

#endif
