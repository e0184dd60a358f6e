/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What programs test to learn their system, in the POSIX profile: none of the three that DPDK has names for, so that what
 * they switch off for Windows stays on. Selected by -DWDPDK_POSIX_PROFILE (libdpdk-posix.pc has it).
 */
#ifndef _RTE_BUILD_CONFIG_H_
#define _RTE_BUILD_CONFIG_H_

#define RTE_ENV_FREEBSD 0
#define RTE_ENV_LINUX 1
#define RTE_ENV_WINDOWS 2
#define RTE_EXEC_ENV_IS_FREEBSD 0
#define RTE_EXEC_ENV_IS_LINUX 0
#define RTE_EXEC_ENV_IS_WINDOWS 0

#endif
