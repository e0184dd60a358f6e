/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Ports over the tests' own driver: what the application asks for has to reach the driver, and nothing else.
 */
#include "check.h"

#include <errno.h>

#include <rte_eal.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>

#include "fake_driver.h"

static struct rte_mempool *pool, *small_pool;
static const struct rte_eth_conf plain;

/* A port with one queue each way, set up and started. */
static uint16_t
started_port(void)
{
	const uint16_t port = fake_port("fake0");

	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &plain), 0);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 128, 0, NULL, pool), 0);
	CHECK_EQ(rte_eth_tx_queue_setup(port, 0, 128, 0, NULL), 0);
	CHECK_EQ(rte_eth_dev_start(port), 0);
	return port;
}

/* ---- The table ---- */

static void
ports_come_and_go(void)
{
	char name[RTE_ETH_NAME_MAX_LEN];
	uint16_t port, other = 99;

	CHECK_EQ(rte_eth_dev_count_avail(), 0);
	CHECK_EQ(rte_eth_dev_is_valid_port(0), 0);
	port = fake_port("fake0");
	CHECK_EQ(port, 0);
	CHECK_EQ(rte_eth_dev_is_valid_port(port), 1);
	CHECK_EQ(rte_eth_dev_count_avail(), 1);
	CHECK_EQ(rte_eth_dev_count_total(), 1);
	CHECK_EQ(rte_eth_dev_get_name_by_port(port, name), 0);
	CHECK_STR(name, "fake0");
	CHECK_EQ(rte_eth_dev_get_port_by_name("fake0", &other), 0);
	CHECK_EQ(other, port);
	CHECK_EQ(rte_eth_dev_get_port_by_name("fake1", &other), -ENODEV);
	CHECK(rte_eth_dev_allocate("fake0") == NULL);
	CHECK(rte_eth_dev_allocate("") == NULL);
	CHECK(rte_eth_dev_allocate(NULL) == NULL);
	CHECK(rte_eth_dev_allocate("a name that is much longer than the sixty-three characters it may have") == NULL);
	fake_remove();
	CHECK_EQ(fake.closed, 1);
	CHECK_EQ(rte_eth_dev_is_valid_port(port), 0);
	CHECK_EQ(rte_eth_dev_count_avail(), 0);
}

static void
a_port_is_invisible_until_probing_is_finished(void)
{
	struct rte_eth_dev *dev = rte_eth_dev_allocate("early");

	CHECK(dev != NULL);
	CHECK_EQ(rte_eth_dev_count_total(), 0);
	CHECK_EQ(rte_eth_dev_is_valid_port(dev->data->port_id), 0);
	CHECK(rte_eth_dev_get_by_name("early") == NULL);
	CHECK(rte_eth_dev_allocated("early") == dev);
	CHECK_EQ(rte_eth_dev_release_port(dev), 0);
	CHECK(rte_eth_dev_allocated("early") == NULL);
}

static void
the_table_has_an_end(void)
{
	struct rte_eth_dev *dev[RTE_MAX_ETHPORTS];
	char name[16];

	for (int i = 0; i < RTE_MAX_ETHPORTS; i++) {
		snprintf(name, sizeof(name), "p%d", i);
		dev[i] = rte_eth_dev_allocate(name);
		CHECK(dev[i] != NULL);
	}
	CHECK(rte_eth_dev_allocate("one more") == NULL);
	for (int i = 0; i < RTE_MAX_ETHPORTS; i++)
		CHECK_EQ(rte_eth_dev_release_port(dev[i]), 0);
}

