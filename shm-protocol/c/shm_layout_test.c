/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Layouts, and the golden vectors that this side can read: both sides are held to the same bytes.
 */
#include "check.h"
#include "test_segment.h"
#include "vector.h"

static void
check_areas(uint32_t lanes)
{
	static const uint32_t slots[] = { 1, 64, 65, 4096, 65536 }, sizes[] = { 2048, 4096, 16384 };

	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
		for (size_t j = 0; j < sizeof(sizes) / sizeof(sizes[0]); j++) {
			struct shm_layout layout;
			uint64_t end = WDPDK_SEGMENT_HEADER_BYTES;

			if ((uint64_t)slots[i] * sizes[j] >= WDPDK_SEGMENT_MAX_BYTES || slots[i] < lanes)
				continue;
			CHECK(shm_layout_queue(&layout, slots[i], sizes[j], lanes, 0) == NULL);
			CHECK_EQ(layout.area_count, 5 * lanes + 1);
			CHECK_EQ(shm_layout_share(&layout), slots[i] / lanes);
			for (uint32_t a = 0; a < layout.area_count; a++) {
				const struct shm_area *area = &layout.areas[a];

				CHECK(area->offset >= end);
				CHECK_EQ(area->offset % (area->type == WDPDK_AREA_UMEM ? 4096 : 128), 0);
				end = area->offset + area->size;
				CHECK(area->type == WDPDK_AREA_UMEM || area->type == WDPDK_AREA_QUEUE_COUNTERS ||
					(area->count >= slots[i] / lanes && (area->count & (area->count - 1)) == 0 &&
						(area->count == WDPDK_RING_MIN_ENTRIES || area->count / 2 < slots[i] / lanes)));
			}
			for (uint32_t lane = 0; lane < lanes; lane++)
				for (uint32_t type = WDPDK_AREA_FILL; type <= WDPDK_AREA_QUEUE_COUNTERS; type++)
					CHECK_EQ(shm_layout_find(&layout, type, lane) != NULL, type != WDPDK_AREA_UMEM || lane == 0);
			CHECK(end <= layout.total && layout.total <= WDPDK_SEGMENT_MAX_BYTES);
		}
}

static void
areas_are_aligned_disjoint_and_inside(void)
{
	check_areas(1);
	check_areas(2);
	check_areas(3);
	check_areas(WDPDK_LIMIT_LANES);
}

static void
layouts_out_of_range_are_refused(void)
{
	struct shm_layout layout;

	CHECK(shm_layout_queue(&layout, 0, 2048, 1, 0) != NULL);
	CHECK(shm_layout_queue(&layout, 65537, 2048, 1, 0) != NULL);
	CHECK(shm_layout_queue(&layout, 64, 1024, 1, 0) != NULL);
	CHECK(shm_layout_queue(&layout, 64, 3000, 1, 0) != NULL);
	CHECK(shm_layout_queue(&layout, 64, 131072, 1, 0) != NULL);
	CHECK(shm_layout_queue(&layout, 65536, 65536, 1, 0) != NULL);
	CHECK(shm_layout_queue(&layout, 64, 2048, 0, 0) != NULL);
	CHECK(shm_layout_queue(&layout, 64, 2048, WDPDK_LIMIT_LANES + 1, 0) != NULL);
	CHECK(shm_layout_queue(&layout, 3, 2048, 4, 0) != NULL);
	CHECK(shm_layout_queue(&layout, 4, 2048, 4, 0) == NULL);
	CHECK(shm_layout_counters(&layout, 0) != NULL);
	CHECK(shm_layout_counters(&layout, WDPDK_LIMIT_LCORES + 1) != NULL);
	CHECK(shm_layout_counters(&layout, WDPDK_LIMIT_LCORES) == NULL);
}

