/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "shm_layout.h"
#include "shm_word.h"

#define PAGE 4096u
#define LINE_PAIR 128u

static uint64_t
align_up(uint64_t value, uint64_t to)
{
	return (value + to - 1) & ~(to - 1);
}

static int
is_power_of_two(uint64_t value)
{
	return value != 0 && (value & (value - 1)) == 0;
}

static void
add_area(struct shm_layout *layout, uint32_t type, uint32_t lane, uint32_t count, uint32_t stride, uint64_t lead, uint64_t alignment)
{
	struct shm_area *area = &layout->areas[layout->area_count++];

	area->type = type;
	area->lane = lane;
	area->offset = align_up(layout->total, alignment);
	area->count = count;
	area->stride = stride;
	area->size = lead + (uint64_t)count * stride;
	layout->total = area->offset + area->size;
}

const char *
shm_layout_queue(struct shm_layout *layout, uint32_t slots, uint32_t slot_size, uint32_t lanes, uint64_t features)
{
	uint32_t entries = WDPDK_RING_MIN_ENTRIES;

	_Static_assert(WDPDK_LIMIT_LANES * 5 + 1 <= WDPDK_SEGMENT_MAX_AREAS, "every lane has its areas in the table");
	_Static_assert(WDPDK_SEGMENT_OFF_AREAS + WDPDK_SEGMENT_MAX_AREAS * WDPDK_SEGMENT_AREA_ENTRY_BYTES <=
		WDPDK_SEGMENT_HEADER_BYTES, "the table lies in the header");

	memset(layout, 0, sizeof(*layout));
	if (!is_power_of_two(slot_size) || slot_size < WDPDK_UMEM_MIN_SLOT_BYTES || slot_size > WDPDK_UMEM_MAX_SLOT_BYTES)
		return "slotSize must be a power of two from 2048 to 65536";
	if (slots == 0 || slots > SHM_MAX_SLOTS)
		return "slots must be from 1 to 65536";
	if (lanes == 0 || lanes > WDPDK_LIMIT_LANES)
		return "the number of lanes is out of range";
	if (slots < lanes)
		return "slots must be one for each lane at least";
	while (entries < slots / lanes)
		entries *= 2;
	layout->kind = WDPDK_SEGMENT_KIND_QUEUE;
	layout->features = features;
	layout->slot_size = slot_size;
	layout->lanes = lanes;
	layout->total = WDPDK_SEGMENT_HEADER_BYTES;
	for (uint32_t lane = 0; lane < lanes; lane++) {
		add_area(layout, WDPDK_AREA_QUEUE_COUNTERS, lane, SHM_QUEUE_WORDS, 8, 0, LINE_PAIR);
		add_area(layout, WDPDK_AREA_FILL, lane, entries, 4, WDPDK_RING_ENTRIES, LINE_PAIR);
		add_area(layout, WDPDK_AREA_RX, lane, entries, WDPDK_DESC_BYTES, WDPDK_RING_ENTRIES, LINE_PAIR);
		add_area(layout, WDPDK_AREA_TX, lane, entries, WDPDK_DESC_BYTES, WDPDK_RING_ENTRIES, LINE_PAIR);
		add_area(layout, WDPDK_AREA_COMPLETION, lane, entries, 4, WDPDK_RING_ENTRIES, LINE_PAIR);
	}
	add_area(layout, WDPDK_AREA_UMEM, 0, slots, slot_size, 0, PAGE);
	layout->total = align_up(layout->total, PAGE);
	if (layout->total > WDPDK_SEGMENT_MAX_BYTES)
		return "slots * slotSize makes a segment above 1 GiB";
	return NULL;
}

const char *
shm_layout_counters(struct shm_layout *layout, uint32_t lcores)
{
	uint32_t stride = WDPDK_LCORE_BLOCK_PORTS + WDPDK_LCORE_BLOCK_PORT_STRIDE * WDPDK_LIMIT_PORTS;

	memset(layout, 0, sizeof(*layout));
	if (lcores == 0 || lcores > WDPDK_LIMIT_LCORES)
		return "the number of lcores is out of range";
	layout->kind = WDPDK_SEGMENT_KIND_COUNTERS;
	layout->total = WDPDK_SEGMENT_HEADER_BYTES;
	add_area(layout, WDPDK_AREA_LCORE_COUNTERS, 0, lcores, stride, 0, PAGE);
	layout->total = align_up(layout->total, PAGE);
	return NULL;
}

static void
put16(uint8_t *base, size_t at, uint16_t value)
{
	memcpy(base + at, &value, sizeof(value));
}

static void
put32(uint8_t *base, size_t at, uint32_t value)
{
	memcpy(base + at, &value, sizeof(value));
}

static void
put64(uint8_t *base, size_t at, uint64_t value)
{
	memcpy(base + at, &value, sizeof(value));
}

static uint16_t
get16(const uint8_t *base, size_t at)
{
	uint16_t value;

	memcpy(&value, base + at, sizeof(value));
	return value;
}

static uint32_t
get32(const uint8_t *base, size_t at)
{
	uint32_t value;

	memcpy(&value, base + at, sizeof(value));
	return value;
}

