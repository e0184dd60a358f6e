/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A program that links the archive as any other does, with --gc-sections and by different linkers, and names no driver: all of
 * them have to be there nevertheless.
 */
#include "check.h"

#include <errno.h>

#include <rte_bus.h>
#include <rte_bus_vdev.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>
#include <wdpdk_registry.h>

static void
every_row_has_a_name_and_a_function(void)
{
	static const char *const expected[] = {"mempool_ring", "mempool_stack", "class_eth", "bus_vdev", "bus_pci", "net_i40e",
		"net_null", "net_pcap", "net_ring", "net_tap", "event_sw"};
	size_t rows = 0;

	for (; wdpdk_registry[rows].name != NULL; rows++) {
		CHECK(rows < RTE_DIM(expected));
		CHECK_STR(wdpdk_registry[rows].name, expected[rows]);
		CHECK(wdpdk_registry[rows].init != NULL);
	}
	CHECK_EQ(rows, RTE_DIM(expected));
}

static void
the_bus_is_there(void)
{
	CHECK(rte_bus_find_by_name("vdev") != NULL);
}

static void
mempools_have_their_handlers(void)
{
	static const char *const handlers[] = {"ring_mp_mc", "ring_sp_sc", "ring_mp_sc", "ring_sp_mc"};

	for (size_t i = 0; i < RTE_DIM(handlers); i++) {
		struct rte_mempool *pool = rte_mempool_create_empty(handlers[i], 8, 64, 0, 0, 0, 0);

		CHECK(pool != NULL);
		CHECK_EQ(rte_mempool_set_ops_byname(pool, handlers[i], NULL), 0);
		CHECK_EQ(rte_mempool_populate_default(pool), 8);
		rte_mempool_free(pool);
	}
}

static void
net_null_is_there(void)
{
	uint16_t port;

	CHECK_EQ(rte_vdev_init("net_null0", NULL), 0);
	CHECK_EQ(rte_eth_dev_get_port_by_name("net_null0", &port), 0);
	CHECK_EQ(rte_vdev_uninit("net_null0"), 0);
}

static void
net_pcap_is_there(void)
{
	/* Its own refusal, not that of an unknown driver. */
	const int error = rte_vdev_init("net_pcap0", NULL);

	CHECK(error != 0);
	CHECK(error != -ENODEV);
}

static void
net_ring_is_there(void)
{
	uint16_t port;

	CHECK_EQ(rte_vdev_init("net_ring0", NULL), 0);
	CHECK_EQ(rte_eth_dev_get_port_by_name("net_ring0", &port), 0);
	CHECK_EQ(rte_vdev_uninit("net_ring0"), 0);
}

static void
net_tap_is_there(void)
{
	/* Its own refusal, on every system and whatever this user may do. */
	CHECK_EQ(rte_vdev_init("net_tap0", "queues=0"), -EINVAL);
}

int
main(int argc, char **argv)
{
	char *arguments[] = {argc > 0 ? argv[0] : "drivers_test", "--no-huge", "--no-pci", "-m", "64", NULL};

	if (rte_eal_init(5, arguments) < 0)
		return 1;
	RUN(every_row_has_a_name_and_a_function);
	RUN(the_bus_is_there);
	RUN(mempools_have_their_handlers);
	RUN(net_null_is_there);
	RUN(net_pcap_is_there);
	RUN(net_ring_is_there);
	RUN(net_tap_is_there);
	rte_eal_cleanup();
	return check_summary();
}
