/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Pools of packet buffers: with room in each mbuf, or with external buffers that stay with their mbufs for good.
 */
#include <string.h>

#include <rte_errno.h>
#include <rte_log.h>
#include <rte_mbuf.h>
#include <rte_mbuf_pool_ops.h>

void
rte_pktmbuf_pool_init(struct rte_mempool *mp, void *opaque_arg)
{
	struct rte_pktmbuf_pool_private *priv = (struct rte_pktmbuf_pool_private *)rte_mempool_get_priv(mp);
	struct rte_pktmbuf_pool_private fitted = {0};

	RTE_ASSERT(mp->private_data_size >= sizeof(*priv));
	RTE_ASSERT(mp->elt_size >= sizeof(struct rte_mbuf));
	if (opaque_arg == NULL) {
		fitted.mbuf_data_room_size = (uint16_t)RTE_MIN(mp->elt_size - sizeof(struct rte_mbuf), (size_t)UINT16_MAX);
		opaque_arg = &fitted;
	}
	memcpy(priv, opaque_arg, sizeof(*priv));
}

void
rte_pktmbuf_init(struct rte_mempool *mp, void *opaque_arg, void *object, unsigned int i)
{
	struct rte_mbuf *m = (struct rte_mbuf *)object;
	uint16_t priv_size = rte_pktmbuf_priv_size(mp);
	size_t ahead = sizeof(*m) + priv_size;
	rte_iova_t iova = rte_mempool_virt2iova(m);

	RTE_SET_USED(opaque_arg);
	RTE_SET_USED(i);
	memset(m, 0, ahead);
	m->pool = mp;
	m->priv_size = priv_size;
	m->buf_addr = (char *)m + ahead;
	rte_mbuf_iova_set(m, iova == RTE_BAD_IOVA ? RTE_BAD_IOVA : iova + ahead);
	m->buf_len = rte_pktmbuf_data_room_size(mp);
	rte_pktmbuf_reset_headroom(m);
	m->port = RTE_MBUF_PORT_INVALID;
	m->nb_segs = 1;
	rte_mbuf_refcnt_set(m, 1);
}

/* A pool with priv as its private data and objects of elt_size bytes that nobody has set up yet. */
static struct rte_mempool *
make_pool(const char *name, unsigned int n, unsigned int cache_size, size_t elt_size,
	struct rte_pktmbuf_pool_private *priv, int socket_id, const char *ops_name)
{
	struct rte_mempool *mp;
	int error;

	if (name == NULL) {
		rte_errno = EINVAL;
		return NULL;
	}
	if (priv->mbuf_priv_size % RTE_MBUF_PRIV_ALIGN != 0) {
		RTE_LOG(ERR, MBUF, "pool %s: private size %u is not a multiple of %u\n", name, priv->mbuf_priv_size,
			RTE_MBUF_PRIV_ALIGN);
		rte_errno = EINVAL;
		return NULL;
	}
	mp = rte_mempool_create_empty(name, n, (unsigned int)elt_size, cache_size, sizeof(*priv), socket_id, 0);
	if (mp == NULL)
		return NULL;
	if (ops_name == NULL)
		ops_name = rte_mbuf_best_mempool_ops();
	error = rte_mempool_set_ops_byname(mp, ops_name, NULL);
	if (error != 0) {
		RTE_LOG(ERR, MBUF, "pool %s: there is no store named %s\n", name, ops_name);
	} else {
		rte_pktmbuf_pool_init(mp, priv);
		error = rte_mempool_populate_default(mp);
	}
	if (error < 0) {
		rte_mempool_free(mp);
		rte_errno = -error;
		return NULL;
	}
	return mp;
}

struct rte_mempool *
rte_pktmbuf_pool_create_by_ops(const char *name, unsigned int n, unsigned int cache_size, uint16_t priv_size,
	uint16_t data_room_size, int socket_id, const char *ops_name)
{
	struct rte_pktmbuf_pool_private priv = {.mbuf_data_room_size = data_room_size, .mbuf_priv_size = priv_size};
	struct rte_mempool *mp = make_pool(name, n, cache_size,
		sizeof(struct rte_mbuf) + (size_t)priv_size + data_room_size, &priv, socket_id, ops_name);

	if (mp != NULL)
		rte_mempool_obj_iter(mp, rte_pktmbuf_init, NULL);
	return mp;
}

