/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where buffers go: pools with pinned external buffers, and random packets of all kinds against a count of what is left.
 */
#include <stdlib.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <rte_mbuf_pool_ops.h>

#include "check.h"

#define MBUFS 400u
#define ROOM 256u
#define PACKETS 64u
#define STEPS 20000u

static char memory[MBUFS * 320 + 1000];
static struct rte_mempool *plain, *pinned;
static uint32_t seed, buffers_out, ended_twice;

static uint32_t
below(uint32_t limit)
{
	seed = seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)(seed >> 8) * limit) >> 24);
}

/* The buffers' memory is in two pieces, with a third between them that has no room for even one. */
static struct rte_mempool *
make_pinned(const char *name, unsigned int n, unsigned int cache_size)
{
	const struct rte_pktmbuf_extmem pieces[] = {
		{memory, 0x1000000, 100 * 320 + 100, 320},
		{memory + 100 * 320 + 100, 0x5000000, 300, 320},
		{memory + 100 * 320 + 400, RTE_BAD_IOVA, 300 * 320, 320},
	};

	return rte_pktmbuf_pool_create_extbuf(name, n, cache_size, 16, ROOM, SOCKET_ID_ANY, pieces, RTE_DIM(pieces));
}

static void
look_at_pinned(struct rte_mempool *mp, void *arg, void *obj, unsigned int index)
{
	const struct rte_mbuf *m = (const struct rte_mbuf *)obj;
	size_t at = (size_t)((char *)m->buf_addr - memory);

	RTE_SET_USED(arg);
	CHECK(m->pool == mp);
	CHECK_EQ(m->ol_flags, RTE_MBUF_F_EXTERNAL);
	CHECK_EQ(m->buf_len, ROOM);
	CHECK_EQ(m->data_off, RTE_PKTMBUF_HEADROOM);
	CHECK_EQ(m->priv_size, 16);
	CHECK_EQ(rte_mbuf_ext_refcnt_read(m->shinfo), 1);
	CHECK_EQ(at, index < 100 ? index * 320 : 100 * 320 + 400 + (index - 100) * 320);
	CHECK_EQ(rte_mbuf_iova_get(m), index < 100 ? 0x1000000 + at : RTE_BAD_IOVA);
}

static void
pinned_buffers_lie_where_they_were_put(void)
{
	struct rte_mempool *mp = make_pinned("where", MBUFS, 0);

	CHECK(mp != NULL);
	CHECK_EQ(rte_mempool_obj_iter(mp, look_at_pinned, NULL), MBUFS);
	CHECK(rte_pktmbuf_priv_flags(mp) & RTE_PKTMBUF_POOL_F_PINNED_EXT_BUF);
	rte_mempool_free(mp);
}

static void
refused(const struct rte_pktmbuf_extmem *pieces, unsigned int n, unsigned int mbufs, uint16_t priv_size, int error)
{
	rte_errno = 0;
	CHECK(rte_pktmbuf_pool_create_extbuf("no", mbufs, 0, priv_size, ROOM, SOCKET_ID_ANY, pieces, n) == NULL);
	CHECK_EQ(rte_errno, error);
	CHECK(rte_mempool_lookup("no") == NULL);
}

static void
pinned_pools_refuse_what_cannot_be(void)
{
	struct rte_pktmbuf_extmem piece = {memory, RTE_BAD_IOVA, 3200, 320}, bad;

	refused(NULL, 1, 1, 0, EINVAL);
	CHECK(rte_pktmbuf_pool_create(NULL, 1, 0, 0, ROOM, SOCKET_ID_ANY) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_mbuf_set_user_mempool_ops(NULL), -EINVAL);
	CHECK_EQ(rte_mbuf_set_platform_mempool_ops(NULL), -EINVAL);
	refused(&piece, 1, 11, 0, ENOMEM);
	refused(&piece, 0, 1, 0, ENOMEM);
	refused(&piece, 1, 10, 3, EINVAL);
	bad = piece;
	bad.buf_ptr = NULL;
	refused(&bad, 1, 10, 0, EINVAL);
	bad = piece;
	bad.buf_len = 0;
	refused(&bad, 1, 10, 0, EINVAL);
	bad = piece;
	bad.elt_size = 0;
	refused(&bad, 1, 10, 0, EINVAL);
	bad = piece;
	bad.elt_size = ROOM - 1;
	refused(&bad, 1, 10, 0, EINVAL);
	CHECK_EQ(rte_mbuf_set_user_mempool_ops("nobody's"), 0);
	refused(&piece, 1, 10, 0, EINVAL);
	CHECK_EQ(rte_mbuf_set_user_mempool_ops(RTE_MBUF_DEFAULT_MEMPOOL_OPS), 0);
}

