/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The whole driver on the device model.
 */
#include "i40e_model_bed.h"

static void
the_port_is_an_xl710(void)
{
	struct rte_eth_dev_info info;
	char version[64];

	CHECK_EQ(rte_eth_dev_info_get(port, &info), 0);
	CHECK_STR(info.driver_name, "net_i40e");
	CHECK_EQ(info.max_rx_queues, 64);
	CHECK_EQ(info.reta_size, 512);
	CHECK_EQ(info.max_mtu, 9702);
	CHECK_EQ(rte_eth_dev_fw_version_get(port, version, sizeof(version)), 0);
	CHECK(rte_eth_dev_fw_version_get(port, version, 3) > 3);
	CHECK(rte_eth_dev_get_eeprom_length(port) >= 1024);
	CHECK_EQ(rte_eth_macaddr_get(port, &own), 0);
	CHECK(rte_is_valid_assigned_ether_addr(&own));
}

/* A QSFP+ plug of a copper cable: its lower part, then its pages. */
static void
the_plug_has_a_memory(void)
{
	struct rte_eth_dev_module_info module;
	struct rte_dev_eeprom_info info = {0};
	uint8_t all[RTE_ETH_MODULE_SFF_8636_MAX_LEN], part[200], sum = 0;

	CHECK_EQ(rte_eth_dev_get_module_info(port, &module), 0);
	CHECK_EQ(module.type, RTE_ETH_MODULE_SFF_8636);
	CHECK_EQ(module.eeprom_len, sizeof(all));
	info.data = all;
	info.length = sizeof(all);
	CHECK_EQ(rte_eth_dev_get_module_eeprom(port, &info), 0);
	CHECK_EQ(all[0], 0x0D);
	CHECK_EQ(all[128], 0x0D);
	CHECK_MEM(all + 148, "wdpdk           ", 16);
	for (unsigned int i = 128; i < 191; i++)
		sum = (uint8_t)(sum + all[i]);
	CHECK_EQ(all[191], sum);
	/* Each page is another. */
	CHECK(memcmp(all + 256, all + 384, 128) != 0 && memcmp(all + 384, all + 512, 128) != 0);
	info.data = part;
	info.offset = 300;
	info.length = sizeof(part);
	CHECK_EQ(rte_eth_dev_get_module_eeprom(port, &info), 0);
	CHECK_MEM(part, all + 300, sizeof(part));
	info.offset = 500;
	CHECK_EQ(rte_eth_dev_get_module_eeprom(port, &info), -EINVAL);
}

static void
link_comes_up_at_40g(void)
{
	const struct setup s = {.rx_queues = 1};
	struct rte_eth_link link;

	start_port(&s);
	await_link(RTE_ETH_LINK_UP);
	CHECK_EQ(rte_eth_link_get(port, &link), 0);
	CHECK_EQ(link.link_speed, RTE_ETH_SPEED_NUM_40G);
	stop_port();
}

static void
io_on_every_path(void)
{
	static const struct {
		uint16_t bits;
		uint64_t rx_offloads, tx_offloads;
	} paths[] = {
		{RTE_VECT_SIMD_128, 0, 0}, {RTE_VECT_SIMD_256, 0, RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE},
		{RTE_VECT_SIMD_512, 0, RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE}, {RTE_VECT_SIMD_256, 0, 0},
		{RTE_VECT_SIMD_256, RTE_ETH_RX_OFFLOAD_SCATTER, RTE_ETH_TX_OFFLOAD_MULTI_SEGS},
	};

	for (unsigned int i = 0; i < RTE_DIM(paths); i++) {
		const struct setup s = {.rx_offloads = paths[i].rx_offloads, .tx_offloads = paths[i].tx_offloads, .descriptors = 128};
		struct rte_eth_burst_mode rx, tx;

		CHECK_EQ(rte_vect_set_max_simd_bitwidth(paths[i].bits), 0);
		start_port(&s);
		await_link(RTE_ETH_LINK_UP);
		CHECK_EQ(rte_eth_rx_burst_mode_get(port, 0, &rx), 0);
		CHECK_EQ(rte_eth_tx_burst_mode_get(port, 0, &tx), 0);
		printf("     receive \"%s\", transmit \"%s\"\n", rx.info, tx.info);
		round_trip(1000, 60);
		round_trip(300, 1514);
		stop_port();
	}
	CHECK_EQ(rte_vect_set_max_simd_bitwidth(RTE_VECT_SIMD_512), 0);
}

