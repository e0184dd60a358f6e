/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Both families against a plain list of routes, and the edges of the API.
 */
#include <errno.h>
#include <stdlib.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ip.h>
#include <rte_memory.h>
#include <rte_rib.h>
#include <rte_rib6.h>

#include "check.h"

#define ROUTES_MAX 400

static uint64_t random_state = UINT64_C(0x2545f4914f6cdd1d);

static uint32_t
random_u32(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 32);
}

/* ---- the list; IPv4 addresses are the first four bytes ---- */

struct route {
	uint8_t ip[16];
	uint8_t depth;
	uint64_t next_hop;
};

static struct route list[ROUTES_MAX];
static unsigned int listed;

static void
cut(uint8_t *ip, unsigned int depth)
{
	for (unsigned int bit = depth; bit < 128; bit++)
		ip[bit / 8] &= (uint8_t)~(0x80 >> bit % 8);
}

static bool
holds(const struct route *route, const uint8_t *ip)
{
	uint8_t other[16];

	memcpy(other, ip, sizeof(other));
	cut(other, route->depth);
	return memcmp(other, route->ip, sizeof(other)) == 0;
}

static struct route *
exact(const uint8_t *ip, unsigned int depth)
{
	for (unsigned int i = 0; i < listed; i++)
		if (list[i].depth == depth && holds(&list[i], ip))
			return &list[i];
	return NULL;
}

/* The longest shorter than `below` bits. */
static struct route *
longest(const uint8_t *ip, unsigned int below)
{
	struct route *best = NULL;

	for (unsigned int i = 0; i < listed; i++)
		if (list[i].depth < below && holds(&list[i], ip) && (best == NULL || list[i].depth > best->depth))
			best = &list[i];
	return best;
}

static bool
is_inside(const struct route *route, const uint8_t *ip, unsigned int depth)
{
	struct route prefix = { .depth = (uint8_t)depth };

	memcpy(prefix.ip, ip, 16);
	cut(prefix.ip, depth);
	return route->depth > depth && holds(&prefix, route->ip);
}

/* Address, then longer ones first: the order of a walk over all. */
static int
compare_routes(const void *a, const void *b)
{
	const struct route *x = a, *y = b;

	/* One inside of the other comes first. */
	if (x->depth > y->depth && holds(y, x->ip))
		return -1;
	if (y->depth > x->depth && holds(x, y->ip))
		return 1;
	return memcmp(x->ip, y->ip, 16);
}

/* ---- one family or the other ---- */

struct family {
	unsigned int width;
	void *(*insert)(const uint8_t *ip, uint8_t depth);
	void (*remove)(const uint8_t *ip, uint8_t depth);
	void *(*lookup)(const uint8_t *ip);
	void *(*exact)(const uint8_t *ip, uint8_t depth);
	void *(*parent)(void *node);
	void *(*next)(const uint8_t *ip, uint8_t depth, void *last, int flag);
	struct route (*read)(void *node);
	void (*set_next_hop)(void *node, uint64_t next_hop);
	void *(*ext)(void *node);
};

static struct rte_rib *rib;
static struct rte_rib6 *rib6;

static uint32_t
ip4(const uint8_t *ip)
{
	return RTE_IPV4(ip[0], ip[1], ip[2], ip[3]);
}

static void *insert4(const uint8_t *ip, uint8_t depth) { return rte_rib_insert(rib, ip4(ip), depth); }
static void remove4(const uint8_t *ip, uint8_t depth) { rte_rib_remove(rib, ip4(ip), depth); }
static void *lookup4(const uint8_t *ip) { return rte_rib_lookup(rib, ip4(ip)); }
static void *exact4(const uint8_t *ip, uint8_t depth) { return rte_rib_lookup_exact(rib, ip4(ip), depth); }
static void *parent4(void *node) { return rte_rib_lookup_parent(node); }
static void *next4(const uint8_t *ip, uint8_t d, void *last, int flag) { return rte_rib_get_nxt(rib, ip4(ip), d, last, flag); }
static void set4(void *node, uint64_t next_hop) { CHECK_EQ(rte_rib_set_nh(node, next_hop), 0); }
static void *ext4(void *node) { return rte_rib_get_ext(node); }