static void
what_was_written_is_read(void)
{
	static const uint32_t lanes[] = { 1, 3, WDPDK_LIMIT_LANES };

	for (size_t i = 0; i < sizeof(lanes) / sizeof(lanes[0]); i++) {
		struct test_segment t;
		struct shm_layout seen;
		uint32_t reason;

		CHECK(test_lane_open(&t, 100, 4096, lanes[i], lanes[i] - 1));
		CHECK(shm_segment_read(t.base, t.layout.total, &seen) == NULL);
		CHECK_MEM(&seen, &t.layout, sizeof(seen));
		CHECK_EQ(shm_segment_state(t.base, &reason), WDPDK_SEGMENT_STATE_LIVE);
		shm_segment_close(t.base, WDPDK_CLOSE_BAD_INDEX);
		CHECK_EQ(shm_segment_state(t.base, &reason), WDPDK_SEGMENT_STATE_CLOSED);
		CHECK_EQ(reason, WDPDK_CLOSE_BAD_INDEX);
		test_segment_close(&t);
	}
}

static void
counters_have_no_lanes(void)
{
	struct shm_layout layout, seen;
	uint8_t *memory;

	CHECK(shm_layout_counters(&layout, 2) == NULL);
	layout.generation = 1;
	memory = test_pages(layout.total);
	shm_segment_write(memory, &layout, 0);
	shm_segment_live(memory);
	CHECK(shm_segment_read(memory, layout.total, &seen) == NULL);
	CHECK_MEM(&seen, &layout, sizeof(seen));
	memory[WDPDK_SEGMENT_OFF_LANE_COUNT] = 1;
	CHECK(shm_segment_read(memory, layout.total, &seen) != NULL);
	test_pages_free(memory);
}

/* Every byte of the header that matters, set to something else, is noticed or means another valid layout inside the mapping. */
static void
damaged_headers_never_lead_outside(void)
{
	struct test_segment t;
	struct shm_layout seen;
	uint32_t refused = 0;

	CHECK(test_lane_open(&t, 64, 2048, 2, 1));
	for (uint32_t at = 0; at < WDPDK_SEGMENT_OFF_AREAS + t.layout.area_count * WDPDK_SEGMENT_AREA_ENTRY_BYTES; at++)
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
	CHECK(refused > 1000);
	CHECK(shm_segment_read(t.base, t.layout.total, &seen) == NULL);
	CHECK(shm_segment_read(t.base, t.layout.total - 1, &seen) != NULL);
	CHECK(shm_segment_read(t.base, 64, &seen) != NULL);
	test_segment_close(&t);
}

/* Sets a word of the header, looks, and puts it back. */
static const char *
read_with(struct test_segment *t, uint32_t at, uint32_t number)
{
	uint32_t *word = (uint32_t *)(void *)((uint8_t *)t->base + at), before = *word;
	struct shm_layout seen;
	const char *wrong;

	*word = number;
	wrong = shm_segment_read(t->base, t->layout.total, &seen);
	*word = before;
	return wrong;
}

