/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Access control lists: which of many rules, each a condition on every one of some fields of a packet, is the one of highest
 * priority that a packet fulfils. A context holds rules; building makes of them what classifying reads.
 *
 * Rules are in host byte order, packets in network byte order. A field is read where its definition says and nowhere else: data
 * has to be readable from each field's offset for its size, no further.
 *
 * Threads: one at a time for a context, except that any number may classify while nobody builds, resets or frees it.
 */
#ifndef RTE_ACL_H
#define RTE_ACL_H

#include <rte_acl_osdep.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A rule belongs to one or more categories; each has an answer of its own. */
#define RTE_ACL_MAX_CATEGORIES 16
/* One category can be asked for, or a multiple of this. */
#define RTE_ACL_RESULTS_MULTIPLIER (XMM_SIZE / sizeof(uint32_t))

#define RTE_ACL_MAX_LEVELS 64
#define RTE_ACL_MAX_FIELDS 64

/* Longest name of a context, its terminating zero included. */
#define RTE_ACL_NAMESIZE 32

union rte_acl_field_types {
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;
};

/* What a rule says of a field; value and mask_range are read in the field's size. */
enum {
	RTE_ACL_FIELD_TYPE_MASK = 0, /* its first mask_range bits are those of value; at most the field's bits */
	RTE_ACL_FIELD_TYPE_RANGE,    /* it is value..mask_range, both included; an empty range is refused */
	RTE_ACL_FIELD_TYPE_BITMASK   /* its bits in mask_range are those of value */
};

struct rte_acl_field_def {
	uint8_t type;        /* RTE_ACL_FIELD_TYPE_* */
	uint8_t size;        /* in bytes: 1, 2, 4 or 8 */
	uint8_t field_index; /* in the rule's field[] */
	uint8_t input_index; /* fields of one index lie within 4 bytes of data; ours needs no such order and does not look at it */
	uint32_t offset;     /* from a packet's data, in bytes */
};

struct rte_acl_config {
	uint32_t num_categories; /* 1..RTE_ACL_MAX_CATEGORIES; rules of none of them are left out */
	uint32_t num_fields;     /* 1..RTE_ACL_MAX_FIELDS */
	struct rte_acl_field_def defs[RTE_ACL_MAX_FIELDS];
	size_t max_size; /* bytes that classifying may need at most; 0: any number */
};

struct rte_acl_field {
	union rte_acl_field_types value;
	union rte_acl_field_types mask_range;
};

enum {
	RTE_ACL_TYPE_SHIFT = 29,
	RTE_ACL_MAX_INDEX = RTE_LEN2MASK(RTE_ACL_TYPE_SHIFT, uint32_t),
	RTE_ACL_MAX_PRIORITY = RTE_ACL_MAX_INDEX,
	RTE_ACL_MIN_PRIORITY = 1
};

/* The bitmask of a field of s bytes whose first v bits count; its type is v's. */
#define RTE_ACL_MASKLEN_TO_BITMASK(v, s) \
	((v) == 0 ? (v) : (typeof(v))(UINT64_MAX << ((s) * CHAR_BIT - (v))))

struct rte_acl_rule_data {
	uint32_t category_mask; /* at least one of the lowest RTE_ACL_MAX_CATEGORIES bits */
	int32_t priority;       /* RTE_ACL_MIN_PRIORITY..RTE_ACL_MAX_PRIORITY; of equal ones the rule added first wins */
	uint32_t userdata;      /* the answer; 0 cannot be told from no match */
};

/* A rule of fld_num fields, called struct name. */
#define RTE_ACL_RULE_DEF(name, fld_num) struct name { \
	struct rte_acl_rule_data data; \
	struct rte_acl_field field[fld_num]; \
}

/* A rule of any number of fields. */
RTE_ACL_RULE_DEF(rte_acl_rule,);

#define RTE_ACL_RULE_SZ(fld_num) (sizeof(struct rte_acl_rule) + sizeof(struct rte_acl_field) * (fld_num))

