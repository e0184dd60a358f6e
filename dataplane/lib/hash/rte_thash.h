/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The Toeplitz hash of receive-side scaling in software: what a network card computes of a packet's addresses and ports.
 */
#ifndef RTE_THASH_H
#define RTE_THASH_H

#include <stdint.h>
#include <string.h>

#include <rte_byteorder.h>
#include <rte_common.h>
#include <rte_ip.h>
#include <rte_vect.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Lengths of tuples in words: addresses alone, addresses and ports. */
#define RTE_THASH_V4_L3_LEN (offsetof(struct rte_ipv4_tuple, sctp_tag) / 4)
#define RTE_THASH_V4_L4_LEN (sizeof(struct rte_ipv4_tuple) / 4)
#define RTE_THASH_V6_L3_LEN (offsetof(struct rte_ipv6_tuple, sctp_tag) / 4)
#define RTE_THASH_V6_L4_LEN (sizeof(struct rte_ipv6_tuple) / 4)

/* What is hashed, each 32-bit word in host byte order (so the ports stand the other way round). */
struct rte_ipv4_tuple {
	uint32_t src_addr;
	uint32_t dst_addr;
	RTE_STD_C11
	union {
		struct {
			uint16_t dport;
			uint16_t sport;
		};
		uint32_t sctp_tag;
	};
};

struct rte_ipv6_tuple {
	uint8_t src_addr[16];
	uint8_t dst_addr[16];
	RTE_STD_C11
	union {
		struct {
			uint16_t dport;
			uint16_t sport;
		};
		uint32_t sctp_tag;
	};
};

union rte_thash_tuple {
	struct rte_ipv4_tuple v4;
	struct rte_ipv6_tuple v6;
} __rte_aligned(XMM_SIZE);

/* A key of len bytes (a multiple of 4) as rte_softrss_be() wants it: its words in host byte order. */
static inline void
rte_convert_rss_key(const uint32_t *orig, uint32_t *targ, int len)
{
	for (int i = 0; i < len / 4; i++)
		targ[i] = rte_be_to_cpu_32(orig[i]);
}

/* The addresses of an IPv6 header into a tuple. */
static inline void
rte_thash_load_v6_addrs(const struct rte_ipv6_hdr *orig, union rte_thash_tuple *targ)
{
	uint32_t words[8];

	memcpy(words, orig->src_addr, 16);
	memcpy(words + 4, orig->dst_addr, 16);
	for (unsigned int i = 0; i < 8; i++)
		words[i] = rte_be_to_cpu_32(words[i]);
	memcpy(targ->v6.src_addr, words, 16);
	memcpy(targ->v6.dst_addr, words + 4, 16);
}

/*
 * The hash of input_len words. The key, converted by rte_convert_rss_key(), has at least 4 bytes more than the input: each
 * set bit of the input adds the 32 key bits that begin at its place.
 */
static inline uint32_t
rte_softrss_be(uint32_t *input_tuple, uint32_t input_len, const uint8_t *rss_key)
{
	uint32_t hash = 0, window[2];

	for (uint32_t i = 0; i < input_len; i++) {
		uint64_t bits;

		memcpy(window, rss_key + i * 4, sizeof(window));
		bits = (uint64_t)window[0] << 32 | window[1];
		for (uint32_t left = input_tuple[i]; left != 0; left &= left - 1)
			hash ^= (uint32_t)(bits >> (__builtin_ctz(left) + 1));
	}
	return hash;
}

/* The same with the key as it is. */
static inline uint32_t
rte_softrss(uint32_t *input_tuple, uint32_t input_len, const uint8_t *rss_key)
{
	uint32_t hash = 0, window[2];

	for (uint32_t i = 0; i < input_len; i++) {
		uint64_t bits;

		memcpy(window, rss_key + i * 4, sizeof(window));
		bits = (uint64_t)rte_be_to_cpu_32(window[0]) << 32 | rte_be_to_cpu_32(window[1]);
		for (uint32_t left = input_tuple[i]; left != 0; left &= left - 1)
			hash ^= (uint32_t)(bits >> (__builtin_ctz(left) + 1));
	}
	return hash;
}

#ifdef __cplusplus
}
#endif

#endif
