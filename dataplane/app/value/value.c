/* SPDX-License-Identifier: BSD-3-Clause */
#include "value.h"

#include <stdlib.h>
#include <string.h>

#include "value_decode.h"

#define ARENA_ALIGN 16u
#define ARENA_FIRST_CHUNK 4096u
#define ARENA_LARGEST_CHUNK (1u << 20)
#define SMALLEST_CAPACITY 4u

struct arena_chunk {
	struct arena_chunk *previous;
	size_t used, size;	/* of the bytes behind this header */
};

struct arena {
	struct arena_chunk *last;
	size_t max_bytes, handed_out;
	bool ran_out;
};

_Static_assert(sizeof(struct arena_chunk) % 8 == 0, "chunks start aligned");

static uint8_t *
chunk_bytes(struct arena_chunk *chunk)
{
	return (uint8_t *)chunk + RTE_ALIGN_CEIL(sizeof(*chunk), ARENA_ALIGN);
}

struct arena *
arena_create(size_t max_bytes)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	if (arena != NULL)
		arena->max_bytes = max_bytes;
	return arena;
}

void
arena_destroy(struct arena *arena)
{
	if (arena == NULL)
		return;
	while (arena->last != NULL) {
		struct arena_chunk *previous = arena->last->previous;

		free(arena->last);
		arena->last = previous;
	}
	free(arena);
}

static bool
arena_add_chunk(struct arena *arena, size_t bytes)
{
	size_t size = arena->last == NULL ? ARENA_FIRST_CHUNK : arena->last->size * 2;
	struct arena_chunk *chunk;

	if (size > ARENA_LARGEST_CHUNK)
		size = ARENA_LARGEST_CHUNK;
	if (size < bytes)
		size = bytes;
	chunk = calloc(1, RTE_ALIGN_CEIL(sizeof(*chunk), ARENA_ALIGN) + size);
	if (chunk == NULL)
		return false;
	chunk->size = size;
	chunk->previous = arena->last;
	arena->last = chunk;
	return true;
}

static bool
arena_has_room(struct arena *arena, size_t bytes)
{
	if (bytes > arena->max_bytes - arena->handed_out)
		return false;
	return (arena->last != NULL && arena->last->size - arena->last->used >= bytes) || arena_add_chunk(arena, bytes);
}

bool
arena_ran_out(const struct arena *arena)
{
	return arena == NULL || arena->ran_out;
}

void *
arena_alloc(struct arena *arena, size_t bytes)
{
	struct arena_chunk *chunk;
	void *start;

	if (arena == NULL)
		return NULL;
	if (bytes <= arena->max_bytes)
		bytes = RTE_ALIGN_CEIL(bytes == 0 ? (size_t)1 : bytes, ARENA_ALIGN);
	if (!arena_has_room(arena, bytes)) {
		arena->ran_out = true;
		return NULL;
	}
	chunk = arena->last;
	start = chunk_bytes(chunk) + chunk->used;
	chunk->used += bytes;
	arena->handed_out += bytes;
	return start;
}

char *
value_copy_text(struct arena *arena, const void *text, size_t length)
{
	char *copy = length < UINT32_MAX ? arena_alloc(arena, length + 1) : NULL;

	if (copy != NULL && length > 0)
		memcpy(copy, text, length);
	return copy;
}

/* The room behind `count` entries is never stored: it is the power of two at or above it, so it grows when count is one. */
static uint32_t
capacity_for(uint32_t count)
{
	return count <= SMALLEST_CAPACITY ? SMALLEST_CAPACITY : rte_align32pow2(count);
}

static bool
is_full(uint32_t count)
{
	return count == 0 || (count >= SMALLEST_CAPACITY && (count & (count - 1)) == 0);
}

static void *
grown(struct arena *arena, const void *entries, uint32_t count, size_t entry_bytes)
{
	void *larger = arena_alloc(arena, capacity_for(count + 1) * entry_bytes);

	if (larger != NULL && count > 0)
		memcpy(larger, entries, count * entry_bytes);
	return larger;
}

