/* SPDX-License-Identifier: BSD-3-Clause */
#include "rte_acl.h"

#include <errno.h>
#include <string.h>

#include "acl_private.h"

static struct lpm_directory directory = { .lock = RTE_SPINLOCK_INITIALIZER };

static struct rte_acl_ctx *
ctx_of(struct lpm_entry *entry)
{
	return (struct rte_acl_ctx *)((char *)entry - offsetof(struct rte_acl_ctx, entry));
}

static bool
has_avx512(void)
{
	return rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512F) > 0 && rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512VL) > 0 &&
		rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512BW) > 0 && rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512DQ) > 0;
}

/* 0, -ENOTSUP or -EINVAL. */
static int
alg_check(enum rte_acl_classify_alg alg)
{
	const unsigned int width = rte_vect_get_max_simd_bitwidth();
	bool has = false;

	switch (alg) {
	case RTE_ACL_CLASSIFY_SCALAR:
		return 0;
	case RTE_ACL_CLASSIFY_SSE:
		has = width >= RTE_VECT_SIMD_128 && rte_cpu_get_flag_enabled(RTE_CPUFLAG_SSE4_1) > 0;
		break;
	case RTE_ACL_CLASSIFY_AVX2:
		has = width >= RTE_VECT_SIMD_256 && rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX2) > 0;
		break;
	case RTE_ACL_CLASSIFY_AVX512X16:
		has = width >= RTE_VECT_SIMD_256 && has_avx512();
		break;
	case RTE_ACL_CLASSIFY_NEON:
	case RTE_ACL_CLASSIFY_ALTIVEC:
	case RTE_ACL_CLASSIFY_AVX512X32:
		break;
	default:
		return -EINVAL;
	}
	return has ? 0 : -ENOTSUP;
}

static enum rte_acl_classify_alg
best_alg(void)
{
	/* A group's bits come later out of AVX512's compares than out of AVX2's. */
	static const enum rte_acl_classify_alg best_first[] = { RTE_ACL_CLASSIFY_AVX2, RTE_ACL_CLASSIFY_SSE };

	for (unsigned int i = 0; i < RTE_DIM(best_first); i++)
		if (alg_check(best_first[i]) == 0)
			return best_first[i];
	return RTE_ACL_CLASSIFY_SCALAR;
}

struct rte_acl_ctx *
rte_acl_create(const struct rte_acl_param *param)
{
	struct rte_acl_ctx *ctx;
	struct lpm_entry *entry;

	if (param == NULL || !lpm_directory_name_fits(param->name)) {
		rte_errno = EINVAL;
		return NULL;
	}
	entry = lpm_directory_find(&directory, param->name);
	if (entry != NULL)
		return ctx_of(entry);
	ctx = rte_zmalloc_socket("acl", sizeof(*ctx), RTE_CACHE_LINE_SIZE, param->socket_id);
	if (ctx == NULL) {
		rte_errno = ENOMEM;
		return NULL;
	}
	ctx->socket = param->socket_id;
	ctx->rule_size = param->rule_size;
	ctx->max_rules = param->max_rule_num;
	ctx->alg = best_alg();
	if (!lpm_directory_insert(&directory, &ctx->entry, param->name)) {
		/* Somebody was faster. */
		rte_free(ctx);
		entry = lpm_directory_find(&directory, param->name);
		return entry == NULL ? NULL : ctx_of(entry);
	}
	return ctx;
}

struct rte_acl_ctx *
rte_acl_find_existing(const char *name)
{
	struct lpm_entry *entry = lpm_directory_find(&directory, name);

	return entry == NULL ? NULL : ctx_of(entry);
}

void
rte_acl_free(struct rte_acl_ctx *ctx)
{
	if (ctx == NULL)
		return;
	lpm_directory_remove(&directory, &ctx->entry);
	rte_free(ctx->image);
	rte_free(ctx->rules);
	rte_free(ctx);
}

static int
reserve(struct rte_acl_ctx *ctx, uint32_t num)
{
	uint64_t room = RTE_MAX((uint64_t)ctx->room * 2, (uint64_t)ctx->num_rules + num);
	uint8_t *rules;

	if (ctx->num_rules + num <= ctx->room)
		return 0;
	room = RTE_MIN(room, (uint64_t)ctx->max_rules);
	rules = rte_malloc_socket("acl rules", (size_t)room * ctx->rule_size, RTE_CACHE_LINE_SIZE, ctx->socket);
	if (rules == NULL)
		return -ENOMEM;
	if (ctx->num_rules > 0)
		memcpy(rules, ctx->rules, (size_t)ctx->num_rules * ctx->rule_size);
	rte_free(ctx->rules);
	ctx->rules = rules;
	ctx->room = (uint32_t)room;
	return 0;
}

