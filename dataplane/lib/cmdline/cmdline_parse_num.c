/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Numbers as tokens.
 */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include <cmdline_parse_num.h>
#include <rte_common.h>
#include <rte_string_fns.h>

struct cmdline_token_ops cmdline_token_num_ops = {
	.parse = cmdline_parse_num,
	.get_help = cmdline_get_help_num,
};

/* By enum cmdline_numtype. */
static const struct {
	const char *help;
	uint64_t max, negative_max; /* -negative_max is the least */
	unsigned int size;
} types[] = {
	[RTE_UINT8] = { "UINT8", UINT8_MAX, 0, 1 },
	[RTE_UINT16] = { "UINT16", UINT16_MAX, 0, 2 },
	[RTE_UINT32] = { "UINT32", UINT32_MAX, 0, 4 },
	[RTE_UINT64] = { "UINT64", UINT64_MAX, 0, 8 },
	[RTE_INT8] = { "INT8", INT8_MAX, (uint64_t)INT8_MAX + 1, 1 },
	[RTE_INT16] = { "INT16", INT16_MAX, (uint64_t)INT16_MAX + 1, 2 },
	[RTE_INT32] = { "INT32", INT32_MAX, (uint64_t)INT32_MAX + 1, 4 },
	[RTE_INT64] = { "INT64", INT64_MAX, (uint64_t)INT64_MAX + 1, 8 },
};

static enum cmdline_numtype
type_of(const cmdline_parse_token_hdr_t *tk)
{
	return ((const struct cmdline_token_num *)(const void *)tk)->num_data.type;
}

/* Past base; no digit is 99. */
static unsigned int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	return isxdigit((unsigned char)c) ? (unsigned int)(tolower((unsigned char)c) - 'a' + 10) : 99;
}

/* Digits up to the end of the token. Their number; 0 when there is none, one that is none, or too many. */
static int
digits(const char *text, unsigned int base, uint64_t *value)
{
	int n;

	*value = 0;
	for (n = 0; !cmdline_isendoftoken(text[n]); n++)
		if (n > 127 || digit(text[n]) >= base || __builtin_mul_overflow(*value, base, value) ||
		    __builtin_add_overflow(*value, digit(text[n]), value))
			return 0;
	return n;
}

int
cmdline_parse_num(cmdline_parse_token_hdr_t *tk, const char *srcbuf, void *res, unsigned int ressize)
{
	unsigned int base = 10, type;
	int prefix = 0, n;
	bool negative;
	uint64_t value;

	if (tk == NULL || srcbuf == NULL)
		return -1;
	type = type_of(tk);
	if (type >= RTE_DIM(types) || (res != NULL && ressize < types[type].size))
		return -1;
	negative = srcbuf[0] == '-';
	if (negative) {
		prefix = 1;
	} else if (srcbuf[0] == '0' && (srcbuf[1] == 'x' || srcbuf[1] == 'b')) {
		base = srcbuf[1] == 'x' ? 16 : 2;
		prefix = 2;
	} else if (srcbuf[0] == '0') {
		base = 8;
	}
	n = digits(srcbuf + prefix, base, &value);
	if (n == 0 || prefix + n > 127)
		return -1;
	if (negative ? types[type].negative_max == 0 || value > types[type].negative_max : value > types[type].max)
		return -1;
	if (negative)
		value = 0 - value;
	/* The low bytes come first. */
	if (res != NULL)
		memcpy(res, &value, types[type].size);
	return prefix + n;
}

int
cmdline_get_help_num(cmdline_parse_token_hdr_t *tk, char *dstbuf, unsigned int size)
{
	if (tk == NULL || dstbuf == NULL || (unsigned int)type_of(tk) >= RTE_DIM(types))
		return -1;
	rte_strlcpy(dstbuf, types[type_of(tk)].help, size);
	return 0;
}
