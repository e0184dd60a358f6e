/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Both encodings. MessagePack bytes are written by hand from the format's specification, here and in shm-protocol/vectors.
 */
#include <stdlib.h>

#include "value.h"

#include "check.h"
#include "vector.h"

#define BYTES(...) (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })

static char error[256];

static struct value *
unpack(struct arena *arena, const uint8_t *bytes, size_t length)
{
	/* A copy of exactly this size lets the address sanitizer see a read behind it. */
	uint8_t *copy = malloc(length + 1);
	struct value *value;

	error[0] = '\0';
	memcpy(copy, bytes, length);
	copy = realloc(copy, length == 0 ? 1 : length);
	value = value_from_msgpack(arena, copy, length, error, sizeof(error));
	free(copy);
	return value;
}

static struct value *
parse(struct arena *arena, const char *text)
{
	error[0] = '\0';
	return value_from_json(arena, text, strlen(text), error, sizeof(error));
}

static void
check_pack(const struct value *value, const uint8_t *bytes, size_t length)
{
	struct byte_buffer out = { 0 };

	CHECK_EQ(value_write_msgpack(value, &out), 0);
	CHECK_EQ(out.length, length);
	CHECK_MEM(out.bytes, bytes, length);
	free(out.bytes);
}

static void
msgpack_reads_every_kind(void)
{
	struct arena *arena = arena_create(1 << 20);
	/* {"a": [nil, true, -1, 200, 18446744073709551615, 1.5, "hé", bin 00 ff], "b": {}} */
	struct value *root = unpack(arena, BYTES(0x82, 0xa1, 'a', 0x98, 0xc0, 0xc3, 0xff, 0xcc, 0xc8,
		0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0,
		0xa3, 'h', 0xc3, 0xa9, 0xc4, 0x02, 0x00, 0xff, 0xa1, 'b', 0x80));
	const struct value *list = value_get(root, "a");
	uint64_t number;

	CHECK(value_is(list, VALUE_ARRAY));
	CHECK_EQ(list->count, 8);
	CHECK(value_is(list->items[0], VALUE_NIL));
	CHECK(value_is(list->items[1], VALUE_BOOL) && list->items[1]->boolean);
	CHECK(value_is(list->items[2], VALUE_INT));
	CHECK_EQ(list->items[2]->integer, -1);
	CHECK(!value_u64(list->items[2], &number));
	CHECK(value_u64(list->items[3], &number) && number == 200);
	CHECK(value_is(list->items[4], VALUE_UINT) && value_u64(list->items[4], &number) && number == UINT64_MAX);
	CHECK(value_is(list->items[5], VALUE_DOUBLE) && list->items[5]->real == 1.5);
	CHECK_STR(list->items[6]->string, "h\xc3\xa9");
	CHECK(value_is(list->items[7], VALUE_BINARY) && list->items[7]->count == 2 && list->items[7]->binary[1] == 0xff);
	CHECK(value_is(value_get(root, "b"), VALUE_MAP));
	CHECK(value_get(root, "c") == NULL);
	arena_destroy(arena);
}

static void
msgpack_takes_whole_doubles_as_whole_numbers(void)
{
	struct arena *arena = arena_create(1 << 16);
	const struct value *value = unpack(arena, BYTES(0xcb, 0x40, 0x59, 0, 0, 0, 0, 0, 0));	/* 100.0 */

	CHECK(value_is(value, VALUE_INT) && value->integer == 100);
	value = unpack(arena, BYTES(0xca, 0xc0, 0x00, 0, 0));					/* -2.0f */
	CHECK(value_is(value, VALUE_INT) && value->integer == -2);
	value = unpack(arena, BYTES(0xcb, 0x43, 0xef, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff));	/* 2^64 - 2048 */
	CHECK(value_is(value, VALUE_UINT) && value->uinteger == UINT64_MAX - 2047);
	value = unpack(arena, BYTES(0xcb, 0x43, 0xf0, 0, 0, 0, 0, 0, 0));			/* 2^64 */
	CHECK(value_is(value, VALUE_DOUBLE));
	value = unpack(arena, BYTES(0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0));				/* int64 min */
	CHECK(value_is(value, VALUE_INT) && value->integer == INT64_MIN);
	value = unpack(arena, BYTES(0xd0, 0x05));						/* a signed form of 5 */
	CHECK(value_is(value, VALUE_INT) && value->integer == 5);
	arena_destroy(arena);
}

static void
refused_msgpack(const char *wanted, const uint8_t *bytes, size_t length)
{
	struct arena *arena = arena_create(1 << 20);

	CHECK(unpack(arena, bytes, length) == NULL);
	if (strstr(error, wanted) == NULL)
		printf("    the error is \"%s\"\n", error);
	CHECK(strstr(error, wanted) != NULL);
	arena_destroy(arena);
}

