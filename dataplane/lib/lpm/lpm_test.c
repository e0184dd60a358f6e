/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Both tables against a naive scan over all routes, and the edges of their API.
 */
#include <errno.h>
#include <stdlib.h>

#include <rte_byteorder.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_lpm.h>
#include <rte_lpm6.h>
#include <rte_malloc.h>
#include <rte_memory.h>

#include "check.h"

#define IPV4(a, b, c, d) ((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))
#define MODEL_MAX 700

static uint64_t random_state = UINT64_C(0x2545f4914f6cdd1d);

static uint32_t
random_u32(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 32);
}

static const struct rte_lpm_config config4 = { .max_rules = 1024, .number_tbl8s = 256 };
static const struct rte_lpm6_config config6 = { .max_rules = 1024, .number_tbl8s = 1 << 16 };

static void
create_and_find(void)
{
	struct rte_lpm_config bad = config4;
	struct rte_lpm *lpm = rte_lpm_create("one", SOCKET_ID_ANY, &config4);

	CHECK(lpm != NULL);
	CHECK(rte_lpm_find_existing("one") == lpm);
	CHECK(rte_lpm_create("one", SOCKET_ID_ANY, &config4) == NULL);
	CHECK_EQ(rte_errno, EEXIST);
	rte_lpm_free(lpm);
	CHECK(rte_lpm_find_existing("one") == NULL);
	CHECK_EQ(rte_errno, ENOENT);

	rte_errno = 0;
	CHECK(rte_lpm_create(NULL, SOCKET_ID_ANY, &config4) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_lpm_create("two", -2, &config4) == NULL);
	CHECK(rte_lpm_create("two", SOCKET_ID_ANY, NULL) == NULL);
	CHECK(rte_lpm_create("a name that is longer than thirty-one", SOCKET_ID_ANY, &config4) == NULL);
	bad.max_rules = 0;
	CHECK(rte_lpm_create("two", SOCKET_ID_ANY, &bad) == NULL);
	bad = config4;
	bad.number_tbl8s = RTE_LPM_MAX_TBL8_NUM_GROUPS + 1;
	CHECK(rte_lpm_create("two", SOCKET_ID_ANY, &bad) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	rte_lpm_free(NULL);
}

static void
bad_arguments(void)
{
	struct rte_lpm *lpm = rte_lpm_create("bad", SOCKET_ID_ANY, &config4);
	uint32_t hop;

	CHECK_EQ(rte_lpm_add(NULL, 0, 24, 1), -EINVAL);
	CHECK_EQ(rte_lpm_add(lpm, 0, 0, 1), -EINVAL);
	CHECK_EQ(rte_lpm_add(lpm, 0, 33, 1), -EINVAL);
	CHECK_EQ(rte_lpm_add(lpm, 0, 24, 1 << 24), -EINVAL);
	CHECK_EQ(rte_lpm_delete(NULL, 0, 24), -EINVAL);
	CHECK_EQ(rte_lpm_delete(lpm, 0, 0), -EINVAL);
	CHECK_EQ(rte_lpm_delete(lpm, 0, 33), -EINVAL);
	CHECK_EQ(rte_lpm_delete(lpm, IPV4(10, 0, 0, 0), 8), -EINVAL);
	CHECK_EQ(rte_lpm_is_rule_present(lpm, 0, 24, NULL), -EINVAL);
	CHECK_EQ(rte_lpm_is_rule_present(NULL, 0, 24, &hop), -EINVAL);
	CHECK_EQ(rte_lpm_lookup(lpm, IPV4(10, 0, 0, 1), &hop), -ENOENT);
	rte_lpm_free(lpm);
}

static void
limits(void)
{
	struct rte_lpm_config small = { .max_rules = 3, .number_tbl8s = 1 };
	struct rte_lpm *lpm = rte_lpm_create("small", SOCKET_ID_ANY, &small);
	uint32_t hop;

	CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 0, 0, 1), 32, 1), 0);
	CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 0, 1, 1), 32, 2), -ENOSPC);
	CHECK_EQ(rte_lpm_lookup(lpm, IPV4(10, 0, 1, 1), &hop), -ENOENT);
	CHECK_EQ(rte_lpm_is_rule_present(lpm, IPV4(10, 0, 1, 1), 32, &hop), 0);
	CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 0, 0, 2), 32, 2), 0);
	CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 0, 1, 0), 24, 3), 0);
	CHECK_EQ(rte_lpm_add(lpm, IPV4(11, 0, 0, 0), 8, 4), -ENOSPC);
	CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 0, 1, 0), 24, 5), 0);
	CHECK_EQ(rte_lpm_lookup(lpm, IPV4(10, 0, 1, 1), &hop), 0);
	CHECK_EQ(hop, 5);
	/* The group of 10.0.0/24 comes back when its last long route goes. */
	CHECK_EQ(rte_lpm_delete(lpm, IPV4(10, 0, 0, 1), 32), 0);
	CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 0, 1, 1), 32, 2), -ENOSPC);
	CHECK_EQ(rte_lpm_delete(lpm, IPV4(10, 0, 0, 2), 32), 0);
	CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 0, 1, 1), 32, 2), 0);
	rte_lpm_free(lpm);
}

