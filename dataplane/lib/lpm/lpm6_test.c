/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The edges of the IPv6 table's API. Its answers are held against a naive scan in lpm_test.c.
 */
#include <errno.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lpm6.h>
#include <rte_memory.h>

#include "check.h"

static void
ipv6_edges(void)
{
	struct rte_lpm6_config small = { .max_rules = 4, .number_tbl8s = 13 };
	struct rte_lpm6 *lpm = rte_lpm6_create("edges", SOCKET_ID_ANY, &small);
	uint8_t ips[3][RTE_LPM6_IPV6_ADDR_SIZE] = {
		{ 0x20, 1, 0xd, 0xb8, [15] = 1 }, { 0x20, 1, 0xd, 0xb8, [15] = 2 }, { 0xfe, 0x80 },
	};
	uint8_t depths[3] = { 128, 32, 128 };
	int32_t hops[3];
	uint32_t hop;

	CHECK(lpm != NULL && rte_lpm6_find_existing("edges") == lpm);
	CHECK(rte_lpm6_create("edges", SOCKET_ID_ANY, &small) == NULL);
	CHECK_EQ(rte_errno, EEXIST);
	CHECK_EQ(rte_lpm6_add(lpm, ips[0], 0, 1), -EINVAL);
	CHECK_EQ(rte_lpm6_add(lpm, ips[0], 129, 1), -EINVAL);
	CHECK_EQ(rte_lpm6_add(lpm, NULL, 64, 1), -EINVAL);
	CHECK_EQ(rte_lpm6_delete(lpm, ips[0], 64), -ENOENT);
	CHECK_EQ(rte_lpm6_add(lpm, ips[0], 128, 1), 0);
	CHECK_EQ(rte_lpm6_add(lpm, ips[2], 128, 2), -ENOSPC);
	CHECK_EQ(rte_lpm6_add(lpm, ips[0], 32, 3), 0);
	CHECK_EQ(rte_lpm6_add(lpm, ips[2], 10, 0), 0);
	CHECK_EQ(rte_lpm6_lookup_bulk_func(lpm, ips, hops, 3), 0);
	CHECK_EQ(hops[0], 1);
	CHECK_EQ(hops[1], 3);
	CHECK_EQ(hops[2], 0);
	CHECK_EQ(rte_lpm6_is_rule_present(lpm, ips[1], 32, &hop), 1);
	CHECK_EQ(hop, 3);
	CHECK_EQ(rte_lpm6_delete_bulk_func(lpm, ips, depths, 3), 0);
	CHECK_EQ(rte_lpm6_lookup(lpm, ips[0], &hop), -ENOENT);
	CHECK_EQ(rte_lpm6_lookup(lpm, ips[2], &hop), 0);
	CHECK_EQ(rte_lpm6_add(lpm, ips[2], 128, 2), 0);
	rte_lpm6_delete_all(lpm);
	CHECK_EQ(rte_lpm6_lookup_bulk_func(lpm, ips, hops, 3), 0);
	CHECK_EQ(hops[2], -1);
	rte_lpm6_free(lpm);
	rte_lpm6_free(NULL);
}

int
main(void)
{
	char *arguments[] = { (char *)"lpm6_test", (char *)"--no-huge", (char *)"-m", (char *)"64", (char *)"--no-pci", NULL };

	if (rte_eal_init(5, arguments) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(ipv6_edges);
	return check_summary();
}
