/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the hostile tests share: one dataplane, an honest client that must keep receiving, and a hostile one with a queue. Each
 * case ends with others_are_well().
 */
#ifndef HOSTILE_BED_H
#define HOSTILE_BED_H

#include <inttypes.h>
#include <stdlib.h>

#include "bed.h"
#include "check.h"
#include "shm_frame.h"

static struct bed bed;
static struct peer *peer, *honest;
static struct peer_queue queue, honest_queue;

static inline uint64_t
number(const struct value *map, const char *key)
{
	uint64_t value = UINT64_MAX;

	value_u64(value_get(map, key), &value);
	return value;
}

static inline const char *
text(const struct value *map, const char *key)
{
	const struct value *value = value_get(map, key);

	return value_is(value, VALUE_STRING) ? value->string : "(none)";
}

static inline void
give_slots(struct peer_queue *q, uint32_t count)
{
	const struct shm_area *area = shm_layout_find(&q->layout, WDPDK_AREA_UMEM, 0);

	for (uint32_t i = 0; i < count; i++)
		shm_poke32(shm_ring_slot(&q->fill, q->fill.own + i), i * area->stride);
	q->fill.own += count;
	shm_ring_publish(&q->fill);
}

static inline void
give_all_slots(struct peer_queue *q)
{
	give_slots(q, shm_layout_find(&q->layout, WDPDK_AREA_UMEM, 0)->count);
}

/* Takes frames for a while and gives every slot back: how many came. */
static inline unsigned int
receive_for(struct peer_queue *q, unsigned int ms)
{
	uint64_t until = peer_now_ms() + ms;
	unsigned int n = 0;

	do {
		if (!shm_ring_refresh_ready(&q->rx))
			return 0;
		while (shm_ring_ready(&q->rx) > 0) {
			struct shm_desc desc = shm_desc_copy(shm_ring_desc(&q->rx, q->rx.own));

			shm_poke32(shm_ring_slot(&q->fill, q->fill.own), desc.offset & ~(q->layout.slot_size - 1));
			q->rx.own++;
			q->fill.own++;
			n++;
		}
		shm_ring_publish(&q->rx);
		shm_ring_publish(&q->fill);
	} while (peer_now_ms() < until);
	return n;
}

/* Somebody who behaves gets frames within 20 ms: of the clock, or of the dataplane's own time where other programs want the processor. */
static inline void
others_are_well(void)
{
	uint64_t from = child_busy_ms(bed.child), until = peer_now_ms() + 2000;
	uint32_t reason;
	unsigned int frames;

	do
		frames = receive_for(&honest_queue, 20);
	while (frames == 0 && child_busy_ms(bed.child) - from < 20 && peer_now_ms() < until);
	CHECK(frames > 0);
	CHECK_EQ(shm_segment_state(honest_queue.base, &reason), WDPDK_SEGMENT_STATE_LIVE);
	CHECK(peer_call(honest, "ports", NULL) != NULL);
}

static inline void
open_hostile(const char *json)
{
	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer != NULL);
	CHECK(peer_open_queue(peer, bed.endpoint, json, &queue));
}

static inline void
close_hostile(void)
{
	peer_unmap_queue(&queue);
	peer_detach(peer);
}

static inline void
post_tx(struct shm_desc desc)
{
	memcpy(shm_ring_desc(&queue.tx, queue.tx.own), &desc, sizeof(desc));
	queue.tx.own++;
	shm_ring_publish(&queue.tx);
}

/* A counter of `queue` as its page shows it, once it has reached `wanted`. */
static inline uint64_t
counter(unsigned int word, uint64_t wanted)
{
	const uint64_t *page = (const uint64_t *)(const void *)(queue.base +
		shm_layout_find(&queue.layout, WDPDK_AREA_QUEUE_COUNTERS, 0)->offset);
	uint64_t until = peer_now_ms() + 10000;

	while (shm_peek64(&page[word]) < wanted && peer_now_ms() < until)
		peer_sleep_ms(1);
	return shm_peek64(&page[word]);
}

/* A ring's word in the mapped segment, to be written as no honest client would. */
static inline uint32_t *
ring_word(unsigned int area, size_t word)
{
	return (uint32_t *)(void *)(queue.base + shm_layout_find(&queue.layout, area, 0)->offset + word);
}

/* With all traffic held, what clients did has left no buffer anywhere. */
static inline void
every_buffer_is_back(void)
{
	const struct value *memory;

	CHECK(peer_call(honest, "hold", NULL) != NULL);
	memory = value_get(peer_call(honest, "stats", NULL), "memory");
	CHECK_EQ(number(memory, "mbufsFree"), number(memory, "mbufs"));
	CHECK(peer_call(honest, "release", NULL) != NULL);
	others_are_well();
}

/* The main of a hostile test, around its cases. */
static inline int
hostile_run(int argc, char **argv, const char *instance, void (*cases)(void))
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s EXECUTABLE\n", instance);
		return 2;
	}
	peer_directory();
	if (!bed_start(&bed, argv[1], instance, true)) {
		printf("FAIL the dataplane did not start; see %s\n", bed.errors);
		return 1;
	}
	honest = peer_attach(bed.endpoint, NULL);
	if (honest == NULL || !peer_open_queue(honest, bed.endpoint, "{\"kind\":\"rx\",\"port\":0,\"slots\":1024}", &honest_queue)) {
		printf("FAIL no honest client could attach\n");
		return 1;
	}
	give_all_slots(&honest_queue);
	cases();
	RUN(every_buffer_is_back);
	peer_unmap_queue(&honest_queue);
	peer_detach(honest);
	if (bed_stop(&bed) != 0) {
		printf("FAIL the dataplane did not end well; see %s\n", bed.errors);
		return 1;
	}
	return check_summary();
}

#endif