static void
owned_ports_are_not_iterated(void)
{
	struct rte_eth_dev_owner owner = {.name = "test"}, now;
	const uint16_t port = fake_port("fake0");
	uint64_t other;
	int seen = 0;
	uint16_t p;

	CHECK_EQ(rte_eth_dev_owner_set(port, &owner), -EINVAL);
	CHECK_EQ(rte_eth_dev_owner_new(&owner.id), 0);
	CHECK_EQ(rte_eth_dev_owner_new(&other), 0);
	CHECK(owner.id != other);
	CHECK_EQ(rte_eth_dev_owner_set(port, &owner), 0);
	CHECK_EQ(rte_eth_dev_owner_set(port, &owner), -EPERM);
	RTE_ETH_FOREACH_DEV(p)
		seen++;
	CHECK_EQ(seen, 0);
	RTE_ETH_FOREACH_DEV_OWNED_BY(p, owner.id)
		seen++;
	CHECK_EQ(seen, 1);
	CHECK_EQ(rte_eth_dev_count_avail(), 0);
	CHECK_EQ(rte_eth_dev_owner_unset(port, other), -EPERM);
	CHECK_EQ(rte_eth_dev_owner_get(port, &now), 0);
	CHECK_STR(now.name, "test");
	CHECK_EQ(rte_eth_dev_owner_delete(owner.id), 0);
	CHECK_EQ(rte_eth_dev_count_avail(), 1);
	fake_remove();
}

/* ---- Configuration ---- */

static void
configure_reaches_the_driver(void)
{
	struct rte_eth_conf conf = {.rxmode = {.offloads = RTE_ETH_RX_OFFLOAD_CHECKSUM, .mtu = 9000}, .lpbk_mode = 7};
	const uint16_t port = fake_port("fake0");
	struct rte_eth_dev_info info;
	struct rte_eth_conf now;
	uint16_t mtu;

	CHECK_EQ(rte_eth_dev_configure(port, 2, 3, &conf), 0);
	CHECK_EQ(fake.configured, 1);
	CHECK_EQ(fake.dev->data->nb_rx_queues, 2);
	CHECK_EQ(fake.dev->data->nb_tx_queues, 3);
	CHECK_EQ(fake.dev->data->dev_conf.lpbk_mode, 7);
	CHECK_EQ(rte_eth_dev_get_mtu(port, &mtu), 0);
	CHECK_EQ(mtu, 9000);
	CHECK_EQ(rte_eth_dev_info_get(port, &info), 0);
	CHECK_EQ(info.nb_rx_queues, 2);
	CHECK_STR(info.driver_name, "net_fake");
	CHECK_EQ(rte_eth_dev_conf_get(port, &now), 0);
	CHECK_EQ(now.rxmode.offloads, RTE_ETH_RX_OFFLOAD_CHECKSUM);
	fake_remove();
}

static void
what_is_not_offered_is_refused(void)
{
	const struct rte_eth_conf lro = {.rxmode.offloads = RTE_ETH_RX_OFFLOAD_VLAN_STRIP};
	const struct rte_eth_conf tso = {.txmode.offloads = RTE_ETH_TX_OFFLOAD_TCP_TSO};
	const struct rte_eth_conf rss = {.rx_adv_conf.rss_conf.rss_hf = RTE_ETH_RSS_IPV6};
	const struct rte_eth_conf mtu = {.rxmode.mtu = 9601}, tiny = {.rxmode.mtu = 40};
	const struct rte_eth_conf lsc = {.intr_conf.lsc = 1};
	const struct rte_eth_conf *refused[] = {&lro, &tso, &rss, &mtu, &tiny, &lsc};
	const uint16_t port = fake_port("fake0");

	for (unsigned int i = 0; i < RTE_DIM(refused); i++)
		CHECK_EQ(rte_eth_dev_configure(port, 1, 1, refused[i]), -EINVAL);
	CHECK_EQ(rte_eth_dev_configure(port, 5, 1, &plain), -EINVAL);
	CHECK_EQ(rte_eth_dev_configure(port, 1, 5, &plain), -EINVAL);
	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, NULL), -EINVAL);
	CHECK_EQ(fake.configured, 0);
	CHECK_EQ(rte_eth_dev_start(port), -EINVAL);
	fake_remove();
}

static char log_text[4096];