static void *insert6(const uint8_t *ip, uint8_t depth) { return rte_rib6_insert(rib6, ip, depth); }
static void remove6(const uint8_t *ip, uint8_t depth) { rte_rib6_remove(rib6, ip, depth); }
static void *lookup6(const uint8_t *ip) { return rte_rib6_lookup(rib6, ip); }
static void *exact6(const uint8_t *ip, uint8_t depth) { return rte_rib6_lookup_exact(rib6, ip, depth); }
static void *parent6(void *node) { return rte_rib6_lookup_parent(node); }
static void *next6(const uint8_t *ip, uint8_t d, void *last, int flag) { return rte_rib6_get_nxt(rib6, ip, d, last, flag); }
static void set6(void *node, uint64_t next_hop) { CHECK_EQ(rte_rib6_set_nh(node, next_hop), 0); }
static void *ext6(void *node) { return rte_rib6_get_ext(node); }

static struct route
read4(void *node)
{
	struct route route = { .depth = 0 };
	uint32_t ip;

	CHECK_EQ(rte_rib_get_ip(node, &ip), 0);
	CHECK_EQ(rte_rib_get_depth(node, &route.depth), 0);
	CHECK_EQ(rte_rib_get_nh(node, &route.next_hop), 0);
	for (unsigned int i = 0; i < 4; i++)
		route.ip[i] = (uint8_t)(ip >> (24 - 8 * i));
	return route;
}

static struct route
read6(void *node)
{
	struct route route;

	CHECK_EQ(rte_rib6_get_ip(node, route.ip), 0);
	CHECK_EQ(rte_rib6_get_depth(node, &route.depth), 0);
	CHECK_EQ(rte_rib6_get_nh(node, &route.next_hop), 0);
	return route;
}

static const struct family families[] = {
	{ 32, insert4, remove4, lookup4, exact4, parent4, next4, read4, set4, ext4 },
	{ 128, insert6, remove6, lookup6, exact6, parent6, next6, read6, set6, ext6 },
};

static void
check_same(const struct family *family, void *node, const struct route *route)
{
	struct route got;

	CHECK_EQ(node != NULL, route != NULL);
	if (node == NULL)
		return;
	got = family->read(node);
	CHECK_MEM(got.ip, route->ip, 16);
	CHECK_EQ(got.depth, route->depth);
	CHECK_EQ(got.next_hop, route->next_hop);
	/* What its user keeps there is the route's next hop in both of its words. */
	CHECK_EQ(((uint64_t *)family->ext(node))[0], route->next_hop);
	CHECK_EQ(((uint64_t *)family->ext(node))[1], ~route->next_hop);
}

/* Few distinct bytes: routes that lie inside each other. */
static void
random_prefix(const struct family *family, uint8_t *ip, uint8_t *depth)
{
	memset(ip, 0, 16);
	for (unsigned int i = 0; i < family->width / 8; i++)
		ip[i] = random_u32() % 4 == 0 ? (uint8_t)random_u32() : (uint8_t)(random_u32() % 2 * 0x80);
	*depth = (uint8_t)(random_u32() % (family->width + 1));
}

static void
check_walks(const struct family *family)
{
	uint8_t ip[16], depth;
	struct route sorted[ROUTES_MAX];
	unsigned int n = 0;
	void *node = NULL;

	random_prefix(family, ip, &depth);
	if (random_u32() % 2 == 0)
		depth = (uint8_t)(random_u32() % 8);
	for (unsigned int i = 0; i < listed; i++)
		if (is_inside(&list[i], ip, depth))
			sorted[n++] = list[i];
	qsort(sorted, n, sizeof(sorted[0]), compare_routes);
	for (unsigned int i = 0; i < n; i++) {
		node = family->next(ip, depth, node, RTE_RIB_GET_NXT_ALL);
		check_same(family, node, &sorted[i]);
	}
	CHECK(family->next(ip, depth, node, RTE_RIB_GET_NXT_ALL) == NULL);
	node = NULL;
	for (unsigned int i = 0; i < n; i++) {
		const struct route *around = longest(sorted[i].ip, sorted[i].depth);

		if (around != NULL && is_inside(around, ip, depth))
			continue;
		node = family->next(ip, depth, node, RTE_RIB_GET_NXT_COVER);
		check_same(family, node, &sorted[i]);
	}
	CHECK(family->next(ip, depth, node, RTE_RIB_GET_NXT_COVER) == NULL);
}

