/* SPDX-License-Identifier: BSD-3-Clause */
#include "rte_rcu_qsbr.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <rte_errno.h>

static int
refuse(int error)
{
	rte_errno = error;
	return 1;
}

static uint32_t
registration_words(uint32_t max_threads)
{
	return max_threads / 64 + (max_threads % 64 != 0);
}

size_t
rte_rcu_qsbr_get_memsize(uint32_t max_threads)
{
	if (max_threads == 0)
		return (size_t)refuse(EINVAL);
	return sizeof(struct rte_rcu_qsbr) + (size_t)max_threads * sizeof(struct rte_rcu_qsbr_cnt) +
		RTE_ALIGN_CEIL(registration_words(max_threads) * sizeof(uint64_t), (size_t)RTE_CACHE_LINE_SIZE);
}

int
rte_rcu_qsbr_init(struct rte_rcu_qsbr *v, uint32_t max_threads)
{
	if (v == NULL || max_threads == 0)
		return refuse(EINVAL);
	memset(v, 0, rte_rcu_qsbr_get_memsize(max_threads));
	v->max_threads = max_threads;
	v->num_elems = registration_words(max_threads);
	/* A reader's 0 says offline, so tokens begin above it. */
	v->token = 1;
	return 0;
}

int
rte_rcu_qsbr_thread_register(struct rte_rcu_qsbr *v, unsigned int thread_id)
{
	uint64_t bit = UINT64_C(1) << thread_id % 64;

	if (v == NULL || thread_id >= v->max_threads)
		return refuse(EINVAL);
	if ((__atomic_fetch_or(wdpdk_rcu_registered(v, thread_id / 64), bit, __ATOMIC_SEQ_CST) & bit) == 0)
		__atomic_fetch_add(&v->num_threads, 1, __ATOMIC_RELAXED);
	return 0;
}

int
rte_rcu_qsbr_thread_unregister(struct rte_rcu_qsbr *v, unsigned int thread_id)
{
	uint64_t bit = UINT64_C(1) << thread_id % 64;

	if (v == NULL || thread_id >= v->max_threads)
		return refuse(EINVAL);
	/* Release: whoever finds the bit gone has the reader's last uses behind it. */
	if ((__atomic_fetch_and(wdpdk_rcu_registered(v, thread_id / 64), ~bit, __ATOMIC_RELEASE) & bit) != 0)
		__atomic_fetch_sub(&v->num_threads, 1, __ATOMIC_RELAXED);
	return 0;
}

void
rte_rcu_qsbr_synchronize(struct rte_rcu_qsbr *v, unsigned int thread_id)
{
	uint64_t token;

	if (v == NULL)
		return;
	token = rte_rcu_qsbr_start(v);
	if (thread_id < v->max_threads)
		rte_rcu_qsbr_quiescent(v, thread_id);
	rte_rcu_qsbr_check(v, token, true);
}

int
rte_rcu_qsbr_dump(FILE *f, struct rte_rcu_qsbr *v)
{
	if (f == NULL || v == NULL)
		return refuse(EINVAL);
	fprintf(f, "quiescent-state variable at %p\n  memory %zu bytes, %" PRIu32 " of %" PRIu32 " readers registered\n",
		(void *)v, rte_rcu_qsbr_get_memsize(v->max_threads), v->num_threads, v->max_threads);
	fprintf(f, "  token %" PRIu64 ", reached by all %" PRIu64 "\n", __atomic_load_n(&v->token, __ATOMIC_ACQUIRE),
		__atomic_load_n(&v->acked_token, __ATOMIC_ACQUIRE));
	for (uint32_t id = 0; id < v->max_threads; id++) {
		const struct rte_rcu_qsbr_cnt *reader = &v->qsbr_cnt[id];
		uint64_t reached = __atomic_load_n(&reader->cnt, __ATOMIC_RELAXED);

		if ((__atomic_load_n(wdpdk_rcu_registered(v, id / 64), __ATOMIC_ACQUIRE) >> id % 64 & 1) == 0)
			continue;
		fprintf(f, "  reader %" PRIu32 ": token %" PRIu64 "%s, lock count %" PRIu32 "\n", id, reached,
			reached == 0 ? " (offline)" : "", __atomic_load_n(&reader->lock_cnt, __ATOMIC_RELAXED));
	}
	return 0;
}