struct rte_acl_param {
	const char *name;
	int socket_id;         /* whose memory; SOCKET_ID_ANY */
	uint32_t rule_size;    /* RTE_ACL_RULE_SZ() of its rules */
	uint32_t max_rule_num; /* memory follows the rules present, not this number */
};

struct rte_acl_ctx;

/*
 * An empty context, its creator's until rte_acl_free(). When one of that name exists, that one, whatever its parameters.
 * NULL with rte_errno: EINVAL (no param, no name, one of RTE_ACL_NAMESIZE or more bytes), ENOMEM.
 */
struct rte_acl_ctx *rte_acl_create(const struct rte_acl_param *param);

/* The context of that name, or NULL with rte_errno ENOENT (EINVAL without a name). */
struct rte_acl_ctx *rte_acl_find_existing(const char *name);

/* Releases the context; NULL is allowed. */
void rte_acl_free(struct rte_acl_ctx *ctx);

/*
 * Copies num rules of the context's rule_size, one behind the other, to those it has. They count from the next build on.
 * 0, or -EINVAL (a NULL, a rule_size below a rule's data, a rule without a category or with a priority out of range),
 * -ENOMEM (more than max_rule_num, or no memory); after an error none was added.
 */
int rte_acl_add_rules(struct rte_acl_ctx *ctx, const struct rte_acl_rule *rules, uint32_t num);

/* Takes all rules out; what was built goes on answering. */
void rte_acl_reset_rules(struct rte_acl_ctx *ctx);

/*
 * Makes of the rules what classifying reads, in place of what was built before.
 * 0, or -EINVAL (a NULL, a number out of range, a field of unknown type or size or outside of the rules, a mask longer than its
 * field, an empty range, no rule), -ENOMEM, -ERANGE (more than max_size); after an error what was built before stays.
 */
int rte_acl_build(struct rte_acl_ctx *ctx, const struct rte_acl_config *cfg);

/* Takes all rules out and forgets what was built: nothing matches. */
void rte_acl_reset(struct rte_acl_ctx *ctx);

/* How rules are compared. A context begins with the fastest that this processor and EAL's widest vectors allow. */
enum rte_acl_classify_alg {
	RTE_ACL_CLASSIFY_DEFAULT = 0, /* the fastest */
	RTE_ACL_CLASSIFY_SCALAR = 1,
	RTE_ACL_CLASSIFY_SSE = 2,
	RTE_ACL_CLASSIFY_AVX2 = 3,
	RTE_ACL_CLASSIFY_NEON = 4,      /* not on this architecture */
	RTE_ACL_CLASSIFY_ALTIVEC = 5,   /* not on this architecture */
	RTE_ACL_CLASSIFY_AVX512X16 = 6, /* AVX512VL, in registers of 256 bits */
	RTE_ACL_CLASSIFY_AVX512X32 = 7  /* not available */
};

/*
 * Writes `categories` answers for each of num packets: the userdata of the rule of highest priority that it fulfils of that
 * category, 0 where there is none. data and results may be NULL when num is 0.
 * 0, or -EINVAL (no context, more than RTE_ACL_MAX_CATEGORIES categories, a number that is neither 1 nor a multiple of
 * RTE_ACL_RESULTS_MULTIPLIER).
 */
int rte_acl_classify(const struct rte_acl_ctx *ctx, const uint8_t **data, uint32_t *results, uint32_t num,
	uint32_t categories);

/* The same in a way of the caller's choice; -ENOTSUP when it is not available here, -EINVAL when there is no such way. */
int rte_acl_classify_alg(const struct rte_acl_ctx *ctx, const uint8_t **data, uint32_t *results, uint32_t num,
	uint32_t categories, enum rte_acl_classify_alg alg);

/* Chooses rte_acl_classify()'s way. 0, or -EINVAL (no context, no such way), -ENOTSUP (not available here). */
int rte_acl_set_ctx_classify(struct rte_acl_ctx *ctx, enum rte_acl_classify_alg alg);

/* What a context, or each, is and holds, to stdout. NULL prints nothing. */
void rte_acl_dump(const struct rte_acl_ctx *ctx);
void rte_acl_list_dump(void);

#ifdef __cplusplus
}
#endif

#endif