static uint32_t
hop_of(const struct rte_lpm *lpm, uint32_t ip)
{
	uint32_t hop;

	return rte_lpm_lookup(lpm, ip, &hop) == 0 ? hop : UINT32_MAX;
}

static void
deleting_restores_the_cover(void)
{
	struct rte_lpm *lpm = rte_lpm_create("cover", SOCKET_ID_ANY, &config4);

	CHECK_EQ(rte_lpm_add(lpm, 0, 1, 1), 0);
	CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 1, 2, 3), 8, 8), 0);
	CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 1, 2, 3), 32, 32), 0);
	CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 1, 2, 3), 16, 16), 0);
	CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 1, 2, 3), 24, 24), 0);
	CHECK_EQ(hop_of(lpm, IPV4(10, 1, 2, 3)), 32);
	CHECK_EQ(hop_of(lpm, IPV4(10, 1, 2, 4)), 24);
	CHECK_EQ(hop_of(lpm, IPV4(10, 1, 3, 3)), 16);
	CHECK_EQ(hop_of(lpm, IPV4(10, 2, 2, 3)), 8);
	CHECK_EQ(hop_of(lpm, IPV4(11, 1, 2, 3)), 1);
	CHECK_EQ(hop_of(lpm, IPV4(200, 1, 2, 3)), UINT32_MAX);
	CHECK_EQ(rte_lpm_delete(lpm, IPV4(10, 1, 2, 3), 16), 0);
	CHECK_EQ(hop_of(lpm, IPV4(10, 1, 3, 3)), 8);
	CHECK_EQ(hop_of(lpm, IPV4(10, 1, 2, 4)), 24);
	CHECK_EQ(rte_lpm_delete(lpm, IPV4(10, 1, 2, 3), 24), 0);
	CHECK_EQ(hop_of(lpm, IPV4(10, 1, 2, 4)), 8);
	CHECK_EQ(hop_of(lpm, IPV4(10, 1, 2, 3)), 32);
	CHECK_EQ(rte_lpm_delete(lpm, IPV4(10, 1, 2, 3), 32), 0);
	CHECK_EQ(hop_of(lpm, IPV4(10, 1, 2, 3)), 8);
	CHECK_EQ(rte_lpm_delete(lpm, IPV4(10, 1, 2, 3), 8), 0);
	CHECK_EQ(hop_of(lpm, IPV4(10, 1, 2, 3)), 1);
	CHECK_EQ(rte_lpm_delete(lpm, 0, 1), 0);
	CHECK_EQ(hop_of(lpm, IPV4(10, 1, 2, 3)), UINT32_MAX);
	rte_lpm_free(lpm);
}

