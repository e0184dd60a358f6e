/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A client that posts what the fuzzer says, against the dataplane's end of a queue. The input is a list of steps of 17 bytes: what to
 * do, then 16 bytes for it. The queue is the middle one of three lanes. Every byte of an accepted frame is read, from memory that
 * is that lane's slots and nothing else; every accepted slot must have been the client's.
 */
#include <stddef.h>

#include "test_segment.h"

#define LANES 3u
#define SLOTS (LANES * SHARE + 1)
#define SHARE 8u
#define FIRST (SHARE * SLOT)
#define SLOT 2048u
#define STEP 17u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint8_t sink;

static void
use_frames(struct test_segment *t, uint8_t *umem)
{
	struct shm_frame frame;
	enum shm_tx what;

	if (!shm_tx_refresh(&t->queue))
		return;
	while ((what = shm_tx_next(&t->queue, &frame, SHM_FRAME_BYTES)) != SHM_TX_NONE) {
		uint32_t total = 0;

		if (what == SHM_TX_REFUSED)
			continue;
		for (uint32_t i = 0; i < frame.parts; i++) {
			const uint8_t *bytes = umem + (frame.part[i].offset - FIRST);

			if (t->queue.owner[(frame.part[i].offset - FIRST) / SLOT] != SHM_OWNER_TX)
				__builtin_trap();
			for (uint32_t j = 0; j < frame.part[i].length; j += 61)
				sink = bytes[j];
			sink = bytes[frame.part[i].length - 1];
			total += frame.part[i].length;
		}
		if (total != frame.bytes || total < SHM_FRAME_MIN_BYTES || total > SHM_FRAME_BYTES)
			__builtin_trap();
	}
	shm_ring_publish(&t->queue.tx);
}

static void
deliver(struct test_segment *t, uint8_t *umem)
{
	if (!shm_fill_take(&t->queue, 100) || !shm_ring_refresh_room(&t->queue.rx))
		return;
	while (shm_free_slots(&t->queue) > 0 && shm_ring_room(&t->queue.rx) > 0) {
		struct shm_desc desc = { .offset = shm_free_peek(&t->queue, 0) + 128, .length = SLOT - 128 };

		memset(umem + (desc.offset - FIRST), 0xab, desc.length);
		shm_rx_put(&t->queue, &desc);
	}
	shm_ring_publish(&t->queue.rx);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct test_segment t;
	/* Slots in memory of their own, so that a byte too far, or another lane's, is seen. */
	uint8_t *umem = calloc(SHARE, SLOT);

	if (umem == NULL || !test_lane_open(&t, SLOTS, SLOT, LANES, 1))
		return 0;
	for (; size >= STEP; data += STEP, size -= STEP) {
		struct shm_desc desc;
		uint32_t number;

		memcpy(&desc, data + 1, sizeof(desc));
		memcpy(&number, data + 1, sizeof(number));
		switch (data[0] % 8) {
		case 0:
		case 1:
			test_post_tx(&t, desc);
			break;
		case 2:	/* nearly right, with a length near either end of what 32 bits hold */
			desc.length = (uint32_t)(int32_t)(int16_t)desc.length;
			desc.port = 0;
			desc.flags &= WDPDK_DESC_FLAG_CONTD;
			desc.meta = 0;
			desc.offset %= SLOTS * SLOT;
			test_post_tx(&t, desc);
			break;
		case 3:
			test_post_fill(&t, number);
			break;
		case 4:
			test_post_fill(&t, number % SLOTS * SLOT);
			break;
		case 5:
			use_frames(&t, umem);
			shm_queue_complete(&t.queue);
			break;
		case 6:
			deliver(&t, umem);
			break;
		default:	/* index words: a small step, so that some are right */
			switch (data[1] % 4) {
			case 0:
				shm_store(t.queue.rx.peer_word, shm_load(t.queue.rx.peer_word) + data[2]);
				break;
			case 1:
				shm_store(t.queue.completion.peer_word, shm_load(t.queue.completion.peer_word) + data[2]);
				break;
			case 2:
				shm_store(t.queue.tx.peer_word, shm_load(t.queue.tx.peer_word) + (uint32_t)(int8_t)data[2]);
				break;
			default:
				memcpy(shm_ring_desc(&t.queue.tx, number), data + 1, 16);
			}
		}
		if (t.queue.broken)
			break;
	}
	use_frames(&t, umem);
	deliver(&t, umem);
	test_segment_close(&t);
	free(umem);
	return 0;
}
