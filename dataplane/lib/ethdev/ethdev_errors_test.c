/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every public function that takes a port, called wrongly: no such port, no sense in the arguments, a driver that cannot. None may
 * crash, and each says what its header says.
 */
#include "check.h"

#include <errno.h>

#include <rte_eal.h>
#include <rte_mbuf.h>

#include "fake_driver.h"

static struct rte_eth_conf conf;
static struct rte_eth_dev_info info;
static struct rte_eth_link link_state;
static struct rte_eth_stats stats;
static struct rte_eth_xstat xstats[4];
static struct rte_eth_xstat_name names[4];
static struct rte_eth_dev_owner owner;
static struct rte_eth_rxq_info rxq;
static struct rte_eth_txq_info txq;
static struct rte_eth_burst_mode mode;
static struct rte_eth_fc_conf fc;
static struct rte_eth_pfc_conf pfc;
static struct rte_eth_pfc_queue_info pfc_info;
static struct rte_eth_pfc_queue_conf pfc_queue;
static struct rte_eth_rss_conf rss;
static struct rte_eth_rss_reta_entry64 reta[2];
static struct rte_eth_udp_tunnel tunnel;
static struct rte_eth_dcb_info dcb;
static struct rte_eth_hairpin_cap hairpin;
static struct rte_eth_hairpin_conf hairpin_conf;
static struct rte_dev_reg_info registers;
static struct rte_dev_eeprom_info eeprom;
static struct rte_eth_dev_module_info module;
static struct rte_eth_ip_reassembly_params reassembly;
static struct rte_eth_cman_info cman_info;
static struct rte_eth_cman_config cman;
static struct rte_ether_addr address = {{2, 0, 0, 0, 0, 9}};
static struct timespec some_time;
static char text[128], name[RTE_ETH_NAME_MAX_LEN];
static uint32_t words[8];
static uint64_t numbers[4];
static uint16_t number, ports[4];
static uint8_t byte;

static int
on_event(uint16_t port, enum rte_eth_event_type event, void *argument, void *result)
{
	(void)port;
	(void)event;
	(void)argument;
	(void)result;
	return 0;
}

