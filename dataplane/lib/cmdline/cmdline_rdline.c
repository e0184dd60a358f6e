/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The line editor: a line, a cursor in it, and what each key does to both and to the terminal.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_string_fns.h>

#include "cmdline_private.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static enum rdline_status
status_of(const struct rdline *rdl)
{
	return __atomic_load_n(&rdl->status, __ATOMIC_RELAXED);
}

static void
set_status(struct rdline *rdl, enum rdline_status status)
{
	__atomic_store_n(&rdl->status, status, __ATOMIC_RELAXED);
}

static void
show(struct rdline *rdl, const char *text, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		rdl->write_char(rdl, text[i]);
}

static void
show_text(struct rdline *rdl, const char *text)
{
	show(rdl, text, (unsigned int)strlen(text));
}

/* vt100_multi_*: the cursor of the terminal by n columns. */
static void
show_move(struct rdline *rdl, const char *format, unsigned int n)
{
	char text[16];

	if (n == 0)
		return;
	snprintf(text, sizeof(text), format, n);
	show_text(rdl, text);
}

/* What is right of the cursor, which stays where it is. */
static void
show_tail(struct rdline *rdl)
{
	show_text(rdl, vt100_clear_right);
	show(rdl, rdl->line + rdl->cursor, rdl->len - rdl->cursor);
	show_move(rdl, vt100_multi_left, rdl->len - rdl->cursor);
}

static void
empty_line(struct rdline *rdl)
{
	vt100_init(&rdl->vt100);
	rdl->len = rdl->cursor = 0;
	rdl->shown = -1;
}

bool
rdline_init(struct rdline *rdl, rdline_write_char_t *write_char, rdline_validate_t *validate,
	rdline_complete_t *complete, void *opaque)
{
	if (write_char == NULL || validate == NULL || complete == NULL)
		return false;
	memset(rdl, 0, sizeof(*rdl));
	rdl->write_char = write_char;
	rdl->validate = validate;
	rdl->complete = complete;
	rdl->opaque = opaque;
	rdl->status = RDLINE_INIT;
	empty_line(rdl);
	return true;
}

struct rdline *
rdline_new(rdline_write_char_t *write_char, rdline_validate_t *validate, rdline_complete_t *complete, void *opaque)
{
	struct rdline *rdl = malloc(sizeof(*rdl));

	if (rdl != NULL && !rdline_init(rdl, write_char, validate, complete, opaque)) {
		free(rdl);
		rdl = NULL;
	}
	return rdl;
}

void
rdline_free(struct rdline *rdl)
{
	free(rdl);
}

void
rdline_newline(struct rdline *rdl, const char *prompt)
{
	if (rdl == NULL || prompt == NULL)
		return;
	if (prompt != rdl->prompt)
		rte_strlcpy(rdl->prompt, prompt, sizeof(rdl->prompt));
	show_text(rdl, rdl->prompt);
	rdline_reset(rdl);
}

void
rdline_stop(struct rdline *rdl)
{
	if (rdl != NULL)
		set_status(rdl, RDLINE_INIT);
}

void
rdline_quit(struct rdline *rdl)
{
	if (rdl != NULL)
		set_status(rdl, RDLINE_EXITED);
}

void
rdline_restart(struct rdline *rdl)
{
	if (rdl != NULL)
		set_status(rdl, RDLINE_RUNNING);
}

void
rdline_reset(struct rdline *rdl)
{
	if (rdl == NULL)
		return;
	empty_line(rdl);
	set_status(rdl, RDLINE_RUNNING);
}

void
rdline_redisplay(struct rdline *rdl)
{
	if (rdl == NULL)
		return;
	show_text(rdl, vt100_home);
	show_text(rdl, rdl->prompt);
	show(rdl, rdl->line, rdl->cursor);
	show_tail(rdl);
}

const char *
rdline_get_buffer(struct rdline *rdl)
{
	if (rdl == NULL)
		return NULL;
	memcpy(rdl->line + rdl->len, "\n", 2);
	return rdl->line;
}

void *
rdline_get_opaque(struct rdline *rdl)
{
	return rdl != NULL ? rdl->opaque : NULL;
}

