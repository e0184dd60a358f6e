/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Packet buffers: fresh state, ends of the data, chains, references, borrowed buffers. After each case the pools are
 * full.
 */
#include <stdlib.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_mbuf.h>
#include <rte_mbuf_pool_ops.h>

#include "check.h"

#define COUNT 255
#define ROOM 2048
#define SMALL_ROOM 256

static struct rte_mempool *pool, *small;

static void
check_fresh(const struct rte_mbuf *m, const struct rte_mempool *mp, uint16_t room)
{
	CHECK(m->pool == mp);
	CHECK_EQ(m->buf_len, room);
	CHECK((const char *)m->buf_addr == (const char *)m + 128 + m->priv_size);
	CHECK_EQ(m->data_off, RTE_PKTMBUF_HEADROOM);
	CHECK_EQ(rte_mbuf_refcnt_read(m), 1);
	CHECK_EQ(m->nb_segs, 1);
	CHECK_EQ(m->port, RTE_MBUF_PORT_INVALID);
	CHECK_EQ(m->ol_flags, 0);
	CHECK_EQ(m->packet_type, 0);
	CHECK_EQ(m->pkt_len, 0);
	CHECK_EQ(m->data_len, 0);
	CHECK_EQ(m->vlan_tci, 0);
	CHECK_EQ(m->vlan_tci_outer, 0);
	CHECK(m->next == NULL);
	CHECK_EQ(m->tx_offload, 0);
	rte_mbuf_sanity_check(m, 1);
}

/* Leaves traces in every field that a user may leave behind. */
static void
use_up(struct rte_mbuf *m)
{
	m->data_off = 7;
	m->port = 3;
	m->ol_flags = RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_TX_IPV4 | (1ULL << 30);
	m->packet_type = 0x11111111;
	m->vlan_tci = 0x1234;
	m->vlan_tci_outer = 0x4321;
	m->hash.rss = 0xdeadbeef;
	m->tx_offload = ~0ULL;
	m->pkt_len = m->data_len = 100;
}

static struct rte_mbuf *
packet_of(struct rte_mempool *mp, uint32_t length)
{
	struct rte_mbuf *head = rte_pktmbuf_alloc(mp), *last = head;
	uint32_t i;

	CHECK(head != NULL);
	for (i = 0; i < length; i++) {
		if (rte_pktmbuf_tailroom(last) == 0) {
			struct rte_mbuf *more = rte_pktmbuf_alloc(mp);

			CHECK(more != NULL);
			CHECK_EQ(rte_pktmbuf_chain(head, more), 0);
			last = more;
		}
		*rte_pktmbuf_append(head, 1) = (char)(i * 7 + i / 251);
	}
	rte_mbuf_sanity_check(head, 1);
	return head;
}

static void
check_data(const struct rte_mbuf *m, uint32_t offset, uint32_t length)
{
	uint32_t i;

	CHECK_EQ(m->pkt_len, length);
	rte_mbuf_sanity_check(m, 1);
	for (i = 0; i < length; i++) {
		char byte;
		const char *at = rte_pktmbuf_read(m, i, 1, &byte);

		CHECK(at != NULL);
		CHECK_EQ(*at, (char)((i + offset) * 7 + (i + offset) / 251));
	}
}

static void
check_all_back(void)
{
	CHECK(rte_mempool_full(pool));
	CHECK(rte_mempool_full(small));
}

static void
fresh_mbufs_are_reset(void)
{
	static struct rte_mbuf *all[COUNT + 1];
	struct rte_mbuf *m;
	unsigned int i, round;

	for (round = 0; round < 2; round++) {
		CHECK_EQ(rte_pktmbuf_alloc_bulk(pool, all, COUNT), 0);
		for (i = 0; i < COUNT; i++) {
			check_fresh(all[i], pool, ROOM);
			use_up(all[i]);
		}
		CHECK(rte_pktmbuf_alloc(pool) == NULL);
		CHECK_EQ(rte_pktmbuf_alloc_bulk(pool, all + COUNT, 1), -ENOENT);
		if (round == 0) {
			rte_pktmbuf_free_bulk(all, COUNT);
			continue;
		}
		for (i = 0; i < COUNT; i++)
			rte_pktmbuf_free(all[i]);
	}
	m = rte_pktmbuf_alloc(pool);
	CHECK(m != NULL);
	check_fresh(m, pool, ROOM);
	use_up(m);
	rte_pktmbuf_free_seg(m);
	m = rte_mbuf_raw_alloc(pool);
	CHECK(m != NULL);
	CHECK_EQ(rte_mbuf_refcnt_read(m), 1);
	use_up(m);
	rte_pktmbuf_reset(m);
	check_fresh(m, pool, ROOM);
	rte_mbuf_raw_free(m);
	rte_pktmbuf_free(NULL);
	check_all_back();
}

