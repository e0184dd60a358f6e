/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Universally unique identifiers (RFC 4122), 16 bytes in network order.
 */
#ifndef _RTE_UUID_H_
#define _RTE_UUID_H_

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned char rte_uuid_t[16];

/* The five groups of the text form as numbers. */
#define RTE_UUID_INIT(a, b, c, d, e) { \
	((a) >> 24) & 0xff, ((a) >> 16) & 0xff, ((a) >> 8) & 0xff, (a) & 0xff, \
	((b) >> 8) & 0xff, (b) & 0xff, \
	((c) >> 8) & 0xff, (c) & 0xff, \
	((d) >> 8) & 0xff, (d) & 0xff, \
	((e) >> 40) & 0xff, ((e) >> 32) & 0xff, ((e) >> 24) & 0xff, ((e) >> 16) & 0xff, ((e) >> 8) & 0xff, (e) & 0xff \
}

/* Bytes of the text form, with its end. */
#define RTE_UUID_STRLEN (36 + 1)

/** Whether all bytes are 0. */
bool rte_uuid_is_null(const rte_uuid_t uu);

static inline void
rte_uuid_copy(rte_uuid_t dst, const rte_uuid_t src)
{
	memcpy(dst, src, sizeof(rte_uuid_t));
}

/** Less than, equal to or greater than 0, by the first byte that differs. */
int rte_uuid_compare(const rte_uuid_t a, const rte_uuid_t b);
/** Reads "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", either case. 0; -1, with uu as it was, for any other text. */
int rte_uuid_parse(const char *in, rte_uuid_t uu);
/** Writes the text form, lower case, cut to len bytes with its end. */
void rte_uuid_unparse(const rte_uuid_t uu, char *out, size_t len);

#ifdef __cplusplus
}
#endif

#endif