int
rte_acl_add_rules(struct rte_acl_ctx *ctx, const struct rte_acl_rule *rules, uint32_t num)
{
	int error;

	if (ctx == NULL || rules == NULL || ctx->rule_size < sizeof(struct rte_acl_rule))
		return -EINVAL;
	for (uint32_t i = 0; i < num; i++) {
		struct rte_acl_rule_data data;

		memcpy(&data, (const uint8_t *)rules + (size_t)i * ctx->rule_size, sizeof(data));
		if ((data.category_mask & RTE_LEN2MASK(RTE_ACL_MAX_CATEGORIES, uint32_t)) == 0 ||
		    data.priority < RTE_ACL_MIN_PRIORITY || data.priority > RTE_ACL_MAX_PRIORITY) {
			RTE_LOG(ERR, ACL, "%s: rule %u of %u: categories 0x%x, priority %d\n", ctx->entry.name, i + 1, num,
				data.category_mask, data.priority);
			return -EINVAL;
		}
	}
	if (num > ctx->max_rules - ctx->num_rules)
		return -ENOMEM;
	error = reserve(ctx, num);
	if (error == 0 && num > 0) {
		memcpy(ctx->rules + (size_t)ctx->num_rules * ctx->rule_size, rules, (size_t)num * ctx->rule_size);
		ctx->num_rules += num;
	}
	return error;
}

void
rte_acl_reset_rules(struct rte_acl_ctx *ctx)
{
	if (ctx != NULL)
		ctx->num_rules = 0;
}

int
rte_acl_build(struct rte_acl_ctx *ctx, const struct rte_acl_config *cfg)
{
	struct acl_image *image = NULL;
	int error;

	if (ctx == NULL || cfg == NULL || cfg->num_categories == 0 || cfg->num_categories > RTE_ACL_MAX_CATEGORIES ||
	    cfg->num_fields == 0 || cfg->num_fields > RTE_ACL_MAX_FIELDS)
		return -EINVAL;
	error = acl_build_image(ctx, cfg, &image);
	if (error != 0)
		return error;
	rte_free(ctx->image);
	ctx->image = image;
	return 0;
}

void
rte_acl_reset(struct rte_acl_ctx *ctx)
{
	if (ctx == NULL)
		return;
	ctx->num_rules = 0;
	rte_free(ctx->image);
	ctx->image = NULL;
}

/* What is asked for has been found to be available. */
static int
classify(const struct rte_acl_ctx *ctx, const uint8_t **data, uint32_t *results, uint32_t num, uint32_t categories,
	enum rte_acl_classify_alg alg)
{
	static const acl_classify_t classifiers[] = {
		[RTE_ACL_CLASSIFY_SCALAR] = acl_classify_scalar,
		[RTE_ACL_CLASSIFY_SSE] = acl_classify_sse,
		[RTE_ACL_CLASSIFY_AVX2] = acl_classify_avx2,
		[RTE_ACL_CLASSIFY_AVX512X16] = acl_classify_avx512,
	};

	if (categories > RTE_ACL_MAX_CATEGORIES || (categories != 1 && categories % RTE_ACL_RESULTS_MULTIPLIER != 0))
		return -EINVAL;
	if (num == 0 || categories == 0)
		return 0;
	if (ctx->image == NULL)
		memset(results, 0, (size_t)num * categories * sizeof(*results));
	else
		classifiers[alg](ctx->image, data, results, num, categories);
	return 0;
}

int
rte_acl_classify_alg(const struct rte_acl_ctx *ctx, const uint8_t **data, uint32_t *results, uint32_t num,
	uint32_t categories, enum rte_acl_classify_alg alg)
{
	int error;

	if (ctx == NULL)
		return -EINVAL;
	if (alg == RTE_ACL_CLASSIFY_DEFAULT)
		alg = best_alg();
	error = alg_check(alg);
	return error != 0 ? error : classify(ctx, data, results, num, categories, alg);
}

int
rte_acl_classify(const struct rte_acl_ctx *ctx, const uint8_t **data, uint32_t *results, uint32_t num, uint32_t categories)
{
	return ctx == NULL ? -EINVAL : classify(ctx, data, results, num, categories, ctx->alg);
}

int
rte_acl_set_ctx_classify(struct rte_acl_ctx *ctx, enum rte_acl_classify_alg alg)
{
	int error;

	if (ctx == NULL)
		return -EINVAL;
	if (alg == RTE_ACL_CLASSIFY_DEFAULT)
		alg = best_alg();
	error = alg_check(alg);
	if (error == 0)
		ctx->alg = alg;
	return error;
}

void
rte_acl_dump(const struct rte_acl_ctx *ctx)
{
	if (ctx == NULL)
		return;
	printf("acl context <%s>@%p\n", ctx->entry.name, (const void *)ctx);
	printf("  socket_id=%d\n  alg=%d\n  max_rules=%u\n  rule_size=%u\n  num_rules=%u\n", ctx->socket, (int)ctx->alg,
		ctx->max_rules, ctx->rule_size, ctx->num_rules);
	if (ctx->image == NULL) {
		printf("  not built\n");
		return;
	}
	printf("  num_categories=%u\n  num_tries=%u\n  nodes=%u\n  bytes=%zu\n", __builtin_popcount(ctx->image->categories),
		ctx->image->num_trees, ctx->image->num_nodes, ctx->image->size);
}

void
rte_acl_list_dump(void)
{
	rte_spinlock_lock(&directory.lock);
	for (struct lpm_entry *entry = directory.first; entry != NULL; entry = entry->next)
		rte_acl_dump(ctx_of(entry));
	rte_spinlock_unlock(&directory.lock);
}