static void
bulk_and_four_agree_with_one(void)
{
	struct rte_lpm *lpm = rte_lpm_create("bulk", SOCKET_ID_ANY, &config4);
	uint32_t ips[8] = { IPV4(10, 0, 0, 1), IPV4(10, 0, 0, 2), IPV4(9, 0, 0, 1), IPV4(10, 9, 9, 9),
		IPV4(172, 16, 0, 1), IPV4(172, 16, 0, 129), 0, UINT32_MAX };
	uint32_t hops[8], four[4];

	CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 0, 0, 0), 8, 0xffffff), 0);
	CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 0, 0, 2), 32, 0), 0);
	CHECK_EQ(rte_lpm_add(lpm, IPV4(172, 16, 0, 128), 25, 7), 0);
	CHECK_EQ(rte_lpm_lookup_bulk(lpm, ips, hops, 8), 0);
	for (unsigned int half = 0; half < 8; half += 4) {
		rte_lpm_lookupx4(lpm, _mm_loadu_si128((const __m128i *)&ips[half]), four, 4242);
		for (unsigned int i = 0; i < 4; i++) {
			uint32_t hop = hop_of(lpm, ips[half + i]);

			CHECK_EQ(hops[half + i], hop == UINT32_MAX ? 0 : RTE_LPM_LOOKUP_SUCCESS | hop);
			CHECK_EQ(four[i], hop == UINT32_MAX ? 4242 : hop);
		}
	}
	CHECK_EQ(hops[1], RTE_LPM_LOOKUP_SUCCESS);
	CHECK_EQ(hops[5], RTE_LPM_LOOKUP_SUCCESS | 7);
	rte_lpm_delete_all(lpm);
	CHECK_EQ(hop_of(lpm, ips[0]), UINT32_MAX);
	CHECK_EQ(rte_lpm_add(lpm, ips[4], 30, 9), 0);
	CHECK_EQ(hop_of(lpm, ips[4]), 9);
	rte_lpm_free(lpm);
}

/* The model: routes in an array, the longest match by looking at all of them. */
struct route {
	uint8_t ip[16];
	unsigned int depth;
	uint32_t hop;
};

static struct route model[MODEL_MAX];
static unsigned int model_count;

static bool
covers(const struct route *route, const uint8_t *ip)
{
	for (unsigned int bit = 0; bit < route->depth; bit++)
		if (((route->ip[bit / 8] ^ ip[bit / 8]) >> (7 - bit % 8)) & 1)
			return false;
	return true;
}

static uint32_t
model_lookup(const uint8_t *ip)
{
	const struct route *best = NULL;

	for (unsigned int i = 0; i < model_count; i++)
		if ((best == NULL || model[i].depth > best->depth) && covers(&model[i], ip))
			best = &model[i];
	return best == NULL ? UINT32_MAX : best->hop;
}

static struct route *
model_find(const uint8_t *ip, unsigned int depth)
{
	for (unsigned int i = 0; i < model_count; i++)
		if (model[i].depth == depth && covers(&model[i], ip))
			return &model[i];
	return NULL;
}

/* Addresses from a narrow set, so that prefixes nest often: each byte is one of four values. */
static void
random_ip(uint8_t *ip, unsigned int size)
{
	static const uint8_t values[] = { 0, 1, 128, 255 };

	for (unsigned int i = 0; i < size; i++)
		ip[i] = values[random_u32() % 4];
	if (random_u32() % 8 == 0)
		ip[random_u32() % size] = (uint8_t)random_u32();
}

static uint32_t
load_ip(const uint8_t *ip)
{
	return IPV4(ip[0], ip[1], ip[2], ip[3]);
}

static int
table_add(void *table, unsigned int size, const struct route *route)
{
	return size == 4 ? rte_lpm_add(table, load_ip(route->ip), (uint8_t)route->depth, route->hop) :
		rte_lpm6_add(table, route->ip, (uint8_t)route->depth, route->hop);
}

static int
table_delete(void *table, unsigned int size, const struct route *route)
{
	return size == 4 ? rte_lpm_delete(table, load_ip(route->ip), (uint8_t)route->depth) :
		rte_lpm6_delete(table, route->ip, (uint8_t)route->depth);
}

/* A shortcut's next hop, UINT32_MAX for no route; or false where there is none. */
static bool
shortcut(const struct rte_lpm *lpm, uint32_t ip, uint32_t *hop)
{
	uint32_t answer = 1;

	if (wdpdk_lpm_lookup_short(lpm, &ip, &answer, 1)) {
		*hop = answer & WDPDK_LPM_NARROW_VALUE;
		return true;
	}
	*hop = UINT32_MAX;
	return answer == 0;
}