static void
refusals_name_the_offload(void)
{
	const struct rte_eth_conf conf = {.rxmode.offloads = RTE_ETH_RX_OFFLOAD_VLAN_STRIP | RTE_ETH_RX_OFFLOAD_TCP_LRO |
		RTE_ETH_RX_OFFLOAD_SCATTER, .rxmode.max_lro_pkt_size = 9618};
	const uint16_t port = fake_port("fake0");
	FILE *log = tmpfile();
	size_t size;

	CHECK(log != NULL);
	rte_openlog_stream(log);
	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &conf), -EINVAL);
	rte_openlog_stream(NULL);
	rewind(log);
	size = fread(log_text, 1, sizeof(log_text) - 1, log);
	log_text[size] = '\0';
	fclose(log);
	CHECK(strstr(log_text, "fake0") != NULL);
	CHECK(strstr(log_text, ": VLAN_STRIP, TCP_LRO;") != NULL);
	CHECK(strstr(log_text, "IPV4_CKSUM, UDP_CKSUM, TCP_CKSUM, SCATTER") != NULL);
	fake_remove();
}

static void
a_driver_that_fails_to_configure_leaves_nothing(void)
{
	const struct rte_eth_conf conf = {.lpbk_mode = 5};
	const uint16_t port = fake_port("fake0");

	fake.error = -EAGAIN;
	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &conf), -EAGAIN);
	CHECK_EQ(fake.dev->data->nb_rx_queues, 0);
	CHECK_EQ(fake.dev->data->dev_conf.lpbk_mode, 0);
	CHECK(fake.dev->data->rx_queues == NULL);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 128, 0, NULL, pool), -EINVAL);
	CHECK_EQ(rte_eth_dev_start(port), -EINVAL);
	fake_remove();
}

/* ---- Queues ---- */

static void
queue_setup_reaches_the_driver(void)
{
	const struct rte_eth_rxconf rx = {.offloads = RTE_ETH_RX_OFFLOAD_SCATTER};
	const uint16_t port = fake_port("fake0");

	CHECK_EQ(rte_eth_dev_configure(port, 2, 2, &plain), 0);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 1, 128, 3, &rx, pool), 0);
	CHECK_EQ(fake.rx_setups, 1);
	CHECK_EQ(fake.rx[1].id, 1);
	CHECK_EQ(fake.rx[1].descriptors, 128);
	CHECK_EQ(fake.rx[1].socket, 3);
	CHECK_EQ(fake.rx[1].offloads, RTE_ETH_RX_OFFLOAD_SCATTER);
	CHECK(fake.rx[1].pool == pool);
	CHECK(fake.dev->data->rx_queues[1] == &fake.rx[1]);
	CHECK(fake.dev->data->rx_queues[0] == NULL);
	CHECK_EQ(rte_eth_tx_queue_setup(port, 0, 192, 2, NULL), 0);
	CHECK_EQ(fake.tx_setups, 1);
	CHECK_EQ(fake.tx[0].descriptors, 192);
	CHECK_EQ(fake.tx[0].socket, 2);
	CHECK(fake.dev->data->tx_queues[0] == &fake.tx[0]);
	/* The driver's preference, then the library's. */
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 0, 0, NULL, pool), 0);
	CHECK_EQ(fake.rx[0].descriptors, 256);
	CHECK_EQ(rte_eth_tx_queue_setup(port, 1, 0, 0, NULL), 0);
	CHECK_EQ(fake.tx[1].descriptors, RTE_ETH_DEV_FALLBACK_TX_RINGSIZE);
	fake_remove();
}

