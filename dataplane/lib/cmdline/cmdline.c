/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Command lines: an editor between two descriptors.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmdline_socket.h>
#include <rte_string_fns.h>

#include "cmdline_private.h"

static void
run_line(struct rdline *rdl, const char *buf, unsigned int size)
{
	struct cmdline *cl = rdl->opaque;

	RTE_SET_USED(size);
	switch (cmdline_parse(cl, buf)) {
	case CMDLINE_PARSE_AMBIGUOUS:
		cmdline_printf(cl, "Ambiguous command\n");
		break;
	case CMDLINE_PARSE_NOMATCH:
		cmdline_printf(cl, "Command not found\n");
		break;
	case CMDLINE_PARSE_BAD_ARGS:
		cmdline_printf(cl, "Bad arguments\n");
		break;
	default:
		break;
	}
}

static int
complete_line(struct rdline *rdl, const char *buf, char *dstbuf, unsigned int dstsize, int *state)
{
	return cmdline_complete(rdl->opaque, buf, state, dstbuf, dstsize);
}

int
cmdline_write_char(struct rdline *rdl, char c)
{
	const struct cmdline *cl;

	if (rdl == NULL)
		return -1;
	cl = rdl->opaque;
	return cl->s_out < 0 ? -1 : cmdline_os_write(cl->s_out, &c, 1);
}

void
cmdline_set_prompt(struct cmdline *cl, const char *prompt)
{
	if (cl != NULL && prompt != NULL)
		rte_strlcpy(cl->prompt, prompt, sizeof(cl->prompt));
}

struct cmdline *
cmdline_new(cmdline_parse_ctx_t *ctx, const char *prompt, int s_in, int s_out)
{
	struct cmdline *cl;

	if (ctx == NULL || prompt == NULL)
		return NULL;
	cl = calloc(1, sizeof(*cl));
	if (cl == NULL)
		return NULL;
	cl->s_in = s_in;
	cl->s_out = s_out;
	cl->ctx = ctx;
	rdline_init(&cl->rdl, cmdline_write_char, run_line, complete_line, cl);
	cmdline_set_prompt(cl, prompt);
	rdline_newline(&cl->rdl, cl->prompt);
	return cl;
}

struct cmdline *
cmdline_file_new(cmdline_parse_ctx_t *ctx, const char *prompt, const char *path)
{
	struct cmdline *cl;
	int fd;

	if (path == NULL)
		return NULL;
	fd = cmdline_os_open(path);
	if (fd < 0)
		return NULL;
	cl = cmdline_new(ctx, prompt, fd, -1);
	if (cl == NULL)
		cmdline_os_close(fd);
	return cl;
}

struct cmdline *
cmdline_stdin_new(cmdline_parse_ctx_t *ctx, const char *prompt)
{
	struct cmdline *cl = cmdline_new(ctx, prompt, 0, 1);

	if (cl != NULL) {
		cl->terminal = cmdline_os_terminal_raw(cl->s_in);
		/* Nothing may be held back from whoever reads the descriptor. */
		setbuf(stdin, NULL);
	}
	return cl;
}

void
cmdline_stdin_exit(struct cmdline *cl)
{
	if (cl == NULL)
		return;
	if (cl->terminal != NULL)
		cmdline_os_terminal_restore(cl->s_in, cl->terminal);
	cmdline_free(cl);
}

void
cmdline_free(struct cmdline *cl)
{
	if (cl == NULL)
		return;
	if (cl->s_in > 2)
		cmdline_os_close(cl->s_in);
	if (cl->s_out > 2 && cl->s_out != cl->s_in)
		cmdline_os_close(cl->s_out);
	free(cl);
}

struct rdline *
cmdline_get_rdline(struct cmdline *cl)
{
	return cl != NULL ? &cl->rdl : NULL;
}

void
cmdline_printf(const struct cmdline *cl, const char *fmt, ...)
{
	char small[512], *text = small;
	va_list ap, again;
	int len;

	if (cl == NULL || fmt == NULL || cl->s_out < 0)
		return;
	va_start(ap, fmt);
	va_copy(again, ap);
	len = vsnprintf(small, sizeof(small), fmt, ap);
	if (len >= (int)sizeof(small)) {
		text = malloc((size_t)len + 1);
		/* Without memory: as much as there is room for. */
		if (text != NULL)
			vsnprintf(text, (size_t)len + 1, fmt, again);
		else
			len = sizeof(small) - 1;
	}
	va_end(again);
	va_end(ap);
	if (len > 0)
		(void)cmdline_os_write(cl->s_out, text != NULL ? text : small, (size_t)len);
	if (text != small)
		free(text);
}

/* A line that was run goes to the history, unless it is empty or the newest one there again. */
static void
remember(struct rdline *rdl)
{
	const char *line = rdline_get_buffer(rdl), *newest = rdline_get_history_item(rdl, 0);
	size_t len = strcspn(line, "\n");

	if (len == 0 || (newest != NULL && strlen(newest) == len && memcmp(newest, line, len) == 0))
		return;
	(void)rdline_add_history(rdl, line);
}

int
cmdline_in(struct cmdline *cl, const char *buf, int size)
{
	int i;

	if (cl == NULL || buf == NULL)
		return -1;
	for (i = 0; i < size; i++)
		switch (rdline_char_in(&cl->rdl, buf[i])) {
		case RDLINE_RES_VALIDATED:
			remember(&cl->rdl);
			rdline_newline(&cl->rdl, cl->prompt);
			break;
		case RDLINE_RES_EOF:
		case RDLINE_RES_EXITED:
			return -1;
		default:
			break;
		}
	return i;
}

void
cmdline_quit(struct cmdline *cl)
{
	if (cl == NULL)
		return;
	rdline_quit(&cl->rdl);
	cmdline_os_cancel(cl->s_in);
}

int
cmdline_poll(struct cmdline *cl)
{
	int ret;
	char c;

	if (cl == NULL)
		return -EINVAL;
	if (__atomic_load_n(&cl->rdl.status, __ATOMIC_RELAXED) == RDLINE_EXITED)
		return RDLINE_EXITED;
	ret = cmdline_os_readable(cl->s_in);
	if (ret > 0) {
		ret = cmdline_os_read(cl->s_in, &c);
		/* The end of input is the end. */
		if (ret == 0 || (ret > 0 && cmdline_in(cl, &c, 1) < 0))
			rdline_quit(&cl->rdl);
	}
	return ret < 0 ? ret : (int)__atomic_load_n(&cl->rdl.status, __ATOMIC_RELAXED);
}

void
cmdline_interact(struct cmdline *cl)
{
	char c;

	if (cl == NULL)
		return;
	while (cmdline_os_read(cl->s_in, &c) > 0)
		if (cmdline_in(cl, &c, 1) < 0)
			return;
}