static void
data_grows_and_shrinks_at_both_ends(void)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);
	char *data = rte_pktmbuf_mtod(m, char *);

	CHECK_EQ(rte_pktmbuf_headroom(m), 128);
	CHECK_EQ(rte_pktmbuf_tailroom(m), ROOM - 128);
	CHECK(rte_pktmbuf_append(m, 100) == data);
	CHECK(rte_pktmbuf_append(m, 50) == data + 100);
	CHECK(rte_pktmbuf_append(m, ROOM - 128 - 149) == NULL);
	CHECK_EQ(rte_pktmbuf_pkt_len(m), 150);
	CHECK(rte_pktmbuf_prepend(m, 14) == data - 14);
	CHECK(rte_pktmbuf_prepend(m, 115) == NULL);
	CHECK_EQ(rte_pktmbuf_data_len(m), 164);
	CHECK(rte_pktmbuf_adj(m, 165) == NULL);
	CHECK(rte_pktmbuf_adj(m, 20) == data + 6);
	CHECK_EQ(rte_pktmbuf_trim(m, 145), -1);
	CHECK_EQ(rte_pktmbuf_trim(m, 44), 0);
	CHECK_EQ(rte_pktmbuf_pkt_len(m), 100);
	CHECK_EQ(rte_pktmbuf_tailroom(m), ROOM - 134 - 100);
	CHECK(rte_pktmbuf_is_contiguous(m));
	CHECK(rte_pktmbuf_lastseg(m) == m);
	rte_pktmbuf_free(m);
	check_all_back();
}

static void
chains_are_read_and_made_one(void)
{
	struct rte_mbuf *m = packet_of(small, 1000), *tail;
	char buffer[1001], *copy;
	uint32_t i, j;

	CHECK_EQ(m->nb_segs, 8);
	check_data(m, 0, 1000);
	for (i = 0; i < 1000; i += 13) {
		for (j = 0; j <= 1000 - i; j += 37) {
			copy = (char *)(uintptr_t)rte_pktmbuf_read(m, i, j, buffer);
			CHECK(copy != NULL);
			CHECK(j == 0 || copy[j - 1] == (char)((i + j - 1) * 7 + (i + j - 1) / 251));
		}
	}
	CHECK(rte_pktmbuf_read(m, 0, 1001, buffer) == NULL);
	CHECK(rte_pktmbuf_read(m, 1001, 0, buffer) == NULL);
	CHECK(rte_pktmbuf_read(m, UINT32_MAX, 2, buffer) == NULL);
	CHECK(rte_pktmbuf_read(m, 2, UINT32_MAX - 1, buffer) == NULL);
	CHECK_EQ(rte_pktmbuf_linearize(m), -1);
	check_data(m, 0, 1000);
	rte_pktmbuf_free(m);

	/* A first segment with room for the rest. */
	m = packet_of(pool, 300);
	tail = rte_pktmbuf_copy(m, small, 100, UINT32_MAX);
	CHECK(tail != NULL && tail->nb_segs == 2);
	CHECK_EQ(rte_pktmbuf_trim(m, 200), 0);
	CHECK_EQ(rte_pktmbuf_chain(m, tail), 0);
	CHECK_EQ(m->nb_segs, 3);
	check_data(m, 0, 300);
	CHECK_EQ(rte_pktmbuf_linearize(m), 0);
	CHECK(rte_pktmbuf_is_contiguous(m));
	CHECK(m->next == NULL);
	check_data(m, 0, 300);
	CHECK_EQ(rte_mempool_in_use_count(small), 0);
	m->nb_segs = UINT16_MAX;
	CHECK_EQ(rte_pktmbuf_chain(m, m), -EOVERFLOW);
	m->nb_segs = 1;
	rte_pktmbuf_free(m);
	check_all_back();
}

