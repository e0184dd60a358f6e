/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The insides of a command line, and the operating system's part of it (linux/, windows/).
 */
#ifndef CMDLINE_PRIVATE_H
#define CMDLINE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include <cmdline.h>

#define RDLINE_BUF_SIZE 512
#define RDLINE_PROMPT_SIZE 32
#define RDLINE_HISTORY_BUF_SIZE 8192

struct rdline {
	enum rdline_status status; /* atomic: another thread may quit */
	rdline_write_char_t *write_char;
	rdline_validate_t *validate;
	rdline_complete_t *complete;
	void *opaque;
	char prompt[RDLINE_PROMPT_SIZE];
	/* The line; the two bytes more are for "\n" and the end. */
	char line[RDLINE_BUF_SIZE + 2];
	unsigned int len, cursor;
	char killed[RDLINE_BUF_SIZE];
	unsigned int killed_len;
	/* Lines with their ends, the oldest first. */
	char history[RDLINE_HISTORY_BUF_SIZE];
	size_t history_len;
	int shown; /* which line of the history is being edited; -1: none */
	char typed[RDLINE_BUF_SIZE + 1]; /* what was there before it */
	struct cmdline_vt100 vt100;
};

struct cmdline {
	int s_in, s_out;
	cmdline_parse_ctx_t *ctx;
	char prompt[RDLINE_PROMPT_SIZE];
	void *terminal; /* how it was; NULL: unchanged */
	struct rdline rdl;
};

/* False when a callback is missing. */
bool rdline_init(struct rdline *rdl, rdline_write_char_t *write_char, rdline_validate_t *validate,
	rdline_complete_t *complete, void *opaque);

/* The i-th token of an instruction, NULL after the last. */
cmdline_parse_token_hdr_t *cmdline_token(cmdline_parse_inst_t *inst, unsigned int i);
/* Whether a text starts with the first n tokens of an instruction. */
bool cmdline_starts_with(cmdline_parse_inst_t *inst, const char *text, unsigned int n);

/* Keys of a terminal on fd at once, unchanged and unseen. What restore wants; NULL when it is no terminal. */
void *cmdline_os_terminal_raw(int fd);
void cmdline_os_terminal_restore(int fd, void *saved);
/* 1 when a read would not wait, 0 when it would, negative errno. */
int cmdline_os_readable(int fd);
/* As read() and write() of binary data. */
int cmdline_os_read(int fd, char *c);
int cmdline_os_write(int fd, const char *text, size_t len);
/* A file for reading; -1. */
int cmdline_os_open(const char *path);
void cmdline_os_close(int fd);
/* Lets a read of a terminal that waits come back, where nothing else does. */
void cmdline_os_cancel(int fd);

#endif