static void
msgpack_refuses_hostile_input(void)
{
	uint8_t deep[18];

	refused_msgpack("ends", BYTES(0xc4));
	refused_msgpack("ends", (const uint8_t *)"", 0);
	refused_msgpack("ends", BYTES(0xdb, 0xff, 0xff, 0xff, 0xff, 'x'));			/* str32 of 4 GiB */
	refused_msgpack("ends", BYTES(0xdd, 0xff, 0xff, 0xff, 0xff));			/* array32 */
	refused_msgpack("ends", BYTES(0xdf, 0x80, 0, 0, 0));				/* map32 of 2^31: 2n is 0 in 32 bits */
	refused_msgpack("ends", BYTES(0xcd, 0x01));
	refused_msgpack("ends", BYTES(0x92, 0x01));
	refused_msgpack("ends", BYTES(0x81, 0xa1, 'a'));
	refused_msgpack("0xc1", BYTES(0xc1));
	refused_msgpack("0xd4", BYTES(0xd4, 0x01, 0x00));				/* fixext 1 */
	refused_msgpack("0xc7", BYTES(0xc7, 0x00, 0x01));				/* ext 8 */
	refused_msgpack("not a string", BYTES(0x81, 0x01, 0x01));
	refused_msgpack("not a string", BYTES(0x81, 0xc4, 0x01, 'a', 0x01));
	refused_msgpack("twice", BYTES(0x82, 0xa1, 'a', 0x01, 0xa1, 'a', 0x02));
	refused_msgpack("zero byte", BYTES(0x81, 0xa1, 0x00, 0x01));
	refused_msgpack("follow", BYTES(0x01, 0x01));
	refused_msgpack("finite", BYTES(0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0));
	refused_msgpack("finite", BYTES(0xca, 0x7f, 0x80, 0, 0));
	refused_msgpack("UTF-8", BYTES(0xa1, 0x80));
	refused_msgpack("UTF-8", BYTES(0xa2, 0xc0, 0x80));				/* overlong */
	refused_msgpack("UTF-8", BYTES(0xa3, 0xed, 0xa0, 0x80));			/* surrogate */
	refused_msgpack("UTF-8", BYTES(0xa4, 0xf4, 0x90, 0x80, 0x80));			/* above U+10FFFF */
	refused_msgpack("UTF-8", BYTES(0x81, 0xa1, 0xff, 0x01));			/* in a key */
	memset(deep, 0x91, sizeof(deep));
	deep[17] = 0xc0;
	refused_msgpack("deeper", deep, sizeof(deep));
	{
		struct arena *arena = arena_create(1 << 16);

		CHECK(unpack(arena, deep + 1, 17) != NULL);	/* 16 levels are allowed */
		arena_destroy(arena);
	}
}

static void
msgpack_bounds_memory_and_members(void)
{
	struct arena *arena = arena_create(4096);
	uint8_t many[4 + 1000], *wide = malloc(3 + 257 * 4);

	many[0] = 0xdc, many[1] = 1000 >> 8, many[2] = 1000 & 0xff;
	memset(many + 3, 0xc0, 1000);
	CHECK(unpack(arena, many, 1003) == NULL);
	CHECK(strstr(error, "memory") != NULL);
	arena_destroy(arena);

	arena = arena_create(1 << 20);
	wide[0] = 0xde, wide[1] = 257 >> 8, wide[2] = 257 & 0xff;
	for (int i = 0; i < 257; i++) {
		uint8_t *member = wide + 3 + i * 4;

		member[0] = 0xa2, member[1] = (uint8_t)('a' + i / 26), member[2] = (uint8_t)('a' + i % 26), member[3] = 0xc0;
	}
	CHECK(unpack(arena, wide, 3 + 257 * 4) == NULL);
	CHECK(strstr(error, "members") != NULL);
	wide[1] = 256 >> 8, wide[2] = 256 & 0xff;
	CHECK(unpack(arena, wide, 3 + 256 * 4) != NULL);
	free(wide);
	arena_destroy(arena);
}

static void
msgpack_writes_the_shortest_form(void)
{
	struct arena *arena = arena_create(1 << 20);
	struct value *map = value_new_map(arena), *list;

	value_set_u64(arena, map, "n", 127);
	value_set_u64(arena, map, "m", UINT64_C(1) << 32);
	value_set_bool(arena, map, "t", false);
	value_set_binary(arena, map, "k", "\x01\x02", 2);
	list = value_set_array(arena, map, "l");
	value_add_string(arena, list, "hi");
	value_add_map(arena, list);
	value_add(arena, list);
	check_pack(map, BYTES(0x85, 0xa1, 'n', 0x7f, 0xa1, 'm', 0xcf, 0, 0, 0, 1, 0, 0, 0, 0, 0xa1, 't', 0xc2,
		0xa1, 'k', 0xc4, 2, 1, 2, 0xa1, 'l', 0x93, 0xa2, 'h', 'i', 0x80, 0xc0));
	CHECK(value_write_msgpack(NULL, &(struct byte_buffer){ 0 }) != 0);
	arena_destroy(arena);
}

