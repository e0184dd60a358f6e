/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Classifying, for each instruction set: a file defines ACL_CLASSIFY (its function's name) and
 *     static uint32_t acl_compare(const struct acl_group *group, const uint32_t *key);
 * (a bit for each rule of the group that the key fulfils) and includes this once.
 */
#include <string.h>

#include <rte_byteorder.h>
#include <rte_prefetch.h>

/* The chunk's keys: num_lanes words a packet. */
static inline void
acl_read_keys(const struct acl_image *image, const uint8_t **data, uint32_t n, uint32_t *keys)
{
	const uint32_t stride = image->num_lanes;

	for (uint32_t l = 0; l < stride; l++) {
		const uint32_t offset = image->lanes[l].offset;
		uint32_t *key = keys + l;

		if (image->lanes[l].size == 4) {
			for (uint32_t i = 0; i < n; i++, key += stride) {
				uint32_t word;

				memcpy(&word, data[i] + offset, sizeof(word));
				*key = rte_be_to_cpu_32(word);
			}
		} else if (image->lanes[l].size == 2) {
			for (uint32_t i = 0; i < n; i++, key += stride) {
				uint16_t word;

				memcpy(&word, data[i] + offset, sizeof(word));
				*key = rte_be_to_cpu_16(word);
			}
		} else {
			for (uint32_t i = 0; i < n; i++, key += stride)
				*key = data[i][offset];
		}
	}
}

/* Where the chunk's packets end in one tree. */
static inline void
acl_walk(const struct acl_image *image, uint32_t root, const uint32_t *keys, uint32_t n, const struct acl_group **leaves)
{
	const struct acl_node *nodes = image->nodes;
	const uint32_t stride = image->num_lanes;
	uint32_t at[ACL_CHUNK], moved;

	for (uint32_t i = 0; i < n; i++)
		at[i] = root;
	do {
		const uint32_t *key = keys;

		moved = 0;
		for (uint32_t i = 0; i < n; i++, key += stride) {
			struct acl_node node = nodes[at[i]];

			at[i] = node.next + (key[node.lane] >> node.shift & node.mask);
			moved |= nodes[at[i]].mask;
		}
	} while (moved != 0);
	for (uint32_t i = 0; i < n; i++) {
		leaves[i] = (const struct acl_group *)(image->groups + (size_t)image->leaves[at[i]] * ACL_GROUP_ALIGN);
		rte_prefetch0(leaves[i]);
	}
}

static inline const struct acl_group *
acl_next_group(const struct acl_group *group)
{
	return (const struct acl_group *)((const uint8_t *)group + group->checks + group->lanes * sizeof(struct acl_checks));
}

static inline bool
acl_wide_holds(const struct acl_image *image, uint32_t first, const uint32_t *key)
{
	if (first == 0)
		return true;
	for (const struct acl_wide *wide = image->wide + first - 1;; wide++) {
		uint64_t value = (uint64_t)key[wide->lane] << 32 | key[wide->lane + 1];

		if (value < wide->low || value > wide->high)
			return false;
		if (wide->last)
			return true;
	}
}

/* The best rank below `best` that the key fulfils at a leaf, or best. */
static inline uint32_t
acl_best_at(const struct acl_image *image, const struct acl_group *group, const uint32_t *key, uint32_t best)
{
	for (;; group = acl_next_group(group)) {
		uint32_t hits;

		/* Ranks ascend: what follows is no better either. */
		if (group->rank[0] >= best)
			return best;
		for (hits = acl_compare(group, key); hits != 0; hits &= hits - 1) {
			uint32_t rank = group->rank[__builtin_ctz(hits)];

			if (likely(acl_wide_holds(image, image->answers[rank].wide, key)))
				return RTE_MIN(rank, best);
		}
		if (!group->more)
			return best;
	}
}

/* The same for every category that is asked for. */
static inline void
acl_best_of_each(const struct acl_image *image, const struct acl_group *group, const uint32_t *key, uint32_t asked,
	uint32_t *best)
{
	for (;; group = acl_next_group(group)) {
		for (uint32_t hits = acl_compare(group, key); hits != 0; hits &= hits - 1) {
			uint32_t rank = group->rank[__builtin_ctz(hits)];
			const struct acl_answer *answer = &image->answers[rank];

			if (!acl_wide_holds(image, answer->wide, key))
				continue;
			for (uint32_t c = answer->categories & asked; c != 0; c &= c - 1)
				best[__builtin_ctz(c)] = RTE_MIN(best[__builtin_ctz(c)], rank);
		}
		if (!group->more)
			return;
	}
}

static inline uint32_t
acl_userdata(const struct acl_image *image, uint32_t rank)
{
	return rank == ACL_NO_RANK ? 0 : image->answers[rank].userdata;
}

static void
acl_chunk_of_one_category(const struct acl_image *image, const uint8_t **data, uint32_t *results, uint32_t n, uint32_t *keys)
{
	const struct acl_group *leaves[ACL_CHUNK];
	uint32_t best[ACL_CHUNK];

	acl_read_keys(image, data, n, keys);
	for (uint32_t i = 0; i < n; i++)
		best[i] = ACL_NO_RANK;
	for (uint32_t t = 0; t < image->num_trees; t++) {
		acl_walk(image, image->trees[t].root, keys, n, leaves);
		for (uint32_t i = 0; i < n; i++)
			best[i] = acl_best_at(image, leaves[i], keys + (size_t)i * image->num_lanes, best[i]);
	}
	for (uint32_t i = 0; i < n; i++)
		results[i] = acl_userdata(image, best[i]);
}

static void
acl_chunk(const struct acl_image *image, const uint8_t **data, uint32_t *results, uint32_t n, uint32_t categories,
	uint32_t *keys)
{
	const uint32_t asked = RTE_LEN2MASK(categories, uint32_t);
	const struct acl_group *leaves[ACL_CHUNK];
	uint32_t best[ACL_CHUNK][RTE_ACL_MAX_CATEGORIES];

	acl_read_keys(image, data, n, keys);
	memset(best, 0xff, n * sizeof(best[0]));
	for (uint32_t t = 0; t < image->num_trees; t++) {
		acl_walk(image, image->trees[t].root, keys, n, leaves);
		for (uint32_t i = 0; i < n; i++)
			acl_best_of_each(image, leaves[i], keys + (size_t)i * image->num_lanes, asked, best[i]);
	}
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t c = 0; c < categories; c++)
			*results++ = acl_userdata(image, best[i][c]);
}

void
ACL_CLASSIFY(const struct acl_image *image, const uint8_t **data, uint32_t *results, uint32_t num, uint32_t categories)
{
	uint32_t keys[ACL_CHUNK * ACL_MAX_LANES];
	/* A lane of rules is of one category when no rule of another was built in. */
	bool single = categories == 1 && image->categories == 1;

	for (uint32_t done = 0, n; done < num; done += n, data += n, results += (size_t)n * categories) {
		n = RTE_MIN(num - done, (uint32_t)ACL_CHUNK);
		if (single)
			acl_chunk_of_one_category(image, data, results, n, keys);
		else
			acl_chunk(image, data, results, n, categories, keys);
	}
}
