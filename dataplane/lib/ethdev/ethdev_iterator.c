/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Walks over the ports that a description of devices means.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <bus_driver.h>
#include <rte_class.h>
#include <rte_devargs.h>
#include <rte_kvargs.h>
#include <wdpdk_registry.h>

#include "ethdev_private.h"

/* ---- The class "eth" ---- */

static int
has_address(const char *key, const char *value, void *opaque)
{
	const struct rte_eth_dev_data *data = opaque;
	struct rte_ether_addr address;
	struct rte_eth_dev_info info;

	RTE_SET_USED(key);
	if (value == NULL || rte_ether_unformat_addr(value, &address) < 0)
		return -1;
	if (data->mac_addrs == NULL || rte_eth_dev_info_get(data->port_id, &info) != 0)
		return -1;
	for (uint32_t i = 0; i < info.max_mac_addrs; i++)
		if (rte_is_same_ether_addr(&address, &data->mac_addrs[i]))
			return 0;
	return -1;
}

/* Representors are meant only where they are asked for, which no bus of ours can yet. */
static bool
matches(const struct rte_eth_dev *dev, const struct rte_device *device, const struct rte_kvargs *wanted)
{
	if (dev->state == RTE_ETH_DEV_UNUSED || (device != NULL && dev->device != device))
		return false;
	if (rte_kvargs_count(wanted, "representor") > 0 || (dev->data->dev_flags & RTE_ETH_DEV_REPRESENTOR) != 0)
		return false;
	return rte_kvargs_process(wanted, "mac", has_address, dev->data) == 0;
}

/* text: "key=value,..." of ports; behind a "+" it is a driver's arguments, of which ports look only at their own. */
static void *
next_port(const void *start, const char *text, const struct rte_dev_iterator *it)
{
	static const char *const keys[] = {"mac", "representor", NULL};
	const bool foreign = text != NULL && text[0] == '+';
	struct rte_kvargs *wanted = rte_kvargs_parse(text == NULL ? "" : text + foreign, foreign ? NULL : keys);
	const struct rte_eth_dev *dev = start;
	void *found = NULL;

	if (wanted == NULL) {
		RTE_ETHDEV_LOG(ERR, "'%s' does not describe ports: mac=ADDRESS does\n", text != NULL ? text : "");
		rte_errno = EINVAL;
		return NULL;
	}
	for (unsigned int i = dev == NULL ? 0 : (unsigned int)(dev - rte_eth_devices) + 1; i < RTE_MAX_ETHPORTS && found == NULL; i++)
		if (matches(&rte_eth_devices[i], it->device, wanted))
			found = &rte_eth_devices[i];
	rte_kvargs_free(wanted);
	return found;
}

static struct rte_class class_eth = {
	.name = "eth",
	.dev_iterate = next_port,
};

int
wdpdk_register_class_eth(void)
{
	rte_class_register(&class_eth);
	return 0;
}

/* ---- For applications ---- */

/* The key by which a bus knows the names of its devices. */
static const char *
name_key(const char *bus)
{
	return strcmp(bus, "vdev") == 0 ? "name" : strcmp(bus, "pci") == 0 ? "addr" : NULL;
}

static char *
joined(const char *left, const char *middle, const char *right)
{
	const size_t size = strlen(left) + strlen(middle) + strlen(right) + 1;
	char *text = malloc(size);

	if (text != NULL)
		snprintf(text, size, "%s%s%s", left, middle, right);
	return text;
}

/* "bus:name,arguments": the device of that name, and of its ports those that the arguments describe. */
static int
begin_on_bus(struct rte_dev_iterator *iter, const struct rte_devargs *devargs)
{
	const char *key = name_key(rte_bus_name(devargs->bus));

	if (key == NULL || devargs->bus->dev_iterate == NULL) {
		RTE_ETHDEV_LOG(ERR, "Devices of the bus %s cannot be walked\n", rte_bus_name(devargs->bus));
		return -ENOTSUP;
	}
	iter->bus = devargs->bus;
	iter->bus_str = joined(key, "=", devargs->name);
	iter->cls_str = joined("+", devargs->args, "");
	return iter->bus_str == NULL || iter->cls_str == NULL ? -ENOMEM : 0;
}

int
rte_eth_iterator_init(struct rte_dev_iterator *iter, const char *devargs)
{
	static const char any_bus[] = "class=eth,";
	struct rte_devargs parsed;
	int error = 0;

	if (iter == NULL || devargs == NULL) {
		RTE_ETHDEV_LOG(ERR, "A walk over ports needs an iterator and a description\n");
		return -EINVAL;
	}
	memset(iter, 0, sizeof(*iter));
	if (strncmp(devargs, any_bus, sizeof(any_bus) - 1) == 0) {
		iter->cls_str = devargs + sizeof(any_bus) - 1;
	} else {
		memset(&parsed, 0, sizeof(parsed));
		error = rte_devargs_parse(&parsed, devargs);
		if (error == 0)
			error = begin_on_bus(iter, &parsed);
		rte_devargs_reset(&parsed);
	}
	if (error == 0) {
		iter->cls = rte_class_find_by_name("eth");
		return 0;
	}
	free((void *)(uintptr_t)iter->bus_str);
	free((void *)(uintptr_t)iter->cls_str);
	memset(iter, 0, sizeof(*iter));
	return error;
}

uint16_t
rte_eth_iterator_next(struct rte_dev_iterator *iter)
{
	/* An iterator that could not be begun, or is at its end, has no class. */
	if (iter == NULL || iter->cls == NULL)
		return RTE_MAX_ETHPORTS;
	do {
		if (iter->bus != NULL && iter->class_device == NULL) {
			iter->device = iter->bus->dev_iterate(iter->device, iter->bus_str, iter);
			if (iter->device == NULL)
				break;
		}
		iter->class_device = iter->cls->dev_iterate(iter->class_device, iter->cls_str, iter);
		if (iter->class_device != NULL)
			return ((const struct rte_eth_dev *)iter->class_device)->data->port_id;
	} while (iter->bus != NULL);
	rte_eth_iterator_cleanup(iter);
	return RTE_MAX_ETHPORTS;
}

void
rte_eth_iterator_cleanup(struct rte_dev_iterator *iter)
{
	if (iter == NULL)
		return;
	/* Only a walk on a bus owns its strings. */
	if (iter->bus_str != NULL) {
		free((void *)(uintptr_t)iter->bus_str);
		free((void *)(uintptr_t)iter->cls_str);
	}
	memset(iter, 0, sizeof(*iter));
}