static void
lanes_that_do_not_add_up_are_refused(void)
{
	struct test_segment t;

	/* Areas 0 to 4 are lane 0's, 5 to 9 lane 1's, 10 has the slots. */
	CHECK(test_lane_open(&t, 128, 2048, 2, 0));
#define AREA(i, field) (WDPDK_SEGMENT_OFF_AREAS + (i) * WDPDK_SEGMENT_AREA_ENTRY_BYTES + WDPDK_AREA_OFF_##field)
	CHECK(read_with(&t, WDPDK_SEGMENT_OFF_LANE_COUNT, 2) == NULL);
	CHECK_STR(read_with(&t, WDPDK_SEGMENT_OFF_LANE_COUNT, 0), "the number of lanes is out of range");
	CHECK_STR(read_with(&t, WDPDK_SEGMENT_OFF_LANE_COUNT, WDPDK_LIMIT_LANES + 1), "the number of lanes is out of range");
	CHECK_STR(read_with(&t, WDPDK_SEGMENT_OFF_LANE_COUNT, 0x80000000), "the number of lanes is out of range");
	CHECK_STR(read_with(&t, WDPDK_SEGMENT_OFF_LANE_COUNT, 1), "a ring has a wrong alignment, stride or number of entries");
	CHECK_STR(read_with(&t, AREA(7, LANE), 0), "an area is there twice");
	CHECK_STR(read_with(&t, AREA(7, LANE), 2), "an area is of a lane that is not there");
	CHECK_STR(read_with(&t, AREA(5, LANE), 0xffffffff), "an area is of a lane that is not there");
	CHECK_STR(read_with(&t, AREA(10, LANE), 1), "a lane has no slots");
	CHECK_STR(read_with(&t, AREA(10, COUNT), 1), "a lane has no slots");
	CHECK_STR(read_with(&t, AREA(10, TYPE), WDPDK_AREA_LCORE_COUNTERS), "a lane has no slots");
#undef AREA
	test_segment_close(&t);
}

static void
check_header_vector(const char *name, const struct shm_layout *expected)
{
	static uint8_t segment[49152] __attribute__((aligned(4096)));
	struct shm_layout seen;

	memset(segment, 0, sizeof(segment));
	CHECK_EQ(load_vector(name), WDPDK_SEGMENT_HEADER_BYTES);
	memcpy(segment, vector, WDPDK_SEGMENT_HEADER_BYTES);
	CHECK(shm_segment_read(segment, sizeof(segment), &seen) == NULL);
	CHECK_MEM(&seen, expected, sizeof(seen));
	memset(segment, 0, sizeof(segment));
	shm_segment_write(segment, expected, 0);
	shm_segment_live(segment);
	CHECK_MEM(segment, vector, WDPDK_SEGMENT_HEADER_BYTES);
}

static void
vector_segment_header(void)
{
	static const struct shm_layout header = { .total = 49152, .generation = 0x0123456789abcdef,
		.features = WDPDK_FEATURE_METADATA, .kind = WDPDK_SEGMENT_KIND_QUEUE, .queue_id = 5, .slot_size = 2048, .lanes = 1,
		.area_count = 2,
		.areas = { { WDPDK_AREA_RX, 0, 0x2000, 1408, 64, 16 }, { WDPDK_AREA_UMEM, 0, 0x4000, 32768, 16, 2048 } } };

	check_header_vector("segment-header.hex", &header);
}

static void
vector_segment_lanes(void)
{
	static const struct shm_layout lanes = { .total = 49152, .generation = 1, .kind = WDPDK_SEGMENT_KIND_QUEUE, .queue_id = 6,
		.slot_size = 2048, .lanes = 2, .area_count = 7,
		.areas = {
			{ WDPDK_AREA_QUEUE_COUNTERS, 0, 0x2000, 136, 17, 8 }, { WDPDK_AREA_FILL, 0, 0x2100, 640, 64, 4 },
			{ WDPDK_AREA_RX, 0, 0x2380, 1408, 64, 16 },
			{ WDPDK_AREA_QUEUE_COUNTERS, 1, 0x2900, 136, 17, 8 }, { WDPDK_AREA_FILL, 1, 0x2a00, 640, 64, 4 },
			{ WDPDK_AREA_RX, 1, 0x2c80, 1408, 64, 16 },
			{ WDPDK_AREA_UMEM, 0, 0x4000, 30720, 15, 2048 },
		} };

	check_header_vector("segment-lanes.hex", &lanes);
	CHECK_EQ(shm_layout_share(&lanes), 7);
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
	RUN(counters_have_no_lanes);
	RUN(damaged_headers_never_lead_outside);
	RUN(lanes_that_do_not_add_up_are_refused);
	RUN(vector_segment_header);
	RUN(vector_segment_lanes);
	RUN(vector_ring_wrap);
	return check_summary();
}
