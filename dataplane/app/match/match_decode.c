/* SPDX-License-Identifier: BSD-3-Clause */
#include "match.h"

#include <string.h>

#define PROTO_ICMP 1
#define PROTO_TCP 6
#define PROTO_UDP 17
#define PROTO_SCTP 132

static bool
is_absent(const struct value *value)
{
	return value == NULL || value->type == VALUE_NIL;
}

static bool
decode_address(const struct value *value, const char *path, struct route_config *out, struct config_issues *issues)
{
	char error[160];

	if (is_absent(value))
		return false;
	if (!value_is(value, VALUE_STRING)) {
		config_issue_add(issues, path, "must be a string such as \"10.0.0.0/8\"");
		return false;
	}
	if (cidr_from_text(value->string, out, error, sizeof(error)) != 0) {
		config_issue_add(issues, path, "%s", error);
		return false;
	}
	return true;
}

static void
decode_proto(const struct value *value, struct match *out, struct config_issues *issues)
{
	uint64_t number;

	if (is_absent(value))
		return;
	out->has_proto = true;
	if (value_string_is(value, "tcp")) {
		out->proto = PROTO_TCP;
	} else if (value_string_is(value, "udp")) {
		out->proto = PROTO_UDP;
	} else if (value_string_is(value, "icmp")) {
		out->proto = PROTO_ICMP;
		out->proto_is_icmp = true;
	} else if (value_u64(value, &number) && number <= UINT8_MAX) {
		out->proto = (uint8_t)number;
	} else {
		out->has_proto = false;
		config_issue_add(issues, "proto", "must be \"tcp\", \"udp\", \"icmp\" or a number of 0 to 255");
	}
}

static bool
decode_port_range(const struct value *value, const char *path, uint16_t range[2], struct config_issues *issues)
{
	uint64_t low, high;

	if (is_absent(value))
		return false;
	if (value_is(value, VALUE_ARRAY) && value->count == 2) {
		if (value_u64(value->items[0], &low) && value_u64(value->items[1], &high) && low <= high && high <= UINT16_MAX)
			goto decoded;
	} else if (value_u64(value, &low) && low <= UINT16_MAX) {
		high = low;
		goto decoded;
	}
	config_issue_add(issues, path, "must be a port of 0 to 65535 or [lowest, highest]");
	return false;
decoded:
	range[0] = (uint16_t)low;
	range[1] = (uint16_t)high;
	return true;
}

/* What can never hold is a mistake of the asker, not a filter. */
static void
refuse_contradictions(const struct match *match, struct config_issues *issues)
{
	if (match->has_src && match->has_dst && match->src.ipv6 != match->dst.ipv6)
		config_issue_add(issues, "dst", "is of another IP version than src: no frame could match");
	if ((match->has_src_port || match->has_dst_port) && match->has_proto && match->proto != PROTO_TCP &&
		match->proto != PROTO_UDP && match->proto != PROTO_SCTP)
		config_issue_add(issues, match->has_src_port ? "srcPort" : "dstPort",
			"protocol %u has no ports: no frame could match", match->proto);
}

int
match_from_value(const struct value *value, struct match *out, struct config_issues *issues)
{
	static const char *const known[] = { "vlan", "src", "dst", "proto", "srcPort", "dstPort" };
	uint32_t before = issues->count + issues->truncated;
	uint64_t vlan;

	memset(out, 0, sizeof(*out));
	if (is_absent(value))
		return 0;
	if (!value_is(value, VALUE_MAP)) {
		config_issue_add(issues, "", "a match must be a map such as {\"proto\": \"udp\", \"dstPort\": 53}");
		return -1;
	}
	for (uint32_t i = 0; i < value->count; i++) {
		size_t name = 0;
		char path[64];

		while (name < RTE_DIM(known) && strcmp(known[name], value->members[i].key) != 0)
			name++;
		snprintf(path, sizeof(path), "%.60s", value->members[i].key);
		if (name == RTE_DIM(known))
			config_issue_add(issues, path, "unknown key; known here: vlan, src, dst, proto, srcPort, dstPort");
	}
	if (!is_absent(value_get(value, "vlan"))) {
		out->has_vlan = value_u64(value_get(value, "vlan"), &vlan) && vlan <= 4095;
		if (out->has_vlan)
			out->vlan = (uint16_t)vlan;
		else
			config_issue_add(issues, "vlan", "must be a VLAN id of 0 to 4095");
	}
	out->has_src = decode_address(value_get(value, "src"), "src", &out->src, issues);
	out->has_dst = decode_address(value_get(value, "dst"), "dst", &out->dst, issues);
	decode_proto(value_get(value, "proto"), out, issues);
	out->has_src_port = decode_port_range(value_get(value, "srcPort"), "srcPort", out->src_port, issues);
	out->has_dst_port = decode_port_range(value_get(value, "dstPort"), "dstPort", out->dst_port, issues);
	refuse_contradictions(out, issues);
	return issues->count + issues->truncated == before ? 0 : -1;
}
