/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Words of a segment that another process reads or writes at the same time. Everything else of a segment is plain memory whose
 * visibility these words order.
 */
#ifndef SHM_WORD_H
#define SHM_WORD_H

#include <stdbool.h>
#include <stdint.h>

static inline uint32_t
shm_load(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static inline void
shm_store(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/* A single read or write that orders nothing: counters, entries that are copied before they are looked at. */
static inline uint32_t
shm_peek32(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static inline uint64_t
shm_peek64(const uint64_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static inline void
shm_poke32(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

static inline void
shm_poke64(uint64_t *word, uint64_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

/* Fetches a line to be written, which the peer had last: a prefetch for reading would leave it to be asked for a second time. Every
 * x86-64 processor takes the instruction, if need be as one that does nothing. */
static inline void
shm_prefetch_write(const void *at)
{
	__asm__ volatile("prefetchw %0" : : "m"(*(const char *)at));
}

#endif
