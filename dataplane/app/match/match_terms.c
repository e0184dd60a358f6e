/* SPDX-License-Identifier: BSD-3-Clause */
#include "match_terms.h"

#include <string.h>

#include "match_values.h"

static struct term_list *
give_up(struct terms_work *work, enum terms_wrong wrong)
{
	if (work->wrong == TERMS_RIGHT)
		work->wrong = wrong;
	return NULL;
}

bool
terms_spend(struct terms_work *work, uint32_t comparisons)
{
	if (work->wrong != TERMS_RIGHT)
		return false;
	if (comparisons > work->left) {
		give_up(work, TERMS_TOO_INVOLVED);
		return false;
	}
	work->left -= comparisons;
	return true;
}

struct term_list *
terms_none(struct terms_work *work)
{
	struct term_list *list = work->wrong == TERMS_RIGHT ? arena_alloc(work->arena, sizeof(*list)) : NULL;

	return list != NULL ? list : give_up(work, TERMS_TOO_INVOLVED);
}

struct term_list *
terms_all(struct terms_work *work)
{
	struct term_list *list = terms_none(work);

	if (list != NULL)
		list->count = 1;
	return list;
}

struct term_list *
terms_one(struct terms_work *work, const struct match_condition *condition)
{
	struct term_list *list = terms_all(work);
	struct match_condition *copy = list == NULL ? NULL : arena_alloc(work->arena, sizeof(*copy));

	if (copy == NULL)
		return give_up(work, TERMS_TOO_INVOLVED);
	*copy = *condition;
	list->terms[0] = (struct term){ .count = 1, .conditions = copy };
	return list;
}

/* What meets `a` meets `b`. */
static bool
implies(const struct match_condition *a, const struct match_condition *b)
{
	if (a->field != b->field)
		return false;
	if (!b->negated)
		return !a->negated && condition_within(a, b);
	return a->negated ? condition_within(b, a) : condition_apart(a, b);
}

/* Each condition of `wide` follows from one of `narrow`: true only when `wide` takes all that `narrow` takes. */
static bool
covers(const struct term *wide, const struct term *narrow)
{
	for (uint32_t i = 0; i < wide->count; i++) {
		uint32_t k = 0;

		while (k < narrow->count && !implies(&narrow->conditions[k], &wide->conditions[i]))
			k++;
		if (k == narrow->count)
			return false;
	}
	return true;
}

static bool
add_term(struct terms_work *work, struct term_list *list, const struct term *term)
{
	uint32_t kept = 0;

	if (!terms_spend(work, list->count + term->count))
		return false;
	for (uint32_t i = 0; i < list->count; i++) {
		if (!terms_spend(work, list->terms[i].count * term->count))
			return false;
		if (covers(&list->terms[i], term))
			return true;
	}
	for (uint32_t i = 0; i < list->count; i++)
		if (!covers(term, &list->terms[i]))
			list->terms[kept++] = list->terms[i];
	list->count = kept;
	if (kept == TERMS_MOST) {
		give_up(work, TERMS_TOO_MANY);
		return false;
	}
	list->terms[list->count++] = *term;
	return true;
}

struct term_list *
terms_or(struct terms_work *work, struct term_list *to, const struct term_list *more)
{
	if (to == NULL || more == NULL)
		return NULL;
	for (uint32_t i = 0; i < more->count; i++)
		if (!add_term(work, to, &more->terms[i]))
			return NULL;
	return to;
}

static int
compare_conditions(const struct match_condition *a, const struct match_condition *b)
{
	return memcmp(a, b, sizeof(*a));
}

static void
remove_condition(struct match_condition *list, uint32_t *count, uint32_t i)
{
	memmove(&list[i], &list[i + 1], (*count - i - 1) * sizeof(*list));
	(*count)--;
}

static bool
is_port(const struct match_condition *condition)
{
	return condition->field == MATCH_SRC_PORT || condition->field == MATCH_DST_PORT;
}

/* Adds a condition to those that hold already, in order, and drops what follows from others. False: no value meets all of them. It may
 * miss that; conditions_meet does not. */
static bool
add_condition(struct match_condition *list, uint32_t *count, const struct match_condition *added)
{
	struct match_condition condition = *added;
	uint32_t i = 0;

	while (i < *count) {
		const struct match_condition *held = &list[i];

		if (held->field != condition.field) {
			i++;
			continue;
		}
		if (implies(held, &condition))
			return true;
		if (held->negated != condition.negated) {
			if (held->negated ? condition_within(&condition, held) : condition_within(held, &condition))
				return false;
		} else if (!held->negated && condition_apart(held, &condition)) {
			return false;
		}
		if (implies(&condition, held)) {
			remove_condition(list, count, i);
			continue;
		}
		if (is_port(held) && !held->negated && !condition.negated) {
			/* Two ranges that meet are one, which may say more about those seen before. */
			if (held->low > condition.low)
				condition.low = held->low;
			if (held->high < condition.high)
				condition.high = held->high;
			remove_condition(list, count, i);
			i = 0;
			continue;
		}
		i++;
	}
	for (i = *count; i > 0 && compare_conditions(&condition, &list[i - 1]) < 0; i--)
		list[i] = list[i - 1];
	list[i] = condition;
	(*count)++;
	return true;
}

/* Adds the term that holds for both, unless none can. */
static bool
add_both(struct terms_work *work, struct term_list *list, const struct term *a, const struct term *b)
{
	struct match_condition *conditions;
	uint32_t count = a->count;
	struct term term;

	if (a->count + b->count > MATCH_CONDITIONS) {
		give_up(work, TERMS_TOO_LONG);
		return false;
	}
	if (!terms_spend(work, 16 + a->count + b->count + a->count * b->count))
		return false;
	conditions = arena_alloc(work->arena, (a->count + b->count + 1) * sizeof(*conditions));
	if (conditions == NULL) {
		give_up(work, TERMS_TOO_INVOLVED);
		return false;
	}
	if (count > 0)
		memcpy(conditions, a->conditions, count * sizeof(*conditions));
	for (uint32_t i = 0; i < b->count; i++)
		if (!add_condition(conditions, &count, &b->conditions[i]))
			return true;
	if (!conditions_meet(conditions, count, NULL, 0))
		return true;
	term = (struct term){ .count = count, .conditions = conditions };
	return add_term(work, list, &term);
}

struct term_list *
terms_and(struct terms_work *work, const struct term_list *a, const struct term_list *b)
{
	struct term_list *list = terms_none(work);

	if (a == NULL || b == NULL || list == NULL)
		return NULL;
	for (uint32_t i = 0; i < a->count; i++)
		for (uint32_t k = 0; k < b->count; k++)
			if (!add_both(work, list, &a->terms[i], &b->terms[k]))
				return NULL;
	return list;
}