static void
queue_setup_refuses_what_does_not_fit(void)
{
	const struct rte_eth_rxconf cksum = {.offloads = RTE_ETH_RX_OFFLOAD_IPV4_CKSUM}, split = {.rx_nseg = 2};
	const struct rte_eth_txconf tso = {.offloads = RTE_ETH_TX_OFFLOAD_TCP_TSO};
	const uint16_t port = fake_port("fake0");

	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 128, 0, NULL, pool), -EINVAL);
	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &plain), 0);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 1, 128, 0, NULL, pool), -EINVAL);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 63, 0, NULL, pool), -EINVAL);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 65, 0, NULL, pool), -EINVAL);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 8192, 0, NULL, pool), -EINVAL);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 128, 0, NULL, NULL), -EINVAL);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 128, 0, NULL, small_pool), -EINVAL);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 128, 0, &cksum, pool), -EINVAL);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 128, 0, &split, pool), -EINVAL);
	CHECK_EQ(rte_eth_tx_queue_setup(port, 1, 128, 0, NULL), -EINVAL);
	CHECK_EQ(rte_eth_tx_queue_setup(port, 0, 32, 0, NULL), -EINVAL);
	CHECK_EQ(rte_eth_tx_queue_setup(port, 0, 128, 0, &tso), -EINVAL);
	CHECK_EQ(fake.rx_setups + fake.tx_setups, 0);
	fake.error = -ENOMEM;
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 128, 0, NULL, pool), -ENOMEM);
	CHECK_EQ(rte_eth_tx_queue_setup(port, 0, 128, 0, NULL), -ENOMEM);
	fake.error = 0;
	/* Nothing was set up, so nothing may start. */
	CHECK_EQ(rte_eth_dev_start(port), -EINVAL);
	CHECK_EQ(fake.started, 0);
	fake_remove();
}

static int
setup_that_does_nothing(struct rte_eth_dev *dev, uint16_t id, uint16_t descriptors, unsigned int socket,
	const struct rte_eth_rxconf *conf, struct rte_mempool *mp)
{
	(void)dev, (void)id, (void)descriptors, (void)socket, (void)conf, (void)mp;
	return 0;
}

static void
a_setup_that_does_nothing_is_caught(void)
{
	const uint16_t port = fake_port("fake0");

	fake.ops.rx_queue_setup = setup_that_does_nothing;
	CHECK_EQ(rte_eth_dev_configure(port, 1, 0, &plain), 0);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 128, 0, NULL, pool), 0);
	CHECK_EQ(rte_eth_dev_start(port), -EINVAL);
	CHECK_EQ(fake.started, 0);
	fake_remove();
}

static void
queues_are_released_once(void)
{
	const uint16_t port = fake_port("fake0");

	CHECK_EQ(rte_eth_dev_configure(port, 2, 2, &plain), 0);
	for (uint16_t q = 0; q < 2; q++) {
		CHECK_EQ(rte_eth_rx_queue_setup(port, q, 128, 0, NULL, pool), 0);
		CHECK_EQ(rte_eth_tx_queue_setup(port, q, 128, 0, NULL), 0);
	}
	/* Setting up anew releases the old queue; fewer queues release those beyond. */
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 256, 0, NULL, pool), 0);
	CHECK_EQ(fake.rx_releases, 1);
	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &plain), 0);
	CHECK_EQ(fake.rx_releases, 2);
	CHECK_EQ(fake.tx_releases, 1);
	CHECK_EQ(fake.tx[1].released, 1);
	rte_eth_dev_internal_reset(fake.dev);
	CHECK_EQ(fake.rx_releases, 3);
	CHECK_EQ(fake.tx_releases, 2);
	fake_remove();
}

static void
descriptor_counts_are_adjusted(void)
{
	const uint16_t port = fake_port("fake0");
	uint16_t rx = 1, tx = 65535;

	CHECK_EQ(rte_eth_dev_adjust_nb_rx_tx_desc(port, &rx, &tx), 0);
	CHECK_EQ(rx, 64);
	CHECK_EQ(tx, 4096);
	rx = 129;
	tx = 0;
	CHECK_EQ(rte_eth_dev_adjust_nb_rx_tx_desc(port, &rx, &tx), 0);
	CHECK_EQ(rx, 160);
	CHECK_EQ(tx, 512);
	CHECK_EQ(rte_eth_dev_adjust_nb_rx_tx_desc(port, NULL, NULL), 0);
	fake_remove();
}

/* ---- Starting ---- */

