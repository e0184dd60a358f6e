/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Fragments and back: what is cut, shuffled and put together is what it was, and what strangers may send besides is refused
 * without a leak.
 */
#include <errno.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_mbuf.h>
#include <rte_ip_frag.h>

#include "check.h"

#define POOL 1023u
#define L2 14u
#define MOST 64u

static struct rte_mempool *pool, *indirect;
static struct rte_ip_frag_death_row row;
static uint64_t random_state = 99;

static uint32_t
random_below(uint32_t n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(random_state >> 33) % n;
}

static void
all_came_back(void)
{
	rte_ip_frag_free_death_row(&row, 3);
	CHECK_EQ(rte_mempool_avail_count(pool), POOL);
	CHECK_EQ(rte_mempool_avail_count(indirect), POOL);
}

static uint8_t
pattern(uint32_t at)
{
	return (uint8_t)(at * 7 + at / 256);
}

/* A packet whose data is the pattern, in segments of the given size. */
static struct rte_mbuf *
packet(const void *header, uint32_t header_length, uint32_t length, uint32_t segment)
{
	struct rte_mbuf *head = rte_pktmbuf_alloc(pool), *last = head, *m;
	uint8_t *to;

	CHECK(head != NULL);
	memcpy(rte_pktmbuf_append(head, (uint16_t)header_length), header, header_length);
	for (uint32_t at = 0; at < length;) {
		uint32_t n = RTE_MIN(length - at, segment);

		if (n > rte_pktmbuf_tailroom(last) || at > 0) {
			m = rte_pktmbuf_alloc(pool);
			CHECK(m != NULL);
			CHECK_EQ(rte_pktmbuf_chain(head, m), 0);
			last = m;
		}
		to = rte_pktmbuf_mtod_offset(last, uint8_t *, last->data_len);
		last->data_len = (uint16_t)(last->data_len + n);
		head->pkt_len += n;
		while (n-- > 0)
			*to++ = pattern(at++);
	}
	rte_mbuf_sanity_check(head, 1);
	return head;
}

static struct rte_ipv4_hdr
ipv4(uint32_t length, uint16_t id)
{
	return (struct rte_ipv4_hdr){
		.version_ihl = 0x45, .total_length = rte_cpu_to_be_16((uint16_t)(length + 20)), .packet_id = rte_cpu_to_be_16(id),
		.time_to_live = 9, .next_proto_id = IPPROTO_UDP, .src_addr = rte_cpu_to_be_32(RTE_IPV4(10, 0, 0, 1)),
		.dst_addr = rte_cpu_to_be_32(RTE_IPV4(10, 0, 0, 2)), .hdr_checksum = 0xffff,
	};
}

/* A fragment as it comes from a port, with a link header and perhaps padding. */
static struct rte_mbuf *
arrived(uint32_t offset, uint32_t length, bool more, uint16_t id)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);
	struct rte_ipv4_hdr hdr = ipv4(length, id);
	uint32_t padding = length < 26 ? 26 - length : 0;
	uint8_t *to;

	CHECK(m != NULL);
	hdr.fragment_offset = rte_cpu_to_be_16((uint16_t)(offset / 8 | (more ? RTE_IPV4_HDR_MF_FLAG : 0)));
	memset(rte_pktmbuf_append(m, L2), 0xee, L2);
	memcpy(rte_pktmbuf_append(m, sizeof(hdr)), &hdr, sizeof(hdr));
	to = (uint8_t *)rte_pktmbuf_append(m, (uint16_t)(length + padding));
	for (uint32_t i = 0; i < length; i++)
		to[i] = pattern(offset + i);
	m->l2_len = L2;
	m->l3_len = sizeof(hdr);
	return m;
}

static struct rte_mbuf *
take(struct rte_ip_frag_tbl *tbl, struct rte_mbuf *m, uint64_t now)
{
	return rte_ipv4_frag_reassemble_packet(tbl, &row, m, now, rte_pktmbuf_mtod_offset(m, struct rte_ipv4_hdr *, m->l2_len));
}

