/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every way of classifying against a scan over all rules by their definition, and the edges of the API.
 */
#include <stdlib.h>

#include <rte_acl.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_ip.h>

#include "check.h"

#define FIELDS_MAX 64
#define DATA_SIZE 1024
#define PACKETS 1500

RTE_ACL_RULE_DEF(rule, FIELDS_MAX);

static uint64_t random_state;

static uint32_t
random_u32(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 32);
}

static uint64_t
random_u64(void)
{
	return (uint64_t)random_u32() << 32 | random_u32();
}

/* Proto, source, destination, ports: what l3fwd classifies by. */
static const struct rte_acl_config five_tuple = {
	.num_categories = 1,
	.num_fields = 5,
	.defs = {
		{ RTE_ACL_FIELD_TYPE_BITMASK, 1, 0, 0, 0 },
		{ RTE_ACL_FIELD_TYPE_MASK, 4, 1, 1, 3 },
		{ RTE_ACL_FIELD_TYPE_MASK, 4, 2, 2, 7 },
		{ RTE_ACL_FIELD_TYPE_RANGE, 2, 3, 3, 11 },
		{ RTE_ACL_FIELD_TYPE_RANGE, 2, 4, 3, 13 },
	},
};

static const struct rte_acl_config all_kinds = {
	.num_categories = RTE_ACL_MAX_CATEGORIES,
	.num_fields = 9,
	.defs = {
		{ RTE_ACL_FIELD_TYPE_RANGE, 1, 0, 0, 0 },
		{ RTE_ACL_FIELD_TYPE_RANGE, 8, 8, 1, 1 },
		{ RTE_ACL_FIELD_TYPE_MASK, 8, 2, 2, 9 },
		{ RTE_ACL_FIELD_TYPE_BITMASK, 8, 1, 3, 17 },
		{ RTE_ACL_FIELD_TYPE_RANGE, 4, 4, 4, 25 },
		{ RTE_ACL_FIELD_TYPE_BITMASK, 4, 5, 5, 29 },
		{ RTE_ACL_FIELD_TYPE_MASK, 2, 6, 6, 33 },
		{ RTE_ACL_FIELD_TYPE_MASK, 1, 7, 7, 35 },
		{ RTE_ACL_FIELD_TYPE_RANGE, 8, 3, 8, 36 },
	},
};

static struct rte_acl_ctx *
make(const char *name, uint32_t fields, uint32_t rules)
{
	struct rte_acl_param param = { name, SOCKET_ID_ANY, RTE_ACL_RULE_SZ(fields), rules };

	return rte_acl_create(&param);
}

static int
add(struct rte_acl_ctx *ctx, const struct rule *rule)
{
	return rte_acl_add_rules(ctx, (const struct rte_acl_rule *)(const void *)rule, 1);
}

/* ---- the definition ---- */

static uint64_t
cut_to(uint64_t value, unsigned int size)
{
	return size == 8 ? value : value & ((UINT64_C(1) << size * 8) - 1);
}

static bool
field_fits(const struct rte_acl_field_def *def, const struct rte_acl_field *field, const uint8_t *data)
{
	uint64_t value = cut_to(field->value.u64, def->size), mask = cut_to(field->mask_range.u64, def->size), is = 0;

	for (unsigned int i = 0; i < def->size; i++)
		is = is << 8 | data[def->offset + i];
	if (def->type == RTE_ACL_FIELD_TYPE_RANGE)
		return is >= value && is <= mask;
	if (def->type == RTE_ACL_FIELD_TYPE_MASK)
		return mask == 0 || ((is ^ value) >> (def->size * 8 - mask)) == 0;
	return ((is ^ value) & mask) == 0;
}

static uint32_t
answer_of(const struct rte_acl_config *cfg, const struct rule *rules, uint32_t n, const uint8_t *data, uint32_t category)
{
	const struct rule *best = NULL;

	for (uint32_t i = 0; i < n; i++) {
		bool fits = (rules[i].data.category_mask >> category & 1) != 0 &&
			(best == NULL || rules[i].data.priority > best->data.priority);

		for (uint32_t f = 0; fits && f < cfg->num_fields; f++)
			fits = field_fits(&cfg->defs[f], &rules[i].field[cfg->defs[f].field_index], data);
		if (fits)
			best = &rules[i];
	}
	return best == NULL ? 0 : best->data.userdata;
}