static void
counters_count_what_went(void)
{
	const struct setup s = {.rx_queues = 1};
	struct rte_eth_stats stats;
	struct rte_eth_xstat_name names[200];
	struct rte_eth_xstat values[200];
	int n;

	start_port(&s);
	await_link(RTE_ETH_LINK_UP);
	CHECK_EQ(rte_eth_stats_reset(port), 0);
	round_trip(500, 100);
	for (int i = 0; i < WAIT_S * 100; i++) {
		CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
		if (stats.ipackets == 500 && stats.opackets == 500)
			break;
		rte_delay_us_sleep(10000);
	}
	CHECK_EQ(stats.ipackets, 500);
	CHECK_EQ(stats.opackets, 500);
	CHECK_EQ(stats.ibytes, 50000);
	CHECK_EQ(stats.obytes, 50000);
	CHECK_EQ(stats.imissed + stats.ierrors + stats.oerrors, 0);
	n = rte_eth_xstats_get_names(port, names, RTE_DIM(names));
	CHECK(n > 40);
	CHECK_EQ(rte_eth_xstats_get(port, values, RTE_DIM(values)), n);
	for (int i = 0; i < n; i++) {
		if (strcmp(names[i].name, "rx_unicast_packets") == 0)
			CHECK_EQ(values[i].value, 500);
		if (strcmp(names[i].name, "rx_size_65_to_127_packets") == 0)
			CHECK_EQ(values[i].value, 500);
	}
	CHECK_EQ(rte_eth_stats_reset(port), 0);
	CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
	CHECK_EQ(stats.ipackets, 0);
	stop_port();
}

static void
stops_and_starts_many_times(void)
{
	for (int i = 0; i < 60; i++) {
		const struct setup s = {.rx_queues = (uint16_t)(1 + i % 4), .tx_queues = (uint16_t)(1 + i % 3),
			.descriptors = (uint16_t)(64 + i % 5 * 96)};

		start_port(&s);
		if (i % 10 == 0) {
			await_link(RTE_ETH_LINK_UP);
			round_trip(100, 64);
		}
		stop_port();
	}
}

static void
queues_stop_and_start_alone(void)
{
	const struct setup s = {.rx_queues = 2, .tx_queues = 2};
	struct rte_mbuf *m;

	start_port(&s);
	await_link(RTE_ETH_LINK_UP);
	for (int i = 0; i < 10; i++) {
		CHECK_EQ(rte_eth_dev_rx_queue_stop(port, 0), 0);
		CHECK_EQ(rte_eth_dev_tx_queue_stop(port, 0), 0);
		CHECK_EQ(rte_eth_dev_tx_queue_stop(port, 1), 0);
		CHECK_EQ(rte_eth_dev_rx_queue_start(port, 0), 0);
		CHECK_EQ(rte_eth_dev_tx_queue_start(port, 1), 0);
		CHECK_EQ(rte_eth_dev_tx_queue_start(port, 0), 0);
		round_trip(100, 64);
		m = make_packet(7, 64);
		send_all(1, &m, 1);
		CHECK_EQ(receive(0, &m, 1), 1);
		rte_pktmbuf_free(m);
	}
	stop_port();
}

