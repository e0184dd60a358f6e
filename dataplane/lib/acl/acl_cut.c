/* SPDX-License-Identifier: BSD-3-Clause */
#include "acl_cut.h"

#include <string.h>

#define SAMPLES 128
#define FIRST_BITS 4

struct rating {
	double work;  /* how many rules share a rule's children with it, on average: what a packet has to be compared with */
	double total; /* of all children */
};

struct scene {
	const struct acl_rules *rules;
	const struct acl_region *region;
	const uint32_t *ranks;
	uint32_t n;
	double room;
};

/* A range's children, counted as if all between its ends in the region were one run: near enough to choose by. */
static void
count_range(const struct acl_condition *condition, const struct acl_cut *cut, uint32_t known, uint32_t value, uint32_t *sizes)
{
	const uint32_t window = RTE_LEN2MASK(cut->bits, uint32_t), fixed = known >> cut->shift & window;
	const uint32_t greatest = value | (condition->mask & ~known), high = condition->low + condition->span;
	uint32_t first = RTE_MAX(condition->low, value) >> cut->shift, last = RTE_MIN(high, greatest) >> cut->shift;

	for (uint32_t i = 0; i <= RTE_MIN(last - first, window); i++)
		sizes[((first + i) & window & ~fixed) | (value >> cut->shift & fixed)]++;
}

static void
count_children(const struct scene *scene, const struct acl_condition *condition, const struct acl_cut *cut,
	uint32_t *sizes)
{
	const uint32_t window = RTE_LEN2MASK(cut->bits, uint32_t);
	const uint32_t known = scene->region->known[cut->lane], value = scene->region->value[cut->lane];
	uint32_t free_bits, base;

	if (condition->span != 0) {
		count_range(condition, cut, known, value, sizes);
		return;
	}
	/* The bits of the child's number that neither the condition nor the region fixes. */
	free_bits = ~((condition->mask | known) >> cut->shift) & window;
	base = (condition->low | value) >> cut->shift & window;
	for (uint32_t some = free_bits;; some = (some - 1) & free_bits) {
		sizes[base | some]++;
		if (some == 0)
			return;
	}
}

static struct rating
rate(const struct scene *scene, const struct acl_cut *cut)
{
	const uint32_t children = 1u << cut->bits, step = scene->n / SAMPLES + 1;
	uint32_t sizes[1 << ACL_CUT_BITS], seen = 0;
	double total = 0, squares = 0, scale;

	memset(sizes, 0, children * sizeof(sizes[0]));
	for (uint32_t i = 0; i < scene->n; i += step, seen++)
		count_children(scene, acl_conditions(scene->rules, scene->ranks[i]) + cut->lane, cut, sizes);
	for (uint32_t i = 0; i < children; i++) {
		total += sizes[i];
		squares += (double)sizes[i] * sizes[i];
	}
	scale = (double)scene->n / seen;
	return (struct rating){ squares / total * scale, total * scale };
}

static bool
fits(const struct scene *scene, const struct acl_cut *cut)
{
	const unsigned int width = scene->rules->lanes[cut->lane].size * CHAR_BIT;

	if (cut->bits < 1 || cut->bits > ACL_CUT_BITS || cut->shift >= width || cut->shift + cut->bits > width)
		return false;
	return (RTE_LEN2MASK(cut->bits, uint32_t) << cut->shift & ~scene->region->known[cut->lane]) != 0;
}

/* Takes the other cut if it divides the work by more than `gain`. */
static bool
improve(const struct scene *scene, struct acl_cut *cut, struct rating *rating, struct acl_cut other, double gain)
{
	struct rating rated;

	if (!fits(scene, &other))
		return false;
	rated = rate(scene, &other);
	if (rated.total > scene->room || rated.work * gain >= rating->work)
		return false;
	*cut = other;
	*rating = rated;
	return true;
}

static void
first_choice(const struct scene *scene, struct acl_cut *cut, struct rating *rating)
{
	for (uint32_t lane = 0; lane < scene->rules->num_lanes; lane++) {
		unsigned int width = scene->rules->lanes[lane].size * CHAR_BIT;

		for (unsigned int shift = 0; shift + FIRST_BITS <= width; shift += 2)
			improve(scene, cut, rating, (struct acl_cut){ lane, shift, FIRST_BITS, 0 }, 1);
	}
	/* Where four bits would be too many children, fewer may do. */
	for (unsigned int bits = 2; bits > 0 && cut->bits == 0; bits--)
		for (uint32_t lane = 0; lane < scene->rules->num_lanes; lane++)
			for (unsigned int shift = 0; shift + bits <= scene->rules->lanes[lane].size * CHAR_BIT; shift++)
				improve(scene, cut, rating, (struct acl_cut){ lane, shift, bits, 0 }, 1);
}

bool
acl_cut_choose(const struct acl_rules *rules, const struct acl_region *region, const uint32_t *ranks, uint32_t n,
	double room, struct acl_cut *cut)
{
	const struct scene scene = { rules, region, ranks, n, room };
	struct rating rating = { 0.75 * n, 0 };

	*cut = (struct acl_cut){ 0, 0, 0, 0 };
	first_choice(&scene, cut, &rating);
	if (cut->bits == 0)
		return false;
	/* More bits while each is worth it, and none that is not. */
	while (rating.work > ACL_GROUP / 2 &&
	       (improve(&scene, cut, &rating, (struct acl_cut){ cut->lane, cut->shift - 1, cut->bits + 1, 0 }, 1.3) ||
	        improve(&scene, cut, &rating, (struct acl_cut){ cut->lane, cut->shift, cut->bits + 1, 0 }, 1.3)))
		continue;
	while (improve(&scene, cut, &rating, (struct acl_cut){ cut->lane, cut->shift + 1, cut->bits - 1, 0 }, 0.97) ||
	       improve(&scene, cut, &rating, (struct acl_cut){ cut->lane, cut->shift, cut->bits - 1, 0 }, 0.97))
		continue;
	cut->growth = rating.total / n;
	return true;
}