static void
check_against_definition(struct rte_acl_ctx *ctx, const struct rte_acl_config *cfg, const struct rule *rules, uint32_t n,
	uint32_t packets, uint32_t categories, uint32_t step)
{
	static const enum rte_acl_classify_alg algs[] = { RTE_ACL_CLASSIFY_SCALAR, RTE_ACL_CLASSIFY_SSE, RTE_ACL_CLASSIFY_AVX2,
		RTE_ACL_CLASSIFY_AVX512X16 };
	static uint8_t bytes[PACKETS][DATA_SIZE];
	static uint32_t expected[PACKETS * RTE_ACL_MAX_CATEGORIES], got[PACKETS * RTE_ACL_MAX_CATEGORIES];
	const uint8_t *data[PACKETS];
	uint32_t found = 0;

	for (uint32_t i = 0; i < packets; i++) {
		const struct rule *like = &rules[random_u32() % n];

		data[i] = bytes[i];
		for (uint32_t b = 0; b < DATA_SIZE; b++)
			bytes[i][b] = (uint8_t)random_u32();
		/* Most packets are those some rule is about, but for a field or the bits it leaves open. */
		for (uint32_t f = 0; f < cfg->num_fields && i % 8 != 0; f++) {
			const struct rte_acl_field_def *def = &cfg->defs[f];
			const struct rte_acl_field *field = &like->field[def->field_index];
			uint64_t value = field->value.u64;

			if (i % 4 == 1 && random_u32() % 16 == 0)
				continue;
			if (def->type == RTE_ACL_FIELD_TYPE_RANGE && random_u32() % 2 == 0)
				value = random_u32() % 2 == 0 ? field->mask_range.u64 : value + (field->mask_range.u64 - value) / 2;
			if (i % 4 == 2 && random_u32() % 32 == 0)
				value ^= UINT64_C(1) << random_u32() % (def->size * 8);
			for (unsigned int b = def->size; b > 0; b--, value >>= 8)
				bytes[i][def->offset + b - 1] = (uint8_t)value;
		}
		for (uint32_t c = 0; c < categories; c++) {
			uint32_t answer = c < cfg->num_categories ? answer_of(cfg, rules, n, bytes[i], c) : 0;

			expected[i * categories + c] = answer;
			found += answer != 0;
		}
	}
	CHECK(found > packets / 4 || n < 16);
	for (unsigned int a = 0; a < RTE_DIM(algs); a++) {
		for (uint32_t from = 0, some; from < packets; from += some) {
			some = RTE_MIN(packets - from, step);
			int ret = rte_acl_classify_alg(ctx, data + from, got + from * categories, some, categories, algs[a]);

			if (ret == -ENOTSUP)
				break;
			CHECK_EQ(ret, 0);
			for (uint32_t i = from * categories; i < (from + some) * categories; i++)
				CHECK_EQ(got[i], expected[i]);
		}
	}
}

/* ---- rules ---- */

static void
random_field(const struct rte_acl_field_def *def, struct rte_acl_field *field, unsigned int open)
{
	const unsigned int bits = def->size * 8;
	uint64_t a = cut_to(random_u64(), def->size), b = cut_to(random_u64(), def->size);
	bool all = random_u32() % 100 < open;

	/* Beyond its size a field says nothing. */
	field->value.u64 = field->mask_range.u64 = random_u64();
	switch (def->type) {
	case RTE_ACL_FIELD_TYPE_RANGE:
		if (random_u32() % 3 == 0)
			b = a + RTE_MIN((uint64_t)random_u32() % 100, cut_to(UINT64_MAX, def->size) - a);
		if (all) {
			a = 0;
			b = UINT64_MAX;
		} else if (a > b) {
			uint64_t c = a;

			a = b;
			b = c;
		}
		break;
	case RTE_ACL_FIELD_TYPE_MASK:
		b = all ? 0 : random_u32() % 2 == 0 ? bits : random_u32() % (bits + 1);
		break;
	default:
		b = all ? 0 : random_u32() % 2 == 0 ? UINT64_MAX : b;
	}
	memcpy(&field->value, &a, def->size);
	memcpy(&field->mask_range, &b, def->size);
}