static void
change(const struct family *family)
{
	uint8_t ip[16], depth;
	struct route *route;
	uint64_t *ext;
	void *node;

	random_prefix(family, ip, &depth);
	route = exact(ip, depth);
	if (listed == ROUTES_MAX || random_u32() % 5 < 2) {
		if (route == NULL && listed > 0 && random_u32() % 8 != 0) {
			route = &list[random_u32() % listed];
			memcpy(ip, route->ip, 16);
			depth = route->depth;
		}
		family->remove(ip, depth);
		if (route != NULL)
			*route = list[--listed];
		return;
	}
	node = family->insert(ip, depth);
	if (route != NULL) {
		CHECK(node == NULL);
		CHECK_EQ(rte_errno, EEXIST);
		return;
	}
	CHECK(node != NULL);
	route = &list[listed++];
	route->depth = depth;
	memcpy(route->ip, ip, 16);
	cut(route->ip, depth);
	route->next_hop = 0;
	ext = family->ext(node);
	CHECK_EQ(family->read(node).next_hop, 0);
	CHECK_EQ(ext[0], 0);
	CHECK_EQ(ext[1], 0);
	route->next_hop = random_u32();
	family->set_next_hop(node, route->next_hop);
	ext[0] = route->next_hop;
	ext[1] = ~route->next_hop;
}

static void
agrees_with_a_list(const struct family *family)
{
	listed = 0;
	for (unsigned int i = 0; i < 4000; i++) {
		uint8_t ip[16], depth;
		void *node;

		change(family);
		random_prefix(family, ip, &depth);
		check_same(family, family->lookup(ip), longest(ip, family->width + 1));
		node = family->exact(ip, depth);
		check_same(family, node, exact(ip, depth));
		if (listed > 0) {
			const struct route *route = &list[random_u32() % listed];

			check_same(family, family->exact(route->ip, route->depth), route);
			check_same(family, family->parent(family->exact(route->ip, route->depth)), longest(route->ip, route->depth));
		}
		if (i % 16 == 0)
			check_walks(family);
	}
	while (listed > 0) {
		listed--;
		family->remove(list[listed].ip, list[listed].depth);
	}
	CHECK(family->next(list[0].ip, 0, NULL, RTE_RIB_GET_NXT_ALL) == NULL);
	check_same(family, family->lookup(list[0].ip), NULL);
}

static void
ipv4_agrees_with_a_list(void)
{
	struct rte_rib_conf conf = { .ext_sz = 16, .max_nodes = 2 * ROUTES_MAX };

	rib = rte_rib_create("list", SOCKET_ID_ANY, &conf);
	CHECK(rib != NULL);
	agrees_with_a_list(&families[0]);
	rte_rib_free(rib);
}

static void
ipv6_agrees_with_a_list(void)
{
	struct rte_rib6_conf conf = { .ext_sz = 16, .max_nodes = 2 * ROUTES_MAX };

	rib6 = rte_rib6_create("list", SOCKET_ID_ANY, &conf);
	CHECK(rib6 != NULL);
	agrees_with_a_list(&families[1]);
	rte_rib6_free(rib6);
}

