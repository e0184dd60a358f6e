/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Decoding matches, and the compiled classifier against an evaluation of each match by its definition.
 */
#include <stdlib.h>

#include <rte_ether.h>

#include "classifier.h"

#include "check.h"

static uint64_t seed = 1;

static uint32_t
random_below(uint32_t limit)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % limit;
}

static int
decode(const char *json, struct match *match, struct config_issues *issues)
{
	struct arena *arena = arena_create(1 << 16);
	char error[256];
	int result = match_from_value(value_from_json(arena, json, strlen(json), error, sizeof(error)), match, issues);

	arena_destroy(arena);
	return result;
}

static void
decodes_all_fields(void)
{
	struct config_issues issues = { 0 };
	struct match match;

	CHECK_EQ(match_from_value(NULL, &match, &issues), 0);
	CHECK(!match.has_vlan && !match.has_src && !match.has_proto);
	CHECK_EQ(decode("{}", &match, &issues), 0);
	CHECK_EQ(decode("{\"vlan\": 5, \"src\": \"10.0.0.0/8\", \"dst\": \"10.1.0.0/16\", \"proto\": \"udp\", \"srcPort\": 53,"
		"\"dstPort\": [1024, 65535]}", &match, &issues), 0);
	CHECK(match.has_vlan && match.vlan == 5);
	CHECK(match.has_src && match.src.depth == 8 && match.has_dst && match.dst.depth == 16);
	CHECK(match.has_proto && match.proto == 17 && !match.proto_is_icmp);
	CHECK(match.has_src_port && match.src_port[0] == 53 && match.src_port[1] == 53);
	CHECK(match.has_dst_port && match.dst_port[0] == 1024 && match.dst_port[1] == 65535);
	CHECK_EQ(decode("{\"proto\": \"icmp\"}", &match, &issues), 0);
	CHECK(match.proto_is_icmp);
	CHECK_EQ(decode("{\"proto\": 89, \"vlan\": null}", &match, &issues), 0);
	CHECK_EQ(match.proto, 89);
	CHECK_EQ(issues.count, 0);
}

static void
refused(const char *json, const char *path)
{
	struct config_issues issues = { 0 };
	struct match match;

	CHECK_EQ(decode(json, &match, &issues), -1);
	CHECK_EQ(issues.count, 1);
	CHECK_STR(issues.list[0].path, path);
	config_issues_free(&issues);
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
	refused("{\"src\": \"10.0.0.0/8\", \"dst\": \"::/0\"}", "dst");
	refused("{\"proto\": \"icmp\", \"srcPort\": 1}", "srcPort");
}

/* ---- the classifier against the definition ---- */

static bool
in_prefix(const struct route_config *prefix, const struct frame_key *key, bool source)
{
	uint8_t address[16] = { 0 };
	const struct address128 *six = source ? &key->src6 : &key->dst6;
	uint32_t four = source ? key->src4 : key->dst4;

	if (key->family != (prefix->ipv6 ? FRAME_IPV6 : FRAME_IPV4))
		return false;
	for (int i = 0; i < 8 && prefix->ipv6; i++) {
		address[i] = (uint8_t)(six->high >> (56 - 8 * i));
		address[8 + i] = (uint8_t)(six->low >> (56 - 8 * i));
	}
	for (int i = 0; i < 4 && !prefix->ipv6; i++)
		address[i] = (uint8_t)(four >> (24 - 8 * i));
	for (int bit = 0; bit < prefix->depth; bit++)
		if ((address[bit / 8] ^ prefix->address[bit / 8]) & (0x80 >> bit % 8))
			return false;
	return true;
}

static bool
matches(const struct match *match, const struct frame_key *key)
{
	bool ip = key->family != FRAME_NOT_IP;

	if (match->has_vlan && key->vlan != match->vlan)
		return false;
	if ((match->has_src && !in_prefix(&match->src, key, true)) || (match->has_dst && !in_prefix(&match->dst, key, false)))
		return false;
	if (match->has_proto && (!ip || key->proto != (match->proto_is_icmp && key->family == FRAME_IPV6 ? 58 : match->proto)))
		return false;
	if (match->has_src_port && (!ip || key->src_port < match->src_port[0] || key->src_port > match->src_port[1]))
		return false;
	return !match->has_dst_port || (ip && key->dst_port >= match->dst_port[0] && key->dst_port <= match->dst_port[1]);
}