static void
start_and_stop_reach_the_driver(void)
{
	const uint16_t port = started_port();

	CHECK_EQ(fake.started, 1);
	CHECK_EQ(fake.link_updates, 1);
	CHECK_EQ(rte_eth_dev_start(port), 0);
	CHECK_EQ(fake.started, 1);
	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &plain), -EBUSY);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 128, 0, NULL, pool), -EBUSY);
	CHECK_EQ(rte_eth_tx_queue_setup(port, 0, 128, 0, NULL), -EBUSY);
	CHECK_EQ(rte_eth_dev_close(port), -EINVAL);
	CHECK_EQ(rte_eth_dev_stop(port), 0);
	CHECK_EQ(fake.stopped, 1);
	CHECK_EQ(rte_eth_dev_stop(port), 0);
	CHECK_EQ(fake.stopped, 1);
	CHECK_EQ(rte_eth_dev_close(port), 0);
	CHECK_EQ(fake.closed, 1);
	CHECK_EQ(rte_eth_dev_close(port), -ENODEV);
}

static void
start_restores_what_was_chosen(void)
{
	const uint16_t port = fake_port("fake0");
	struct rte_ether_addr second = {{2, 0, 0, 0, 0, 2}};

	CHECK_EQ(rte_eth_promiscuous_enable(port), 0);
	CHECK_EQ(rte_eth_dev_mac_addr_add(port, &second, 0), 0);
	fake.promiscuous = fake.added = 0;
	fake.allmulticast = 1;
	CHECK_EQ(rte_eth_dev_configure(port, 1, 0, &plain), 0);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 128, 0, NULL, pool), 0);
	CHECK_EQ(rte_eth_dev_start(port), 0);
	CHECK_EQ(fake.promiscuous, 1);
	CHECK_EQ(fake.allmulticast, 0);
	CHECK_EQ(fake.added, 1);
	CHECK_EQ(fake.added_index, 1);
	CHECK_MEM(&fake.mac_set, &fake.addresses[0], 6);
	fake_remove();
}

static void
bursts_work_only_while_started(void)
{
	struct rte_mbuf *packets[8] = {NULL};
	const uint16_t port = started_port();

	CHECK_EQ(rte_eth_rx_burst(port, 0, packets, 8), 4);
	CHECK_EQ((uintptr_t)packets[3], 3);
	CHECK_EQ(rte_eth_tx_burst(port, 0, packets, 8), 8);
	CHECK_EQ(fake.sent, 8);
	CHECK_EQ(rte_eth_tx_prepare(port, 0, packets, 8), 8);
	CHECK_EQ(rte_eth_rx_queue_count(port, 0), -ENOTSUP);
	CHECK_EQ(rte_eth_dev_stop(port), 0);
	rte_errno = 0;
	CHECK_EQ(rte_eth_rx_burst(port, 0, packets, 8), 0);
	CHECK_EQ(rte_errno, ENOTSUP);
	CHECK_EQ(rte_eth_tx_burst(port, 0, packets, 8), 0);
	CHECK_EQ(fake.sent, 8);
	fake_remove();
	CHECK_EQ(rte_eth_rx_burst(port, 0, packets, 8), 0);
	CHECK_EQ(rte_eth_rx_burst(RTE_MAX_ETHPORTS - 1, RTE_MAX_QUEUES_PER_PORT - 1, packets, 8), 0);
}

static void
a_failed_start_moves_nothing(void)
{
	const uint16_t port = fake_port("fake0");
	struct rte_mbuf *packets[8];

	CHECK_EQ(rte_eth_dev_configure(port, 1, 0, &plain), 0);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 128, 0, NULL, pool), 0);
	fake.error = -ENETDOWN;
	CHECK_EQ(rte_eth_dev_start(port), -ENETDOWN);
	CHECK_EQ(rte_eth_rx_burst(port, 0, packets, 8), 0);
	fake.removed = 1;
	CHECK_EQ(rte_eth_dev_start(port), -EIO);
	CHECK_EQ(rte_eth_dev_is_removed(port), 1);
	fake_remove();
}

/* ---- Control ---- */

static void
modes_are_set_once(void)
{
	const uint16_t port = fake_port("fake0");

	CHECK_EQ(rte_eth_promiscuous_get(port), 0);
	CHECK_EQ(rte_eth_promiscuous_enable(port), 0);
	CHECK_EQ(fake.promiscuous, 1);
	CHECK_EQ(rte_eth_promiscuous_get(port), 1);
	fake.ops.promiscuous_disable = NULL;
	CHECK_EQ(rte_eth_promiscuous_disable(port), -ENOTSUP);
	CHECK_EQ(rte_eth_promiscuous_get(port), 1);
	CHECK_EQ(rte_eth_allmulticast_enable(port), 0);
	CHECK_EQ(rte_eth_allmulticast_get(port), 1);
	CHECK_EQ(rte_eth_allmulticast_disable(port), 0);
	CHECK_EQ(fake.allmulticast, 0);
	fake_remove();
}

