/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_prefetch.h>
#include <rte_random.h>

#include "ip_frag_table.h"

/* The two halves of a product depend on all bits of both factors; the secret keeps strangers from choosing the chain. */
static inline uint64_t
fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static struct ip_frag_datagram **
chain_of(const struct rte_ip_frag_tbl *tbl, const struct ip_frag_key *key)
{
	uint64_t hash = fold(key->addresses[0] ^ tbl->secret[0], key->id ^ tbl->secret[1]);

	hash ^= fold(key->addresses[1] ^ tbl->secret[2], key->addresses[2] ^ tbl->secret[3]);
	hash = fold(hash ^ key->addresses[3], tbl->secret[0] | 1);
	return &tbl->chains[hash & tbl->chain_mask];
}

static inline bool
same(const struct ip_frag_key *a, const struct ip_frag_key *b)
{
	return ((a->addresses[0] ^ b->addresses[0]) | (a->addresses[1] ^ b->addresses[1]) | (a->addresses[2] ^ b->addresses[2]) |
		(a->addresses[3] ^ b->addresses[3]) | (a->id ^ b->id)) == 0;
}

struct rte_ip_frag_tbl *
rte_ip_frag_table_create(uint32_t bucket_num, uint32_t bucket_entries, uint32_t max_entries, uint64_t max_cycles, int socket_id)
{
	uint64_t most = (uint64_t)rte_align32pow2(bucket_num) * bucket_entries * 2;
	struct rte_ip_frag_tbl *tbl;
	uint32_t chains;
	size_t size;

	if (bucket_num == 0 || bucket_num > 1u << 31 || !rte_is_power_of_2(bucket_entries) || most > UINT32_MAX || max_entries == 0 ||
			max_entries > most) {
		rte_errno = EINVAL;
		return NULL;
	}
	chains = rte_align32pow2(RTE_MIN(max_entries, 1u << 31));
	size = sizeof(*tbl) + (size_t)max_entries * sizeof(tbl->datagrams[0]);
	tbl = rte_zmalloc_socket("IP fragments", size + chains * sizeof(*tbl->chains), RTE_CACHE_LINE_SIZE, socket_id);
	if (tbl == NULL) {
		rte_errno = ENOMEM;
		return NULL;
	}
	tbl->chains = RTE_PTR_ADD(tbl, size);
	tbl->chain_mask = chains - 1;
	tbl->max_cycles = max_cycles;
	tbl->max_entries = max_entries;
	for (unsigned int i = 0; i < RTE_DIM(tbl->secret); i++)
		tbl->secret[i] = rte_rand();
	TAILQ_INIT(&tbl->by_age);
	TAILQ_INIT(&tbl->unused);
	for (uint32_t i = 0; i < max_entries; i++)
		TAILQ_INSERT_TAIL(&tbl->unused, &tbl->datagrams[i], by_age);
	return tbl;
}

void
rte_ip_frag_table_destroy(struct rte_ip_frag_tbl *tbl)
{
	struct ip_frag_datagram *datagram;

	if (tbl == NULL)
		return;
	TAILQ_FOREACH(datagram, &tbl->by_age, by_age)
		for (uint32_t i = 0; i < datagram->pieces; i++)
			rte_pktmbuf_free(datagram->piece[i].mb);
	rte_free(tbl);
}

void
ip_frag_bury(struct rte_ip_frag_death_row *dr, struct rte_mbuf *mb)
{
	if (likely(dr->cnt < RTE_DIM(dr->row)))
		dr->row[dr->cnt++] = mb;
	else
		rte_pktmbuf_free(mb);
}

void
rte_ip_frag_free_death_row(struct rte_ip_frag_death_row *dr, uint32_t prefetch)
{
	uint32_t n = RTE_MIN(dr->cnt, RTE_DIM(dr->row)), i;

	for (i = 0; i < RTE_MIN(prefetch, n); i++)
		rte_prefetch0(dr->row[i]);
	for (i = 0; i < n; i++) {
		if (prefetch < n - i)
			rte_prefetch0(dr->row[i + prefetch]);
		rte_pktmbuf_free(dr->row[i]);
	}
	dr->cnt = 0;
}

static void
drop_pieces(struct rte_ip_frag_death_row *dr, struct ip_frag_datagram *datagram)
{
	for (uint32_t i = 0; i < datagram->pieces; i++)
		ip_frag_bury(dr, datagram->piece[i].mb);
	datagram->pieces = datagram->size = datagram->have = 0;
}

