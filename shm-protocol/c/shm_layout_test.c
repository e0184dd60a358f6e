/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Layouts, and the golden vectors that this side can read: both sides are held to the same bytes.
 */
#include "check.h"
#include "test_segment.h"
#include "vector.h"

static void
areas_are_aligned_disjoint_and_inside(void)
{
	static const uint32_t slots[] = { 1, 64, 65, 4096, 65536 }, sizes[] = { 2048, 4096, 16384 };

	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
		for (size_t j = 0; j < sizeof(sizes) / sizeof(sizes[0]); j++) {
			struct shm_layout layout;
			uint64_t end = WDPDK_SEGMENT_HEADER_BYTES;

			if ((uint64_t)slots[i] * sizes[j] >= WDPDK_SEGMENT_MAX_BYTES)
				continue;
			CHECK(shm_layout_queue(&layout, slots[i], sizes[j], 0) == NULL);
			CHECK_EQ(layout.area_count, 6);
			for (uint32_t a = 0; a < layout.area_count; a++) {
				const struct shm_area *area = &layout.areas[a];

				CHECK(area->offset >= end);
				CHECK_EQ(area->offset % (area->type == WDPDK_AREA_UMEM ? 4096 : 128), 0);
				end = area->offset + area->size;
				CHECK(area->type == WDPDK_AREA_UMEM || area->type == WDPDK_AREA_QUEUE_COUNTERS ||
					(area->count >= slots[i] && (area->count & (area->count - 1)) == 0));
			}
			CHECK(end <= layout.total && layout.total <= WDPDK_SEGMENT_MAX_BYTES);
		}
}

static void
layouts_out_of_range_are_refused(void)
{
	struct shm_layout layout;

	CHECK(shm_layout_queue(&layout, 0, 2048, 0) != NULL);
	CHECK(shm_layout_queue(&layout, 65537, 2048, 0) != NULL);
	CHECK(shm_layout_queue(&layout, 64, 1024, 0) != NULL);
	CHECK(shm_layout_queue(&layout, 64, 3000, 0) != NULL);
	CHECK(shm_layout_queue(&layout, 64, 131072, 0) != NULL);
	CHECK(shm_layout_queue(&layout, 65536, 65536, 0) != NULL);
	CHECK(shm_layout_counters(&layout, 0) != NULL);
	CHECK(shm_layout_counters(&layout, WDPDK_LIMIT_LCORES + 1) != NULL);
	CHECK(shm_layout_counters(&layout, WDPDK_LIMIT_LCORES) == NULL);
}

static void
what_was_written_is_read(void)
{
	struct test_segment t;
	struct shm_layout seen;
	uint32_t reason;

	CHECK(test_segment_open(&t, 100, 4096));
	CHECK(shm_segment_read(t.base, t.layout.total, &seen) == NULL);
	CHECK_MEM(&seen, &t.layout, sizeof(seen));
	CHECK_EQ(shm_segment_state(t.base, &reason), WDPDK_SEGMENT_STATE_LIVE);
	shm_segment_close(t.base, WDPDK_CLOSE_BAD_INDEX);
	CHECK_EQ(shm_segment_state(t.base, &reason), WDPDK_SEGMENT_STATE_CLOSED);
	CHECK_EQ(reason, WDPDK_CLOSE_BAD_INDEX);
	test_segment_close(&t);
}

/* Every byte of the header that matters, set to something else, is noticed or means another valid layout inside the mapping. */
static void
damaged_headers_never_lead_outside(void)
{
	struct test_segment t;
	struct shm_layout seen;
	uint32_t refused = 0;

	CHECK(test_segment_open(&t, 64, 2048));
	for (uint32_t at = 0; at < WDPDK_SEGMENT_OFF_AREAS + 6 * WDPDK_SEGMENT_AREA_ENTRY_BYTES; at++)
		for (uint32_t bit = 0; bit < 8; bit++) {
			uint8_t *byte = (uint8_t *)t.base + at;

			*byte ^= (uint8_t)(1u << bit);
			if (shm_segment_read(t.base, t.layout.total, &seen) != NULL)
				refused++;
			else
				for (uint32_t a = 0; a < seen.area_count; a++)
					CHECK(seen.areas[a].offset <= t.layout.total &&
						seen.areas[a].size <= t.layout.total - seen.areas[a].offset);
			*byte ^= (uint8_t)(1u << bit);
		}
	CHECK(refused > 500);
	CHECK(shm_segment_read(t.base, t.layout.total, &seen) == NULL);
	CHECK(shm_segment_read(t.base, t.layout.total - 1, &seen) != NULL);
	CHECK(shm_segment_read(t.base, 64, &seen) != NULL);
	test_segment_close(&t);
}

static void
vector_segment_header(void)
{
	static uint8_t segment[49152] __attribute__((aligned(4096)));
	struct shm_layout seen, made = { .total = 49152, .generation = 0x0123456789abcdef, .features = WDPDK_FEATURE_METADATA,
		.kind = WDPDK_SEGMENT_KIND_QUEUE, .queue_id = 5, .slot_size = 2048, .lanes = 1, .area_count = 2,
		.areas = { { WDPDK_AREA_RX, 0, 0x1000, 1408, 64, 16 }, { WDPDK_AREA_UMEM, 0, 0x4000, 32768, 16, 2048 } } };

	CHECK_EQ(load_vector("segment-header.hex"), 4096);
	memcpy(segment, vector, 4096);
	CHECK(shm_segment_read(segment, sizeof(segment), &seen) == NULL);
	CHECK_MEM(&seen, &made, sizeof(made));
	memset(segment, 0, sizeof(segment));
	shm_segment_write(segment, &made, 0);
	shm_segment_live(segment);
	CHECK_MEM(segment, vector, 4096);
}

static void
vector_ring_wrap(void)
{
	struct shm_area area = { .type = WDPDK_AREA_RX, .count = 64, .stride = 16, .size = 1408 };
	uint8_t *memory = test_pages(4096);
	struct shm_ring ring;
	struct shm_desc desc;
	static const struct shm_desc expected[4] = {
		{ 0x80, 1514, 0, WDPDK_DESC_FLAG_TRUNCATED, 0 }, { 0x880, 64, 31, 0, 0xffffffff },
		{ 0x1080, 60, 1, WDPDK_DESC_FLAG_CONTD, 9 }, { 0x1880, 14, 1, 0, 9 },
	};

	CHECK(load_vector("ring-wrap.hex") > 0);
	memcpy(memory, vector, 4096);
	shm_ring_attach(&ring, memory, &area, false, 0xffffffc0);
	ring.own = ring.peer = 0xfffffffe;	/* 62 were taken */
	CHECK(shm_ring_refresh_ready(&ring));
	CHECK_EQ(shm_ring_ready(&ring), 4);
	for (uint32_t i = 0; i < 4; i++) {
		desc = shm_desc_copy(shm_ring_desc(&ring, ring.own + i));
		CHECK_MEM(&desc, &expected[i], sizeof(desc));
	}
	CHECK_EQ(shm_load(ring.own_word), 0xfffffffe);
	CHECK(shm_ring_take_armed(&ring));
	CHECK(!shm_ring_take_armed(&ring));
	test_pages_free(memory);
}

int
main(void)
{
	RUN(areas_are_aligned_disjoint_and_inside);
	RUN(layouts_out_of_range_are_refused);
	RUN(what_was_written_is_read);
	RUN(damaged_headers_never_lead_outside);
	RUN(vector_segment_header);
	RUN(vector_ring_wrap);
	return check_summary();
}
