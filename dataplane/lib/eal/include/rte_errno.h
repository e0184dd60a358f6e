/* SPDX-License-Identifier: BSD-3-Clause
 *
 * rte_errno: the reason of the last failed call in this thread, an errno number or one of the two below.
 */
#ifndef _RTE_ERRNO_H_
#define _RTE_ERRNO_H_

#include <errno.h>

#include <rte_per_lcore.h>

#ifdef __cplusplus
extern "C" {
#endif

RTE_DECLARE_PER_LCORE(int, _rte_errno);
#define rte_errno RTE_PER_LCORE(_rte_errno)

#ifndef __ELASTERROR
#define __ELASTERROR 1000
#endif

enum {
	RTE_MIN_ERRNO = __ELASTERROR,
	E_RTE_SECONDARY,
	E_RTE_NO_CONFIG,
	RTE_MAX_ERRNO
};

/** Text of an errno or rte_errno number; valid until the thread's next call. */
const char *rte_strerror(int errnum);

#ifdef __cplusplus
}
#endif

#endif
