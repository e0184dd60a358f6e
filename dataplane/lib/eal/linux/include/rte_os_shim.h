/* SPDX-License-Identifier: BSD-3-Clause
 *
 * POSIX names for programs that also run where the system has them under other names. Linux has them all.
 */
#ifndef _RTE_OS_SHIM_
#define _RTE_OS_SHIM_

#include <rte_os.h>

#endif