/* Calls with arguments that make sense, on a port that does not exist or a driver without any operation. */
#define EVERY_CONTROL(X, port) \
	X(rte_eth_promiscuous_enable(port)) X(rte_eth_allmulticast_enable(port)) \
	X(rte_eth_link_get(port, &link_state)) X(rte_eth_link_get_nowait(port, &link_state)) \
	X(rte_eth_dev_default_mac_addr_set(port, &address)) X(rte_eth_dev_mac_addr_add(port, &address, 0)) \
	X(rte_eth_dev_mac_addr_remove(port, &address)) X(rte_eth_dev_set_mtu(port, 1500)) \
	X(rte_eth_dev_fw_version_get(port, text, sizeof(text))) X(rte_eth_stats_get(port, &stats)) \
	X(rte_eth_stats_reset(port)) X(rte_eth_dev_set_link_up(port)) X(rte_eth_dev_set_link_down(port)) \
	X(rte_eth_dev_reset(port)) X(rte_eth_dev_info_get(port, &info)) X(rte_eth_dev_configure(port, 1, 1, &conf)) \
	X(rte_eth_dev_rx_queue_start(port, 0)) X(rte_eth_dev_rx_queue_stop(port, 0)) \
	X(rte_eth_dev_tx_queue_start(port, 0)) X(rte_eth_dev_tx_queue_stop(port, 0)) \
	X(rte_eth_rx_queue_info_get(port, 0, &rxq)) X(rte_eth_tx_queue_info_get(port, 0, &txq)) \
	X(rte_eth_rx_burst_mode_get(port, 0, &mode)) X(rte_eth_tx_burst_mode_get(port, 0, &mode)) \
	X(rte_eth_tx_done_cleanup(port, 0, 0)) \
	X(rte_eth_dev_set_vlan_strip_on_queue(port, 0, 1)) \
	X(rte_eth_dev_set_vlan_ether_type(port, RTE_ETH_VLAN_TYPE_OUTER, 0x88a8)) X(rte_eth_dev_set_vlan_pvid(port, 1, 1)) \
	X(rte_eth_dev_flow_ctrl_get(port, &fc)) X(rte_eth_dev_flow_ctrl_set(port, &fc)) \
	X(rte_eth_dev_priority_flow_ctrl_set(port, &pfc)) \
	X(rte_eth_dev_priority_flow_ctrl_queue_info_get(port, &pfc_info)) \
	X(rte_eth_dev_priority_flow_ctrl_queue_configure(port, &pfc_queue)) \
	X(rte_eth_dev_rss_hash_update(port, &rss)) X(rte_eth_dev_rss_hash_conf_get(port, &rss)) \
	X(rte_eth_dev_rss_reta_update(port, reta, 64)) X(rte_eth_dev_rss_reta_query(port, reta, 64)) \
	X(rte_eth_dev_set_mc_addr_list(port, &address, 1)) X(rte_eth_dev_uc_hash_table_set(port, &address, 1)) \
	X(rte_eth_dev_uc_all_hash_table_set(port, 1)) X(rte_eth_dev_udp_tunnel_port_add(port, &tunnel)) \
	X(rte_eth_dev_udp_tunnel_port_delete(port, &tunnel)) X(rte_eth_dev_set_rx_queue_stats_mapping(port, 0, 1)) \
	X(rte_eth_dev_set_tx_queue_stats_mapping(port, 0, 1)) X(rte_eth_set_queue_rate_limit(port, 0, 0)) \
	X(rte_eth_rx_avail_thresh_set(port, 0, 50)) X(rte_eth_rx_avail_thresh_query(port, &number, &byte)) \
	X(rte_eth_dev_rx_intr_enable(port, 0)) X(rte_eth_dev_rx_intr_disable(port, 0)) X(rte_eth_dev_get_dcb_info(port, &dcb)) \
	X(rte_eth_dev_hairpin_capability_get(port, &hairpin)) X(rte_eth_rx_hairpin_queue_setup(port, 0, 0, &hairpin_conf)) \
	X(rte_eth_tx_hairpin_queue_setup(port, 0, 0, &hairpin_conf)) X(rte_eth_hairpin_get_peer_ports(port, ports, 4, 0)) \
	X(rte_eth_hairpin_bind(port, 0)) X(rte_eth_hairpin_unbind(port, 0)) \
	X(rte_eth_dev_get_reg_info(port, &registers)) X(rte_eth_dev_get_eeprom_length(port)) \
	X(rte_eth_dev_get_eeprom(port, &eeprom)) X(rte_eth_dev_set_eeprom(port, &eeprom)) \
	X(rte_eth_dev_get_module_info(port, &module)) X(rte_eth_dev_get_module_eeprom(port, &eeprom)) \
	X(rte_eth_led_on(port)) X(rte_eth_led_off(port)) X(rte_eth_fec_get_capability(port, NULL, 0)) \
	X(rte_eth_fec_get(port, words)) X(rte_eth_fec_set(port, 1)) X(rte_eth_timesync_enable(port)) \
	X(rte_eth_timesync_disable(port)) X(rte_eth_timesync_read_rx_timestamp(port, &some_time, 0)) \
	X(rte_eth_timesync_read_tx_timestamp(port, &some_time)) X(rte_eth_timesync_adjust_time(port, -1)) \
	X(rte_eth_timesync_read_time(port, &some_time)) X(rte_eth_timesync_write_time(port, &some_time)) \
	X(rte_eth_read_clock(port, numbers)) X(rte_eth_buffer_split_get_supported_hdr_ptypes(port, words, 8)) \
	X(rte_eth_cman_info_get(port, &cman_info)) X(rte_eth_cman_config_init(port, &cman)) \
	X(rte_eth_cman_config_set(port, &cman)) X(rte_eth_cman_config_get(port, &cman)) \
	X(rte_eth_representor_info_get(port, NULL)) X(rte_eth_dev_priv_dump(port, stdout)) \
	X(rte_eth_get_monitor_addr(port, 0, (struct rte_power_monitor_cond *)words)) \
	X(rte_eth_rx_descriptor_dump(port, 0, 0, 1, stdout)) X(rte_eth_tx_descriptor_dump(port, 0, 0, 1, stdout)) \
	X(rte_eth_ip_reassembly_capability_get(port, &reassembly)) X(rte_eth_ip_reassembly_conf_get(port, &reassembly)) \
	X(rte_eth_dev_close(port)) X(rte_eth_dev_stop(port))