/* The packet's data from `from` on is the pattern; the packet goes back. */
static void
is_whole(struct rte_mbuf *m, uint32_t from, uint32_t length)
{
	uint8_t bytes[64];

	CHECK(m != NULL);
	CHECK_EQ(m->pkt_len, from + length);
	rte_mbuf_sanity_check(m, 1);
	for (uint32_t at = 0; at < length;) {
		uint32_t n = RTE_MIN(length - at, (uint32_t)sizeof(bytes));
		const uint8_t *read = rte_pktmbuf_read(m, from + at, n, bytes);

		for (uint32_t i = 0; i < n; i++, at++)
			CHECK_EQ(read[i], pattern(at));
	}
	rte_pktmbuf_free(m);
}

static void
shuffle(struct rte_mbuf **all, uint32_t n)
{
	for (uint32_t i = n; i > 1; i--) {
		uint32_t other = random_below(i);

		RTE_SWAP(all[i - 1], all[other]);
	}
}

static void
ipv4_there_and_back(void)
{
	struct rte_ip_frag_tbl *tbl = rte_ip_frag_table_create(8, 4, 8, 1000, SOCKET_ID_ANY);
	struct rte_mbuf *out[MOST], *m, *whole;
	int n, i;

	CHECK(tbl != NULL);
	for (uint32_t round = 0; round < 400; round++) {
		uint32_t length = 200 + random_below(5000), mtu = 68 + random_below(1400), segment = 1 + random_below(1800), done = 0;
		struct rte_ipv4_hdr hdr = ipv4(length, (uint16_t)round);

		m = packet(&hdr, sizeof(hdr), length, RTE_MAX(segment, 40u));
		n = round % 2 ? rte_ipv4_fragment_packet(m, out, MOST, (uint16_t)mtu, pool, indirect) :
			rte_ipv4_fragment_copy_nonseg_packet(m, out, MOST, (uint16_t)mtu, pool);
		rte_pktmbuf_free(m);
		if (length > (mtu - 20) / 8 * 8 * MOST) {
			CHECK_EQ(n, -EINVAL);
			continue;
		}
		CHECK_EQ(n, (length + (mtu - 20) / 8 * 8 - 1) / ((mtu - 20) / 8 * 8));
		whole = NULL;
		for (i = 0; i < n; i++) {
			struct rte_ipv4_hdr *of = rte_pktmbuf_mtod(out[i], struct rte_ipv4_hdr *);

			CHECK(out[i]->pkt_len <= mtu);
			CHECK_EQ(rte_be_to_cpu_16(of->total_length), out[i]->pkt_len);
			CHECK_EQ(of->hdr_checksum, 0);
			CHECK_EQ(rte_ipv4_frag_pkt_is_fragmented(of), n > 1);
			CHECK_EQ(out[i]->l3_len, 20);
			CHECK(round % 2 || out[i]->nb_segs == 1);
		}
		shuffle(out, (uint32_t)n);
		for (i = 0; i < n; i++) {
			CHECK(whole == NULL);
			whole = take(tbl, out[i], round * 2000);
			done += whole != NULL;
			/* One more than a table keeps: all have gone. */
			if (n > RTE_LIBRTE_IP_FRAG_MAX_FRAG && i == RTE_LIBRTE_IP_FRAG_MAX_FRAG)
				break;
		}
		if (n > RTE_LIBRTE_IP_FRAG_MAX_FRAG) {
			CHECK_EQ(done, 0);
			for (i++; i < n; i++)
				rte_pktmbuf_free(out[i]);
		} else {
			struct rte_ipv4_hdr *of;

			CHECK(whole != NULL);
			of = rte_pktmbuf_mtod(whole, struct rte_ipv4_hdr *);
			CHECK_EQ(rte_be_to_cpu_16(of->total_length), length + 20);
			CHECK_EQ(rte_ipv4_frag_pkt_is_fragmented(of), 0);
			CHECK_EQ(of->time_to_live, 9);
			is_whole(whole, 20, length);
		}
		rte_ip_frag_free_death_row(&row, round % 5);
	}
	rte_ip_frag_table_destroy(tbl);
	all_came_back();
}