static void
links_are_told_in_words(void)
{
	struct rte_eth_link link = {.link_speed = RTE_ETH_SPEED_NUM_10G, .link_duplex = 1, .link_autoneg = 1, .link_status = 1};
	char text[RTE_ETH_LINK_MAX_STR_LEN];
	const uint16_t port = fake_port("fake0");

	CHECK_EQ(rte_eth_link_to_str(text, sizeof(text), &link), 30);
	CHECK_STR(text, "Link up at 10 Gbps FDX Autoneg");
	link.link_speed = RTE_ETH_SPEED_NUM_UNKNOWN;
	link.link_autoneg = 0;
	link.link_duplex = 0;
	rte_eth_link_to_str(text, sizeof(text), &link);
	CHECK_STR(text, "Link up at Unknown HDX Fixed");
	link.link_status = 0;
	rte_eth_link_to_str(text, sizeof(text), &link);
	CHECK_STR(text, "Link down");
	CHECK_STR(rte_eth_link_speed_to_str(12345), "Invalid");
	CHECK_EQ(rte_eth_link_to_str(NULL, 10, &link), -EINVAL);
	CHECK_EQ(rte_eth_link_to_str(text, 0, &link), -EINVAL);
	CHECK_EQ(rte_eth_link_to_str(text, 10, NULL), -EINVAL);
	CHECK_EQ(rte_eth_speed_bitflag(10, 0), RTE_ETH_LINK_SPEED_10M_HD);
	CHECK_EQ(rte_eth_speed_bitflag(40000, 1), RTE_ETH_LINK_SPEED_40G);
	CHECK_EQ(rte_eth_speed_bitflag(17, 1), 0);

	CHECK_EQ(rte_eth_link_get_nowait(port, &link), 0);
	CHECK_EQ(link.link_speed, 25000);
	CHECK_EQ(fake.link_updates, 1);
	CHECK_EQ(rte_eth_link_get(port, &link), 0);
	CHECK_EQ(fake.link_updates, 101);
	CHECK_EQ(rte_eth_link_get(port, NULL), -EINVAL);
	fake_remove();
}

static void
addresses_are_kept(void)
{
	struct rte_ether_addr a = {{2, 0, 0, 0, 0, 9}}, b = {{2, 0, 0, 0, 0, 10}}, group = {{1, 0, 0, 0, 0, 9}}, got;
	struct rte_ether_addr many[8], zero = {{0}};
	const uint16_t port = fake_port("fake0");

	CHECK_EQ(rte_eth_dev_default_mac_addr_set(port, &group), -EINVAL);
	CHECK_EQ(rte_eth_dev_default_mac_addr_set(port, &zero), -EINVAL);
	CHECK_EQ(rte_eth_dev_default_mac_addr_set(port, NULL), -EINVAL);
	CHECK_EQ(rte_eth_dev_default_mac_addr_set(port, &a), 0);
	CHECK_MEM(&fake.mac_set, &a, 6);
	CHECK_EQ(rte_eth_macaddr_get(port, &got), 0);
	CHECK_MEM(&got, &a, 6);
	CHECK_EQ(rte_eth_dev_mac_addr_add(port, &b, 0), 0);
	CHECK_EQ(fake.added_index, 1);
	CHECK_EQ(rte_eth_dev_mac_addr_add(port, &b, 0), 0);
	CHECK_EQ(fake.added, 1);
	CHECK_EQ(rte_eth_dev_default_mac_addr_set(port, &b), -EEXIST);
	CHECK_EQ(rte_eth_macaddrs_get(port, many, 8), 4);
	CHECK_MEM(&many[1], &b, 6);
	for (uint8_t i = 20; i < 22; i++) {
		got.addr_bytes[5] = i;
		CHECK_EQ(rte_eth_dev_mac_addr_add(port, &got, 0), 0);
	}
	got.addr_bytes[5] = 30;
	CHECK_EQ(rte_eth_dev_mac_addr_add(port, &got, 0), -ENOSPC);
	CHECK_EQ(rte_eth_dev_mac_addr_remove(port, &a), -EADDRINUSE);
	CHECK_EQ(rte_eth_dev_mac_addr_remove(port, &got), 0);
	CHECK_EQ(fake.mac_removed, 0);
	CHECK_EQ(rte_eth_dev_mac_addr_remove(port, &b), 0);
	CHECK_EQ(fake.mac_removed, 1);
	fake.error = -EBUSY;
	CHECK_EQ(rte_eth_dev_default_mac_addr_set(port, &b), -EBUSY);
	CHECK_EQ(rte_eth_macaddr_get(port, &got), 0);
	CHECK_MEM(&got, &a, 6);
	fake_remove();
}