/* Those that need no operation of the driver, or answer for it. */
#define EVERY_OTHER(X, port) \
	X(rte_eth_dev_get_name_by_port(port, name)) X(rte_eth_dev_owner_get(port, &owner)) \
	X(rte_eth_dev_owner_unset(port, 1)) X(rte_eth_dev_conf_get(port, &conf)) X(rte_eth_dev_start(port)) \
	X(rte_eth_promiscuous_disable(port)) X(rte_eth_promiscuous_get(port)) X(rte_eth_allmulticast_disable(port)) \
	X(rte_eth_allmulticast_get(port)) X(rte_eth_macaddr_get(port, &address)) X(rte_eth_macaddrs_get(port, &address, 1)) \
	X(rte_eth_dev_get_mtu(port, &number)) X(rte_eth_dev_get_supported_ptypes(port, UINT32_MAX, words, 8)) \
	X(rte_eth_dev_set_ptypes(port, 0, words, 8)) X(rte_eth_xstats_get_names(port, names, 4)) \
	X(rte_eth_xstats_get(port, xstats, 4)) X(rte_eth_xstats_get_names_by_id(port, names, 4, numbers)) \
	X(rte_eth_xstats_get_by_id(port, numbers, numbers, 4)) X(rte_eth_xstats_get_id_by_name(port, "rx_good_packets", numbers)) \
	X(rte_eth_xstats_reset(port)) X(rte_eth_remove_rx_callback(port, 0, (const void *)words)) \
	X(rte_eth_remove_tx_callback(port, 0, (const void *)words)) X(rte_eth_dev_vlan_filter(port, 1, 1)) \
	X(rte_eth_dev_set_vlan_offload(port, RTE_ETH_VLAN_STRIP_OFFLOAD)) X(rte_eth_dev_get_vlan_offload(port)) \
	X(rte_eth_dev_pool_ops_supported(port, "ring_mp_mc")) X(rte_eth_rx_metadata_negotiate(port, numbers)) \
	X(rte_eth_ip_reassembly_conf_set(port, &reassembly)) X(rte_eth_dev_adjust_nb_rx_tx_desc(port, ports, ports + 1)) \
	X(rte_eth_dev_rx_intr_ctl(port, -1, 0, NULL)) X(rte_eth_dev_rx_intr_ctl_q(port, 0, -1, 0, NULL)) \
	X(rte_eth_rx_queue_setup(port, 0, 0, 0, NULL, NULL)) X(rte_eth_tx_queue_setup(port, 0, 0, 0, NULL))

static void
a_port_that_does_not_exist(void)
{
	static const uint16_t none[] = {3, RTE_MAX_ETHPORTS - 1, RTE_MAX_ETHPORTS, UINT16_MAX};

	for (unsigned int i = 0; i < RTE_DIM(none); i++) {
#define NODEV(call) CHECK_EQ(call, -ENODEV);
		EVERY_CONTROL(NODEV, none[i])
		EVERY_OTHER(NODEV, none[i])
		CHECK_EQ(rte_eth_dev_is_valid_port(none[i]), 0);
		CHECK_EQ(rte_eth_dev_is_removed(none[i]), 0);
		CHECK_EQ(rte_eth_dev_socket_id(none[i]), -1);
		CHECK(rte_eth_dev_get_sec_ctx(none[i]) == NULL);
		CHECK(rte_eth_add_rx_callback(none[i], 0, (rte_rx_callback_fn)(uintptr_t)on_event, NULL) == NULL);
		CHECK(rte_eth_add_tx_callback(none[i], 0, (rte_tx_callback_fn)(uintptr_t)on_event, NULL) == NULL);
		CHECK_EQ(rte_eth_find_next_sibling(0, none[i]), RTE_MAX_ETHPORTS);
	}
	CHECK_EQ(rte_eth_dev_callback_register(3, RTE_ETH_EVENT_INTR_LSC, on_event, NULL), -EINVAL);
	CHECK_EQ(rte_eth_dev_callback_unregister(3, RTE_ETH_EVENT_INTR_LSC, on_event, NULL), -EINVAL);
}

