/* SPDX-License-Identifier: BSD-3-Clause
 *
 * DPDK's stability markers. The archive is static and its API is one piece, so they mark nothing here.
 */
#ifndef _RTE_COMPAT_H_
#define _RTE_COMPAT_H_

#define __rte_experimental
#define __rte_internal

#endif
