/* SPDX-License-Identifier: BSD-3-Clause
 *
 * MessagePack by msgpuck, one value at a time: each is measured against the bytes that are left before it is decoded.
 * (mp_check of a whole message adds up counts in an int, which a map32 of 2^31 members overflows.)
 */
#define MP_SOURCE 1
#include <msgpuck.h>

#include <stdarg.h>
#include <stdlib.h>

#include "value_decode.h"
#include "wdpdk_protocol.h"

struct reader {
	struct arena *arena;
	const char *start, *at, *end;
	char *error;
	size_t error_size;
};

__attribute__((format(printf, 2, 3)))
static bool
refuse(struct reader *reader, const char *format, ...)
{
	char text[160];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(reader->error, reader->error_size, "byte %td: %s", reader->at - reader->start, text);
	return false;
}

static bool
refuse_short(struct reader *reader)
{
	return refuse(reader, "the message ends inside a value");
}

static bool
refuse_memory(struct reader *reader)
{
	return refuse(reader, "the message needs too much memory");
}

/* Takes the text or bytes of a string or binary whose type is already known to fit. */
static bool
read_bytes(struct reader *reader, bool is_text, const char **bytes, uint32_t *count)
{
	const char *next = reader->at;
	uint32_t length;

	/* mp_check_binl asserts that a byte follows the type. */
	if ((!is_text && reader->end - reader->at < 2) ||
		(is_text ? mp_check_strl(reader->at, reader->end) : mp_check_binl(reader->at, reader->end)) > 0)
		return refuse_short(reader);
	length = is_text ? mp_decode_strl(&next) : mp_decode_binl(&next);
	if (length > (size_t)(reader->end - next))
		return refuse_short(reader);
	if (is_text && !value_utf8_is_valid(next, length))
		return refuse(reader, "a string is not valid UTF-8");
	*bytes = value_copy_text(reader->arena, next, length);
	*count = length;
	if (*bytes == NULL)
		return refuse_memory(reader);
	reader->at = next + length;
	return true;
}

static bool read_value(struct reader *reader, struct value *node, unsigned int depth);

static bool
read_array(struct reader *reader, struct value *node, unsigned int depth)
{
	const char *next = reader->at;
	uint32_t count;

	if (mp_check_array(reader->at, reader->end) > 0)
		return refuse_short(reader);
	count = mp_decode_array(&next);
	if (count > (size_t)(reader->end - next))	/* an item has at least one byte */
		return refuse_short(reader);
	if (!value_make_array(reader->arena, node, count))
		return refuse_memory(reader);
	reader->at = next;
	for (uint32_t i = 0; i < count; i++)
		if (!read_value(reader, node->items[i], depth))
			return false;
	return true;
}

static bool
read_map(struct reader *reader, struct value *node, unsigned int depth)
{
	const char *next = reader->at;
	uint32_t count;

	if (mp_check_map(reader->at, reader->end) > 0)
		return refuse_short(reader);
	count = mp_decode_map(&next);
	if (count > (size_t)(reader->end - next) / 2)
		return refuse_short(reader);
	if (count > VALUE_MAX_MEMBERS)
		return refuse(reader, "a map has %u members; at most %u are allowed", count, VALUE_MAX_MEMBERS);
	reader->at = next;
	node->type = VALUE_MAP;
	for (uint32_t i = 0; i < count; i++) {
		const char *key;
		uint32_t length;
		struct value *member;

		if (reader->at >= reader->end)
			return refuse_short(reader);
		if (mp_typeof(*reader->at) != MP_STR)
			return refuse(reader, "a map key is not a string");
		if (!read_bytes(reader, true, &key, &length))
			return false;
		if (memchr(key, 0, length) != NULL)
			return refuse(reader, "a map key holds a zero byte");
		if (value_get(node, key) != NULL)
			return refuse(reader, "a map names the key \"%.60s\" twice", key);
		member = value_set_text_key(reader->arena, node, key);
		if (member == NULL)
			return refuse_memory(reader);
		if (!read_value(reader, member, depth))
			return false;
	}
	return true;
}

static bool
read_number(struct reader *reader, struct value *node, enum mp_type type)
{
	const char *at = reader->at, *end = reader->end;
	ptrdiff_t missing = type == MP_UINT ? mp_check_uint(at, end) : type == MP_INT ? mp_check_int(at, end) :
		type == MP_FLOAT ? mp_check_float(at, end) : mp_check_double(at, end);

	if (missing > 0)
		return refuse_short(reader);
	if (type == MP_UINT) {
		value_fill_u64(node, mp_decode_uint(&at));
	} else if (type == MP_INT) {
		node->type = VALUE_INT;
		node->integer = mp_decode_int(&at);
	} else if (!value_fill_double(node, type == MP_FLOAT ? (double)mp_decode_float(&at) : mp_decode_double(&at))) {
		return refuse(reader, "a number is not finite");
	}
	reader->at = at;
	return true;
}

