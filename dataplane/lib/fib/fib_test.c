/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Tables against the RIB beside them, which has tests of its own, and the edges of the API.
 */
#include <errno.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_fib.h>
#include <rte_fib6.h>
#include <rte_ip.h>
#include <rte_lpm.h>
#include <rte_memory.h>
#include <rte_rib.h>
#include <rte_rib6.h>

#include "check.h"

#define CHANGES 3000
#define LOOKUPS 100

static uint64_t random_state = UINT64_C(0x2545f4914f6cdd1d);

static uint32_t
random_u32(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 32);
}

/* Next hops of a size: some small, some as great as may be, few enough that many routes share one. */
static uint64_t
random_next_hop(unsigned int bytes)
{
	static const unsigned int widths[] = { 3, 22, 23, 24, 31, 40, 63 };
	unsigned int most = bytes * 8 - 1, width = RTE_MIN(most, widths[random_u32() % RTE_DIM(widths)]);

	return (UINT64_C(1) << width) - 1 - random_u32() % 5;
}

static uint32_t
random_ip(void)
{
	return RTE_IPV4(10 + random_u32() % 2, random_u32() % 3 * 100, random_u32() % 4, random_u32() & 0xff);
}

static void
check_lookups(struct rte_fib *fib, uint64_t fallback)
{
	struct rte_rib *rib = rte_fib_get_rib(fib);
	uint32_t ips[LOOKUPS];
	uint64_t got[LOOKUPS], expected;

	for (unsigned int i = 0; i < LOOKUPS; i++)
		ips[i] = i % 16 == 0 ? random_u32() : random_ip();
	CHECK_EQ(rte_fib_lookup_bulk(fib, ips, got, LOOKUPS), 0);
	for (unsigned int i = 0; i < LOOKUPS; i++) {
		expected = fallback;
		if (rte_rib_lookup(rib, ips[i]) != NULL)
			CHECK_EQ(rte_rib_get_nh(rte_rib_lookup(rib, ips[i]), &expected), 0);
		CHECK_EQ(got[i], expected);
	}
}

static void
agrees_with_its_rib(struct rte_fib_conf conf, unsigned int bytes)
{
	struct rte_fib *fib;

	conf.max_routes = 2000;
	conf.default_nh = bytes == 8 ? (UINT64_C(1) << 63) - 1 : 77;
	fib = rte_fib_create("random", SOCKET_ID_ANY, &conf);
	CHECK(fib != NULL);
	for (unsigned int i = 0; i < CHANGES; i++) {
		uint32_t ip = random_ip();
		uint8_t depth = (uint8_t)(random_u32() % 4 == 0 ? random_u32() % 33 : 16 + random_u32() % 17);
		uint64_t next_hop = random_next_hop(bytes), present;
		struct rte_rib_node *node = rte_rib_lookup_exact(rte_fib_get_rib(fib), ip, depth);

		if (random_u32() % 3 != 0) {
			CHECK_EQ(rte_fib_add(fib, ip, depth, next_hop), 0);
			CHECK_EQ(rte_rib_get_nh(rte_rib_lookup_exact(rte_fib_get_rib(fib), ip, depth), &present), 0);
			CHECK_EQ(present, next_hop);
		} else {
			CHECK_EQ(rte_fib_delete(fib, ip, depth), node == NULL ? -ENOENT : 0);
			CHECK(rte_rib_lookup_exact(rte_fib_get_rib(fib), ip, depth) == NULL);
		}
		check_lookups(fib, conf.default_nh);
	}
	rte_fib_free(fib);
}

static void
ipv4_agrees_with_its_rib(void)
{
	struct rte_fib_conf conf = { .type = RTE_FIB_DUMMY };

	agrees_with_its_rib(conf, 8);
	conf.type = RTE_FIB_DIR24_8;
	conf.dir24_8.num_tbl8 = 100;
	for (conf.dir24_8.nh_sz = RTE_FIB_DIR24_8_1B; conf.dir24_8.nh_sz <= RTE_FIB_DIR24_8_8B; conf.dir24_8.nh_sz++)
		agrees_with_its_rib(conf, 1u << conf.dir24_8.nh_sz);
}

