/* SPDX-License-Identifier: BSD-3-Clause */
#include <emmintrin.h>
#include <errno.h>
#include <string.h>

#include <rte_common.h>
#include <rte_prefetch.h>

#include "hash_private.h"

static inline bool
keys_equal(const struct rte_hash *h, const void *a, const void *b)
{
	return h->compare == NULL ? memcmp(a, b, h->key_len) == 0 : h->compare(a, b, h->key_len) == 0;
}

/* Two bits for each slot of this signature. The load may see a slot change: what it says is checked by the key. */
WDPDK_NO_TSAN static inline unsigned int
slots_of(const struct hash_bucket *bucket, uint16_t signature)
{
	__m128i all = _mm_load_si128((const __m128i *)(const void *)bucket->signature);

	return (unsigned int)_mm_movemask_epi8(_mm_cmpeq_epi16(all, _mm_set1_epi16((short)signature)));
}

static uint32_t
find_among(const struct rte_hash *h, const struct hash_bucket *bucket, unsigned int slots, const void *key,
	struct hash_place *place)
{
	for (; slots != 0; slots &= slots - 1, slots &= slots - 1) {
		unsigned int slot = (unsigned int)__builtin_ctz(slots) / 2;
		uint32_t entry = __atomic_load_n(&bucket->entry[slot], __ATOMIC_ACQUIRE);

		if (entry != HASH_EMPTY && keys_equal(h, key, hash_entry_at(h, entry)->key)) {
			if (place != NULL)
				*place = (struct hash_place){ (struct hash_bucket *)(uintptr_t)bucket, slot };
			return entry;
		}
	}
	return 0;
}

static uint32_t
find_once(const struct rte_hash *h, const void *key, hash_sig_t sig, struct hash_place *place)
{
	uint16_t signature = hash_signature(sig);
	const struct hash_bucket *bucket = &h->buckets[sig & h->mask];
	uint32_t entry = find_among(h, bucket, slots_of(bucket, signature), key, place);

	bucket = &h->buckets[hash_other(h, sig & h->mask, signature)];
	for (; entry == 0 && bucket != NULL; bucket = hash_next(h, bucket))
		entry = find_among(h, bucket, slots_of(bucket, signature), key, place);
	return entry;
}

uint32_t
hash_find(const struct rte_hash *h, const void *key, hash_sig_t sig, struct hash_place *place)
{
	for (;;) {
		uint32_t moves = __atomic_load_n(&h->moves, __ATOMIC_ACQUIRE);
		uint32_t entry = find_once(h, key, sig, place);

		if (entry != 0)
			return entry;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if (likely(__atomic_load_n(&h->moves, __ATOMIC_RELAXED) == moves))
			return 0;
	}
}

/* The position and the pointer. */
static int32_t
lookup(const struct rte_hash *h, const void *key, hash_sig_t sig, void **data)
{
	uint32_t entry;

	hash_read_lock(h);
	entry = hash_find(h, key, sig, NULL);
	if (entry != 0 && data != NULL)
		*data = __atomic_load_n(&hash_entry_at(h, entry)->data, __ATOMIC_ACQUIRE);
	hash_read_unlock(h);
	return entry == 0 ? -ENOENT : (int32_t)(entry - 1);
}

int32_t
rte_hash_lookup_with_hash(const struct rte_hash *h, const void *key, hash_sig_t sig)
{
	return h == NULL || key == NULL ? -EINVAL : lookup(h, key, sig, NULL);
}

int32_t
rte_hash_lookup(const struct rte_hash *h, const void *key)
{
	return h == NULL || key == NULL ? -EINVAL : lookup(h, key, rte_hash_hash(h, key), NULL);
}

int
rte_hash_lookup_with_hash_data(const struct rte_hash *h, const void *key, hash_sig_t sig, void **data)
{
	return h == NULL || key == NULL || data == NULL ? -EINVAL : lookup(h, key, sig, data);
}

int
rte_hash_lookup_data(const struct rte_hash *h, const void *key, void **data)
{
	return h == NULL || key == NULL || data == NULL ? -EINVAL : lookup(h, key, rte_hash_hash(h, key), data);
}

/*
 * Three passes, each over all keys, so that their cache misses overlap: ask for the buckets, compare signatures and ask for
 * the first candidate's key, compare keys. A key that this does not find is looked up alone: it may be in a chain, or moving.
 */
