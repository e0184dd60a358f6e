/* SPDX-License-Identifier: BSD-3-Clause
 *
 * From a number to the interval it lies in: a table over the span of the interval starts, whose entries say which few intervals are left.
 * Two widths of the same code, since nearly all numbers have 32 bits or fewer and are looked up for every frame.
 */
#ifndef APP_INTERVAL_MAP_H
#define APP_INTERVAL_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "frame_key.h"

/* Entries of the table at most; some per start, so that most entries are within one interval. */
#define INTERVAL_MAP_MOST_BITS 14u

struct interval_map {
	uint32_t count;			/* 0: the field takes no part */
	uint32_t last_bucket;		/* beyond the last start */
	uint32_t base;			/* where the table begins: the second start, for the first interval is all before it */
	unsigned int shift;
	uint32_t *buckets;		/* entry b: the interval of bucket b's first number; one more than there are buckets */
	uint32_t *starts32;		/* ascending, the first is 0; of numbers of 32 bits */
	struct address128 *starts128;	/* the same of longer ones; one of the two is there */
};

/* Takes `count` ascending starts, the first 0, all different, of numbers that have 32 bits unless `wide`. 0 or -1: no memory (what
 * was allocated is freed by interval_map_free). */
int interval_map_make(struct interval_map *map, const struct address128 *starts, uint32_t count, bool wide);
void interval_map_free(struct interval_map *map);

static inline uint32_t
interval_map_find32(const struct interval_map *map, uint32_t number)
{
	uint32_t bucket, first, last;

	if (number < map->base)
		return 0;
	bucket = (number - map->base) >> map->shift;
	if (bucket > map->last_bucket)
		bucket = map->last_bucket;
	first = map->buckets[bucket];
	last = map->buckets[bucket + 1];
	while (first < last) {
		uint32_t middle = first + (last - first + 1) / 2;

		if (map->starts32[middle] <= number)
			first = middle;
		else
			last = middle - 1;
	}
	return first;
}

static inline unsigned __int128
address128_number(struct address128 address)
{
	return (unsigned __int128)address.high << 64 | address.low;
}

static inline uint32_t
interval_map_find128(const struct interval_map *map, struct address128 address)
{
	unsigned __int128 number = address128_number(address), base = address128_number(map->starts128[map->count > 1]), bucket;
	uint32_t first, last;

	if (number < base)
		return 0;
	bucket = (number - base) >> map->shift;
	if (bucket > map->last_bucket)
		bucket = map->last_bucket;
	first = map->buckets[(uint32_t)bucket];
	last = map->buckets[(uint32_t)bucket + 1];
	while (first < last) {
		uint32_t middle = first + (last - first + 1) / 2;

		if (address128_number(map->starts128[middle]) <= number)
			first = middle;
		else
			last = middle - 1;
	}
	return first;
}

#endif
