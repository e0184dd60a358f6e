/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The ring's shape in memory. The layout is DPDK 22.11's (x86-64); static asserts in rte_ring.c hold the numbers.
 *
 * A ring is this header followed by `size` slots (a power of two). Producers and consumers each own a head (claimed)
 * and a tail (published) index. Indexes run freely over 32 bits; `index & mask` is the slot. Between calls head == tail
 * on a side nobody is working on. `capacity` slots are usable: size - 1, or what was asked for with RING_F_EXACT_SZ.
 */
#ifndef _RTE_RING_CORE_H_
#define _RTE_RING_CORE_H_

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <rte_config.h>
#include <rte_common.h>
#include <rte_branch_prediction.h>
#include <rte_debug.h>
#include <rte_lcore.h>
#include <rte_memory.h>
#include <rte_memzone.h>
#include <rte_pause.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What to do when not all n elements fit: bulk takes none (FIXED), burst takes what fits (VARIABLE). */
enum rte_ring_queue_behavior {
	RTE_RING_QUEUE_FIXED = 0,
	RTE_RING_QUEUE_VARIABLE
};

/** The name of rings among tail queues. */
#define RTE_TAILQ_RING_NAME "RTE_RING"

/** A ring lives in the memzone RTE_RING_MZ_PREFIX + name. */
#define RTE_RING_MZ_PREFIX "RG_"
/** Room for a ring's name with its final NUL. */
#define RTE_RING_NAMESIZE (RTE_MEMZONE_NAMESIZE - sizeof(RTE_RING_MZ_PREFIX) + 1)

/** How one side of a ring is shared among threads. */
enum rte_ring_sync_type {
	RTE_RING_SYNC_MT,     /**< any number of threads; each waits for those that claimed before it */
	RTE_RING_SYNC_ST,     /**< one thread at a time */
	RTE_RING_SYNC_MT_RTS, /**< any number; the last one to finish publishes for all (rte_ring_rts.h) */
	RTE_RING_SYNC_MT_HTS, /**< any number, one at a time between claim and publish (rte_ring_hts.h) */
};

/** One side's indexes in the modes MT and ST. */
struct rte_ring_headtail {
	volatile uint32_t head; /**< claimed up to here */
	volatile uint32_t tail; /**< published up to here */
	RTE_STD_C11
	union {
		enum rte_ring_sync_type sync_type;
		uint32_t single; /**< same word under its old name */
	};
};

/** An index and how many calls have passed it, changed as one word. */
union __rte_ring_rts_poscnt {
	uint64_t raw __rte_aligned(8);
	struct {
		uint32_t cnt;
		uint32_t pos;
	} val;
};

/** One side in the mode MT_RTS: tail.val.pos is where rte_ring_headtail has its tail. */
struct rte_ring_rts_headtail {
	volatile union __rte_ring_rts_poscnt tail;
	enum rte_ring_sync_type sync_type;
	uint32_t htd_max; /**< the head is not moved while it is further than this from the tail */
	volatile union __rte_ring_rts_poscnt head;
};

/** Head and tail, changed as one word. */
union __rte_ring_hts_pos {
	uint64_t raw __rte_aligned(8);
	struct {
		uint32_t head;
		uint32_t tail;
	} pos;
};

/** One side in the mode MT_HTS. */
struct rte_ring_hts_headtail {
	volatile union __rte_ring_hts_pos ht;
	enum rte_ring_sync_type sync_type;
};

/*
 * One side in the mode ST, with what its thread remembers of the other side: as long as the head is still `at`, it may
 * move up to `limit` without a look at the other side's cache line. Calls of other modes do not keep this up: they
 * leave a head that is not `at`.
 */
struct wdpdk_ring_single {
	struct rte_ring_headtail index;
	uint32_t unused[5]; /* the other modes' words */
	uint32_t at;
	uint32_t limit;
};

struct rte_ring {
	char name[RTE_RING_NAMESIZE] __rte_cache_aligned;
	int flags;                         /**< as given at creation */
	const struct rte_memzone *memzone; /**< where the ring lives; NULL when the caller gave the memory */
	uint32_t size;                     /**< slots, a power of two */
	uint32_t mask;                     /**< size - 1 */
	uint32_t capacity;                 /**< usable slots */

	/* An empty line around each side: the adjacent-line prefetcher must not drag one side into the other. */
	char pad0 __rte_cache_aligned;
	RTE_STD_C11
	union {
		struct rte_ring_headtail prod;
		struct rte_ring_hts_headtail hts_prod;
		struct rte_ring_rts_headtail rts_prod;
		struct wdpdk_ring_single wdpdk_prod;
	} __rte_cache_aligned;
	char pad1 __rte_cache_aligned;
	RTE_STD_C11
	union {
		struct rte_ring_headtail cons;
		struct rte_ring_hts_headtail hts_cons;
		struct rte_ring_rts_headtail rts_cons;
		struct wdpdk_ring_single wdpdk_cons;
	} __rte_cache_aligned;
	char pad2 __rte_cache_aligned;
};

#define RING_F_SP_ENQ 0x0001   /**< rte_ring_enqueue*() are single producer */
#define RING_F_SC_DEQ 0x0002   /**< rte_ring_dequeue*() are single consumer */
#define RING_F_EXACT_SZ 0x0004 /**< hold exactly `count` elements; size is rounded up to a power of two */
#define RTE_RING_SZ_MASK (0x7fffffffU) /**< the largest count */

#define RING_F_MP_RTS_ENQ 0x0008 /**< rte_ring_enqueue*() are multi-producer RTS */
#define RING_F_MC_RTS_DEQ 0x0010 /**< rte_ring_dequeue*() are multi-consumer RTS */
#define RING_F_MP_HTS_ENQ 0x0020 /**< rte_ring_enqueue*() are multi-producer HTS */
#define RING_F_MC_HTS_DEQ 0x0040 /**< rte_ring_dequeue*() are multi-consumer HTS */

#ifdef __cplusplus
}
#endif

#endif
