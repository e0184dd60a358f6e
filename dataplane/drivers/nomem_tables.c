/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Of nomem_test.c: tables that lookups read, and buffers of packets.
 */
#include <errno.h>

#include <rte_acl.h>
#include <rte_common.h>
#include <rte_errno.h>
#include <rte_fib.h>
#include <rte_fib6.h>
#include <rte_lpm.h>
#include <rte_lpm6.h>
#include <rte_memory.h>
#include <rte_reorder.h>
#include <rte_rib.h>

#include "nomem.h"

static struct rte_lpm *lpm;
static struct rte_lpm6 *lpm6;
static struct rte_acl_ctx *acl;
static struct rte_rib *rib;
static struct rte_fib *fib;
static struct rte_fib6 *fib6;
static struct rte_reorder_buffer *reorder;

static int
make_lpm(void)
{
	struct rte_lpm_config config = { .max_rules = 3000, .number_tbl8s = 64 };
	uint32_t i;
	int ret;

	lpm = rte_lpm_create("nomem", SOCKET_ID_ANY, &config);
	if (lpm == NULL)
		return rte_errno;
	for (i = 0; i < 2000; i++) {
		ret = rte_lpm_add(lpm, 0x0a000000 + (i % 40 << 8) + i, i % 2 ? 32 : 24, i % 100);
		if (ret != 0) {
			rte_lpm_free(lpm);
			return -ret;
		}
	}
	return 0;
}

static void
free_lpm(void)
{
	rte_lpm_free(lpm);
}

static int
make_lpm6(void)
{
	struct rte_lpm6_config config = { .max_rules = 100, .number_tbl8s = 1 << 10 };
	uint8_t ip[16] = { 0x20, 1 };
	unsigned int i;
	int ret;

	lpm6 = rte_lpm6_create("nomem", SOCKET_ID_ANY, &config);
	if (lpm6 == NULL)
		return rte_errno;
	for (i = 0; i < 30; i++) {
		ip[9] = (uint8_t)i;
		ret = rte_lpm6_add(lpm6, ip, (uint8_t)(64 + i), i);
		if (ret != 0) {
			rte_lpm6_free(lpm6);
			return -ret;
		}
	}
	return 0;
}

static void
free_lpm6(void)
{
	rte_lpm6_free(lpm6);
}

RTE_ACL_RULE_DEF(acl_rule, 2);

static int
make_acl(void)
{
	struct rte_acl_param param = { "nomem", SOCKET_ID_ANY, RTE_ACL_RULE_SZ(2), 200 };
	struct rte_acl_config config = { .num_categories = 1, .num_fields = 2,
		.defs = { { RTE_ACL_FIELD_TYPE_MASK, 4, 0, 0, 0 }, { RTE_ACL_FIELD_TYPE_RANGE, 8, 1, 1, 4 } } };
	int ret = 0;

	acl = rte_acl_create(&param);
	if (acl == NULL)
		return rte_errno;
	for (uint32_t i = 0; i < 200 && ret == 0; i++) {
		struct acl_rule rule = { .data = { 1, 1 + (int32_t)i, i + 1 } };

		rule.field[0].value.u32 = i * 0x01234567;
		rule.field[0].mask_range.u32 = i % 33;
		rule.field[1].value.u64 = (uint64_t)i << 31;
		rule.field[1].mask_range.u64 = UINT64_MAX - i;
		ret = rte_acl_add_rules(acl, (const struct rte_acl_rule *)(const void *)&rule, 1);
	}
	if (ret == 0)
		ret = rte_acl_build(acl, &config);
	if (ret != 0)
		rte_acl_free(acl);
	return -ret;
}

static void
free_acl(void)
{
	rte_acl_free(acl);
}

static int
make_rib(void)
{
	struct rte_rib_conf conf = { .ext_sz = 8, .max_nodes = 1000 };

	rib = rte_rib_create("nomem", SOCKET_ID_ANY, &conf);
	if (rib == NULL)
		return rte_errno;
	for (uint32_t i = 0; i < 200; i++)
		if (rte_rib_insert(rib, i << 20, 16) == NULL) {
			rte_rib_free(rib);
			return rte_errno;
		}
	return 0;
}

static void
free_rib(void)
{
	rte_rib_free(rib);
}

static int
make_fib(void)
{
	struct rte_fib_conf conf = { .type = RTE_FIB_DIR24_8, .max_routes = 200,
		.dir24_8 = { .nh_sz = RTE_FIB_DIR24_8_8B, .num_tbl8 = 100 } };
	int ret = 0;

	fib = rte_fib_create("nomem", SOCKET_ID_ANY, &conf);
	if (fib == NULL)
		return rte_errno;
	for (uint32_t i = 0; i < 60 && ret == 0; i++)
		ret = rte_fib_add(fib, 0x0a000000 + (i << 8), 24 + i % 9, (uint64_t)i << i % 50);
	if (ret != 0)
		rte_fib_free(fib);
	return -ret;
}

static void
free_fib(void)
{
	rte_fib_free(fib);
}

static int
make_fib6(void)
{
	struct rte_fib6_conf conf = { .type = RTE_FIB6_TRIE, .max_routes = 200,
		.trie = { .nh_sz = RTE_FIB6_TRIE_8B, .num_tbl8 = 1000 } };
	uint8_t ip[16] = { 0x20, 1 };
	int ret = 0;

	fib6 = rte_fib6_create("nomem", SOCKET_ID_ANY, &conf);
	if (fib6 == NULL)
		return rte_errno;
	for (uint32_t i = 0; i < 40 && ret == 0; i++) {
		ip[9] = (uint8_t)i;
		ret = rte_fib6_add(fib6, ip, (uint8_t)(64 + i), (uint64_t)i << i);
	}
	if (ret != 0)
		rte_fib6_free(fib6);
	return -ret;
}

static void
free_fib6(void)
{
	rte_fib6_free(fib6);
}

static int
make_reorder(void)
{
	reorder = rte_reorder_create("nomem", (unsigned int)SOCKET_ID_ANY, 64);
	return reorder == NULL ? rte_errno : 0;
}

static void
free_reorder(void)
{
	rte_reorder_free(reorder);
}

const struct thing nomem_tables[] = {
	{ "lpm", make_lpm, free_lpm, 0 },
	{ "lpm6", make_lpm6, free_lpm6, 0 },
	{ "acl", make_acl, free_acl, 0 },
	{ "rib", make_rib, free_rib, 0 },
	{ "fib", make_fib, free_fib, 0 },
	{ "fib6", make_fib6, free_fib6, 0 },
	{ "reorder", make_reorder, free_reorder, 0 },
};
const unsigned int nomem_tables_count = RTE_DIM(nomem_tables);