/* Puts text at the cursor, as much of it as there is room for. */
static void
insert(struct rdline *rdl, const char *text, size_t n)
{
	unsigned int fits = (unsigned int)RTE_MIN(n, (size_t)(RDLINE_BUF_SIZE - rdl->len));

	memmove(rdl->line + rdl->cursor + fits, rdl->line + rdl->cursor, rdl->len - rdl->cursor);
	memcpy(rdl->line + rdl->cursor, text, fits);
	rdl->len += fits;
	rdl->cursor += fits;
	show(rdl, text, fits);
	if (rdl->cursor < rdl->len)
		show_tail(rdl);
}

/* Takes out what is between the cursor and another place. The terminal's cursor goes where the line's does. */
static void
erase(struct rdline *rdl, unsigned int place)
{
	unsigned int from = RTE_MIN(place, rdl->cursor), to = RTE_MAX(place, rdl->cursor);

	if (from == to)
		return;
	show_move(rdl, vt100_multi_left, rdl->cursor - from);
	memmove(rdl->line + from, rdl->line + to, rdl->len - to);
	rdl->len -= to - from;
	rdl->cursor = from;
	show_tail(rdl);
}

static void
move(struct rdline *rdl, unsigned int place)
{
	if (place < rdl->cursor)
		show_move(rdl, vt100_multi_left, rdl->cursor - place);
	else
		show_move(rdl, vt100_multi_right, place - rdl->cursor);
	rdl->cursor = place;
}

/* The start of the word that is left of the cursor, and the end of the one right of it. */
static unsigned int
word_left(const struct rdline *rdl)
{
	unsigned int place = rdl->cursor;

	while (place > 0 && is_blank(rdl->line[place - 1]))
		place--;
	while (place > 0 && !is_blank(rdl->line[place - 1]))
		place--;
	return place;
}

static unsigned int
word_right(const struct rdline *rdl)
{
	unsigned int place = rdl->cursor;

	while (place < rdl->len && is_blank(rdl->line[place]))
		place++;
	while (place < rdl->len && !is_blank(rdl->line[place]))
		place++;
	return place;
}

/* The line `by` older than what is being shown; past the newest comes what had been typed. */
static void
browse(struct rdline *rdl, int by)
{
	int wanted = rdl->shown + by;
	const char *text;

	if (wanted < -1)
		return;
	text = wanted == -1 ? rdl->typed : rdline_get_history_item(rdl, (unsigned int)wanted);
	if (text == NULL)
		return;
	if (rdl->shown == -1) {
		memcpy(rdl->typed, rdl->line, rdl->len);
		rdl->typed[rdl->len] = '\0';
	}
	rdl->shown = wanted;
	rdl->len = rdl->cursor = (unsigned int)strnlen(text, RDLINE_BUF_SIZE);
	memcpy(rdl->line, text, rdl->len);
	rdline_redisplay(rdl);
}

/* state: 0 to complete, -1 to list. */
static void
complete(struct rdline *rdl, int state)
{
	char start[RDLINE_BUF_SIZE + 1], found[BUFSIZ];
	int ret;

	memcpy(start, rdl->line, rdl->cursor);
	start[rdl->cursor] = '\0';
	ret = rdl->complete(rdl, start, found, sizeof(found), &state);
	if (ret == RDLINE_RES_COMPLETE) {
		insert(rdl, found, strnlen(found, sizeof(found)));
		return;
	}
	if (ret <= 0)
		return;
	show_text(rdl, "\r\n");
	for (; ret > 0; ret = rdl->complete(rdl, start, found, sizeof(found), &state)) {
		show_text(rdl, " ");
		show(rdl, found, (unsigned int)strnlen(found, sizeof(found)));
		show_text(rdl, "\r\n");
	}
	rdline_redisplay(rdl);
}

static int
hand_over(struct rdline *rdl)
{
	set_status(rdl, RDLINE_INIT);
	show_text(rdl, "\r\n");
	rdl->validate(rdl, rdline_get_buffer(rdl), rdl->len + 2);
	return status_of(rdl) == RDLINE_EXITED ? RDLINE_RES_EXITED : RDLINE_RES_VALIDATED;
}

