/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Puts packets back in the order of their sequence numbers. A buffer of a size (a power of two) has a window of so many numbers,
 * which begins at the lowest it has not given out; a packet beyond it moves it on, past what is missing. What the window left
 * waits to be drained, as many packets at most. Numbers wrap around.
 *
 * Threads: one at a time for a buffer.
 */
#ifndef RTE_REORDER_H
#define RTE_REORDER_H

#include <rte_compat.h>
#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_reorder_buffer;

typedef uint32_t rte_reorder_seqn_t;

/* Where the number is in mbufs: registered when the first buffer is made. */
extern int rte_reorder_seqn_dynfield_offset;

/* A packet's number, to be set before it is inserted. */
__rte_experimental
static inline rte_reorder_seqn_t *
rte_reorder_seqn(struct rte_mbuf *mbuf)
{
	return RTE_MBUF_DYNFIELD(mbuf, rte_reorder_seqn_dynfield_offset, rte_reorder_seqn_t *);
}

/*
 * Makes an empty buffer on the memory of socket_id, its creator's until rte_reorder_free(). When one of that name exists, that one.
 * NULL with rte_errno: EINVAL (no name, one of 32 or more bytes, size no power of two), ENOMEM.
 */
struct rte_reorder_buffer *rte_reorder_create(const char *name, unsigned int socket_id, unsigned int size);

/*
 * Makes an empty buffer of bufsize bytes of the caller's, which rte_reorder_find_existing() does not find and rte_reorder_free()
 * leaves alone. It takes 192 bytes and two pointers for each of its size. b, or NULL with rte_errno as above (EINVAL, too:
 * no b, bufsize too small).
 */
struct rte_reorder_buffer *rte_reorder_init(struct rte_reorder_buffer *b, unsigned int bufsize, const char *name,
	unsigned int size);

/* The buffer of that name, or NULL with rte_errno ENOENT (EINVAL without a name). */
struct rte_reorder_buffer *rte_reorder_find_existing(const char *name);

/* Frees the packets inside; the window begins at the next one's number. */
void rte_reorder_reset(struct rte_reorder_buffer *b);

/* Frees the packets inside and releases the buffer; NULL is allowed. */
void rte_reorder_free(struct rte_reorder_buffer *b);

/*
 * Hands the packet over; the first one's number is where the window begins. 0, or -1 with rte_errno, the packet stays the
 * caller's: EINVAL (a NULL), ERANGE (the number is two sizes or more from the window's beginning, as late ones are), ENOSPC (what
 * would leave the window finds no room: drain), EEXIST (a packet of this number is there).
 */
int rte_reorder_insert(struct rte_reorder_buffer *b, struct rte_mbuf *mbuf);

/* Takes out up to max_mbufs packets that are next in order; how many. */
unsigned int rte_reorder_drain(struct rte_reorder_buffer *b, struct rte_mbuf **mbufs, unsigned int max_mbufs);

#ifdef __cplusplus
}
#endif

#endif