static void
nodes_are_limited(void)
{
	struct rte_rib_conf conf = { .max_nodes = 3 };

	rib = rte_rib_create("small", SOCKET_ID_ANY, &conf);
	CHECK(rte_rib_insert(rib, RTE_IPV4(10, 0, 0, 0), 8) != NULL);
	/* This one needs a second node, where the ways part. */
	CHECK(rte_rib_insert(rib, RTE_IPV4(11, 0, 0, 0), 8) != NULL);
	CHECK(rte_rib_insert(rib, RTE_IPV4(12, 0, 0, 0), 8) == NULL);
	CHECK_EQ(rte_errno, ENOMEM);
	CHECK(rte_rib_lookup(rib, RTE_IPV4(12, 0, 0, 0)) == NULL);
	/* That place becomes a route without another node. */
	CHECK(rte_rib_insert(rib, RTE_IPV4(10, 0, 0, 0), 7) != NULL);
	rte_rib_remove(rib, RTE_IPV4(10, 0, 0, 0), 7);
	rte_rib_remove(rib, RTE_IPV4(11, 0, 0, 0), 8);
	CHECK(rte_rib_insert(rib, RTE_IPV4(12, 0, 0, 0), 8) != NULL);
	rte_rib_free(rib);
	conf.max_nodes = 2;
	rib = rte_rib_create("small", SOCKET_ID_ANY, &conf);
	CHECK(rte_rib_insert(rib, RTE_IPV4(10, 0, 0, 0), 8) != NULL);
	CHECK(rte_rib_insert(rib, RTE_IPV4(11, 0, 0, 0), 8) == NULL);
	CHECK_EQ(rte_errno, ENOMEM);
	CHECK(rte_rib_insert(rib, RTE_IPV4(10, 0, 0, 0), 9) != NULL);
	rte_rib_free(rib);
}

