/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Buses and devices, with a bus of the test's own: names "fake*", one device an argument.
 */
#include <errno.h>
#include <stdlib.h>

#include <bus_driver.h>
#include <dev_driver.h>
#include <rte_class.h>
#include <rte_devargs.h>
#include <rte_malloc.h>
#include <wdpdk_registry.h>

#include "test_support.h"

static struct rte_driver fake_driver = { .name = "fake_driver" };
static TAILQ_HEAD(, rte_device) devices = TAILQ_HEAD_INITIALIZER(devices);
static unsigned int registrations, cleanups;
static struct rte_bus fake_bus;

static int
fake_parse(const char *name, void *addr)
{
	(void)addr;
	return strncmp(name, "fake", 4) == 0 ? 0 : 1;
}

static struct rte_device *
fake_find(const struct rte_device *start, rte_dev_cmp_t cmp, const void *data)
{
	struct rte_device *dev = start != NULL ? TAILQ_NEXT(start, next) : TAILQ_FIRST(&devices);

	while (dev != NULL && cmp(dev, data) != 0)
		dev = TAILQ_NEXT(dev, next);
	return dev;
}

static int
same_name(const struct rte_device *dev, const void *data)
{
	return strcmp(dev->name, data);
}

static int
fake_scan(void)
{
	struct rte_devargs *da;

	RTE_EAL_DEVARGS_FOREACH("fake", da) {
		struct rte_device *dev = fake_find(NULL, same_name, da->name);

		if (dev != NULL)
			continue;
		dev = calloc(1, sizeof(*dev));
		dev->name = da->name;
		dev->bus = &fake_bus;
		dev->devargs = da;
		TAILQ_INSERT_TAIL(&devices, dev, next);
	}
	return 0;
}

static int
fake_plug(struct rte_device *dev)
{
	if (strcmp(dev->devargs->args, "refuse") == 0)
		return -EIO;
	if (strcmp(dev->devargs->args, "nobody") == 0)
		return 1;
	dev->driver = &fake_driver;
	return 0;
}

static int
fake_unplug(struct rte_device *dev)
{
	TAILQ_REMOVE(&devices, dev, next);
	free(dev);
	return 0;
}

static int
fake_probe(void)
{
	struct rte_device *dev;
	int ret;

	TAILQ_FOREACH(dev, &devices, next) {
		ret = dev->driver != NULL ? 0 : fake_plug(dev);
		if (ret != 0) {
			RTE_LOG(ERR, USER1, "cannot start %s\n", dev->name);
			return -EIO;
		}
	}
	return 0;
}

static int
fake_cleanup(void)
{
	struct rte_device *dev;

	while ((dev = TAILQ_FIRST(&devices)) != NULL)
		fake_unplug(dev);
	cleanups++;
	return 0;
}

static struct rte_bus fake_bus = {
	.name = "fake", .scan = fake_scan, .probe = fake_probe, .find_device = fake_find, .plug = fake_plug,
	.unplug = fake_unplug, .parse = fake_parse, .cleanup = fake_cleanup,
};

static int
register_fake_bus(void)
{
	registrations++;
	rte_bus_register(&fake_bus);
	rte_bus_register(&fake_bus);
	return 0;
}

const struct wdpdk_registry_row wdpdk_registry[] = { { "fake bus", register_fake_bus }, { NULL, NULL } };

#define START "test --no-huge -m 8 --lcores 0@0 "

static void
an_unknown_device_ends_the_start_by_name(void)
{
	rte_errno = 0;
	CHECK_EQ(eal_start(START "--vdev net_nonsense0,x=1"), -1);
	CHECK(rte_errno != 0);
	CHECK(log_has("--vdev net_nonsense0,x=1: no such device or driver"));
	CHECK_EQ(eal_start(START "-a fake:other"), -1);
	CHECK(log_has("'other': no bus or driver knows this name"));
	CHECK_EQ(eal_start(START "--vdev ,x"), -1);
	CHECK(log_has("its name must have"));
}