static void
random_ip6(uint8_t *ip)
{
	for (unsigned int i = 0; i < 16; i++)
		ip[i] = i % 5 == 0 ? (uint8_t)(random_u32() % 3) : 0x20;
}

static void
agrees_with_its_rib6(struct rte_fib6_conf conf, unsigned int bytes)
{
	uint8_t ips[LOOKUPS][RTE_FIB6_IPV6_ADDR_SIZE];
	uint64_t got[LOOKUPS], expected;
	struct rte_fib6 *fib;
	struct rte_rib6 *rib;

	conf.max_routes = 2000;
	conf.default_nh = bytes == 8 ? (UINT64_C(1) << 63) - 1 : 77;
	fib = rte_fib6_create("random", SOCKET_ID_ANY, &conf);
	CHECK(fib != NULL);
	rib = rte_fib6_get_rib(fib);
	for (unsigned int i = 0; i < CHANGES; i++) {
		uint8_t depth = (uint8_t)(random_u32() % 129), ip[16];
		bool present;

		random_ip6(ip);
		present = rte_rib6_lookup_exact(rib, ip, depth) != NULL;
		if (random_u32() % 3 != 0)
			CHECK_EQ(rte_fib6_add(fib, ip, depth, random_next_hop(bytes)), 0);
		else
			CHECK_EQ(rte_fib6_delete(fib, ip, depth), present ? 0 : -ENOENT);
		for (unsigned int l = 0; l < LOOKUPS; l++)
			random_ip6(ips[l]);
		CHECK_EQ(rte_fib6_lookup_bulk(fib, ips, got, LOOKUPS), 0);
		for (unsigned int l = 0; l < LOOKUPS; l++) {
			expected = conf.default_nh;
			if (rte_rib6_lookup(rib, ips[l]) != NULL)
				CHECK_EQ(rte_rib6_get_nh(rte_rib6_lookup(rib, ips[l]), &expected), 0);
			CHECK_EQ(got[l], expected);
		}
	}
	rte_fib6_free(fib);
}

static void
ipv6_agrees_with_its_rib(void)
{
	struct rte_fib6_conf conf = { .type = RTE_FIB6_DUMMY };

	agrees_with_its_rib6(conf, 8);
	conf.type = RTE_FIB6_TRIE;
	conf.trie.num_tbl8 = 30000;
	for (conf.trie.nh_sz = RTE_FIB6_TRIE_2B; conf.trie.nh_sz <= RTE_FIB6_TRIE_8B; conf.trie.nh_sz++)
		agrees_with_its_rib6(conf, 1u << conf.trie.nh_sz);
}

/* A route of all addresses takes the default's place and gives it back. */
static void
the_route_of_all_addresses(void)
{
	struct rte_fib_conf conf = { .type = RTE_FIB_DIR24_8, .default_nh = 9, .max_routes = 10,
		.dir24_8 = { .nh_sz = RTE_FIB_DIR24_8_8B, .num_tbl8 = 1 } };
	struct rte_fib *fib = rte_fib_create("all", SOCKET_ID_ANY, &conf);
	uint32_t ips[2] = { RTE_IPV4(1, 2, 3, 4), RTE_IPV4(10, 0, 0, 1) };
	uint64_t hops[2];

	CHECK_EQ(rte_fib_add(fib, RTE_IPV4(10, 0, 0, 0), 8, 1), 0);
	CHECK_EQ(rte_fib_add(fib, 0, 0, UINT64_C(1) << 62), 0);
	CHECK_EQ(rte_fib_lookup_bulk(fib, ips, hops, 2), 0);
	CHECK_EQ(hops[0], INT64_C(1) << 62);
	CHECK_EQ(hops[1], 1);
	CHECK_EQ(rte_fib_add(fib, 0, 0, 5), 0);
	CHECK_EQ(rte_fib_lookup_bulk(fib, ips, hops, 2), 0);
	CHECK_EQ(hops[0], 5);
	CHECK_EQ(rte_fib_delete(fib, 0, 0), 0);
	CHECK_EQ(rte_fib_delete(fib, 0, 0), -ENOENT);
	CHECK_EQ(rte_fib_lookup_bulk(fib, ips, hops, 2), 0);
	CHECK_EQ(hops[0], 9);
	rte_fib_free(fib);
}

