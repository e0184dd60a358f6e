/* SPDX-License-Identifier: BSD-3-Clause */
#include "schema_check.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

struct walk {
	schema_explain explain;
	struct config_issues *issues;
};

static size_t
place_text(const struct schema_place *place, char *text, size_t size)
{
	size_t length = place->parent == NULL ? 0 : place_text(place->parent, text, size);
	int more;

	if (length >= size - 1)
		return length;
	if (place->key != NULL)
		more = snprintf(text + length, size - length, "%s%.70s", length == 0 ? "" : ".", place->key);
	else if (place->parent != NULL)
		more = snprintf(text + length, size - length, "[%u]", place->index);
	else
		more = 0;
	return more <= 0 ? length : RTE_MIN(length + (size_t)more, size - 1);
}

void
schema_place_text(const struct schema_place *place, char text[SCHEMA_PATH])
{
	text[0] = '\0';
	place_text(place, text, SCHEMA_PATH);
}

void
schema_issue_add(struct config_issues *issues, const struct schema_place *place, const char *format, ...)
{
	char path[SCHEMA_PATH], message[sizeof(issues->list->message)];
	va_list args;

	if (config_issues_full(issues)) {
		issues->truncated++;
		return;
	}
	schema_place_text(place, path);
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	config_issue_add(issues, path, "%s", message);
}

bool
schema_pattern_takes(const struct schema_pattern *pattern, const char *text, size_t length)
{
	unsigned int state = 1;

	for (size_t i = 0; i < length && state != 0; i++) {
		uint8_t byte = (uint8_t)text[i];

		state = pattern->next[state * pattern->class_count + (byte < 128 ? pattern->classes[byte] : 0)];
	}
	return pattern->accepting[state];
}

/* ", not 7": what there is instead, as far as it is short. */
static const char *
shown(const struct value *value, char *text, size_t size)
{
	switch (value->type) {
	case VALUE_NIL: snprintf(text, size, ", not null"); break;
	case VALUE_BOOL: snprintf(text, size, ", not %s", value->boolean ? "true" : "false"); break;
	case VALUE_INT: snprintf(text, size, ", not %lld", (long long)value->integer); break;
	case VALUE_UINT: snprintf(text, size, ", not %llu", (unsigned long long)value->uinteger); break;
	case VALUE_DOUBLE: snprintf(text, size, ", not %.15g", value->real); break;
	case VALUE_STRING: snprintf(text, size, value->count > 40 ? ", not \"%.40s...\"" : ", not \"%.40s\"", value->string); break;
	case VALUE_BINARY: snprintf(text, size, ", not bytes"); break;
	case VALUE_ARRAY: snprintf(text, size, ", not an array"); break;
	case VALUE_MAP: snprintf(text, size, ", not a map"); break;
	}
	return text;
}

static void
refuse(struct walk *walk, const char *is, const struct value *value, const struct schema_place *place)
{
	char text[80];

	if (config_issues_full(walk->issues))
		walk->issues->truncated++;
	else
		schema_issue_add(walk->issues, place, "must be %s%s", is, shown(value, text, sizeof(text)));
}

static bool
number_of(const struct value *value, double *out)
{
	if (value->type == VALUE_INT)
		*out = (double)value->integer;
	else if (value->type == VALUE_UINT)
		*out = (double)value->uinteger;
	else if (value->type == VALUE_DOUBLE)
		*out = value->real;
	else
		return false;
	return true;
}

static bool
is_of_kind(enum schema_kind kind, const struct value *value)
{
	double number;

	switch (kind) {
	case SCHEMA_INTEGER: return number_of(value, &number) && floor(number) == number;
	case SCHEMA_NUMBER: return number_of(value, &number);
	case SCHEMA_STRING: return value->type == VALUE_STRING;
	case SCHEMA_ARRAY: return value->type == VALUE_ARRAY;
	case SCHEMA_OBJECT: return value->type == VALUE_MAP;
	case SCHEMA_ONE_OF: break;
	}
	return false;
}

/* Bounds are whole numbers below 2^53 or fractions, so that what rounding does to a number beyond them takes it nowhere inside. */
static bool
number_is_right(const struct schema_node *node, const struct value *value)
{
	double number = 0;

	number_of(value, &number);
	for (unsigned int i = 0; i < node->number_count; i++)
		if (node->numbers[i] == number)
			return true;
	return node->number_count == 0 && number >= node->minimum && number <= node->maximum;
}

static bool
word_is_right(const struct schema_node *node, const struct value *value)
{
	for (unsigned int i = 0; i < node->word_count; i++)
		if (value_string_is(value, node->words[i]))
			return true;
	if (node->word_count > 0)
		return false;
	if (node->pattern != NULL)
		return schema_pattern_takes(node->pattern, value->string, value->count);
	return true;
}

