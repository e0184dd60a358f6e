/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Devices that a program plays: --vdev pci_model0,bar=FILE,dma=DIR[,irq=FIFO]. FILE is BAR 0, FILE.config its
 * configuration space; DIR holds the memory both sides have (pci_model_memory.c). On the bus it is f00d:00:NN.0.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_byteorder.h>
#include <rte_errno.h>
#include <rte_kvargs.h>

#include "../pci_os.h"
#include "../pci_private.h"
#include "pci_model.h"

#define NAME "pci_model"
#define DOMAIN 0xf00d
#define DEVICES_MAX 256
#define BAR_LEAST 4096
#define PATH_SIZE 1024

#define CONFIG_CLASS 0x08
#define CONFIG_SUBSYSTEM_VENDOR 0x2c
#define CONFIG_SUBSYSTEM_DEVICE 0x2e

struct model {
	struct pci_os_file config, bar;
	char bar_path[PATH_SIZE];
	char irq_path[PATH_SIZE]; /* "": none */
};

int
pci_model_parse_name(const char *name, struct rte_pci_addr *addr)
{
	unsigned int number = 0;
	const char *at;

	if (name == NULL || strncmp(name, NAME, strlen(NAME)) != 0)
		return -1;
	for (at = name + strlen(NAME); *at >= '0' && *at <= '9' && number < DEVICES_MAX; at++)
		number = number * 10 + (unsigned int)(*at - '0');
	if (at == name + strlen(NAME) || *at != '\0' || number >= DEVICES_MAX)
		return -1;
	*addr = (struct rte_pci_addr){.domain = DOMAIN, .bus = (uint8_t)(number / 32), .devid = (uint8_t)(number % 32)};
	return 0;
}

/* ---- access ---- */

static int
bounded(const struct model *model, size_t len, size_t offset)
{
	return offset >= model->config.len ? 0 : (int)RTE_MIN(len, model->config.len - offset);
}

/* What fits one access is one: the other side sees whole registers. */
static int
model_read_config(const struct pci_device *dev, void *buf, size_t len, size_t offset)
{
	const struct model *model = dev->data;
	const volatile void *from = RTE_PTR_ADD(model->config.addr, offset);
	int n = bounded(model, len, offset);

	if (n == 4 && offset % 4 == 0)
		memcpy(buf, &(uint32_t){*(const volatile uint32_t *)from}, 4);
	else if (n == 2 && offset % 2 == 0)
		memcpy(buf, &(uint16_t){*(const volatile uint16_t *)from}, 2);
	else
		memcpy(buf, (const void *)(uintptr_t)from, (size_t)n);
	return n;
}

static int
model_write_config(const struct pci_device *dev, const void *buf, size_t len, size_t offset)
{
	const struct model *model = dev->data;
	volatile void *to = RTE_PTR_ADD(model->config.addr, offset);
	int n = bounded(model, len, offset);
	uint32_t four;
	uint16_t two;

	if (n == 4 && offset % 4 == 0) {
		memcpy(&four, buf, 4);
		*(volatile uint32_t *)to = four;
	} else if (n == 2 && offset % 2 == 0) {
		memcpy(&two, buf, 2);
		*(volatile uint16_t *)to = two;
	} else {
		memcpy((void *)(uintptr_t)to, buf, (size_t)n);
	}
	return n;
}

static const char *
remedy_of(int err)
{
	switch (err) {
	case -ENOENT:
		return "there is no such file: start the model first, and wait until it says that it is ready";
	case -EACCES:
	case -EPERM:
		return "no permission: model and dataplane run as one user";
	case -EFBIG:
		return "it is too short: is it the model's?";
	case -EINVAL:
		return "it is no such file as a model makes";
	case -ENOTSUP:
		return "this system has no such interrupts: leave it out; drivers then ask their devices now and then";
	default:
		return rte_strerror(-err);
	}
}

static int
refuse(const struct pci_device *dev, const char *key, const char *path, int err)
{
	PCI_LOG(ERR, "%s: %s=%s: %s\n", dev->public.device.name, key, path, remedy_of(err));
	return err;
}