static void
clones_share_and_outlive(void)
{
	struct rte_mbuf *m = packet_of(small, 600), *clone, *second, *segment;
	unsigned int segments = m->nb_segs;

	use_up(m);
	m->data_off = RTE_PKTMBUF_HEADROOM;
	m->data_len = SMALL_ROOM - RTE_PKTMBUF_HEADROOM;
	m->pkt_len = 600;
	m->dynfield1[2] = 0xabcd;
	clone = rte_pktmbuf_clone(m, pool);
	CHECK(clone != NULL);
	CHECK_EQ(clone->nb_segs, segments);
	CHECK_EQ(clone->vlan_tci, 0x1234);
	CHECK_EQ(clone->hash.rss, 0xdeadbeef);
	CHECK_EQ(clone->dynfield1[2], 0xabcd);
	CHECK(RTE_MBUF_CLONED(clone) && !RTE_MBUF_DIRECT(clone));
	CHECK(rte_pktmbuf_mtod(clone, char *) == rte_pktmbuf_mtod(m, char *));
	CHECK(rte_mbuf_from_indirect(clone) == m);
	CHECK_EQ(rte_mbuf_refcnt_read(m), 2);
	second = rte_pktmbuf_clone(clone, pool); /* a clone's clone shares the same direct mbufs */
	CHECK(second != NULL);
	CHECK_EQ(rte_mbuf_refcnt_read(m), 3);
	CHECK_EQ(rte_mbuf_refcnt_read(clone), 1);
	rte_pktmbuf_free(m);
	CHECK_EQ(rte_mempool_in_use_count(small), segments);
	check_data(clone, 0, 600);
	rte_pktmbuf_free_bulk(&clone, 1);
	check_data(second, 0, 600);
	CHECK_EQ(rte_mempool_in_use_count(small), segments);

	/* Detaching gives a clone its own, empty buffer back. */
	segment = second->next;
	second->next = NULL;
	second->nb_segs = 1;
	rte_pktmbuf_detach(second);
	CHECK(RTE_MBUF_DIRECT(second));
	CHECK((char *)second->buf_addr == rte_mbuf_to_baddr(second));
	CHECK_EQ(second->buf_len, ROOM);
	CHECK_EQ(second->priv_size, 16);
	CHECK_EQ(second->data_len, 0);
	CHECK_EQ(rte_mempool_in_use_count(small), segments - 1);
	second->pkt_len = 0;
	rte_pktmbuf_free(second);
	segment->nb_segs = (uint16_t)(segments - 1);
	segment->pkt_len = 600 - (SMALL_ROOM - RTE_PKTMBUF_HEADROOM);
	rte_pktmbuf_free(segment);
	check_all_back();
}

static void
references_delay_the_end(void)
{
	struct rte_mbuf *m = packet_of(small, 600), *table[3];

	rte_pktmbuf_refcnt_update(m, 2);
	CHECK_EQ(rte_mbuf_refcnt_read(m->next), 3);
	table[0] = table[1] = table[2] = m;
	rte_pktmbuf_free_bulk(table, 2);
	CHECK_EQ(rte_mbuf_refcnt_read(m), 1);
	check_data(m, 0, 600);
	CHECK_EQ(rte_mbuf_refcnt_update(m, 5), 6);
	CHECK_EQ(rte_mbuf_refcnt_update(m, -5), 1);
	rte_pktmbuf_free(m);
	check_all_back();
}

