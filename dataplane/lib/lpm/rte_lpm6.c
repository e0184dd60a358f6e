/* SPDX-License-Identifier: BSD-3-Clause */
#include "rte_lpm6.h"

#include <string.h>

#include <rte_byteorder.h>
#include <rte_errno.h>

#include "lpm_table.h"

#define MAX_TBL8S (1 << 21)

struct rte_lpm6 {
	struct lpm_table table;
};

static struct lpm_directory directory = { .lock = RTE_SPINLOCK_INITIALIZER };

static struct lpm_prefix
address_of(const uint8_t *ip)
{
	uint64_t halves[2];

	memcpy(halves, ip, sizeof(halves));
	return (struct lpm_prefix){ .high = rte_be_to_cpu_64(halves[0]), .low = rte_be_to_cpu_64(halves[1]) };
}

static bool
bad_depth(uint8_t depth)
{
	return depth == 0 || depth > RTE_LPM6_MAX_DEPTH;
}

struct rte_lpm6 *
rte_lpm6_create(const char *name, int socket_id, const struct rte_lpm6_config *config)
{
	if (config == NULL || config->number_tbl8s > MAX_TBL8S) {
		rte_errno = EINVAL;
		return NULL;
	}
	return (struct rte_lpm6 *)lpm_table_create(&directory, name, socket_id, config->max_rules, config->number_tbl8s);
}

struct rte_lpm6 *
rte_lpm6_find_existing(const char *name)
{
	return (struct rte_lpm6 *)lpm_directory_find(&directory, name);
}

void
rte_lpm6_free(struct rte_lpm6 *lpm)
{
	if (lpm != NULL)
		lpm_table_free(&directory, &lpm->table);
}

int
rte_lpm6_add(struct rte_lpm6 *lpm, const uint8_t *ip, uint8_t depth, uint32_t next_hop)
{
	if (lpm == NULL || ip == NULL || bad_depth(depth) || next_hop > LPM_WORD_VALUE)
		return -EINVAL;
	return lpm_table_add(&lpm->table, address_of(ip), depth, next_hop);
}

int
rte_lpm6_is_rule_present(struct rte_lpm6 *lpm, const uint8_t *ip, uint8_t depth, uint32_t *next_hop)
{
	if (lpm == NULL || ip == NULL || next_hop == NULL || bad_depth(depth))
		return -EINVAL;
	return lpm_table_present(&lpm->table, address_of(ip), depth, next_hop);
}

int
rte_lpm6_delete(struct rte_lpm6 *lpm, const uint8_t *ip, uint8_t depth)
{
	if (lpm == NULL || ip == NULL || bad_depth(depth))
		return -EINVAL;
	return lpm_table_delete(&lpm->table, address_of(ip), depth);
}

int
rte_lpm6_delete_bulk_func(struct rte_lpm6 *lpm, uint8_t ips[][RTE_LPM6_IPV6_ADDR_SIZE], uint8_t *depths, unsigned int n)
{
	if (lpm == NULL || ips == NULL || depths == NULL)
		return -EINVAL;
	for (unsigned int i = 0; i < n; i++)
		if (bad_depth(depths[i]))
			return -EINVAL;
	for (unsigned int i = 0; i < n; i++)
		lpm_table_delete(&lpm->table, address_of(ips[i]), depths[i]);
	return 0;
}

void
rte_lpm6_delete_all(struct rte_lpm6 *lpm)
{
	if (lpm != NULL)
		lpm_table_clear(&lpm->table);
}

static inline uint32_t
find(const struct rte_lpm6 *lpm, const uint8_t *ip)
{
	const struct lpm_trie *trie = &lpm->table.trie;
	uint32_t word = trie->top[(unsigned int)ip[0] << 8 | ip[1]];

	/* Ends in time: the last byte's groups hold leaves only. */
	for (const uint8_t *byte = ip + 2; word & LPM_WORD_GROUP; byte++)
		word = trie->words[(size_t)(word & LPM_WORD_VALUE) * LPM_GROUP_WORDS + *byte];
	return word;
}

int
rte_lpm6_lookup(const struct rte_lpm6 *lpm, const uint8_t *ip, uint32_t *next_hop)
{
	uint32_t word;

	if (lpm == NULL || ip == NULL || next_hop == NULL)
		return -EINVAL;
	word = find(lpm, ip);
	*next_hop = word & LPM_WORD_VALUE;
	return word & LPM_LEAF_ROUTE ? 0 : -ENOENT;
}

int
rte_lpm6_lookup_bulk_func(const struct rte_lpm6 *lpm, uint8_t ips[][RTE_LPM6_IPV6_ADDR_SIZE], int32_t *next_hops,
	unsigned int n)
{
	if (lpm == NULL || ips == NULL || next_hops == NULL)
		return -EINVAL;
	for (unsigned int i = 0; i < n; i++) {
		uint32_t word = find(lpm, ips[i]);

		next_hops[i] = word & LPM_LEAF_ROUTE ? (int32_t)(word & LPM_WORD_VALUE) : -1;
	}
	return 0;
}
