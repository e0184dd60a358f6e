/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Strings with bounds.
 */
#ifndef _RTE_STRING_FNS_H_
#define _RTE_STRING_FNS_H_

#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Cuts string (at most stringlen bytes) in place at delim into at most maxtokens tokens; the last takes the rest.
 * @return the number of tokens; -1 with errno EINVAL for NULL arguments.
 */
int rte_strsplit(char *string, int stringlen, char **tokens, int maxtokens, char delim);

/** Copies with a terminator whenever size > 0. Returns strlen(src): truncated when >= size. */
static inline size_t
rte_strlcpy(char *dst, const char *src, size_t size)
{
	size_t len = strlen(src);

	if (size != 0) {
		size_t n = len < size ? len : size - 1;

		memcpy(dst, src, n);
		dst[n] = '\0';
	}
	return len;
}

/** Appends. Returns the length it tried to make. */
static inline size_t
rte_strlcat(char *dst, const char *src, size_t size)
{
	size_t len = strnlen(dst, size);

	return len < size ? len + rte_strlcpy(dst + len, src, size - len) : len + strlen(src);
}

/* Neither glibc 2.36 nor mingw-w64 has these two. */
#define strlcpy(dst, src, size) rte_strlcpy(dst, src, size)
#define strlcat(dst, src, size) rte_strlcat(dst, src, size)

/** Copies with a terminator. Returns the length copied; -E2BIG with rte_errno when src did not fit or dsize is 0. */
ssize_t rte_strscpy(char *dst, const char *src, size_t dsize);

#ifdef __cplusplus
}
#endif

#endif
