/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_mbuf_pool_ops.h>
#include <rte_mempool.h>

static char platform_ops[RTE_MEMPOOL_OPS_NAMESIZE], user_ops[RTE_MEMPOOL_OPS_NAMESIZE];

static int
keep_name(char *to, const char *name)
{
	if (name == NULL)
		return -EINVAL;
	if (strlen(name) >= RTE_MEMPOOL_OPS_NAMESIZE)
		return -ENAMETOOLONG;
	memcpy(to, name, strlen(name) + 1);
	return 0;
}

int
rte_mbuf_set_platform_mempool_ops(const char *ops_name)
{
	if (ops_name != NULL && platform_ops[0] != '\0')
		return strcmp(platform_ops, ops_name) == 0 ? 0 : -EEXIST;
	return keep_name(platform_ops, ops_name);
}

const char *
rte_mbuf_platform_mempool_ops(void)
{
	return platform_ops[0] == '\0' ? NULL : platform_ops;
}

int
rte_mbuf_set_user_mempool_ops(const char *ops_name)
{
	return keep_name(user_ops, ops_name);
}

const char *
rte_mbuf_user_mempool_ops(void)
{
	return user_ops[0] == '\0' ? rte_eal_mbuf_user_pool_ops() : user_ops;
}

const char *
rte_mbuf_best_mempool_ops(void)
{
	const char *name = rte_mbuf_user_mempool_ops();

	if (name == NULL)
		name = rte_mbuf_platform_mempool_ops();
	return name == NULL ? RTE_MBUF_DEFAULT_MEMPOOL_OPS : name;
}
