/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which store packet pools use when nobody says: the user's choice, else the platform's, else
 * RTE_MBUF_DEFAULT_MEMPOOL_OPS. Set before pools are made, by one thread.
 */
#ifndef _RTE_MBUF_POOL_OPS_H_
#define _RTE_MBUF_POOL_OPS_H_

#ifdef __cplusplus
extern "C" {
#endif

/** The platform's choice; a second one that differs is refused. 0, -EEXIST, -ENAMETOOLONG, -EINVAL (NULL). */
int rte_mbuf_set_platform_mempool_ops(const char *ops_name);
/** NULL: none. */
const char *rte_mbuf_platform_mempool_ops(void);

/** The user's choice, over what --mbuf-pool-ops-name said. 0, -ENAMETOOLONG or -EINVAL (NULL). */
int rte_mbuf_set_user_mempool_ops(const char *ops_name);
/** NULL: none. */
const char *rte_mbuf_user_mempool_ops(void);

/** The store that packet pools get. */
const char *rte_mbuf_best_mempool_ops(void);

#ifdef __cplusplus
}
#endif

#endif
