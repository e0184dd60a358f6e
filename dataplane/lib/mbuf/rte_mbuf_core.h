/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The packet buffer's shape: two cache lines, the first for receiving, the second for transmitting and chains. Offsets,
 * flag bits and field names are DPDK 22.11's with bus addresses in the mbuf; asserted in rte_mbuf.c.
 */
#ifndef _RTE_MBUF_CORE_H_
#define _RTE_MBUF_CORE_H_

#include <limits.h>
#include <stdint.h>

#include <rte_byteorder.h>
#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Offload flags of received packets. */
#define RTE_MBUF_F_RX_VLAN (1ULL << 0)               /**< vlan_tci holds the tag */
#define RTE_MBUF_F_RX_RSS_HASH (1ULL << 1)           /**< hash.rss is set */
#define RTE_MBUF_F_RX_FDIR (1ULL << 2)               /**< a flow rule matched */
#define RTE_MBUF_F_RX_OUTER_IP_CKSUM_BAD (1ULL << 5) /**< checksum of the outer IPv4 header is wrong */
#define RTE_MBUF_F_RX_VLAN_STRIPPED (1ULL << 6)      /**< the tag in vlan_tci was taken out of the data */
/* IPv4 header checksum: bits 4 and 7 together. */
#define RTE_MBUF_F_RX_IP_CKSUM_MASK ((1ULL << 4) | (1ULL << 7))
#define RTE_MBUF_F_RX_IP_CKSUM_UNKNOWN 0
#define RTE_MBUF_F_RX_IP_CKSUM_BAD (1ULL << 4)
#define RTE_MBUF_F_RX_IP_CKSUM_GOOD (1ULL << 7)
#define RTE_MBUF_F_RX_IP_CKSUM_NONE ((1ULL << 4) | (1ULL << 7)) /**< wrong in the data, but the data is sound */
/* L4 checksum: bits 3 and 8 together. */
#define RTE_MBUF_F_RX_L4_CKSUM_MASK ((1ULL << 3) | (1ULL << 8))
#define RTE_MBUF_F_RX_L4_CKSUM_UNKNOWN 0
#define RTE_MBUF_F_RX_L4_CKSUM_BAD (1ULL << 3)
#define RTE_MBUF_F_RX_L4_CKSUM_GOOD (1ULL << 8)
#define RTE_MBUF_F_RX_L4_CKSUM_NONE ((1ULL << 3) | (1ULL << 8))
#define RTE_MBUF_F_RX_IEEE1588_PTP (1ULL << 9)   /**< a precision-time packet */
#define RTE_MBUF_F_RX_IEEE1588_TMST (1ULL << 10) /**< it was time-stamped */
#define RTE_MBUF_F_RX_FDIR_ID (1ULL << 13)       /**< hash.fdir.hi is the rule's number */
#define RTE_MBUF_F_RX_FDIR_FLX (1ULL << 14)      /**< hash.fdir holds flexible bytes */
#define RTE_MBUF_F_RX_QINQ_STRIPPED (1ULL << 15) /**< both tags were taken out of the data */
#define RTE_MBUF_F_RX_LRO (1ULL << 16)           /**< joined from several; tso_segsz is the original size */
#define RTE_MBUF_F_RX_SEC_OFFLOAD (1ULL << 18)   /**< security was processed by the device */
#define RTE_MBUF_F_RX_SEC_OFFLOAD_FAILED (1ULL << 19)
#define RTE_MBUF_F_RX_QINQ (1ULL << 20)          /**< vlan_tci and vlan_tci_outer hold the tags */
/* Outer L4 checksum: bits 21 and 22 together. */
#define RTE_MBUF_F_RX_OUTER_L4_CKSUM_MASK ((1ULL << 21) | (1ULL << 22))
#define RTE_MBUF_F_RX_OUTER_L4_CKSUM_UNKNOWN 0
#define RTE_MBUF_F_RX_OUTER_L4_CKSUM_BAD (1ULL << 21)
#define RTE_MBUF_F_RX_OUTER_L4_CKSUM_GOOD (1ULL << 22)
#define RTE_MBUF_F_RX_OUTER_L4_CKSUM_INVALID ((1ULL << 21) | (1ULL << 22))