static void
bulks_of_all_kinds_are_freed(void)
{
	struct rte_mbuf *table[12], *shared = packet_of(small, 10);
	unsigned int i;

	for (i = 0; i < 12; i++)
		table[i] = i % 5 == 3 ? NULL : packet_of(i % 2 ? pool : small, i % 4 == 2 ? 700 : 60);
	rte_mbuf_refcnt_update(shared, 1);
	rte_pktmbuf_free(table[5]);
	table[5] = shared;
	rte_pktmbuf_free(table[6]);
	table[6] = rte_pktmbuf_clone(shared, pool);
	rte_pktmbuf_free_bulk(table, 12);
	CHECK_EQ(rte_mempool_in_use_count(small), 1);
	CHECK(rte_mempool_full(pool));
	rte_pktmbuf_free(shared);
	rte_pktmbuf_free_bulk(table, 0);
	table[0] = packet_of(small, 100 * 128); /* longer than the table free_bulk collects segments in */
	rte_pktmbuf_free_bulk(table, 1);
	check_all_back();
}

static void
copies_are_independent(void)
{
	struct rte_mbuf *m = packet_of(pool, 1500), *copy;
	static const uint32_t offsets[] = {0, 1, 127, 128, 129, 1000, 1499};
	unsigned int i;

	m->vlan_tci = 9;
	m->ol_flags = RTE_MBUF_F_RX_VLAN;
	m->tx_offload = 77;
	for (i = 0; i < RTE_DIM(offsets); i++) {
		copy = rte_pktmbuf_copy(m, small, offsets[i], UINT32_MAX);
		CHECK(copy != NULL);
		check_data(copy, offsets[i], 1500 - offsets[i]);
		CHECK_EQ(copy->vlan_tci, 9);
		CHECK_EQ(copy->ol_flags, RTE_MBUF_F_RX_VLAN);
		CHECK_EQ(copy->tx_offload, 77);
		CHECK(RTE_MBUF_DIRECT(copy));
		rte_pktmbuf_free(m);
		m = rte_pktmbuf_copy(copy, pool, 0, 700);
		CHECK(m != NULL);
		check_data(m, offsets[i], RTE_MIN(1500 - offsets[i], 700u));
		rte_pktmbuf_free(m);
		rte_pktmbuf_free(copy);
		m = packet_of(pool, 1500);
		m->vlan_tci = 9;
		m->ol_flags = RTE_MBUF_F_RX_VLAN;
		m->tx_offload = 77;
	}
	CHECK(rte_pktmbuf_copy(m, small, 1500, 1) == NULL);
	rte_pktmbuf_free(m);
	check_all_back();
}

static void
running_out_costs_nothing(void)
{
	static struct rte_mbuf *all[COUNT];
	struct rte_mbuf *m = packet_of(pool, 1500), *chain = packet_of(small, 600);
	unsigned int n = rte_mempool_avail_count(small) - 2;

	CHECK_EQ(rte_pktmbuf_alloc_bulk(small, all, n), 0);
	CHECK(rte_pktmbuf_copy(m, small, 0, UINT32_MAX) == NULL);
	CHECK(rte_pktmbuf_clone(chain, small) == NULL);
	CHECK_EQ(rte_mempool_avail_count(small), 2);
	CHECK_EQ(rte_mbuf_refcnt_read(chain), 1);
	rte_pktmbuf_free_bulk(all, n);
	rte_pktmbuf_free(m);
	rte_pktmbuf_free(chain);
	check_all_back();
}

static void *freed_buffer;
static unsigned int frees;

static void
buffer_freed(void *addr, void *opaque)
{
	CHECK(opaque == &frees);
	freed_buffer = addr;
	frees++;
}

