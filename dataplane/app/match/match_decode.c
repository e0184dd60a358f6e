/* SPDX-License-Identifier: BSD-3-Clause */
#include "match.h"

#include <stdio.h>
#include <string.h>

#include "match_terms.h"
#include "match_values.h"

#define PROTO_ICMP 1
#define PROTO_TCP 6
#define PROTO_UDP 17
/* Bounds what one match may cost the thread that decodes it: about a tenth of a second. */
#define WORK_COMPARISONS 1000000u
#define WORK_BYTES (16u << 20)
#define PATH_BYTES sizeof(((struct config_issue *)NULL)->path)

struct decoder {
	struct terms_work work;
	struct config_issues *issues;
};

/* A map of the match, and where it stands. */
struct place {
	const struct value *map;
	const char *path;	/* empty, or ends with a dot */
	unsigned int depth;
	bool negated;		/* wanted is what the map does not take */
};

static bool
is_absent(const struct value *value)
{
	return value == NULL || value->type == VALUE_NIL;
}

static bool
decode_address(const struct value *value, struct match_condition *out, char *error, size_t error_size)
{
	struct route_config prefix;

	if (!value_is(value, VALUE_STRING)) {
		snprintf(error, error_size, "must be a string such as \"10.0.0.0/8\"");
		return false;
	}
	if (cidr_from_text(value->string, &prefix, error, error_size) != 0)
		return false;
	out->ipv6 = prefix.ipv6;
	out->depth = prefix.depth;
	memcpy(out->address, prefix.address, sizeof(out->address));
	return true;
}

static bool
decode_proto(const struct value *value, struct match_condition *out, char *error, size_t error_size)
{
	uint64_t number;

	if (value_string_is(value, "tcp"))
		number = PROTO_TCP;
	else if (value_string_is(value, "udp"))
		number = PROTO_UDP;
	else if (value_string_is(value, "icmp"))
		number = PROTO_ICMP;
	else if (!value_u64(value, &number) || number > UINT8_MAX) {
		snprintf(error, error_size, "must be \"tcp\", \"udp\", \"icmp\" or a number of 0 to 255");
		return false;
	}
	out->icmp = value_is(value, VALUE_STRING) && number == PROTO_ICMP;
	out->low = out->high = (uint16_t)number;
	return true;
}

static bool
decode_ports(const struct value *value, struct match_condition *out, char *error, size_t error_size)
{
	bool range = value_is(value, VALUE_ARRAY) && value->count == 2;
	uint64_t low, high;

	if (!value_u64(range ? value->items[0] : value, &low) || !value_u64(range ? value->items[1] : value, &high) ||
			low > high || high > UINT16_MAX) {
		snprintf(error, error_size, "must be a port of 0 to 65535 or [lowest, highest]");
		return false;
	}
	out->low = (uint16_t)low;
	out->high = (uint16_t)high;
	return true;
}

static bool
decode_vlan(const struct value *value, struct match_condition *out, char *error, size_t error_size)
{
	uint64_t id;

	if (!value_u64(value, &id) || id > 4095) {
		snprintf(error, error_size, "must be a VLAN id of 0 to 4095");
		return false;
	}
	out->low = out->high = (uint16_t)id;
	return true;
}

static const struct {
	const char *key;
	bool (*decode)(const struct value *value, struct match_condition *out, char *error, size_t error_size);
} fields[MATCH_FIELDS] = {
	[MATCH_VLAN] = { "vlan", decode_vlan }, [MATCH_SRC] = { "src", decode_address }, [MATCH_DST] = { "dst", decode_address },
	[MATCH_PROTO] = { "proto", decode_proto }, [MATCH_SRC_PORT] = { "srcPort", decode_ports },
	[MATCH_DST_PORT] = { "dstPort", decode_ports },
};

static void
issue(struct decoder *decoder, const struct place *place, const char *key, const char *what)
{
	char path[PATH_BYTES];
	size_t length = (size_t)snprintf(path, sizeof(path), "%s%.60s", place->path, key);

	/* The place itself has a dot behind it. */
	if (key[0] == '\0' && length > 0 && length < sizeof(path))
		path[length - 1] = '\0';
	value_utf8_mend(path);
	config_issue_add(decoder->issues, path, "%s", what);
}