static void
limits(void)
{
	struct rte_fib_conf conf = { .type = RTE_FIB_DIR24_8, .default_nh = 0, .max_routes = 1,
		.dir24_8 = { .nh_sz = RTE_FIB_DIR24_8_4B, .num_tbl8 = 1 } };
	struct rte_fib *fib = rte_fib_create("small", SOCKET_ID_ANY, &conf);
	uint32_t ip = RTE_IPV4(11, 0, 0, 1);
	uint64_t hop;

	CHECK_EQ(rte_fib_add(fib, RTE_IPV4(10, 0, 0, 0), 32, INT32_MAX), 0);
	CHECK_EQ(rte_fib_add(fib, RTE_IPV4(10, 0, 0, 0), 32, (uint64_t)INT32_MAX + 1), -EINVAL);
	/* Two nodes are all it has: a route, and this one on the way to it. */
	CHECK_EQ(rte_fib_add(fib, RTE_IPV4(11, 0, 0, 0), 8, 2), -ENOMEM);
	CHECK_EQ(rte_fib_add(fib, RTE_IPV4(10, 0, 0, 0), 8, 1 << 30), 0);
	CHECK_EQ(rte_fib_lookup_bulk(fib, &ip, &hop, 1), 0);
	CHECK_EQ(hop, 0);
	rte_fib_free(fib);
	conf.max_routes = 10;
	fib = rte_fib_create("small", SOCKET_ID_ANY, &conf);
	CHECK_EQ(rte_fib_add(fib, RTE_IPV4(10, 0, 0, 0), 32, 1), 0);
	CHECK_EQ(rte_fib_add(fib, RTE_IPV4(11, 0, 0, 0), 32, 1 << 30), -ENOSPC);
	CHECK(rte_rib_lookup_exact(rte_fib_get_rib(fib), RTE_IPV4(11, 0, 0, 0), 32) == NULL);
	/* Each great next hop that goes makes room for another one. */
	for (uint32_t i = 0; i < 100; i++)
		CHECK_EQ(rte_fib_add(fib, RTE_IPV4(12, 0, 0, 0), 8, (1 << 30) + i), 0);
	ip = RTE_IPV4(12, 0, 0, 1);
	CHECK_EQ(rte_fib_lookup_bulk(fib, &ip, &hop, 1), 0);
	CHECK_EQ(hop, (1 << 30) + 99);
	rte_fib_free(fib);
}

static void
a_fib_leaves_the_names_of_tables_alone(void)
{
	struct rte_fib_conf conf = { .type = RTE_FIB_DIR24_8, .max_routes = 1,
		.dir24_8 = { .nh_sz = RTE_FIB_DIR24_8_4B, .num_tbl8 = 1 } };
	struct rte_lpm_config config = { .max_rules = 1, .number_tbl8s = 1 };
	struct rte_rib_conf rib_conf = { .max_nodes = 1 };
	struct rte_fib *fib = rte_fib_create("name", SOCKET_ID_ANY, &conf);
	struct rte_lpm *lpm = rte_lpm_create("name", SOCKET_ID_ANY, &config);
	struct rte_rib *rib;

	CHECK(fib != NULL && lpm != NULL);
	CHECK(rte_rib_find_existing("name") == rte_fib_get_rib(fib));
	rte_fib_free(fib);
	CHECK(rte_rib_find_existing("name") == NULL);
	rib = rte_rib_create("name", SOCKET_ID_ANY, &rib_conf);
	CHECK(rte_fib_create("name", SOCKET_ID_ANY, &conf) == NULL);
	CHECK_EQ(rte_errno, EEXIST);
	rte_rib_free(rib);
	rte_lpm_free(lpm);
}