static void
external_buffers_end_with_their_last_user(void)
{
	static uint64_t buffer[512];
	uint16_t length = sizeof(buffer), tiny = 16;
	struct rte_mbuf_ext_shared_info *shinfo;
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool), *clone, *copy;

	CHECK(rte_pktmbuf_ext_shinfo_init_helper(buffer, &tiny, buffer_freed, &frees) == NULL);
	tiny = sizeof(*shinfo);
	CHECK(rte_pktmbuf_ext_shinfo_init_helper(buffer, &tiny, buffer_freed, &frees) == NULL);
	shinfo = rte_pktmbuf_ext_shinfo_init_helper(buffer, &length, buffer_freed, &frees);
	CHECK(shinfo != NULL);
	CHECK_EQ(length, sizeof(buffer) - sizeof(*shinfo));
	frees = 0;
	rte_pktmbuf_attach_extbuf(m, buffer, 0x1000, length, shinfo);
	CHECK(RTE_MBUF_HAS_EXTBUF(m) && !RTE_MBUF_DIRECT(m));
	CHECK_EQ(rte_pktmbuf_headroom(m), 0);
	CHECK_EQ(rte_mbuf_data_iova(m), 0x1000);
	rte_pktmbuf_reset_headroom(m);
	memcpy(rte_pktmbuf_append(m, 5), "hello", 5);
	clone = rte_pktmbuf_clone(m, small);
	CHECK(clone != NULL);
	CHECK(RTE_MBUF_HAS_EXTBUF(clone) && !RTE_MBUF_CLONED(clone));
	CHECK_EQ(rte_mbuf_ext_refcnt_read(shinfo), 2);
	copy = rte_pktmbuf_copy(clone, small, 0, UINT32_MAX);
	CHECK(copy != NULL && RTE_MBUF_DIRECT(copy));
	rte_pktmbuf_free(m);
	CHECK_EQ(frees, 0);
	CHECK_MEM(rte_pktmbuf_mtod(clone, char *), "hello", 5);
	rte_pktmbuf_detach_extbuf(clone);
	CHECK_EQ(frees, 1);
	CHECK(freed_buffer == buffer);
	CHECK_EQ(clone->buf_len, SMALL_ROOM);
	CHECK_EQ(clone->ol_flags, 0);
	clone->pkt_len = 0;
	rte_pktmbuf_free(clone);
	CHECK_MEM(rte_pktmbuf_mtod(copy, char *), "hello", 5);
	rte_pktmbuf_free(copy);
	CHECK_EQ(frees, 1);
	check_all_back();
}

static void
checks_find_what_is_wrong(void)
{
	struct rte_mbuf *m = packet_of(small, 600), *last;
	const char *reason = NULL;

	CHECK_EQ(rte_mbuf_check(m, 1, &reason), 0);
	CHECK(reason == NULL);
#define WRONG(header, field, value, text) do { \
	__typeof__(field) kept = field; \
	field = (value); \
	CHECK_EQ(rte_mbuf_check(m, header, &reason), -1); \
	field = kept; \
	CHECK_STR(reason, text); \
	CHECK_EQ(rte_mbuf_check(m, 1, &reason), 0); \
} while (0)
	WRONG(0, m->pool, NULL, "bad mbuf pool");
	WRONG(0, m->buf_addr, NULL, "bad virt addr");
	WRONG(0, m->refcnt, 0, "bad ref cnt");
	WRONG(0, m->refcnt, UINT16_MAX, "bad ref cnt");
	WRONG(0, m->data_off, SMALL_ROOM + 1, "data offset too big in mbuf segment");
	WRONG(0, m->data_len, SMALL_ROOM, "data length too big in mbuf segment");
	WRONG(1, m->next->data_len, SMALL_ROOM, "data length too big in mbuf segment");
	WRONG(1, m->pkt_len, 100, "bad data_len");
	WRONG(1, m->pkt_len, 601, "bad pkt_len");
	WRONG(1, m->nb_segs, 3, "bad nb_segs");
	WRONG(1, m->nb_segs, 6, "bad nb_segs");
	last = rte_pktmbuf_lastseg(m);
	WRONG(1, last->next, m, "bad nb_segs");
	CHECK_EQ(rte_mbuf_check(NULL, 1, &reason), -1);
	rte_pktmbuf_free(m);
	check_all_back();
}

static void
private_areas_are_the_users(void)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);

	CHECK_EQ(rte_pktmbuf_priv_size(pool), 16);
	CHECK_EQ(rte_pktmbuf_data_room_size(pool), ROOM);
	CHECK((char *)rte_mbuf_to_priv(m) == (char *)m + 128);
	CHECK((char *)m->buf_addr == (char *)rte_mbuf_to_priv(m) + 16);
	CHECK(rte_mbuf_data_addr_default(m) == rte_pktmbuf_mtod(m, char *));
	CHECK_EQ(rte_mbuf_iova_get(m), rte_mempool_virt2iova(m) == RTE_BAD_IOVA ? RTE_BAD_IOVA :
		rte_mempool_virt2iova(m) + 128 + 16);
	rte_pktmbuf_free(m);
}

