/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Adding and deleting keys.
 */
#include <errno.h>
#include <string.h>

#include <rte_common.h>
#include <rte_errno.h>

#include "hash_private.h"

/* Buckets looked at for a way to an empty slot: enough to fill a table beyond nine tenths. */
#define SEARCHED 512

/* A bucket on the way: what is in `slot` of bucket `from` could move here. */
struct step {
	uint32_t bucket;
	int32_t from;
	unsigned int slot;
};

static int
empty_slot(const struct hash_bucket *bucket)
{
	for (unsigned int slot = 0; slot < HASH_SLOTS; slot++)
		if (bucket->entry[slot] == HASH_EMPTY)
			return (int)slot;
	return -1;
}

/* Along the way back, each key moves into the slot that the one before it has left. True: `slot` of step 0's is empty. */
static unsigned int
make_room(struct rte_hash *h, const struct step *steps, int32_t last, unsigned int empty)
{
	while (steps[last].from >= 0) {
		struct hash_bucket *to = &h->buckets[steps[last].bucket];
		struct hash_bucket *from = &h->buckets[steps[steps[last].from].bucket];
		unsigned int slot = steps[last].slot;

		hash_slot_fill(to, empty, from->signature[slot], from->entry[slot]);
		hash_moved(h, from, slot);
		empty = slot;
		last = steps[last].from;
	}
	return empty;
}

/* Whether the way to a step already goes through a bucket: what it moves would not be where it was. */
static bool
on_the_way(const struct step *steps, int32_t last, uint32_t bucket)
{
	for (; last >= 0; last = steps[last].from)
		if (steps[last].bucket == bucket)
			return true;
	return false;
}

/* Breadth first from both of the key's buckets: the shortest chain of moves that makes room for it. */
static bool
place(struct rte_hash *h, hash_sig_t sig, uint32_t entry)
{
	struct step steps[SEARCHED];
	int32_t count = 0;

	steps[count++] = (struct step){ .bucket = sig & h->mask, .from = -1 };
	steps[count] = (struct step){ .bucket = hash_other(h, sig & h->mask, hash_signature(sig)), .from = -1 };
	count += steps[1].bucket != steps[0].bucket;
	for (int32_t at = 0; at < count; at++) {
		struct hash_bucket *bucket = &h->buckets[steps[at].bucket];
		int empty = empty_slot(bucket);

		if (empty >= 0) {
			unsigned int slot = make_room(h, steps, at, (unsigned int)empty);

			while (steps[at].from >= 0)
				at = steps[at].from;
			hash_slot_fill(&h->buckets[steps[at].bucket], slot, hash_signature(sig), entry);
			return true;
		}
		for (unsigned int slot = 0; slot < HASH_SLOTS && count < SEARCHED; slot++) {
			uint32_t other = hash_other(h, steps[at].bucket, bucket->signature[slot]);

			if (!on_the_way(steps, at, other))
				steps[count++] = (struct step){ .bucket = other, .from = at, .slot = slot };
		}
	}
	return false;
}

static bool
place_extra(struct rte_hash *h, hash_sig_t sig, uint32_t entry)
{
	struct hash_bucket *last = &h->buckets[hash_other(h, sig & h->mask, hash_signature(sig))], *next;
	uint32_t number;

	if (h->extra == NULL)
		return false;
	while ((next = hash_next(h, last)) != NULL) {
		int empty = empty_slot(next);

		if (empty >= 0) {
			hash_slot_fill(next, (unsigned int)empty, hash_signature(sig), entry);
			return true;
		}
		last = next;
	}
	number = hash_numbers_get(&h->free_extra);
	if (number == 0)
		return false;
	hash_slot_fill(&h->extra[number], 0, hash_signature(sig), entry);
	__atomic_store_n(&last->next, number, __ATOMIC_RELEASE);
	return true;
}

void
hash_entry_release(struct rte_hash *h, uint32_t entry)
{
	h->states[entry] = HASH_FREE;
	hash_numbers_put(&h->free_entries, entry);
}

static uint32_t
take_entry(struct rte_hash *h)
{
	uint32_t entry = hash_numbers_get(&h->free_entries);

	if (entry == 0 && h->deferred != NULL) {
		rte_rcu_qsbr_dq_reclaim(h->deferred, h->rcu.max_reclaim_size, NULL, NULL, NULL);
		entry = hash_numbers_get(&h->free_entries);
	}
	return entry;
}

static int32_t
add(struct rte_hash *h, const void *key, hash_sig_t sig, void *data)
{
	uint32_t number = hash_find(h, key, sig, NULL);
	struct hash_entry *entry;

	if (number != 0) {
		__atomic_store_n(&hash_entry_at(h, number)->data, data, __ATOMIC_RELEASE);
		return (int32_t)(number - 1);
	}
	number = take_entry(h);
	if (number == 0)
		return -ENOSPC;
	entry = hash_entry_at(h, number);
	memcpy(entry->key, key, h->key_len);
	__atomic_store_n(&entry->data, data, __ATOMIC_RELAXED);
	if (!place(h, sig, number) && !place_extra(h, sig, number)) {
		hash_entry_release(h, number);
		return -ENOSPC;
	}
	h->states[number] = HASH_USED;
	__atomic_store_n(&h->count, h->count + 1, __ATOMIC_RELAXED);
	return (int32_t)(number - 1);
}

