/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What an OS call's failure tells a person: which object, why, what to do next.
 */
#ifndef APP_OS_ERROR_H
#define APP_OS_ERROR_H

#include <stdbool.h>

struct os_error {
	char object[256], cause[256], remedy[256];
};

/* Fills the three parts; the remedy may be "". `cause` is a format. */
void os_error_set(struct os_error *error, const char *object, const char *remedy, const char *cause, ...)
	__attribute__((format(printf, 4, 5)));

/* Letters, digits, dot, dash, underscore; begins with a letter or digit; at most WDPDK_LIMIT_NAME_BYTES - 1 bytes. */
bool os_instance_name_ok(const char *instance, struct os_error *error);

#endif