static void
pools_refuse_what_cannot_be(void)
{
	struct rte_mempool *mp;

	CHECK(rte_pktmbuf_pool_create("bad", 100, 0, 7, 2048, SOCKET_ID_ANY) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_pktmbuf_pool_create("mbufs", 100, 0, 0, 2048, SOCKET_ID_ANY) == NULL);
	CHECK_EQ(rte_errno, EEXIST);
	CHECK(rte_pktmbuf_pool_create("bad", 1000000, 0, 0, 2048, SOCKET_ID_ANY) == NULL);
	CHECK_EQ(rte_errno, ENOMEM);
	CHECK(rte_pktmbuf_pool_create_by_ops("bad", 100, 0, 0, 2048, SOCKET_ID_ANY, "no such store") == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_mempool_lookup("bad") == NULL);

	CHECK_STR(rte_mbuf_best_mempool_ops(), "ring_mp_mc");
	CHECK_EQ(rte_mbuf_set_platform_mempool_ops("ring_sp_mc"), 0);
	CHECK_EQ(rte_mbuf_set_platform_mempool_ops("ring_sp_mc"), 0);
	CHECK_EQ(rte_mbuf_set_platform_mempool_ops("ring_mp_sc"), -EEXIST);
	CHECK_STR(rte_mbuf_best_mempool_ops(), "ring_sp_mc");
	CHECK_EQ(rte_mbuf_set_user_mempool_ops("ring_sp_sc"), 0);
	CHECK_EQ(rte_mbuf_set_user_mempool_ops("a name of a store that is far too long"), -ENAMETOOLONG);
	mp = rte_pktmbuf_pool_create("best", 15, 0, 0, 100, SOCKET_ID_ANY);
	CHECK(mp != NULL);
	CHECK_STR(rte_mempool_get_ops(mp->ops_index)->name, "ring_sp_sc");
	{
		struct rte_mbuf *m = rte_pktmbuf_alloc(mp), *bulk;

		CHECK_EQ(m->data_off, 100); /* a buffer smaller than the headroom */
		CHECK_EQ(rte_pktmbuf_tailroom(m), 0);
		CHECK_EQ(rte_pktmbuf_alloc_bulk(mp, &bulk, 1), 0);
		CHECK_EQ(bulk->data_off, 100);
		rte_pktmbuf_free(m);
		rte_pktmbuf_free(bulk);
	}
	rte_mempool_free(mp);
}

static void
transmit_flags_are_validated(void)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);

	CHECK_EQ(rte_validate_tx_offload(m), 0);
	m->ol_flags = RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_IPV6;
	CHECK_EQ(rte_validate_tx_offload(m), -EINVAL);
	m->ol_flags = RTE_MBUF_F_TX_UDP_CKSUM;
	CHECK_EQ(rte_validate_tx_offload(m), -EINVAL);
	m->ol_flags = RTE_MBUF_F_TX_UDP_CKSUM | RTE_MBUF_F_TX_IPV4;
	CHECK_EQ(rte_validate_tx_offload(m), 0);
	m->ol_flags = RTE_MBUF_F_TX_TCP_SEG | RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IP_CKSUM;
	CHECK_EQ(rte_validate_tx_offload(m), -EINVAL);
	m->tso_segsz = 1460;
	CHECK_EQ(rte_validate_tx_offload(m), 0);
	m->ol_flags = RTE_MBUF_F_TX_OUTER_IP_CKSUM;
	CHECK_EQ(rte_validate_tx_offload(m), -EINVAL);
	m->tx_offload = rte_mbuf_tx_offload(14, 20, 32, 1460, 40, 18, 0);
	CHECK_EQ(m->l2_len, 14);
	CHECK_EQ(m->l3_len, 20);
	CHECK_EQ(m->l4_len, 32);
	CHECK_EQ(m->tso_segsz, 1460);
	CHECK_EQ(m->outer_l3_len, 40);
	CHECK_EQ(m->outer_l2_len, 18);
	rte_pktmbuf_free(m);
}

