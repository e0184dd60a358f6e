/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One end of a single-producer single-consumer ring in shared memory. Capacity, mask and this end's own index are private; the
 * peer's word is only read, always with the value seen last, and a word no honest peer can have written is reported as false:
 * never clamped, never followed. Both ends of both roles, so that tests, benchmarks and the dataplane share one piece of code.
 *
 * Thread rule: one thread an end. Memory of the ring may change under our hands at any time.
 */
#ifndef SHM_RING_H
#define SHM_RING_H

#include "shm_layout.h"
#include "shm_word.h"

struct shm_ring {
	uint8_t *entries;
	uint32_t *own_word, *peer_word;	/* in shared memory: ours to write, ours to read */
	uint32_t *armed;
	uint32_t own, peer;		/* our index; the peer's as seen last */
	uint32_t capacity, mask;
};

static inline void
shm_ring_attach(struct shm_ring *ring, void *base, const struct shm_area *area, bool producer, uint32_t first_index)
{
	uint8_t *at = (uint8_t *)base + area->offset;
	uint32_t *words[2] = { (uint32_t *)(void *)(at + WDPDK_RING_PRODUCER), (uint32_t *)(void *)(at + WDPDK_RING_CONSUMER) };

	ring->entries = at + WDPDK_RING_ENTRIES;
	ring->own_word = words[producer ? 0 : 1];
	ring->peer_word = words[producer ? 1 : 0];
	ring->armed = (uint32_t *)(void *)(at + WDPDK_RING_ARMED);
	ring->own = ring->peer = first_index;
	ring->capacity = area->count;
	ring->mask = area->count - 1;
}

/** Producer: how many entries may be written, by what is known already. */
static inline uint32_t
shm_ring_room(const struct shm_ring *ring)
{
	return ring->capacity - (ring->own - ring->peer);
}

/** Producer: looks at the consumer's word. It may have taken at most what we have published. */
static inline bool
shm_ring_refresh_room(struct shm_ring *ring)
{
	uint32_t seen = shm_load(ring->peer_word);

	if (seen - ring->peer > ring->own - ring->peer)
		return false;
	ring->peer = seen;
	return true;
}

/** Consumer: how many entries may be read, by what is known already. */
static inline uint32_t
shm_ring_ready(const struct shm_ring *ring)
{
	return ring->peer - ring->own;
}

/** Consumer: looks at the producer's word. It may have moved on by at most the room it had. */
static inline bool
shm_ring_refresh_ready(struct shm_ring *ring)
{
	uint32_t seen = shm_load(ring->peer_word);

	if (seen - ring->peer > ring->capacity - (ring->peer - ring->own))
		return false;
	ring->peer = seen;
	return true;
}

static inline uint32_t *
shm_ring_slot(const struct shm_ring *ring, uint32_t index)
{
	return (uint32_t *)(void *)(ring->entries + (size_t)(index & ring->mask) * 4);
}

static inline uint8_t *
shm_ring_desc(const struct shm_ring *ring, uint32_t index)
{
	return ring->entries + (size_t)(index & ring->mask) * WDPDK_DESC_BYTES;
}

/** Shows the peer everything before `own`: entries written (producer) or copied (consumer). */
static inline void
shm_ring_publish(const struct shm_ring *ring)
{
	shm_store(ring->own_word, ring->own);
}

/** Producer, between publishing and shm_ring_disarm, once for any number of rings: keeps the load of `armed` behind the store of the
 * index, as the peer's re-check keeps its load of the index behind the store of `armed`. Waits until all stores before it are seen. */
static inline void
shm_ring_fence(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/** Producer, after publish and fence: has the peer gone to sleep? Disarms it; true means that a doorbell is owed. */
static inline bool
shm_ring_disarm(const struct shm_ring *ring)
{
	if (shm_peek32(ring->armed) == 0)
		return false;
	return __atomic_exchange_n(ring->armed, 0, __ATOMIC_SEQ_CST) != 0;
}

static inline bool
shm_ring_take_armed(const struct shm_ring *ring)
{
	shm_ring_fence();
	return shm_ring_disarm(ring);
}

/** Consumer, before it sleeps. The caller refreshes and looks at ready once more, and sleeps only when it is still zero. */
static inline void
shm_ring_arm(const struct shm_ring *ring)
{
	__atomic_store_n(ring->armed, 1, __ATOMIC_SEQ_CST);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#endif
