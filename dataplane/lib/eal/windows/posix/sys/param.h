/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mingw-w64 has the header, without two macros that programs take from it.
 */
#ifndef WDPDK_POSIX_SYS_PARAM_H
#define WDPDK_POSIX_SYS_PARAM_H

#include_next <sys/param.h>

#ifndef MIN
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#endif
#ifndef MAX
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#endif

#endif
