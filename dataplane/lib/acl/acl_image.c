/* SPDX-License-Identifier: BSD-3-Clause
 *
 * From rules to what classifying reads: the rules are parted into trees, then all is copied into one allocation.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "acl_tree.h"

struct forest {
	const struct acl_rules *rules;
	struct acl_store store;
	struct acl_tree trees[ACL_MAX_TREES];
	uint32_t num_trees;
	double spread;
	uint32_t *parted; /* a place to part ranks in, num_alive of them */
};

/* Whether the condition leaves its lane nearly open: such rules stand in most children where the lane is cut. */
static bool
is_open(const struct acl_condition *condition, uint32_t bits)
{
	if (condition->span != 0)
		return condition->span >= bits / 16;
	return __builtin_popcount(condition->mask) < 4 && condition->mask != bits;
}

static uint32_t
count_open(const struct acl_rules *rules, uint32_t lane, const uint32_t *ranks, uint32_t n)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < n; i++)
		count += is_open(acl_conditions(rules, ranks[i]) + lane, acl_lane_bits(&rules->lanes[lane]));
	return count;
}

/* Parts ranks by the lane that some leave open and others do not, as evenly as there is one. How many come first; 0: none. */
static uint32_t
part(struct forest *forest, uint32_t *ranks, uint32_t n)
{
	const struct acl_rules *rules = forest->rules;
	uint32_t lane = 0, even = 0, first = 0, second = 0;

	for (uint32_t l = 0; l < rules->num_lanes; l++) {
		uint32_t open = count_open(rules, l, ranks, n), smaller = RTE_MIN(open, n - open);

		if (smaller > even) {
			even = smaller;
			lane = l;
		}
	}
	if (even == 0)
		return 0;
	for (uint32_t i = 0; i < n; i++) {
		if (is_open(acl_conditions(rules, ranks[i]) + lane, acl_lane_bits(&rules->lanes[lane])))
			forest->parted[second++] = ranks[i];
		else
			ranks[first++] = ranks[i];
	}
	memcpy(ranks + first, forest->parted, second * sizeof(*ranks));
	return first;
}

/* One tree of the rules, or more where these cost less together. `most`: how many trees there may be; *cost: of them all. */
static bool
plant(struct forest *forest, uint32_t *ranks, uint32_t n, uint32_t most, double *cost)
{
	const uint32_t nodes = forest->store.num_nodes, trees = forest->num_trees;
	const size_t used = forest->store.used;
	struct acl_tree_made made;
	double first_cost, second_cost;
	uint32_t first;

	if (!acl_tree_make(&forest->store, forest->rules, ranks, n, forest->spread, &made))
		return false;
	*cost = made.cost;
	/* Another tree costs a walk and a group at least. */
	if (most > 1 && made.cost > 4) {
		uint32_t *copy = malloc(n * sizeof(*copy));
		bool good;

		if (copy == NULL)
			return false;
		memcpy(copy, ranks, n * sizeof(*copy));
		first = part(forest, copy, n);
		forest->store.num_nodes = nodes;
		forest->store.used = used;
		first_cost = made.cost;
		second_cost = 0;
		good = first == 0 || (plant(forest, copy, first, most / 2, &first_cost) &&
			plant(forest, copy + first, n - first, most - most / 2, &second_cost));
		free(copy);
		if (!good)
			return false;
		if (first_cost + second_cost < made.cost) {
			*cost = first_cost + second_cost;
			return true;
		}
		/* It was better as one. */
		forest->num_trees = trees;
		forest->store.num_nodes = nodes;
		forest->store.used = used;
		if (!acl_tree_make(&forest->store, forest->rules, ranks, n, forest->spread, &made))
			return false;
	}
	forest->trees[forest->num_trees++] = (struct acl_tree){ made.root, ranks[0] };
	return true;
}

/* Trees whose best rule is better come first: what they find ends the search in the others. */
static void
order(struct forest *forest)
{
	for (uint32_t i = 1; i < forest->num_trees; i++)
		for (uint32_t j = i; j > 0 && forest->trees[j].best < forest->trees[j - 1].best; j--) {
			struct acl_tree tree = forest->trees[j];

			forest->trees[j] = forest->trees[j - 1];
			forest->trees[j - 1] = tree;
		}
}

