/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Quiescent-state based reclamation, DPDK 22.11's API: readers of a lock-free structure report, now and then, that they
 * hold no reference into it; a writer that has unlinked something takes a token and may free it when every reader that
 * was online has reported since.
 *
 * A reader: register once, online, { use the structure; quiescent } ..., offline around anything that blocks,
 * unregister. A reader that is online and silent holds up all reclamation.
 *
 * Threads: everything but init and dump is safe from any thread; a thread id belongs to one thread at a time. The
 * inline functions take valid arguments for granted (RTE_ASSERT checks them), the others return their documented errors.
 */
#ifndef RTE_RCU_QSBR_H
#define RTE_RCU_QSBR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <rte_common.h>
#include <rte_compat.h>
#include <rte_debug.h>
#include <rte_pause.h>
#include <rte_ring.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The caller of rte_rcu_qsbr_synchronize() is no reader itself. */
#define RTE_QSBR_THRID_INVALID 0xffffffff

/* One reader. */
struct rte_rcu_qsbr_cnt {
	uint64_t cnt;      /* the last token it has reported; 0: offline */
	uint32_t lock_cnt; /* rte_rcu_qsbr_lock() depth, kept with RTE_LIBRTE_RCU_DEBUG */
} __rte_cache_aligned;

/* A quiescent-state variable. max_threads readers follow, then a bit for each: registered or not. */
struct rte_rcu_qsbr {
	uint64_t token __rte_cache_aligned; /* the last one handed out */
	uint64_t acked_token;               /* every reader is known to have reached this one */
	uint32_t num_elems __rte_cache_aligned; /* words of registration bits */
	uint32_t num_threads;               /* registered */
	uint32_t max_threads;
	__extension__ struct rte_rcu_qsbr_cnt qsbr_cnt[0] __rte_cache_aligned;
} __rte_cache_aligned;

/* Bytes of a variable for up to max_threads readers, cache lines of its own; 1 with rte_errno EINVAL for no readers. */
size_t rte_rcu_qsbr_get_memsize(uint32_t max_threads);

/*
 * Makes the memory a variable: cache-aligned, of rte_rcu_qsbr_get_memsize(max_threads) bytes, the caller's to free.
 * 0, or 1 with rte_errno EINVAL (v NULL, max_threads 0).
 */
int rte_rcu_qsbr_init(struct rte_rcu_qsbr *v, uint32_t max_threads);

/* A reader joins (offline at first) or leaves. Again is no error. 0, or 1 with rte_errno EINVAL (v NULL, id too big). */
int rte_rcu_qsbr_thread_register(struct rte_rcu_qsbr *v, unsigned int thread_id);
int rte_rcu_qsbr_thread_unregister(struct rte_rcu_qsbr *v, unsigned int thread_id);

/* Internal: lock counts, kept in debug builds only. */
#ifdef RTE_LIBRTE_RCU_DEBUG
#define WDPDK_RCU_COUNT_LOCK(v, id, by) __atomic_fetch_add(&(v)->qsbr_cnt[id].lock_cnt, (uint32_t)(by), __ATOMIC_ACQ_REL)
#define WDPDK_RCU_UNLOCKED(v, id) \
	RTE_VERIFY(__atomic_load_n(&(v)->qsbr_cnt[id].lock_cnt, __ATOMIC_RELAXED) == 0)
#else
#define WDPDK_RCU_COUNT_LOCK(v, id, by) do { RTE_SET_USED(v); RTE_SET_USED(id); } while (0)
#define WDPDK_RCU_UNLOCKED(v, id) do { } while (0)
#endif

/* The reader may hold references from now on: writers wait for its reports. */
static __rte_always_inline void
rte_rcu_qsbr_thread_online(struct rte_rcu_qsbr *v, unsigned int thread_id)
{
	RTE_ASSERT(v != NULL && thread_id < v->max_threads);
	WDPDK_RCU_UNLOCKED(v, thread_id);
	/* An exchange is a full barrier: no load of the structure may pass the store that says we are here. */
	__atomic_exchange_n(&v->qsbr_cnt[thread_id].cnt, __atomic_load_n(&v->token, __ATOMIC_ACQUIRE), __ATOMIC_SEQ_CST);
}