static void
descriptors_tell_their_state(void)
{
	const struct setup s = {.descriptors = 64};
	struct rte_mbuf *m[4];

	start_port(&s);
	await_link(RTE_ETH_LINK_UP);
	CHECK_EQ(rte_eth_rx_descriptor_status(port, 0, 0), RTE_ETH_RX_DESC_AVAIL);
	CHECK_EQ(rte_eth_tx_descriptor_status(port, 0, 0), RTE_ETH_TX_DESC_DONE);
	CHECK_EQ(rte_eth_rx_descriptor_status(port, 0, 64), -EINVAL);
	for (unsigned int i = 0; i < RTE_DIM(m); i++)
		m[i] = make_packet(i, 64);
	send_all(0, m, RTE_DIM(m));
	for (int i = 0; i < WAIT_S * 100 && rte_eth_rx_descriptor_status(port, 0, 3) != RTE_ETH_RX_DESC_DONE; i++)
		rte_delay_us_sleep(10000);
	CHECK_EQ(rte_eth_rx_descriptor_status(port, 0, 3), RTE_ETH_RX_DESC_DONE);
	CHECK_EQ(rte_eth_rx_queue_count(port, 0), 4);
	CHECK_EQ(receive(0, m, RTE_DIM(m)), RTE_DIM(m));
	CHECK_EQ(rte_eth_rx_descriptor_status(port, 0, 63), RTE_ETH_RX_DESC_UNAVAIL);
	for (unsigned int i = 0; i < RTE_DIM(m); i++)
		rte_pktmbuf_free(m[i]);
	stop_port();
}

static void
tags_are_put_in_and_taken_out(void)
{
	const struct setup s = {.rx_offloads = RTE_ETH_RX_OFFLOAD_VLAN_STRIP, .tx_offloads = RTE_ETH_TX_OFFLOAD_VLAN_INSERT};
	struct rte_mbuf *m;

	start_port(&s);
	await_link(RTE_ETH_LINK_UP);
	m = make_packet(1, 100);
	m->ol_flags = RTE_MBUF_F_TX_VLAN;
	m->vlan_tci = 0x6123;
	send_all(0, &m, 1);
	CHECK_EQ(receive(0, &m, 1), 1);
	CHECK_EQ(m->ol_flags & (RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED), RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED);
	CHECK_EQ(m->vlan_tci, 0x6123);
	CHECK_EQ(m->pkt_len, 100);
	rte_pktmbuf_free(m);
	/* Not taken out: it stands in the data. */
	CHECK_EQ(rte_eth_dev_set_vlan_offload(port, 0), 0);
	m = make_packet(1, 100);
	m->ol_flags = RTE_MBUF_F_TX_VLAN;
	m->vlan_tci = 0x0005;
	send_all(0, &m, 1);
	CHECK_EQ(receive(0, &m, 1), 1);
	CHECK_EQ(m->ol_flags & RTE_MBUF_F_RX_VLAN, 0);
	CHECK_EQ(m->pkt_len, 104);
	CHECK_EQ(rte_pktmbuf_mtod(m, uint8_t *)[12], 0x81);
	CHECK_EQ(rte_pktmbuf_mtod(m, uint8_t *)[15], 5);
	rte_pktmbuf_free(m);
	/* Filtered: only what is let in. */
	CHECK_EQ(rte_eth_dev_set_vlan_offload(port, RTE_ETH_VLAN_FILTER_OFFLOAD), 0);
	CHECK_EQ(rte_eth_dev_vlan_filter(port, 6, 1), 0);
	for (uint16_t tag = 5; tag <= 6; tag++) {
		m = make_packet(tag, 100);
		m->ol_flags = RTE_MBUF_F_TX_VLAN;
		m->vlan_tci = tag;
		send_all(0, &m, 1);
	}
	CHECK_EQ(receive(0, &m, 1), 1);
	CHECK_EQ(rte_pktmbuf_mtod(m, uint8_t *)[15], 6);
	rte_pktmbuf_free(m);
	CHECK_EQ(rte_eth_dev_vlan_filter(port, 6, 0), 0);
	CHECK_EQ(rte_eth_dev_set_vlan_offload(port, 0), 0);
	stop_port();
}

