/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A command line: a line editor (cmdline_rdline.h) between two file descriptors, and a context of instructions
 * (cmdline_parse.h) that its lines run. Used by one thread; cmdline_quit() may be called by another.
 */
#ifndef _CMDLINE_H_
#define _CMDLINE_H_

#include <cmdline_parse.h>
#include <cmdline_rdline.h>
#include <rte_common.h>
#include <rte_compat.h>

#ifdef __cplusplus
extern "C" {
#endif

enum rdline_status {
	RDLINE_INIT,
	RDLINE_RUNNING,
	RDLINE_EXITED
};

struct cmdline;

/** Reads from s_in and writes to s_out; -1: does not. NULL when ctx or prompt is, or without memory. */
struct cmdline *cmdline_new(cmdline_parse_ctx_t *ctx, const char *prompt, int s_in, int s_out);
/** From the next line on. */
void cmdline_set_prompt(struct cmdline *cl, const char *prompt);
/** Closes its descriptors as well, but not 0, 1 and 2. */
void cmdline_free(struct cmdline *cl);
void cmdline_printf(const struct cmdline *cl, const char *fmt, ...) __rte_format_printf(2, 3);
/** Characters as if they had been read. How many were taken; -1 at the end of input, after quit, and for NULL. */
int cmdline_in(struct cmdline *cl, const char *buf, int size);
/** What a cmdline gives its editor as write_char. */
int cmdline_write_char(struct rdline *rdl, char c);
/** NULL for NULL. */
struct rdline *cmdline_get_rdline(struct cmdline *cl);

/** Takes a character if there is one; does not wait. An rdline_status, RDLINE_EXITED being the end; negative errno. */
int cmdline_poll(struct cmdline *cl);
/** Reads until the end of input or cmdline_quit(). */
void cmdline_interact(struct cmdline *cl);
void cmdline_quit(struct cmdline *cl);

#ifdef __cplusplus
}
#endif

#endif