static int
model_map(struct pci_device *dev)
{
	struct model *model = dev->data;
	struct rte_mem_resource *resource = &dev->public.mem_resource[0];
	int ret = pci_os_map(model->bar_path, BAR_LEAST, &model->bar);

	if (ret != 0)
		return refuse(dev, "bar", model->bar_path, ret);
	if (model->bar.len != resource->len) {
		pci_os_unmap(&model->bar);
		return refuse(dev, "bar", model->bar_path, -EFBIG);
	}
	if (model->irq_path[0] != '\0') {
		ret = pci_os_open_irq(model->irq_path, &model->config, dev->public.intr_handle);
		if (ret != 0) {
			pci_os_unmap(&model->bar);
			return refuse(dev, "irq", model->irq_path, ret);
		}
	}
	resource->addr = model->bar.addr;
	return 0;
}

static void
model_unmap(struct pci_device *dev)
{
	struct model *model = dev->data;

	pci_os_close_irq(dev->public.intr_handle);
	pci_os_unmap(&model->bar);
}

static void
model_release(struct pci_device *dev)
{
	struct model *model = dev->data;

	if (model != NULL)
		pci_os_unmap(&model->config);
	free(model);
}

static enum rte_iova_mode
model_iova_mode(const struct pci_device *dev)
{
	RTE_SET_USED(dev);
	return RTE_IOVA_PA;
}

static bool
model_reaches(const struct pci_device *dev, const struct wdpdk_memory_source *source, const char **remedy)
{
	RTE_SET_USED(dev);
	*remedy = "name it when the dataplane is started, with dma=DIR";
	return source == pci_model_memory();
}

static const struct pci_backend backend = {
	.name = "model",
	.map = model_map,
	.unmap = model_unmap,
	.read_config = model_read_config,
	.write_config = model_write_config,
	.iova_mode = model_iova_mode,
	.reaches = model_reaches,
	.release = model_release,
};

/* ---- finding them ---- */

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * %XX stands for one byte, as in the paths of net_pcap: commas and brackets are the arguments' own. A '%' without two
 * digits stands for itself. In place.
 */
static void
decode_path(char *path)
{
	const char *from = path;
	int high, low;

	while (*from != '\0') {
		high = *from == '%' ? hex_digit(from[1]) : -1;
		low = high < 0 ? -1 : hex_digit(from[2]);
		*path++ = low < 0 ? *from : (char)(high << 4 | low);
		from += low < 0 ? 1 : 3;
	}
	*path = '\0';
}

static int
copy_path(struct pci_device *dev, const struct rte_kvargs *args, const char *key, const char *suffix, bool needed, char *path)
{
	const char *value = rte_kvargs_get(args, key);

	path[0] = '\0';
	if (value == NULL || value[0] == '\0') {
		if (!needed)
			return 0;
		PCI_LOG(ERR, "%s lacks %s=: write " NAME "N,bar=FILE,dma=DIR with the paths given to the model\n",
			dev->public.device.name, key);
		return -EINVAL;
	}
	if (snprintf(path, PATH_SIZE, "%s%s", value, suffix) >= PATH_SIZE) {
		PCI_LOG(ERR, "%s: %s: the path has more than %d characters\n", dev->public.device.name, key, PATH_SIZE - 8);
		return -ENAMETOOLONG;
	}
	decode_path(path);
	return 0;
}

static uint32_t
config_value(const struct pci_device *dev, size_t offset, size_t len)
{
	uint32_t value = 0;

	model_read_config(dev, &value, len, offset);
	return rte_le_to_cpu_32(value);
}

static int
read_identity(struct pci_device *dev, const char *config_path)
{
	struct rte_pci_id *id = &dev->public.id;

	id->vendor_id = (uint16_t)config_value(dev, RTE_PCI_VENDOR_ID, 2);
	id->device_id = (uint16_t)config_value(dev, RTE_PCI_DEVICE_ID, 2);
	id->class_id = config_value(dev, CONFIG_CLASS, 4) >> 8;
	id->subsystem_vendor_id = (uint16_t)config_value(dev, CONFIG_SUBSYSTEM_VENDOR, 2);
	id->subsystem_device_id = (uint16_t)config_value(dev, CONFIG_SUBSYSTEM_DEVICE, 2);
	if (id->vendor_id != 0 && id->vendor_id != RTE_PCI_ANY_ID)
		return 0;
	PCI_LOG(ERR, "%s: %s holds no device: wait until the model says that it is ready\n", dev->public.device.name, config_path);
	return -ENODEV;
}