static void
checksums_are_made_and_checked(void)
{
	const struct setup s = {.tx_offloads = RTE_ETH_TX_OFFLOAD_IPV4_CKSUM | RTE_ETH_TX_OFFLOAD_UDP_CKSUM,
		.rx_offloads = RTE_ETH_RX_OFFLOAD_CHECKSUM};
	struct rte_mbuf *m;
	struct rte_ipv4_hdr *ip;

	start_port(&s);
	await_link(RTE_ETH_LINK_UP);
	m = make_packet(1, 100);
	m->l2_len = 14;
	m->l3_len = 20;
	m->ol_flags = RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_UDP_CKSUM;
	CHECK_EQ(rte_eth_tx_prepare(port, 0, &m, 1), 1);
	send_all(0, &m, 1);
	CHECK_EQ(receive(0, &m, 1), 1);
	ip = rte_pktmbuf_mtod_offset(m, struct rte_ipv4_hdr *, 14);
	CHECK_EQ(rte_raw_cksum(ip, 20), 0xFFFF);
	CHECK_EQ(rte_ipv4_udptcp_cksum_verify(ip, ip + 1), 0);
	CHECK_EQ(m->ol_flags & RTE_MBUF_F_RX_IP_CKSUM_MASK, RTE_MBUF_F_RX_IP_CKSUM_GOOD);
	CHECK_EQ(m->ol_flags & RTE_MBUF_F_RX_L4_CKSUM_MASK, RTE_MBUF_F_RX_L4_CKSUM_GOOD);
	rte_pktmbuf_free(m);
	/* A wrong one is told. */
	m = make_packet(1, 100);
	rte_pktmbuf_mtod(m, uint8_t *)[24] ^= 0x55;
	rte_pktmbuf_mtod(m, uint8_t *)[40] = 1;
	send_all(0, &m, 1);
	CHECK_EQ(receive(0, &m, 1), 1);
	CHECK_EQ(m->ol_flags & RTE_MBUF_F_RX_IP_CKSUM_MASK, RTE_MBUF_F_RX_IP_CKSUM_BAD);
	CHECK_EQ(m->ol_flags & RTE_MBUF_F_RX_L4_CKSUM_MASK, RTE_MBUF_F_RX_L4_CKSUM_BAD);
	rte_pktmbuf_free(m);
	stop_port();
}

static void
long_frames_come_in_segments(void)
{
	const struct setup s = {.mtu = 9000, .tx_offloads = RTE_ETH_TX_OFFLOAD_MULTI_SEGS, .rx_offloads = RTE_ETH_RX_OFFLOAD_SCATTER};
	static uint8_t expected[9014], data[9014];
	struct rte_mbuf *m;

	start_port(&s);
	await_link(RTE_ETH_LINK_UP);
	for (int round = 0; round < 50; round++) {
		const uint16_t size = (uint16_t)(2000 + round * 141);

		m = make_packet((uint32_t)round, 1500);
		while (m->pkt_len < size) {
			struct rte_mbuf *more = make_packet((uint32_t)round + m->nb_segs, (uint16_t)RTE_MIN(size - m->pkt_len, 1500u) < 60 ? 60 :
				(uint16_t)RTE_MIN(size - m->pkt_len, 1500u));

			CHECK_EQ(rte_pktmbuf_chain(m, more), 0);
		}
		const uint32_t length = m->pkt_len;

		memcpy(expected, rte_pktmbuf_read(m, 0, length, data), length);
		send_all(0, &m, 1);
		CHECK_EQ(receive(0, &m, 1), 1);
		CHECK_EQ(m->pkt_len, length);
		CHECK_EQ(m->nb_segs, (length + 2047) / 2048);
		CHECK_MEM(rte_pktmbuf_read(m, 0, length, data), expected, length);
		rte_pktmbuf_free(m);
	}
	stop_port();
}