static struct rule *
random_rules(const struct rte_acl_config *cfg, uint32_t n, unsigned int open)
{
	struct rule *rules = calloc(n, sizeof(*rules));

	CHECK(rules != NULL);
	for (uint32_t i = 0; i < n; i++) {
		/* Some of the same priority. */
		rules[i].data = (struct rte_acl_rule_data){ 1u << random_u32() % cfg->num_categories,
			(int32_t)(1 + random_u32() % (i % 2 ? (uint32_t)RTE_ACL_MAX_PRIORITY : n)), i + 1 };
		if (cfg->num_categories > 1)
			rules[i].data.category_mask |= random_u32() & 0xffff & random_u32();
		for (uint32_t f = 0; f < cfg->num_fields; f++)
			random_field(&cfg->defs[f], &rules[i].field[cfg->defs[f].field_index], open);
		/* Some are like another one, some the same again. */
		if (i > 0 && i % 5 == 0) {
			uint32_t other = random_u32() % i;

			memcpy(rules[i].field, rules[other].field, sizeof(rules[i].field));
			if (i % 2 == 0)
				random_field(&cfg->defs[i % cfg->num_fields], &rules[i].field[cfg->defs[i % cfg->num_fields].field_index], open);
		}
	}
	return rules;
}

static void
random_rules_answer_as_defined(const struct rte_acl_config *cfg, uint32_t n, unsigned int open, uint32_t packets,
	uint32_t categories)
{
	struct rule *rules = random_rules(cfg, n, open);
	struct rte_acl_ctx *ctx = make("random", FIELDS_MAX, n);
	uint64_t start = rte_rdtsc();

	for (uint32_t i = 0; i < n; i++)
		CHECK_EQ(add(ctx, &rules[i]), 0);
	CHECK_EQ(rte_acl_build(ctx, cfg), 0);
	printf("    %u rules built in %.0f ms\n", n, (double)(rte_rdtsc() - start) * 1e3 / (double)rte_get_tsc_hz());
	check_against_definition(ctx, cfg, rules, n, packets, categories, 1 + random_u32() % 100);
	rte_acl_free(ctx);
	free(rules);
}

static void
five_tuples(void)
{
	static const uint32_t sizes[] = { 1, 2, 7, 8, 9, 16, 17, 64, 300, 2000 };

	for (unsigned int i = 0; i < RTE_DIM(sizes); i++)
		random_rules_answer_as_defined(&five_tuple, sizes[i], i % 2 ? 20 : 50, 250, i % 2 ? 1 : 4);
}

static void
twenty_thousand_rules(void)
{
	random_rules_answer_as_defined(&five_tuple, 20000, 8, 250, 1);
	/* With these some rules are fulfilled by every packet, and hide what is behind them. */
	random_rules_answer_as_defined(&five_tuple, 20000, 30, 60, 1);
}

static void
all_kinds_of_fields(void)
{
	for (uint32_t categories = 1; categories <= 16; categories += categories == 1 ? 3 : 4) {
		random_rules_answer_as_defined(&all_kinds, 3, 40, 200, categories);
		random_rules_answer_as_defined(&all_kinds, 200, 60, 100, categories);
	}
}

static void
as_many_wide_fields_as_there_may_be(void)
{
	struct rte_acl_config cfg = { .num_categories = 3, .num_fields = FIELDS_MAX };

	for (unsigned int i = 0; i < FIELDS_MAX; i++)
		cfg.defs[i] = (struct rte_acl_field_def){ (uint8_t)(i % 3), 8, (uint8_t)(FIELDS_MAX - 1 - i), (uint8_t)i, i * 8 };
	random_rules_answer_as_defined(&cfg, 60, 80, 100, 4);
}

