/* SPDX-License-Identifier: BSD-3-Clause */
#include "classifier.h"

#include <stdlib.h>
#include <string.h>

#define FAMILIES 3
#define PROTO_ICMP 1
#define PROTO_ICMPV6 58

/* Numbers of every field are 128 bit here, so that one search serves all; the upper half of the short ones is zero. */
enum field { FIELD_VLAN, FIELD_SRC4, FIELD_DST4, FIELD_SRC6, FIELD_DST6, FIELD_SRC_PORT, FIELD_DST_PORT, FIELDS };

struct interval_list {
	uint32_t count;			/* 0: no rule looks at this field */
	struct address128 *starts;	/* ascending; the first is 0; an interval ends where the next starts */
	struct rule_set *sets;
};

struct classifier {
	unsigned int words;
	struct interval_list fields[FIELDS];
	struct rule_set protocols[FAMILIES][256];	/* of FRAME_NOT_IP only [0] is used: rules that need no IP */
};

struct range { struct address128 low, high; bool empty; };

static bool
is_less(struct address128 a, struct address128 b)
{
	return a.high < b.high || (a.high == b.high && a.low < b.low);
}

static struct range
range32(uint32_t low, uint32_t high)
{
	return (struct range){ .low = { 0, low }, .high = { 0, high } };
}

static uint64_t
load64(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return __builtin_bswap64(word);
}

/* All addresses of a prefix; empty when it is of the other family. */
static struct range
prefix_range(const struct route_config *prefix, bool ipv6)
{
	struct address128 low = { load64(prefix->address), load64(prefix->address + 8) }, mask;
	unsigned int depth = prefix->depth;

	if (prefix->ipv6 != ipv6)
		return (struct range){ .empty = true };
	if (!ipv6) {
		uint32_t first = (uint32_t)(low.high >> 32);

		return range32(first, first | (depth == 0 ? UINT32_MAX : depth >= 32 ? 0 : UINT32_MAX >> depth));
	}
	mask.high = depth >= 64 ? 0 : UINT64_MAX >> depth;
	mask.low = depth >= 128 ? 0 : depth <= 64 ? UINT64_MAX : UINT64_MAX >> (depth - 64);
	return (struct range){ .low = low, .high = { low.high | mask.high, low.low | mask.low } };
}

/* False: the match takes any value of this field. */
static bool
range_of(const struct match *match, enum field field, struct range *range)
{
	switch (field) {
	case FIELD_VLAN:
		*range = range32(match->vlan, match->vlan);
		return match->has_vlan;
	case FIELD_SRC4:
	case FIELD_SRC6:
		*range = prefix_range(&match->src, field == FIELD_SRC6);
		return match->has_src;
	case FIELD_DST4:
	case FIELD_DST6:
		*range = prefix_range(&match->dst, field == FIELD_DST6);
		return match->has_dst;
	case FIELD_SRC_PORT:
		*range = range32(match->src_port[0], match->src_port[1]);
		return match->has_src_port;
	default:
		*range = range32(match->dst_port[0], match->dst_port[1]);
		return match->has_dst_port;
	}
}

static void
set_add(struct rule_set *set, unsigned int rule)
{
	set->words[rule / 64] |= UINT64_C(1) << rule % 64;
}

/* Inserts in order, once. */
static void
add_start(struct interval_list *list, struct address128 start)
{
	uint32_t at = list->count;

	while (at > 0 && is_less(start, list->starts[at - 1]))
		at--;
	if (at > 0 && !is_less(list->starts[at - 1], start))
		return;
	memmove(&list->starts[at + 1], &list->starts[at], (list->count - at) * sizeof(list->starts[0]));
	list->starts[at] = start;
	list->count++;
}

static bool
compile_field(struct interval_list *list, enum field field, const struct match *const *matches, unsigned int count)
{
	struct range range;
	unsigned int constrained = 0;

	for (unsigned int rule = 0; rule < count; rule++)
		constrained += range_of(matches[rule], field, &range);
	if (constrained == 0)
		return true;
	list->starts = calloc(constrained * 2 + 1, sizeof(list->starts[0]));
	list->sets = calloc(constrained * 2 + 1, sizeof(list->sets[0]));
	if (list->starts == NULL || list->sets == NULL)
		return false;
	list->count = 1;	/* 0 */
	for (unsigned int rule = 0; rule < count; rule++) {
		struct address128 behind;

		if (!range_of(matches[rule], field, &range) || range.empty)
			continue;
		add_start(list, range.low);
		behind = (struct address128){ range.high.high + (range.high.low == UINT64_MAX), range.high.low + 1 };
		if (behind.high != 0 || behind.low != 0)
			add_start(list, behind);
	}
	for (unsigned int rule = 0; rule < count; rule++) {
		bool any = !range_of(matches[rule], field, &range);

		for (uint32_t i = 0; i < list->count; i++)
			if (any || (!range.empty && !is_less(list->starts[i], range.low) && !is_less(range.high, list->starts[i])))
				set_add(&list->sets[i], rule);
	}
	return true;
}

