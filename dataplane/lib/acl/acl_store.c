/* SPDX-License-Identifier: BSD-3-Clause */
#include "acl_store.h"

#include <stdlib.h>
#include <string.h>

bool
acl_store_nodes(struct acl_store *store, uint32_t count, uint32_t *first)
{
	if (store->num_nodes + count > store->room_nodes) {
		uint32_t room = RTE_MAX(store->room_nodes * 2, store->num_nodes + count);
		struct acl_node *nodes = realloc(store->nodes, room * sizeof(*nodes));
		uint32_t *leaves;

		if (nodes == NULL)
			return false;
		store->nodes = nodes;
		leaves = realloc(store->leaves, room * sizeof(*leaves));
		if (leaves == NULL)
			return false;
		store->leaves = leaves;
		store->room_nodes = room;
	}
	*first = store->num_nodes;
	memset(store->nodes + *first, 0, count * sizeof(*store->nodes));
	memset(store->leaves + *first, 0, count * sizeof(*store->leaves));
	store->num_nodes += count;
	return true;
}

static bool
reserve(struct acl_store *store, size_t size)
{
	size_t room = RTE_MAX(store->room * 2, store->used + size);
	uint8_t *groups;

	if (store->used + size <= store->room)
		return true;
	groups = realloc(store->groups, room);
	if (groups == NULL)
		return false;
	store->groups = groups;
	store->room = room;
	return true;
}

/* Writes a group of n <= ACL_GROUP rules behind what is used; its size. */
static size_t
write_group(struct acl_store *store, const struct acl_rules *rules, const struct acl_region *region, const uint32_t *ranks,
	uint32_t n, bool more)
{
	uint8_t lanes[ACL_MAX_LANES];
	struct acl_group *group = (struct acl_group *)(void *)(store->groups + store->used);
	struct acl_checks *checks;
	uint32_t count = 0;
	size_t before;

	for (uint32_t lane = 0; lane < rules->num_lanes; lane++) {
		bool open = false;

		for (uint32_t i = 0; i < n && !open; i++)
			open = !acl_settled(acl_conditions(rules, ranks[i]) + lane, region->known[lane], region->value[lane],
				acl_lane_bits(&rules->lanes[lane]));
		if (open)
			lanes[count++] = (uint8_t)lane;
	}
	before = RTE_ALIGN_CEIL(sizeof(*group) + count, (size_t)ACL_GROUP_ALIGN);
	memset(group, 0, before + count * sizeof(*checks));
	group->checks = (uint16_t)before;
	group->lanes = count;
	group->valid = (uint8_t)((1u << n) - 1);
	group->more = more;
	memcpy(group->lane, lanes, count);
	for (uint32_t i = 0; i < ACL_GROUP; i++)
		group->rank[i] = i < n ? ranks[i] : ACL_NO_RANK;
	checks = (struct acl_checks *)(void *)((uint8_t *)group + before);
	for (uint32_t l = 0; l < count; l++)
		for (uint32_t i = 0; i < n; i++) {
			const struct acl_condition *condition = acl_conditions(rules, ranks[i]) + lanes[l];

			checks[l].mask[i] = condition->mask;
			checks[l].low[i] = condition->low;
			checks[l].span[i] = condition->span;
		}
	return before + count * sizeof(*checks);
}

static uint32_t
hash_of(const uint8_t *bytes, size_t size)
{
	uint64_t hash = size, word;

	for (size_t i = 0; i < size; i += sizeof(word)) {
		memcpy(&word, bytes + i, sizeof(word));
		hash = (hash ^ word) * UINT64_C(0xff51afd7ed558ccd);
		hash ^= hash >> 32;
	}
	return (uint32_t)hash;
}

/* The slot of a leaf's bytes: of the same ones, or a free one. Places behind what is used are of a tree that was taken back. */
static uint32_t *
slot_of(struct acl_store *store, const uint8_t *bytes, size_t size, size_t used)
{
	for (uint32_t i = hash_of(bytes, size);; i++) {
		uint32_t *slot = &store->known[i & (store->room_known - 1)];
		size_t at = ((size_t)*slot - 1) * ACL_GROUP_ALIGN;

		if (*slot == 0 || (at + size <= used && memcmp(store->groups + at, bytes, size) == 0))
			return slot;
	}
}

/* A table that is full of the past begins anew: leaves from before are not found again, which costs only their bytes. */
static bool
known_grow(struct acl_store *store)
{
	uint32_t room = RTE_MAX(store->room_known * 2, 1024u), *known;

	if (store->num_known * 2 < store->room_known)
		return true;
	known = calloc(room, sizeof(*known));
	if (known == NULL)
		return false;
	free(store->known);
	store->known = known;
	store->room_known = room;
	store->num_known = 0;
	return true;
}

bool
acl_store_leaf(struct acl_store *store, const struct acl_rules *rules, const struct acl_region *region,
	const uint32_t *ranks, uint32_t n, uint32_t *place)
{
	const size_t biggest = RTE_ALIGN_CEIL(sizeof(struct acl_group) + rules->num_lanes, (size_t)ACL_GROUP_ALIGN) +
		rules->num_lanes * sizeof(struct acl_checks);
	const size_t from = store->used;
	uint32_t done = 0, *slot;

	if (!known_grow(store) || !reserve(store, biggest * (n / ACL_GROUP + 1)))
		return false;
	do {
		uint32_t some = RTE_MIN(n - done, (uint32_t)ACL_GROUP);

		store->used += write_group(store, rules, region, ranks + done, some, done + some < n);
		done += some;
	} while (done < n);
	slot = slot_of(store, store->groups + from, store->used - from, from);
	if (*slot == 0) {
		*slot = (uint32_t)(from / ACL_GROUP_ALIGN) + 1;
		store->num_known++;
	} else {
		store->used = from;
	}
	*place = *slot - 1;
	return true;
}

void
acl_store_release(struct acl_store *store)
{
	free(store->nodes);
	free(store->leaves);
	free(store->groups);
	free(store->known);
}