static uint32_t
table_lookup(void *table, unsigned int size, const uint8_t *ip)
{
	uint32_t hop;
	int error = size == 4 ? rte_lpm_lookup(table, load_ip(ip), &hop) : rte_lpm6_lookup(table, ip, &hop);

	return error == 0 ? hop : UINT32_MAX;
}

static void
agrees_with_scan(void *table, unsigned int size, unsigned int steps)
{
	model_count = 0;
	for (unsigned int step = 0; step < steps; step++) {
		/* Next hops that fit into 15 bits and such that do not. */
		struct route route = { .depth = 1 + random_u32() % (size * 8), .hop = random_u32() & (random_u32() % 2 ? 0x7fff : 0xffffff) };
		struct route *known;
		uint32_t hop;

		random_ip(route.ip, size);
		known = model_find(route.ip, route.depth);
		/* The wave: mostly adding until half full, then mostly deleting, and again. */
		if (random_u32() % 8 < (step / 1500 % 2 == 0 ? 6u : 2u) && (known != NULL || model_count < MODEL_MAX)) {
			CHECK_EQ(table_add(table, size, &route), 0);
			if (known == NULL)
				known = &model[model_count++];
			*known = route;
		} else if (model_count > 0) {
			known = &model[random_u32() % model_count];
			route = *known;
			CHECK_EQ(table_delete(table, size, &route), 0);
			CHECK_EQ(table_delete(table, size, &route), size == 4 ? -EINVAL : -ENOENT);
			*known = model[--model_count];
		}
		for (unsigned int probe = 0; probe < 6; probe++) {
			uint8_t ip[16];

			random_ip(ip, size);
			if (probe == 0)
				memcpy(ip, route.ip, size);
			CHECK_EQ(table_lookup(table, size, ip), model_lookup(ip));
			if (size == 4 && shortcut(table, load_ip(ip), &hop))
				CHECK_EQ(hop, model_lookup(ip));
		}
		if (size == 4) {
			known = model_find(route.ip, route.depth);
			CHECK_EQ(rte_lpm_is_rule_present(table, load_ip(route.ip), (uint8_t)route.depth, &hop), known != NULL);
			if (known != NULL)
				CHECK_EQ(hop, known->hop);
		}
	}
	while (model_count > 0)
		CHECK_EQ(table_delete(table, size, &model[--model_count]), 0);
}

static void
ipv4_agrees_with_a_naive_scan(void)
{
	struct rte_lpm_config config = { .max_rules = MODEL_MAX, .number_tbl8s = 1 << 16 };
	struct rte_lpm *lpm = rte_lpm_create("random", SOCKET_ID_ANY, &config);

	agrees_with_scan(lpm, 4, 12000);
	/* Empty again: not one word of the top table may be left over. */
	for (uint32_t i = 0; i < WDPDK_LPM_TOP_WORDS; i++)
		CHECK_EQ(((const uint32_t *)lpm->blocks)[i], 0);
	for (uint32_t i = 0; i < WDPDK_LPM_SHORTCUTS; i++)
		CHECK_EQ(((const uint16_t *)(lpm->blocks + WDPDK_LPM_SHORTCUT_UNITS))[i], 0);
	rte_lpm_free(lpm);
}

static uint32_t
short_hop(const struct rte_lpm *lpm, uint32_t ip)
{
	uint32_t hop;

	return shortcut(lpm, ip, &hop) ? hop : 1 << 24;
}

