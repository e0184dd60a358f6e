/* SPDX-License-Identifier: BSD-3-Clause */
#include "frame_key.h"

#include <string.h>

/* Digits of pi. Any odd numbers without structure do; that they are written here keeps a flow's hash the same in every run. */
#define SALT_A UINT64_C(0x243f6a8885a308d3)
#define SALT_B UINT64_C(0x13198a2e03707345)
#define SALT_C UINT64_C(0xa4093822299f31d1)
#define MAC_BYTES 6

/* All of a product folded into a word: each of its bits hangs on all bits of both factors. */
static inline uint64_t
fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t
end_hash(uint64_t high, uint64_t low, uint64_t port)
{
	return fold(high ^ SALT_A ^ port << 32, low ^ SALT_B ^ port);
}

static inline uint64_t
mac_number(const uint8_t *mac)
{
	uint64_t number = 0;

	memcpy(&number, mac, MAC_BYTES);
	return number;
}

uint32_t
frame_flow_hash(const struct rte_mbuf *mbuf, const struct frame_key *key)
{
	bool fragment = (key->packet_type & RTE_PTYPE_L4_MASK) == RTE_PTYPE_L4_FRAG;
	uint64_t a, b, kind = fragment ? 0 : key->proto, hash;
	uint64_t src_port = fragment ? 0 : key->src_port, dst_port = fragment ? 0 : key->dst_port;

	switch (key->family) {
	case FRAME_IPV4:
		a = end_hash(0, key->src4, src_port);
		b = end_hash(0, key->dst4, dst_port);
		break;
	case FRAME_IPV6:
		a = end_hash(key->src6.high, key->src6.low, src_port);
		b = end_hash(key->dst6.high, key->dst6.low, dst_port);
		break;
	default:
		if (mbuf->data_len < 2 * MAC_BYTES)
			return 0;
		a = end_hash(0, mac_number(rte_pktmbuf_mtod_offset(mbuf, const uint8_t *, MAC_BYTES)), 0);
		b = end_hash(0, mac_number(rte_pktmbuf_mtod(mbuf, const uint8_t *)), 0);
		kind = 0;
	}
	/* Sum and difference of bits are the same whichever end comes first. */
	hash = fold((a + b) ^ SALT_C, (a ^ b) ^ SALT_B ^ kind << 1);
	return (uint32_t)(hash ^ hash >> 32);
}