static void
a_device_that_cannot_start_ends_the_start(void)
{
	CHECK_EQ(eal_start(START "--vdev fake0 --vdev fake1,refuse"), -1);
	CHECK_EQ(rte_errno, EIO);
	CHECK(log_has("cannot start fake1"));
	/* What had been started is gone again. */
	CHECK(TAILQ_EMPTY(&devices));
	CHECK_EQ(rte_devargs_type_count(RTE_DEVTYPE_VIRTUAL), 0);
	CHECK(rte_malloc(NULL, 1, 0) == NULL);
}

static void
devices_of_the_command_line_are_probed(void)
{
	struct rte_bus *bus;
	struct rte_device *dev;

	CHECK(eal_start(START "--vdev fake0,a=1 --vdev fake:fake1 --vdev fake0,a=2") > 0);
	CHECK_EQ(registrations, 1);
	bus = rte_bus_find_by_name("fake");
	CHECK(bus == &fake_bus);
	CHECK(rte_bus_find_by_name("none") == NULL);
	CHECK_STR(rte_bus_name(bus), "fake");
	dev = bus->find_device(NULL, same_name, "fake0");
	CHECK(dev != NULL && rte_dev_is_probed(dev));
	CHECK(rte_bus_find_by_device(dev) == bus);
	CHECK(rte_dev_bus(dev) == bus);
	CHECK_STR(rte_dev_name(dev), "fake0");
	CHECK_STR(rte_driver_name(rte_dev_driver(dev)), "fake_driver");
	/* The later of two says what counts. */
	CHECK_STR(rte_dev_devargs(dev)->args, "a=2");
	CHECK_EQ(rte_devargs_type_count(RTE_DEVTYPE_VIRTUAL), 2);
}

static void
devices_come_and_go_while_running(void)
{
	struct rte_device *dev;

	CHECK_EQ(rte_eal_hotplug_add("fake", "fake7", "k=v,l=w"), 0);
	dev = fake_find(NULL, same_name, "fake7");
	CHECK(dev != NULL && rte_dev_is_probed(dev));
	CHECK_STR(rte_dev_devargs(dev)->args, "k=v,l=w");
	CHECK_EQ(rte_eal_hotplug_add("fake", "fake7", NULL), -EEXIST);
	CHECK_EQ(rte_eal_hotplug_remove("fake", "fake7"), 0);
	CHECK(fake_find(NULL, same_name, "fake7") == NULL);
	CHECK_EQ(rte_devargs_type_count(RTE_DEVTYPE_VIRTUAL), 2);
	CHECK_EQ(rte_eal_hotplug_remove("fake", "fake7"), -ENODEV);
	CHECK_EQ(rte_eal_hotplug_remove("none", "fake7"), -ENOENT);
	CHECK_EQ(rte_eal_hotplug_add("none", "x", ""), -ENOENT);
	CHECK_EQ(rte_dev_probe("nonsense9"), -EFAULT);
	CHECK_EQ(rte_dev_probe("fake8,refuse"), -EIO);
	CHECK_EQ(rte_dev_probe("fake9,nobody"), -ENOTSUP);
	CHECK_EQ(rte_dev_remove(NULL), -ENOENT);
}

static void
arguments_are_taken_apart(void)
{
	struct rte_devargs da = { .type = RTE_DEVTYPE_VIRTUAL };
	char longest[80];

	CHECK_EQ(rte_devargs_parse(&da, "fake:fake3,a=b,c"), 0);
	CHECK_STR(da.name, "fake3");
	CHECK_STR(da.args, "a=b,c");
	CHECK(da.bus == &fake_bus);
	rte_devargs_reset(&da);
	CHECK(da.args == NULL);
	CHECK_EQ(rte_devargs_parsef(&da, "fake%d,%s", 12, "x"), 0);
	CHECK_STR(da.name, "fake12");
	rte_devargs_reset(&da);
	memset(longest, 'f', sizeof(longest));
	longest[79] = '\0';
	CHECK_EQ(rte_devargs_parse(&da, longest), -EINVAL);
	CHECK_EQ(rte_devargs_parse(NULL, "x"), -EINVAL);
	CHECK_EQ(rte_devargs_parse(&da, NULL), -EINVAL);
	CHECK_EQ(rte_devargs_remove(&da), 1);
	CHECK_EQ(rte_devargs_remove(NULL), -1);
}

