/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Decoding matches: what they come to and what is refused. That they mean what was written, and that the classifier does, is
 * match_property_test's.
 */
#include <stdlib.h>

#include "classifier.h"

#include "check.h"

static int
decode(const char *json, struct match *match, struct config_issues *issues)
{
	struct arena *arena = arena_create(1 << 20);
	char error[256];
	const struct value *value = value_from_json(arena, json, strlen(json), error, sizeof(error));
	int result;

	CHECK(value != NULL);
	result = match_from_value(value, match, issues);
	arena_destroy(arena);
	return result;
}

static struct match match;

static void
accepted(const char *json, unsigned int terms, unsigned int conditions)
{
	struct config_issues issues = { 0 };

	CHECK_EQ(decode(json, &match, &issues), 0);
	CHECK_EQ(issues.count, 0);
	CHECK_EQ(match.term_count, terms);
	CHECK_EQ(terms == 0 ? 0 : match.ends[terms - 1], conditions);
}

static const struct match_condition *
condition(enum match_field field)
{
	for (unsigned int i = 0; i < MATCH_CONDITIONS; i++)
		if (match.conditions[i].field == field)
			return &match.conditions[i];
	return NULL;
}

static void
decodes_all_fields(void)
{
	struct config_issues issues = { 0 };

	CHECK_EQ(match_from_value(NULL, &match, &issues), 0);
	CHECK_EQ(match.term_count, 0);
	accepted("{}", 0, 0);
	accepted("{\"vlan\": 5, \"src\": \"10.0.0.0/8\", \"dst\": \"10.1.0.0/16\", \"proto\": \"udp\", \"srcPort\": 53,"
		"\"dstPort\": [1024, 65535], \"any\": null, \"not\": null}", 1, 6);
	CHECK_EQ(condition(MATCH_VLAN)->low, 5);
	CHECK_EQ(condition(MATCH_SRC)->depth, 8);
	CHECK_EQ(condition(MATCH_DST)->depth, 16);
	CHECK(condition(MATCH_PROTO)->low == 17 && !condition(MATCH_PROTO)->icmp);
	CHECK(condition(MATCH_SRC_PORT)->low == 53 && condition(MATCH_SRC_PORT)->high == 53);
	CHECK(condition(MATCH_DST_PORT)->low == 1024 && condition(MATCH_DST_PORT)->high == 65535);
	accepted("{\"proto\": \"icmp\"}", 1, 1);
	CHECK(match.conditions[0].icmp);
	accepted("{\"proto\": 89, \"vlan\": null}", 1, 1);
	CHECK_EQ(match.conditions[0].low, 89);
	accepted("{\"proto\": 1}", 1, 1);
	CHECK(!match.conditions[0].icmp);
}

static void
any_and_not_come_to_terms(void)
{
	accepted("{\"any\": [{\"dstPort\": 53}, {\"srcPort\": 53}]}", 2, 2);
	accepted("{\"proto\": \"udp\", \"any\": [{\"dstPort\": 53}, {\"srcPort\": 53}]}", 2, 4);
	accepted("{\"not\": {\"proto\": \"udp\"}}", 1, 1);
	CHECK(match.conditions[0].negated);
	accepted("{\"not\": {\"proto\": \"udp\", \"dstPort\": 53}}", 2, 2);
	accepted("{\"not\": {\"any\": [{\"proto\": \"udp\"}, {\"vlan\": 5}]}}", 1, 2);
	accepted("{\"not\": {\"not\": {\"proto\": \"udp\", \"dstPort\": 53}}}", 1, 2);
	accepted("{\"src\": \"10.0.0.0/8\", \"not\": {\"any\": [{\"src\": \"10.1.0.0/16\"}, {\"src\": \"10.2.0.0/16\"}]}}", 1, 3);
	/* 3 * 3 * 2 */
	accepted("{\"any\": [{\"vlan\": 1}, {\"vlan\": 2}, {\"vlan\": 3}], \"not\": {\"any\": [{\"src\": \"10.0.0.0/8\", \"dst\":"
		"\"10.0.0.0/8\", \"proto\": \"udp\"}, {\"srcPort\": 1, \"dstPort\": 2}]}}", 18, 54);
}