static void check(struct walk *walk, const struct schema_node *node, const char *is, const struct value *value,
	const struct schema_place *place);

static void
check_string(struct walk *walk, const struct schema_node *node, const char *is, const struct value *value,
	const struct schema_place *place)
{
	char better[160];

	if (word_is_right(node, value))
		return;
	if (walk->explain != NULL && !config_issues_full(walk->issues) && strlen(value->string) == value->count &&
	    walk->explain(node, value->string, better, sizeof(better)))
		schema_issue_add(walk->issues, place, "%s", better);
	else
		refuse(walk, is, value, place);
}

static void
check_array(struct walk *walk, const struct schema_node *node, const struct value *value, const struct schema_place *place)
{
	if (value->count > node->most_items)
		schema_issue_add(walk->issues, place, "has %u items; at most %u are allowed", value->count, node->most_items);
	for (uint32_t i = 0; i < value->count; i++) {
		struct schema_place at = { .parent = place, .index = i };

		check(walk, node->items, node->items->is, value->items[i], &at);
	}
}

static void
check_map(struct walk *walk, const struct schema_node *node, const struct value *value, const struct schema_place *place)
{
	uint64_t there = 0;

	for (uint32_t i = 0; i < value->count; i++) {
		const char *key = value->members[i].key;
		struct schema_place at = { .parent = place, .key = key };
		unsigned int p = 0;

		while (p < node->property_count && strcmp(node->properties[p].name, key) != 0)
			p++;
		if (p < node->property_count) {
			there |= UINT64_C(1) << p;
			check(walk, node->properties[p].node, node->properties[p].node->is, value->members[i].value, &at);
		} else if (node->key_pattern != NULL && schema_pattern_takes(node->key_pattern, key, strlen(key))) {
			check(walk, node->key_node, node->key_node->is, value->members[i].value, &at);
		} else {
			schema_issue_add(walk->issues, &at, "unknown key; known here: %s", node->known);
		}
	}
	for (unsigned int p = 0; p < node->property_count; p++) {
		struct schema_place at = { .parent = place, .key = node->properties[p].name };

		if (node->properties[p].required && (there >> p & 1) == 0)
			schema_issue_add(walk->issues, &at, "is missing; it must be %s", node->properties[p].node->is);
	}
	if (node->one_property && value->count != 1)
		schema_issue_add(walk->issues, place, "must have exactly one of %s", node->known);
}

/* The tag says which branch is meant, so that what is wrong is what is wrong in that one. */
static void
check_tagged(struct walk *walk, const struct schema_node *node, const struct value *value, const struct schema_place *place)
{
	const struct value *tag = value_get(value, node->tag);
	struct schema_place at = { .parent = place, .key = node->tag };

	for (unsigned int i = 0; i < node->branch_count; i++) {
		if (tag != NULL && value_string_is(tag, node->branches[i].tag_value)) {
			check_map(walk, node->branches[i].node, value, place);
			return;
		}
	}
	if (tag == NULL)
		schema_issue_add(walk->issues, &at, "is missing; it must be %s", node->tag_is);
	else
		refuse(walk, node->tag_is, tag, &at);
}

static void
check(struct walk *walk, const struct schema_node *node, const char *is, const struct value *value, const struct schema_place *place)
{
	if (node->kind == SCHEMA_ONE_OF) {
		for (unsigned int i = 0; i < node->branch_count; i++) {
			if (is_of_kind(node->branches[i].node->kind, value)) {
				check(walk, node->branches[i].node, is, value, place);
				return;
			}
		}
	}
	if (!is_of_kind(node->kind, value)) {
		refuse(walk, is, value, place);
		return;
	}
	switch (node->kind) {
	case SCHEMA_INTEGER:
	case SCHEMA_NUMBER:
		if (!number_is_right(node, value))
			refuse(walk, is, value, place);
		break;
	case SCHEMA_STRING: check_string(walk, node, is, value, place); break;
	case SCHEMA_ARRAY: check_array(walk, node, value, place); break;
	case SCHEMA_OBJECT:
		if (node->tag != NULL)
			check_tagged(walk, node, value, place);
		else
			check_map(walk, node, value, place);
		break;
	case SCHEMA_ONE_OF: break;	/* is_of_kind has said no */
	}
}

void
schema_check(const struct schema_node *node, const struct value *value, const struct schema_place *place,
	schema_explain explain, struct config_issues *issues)
{
	struct walk walk = { .explain = explain, .issues = issues };

	if (value != NULL)
		check(&walk, node, node->is, value, place);
	else
		schema_issue_add(issues, place, "is missing; it must be %s", node->is);
}