static int
press(struct rdline *rdl, int key)
{
	switch (key) {
	case CMDLINE_KEY_CTRL_B:
	case CMDLINE_KEY_LEFT_ARR:
		move(rdl, rdl->cursor - (rdl->cursor > 0));
		break;
	case CMDLINE_KEY_CTRL_F:
	case CMDLINE_KEY_RIGHT_ARR:
		move(rdl, rdl->cursor + (rdl->cursor < rdl->len));
		break;
	case CMDLINE_KEY_WLEFT:
		move(rdl, word_left(rdl));
		break;
	case CMDLINE_KEY_WRIGHT:
		move(rdl, word_right(rdl));
		break;
	case CMDLINE_KEY_CTRL_A:
		move(rdl, 0);
		break;
	case CMDLINE_KEY_CTRL_E:
		move(rdl, rdl->len);
		break;
	case CMDLINE_KEY_BKSPACE:
	case CMDLINE_KEY_BKSPACE2:
		erase(rdl, rdl->cursor - (rdl->cursor > 0));
		break;
	case CMDLINE_KEY_CTRL_D:
		if (rdl->len == 0)
			return RDLINE_RES_EOF;
		/* fall through */
	case CMDLINE_KEY_SUPPR:
		erase(rdl, rdl->cursor + (rdl->cursor < rdl->len));
		break;
	case CMDLINE_KEY_META_BKSPACE:
	case CMDLINE_KEY_CTRL_W:
		erase(rdl, word_left(rdl));
		break;
	case CMDLINE_KEY_META_D:
		erase(rdl, word_right(rdl));
		break;
	case CMDLINE_KEY_CTRL_K:
		rdl->killed_len = rdl->len - rdl->cursor;
		memcpy(rdl->killed, rdl->line + rdl->cursor, rdl->killed_len);
		erase(rdl, rdl->len);
		break;
	case CMDLINE_KEY_CTRL_Y:
		insert(rdl, rdl->killed, rdl->killed_len);
		break;
	case CMDLINE_KEY_CTRL_C:
		show_text(rdl, "\r\n");
		rdline_newline(rdl, rdl->prompt);
		break;
	case CMDLINE_KEY_CTRL_L:
		rdline_redisplay(rdl);
		break;
	case CMDLINE_KEY_TAB:
		complete(rdl, 0);
		return RDLINE_RES_COMPLETE;
	case CMDLINE_KEY_HELP:
		complete(rdl, -1);
		return RDLINE_RES_COMPLETE;
	case CMDLINE_KEY_RETURN:
	case CMDLINE_KEY_RETURN2:
		return hand_over(rdl);
	case CMDLINE_KEY_UP_ARR:
	case CMDLINE_KEY_CTRL_P:
		browse(rdl, 1);
		break;
	case CMDLINE_KEY_DOWN_ARR:
	case CMDLINE_KEY_CTRL_N:
		browse(rdl, -1);
		break;
	default:
		break;
	}
	return RDLINE_RES_SUCCESS;
}

int
rdline_char_in(struct rdline *rdl, char c)
{
	int key;

	if (rdl == NULL)
		return -EINVAL;
	if (status_of(rdl) == RDLINE_EXITED)
		return RDLINE_RES_EXITED;
	if (status_of(rdl) != RDLINE_RUNNING)
		return RDLINE_RES_NOT_RUNNING;
	key = vt100_parser(&rdl->vt100, c);
	if (key >= 0)
		return press(rdl, key);
	if (key == -1 && isprint((unsigned char)c))
		insert(rdl, &c, 1);
	return RDLINE_RES_SUCCESS;
}

int
rdline_add_history(struct rdline *rdl, const char *buf)
{
	size_t len;

	if (rdl == NULL || buf == NULL)
		return -EINVAL;
	len = strcspn(buf, "\n");
	if (len > RDLINE_BUF_SIZE)
		return -1;
	while (sizeof(rdl->history) - rdl->history_len < len + 1) {
		size_t oldest = strlen(rdl->history) + 1;

		rdl->history_len -= oldest;
		memmove(rdl->history, rdl->history + oldest, rdl->history_len);
	}
	memcpy(rdl->history + rdl->history_len, buf, len);
	rdl->history_len += len;
	rdl->history[rdl->history_len++] = '\0';
	return 0;
}

void
rdline_clear_history(struct rdline *rdl)
{
	if (rdl != NULL)
		rdl->history_len = 0;
}

char *
rdline_get_history_item(struct rdline *rdl, unsigned int i)
{
	size_t at;

	if (rdl == NULL)
		return NULL;
	for (at = rdl->history_len; at > 0; i--) {
		/* Back over the end of this line to that of the one before. */
		for (at--; at > 0 && rdl->history[at - 1] != '\0'; at--)
			;
		if (i == 0)
			return rdl->history + at;
	}
	return NULL;
}

size_t
rdline_get_history_buffer_size(struct rdline *rdl)
{
	return rdl != NULL ? sizeof(rdl->history) : 0;
}