static void
what_follows_from_the_rest_is_dropped(void)
{
	accepted("{\"any\": [{\"dstPort\": 53}, {\"dstPort\": [50, 60]}, {\"dstPort\": 53, \"vlan\": 4}]}", 1, 1);
	CHECK_EQ(match.conditions[0].low, 50);
	accepted("{\"any\": [{\"vlan\": 1}, {}]}", 0, 0);
	accepted("{\"any\": [{\"vlan\": 1}, {\"not\": {\"vlan\": 1, \"src\": \"::/0\"}}]}", 3, 3);
	accepted("{\"src\": \"10.0.0.0/8\", \"any\": [{\"src\": \"10.1.0.0/16\"}, {\"src\": \"11.0.0.0/8\"}]}", 1, 1);
	CHECK_EQ(match.conditions[0].depth, 16);
	accepted("{\"src\": \"10.0.0.0/8\", \"not\": {\"src\": \"11.0.0.0/8\"}}", 1, 1);
	accepted("{\"src\": \"10.0.0.0/8\", \"not\": {\"src\": \"::/0\"}}", 1, 1);
	accepted("{\"dstPort\": [10, 20], \"any\": [{\"dstPort\": [15, 30]}]}", 1, 1);
	CHECK(match.conditions[0].low == 15 && match.conditions[0].high == 20);
	accepted("{\"any\": [{\"proto\": \"icmp\", \"srcPort\": 1}, {\"vlan\": 1}]}", 1, 1);	/* ICMP has no ports */
	accepted("{\"proto\": \"icmp\", \"any\": [{\"proto\": 58}, {\"proto\": 6}]}", 1, 2);	/* ICMP over IPv6 */
}

static void
refused_with(const char *json, const char *path, const char *words)
{
	struct config_issues issues = { 0 };

	CHECK_EQ(decode(json, &match, &issues), -1);
	CHECK_EQ(issues.count, 1);
	CHECK_STR(issues.list[0].path, path);
	if (strstr(issues.list[0].message, words) == NULL)
		CHECK_STR(issues.list[0].message, words);
	config_issues_free(&issues);
}

static void
refused(const char *json, const char *path)
{
	refused_with(json, path, "");
}

static void
refuses_wrong_fields(void)
{
	refused("7", "");
	refused("{\"port\": 1}", "port");
	refused("{\"vlan\": 4096}", "vlan");
	refused("{\"src\": 1}", "src");
	refused("{\"src\": \"10.0.0.1/8\"}", "src");
	refused("{\"proto\": \"sctp\"}", "proto");
	refused("{\"proto\": 256}", "proto");
	refused("{\"srcPort\": 65536}", "srcPort");
	refused("{\"dstPort\": [2, 1]}", "dstPort");
	refused("{\"dstPort\": [1]}", "dstPort");
	refused("{\"dstPort\": [1, 2, 3]}", "dstPort");
	refused("{\"any\": []}", "any");
	refused("{\"any\": {}}", "any");
	refused("{\"any\": [7]}", "any[0]");
	refused("{\"not\": []}", "not");
	refused("{\"any\": [{}, {\"not\": {\"src\": \"x\"}}]}", "any[1].not.src");
	refused("{\"not\": {\"any\": [{\"any\": [{\"foo\": 1}]}]}}", "not.any[0].any[0].foo");
}

static void
every_wrong_field_is_named(void)
{
	struct config_issues issues = { 0 };

	CHECK_EQ(decode("{\"vlan\": -1, \"any\": [{\"src\": 5}, {\"dst\": 6}], \"not\": {\"proto\": 300}}", &match, &issues), -1);
	CHECK_EQ(issues.count, 4);
	CHECK_STR(issues.list[0].path, "vlan");
	CHECK_STR(issues.list[1].path, "any[0].src");
	CHECK_STR(issues.list[2].path, "any[1].dst");
	CHECK_STR(issues.list[3].path, "not.proto");
	config_issues_free(&issues);
}

static void
refuses_what_no_frame_can_meet(void)
{
	refused_with("{\"src\": \"10.0.0.0/8\", \"dst\": \"::/0\"}", "dst", "no frame could match");
	refused_with("{\"proto\": \"icmp\", \"srcPort\": 1}", "srcPort", "no frame could match");
	refused_with("{\"proto\": 1, \"dstPort\": 1}", "dstPort", "no frame could match");
	refused_with("{\"not\": {}}", "", "no frame could match");
	refused_with("{\"vlan\": 1, \"not\": {\"vlan\": 1}}", "", "no frame could match");
	refused_with("{\"src\": \"10.0.0.0/8\", \"not\": {\"any\": [{\"src\": \"10.0.0.0/9\"}, {\"src\": \"10.128.0.0/9\"}]}}", "",
		"no frame could match");
	refused_with("{\"dstPort\": [1, 3], \"not\": {\"any\": [{\"dstPort\": 1}, {\"dstPort\": 2}, {\"dstPort\": 3}]}}", "",
		"no frame could match");
	/* A frame with ports is of one of three protocols. */
	refused_with("{\"dstPort\": 1, \"not\": {\"any\": [{\"proto\": 6}, {\"proto\": 17}, {\"proto\": 132}]}}", "",
		"no frame could match");
	refused_with("{\"proto\": 6, \"not\": {\"any\": [{\"src\": \"0.0.0.0/0\"}, {\"src\": \"::/0\"}]}}", "", "no frame could match");
	refused_with("{\"any\": [{\"proto\": 1}, {\"proto\": 2}], \"dstPort\": 9}", "", "no frame could match");
}