/* A /16 has a shortcut exactly while all its addresses have one answer of 15 bits, whichever routes that is from. */
static void
shortcuts_follow_the_routes(void)
{
	struct rte_lpm *lpm = rte_lpm_create("shortcuts", SOCKET_ID_ANY, &config4);
	uint32_t ip = IPV4(10, 7, 0, 0), ips[3] = { ip + 9, IPV4(10, 6, 1, 2), IPV4(11, 0, 0, 0) }, answers[3];

	CHECK_EQ(short_hop(lpm, ip), UINT32_MAX);
	CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 0, 0, 0), 8, 0), 0);
	CHECK_EQ(short_hop(lpm, ip), 0);
	CHECK_EQ(short_hop(lpm, IPV4(10, 255, 0, 0)), 0);
	CHECK(wdpdk_lpm_lookup_short(lpm, ips, answers, 2));
	CHECK(!wdpdk_lpm_lookup_short(lpm, ips, answers, 3));
	CHECK_EQ(rte_lpm_add(lpm, ip, 16, 0x7fff), 0);
	CHECK_EQ(short_hop(lpm, ip), 0x7fff);
	CHECK_EQ(short_hop(lpm, IPV4(10, 6, 0, 0)), 0);
	for (uint32_t quarter = 0; quarter < 4; quarter++) {
		CHECK_EQ(rte_lpm_add(lpm, ip + (quarter << 14), 18, 5), 0);
		CHECK_EQ(short_hop(lpm, ip), quarter == 3 ? 5 : 1 << 24);
	}
	CHECK_EQ(rte_lpm_add(lpm, ip + 0x4001, 32, 6), 0);
	CHECK_EQ(short_hop(lpm, ip), 1 << 24);
	CHECK_EQ(rte_lpm_delete(lpm, ip + 0x4001, 32), 0);
	CHECK_EQ(short_hop(lpm, ip), 5);
	for (uint32_t quarter = 0; quarter < 4; quarter++)
		CHECK_EQ(rte_lpm_delete(lpm, ip + (quarter << 14), 18), 0);
	CHECK_EQ(short_hop(lpm, ip), 0x7fff);
	CHECK_EQ(rte_lpm_add(lpm, ip, 16, 0x8000), 0);
	CHECK_EQ(short_hop(lpm, ip), 1 << 24);
	CHECK_EQ(rte_lpm_delete(lpm, ip, 16), 0);
	CHECK_EQ(short_hop(lpm, ip), 0);
	rte_lpm_delete_all(lpm);
	CHECK_EQ(short_hop(lpm, ip), UINT32_MAX);
	rte_lpm_free(lpm);
}

/* All four forms of a lookup give one answer, also where answers are groups' and next hops have all their bits. */
static void
forms_of_lookup_agree(void)
{
	struct rte_lpm_config config = { .max_rules = 3000, .number_tbl8s = 1 << 16 };
	struct rte_lpm *lpm = rte_lpm_create("forms", SOCKET_ID_ANY, &config);
	uint8_t bytes[4];

	for (unsigned int i = 0; i < 2500; i++) {
		random_ip(bytes, 4);
		CHECK_EQ(rte_lpm_add(lpm, load_ip(bytes), (uint8_t)(8 + random_u32() % 25), random_u32() & (i % 2 ? 0x7fff : 0xffffff)), 0);
	}
	for (unsigned int i = 0; i < 5000; i++) {
		uint32_t ips[4], hops[4], four[4], defv = random_u32();

		for (unsigned int j = 0; j < 4; j++) {
			random_ip(bytes, 4);
			ips[j] = load_ip(bytes);
		}
		CHECK_EQ(rte_lpm_lookup_bulk(lpm, ips, hops, 4), 0);
		rte_lpm_lookupx4(lpm, _mm_loadu_si128((const __m128i *)(const void *)ips), four, defv);
		for (unsigned int j = 0; j < 4; j++) {
			uint32_t hop = hop_of(lpm, ips[j]);

			CHECK_EQ(hops[j], hop == UINT32_MAX ? 0 : RTE_LPM_LOOKUP_SUCCESS | hop);
			CHECK_EQ(four[j], hop == UINT32_MAX ? defv : hop);
		}
	}
	rte_lpm_free(lpm);
}

/* Blocks grow run by run to their largest and shrink again: every size, and every boundary of one. */
static void
blocks_grow_and_shrink(struct rte_lpm *lpm, unsigned int shift, uint32_t (*hop_at)(uint32_t i))
{
	uint32_t base = IPV4(10, 1, 64, 0), count = shift == 0 ? 256 : 64;
	uint8_t depth = (uint8_t)(32 - shift);

	for (uint32_t i = 0; i < count; i++) {
		CHECK_EQ(rte_lpm_add(lpm, base + (i << shift), depth, hop_at(i)), 0);
		for (uint32_t j = 0; j < count; j++)
			CHECK_EQ(hop_of(lpm, base + (j << shift)), j <= i ? hop_at(j) : UINT32_MAX);
	}
	for (uint32_t i = 0; i < count; i++) {
		CHECK_EQ(rte_lpm_delete(lpm, base + (i * 37 % count << shift), depth), 0);
		for (uint32_t j = 0; j < count; j++) {
			uint32_t hop = hop_of(lpm, base + (j << shift));

			CHECK(hop == UINT32_MAX || hop == hop_at(j));
		}
		CHECK_EQ(hop_of(lpm, base + (i * 37 % count << shift)), UINT32_MAX);
	}
}

