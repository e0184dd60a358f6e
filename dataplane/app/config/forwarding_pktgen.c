/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a port in mode pktgen sends, as a tree. The defaults are those that forwarding.schema.json tells users.
 */
#include <math.h>
#include <string.h>

#include "address_text.h"
#include "forwarding_decode.h"
#include "forwarding_show.h"

#define RFC2544_SRC { 198, 18, 0, 1 }
#define RFC2544_DST { 198, 19, 0, 0 }
#define RFC5180_SRC { 0x20, 0x01, 0, 0x02, [15] = 1 }
#define RFC5180_DST { 0x20, 0x01, 0, 0x02, [7] = 1 }

static void
default_addresses(struct pktgen_config *pktgen, bool src, bool dst)
{
	static const uint8_t sources[2][16] = { RFC2544_SRC, RFC5180_SRC }, destinations[2][16] = { RFC2544_DST, RFC5180_DST };

	if (src) {
		memcpy(pktgen->src, sources[pktgen->ipv6], sizeof(pktgen->src));
		pktgen->src_depth = pktgen->ipv6 ? 128 : 32;
	}
	if (dst) {
		memcpy(pktgen->dst, destinations[pktgen->ipv6], sizeof(pktgen->dst));
		pktgen->dst_depth = pktgen->ipv6 ? 64 : 16;
	}
}

void
port_config_defaults(struct port_config *port, enum port_mode mode, uint16_t id)
{
	*port = (struct port_config){ .mode = mode };
	if (mode != PORT_MODE_PKTGEN)
		return;
	port->pktgen = (struct pktgen_config){
		.flows = 1, .size = 64, .rate = PKTGEN_RATE_MAX, .src_port = 1024, .dst_port = 9,
		.dst_mac.addr_bytes = { 0x02, 0, 0, 0, 0, (uint8_t)id },
	};
	default_addresses(&port->pktgen, true, true);
}

/* The whole number under `key`; `otherwise` when there is none, or none of this range. */
static uint64_t
whole(struct forwarding_decoder *decoder, const struct value *map, const char *key, uint64_t least, uint64_t most,
	uint64_t otherwise)
{
	const struct value *value = value_get(map, key);
	uint64_t number;

	if (value == NULL)
		return otherwise;
	if (value_u64(value, &number) && number >= least && number <= most)
		return number;
	decoder->passed_over = true;
	return otherwise;
}

static void
decode_rate(struct forwarding_decoder *decoder, const struct value *rate, struct pktgen_config *out)
{
	if (rate == NULL || value_string_is(rate, "max"))
		return;
	out->rate = value_get(rate, "pps") != NULL ? PKTGEN_RATE_PPS : PKTGEN_RATE_BPS;
	out->rate_value = whole(decoder, rate, out->rate == PKTGEN_RATE_PPS ? "pps" : "bps", 1, INT64_MAX, 0);
	if (out->rate_value == 0)
		decoder->passed_over = true;
}

static void
decode_seconds(struct forwarding_decoder *decoder, const struct value *seconds, struct pktgen_config *out)
{
	double number;

	if (seconds == NULL)
		return;
	number = value_is(seconds, VALUE_INT) ? (double)seconds->integer : value_is(seconds, VALUE_DOUBLE) ? seconds->real : 0;
	if (number >= 0.001 && number * 1000 < (double)UINT32_MAX)
		out->milliseconds = (uint32_t)llround(number * 1000);
	else
		decoder->passed_over = true;
}

/* The version is that of the addresses, where they are given; they have to agree. */
static void
decode_addresses(struct forwarding_decoder *decoder, const struct value *map, const struct schema_place *place,
	struct pktgen_config *out)
{
	const struct value *src = value_get(map, "src"), *dst = value_get(map, "dst"), *ip = value_get(map, "ip");
	struct schema_place src_at = { .parent = place, .key = "src" }, dst_at = { .parent = place, .key = "dst" };
	struct route_config from = { 0 }, to = { 0 };
	bool has_src = src != NULL && forwarding_decode_prefix(decoder, src, &src_at, &from);
	bool has_dst = dst != NULL && forwarding_decode_prefix(decoder, dst, &dst_at, &to);