static bool
takes_proto(const struct match *match, enum frame_family family, unsigned int proto)
{
	if (!match->has_proto)
		return true;
	return proto == (match->proto_is_icmp && family == FRAME_IPV6 ? PROTO_ICMPV6 : match->proto);
}

static void
compile_protocols(struct classifier *classifier, const struct match *const *matches, unsigned int count)
{
	for (unsigned int rule = 0; rule < count; rule++) {
		const struct match *match = matches[rule];
		bool needs_ip = match->has_src || match->has_dst || match->has_proto || match->has_src_port || match->has_dst_port;

		if (!needs_ip)
			set_add(&classifier->protocols[FRAME_NOT_IP][0], rule);
		for (unsigned int proto = 0; proto < 256; proto++) {
			if (takes_proto(match, FRAME_IPV4, proto))
				set_add(&classifier->protocols[FRAME_IPV4][proto], rule);
			if (takes_proto(match, FRAME_IPV6, proto))
				set_add(&classifier->protocols[FRAME_IPV6][proto], rule);
		}
	}
}

struct classifier *
classifier_compile(const struct match *const *matches, unsigned int count)
{
	struct classifier *classifier = count > WDPDK_LIMIT_QUEUES ? NULL : calloc(1, sizeof(*classifier));

	if (classifier == NULL)
		return NULL;
	classifier->words = count == 0 ? 1 : (count + 63) / 64;
	for (enum field field = 0; field < FIELDS; field++) {
		if (!compile_field(&classifier->fields[field], field, matches, count)) {
			classifier_free(classifier);
			return NULL;
		}
	}
	compile_protocols(classifier, matches, count);
	return classifier;
}

void
classifier_free(struct classifier *classifier)
{
	if (classifier == NULL)
		return;
	for (enum field field = 0; field < FIELDS; field++) {
		free(classifier->fields[field].starts);
		free(classifier->fields[field].sets);
	}
	free(classifier);
}

static void
keep_accepting(const struct classifier *classifier, enum field field, struct address128 number, struct rule_set *out)
{
	const struct interval_list *list = &classifier->fields[field];
	uint32_t first = 0, count = list->count;

	if (count == 0)
		return;
	while (count > 1) {
		uint32_t half = count / 2;

		first = is_less(number, list->starts[first + half]) ? first : first + half;
		count -= half;
	}
	for (unsigned int word = 0; word < classifier->words; word++)
		out->words[word] &= list->sets[first].words[word];
}

void
classifier_lookup(const struct classifier *classifier, const struct frame_key *key, struct rule_set *out)
{
	bool is_ip = key->family != FRAME_NOT_IP;

	*out = classifier->protocols[key->family][is_ip ? key->proto : 0];
	keep_accepting(classifier, FIELD_VLAN, (struct address128){ 0, key->vlan }, out);
	if (!is_ip)
		return;
	if (key->family == FRAME_IPV4) {
		keep_accepting(classifier, FIELD_SRC4, (struct address128){ 0, key->src4 }, out);
		keep_accepting(classifier, FIELD_DST4, (struct address128){ 0, key->dst4 }, out);
	} else {
		keep_accepting(classifier, FIELD_SRC6, key->src6, out);
		keep_accepting(classifier, FIELD_DST6, key->dst6, out);
	}
	keep_accepting(classifier, FIELD_SRC_PORT, (struct address128){ 0, key->src_port }, out);
	keep_accepting(classifier, FIELD_DST_PORT, (struct address128){ 0, key->dst_port }, out);
}

static bool
ranges_meet(const struct match *a, const struct match *b, enum field field)
{
	struct range of_a, of_b;

	if (!range_of(a, field, &of_a))
		return !range_of(b, field, &of_b) || !of_b.empty;
	if (!range_of(b, field, &of_b))
		return !of_a.empty;
	return !of_a.empty && !of_b.empty && !is_less(of_a.high, of_b.low) && !is_less(of_b.high, of_a.low);
}

static bool
protocols_meet(const struct match *a, const struct match *b, enum frame_family family)
{
	for (unsigned int proto = 0; proto < 256; proto++)
		if (takes_proto(a, family, proto) && takes_proto(b, family, proto))
			return true;
	return false;
}

bool
match_overlaps(const struct match *a, const struct match *b)
{
	if (!ranges_meet(a, b, FIELD_VLAN) || !ranges_meet(a, b, FIELD_SRC_PORT) || !ranges_meet(a, b, FIELD_DST_PORT))
		return false;
	return (ranges_meet(a, b, FIELD_SRC4) && ranges_meet(a, b, FIELD_DST4) && protocols_meet(a, b, FRAME_IPV4)) ||
		(ranges_meet(a, b, FIELD_SRC6) && ranges_meet(a, b, FIELD_DST6) && protocols_meet(a, b, FRAME_IPV6));
}