static int
assemble(const struct forest *forest, int socket, size_t max_size, struct acl_image **result)
{
	const struct acl_rules *rules = forest->rules;
	const struct acl_store *store = &forest->store;
	/* Each part begins where groups may, which is aligned enough for all of them. */
	const struct { const void *from; size_t size; } parts[] = {
		{ store->groups, store->used },
		{ store->nodes, store->num_nodes * sizeof(*store->nodes) },
		{ store->leaves, store->num_nodes * sizeof(*store->leaves) },
		{ rules->lanes, rules->num_lanes * sizeof(*rules->lanes) },
		{ rules->answers, rules->num * sizeof(*rules->answers) },
		{ rules->wide, rules->num_wide * sizeof(*rules->wide) },
	};
	const void *at[RTE_DIM(parts)];
	size_t size = RTE_ALIGN_CEIL(sizeof(struct acl_image), (size_t)RTE_CACHE_LINE_SIZE);
	struct acl_image *image;

	for (unsigned int i = 0; i < RTE_DIM(parts); i++)
		size += RTE_ALIGN_CEIL(parts[i].size, (size_t)ACL_GROUP_ALIGN);
	if (max_size != 0 && size > max_size)
		return -ERANGE;
	image = rte_zmalloc_socket("acl image", size, RTE_CACHE_LINE_SIZE, socket);
	if (image == NULL)
		return -ENOMEM;
	uint8_t *to = (uint8_t *)image + RTE_ALIGN_CEIL(sizeof(struct acl_image), (size_t)RTE_CACHE_LINE_SIZE);

	for (unsigned int i = 0; i < RTE_DIM(parts); i++) {
		at[i] = to;
		if (parts[i].size > 0)
			memcpy(to, parts[i].from, parts[i].size);
		to += RTE_ALIGN_CEIL(parts[i].size, (size_t)ACL_GROUP_ALIGN);
	}
	memcpy(image->trees, forest->trees, sizeof(image->trees));
	image->num_trees = forest->num_trees;
	image->num_lanes = rules->num_lanes;
	image->num_nodes = store->num_nodes;
	image->num_rules = rules->num;
	image->num_wide = rules->num_wide;
	image->categories = rules->categories;
	image->size = size;
	image->groups = at[0];
	image->nodes = at[1];
	image->leaves = at[2];
	image->lanes = at[3];
	image->answers = at[4];
	image->wide = at[5];
	*result = image;
	return 0;
}

static int
try(const struct acl_rules *rules, double spread, int socket, size_t max_size, struct acl_image **image)
{
	struct forest forest = { .rules = rules, .spread = spread };
	uint32_t *ranks = malloc(rules->num_alive * sizeof(*ranks));
	int error = -ENOMEM;
	double cost;

	forest.parted = malloc(rules->num_alive * sizeof(*forest.parted));
	if (ranks != NULL && forest.parted != NULL) {
		memcpy(ranks, rules->alive, rules->num_alive * sizeof(*ranks));
		if (plant(&forest, ranks, rules->num_alive, spread == 0 ? 1 : ACL_MAX_TREES, &cost)) {
			order(&forest);
			error = assemble(&forest, socket, max_size, image);
		}
	}
	acl_store_release(&forest.store);
	free(forest.parted);
	free(ranks);
	return error;
}

int
acl_build_image(const struct rte_acl_ctx *ctx, const struct rte_acl_config *cfg, struct acl_image **image)
{
	/* What is too big for max_size is tried with less in many leaves, at last as one list. */
	static const double spreads[] = { 16, 2, 0 };
	struct acl_rules rules;
	int error = acl_rules_make(ctx, cfg, &rules);

	if (error == 0) {
		error = -ERANGE;
		for (unsigned int i = 0; i < RTE_DIM(spreads) && error == -ERANGE; i++)
			error = try(&rules, spreads[i], ctx->socket, cfg->max_size, image);
	}
	acl_rules_release(&rules);
	return error;
}
