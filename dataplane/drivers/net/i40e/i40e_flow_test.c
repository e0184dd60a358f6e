/* SPDX-License-Identifier: BSD-3-Clause
 *
 * rte_flow on the device model: rules of the flow director, their counts, and what is hashed how.
 */
#include <rte_thash.h>

#include "i40e_model_bed.h"

/* 10.0.0.0 to 10.0.0.9, from a port: as make_packet() has it. */
static struct rte_flow *
make_rule(uint16_t from, const struct rte_flow_action *actions, struct rte_flow_error *error)
{
	const struct rte_flow_attr attr = {.ingress = 1};
	const struct rte_flow_item_ipv4 ip = {.hdr = {.src_addr = RTE_BE32(0x0A000000), .dst_addr = RTE_BE32(0x0A000009)}};
	const struct rte_flow_item_udp udp = {.hdr = {.src_port = rte_cpu_to_be_16(from)}};
	const struct rte_flow_item pattern[] = {{.type = RTE_FLOW_ITEM_TYPE_ETH}, {.type = RTE_FLOW_ITEM_TYPE_IPV4, .spec = &ip},
		{.type = RTE_FLOW_ITEM_TYPE_UDP, .spec = &udp}, {.type = RTE_FLOW_ITEM_TYPE_END}};

	return rte_flow_create(port, &attr, pattern, actions, error);
}

static void
rules_lead_mark_and_drop(void)
{
	const struct setup s = {.rx_queues = 4};
	const struct rte_flow_action_queue three = {.index = 3}, nine = {.index = 9};
	const struct rte_flow_action_mark mark = {.id = 0x12345678};
	const struct rte_flow_action lead[] = {{.type = RTE_FLOW_ACTION_TYPE_QUEUE, .conf = &three},
		{.type = RTE_FLOW_ACTION_TYPE_MARK, .conf = &mark}, {.type = RTE_FLOW_ACTION_TYPE_END}};
	const struct rte_flow_action drop[] = {{.type = RTE_FLOW_ACTION_TYPE_DROP}, {.type = RTE_FLOW_ACTION_TYPE_END}};
	const struct rte_flow_action nowhere[] = {{.type = RTE_FLOW_ACTION_TYPE_QUEUE, .conf = &nine},
		{.type = RTE_FLOW_ACTION_TYPE_END}};
	struct rte_flow_error error;
	struct rte_flow *leading;
	struct rte_mbuf *m[3];

	for (unsigned int wide = 0; wide < 3; wide++) {
		CHECK_EQ(rte_vect_set_max_simd_bitwidth((uint16_t)(128 << wide)), 0);
		start_port(&s);
		await_link(RTE_ETH_LINK_UP);
		leading = make_rule(100, lead, &error);
		CHECK(leading != NULL);
		CHECK(make_rule(100, drop, &error) == NULL);
		CHECK(make_rule(102, nowhere, &error) == NULL);
		CHECK(make_rule(101, drop, &error) != NULL);
		for (uint16_t i = 0; i < 3; i++)
			m[i] = make_packet(100u + i, 64);
		send_all(0, m, 3);
		CHECK_EQ(receive(3, m, 1), 1);
		CHECK_EQ(m[0]->ol_flags & (RTE_MBUF_F_RX_FDIR | RTE_MBUF_F_RX_FDIR_ID), RTE_MBUF_F_RX_FDIR | RTE_MBUF_F_RX_FDIR_ID);
		CHECK_EQ(m[0]->hash.fdir.hi, 0x12345678);
		rte_pktmbuf_free(m[0]);
		CHECK_EQ(receive(0, m, 1), 1);
		CHECK_EQ(rte_pktmbuf_mtod(m[0], uint8_t *)[35], 102);
		CHECK_EQ(m[0]->ol_flags & RTE_MBUF_F_RX_FDIR, 0);
		rte_pktmbuf_free(m[0]);
		CHECK_EQ(rte_flow_destroy(port, leading, &error), 0);
		m[0] = make_packet(100, 64);
		send_all(0, m, 1);
		CHECK_EQ(receive(0, m, 1), 1);
		rte_pktmbuf_free(m[0]);
		CHECK_EQ(rte_flow_flush(port, &error), 0);
		m[0] = make_packet(101, 64);
		send_all(0, m, 1);
		CHECK_EQ(receive(0, m, 1), 1);
		rte_pktmbuf_free(m[0]);
		stop_port();
	}
}