static struct rte_class test_class = { .name = "testclass" };

static void
layers_are_taken_apart(void)
{
	static const char *const bad[] = { "bus=none", "class=none", "bus=", "bus=fake/class=", "bus=fake/bus=fake",
		"bus=fake,name=fake7/driver=d/class=none", "bus=fake/class=testclass/class=testclass", "bus=fake/x" };
	struct rte_devargs da = { 0 };
	unsigned int i;

	rte_class_register(&test_class);
	CHECK_EQ(rte_devargs_parse(&da, "bus=fake,x=[a,name=no],name=/dev/fake/7/class=testclass,y=1/driver=d,k=v/w"), 0);
	CHECK(da.bus == &fake_bus && da.cls == &test_class);
	CHECK_STR(da.name, "/dev/fake/7");
	CHECK_STR(da.bus_str, "bus=fake,x=[a,name=no],name=/dev/fake/7");
	CHECK_STR(da.cls_str, "class=testclass,y=1");
	CHECK_STR(da.drv_str, "driver=d,k=v/w");
	rte_devargs_reset(&da);
	CHECK(da.data == NULL && da.bus_str == NULL);
	CHECK_EQ(rte_devargs_parse(&da, "class=testclass"), 0);
	CHECK(da.bus == NULL && da.cls == &test_class);
	CHECK_STR(da.args, "");
	rte_devargs_reset(&da);
	CHECK_EQ(rte_devargs_parse(&da, "bus=fake"), 0);
	CHECK_STR(da.name, "");
	rte_devargs_reset(&da);
	for (i = 0; i < RTE_DIM(bad); i++) {
		printf("    %s\n", bad[i]);
		if (strchr(bad[i], 'x') == NULL)
			CHECK(rte_devargs_parse(&da, bad[i]) < 0);
		else if (rte_devargs_parse(&da, bad[i]) == 0)
			CHECK_STR(da.bus_str, bad[i]);
		rte_devargs_reset(&da);
	}
	/* To be probed or listed it takes a bus and a name. */
	CHECK_EQ(rte_dev_probe("class=testclass"), -EINVAL);
	CHECK_EQ(rte_dev_probe("bus=fake"), -EINVAL);
	CHECK(rte_devargs_add(RTE_DEVTYPE_ALLOWED, "class=testclass") < 0);
	CHECK_EQ(rte_dev_probe("bus=fake,name=fake9/driver=fake_driver,k=v"), 0);
	CHECK(fake_find(NULL, same_name, "fake9") != NULL);
	CHECK_EQ(rte_dev_remove(fake_find(NULL, same_name, "fake9")), 0);
	rte_class_unregister(&test_class);
}

static void
allowing_and_blocking_set_the_buss_mode(void)
{
	CHECK_EQ(fake_bus.conf.scan_mode, RTE_BUS_SCAN_UNDEFINED);
	CHECK_EQ(rte_devargs_add(RTE_DEVTYPE_BLOCKED, "fake20"), 0);
	CHECK_EQ(fake_bus.conf.scan_mode, RTE_BUS_SCAN_BLOCKLIST);
	CHECK_EQ(rte_devargs_type_count(RTE_DEVTYPE_BLOCKED), 1);
}

static void
the_end_cleans_the_bus(void)
{
	unsigned int before = cleanups;

	CHECK_EQ(rte_eal_cleanup(), 0);
	CHECK_EQ(cleanups, before + 1);
	CHECK(TAILQ_EMPTY(&devices));
	CHECK(rte_devargs_next(NULL, NULL) == NULL);
}

int
main(void)
{
	log_capture("test_eal_bus.log");
	RUN(an_unknown_device_ends_the_start_by_name);
	RUN(a_device_that_cannot_start_ends_the_start);
	RUN(devices_of_the_command_line_are_probed);
	RUN(devices_come_and_go_while_running);
	RUN(arguments_are_taken_apart);
	RUN(layers_are_taken_apart);
	RUN(allowing_and_blocking_set_the_buss_mode);
	RUN(the_end_cleans_the_bus);
	return check_summary();
}
