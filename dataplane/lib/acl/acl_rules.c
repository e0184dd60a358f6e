/* SPDX-License-Identifier: BSD-3-Clause */
#include "acl_rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct rte_acl_rule *
rule_at(const struct rte_acl_ctx *ctx, uint32_t index)
{
	return (const struct rte_acl_rule *)(const void *)(ctx->rules + (size_t)index * ctx->rule_size);
}

static uint64_t
in_size(const union rte_acl_field_types *value, uint8_t size)
{
	switch (size) {
	case 1:
		return value->u8;
	case 2:
		return value->u16;
	case 4:
		return value->u32;
	default:
		return value->u64;
	}
}

static int
fields_check(const struct rte_acl_ctx *ctx, const struct rte_acl_config *cfg)
{
	for (uint32_t i = 0; i < cfg->num_fields; i++) {
		const struct rte_acl_field_def *def = &cfg->defs[i];
		bool good_size = def->size == 1 || def->size == 2 || def->size == 4 || def->size == 8;

		if (def->type > RTE_ACL_FIELD_TYPE_BITMASK || !good_size ||
		    RTE_ACL_RULE_SZ((size_t)def->field_index + 1) > ctx->rule_size || def->offset > UINT32_MAX - def->size) {
			RTE_LOG(ERR, ACL, "%s: field %u cannot be (type %u, size %u, index %u, offset %u)\n", ctx->entry.name, i,
				def->type, def->size, def->field_index, def->offset);
			return -EINVAL;
		}
	}
	return 0;
}

static void
lanes_make(const struct rte_acl_config *cfg, struct acl_rules *rules)
{
	for (uint32_t i = 0; i < cfg->num_fields; i++) {
		const struct rte_acl_field_def *def = &cfg->defs[i];

		rules->lanes[rules->num_lanes++] = (struct acl_lane){ def->offset, RTE_MIN(def->size, 4u) };
		if (def->size == 8)
			rules->lanes[rules->num_lanes++] = (struct acl_lane){ def->offset + 4, 4 };
	}
}

static struct acl_condition
range_condition(uint32_t low, uint32_t high, uint32_t bits)
{
	uint32_t differs = low ^ high;

	/* All that some first bits have in common is a mask: such ranges can be cut by any of their bits. */
	if ((differs & (differs + 1)) == 0 && (low & differs) == 0)
		return (struct acl_condition){ bits & ~differs, low, 0 };
	return (struct acl_condition){ bits, low, high - low };
}

static struct acl_condition
mask_condition(uint32_t mask, uint32_t value)
{
	return (struct acl_condition){ mask, value & mask, 0 };
}

static void
wide_range(struct acl_rules *rules, uint32_t lane, uint64_t low, uint64_t high, struct acl_condition *conditions, uint32_t *wide)
{
	uint32_t low_upper = (uint32_t)(low >> 32), high_upper = (uint32_t)(high >> 32);

	conditions[0] = range_condition(low_upper, high_upper, UINT32_MAX);
	conditions[1] = mask_condition(0, 0);
	if (low_upper == high_upper) {
		conditions[1] = range_condition((uint32_t)low, (uint32_t)high, UINT32_MAX);
	} else if ((uint32_t)low != 0 || (uint32_t)high != UINT32_MAX) {
		if (*wide == 0)
			*wide = rules->num_wide + 1;
		rules->wide[rules->num_wide++] = (struct acl_wide){ .low = low, .high = high, .lane = lane };
	}
}

/* A field's conditions. False when it makes no sense. */
static bool
field_conditions(const struct rte_acl_field_def *def, const struct rte_acl_field *field, struct acl_rules *rules,
	uint32_t lane, struct acl_condition *conditions, uint32_t *wide)
{
	const unsigned int bits = def->size * CHAR_BIT;
	uint64_t value = in_size(&field->value, def->size), mask = in_size(&field->mask_range, def->size);

	if (def->type == RTE_ACL_FIELD_TYPE_RANGE) {
		if (value > mask)
			return false;
		if (def->size == 8)
			wide_range(rules, lane, value, mask, conditions, wide);
		else
			conditions[0] = range_condition((uint32_t)value, (uint32_t)mask, RTE_LEN2MASK(bits, uint32_t));
		return true;
	}
	if (def->type == RTE_ACL_FIELD_TYPE_MASK) {
		if (mask > bits)
			return false;
		mask = mask == 0 ? 0 : UINT64_MAX << (bits - mask) & RTE_LEN2MASK(bits, uint64_t);
	}
	if (def->size == 8) {
		conditions[0] = mask_condition((uint32_t)(mask >> 32), (uint32_t)(value >> 32));
		conditions++;
	}
	conditions[0] = mask_condition((uint32_t)mask, (uint32_t)value);
	return true;
}