static void
mtu_is_checked_and_kept(void)
{
	const uint16_t port = fake_port("fake0");
	uint16_t mtu;

	CHECK_EQ(rte_eth_dev_set_mtu(port, 1400), -EINVAL);
	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &plain), 0);
	CHECK_EQ(rte_eth_dev_set_mtu(port, 9601), -EINVAL);
	CHECK_EQ(rte_eth_dev_set_mtu(port, 9600), 0);
	CHECK_EQ(fake.mtu, 9600);
	fake.error = -EBUSY;
	CHECK_EQ(rte_eth_dev_set_mtu(port, 1000), -EBUSY);
	CHECK_EQ(rte_eth_dev_get_mtu(port, &mtu), 0);
	CHECK_EQ(mtu, 9600);
	fake_remove();
}

static void
packet_types_are_narrowed(void)
{
	const uint16_t port = fake_port("fake0");
	uint32_t types[4] = {1, 1, 1, 1};

	CHECK_EQ(rte_eth_dev_get_supported_ptypes(port, RTE_PTYPE_L3_MASK, types, 1), 2);
	CHECK_EQ(types[0], RTE_PTYPE_L3_IPV4);
	CHECK_EQ(types[1], 1);
	CHECK_EQ(rte_eth_dev_set_ptypes(port, RTE_PTYPE_L3_MASK, types, 4), 0);
	CHECK_EQ(fake.ptypes_set, RTE_PTYPE_L3_MASK);
	CHECK_EQ(types[1], RTE_PTYPE_L3_IPV6);
	CHECK_EQ(types[2], RTE_PTYPE_UNKNOWN);
	CHECK_EQ(rte_eth_dev_set_ptypes(port, 0, NULL, 0), 0);
	CHECK_EQ(fake.ptypes_set, 0);
	CHECK_EQ(rte_eth_dev_set_ptypes(port, 0x10, NULL, 0), -EINVAL);
	fake.ops.dev_ptypes_set = NULL;
	CHECK_EQ(rte_eth_dev_set_ptypes(port, 0, NULL, 0), 0);
	fake_remove();
}

/* ---- Errors ---- */

