/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What can follow the start of a line: of each instruction that starts like it, the values its next token can take,
 * or, where they cannot be listed, the token itself.
 */
#include <stdio.h>
#include <string.h>

#include <rte_string_fns.h>

#include "cmdline_private.h"

/* A value of a token with a blank behind it. */
#define TEXT_SIZE (64 + 2)

struct question {
	const char *line;
	unsigned int words; /* whole ones, a blank behind each */
	const char *begun;  /* the one that is not */
	size_t begun_len;
};

struct choice {
	cmdline_parse_inst_t *inst;
	cmdline_parse_token_hdr_t *token; /* NULL: the line could end here */
	char text[TEXT_SIZE];             /* empty: any value of that type */
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct question
understand(const char *line)
{
	struct question q = { .line = line, .begun = line };
	const char *p;

	for (p = line; *p != '\0'; p++) {
		if (!is_blank(*p) && is_blank(p[1]))
			q.words++;
		if (is_blank(*p))
			q.begun = p + 1;
	}
	q.begun_len = strlen(q.begun);
	return q;
}

/* The i-th of a token's values as a choice; false when it does not go on from what is there. */
static bool
value(const struct question *q, struct choice *choice, int i)
{
	size_t len;

	if (choice->token->ops->complete_get_elt(choice->token, i, choice->text, sizeof(choice->text) - 1) < 0)
		return false;
	len = strlen(choice->text);
	memcpy(choice->text + len, " ", 2);
	return strncmp(choice->text, q->begun, q->begun_len) == 0;
}

/* Calls `see` with each choice until it returns false. */
static void
each_choice(struct cmdline *cl, const struct question *q, bool (*see)(const struct choice *, void *), void *arg)
{
	struct choice choice;
	unsigned int i;
	int n, k;

	for (i = 0; (choice.inst = cl->ctx[i]) != NULL; i++) {
		if (!cmdline_starts_with(choice.inst, q->line, q->words))
			continue;
		choice.token = cmdline_token(choice.inst, q->words);
		n = 0;
		if (choice.token != NULL && choice.token->ops->complete_get_nb != NULL &&
		    choice.token->ops->complete_get_elt != NULL)
			n = choice.token->ops->complete_get_nb(choice.token);
		choice.text[0] = '\0';
		if (n <= 0 && !see(&choice, arg))
			return;
		for (k = 0; k < n; k++)
			if (value(q, &choice, k) && !see(&choice, arg))
				return;
	}
}

/* What all values have in common, and whether there is anything at all. */
struct common {
	bool any, values;
	char text[TEXT_SIZE];
};

static bool
see_common(const struct choice *choice, void *arg)
{
	struct common *common = arg;
	size_t i;

	common->any = true;
	if (choice->text[0] == '\0')
		return true;
	if (!common->values)
		memcpy(common->text, choice->text, sizeof(common->text));
	common->values = true;
	for (i = 0; common->text[i] != '\0' && common->text[i] == choice->text[i]; i++)
		;
	common->text[i] = '\0';
	return true;
}

/* One line of a list. */
struct line {
	int left; /* choices to skip */
	bool written;
	char *dst;
	unsigned int size;
};

static bool
see_line(const struct choice *choice, void *arg)
{
	const char *help = choice->inst->help_str != NULL ? choice->inst->help_str : "No help";
	struct line *line = arg;
	char type[64] = "";

	if (line->left-- > 0)
		return true;
	line->written = true;
	if (choice->token == NULL || choice->token->ops->get_help == NULL ||
	    choice->token->ops->get_help(choice->token, type, sizeof(type)) < 0)
		snprintf(line->dst, line->size, "%s", choice->text[0] != '\0' ? choice->text : "[RETURN]");
	else
		snprintf(line->dst, line->size, "%s[%s]: %s", choice->text, type, help);
	return false;
}

int
cmdline_complete(struct cmdline *cl, const char *buf, int *state, char *dst, unsigned int size)
{
	struct question q;

	if (cl == NULL || buf == NULL || state == NULL || dst == NULL)
		return -1;
	q = understand(buf);
	if (*state <= 0) {
		struct common common = { .any = false };

		each_choice(cl, &q, see_common, &common);
		if (!common.any)
			return CMDLINE_PARSE_COMPLETE_FINISHED;
		if (*state == 0 && q.begun_len > 0 && common.values && common.text[q.begun_len] != '\0') {
			if (rte_strlcpy(dst, common.text + q.begun_len, size) >= size)
				return CMDLINE_PARSE_COMPLETE_FINISHED;
			return CMDLINE_PARSE_COMPLETED_BUFFER;
		}
		*state = 0;
	}
	{
		struct line line = { .left = (*state)++, .dst = dst, .size = size };

		each_choice(cl, &q, see_line, &line);
		return line.written ? CMDLINE_PARSE_COMPLETE_AGAIN : CMDLINE_PARSE_COMPLETE_FINISHED;
	}
}