static uint16_t
configured_port(void)
{
	const uint16_t port = fake_port("fake0");

	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &conf), 0);
	return port;
}

static void
a_driver_without_operations(void)
{
	const uint16_t port = configured_port();
	const struct eth_dev_ops operations = fake.ops;

	/* What they refuse for other reasons first has its reason taken away. */
	reta[0].mask = 1;
	fake.dev->data->rx_queues[0] = &fake.rx[0];
	fake.dev->data->tx_queues[0] = &fake.tx[0];
	fake.dev->data->dev_conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
	fake.dev->data->dev_conf.rxmode.offloads = RTE_ETH_RX_OFFLOAD_VLAN_FILTER;
	fake.dev->data->dev_started = 1;
	eeprom.data = text;
	eeprom.length = 1;
	memset(&fake.ops, 0, sizeof(fake.ops));
#define NOTSUP(call) if (strncmp(#call, "rte_eth_dev_close", 17) != 0 && strncmp(#call, "rte_eth_dev_configure", 21) != 0) \
		CHECK_EQ(call, -ENOTSUP);
	EVERY_CONTROL(NOTSUP, port)
	CHECK_EQ(rte_eth_dev_vlan_filter(port, 1, 1), -ENOTSUP);
	CHECK_EQ(rte_eth_dev_pool_ops_supported(port, "stack"), 1);
	CHECK_EQ(rte_eth_dev_rx_intr_ctl(port, -1, 0, NULL), -ENOTSUP);
	CHECK_EQ(rte_eth_dev_rx_intr_ctl_q(port, 0, -1, 0, NULL), -ENOTSUP);
	CHECK_EQ(rte_eth_dev_rx_intr_ctl_q(port, 1, -1, 0, NULL), -EINVAL);
	CHECK_EQ(rte_eth_dev_rx_intr_ctl_q_get_fd(port, 0), -1);
	fake.dev->data->dev_started = 0;
	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &conf), -ENOTSUP);
	CHECK_EQ(rte_eth_dev_close(port), -ENOTSUP);
	CHECK_EQ(rte_eth_ip_reassembly_conf_set(port, &reassembly), -ENOTSUP);
	fake.dev->data->rx_queues[0] = NULL;
	fake.dev->data->tx_queues[0] = NULL;
	fake.ops = operations;
	fake_remove();
}