static void
bad_arguments_have_their_errors(void)
{
	const uint16_t none = 5;
	struct rte_eth_dev_info info;
	struct rte_eth_stats stats;
	struct rte_eth_link link;
	struct rte_ether_addr mac;
	uint16_t n = 0, port;

	CHECK_EQ(rte_eth_dev_configure(none, 1, 1, &plain), -ENODEV);
	CHECK_EQ(rte_eth_dev_configure(UINT16_MAX, 1, 1, &plain), -ENODEV);
	CHECK_EQ(rte_eth_rx_queue_setup(none, 0, 0, 0, NULL, pool), -ENODEV);
	CHECK_EQ(rte_eth_tx_queue_setup(none, 0, 0, 0, NULL), -ENODEV);
	CHECK_EQ(rte_eth_dev_start(none), -ENODEV);
	CHECK_EQ(rte_eth_dev_stop(none), -ENODEV);
	CHECK_EQ(rte_eth_dev_close(none), -ENODEV);
	CHECK_EQ(rte_eth_dev_info_get(none, &info), -ENODEV);
	CHECK_EQ(rte_eth_stats_get(none, &stats), -ENODEV);
	CHECK_EQ(rte_eth_stats_reset(none), -ENODEV);
	CHECK_EQ(rte_eth_link_get(none, &link), -ENODEV);
	CHECK_EQ(rte_eth_macaddr_get(none, &mac), -ENODEV);
	CHECK_EQ(rte_eth_promiscuous_enable(none), -ENODEV);
	CHECK_EQ(rte_eth_promiscuous_get(none), -ENODEV);
	CHECK_EQ(rte_eth_dev_get_mtu(none, &n), -ENODEV);
	CHECK_EQ(rte_eth_dev_set_mtu(none, 1500), -ENODEV);
	CHECK_EQ(rte_eth_dev_adjust_nb_rx_tx_desc(none, &n, &n), -ENODEV);
	CHECK_EQ(rte_eth_xstats_get(none, NULL, 0), -ENODEV);
	CHECK_EQ(rte_eth_xstats_get_names(none, NULL, 0), -ENODEV);
	CHECK_EQ(rte_eth_dev_rx_queue_start(none, 0), -ENODEV);
	CHECK_EQ(rte_eth_dev_socket_id(none), -1);
	CHECK_EQ(rte_eth_dev_is_removed(none), 0);
	port = fake_port("fake0");
	CHECK_EQ(rte_eth_dev_info_get(port, NULL), -EINVAL);
	CHECK_EQ(rte_eth_stats_get(port, NULL), -EINVAL);
	CHECK_EQ(rte_eth_macaddr_get(port, NULL), -EINVAL);
	CHECK_EQ(rte_eth_dev_get_mtu(port, NULL), -EINVAL);
	CHECK_EQ(rte_eth_dev_get_name_by_port(port, NULL), -EINVAL);
	CHECK_EQ(rte_eth_dev_set_link_up(port), -ENOTSUP);
	CHECK_EQ(rte_eth_dev_reset(port), -ENOTSUP);
	CHECK_EQ(rte_eth_dev_rx_queue_start(port, 0), -EINVAL);
	CHECK_EQ(rte_eth_dev_socket_id(port), 0);
	fake_remove();
}

int
main(int argc, char **argv)
{
	char *arguments[] = {argc > 0 ? argv[0] : "ethdev_test", "--no-huge", "--no-pci", "-m", "64", "--log-level=lib.ethdev:8",
		NULL};

	if (rte_eal_init(6, arguments) < 0)
		return 1;
	pool = rte_pktmbuf_pool_create("pool", 63, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, 0);
	small_pool = rte_pktmbuf_pool_create("small", 63, 0, 0, RTE_PKTMBUF_HEADROOM + 512, 0);
	if (pool == NULL || small_pool == NULL)
		return 1;
	RUN(ports_come_and_go);
	RUN(a_port_is_invisible_until_probing_is_finished);
	RUN(the_table_has_an_end);
	RUN(owned_ports_are_not_iterated);
	RUN(configure_reaches_the_driver);
	RUN(what_is_not_offered_is_refused);
	RUN(refusals_name_the_offload);
	RUN(a_driver_that_fails_to_configure_leaves_nothing);
	RUN(queue_setup_reaches_the_driver);
	RUN(queue_setup_refuses_what_does_not_fit);
	RUN(a_setup_that_does_nothing_is_caught);
	RUN(queues_are_released_once);
	RUN(descriptor_counts_are_adjusted);
	RUN(start_and_stop_reach_the_driver);
	RUN(start_restores_what_was_chosen);
	RUN(bursts_work_only_while_started);
	RUN(a_failed_start_moves_nothing);
	RUN(modes_are_set_once);
	RUN(links_are_told_in_words);
	RUN(addresses_are_kept);
	RUN(mtu_is_checked_and_kept);
	RUN(packet_types_are_narrowed);
	RUN(bad_arguments_have_their_errors);
	rte_mempool_free(pool);
	rte_mempool_free(small_pool);
	rte_eal_cleanup();
	return check_summary();
}