static void
json_reads_every_kind(void)
{
	struct arena *arena = arena_create(1 << 20);
	const struct value *root = parse(arena, " { \"a\" : [ null , true,false, -5, 18446744073709551615, 1e2, 0.5, "
		"\"\\u00e9\\ud83d\\ude00\\n\\\"\" ] , \"b\":{},\"c\":[] }\r\n"), *list = value_get(root, "a");

	CHECK_STR(error, "");
	CHECK_EQ(list->count, 8);
	CHECK_EQ(list->items[3]->integer, -5);
	CHECK(value_is(list->items[4], VALUE_UINT));
	CHECK_EQ(list->items[5]->integer, 100);
	CHECK(value_is(list->items[6], VALUE_DOUBLE));
	CHECK_STR(list->items[7]->string, "\xc3\xa9\xf0\x9f\x98\x80\n\"");
	CHECK_EQ(list->items[7]->count, 8);
	arena_destroy(arena);
}

static void
refused_json(const char *text, const char *wanted)
{
	struct arena *arena = arena_create(1 << 16);

	CHECK(parse(arena, text) == NULL);
	if (strstr(error, wanted) == NULL)
		printf("    %s gives \"%s\"\n", text, error);
	CHECK(strstr(error, wanted) != NULL);
	arena_destroy(arena);
}

static void
json_is_strict_and_names_the_place(void)
{
	refused_json("", "line 1, column 1: the text ends where a value is expected");
	refused_json("{\n  \"a\": nope\n}", "line 2, column 8: a value is expected instead of 'n'");
	refused_json("[1 2]", "line 1, column 4");
	refused_json("[1,]", "column 4");
	refused_json("{\"a\":1,}", "a key in quotes");
	refused_json("{\"a\" 1}", "':'");
	refused_json("{a:1}", "a key in quotes");
	refused_json("[01]", "',' or ']'");
	refused_json("[1.]", "a digit");
	refused_json("[.5]", "a value");
	refused_json("[+1]", "a value");
	refused_json("[1e]", "a digit");
	refused_json("[1e999]", "too large");
	refused_json("[NaN]", "a value");
	refused_json("\"abc", "closing quote");
	refused_json("\"a\\\"", "closing quote");
	refused_json("\"\\x\"", "an escape");
	refused_json("\"\\u12g4\"", "hexadecimal");
	refused_json("\"\\ud800\"", "surrogate");
	refused_json("\"\\udc00\"", "surrogate");
	refused_json("\"\\ud800\\u0041\"", "surrogate");
	refused_json("\"\t\"", "control characters");
	refused_json("\"\xff\"", "UTF-8");
	refused_json("1 1", "the end of the text");
	refused_json("{\"a\":1,\"a\":2}", "column 8: the key \"a\" is there twice");
	refused_json("[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", "deeper");
	refused_json("/* */ 1", "a value");
}

static void
json_writes_what_it_reads(void)
{
	static const char text[] = "{\"a\":[null,true,-5,18446744073709551615,0.5,\"\\\"\\\\\\u0001\xc3\xa9\"],\"b\":{}}";
	struct arena *arena = arena_create(1 << 20);
	char back[256] = "";
	FILE *file = tmpfile();

	CHECK(file != NULL);
	CHECK_EQ(value_write_json(parse(arena, text), file), 0);
	rewind(file);
	CHECK_EQ(fread(back, 1, sizeof(back) - 1, file), strlen(text));
	CHECK_STR(back, text);
	CHECK_EQ(value_write_json(NULL, file), -1);
	fclose(file);
	arena_destroy(arena);
}

static void
nodes_stay_where_they_are(void)
{
	struct arena *arena = arena_create(1 << 20);
	struct value *list = value_new_array(arena), *first = value_add_map(arena, list);

	for (int i = 0; i < 100; i++)
		value_add(arena, list);
	value_set_u64(arena, first, "late", 7);
	CHECK(list->items[0] == first);
	CHECK(value_get(list->items[0], "late") != NULL);
	CHECK_EQ(list->count, 101);
	arena_destroy(arena);
}

