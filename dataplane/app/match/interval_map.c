/* SPDX-License-Identifier: BSD-3-Clause */
#include "interval_map.h"

#include <stdlib.h>
#include <string.h>

static unsigned int
bits_of(unsigned __int128 number)
{
	uint64_t high = (uint64_t)(number >> 64), low = (uint64_t)number;

	return high != 0 ? 128 - (unsigned int)__builtin_clzll(high) : low != 0 ? 64 - (unsigned int)__builtin_clzll(low) : 0;
}

int
interval_map_make(struct interval_map *map, const struct address128 *starts, uint32_t count, bool wide)
{
	unsigned __int128 base = address128_number(starts[count > 1]), span = address128_number(starts[count - 1]) - base;
	unsigned int wanted = bits_of(count) + 2;
	uint32_t buckets, interval = count > 1;

	memset(map, 0, sizeof(*map));
	if (wanted > INTERVAL_MAP_MOST_BITS)
		wanted = INTERVAL_MAP_MOST_BITS;
	map->shift = bits_of(span) > wanted ? bits_of(span) - wanted : 0;
	/* The bucket of the last start, and one for all that lies behind it. */
	buckets = (uint32_t)(span >> map->shift) + 2;
	map->last_bucket = buckets - 1;
	map->buckets = calloc((size_t)buckets + 1, sizeof(map->buckets[0]));
	if (wide)
		map->starts128 = calloc(count, sizeof(map->starts128[0]));
	else
		map->starts32 = calloc(count, sizeof(map->starts32[0]));
	if (map->buckets == NULL || (wide ? (void *)map->starts128 : (void *)map->starts32) == NULL)
		return -1;
	map->count = count;
	map->base = (uint32_t)base;
	for (uint32_t i = 0; i < count; i++) {
		if (wide)
			map->starts128[i] = starts[i];
		else
			map->starts32[i] = (uint32_t)starts[i].low;
	}
	for (uint32_t bucket = 0; bucket < buckets; bucket++) {
		unsigned __int128 first = base + ((unsigned __int128)bucket << map->shift);

		/* A number so great that it wraps lies behind every start, too. */
		while (interval + 1 < count && (first < base || address128_number(starts[interval + 1]) <= first))
			interval++;
		map->buckets[bucket] = interval;
	}
	map->buckets[buckets] = count - 1;
	return 0;
}

void
interval_map_free(struct interval_map *map)
{
	free(map->buckets);
	free(map->starts32);
	free(map->starts128);
	memset(map, 0, sizeof(*map));
}
