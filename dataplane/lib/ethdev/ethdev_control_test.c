/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What reaches the driver of VLANs and hashing, walks over ports and devices, listeners, and callbacks that go while bursts run.
 */
#include "check.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>

#include <rte_bus_vdev.h>
#include <rte_eal.h>
#include <rte_malloc.h>

#include "fake_driver.h"

static const struct rte_eth_conf plain;
static int asked, asked_on;
static struct rte_eth_rss_conf hashed;
static uint16_t table_size;

/* ---- VLANs ---- */

static int
vlan_filter(struct rte_eth_dev *dev, uint16_t vlan, int on)
{
	(void)dev;
	asked = vlan;
	asked_on = on;
	return fake.error;
}

static int
vlan_offload(struct rte_eth_dev *dev, int mask)
{
	(void)dev;
	asked = mask;
	return fake.error;
}

static void
vlans_reach_the_driver(void)
{
	const struct rte_eth_conf filters = {.rxmode = {.offloads = RTE_ETH_RX_OFFLOAD_VLAN_FILTER}};
	const uint16_t port = fake_port("fake0");
	struct rte_eth_conf now;

	fake.info.rx_offload_capa |= RTE_ETH_RX_OFFLOAD_VLAN_FILTER | RTE_ETH_RX_OFFLOAD_VLAN_STRIP;
	fake.ops.vlan_filter_set = vlan_filter;
	fake.ops.vlan_offload_set = vlan_offload;
	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &filters), 0);
	CHECK_EQ(rte_eth_dev_get_vlan_offload(port), RTE_ETH_VLAN_FILTER_OFFLOAD);
	CHECK_EQ(rte_eth_dev_vlan_filter(port, 130, 1), 0);
	CHECK_EQ(asked, 130);
	CHECK_EQ(asked_on, 1);
	CHECK_EQ(fake.dev->data->vlan_filter_conf.ids[2], RTE_BIT64(2));
	CHECK_EQ(rte_eth_dev_vlan_filter(port, 130, 0), 0);
	CHECK_EQ(fake.dev->data->vlan_filter_conf.ids[2], 0);
	CHECK_EQ(rte_eth_dev_vlan_filter(port, 4096, 1), -EINVAL);
	/* Only what changes is asked for, and kept only when the driver did it. */
	asked = 0;
	CHECK_EQ(rte_eth_dev_set_vlan_offload(port, RTE_ETH_VLAN_FILTER_OFFLOAD), 0);
	CHECK_EQ(asked, 0);
	CHECK_EQ(rte_eth_dev_set_vlan_offload(port, RTE_ETH_VLAN_STRIP_OFFLOAD), 0);
	CHECK_EQ(asked, RTE_ETH_VLAN_STRIP_MASK | RTE_ETH_VLAN_FILTER_MASK);
	CHECK_EQ(rte_eth_dev_get_vlan_offload(port), RTE_ETH_VLAN_STRIP_OFFLOAD);
	CHECK_EQ(rte_eth_dev_conf_get(port, &now), 0);
	CHECK_EQ(now.rxmode.offloads, RTE_ETH_RX_OFFLOAD_VLAN_STRIP);
	fake.error = -EAGAIN;
	CHECK_EQ(rte_eth_dev_set_vlan_offload(port, 0), -EAGAIN);
	CHECK_EQ(rte_eth_dev_get_vlan_offload(port), RTE_ETH_VLAN_STRIP_OFFLOAD);
	fake.error = 0;
	fake_remove();
}

/* ---- Hashing ---- */

static int
hash_update(struct rte_eth_dev *dev, struct rte_eth_rss_conf *conf)
{
	(void)dev;
	hashed = *conf;
	return 0;
}

static int
table_update(struct rte_eth_dev *dev, struct rte_eth_rss_reta_entry64 *table, uint16_t size)
{
	(void)dev;
	(void)table;
	table_size = size;
	return 0;
}