static int
rule_make(const struct rte_acl_config *cfg, const struct rte_acl_rule *rule, struct acl_rules *rules, uint32_t rank)
{
	struct acl_condition *conditions = rules->conditions + (size_t)rank * rules->num_lanes;
	uint32_t wide = 0, lane = 0;

	for (uint32_t i = 0; i < cfg->num_fields; i++) {
		const struct rte_acl_field_def *def = &cfg->defs[i];

		if (!field_conditions(def, &rule->field[def->field_index], rules, lane, conditions + lane, &wide))
			return -EINVAL;
		lane += def->size == 8 ? 2 : 1;
	}
	if (wide != 0)
		rules->wide[rules->num_wide - 1].last = 1;
	rules->answers[rank] = (struct acl_answer){ rule->data.userdata, rule->data.category_mask & rules->categories, wide };
	return 0;
}

static int
compare_keys(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Rules of the categories that are built, best first: priority, then the order in which they were added. */
static uint64_t *
ranked(const struct rte_acl_ctx *ctx, uint32_t categories, uint32_t *num)
{
	uint64_t *keys = malloc(RTE_MAX(ctx->num_rules, 1u) * sizeof(*keys));

	*num = 0;
	if (keys == NULL)
		return NULL;
	for (uint32_t i = 0; i < ctx->num_rules; i++) {
		const struct rte_acl_rule_data *data = &rule_at(ctx, i)->data;

		if ((data->category_mask & categories) != 0)
			keys[(*num)++] = (uint64_t)(RTE_ACL_MAX_PRIORITY - data->priority) << 32 | i;
	}
	qsort(keys, *num, sizeof(*keys), compare_keys);
	return keys;
}

static uint32_t
hash_of(const void *bytes, size_t size)
{
	const uint32_t *words = bytes;
	uint64_t hash = UINT64_C(0x9e3779b97f4a7c15);

	for (size_t i = 0; i < size / sizeof(*words); i++)
		hash = (hash ^ words[i]) * UINT64_C(0xff51afd7ed558ccd), hash ^= hash >> 29;
	return (uint32_t)(hash >> 32 ^ hash);
}

/* Of rules with the same conditions the better ones answer first, each for its categories: the rest need not be kept. */
static int
alive_make(struct acl_rules *rules)
{
	const size_t size = rules->num_lanes * sizeof(struct acl_condition);
	const uint32_t mask = rte_align32pow2(rules->num * 2) - 1;
	/* Per slot: 1 + the rank of the first rule with its conditions, and the categories that have an answer. */
	uint32_t (*slots)[2] = calloc((size_t)mask + 1, sizeof(*slots));

	rules->alive = malloc(rules->num * sizeof(*rules->alive));
	if (slots == NULL || rules->alive == NULL) {
		free(slots);
		return -ENOMEM;
	}
	for (uint32_t rank = 0; rank < rules->num; rank++) {
		const struct acl_condition *conditions = acl_conditions(rules, rank);
		uint32_t categories = rules->answers[rank].categories, slot = hash_of(conditions, size) & mask;

		if (rules->answers[rank].wide == 0) {
			while (slots[slot][0] != 0 && memcmp(acl_conditions(rules, slots[slot][0] - 1), conditions, size) != 0)
				slot = (slot + 1) & mask;
			if (slots[slot][0] != 0 && (categories & ~slots[slot][1]) == 0)
				continue;
			slots[slot][0] = rank + 1;
			slots[slot][1] |= categories;
		}
		rules->alive[rules->num_alive++] = rank;
	}
	free(slots);
	return 0;
}

int
acl_rules_make(const struct rte_acl_ctx *ctx, const struct rte_acl_config *cfg, struct acl_rules *rules)
{
	int error = fields_check(ctx, cfg);
	uint32_t wide_fields = 0;
	uint64_t *keys;

	memset(rules, 0, sizeof(*rules));
	if (error != 0)
		return error;
	lanes_make(cfg, rules);
	rules->categories = RTE_LEN2MASK(cfg->num_categories, uint32_t);
	keys = ranked(ctx, rules->categories, &rules->num);
	if (keys == NULL || rules->num == 0) {
		free(keys);
		return keys == NULL ? -ENOMEM : -EINVAL;
	}
	for (uint32_t i = 0; i < cfg->num_fields; i++)
		wide_fields += cfg->defs[i].size == 8 && cfg->defs[i].type == RTE_ACL_FIELD_TYPE_RANGE;
	rules->conditions = malloc((size_t)rules->num * rules->num_lanes * sizeof(*rules->conditions));
	rules->answers = malloc(rules->num * sizeof(*rules->answers));
	rules->wide = malloc(RTE_MAX((size_t)rules->num * wide_fields, (size_t)1) * sizeof(*rules->wide));
	if (rules->conditions == NULL || rules->answers == NULL || rules->wide == NULL)
		error = -ENOMEM;
	for (uint32_t rank = 0; error == 0 && rank < rules->num; rank++) {
		error = rule_make(cfg, rule_at(ctx, (uint32_t)keys[rank]), rules, rank);
		if (error != 0)
			RTE_LOG(ERR, ACL, "%s: rule %u has a field that cannot be\n", ctx->entry.name, (uint32_t)keys[rank] + 1);
	}
	free(keys);
	return error == 0 ? alive_make(rules) : error;
}

void
acl_rules_release(struct acl_rules *rules)
{
	free(rules->conditions);
	free(rules->answers);
	free(rules->wide);
	free(rules->alive);
}
