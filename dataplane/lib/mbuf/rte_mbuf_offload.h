/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Lengths for transmit offloads and the scheduler's word. Included by rte_mbuf.h.
 */
#ifndef _RTE_MBUF_OFFLOAD_H_
#define _RTE_MBUF_OFFLOAD_H_

#include <rte_mbuf.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The tx_offload word of these lengths; each must fit its field. */
static __rte_always_inline uint64_t
rte_mbuf_tx_offload(uint64_t il2, uint64_t il3, uint64_t il4, uint64_t tso, uint64_t ol3, uint64_t ol2, uint64_t unused)
{
	return il2 << RTE_MBUF_L2_LEN_OFS | il3 << RTE_MBUF_L3_LEN_OFS | il4 << RTE_MBUF_L4_LEN_OFS |
		tso << RTE_MBUF_TSO_SEGSZ_OFS | ol3 << RTE_MBUF_OUTL3_LEN_OFS | ol2 << RTE_MBUF_OUTL2_LEN_OFS |
		unused << RTE_MBUF_TXOFLD_UNUSED_OFS;
}

/** 0, or -EINVAL when the packet's transmit flags contradict one another. */
static inline int
rte_validate_tx_offload(const struct rte_mbuf *m)
{
	uint64_t flags = m->ol_flags;

	if ((flags & RTE_MBUF_F_TX_OFFLOAD_MASK) == 0)
		return 0;
	/* IPv6 headers have no checksum. */
	if ((flags & RTE_MBUF_F_TX_IP_CKSUM) && (flags & RTE_MBUF_F_TX_IPV6))
		return -EINVAL;
	/* L4 work needs to know the kind of L3. */
	if ((flags & (RTE_MBUF_F_TX_L4_MASK | RTE_MBUF_F_TX_TCP_SEG)) &&
		!(flags & (RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IPV6)))
		return -EINVAL;
	/* Segments need a size, and over IPv4 each a header checksum. */
	if ((flags & RTE_MBUF_F_TX_TCP_SEG) &&
		(m->tso_segsz == 0 || ((flags & RTE_MBUF_F_TX_IPV4) && !(flags & RTE_MBUF_F_TX_IP_CKSUM))))
		return -EINVAL;
	if ((flags & RTE_MBUF_F_TX_OUTER_IP_CKSUM) && !(flags & RTE_MBUF_F_TX_OUTER_IPV4))
		return -EINVAL;
	return 0;
}

static inline uint32_t
rte_mbuf_sched_queue_get(const struct rte_mbuf *m)
{
	return m->hash.sched.queue_id;
}

static inline uint8_t
rte_mbuf_sched_traffic_class_get(const struct rte_mbuf *m)
{
	return m->hash.sched.traffic_class;
}

static inline uint8_t
rte_mbuf_sched_color_get(const struct rte_mbuf *m)
{
	return m->hash.sched.color;
}

static inline void
rte_mbuf_sched_get(const struct rte_mbuf *m, uint32_t *queue_id, uint8_t *traffic_class, uint8_t *color)
{
	*queue_id = m->hash.sched.queue_id;
	*traffic_class = m->hash.sched.traffic_class;
	*color = m->hash.sched.color;
}

static inline void
rte_mbuf_sched_queue_set(struct rte_mbuf *m, uint32_t queue_id)
{
	m->hash.sched.queue_id = queue_id;
}

static inline void
rte_mbuf_sched_traffic_class_set(struct rte_mbuf *m, uint8_t traffic_class)
{
	m->hash.sched.traffic_class = traffic_class;
}

static inline void
rte_mbuf_sched_color_set(struct rte_mbuf *m, uint8_t color)
{
	m->hash.sched.color = color;
}

static inline void
rte_mbuf_sched_set(struct rte_mbuf *m, uint32_t queue_id, uint8_t traffic_class, uint8_t color)
{
	m->hash.sched.queue_id = queue_id;
	m->hash.sched.traffic_class = traffic_class;
	m->hash.sched.color = color;
	m->hash.sched.reserved = 0;
}

#ifdef __cplusplus
}
#endif

#endif
