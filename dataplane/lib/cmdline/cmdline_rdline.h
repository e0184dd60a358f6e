/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A line editor over callbacks: characters go in one by one, what the terminal is to show comes out one by one, and
 * whole lines are handed over. Functions take NULL for an editor and do nothing, or say -EINVAL or NULL.
 */
#ifndef _RDLINE_H_
#define _RDLINE_H_

#include <stdio.h>

#include <cmdline_cirbuf.h>
#include <cmdline_vt100.h>
#include <rte_compat.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rdline;

typedef int (rdline_write_char_t)(struct rdline *rdl, char);
/* A line is complete: with "\n" and its end, size bytes in all. */
typedef void (rdline_validate_t)(struct rdline *rdl, const char *buf, unsigned int size);
/* As cmdline_complete() of cmdline_parse.h. */
typedef int (rdline_complete_t)(struct rdline *rdl, const char *buf, char *dstbuf, unsigned int dstsize, int *state);

/** An editor, not running yet. NULL when a callback is, or without memory. */
struct rdline *rdline_new(rdline_write_char_t *write_char, rdline_validate_t *validate, rdline_complete_t *complete,
	void *opaque);
void rdline_free(struct rdline *rdl);

/** Starts an empty line behind the prompt, of which 31 characters are kept. */
void rdline_newline(struct rdline *rdl, const char *prompt);
/** Takes no characters any more until newline, restart or reset. */
void rdline_stop(struct rdline *rdl);
/** As rdline_stop(), and says so to whoever brings characters. */
void rdline_quit(struct rdline *rdl);
/** Goes on with the line as it is. */
void rdline_restart(struct rdline *rdl);
/** Shows prompt and line again. */
void rdline_redisplay(struct rdline *rdl);
/** Goes on with an empty line, and shows nothing. */
void rdline_reset(struct rdline *rdl);

/* What a character did. */
#define RDLINE_RES_SUCCESS 0
#define RDLINE_RES_VALIDATED 1 /* a line was handed over */
#define RDLINE_RES_COMPLETE 2  /* completion was asked for */
#define RDLINE_RES_NOT_RUNNING -1
#define RDLINE_RES_EOF -2 /* the end of input was asked for, on an empty line */
#define RDLINE_RES_EXITED -3

/** One character of input. RDLINE_RES_*; -EINVAL for NULL. */
int rdline_char_in(struct rdline *rdl, char c);

/** The line with "\n"; good until the next call. */
const char *rdline_get_buffer(struct rdline *rdl);

/** Makes buf, up to its newline, the newest line of the history. 0; negative when it is too long, or for NULL. */
int rdline_add_history(struct rdline *rdl, const char *buf);
void rdline_clear_history(struct rdline *rdl);
/** The i-th newest line, 0 being the newest; NULL when there are not so many. Good until the history changes. */
char *rdline_get_history_item(struct rdline *rdl, unsigned int i);
/** Bytes the history can have. */
size_t rdline_get_history_buffer_size(struct rdline *rdl);
void *rdline_get_opaque(struct rdline *rdl);

#ifdef __cplusplus
}
#endif

#endif
