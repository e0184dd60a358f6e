/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The table's insides: datagrams that are not whole, found by a hash with chains and listed by age. A chain does not run full as
 * a bucket does, so a table takes max_entries datagrams whatever their addresses are.
 */
#ifndef IP_FRAG_TABLE_H
#define IP_FRAG_TABLE_H

#include <sys/queue.h>

#include <rte_mbuf.h>

#include "rte_ip_frag.h"

#define IP_FRAG_MOST RTE_LIBRTE_IP_FRAG_MAX_FRAG

/* What all fragments of a datagram have in common. */
struct ip_frag_key {
	uint64_t addresses[4];	/* IPv4: both in the first, zeros behind */
	uint64_t id;		/* with the family and, of IPv4, the protocol: ip_frag_id() */
};

static inline uint64_t
ip_frag_id(unsigned int family, uint8_t protocol, uint32_t id)
{
	return (uint64_t)family << 40 | (uint64_t)protocol << 32 | id;
}

struct ip_frag_piece {
	uint32_t offset, length;
	struct rte_mbuf *mb;
};

struct ip_frag_datagram {
	TAILQ_ENTRY(ip_frag_datagram) by_age;		/* or free */
	struct ip_frag_datagram *next;			/* of its chain */
	struct ip_frag_key key;
	uint64_t start;
	uint32_t size;					/* 0: the last fragment has not come */
	uint32_t have;					/* bytes */
	uint32_t pieces;
	struct ip_frag_piece piece[IP_FRAG_MOST];	/* by offset, no two overlap */
} __rte_cache_aligned;

TAILQ_HEAD(ip_frag_list, ip_frag_datagram);

struct ip_frag_counts {
	uint64_t finds, added, timed_out, timed_out_anew, whole, given_up, no_room;
};

struct rte_ip_frag_tbl {
	uint64_t max_cycles;
	uint64_t secret[4];
	uint32_t max_entries, entries;
	uint32_t chain_mask;
	struct ip_frag_datagram *last;	/* used last; most fragments follow one of theirs */
	struct ip_frag_list by_age, unused;
	struct ip_frag_counts counts;
	struct ip_frag_datagram **chains;
	struct ip_frag_datagram datagrams[];
};

/* To the death row, or freed when that is full. */
void ip_frag_bury(struct rte_ip_frag_death_row *dr, struct rte_mbuf *mb);
/* The datagram of a fragment that came at tms: the one that is there or a new one. NULL: the table is full. */
struct ip_frag_datagram *ip_frag_find(struct rte_ip_frag_tbl *tbl, struct rte_ip_frag_death_row *dr,
	const struct ip_frag_key *key, uint64_t tms);
/* Takes a datagram out of the table; pieces it still has are buried. */
void ip_frag_remove(struct rte_ip_frag_tbl *tbl, struct rte_ip_frag_death_row *dr, struct ip_frag_datagram *datagram);

#endif
