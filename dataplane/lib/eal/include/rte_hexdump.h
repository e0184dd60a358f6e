/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bytes as text.
 */
#ifndef _RTE_HEXDUMP_H_
#define _RTE_HEXDUMP_H_

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Offset, sixteen bytes in hexadecimal and as characters, a line. title may be NULL. */
void rte_hexdump(FILE *f, const char *title, const void *buf, unsigned int len);
/** Bytes in hexadecimal with colons between them, on one line. */
void rte_memdump(FILE *f, const char *title, const void *buf, unsigned int len);

#ifdef __cplusplus
}
#endif

#endif
