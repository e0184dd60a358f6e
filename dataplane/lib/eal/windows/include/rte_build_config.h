/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What programs written for DPDK test to learn that they run on Windows. Our own code tests none of it.
 */
#ifndef _RTE_BUILD_CONFIG_H_
#define _RTE_BUILD_CONFIG_H_

#ifdef WDPDK_POSIX_PROFILE
#error "The POSIX profile has its own folder of headers: take the flags of pkg-config --cflags libdpdk-posix"
#endif

#define RTE_ENV_FREEBSD 0
#define RTE_ENV_LINUX 1
#define RTE_ENV_WINDOWS 2
#define RTE_EXEC_ENV 2
#define RTE_EXEC_ENV_WINDOWS 1
#define RTE_EXEC_ENV_IS_FREEBSD 0
#define RTE_EXEC_ENV_IS_LINUX 0
#define RTE_EXEC_ENV_IS_WINDOWS 1

#endif