bool
value_make_array(struct arena *arena, struct value *node, uint32_t count)
{
	struct value *nodes;

	node->type = VALUE_ARRAY;
	node->count = 0;
	if (count == 0)
		return true;
	if (count > (1u << 30))
		return false;
	node->items = arena_alloc(arena, capacity_for(count) * sizeof(node->items[0]));
	nodes = arena_alloc(arena, count * sizeof(*nodes));
	if (node->items == NULL || nodes == NULL)
		return false;
	for (uint32_t i = 0; i < count; i++)
		node->items[i] = &nodes[i];
	node->count = count;
	return true;
}

static struct value *
new_node(struct arena *arena, enum value_type type)
{
	struct value *node = arena_alloc(arena, sizeof(*node));

	if (node != NULL)
		node->type = type;
	return node;
}

struct value *
value_new_map(struct arena *arena)
{
	return new_node(arena, VALUE_MAP);
}

struct value *
value_new_array(struct arena *arena)
{
	return new_node(arena, VALUE_ARRAY);
}

struct value *
value_set_text_key(struct arena *arena, struct value *map, const char *key)
{
	struct value *node;

	if (map == NULL || map->type != VALUE_MAP || map->count == UINT32_MAX)
		return NULL;
	if (is_full(map->count)) {
		struct value_member *members = grown(arena, map->members, map->count, sizeof(*members));

		if (members == NULL)
			return NULL;
		map->members = members;
	}
	node = new_node(arena, VALUE_NIL);
	if (node == NULL)
		return NULL;
	map->members[map->count++] = (struct value_member){ .key = key, .value = node };
	return node;
}

struct value *
value_set(struct arena *arena, struct value *map, const char *key)
{
	char *copy = map == NULL ? NULL : value_copy_text(arena, key, strlen(key));

	return copy == NULL ? NULL : value_set_text_key(arena, map, copy);
}

struct value *
value_add(struct arena *arena, struct value *array)
{
	struct value *node;

	if (array == NULL || array->type != VALUE_ARRAY || array->count == UINT32_MAX)
		return NULL;
	if (is_full(array->count)) {
		struct value **items = grown(arena, array->items, array->count, sizeof(*items));

		if (items == NULL)
			return NULL;
		array->items = items;
	}
	node = new_node(arena, VALUE_NIL);
	if (node != NULL)
		array->items[array->count++] = node;
	return node;
}

bool
value_fill_u64(struct value *node, uint64_t number)
{
	if (node == NULL)
		return false;
	if (number <= INT64_MAX) {
		node->type = VALUE_INT;
		node->integer = (int64_t)number;
	} else {
		node->type = VALUE_UINT;
		node->uinteger = number;
	}
	return true;
}

bool
value_fill_double(struct value *node, double number)
{
	if (node == NULL || !(number - number == 0.0))	/* NaN and infinities */
		return false;
	/* Both bounds are exact in a double: -2^63 and 2^64. */
	if (number >= -9223372036854775808.0 && number < 0 && (double)(int64_t)number == number) {
		node->type = VALUE_INT;
		node->integer = (int64_t)number;
		return true;
	}
	if (number >= 0 && number < 18446744073709551616.0 && (double)(uint64_t)number == number)
		return value_fill_u64(node, (uint64_t)number);
	node->type = VALUE_DOUBLE;
	node->real = number;
	return true;
}

static void
fill_bytes(struct arena *arena, struct value *node, enum value_type type, const void *bytes, size_t count)
{
	char *copy = node == NULL ? NULL : value_copy_text(arena, bytes, count);

	if (copy == NULL)
		return;
	node->type = type;
	node->count = (uint32_t)count;
	node->string = copy;
}

void
value_set_u64(struct arena *arena, struct value *map, const char *key, uint64_t number)
{
	value_fill_u64(value_set(arena, map, key), number);
}