/* Routes of one length, as l3fwd has them, one that all packets fulfil, and a better rule about ports in front. */
static void
routes(void)
{
	struct rule rules[102] = { 0 };
	struct rte_acl_ctx *ctx = make("routes", FIELDS_MAX, RTE_DIM(rules));

	for (uint32_t i = 0; i < 100; i++) {
		rules[i].data = (struct rte_acl_rule_data){ 1, 10, i + 1 };
		rules[i].field[2].value.u32 = RTE_IPV4(198, 18, i, 0);
		rules[i].field[2].mask_range.u32 = 24;
		rules[i].field[3].mask_range.u16 = rules[i].field[4].mask_range.u16 = UINT16_MAX;
	}
	rules[100] = rules[101] = rules[0];
	rules[100].data = (struct rte_acl_rule_data){ 1, 1, 1000 };
	rules[100].field[2].mask_range.u32 = 0;
	rules[101].data = (struct rte_acl_rule_data){ 1, 11, 2000 };
	rules[101].field[2].mask_range.u32 = 16;
	rules[101].field[4].value.u16 = rules[101].field[4].mask_range.u16 = 80;
	for (uint32_t i = 0; i < RTE_DIM(rules); i++)
		CHECK_EQ(add(ctx, &rules[i]), 0);
	CHECK_EQ(rte_acl_build(ctx, &five_tuple), 0);
	check_against_definition(ctx, &five_tuple, rules, RTE_DIM(rules), 1000, 1, 32);
	rte_acl_free(ctx);
}

/* ---- the API ---- */