static void
counts_can_be_asked_for(void)
{
	const struct rte_flow_action_queue two = {.index = 2};
	const struct rte_flow_action count[] = {{.type = RTE_FLOW_ACTION_TYPE_COUNT}, {.type = RTE_FLOW_ACTION_TYPE_QUEUE, .conf = &two},
		{.type = RTE_FLOW_ACTION_TYPE_END}};
	const struct rte_flow_action only[] = {{.type = RTE_FLOW_ACTION_TYPE_COUNT}, {.type = RTE_FLOW_ACTION_TYPE_END}};
	struct rte_flow_query_count answer = {0};
	struct rte_flow *first, *second, *all[64];
	struct rte_flow_error error;
	struct rte_mbuf *m[8];
	unsigned int n;

	start_port(&(struct setup){.rx_queues = 4});
	await_link(RTE_ETH_LINK_UP);
	first = make_rule(200, count, &error);
	second = make_rule(201, only, &error);
	CHECK(first != NULL && second != NULL);
	for (uint16_t i = 0; i < 8; i++)
		m[i] = make_packet(i < 5 ? 200 : 201, 64);
	send_all(0, m, 8);
	CHECK_EQ(receive(2, m, 5), 5);
	CHECK_EQ(receive(0, m + 5, 3), 3);
	rte_pktmbuf_free_bulk(m, 8);
	CHECK_EQ(rte_flow_query(port, first, only, &answer, &error), 0);
	CHECK_EQ(answer.hits, 5);
	CHECK_EQ(answer.hits_set, 1);
	CHECK_EQ(answer.bytes_set, 0);
	answer.reset = 1;
	CHECK_EQ(rte_flow_query(port, second, only, &answer, &error), 0);
	CHECK_EQ(answer.hits, 3);
	CHECK_EQ(rte_flow_query(port, second, only, &answer, &error), 0);
	CHECK_EQ(answer.hits, 0);
	CHECK(rte_flow_query(port, second, count + 1, &answer, &error) < 0);
	/* There are 32, and each is free again with its rule; a new one begins at nothing. */
	for (n = 0; n < RTE_DIM(all); n++) {
		all[n] = make_rule((uint16_t)(300 + n), only, &error);
		if (all[n] == NULL)
			break;
	}
	CHECK_EQ(n, 30);
	CHECK_STR(error.message, "no counter is left");
	CHECK_EQ(rte_flow_destroy(port, first, &error), 0);
	first = make_rule(200, count, &error);
	CHECK(first != NULL);
	CHECK_EQ(rte_flow_query(port, first, only, &answer, &error), 0);
	CHECK_EQ(answer.hits, 0);
	CHECK_EQ(rte_flow_flush(port, &error), 0);
	stop_port();
}

/* ---- Hashes ---- */

static struct rte_flow_error error;

/* A rule for UDP over IPv4, or without a pattern. */
static struct rte_flow *
make_hash(bool udp, const struct rte_flow_action_rss *conf)
{
	const struct rte_flow_attr attr = {.ingress = 1};
	const struct rte_flow_item pattern[] = {{.type = RTE_FLOW_ITEM_TYPE_ETH}, {.type = RTE_FLOW_ITEM_TYPE_IPV4},
		{.type = RTE_FLOW_ITEM_TYPE_UDP}, {.type = RTE_FLOW_ITEM_TYPE_END}};
	const struct rte_flow_action actions[] = {{.type = RTE_FLOW_ACTION_TYPE_RSS, .conf = conf}, {.type = RTE_FLOW_ACTION_TYPE_END}};

	return rte_flow_create(port, &attr, udp ? pattern : pattern + 3, actions, &error);
}

/* The hash that a packet has, which may go the other way; where it comes is not asked. */
static uint32_t
hash_of(uint16_t number, bool back)
{
	struct rte_mbuf *m = make_packet(number, 64);
	uint8_t *at = rte_pktmbuf_mtod(m, uint8_t *);
	uint32_t hash = 0;

	at[36] = 0x12;
	if (back)
		for (int i = 0; i < 6; i++) {
			uint8_t *one = at + (i < 4 ? 26 + i : 30 + i), *other = one + (i < 4 ? 4 : 2), byte = *one;

			*one = *other;
			*other = byte;
		}
	send_all(0, &m, 1);
	for (int i = 0; i < WAIT_S * 1000; i++) {
		for (uint16_t q = 0; q < 4; q++)
			if (rte_eth_rx_burst(port, q, &m, 1) == 1) {
				hash = m->ol_flags & RTE_MBUF_F_RX_RSS_HASH ? m->hash.rss : 0;
				rte_pktmbuf_free(m);
				return hash;
			}
		rte_delay_us_sleep(1000);
	}
	CHECK(!"a packet did not come");
	return hash;
}

