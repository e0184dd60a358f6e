/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Any bytes, first as JSON, else as MessagePack, as a configuration. What the schema's table takes, the decoder understands; what is
 * taken is shown as what is taken again and shown the same; no path or message is other than UTF-8; nothing differs from itself.
 */
#include <stdlib.h>
#include <string.h>

#include "address_text.h"
#include "forwarding_decode.h"
#include "forwarding_diff.h"
#include "value_decode.h"

#define TREE_BYTES (16u << 20)
#define PORTS 0x8000000bu

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check_issues(const struct config_issues *issues)
{
	for (uint32_t i = 0; i < issues->count; i++) {
		const struct config_issue *issue = &issues->list[i];

		if (!value_utf8_is_valid(issue->path, strlen(issue->path)) || !value_utf8_is_valid(issue->message, strlen(issue->message)))
			abort();
		if (issue->message[0] == '\0' || strncmp(issue->message, "a field is of a shape", 21) == 0)
			abort();
	}
}

static void
check_round(struct arena *arena, const struct forwarding_config *config)
{
	struct value *shown = forwarding_config_to_value(arena, config, PORTS), *again;
	struct byte_buffer first = { 0 }, second = { 0 };
	struct config_issues issues = { 0 };
	struct forwarding_config copy;
	struct value *changes = value_new_array(arena);
	uint64_t truncated;

	if (shown == NULL)
		return;		/* the arena is full */
	if (forwarding_config_from_value(shown, PORTS, &copy, &issues) != 0)
		abort();
	again = forwarding_config_to_value(arena, &copy, PORTS);
	if (again != NULL) {
		if (value_write_msgpack(shown, &first) != 0 || value_write_msgpack(again, &second) != 0)
			abort();
		if (first.length != second.length || memcmp(first.bytes, second.bytes, first.length) != 0)
			abort();
		if (forwarding_config_diff(arena, config, &copy, PORTS, 10, changes, &truncated) == 0 && changes->count + truncated > 0)
			abort();
	}
	free(first.bytes);
	free(second.bytes);
	forwarding_config_free(&copy);
}

static void
decode(struct arena *arena, const struct value *value)
{
	struct config_issues issues = { 0 };
	struct forwarding_config config;
	struct schema_place root = { 0 };
	bool shaped;
	int result;

	schema_check(&schema_forwarding, value, &root, NULL, &issues);
	shaped = config_issue_total(&issues) == 0;
	check_issues(&issues);
	config_issues_free(&issues);
	result = forwarding_config_from_value(value, PORTS, &config, &issues);
	check_issues(&issues);
	if ((result == 0) != (config_issue_total(&issues) == 0) || (result == 0 && !shaped))
		abort();
	config_issues_free(&issues);
	if (result == 0) {
		check_round(arena, &config);
		forwarding_config_free(&config);
	}
	schema_check(&schema_dataplane_config, value, &root, forwarding_explain, &issues);
	config_issues_free(&issues);
	memset(&config, 0, sizeof(config));
	forwarding_routes_append(&config, value, PORTS, &issues, 5);
	check_issues(&issues);
	config_issues_free(&issues);
	forwarding_config_free(&config);
}

/* A pattern takes a prefix that the parser takes. */
static void
check_patterns(const char *text)
{
	struct route_config route;
	struct rte_ether_addr mac;
	char error[192];

	if (cidr_from_text(text, &route, error, sizeof(error)) == 0 &&
	    !schema_pattern_takes(schema_prefix.pattern, text, strlen(text)))
		abort();
	if (mac_from_text(text, &mac) != schema_pattern_takes(schema_mac_address.pattern, text, strlen(text)) &&
	    (mac.addr_bytes[0] & 1) == 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *arena = arena_create(TREE_BYTES);
	char error[256], *text = malloc(size + 1);
	struct value *value;

	memcpy(text, bytes, size);
	text[size] = '\0';
	check_patterns(text);
	value = value_from_json(arena, text, size, error, sizeof(error));
	if (value == NULL)
		value = value_from_msgpack(arena, bytes, size, error, sizeof(error));
	if (value != NULL)
		decode(arena, value);
	free(text);
	arena_destroy(arena);
	return 0;
}
