/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Variables of which every thread has its own.
 */
#ifndef _RTE_PER_LCORE_H_
#define _RTE_PER_LCORE_H_

#include <pthread.h>

#include <wdpdk_compiler.h>

#define RTE_DEFINE_PER_LCORE(type, name) WDPDK_TLS __typeof__(type) per_lcore_##name
#define RTE_DECLARE_PER_LCORE(type, name) extern WDPDK_TLS __typeof__(type) per_lcore_##name
#define RTE_PER_LCORE(name) (per_lcore_##name)

#endif
