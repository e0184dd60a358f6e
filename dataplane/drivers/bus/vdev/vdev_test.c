/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The vdev bus with drivers of the test's own, one of them registered as foreign code does it.
 */
#include "check.h"

#include <errno.h>

#include <bus_driver.h>
#include <bus_vdev_driver.h>
#include <ethdev_driver.h>
#include <rte_devargs.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>

static int probes, removes, probe_error;
static char probed_name[64], probed_args[64];
static const struct rte_driver *driver_at_probe;

static int
probe(struct rte_vdev_device *device)
{
	probes++;
	snprintf(probed_name, sizeof(probed_name), "%s", device->device.name);
	snprintf(probed_args, sizeof(probed_args), "%s", rte_vdev_device_args(device));
	driver_at_probe = device->device.driver;
	return probe_error;
}

static int
drop(struct rte_vdev_device *device)
{
	(void)device;
	removes++;
	return 0;
}

static struct rte_vdev_driver foreign = {.probe = probe, .remove = drop};
RTE_PMD_REGISTER_VDEV(net_foreign, foreign);
RTE_PMD_REGISTER_ALIAS(net_foreign, eth_foreign);

static void
devices_of_the_command_line_are_probed(void)
{
	/* main() asked for net_foreign0,a=1,b=2. */
	CHECK_EQ(probes, 1);
	CHECK_STR(probed_name, "net_foreign0");
	CHECK_STR(probed_args, "a=1,b=2");
	CHECK(driver_at_probe == &foreign.driver);
}

static void
devices_come_and_go(void)
{
	probes = removes = 0;
	CHECK_EQ(rte_vdev_init("net_foreign1", "x=y"), 0);
	CHECK_STR(probed_name, "net_foreign1");
	CHECK_STR(probed_args, "x=y");
	CHECK_EQ(rte_vdev_init("net_foreign1", NULL), -EEXIST);
	CHECK_EQ(probes, 1);
	CHECK_EQ(rte_vdev_uninit("net_foreign1"), 0);
	CHECK_EQ(removes, 1);
	CHECK_EQ(rte_vdev_uninit("net_foreign1"), -ENOENT);
	/* By the driver's other name, without arguments. */
	CHECK_EQ(rte_vdev_init("eth_foreign7", NULL), 0);
	CHECK_STR(probed_args, "");
	CHECK_EQ(rte_vdev_uninit("eth_foreign7"), 0);
	CHECK_EQ(rte_vdev_init(NULL, NULL), -EINVAL);
	CHECK_EQ(rte_vdev_init("", NULL), -EINVAL);
	CHECK_EQ(rte_vdev_init("net_foreign_with_a_name_that_is_longer_than_the_room_there_is_for_it", NULL), -EINVAL);
	CHECK_EQ(rte_vdev_uninit(NULL), -EINVAL);
}

static void
a_device_that_fails_does_not_exist(void)
{
	probe_error = -EIO;
	CHECK_EQ(rte_vdev_init("net_foreign2", NULL), -EIO);
	CHECK_EQ(rte_vdev_uninit("net_foreign2"), -ENOENT);
	probe_error = 0;
	CHECK_EQ(rte_vdev_init("net_foreign2", NULL), 0);
	CHECK_EQ(rte_vdev_uninit("net_foreign2"), 0);
}

static char log_text[4096];

/* What is logged while a device is made, in log_text. */
static int
init_and_listen(const char *name, const char *arguments)
{
	FILE *log = tmpfile();
	size_t size;
	int error;

	CHECK(log != NULL);
	rte_openlog_stream(log);
	error = rte_vdev_init(name, arguments);
	rte_openlog_stream(NULL);
	rewind(log);
	size = fread(log_text, 1, sizeof(log_text) - 1, log);
	log_text[size] = '\0';
	fclose(log);
	return error;
}