static uint32_t
expected(uint16_t number, const uint8_t *key, uint32_t words)
{
	uint32_t input[3] = {0x0A000000, 0x0A000009, (uint32_t)number << 16 | 0x1200};

	return rte_softrss(input, words, key);
}

static void
a_rule_says_what_is_hashed_and_how(void)
{
	const struct setup s = {.rx_queues = 4, .rss = RTE_ETH_RSS_NONFRAG_IPV4_TCP};
	const uint64_t udp = RTE_ETH_RSS_NONFRAG_IPV4_UDP;
	struct rte_eth_rss_conf conf = {0};
	uint8_t key[52], others[52];
	struct rte_flow *rule, *over;
	uint32_t hash;

	start_port(&s);
	await_link(RTE_ETH_LINK_UP);
	conf.rss_key = key;
	conf.rss_key_len = sizeof(key);
	CHECK_EQ(rte_eth_dev_rss_hash_conf_get(port, &conf), 0);
	/* Not hashed; then hashed; and by another function, which is another's number. */
	CHECK_EQ(hash_of(7, false), 0);
	rule = make_hash(true, &(struct rte_flow_action_rss){.func = RTE_ETH_HASH_FUNCTION_TOEPLITZ});
	CHECK(rule != NULL);
	hash = expected(7, key, 3);
	CHECK_EQ(hash_of(7, false), hash);
	CHECK(hash_of(7, true) != hash);
	over = make_hash(true, &(struct rte_flow_action_rss){.func = RTE_ETH_HASH_FUNCTION_SIMPLE_XOR, .types = udp});
	CHECK(over != NULL);
	CHECK(hash_of(7, false) != hash);
	CHECK_EQ(rte_flow_destroy(port, over, &error), 0);
	CHECK_EQ(hash_of(7, false), hash);
	/* Both ways alike. */
	over = make_hash(true, &(struct rte_flow_action_rss){.func = RTE_ETH_HASH_FUNCTION_SYMMETRIC_TOEPLITZ, .types = udp});
	CHECK(over != NULL);
	CHECK_EQ(hash_of(7, false), hash_of(7, true));
	CHECK(hash_of(7, false) != hash_of(8, false));
	CHECK_EQ(rte_flow_destroy(port, over, &error), 0);
	/* Some fields only; the rule before it stays behind it. */
	over = make_hash(true, &(struct rte_flow_action_rss){.types = udp | RTE_ETH_RSS_L3_SRC_ONLY | RTE_ETH_RSS_L3_DST_ONLY});
	CHECK(over != NULL);
	CHECK_EQ(hash_of(7, false), expected(7, key, 2));
	CHECK_EQ(hash_of(8, false), expected(7, key, 2));
	CHECK_EQ(rte_flow_destroy(port, rule, &error), 0);
	CHECK_EQ(hash_of(8, false), expected(7, key, 2));
	CHECK_EQ(rte_flow_destroy(port, over, &error), 0);
	CHECK_EQ(hash_of(7, false), 0);
	/* A key, as long as the rule is. */
	for (unsigned int i = 0; i < sizeof(others); i++)
		others[i] = (uint8_t)(i * 37 + 11);
	CHECK(make_hash(true, &(struct rte_flow_action_rss){.types = udp, .key = others, .key_len = 40}) != NULL);
	CHECK_EQ(hash_of(7, false), expected(7, others, 3));
	conf.rss_key = key;
	conf.rss_key_len = sizeof(key);
	CHECK_EQ(rte_eth_dev_rss_hash_conf_get(port, &conf), 0);
	CHECK_MEM(key, others, 40);
	CHECK_EQ(conf.rss_hf, s.rss | udp);
	/* It stays over a stop, and goes with all the others. */
	stop_port();
	start_port(&s);
	await_link(RTE_ETH_LINK_UP);
	CHECK_EQ(hash_of(7, false), expected(7, others, 3));
	CHECK_EQ(rte_flow_flush(port, &error), 0);
	CHECK_EQ(hash_of(7, false), 0);
	stop_port();
}