	out->ipv6 = ip != NULL ? whole(decoder, map, "ip", 4, 6, 4) == 6 : has_src ? from.ipv6 : has_dst && to.ipv6;
	if (has_src && from.ipv6 != out->ipv6)
		schema_issue_add(decoder->issues, &src_at, "is IPv%d, but ip is %d", from.ipv6 ? 6 : 4, out->ipv6 ? 6 : 4);
	if (has_dst && to.ipv6 != out->ipv6)
		schema_issue_add(decoder->issues, &dst_at, "is IPv%d, but %s is %s%d", to.ipv6 ? 6 : 4, ip != NULL ? "ip" : "src",
			ip != NULL ? "" : "IPv", out->ipv6 ? 6 : 4);
	memcpy(out->src, from.address, sizeof(out->src));
	memcpy(out->dst, to.address, sizeof(out->dst));
	out->src_depth = from.depth;
	out->dst_depth = to.depth;
	default_addresses(out, src == NULL, dst == NULL);
}

void
forwarding_decode_pktgen(struct forwarding_decoder *decoder, const struct value *value, const struct schema_place *place,
	struct pktgen_config *out)
{
	const struct value *mac = value_get(value, "dstMac");

	out->flows = (uint32_t)whole(decoder, value, "flows", 1, WDPDK_LIMIT_PKTGEN_FLOWS, out->flows);
	out->size = value_string_is(value_get(value, "size"), "imix") ? 0 :
		(uint16_t)whole(decoder, value, "size", 64, 9018, out->size);
	out->count = whole(decoder, value, "count", 1, INT64_MAX, 0);
	out->src_port = (uint16_t)whole(decoder, value, "srcPort", 0, UINT16_MAX, out->src_port);
	out->dst_port = (uint16_t)whole(decoder, value, "dstPort", 0, UINT16_MAX, out->dst_port);
	decode_rate(decoder, value_get(value, "rate"), out);
	decode_seconds(decoder, value_get(value, "seconds"), out);
	decode_addresses(decoder, value, place, out);
	if (mac != NULL)
		forwarding_decode_mac(decoder, mac, &out->dst_mac);
}

static void
show_prefix(struct arena *arena, struct value *map, const char *key, const uint8_t *address, uint8_t depth, bool ipv6)
{
	struct route_config route = { .depth = depth, .ipv6 = ipv6 };
	char text[CIDR_TEXT];

	memcpy(route.address, address, sizeof(route.address));
	cidr_to_text(&route, text);
	value_set_string(arena, map, key, text);
}

void
forwarding_show_pktgen(struct arena *arena, struct value *map, const struct pktgen_config *pktgen)
{
	char mac[MAC_TEXT];

	value_set_u64(arena, map, "flows", pktgen->flows);
	if (pktgen->size == 0)
		value_set_string(arena, map, "size", "imix");
	else
		value_set_u64(arena, map, "size", pktgen->size);
	value_set_u64(arena, map, "ip", pktgen->ipv6 ? 6 : 4);
	if (pktgen->rate == PKTGEN_RATE_MAX)
		value_set_string(arena, map, "rate", "max");
	else
		value_set_u64(arena, value_set_map(arena, map, "rate"), pktgen->rate == PKTGEN_RATE_PPS ? "pps" : "bps",
			pktgen->rate_value);
	if (pktgen->count != 0)
		value_set_u64(arena, map, "count", pktgen->count);
	if (pktgen->milliseconds != 0)
		value_set_double(arena, map, "seconds", pktgen->milliseconds / 1000.0);
	show_prefix(arena, map, "src", pktgen->src, pktgen->src_depth, pktgen->ipv6);
	show_prefix(arena, map, "dst", pktgen->dst, pktgen->dst_depth, pktgen->ipv6);
	value_set_u64(arena, map, "srcPort", pktgen->src_port);
	value_set_u64(arena, map, "dstPort", pktgen->dst_port);
	mac_to_text(&pktgen->dst_mac, mac);
	value_set_string(arena, map, "dstMac", mac);
}