static void
ipv6_there_and_back(void)
{
	struct rte_ip_frag_tbl *tbl = rte_ip_frag_table_create(8, 4, 8, 1000, SOCKET_ID_ANY);
	struct rte_ipv6_hdr hdr = { .vtc_flow = rte_cpu_to_be_32(0x60012345), .proto = IPPROTO_UDP, .hop_limits = 3 };
	struct rte_mbuf *out[MOST], *m, *whole;
	uint32_t last_id = 0;
	int n;

	memset(hdr.src_addr, 1, 16);
	memset(hdr.dst_addr, 2, 16);
	for (uint32_t round = 0; round < 200; round++) {
		uint32_t length = 1600 + random_below(7000), mtu = 1280 + random_below(300);

		hdr.payload_len = rte_cpu_to_be_16((uint16_t)length);
		m = packet(&hdr, sizeof(hdr), length, 100 + random_below(1500));
		n = rte_ipv6_fragment_packet(m, out, MOST, (uint16_t)mtu, pool, indirect);
		rte_pktmbuf_free(m);
		CHECK(n >= 2 && n <= RTE_LIBRTE_IP_FRAG_MAX_FRAG);
		shuffle(out, (uint32_t)n);
		whole = NULL;
		for (int i = 0; i < n; i++) {
			struct rte_ipv6_hdr *of = rte_pktmbuf_mtod(out[i], struct rte_ipv6_hdr *);
			struct rte_ipv6_fragment_ext *ext = rte_ipv6_frag_get_ipv6_fragment_header(of);

			CHECK(whole == NULL && ext != NULL && out[i]->pkt_len <= mtu);
			if (i == 0) {
				CHECK(ext->id != last_id);
				last_id = ext->id;
			}
			CHECK_EQ(ext->id, last_id);
			CHECK_EQ(out[i]->l3_len, 48);
			whole = rte_ipv6_frag_reassemble_packet(tbl, &row, out[i], round * 2000, of, ext);
		}
		CHECK(whole != NULL);
		CHECK_EQ(memcmp(rte_pktmbuf_mtod(whole, void *), &hdr, sizeof(hdr)), 0);
		CHECK_EQ(whole->l3_len, 40);
		CHECK(rte_ipv6_frag_get_ipv6_fragment_header(rte_pktmbuf_mtod(whole, struct rte_ipv6_hdr *)) == NULL);
		is_whole(whole, 40, length);
	}
	rte_ip_frag_table_destroy(tbl);
	all_came_back();
}

/* From a fragment's fragments the whole, too: 512 bytes at 256 of a longer datagram. */
static void
a_fragment_is_cut_further(void)
{
	struct rte_ipv4_hdr hdr = ipv4(512, 3);
	struct rte_mbuf *out[MOST], *m;
	int n;

	hdr.fragment_offset = rte_cpu_to_be_16(RTE_IPV4_HDR_MF_FLAG | 256 / 8);
	m = packet(&hdr, sizeof(hdr), 512, 512);
	n = rte_ipv4_fragment_packet(m, out, MOST, 220, pool, indirect);
	rte_pktmbuf_free(m);
	CHECK_EQ(n, 3);
	for (int i = 0; i < n; i++) {
		uint16_t word = rte_be_to_cpu_16(rte_pktmbuf_mtod(out[i], struct rte_ipv4_hdr *)->fragment_offset);

		CHECK_EQ(word, RTE_IPV4_HDR_MF_FLAG | (256 / 8 + (unsigned int)i * 200 / 8));
		rte_pktmbuf_free(out[i]);
	}
	all_came_back();
}