/* The reader holds no reference and takes none until it is online again. */
static __rte_always_inline void
rte_rcu_qsbr_thread_offline(struct rte_rcu_qsbr *v, unsigned int thread_id)
{
	RTE_ASSERT(v != NULL && thread_id < v->max_threads);
	WDPDK_RCU_UNLOCKED(v, thread_id);
	__atomic_store_n(&v->qsbr_cnt[thread_id].cnt, 0, __ATOMIC_RELEASE);
}

/* Brackets a use of the structure so that debug builds can tell a report made in the middle of one. */
static __rte_always_inline void
rte_rcu_qsbr_lock(struct rte_rcu_qsbr *v, unsigned int thread_id)
{
	RTE_ASSERT(v != NULL && thread_id < v->max_threads);
	WDPDK_RCU_COUNT_LOCK(v, thread_id, 1);
}

static __rte_always_inline void
rte_rcu_qsbr_unlock(struct rte_rcu_qsbr *v, unsigned int thread_id)
{
	RTE_ASSERT(v != NULL && thread_id < v->max_threads);
	WDPDK_RCU_COUNT_LOCK(v, thread_id, -1);
}

/* What the caller has unlinked before this is free when rte_rcu_qsbr_check() says so of the token returned. */
static __rte_always_inline uint64_t
rte_rcu_qsbr_start(struct rte_rcu_qsbr *v)
{
	RTE_ASSERT(v != NULL);
	/* Sequentially consistent: the reads of the readers' counters must not pass the unlinking. */
	return __atomic_add_fetch(&v->token, 1, __ATOMIC_SEQ_CST);
}

/* The reader holds no reference at this moment. Costs a load unless a writer has taken a token meanwhile. */
static __rte_always_inline void
rte_rcu_qsbr_quiescent(struct rte_rcu_qsbr *v, unsigned int thread_id)
{
	uint64_t token;

	RTE_ASSERT(v != NULL && thread_id < v->max_threads);
	WDPDK_RCU_UNLOCKED(v, thread_id);
	token = __atomic_load_n(&v->token, __ATOMIC_ACQUIRE);
	if (token != __atomic_load_n(&v->qsbr_cnt[thread_id].cnt, __ATOMIC_RELAXED))
		__atomic_store_n(&v->qsbr_cnt[thread_id].cnt, token, __ATOMIC_RELEASE);
}

/* Internal: a word of the registration bits. */
static __rte_always_inline uint64_t *
wdpdk_rcu_registered(struct rte_rcu_qsbr *v, uint32_t word)
{
	return (uint64_t *)(void *)&v->qsbr_cnt[v->max_threads] + word;
}

/* Internal: rte_rcu_qsbr_check() when the answer is not known already. */
static inline int
wdpdk_rcu_check_readers(struct rte_rcu_qsbr *v, uint64_t token, bool wait)
{
	uint64_t least = UINT64_MAX;

	for (uint32_t word = 0; word < v->num_elems; word++) {
		uint64_t readers = __atomic_load_n(wdpdk_rcu_registered(v, word), __ATOMIC_ACQUIRE);

		while (readers != 0) {
			uint32_t id = word * 64 + (uint32_t)__builtin_ctzll(readers);
			uint64_t reached = __atomic_load_n(&v->qsbr_cnt[id].cnt, __ATOMIC_ACQUIRE);

			if (unlikely(reached != 0 && reached < token)) {
				if (!wait)
					return 0;
				rte_pause();
				/* It may leave meanwhile. Those seen already stay seen. */
				readers &= __atomic_load_n(wdpdk_rcu_registered(v, word), __ATOMIC_ACQUIRE);
				continue;
			}
			if (reached != 0)
				least = RTE_MIN(least, reached);
			readers &= readers - 1;
		}
	}
	if (least != UINT64_MAX)
		__atomic_store_n(&v->acked_token, least, __ATOMIC_RELEASE);
	return 1;
}