/* Bits from FIRST_FREE to LAST_FREE are for dynamic flags (rte_mbuf_dyn.h). */
#define RTE_MBUF_F_FIRST_FREE (1ULL << 23)
#define RTE_MBUF_F_LAST_FREE (1ULL << 40)

/* Offload flags of packets to transmit. */
#define RTE_MBUF_F_TX_OUTER_UDP_CKSUM (1ULL << 41)
#define RTE_MBUF_F_TX_UDP_SEG (1ULL << 42)     /**< cut into datagrams of tso_segsz */
#define RTE_MBUF_F_TX_SEC_OFFLOAD (1ULL << 43)
#define RTE_MBUF_F_TX_MACSEC (1ULL << 44)
/* The tunnel, one number of four bits. */
#define RTE_MBUF_F_TX_TUNNEL_VXLAN (0x1ULL << 45)
#define RTE_MBUF_F_TX_TUNNEL_GRE (0x2ULL << 45)
#define RTE_MBUF_F_TX_TUNNEL_IPIP (0x3ULL << 45)
#define RTE_MBUF_F_TX_TUNNEL_GENEVE (0x4ULL << 45)
#define RTE_MBUF_F_TX_TUNNEL_MPLSINUDP (0x5ULL << 45)
#define RTE_MBUF_F_TX_TUNNEL_VXLAN_GPE (0x6ULL << 45)
#define RTE_MBUF_F_TX_TUNNEL_GTP (0x7ULL << 45)
#define RTE_MBUF_F_TX_TUNNEL_ESP (0x8ULL << 45)
#define RTE_MBUF_F_TX_TUNNEL_IP (0xDULL << 45)  /**< any tunnel in IP */
#define RTE_MBUF_F_TX_TUNNEL_UDP (0xEULL << 45) /**< any tunnel in UDP */
#define RTE_MBUF_F_TX_TUNNEL_MASK (0xFULL << 45)
#define RTE_MBUF_F_TX_QINQ (1ULL << 49)        /**< insert vlan_tci_outer and vlan_tci */
#define RTE_MBUF_F_TX_TCP_SEG (1ULL << 50)     /**< cut into segments of tso_segsz */
#define RTE_MBUF_F_TX_IEEE1588_TMST (1ULL << 51)
/* L4 checksum, one number of two bits. */
#define RTE_MBUF_F_TX_L4_NO_CKSUM (0ULL << 52)
#define RTE_MBUF_F_TX_TCP_CKSUM (1ULL << 52)
#define RTE_MBUF_F_TX_SCTP_CKSUM (2ULL << 52)
#define RTE_MBUF_F_TX_UDP_CKSUM (3ULL << 52)
#define RTE_MBUF_F_TX_L4_MASK (3ULL << 52)
#define RTE_MBUF_F_TX_IP_CKSUM (1ULL << 54)
#define RTE_MBUF_F_TX_IPV4 (1ULL << 55)
#define RTE_MBUF_F_TX_IPV6 (1ULL << 56)
#define RTE_MBUF_F_TX_VLAN (1ULL << 57)        /**< insert vlan_tci */
#define RTE_MBUF_F_TX_OUTER_IP_CKSUM (1ULL << 58)
#define RTE_MBUF_F_TX_OUTER_IPV4 (1ULL << 59)
#define RTE_MBUF_F_TX_OUTER_IPV6 (1ULL << 60)

/** Every flag that asks a transmitting device for work. */
#define RTE_MBUF_F_TX_OFFLOAD_MASK (RTE_MBUF_F_TX_OUTER_IPV6 | RTE_MBUF_F_TX_OUTER_IPV4 | \
	RTE_MBUF_F_TX_OUTER_IP_CKSUM | \
	RTE_MBUF_F_TX_VLAN | RTE_MBUF_F_TX_IPV6 | RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_L4_MASK | \
	RTE_MBUF_F_TX_IEEE1588_TMST | RTE_MBUF_F_TX_TCP_SEG | RTE_MBUF_F_TX_QINQ | RTE_MBUF_F_TX_TUNNEL_MASK | \
	RTE_MBUF_F_TX_MACSEC | RTE_MBUF_F_TX_SEC_OFFLOAD | RTE_MBUF_F_TX_UDP_SEG | RTE_MBUF_F_TX_OUTER_UDP_CKSUM)

