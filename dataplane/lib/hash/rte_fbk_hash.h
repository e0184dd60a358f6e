/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A hash of 32-bit keys to 16-bit values in buckets of a fixed size, DPDK 22.11's API. A full bucket takes no more.
 *
 * Threads: one changes at a time; lookups beside a change see each 8-byte entry whole.
 */
#ifndef RTE_FBK_HASH_H
#define RTE_FBK_HASH_H

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <rte_hash_crc.h>
#include <rte_jhash.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef RTE_FBK_HASH_INIT_VAL_DEFAULT
#define RTE_FBK_HASH_INIT_VAL_DEFAULT 0xFFFFFFFF
#endif

#define RTE_FBK_HASH_ENTRIES_MAX (1 << 20)
#define RTE_FBK_HASH_ENTRIES_PER_BUCKET_MAX 256
/* Longest name, its terminating zero included. */
#define RTE_FBK_HASH_NAMESIZE 32

typedef uint32_t (*rte_fbk_hash_fn)(uint32_t key, uint32_t init_val);

struct rte_fbk_hash_params {
	const char *name;
	uint32_t entries;            /* a power of two */
	uint32_t entries_per_bucket; /* a power of two, at most entries */
	int socket_id;
	rte_fbk_hash_fn hash_func;   /* NULL: CRC-32C with RTE_FBK_HASH_INIT_VAL_DEFAULT */
	uint32_t init_val;
};

/* The used entries of a bucket come first. */
union rte_fbk_hash_entry {
	uint64_t whole_entry;
	struct {
		uint16_t is_entry; /* 1: used */
		uint16_t value;
		uint32_t key;
	} entry;
};

struct rte_fbk_hash_table {
	char name[RTE_FBK_HASH_NAMESIZE];
	uint32_t entries;
	uint32_t entries_per_bucket;
	uint32_t used_entries;
	uint32_t bucket_mask;  /* buckets - 1 */
	uint32_t bucket_shift; /* from a bucket's number to its first entry's */
	rte_fbk_hash_fn hash_func;
	uint32_t init_val;
	union rte_fbk_hash_entry t[];
};

/* The number of the first entry of the key's bucket: `bucket` in the functions below. */
static inline uint32_t
rte_fbk_hash_get_bucket(const struct rte_fbk_hash_table *ht, uint32_t key)
{
	return (ht->hash_func(key, ht->init_val) & ht->bucket_mask) << ht->bucket_shift;
}

/* Internal: the key's entry in its bucket or the first unused one; NULL in a full bucket without it. */
static inline union rte_fbk_hash_entry *
wdpdk_fbk_find(const struct rte_fbk_hash_table *ht, uint32_t key, uint32_t bucket)
{
	union rte_fbk_hash_entry *first = (union rte_fbk_hash_entry *)(uintptr_t)&ht->t[bucket];

	for (union rte_fbk_hash_entry *at = first; at < first + ht->entries_per_bucket; at++) {
		union rte_fbk_hash_entry seen;

		seen.whole_entry = __atomic_load_n(&at->whole_entry, __ATOMIC_RELAXED);
		if (!seen.entry.is_entry || seen.entry.key == key)
			return at;
	}
	return NULL;
}

/* Adds the key or gives it another value. 0, or -ENOSPC: its bucket is full. */
static inline int
rte_fbk_hash_add_key_with_bucket(struct rte_fbk_hash_table *ht, uint32_t key, uint16_t value, uint32_t bucket)
{
	union rte_fbk_hash_entry *at = wdpdk_fbk_find(ht, key, bucket), fresh;

	if (at == NULL)
		return -ENOSPC;
	ht->used_entries += !at->entry.is_entry;
	fresh.entry.is_entry = 1;
	fresh.entry.value = value;
	fresh.entry.key = key;
	__atomic_store_n(&at->whole_entry, fresh.whole_entry, __ATOMIC_RELAXED);
	return 0;
}

static inline int
rte_fbk_hash_add_key(struct rte_fbk_hash_table *ht, uint32_t key, uint16_t value)
{
	return rte_fbk_hash_add_key_with_bucket(ht, key, value, rte_fbk_hash_get_bucket(ht, key));
}

/* Takes the key out; the bucket's last entry moves to its place. 0, or -ENOENT. */
static inline int
rte_fbk_hash_delete_key_with_bucket(struct rte_fbk_hash_table *ht, uint32_t key, uint32_t bucket)
{
	union rte_fbk_hash_entry *at = wdpdk_fbk_find(ht, key, bucket), *end = &ht->t[bucket] + ht->entries_per_bucket, *last = at;

	if (at == NULL || !at->entry.is_entry)
		return -ENOENT;
	while (last + 1 < end && last[1].entry.is_entry)
		last++;
	__atomic_store_n(&at->whole_entry, last->whole_entry, __ATOMIC_RELAXED);
	__atomic_store_n(&last->whole_entry, 0, __ATOMIC_RELAXED);
	ht->used_entries--;
	return 0;
}

static inline int
rte_fbk_hash_delete_key(struct rte_fbk_hash_table *ht, uint32_t key)
{
	return rte_fbk_hash_delete_key_with_bucket(ht, key, rte_fbk_hash_get_bucket(ht, key));
}

/* The key's value, or -ENOENT. */
static inline int
rte_fbk_hash_lookup_with_bucket(const struct rte_fbk_hash_table *ht, uint32_t key, uint32_t bucket)
{
	const union rte_fbk_hash_entry *at = wdpdk_fbk_find(ht, key, bucket);
	union rte_fbk_hash_entry seen;

	if (at == NULL)
		return -ENOENT;
	seen.whole_entry = __atomic_load_n(&at->whole_entry, __ATOMIC_RELAXED);
	return seen.entry.is_entry && seen.entry.key == key ? seen.entry.value : -ENOENT;
}

static inline int
rte_fbk_hash_lookup(const struct rte_fbk_hash_table *ht, uint32_t key)
{
	return rte_fbk_hash_lookup_with_bucket(ht, key, rte_fbk_hash_get_bucket(ht, key));
}

/* Takes all keys out. */
static inline void
rte_fbk_hash_clear_all(struct rte_fbk_hash_table *ht)
{
	memset(ht->t, 0, sizeof(ht->t[0]) * ht->entries);
	ht->used_entries = 0;
}

/* Used entries over entries. */
static inline double
rte_fbk_hash_get_load_factor(struct rte_fbk_hash_table *ht)
{
	return (double)ht->used_entries / (double)ht->entries;
}

/* The table of that name, or NULL with rte_errno ENOENT. */
struct rte_fbk_hash_table *rte_fbk_hash_find_existing(const char *name);

/*
 * Makes an empty table, the caller's until rte_fbk_hash_free(). NULL with rte_errno: EINVAL (see the parameters), EEXIST
 * (the name is taken), ENOMEM.
 */
struct rte_fbk_hash_table *rte_fbk_hash_create(const struct rte_fbk_hash_params *params);

/* Releases the table; NULL is allowed. */
void rte_fbk_hash_free(struct rte_fbk_hash_table *ht);

#ifdef __cplusplus
}
#endif

#endif