static void
hashes_spread_over_queues(void)
{
	const struct setup s = {.rx_queues = 4, .rss = RTE_ETH_RSS_NONFRAG_IPV4_UDP};
	unsigned int total = 0, used = 0;
	struct rte_mbuf *out[64], *in[64];

	start_port(&s);
	await_link(RTE_ETH_LINK_UP);
	for (unsigned int i = 0; i < RTE_DIM(out); i++)
		out[i] = make_packet(1000 + i * 7, 64);
	send_all(0, out, RTE_DIM(out));
	for (int wait = 0; wait < WAIT_S * 100 && total < RTE_DIM(out); wait++) {
		for (uint16_t q = 0; q < 4; q++) {
			const uint16_t n = rte_eth_rx_burst(port, q, in, RTE_DIM(in));

			used |= n != 0 ? 1u << q : 0;
			total += n;
			for (uint16_t i = 0; i < n; i++) {
				CHECK(in[i]->ol_flags & RTE_MBUF_F_RX_RSS_HASH);
				CHECK_EQ(in[i]->hash.rss % 512 % 4, q);
				rte_pktmbuf_free(in[i]);
			}
		}
		rte_delay_us_sleep(10000);
	}
	CHECK_EQ(total, RTE_DIM(out));
	CHECK_EQ(used, 15);
	stop_port();
}

static void
addresses_are_filtered(void)
{
	const struct setup s = {.rx_queues = 1};
	struct rte_ether_addr other = {{2, 9, 9, 9, 9, 9}};
	struct rte_mbuf *m;

	start_port(&s);
	await_link(RTE_ETH_LINK_UP);
	CHECK_EQ(rte_eth_promiscuous_disable(port), 0);
	for (int turn = 0; turn < 4; turn++) {
		const bool through = turn == 1 || turn == 3;

		if (turn == 1)
			CHECK_EQ(rte_eth_dev_mac_addr_add(port, &other, 0), 0);
		if (turn == 2)
			CHECK_EQ(rte_eth_dev_mac_addr_remove(port, &other), 0);
		if (turn == 3)
			CHECK_EQ(rte_eth_promiscuous_enable(port), 0);
		m = make_packet(5, 64);
		memcpy(rte_pktmbuf_mtod(m, void *), &other, 6);
		send_all(0, &m, 1);
		/* One for us behind it shows that the other had its time. */
		m = make_packet(6, 64);
		send_all(0, &m, 1);
		CHECK_EQ(receive(0, &m, 1), 1);
		CHECK_EQ(rte_pktmbuf_mtod(m, uint8_t *)[35], through ? 5 : 6);
		rte_pktmbuf_free(m);
		if (through) {
			CHECK_EQ(receive(0, &m, 1), 1);
			rte_pktmbuf_free(m);
		}
	}
	CHECK_EQ(rte_eth_promiscuous_disable(port), 0);
	stop_port();
}

static int events;

static int
on_event(uint16_t id, enum rte_eth_event_type type, void *context, void *param)
{
	RTE_SET_USED(id);
	RTE_SET_USED(type);
	RTE_SET_USED(context);
	RTE_SET_USED(param);
	__atomic_add_fetch(&events, 1, __ATOMIC_SEQ_CST);
	return 0;
}

static void
cable_comes_and_goes(void)
{
	const struct setup s = {.lsc = true};
	int before;

	CHECK_EQ(rte_eth_dev_callback_register(port, RTE_ETH_EVENT_INTR_LSC, on_event, NULL), 0);
	start_port(&s);
	await_link(RTE_ETH_LINK_UP);
	for (int lost = 0; lost < 2; lost++) {
		/* The driver looks for events now and then, interrupt or not. */
		tell_model(lost ? "inject lost-interrupt=1" : "inject lost-interrupt=0");
		before = __atomic_load_n(&events, __ATOMIC_SEQ_CST);
		tell_model("cable 0 out");
		await_link(RTE_ETH_LINK_DOWN);
		tell_model("cable 0 in");
		await_link(RTE_ETH_LINK_UP);
		CHECK(__atomic_load_n(&events, __ATOMIC_SEQ_CST) >= before + 2);
		round_trip(10, 64);
	}
	tell_model("inject lost-interrupt=0");
	CHECK_EQ(rte_eth_dev_set_link_down(port), 0);
	await_link(RTE_ETH_LINK_DOWN);
	CHECK_EQ(rte_eth_dev_set_link_up(port), 0);
	await_link(RTE_ETH_LINK_UP);
	stop_port();
	CHECK_EQ(rte_eth_dev_callback_unregister(port, RTE_ETH_EVENT_INTR_LSC, on_event, NULL), 0);
}