static char text[1 << 16];

/* {"any": [{...}, ...]} of `count` alternatives; `each` has one %u. */
static const char *
alternatives(unsigned int count, const char *each)
{
	size_t length = (size_t)snprintf(text, sizeof(text), "{\"any\": [");

	for (unsigned int i = 0; i < count; i++) {
		char one[128];
		const char *number = strstr(each, "%u");

		snprintf(one, sizeof(one), "%.*s%u%s", (int)(number - each), each, i, number + 2);
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s", i == 0 ? "" : ", ", one);
	}
	snprintf(text + length, sizeof(text) - length, "]}");
	return text;
}

static void
as_many_terms_as_the_limit_and_no_more(void)
{
	char nested[1024];

	accepted(alternatives(64, "{\"dstPort\": %u}"), 64, 64);
	refused_with(alternatives(65, "{\"dstPort\": %u}"), "", "comes to 65 conjunctions, where 64 is the most");
	refused_with(alternatives(300, "{\"dstPort\": %u}"), "", "comes to more than 256 conjunctions");
	/* One conjunction with very many conditions. */
	snprintf(nested, sizeof(nested), "{\"not\": ");
	alternatives(250, "{\"dst\": \"10.%u.0.0/16\"}");
	memmove(text + strlen(nested), text, strlen(text) + 1);
	memcpy(text, nested, strlen(nested));
	snprintf(text + strlen(text), sizeof(text) - strlen(text), "}");
	accepted(text, 1, 250);
}

/* 6 alternatives in each of k conjuncts are 6 to the k terms: refused, and soon. */
static void
terms_that_multiply_are_refused(void)
{
	size_t length = (size_t)snprintf(text, sizeof(text), "{\"not\": {\"any\": [");

	for (unsigned int i = 0; i < 40; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length,
			"%s{\"vlan\": %u, \"src\": \"10.%u.0.0/16\", \"dst\": \"11.%u.0.0/16\", \"srcPort\": %u, \"dstPort\": %u}",
			i == 0 ? "" : ",", i, i, i, i, i);
	snprintf(text + length, sizeof(text) - length, "]}}");
	refused_with(text, "", "split it into several queues");
}

static void
nesting_is_bounded(void)
{
	refused_with("{\"not\": {\"not\": {\"not\": {\"not\": {\"not\": {\"not\": {\"not\": {\"not\": {\"not\": {}}}}}}}}}}",
		"not.not.not.not.not.not.not.not.not", "nested 8 deep");
	accepted("{\"not\": {\"not\": {\"not\": {\"not\": {\"not\": {\"not\": {\"not\": {\"not\": {\"vlan\": 1}}}}}}}}}", 1, 1);
	CHECK(!match.conditions[0].negated);
}

static void
equal_matches_are_equal(void)
{
	struct match first;

	accepted("{\"proto\": \"udp\", \"dstPort\": 53}", 1, 2);
	first = match;
	accepted("{\"dstPort\": [53, 53], \"proto\": 17}", 1, 2);
	CHECK(match_equals(&first, &match));
	accepted("{\"dstPort\": [53, 54], \"proto\": 17}", 1, 2);
	CHECK(!match_equals(&first, &match));
	accepted("{\"dstPort\": 53, \"proto\": 17, \"vlan\": 1}", 1, 3);
	CHECK(!match_equals(&first, &match));
}