static uint64_t
get64(const uint8_t *base, size_t at)
{
	uint64_t value;

	memcpy(&value, base + at, sizeof(value));
	return value;
}

static int
is_ring(uint32_t type)
{
	return type >= WDPDK_AREA_FILL && type <= WDPDK_AREA_COMPLETION;
}

void
shm_segment_write(void *memory, const struct shm_layout *layout, uint32_t first_index)
{
	uint8_t *base = memory;

	memcpy(base + WDPDK_SEGMENT_OFF_MAGIC, WDPDK_SEGMENT_MAGIC, 8);
	put16(base, WDPDK_SEGMENT_OFF_ABI_MAJOR, WDPDK_VERSION_MAJOR);
	put16(base, WDPDK_SEGMENT_OFF_ABI_MINOR, WDPDK_VERSION_MINOR);
	put64(base, WDPDK_SEGMENT_OFF_TOTAL_SIZE, layout->total);
	put64(base, WDPDK_SEGMENT_OFF_GENERATION, layout->generation);
	put64(base, WDPDK_SEGMENT_OFF_FEATURES, layout->features);
	put32(base, WDPDK_SEGMENT_OFF_KIND, layout->kind);
	put32(base, WDPDK_SEGMENT_OFF_QUEUE_ID, layout->queue_id);
	put32(base, WDPDK_SEGMENT_OFF_LANE_COUNT, layout->lanes);
	put32(base, WDPDK_SEGMENT_OFF_AREA_COUNT, layout->area_count);
	put32(base, WDPDK_SEGMENT_OFF_SLOT_SIZE, layout->slot_size);
	for (uint32_t i = 0; i < layout->area_count; i++) {
		const struct shm_area *area = &layout->areas[i];
		uint8_t *entry = base + WDPDK_SEGMENT_OFF_AREAS + i * WDPDK_SEGMENT_AREA_ENTRY_BYTES;

		put32(entry, WDPDK_AREA_OFF_TYPE, area->type);
		put32(entry, WDPDK_AREA_OFF_LANE, area->lane);
		put64(entry, WDPDK_AREA_OFF_OFFSET, area->offset);
		put64(entry, WDPDK_AREA_OFF_SIZE, area->size);
		put32(entry, WDPDK_AREA_OFF_COUNT, area->count);
		put32(entry, WDPDK_AREA_OFF_STRIDE, area->stride);
		if (is_ring(area->type)) {
			put32(base + area->offset, WDPDK_RING_PRODUCER, first_index);
			put32(base + area->offset, WDPDK_RING_CONSUMER, first_index);
		}
	}
}

static uint32_t *
word_at(void *base, size_t at)
{
	return (uint32_t *)(void *)((uint8_t *)base + at);
}

void
shm_segment_live(void *base)
{
	shm_store(word_at(base, WDPDK_SEGMENT_OFF_STATE), WDPDK_SEGMENT_STATE_LIVE);
}

void
shm_segment_close(void *base, uint32_t reason)
{
	shm_poke32(word_at(base, WDPDK_SEGMENT_OFF_CLOSE_REASON), reason);
	shm_store(word_at(base, WDPDK_SEGMENT_OFF_STATE), WDPDK_SEGMENT_STATE_CLOSED);
}

uint32_t
shm_segment_state(const void *base, uint32_t *reason)
{
	const uint8_t *bytes = base;
	uint32_t state = shm_load((const uint32_t *)(const void *)(bytes + WDPDK_SEGMENT_OFF_STATE));

	*reason = state == WDPDK_SEGMENT_STATE_CLOSED ?
		shm_peek32((const uint32_t *)(const void *)(bytes + WDPDK_SEGMENT_OFF_CLOSE_REASON)) : WDPDK_CLOSE_NONE;
	return state;
}

static const char *
read_area(const uint8_t *entry, uint64_t total, uint32_t slot_size, struct shm_area *area)
{
	uint64_t lead = 0;

	area->type = get32(entry, WDPDK_AREA_OFF_TYPE);
	area->lane = get32(entry, WDPDK_AREA_OFF_LANE);
	area->offset = get64(entry, WDPDK_AREA_OFF_OFFSET);
	area->size = get64(entry, WDPDK_AREA_OFF_SIZE);
	area->count = get32(entry, WDPDK_AREA_OFF_COUNT);
	area->stride = get32(entry, WDPDK_AREA_OFF_STRIDE);
	if (area->offset < WDPDK_SEGMENT_HEADER_BYTES || area->offset > total || area->size > total - area->offset)
		return "an area lies outside the segment";
	if (is_ring(area->type)) {
		uint32_t stride = area->type == WDPDK_AREA_RX || area->type == WDPDK_AREA_TX ? WDPDK_DESC_BYTES : 4;

		lead = WDPDK_RING_ENTRIES;
		if (area->offset % LINE_PAIR != 0 || area->stride != stride || !is_power_of_two(area->count) ||
				area->count < WDPDK_RING_MIN_ENTRIES || area->count > WDPDK_RING_MAX_ENTRIES)
			return "a ring has a wrong alignment, stride or number of entries";
	} else if (area->type == WDPDK_AREA_UMEM) {
		if (area->offset % PAGE != 0 || area->stride != slot_size || !is_power_of_two(slot_size) ||
				slot_size < WDPDK_UMEM_MIN_SLOT_BYTES || slot_size > WDPDK_UMEM_MAX_SLOT_BYTES || area->count == 0)
			return "the slots have a wrong alignment, size or number";
	} else if (area->offset % LINE_PAIR != 0) {
		return "an area is not aligned";
	}
	if ((uint64_t)area->count * area->stride > area->size || area->size - (uint64_t)area->count * area->stride < lead)
		return "an area is smaller than its entries";
	return NULL;
}

