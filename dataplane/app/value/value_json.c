/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Strict JSON (RFC 8259), errors by line and column. Written out rather than taken from a tokenizer, because those accept
 * missing commas, stray text between tokens and malformed numbers, and leave escapes and UTF-8 to the caller anyway.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

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
	unsigned int line = 1, column = 1;
	char text[160];
	va_list args;

	for (const char *p = reader->start; p < reader->at; p++) {
		if (*p == '\n') {
			line++;
			column = 1;
		} else if (((uint8_t)*p & 0xc0) != 0x80) {	/* characters, not bytes */
			column++;
		}
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(reader->error, reader->error_size, "line %u, column %u: %s", line, column, text);
	return false;
}

static bool
refuse_here(struct reader *reader, const char *wanted)
{
	if (reader->at >= reader->end)
		return refuse(reader, "the text ends where %s is expected", wanted);
	if ((uint8_t)*reader->at < 0x20 || (uint8_t)*reader->at >= 0x7f)
		return refuse(reader, "%s is expected instead of byte 0x%02x", wanted, (uint8_t)*reader->at);
	return refuse(reader, "%s is expected instead of '%c'", wanted, *reader->at);
}

static void
skip_space(struct reader *reader)
{
	while (reader->at < reader->end && memchr(" \t\r\n", *reader->at, 4) != NULL)
		reader->at++;
}