static void
a_rule_without_a_pattern_names_queues(void)
{
	const uint16_t last_two[] = {3, 2}, none[] = {4};
	struct rte_mbuf *m[8];
	struct rte_flow *rule;
	uint16_t got[4] = {0};

	start_port(&(struct setup){.rx_queues = 4, .rss = RTE_ETH_RSS_NONFRAG_IPV4_UDP});
	await_link(RTE_ETH_LINK_UP);
	CHECK(make_hash(false, &(struct rte_flow_action_rss){.queue = none, .queue_num = 1}) == NULL);
	rule = make_hash(false, &(struct rte_flow_action_rss){.queue = last_two, .queue_num = 2});
	CHECK(rule != NULL);
	for (uint16_t i = 0; i < 64; i++) {
		m[0] = make_packet(i, 64);
		send_all(0, m, 1);
	}
	for (int i = 0; i < WAIT_S * 1000 && got[0] + got[1] + got[2] + got[3] < 64; i++)
		for (uint16_t q = 0; q < 4; q++) {
			const uint16_t n = rte_eth_rx_burst(port, q, m, 8);

			got[q] = (uint16_t)(got[q] + n);
			rte_pktmbuf_free_bulk(m, n);
			if (n == 0)
				rte_delay_us_sleep(100);
		}
	CHECK_EQ(got[2] + got[3], 64);
	CHECK(got[2] > 0 && got[3] > 0);
	CHECK_EQ(rte_flow_destroy(port, rule, &error), 0);
	stop_port();
}

static void
what_the_hash_cannot_is_refused(void)
{
	const uint16_t queues[2] = {0, 1};
	const uint8_t key[16] = {0};
	const struct rte_flow_action_rss wrong[] = {
		{.func = RTE_ETH_HASH_FUNCTION_MAX}, {.level = 1}, {.key = key, .key_len = 16}, {.key_len = 40},
		{.types = RTE_ETH_RSS_NONFRAG_IPV4_TCP}, {.types = RTE_ETH_RSS_PORT}, {.queue = queues, .queue_num = 2},
		{.func = RTE_ETH_HASH_FUNCTION_SYMMETRIC_TOEPLITZ, .types = RTE_ETH_RSS_L3_SRC_ONLY},
	};
	const struct rte_flow_action_rss without_pattern[] = {
		{.func = RTE_ETH_HASH_FUNCTION_SYMMETRIC_TOEPLITZ}, {.queue_num = 65, .queue = queues}, {.queue_num = 1},
		{.types = RTE_ETH_RSS_NONFRAG_IPV4_OTHER | RTE_ETH_RSS_L4_SRC_ONLY},
	};
	const struct rte_flow_attr attr = {.ingress = 1};
	const struct rte_flow_item_ipv4 address = {.hdr.src_addr = 1};
	const struct rte_flow_item specific[] = {{.type = RTE_FLOW_ITEM_TYPE_IPV4, .spec = &address}, {.type = RTE_FLOW_ITEM_TYPE_END}};
	const struct rte_flow_item upside_down[] = {{.type = RTE_FLOW_ITEM_TYPE_UDP}, {.type = RTE_FLOW_ITEM_TYPE_END}};
	const struct rte_flow_action_rss good = {0};
	const struct rte_flow_action hash[] = {{.type = RTE_FLOW_ACTION_TYPE_RSS, .conf = &good}, {.type = RTE_FLOW_ACTION_TYPE_END}};
	const struct rte_flow_action empty[] = {{.type = RTE_FLOW_ACTION_TYPE_RSS}, {.type = RTE_FLOW_ACTION_TYPE_END}};
	const struct rte_flow_action drop_too[] = {hash[0], {.type = RTE_FLOW_ACTION_TYPE_DROP}, {.type = RTE_FLOW_ACTION_TYPE_END}};

	start_port(&(struct setup){.rx_queues = 4, .rss = RTE_ETH_RSS_NONFRAG_IPV4_UDP});
	for (unsigned int i = 0; i < RTE_DIM(wrong); i++)
		CHECK(make_hash(true, &wrong[i]) == NULL && error.message != NULL);
	for (unsigned int i = 0; i < RTE_DIM(without_pattern); i++)
		CHECK(make_hash(false, &without_pattern[i]) == NULL && error.message != NULL);
	CHECK(rte_flow_create(port, &attr, specific, hash, &error) == NULL);
	CHECK(rte_flow_create(port, &attr, upside_down, hash, &error) == NULL);
	CHECK(rte_flow_create(port, &attr, upside_down + 1, empty, &error) == NULL);
	CHECK(rte_flow_create(port, &attr, upside_down + 1, drop_too, &error) == NULL);
	stop_port();
}

int
main(int argc, char **argv)
{
	if (!bed_opens(argc, argv))
		return 1;
	RUN(rules_lead_mark_and_drop);
	RUN(counts_can_be_asked_for);
	RUN(a_rule_says_what_is_hashed_and_how);
	RUN(a_rule_without_a_pattern_names_queues);
	RUN(what_the_hash_cannot_is_refused);
	rte_eth_dev_close(port);
	rte_eal_cleanup();
	return check_summary();
}