static void
arguments_without_sense(void)
{
	const uint16_t port = configured_port();

#define INVAL(call) CHECK_EQ(call, -EINVAL)
	INVAL(rte_eth_dev_get_name_by_port(port, NULL));
	INVAL(rte_eth_dev_get_port_by_name(NULL, &number));
	INVAL(rte_eth_dev_get_port_by_name("fake0", NULL));
	INVAL(rte_eth_dev_owner_new(NULL));
	INVAL(rte_eth_dev_owner_set(port, NULL));
	INVAL(rte_eth_dev_owner_get(port, NULL));
	INVAL(rte_eth_dev_owner_delete(999999));
	INVAL(rte_eth_dev_info_get(port, NULL));
	INVAL(rte_eth_dev_conf_get(port, NULL));
	INVAL(rte_eth_dev_configure(port, 1, 1, NULL));
	INVAL(rte_eth_dev_configure(port, 5, 1, &conf));
	INVAL(rte_eth_dev_configure(port, 1, 5, &conf));
	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &conf), 0);
	INVAL(rte_eth_rx_queue_setup(port, 1, 0, 0, NULL, NULL));
	INVAL(rte_eth_rx_queue_setup(port, 0, 0, 0, NULL, NULL));
	INVAL(rte_eth_tx_queue_setup(port, 1, 0, 0, NULL));
	INVAL(rte_eth_dev_rx_queue_start(port, 1));
	INVAL(rte_eth_dev_tx_queue_stop(port, 1));
	INVAL(rte_eth_rx_queue_info_get(port, 1, &rxq));
	INVAL(rte_eth_rx_queue_info_get(port, 0, NULL));
	INVAL(rte_eth_tx_queue_info_get(port, 0, NULL));
	INVAL(rte_eth_rx_burst_mode_get(port, 0, NULL));
	INVAL(rte_eth_tx_burst_mode_get(port, 1, &mode));
	INVAL(rte_eth_link_get(port, NULL));
	INVAL(rte_eth_link_to_str(NULL, 10, &link_state));
	INVAL(rte_eth_link_to_str(text, 0, &link_state));
	INVAL(rte_eth_link_to_str(text, 10, NULL));
	INVAL(rte_eth_macaddr_get(port, NULL));
	INVAL(rte_eth_macaddrs_get(port, NULL, 1));
	INVAL(rte_eth_dev_default_mac_addr_set(port, NULL));
	INVAL(rte_eth_dev_mac_addr_add(port, NULL, 0));
	INVAL(rte_eth_dev_mac_addr_add(port, &address, 64));
	INVAL(rte_eth_dev_mac_addr_remove(port, NULL));
	INVAL(rte_eth_dev_get_mtu(port, NULL));
	INVAL(rte_eth_dev_set_mtu(port, 20));
	INVAL(rte_eth_dev_get_supported_ptypes(port, 1, NULL, 1));
	INVAL(rte_eth_dev_set_ptypes(port, 0, NULL, 1));
	INVAL(rte_eth_dev_fw_version_get(port, NULL, 4));
	INVAL(rte_eth_stats_get(port, NULL));
	INVAL(rte_eth_dev_callback_register(port, RTE_ETH_EVENT_INTR_LSC, NULL, NULL));
	INVAL(rte_eth_dev_callback_unregister(port, RTE_ETH_EVENT_INTR_LSC, NULL, NULL));
	INVAL(rte_eth_remove_rx_callback(port, 0, NULL));
	INVAL(rte_eth_remove_tx_callback(port, 1, (const void *)words));
	INVAL(rte_eth_tx_buffer_init(NULL, 4));
	INVAL(rte_eth_tx_buffer_set_err_callback(NULL, NULL, NULL));
	CHECK_EQ(rte_eth_dev_vlan_filter(port, 1, 1), -ENOSYS);
	INVAL(rte_eth_dev_set_vlan_strip_on_queue(port, 1, 1));
	INVAL(rte_eth_dev_set_vlan_offload(port, RTE_ETH_VLAN_EXTEND_OFFLOAD));
	INVAL(rte_eth_dev_flow_ctrl_get(port, NULL));
	fc.send_xon = 2;
	INVAL(rte_eth_dev_flow_ctrl_set(port, &fc));
	fc.send_xon = 0;
	pfc.priority = 8;
	INVAL(rte_eth_dev_priority_flow_ctrl_set(port, &pfc));
	pfc.priority = 0;
	INVAL(rte_eth_dev_priority_flow_ctrl_queue_configure(port, NULL));
	INVAL(rte_eth_dev_rss_hash_update(port, NULL));
	rss.rss_hf = RTE_ETH_RSS_GTPU;
	INVAL(rte_eth_dev_rss_hash_update(port, &rss));
	rss.rss_hf = RTE_ETH_RSS_IPV4;
	CHECK_EQ(rte_eth_dev_rss_hash_update(port, &rss), -ENOTSUP);
	INVAL(rte_eth_dev_rss_hash_conf_get(port, NULL));
	INVAL(rte_eth_dev_rss_reta_update(port, NULL, 64));
	memset(reta, 0, sizeof(reta));
	INVAL(rte_eth_dev_rss_reta_update(port, reta, 128));
	INVAL(rte_eth_dev_rss_reta_query(port, reta, 128));
	reta[1].mask = RTE_BIT64(63);
	reta[1].reta[63] = 1; /* there is queue 0 only */
	INVAL(rte_eth_dev_rss_reta_update(port, reta, 128));
	INVAL(rte_eth_dev_rss_reta_update(port, reta, 0));
	INVAL(rte_eth_dev_set_mc_addr_list(port, NULL, 1));
	INVAL(rte_eth_dev_uc_hash_table_set(port, NULL, 1));
	tunnel.prot_type = RTE_ETH_TUNNEL_TYPE_MAX;
	INVAL(rte_eth_dev_udp_tunnel_port_add(port, &tunnel));
	INVAL(rte_eth_dev_udp_tunnel_port_delete(port, &tunnel));
	tunnel.prot_type = 0;
	INVAL(rte_eth_dev_set_rx_queue_stats_mapping(port, 1, 0));
	INVAL(rte_eth_dev_set_tx_queue_stats_mapping(port, 0, RTE_ETHDEV_QUEUE_STAT_CNTRS));
	INVAL(rte_eth_set_queue_rate_limit(port, 1, 0));
	INVAL(rte_eth_set_queue_rate_limit(port, 0, UINT32_MAX));
	INVAL(rte_eth_rx_avail_thresh_set(port, 0, 100));
	INVAL(rte_eth_rx_avail_thresh_query(port, NULL, &byte));
	INVAL(rte_eth_dev_rx_intr_enable(port, 1));
	INVAL(rte_eth_dev_get_dcb_info(port, NULL));
	INVAL(rte_eth_dev_hairpin_capability_get(port, NULL));
	INVAL(rte_eth_rx_hairpin_queue_setup(port, 0, 0, NULL));
	INVAL(rte_eth_hairpin_get_peer_ports(port, ports, 0, 0));
	CHECK_EQ(rte_eth_hairpin_bind(port, 0), -EBUSY);
	CHECK_EQ(rte_eth_hairpin_unbind(port, 0), -EBUSY);
	INVAL(rte_eth_dev_get_reg_info(port, NULL));
	INVAL(rte_eth_dev_get_eeprom(port, NULL));
	INVAL(rte_eth_dev_get_module_info(port, NULL));
	eeprom.data = NULL;
	INVAL(rte_eth_dev_get_module_eeprom(port, &eeprom));
	INVAL(rte_eth_fec_get_capability(port, NULL, 1));
	INVAL(rte_eth_fec_get(port, NULL));
	INVAL(rte_eth_fec_set(port, 0));
	INVAL(rte_eth_timesync_read_rx_timestamp(port, NULL, 0));
	INVAL(rte_eth_timesync_write_time(port, NULL));
	INVAL(rte_eth_read_clock(port, NULL));
	INVAL(rte_eth_dev_pool_ops_supported(port, NULL));
	INVAL(rte_eth_buffer_split_get_supported_hdr_ptypes(port, NULL, 1));
	CHECK_EQ(rte_eth_rx_metadata_negotiate(port, numbers), -EBUSY);
	INVAL(rte_eth_cman_config_set(port, NULL));
	INVAL(rte_eth_dev_priv_dump(port, NULL));
	INVAL(rte_eth_rx_descriptor_dump(port, 0, 0, 1, NULL));
	INVAL(rte_eth_iterator_init(NULL, "class=eth,"));
	INVAL(rte_eth_iterator_init(&(struct rte_dev_iterator){0}, NULL));
	CHECK_EQ(rte_eth_iterator_next(NULL), RTE_MAX_ETHPORTS);
	rte_eth_iterator_cleanup(NULL);
	fake_remove();
}

static void
a_device_that_is_gone(void)
{
	const uint16_t port = configured_port();

	fake.removed = 1;
	fake.error = -ETIMEDOUT;
	CHECK_EQ(rte_eth_dev_set_mtu(port, 1400), -EIO);
	CHECK_EQ(rte_eth_dev_default_mac_addr_set(port, &address), -EIO);
	CHECK_EQ(rte_eth_dev_is_removed(port), 1);
	fake.error = 0;
	fake_remove();
}

int
main(int argc, char **argv)
{
	char *arguments[] = {argc > 0 ? argv[0] : "ethdev_errors_test", "--no-huge", "--no-pci", "-m", "32", "--log-level=lib.ethdev:1",
		NULL};

	if (rte_eal_init(6, arguments) < 0)
		return 1;
	RUN(a_port_that_does_not_exist);
	RUN(a_driver_without_operations);
	RUN(arguments_without_sense);
	RUN(a_device_that_is_gone);
	rte_eal_cleanup();
	return check_summary();
}