/* The API's tables are const even where they change. */
static struct rte_hash *
writable(const struct rte_hash *h)
{
	return (struct rte_hash *)(uintptr_t)h;
}

static int32_t
add_locked(const struct rte_hash *h, const void *key, hash_sig_t sig, void *data)
{
	int32_t position;

	hash_write_lock(writable(h));
	position = add(writable(h), key, sig, data);
	hash_write_unlock(writable(h));
	return position;
}

int32_t
rte_hash_add_key_with_hash(const struct rte_hash *h, const void *key, hash_sig_t sig)
{
	return h == NULL || key == NULL ? -EINVAL : add_locked(h, key, sig, NULL);
}

int32_t
rte_hash_add_key(const struct rte_hash *h, const void *key)
{
	return h == NULL || key == NULL ? -EINVAL : add_locked(h, key, rte_hash_hash(h, key), NULL);
}

int32_t
rte_hash_add_key_with_hash_data(const struct rte_hash *h, const void *key, hash_sig_t sig, void *data)
{
	return h == NULL || key == NULL ? -EINVAL : RTE_MIN(add_locked(h, key, sig, data), 0);
}

int
rte_hash_add_key_data(const struct rte_hash *h, const void *key, void *data)
{
	return h == NULL || key == NULL ? -EINVAL : RTE_MIN(add_locked(h, key, rte_hash_hash(h, key), data), 0);
}

/* The last key of a bucket's chain moves to the slot left empty, and a bucket left empty goes: chains have no holes. */
static void
shorten_chain(struct rte_hash *h, struct hash_bucket *head, struct hash_place hole)
{
	struct hash_bucket *before = head, *last = hash_next(h, head), *next;
	unsigned int slot = HASH_SLOTS;

	if (last == NULL)
		return;
	while ((next = hash_next(h, last)) != NULL) {
		before = last;
		last = next;
	}
	while (slot > 0 && last->entry[slot - 1] == HASH_EMPTY)
		slot--;
	if (slot > 0 && (last != hole.bucket || slot - 1 > hole.slot)) {
		hash_slot_fill(hole.bucket, hole.slot, last->signature[slot - 1], last->entry[slot - 1]);
		hash_moved(h, last, --slot);
	}
	if (slot == 0) {
		uint32_t number = before->next;

		__atomic_store_n(&before->next, 0, __ATOMIC_RELEASE);
		hash_numbers_put(&h->free_extra, number);
	}
}

/* What becomes of a deleted key's entry: free at once, when its readers are through, or when the caller says so. */
static void
give_up_entry(struct rte_hash *h, uint32_t entry)
{
	h->states[entry] = HASH_DELETED;
	if (!h->keeps_deleted) {
		hash_entry_release(h, entry);
	} else if (h->deferred != NULL) {
		/* As large as the table: it cannot be full. */
		rte_rcu_qsbr_dq_enqueue(h->deferred, &entry);
	} else if (h->rcu.v != NULL) {
		rte_rcu_qsbr_synchronize(h->rcu.v, RTE_QSBR_THRID_INVALID);
		if (h->rcu.free_key_data_func != NULL)
			h->rcu.free_key_data_func(h->rcu.key_data_ptr, hash_entry_at(h, entry)->data);
		hash_entry_release(h, entry);
	}
}

static int32_t
delete(struct rte_hash *h, const void *key, hash_sig_t sig)
{
	struct hash_place at;
	uint32_t entry = hash_find(h, key, sig, &at), first = sig & h->mask;

	if (entry == 0)
		return -ENOENT;
	hash_slot_empty(at.bucket, at.slot);
	if (h->extra != NULL)
		shorten_chain(h, at.bucket == &h->buckets[first] ? at.bucket : &h->buckets[hash_other(h, first, hash_signature(sig))], at);
	__atomic_store_n(&h->count, h->count - 1, __ATOMIC_RELAXED);
	give_up_entry(h, entry);
	return (int32_t)(entry - 1);
}

int32_t
rte_hash_del_key_with_hash(const struct rte_hash *h, const void *key, hash_sig_t sig)
{
	int32_t position;

	if (h == NULL || key == NULL)
		return -EINVAL;
	hash_write_lock(writable(h));
	position = delete(writable(h), key, sig);
	hash_write_unlock(writable(h));
	return position;
}

int32_t
rte_hash_del_key(const struct rte_hash *h, const void *key)
{
	return h == NULL || key == NULL ? -EINVAL : rte_hash_del_key_with_hash(h, key, rte_hash_hash(h, key));
}

int
rte_hash_free_key_with_position(const struct rte_hash *h, const int32_t position)
{
	bool deleted;

	if (h == NULL || position < 0 || (uint32_t)position >= h->entries)
		return -EINVAL;
	hash_write_lock(writable(h));
	deleted = h->states[position + 1] == HASH_DELETED && h->rcu.v == NULL;
	if (deleted)
		hash_entry_release(writable(h), (uint32_t)position + 1);
	hash_write_unlock(writable(h));
	return deleted ? 0 : -EINVAL;
}
