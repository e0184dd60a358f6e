/* SPDX-License-Identifier: BSD-3-Clause */
#include "acl_tree.h"

#include <stdlib.h>
#include <string.h>

#include "acl_cut.h"

#define DEPTH_MAX 24
/* A step of the walk beside a group's comparisons. */
#define STEP_COST 0.4
#define ROOM_OF_FEW 512

struct builder {
	struct acl_store *store;
	const struct acl_rules *rules;
	struct acl_region region;
	/* Over all leaves: their rules, and their rules times their costs. */
	double rules_seen, costs_seen;
};

/* Whether the rule's conditions say nothing more in the region. */
static bool
all_settled(const struct builder *b, uint32_t rank)
{
	for (uint32_t lane = 0; lane < b->rules->num_lanes; lane++)
		if (!acl_settled(acl_conditions(b->rules, rank) + lane, b->region.known[lane], b->region.value[lane],
		    acl_lane_bits(&b->rules->lanes[lane])))
			return false;
	return b->rules->answers[rank].wide == 0;
}

/* Those of the rules that can answer in the region, in which only `lane` is new. */
static uint32_t
keep(const struct builder *b, uint32_t lane, const uint32_t *ranks, uint32_t n, uint32_t *kept)
{
	uint32_t count = 0, answered = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t categories = b->rules->answers[ranks[i]].categories;

		if ((categories & ~answered) == 0 || !acl_meets(acl_conditions(b->rules, ranks[i]) + lane,
		    b->region.known[lane], b->region.value[lane]))
			continue;
		kept[count++] = ranks[i];
		if (all_settled(b, ranks[i]))
			answered |= categories;
	}
	return count;
}

static bool
make_leaf(struct builder *b, uint32_t at, const uint32_t *ranks, uint32_t n, unsigned int depth)
{
	uint32_t place;

	if (!acl_store_leaf(b->store, b->rules, &b->region, ranks, n, &place))
		return false;
	b->store->nodes[at] = (struct acl_node){ .next = at };
	b->store->leaves[at] = place;
	b->rules_seen += n;
	b->costs_seen += n * ((n + ACL_GROUP - 1) / ACL_GROUP + depth * STEP_COST);
	return true;
}

static bool make_node(struct builder *b, uint32_t at, const uint32_t *ranks, uint32_t n, double room, unsigned int depth);

static bool
make_children(struct builder *b, uint32_t first, const struct acl_cut *cut, const uint32_t *ranks, uint32_t n, double room,
	unsigned int depth)
{
	const uint32_t known = b->region.known[cut->lane], value = b->region.value[cut->lane];
	const uint32_t window = RTE_LEN2MASK(cut->bits, uint32_t) << cut->shift;
	uint32_t *kept = malloc(n * sizeof(*kept));
	bool good = kept != NULL;

	for (uint32_t child = 0; good && child < 1u << cut->bits; child++) {
		uint32_t bits = child << cut->shift, count = 0;

		/* Where the way here rules a child out, it is a leaf without rules. */
		if (((bits ^ value) & known & window) == 0) {
			b->region.known[cut->lane] = known | window;
			b->region.value[cut->lane] = value | bits;
			count = keep(b, cut->lane, ranks, n, kept);
		}
		good = make_node(b, first + child, kept, count, room / cut->growth * count / n, depth + 1);
	}
	b->region.known[cut->lane] = known;
	b->region.value[cut->lane] = value;
	free(kept);
	return good;
}

static bool
make_node(struct builder *b, uint32_t at, const uint32_t *ranks, uint32_t n, double room, unsigned int depth)
{
	struct acl_cut cut;
	uint32_t first;

	if (n <= ACL_GROUP || depth == DEPTH_MAX || !acl_cut_choose(b->rules, &b->region, ranks, n, room, &cut))
		return make_leaf(b, at, ranks, n, depth);
	if (!acl_store_nodes(b->store, 1u << cut.bits, &first))
		return false;
	b->store->nodes[at] = (struct acl_node){ .next = first, .mask = (uint16_t)RTE_LEN2MASK(cut.bits, uint32_t),
		.lane = (uint8_t)cut.lane, .shift = (uint8_t)cut.shift };
	return make_children(b, first, &cut, ranks, n, room, depth);
}

bool
acl_tree_make(struct acl_store *store, const struct acl_rules *rules, const uint32_t *ranks, uint32_t n, double spread,
	struct acl_tree_made *made)
{
	struct builder b = { .store = store, .rules = rules };
	uint32_t *kept = malloc(n * sizeof(*kept));
	bool good = kept != NULL && acl_store_nodes(store, 1, &made->root);

	if (good) {
		/* Nothing is known yet, so this leaves out what stands behind a rule that all packets fulfil. */
		n = keep(&b, 0, ranks, n, kept);
		good = make_node(&b, made->root, kept, n, spread == 0 ? 0 : spread * n + ROOM_OF_FEW, 0);
	}
	free(kept);
	if (good)
		made->cost = b.costs_seen / b.rules_seen;
	return good;
}