/*
 * 1 when every reader online at rte_rcu_qsbr_start() has been quiescent since, 0 when not yet. With wait: spins until
 * it is 1; a caller that is itself a reader must have reported, and only one such caller may wait at a time.
 */
static __rte_always_inline int
rte_rcu_qsbr_check(struct rte_rcu_qsbr *v, uint64_t t, bool wait)
{
	RTE_ASSERT(v != NULL);
	if (likely(t <= __atomic_load_n(&v->acked_token, __ATOMIC_ACQUIRE)))
		return 1;
	return wdpdk_rcu_check_readers(v, t, wait);
}

/* Start and check with waiting. thread_id: the caller's own, which reports by this, or RTE_QSBR_THRID_INVALID. */
void rte_rcu_qsbr_synchronize(struct rte_rcu_qsbr *v, unsigned int thread_id);

/* Prints the variable. Not thread safe. 0, or 1 with rte_errno EINVAL for a NULL argument. */
int rte_rcu_qsbr_dump(FILE *f, struct rte_rcu_qsbr *v);

/*
 * Defer queues: what was unlinked waits here, in order, with its token.
 */

/* Called once for each element whose grace period is over. n is 1; e is a copy of the element. */
typedef void (*rte_rcu_qsbr_free_resource_t)(void *p, void *e, unsigned int n);

#define RTE_RCU_QSBR_DQ_NAMESIZE RTE_RING_NAMESIZE
/* One thread at a time uses the queue: no lock. Otherwise free_fn may run on several threads at once. */
#define RTE_RCU_QSBR_DQ_MT_UNSAFE 1

struct rte_rcu_qsbr_dq_parameters {
	const char *name;
	uint32_t flags;
	uint32_t size;                  /* elements, at least 1; as a ring's, rounded up to 2^n - 1 */
	uint32_t esize;                 /* bytes of an element, a multiple of 4 */
	uint32_t trigger_reclaim_limit; /* enqueue reclaims when more than this many wait; above size: never */
	uint32_t max_reclaim_size;      /* and then at most this many, at least 1 */
	rte_rcu_qsbr_free_resource_t free_fn;
	void *p;                        /* handed to free_fn */
	struct rte_rcu_qsbr *v;
};

struct rte_rcu_qsbr_dq;

/* The caller's until rte_rcu_qsbr_dq_delete(). NULL with rte_errno EINVAL (see the fields) or ENOMEM. */
__rte_experimental
struct rte_rcu_qsbr_dq *rte_rcu_qsbr_dq_create(const struct rte_rcu_qsbr_dq_parameters *params);

/* Starts e's grace period and keeps a copy of it. 0, or 1 with rte_errno EINVAL (NULL) or ENOSPC (full, none is ripe). */
__rte_experimental
int rte_rcu_qsbr_dq_enqueue(struct rte_rcu_qsbr_dq *dq, void *e);

/*
 * Frees up to n elements whose grace period is over. freed, pending and available may be NULL.
 * 0, also when none was ripe, or 1 with rte_errno EINVAL (dq NULL, n 0).
 */
__rte_experimental
int rte_rcu_qsbr_dq_reclaim(struct rte_rcu_qsbr_dq *dq, unsigned int n, unsigned int *freed, unsigned int *pending,
	unsigned int *available);

/* Frees all elements and the queue (NULL: nothing). 0, or 1 with rte_errno EAGAIN: some must wait, the queue stays. */
__rte_experimental
int rte_rcu_qsbr_dq_delete(struct rte_rcu_qsbr_dq *dq);

#ifdef __cplusplus
}
#endif

#endif