static void
overlap_is_found(void)
{
	static const struct { const char *a, *b; bool overlap; } cases[] = {
		{ "{}", "{}", true },
		{ "{}", "{\"vlan\": 7}", true },
		{ "{\"vlan\": 6}", "{\"vlan\": 7}", false },
		{ "{\"src\": \"10.0.0.0/8\"}", "{\"src\": \"10.1.0.0/16\"}", true },
		{ "{\"src\": \"10.0.0.0/8\"}", "{\"src\": \"11.0.0.0/8\"}", false },
		{ "{\"src\": \"10.0.0.0/8\"}", "{\"dst\": \"11.0.0.0/8\"}", true },
		{ "{\"src\": \"10.0.0.0/8\"}", "{\"dst\": \"::/0\"}", false },
		{ "{\"proto\": \"udp\"}", "{\"proto\": \"tcp\"}", false },
		{ "{\"proto\": \"icmp\"}", "{\"proto\": 58}", true },
		{ "{\"proto\": \"icmp\", \"src\": \"10.0.0.0/8\"}", "{\"proto\": 58}", false },
		{ "{\"dstPort\": [1, 10]}", "{\"dstPort\": [10, 20]}", true },
		{ "{\"dstPort\": [1, 9]}", "{\"dstPort\": [10, 20]}", false },
		{ "{\"dstPort\": [1, 9]}", "{\"proto\": 1}", false },
		{ "{\"not\": {\"vlan\": 7}}", "{\"vlan\": 7}", false },
		{ "{\"not\": {\"vlan\": 7}}", "{\"vlan\": 8}", true },
		{ "{\"not\": {\"src\": \"10.0.0.0/9\"}}", "{\"src\": \"10.0.0.0/8\"}", true },
		{ "{\"src\": \"10.0.0.0/8\", \"not\": {\"src\": \"10.0.0.0/9\"}}", "{\"src\": \"10.127.255.255/32\"}", false },
		{ "{\"src\": \"10.0.0.0/8\", \"not\": {\"src\": \"10.0.0.0/9\"}}", "{\"src\": \"10.128.0.0/32\"}", true },
		{ "{\"not\": {\"any\": [{\"src\": \"0.0.0.0/1\"}, {\"src\": \"128.0.0.0/1\"}]}}", "{\"src\": \"0.0.0.0/0\"}", false },
		{ "{\"not\": {\"any\": [{\"src\": \"0.0.0.0/1\"}, {\"src\": \"128.0.0.0/1\"}]}}", "{\"src\": \"::/0\"}", true },
		{ "{\"not\": {\"proto\": 6}, \"dstPort\": 1}", "{\"not\": {\"proto\": 17}}", true },	/* SCTP */
		{ "{\"not\": {\"any\": [{\"proto\": 6}, {\"proto\": 132}]}, \"dstPort\": 1}", "{\"not\": {\"proto\": 17}}", false },
		{ "{\"any\": [{\"vlan\": 1}, {\"vlan\": 2}]}", "{\"any\": [{\"vlan\": 3}, {\"vlan\": 2}]}", true },
		{ "{\"any\": [{\"vlan\": 1}, {\"vlan\": 2}]}", "{\"any\": [{\"vlan\": 3}, {\"vlan\": 4}]}", false },
	};

	for (size_t i = 0; i < RTE_DIM(cases); i++) {
		struct config_issues issues = { 0 };
		struct match a, b;

		CHECK_EQ(decode(cases[i].a, &a, &issues), 0);
		CHECK_EQ(decode(cases[i].b, &b, &issues), 0);
		if (match_overlaps(&a, &b) != cases[i].overlap || match_overlaps(&b, &a) != cases[i].overlap)
			CHECK_STR(cases[i].a, cases[i].b);
	}
}

/* {"not": {"any": [as many VLAN ids as one term can have conditions, every other one from `first` on]}} */
static void
all_but_many_vlans(unsigned int first, struct match *out)
{
	struct config_issues issues = { 0 };
	char *json = malloc(MATCH_CONDITIONS * 16 + 64), *at = json;

	at += sprintf(at, "{\"not\": {\"any\": [");
	for (unsigned int i = 0; i < MATCH_CONDITIONS; i++)
		at += sprintf(at, "%s{\"vlan\": %u}", i == 0 ? "" : ",", first + 2 * i);
	sprintf(at, "]}}");
	CHECK_EQ(decode(json, out, &issues), 0);
	CHECK_EQ(out->term_count, 1);
	CHECK_EQ(out->ends[0], MATCH_CONDITIONS);
	free(json);
}

/* Each condition cuts a hole of its own into what is left. */
static void
overlap_of_the_longest_terms(void)
{
	struct match a, b;

	all_but_many_vlans(0, &a);
	all_but_many_vlans(2 * MATCH_CONDITIONS, &b);
	CHECK(match_overlaps(&a, &b));
}

int
main(void)
{
	RUN(decodes_all_fields);
	RUN(any_and_not_come_to_terms);
	RUN(what_follows_from_the_rest_is_dropped);
	RUN(refuses_wrong_fields);
	RUN(every_wrong_field_is_named);
	RUN(refuses_what_no_frame_can_meet);
	RUN(as_many_terms_as_the_limit_and_no_more);
	RUN(terms_that_multiply_are_refused);
	RUN(nesting_is_bounded);
	RUN(equal_matches_are_equal);
	RUN(overlap_is_found);
	RUN(overlap_of_the_longest_terms);
	return check_summary();
}