static void
ipv4_bad_arguments(void)
{
	struct rte_fib_conf good = { .type = RTE_FIB_DIR24_8, .max_routes = 1,
		.dir24_8 = { .nh_sz = RTE_FIB_DIR24_8_1B, .num_tbl8 = 127 } }, conf = good;
	struct rte_fib *fib;
	uint32_t ip = 0;
	uint64_t hop;

	CHECK(rte_fib_create(NULL, SOCKET_ID_ANY, &conf) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_fib_create("bad", SOCKET_ID_ANY, NULL) == NULL);
	CHECK(rte_fib_create("bad", -2, &conf) == NULL);
	CHECK(rte_fib_create("a name of thirty-two characters.", SOCKET_ID_ANY, &conf) == NULL);
	conf.max_routes = 0;
	CHECK(rte_fib_create("bad", SOCKET_ID_ANY, &conf) == NULL);
	conf = good;
	conf.type = RTE_FIB_DIR24_8 + 1;
	CHECK(rte_fib_create("bad", SOCKET_ID_ANY, &conf) == NULL);
	conf = good;
	conf.dir24_8.nh_sz = RTE_FIB_DIR24_8_8B + 1;
	CHECK(rte_fib_create("bad", SOCKET_ID_ANY, &conf) == NULL);
	conf = good;
	conf.dir24_8.num_tbl8 = 0;
	CHECK(rte_fib_create("bad", SOCKET_ID_ANY, &conf) == NULL);
	conf.dir24_8.num_tbl8 = 128;
	CHECK(rte_fib_create("bad", SOCKET_ID_ANY, &conf) == NULL);
	conf = good;
	conf.default_nh = 128;
	rte_errno = 0;
	CHECK(rte_fib_create("bad", SOCKET_ID_ANY, &conf) == NULL);
	CHECK_EQ(rte_errno, EINVAL);

	fib = rte_fib_create("bad", SOCKET_ID_ANY, &good);
	CHECK(fib != NULL);
	CHECK(rte_fib_find_existing("bad") == fib);
	CHECK(rte_fib_create("bad", SOCKET_ID_ANY, &good) == NULL);
	CHECK_EQ(rte_errno, EEXIST);
	CHECK_EQ(rte_fib_add(NULL, 0, 0, 0), -EINVAL);
	CHECK_EQ(rte_fib_add(fib, 0, 33, 0), -EINVAL);
	CHECK_EQ(rte_fib_add(fib, 0, 0, 128), -EINVAL);
	CHECK_EQ(rte_fib_delete(NULL, 0, 0), -EINVAL);
	CHECK_EQ(rte_fib_delete(fib, 0, 33), -EINVAL);
	CHECK_EQ(rte_fib_lookup_bulk(NULL, &ip, &hop, 1), -EINVAL);
	CHECK_EQ(rte_fib_lookup_bulk(fib, NULL, &hop, 1), -EINVAL);
	CHECK_EQ(rte_fib_lookup_bulk(fib, &ip, NULL, 1), -EINVAL);
	CHECK_EQ(rte_fib_lookup_bulk(fib, &ip, &hop, -1), -EINVAL);
	CHECK(rte_fib_get_dp(NULL) == NULL);
	CHECK(rte_fib_get_dp(fib) != NULL);
	CHECK(rte_fib_get_rib(NULL) == NULL);
	CHECK_EQ(rte_fib_select_lookup(NULL, RTE_FIB_LOOKUP_DEFAULT), -EINVAL);
	CHECK_EQ(rte_fib_select_lookup(fib, RTE_FIB_LOOKUP_DEFAULT), 0);
	CHECK_EQ(rte_fib_select_lookup(fib, RTE_FIB_LOOKUP_DIR24_8_SCALAR_UNI), 0);
	CHECK_EQ(rte_fib_select_lookup(fib, RTE_FIB_LOOKUP_DIR24_8_VECTOR_AVX512), -EINVAL);
	rte_fib_free(fib);
	rte_fib_free(NULL);
	conf.type = RTE_FIB_DUMMY;
	fib = rte_fib_create("bad", SOCKET_ID_ANY, &conf);
	CHECK_EQ(rte_fib_select_lookup(fib, RTE_FIB_LOOKUP_DEFAULT), -EINVAL);
	CHECK(rte_fib_get_dp(fib) != NULL);
	rte_fib_free(fib);
	CHECK(rte_fib_find_existing("bad") == NULL);
	CHECK_EQ(rte_errno, ENOENT);
}