static void
a_pinned_buffer_comes_back_with_its_last_user(void)
{
	struct rte_mempool *mp = make_pinned("last", 10, 0);
	struct rte_mbuf *m, *shares[2], *one[1];
	void *buffer;
	unsigned int i;

	CHECK(mp != NULL);
	m = rte_pktmbuf_alloc(mp);
	CHECK(m != NULL);
	buffer = m->buf_addr;
	CHECK(rte_pktmbuf_append(m, 50) != NULL);
	/* Detaching does nothing to it. */
	rte_pktmbuf_detach(m);
	CHECK(m->buf_addr == buffer && RTE_MBUF_HAS_EXTBUF(m));
	for (i = 0; i < 2; i++) {
		shares[i] = rte_pktmbuf_clone(m, plain);
		CHECK(shares[i] != NULL && shares[i]->buf_addr == buffer);
	}
	CHECK_EQ(rte_mbuf_ext_refcnt_read(m->shinfo), 3);
	rte_pktmbuf_free(shares[0]);
	CHECK_EQ(rte_mempool_in_use_count(mp), 1);
	rte_pktmbuf_free(m); /* its buffer is still used */
	CHECK_EQ(rte_mempool_in_use_count(mp), 1);
	CHECK_EQ(rte_pktmbuf_data_len(shares[1]), 50);
	rte_pktmbuf_free(shares[1]);
	CHECK_EQ(rte_mempool_in_use_count(mp), 0);
	CHECK_EQ(rte_pktmbuf_alloc_bulk(mp, one, 1), 0);
	CHECK_EQ(rte_mbuf_ext_refcnt_read(one[0]->shinfo), 1);
	CHECK_EQ(one[0]->ol_flags, RTE_MBUF_F_EXTERNAL);
	CHECK_EQ(one[0]->data_off, RTE_PKTMBUF_HEADROOM);
	rte_pktmbuf_free_bulk(one, 1);
	CHECK(rte_mempool_full(mp));
	rte_mempool_free(mp);
}

/* An external buffer of the user's: counts that it ends once. */
struct buffer {
	struct rte_mbuf_ext_shared_info shinfo;
	uint32_t ended;
	char data[200];
};

static void
end_buffer(void *addr, void *opaque)
{
	struct buffer *buffer = (struct buffer *)opaque;

	ended_twice += buffer->ended++ != 0 || addr != buffer->data;
	buffers_out--;
	free(buffer);
}

static struct rte_mbuf *
with_buffer(void)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(plain);
	struct buffer *buffer = m == NULL ? NULL : (struct buffer *)calloc(1, sizeof(*buffer));

	if (buffer == NULL)
		return m;
	buffer->shinfo.free_cb = end_buffer;
	buffer->shinfo.fcb_opaque = buffer;
	rte_mbuf_ext_refcnt_set(&buffer->shinfo, 1);
	rte_pktmbuf_attach_extbuf(m, buffer->data, RTE_BAD_IOVA, sizeof(buffer->data), &buffer->shinfo);
	buffers_out++;
	return m;
}

/* Makes one packet out of what others there are. NULL when a pool has run dry. */
static struct rte_mbuf *
make_packet(struct rte_mbuf **others, uint32_t at)
{
	struct rte_mbuf *other = others[below(PACKETS)], *m;

	switch (other == NULL ? below(3) : below(8)) {
	case 0:
		m = rte_pktmbuf_alloc(plain);
		break;
	case 1:
		m = rte_pktmbuf_alloc(pinned);
		break;
	case 2:
		m = with_buffer();
		break;
	case 3: case 4:
		return rte_pktmbuf_clone(other, plain);
	case 5:
		return rte_pktmbuf_copy(other, below(2) ? plain : pinned, below(4), UINT32_MAX);
	case 6:
		m = rte_pktmbuf_alloc(plain);
		if (m != NULL)
			rte_pktmbuf_attach(m, other);
		return m;
	default:
		/* The other one becomes this one's tail. */
		m = rte_pktmbuf_alloc(below(2) ? plain : pinned);
		for (at = 0; m != NULL && at < PACKETS; at++) {
			if (others[at] == other && rte_pktmbuf_chain(m, other) == 0)
				others[at] = NULL;
		}
		return m;
	}
	if (m != NULL)
		(void)rte_pktmbuf_append(m, (uint16_t)below(100));
	return m;
}