static void
hashing_reaches_the_driver(void)
{
	const struct rte_eth_conf spread = {.rxmode = {.mq_mode = RTE_ETH_MQ_RX_RSS}};
	struct rte_eth_rss_conf conf = {.rss_hf = RTE_ETH_RSS_IPV4};
	struct rte_eth_rss_reta_entry64 table[2] = {{0}};
	const uint16_t port = fake_port("fake0");

	fake.ops.rss_hash_update = hash_update;
	fake.ops.reta_update = table_update;
	CHECK_EQ(rte_eth_dev_configure(port, 2, 1, &spread), 0);
	CHECK_EQ(rte_eth_dev_rss_hash_update(port, &conf), 0);
	CHECK_EQ(hashed.rss_hf, RTE_ETH_RSS_IPV4);
	table[1].mask = RTE_BIT64(5);
	table[1].reta[5] = 1;
	table[1].reta[6] = 99; /* not meant */
	CHECK_EQ(rte_eth_dev_rss_reta_update(port, table, 128), 0);
	CHECK_EQ(table_size, 128);
	table[1].reta[5] = 2;
	CHECK_EQ(rte_eth_dev_rss_reta_update(port, table, 128), -EINVAL);
	fake_remove();
}

/* ---- Walks ---- */

static uint64_t
walk(const char *description)
{
	struct rte_dev_iterator it;
	uint64_t seen = 0;
	uint16_t port;

	RTE_ETH_FOREACH_MATCHING_DEV(port, description, &it)
		seen |= RTE_BIT64(port);
	return seen;
}

static unsigned int
walk_devices(const char *description)
{
	struct rte_dev_iterator it;
	struct rte_device *device;
	unsigned int seen = 0;

	RTE_DEV_FOREACH(device, description, &it)
		seen++;
	return seen;
}

static void
walks_find_what_is_described(void)
{
	char text[64], address_text[RTE_ETHER_ADDR_FMT_SIZE];
	struct rte_ether_addr address;
	uint16_t a, b;

	CHECK_EQ(rte_vdev_init("net_null0", ""), 0);
	CHECK_EQ(rte_vdev_init("net_null1", ""), 0);
	CHECK_EQ(rte_eth_dev_get_port_by_name("net_null0", &a), 0);
	CHECK_EQ(rte_eth_dev_get_port_by_name("net_null1", &b), 0);
	CHECK_EQ(rte_eth_macaddr_get(b, &address), 0);
	rte_ether_format_addr(address_text, sizeof(address_text), &address);
	CHECK_EQ(walk("vdev:net_null0"), RTE_BIT64(a));
	CHECK_EQ(walk("net_null1"), RTE_BIT64(b));
	CHECK_EQ(walk("vdev:net_null7"), 0);
	snprintf(text, sizeof(text), "class=eth,mac=%s", address_text);
	CHECK_EQ(walk(text), RTE_BIT64(b));
	snprintf(text, sizeof(text), "vdev:net_null0,mac=%s", address_text);
	CHECK_EQ(walk(text), 0);
	CHECK_EQ(walk("class=eth,"), RTE_BIT64(a) | RTE_BIT64(b));
	CHECK_EQ(walk("class=eth,color=red"), 0);
	CHECK_EQ(walk("no such thing"), 0);
	CHECK_EQ(walk_devices("bus=vdev"), 2);
	CHECK_EQ(walk_devices("bus=vdev,name=net_null1"), 1);
	CHECK_EQ(walk_devices("bus=vdev/class=eth"), 2);
	CHECK_EQ(walk_devices("class=eth"), 2);
	snprintf(text, sizeof(text), "bus=vdev/class=eth,mac=%s", address_text);
	CHECK_EQ(walk_devices(text), 1);
	CHECK_EQ(walk_devices("bus=nowhere"), 0);
	CHECK_EQ(walk_devices("class=nothing"), 0);
	CHECK_EQ(walk_devices("name=net_null0"), 0);
	CHECK_EQ(walk_devices(""), 0);
	CHECK_EQ(rte_vdev_uninit("net_null0"), 0);
	CHECK_EQ(rte_vdev_uninit("net_null1"), 0);
	CHECK_EQ(walk_devices("bus=vdev"), 0);
}

/* ---- Who hears of devices ---- */

static int heard;

static void
listener(const char *device, enum rte_dev_event_type event, void *argument)
{
	(void)event;
	(void)argument;
	heard++;
	/* From inside a call the one that runs cannot be taken away. */
	if (strcmp(device, "last") == 0)
		CHECK_EQ(rte_dev_event_callback_unregister(NULL, listener, (void *)-1), -EAGAIN);
}

