/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What classifying reads, and a context.
 *
 * A packet's fields become lanes: words of up to 32 bits in host byte order (a field of 8 bytes is two). A rule is one
 * condition a lane: ((lane & mask) - low) <= span, unsigned, which says mask, bitmask and range alike. Rules are ranked: 0 is
 * that of highest priority.
 *
 * They stand in up to ACL_MAX_TREES trees, told apart by which lanes they leave open, so that few rules stand in many leaves.
 * A tree's node cuts by some bits of one lane. A leaf leads to itself: so all packets of a chunk take their steps side by side,
 * without asking which has arrived. At a leaf are groups of ACL_GROUP rules, best first, compared at once; what the way to the leaf
 * has settled is not compared again.
 */
#ifndef WDPDK_ACL_PRIVATE_H
#define WDPDK_ACL_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "lpm_directory.h"
#include "rte_acl.h"

#define ACL_MAX_TREES 16
#define ACL_MAX_LANES (2 * RTE_ACL_MAX_FIELDS)
#define ACL_GROUP 8
/* Packets that are classified side by side. */
#define ACL_CHUNK 16
#define ACL_NO_RANK UINT32_MAX
/* Where groups begin, in bytes. */
#define ACL_GROUP_ALIGN 32

struct acl_lane {
	uint32_t offset; /* in a packet's data */
	uint32_t size;   /* 1, 2 or 4 bytes */
};

/* Its child is next + (lane >> shift & mask); a leaf's mask is 0 and its next is itself. */
struct acl_node {
	uint32_t next;
	uint16_t mask;
	uint8_t lane;
	uint8_t shift;
};

struct acl_tree {
	uint32_t root;
	uint32_t best; /* the best rank in it */
};

/* What one lane has to fulfil for each rule of a group. */
struct acl_checks {
	uint32_t mask[ACL_GROUP], low[ACL_GROUP], span[ACL_GROUP];
};

/* Rules of a leaf, ranks ascending; those that are missing have ACL_NO_RANK and are not among the valid ones. */
struct acl_group {
	uint32_t rank[ACL_GROUP];
	uint32_t lanes;  /* how many are compared */
	uint16_t checks; /* bytes from here to them, struct acl_checks a lane */
	uint8_t valid;   /* a bit a rule */
	uint8_t more;    /* another group follows the checks */
	uint8_t lane[];  /* which */
};

/* A range of an 8-byte field: its lanes' conditions let too much through. */
struct acl_wide {
	uint64_t low, high;
	uint32_t lane; /* of its upper half; the lower one is next */
	uint32_t last; /* of this rule's */
};

struct acl_answer {
	uint32_t userdata;
	uint32_t categories;
	uint32_t wide; /* 1 + the first of its acl_wide, 0 for none */
};

/* One allocation; everything behind it lies in it. */
struct acl_image {
	struct acl_tree trees[ACL_MAX_TREES];
	uint32_t num_trees, num_lanes, num_nodes, num_rules, num_wide;
	uint32_t categories; /* mask of those it was built for */
	size_t size;
	const struct acl_lane *lanes;
	const struct acl_node *nodes;
	const uint32_t *leaves; /* by node: its first group, in ACL_GROUP_ALIGN bytes from groups */
	const uint8_t *groups;
	const struct acl_answer *answers; /* by rank */
	const struct acl_wide *wide;
};

struct rte_acl_ctx {
	struct lpm_entry entry;
	int socket;
	enum rte_acl_classify_alg alg;
	uint32_t rule_size, max_rules, num_rules, room;
	uint8_t *rules; /* room for `room`; grows up to max_rules */
	struct acl_image *image; /* NULL: nothing matches */
};

/* Arguments have been checked; the image has num > 0 packets to look at. */
typedef void (*acl_classify_t)(const struct acl_image *image, const uint8_t **data, uint32_t *results, uint32_t num,
	uint32_t categories);

void acl_classify_scalar(const struct acl_image *image, const uint8_t **data, uint32_t *results, uint32_t num,
	uint32_t categories);
void acl_classify_sse(const struct acl_image *image, const uint8_t **data, uint32_t *results, uint32_t num,
	uint32_t categories);
void acl_classify_avx2(const struct acl_image *image, const uint8_t **data, uint32_t *results, uint32_t num,
	uint32_t categories);
void acl_classify_avx512(const struct acl_image *image, const uint8_t **data, uint32_t *results, uint32_t num,
	uint32_t categories);

/* The image of a context's rules, as rte_acl_build() has it; 0 or its errors. */
int acl_build_image(const struct rte_acl_ctx *ctx, const struct rte_acl_config *cfg, struct acl_image **image);

#endif