static uint32_t
narrow_hop(uint32_t i)
{
	return 0x7fff - i;
}

static uint32_t
wide_hop(uint32_t i)
{
	return 0x8000 + i;
}

static uint32_t
mixed_hop(uint32_t i)
{
	return i % 3 == 0 ? 0xffffff - i : i;
}

static void
blocks_of_every_size(void)
{
	struct rte_lpm_config config = { .max_rules = 400, .number_tbl8s = 4 };
	struct rte_lpm *lpm = rte_lpm_create("sizes", SOCKET_ID_ANY, &config);

	for (unsigned int shift = 0; shift <= 8; shift += 8) {
		blocks_grow_and_shrink(lpm, shift, narrow_hop);
		blocks_grow_and_shrink(lpm, shift, wide_hop);
		blocks_grow_and_shrink(lpm, shift, mixed_hop);
	}
	rte_lpm_free(lpm);
}

/* Blocks lie side by side: as each grows run by run, it stays out of the others. */
static void
blocks_keep_to_themselves(void)
{
	struct rte_lpm *lpm = rte_lpm_create("blocks", SOCKET_ID_ANY, &config4);
	uint32_t expected[16 * 64];

	memset(expected, 0xff, sizeof(expected));
	for (uint32_t i = 0; i < RTE_DIM(expected); i++) {
		/* Of each block in turn another /24, first every second one. */
		uint32_t slot = i / 16 * 2 % 64 + i / 512, at = i % 16 * 64 + slot, hop = i << (i % 16 % 3 == 0 ? 8 : 0);

		CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 0, 0, 0) + (at << 8), 24, hop), 0);
		expected[at] = hop;
		for (uint32_t j = 0; j < RTE_DIM(expected); j++)
			CHECK_EQ(hop_of(lpm, IPV4(10, 0, 0, 9) + (j << 8)), expected[j]);
	}
	rte_lpm_free(lpm);
}

/* A route of many blocks whose next hop needs more room than the one before had there, and that then goes. */
static void
a_short_route_gets_a_wide_next_hop(void)
{
	struct rte_lpm_config config = { .max_rules = 20000, .number_tbl8s = 4 };
	struct rte_lpm *lpm = rte_lpm_create("wide", SOCKET_ID_ANY, &config);
	static const uint32_t hops[] = { 3, 0x7fff, 0x8000, 4, 0xffffff, 5 };

	CHECK_EQ(rte_lpm_add(lpm, IPV4(64, 0, 0, 0), 2, 0x123456), 0);
	/* Two /24s of each block of 64: the short route has runs between them. */
	for (uint32_t i = 0; i < 16384; i++)
		CHECK_EQ(rte_lpm_add(lpm, IPV4(64, 0, 0, 0) + (i << 13), 24, i & 7), 0);
	for (unsigned int round = 0; round < RTE_DIM(hops); round++) {
		CHECK_EQ(rte_lpm_add(lpm, IPV4(64, 0, 0, 0), 4, hops[round]), 0);
		for (uint32_t i = 0; i < 16384; i++) {
			uint32_t ip = IPV4(64, 0, 0, 0) + (i << 13);

			CHECK_EQ(hop_of(lpm, ip), i & 7);
			CHECK_EQ(hop_of(lpm, ip + 256), ip < IPV4(80, 0, 0, 0) ? hops[round] : 0x123456);
		}
	}
	CHECK_EQ(rte_lpm_delete(lpm, IPV4(64, 0, 0, 0), 4), 0);
	for (uint32_t i = 0; i < 16384; i++)
		CHECK_EQ(hop_of(lpm, IPV4(64, 0, 1, 0) + (i << 13)), 0x123456);
	rte_lpm_free(lpm);
}