static void
contexts_by_name(void)
{
	struct rte_acl_param param = { "one", SOCKET_ID_ANY, RTE_ACL_RULE_SZ(5), 10 };
	struct rte_acl_ctx *ctx = rte_acl_create(&param);

	CHECK(ctx != NULL);
	CHECK(rte_acl_create(&param) == ctx);
	CHECK(rte_acl_find_existing("one") == ctx);
	rte_acl_list_dump();
	rte_acl_free(ctx);
	CHECK(rte_acl_find_existing("one") == NULL);
	CHECK_EQ(rte_errno, ENOENT);
	CHECK(rte_acl_find_existing(NULL) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	rte_errno = 0;
	CHECK(rte_acl_create(NULL) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	param.name = NULL;
	CHECK(rte_acl_create(&param) == NULL);
	param.name = "a name of thirty-two characters.";
	CHECK(rte_acl_create(&param) == NULL);
	rte_acl_free(NULL);
	rte_acl_dump(NULL);
	rte_acl_reset(NULL);
	rte_acl_reset_rules(NULL);
}

static void
rules_are_checked_when_added(void)
{
	struct rule rule = { .data = { 1, 1, 1 } }, two[2];
	struct rte_acl_ctx *ctx = make("add", FIELDS_MAX, 2), *none = make("no size", 0, 2);

	CHECK_EQ(add(NULL, &rule), -EINVAL);
	CHECK_EQ(add(ctx, NULL), -EINVAL);
	rule.data.category_mask = 1 << RTE_ACL_MAX_CATEGORIES;
	CHECK_EQ(add(ctx, &rule), -EINVAL);
	rule.data.category_mask = 1;
	rule.data.priority = 0;
	CHECK_EQ(add(ctx, &rule), -EINVAL);
	rule.data.priority = RTE_ACL_MAX_PRIORITY + 1;
	CHECK_EQ(add(ctx, &rule), -EINVAL);
	rule.data.priority = RTE_ACL_MAX_PRIORITY;
	two[0] = two[1] = rule;
	two[1].data.priority = -1;
	CHECK_EQ(rte_acl_add_rules(ctx, (struct rte_acl_rule *)(void *)two, 2), -EINVAL);
	CHECK_EQ(rte_acl_add_rules(ctx, (struct rte_acl_rule *)(void *)two, 0), 0);
	CHECK_EQ(add(ctx, &rule), 0);
	CHECK_EQ(add(ctx, &rule), 0);
	CHECK_EQ(add(ctx, &rule), -ENOMEM);
	rte_acl_reset_rules(ctx);
	CHECK_EQ(add(ctx, &rule), 0);
	CHECK_EQ(rte_acl_build(none, &five_tuple), -EINVAL);
	rte_acl_free(ctx);
	rte_acl_free(none);
}

static int
build_with(struct rte_acl_ctx *ctx, uint32_t field, struct rte_acl_field_def def)
{
	struct rte_acl_config cfg = five_tuple;

	cfg.defs[field] = def;
	return rte_acl_build(ctx, &cfg);
}

static void
builds_are_checked(void)
{
	struct rule rule = { .data = { 1, 1, 7 }, .field = { [3] = { .mask_range.u16 = 9 }, [4] = { .mask_range.u16 = 9 } } };
	struct rte_acl_config cfg = five_tuple;
	struct rte_acl_ctx *ctx = make("build", 5, 2);
	const uint8_t packet[15] = { 0 }, *data[] = { packet };
	uint32_t answer = 1;

	CHECK_EQ(rte_acl_build(ctx, &cfg), -EINVAL); /* no rules */
	CHECK_EQ(rte_acl_classify(ctx, data, &answer, 1, 1), 0);
	CHECK_EQ(answer, 0);
	CHECK_EQ(add(ctx, &rule), 0);
	CHECK_EQ(rte_acl_build(NULL, &cfg), -EINVAL);
	CHECK_EQ(rte_acl_build(ctx, NULL), -EINVAL);
	cfg.num_categories = 0;
	CHECK_EQ(rte_acl_build(ctx, &cfg), -EINVAL);
	cfg.num_categories = RTE_ACL_MAX_CATEGORIES + 1;
	CHECK_EQ(rte_acl_build(ctx, &cfg), -EINVAL);
	cfg = five_tuple;
	cfg.num_fields = 0;
	CHECK_EQ(rte_acl_build(ctx, &cfg), -EINVAL);
	cfg.num_fields = RTE_ACL_MAX_FIELDS + 1;
	CHECK_EQ(rte_acl_build(ctx, &cfg), -EINVAL);
	CHECK_EQ(build_with(ctx, 0, (struct rte_acl_field_def){ 3, 1, 0, 0, 0 }), -EINVAL);
	CHECK_EQ(build_with(ctx, 0, (struct rte_acl_field_def){ 0, 3, 0, 0, 0 }), -EINVAL);
	CHECK_EQ(build_with(ctx, 0, (struct rte_acl_field_def){ 0, 1, 5, 0, 0 }), -EINVAL);
	CHECK_EQ(build_with(ctx, 0, (struct rte_acl_field_def){ 0, 4, 0, 0, UINT32_MAX - 2 }), -EINVAL);
	CHECK_EQ(rte_acl_build(ctx, &five_tuple), 0);
	CHECK_EQ(rte_acl_classify(ctx, data, &answer, 1, 1), 0);
	CHECK_EQ(answer, 7);

	/* A rule that makes no sense is found when its fields are known; what was built stays. */
	rule.field[1].mask_range.u32 = 33;
	CHECK_EQ(add(ctx, &rule), 0);
	CHECK_EQ(rte_acl_build(ctx, &five_tuple), -EINVAL);
	rte_acl_reset_rules(ctx);
	rule.field[1].mask_range.u32 = 32;
	rule.field[3].value.u16 = 10;
	CHECK_EQ(add(ctx, &rule), 0);
	CHECK_EQ(rte_acl_build(ctx, &five_tuple), -EINVAL);
	CHECK_EQ(rte_acl_classify(ctx, data, &answer, 1, 1), 0);
	CHECK_EQ(answer, 7);
	rte_acl_dump(ctx);
	rte_acl_reset(ctx);
	CHECK_EQ(rte_acl_classify(ctx, data, &answer, 1, 1), 0);
	CHECK_EQ(answer, 0);
	rte_acl_free(ctx);
}

static void
classifying_is_checked(void)
{
	struct rte_acl_ctx *ctx = make("classify", 5, 2);
	uint32_t answer;

	CHECK_EQ(rte_acl_classify(NULL, NULL, NULL, 0, 1), -EINVAL);
	CHECK_EQ(rte_acl_classify(ctx, NULL, NULL, 0, 0), 0);
	CHECK_EQ(rte_acl_classify(ctx, NULL, NULL, 0, 1), 0);
	CHECK_EQ(rte_acl_classify(ctx, NULL, NULL, 0, 16), 0);
	CHECK_EQ(rte_acl_classify(ctx, NULL, &answer, 0, 3), -EINVAL);
	CHECK_EQ(rte_acl_classify(ctx, NULL, &answer, 0, 20), -EINVAL);
	CHECK_EQ(rte_acl_classify_alg(NULL, NULL, NULL, 0, 1, RTE_ACL_CLASSIFY_SCALAR), -EINVAL);
	CHECK_EQ(rte_acl_classify_alg(ctx, NULL, NULL, 0, 1, RTE_ACL_CLASSIFY_NEON), -ENOTSUP);
	CHECK_EQ(rte_acl_classify_alg(ctx, NULL, NULL, 0, 1, (enum rte_acl_classify_alg)8), -EINVAL);
	CHECK_EQ(rte_acl_classify_alg(ctx, NULL, NULL, 0, 1, RTE_ACL_CLASSIFY_DEFAULT), 0);
	CHECK_EQ(rte_acl_set_ctx_classify(NULL, RTE_ACL_CLASSIFY_SCALAR), -EINVAL);
	CHECK_EQ(rte_acl_set_ctx_classify(ctx, (enum rte_acl_classify_alg)8), -EINVAL);
	CHECK_EQ(rte_acl_set_ctx_classify(ctx, RTE_ACL_CLASSIFY_ALTIVEC), -ENOTSUP);
	CHECK_EQ(rte_acl_set_ctx_classify(ctx, RTE_ACL_CLASSIFY_AVX512X32), -ENOTSUP);
	CHECK_EQ(rte_acl_set_ctx_classify(ctx, RTE_ACL_CLASSIFY_SCALAR), 0);
	CHECK_EQ(rte_acl_set_ctx_classify(ctx, RTE_ACL_CLASSIFY_DEFAULT), 0);
	rte_acl_free(ctx);
}

static void
a_limit_of_size_is_kept(void)
{
	struct rte_acl_config cfg = five_tuple;
	struct rule *rules = random_rules(&cfg, 1000, 40);
	struct rte_acl_ctx *ctx = make("size", FIELDS_MAX, 1000);

	for (uint32_t i = 0; i < 1000; i++)
		CHECK_EQ(add(ctx, &rules[i]), 0);
	cfg.max_size = 1000;
	CHECK_EQ(rte_acl_build(ctx, &cfg), -ERANGE);
	/* One list of all rules, and all there is. */
	cfg.max_size = 100000;
	CHECK_EQ(rte_acl_build(ctx, &cfg), 0);
	check_against_definition(ctx, &cfg, rules, 1000, 300, 1, 50);
	cfg.max_size = SIZE_MAX;
	CHECK_EQ(rte_acl_build(ctx, &cfg), 0);
	check_against_definition(ctx, &cfg, rules, 1000, 300, 1, 50);
	rte_acl_free(ctx);
	free(rules);
}

int
main(int argc, char **argv)
{
	char name[] = "acl_test", no_huge[] = "--no-huge", memory[] = "-m256";
	char *args[] = { name, no_huge, memory };

	random_state = argc > 1 ? strtoull(argv[1], NULL, 0) : UINT64_C(0x2545f4914f6cdd1d);
	if (rte_eal_init(RTE_DIM(args), args) < 0)
		return 1;
	rte_log_set_level(RTE_LOGTYPE_ACL, RTE_LOG_EMERG);
	RUN(contexts_by_name);
	RUN(rules_are_checked_when_added);
	RUN(builds_are_checked);
	RUN(classifying_is_checked);
	RUN(routes);
	RUN(five_tuples);
	RUN(all_kinds_of_fields);
	RUN(as_many_wide_fields_as_there_may_be);
	RUN(a_limit_of_size_is_kept);
	RUN(twenty_thousand_rules);
	rte_eal_cleanup();
	return check_summary();
}