static void
an_unknown_driver_is_named_with_those_there_are(void)
{
	CHECK_EQ(init_and_listen("net_nul0", NULL), -ENODEV);
	CHECK(strstr(log_text, "\"net_nul0\"") != NULL);
	CHECK(strstr(log_text, "net_foreign") != NULL);
	CHECK(strstr(log_text, "net_null") != NULL);
}

static void
an_unknown_argument_is_named_with_those_accepted(void)
{
	CHECK_EQ(init_and_listen("net_null0", "size=64,speed=1"), -EINVAL);
	CHECK(strstr(log_text, "net_null0") != NULL);
	CHECK(strstr(log_text, "\"speed\"") != NULL);
	CHECK(strstr(log_text, "size, copy, no-rx") != NULL);
}

static int
by_name(const struct rte_device *device, const void *name)
{
	return strcmp(device->name, name);
}

static void
the_bus_is_found_and_finds(void)
{
	struct rte_bus *bus = rte_bus_find_by_name("vdev");
	struct rte_device *device;

	CHECK(bus != NULL);
	device = bus->find_device(NULL, by_name, "net_foreign0");
	CHECK(device != NULL);
	CHECK(rte_dev_is_probed(device));
	CHECK(rte_bus_find_by_device(device) == bus);
	CHECK(bus->find_device(device, by_name, "net_foreign0") == NULL);
	CHECK(bus->find_device(NULL, by_name, "net_foreign9") == NULL);
	CHECK_EQ(bus->parse("net_foreign123", NULL), 0);
	CHECK(bus->parse("0000:01:00.0", NULL) != 0);
}

static void
devices_are_plugged_through_the_eal(void)
{
	probes = removes = 0;
	CHECK_EQ(rte_eal_hotplug_add("vdev", "net_foreign5", "k=v"), 0);
	CHECK_EQ(probes, 1);
	CHECK_STR(probed_args, "k=v");
	CHECK_EQ(rte_eal_hotplug_add("vdev", "net_foreign5", "k=v"), -EEXIST);
	CHECK_EQ(rte_eal_hotplug_remove("vdev", "net_foreign5"), 0);
	CHECK_EQ(removes, 1);
	CHECK_EQ(rte_eal_hotplug_remove("vdev", "net_foreign5"), -ENODEV);
}

static void
make_device(void *name)
{
	rte_vdev_init(name, NULL);
}

static void
custom_scans_make_devices(void)
{
	struct rte_bus *bus = rte_bus_find_by_name("vdev");

	probes = 0;
	CHECK_EQ(rte_vdev_add_custom_scan(make_device, "net_foreign8"), 0);
	CHECK_EQ(rte_vdev_add_custom_scan(make_device, "net_foreign8"), 0);
	CHECK_EQ(bus->scan(), 0);
	CHECK_EQ(probes, 1);
	CHECK_EQ(rte_vdev_remove_custom_scan(make_device, (void *)-1), 0);
	CHECK_EQ(rte_vdev_uninit("net_foreign8"), 0);
	CHECK_EQ(bus->scan(), 0);
	CHECK_EQ(probes, 1);
}

int
main(int argc, char **argv)
{
	char *arguments[] = {argc > 0 ? argv[0] : "vdev_test", "--no-huge", "--no-pci", "-m", "64", "--vdev",
		"net_foreign0,a=1,b=2", NULL};

	if (rte_eal_init(7, arguments) < 0)
		return 1;
	RUN(devices_of_the_command_line_are_probed);
	RUN(devices_come_and_go);
	RUN(a_device_that_fails_does_not_exist);
	RUN(an_unknown_driver_is_named_with_those_there_are);
	RUN(an_unknown_argument_is_named_with_those_accepted);
	RUN(the_bus_is_found_and_finds);
	RUN(devices_are_plugged_through_the_eal);
	RUN(custom_scans_make_devices);
	removes = 0;
	rte_eal_cleanup();
	/* The command line's device was still there. */
	if (removes != 1)
		printf("FAIL cleanup removed %d devices, expected 1\n", removes);
	return check_summary() != 0 || removes != 1;
}