static void
lookup_bulk(const struct rte_hash *h, const void **keys, const hash_sig_t *sig, uint32_t n, int32_t *positions,
	uint64_t *hits, void *data[])
{
	unsigned int first_slots[RTE_HASH_LOOKUP_BULK_MAX], other_slots[RTE_HASH_LOOKUP_BULK_MAX];
	uint64_t hit = 0;

	for (uint32_t i = 0; i < n; i++) {
		rte_prefetch0(&h->buckets[sig[i] & h->mask]);
		rte_prefetch0(&h->buckets[hash_other(h, sig[i] & h->mask, hash_signature(sig[i]))]);
	}
	hash_read_lock(h);
	for (uint32_t i = 0; i < n; i++) {
		const struct hash_bucket *bucket = &h->buckets[sig[i] & h->mask];
		const struct hash_bucket *other = &h->buckets[hash_other(h, sig[i] & h->mask, hash_signature(sig[i]))];
		unsigned int slots;

		first_slots[i] = slots_of(bucket, hash_signature(sig[i]));
		other_slots[i] = slots_of(other, hash_signature(sig[i]));
		if (first_slots[i] == 0)
			bucket = other;
		slots = first_slots[i] != 0 ? first_slots[i] : other_slots[i];
		if (slots != 0)
			rte_prefetch0(hash_entry_at(h, __atomic_load_n(&bucket->entry[__builtin_ctz(slots) / 2], __ATOMIC_RELAXED)));
	}
	for (uint32_t i = 0; i < n; i++) {
		uint32_t entry = find_among(h, &h->buckets[sig[i] & h->mask], first_slots[i], keys[i], NULL);

		if (entry == 0)
			entry = find_among(h, &h->buckets[hash_other(h, sig[i] & h->mask, hash_signature(sig[i]))], other_slots[i], keys[i],
				NULL);
		if (entry == 0)
			entry = hash_find(h, keys[i], sig[i], NULL);
		if (positions != NULL)
			positions[i] = entry == 0 ? -ENOENT : (int32_t)(entry - 1);
		if (entry != 0) {
			hit |= UINT64_C(1) << i;
			if (data != NULL)
				data[i] = __atomic_load_n(&hash_entry_at(h, entry)->data, __ATOMIC_ACQUIRE);
		}
	}
	hash_read_unlock(h);
	*hits = hit;
}

static void
hash_all(const struct rte_hash *h, const void **keys, uint32_t n, hash_sig_t *sig)
{
	for (uint32_t i = 0; i < n; i++)
		rte_prefetch0(keys[i]);
	for (uint32_t i = 0; i < n; i++)
		sig[i] = rte_hash_hash(h, keys[i]);
}

static bool
bad_bulk(const struct rte_hash *h, const void **keys, uint32_t n, const void *result)
{
	return h == NULL || keys == NULL || result == NULL || n == 0 || n > RTE_HASH_LOOKUP_BULK_MAX;
}

int
rte_hash_lookup_with_hash_bulk(const struct rte_hash *h, const void **keys, hash_sig_t *sig, uint32_t num_keys,
	int32_t *positions)
{
	uint64_t hits;

	if (bad_bulk(h, keys, num_keys, positions) || sig == NULL)
		return -EINVAL;
	lookup_bulk(h, keys, sig, num_keys, positions, &hits, NULL);
	return 0;
}

int
rte_hash_lookup_bulk(const struct rte_hash *h, const void **keys, uint32_t num_keys, int32_t *positions)
{
	hash_sig_t sig[RTE_HASH_LOOKUP_BULK_MAX];

	if (bad_bulk(h, keys, num_keys, positions))
		return -EINVAL;
	hash_all(h, keys, num_keys, sig);
	return rte_hash_lookup_with_hash_bulk(h, keys, sig, num_keys, positions);
}

int
rte_hash_lookup_with_hash_bulk_data(const struct rte_hash *h, const void **keys, hash_sig_t *sig, uint32_t num_keys,
	uint64_t *hit_mask, void *data[])
{
	if (bad_bulk(h, keys, num_keys, data) || sig == NULL || hit_mask == NULL)
		return -EINVAL;
	lookup_bulk(h, keys, sig, num_keys, NULL, hit_mask, data);
	return __builtin_popcountll(*hit_mask);
}

int
rte_hash_lookup_bulk_data(const struct rte_hash *h, const void **keys, uint32_t num_keys, uint64_t *hit_mask, void *data[])
{
	hash_sig_t sig[RTE_HASH_LOOKUP_BULK_MAX];

	if (bad_bulk(h, keys, num_keys, data) || hit_mask == NULL)
		return -EINVAL;
	hash_all(h, keys, num_keys, sig);
	return rte_hash_lookup_with_hash_bulk_data(h, keys, sig, num_keys, hit_mask, data);
}

/* Slot `at` of the buckets and then of the extra ones, or 0 behind the last. */
static const struct hash_bucket *
bucket_of(const struct rte_hash *h, uint32_t at)
{
	uint64_t bucket = at / HASH_SLOTS;

	if (bucket <= h->mask)
		return &h->buckets[bucket];
	bucket -= h->mask; /* extra buckets count from 1 */
	return h->extra != NULL && bucket <= h->free_extra.capacity ? &h->extra[bucket] : NULL;
}

int32_t
rte_hash_iterate(const struct rte_hash *h, const void **key, void **data, uint32_t *next)
{
	const struct hash_bucket *bucket;
	int32_t position = -ENOENT;

	if (h == NULL || key == NULL || data == NULL || next == NULL)
		return -EINVAL;
	hash_read_lock(h);
	while (position < 0 && (bucket = bucket_of(h, *next)) != NULL) {
		uint32_t entry = __atomic_load_n(&bucket->entry[*next % HASH_SLOTS], __ATOMIC_ACQUIRE);

		++*next;
		if (entry == HASH_EMPTY)
			continue;
		*key = hash_entry_at(h, entry)->key;
		*data = __atomic_load_n(&hash_entry_at(h, entry)->data, __ATOMIC_ACQUIRE);
		position = (int32_t)(entry - 1);
	}
	hash_read_unlock(h);
	return position;
}