#define RTE_MBUF_F_EXTERNAL (1ULL << 61) /**< the data is in a buffer of the user's; shinfo counts its users */
#define RTE_MBUF_F_INDIRECT (1ULL << 62) /**< the data is in another mbuf */

/** Alignment of the private area between mbuf and data. */
#define RTE_MBUF_PRIV_ALIGN 8

/** A usual data room: a 2 KiB receive buffer after the headroom. */
#define RTE_MBUF_DEFAULT_DATAROOM 2048
#define RTE_MBUF_DEFAULT_BUF_SIZE (RTE_MBUF_DEFAULT_DATAROOM + RTE_PKTMBUF_HEADROOM)

struct rte_mbuf_sched {
	uint32_t queue_id;
	uint8_t traffic_class; /**< 0 is the most urgent */
	uint8_t color;
	uint16_t reserved;
};

/* Widths and places of the lengths in tx_offload. */
enum {
	RTE_MBUF_L2_LEN_BITS = 7,
	RTE_MBUF_L3_LEN_BITS = 9,
	RTE_MBUF_L4_LEN_BITS = 8,
	RTE_MBUF_TSO_SEGSZ_BITS = 16,
	RTE_MBUF_OUTL3_LEN_BITS = 9,
	RTE_MBUF_OUTL2_LEN_BITS = 7,
	RTE_MBUF_TXOFLD_UNUSED_BITS = 64 - 7 - 9 - 8 - 16 - 9 - 7,
	RTE_MBUF_L2_LEN_OFS = 0,
	RTE_MBUF_L3_LEN_OFS = 7,
	RTE_MBUF_L4_LEN_OFS = 16,
	RTE_MBUF_TSO_SEGSZ_OFS = 24,
	RTE_MBUF_OUTL3_LEN_OFS = 40,
	RTE_MBUF_OUTL2_LEN_OFS = 49,
	RTE_MBUF_TXOFLD_UNUSED_OFS = 56,
};

struct rte_mempool;
struct rte_mbuf_ext_shared_info;

/**
 * A packet, or a segment of one. A packet is a chain of segments linked by next; nb_segs and pkt_len count in the first
 * one only. An mbuf in its pool has refcnt 1, nb_segs 1, next NULL, and its own buffer.
 */
struct rte_mbuf {
	RTE_MARKER cacheline0;

	void *buf_addr;      /**< start of the buffer */
	rte_iova_t buf_iova __rte_aligned(sizeof(rte_iova_t)); /**< its bus address */

	RTE_MARKER64 rearm_data; /* drivers write the next 8 bytes as one */
	uint16_t data_off;   /**< where the data starts in the buffer: the headroom */
	uint16_t refcnt;     /**< users; only through rte_mbuf_refcnt_*() */
	uint16_t nb_segs;    /**< segments of the packet */
	uint16_t port;       /**< where it came from, or RTE_MBUF_PORT_INVALID */
	uint64_t ol_flags;   /**< RTE_MBUF_F_* */

	RTE_MARKER rx_descriptor_fields1; /* drivers write the next 16 bytes as one */
	RTE_STD_C11
	union {
		uint32_t packet_type; /**< RTE_PTYPE_* of what the data holds */
		__extension__
		struct {
			uint8_t l2_type:4;
			uint8_t l3_type:4;
			uint8_t l4_type:4;
			uint8_t tun_type:4;
			RTE_STD_C11
			union {
				uint8_t inner_esp_next_proto; /**< with RTE_PTYPE_TUNNEL_ESP */
				__extension__
				struct {
					uint8_t inner_l2_type:4;
					uint8_t inner_l3_type:4;
				};
			};
			uint8_t inner_l4_type:4;
		};
	};
	uint32_t pkt_len;    /**< bytes of all segments */
	uint16_t data_len;   /**< bytes of this segment */
	uint16_t vlan_tci;   /**< in the CPU's byte order */

