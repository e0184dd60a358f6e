/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Ring buffers of characters. end == start for none as for one character, so the ends move only while two are left.
 */
#include <errno.h>
#include <string.h>

#include <cmdline_cirbuf.h>
#include <rte_common.h>

/* The index `distance` (at most maxlen) after `index`. A buffer may have no room at all. */
static unsigned int
after(const struct cirbuf *cbuf, unsigned int index, unsigned int distance)
{
	return cbuf->maxlen == 0 ? index : (unsigned int)(((unsigned long long)index + distance) % cbuf->maxlen);
}

/* start and len are set: where the last character is. */
static void
set_end(struct cirbuf *cbuf)
{
	cbuf->end = cbuf->len == 0 ? cbuf->start : after(cbuf, cbuf->start, cbuf->len - 1);
}

/* n characters between the buffer, from `index` on, and an array, in one or two pieces. */
static void
put(struct cirbuf *cbuf, unsigned int index, const char *from, unsigned int n)
{
	unsigned int first = RTE_MIN(n, cbuf->maxlen - index);

	memcpy(cbuf->buf + index, from, first);
	memcpy(cbuf->buf, from + first, n - first);
}

static void
take(const struct cirbuf *cbuf, unsigned int index, char *to, unsigned int n)
{
	unsigned int first = RTE_MIN(n, cbuf->maxlen - index);

	memcpy(to, cbuf->buf + index, first);
	memcpy(to + first, cbuf->buf, n - first);
}

int
cirbuf_init(struct cirbuf *cbuf, char *buf, unsigned int start, unsigned int maxlen)
{
	if (cbuf == NULL || buf == NULL)
		return -EINVAL;
	cbuf->maxlen = maxlen;
	cbuf->len = 0;
	cbuf->start = start;
	cbuf->end = start;
	cbuf->buf = buf;
	return 0;
}

int
cirbuf_add_buf_head(struct cirbuf *cbuf, const char *c, unsigned int n)
{
	if (cbuf == NULL || c == NULL || n == 0 || n > CIRBUF_GET_FREELEN(cbuf))
		return -EINVAL;
	/* The first one of an empty buffer goes where start is. */
	cbuf->start = after(cbuf, cbuf->start, cbuf->maxlen - n + CIRBUF_IS_EMPTY(cbuf));
	put(cbuf, cbuf->start, c, n);
	cbuf->len += n;
	set_end(cbuf);
	return (int)n;
}

int
cirbuf_add_buf_tail(struct cirbuf *cbuf, const char *c, unsigned int n)
{
	if (cbuf == NULL || c == NULL || n == 0 || n > CIRBUF_GET_FREELEN(cbuf))
		return -EINVAL;
	put(cbuf, after(cbuf, cbuf->start, cbuf->len), c, n);
	cbuf->len += n;
	set_end(cbuf);
	return (int)n;
}

int
cirbuf_add_head_safe(struct cirbuf *cbuf, char c)
{
	return cirbuf_add_buf_head(cbuf, &c, 1) < 0 ? -EINVAL : 0;
}

void
cirbuf_add_head(struct cirbuf *cbuf, char c)
{
	(void)cirbuf_add_buf_head(cbuf, &c, 1);
}

int
cirbuf_add_tail_safe(struct cirbuf *cbuf, char c)
{
	return cirbuf_add_buf_tail(cbuf, &c, 1) < 0 ? -EINVAL : 0;
}

void
cirbuf_add_tail(struct cirbuf *cbuf, char c)
{
	(void)cirbuf_add_buf_tail(cbuf, &c, 1);
}

int
cirbuf_del_buf_head(struct cirbuf *cbuf, unsigned int size)
{
	if (cbuf == NULL || size == 0 || size > CIRBUF_GET_LEN(cbuf))
		return -EINVAL;
	cbuf->len -= size;
	cbuf->start = CIRBUF_IS_EMPTY(cbuf) ? cbuf->end : after(cbuf, cbuf->start, size);
	return 0;
}

int
cirbuf_del_buf_tail(struct cirbuf *cbuf, unsigned int size)
{
	if (cbuf == NULL || size == 0 || size > CIRBUF_GET_LEN(cbuf))
		return -EINVAL;
	cbuf->len -= size;
	set_end(cbuf);
	return 0;
}

int
cirbuf_del_head_safe(struct cirbuf *cbuf)
{
	return cirbuf_del_buf_head(cbuf, 1);
}

void
cirbuf_del_head(struct cirbuf *cbuf)
{
	(void)cirbuf_del_buf_head(cbuf, 1);
}

int
cirbuf_del_tail_safe(struct cirbuf *cbuf)
{
	return cirbuf_del_buf_tail(cbuf, 1);
}

void
cirbuf_del_tail(struct cirbuf *cbuf)
{
	(void)cirbuf_del_buf_tail(cbuf, 1);
}

int
cirbuf_get_buf_head(struct cirbuf *cbuf, char *c, unsigned int size)
{
	unsigned int n;

	if (cbuf == NULL || c == NULL)
		return -EINVAL;
	n = RTE_MIN(size, CIRBUF_GET_LEN(cbuf));
	if (n == 0)
		return 0;
	take(cbuf, cbuf->start, c, n);
	return (int)n;
}

int
cirbuf_get_buf_tail(struct cirbuf *cbuf, char *c, unsigned int size)
{
	unsigned int n;

	if (cbuf == NULL || c == NULL)
		return -EINVAL;
	n = RTE_MIN(size, CIRBUF_GET_LEN(cbuf));
	if (n == 0)
		return 0;
	take(cbuf, after(cbuf, cbuf->start, cbuf->len - n), c, n);
	return (int)n;
}

char
cirbuf_get_head(struct cirbuf *cbuf)
{
	return cbuf->buf[cbuf->start];
}

char
cirbuf_get_tail(struct cirbuf *cbuf)
{
	return cbuf->buf[cbuf->end];
}

static void
reverse(char *buf, unsigned int from, unsigned int to)
{
	while (from + 1 < to) {
		char c = buf[--to];

		buf[to] = buf[from];
		buf[from++] = c;
	}
}

/* Turns the whole buffer so that what is at `from` comes to `to`: three reversals, and no second buffer. */
static void
align(struct cirbuf *cbuf, unsigned int from, unsigned int to)
{
	unsigned int left = after(cbuf, from, cbuf->maxlen - to);

	if (cbuf->maxlen == 0)
		return;
	reverse(cbuf->buf, 0, left);
	reverse(cbuf->buf, left, cbuf->maxlen);
	reverse(cbuf->buf, 0, cbuf->maxlen);
	cbuf->start = after(cbuf, cbuf->start, cbuf->maxlen - left);
	set_end(cbuf);
}

int
cirbuf_align_left(struct cirbuf *cbuf)
{
	if (cbuf == NULL)
		return -EINVAL;
	align(cbuf, cbuf->start, 0);
	return 0;
}

int
cirbuf_align_right(struct cirbuf *cbuf)
{
	if (cbuf == NULL)
		return -EINVAL;
	/* 22.11's programs know this split and count on it. */
	align(cbuf, cbuf->start < cbuf->maxlen / 2 ? cbuf->start : cbuf->end, cbuf->maxlen - 1);
	return 0;
}
