/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Reading what the system says in files of one number each (/sys). For the EAL, drivers and tests.
 */
#ifndef EAL_FILESYSTEM_H
#define EAL_FILESYSTEM_H

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <rte_string_fns.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The first line of a file as a number: decimal, or with 0x or 0 in front. 0; -1 with a log line and *val untouched
 * when the file cannot be read or its first line is something else.
 */
int eal_parse_sysfs_value(const char *filename, unsigned long *val);

#ifdef __cplusplus
}
#endif

#endif