static void
refuse_unknown(struct decoder *decoder, const struct place *place)
{
	for (uint32_t i = 0; i < place->map->count; i++) {
		const char *key = place->map->members[i].key;
		size_t name = 0;

		while (name < MATCH_FIELDS && strcmp(fields[name].key, key) != 0)
			name++;
		if (name == MATCH_FIELDS && strcmp(key, "any") != 0 && strcmp(key, "not") != 0)
			issue(decoder, place, key, "unknown key; known here: vlan, src, dst, proto, srcPort, dstPort, any, not");
	}
}

static struct term_list *decode_map(struct decoder *decoder, const struct place *place);

/* Of several terms lists: what holds for all of them when `all`, else for any. */
static struct term_list *
combine(struct decoder *decoder, bool all, struct term_list *so_far, struct term_list *next)
{
	return all ? terms_and(&decoder->work, so_far, next) : terms_or(&decoder->work, so_far, next);
}

static struct term_list *
decode_inner(struct decoder *decoder, const struct place *outer, const struct value *map, const char *key, bool negated)
{
	struct place place = { .map = map, .depth = outer->depth + 1, .negated = negated };
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s%s.", outer->path, key);
	place.path = path;
	return decode_map(decoder, &place);
}

/* The alternatives of `any`; negated: what none of them takes. */
static struct term_list *
decode_any(struct decoder *decoder, const struct place *place, const struct value *list)
{
	struct term_list *terms = place->negated ? terms_all(&decoder->work) : terms_none(&decoder->work);

	if (!value_is(list, VALUE_ARRAY) || list->count == 0) {
		issue(decoder, place, "any", "must be a list of at least one match");
		return terms;
	}
	for (uint32_t i = 0; i < list->count; i++) {
		char key[24];

		snprintf(key, sizeof(key), "any[%u]", i);
		terms = combine(decoder, place->negated, terms, decode_inner(decoder, place, list->items[i], key, place->negated));
	}
	return terms;
}

/* What a map takes; negated: what it does not take, which is what does not meet any one of its conditions. */
static struct term_list *
decode_map(struct decoder *decoder, const struct place *place)
{
	struct term_list *terms = place->negated ? terms_none(&decoder->work) : terms_all(&decoder->work);
	const struct value *inner;

	if (!value_is(place->map, VALUE_MAP)) {
		issue(decoder, place, "", "a match must be a map such as {\"proto\": \"udp\", \"dstPort\": 53}");
		return terms;
	}
	if (place->depth > WDPDK_LIMIT_MATCH_DEPTH) {
		issue(decoder, place, "", "any and not may be nested 8 deep");
		return terms;
	}
	terms_spend(&decoder->work, 64);
	refuse_unknown(decoder, place);
	for (enum match_field field = 0; field < MATCH_FIELDS; field++) {
		const struct value *value = value_get(place->map, fields[field].key);
		struct match_condition condition;
		char error[160];

		memset(&condition, 0, sizeof(condition));
		condition.field = (uint8_t)field;
		condition.negated = place->negated;
		if (is_absent(value))
			continue;
		if (fields[field].decode(value, &condition, error, sizeof(error)))
			terms = combine(decoder, !place->negated, terms, terms_one(&decoder->work, &condition));
		else
			issue(decoder, place, fields[field].key, error);
	}
	inner = value_get(place->map, "any");
	if (!is_absent(inner))
		terms = combine(decoder, !place->negated, terms, decode_any(decoder, place, inner));
	inner = value_get(place->map, "not");
	if (!is_absent(inner))
		terms = combine(decoder, !place->negated, terms, decode_inner(decoder, place, inner, "not", !place->negated));
	return terms;
}

