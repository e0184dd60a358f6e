/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Barriers and atomic counters for x86-64. The counters' operations are sequentially consistent except plain read,
 * set and clear, which order nothing.
 */
#ifndef _RTE_ATOMIC_H_
#define _RTE_ATOMIC_H_

#include <stdint.h>

#include <emmintrin.h>

#include <rte_common.h>
#include <rte_compat.h>
#include <rte_config.h>

#define rte_compiler_barrier() do { asm volatile ("" : : : "memory"); } while (0)

/* Against devices as well as CPUs, and for write-combining memory. */
#define rte_mb() _mm_mfence()
#define rte_wmb() _mm_sfence()
#define rte_rmb() _mm_lfence()

/* x86 keeps loads in order and stores in order: only a store before a load needs an instruction. */
#define rte_smp_wmb() rte_compiler_barrier()
#define rte_smp_rmb() rte_compiler_barrier()
#define rte_io_mb() rte_mb()
#define rte_io_wmb() rte_compiler_barrier()
#define rte_io_rmb() rte_compiler_barrier()

/** Full barrier between CPUs. A locked add below the red zone is cheaper than mfence. */
static __rte_always_inline void
rte_smp_mb(void)
{
	asm volatile("lock addl $0, -128(%%rsp)" ::: "memory", "cc");
}

/** memorder is a constant __ATOMIC_*. */
static __rte_always_inline void
rte_atomic_thread_fence(int memorder)
{
	if (memorder == __ATOMIC_SEQ_CST)
		rte_smp_mb();
	else if (memorder == __ATOMIC_ACQ_REL)
		__atomic_thread_fence(__ATOMIC_ACQ_REL);
	else if (memorder == __ATOMIC_RELEASE)
		__atomic_thread_fence(__ATOMIC_RELEASE);
	else if (memorder != __ATOMIC_RELAXED)
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
}

#define RTE_ATOMIC16_INIT(val) { (val) }
#define RTE_ATOMIC32_INIT(val) { (val) }
#define RTE_ATOMIC64_INIT(val) { (val) }

/*
 * The same family for 16, 32 and 64 bits. cmpset: 1 when *dst was exp and is now src. *_and_test: 1 when the result
 * is 0.
 */
#define WDPDK_ATOMIC_FAMILY(bits) \
typedef struct { \
	volatile int ## bits ## _t cnt; \
} rte_atomic ## bits ## _t; \
static inline int \
rte_atomic ## bits ## _cmpset(volatile uint ## bits ## _t *dst, uint ## bits ## _t exp, uint ## bits ## _t src) \
{ \
	return __atomic_compare_exchange_n(dst, &exp, src, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
} \
static inline uint ## bits ## _t \
rte_atomic ## bits ## _exchange(volatile uint ## bits ## _t *dst, uint ## bits ## _t val) \
{ \
	return __atomic_exchange_n(dst, val, __ATOMIC_SEQ_CST); \
} \
static inline int ## bits ## _t \
rte_atomic ## bits ## _read(const rte_atomic ## bits ## _t *v) \
{ \
	return __atomic_load_n(&v->cnt, __ATOMIC_RELAXED); \
} \
static inline void \
rte_atomic ## bits ## _set(rte_atomic ## bits ## _t *v, int ## bits ## _t new_value) \
{ \
	__atomic_store_n(&v->cnt, new_value, __ATOMIC_RELAXED); \
} \
static inline void \
rte_atomic ## bits ## _init(rte_atomic ## bits ## _t *v) \
{ \
	rte_atomic ## bits ## _set(v, 0); \
} \
static inline void \
rte_atomic ## bits ## _clear(rte_atomic ## bits ## _t *v) \
{ \
	rte_atomic ## bits ## _set(v, 0); \
} \
static inline int ## bits ## _t \
rte_atomic ## bits ## _add_return(rte_atomic ## bits ## _t *v, int ## bits ## _t inc) \
{ \
	return __atomic_add_fetch(&v->cnt, inc, __ATOMIC_SEQ_CST); \
} \
static inline int ## bits ## _t \
rte_atomic ## bits ## _sub_return(rte_atomic ## bits ## _t *v, int ## bits ## _t dec) \
{ \
	return __atomic_sub_fetch(&v->cnt, dec, __ATOMIC_SEQ_CST); \
} \
static inline void \
rte_atomic ## bits ## _add(rte_atomic ## bits ## _t *v, int ## bits ## _t inc) \
{ \
	(void)__atomic_fetch_add(&v->cnt, inc, __ATOMIC_SEQ_CST); \
} \
static inline void \
rte_atomic ## bits ## _sub(rte_atomic ## bits ## _t *v, int ## bits ## _t dec) \
{ \
	(void)__atomic_fetch_sub(&v->cnt, dec, __ATOMIC_SEQ_CST); \
} \
static inline void \
rte_atomic ## bits ## _inc(rte_atomic ## bits ## _t *v) \
{ \
	rte_atomic ## bits ## _add(v, 1); \
} \
static inline void \
rte_atomic ## bits ## _dec(rte_atomic ## bits ## _t *v) \
{ \
	rte_atomic ## bits ## _sub(v, 1); \
} \
static inline int \
rte_atomic ## bits ## _inc_and_test(rte_atomic ## bits ## _t *v) \
{ \
	return rte_atomic ## bits ## _add_return(v, 1) == 0; \
} \
static inline int \
rte_atomic ## bits ## _dec_and_test(rte_atomic ## bits ## _t *v) \
{ \
	return rte_atomic ## bits ## _sub_return(v, 1) == 0; \
} \
static inline int \
rte_atomic ## bits ## _test_and_set(rte_atomic ## bits ## _t *v) \
{ \
	return rte_atomic ## bits ## _cmpset((volatile uint ## bits ## _t *)&v->cnt, 0, 1); \
}

WDPDK_ATOMIC_FAMILY(16)
WDPDK_ATOMIC_FAMILY(32)
WDPDK_ATOMIC_FAMILY(64)

/** 128 bits for rte_atomic128_cmp_exchange(); aligned as cmpxchg16b wants it. */
typedef struct {
	union {
		uint64_t val[2];
		__extension__ __int128 int128;
	};
} __rte_aligned(16) rte_int128_t;

/** Nonzero when *dst was *exp and is now *src; otherwise *exp becomes *dst. Always a full barrier. */
static inline int
rte_atomic128_cmp_exchange(rte_int128_t *dst, rte_int128_t *exp, const rte_int128_t *src, unsigned int weak,
	int success, int failure)
{
	uint8_t done;

	RTE_SET_USED(weak);
	RTE_SET_USED(success);
	RTE_SET_USED(failure);
	asm volatile("lock cmpxchg16b %[dst]\n\tsete %[done]"
		: [dst] "+m" (dst->val[0]), "+a" (exp->val[0]), "+d" (exp->val[1]), [done] "=r" (done)
		: "b" (src->val[0]), "c" (src->val[1])
		: "memory", "cc");
	return done;
}

#endif