static void
ipv4_bad_arguments(void)
{
	struct rte_rib_conf conf = { .max_nodes = 10 };
	struct rte_rib_node *node;
	uint32_t ip;
	uint8_t depth;
	uint64_t next_hop;

	CHECK(rte_rib_create(NULL, SOCKET_ID_ANY, &conf) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_rib_create("a name of thirty-two characters.", SOCKET_ID_ANY, &conf) == NULL);
	CHECK(rte_rib_create("bad", SOCKET_ID_ANY, NULL) == NULL);
	CHECK(rte_rib_create("bad", -2, &conf) == NULL);
	conf.max_nodes = 0;
	rte_errno = 0;
	CHECK(rte_rib_create("bad", SOCKET_ID_ANY, &conf) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	conf.max_nodes = 10;
	rib = rte_rib_create("bad", SOCKET_ID_ANY, &conf);
	CHECK(rib != NULL);
	CHECK(rte_rib_create("bad", SOCKET_ID_ANY, &conf) == NULL);
	CHECK_EQ(rte_errno, EEXIST);
	CHECK(rte_rib_find_existing("bad") == rib);

	CHECK(rte_rib_insert(NULL, 0, 0) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	rte_errno = 0;
	CHECK(rte_rib_insert(rib, 0, 33) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_rib_lookup(NULL, 0) == NULL);
	CHECK(rte_rib_lookup_exact(NULL, 0, 0) == NULL);
	CHECK(rte_rib_lookup_exact(rib, 0, 33) == NULL);
	CHECK(rte_rib_get_nxt(NULL, 0, 0, NULL, RTE_RIB_GET_NXT_ALL) == NULL);
	CHECK(rte_rib_get_nxt(rib, 0, 33, NULL, RTE_RIB_GET_NXT_ALL) == NULL);
	rte_rib_remove(NULL, 0, 0);
	rte_rib_remove(rib, 0, 33);
	rte_rib_remove(rib, 0, 0);
	node = rte_rib_insert(rib, 0, 0);
	CHECK(node != NULL);
	CHECK(rte_rib_lookup_parent(node) == NULL);
	CHECK(rte_rib_lookup_parent(NULL) == NULL);
	CHECK_EQ(rte_rib_get_ip(NULL, &ip), -1);
	CHECK_EQ(rte_rib_get_ip(node, NULL), -1);
	CHECK_EQ(rte_rib_get_depth(NULL, &depth), -1);
	CHECK_EQ(rte_rib_get_depth(node, NULL), -1);
	CHECK_EQ(rte_rib_get_nh(NULL, &next_hop), -1);
	rte_errno = 0;
	CHECK_EQ(rte_rib_get_nh(node, NULL), -1);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_rib_set_nh(NULL, 1), -1);
	CHECK(rte_rib_get_ext(NULL) == NULL);
	rte_rib_free(rib);
	rte_rib_free(NULL);
	CHECK(rte_rib_find_existing("bad") == NULL);
	CHECK_EQ(rte_errno, ENOENT);
	CHECK(rte_rib_find_existing(NULL) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
}

static void
ipv6_bad_arguments(void)
{
	struct rte_rib6_conf conf = { .max_nodes = 10 };
	struct rte_rib6_node *node;
	uint8_t ip[16] = { 0 }, other[16] = { 1 }, depth;
	uint64_t next_hop;

	CHECK(rte_rib6_create(NULL, SOCKET_ID_ANY, &conf) == NULL);
	CHECK(rte_rib6_create("bad", SOCKET_ID_ANY, NULL) == NULL);
	CHECK(rte_rib6_create("bad", -2, &conf) == NULL);
	rib6 = rte_rib6_create("bad", SOCKET_ID_ANY, &conf);
	CHECK(rib6 != NULL);
	CHECK(rte_rib6_create("bad", SOCKET_ID_ANY, &conf) == NULL);
	CHECK_EQ(rte_errno, EEXIST);
	CHECK(rte_rib6_find_existing("bad") == rib6);
	CHECK(rte_rib6_find_existing(NULL) == NULL);
	CHECK(rte_rib6_insert(NULL, ip, 0) == NULL);
	CHECK(rte_rib6_insert(rib6, NULL, 0) == NULL);
	rte_errno = 0;
	CHECK(rte_rib6_insert(rib6, ip, 129) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_rib6_lookup(NULL, ip) == NULL);
	CHECK(rte_rib6_lookup(rib6, NULL) == NULL);
	CHECK(rte_rib6_lookup_exact(rib6, NULL, 0) == NULL);
	CHECK(rte_rib6_lookup_exact(rib6, ip, 129) == NULL);
	CHECK(rte_rib6_get_nxt(rib6, NULL, 0, NULL, RTE_RIB6_GET_NXT_ALL) == NULL);
	CHECK(rte_rib6_get_nxt(rib6, ip, 129, NULL, RTE_RIB6_GET_NXT_ALL) == NULL);
	rte_rib6_remove(rib6, NULL, 0);
	rte_rib6_remove(NULL, ip, 0);
	node = rte_rib6_insert(rib6, ip, 128);
	CHECK(node != NULL);
	CHECK_EQ(rte_rib6_get_ip(NULL, ip), -1);
	CHECK_EQ(rte_rib6_get_ip(node, NULL), -1);
	CHECK_EQ(rte_rib6_get_depth(node, NULL), -1);
	CHECK_EQ(rte_rib6_get_depth(NULL, &depth), -1);
	CHECK_EQ(rte_rib6_get_nh(NULL, &next_hop), -1);
	CHECK_EQ(rte_rib6_get_nh(node, NULL), -1);
	CHECK_EQ(rte_rib6_set_nh(NULL, 1), -1);
	CHECK(rte_rib6_get_ext(NULL) == NULL);
	CHECK(rte_rib6_lookup_parent(NULL) == NULL);
	rte_rib6_free(rib6);
	rte_rib6_free(NULL);

	CHECK_EQ(rte_rib6_is_equal(ip, other), 0);
	rte_rib6_copy_addr(other, ip);
	CHECK_EQ(rte_rib6_is_equal(ip, other), 1);
	CHECK_EQ(rte_rib6_is_equal(NULL, other), 0);
	rte_rib6_copy_addr(NULL, ip);
	CHECK_EQ(get_msk_part(0, 0), 0);
	CHECK_EQ(get_msk_part(20, 1), 0xff);
	CHECK_EQ(get_msk_part(20, 2), 0xf0);
	CHECK_EQ(get_msk_part(20, 3), 0);
	CHECK_EQ(get_msk_part(200, 15), 0xff);
	CHECK_EQ(rte_rib_depth_to_mask(0), 0);
	CHECK_EQ(rte_rib_depth_to_mask(1), 0x80000000u);
	CHECK_EQ(rte_rib_depth_to_mask(32), UINT32_MAX);
}

int
main(void)
{
	char *arguments[] = { (char *)"rib_test", (char *)"--no-huge", (char *)"-m", (char *)"64", (char *)"--no-pci", NULL };

	if (rte_eal_init(5, arguments) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(ipv4_agrees_with_a_list);
	RUN(ipv6_agrees_with_a_list);
	RUN(nodes_are_limited);
	RUN(ipv4_bad_arguments);
	RUN(ipv6_bad_arguments);
	rte_eal_cleanup();
	return check_summary();
}