static void
options_stand_where_they_should(void)
{
	/* No-operation, a timestamp (first fragment only), a security option (all), the end. */
	static const uint8_t options[] = { 1, 0x44, 3, 5, 0x82, 3, 0xaa, 0 };
	static const uint8_t lasting[] = { 0x82, 3, 0xaa, 0 };
	struct rte_ipv4_hdr hdr = ipv4(300 + sizeof(options), 4);
	uint8_t header[28];
	struct rte_mbuf *out[MOST], *m;
	int n;

	hdr.ihl = 7;
	memcpy(header, &hdr, 20);
	memcpy(header + 20, options, 8);
	m = packet(header, sizeof(header), 300, 300);
	n = rte_ipv4_fragment_copy_nonseg_packet(m, out, MOST, 148, pool);
	CHECK_EQ(n, 3);
	CHECK_EQ(rte_ipv4_hdr_len(rte_pktmbuf_mtod(out[0], struct rte_ipv4_hdr *)), 28);
	CHECK_EQ(memcmp(rte_pktmbuf_mtod_offset(out[0], void *, 20), options, 8), 0);
	for (int i = 1; i < n; i++) {
		CHECK_EQ(rte_ipv4_hdr_len(rte_pktmbuf_mtod(out[i], struct rte_ipv4_hdr *)), 24);
		CHECK_EQ(memcmp(rte_pktmbuf_mtod_offset(out[i], void *, 20), lasting, 4), 0);
	}
	rte_pktmbuf_free_bulk(out, (unsigned int)n);
	/* An option that is longer than what is left of the header ends them. */
	rte_pktmbuf_mtod_offset(m, uint8_t *, 20)[2] = 200;
	n = rte_ipv4_fragment_copy_nonseg_packet(m, out, MOST, 148, pool);
	CHECK_EQ(n, 3);
	CHECK_EQ(rte_ipv4_hdr_len(rte_pktmbuf_mtod(out[1], struct rte_ipv4_hdr *)), 20);
	rte_pktmbuf_free_bulk(out, (unsigned int)n);
	rte_pktmbuf_free(m);
	all_came_back();
}

static void
strangers_fragments(void)
{
	struct rte_ip_frag_tbl *tbl = rte_ip_frag_table_create(4, 1, 2, 1000, SOCKET_ID_ANY);
	struct rte_mbuf *m;

	/* The same piece twice: one is enough. */
	CHECK(take(tbl, arrived(0, 80, true, 1), 0) == NULL);
	CHECK(take(tbl, arrived(0, 80, true, 1), 0) == NULL);
	CHECK_EQ(row.cnt, 1);
	is_whole(take(tbl, arrived(80, 5, false, 1), 0), L2 + 20, 85);

	/* Overlap, two ends, a piece behind the end: all is given up, and the datagram begins anew. */
	for (int i = 0; i < 4; i++) {
		static const struct { uint32_t offset, length; bool more; } second[] = {
			{ 40, 80, true }, { 88, 4, false }, { 160, 8, true }, { 72, 8, false },
		};

		rte_ip_frag_free_death_row(&row, 0);
		CHECK(take(tbl, arrived(i == 0 ? 0 : 80, 80, i == 0, 2), 0) == NULL);
		CHECK_EQ(row.cnt, 0);
		CHECK(take(tbl, arrived(second[i].offset, second[i].length, second[i].more, 2), 0) == NULL);
		CHECK_EQ(row.cnt, 2);
	}
	rte_ip_frag_free_death_row(&row, 0);

	/* Other protocols and addresses are other datagrams: the table of two is full then. */
	CHECK(take(tbl, arrived(0, 80, true, 3), 0) == NULL);
	m = arrived(80, 8, false, 3);
	rte_pktmbuf_mtod_offset(m, struct rte_ipv4_hdr *, L2)->next_proto_id = IPPROTO_TCP;
	CHECK(take(tbl, m, 0) == NULL);
	CHECK_EQ(row.cnt, 0);
	CHECK(take(tbl, arrived(0, 8, true, 4), 1000) == NULL);
	CHECK_EQ(row.cnt, 1);
	/* Their time is over one tick later: the oldest makes room, and what is its own begins anew. */
	CHECK(take(tbl, arrived(0, 8, true, 4), 1001) == NULL);
	CHECK_EQ(row.cnt, 2);
	rte_ip_frag_table_del_expired_entries(tbl, &row, 1001);
	CHECK_EQ(row.cnt, 3);
	is_whole(take(tbl, arrived(8, 8, false, 4), 1001), L2 + 20, 16);

	/* Not even looked up: no data, shorter than it says, in the middle and no multiple of 8. */
	rte_ip_frag_free_death_row(&row, 0);
	CHECK(take(tbl, arrived(0, 0, true, 5), 0) == NULL);
	m = arrived(0, 80, true, 5);
	CHECK_EQ(rte_pktmbuf_trim(m, 1), 0);
	CHECK(take(tbl, m, 0) == NULL);
	CHECK(take(tbl, arrived(0, 81, true, 5), 0) == NULL);
	m = arrived(0, 80, true, 5);
	m->l3_len = 200;
	CHECK(take(tbl, m, 0) == NULL);
	/* A datagram of more than 65535 bytes, by its data alone and with its header. */
	CHECK(take(tbl, arrived(65528, 80, false, 5), 0) == NULL);
	CHECK_EQ(row.cnt, 5);

	/* More pieces than a table keeps of a datagram. */
	rte_ip_frag_free_death_row(&row, 0);
	for (uint32_t i = 0; i <= RTE_LIBRTE_IP_FRAG_MAX_FRAG; i++)
		CHECK(take(tbl, arrived(i * 16, 8, true, 6), 0) == NULL);
	CHECK_EQ(row.cnt, RTE_LIBRTE_IP_FRAG_MAX_FRAG + 1);

	/* A full death row frees at once. */
	rte_ip_frag_free_death_row(&row, 0);
	for (uint32_t i = 0; i < RTE_IP_FRAG_DEATH_ROW_MBUF_LEN + 5; i++)
		CHECK(take(tbl, arrived(0, 0, true, 5), 0) == NULL);
	CHECK_EQ(row.cnt, RTE_IP_FRAG_DEATH_ROW_MBUF_LEN);
	/* What is in a table that ends is freed with it. */
	CHECK(take(tbl, arrived(0, 80, true, 7), 0) == NULL);
	rte_ip_frag_table_statistics_dump(stdout, tbl);
	rte_ip_frag_table_destroy(tbl);
	rte_ip_frag_table_destroy(NULL);
	all_came_back();
}

