/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the capture files need of the operating system. Paths are UTF-8 everywhere.
 */
#ifndef WDPDK_CAPTURE_OS_H
#define WDPDK_CAPTURE_OS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* fopen() for a UTF-8 path, always in binary mode: mode is "r" or "w". NULL with errno. */
FILE *capture_os_open(const char *path, char mode);

/* Whether both paths lead to one existing file, links and spelling aside. */
bool capture_os_same_file(const char *path, const char *other);

/* Nanoseconds since 1970-01-01 UTC. Any thread. */
uint64_t capture_os_now(void);

#endif
