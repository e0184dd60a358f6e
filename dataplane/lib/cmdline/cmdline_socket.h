/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Command lines on a file and on the terminal.
 */
#ifndef _CMDLINE_SOCKET_H_
#define _CMDLINE_SOCKET_H_

#include <cmdline_parse.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Reads commands from a file and shows nothing. NULL when it cannot be opened, or as cmdline_new(). */
struct cmdline *cmdline_file_new(cmdline_parse_ctx_t *ctx, const char *prompt, const char *path);
/** On standard input and output; a terminal gives its keys unchanged and at once from here on. */
struct cmdline *cmdline_stdin_new(cmdline_parse_ctx_t *ctx, const char *prompt);
/** Gives the terminal back as it was, and frees. */
void cmdline_stdin_exit(struct cmdline *cl);

#ifdef __cplusplus
}
#endif

#endif
