/* SPDX-License-Identifier: BSD-3-Clause */
#include "check.h"

#include <errno.h>

#include <rte_bus_vdev.h>
#include <rte_eal.h>
#include <rte_ethdev.h>

#include "../tap_os.h"

static void
the_refusal_names_the_way_out(void)
{
	const struct tap_os_settings settings = {.name = "dtap0", .queues = 1};
	struct tap_os *tap = NULL;
	char error[TAP_ERROR] = "";

	CHECK_EQ(tap_os_open(&tap, &settings, error), -ENOTSUP);
	CHECK(tap == NULL);
	CHECK(strstr(error, "dtap0") != NULL);
	CHECK(strstr(error, "Linux") != NULL);
	CHECK(strstr(error, "Wintun") != NULL);
	CHECK(strstr(error, "net_pcap") != NULL);
	CHECK(strstr(error, "net_ring") != NULL);
}

static void
no_port_is_made(void)
{
	CHECK_EQ(rte_vdev_init("net_tap0", ""), -ENOTSUP);
	/* Wrong arguments are told first, here as there. */
	CHECK_EQ(rte_vdev_init("net_tap0", "queues=0"), -EINVAL);
	CHECK_EQ(rte_eth_dev_count_total(), 0);
}

int
main(int argc, char **argv)
{
	char *arguments[] = {argc > 0 ? argv[0] : "tap_windows_test", "--no-huge", "--no-pci", "-m", "64", NULL};

	if (rte_eal_init(5, arguments) < 0)
		return 1;
	RUN(the_refusal_names_the_way_out);
	RUN(no_port_is_made);
	rte_eal_cleanup();
	return check_summary();
}