/* What can never hold is a mistake of the asker, not a filter. Where the fault lies, if the outermost fields alone show it. */
static void
refuse_contradiction(struct decoder *decoder, const struct value *map)
{
	struct match_condition src = { .field = MATCH_SRC }, dst = { .field = MATCH_DST }, proto = { .field = MATCH_PROTO };
	const struct value *port = value_get(map, "srcPort"), *any = value_get(map, "proto");
	struct match_condition ports = { .field = MATCH_SRC_PORT, .high = UINT16_MAX };
	const struct place place = { .map = map, .path = "" };
	char text[160];

	if (decode_address(value_get(map, "src"), &src, text, sizeof(text)) &&
			decode_address(value_get(map, "dst"), &dst, text, sizeof(text)) && src.ipv6 != dst.ipv6) {
		issue(decoder, &place, "dst", "is of another IP version than src: no frame could match");
		return;
	}
	if ((!is_absent(port) || !is_absent(value_get(map, "dstPort"))) && !is_absent(any) &&
			decode_proto(any, &proto, text, sizeof(text)) && !conditions_meet(&proto, 1, &ports, 1)) {
		snprintf(text, sizeof(text), "protocol %u has no ports: no frame could match", proto.low);
		issue(decoder, &place, is_absent(port) ? "dstPort" : "srcPort", text);
		return;
	}
	issue(decoder, &place, "", "no frame could match: its conditions exclude each other");
}

static void
refuse_size(struct decoder *decoder, uint32_t terms, uint32_t conditions)
{
	static const char *const remedy = "split it into several queues";
	enum terms_wrong wrong = decoder->work.wrong;

	if (wrong == TERMS_TOO_MANY)
		config_issue_add(decoder->issues, "", "comes to more than %u conjunctions, where %u is the most: %s", TERMS_MOST,
			WDPDK_LIMIT_MATCH_TERMS, remedy);
	else if (wrong == TERMS_TOO_LONG)
		config_issue_add(decoder->issues, "", "a conjunction of it comes to more than %u conditions, which is the most: %s",
			(unsigned int)MATCH_CONDITIONS, remedy);
	else if (wrong == TERMS_TOO_INVOLVED)
		config_issue_add(decoder->issues, "", "is too involved to be written as one list of conjunctions: %s", remedy);
	else if (terms > WDPDK_LIMIT_MATCH_TERMS)
		config_issue_add(decoder->issues, "", "comes to %u conjunctions, where %u is the most: %s", terms,
			WDPDK_LIMIT_MATCH_TERMS, remedy);
	else
		config_issue_add(decoder->issues, "", "comes to %u conditions, where %u is the most: %s", conditions,
			(unsigned int)MATCH_CONDITIONS, remedy);
}

static int
write_match(struct decoder *decoder, const struct value *value, const struct term_list *terms, struct match *out)
{
	uint32_t conditions = 0;

	for (uint32_t i = 0; terms != NULL && i < terms->count; i++)
		conditions += terms->terms[i].count;
	if (terms == NULL || terms->count > WDPDK_LIMIT_MATCH_TERMS || conditions > MATCH_CONDITIONS) {
		refuse_size(decoder, terms == NULL ? 0 : terms->count, conditions);
		return -1;
	}
	if (terms->count == 0) {
		refuse_contradiction(decoder, value);
		return -1;
	}
	/* A term without conditions has covered all others. */
	if (conditions == 0)
		return 0;
	conditions = 0;
	for (uint32_t i = 0; i < terms->count; i++) {
		memcpy(&out->conditions[conditions], terms->terms[i].conditions, terms->terms[i].count * sizeof(out->conditions[0]));
		conditions += terms->terms[i].count;
		out->ends[i] = (uint16_t)conditions;
	}
	out->term_count = (uint16_t)terms->count;
	return 0;
}

int
match_from_value(const struct value *value, struct match *out, struct config_issues *issues)
{
	uint32_t before = issues->count + issues->truncated;
	struct decoder decoder = { .issues = issues, .work = { .left = WORK_COMPARISONS } };
	const struct place place = { .map = value, .path = "" };
	struct term_list *terms;
	int result = -1;

	memset(out, 0, sizeof(*out));
	if (is_absent(value))
		return 0;
	decoder.work.arena = arena_create(WORK_BYTES);
	terms = decode_map(&decoder, &place);
	if (issues->count + issues->truncated == before)
		result = write_match(&decoder, value, terms, out);
	arena_destroy(decoder.work.arena);
	return result;
}

bool
match_equals(const struct match *a, const struct match *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}