/* The frame says what its comment says, and said again it is the same bytes. */
static const struct value *
golden_frame(struct arena *arena, const char *name)
{
	size_t length = load_vector(name);
	struct byte_buffer out = { 0 };
	const struct value *frame;
	uint32_t said;

	CHECK(length > 4);
	memcpy(&said, vector, sizeof(said));
	CHECK_EQ(said, length - 4);
	frame = unpack(arena, vector + 4, length - 4);
	if (frame == NULL)
		printf("    %s: %s\n", name, error);
	CHECK(value_is(frame, VALUE_ARRAY));
	CHECK_EQ(value_write_msgpack(frame, &out), 0);
	CHECK_EQ(out.length, length - 4);
	CHECK_MEM(out.bytes, vector + 4, out.length);
	free(out.bytes);
	return frame;
}

static void
golden_frames(void)
{
	struct arena *arena = arena_create(65536);
	const struct value *frame = golden_frame(arena, "frame-hello.hex"), *map, *inner;
	uint64_t number;

	CHECK_EQ(frame->count, 4);
	CHECK(value_u64(frame->items[0], &number) && number == 0);
	CHECK(value_string_is(frame->items[2], "hello"));
	map = frame->items[3];
	CHECK_EQ(map->count, 6);
	CHECK(value_u64(value_get(map, "pid"), &number) && number == 4711);
	CHECK_EQ(value_get(map, "want")->count, 2);
	CHECK(value_string_is(value_get(map, "want")->items[1], "receive"));

	frame = golden_frame(arena, "frame-response.hex");
	CHECK(value_is(frame->items[2], VALUE_NIL));
	inner = value_get(frame->items[3], "segment");
	CHECK(value_u64(value_get(inner, "generation"), &number) && number == UINT64_C(0x8000000000000001));
	CHECK(value_is(value_get(inner, "ticket"), VALUE_BINARY));
	CHECK_EQ(value_get(inner, "ticket")->count, 16);
	CHECK_EQ(value_get(inner, "ticket")->binary[15], 15);

	frame = golden_frame(arena, "frame-error.hex");
	CHECK(value_string_is(value_get(frame->items[2], "code"), "WDPDK_E_CONFIG"));
	inner = value_get(frame->items[2], "issues")->items[0];
	CHECK(value_string_is(value_get(inner, "path"), "routes[0].via"));

	frame = golden_frame(arena, "frame-notify.hex");
	CHECK_EQ(frame->count, 3);
	CHECK(value_u64(value_get(frame->items[2], "generation"), &number) && number == 70000);

	frame = golden_frame(arena, "frame-doorbell.hex");
	CHECK_EQ(value_get(frame->items[2], "token")->binary[0], 0xf0);
	arena_destroy(arena);
}

static void
builders_accept_missing_memory(void)
{
	struct arena *arena = arena_create(64);
	struct value *map = value_new_map(arena);

	for (int i = 0; i < 10; i++)
		value_set_string(arena, map, "key", "a text that does not fit");
	CHECK(value_set(arena, map, "last") == NULL);
	CHECK(value_add_map(arena, NULL) == NULL);
	value_set_u64(NULL, NULL, "n", 1);
	arena_destroy(arena);
	arena_destroy(NULL);
}

static void
mended(const char *text, const char *expected)
{
	char copy[32];

	snprintf(copy, sizeof(copy), "%s", text);
	value_utf8_mend(copy);
	CHECK_STR(copy, expected);
}

static void
texts_are_mended(void)
{
	mended("", "");
	mended("plain", "plain");
	mended("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	mended("a\xc3", "a");			/* cut within two bytes, three, four */
	mended("a\xe2\x82", "a");
	mended("a\xf0\x9f\x98", "a");
	mended("\x82" "b\xff" "c\xc0\x80" "d", "bcd");
	mended("\xed\xa0\x80!", "!");		/* a surrogate */
}

/* Once something found no room, the arena says so, also after a smaller thing found some. */
static void
an_arena_that_ran_out_says_so(void)
{
	struct arena *arena = arena_create(64);

	CHECK(arena_ran_out(NULL));
	CHECK(arena_alloc(arena, 16) != NULL);
	CHECK(!arena_ran_out(arena));
	CHECK(arena_alloc(arena, 64) == NULL);
	CHECK(arena_alloc(arena, 16) != NULL);
	CHECK(arena_ran_out(arena));
	CHECK(arena_alloc(arena, SIZE_MAX) == NULL);
	arena_destroy(arena);
}

int
main(void)
{
	RUN(msgpack_reads_every_kind);
	RUN(msgpack_takes_whole_doubles_as_whole_numbers);
	RUN(msgpack_refuses_hostile_input);
	RUN(msgpack_bounds_memory_and_members);
	RUN(msgpack_writes_the_shortest_form);
	RUN(json_reads_every_kind);
	RUN(json_is_strict_and_names_the_place);
	RUN(json_writes_what_it_reads);
	RUN(nodes_stay_where_they_are);
	RUN(golden_frames);
	RUN(builders_accept_missing_memory);
	RUN(texts_are_mended);
	RUN(an_arena_that_ran_out_says_so);
	return check_summary();
}