/* Bulk lookups in a table too large for near caches ask for blocks ahead: whatever n is, they give what single ones do. */
static void
bulk_of_any_number_in_a_large_table(void)
{
	struct rte_lpm_config config = { .max_rules = 100000, .number_tbl8s = 1 << 16 };
	struct rte_lpm *lpm = rte_lpm_create("ahead", SOCKET_ID_ANY, &config);
	uint32_t ips[100], hops[100];

	CHECK(!lpm->large);
	for (uint32_t i = 0; i < 60000; i++)
		CHECK_EQ(rte_lpm_add(lpm, random_u32() & 0x3fffffff, i % 50 == 0 ? 28 : 24, i & 0xff), 0);
	CHECK(lpm->large);
	for (unsigned int n = 0; n <= 100; n++) {
		for (unsigned int i = 0; i < 100; i++) {
			ips[i] = random_u32() & 0x3fffffff;
			hops[i] = 0x55555555;
		}
		CHECK_EQ(rte_lpm_lookup_bulk(lpm, ips, hops, n), 0);
		for (unsigned int i = 0; i < n; i++) {
			uint32_t hop = hop_of(lpm, ips[i]);

			CHECK_EQ(hops[i], hop == UINT32_MAX ? 0 : RTE_LPM_LOOKUP_SUCCESS | hop);
		}
		for (unsigned int i = n; i < 100; i++)
			CHECK_EQ(hops[i], 0x55555555);
	}
	rte_lpm_free(lpm);
}

static uint64_t
heap_in_use(void)
{
	struct rte_malloc_socket_stats stats;

	CHECK_EQ(rte_malloc_get_socket_stats((int)rte_socket_id(), &stats), 0);
	return stats.heap_allocsz_bytes;
}

/* What routes cost: about a MiB for the first, a few bytes for each more, and deleting them all leaves what can be used. */
static void
memory_follows_the_routes(void)
{
	struct rte_lpm_config config = { .max_rules = 1000000, .number_tbl8s = 1 << 16 };
	uint64_t before = heap_in_use(), one;
	struct rte_lpm *lpm = rte_lpm_create("memory", SOCKET_ID_ANY, &config);

	CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 0, 0, 1), 32, 1), 0);
	one = heap_in_use() - before;
	CHECK(one < 1300000);
	for (uint32_t i = 0; i < 50000; i++)
		CHECK_EQ(rte_lpm_add(lpm, random_u32() & 0xffffff00, 24, i), 0);
	/* 32 bytes of block and notes and 16 of rules a route, a quarter to spare, and the memory before. */
	CHECK(heap_in_use() - before < 6500000);
	/* Routes that come and go do not grow it. */
	for (uint32_t round = 0; round < 20; round++) {
		uint64_t now = heap_in_use();

		for (uint32_t i = 0; i < 2000; i++)
			CHECK_EQ(rte_lpm_add(lpm, IPV4(20, 0, 0, 0) + (i << 8), 24, round), 0);
		for (uint32_t i = 0; i < 2000; i++)
			CHECK_EQ(rte_lpm_delete(lpm, IPV4(20, 0, 0, 0) + (i << 8), 24), 0);
		CHECK(round == 0 || heap_in_use() <= now);
	}
	rte_lpm_free(lpm);
	CHECK_EQ(heap_in_use(), before);
}

