/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Holds a tree against a JSON Schema, which shm-protocol/generate-schema.mjs has made a table of (forwarding_schema.c). The client's
 * validator is made of the same schema, and finds the same fields wrong.
 */
#ifndef APP_SCHEMA_CHECK_H
#define APP_SCHEMA_CHECK_H

#include "forwarding_config.h"

/* A regular expression as an automaton: state 0 takes nothing any more, state 1 is the start, bytes above 127 are in class 0. */
struct schema_pattern {
	uint8_t classes[128];
	uint8_t class_count;
	const uint8_t *next;		/* by state, then class */
	const bool *accepting;
};

enum schema_kind {
	SCHEMA_INTEGER, SCHEMA_NUMBER, SCHEMA_STRING, SCHEMA_ARRAY, SCHEMA_OBJECT,
	SCHEMA_ONE_OF,			/* branches of different kinds */
};

struct schema_node;
struct schema_property { const char *name; const struct schema_node *node; bool required; };
struct schema_branch { const char *tag_value; const struct schema_node *node; };

struct schema_node {
	enum schema_kind kind;
	const char *is;			/* behind "must be" */
	const char *known;		/* keys of a map, for messages */
	double minimum, maximum;	/* of numbers without `numbers` */
	const char *const *words;
	const double *numbers;
	const struct schema_property *properties;
	const struct schema_branch *branches;
	const struct schema_pattern *pattern;
	const struct schema_pattern *key_pattern;	/* keys that are no property, and what they lead to */
	const struct schema_node *key_node;
	const struct schema_node *items;
	const char *tag, *tag_is;	/* which key chooses the branch of a map */
	uint32_t most_items;
	uint8_t word_count, number_count, property_count, branch_count;
	bool one_property;		/* exactly one key */
};

extern const struct schema_node schema_dataplane_config, schema_forwarding, schema_route, schema_prefix, schema_mac_address;

/* Where a value is, without text until it is needed: a key of the map at `parent`, or an index of the array there. A root has
 * neither; one with a key is where another tree begins. */
struct schema_place {
	const struct schema_place *parent;
	const char *key;
	uint32_t index;
};
#define SCHEMA_PATH sizeof(((struct config_issue *)NULL)->path)
/* "ports.0.to", "routes[17].to". */
void schema_place_text(const struct schema_place *place, char text[SCHEMA_PATH]);
void schema_issue_add(struct config_issues *issues, const struct schema_place *place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

bool schema_pattern_takes(const struct schema_pattern *pattern, const char *text, size_t length);
/* Adds an issue for each field that is wrong by the schema. What a message can say better about a string that does not match its
 * pattern, `explain` writes (it may be NULL, and return false). */
typedef bool (*schema_explain)(const struct schema_node *node, const char *text, char *message, size_t size);
void schema_check(const struct schema_node *node, const struct value *value, const struct schema_place *place,
	schema_explain explain, struct config_issues *issues);

#endif
