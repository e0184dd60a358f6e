/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The version of the DPDK API (22.11) this library offers.
 */
#ifndef _RTE_VERSION_H_
#define _RTE_VERSION_H_

#include <stdio.h>
#include <string.h>

#include <rte_compat.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_VERSION_NUM(a, b, c, d) ((a) << 24 | (b) << 16 | (c) << 8 | (d))
#define RTE_VERSION RTE_VERSION_NUM(RTE_VER_YEAR, RTE_VER_MONTH, RTE_VER_MINOR, RTE_VER_RELEASE)

const char *rte_version_prefix(void);
unsigned int rte_version_year(void);
unsigned int rte_version_month(void);
unsigned int rte_version_minor(void);
const char *rte_version_suffix(void);
unsigned int rte_version_release(void);
/** "DPDK 22.11.0" */
const char *rte_version(void);

#ifdef __cplusplus
}
#endif

#endif