static bool
read_value(struct reader *reader, struct value *node, unsigned int depth)
{
	enum mp_type type;

	if (reader->at >= reader->end)
		return refuse_short(reader);
	type = mp_typeof(*reader->at);
	switch (type) {
	case MP_NIL:
		mp_decode_nil(&reader->at);
		return true;
	case MP_BOOL:
		node->type = VALUE_BOOL;
		node->boolean = mp_decode_bool(&reader->at);
		return true;
	case MP_UINT:
	case MP_INT:
	case MP_FLOAT:
	case MP_DOUBLE:
		return read_number(reader, node, type);
	case MP_STR:
		node->type = VALUE_STRING;
		return read_bytes(reader, true, &node->string, &node->count);
	case MP_BIN:
		node->type = VALUE_BINARY;
		return read_bytes(reader, false, &node->string, &node->count);
	case MP_ARRAY:
	case MP_MAP:
		if (depth >= WDPDK_FRAME_MAX_DEPTH)
			return refuse(reader, "values are nested deeper than %u", WDPDK_FRAME_MAX_DEPTH);
		return type == MP_ARRAY ? read_array(reader, node, depth + 1) : read_map(reader, node, depth + 1);
	default:
		return refuse(reader, "type byte 0x%02x is not allowed", (uint8_t)*reader->at);
	}
}

struct value *
value_from_msgpack(struct arena *arena, const uint8_t *bytes, size_t length, char *error, size_t error_size)
{
	const char *start = (const char *)bytes;
	struct reader reader = {
		.arena = arena, .start = start, .at = start, .end = start + length, .error = error, .error_size = error_size,
	};
	struct value *root = arena_alloc(arena, sizeof(*root));

	if (root == NULL) {
		refuse_memory(&reader);
		return NULL;
	}
	if (!read_value(&reader, root, 0))
		return NULL;
	if (reader.at != reader.end) {
		refuse(&reader, "bytes follow the value");
		return NULL;
	}
	return root;
}

static bool
reserve(struct byte_buffer *out, size_t more)
{
	size_t capacity = out->capacity == 0 ? 256 : out->capacity;
	uint8_t *bytes;

	if (more > SIZE_MAX / 4 - out->length)
		return false;
	while (capacity - out->length < more)
		capacity *= 2;
	if (capacity == out->capacity)
		return true;
	bytes = realloc(out->bytes, capacity);
	if (bytes == NULL)
		return false;
	out->bytes = bytes;
	out->capacity = capacity;
	return true;
}

static int
write_items(const struct value *array, struct byte_buffer *out)
{
	for (uint32_t i = 0; i < array->count; i++)
		if (value_write_msgpack(array->items[i], out) != 0)
			return -1;
	return 0;
}

static int
write_members(const struct value *map, struct byte_buffer *out)
{
	for (uint32_t i = 0; i < map->count; i++) {
		const char *key = map->members[i].key;
		uint32_t length = (uint32_t)strlen(key);
		char *start;

		if (!reserve(out, 5 + (size_t)length))
			return -1;
		start = (char *)out->bytes + out->length;
		out->length += (size_t)(mp_encode_str(start, key, length) - start);
		if (value_write_msgpack(map->members[i].value, out) != 0)
			return -1;
	}
	return 0;
}

int
value_write_msgpack(const struct value *value, struct byte_buffer *out)
{
	bool has_bytes = value_is(value, VALUE_STRING) || value_is(value, VALUE_BINARY);
	char *start, *end;

	if (value == NULL || !reserve(out, 9 + (has_bytes ? (size_t)value->count : 0)))	/* 9: the longest head */
		return -1;
	start = end = (char *)out->bytes + out->length;
	switch (value->type) {
	case VALUE_NIL: end = mp_encode_nil(start); break;
	case VALUE_BOOL: end = mp_encode_bool(start, value->boolean); break;
	case VALUE_INT:
		end = value->integer < 0 ? mp_encode_int(start, value->integer) : mp_encode_uint(start, (uint64_t)value->integer);
		break;
	case VALUE_UINT: end = mp_encode_uint(start, value->uinteger); break;
	case VALUE_DOUBLE: end = mp_encode_double(start, value->real); break;
	case VALUE_STRING: end = mp_encode_str(start, value->string, value->count); break;
	case VALUE_BINARY: end = mp_encode_bin(start, (const char *)value->binary, value->count); break;
	case VALUE_ARRAY: end = mp_encode_array(start, value->count); break;
	case VALUE_MAP: end = mp_encode_map(start, value->count); break;
	}
	out->length += (size_t)(end - start);
	if (value->type == VALUE_ARRAY)
		return write_items(value, out);
	return value->type == VALUE_MAP ? write_members(value, out) : 0;
}