void
value_set_double(struct arena *arena, struct value *map, const char *key, double number)
{
	value_fill_double(value_set(arena, map, key), number);
}

void
value_set_bool(struct arena *arena, struct value *map, const char *key, bool boolean)
{
	struct value *node = value_set(arena, map, key);

	if (node != NULL) {
		node->type = VALUE_BOOL;
		node->boolean = boolean;
	}
}

void
value_set_string(struct arena *arena, struct value *map, const char *key, const char *text)
{
	fill_bytes(arena, value_set(arena, map, key), VALUE_STRING, text, strlen(text));
}

void
value_set_binary(struct arena *arena, struct value *map, const char *key, const void *bytes, uint32_t count)
{
	fill_bytes(arena, value_set(arena, map, key), VALUE_BINARY, bytes, count);
}

static struct value *
typed(struct value *node, enum value_type type)
{
	if (node != NULL)
		node->type = type;
	return node;
}

struct value *
value_set_map(struct arena *arena, struct value *map, const char *key)
{
	return typed(value_set(arena, map, key), VALUE_MAP);
}

struct value *
value_set_array(struct arena *arena, struct value *map, const char *key)
{
	return typed(value_set(arena, map, key), VALUE_ARRAY);
}

struct value *
value_add_map(struct arena *arena, struct value *array)
{
	return typed(value_add(arena, array), VALUE_MAP);
}

void
value_add_string(struct arena *arena, struct value *array, const char *text)
{
	fill_bytes(arena, value_add(arena, array), VALUE_STRING, text, strlen(text));
}

const struct value *
value_get(const struct value *map, const char *key)
{
	if (!value_is(map, VALUE_MAP))
		return NULL;
	for (uint32_t i = 0; i < map->count; i++)
		if (strcmp(map->members[i].key, key) == 0)
			return map->members[i].value;
	return NULL;
}

bool
value_is(const struct value *value, enum value_type type)
{
	return value != NULL && value->type == type;
}

bool
value_u64(const struct value *value, uint64_t *out)
{
	if (value_is(value, VALUE_INT) && value->integer >= 0)
		*out = (uint64_t)value->integer;
	else if (value_is(value, VALUE_UINT))
		*out = value->uinteger;
	else
		return false;
	return true;
}

bool
value_string_is(const struct value *value, const char *text)
{
	return value_is(value, VALUE_STRING) && value->count == strlen(text) && memcmp(value->string, text, value->count) == 0;
}

/* Bytes of the character that starts at p; 0: none does. */
static size_t
utf8_length(const uint8_t *p, size_t left)
{
	uint32_t code, least;
	size_t more;

	if (*p < 0x80)
		return 1;
	if ((*p & 0xe0) == 0xc0)
		more = 1, code = *p & 0x1f, least = 0x80;
	else if ((*p & 0xf0) == 0xe0)
		more = 2, code = *p & 0x0f, least = 0x800;
	else if ((*p & 0xf8) == 0xf0)
		more = 3, code = *p & 0x07, least = 0x10000;
	else
		return 0;
	if (left <= more)
		return 0;
	for (size_t i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3f);
	}
	/* Overlong forms, surrogates and numbers above the last plane. */
	return code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? 0 : more + 1;
}

bool
value_utf8_is_valid(const void *text, size_t length)
{
	const uint8_t *p = text, *end = p + length;

	while (p < end) {
		size_t bytes = utf8_length(p, (size_t)(end - p));

		if (bytes == 0)
			return false;
		p += bytes;
	}
	return true;
}

void
value_utf8_mend(char *text)
{
	size_t length = strlen(text), to = 0;

	for (size_t from = 0; from < length;) {
		size_t bytes = utf8_length((const uint8_t *)text + from, length - from);

		memmove(text + to, text + from, bytes);
		to += bytes;
		from += RTE_MAX(bytes, (size_t)1);
	}
	text[to] = '\0';
}