static void
documented_errors(void)
{
	struct rte_ipv4_hdr hdr = ipv4(400, 1);
	struct rte_ipv6_hdr six = { .proto = IPPROTO_UDP };
	struct rte_mbuf *m = packet(&hdr, sizeof(hdr), 400, 400), *m6 = packet(&six, sizeof(six), 1400, 1400), *out[MOST], *held[POOL];
	struct rte_ipv4_hdr *in = rte_pktmbuf_mtod(m, struct rte_ipv4_hdr *);
	unsigned int n = 0;

	CHECK_EQ(rte_ipv4_fragment_packet(NULL, out, MOST, 100, pool, indirect), -EINVAL);
	CHECK_EQ(rte_ipv4_fragment_packet(m, NULL, MOST, 100, pool, indirect), -EINVAL);
	CHECK_EQ(rte_ipv4_fragment_packet(m, out, 0, 100, pool, indirect), -EINVAL);
	CHECK_EQ(rte_ipv4_fragment_packet(m, out, MOST, 67, pool, indirect), -EINVAL);
	CHECK_EQ(rte_ipv4_fragment_packet(m, out, MOST, 100, NULL, indirect), -EINVAL);
	CHECK_EQ(rte_ipv4_fragment_packet(m, out, MOST, 100, pool, NULL), -EINVAL);
	CHECK_EQ(rte_ipv4_fragment_packet(m, out, 4, 100, pool, indirect), -EINVAL);
	CHECK_EQ(rte_ipv4_fragment_copy_nonseg_packet(m, out, 4, 100, pool), -EINVAL);
	CHECK_EQ(rte_ipv4_fragment_copy_nonseg_packet(m, out, MOST, 100, indirect), -EINVAL);
	CHECK_EQ(rte_ipv6_fragment_packet(m6, out, MOST, 1279, pool, indirect), -EINVAL);
	CHECK_EQ(rte_ipv6_fragment_packet(m6, out, 1, 1280, pool, indirect), -EINVAL);
	CHECK_EQ(rte_ipv6_fragment_packet(NULL, out, 2, 1280, pool, indirect), -EINVAL);
	in->ihl = 4;
	CHECK_EQ(rte_ipv4_fragment_packet(m, out, MOST, 100, pool, indirect), -EINVAL);
	in->ihl = 5;
	in->fragment_offset = rte_cpu_to_be_16(RTE_IPV4_HDR_DF_FLAG);
	CHECK_EQ(rte_ipv4_fragment_packet(m, out, MOST, 100, pool, indirect), -ENOTSUP);
	in->fragment_offset = rte_cpu_to_be_16(8191);
	CHECK_EQ(rte_ipv4_fragment_packet(m, out, MOST, 100, pool, indirect), -EINVAL);
	in->fragment_offset = 0;
	/* A packet that has less than it says. */
	m->pkt_len += 100;
	CHECK_EQ(rte_ipv4_fragment_packet(m, out, MOST, 100, pool, indirect), -EINVAL);
	CHECK_EQ(rte_ipv4_fragment_copy_nonseg_packet(m, out, MOST, 100, pool), -EINVAL);
	m->pkt_len -= 100;
	/* The pool runs out at the nth mbuf, for every n. */
	while ((held[n] = rte_pktmbuf_alloc(pool)) != NULL)
		n++;
	for (unsigned int free = 0; free < 5; free++) {
		CHECK_EQ(rte_ipv4_fragment_packet(m, out, MOST, 100, pool, indirect), -ENOMEM);
		CHECK_EQ(rte_ipv4_fragment_copy_nonseg_packet(m, out, MOST, 100, pool), -ENOMEM);
		CHECK_EQ(rte_mempool_avail_count(pool), free);
		CHECK_EQ(rte_mempool_avail_count(indirect), POOL);
		rte_pktmbuf_free(held[--n]);
	}
	while (n > 0)
		rte_pktmbuf_free(held[--n]);
	rte_pktmbuf_free(m);
	rte_pktmbuf_free(m6);

	rte_errno = 0;
	CHECK(rte_ip_frag_table_create(0, 1, 1, 1, SOCKET_ID_ANY) == NULL && rte_errno == EINVAL);
	CHECK(rte_ip_frag_table_create(1, 3, 1, 1, SOCKET_ID_ANY) == NULL && rte_errno == EINVAL);
	CHECK(rte_ip_frag_table_create(1, 1, 0, 1, SOCKET_ID_ANY) == NULL && rte_errno == EINVAL);
	CHECK(rte_ip_frag_table_create(1, 1, 3, 1, SOCKET_ID_ANY) == NULL && rte_errno == EINVAL);
	CHECK(rte_ip_frag_table_create(1u << 31, 2, 1, 1, SOCKET_ID_ANY) == NULL && rte_errno == EINVAL);
	CHECK(rte_ip_frag_table_create(1u << 20, 256, 1u << 28, 1, SOCKET_ID_ANY) == NULL && rte_errno == ENOMEM);
	all_came_back();
}

int
main(void)
{
	char name[] = "ip_frag_test", no_huge[] = "--no-huge", no_pci[] = "--no-pci", m[] = "-m", mb[] = "64", lcores[] = "-l", zero[] = "0";
	char *argv[] = { name, no_huge, no_pci, m, mb, lcores, zero, NULL };

	if (rte_eal_init((int)RTE_DIM(argv) - 1, argv) < 0)
		return 1;
	pool = rte_pktmbuf_pool_create("direct", POOL, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	indirect = rte_pktmbuf_pool_create("indirect", POOL, 0, 0, 0, SOCKET_ID_ANY);
	if (pool == NULL || indirect == NULL)
		return 1;
	RUN(ipv4_there_and_back);
	RUN(ipv6_there_and_back);
	RUN(a_fragment_is_cut_further);
	RUN(options_stand_where_they_should);
	RUN(strangers_fragments);
	RUN(documented_errors);
	rte_mempool_free(pool);
	rte_mempool_free(indirect);
	rte_eal_cleanup();
	return check_summary();
}