static void
ipv6_bad_arguments(void)
{
	struct rte_fib6_conf good = { .type = RTE_FIB6_TRIE, .max_routes = 1,
		.trie = { .nh_sz = RTE_FIB6_TRIE_2B, .num_tbl8 = 1 } }, conf = good;
	struct rte_fib6 *fib;
	uint8_t ip[1][16] = { { 0 } };
	uint64_t hop;

	CHECK(rte_fib6_create(NULL, SOCKET_ID_ANY, &conf) == NULL);
	CHECK(rte_fib6_create("bad", SOCKET_ID_ANY, NULL) == NULL);
	CHECK(rte_fib6_create("bad", -2, &conf) == NULL);
	conf.trie.nh_sz = 0;
	CHECK(rte_fib6_create("bad", SOCKET_ID_ANY, &conf) == NULL);
	conf.trie.nh_sz = RTE_FIB6_TRIE_8B + 1;
	CHECK(rte_fib6_create("bad", SOCKET_ID_ANY, &conf) == NULL);
	conf = good;
	conf.trie.num_tbl8 = 0;
	CHECK(rte_fib6_create("bad", SOCKET_ID_ANY, &conf) == NULL);
	conf = good;
	conf.default_nh = 1 << 15;
	rte_errno = 0;
	CHECK(rte_fib6_create("bad", SOCKET_ID_ANY, &conf) == NULL);
	CHECK_EQ(rte_errno, EINVAL);

	fib = rte_fib6_create("bad", SOCKET_ID_ANY, &good);
	CHECK(fib != NULL);
	CHECK(rte_fib6_find_existing("bad") == fib);
	CHECK(rte_fib6_find_existing("worse") == NULL);
	CHECK(rte_fib6_create("bad", SOCKET_ID_ANY, &good) == NULL);
	CHECK_EQ(rte_errno, EEXIST);
	CHECK_EQ(rte_fib6_add(NULL, ip[0], 0, 0), -EINVAL);
	CHECK_EQ(rte_fib6_add(fib, NULL, 0, 0), -EINVAL);
	CHECK_EQ(rte_fib6_add(fib, ip[0], 129, 0), -EINVAL);
	CHECK_EQ(rte_fib6_add(fib, ip[0], 0, 1 << 15), -EINVAL);
	CHECK_EQ(rte_fib6_add(fib, ip[0], 40, 1), -ENOSPC);
	CHECK_EQ(rte_fib6_add(fib, ip[0], 32, 1), 0);
	CHECK_EQ(rte_fib6_delete(NULL, ip[0], 0), -EINVAL);
	CHECK_EQ(rte_fib6_delete(fib, NULL, 0), -EINVAL);
	CHECK_EQ(rte_fib6_delete(fib, ip[0], 129), -EINVAL);
	CHECK_EQ(rte_fib6_lookup_bulk(NULL, ip, &hop, 1), -EINVAL);
	CHECK_EQ(rte_fib6_lookup_bulk(fib, NULL, &hop, 1), -EINVAL);
	CHECK_EQ(rte_fib6_lookup_bulk(fib, ip, NULL, 1), -EINVAL);
	CHECK_EQ(rte_fib6_lookup_bulk(fib, ip, &hop, -1), -EINVAL);
	CHECK(rte_fib6_get_dp(NULL) == NULL);
	CHECK(rte_fib6_get_rib(NULL) == NULL);
	CHECK_EQ(rte_fib6_select_lookup(NULL, RTE_FIB6_LOOKUP_DEFAULT), -EINVAL);
	CHECK_EQ(rte_fib6_select_lookup(fib, RTE_FIB6_LOOKUP_TRIE_SCALAR), 0);
	CHECK_EQ(rte_fib6_select_lookup(fib, RTE_FIB6_LOOKUP_TRIE_VECTOR_AVX512), -EINVAL);
	rte_fib6_free(fib);
	rte_fib6_free(NULL);
}

int
main(void)
{
	char *arguments[] = { (char *)"fib_test", (char *)"--no-huge", (char *)"-m", (char *)"128", (char *)"--no-pci", NULL };

	if (rte_eal_init(5, arguments) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(ipv4_agrees_with_its_rib);
	RUN(ipv6_agrees_with_its_rib);
	RUN(the_route_of_all_addresses);
	RUN(limits);
	RUN(a_fib_leaves_the_names_of_tables_alone);
	RUN(ipv4_bad_arguments);
	RUN(ipv6_bad_arguments);
	rte_eal_cleanup();
	return check_summary();
}