	RTE_STD_C11
	union {
		union {
			uint32_t rss; /**< receive hash */
			struct {
				union {
					struct {
						uint16_t hash;
						uint16_t id;
					};
					uint32_t lo;
				};
				uint32_t hi;
			} fdir; /**< what a flow rule left */
			struct rte_mbuf_sched sched;
			struct {
				uint32_t reserved1;
				uint16_t reserved2;
				uint16_t txq;
			} txadapter;
			uint32_t usr;
		} hash;
	};
	uint16_t vlan_tci_outer; /**< in the CPU's byte order */
	uint16_t buf_len;    /**< bytes of the buffer */
	struct rte_mempool *pool;

	RTE_MARKER cacheline1 __rte_cache_min_aligned;

	struct rte_mbuf *next; /**< the packet's next segment */
	RTE_STD_C11
	union {
		uint64_t tx_offload; /**< all lengths as one word */
		__extension__
		struct {
			uint64_t l2_len:RTE_MBUF_L2_LEN_BITS; /**< with a tunnel: from the outer L4 to the inner L2 */
			uint64_t l3_len:RTE_MBUF_L3_LEN_BITS;
			uint64_t l4_len:RTE_MBUF_L4_LEN_BITS;
			uint64_t tso_segsz:RTE_MBUF_TSO_SEGSZ_BITS;
			uint64_t outer_l3_len:RTE_MBUF_OUTL3_LEN_BITS;
			uint64_t outer_l2_len:RTE_MBUF_OUTL2_LEN_BITS;
		};
	};
	struct rte_mbuf_ext_shared_info *shinfo; /**< with RTE_MBUF_F_EXTERNAL */
	uint16_t priv_size;  /**< bytes between mbuf and buffer; an indirect mbuf has its direct one's */
	uint16_t timesync;
	uint32_t dynfield1[9]; /**< for dynamic fields (rte_mbuf_dyn.h) */
} __rte_cache_aligned;

/** Called when the last user of an external buffer is gone. */
typedef void (*rte_mbuf_extbuf_free_callback_t)(void *addr, void *opaque);

/** What the users of an external buffer share. */
struct rte_mbuf_ext_shared_info {
	rte_mbuf_extbuf_free_callback_t free_cb;
	void *fcb_opaque;
	uint16_t refcnt;
};

#define RTE_MBUF_MAX_NB_SEGS UINT16_MAX

/** Not zero when the data is in another mbuf. */
#define RTE_MBUF_CLONED(mb) ((mb)->ol_flags & RTE_MBUF_F_INDIRECT)
/** Not zero when the data is in an external buffer. */
#define RTE_MBUF_HAS_EXTBUF(mb) ((mb)->ol_flags & RTE_MBUF_F_EXTERNAL)
/** True when the data is in the mbuf's own buffer. */
#define RTE_MBUF_DIRECT(mb) (!((mb)->ol_flags & (RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL)))

#define RTE_MBUF_PORT_INVALID UINT16_MAX
#define MBUF_INVALID_PORT RTE_MBUF_PORT_INVALID

/** The address o bytes into a segment's data, as type t. */
#define rte_pktmbuf_mtod_offset(m, t, o) ((t)(void *)((char *)(m)->buf_addr + (m)->data_off + (o)))
#define rte_pktmbuf_mtod(m, t) rte_pktmbuf_mtod_offset(m, t, 0)
/** The same as a bus address. */
#define rte_pktmbuf_iova_offset(m, o) (rte_iova_t)(rte_mbuf_iova_get(m) + (m)->data_off + (o))
#define rte_pktmbuf_iova(m) rte_pktmbuf_iova_offset(m, 0)

#ifdef __cplusplus
}
#endif

#endif
