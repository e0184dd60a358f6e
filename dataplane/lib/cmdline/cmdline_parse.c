/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Lines against instructions.
 */
#include <limits.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "cmdline_private.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

int
cmdline_isendofcommand(char c)
{
	return c == '\0' || c == '#' || is_line_end(c);
}

int
cmdline_isendoftoken(char c)
{
	return is_blank(c) || cmdline_isendofcommand(c);
}

cmdline_parse_token_hdr_t *
cmdline_token(cmdline_parse_inst_t *inst, unsigned int i)
{
	cmdline_parse_token_hdr_t *token = NULL;

	if (inst->tokens[0] != NULL)
		return inst->tokens[i];
	/* By its address alone, see cmdline_parse.h. */
	if (inst->f != NULL)
		inst->f(&token, NULL, (void *)((uintptr_t)inst->tokens + i * sizeof(inst->tokens[0])));
	return token;
}

/*
 * How many tokens of an instruction, at most limit, the text starts with; *rest is what follows them. Values go to
 * result unless it is NULL.
 */
static unsigned int
match(cmdline_parse_inst_t *inst, const char *text, unsigned int limit, char *result, const char **rest)
{
	cmdline_parse_token_hdr_t *token;
	unsigned int i;
	int n;

	for (i = 0; i < limit && (token = cmdline_token(inst, i)) != NULL; i++) {
		while (is_blank(*text))
			text++;
		if (cmdline_isendofcommand(*text) || token->offset > CMDLINE_PARSE_RESULT_BUFSIZE)
			break;
		n = result == NULL ? token->ops->parse(token, text, NULL, 0) :
			token->ops->parse(token, text, result + token->offset, CMDLINE_PARSE_RESULT_BUFSIZE - token->offset);
		if (n < 0)
			break;
		text += n;
	}
	while (is_blank(*text))
		text++;
	*rest = text;
	return i;
}

bool
cmdline_starts_with(cmdline_parse_inst_t *inst, const char *text, unsigned int n)
{
	const char *rest;

	return match(inst, text, n, NULL, &rest) == n;
}

/* The line's length with its end, or 0 when that is missing. */
static int
line_length(const char *text)
{
	size_t words = strcspn(text, "\n\r"), end = strspn(text + words, "\n\r");

	return end == 0 ? 0 : (int)(words + end);
}

static int
parse(struct cmdline *cl, const char *text, bool run)
{
	/* One to fill while the other holds what has matched. */
	alignas(max_align_t) char results[2][CMDLINE_PARSE_RESULT_BUFSIZE];
	cmdline_parse_inst_t *inst, *found = NULL;
	int err = CMDLINE_PARSE_NOMATCH, length;
	unsigned int i, matched;
	const char *rest;

	if (cl == NULL || text == NULL)
		return CMDLINE_PARSE_BAD_ARGS;
	length = line_length(text);
	if (length == 0 || cmdline_isendofcommand(text[strspn(text, " \t")]))
		return length;
	for (i = 0; (inst = cl->ctx[i]) != NULL; i++) {
		char *result = results[found != NULL];

		memset(result, 0, sizeof(results[0]));
		matched = match(inst, text, UINT_MAX, result, &rest);
		if (matched == 0)
			continue;
		if (cmdline_token(inst, matched) != NULL || !cmdline_isendofcommand(*rest)) {
			err = CMDLINE_PARSE_BAD_ARGS;
			continue;
		}
		if (found != NULL)
			return CMDLINE_PARSE_AMBIGUOUS;
		found = inst;
	}
	if (found == NULL)
		return err;
	if (run && found->f != NULL)
		found->f(results[0], cl, found->data);
	return length;
}

int
cmdline_parse(struct cmdline *cl, const char *buf)
{
	return parse(cl, buf, true);
}

int
cmdline_parse_check(struct cmdline *cl, const char *buf)
{
	return parse(cl, buf, false);
}