struct rte_mempool *
rte_pktmbuf_pool_create(const char *name, unsigned int n, unsigned int cache_size, uint16_t priv_size,
	uint16_t data_room_size, int socket_id)
{
	return rte_pktmbuf_pool_create_by_ops(name, n, cache_size, priv_size, data_room_size, socket_id, NULL);
}

/* Where the next mbuf's buffer is, in a walk over all pieces of external memory. */
struct place {
	const struct rte_pktmbuf_extmem *piece;
	size_t at;
};

/* The last one who shared a pinned buffer has left it; its mbuf was freed before and goes to its pool now. */
static void
bring_back(void *addr, void *opaque)
{
	struct rte_mbuf *m = (struct rte_mbuf *)opaque;

	RTE_SET_USED(addr);
	rte_mbuf_ext_refcnt_set(m->shinfo, 1);
	m->ol_flags = RTE_MBUF_F_EXTERNAL;
	m->next = NULL;
	m->nb_segs = 1;
	rte_mbuf_raw_free(m);
}

static void
init_pinned(struct rte_mempool *mp, void *opaque, void *object, unsigned int i)
{
	struct rte_mbuf *m = (struct rte_mbuf *)object;
	struct place *place = (struct place *)opaque;
	const struct rte_pktmbuf_extmem *piece;

	/* There are places enough for all mbufs; a piece may have none. */
	while (place->piece->buf_len - place->at < place->piece->elt_size) {
		place->piece++;
		place->at = 0;
	}
	piece = place->piece;
	rte_pktmbuf_init(mp, NULL, object, i);
	m->buf_addr = (char *)piece->buf_ptr + place->at;
	rte_mbuf_iova_set(m, piece->buf_iova == RTE_BAD_IOVA ? RTE_BAD_IOVA : piece->buf_iova + place->at);
	m->ol_flags = RTE_MBUF_F_EXTERNAL;
	m->shinfo = (struct rte_mbuf_ext_shared_info *)((char *)(m + 1) + m->priv_size);
	m->shinfo->free_cb = bring_back;
	m->shinfo->fcb_opaque = m;
	rte_mbuf_ext_refcnt_set(m->shinfo, 1);

	place->at += piece->elt_size;
}

struct rte_mempool *
rte_pktmbuf_pool_create_extbuf(const char *name, unsigned int n, unsigned int cache_size, uint16_t priv_size,
	uint16_t data_room_size, int socket_id, const struct rte_pktmbuf_extmem *ext_mem, unsigned int ext_num)
{
	struct rte_pktmbuf_pool_private priv = {.mbuf_data_room_size = data_room_size, .mbuf_priv_size = priv_size,
		.flags = RTE_PKTMBUF_POOL_F_PINNED_EXT_BUF};
	struct rte_mempool *mp;
	size_t places = 0;
	unsigned int i;

	if (name == NULL || (ext_mem == NULL && ext_num != 0)) {
		rte_errno = EINVAL;
		return NULL;
	}
	for (i = 0; i < ext_num; i++) {
		const struct rte_pktmbuf_extmem *piece = &ext_mem[i];

		if (piece->buf_ptr == NULL || piece->buf_len == 0 || piece->elt_size == 0 ||
			piece->elt_size < data_room_size) {
			RTE_LOG(ERR, MBUF, "pool %s: external memory %u (%zu bytes in elements of %u) is refused\n", name, i,
				piece->buf_len, piece->elt_size);
			rte_errno = EINVAL;
			return NULL;
		}
		places += piece->buf_len / piece->elt_size;
	}
	if (places < n) {
		RTE_LOG(ERR, MBUF, "pool %s: external memory for %zu of %u mbufs\n", name, places, n);
		rte_errno = ENOMEM;
		return NULL;
	}
	mp = make_pool(name, n, cache_size,
		sizeof(struct rte_mbuf) + (size_t)priv_size + sizeof(struct rte_mbuf_ext_shared_info), &priv, socket_id, NULL);
	if (mp != NULL) {
		struct place place = {.piece = ext_mem};

		rte_mempool_obj_iter(mp, init_pinned, &place);
	}
	return mp;
}