static void
random_prefix(struct route_config *prefix)
{
	memset(prefix, 0, sizeof(*prefix));
	prefix->ipv6 = random_below(2);
	prefix->depth = (uint8_t)random_below(prefix->ipv6 ? 129 : 33);
	for (unsigned int bit = 0; bit < prefix->depth; bit++)
		if (random_below(4) == 0)
			prefix->address[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
}

static void
random_ports(uint16_t range[2])
{
	uint32_t low = random_below(12), high = low + random_below(4);

	range[0] = (uint16_t)(random_below(8) == 0 ? 65535 - high : low);
	range[1] = (uint16_t)(random_below(8) == 0 ? 65535 : range[0] + high - low);
}

static void
random_match(struct match *match)
{
	memset(match, 0, sizeof(*match));
	match->has_vlan = random_below(3) == 0;
	match->vlan = (uint16_t)random_below(4);
	match->has_src = random_below(3) == 0;
	random_prefix(&match->src);
	match->has_dst = random_below(3) == 0;
	random_prefix(&match->dst);
	match->has_proto = random_below(3) == 0;
	match->proto_is_icmp = random_below(3) == 0;
	match->proto = match->proto_is_icmp ? 1 : (uint8_t)random_below(3);
	match->has_src_port = random_below(4) == 0;
	random_ports(match->src_port);
	match->has_dst_port = random_below(4) == 0;
	random_ports(match->dst_port);
}

static void
random_key(struct frame_key *key)
{
	uint64_t words[4];

	for (int i = 0; i < 4; i++)
		words[i] = ((uint64_t)random_below(UINT32_MAX) << 32 | random_below(UINT32_MAX)) & (random_below(2) ? 0 : UINT64_MAX) &
			((uint64_t)random_below(UINT32_MAX) << 32 | random_below(UINT32_MAX));
	*key = (struct frame_key){
		.family = (enum frame_family)random_below(3), .vlan = random_below(2) ? FRAME_KEY_NO_VLAN : random_below(5),
		.src4 = (uint32_t)(words[0] >> 32), .dst4 = (uint32_t)(words[1] >> 32),
		.src6 = { words[0], words[1] }, .dst6 = { words[2], words[3] },
		.proto = random_below(4) == 0 ? 58 : (uint8_t)random_below(3),
		.src_port = random_below(3) == 0 ? FRAME_KEY_NO_PORT : random_below(16),
		.dst_port = random_below(3) == 0 ? FRAME_KEY_NO_PORT : 65535 - random_below(16),
	};
	if (key->family == FRAME_NOT_IP)
		key->src_port = key->dst_port = FRAME_KEY_NO_PORT;
}

static void
agrees_with_the_definition(void)
{
	static struct match all[WDPDK_LIMIT_QUEUES];
	const struct match *rules[WDPDK_LIMIT_QUEUES];
	static const unsigned int counts[] = { 0, 1, 2, 5, 63, 64, 65, 256 };
	unsigned int hits = 0;

	for (unsigned int round = 0; round < 40; round++) {
		unsigned int count = counts[round % RTE_DIM(counts)];
		struct classifier *classifier;

		for (unsigned int i = 0; i < count; i++) {
			random_match(&all[i]);
			rules[i] = &all[i];
		}
		classifier = classifier_compile(rules, count);
		CHECK(classifier != NULL);
		for (int frame = 0; frame < 2000; frame++) {
			struct frame_key key;
			struct rule_set set;

			random_key(&key);
			classifier_lookup(classifier, &key, &set);
			for (unsigned int rule = 0; rule < count; rule++) {
				bool expected = matches(rules[rule], &key);

				hits += expected;
				if ((set.words[rule / 64] >> rule % 64 & 1) != expected) {
					classifier_free(classifier);
					CHECK_EQ(!expected, expected);
				}
			}
			for (unsigned int rule = count; rule < WDPDK_LIMIT_QUEUES; rule++)
				CHECK((set.words[rule / 64] >> rule % 64 & 1) == 0);
		}
		classifier_free(classifier);
	}
	CHECK(hits > 100000);	/* the comparison has met matches, not only misses */
	CHECK(classifier_compile(rules, WDPDK_LIMIT_QUEUES + 1) == NULL);
}

static void
overlap_is_found(void)
{
	static const struct { const char *a, *b; bool overlap; } cases[] = {
		{ "{}", "{}", true },
		{ "{}", "{\"vlan\": 1}", true },
		{ "{\"vlan\": 2}", "{\"vlan\": 1}", false },
		{ "{\"src\": \"10.0.0.0/8\"}", "{\"src\": \"10.1.0.0/16\"}", true },
		{ "{\"src\": \"10.0.0.0/8\"}", "{\"src\": \"11.0.0.0/8\"}", false },
		{ "{\"src\": \"10.0.0.0/8\"}", "{\"dst\": \"11.0.0.0/8\"}", true },
		{ "{\"src\": \"10.0.0.0/8\"}", "{\"dst\": \"::/0\"}", false },
		{ "{\"src\": \"fd00::/8\"}", "{\"src\": \"fd77::/64\"}", true },
		{ "{\"proto\": \"udp\"}", "{\"proto\": \"tcp\"}", false },
		{ "{\"proto\": \"icmp\"}", "{\"proto\": 1}", true },
		{ "{\"proto\": \"icmp\"}", "{\"proto\": 58}", true },
		{ "{\"proto\": \"icmp\", \"src\": \"10.0.0.0/8\"}", "{\"proto\": 58}", false },
		{ "{\"dstPort\": [1, 10]}", "{\"dstPort\": [10, 20]}", true },
		{ "{\"dstPort\": [1, 9]}", "{\"dstPort\": [10, 20]}", false },
		{ "{\"dstPort\": 5}", "{\"srcPort\": 5}", true },
	};

	for (size_t i = 0; i < RTE_DIM(cases); i++) {
		struct config_issues issues = { 0 };
		struct match a, b;

		CHECK_EQ(decode(cases[i].a, &a, &issues), 0);
		CHECK_EQ(decode(cases[i].b, &b, &issues), 0);
		if (match_overlaps(&a, &b) != cases[i].overlap)
			printf("    %s and %s\n", cases[i].a, cases[i].b);
		CHECK_EQ(match_overlaps(&a, &b), cases[i].overlap);
		CHECK_EQ(match_overlaps(&b, &a), cases[i].overlap);
	}
}

int
main(void)
{
	RUN(decodes_all_fields);
	RUN(refuses_wrong_fields);
	RUN(agrees_with_the_definition);
	RUN(overlap_is_found);
	return check_summary();
}
