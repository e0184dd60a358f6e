/* SPDX-License-Identifier: BSD-3-Clause
 *
 * IP fragments: packets cut to an MTU, and put together again. Names and semantics of DPDK 22.11.
 *
 * A table keeps the fragments of datagrams that are not whole yet. It belongs to one thread at a time. What it does not want
 * any more it puts on the caller's death row, which the caller empties with rte_ip_frag_free_death_row() after each burst;
 * what finds no room there is freed at once.
 *
 * Fragments come from strangers. A datagram is given up, with all its fragments, when two of them overlap, when it would be longer
 * than 65535 bytes, when it has more than RTE_LIBRTE_IP_FRAG_MAX_FRAG fragments, or when they do not agree where it ends. A
 * fragment alone is given up when it is one that is there already, is shorter than its header says, or is in the middle and
 * no multiple of 8 bytes long.
 */
#ifndef RTE_IP_FRAG_H
#define RTE_IP_FRAG_H

#include <stdint.h>
#include <stdio.h>

#include <rte_byteorder.h>
#include <rte_compat.h>
#include <rte_config.h>
#include <rte_ip.h>
#include <rte_malloc.h>
#include <rte_memory.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_mbuf;
struct rte_mempool;

/** How many packets a death row is meant for, and how many mbufs it holds. */
#define RTE_IP_FRAG_DEATH_ROW_LEN 32
#define RTE_IP_FRAG_DEATH_ROW_MBUF_LEN (RTE_IP_FRAG_DEATH_ROW_LEN * (RTE_LIBRTE_IP_FRAG_MAX_FRAG + 1))

/** Packets that are to be freed. All zeros at first. */
struct rte_ip_frag_death_row {
	uint32_t cnt; /**< of row[] */
	struct rte_mbuf *row[RTE_IP_FRAG_DEATH_ROW_MBUF_LEN];
};

struct rte_ip_frag_tbl;

/**
 * A table for at most max_entries datagrams at a time, each kept for max_cycles (in whatever unit the callers' `tms` is) after
 * its first fragment. bucket_entries: a power of two; max_entries: 1 to twice bucket_num, rounded up to a power of two, times
 * bucket_entries. NULL and rte_errno: EINVAL, ENOMEM.
 */
struct rte_ip_frag_tbl *rte_ip_frag_table_create(uint32_t bucket_num, uint32_t bucket_entries, uint32_t max_entries,
	uint64_t max_cycles, int socket_id);
/** Frees it and the fragments in it. NULL is allowed. */
void rte_ip_frag_table_destroy(struct rte_ip_frag_tbl *tbl);

/**
 * Cuts an IPv4 packet (pkt_in begins with the IP header) into packets of at most mtu_size bytes, IP header included: headers in mbufs
 * of pool_direct, data in mbufs of pool_indirect that point into pkt_in, which stays the caller's. A packet that is a fragment
 * itself gives fragments of the same datagram. Options stand in all fragments or in the first, as their type says. Header
 * checksums are 0, l3_len is set.
 *
 * How many are in pkts_out, or: -EINVAL: bad arguments, mtu_size below 68, a header that is no IPv4 header or longer than the
 * first segment, data without end at nb_pkts_out packets, or beyond the 65535 bytes of a datagram; -ENOTSUP: must not be
 * fragmented (DF); -ENOMEM.
 */
int32_t rte_ipv4_fragment_packet(struct rte_mbuf *pkt_in, struct rte_mbuf **pkts_out, uint16_t nb_pkts_out, uint16_t mtu_size,
	struct rte_mempool *pool_direct, struct rte_mempool *pool_indirect);

/**
 * The same with copies: each fragment is one mbuf of pool_direct. -EINVAL, too, when such an mbuf does not hold a fragment.
 */
__rte_experimental
int32_t rte_ipv4_fragment_copy_nonseg_packet(struct rte_mbuf *pkt_in, struct rte_mbuf **pkts_out, uint16_t nb_pkts_out,
	uint16_t mtu_size, struct rte_mempool *pool_direct);

/**
 * Cuts an IPv6 packet, as rte_ipv4_fragment_packet() does. The fragment header comes behind the fixed header; the datagram's
 * id is a random number. -EINVAL: mtu_size below 1280, too. l3_len is that of both headers.
 */
int32_t rte_ipv6_fragment_packet(struct rte_mbuf *pkt_in, struct rte_mbuf **pkts_out, uint16_t nb_pkts_out, uint16_t mtu_size,
	struct rte_mempool *pool_direct, struct rte_mempool *pool_indirect);

/**
 * Takes a fragment that came at `tms`. mb's l2_len and l3_len are set and ip_hdr is its header, in its first segment. Returns
 * the whole packet when this was the last that was missing (header: total_length set, checksum 0), else NULL: then the fragment
 * is in the table or on the death row. mb is the library's from here on in either case.
 */
struct rte_mbuf *rte_ipv4_frag_reassemble_packet(struct rte_ip_frag_tbl *tbl, struct rte_ip_frag_death_row *dr,
	struct rte_mbuf *mb, uint64_t tms, struct rte_ipv4_hdr *ip_hdr);

/**
 * The same for IPv6; l3_len is that of the fixed header and of the fragment header that follows it, frag_hdr. The whole
 * packet has no fragment header any more, and its l3_len is that of the fixed header.
 */
struct rte_mbuf *rte_ipv6_frag_reassemble_packet(struct rte_ip_frag_tbl *tbl, struct rte_ip_frag_death_row *dr,
	struct rte_mbuf *mb, uint64_t tms, struct rte_ipv6_hdr *ip_hdr, struct rte_ipv6_fragment_ext *frag_hdr);

/** The fragment header right behind the fixed header, or NULL; other extension headers are not followed. */
static inline struct rte_ipv6_fragment_ext *
rte_ipv6_frag_get_ipv6_fragment_header(struct rte_ipv6_hdr *hdr)
{
	return hdr->proto == IPPROTO_FRAGMENT ? (struct rte_ipv6_fragment_ext *)(hdr + 1) : NULL;
}

/** 1: the packet is a fragment; 0: it is a whole datagram. */
static inline int
rte_ipv4_frag_pkt_is_fragmented(const struct rte_ipv4_hdr *hdr)
{
	return (hdr->fragment_offset & rte_cpu_to_be_16(RTE_IPV4_HDR_MF_FLAG | RTE_IPV4_HDR_OFFSET_MASK)) != 0;
}

/** Frees what is on the row, `prefetch` packets of it prefetched ahead. */
void rte_ip_frag_free_death_row(struct rte_ip_frag_death_row *dr, uint32_t prefetch);

/** What the table has done so far. */
void rte_ip_frag_table_statistics_dump(FILE *f, const struct rte_ip_frag_tbl *tbl);

/** Gives up the datagrams whose time is over at `tms`, as long as the death row has room for them. */
__rte_experimental
void rte_ip_frag_table_del_expired_entries(struct rte_ip_frag_tbl *tbl, struct rte_ip_frag_death_row *dr, uint64_t tms);

/* Older names. */
#define IP_FRAG_DEATH_ROW_LEN RTE_IP_FRAG_DEATH_ROW_LEN
#define IP_FRAG_DEATH_ROW_MBUF_LEN RTE_IP_FRAG_DEATH_ROW_MBUF_LEN
#define ipv6_extension_fragment rte_ipv6_fragment_ext

#ifdef __cplusplus
}
#endif

#endif
