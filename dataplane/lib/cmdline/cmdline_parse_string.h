/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Tokens that are words: any word, one word, or one of several.
 */
#ifndef _PARSE_STRING_H_
#define _PARSE_STRING_H_

#include <cmdline_parse.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of a value with its end: of one word, and of a text of several. */
#define STR_TOKEN_SIZE 128
#define STR_MULTI_TOKEN_SIZE 4096

typedef char cmdline_fixed_string_t[STR_TOKEN_SIZE];
typedef char cmdline_multi_string_t[STR_MULTI_TOKEN_SIZE];

/* NULL: any word. TOKEN_STRING_MULTI: the rest of the line. Else the words that may stand here, '#' between them. */
struct cmdline_token_string_data {
	const char *str;
};

struct cmdline_token_string {
	struct cmdline_token_hdr hdr;
	struct cmdline_token_string_data string_data;
};
typedef struct cmdline_token_string cmdline_parse_token_string_t;

extern struct cmdline_token_ops cmdline_token_string_ops;

int cmdline_parse_string(cmdline_parse_token_hdr_t *tk, const char *srcbuf, void *res, unsigned int ressize);
int cmdline_complete_get_nb_string(cmdline_parse_token_hdr_t *tk);
int cmdline_complete_get_elt_string(cmdline_parse_token_hdr_t *tk, int idx, char *dstbuf, unsigned int size);
int cmdline_get_help_string(cmdline_parse_token_hdr_t *tk, char *dstbuf, unsigned int size);

/* All that follows, up to a comment; the field is a cmdline_multi_string_t. */
#define TOKEN_STRING_MULTI ""

/* A token for a field of a result structure. */
#define TOKEN_STRING_INITIALIZER(structure, field, string) \
	{ { &cmdline_token_string_ops, offsetof(structure, field) }, { string } }

#ifdef __cplusplus
}
#endif

#endif
