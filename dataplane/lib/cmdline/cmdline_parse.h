/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Commands as lists of typed tokens. A context is a NULL-terminated array of instructions; a line that matches the
 * tokens of one of them is turned into that instruction's result structure and handed to its function.
 *
 * One cmdline belongs to one thread at a time. Instructions and tokens are the program's and outlive the cmdline.
 */
#ifndef _CMDLINE_PARSE_H_
#define _CMDLINE_PARSE_H_

#include <stddef.h>

#include <rte_compat.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What parsing a line came to, when it did not call an instruction. */
#define CMDLINE_PARSE_SUCCESS 0
#define CMDLINE_PARSE_AMBIGUOUS -1 /* several instructions match */
#define CMDLINE_PARSE_NOMATCH -2 /* no instruction starts like this */
#define CMDLINE_PARSE_BAD_ARGS -3 /* an instruction starts like this and does not go on like this */

/* What completing a line came to. */
#define CMDLINE_PARSE_COMPLETE_FINISHED 0 /* no more choices; the buffer says nothing */
#define CMDLINE_PARSE_COMPLETE_AGAIN 1 /* the buffer holds a choice: call again for the next */
#define CMDLINE_PARSE_COMPLETED_BUFFER 2 /* the buffer holds what is to be appended to the line */

/* Bytes that one line's result structure may have. */
#define CMDLINE_PARSE_RESULT_BUFSIZE 8192

/* The head of every token: its type, and where in the result structure its value goes. */
struct cmdline_token_hdr {
	struct cmdline_token_ops *ops;
	unsigned int offset;
};
typedef struct cmdline_token_hdr cmdline_parse_token_hdr_t;

/* A type of token. */
struct cmdline_token_ops {
	/*
	 * Reads one token from the start of a text into size bytes at result (NULL: only checks). Returns the number of
	 * characters it took, or a negative number when the text is no such token.
	 */
	int (*parse)(cmdline_parse_token_hdr_t *, const char *, void *, unsigned int);
	/* How many values the token can take, if they can be listed; else 0. May be NULL. */
	int (*complete_get_nb)(cmdline_parse_token_hdr_t *);
	/* Writes the i-th of those values, with its end, into size bytes. Negative: there is none, or no room. */
	int (*complete_get_elt)(cmdline_parse_token_hdr_t *, int, char *, unsigned int);
	/* Writes what is expected here, for people, into size bytes. Negative: no room. */
	int (*get_help)(cmdline_parse_token_hdr_t *, char *, unsigned int);
};

struct cmdline;

/*
 * An instruction: f(result, cmdline, data) runs when a line matches its tokens, a NULL-terminated list.
 *
 * When the list is empty, f makes it on demand: f(&token, NULL, &inst->tokens[i]) sets token to the i-th token, NULL
 * after the last. The tokens it names stay valid. The address of tokens[i] only tells i; nothing is stored there. A
 * list begins anew when i is 0.
 */
struct cmdline_inst {
	void (*f)(void *, struct cmdline *, void *);
	void *data;
	const char *help_str;
	cmdline_parse_token_hdr_t *tokens[];
};
typedef struct cmdline_inst cmdline_parse_inst_t;

typedef cmdline_parse_inst_t *cmdline_parse_ctx_t;

/**
 * Runs the instruction that the line at buf matches; the line ends with a newline or carriage return.
 * @return the length of the line with its end, also when it was empty or only a comment; 0 when its end is missing;
 *   CMDLINE_PARSE_AMBIGUOUS, _NOMATCH or _BAD_ARGS (also for NULL) when nothing was run.
 */
int cmdline_parse(struct cmdline *cl, const char *buf);
/** As cmdline_parse(), and runs nothing. */
int cmdline_parse_check(struct cmdline *cl, const char *buf);

/**
 * What can follow buf, a line without its end. *state: 0 to complete, -1 to list; left alone by the caller between
 * calls that return CMDLINE_PARSE_COMPLETE_AGAIN.
 * @return one of CMDLINE_PARSE_COMPLETE*, of which the latter two leave a text in dst; negative for NULL.
 */
int cmdline_complete(struct cmdline *cl, const char *buf, int *state, char *dst, unsigned int size);

/** Whether c ends a word: a blank, or what ends a command. */
int cmdline_isendoftoken(char c);
/** Whether c ends a command: the end of the line or text, or the '#' of a comment. */
int cmdline_isendofcommand(char c);

#ifdef __cplusplus
}
#endif

#endif