/* Runs out of memory at every allocation in turn: an error, and the table answers as before. */
static void
out_of_memory_changes_nothing(void)
{
	struct rte_lpm_config config = { .max_rules = 4000, .number_tbl8s = 4000 };
	static void *hoard[100000];
	uint64_t before = heap_in_use();
	uint32_t held = 0, failed = 0;
	bool loaded = false;

	for (size_t size = 1 << 20; size >= 4096; size /= 2)
		while (held < RTE_DIM(hoard) && (hoard[held] = rte_malloc(NULL, size, 0)) != NULL)
			held++;
	while (!loaded) {
		struct rte_lpm *lpm = rte_lpm_create("hungry", SOCKET_ID_ANY, &config);
		uint32_t added = 0;
		int error = 0;

		CHECK(lpm != NULL || rte_errno == ENOMEM);
		while (lpm != NULL && added < 3000) {
			error = rte_lpm_add(lpm, IPV4(10, 0, 0, 0) + (added << 13), 24 + added % 2, added);
			if (error != 0)
				break;
			added++;
		}
		loaded = lpm != NULL && added == 3000;
		failed += !loaded;
		CHECK(loaded || lpm == NULL || error == -ENOMEM);
		for (uint32_t i = 0; i < added; i += 17)
			CHECK_EQ(hop_of(lpm, IPV4(10, 0, 0, 0) + (i << 13)), i);
		if (!loaded && lpm != NULL)
			CHECK_EQ(hop_of(lpm, IPV4(10, 0, 0, 0) + (added << 13)), UINT32_MAX);
		rte_lpm_free(lpm);
		/* From the smallest up: a little more each time, then much more. */
		for (uint32_t i = 0; !loaded && i < 1 + failed / 16; i++) {
			CHECK(held > 0);
			rte_free(hoard[--held]);
		}
	}
	CHECK(failed > 5);
	while (held > 0)
		rte_free(hoard[--held]);
	CHECK_EQ(heap_in_use(), before);
}

static void
ipv6_agrees_with_a_naive_scan(void)
{
	struct rte_lpm6 *lpm = rte_lpm6_create("random", SOCKET_ID_ANY, &config6);

	agrees_with_scan(lpm, 16, 9000);
	rte_lpm6_free(lpm);
}

/* Loading must not go quadratic: the bound is loose for sanitizers and busy machines, a scan per rule needs minutes. */
static void
a_hundred_thousand_routes(void)
{
	struct rte_lpm_config config = { .max_rules = 100000, .number_tbl8s = 4096 };
	struct rte_lpm *lpm = rte_lpm_create("large", SOCKET_ID_ANY, &config);
	uint64_t start = rte_get_timer_cycles(), created;

	for (uint32_t i = 0; i < 100000; i++)
		CHECK_EQ(rte_lpm_add(lpm, IPV4(20, 0, 0, 0) + (i << 8), 24, i), 0);
	CHECK(rte_get_timer_cycles() - start < 5 * rte_get_timer_hz());
	printf("     100,000 routes in %.1f ms\n",
		(double)(rte_get_timer_cycles() - start) * 1e3 / (double)rte_get_timer_hz());
	for (uint32_t i = 0; i < 100000; i++)
		CHECK_EQ(hop_of(lpm, IPV4(20, 0, 0, 7) + (i << 8)), i);
	for (uint32_t i = 0; i < 100000; i++)
		CHECK_EQ(rte_lpm_delete(lpm, IPV4(20, 0, 0, 0) + (i << 8), 24), 0);
	CHECK_EQ(hop_of(lpm, IPV4(20, 0, 0, 7)), UINT32_MAX);
	rte_lpm_free(lpm);

	created = rte_get_timer_cycles();
	for (unsigned int i = 0; i < 16; i++) {
		lpm = rte_lpm_create("cheap", SOCKET_ID_ANY, &config);
		CHECK_EQ(rte_lpm_add(lpm, IPV4(10, 0, 0, 0), 24, 1), 0);
		rte_lpm_free(lpm);
	}
	printf("     a table of one route in %.1f us\n",
		(double)(rte_get_timer_cycles() - created) * 1e6 / 16 / (double)rte_get_timer_hz());
}

int
main(void)
{
	char *arguments[] = { (char *)"lpm_test", (char *)"--no-huge", (char *)"-m", (char *)"256", (char *)"--no-pci", NULL };

	if (rte_eal_init(5, arguments) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(create_and_find);
	RUN(bad_arguments);
	RUN(limits);
	RUN(deleting_restores_the_cover);
	RUN(bulk_and_four_agree_with_one);
	RUN(ipv4_agrees_with_a_naive_scan);
	RUN(shortcuts_follow_the_routes);
	RUN(forms_of_lookup_agree);
	RUN(blocks_of_every_size);
	RUN(blocks_keep_to_themselves);
	RUN(a_short_route_gets_a_wide_next_hop);
	RUN(bulk_of_any_number_in_a_large_table);
	RUN(memory_follows_the_routes);
	RUN(out_of_memory_changes_nothing);
	RUN(ipv6_agrees_with_a_naive_scan);
	RUN(a_hundred_thousand_routes);
	return check_summary();
}