static void
names_and_dumps(void)
{
	struct rte_mbuf *m = packet_of(small, 200);
	char text[8192] = "";
	FILE *f = tmpfile();

	CHECK_STR(rte_get_rx_ol_flag_name(RTE_MBUF_F_RX_VLAN), "RTE_MBUF_F_RX_VLAN");
	CHECK_STR(rte_get_tx_ol_flag_name(RTE_MBUF_F_TX_TUNNEL_VXLAN), "RTE_MBUF_F_TX_TUNNEL_VXLAN");
	CHECK(rte_get_rx_ol_flag_name(0) == NULL);
	CHECK_EQ(rte_get_rx_ol_flag_list(RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_IP_CKSUM_NONE, text, sizeof(text)), 0);
	CHECK_STR(text, "RTE_MBUF_F_RX_VLAN RTE_MBUF_F_RX_IP_CKSUM_NONE RTE_MBUF_F_RX_L4_CKSUM_UNKNOWN "
		"RTE_MBUF_F_RX_OUTER_L4_CKSUM_UNKNOWN ");
	CHECK_EQ(rte_get_tx_ol_flag_list(RTE_MBUF_F_TX_UDP_CKSUM | RTE_MBUF_F_TX_IPV4, text, sizeof(text)), 0);
	CHECK_STR(text, "RTE_MBUF_F_TX_UDP_CKSUM RTE_MBUF_F_TX_IPV4 ");
	CHECK_EQ(rte_get_tx_ol_flag_list(RTE_MBUF_F_TX_UDP_CKSUM, text, 10), -1);
	CHECK_EQ(rte_get_ptype_name(RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV6_EXT | RTE_PTYPE_L4_UDP, text, sizeof(text)), 0);
	CHECK_STR(text, "L2_ETHER L3_IPV6_EXT L4_UDP ");
	CHECK_EQ(rte_get_ptype_name(RTE_PTYPE_L2_ETHER, text, 5), -1);
	CHECK_STR(rte_get_ptype_inner_l4_name(RTE_PTYPE_INNER_L4_ICMP), "INNER_L4_ICMP");
	CHECK_STR(rte_get_ptype_tunnel_name(0), "TUNNEL_UNKNOWN");

	CHECK(f != NULL);
	rte_pktmbuf_dump(f, m, 200);
	rewind(f);
	CHECK(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	CHECK(strstr(text, "pkt_len=200") != NULL);
	CHECK(strstr(text, "nb_segs=2") != NULL);
	rte_pktmbuf_free(m);
	check_all_back();
}

/* Further EAL arguments may follow on the command line. */
int
main(int argc, char **argv)
{
	char *args[16] = {(char *)"test_mbuf", (char *)"--no-huge", (char *)"-m", (char *)"64", (char *)"--no-pci",
		(char *)"-l", (char *)"0"};
	int n = 7, i;

	for (i = 1; i < argc && n < 15; i++)
		args[n++] = argv[i];
	if (rte_eal_init(n, args) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	pool = rte_pktmbuf_pool_create("mbufs", COUNT, 32, 16, ROOM, SOCKET_ID_ANY);
	small = rte_pktmbuf_pool_create("small", COUNT, 0, 0, SMALL_ROOM, SOCKET_ID_ANY);
	if (pool == NULL || small == NULL) {
		printf("rte_pktmbuf_pool_create: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(fresh_mbufs_are_reset);
	RUN(data_grows_and_shrinks_at_both_ends);
	RUN(chains_are_read_and_made_one);
	RUN(clones_share_and_outlive);
	RUN(references_delay_the_end);
	RUN(bulks_of_all_kinds_are_freed);
	RUN(copies_are_independent);
	RUN(running_out_costs_nothing);
	RUN(external_buffers_end_with_their_last_user);
	RUN(checks_find_what_is_wrong);
	RUN(private_areas_are_the_users);
	RUN(pools_refuse_what_cannot_be);
	RUN(transmit_flags_are_validated);
	RUN(names_and_dumps);
	rte_eal_cleanup();
	return check_summary();
}
