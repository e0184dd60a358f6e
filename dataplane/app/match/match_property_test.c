/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Random match trees, written as text, decoded, compiled and looked up, against an evaluation of the tree by the words of CONTROL.md. Over
 * a small world of frames nothing is left to chance: every kind of frame that the conditions can tell apart is there, so that
 * "no frame could match" and overlaps are held to be exact.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "classifier.h"

#include "check.h"

static uint64_t seed = 1;

static uint32_t
random_below(uint32_t limit)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % limit;
}

/* ---- trees ---- */

#define MOST_NODES 64
#define MOST_ANY 3
#define ICMP 1000	/* protocol: 1 or 58, as the family has it */

struct prefix { bool ipv6; unsigned int depth; uint8_t address[16]; };

struct node {
	bool has[MATCH_FIELDS];
	uint32_t vlan, proto, ports[2][2];
	struct prefix prefixes[2];
	unsigned int any_count;
	struct node *any[MOST_ANY], *not;
};

static struct node nodes[MOST_NODES];
static unsigned int node_count;
static bool small_world;

static void
random_prefix(struct prefix *prefix)
{
	memset(prefix, 0, sizeof(*prefix));
	prefix->ipv6 = random_below(2);
	if (small_world) {
		/* Around the last two bits of 10.0.0.0 and fd00::. */
		unsigned int bits = random_below(8) == 0 ? (prefix->ipv6 ? 128 : 32) : random_below(3), value = random_below(4);

		prefix->depth = (prefix->ipv6 ? 128 : 32) - bits;
		if (prefix->depth == 0)
			return;
		prefix->address[0] = prefix->ipv6 ? 0xfd : 10;
		prefix->address[prefix->ipv6 ? 15 : 3] = (uint8_t)(value >> bits << bits);
		return;
	}
	prefix->depth = random_below(prefix->ipv6 ? 129 : 33);
	for (unsigned int bit = 0; bit < prefix->depth; bit++)
		if (random_below(4) == 0)
			prefix->address[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
}

static void
random_ports(uint32_t range[2])
{
	uint32_t low = random_below(small_world ? 4 : 12), high = low + random_below(small_world ? 4 - low : 4);

	if (small_world) {
		range[0] = low;
		range[1] = high;
		return;
	}
	range[0] = random_below(8) == 0 ? 65535 - high : low;
	range[1] = random_below(8) == 0 ? 65535 : range[0] + high - low;
}

static struct node *
random_node(unsigned int depth, unsigned int one_in)
{
	static const uint32_t protocols[] = { ICMP, 1, 6, 17, 58 };
	struct node *node;

	if (node_count == MOST_NODES)
		return NULL;
	node = &nodes[node_count++];
	memset(node, 0, sizeof(*node));
	for (unsigned int field = 0; field < MATCH_FIELDS; field++)
		node->has[field] = random_below(one_in) == 0;
	node->vlan = random_below(small_world ? 2 : 4) + (small_world || random_below(4) != 0 ? 0 : 4092);
	random_prefix(&node->prefixes[0]);
	random_prefix(&node->prefixes[1]);
	node->proto = protocols[random_below(RTE_DIM(protocols))];
	random_ports(node->ports[0]);
	random_ports(node->ports[1]);
	if (depth == 0)
		return node;
	if (random_below(2) == 0)
		for (unsigned int i = random_below(MOST_ANY + 1); i > 0; i--) {
			struct node *inner = random_node(depth - 1, one_in);

			if (inner != NULL)
				node->any[node->any_count++] = inner;
		}
	if (random_below(2) == 0)
		node->not = random_node(depth - 1, one_in);
	return node;
}

/* ---- as text ---- */

static char text[1 << 16];
static size_t text_length;

static void write_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void
write_text(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_length += (size_t)vsnprintf(text + text_length, sizeof(text) - text_length, format, arguments);
	va_end(arguments);
}

static void
write_prefix(const char *key, const struct prefix *prefix)
{
	const uint8_t *a = prefix->address;

	write_text("\"%s\": \"", key);
	if (!prefix->ipv6)
		write_text("%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
	for (unsigned int i = 0; i < 16 && prefix->ipv6; i += 2)
		write_text("%s%x", i == 0 ? "" : ":", a[i] << 8 | a[i + 1]);
	write_text("/%u\",", prefix->depth);
}

static void
write_node(const struct node *node)
{
	write_text("{");
	if (node->has[MATCH_VLAN])
		write_text("\"vlan\": %u,", node->vlan);
	if (node->has[MATCH_SRC])
		write_prefix("src", &node->prefixes[0]);
	if (node->has[MATCH_DST])
		write_prefix("dst", &node->prefixes[1]);
	if (node->has[MATCH_PROTO] && node->proto == ICMP)
		write_text("\"proto\": \"icmp\",");
	else if (node->has[MATCH_PROTO])
		write_text("\"proto\": %u,", node->proto);
	for (unsigned int i = 0; i < 2; i++)
		if (node->has[MATCH_SRC_PORT + i])
			write_text("\"%s\": [%u, %u],", i == 0 ? "srcPort" : "dstPort", node->ports[i][0], node->ports[i][1]);
	if (node->any_count > 0) {
		write_text("\"any\": [");
		for (unsigned int i = 0; i < node->any_count; i++) {
			if (i > 0)
				write_text(",");
			write_node(node->any[i]);
		}
		write_text("],");
	}
	if (node->not != NULL) {
		write_text("\"not\": ");
		write_node(node->not);
		write_text(",");
	}
	if (text[text_length - 1] == ',')
		text_length--;
	write_text("}");
}

/* ---- by its words ---- */

static bool
in_prefix(const struct prefix *prefix, const struct frame_key *key, bool source)
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
	for (unsigned int bit = 0; bit < prefix->depth; bit++)
		if ((address[bit / 8] ^ prefix->address[bit / 8]) & (0x80 >> bit % 8))
			return false;
	return true;
}

static bool
takes(const struct node *node, const struct frame_key *key)
{
	bool any = node->any_count == 0;

	if (node->has[MATCH_VLAN] && key->vlan != node->vlan)
		return false;
	if ((node->has[MATCH_SRC] && !in_prefix(&node->prefixes[0], key, true)) ||
			(node->has[MATCH_DST] && !in_prefix(&node->prefixes[1], key, false)))
		return false;
	if (node->has[MATCH_PROTO] && (key->family == FRAME_NOT_IP ||
			key->proto != (node->proto != ICMP ? node->proto : key->family == FRAME_IPV6 ? 58 : 1)))
		return false;
	for (unsigned int i = 0; i < 2; i++) {
		uint32_t port = i == 0 ? key->src_port : key->dst_port;

		if (node->has[MATCH_SRC_PORT + i] && (port == FRAME_KEY_NO_PORT || port < node->ports[i][0] || port > node->ports[i][1]))
			return false;
	}
	for (unsigned int i = 0; i < node->any_count && !any; i++)
		any = takes(node->any[i], key);
	return any && (node->not == NULL || !takes(node->not, key));
}

/* 0: decoded, 1: no frame could match, 2: too large. */
static int
decode_node(const struct node *node, struct match *match)
{
	struct config_issues issues = { 0 };
	struct arena *arena = arena_create(1 << 20);
	const struct value *value;
	char error[256];
	int result;

	text_length = 0;
	write_node(node);
	value = value_from_json(arena, text, text_length, error, sizeof(error));
	CHECK(value != NULL);
	result = match_from_value(value, match, &issues);
	arena_destroy(arena);
	if (result == 0)
		return 0;
	if (issues.count != 1)
		CHECK_STR(issues.list[0].path, issues.list[0].message);
	result = strstr(issues.list[0].message, "no frame could match") != NULL ? 1 : 2;
	if (result == 2 && strstr(issues.list[0].message, "split it into several queues") == NULL)
		CHECK_STR(text, issues.list[0].message);
	config_issues_free(&issues);
	return result;
}

static bool
is_in(const struct rule_set *set, unsigned int rule)
{
	return set->words[rule / 64] >> rule % 64 & 1;
}

/* ---- every frame of a small world ---- */

#define WORLD 17000
static struct frame_key world[WORLD];
static unsigned int world_frames;

static void
add_frames(enum frame_family family, uint32_t proto, uint32_t src_port, uint32_t dst_port)
{
	for (uint32_t vlan = 0; vlan < 4; vlan++)
		for (uint32_t src = 0; src < (family == FRAME_NOT_IP ? 1 : 5); src++)
			for (uint32_t dst = 0; dst < (family == FRAME_NOT_IP ? 1 : 5); dst++)
				world[world_frames++] = (struct frame_key){
					.family = (uint8_t)family, .proto = (uint8_t)proto,
					.vlan = vlan == 3 ? FRAME_KEY_NO_VLAN : (uint16_t)vlan,
					.src_port = src_port, .dst_port = dst_port, .src4 = 0x0a000000 + src, .dst4 = 0x0a000000 + dst,
					.src6 = { UINT64_C(0xfd00000000000000), src }, .dst6 = { UINT64_C(0xfd00000000000000), dst },
				};
}

static void
make_world(void)
{
	static const uint32_t plain[] = { 1, 6, 17, 58, 99 }, with_ports[] = { 6, 17, 132 };

	world_frames = 0;
	add_frames(FRAME_NOT_IP, 0, FRAME_KEY_NO_PORT, FRAME_KEY_NO_PORT);
	for (enum frame_family family = FRAME_IPV4; family <= FRAME_IPV6; family++) {
		for (size_t i = 0; i < RTE_DIM(plain); i++)
			add_frames(family, plain[i], FRAME_KEY_NO_PORT, FRAME_KEY_NO_PORT);
		for (size_t i = 0; i < RTE_DIM(with_ports); i++)
			for (uint32_t ports = 0; ports < 25; ports++)
				add_frames(family, with_ports[i], ports / 5, ports % 5);
	}
	CHECK(world_frames <= WORLD);
}

static void
matches_of_a_small_world_are_exact(void)
{
	unsigned int decoded = 0, nothing = 0, several = 0, apart = 0;
	static struct match match[2];

	small_world = true;
	make_world();
	for (unsigned int round = 0; round < 250; round++) {
		const struct match *rules[2] = { &match[0], &match[1] };
		struct node *tree[2];
		struct classifier *classifier;
		bool meet = false;
		int result[2];

		node_count = 0;
		for (unsigned int i = 0; i < 2; i++) {
			unsigned int taken = 0;

			tree[i] = random_node(1 + round % 3, 2 + round % 4);
			result[i] = decode_node(tree[i], &match[i]);
			if (result[i] == 0)
				continue;
			for (unsigned int f = 0; f < world_frames && result[i] == 1; f++)
				taken += takes(tree[i], &world[f]);
			CHECK_EQ(taken, 0);
			nothing += result[i] == 1;
		}
		if (result[0] != 0 || result[1] != 0)
			continue;
		decoded++;
		several += match[0].term_count > 1;
		classifier = classifier_compile(rules, 2);
		CHECK(classifier != NULL);
		for (unsigned int i = 0; i < 2; i++) {
			unsigned int taken = 0, wrong = 0;

			for (unsigned int f = 0; f < world_frames; f++) {
				struct rule_set set;
				bool expected = takes(tree[i], &world[f]);

				classifier_lookup(classifier, &world[f], &set);
				taken += expected;
				wrong += is_in(&set, i) != expected;
				meet |= i == 1 && expected && takes(tree[0], &world[f]);
			}
			CHECK_EQ(wrong, 0);
			CHECK(taken > 0);
		}
		classifier_free(classifier);
		CHECK_EQ(match_overlaps(&match[0], &match[1]), meet);
		apart += !meet;
	}
	printf("    %u pairs, %u of several terms, %u apart; %u matches that take nothing\n", decoded, several, apart, nothing);
	CHECK(decoded > 60 && several > 30 && apart > 10 && nothing > 10);
}

/* ---- all widths of numbers, many rules ---- */

static void
random_key(struct frame_key *key)
{
	static const uint8_t protocols[] = { 0, 1, 58, 6, 17, 132 };
	uint8_t proto = protocols[random_below(RTE_DIM(protocols))];
	uint64_t words[4];

	for (int i = 0; i < 4; i++)
		words[i] = ((uint64_t)random_below(UINT32_MAX) << 32 | random_below(UINT32_MAX)) & (random_below(2) ? 0 : UINT64_MAX) &
			((uint64_t)random_below(UINT32_MAX) << 32 | random_below(UINT32_MAX));
	*key = (struct frame_key){
		.family = (uint8_t)random_below(3),
		.vlan = (uint16_t)(random_below(2) ? FRAME_KEY_NO_VLAN : random_below(5) + (random_below(3) ? 0 : 4091)),
		.src4 = (uint32_t)(words[0] >> 32), .dst4 = (uint32_t)(words[1] >> 32),
		.src6 = { words[0], words[1] }, .dst6 = { words[2], words[3] },
		.proto = proto,
		.src_port = random_below(16), .dst_port = 65535 - random_below(16),
	};
	if (random_below(16) == 0)
		key->src4 = UINT32_MAX;
	if (random_below(16) == 0)
		key->src6 = (struct address128){ UINT64_MAX, UINT64_MAX };
	if (key->family == FRAME_NOT_IP || (proto != 6 && proto != 17 && proto != 132) || random_below(4) == 0)
		key->src_port = key->dst_port = FRAME_KEY_NO_PORT;
}

/* Returns how often a frame met a match. */
static unsigned int
check_many(unsigned int count, unsigned int depth, unsigned int frames)
{
	static struct match match[WDPDK_LIMIT_QUEUES];
	static struct node trees[WDPDK_LIMIT_QUEUES][MOST_NODES];
	const struct match *rules[WDPDK_LIMIT_QUEUES];
	struct classifier *classifier;
	unsigned int hits = 0, wrong = 0;

	for (unsigned int i = 0; i < count;) {
		node_count = 0;
		random_node(depth, 4);
		if (decode_node(&nodes[0], &match[i]) != 0)
			continue;
		memcpy(trees[i], nodes, sizeof(nodes));
		/* The copy's links lead into the copy. */
		for (unsigned int n = 0; n < node_count; n++) {
			struct node *node = &trees[i][n];

			for (unsigned int k = 0; k < node->any_count; k++)
				node->any[k] = &trees[i][node->any[k] - nodes];
			if (node->not != NULL)
				node->not = &trees[i][node->not - nodes];
		}
		rules[i] = &match[i];
		i++;
	}
	classifier = classifier_compile(rules, count);
	CHECK(classifier != NULL);
	for (unsigned int frame = 0; frame < frames; frame++) {
		struct frame_key key;
		struct rule_set set;

		memset(&set, 0xff, sizeof(set));
		random_key(&key);
		classifier_lookup(classifier, &key, &set);
		for (unsigned int rule = 0; rule < count; rule++) {
			bool expected = takes(trees[rule], &key);

			hits += expected;
			wrong += is_in(&set, rule) != expected;
		}
		/* What lies behind the rules in the words that are used is no rule. */
		for (unsigned int rule = count; rule < RTE_ALIGN_CEIL(count, 64); rule++)
			wrong += is_in(&set, rule);
	}
	classifier_free(classifier);
	CHECK_EQ(wrong, 0);
	return hits;
}

static void
many_matches_are_told_apart(void)
{
	static const unsigned int counts[] = { 0, 1, 2, 5, 63, 64, 65, 256 };

	unsigned int simple = 0, nested = 0;

	small_world = false;
	for (unsigned int round = 0; round < RTE_DIM(counts); round++) {
		simple += check_many(counts[round], 0, 2000);
		nested += check_many(counts[round], 2, 400);
	}
	CHECK(simple > 10000 && nested > 10000);
}

int
main(void)
{
	RUN(matches_of_a_small_world_are_exact);
	RUN(many_matches_are_told_apart);
	return check_summary();
}
