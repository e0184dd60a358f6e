/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Words as tokens.
 */
#include <stdio.h>
#include <string.h>

#include <cmdline_parse_string.h>
#include <rte_common.h>

struct cmdline_token_ops cmdline_token_string_ops = {
	.parse = cmdline_parse_string,
	.complete_get_nb = cmdline_complete_get_nb_string,
	.complete_get_elt = cmdline_complete_get_elt_string,
	.get_help = cmdline_get_help_string,
};

static const char *
words_of(const cmdline_parse_token_hdr_t *tk)
{
	return ((const struct cmdline_token_string *)(const void *)tk)->string_data.str;
}

/* The length of the word at *words, which moves on to the next one, or to NULL. */
static size_t
next_word(const char **words)
{
	size_t len = strcspn(*words, "#");

	*words = (*words)[len] == '#' ? *words + len + 1 : NULL;
	return len;
}

/* The length of the one of the words that the text starts with, or 0. */
static size_t
one_of(const char *words, const char *text)
{
	while (words != NULL) {
		const char *word = words;
		size_t len = next_word(&words);

		if (len < STR_TOKEN_SIZE - 1 && strncmp(text, word, len) == 0 && cmdline_isendoftoken(text[len]))
			return len;
	}
	return 0;
}

int
cmdline_parse_string(cmdline_parse_token_hdr_t *tk, const char *srcbuf, void *res, unsigned int ressize)
{
	const char *words;
	size_t len = 0, room = STR_TOKEN_SIZE;

	if (tk == NULL || srcbuf == NULL || *srcbuf == '\0')
		return -1;
	words = words_of(tk);
	if (words == NULL) {
		while (len < room && !cmdline_isendoftoken(srcbuf[len]))
			len++;
	} else if (*words == '\0') {
		room = STR_MULTI_TOKEN_SIZE;
		while (len < room && !cmdline_isendofcommand(srcbuf[len]))
			len++;
	} else {
		len = one_of(words, srcbuf);
		if (len == 0)
			return -1;
	}
	if (len >= room - 1)
		return -1;
	if (res != NULL) {
		if (ressize < room)
			return -1;
		memcpy(res, srcbuf, len);
		((char *)res)[len] = '\0';
	}
	return (int)len;
}

int
cmdline_complete_get_nb_string(cmdline_parse_token_hdr_t *tk)
{
	const char *words;
	int n = 0;

	if (tk == NULL)
		return -1;
	for (words = words_of(tk); words != NULL; n++)
		(void)next_word(&words);
	return n;
}

int
cmdline_complete_get_elt_string(cmdline_parse_token_hdr_t *tk, int idx, char *dstbuf, unsigned int size)
{
	const char *words;

	if (tk == NULL || dstbuf == NULL || idx < 0)
		return -1;
	for (words = words_of(tk); words != NULL; idx--) {
		const char *word = words;
		size_t len = next_word(&words);

		if (idx > 0)
			continue;
		if (len >= size)
			return -1;
		memcpy(dstbuf, word, len);
		dstbuf[len] = '\0';
		return 0;
	}
	return -1;
}

int
cmdline_get_help_string(cmdline_parse_token_hdr_t *tk, char *dstbuf, unsigned int size)
{
	const char *words, *help;

	if (tk == NULL || dstbuf == NULL)
		return -1;
	words = words_of(tk);
	if (words == NULL)
		help = "Any STRING";
	else if (*words == '\0')
		help = "Any STRINGS";
	else if (strchr(words, '#') != NULL)
		help = "Mul-choice STRING";
	else
		help = "Fixed STRING";
	snprintf(dstbuf, size, "%s", help);
	return 0;
}
