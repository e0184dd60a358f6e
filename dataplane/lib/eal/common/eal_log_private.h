/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The log's helpers that its tests and the argument parser use.
 */
#ifndef EAL_LOG_PRIVATE_H
#define EAL_LOG_PRIVATE_H

#include <stdbool.h>

/** Whether name matches a pattern of *, ? and plain characters. */
bool eal_log_glob(const char *pattern, const char *name);
/** "info", "warn", "7": the level, or -1. */
int eal_log_level_parse(const char *text);

#endif
