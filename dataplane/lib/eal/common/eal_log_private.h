/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The log's helpers that its tests and the argument parser use.
 */
#ifndef EAL_LOG_PRIVATE_H
#define EAL_LOG_PRIVATE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

/** Whether name matches a pattern of *, ? and plain characters. */
bool eal_log_glob(const char *pattern, const char *name);
/** "info", "warn", "7": the level, or -1. */
int eal_log_level_parse(const char *text);
/** The value of --log-level. 0, or -1 after a message. */
int eal_log_option(const char *text);
/** The value of --syslog. 0, or -1 after a message. */
int eal_syslog_option(const char *facility);

/* ---- the operating system ---- */

/** 1 or 0: whether a basic regular expression matches somewhere in the text; -1 when it is none. */
int eal_os_regexp(const char *expression, const char *text);
/** From now on the system's log is written, too. 0, or -1 for an unknown facility or no such log. */
int eal_os_syslog_open(const char *facility);
bool eal_os_syslog_is_open(void);
void eal_os_syslog(uint32_t level, const char *format, va_list ap);

#endif