static void
listeners_hear_of_their_devices(void)
{
	CHECK_EQ(rte_dev_event_callback_register(NULL, NULL, NULL), -EINVAL);
	CHECK_EQ(rte_dev_event_callback_register(NULL, listener, NULL), 0);
	CHECK_EQ(rte_dev_event_callback_register(NULL, listener, NULL), -EEXIST);
	CHECK_EQ(rte_dev_event_callback_register("a", listener, NULL), 0);
	rte_dev_event_callback_process("a", RTE_DEV_EVENT_ADD);
	CHECK_EQ(heard, 2);
	rte_dev_event_callback_process("b", RTE_DEV_EVENT_REMOVE);
	CHECK_EQ(heard, 3);
	rte_dev_event_callback_process("last", RTE_DEV_EVENT_REMOVE);
	CHECK_EQ(rte_dev_event_callback_unregister("a", listener, (void *)1), -ENOENT);
	CHECK_EQ(rte_dev_event_callback_unregister("a", listener, NULL), 1);
	CHECK_EQ(rte_dev_event_callback_unregister(NULL, listener, (void *)-1), 1);
	CHECK_EQ(rte_dev_event_callback_unregister(NULL, listener, NULL), -ENOENT);
	rte_dev_event_callback_process("a", RTE_DEV_EVENT_ADD);
	CHECK_EQ(heard, 4);
}

/* ---- Callbacks that go while bursts run ---- */

#define ROUNDS 2000

static bool polling_ends;

static uint16_t
count_one(uint16_t port, uint16_t queue, struct rte_mbuf **packets, uint16_t count, uint16_t most, void *argument)
{
	(void)port;
	(void)queue;
	(void)packets;
	(void)most;
	__atomic_fetch_add((uint64_t *)argument, 1, __ATOMIC_RELAXED);
	return count;
}

static void *
poll_port(void *argument)
{
	const uint16_t port = *(const uint16_t *)argument;
	struct rte_mbuf *packets[4];

	while (!__atomic_load_n(&polling_ends, __ATOMIC_ACQUIRE))
		rte_eth_rx_burst(port, 0, packets, 4);
	return NULL;
}

/* A burst that stands on a removed callback walks on to the next; the one that stays misses no burst. */
static void
callbacks_go_while_bursts_run(void)
{
	static const struct rte_eth_rxtx_callback *gone[ROUNDS];
	uint64_t passing = 0, staying = 0, before;
	uint16_t port = fake_port("fake0");
	const struct rte_eth_rxtx_callback *stays;
	pthread_t thread;

	CHECK_EQ(rte_eth_dev_configure(port, 1, 0, &plain), 0);
	fake.dev->data->rx_queues[0] = &fake.rx[0];
	CHECK_EQ(rte_eth_dev_start(port), 0);
	stays = rte_eth_add_rx_callback(port, 0, count_one, &staying);
	CHECK(stays != NULL);
	CHECK_EQ(pthread_create(&thread, NULL, poll_port, &port), 0);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		gone[i] = i % 2 == 0 ? rte_eth_add_first_rx_callback(port, 0, count_one, &passing) :
			rte_eth_add_rx_callback(port, 0, count_one, &passing);
		CHECK(gone[i] != NULL);
		CHECK_EQ(rte_eth_remove_rx_callback(port, 0, gone[i]), 0);
		CHECK_EQ(rte_eth_remove_rx_callback(port, 0, gone[i]), -EINVAL);
	}
	before = __atomic_load_n(&staying, __ATOMIC_RELAXED);
	while (__atomic_load_n(&staying, __ATOMIC_RELAXED) < before + 2)
		;
	__atomic_store_n(&polling_ends, true, __ATOMIC_RELEASE);
	CHECK_EQ(pthread_join(thread, NULL), 0);
	/* Now nobody is in a burst. */
	for (unsigned int i = 0; i < ROUNDS; i++)
		rte_free((void *)(uintptr_t)gone[i]);
	CHECK_EQ(rte_eth_remove_rx_callback(port, 0, stays), 0);
	rte_free((void *)(uintptr_t)stays);
	fake.dev->data->rx_queues[0] = NULL;
	fake_remove();
}

int
main(int argc, char **argv)
{
	char *arguments[] = {argc > 0 ? argv[0] : "ethdev_control_test", "--no-huge", "--no-pci", "-m", "32", NULL};

	if (rte_eal_init(5, arguments) < 0)
		return 1;
	RUN(vlans_reach_the_driver);
	RUN(hashing_reaches_the_driver);
	RUN(walks_find_what_is_described);
	RUN(listeners_hear_of_their_devices);
	RUN(callbacks_go_while_bursts_run);
	rte_eal_cleanup();
	return check_summary();
}