static unsigned int removals;

static int
on_removal(uint16_t id, enum rte_eth_event_type event, void *arg, void *ret)
{
	RTE_SET_USED(arg);
	RTE_SET_USED(ret);
	removals += id == port && event == RTE_ETH_EVENT_INTR_RMV;
	return 0;
}

/* The bus says that the card is gone: everybody hears of it once, nothing waits for it, and the port stops. */
static void
a_card_that_is_taken_out_is_told(void)
{
	struct rte_mbuf *packets[4];
	struct rte_eth_stats before, after;
	struct rte_eth_link link;
	uint16_t sent;

	start_port(&(struct setup){0});
	await_link(RTE_ETH_LINK_UP);
	CHECK_EQ(rte_eth_stats_get(port, &before), 0);
	CHECK_EQ(rte_eth_dev_is_removed(port), 0);
	CHECK_EQ(rte_eth_dev_callback_register(port, RTE_ETH_EVENT_INTR_RMV, on_removal, NULL), 0);
	rte_dev_event_callback_process("pci_model0", RTE_DEV_EVENT_REMOVE);
	rte_dev_event_callback_process("pci_model0", RTE_DEV_EVENT_REMOVE);
	CHECK_EQ(removals, 1);
	CHECK_EQ(rte_eth_dev_is_removed(port), 1);
	CHECK_EQ(rte_eth_link_get(port, &link), 0);
	CHECK_EQ(link.link_status, RTE_ETH_LINK_DOWN);
	CHECK(rte_eth_promiscuous_disable(port) != 0 || rte_eth_promiscuous_enable(port) != 0);
	CHECK_EQ(rte_eth_stats_get(port, &after), 0);
	CHECK_EQ(after.ipackets, before.ipackets);
	for (unsigned int i = 0; i < RTE_DIM(packets); i++)
		packets[i] = make_packet(i, 60);
	sent = rte_eth_tx_burst(port, 0, packets, RTE_DIM(packets));
	rte_pktmbuf_free_bulk(packets + sent, RTE_DIM(packets) - sent);
	(void)rte_eth_rx_burst(port, 0, packets, 4);
	CHECK_EQ(rte_eth_dev_callback_unregister(port, RTE_ETH_EVENT_INTR_RMV, on_removal, NULL), 0);
	CHECK_EQ(rte_eth_dev_stop(port), 0);
}

static void
the_port_closes(void)
{
	CHECK_EQ(rte_eth_dev_close(port), 0);
	CHECK_EQ(rte_eth_dev_count_avail(), 0);
}

int
main(int argc, char **argv)
{
	if (!bed_opens(argc, argv))
		return 1;
	RUN(the_port_is_an_xl710);
	RUN(the_plug_has_a_memory);
	RUN(link_comes_up_at_40g);
	RUN(io_on_every_path);
	RUN(counters_count_what_went);
	RUN(stops_and_starts_many_times);
	RUN(queues_stop_and_start_alone);
	RUN(descriptors_tell_their_state);
	RUN(tags_are_put_in_and_taken_out);
	RUN(checksums_are_made_and_checked);
	RUN(long_frames_come_in_segments);
	RUN(hashes_spread_over_queues);
	RUN(addresses_are_filtered);
	RUN(cable_comes_and_goes);
	RUN(a_card_that_is_taken_out_is_told);
	RUN(the_port_closes);
	rte_eal_cleanup();
	return check_summary();
}
