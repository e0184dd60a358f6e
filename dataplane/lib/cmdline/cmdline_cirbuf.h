/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Ring buffers of characters in the caller's memory. Functions that can fail return -EINVAL: for NULL, for more than
 * there is room for or is there, and for nothing at all. Those named without _safe must not be called then.
 */
#ifndef _CIRBUF_H_
#define _CIRBUF_H_

#ifdef __cplusplus
extern "C" {
#endif

struct cirbuf {
	unsigned int maxlen;
	unsigned int start; /* index of the first character */
	unsigned int end;   /* index of the last one; start when there is none */
	unsigned int len;
	char *buf;
};

#define CIRBUF_IS_FULL(cirbuf) ((cirbuf)->maxlen == (cirbuf)->len)
#define CIRBUF_IS_EMPTY(cirbuf) ((cirbuf)->len == 0)
#define CIRBUF_GET_LEN(cirbuf) ((cirbuf)->len)
#define CIRBUF_GET_MAXLEN(cirbuf) ((cirbuf)->maxlen)
#define CIRBUF_GET_FREELEN(cirbuf) ((cirbuf)->maxlen - (cirbuf)->len)

/* e is each character in turn, i its number. */
#define CIRBUF_FOREACH(c, i, e) \
	for ((i) = 0, (e) = (c)->buf[(c)->start]; (i) < (c)->len; \
		(i)++, (e) = (c)->buf[((c)->start + (i)) % (c)->maxlen])

/** An empty buffer in maxlen bytes at buf; start, below maxlen, is where the first character will be. */
int cirbuf_init(struct cirbuf *cbuf, char *buf, unsigned int start, unsigned int maxlen);

int cirbuf_add_head_safe(struct cirbuf *cbuf, char c);
void cirbuf_add_head(struct cirbuf *cbuf, char c);
int cirbuf_add_tail_safe(struct cirbuf *cbuf, char c);
void cirbuf_add_tail(struct cirbuf *cbuf, char c);
int cirbuf_del_head_safe(struct cirbuf *cbuf);
void cirbuf_del_head(struct cirbuf *cbuf);
int cirbuf_del_tail_safe(struct cirbuf *cbuf);
void cirbuf_del_tail(struct cirbuf *cbuf);
char cirbuf_get_head(struct cirbuf *cbuf);
char cirbuf_get_tail(struct cirbuf *cbuf);

/** Puts n characters before the first, or after the last one, in their order. Returns n. */
int cirbuf_add_buf_head(struct cirbuf *cbuf, const char *c, unsigned int n);
int cirbuf_add_buf_tail(struct cirbuf *cbuf, const char *c, unsigned int n);
/** Takes size characters away. */
int cirbuf_del_buf_head(struct cirbuf *cbuf, unsigned int size);
int cirbuf_del_buf_tail(struct cirbuf *cbuf, unsigned int size);
/** Copies the first or last size characters, or all when there are fewer; returns how many. */
int cirbuf_get_buf_head(struct cirbuf *cbuf, char *c, unsigned int size);
int cirbuf_get_buf_tail(struct cirbuf *cbuf, char *c, unsigned int size);

/** Moves the contents so that the first is at index 0. */
int cirbuf_align_left(struct cirbuf *cbuf);
/** Moves the contents so that the last is at the highest index; or the first, if that is in the lower half. */
int cirbuf_align_right(struct cirbuf *cbuf);

#ifdef __cplusplus
}
#endif

#endif