void
ip_frag_remove(struct rte_ip_frag_tbl *tbl, struct rte_ip_frag_death_row *dr, struct ip_frag_datagram *datagram)
{
	struct ip_frag_datagram **link = chain_of(tbl, &datagram->key);

	drop_pieces(dr, datagram);
	while (*link != datagram)
		link = &(*link)->next;
	*link = datagram->next;
	TAILQ_REMOVE(&tbl->by_age, datagram, by_age);
	TAILQ_INSERT_HEAD(&tbl->unused, datagram, by_age);
	tbl->entries--;
	if (tbl->last == datagram)
		tbl->last = NULL;
}

static bool
is_over(const struct rte_ip_frag_tbl *tbl, const struct ip_frag_datagram *datagram, uint64_t tms)
{
	return tms > datagram->start && tms - datagram->start > tbl->max_cycles;
}

static struct ip_frag_datagram *
lookup(const struct rte_ip_frag_tbl *tbl, struct ip_frag_datagram *chain, const struct ip_frag_key *key)
{
	if (tbl->last != NULL && same(&tbl->last->key, key))
		return tbl->last;
	while (chain != NULL && !same(&chain->key, key))
		chain = chain->next;
	return chain;
}

struct ip_frag_datagram *
ip_frag_find(struct rte_ip_frag_tbl *tbl, struct rte_ip_frag_death_row *dr, const struct ip_frag_key *key, uint64_t tms)
{
	struct ip_frag_datagram **chain = chain_of(tbl, key), *datagram = lookup(tbl, *chain, key), *oldest;

	tbl->counts.finds++;
	if (datagram != NULL && is_over(tbl, datagram, tms)) {
		drop_pieces(dr, datagram);
		datagram->start = tms;
		TAILQ_REMOVE(&tbl->by_age, datagram, by_age);
		TAILQ_INSERT_TAIL(&tbl->by_age, datagram, by_age);
		tbl->counts.timed_out_anew++;
	} else if (datagram == NULL) {
		oldest = TAILQ_FIRST(&tbl->by_age);
		if (tbl->entries == tbl->max_entries) {
			if (!is_over(tbl, oldest, tms)) {
				tbl->counts.no_room++;
				return NULL;
			}
			ip_frag_remove(tbl, dr, oldest);
			tbl->counts.timed_out++;
		}
		datagram = TAILQ_FIRST(&tbl->unused);
		TAILQ_REMOVE(&tbl->unused, datagram, by_age);
		TAILQ_INSERT_TAIL(&tbl->by_age, datagram, by_age);
		datagram->key = *key;
		datagram->start = tms;
		datagram->next = *chain;
		*chain = datagram;
		tbl->entries++;
		tbl->counts.added++;
	}
	tbl->last = datagram;
	return datagram;
}

void
rte_ip_frag_table_del_expired_entries(struct rte_ip_frag_tbl *tbl, struct rte_ip_frag_death_row *dr, uint64_t tms)
{
	struct ip_frag_datagram *oldest;

	while ((oldest = TAILQ_FIRST(&tbl->by_age)) != NULL && is_over(tbl, oldest, tms) &&
			dr->cnt + oldest->pieces <= RTE_DIM(dr->row)) {
		ip_frag_remove(tbl, dr, oldest);
		tbl->counts.timed_out++;
	}
}

void
rte_ip_frag_table_statistics_dump(FILE *f, const struct rte_ip_frag_tbl *tbl)
{
	const struct ip_frag_counts *counts = &tbl->counts;

	fprintf(f, "datagrams at most:      %" PRIu32 "\n", tbl->max_entries);
	fprintf(f, "datagrams now:          %" PRIu32 "\n", tbl->entries);
	fprintf(f, "fragments looked up:    %" PRIu64 "\n", counts->finds);
	fprintf(f, "datagrams begun:        %" PRIu64 "\n", counts->added);
	fprintf(f, "datagrams made whole:   %" PRIu64 "\n", counts->whole);
	fprintf(f, "datagrams given up:     %" PRIu64 "\n", counts->given_up);
	fprintf(f, "timed out:              %" PRIu64 "\n", counts->timed_out);
	fprintf(f, "timed out, begun anew:  %" PRIu64 "\n", counts->timed_out_anew);
	fprintf(f, "fragments without room: %" PRIu64 "\n", counts->no_room);
}