/* What one area cannot tell: a queue has its slots once and each lane each of its areas at most once, and no ring is too small for
 * the lane's slots, so that posting all of them can never overrun it. */
static const char *
check_lanes(const struct shm_layout *layout)
{
	bool queue = layout->kind == WDPDK_SEGMENT_KIND_QUEUE;

	if (queue ? layout->lanes == 0 || layout->lanes > WDPDK_LIMIT_LANES : layout->lanes != 0)
		return "the number of lanes is out of range";
	if (queue && (shm_layout_find(layout, WDPDK_AREA_UMEM, 0) == NULL || shm_layout_share(layout) == 0))
		return "a lane has no slots";
	for (uint32_t i = 0; i < layout->area_count; i++) {
		const struct shm_area *area = &layout->areas[i];

		if (shm_layout_find(layout, area->type, area->lane) != area)
			return "an area is there twice";
		if (area->lane >= (area->type == WDPDK_AREA_UMEM || !queue ? 1 : layout->lanes))
			return "an area is of a lane that is not there";
		if (is_ring(area->type) && (!queue || area->count < shm_layout_share(layout)))
			return "a ring has a wrong alignment, stride or number of entries";
	}
	return NULL;
}

const char *
shm_segment_read(const void *base, uint64_t mapped, struct shm_layout *layout)
{
	uint8_t page[WDPDK_SEGMENT_HEADER_BYTES];
	uint32_t reason, state;

	memset(layout, 0, sizeof(*layout));
	if (mapped < sizeof(page))
		return "the segment is smaller than its header";
	state = shm_segment_state(base, &reason);
	if (state != WDPDK_SEGMENT_STATE_LIVE && state != WDPDK_SEGMENT_STATE_CLOSED)
		return "the segment is not ready";
	memcpy(page, base, sizeof(page));
	if (memcmp(page + WDPDK_SEGMENT_OFF_MAGIC, WDPDK_SEGMENT_MAGIC, 8) != 0)
		return "the magic number is wrong";
	if (get16(page, WDPDK_SEGMENT_OFF_ABI_MAJOR) != WDPDK_VERSION_MAJOR)
		return "the layout has another major version";
	layout->total = get64(page, WDPDK_SEGMENT_OFF_TOTAL_SIZE);
	layout->generation = get64(page, WDPDK_SEGMENT_OFF_GENERATION);
	layout->features = get64(page, WDPDK_SEGMENT_OFF_FEATURES);
	layout->kind = get32(page, WDPDK_SEGMENT_OFF_KIND);
	layout->queue_id = get32(page, WDPDK_SEGMENT_OFF_QUEUE_ID);
	layout->lanes = get32(page, WDPDK_SEGMENT_OFF_LANE_COUNT);
	layout->area_count = get32(page, WDPDK_SEGMENT_OFF_AREA_COUNT);
	layout->slot_size = get32(page, WDPDK_SEGMENT_OFF_SLOT_SIZE);
	if (layout->total > mapped || layout->total > WDPDK_SEGMENT_MAX_BYTES || layout->total < sizeof(page))
		return "the total size is not what was mapped";
	if (layout->generation == 0)
		return "the generation is zero";
	if (layout->area_count == 0 || layout->area_count > WDPDK_SEGMENT_MAX_AREAS)
		return "the number of areas is out of range";
	for (uint32_t i = 0; i < layout->area_count; i++) {
		const char *wrong = read_area(page + WDPDK_SEGMENT_OFF_AREAS + i * WDPDK_SEGMENT_AREA_ENTRY_BYTES, layout->total,
			layout->slot_size, &layout->areas[i]);

		if (wrong != NULL)
			return wrong;
		for (uint32_t j = 0; j < i; j++)
			if (layout->areas[i].offset < layout->areas[j].offset + layout->areas[j].size &&
					layout->areas[j].offset < layout->areas[i].offset + layout->areas[i].size)
				return "two areas overlap";
	}
	return check_lanes(layout);
}

const struct shm_area *
shm_layout_find(const struct shm_layout *layout, uint32_t type, uint32_t lane)
{
	for (uint32_t i = 0; i < layout->area_count; i++)
		if (layout->areas[i].type == type && layout->areas[i].lane == lane)
			return &layout->areas[i];
	return NULL;
}

uint32_t
shm_layout_share(const struct shm_layout *layout)
{
	return shm_layout_find(layout, WDPDK_AREA_UMEM, 0)->count / layout->lanes;
}