static bool
take(struct reader *reader, char wanted)
{
	if (reader->at >= reader->end || *reader->at != wanted)
		return false;
	reader->at++;
	return true;
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool
read_hex4(struct reader *reader, uint32_t *code)
{
	*code = 0;
	for (int i = 0; i < 4; i++) {
		int digit = reader->at < reader->end ? hex_digit(*reader->at) : -1;

		if (digit < 0)
			return refuse_here(reader, "a hexadecimal digit");
		*code = *code << 4 | (uint32_t)digit;
		reader->at++;
	}
	return true;
}

static char *
put_utf8(char *to, uint32_t code)
{
	if (code < 0x80) {
		*to++ = (char)code;
	} else if (code < 0x800) {
		*to++ = (char)(0xc0 | code >> 6);
		*to++ = (char)(0x80 | (code & 0x3f));
	} else if (code < 0x10000) {
		*to++ = (char)(0xe0 | code >> 12);
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
		*to++ = (char)(0x80 | (code & 0x3f));
	} else {
		*to++ = (char)(0xf0 | code >> 18);
		*to++ = (char)(0x80 | (code >> 12 & 0x3f));
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
		*to++ = (char)(0x80 | (code & 0x3f));
	}
	return to;
}

/* Behind a backslash. An escape is never shorter than the UTF-8 it stands for. */
static bool
read_escape(struct reader *reader, char **to)
{
	static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	const char *known = reader->at < reader->end && *reader->at != '\0' ? strchr(names, *reader->at) : NULL;
	uint32_t code, low;

	if (known != NULL) {
		*(*to)++ = meanings[known - names];
		reader->at++;
		return true;
	}
	if (!take(reader, 'u'))
		return refuse_here(reader, "an escape (one of \" \\ / b f n r t u)");
	if (!read_hex4(reader, &code))
		return false;
	if (code >= 0xd800 && code <= 0xdbff) {
		if (!take(reader, '\\') || !take(reader, 'u'))
			return refuse(reader, "the second half of a surrogate pair is missing");
		if (!read_hex4(reader, &low))
			return false;
		if (low < 0xdc00 || low > 0xdfff)
			return refuse(reader, "the second half of a surrogate pair is wrong");
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	} else if (code >= 0xdc00 && code <= 0xdfff) {
		return refuse(reader, "half a surrogate pair");
	}
	*to = put_utf8(*to, code);
	return true;
}

/* Behind the opening quote. */
static bool
read_string(struct reader *reader, const char **string, uint32_t *count)
{
	const char *closing = reader->at, *start = reader->at;
	char *text, *to;

	while (closing < reader->end && *closing != '"')
		closing += *closing == '\\' ? 2 : 1;
	if (closing >= reader->end) {
		reader->at = reader->end;
		return refuse_here(reader, "the closing quote of a string");
	}
	text = to = arena_alloc(reader->arena, (size_t)(closing - start) + 1);
	if (text == NULL)
		return refuse(reader, "the text needs too much memory");
	while (*reader->at != '"') {
		if ((uint8_t)*reader->at < 0x20)
			return refuse_here(reader, "a character or escape (control characters are written \\uXXXX)");
		if (take(reader, '\\')) {
			if (!read_escape(reader, &to))
				return false;
		} else {
			*to++ = *reader->at++;
		}
	}
	if (!value_utf8_is_valid(text, (size_t)(to - text))) {
		reader->at = start;
		return refuse(reader, "a string is not valid UTF-8");
	}
	reader->at++;
	*string = text;
	*count = (uint32_t)(to - text);
	return true;
}

static size_t
skip_digits(struct reader *reader)
{
	const char *start = reader->at;

	while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9')
		reader->at++;
	return (size_t)(reader->at - start);
}

static bool
read_number(struct reader *reader, struct value *node)
{
	const char *start = reader->at;
	bool whole = true, negative = take(reader, '-');
	char text[128];
	size_t length;
	uint64_t number;

	if (!take(reader, '0') && skip_digits(reader) == 0)
		return refuse_here(reader, "a digit");
	if (take(reader, '.')) {
		whole = false;
		if (skip_digits(reader) == 0)
			return refuse_here(reader, "a digit");
	}
	if (take(reader, 'e') || take(reader, 'E')) {
		whole = false;
		if (!take(reader, '+'))
			take(reader, '-');
		if (skip_digits(reader) == 0)
			return refuse_here(reader, "a digit");
	}
	length = (size_t)(reader->at - start);
	if (length >= sizeof(text))
		return refuse(reader, "a number has more than %u characters", (unsigned int)sizeof(text) - 1);
	memcpy(text, start, length);
	text[length] = '\0';
	errno = 0;
	number = whole ? strtoull(negative ? text + 1 : text, NULL, 10) : 0;
	if (whole && errno == 0 && !negative)
		return value_fill_u64(node, number);
	if (whole && errno == 0 && number <= (uint64_t)INT64_MAX) {
		node->type = VALUE_INT;
		node->integer = -(int64_t)number;
		return true;
	}
	if (!value_fill_double(node, strtod(text, NULL)))
		return refuse(reader, "a number is too large");
	return true;
}

static bool read_value(struct reader *reader, struct value *node, unsigned int depth);

/* Behind the opening brace. */
static bool
read_map(struct reader *reader, struct value *node, unsigned int depth)
{
	node->type = VALUE_MAP;
	skip_space(reader);
	if (take(reader, '}'))
		return true;
	for (;;) {
		const char *key_start = reader->at, *key;
		struct value *member;
		uint32_t length;

		if (!take(reader, '"'))
			return refuse_here(reader, "a key in quotes");
		if (!read_string(reader, &key, &length))
			return false;
		if (memchr(key, 0, length) != NULL || value_get(node, key) != NULL || node->count >= VALUE_MAX_MEMBERS) {
			reader->at = key_start;
			return memchr(key, 0, length) != NULL ? refuse(reader, "a key holds a zero byte") :
				node->count >= VALUE_MAX_MEMBERS ? refuse(reader, "more than %u keys", VALUE_MAX_MEMBERS) :
				refuse(reader, "the key \"%.60s\" is there twice", key);
		}
		member = value_set_text_key(reader->arena, node, key);
		if (member == NULL)
			return refuse(reader, "the text needs too much memory");
		skip_space(reader);
		if (!take(reader, ':'))
			return refuse_here(reader, "':'");
		if (!read_value(reader, member, depth))
			return false;
		skip_space(reader);
		if (take(reader, '}'))
			return true;
		if (!take(reader, ','))
			return refuse_here(reader, "',' or '}'");
		skip_space(reader);
	}
}

/* Behind the opening bracket. */
static bool
read_array(struct reader *reader, struct value *node, unsigned int depth)
{
	node->type = VALUE_ARRAY;
	skip_space(reader);
	if (take(reader, ']'))
		return true;
	for (;;) {
		struct value *item = value_add(reader->arena, node);

		if (item == NULL)
			return refuse(reader, "the text needs too much memory");
		if (!read_value(reader, item, depth))
			return false;
		skip_space(reader);
		if (take(reader, ']'))
			return true;
		if (!take(reader, ','))
			return refuse_here(reader, "',' or ']'");
	}
}

static bool
read_word(struct reader *reader, struct value *node)
{
	static const struct { const char *word; struct value value; } words[] = {
		{ "null", { .type = VALUE_NIL } },
		{ "true", { .type = VALUE_BOOL, .boolean = true } },
		{ "false", { .type = VALUE_BOOL, .boolean = false } },
	};

	for (size_t i = 0; i < RTE_DIM(words); i++) {
		size_t length = strlen(words[i].word);

		if ((size_t)(reader->end - reader->at) >= length && memcmp(reader->at, words[i].word, length) == 0) {
			*node = words[i].value;
			reader->at += length;
			return true;
		}
	}
	return refuse_here(reader, "a value");
}

static bool
read_value(struct reader *reader, struct value *node, unsigned int depth)
{
	skip_space(reader);
	if (reader->at >= reader->end)
		return refuse_here(reader, "a value");
	if (*reader->at == '-' || (*reader->at >= '0' && *reader->at <= '9'))
		return read_number(reader, node);
	if ((*reader->at == '{' || *reader->at == '[') && depth >= WDPDK_FRAME_MAX_DEPTH)
		return refuse(reader, "values are nested deeper than %u", WDPDK_FRAME_MAX_DEPTH);
	if (take(reader, '"')) {
		node->type = VALUE_STRING;
		return read_string(reader, &node->string, &node->count);
	}
	if (take(reader, '{'))
		return read_map(reader, node, depth + 1);
	if (take(reader, '['))
		return read_array(reader, node, depth + 1);
	return read_word(reader, node);
}

struct value *
value_from_json(struct arena *arena, const char *text, size_t length, char *error, size_t error_size)
{
	struct reader reader = {
		.arena = arena, .start = text, .at = text, .end = text + length, .error = error, .error_size = error_size,
	};
	struct value *root = arena_alloc(arena, sizeof(*root));

	if (root == NULL) {
		refuse(&reader, "the text needs too much memory");
		return NULL;
	}
	if (!read_value(&reader, root, 0))
		return NULL;
	skip_space(&reader);
	if (reader.at != reader.end) {
		refuse_here(&reader, "the end of the text");
		return NULL;
	}
	return root;
}

static void
write_string(const char *text, uint32_t count, FILE *out)
{
	fputc('"', out);
	for (uint32_t i = 0; i < count; i++) {
		uint8_t c = (uint8_t)text[i];

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\u%04x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

/* The shortest of the two forms that reads back as the same number. */
static void
write_double(double number, FILE *out)
{
	char text[40];

	snprintf(text, sizeof(text), "%.15g", number);
	if (strtod(text, NULL) != number)
		snprintf(text, sizeof(text), "%.17g", number);
	fputs(text, out);
}

static void
write_value(const struct value *value, FILE *out)
{
	switch (value->type) {
	case VALUE_NIL: fputs("null", out); break;
	case VALUE_BOOL: fputs(value->boolean ? "true" : "false", out); break;
	case VALUE_INT: fprintf(out, "%lld", (long long)value->integer); break;
	case VALUE_UINT: fprintf(out, "%llu", (unsigned long long)value->uinteger); break;
	case VALUE_DOUBLE: write_double(value->real, out); break;
	case VALUE_STRING: write_string(value->string, value->count, out); break;
	case VALUE_BINARY:	/* JSON has no bytes: hexadecimal */
		fputc('"', out);
		for (uint32_t i = 0; i < value->count; i++)
			fprintf(out, "%02x", value->binary[i]);
		fputc('"', out);
		break;
	case VALUE_ARRAY:
		fputc('[', out);
		for (uint32_t i = 0; i < value->count; i++) {
			if (i > 0)
				fputc(',', out);
			write_value(value->items[i], out);
		}
		fputc(']', out);
		break;
	case VALUE_MAP:
		fputc('{', out);
		for (uint32_t i = 0; i < value->count; i++) {
			const char *key = value->members[i].key;

			if (i > 0)
				fputc(',', out);
			write_string(key, (uint32_t)strlen(key), out);
			fputc(':', out);
			write_value(value->members[i].value, out);
		}
		fputc('}', out);
		break;
	}
}

int
value_write_json(const struct value *value, FILE *out)
{
	if (value == NULL)
		return -1;
	write_value(value, out);
	return ferror(out) ? -1 : 0;
}
