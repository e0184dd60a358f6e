/* SPDX-License-Identifier: BSD-3-Clause
 *
 * All wrong fields are found, not only the first.
 */
#include "forwarding_decode.h"

#include <stdlib.h>
#include <string.h>

#include "address_text.h"

uint32_t
config_issue_total(const struct config_issues *issues)
{
	return issues->count + issues->truncated;
}

bool
forwarding_explain(const struct schema_node *node, const char *text, char *message, size_t size)
{
	struct route_config route;
	struct rte_ether_addr mac;

	if (node == &schema_prefix)
		return cidr_from_text(text, &route, message, size) != 0;
	if (node == &schema_mac_address && mac_from_text(text, &mac)) {
		snprintf(message, size, "is a group address; give an individual one (first byte even) such as \"02:00:00:00:00:01\"");
		return true;
	}
	return false;
}

/* "0, 1 and 3", for messages. */
static const char *
ports_text(uint32_t ports, char *text, size_t size)
{
	size_t length = 0;

	text[0] = '\0';
	for (uint32_t id = 0; id < WDPDK_LIMIT_PORTS; id++)
		if (ports >> id & 1 && length < size)
			length += (size_t)snprintf(text + length, size - length, "%s%u", length == 0 ? "" : ", ", id);
	return text;
}

bool
forwarding_decode_port_id(struct forwarding_decoder *decoder, const struct value *value, const struct schema_place *place,
	uint16_t *out)
{
	char list[128];
	uint64_t id;

	if (!value_u64(value, &id) || id >= WDPDK_LIMIT_PORTS) {
		decoder->passed_over = true;
		return false;
	}
	if ((decoder->ports >> id & 1) == 0) {
		if (config_issues_full(decoder->issues))
			decoder->issues->truncated++;
		else
			schema_issue_add(decoder->issues, place, "port %u does not exist; there are: %s", (unsigned int)id,
				ports_text(decoder->ports, list, sizeof(list)));
		return false;
	}
	*out = (uint16_t)id;
	return true;
}

bool
forwarding_decode_prefix(struct forwarding_decoder *decoder, const struct value *value, const struct schema_place *place,
	struct route_config *out)
{
	char error[160];

	if (!value_is(value, VALUE_STRING) || !schema_pattern_takes(schema_prefix.pattern, value->string, value->count)) {
		decoder->passed_over = true;
		return false;
	}
	if (cidr_from_text(value->string, out, error, sizeof(error)) == 0)
		return true;
	schema_issue_add(decoder->issues, place, "%s", error);
	return false;
}

void
forwarding_decode_mac(struct forwarding_decoder *decoder, const struct value *value, struct rte_ether_addr *out)
{
	if (!value_is(value, VALUE_STRING) || !mac_from_text(value->string, out))
		decoder->passed_over = true;
}

static void
decode_port(struct forwarding_decoder *decoder, const struct value *value, const struct schema_place *place, uint16_t id,
	struct port_config *port)
{
	const struct value *name = value_get(value, "mode");
	struct schema_place to = { .parent = place, .key = "to" };
	unsigned int mode = 0;

	while (mode < PORT_MODES && !value_string_is(name, port_mode_names[mode]))
		mode++;
	if (mode == PORT_MODES) {
		decoder->passed_over = true;
		return;
	}
	port_config_defaults(port, (enum port_mode)mode, id);
	switch (port->mode) {
	case PORT_MODE_IO:
	case PORT_MODE_MACSWAP:
	case PORT_MODE_L2FWD:
		forwarding_decode_port_id(decoder, value_get(value, "to"), &to, &port->to);
		break;
	case PORT_MODE_PKTGEN:
		forwarding_decode_pktgen(decoder, value, place, &port->pktgen);
		break;
	case PORT_MODE_DROP:
	case PORT_MODE_L3FWD:
	case PORT_MODE_SINK:
	case PORT_MODES:
		break;
	}
}

static void
decode_ports(struct forwarding_decoder *decoder, const struct value *value, const struct schema_place *place,
	struct port_config *ports)
{
	for (uint32_t i = 0; i < value->count; i++) {
		const char *key = value->members[i].key;
		struct schema_place at = { .parent = place, .key = key };
		unsigned long id = strtoul(key, NULL, 10);
		char canonical[12], list[128];

		snprintf(canonical, sizeof(canonical), "%u", (unsigned int)(id < WDPDK_LIMIT_PORTS ? id : 0));
		if (strcmp(key, canonical) != 0)
			decoder->passed_over = true;
		else if ((decoder->ports >> id & 1) == 0)
			schema_issue_add(decoder->issues, &at, "there is no such port; there are: %s",
				ports_text(decoder->ports, list, sizeof(list)));
		else
			decode_port(decoder, value->members[i].value, &at, (uint16_t)id, &ports[id]);
	}
}

void
forwarding_decode(struct forwarding_decoder *decoder, const struct value *value, const struct schema_place *place,
	struct forwarding_config *out)
{
	const struct value *ports = value_get(value, "ports"), *routes = value_get(value, "routes");
	struct schema_place ports_at = { .parent = place, .key = "ports" }, routes_at = { .parent = place, .key = "routes" };

	if (value_is(ports, VALUE_MAP))
		decode_ports(decoder, ports, &ports_at, out->ports);
	else if (ports != NULL)
		decoder->passed_over = true;
	if (value_is(routes, VALUE_ARRAY))
		forwarding_decode_routes(decoder, routes, &routes_at, out);
	else if (routes != NULL)
		decoder->passed_over = true;
}

bool
forwarding_decoder_ends_well(const struct forwarding_decoder *decoder, uint32_t before)
{
	if (decoder->passed_over && config_issue_total(decoder->issues) == before)
		config_issue_add(decoder->issues, "", "a field is of a shape that the schema should not allow");
	return config_issue_total(decoder->issues) == before;
}

int
forwarding_config_from_value(const struct value *value, uint32_t ports, struct forwarding_config *out,
	struct config_issues *issues)
{
	struct forwarding_decoder decoder = { .ports = ports, .issues = issues };
	struct schema_place root = { 0 };
	uint32_t before = config_issue_total(issues);

	memset(out, 0, sizeof(*out));
	schema_check(&schema_forwarding, value, &root, forwarding_explain, issues);
	forwarding_decode(&decoder, value, &root, out);
	if (forwarding_decoder_ends_well(&decoder, before))
		return 0;
	forwarding_config_free(out);
	return -1;
}