/* Checked now, mapped when a driver wants it. */
static int
measure_bar(struct pci_device *dev)
{
	struct model *model = dev->data;
	int ret = pci_os_map(model->bar_path, BAR_LEAST, &model->bar);
	size_t len;

	if (ret != 0)
		return refuse(dev, "bar", model->bar_path, ret);
	len = model->bar.len;
	pci_os_unmap(&model->bar);
	if (!rte_is_power_of_2((uint32_t)(len / BAR_LEAST)) || len % BAR_LEAST != 0) {
		PCI_LOG(ERR, "%s: bar=%s: it has %zu bytes, and a BAR has a power of two: is it the model's?\n", dev->public.device.name,
			model->bar_path, len);
		return -EINVAL;
	}
	dev->public.mem_resource[0].len = len;
	dev->public.mem_resource[0].phys_addr = (config_value(dev, RTE_PCI_BASE_ADDRESS_0, 4) & ~UINT64_C(15)) |
		(uint64_t)config_value(dev, RTE_PCI_BASE_ADDRESS_0 + 4, 4) << 32;
	return 0;
}

static int
set_up(struct pci_device *dev, const struct rte_kvargs *args)
{
	char config_path[PATH_SIZE], folder[PATH_SIZE];
	struct model *model = dev->data;
	int ret = copy_path(dev, args, "bar", "", true, model->bar_path);

	if (ret == 0)
		ret = copy_path(dev, args, "bar", ".config", true, config_path);
	if (ret == 0)
		ret = copy_path(dev, args, "dma", "", true, folder);
	if (ret == 0)
		ret = copy_path(dev, args, "irq", "", false, model->irq_path);
	if (ret == 0) {
		ret = pci_os_map(config_path, RTE_PCI_CFG_SPACE_SIZE, &model->config);
		if (ret != 0)
			refuse(dev, "bar", config_path, ret);
	}
	if (ret == 0)
		ret = read_identity(dev, config_path);
	if (ret == 0)
		ret = measure_bar(dev);
	return ret != 0 ? ret : pci_model_memory_use(dev->public.device.name, folder);
}

static int
add_model(const struct rte_devargs *devargs, const struct rte_pci_addr *addr)
{
	struct pci_device *dev = pci_device_new(&backend, addr);
	struct rte_kvargs *args;
	int ret = -EINVAL;

	if (dev == NULL)
		return -ENOMEM;
	dev->public.device.name = devargs->name;
	dev->data = calloc(1, sizeof(struct model));
	/* Other keys are the driver's. */
	args = dev->data != NULL ? rte_kvargs_parse(devargs->args, NULL) : NULL;
	if (dev->data == NULL)
		ret = -ENOMEM;
	else if (args == NULL)
		PCI_LOG(ERR, "%s: '%s' are no arguments: write bar=FILE,dma=DIR\n", devargs->name, devargs->args);
	else
		ret = set_up(dev, args);
	rte_kvargs_free(args);
	if (ret != 0) {
		pci_device_free(dev);
		return ret;
	}
	return pci_device_add(dev);
}

int
pci_model_scan(void)
{
	const struct rte_devargs *devargs;
	struct rte_pci_addr addr;
	int ret, first = 0;

	RTE_EAL_DEVARGS_FOREACH("pci", devargs) {
		if (devargs->policy != RTE_DEV_ALLOWED || pci_model_parse_name(devargs->name, &addr) != 0 ||
		    pci_device_find(&addr) != NULL)
			continue;
		ret = add_model(devargs, &addr);
		if (ret != 0 && first == 0)
			first = ret;
	}
	return first;
}
