/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The Internet checksum (RFC 1071) over memory and mbufs. Included by rte_ip.h.
 *
 * All sums here are one's-complement sums of 16-bit words in the order they have in memory, so they go into headers as
 * they are on machines of either byte order. "Raw" sums are not complemented.
 */
#ifndef _RTE_CKSUM_H_
#define _RTE_CKSUM_H_

#include <stddef.h>
#include <stdint.h>

#include <rte_branch_prediction.h>
#include <rte_byteorder.h>
#include <rte_common.h>
#include <rte_mbuf.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Folding keeps the value modulo 65535, and keeps 0 apart from it. */
static inline uint32_t
wdpdk_cksum_fold64(uint64_t sum)
{
	sum = (sum >> 32) + (uint32_t)sum;
	return (uint32_t)((sum >> 32) + (uint32_t)sum);
}

/* Adds len bytes to sum; an odd last byte counts as followed by 0. The result is not folded to 16 bits. */
static inline uint32_t
__rte_raw_cksum(const void *buf, size_t len, uint32_t sum)
{
	const uint8_t *at = (const uint8_t *)buf;
	uint64_t wide = sum;

	/* 32-bit words into 64 bits: no carry can be lost below 16 GiB. */
	for (; len >= 16; at += 16, len -= 16) {
		uint32_t words[4];

		__builtin_memcpy(words, at, 16);
		wide += (uint64_t)words[0] + words[1] + words[2] + words[3];
	}
	for (; len >= 4; at += 4, len -= 4) {
		uint32_t word;

		__builtin_memcpy(&word, at, 4);
		wide += word;
	}
	if (len & 2) {
		uint16_t word;

		__builtin_memcpy(&word, at, 2);
		wide += word;
		at += 2;
	}
	if (len & 1) {
		uint8_t word[2] = {*at, 0};
		uint16_t last;

		__builtin_memcpy(&last, word, 2);
		wide += last;
	}
	return wdpdk_cksum_fold64(wide);
}

/* Folds to 16 bits. */
static inline uint16_t
__rte_raw_cksum_reduce(uint32_t sum)
{
	sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t)((sum >> 16) + (sum & 0xffff));
}

/** The raw sum of len bytes. */
static inline uint16_t
rte_raw_cksum(const void *buf, size_t len)
{
	return __rte_raw_cksum_reduce(__rte_raw_cksum(buf, len, 0));
}

/** The raw sum of len bytes of a packet from offset off on. 0, or -1 when the packet is shorter. */
static inline int
rte_raw_cksum_mbuf(const struct rte_mbuf *m, uint32_t off, uint32_t len, uint16_t *cksum)
{
	uint64_t sum = 0;
	uint32_t done = 0;

	if (unlikely((uint64_t)off + len > m->pkt_len))
		return -1;
	for (; m != NULL && off >= m->data_len && len != 0; m = m->next)
		off -= m->data_len;
	while (done < len) {
		uint32_t n;
		uint16_t part;

		if (unlikely(m == NULL)) /* fewer bytes than pkt_len says */
			return -1;
		n = m->data_len - off;
		if (n > len - done)
			n = len - done;
		part = rte_raw_cksum(rte_pktmbuf_mtod_offset(m, const void *, off), n);
		/* What starts at an odd place has its bytes in the other halves of the words. */
		sum += done & 1 ? rte_bswap16(part) : part;
		done += n;
		off = 0;
		m = m->next;
	}
	*cksum = __rte_raw_cksum_reduce(wdpdk_cksum_fold64(sum));
	return 0;
}

#ifdef __cplusplus
}
#endif

#endif
