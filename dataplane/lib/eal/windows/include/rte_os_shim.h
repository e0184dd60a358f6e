/* SPDX-License-Identifier: BSD-3-Clause
 *
 * POSIX names that programs written for DPDK use and mingw-w64's headers leave to others, or lack.
 */
#ifndef _RTE_OS_SHIM_
#define _RTE_OS_SHIM_

#include <fcntl.h>
#include <io.h>
#include <limits.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>

#include <rte_os.h>

#ifndef IPVERSION
#define IPVERSION 4
#endif
#ifndef IPDEFTTL
#define IPDEFTTL 64
#endif

#endif