static void
nothing_is_lost_or_ended_twice(void)
{
	struct rte_mbuf *packets[PACKETS] = {0};
	uint32_t step, i, made = 0;

	seed = 20;
	plain = rte_pktmbuf_pool_create("model", MBUFS, 32, 0, ROOM, SOCKET_ID_ANY);
	pinned = make_pinned("pinned", MBUFS, 32);
	CHECK(plain != NULL && pinned != NULL);
	for (step = 0; step < STEPS; step++) {
		uint32_t at = below(PACKETS), n = below(PACKETS - at);
		struct rte_mbuf *m;
		const char *reason;

		switch (below(16)) {
		case 0:
			rte_pktmbuf_free_bulk(packets + at, n);
			memset(packets + at, 0, n * sizeof(packets[0]));
			break;
		case 1:
			/* A second reference that is dropped at once, by all segments. */
			if (packets[at] != NULL) {
				rte_pktmbuf_refcnt_update(packets[at], 1);
				rte_pktmbuf_free(packets[at]);
			}
			break;
		case 2:
			if (packets[at] != NULL && rte_pktmbuf_linearize(packets[at]) == 0)
				CHECK(rte_pktmbuf_is_contiguous(packets[at]));
			break;
		case 3: case 4: case 5: case 6:
			rte_pktmbuf_free(packets[at]);
			packets[at] = NULL;
			break;
		default:
			if (packets[at] != NULL)
				break;
			m = make_packet(packets, at);
			if (packets[at] != NULL)
				rte_pktmbuf_free(packets[at]);
			packets[at] = m;
			made += m != NULL;
			break;
		}
		if (packets[at] != NULL && rte_mbuf_check(packets[at], 1, &reason) != 0) {
			printf("    %s\n", reason);
			CHECK(0);
		}
	}
	CHECK(made > 1000);
	rte_pktmbuf_free_bulk(packets, PACKETS);
	CHECK_EQ(buffers_out, 0);
	CHECK_EQ(ended_twice, 0);
	CHECK(rte_mempool_full(plain));
	CHECK(rte_mempool_full(pinned));
	for (i = 0; i < MBUFS; i++) {
		struct rte_mbuf *m = rte_mbuf_raw_alloc(plain);

		CHECK(m != NULL);
		CHECK(m->next == NULL && m->nb_segs == 1 && rte_mbuf_refcnt_read(m) == 1 && RTE_MBUF_DIRECT(m));
		CHECK(m->buf_addr == (char *)(m + 1) && m->buf_len == ROOM);
	}
	rte_mempool_free(plain);
	rte_mempool_free(pinned);
}

static void
too_little_memory_is_an_error_and_no_leak(void)
{
	struct rte_malloc_socket_stats before, after;
	unsigned int made = 0, failed = 0;
	size_t left;

	for (left = 0; left < 60000; left += 1500) {
		void *spare = left == 0 ? NULL : rte_malloc(NULL, left, 0), *chain = NULL, **block;
		struct rte_mempool *mp;
		size_t bytes;

		for (bytes = 32 << 20; bytes >= 64; ) {
			block = (void **)rte_malloc(NULL, bytes, 0);
			if (block == NULL) {
				bytes /= 2;
				continue;
			}
			*block = chain;
			chain = block;
		}
		rte_free(spare);
		CHECK_EQ(rte_malloc_get_socket_stats(0, &before), 0);
		mp = left % 1000 == 0 ? rte_pktmbuf_pool_create("little", 40, 0, 0, ROOM, SOCKET_ID_ANY) :
			make_pinned("little", 40, 0);
		CHECK(mp != NULL || rte_errno == ENOMEM);
		mp == NULL ? failed++ : made++;
		rte_mempool_free(mp);
		CHECK_EQ(rte_malloc_get_socket_stats(0, &after), 0);
		CHECK_EQ(after.heap_allocsz_bytes, before.heap_allocsz_bytes);
		for (; chain != NULL; chain = block) {
			block = *(void ***)chain;
			rte_free(chain);
		}
	}
	CHECK(made > 3 && failed > 3);
}

int
main(void)
{
	char *args[] = {(char *)"test_mbuf_model", (char *)"--no-huge", (char *)"-m", (char *)"32", (char *)"--no-pci",
		(char *)"-l", (char *)"0", NULL};

	if (rte_eal_init(RTE_DIM(args) - 1, args) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	plain = rte_pktmbuf_pool_create("plain", 100, 0, 0, ROOM, SOCKET_ID_ANY);
	RUN(pinned_buffers_lie_where_they_were_put);
	RUN(pinned_pools_refuse_what_cannot_be);
	RUN(a_pinned_buffer_comes_back_with_its_last_user);
	rte_mempool_free(plain);
	RUN(nothing_is_lost_or_ended_twice);
	RUN(too_little_memory_is_an_error_and_no_leak);
	rte_eal_cleanup();
	return check_summary();
}
