/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One tree for structured values: what a JSON file or a control frame says, and what a summary or an answer says. Decoders and
 * reports are written against this tree once and work for both encodings.
 */
#ifndef APP_VALUE_H
#define APP_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum value_type {
	VALUE_NIL,
	VALUE_BOOL,
	VALUE_INT,	/* a whole number in int64_t */
	VALUE_UINT,	/* a whole number above INT64_MAX */
	VALUE_DOUBLE,	/* finite, not whole or beyond 64 bits; whole doubles arrive as VALUE_INT or VALUE_UINT */
	VALUE_STRING,	/* valid UTF-8, followed by a NUL that is not counted */
	VALUE_BINARY,	/* MessagePack only */
	VALUE_ARRAY,
	VALUE_MAP,	/* keys are strings, each at most once */
};

struct value_member;

struct value {
	enum value_type type;
	uint32_t count;	/* bytes of a string or binary; items of an array or map */
	union {
		bool boolean;
		int64_t integer;
		uint64_t uinteger;
		double real;
		const char *string;
		const uint8_t *binary;
		struct value **items;		/* nodes stay where they are while their parent grows */
		struct value_member *members;
	};
};

struct value_member {
	const char *key;
	struct value *value;
};

/* All nodes and strings of a tree live in one arena and are freed with it. Not thread safe. */
struct arena;
struct arena *arena_create(size_t max_bytes);	/* NULL: no memory. Allocations beyond max_bytes fail */
void arena_destroy(struct arena *arena);
void *arena_alloc(struct arena *arena, size_t bytes);	/* zeroed, 16-byte aligned; NULL: no memory */
bool arena_ran_out(const struct arena *arena);	/* an allocation has failed (or there is no arena): what was built is not whole */

/* ---- reading (value_json.c, value_msgpack.c). The text is hostile: both readers refuse repeated keys, more than
 * VALUE_MAX_MEMBERS members in a map (so that the check for repeated keys stays cheap) and depth beyond WDPDK_FRAME_MAX_DEPTH. ---- */
#define VALUE_MAX_MEMBERS 256

/* Parses strict JSON. NULL on error, with a sentence that has line and column in `error`. */
struct value *value_from_json(struct arena *arena, const char *text, size_t length, char *error, size_t error_size);
/* Parses exactly one MessagePack value of `length` bytes: ext types, non-string or repeated keys, NaN, depth beyond
 * WDPDK_FRAME_MAX_DEPTH, trailing bytes and bad UTF-8 are errors. */
struct value *value_from_msgpack(struct arena *arena, const uint8_t *bytes, size_t length, char *error, size_t error_size);

const struct value *value_get(const struct value *map, const char *key);	/* NULL: not a map, or no such key */
bool value_is(const struct value *value, enum value_type type);			/* false for NULL */
bool value_u64(const struct value *value, uint64_t *out);			/* false: not a whole number >= 0 */
bool value_string_is(const struct value *value, const char *text);
/* Takes out of a text what is no UTF-8, such as the half of a character that cutting left behind. */
void value_utf8_mend(char *text);

/* ---- building. All return the new node (owned by the arena) or NULL when memory is out; every builder accepts NULL parents
 * and returns NULL then, so that a report is checked once, at its end. Strings are copied. ---- */

struct value *value_new_map(struct arena *arena);
struct value *value_new_array(struct arena *arena);
struct value *value_set(struct arena *arena, struct value *map, const char *key);	/* adds a nil member to fill in */
struct value *value_add(struct arena *arena, struct value *array);			/* appends a nil item to fill in */
void value_set_u64(struct arena *arena, struct value *map, const char *key, uint64_t number);
void value_set_double(struct arena *arena, struct value *map, const char *key, double number);	/* finite */
void value_set_bool(struct arena *arena, struct value *map, const char *key, bool boolean);
void value_set_string(struct arena *arena, struct value *map, const char *key, const char *text);
void value_set_binary(struct arena *arena, struct value *map, const char *key, const void *bytes, uint32_t count);
struct value *value_set_map(struct arena *arena, struct value *map, const char *key);
struct value *value_set_array(struct arena *arena, struct value *map, const char *key);
struct value *value_add_map(struct arena *arena, struct value *array);
void value_add_string(struct arena *arena, struct value *array, const char *text);

/* ---- writing ---- */

int value_write_json(const struct value *value, FILE *out);	/* one line, no newline; 0 or -1 */
/* Appends one MessagePack value to a buffer grown with realloc. 0, or -1 when memory is out. */
struct byte_buffer { uint8_t *bytes; size_t length, capacity; };
int value_write_msgpack(const struct value *value, struct byte_buffer *out);

#endif
