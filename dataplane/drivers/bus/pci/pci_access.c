/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A device's BARs and configuration space. What a device says there is not trusted: lists of capabilities end after as
 * many as there can be.
 */
#include <errno.h>
#include <string.h>

#include <rte_byteorder.h>
#include <rte_io.h>

#include "pci_private.h"

/* Each has at least this much of its part of the space. */
#define CAPS_MAX ((RTE_PCI_CFG_SPACE_SIZE - 64) / 4)
#define EXT_CAPS_MAX ((RTE_PCI_CFG_SPACE_EXP_SIZE - RTE_PCI_CFG_SPACE_SIZE) / 8)

int
rte_pci_map_device(struct rte_pci_device *dev)
{
	struct pci_device *own;
	unsigned int i;

	if (dev == NULL)
		return -EINVAL;
	own = pci_device_of(dev);
	for (i = 0; i < PCI_MAX_RESOURCE; i++)
		if (dev->mem_resource[i].addr != NULL)
			return 0;
	return own->backend->map(own);
}

void
rte_pci_unmap_device(struct rte_pci_device *dev)
{
	unsigned int i;

	if (dev == NULL)
		return;
	pci_device_of(dev)->backend->unmap(pci_device_of(dev));
	for (i = 0; i < PCI_MAX_RESOURCE; i++)
		dev->mem_resource[i].addr = NULL;
}

void
rte_pci_dump(FILE *f)
{
	const struct rte_pci_device *dev;
	unsigned int i;

	TAILQ_FOREACH(dev, &pci_devices, next) {
		fprintf(f, "%s (%s): vendor %04x, device %04x, class %06x, node %d, by %s, driver %s\n", dev->name, dev->device.name,
			dev->id.vendor_id, dev->id.device_id, dev->id.class_id, dev->device.numa_node,
			pci_device_of(dev)->backend->name, dev->device.driver != NULL ? dev->device.driver->name : "none");
		for (i = 0; i < PCI_MAX_RESOURCE; i++)
			if (dev->mem_resource[i].len != 0)
				fprintf(f, "   BAR %u: 0x%" PRIx64 ", %" PRIu64 " bytes%s\n", i, dev->mem_resource[i].phys_addr,
					dev->mem_resource[i].len, dev->mem_resource[i].addr != NULL ? ", mapped" : "");
	}
}

/* Bytes of configuration space that a transfer may have; negative for none. */
static int
bounded(const struct rte_pci_device *dev, const void *buf, size_t len, off_t offset)
{
	if (dev == NULL || buf == NULL || offset < 0 || offset >= RTE_PCI_CFG_SPACE_EXP_SIZE)
		return -EINVAL;
	return (int)RTE_MIN(len, (size_t)(RTE_PCI_CFG_SPACE_EXP_SIZE - offset));
}

int
rte_pci_read_config(const struct rte_pci_device *device, void *buf, size_t len, off_t offset)
{
	int n = bounded(device, buf, len, offset);

	return n < 0 ? n : pci_device_of(device)->backend->read_config(pci_device_of(device), buf, (size_t)n, (size_t)offset);
}

int
rte_pci_write_config(const struct rte_pci_device *device, const void *buf, size_t len, off_t offset)
{
	int n = bounded(device, buf, len, offset);

	return n < 0 ? n : pci_device_of(device)->backend->write_config(pci_device_of(device), buf, (size_t)n, (size_t)offset);
}

/* 0; -1 when not all of it can be read. */
static int
read_exactly(const struct rte_pci_device *dev, void *buf, size_t len, off_t offset)
{
	return rte_pci_read_config(dev, buf, len, offset) == (int)len ? 0 : -1;
}

static int
read_u16(const struct rte_pci_device *dev, off_t offset, uint16_t *value)
{
	int ret = read_exactly(dev, value, sizeof(*value), offset);

	*value = rte_le_to_cpu_16(*value);
	return ret;
}

bool
rte_pci_has_capability_list(const struct rte_pci_device *dev)
{
	uint16_t status = 0;

	return read_u16(dev, RTE_PCI_STATUS, &status) == 0 && (status & RTE_PCI_STATUS_CAP_LIST) != 0;
}

off_t
rte_pci_find_capability(const struct rte_pci_device *dev, uint8_t cap)
{
	unsigned int left = CAPS_MAX;
	uint8_t at, header[2];
	uint16_t status = 0;

	if (read_u16(dev, RTE_PCI_STATUS, &status) != 0)
		return -1;
	if ((status & RTE_PCI_STATUS_CAP_LIST) == 0)
		return 0;
	if (read_exactly(dev, &at, sizeof(at), RTE_PCI_CAPABILITY_LIST) != 0)
		return -1;
	for (at &= 0xfc; at >= 64 && left > 0; left--) {
		if (read_exactly(dev, header, sizeof(header), at) != 0)
			return -1;
		if (header[0] == cap)
			return at;
		if (header[0] == 0xff)
			break;
		at = header[RTE_PCI_CAP_NEXT] & 0xfc;
	}
	return 0;
}

off_t
rte_pci_find_ext_capability(struct rte_pci_device *dev, uint32_t cap)
{
	off_t at = RTE_PCI_CFG_SPACE_SIZE;
	unsigned int left = EXT_CAPS_MAX;
	uint32_t header = 0;
	int n;

	n = rte_pci_read_config(dev, &header, sizeof(header), at);
	/* A conventional device's space ends before. */
	if (n >= 0 && n < (int)sizeof(header))
		return 0;
	for (; n == (int)sizeof(header) && left > 0; left--) {
		header = rte_le_to_cpu_32(header);
		if (header == 0 || header == UINT32_MAX)
			return 0;
		if (RTE_PCI_EXT_CAP_ID(header) == cap)
			return at;
		at = (off_t)RTE_PCI_EXT_CAP_NEXT(header);
		if (at < RTE_PCI_CFG_SPACE_SIZE)
			return 0;
		n = rte_pci_read_config(dev, &header, sizeof(header), at);
	}
	return n == (int)sizeof(header) ? 0 : -1;
}

int
rte_pci_set_bus_master(struct rte_pci_device *dev, bool enable)
{
	uint16_t before, after;

	if (read_u16(dev, RTE_PCI_COMMAND, &before) != 0)
		return -1;
	after = enable ? before | RTE_PCI_COMMAND_MASTER : before & (uint16_t)~RTE_PCI_COMMAND_MASTER;
	if (after == before)
		return 0;
	after = rte_cpu_to_le_16(after);
	return rte_pci_write_config(dev, &after, sizeof(after), RTE_PCI_COMMAND) == sizeof(after) ? 0 : -1;
}

int
rte_pci_pasid_set_state(const struct rte_pci_device *dev, off_t offset, bool enable)
{
	uint16_t value = rte_cpu_to_le_16(enable ? 1 : 0);

	return rte_pci_write_config(dev, &value, sizeof(value), offset + RTE_PCI_PASID_CTRL) == sizeof(value) ? 0 : -1;
}

/* ---- access to a BAR in pieces ---- */

int
rte_pci_ioport_map(struct rte_pci_device *dev, int bar, struct rte_pci_ioport *p)
{
	const struct rte_mem_resource *resource;

	if (dev == NULL || p == NULL || bar < 0 || bar >= PCI_MAX_RESOURCE)
		return -EINVAL;
	resource = &dev->mem_resource[bar];
	if (resource->len == 0)
		return -ENOTSUP;
	if (resource->addr == NULL && rte_pci_map_device(dev) != 0)
		return -ENODEV;
	p->dev = dev;
	p->base = (uint64_t)(uintptr_t)resource->addr;
	p->len = resource->len;
	return 0;
}

int
rte_pci_ioport_unmap(struct rte_pci_ioport *p)
{
	if (p == NULL)
		return -EINVAL;
	memset(p, 0, sizeof(*p));
	return 0;
}

/* How wide the next access is. */
static size_t
width(uint64_t offset, size_t len)
{
	if (len >= 4 && offset % 4 == 0)
		return 4;
	return len >= 2 && offset % 2 == 0 ? 2 : 1;
}

static bool
inside(const struct rte_pci_ioport *p, size_t len, off_t offset)
{
	return p != NULL && p->base != 0 && offset >= 0 && (uint64_t)offset <= p->len && len <= p->len - (uint64_t)offset;
}

void
rte_pci_ioport_read(struct rte_pci_ioport *p, void *data, size_t len, off_t offset)
{
	const volatile char *from;
	char *to = data;
	size_t n;

	if (!inside(p, len, offset)) {
		memset(data, 0xff, len);
		return;
	}
	for (from = (const volatile char *)(uintptr_t)p->base + offset; len > 0; len -= n, from += n, to += n) {
		uint32_t value;

		n = width((uintptr_t)from, len);
		value = n == 4 ? rte_read32(from) : n == 2 ? rte_read16(from) : rte_read8(from);
		memcpy(to, &value, n);
	}
}

void
rte_pci_ioport_write(struct rte_pci_ioport *p, const void *data, size_t len, off_t offset)
{
	const char *from = data;
	volatile char *to;
	size_t n;

	if (!inside(p, len, offset))
		return;
	for (to = (volatile char *)(uintptr_t)p->base + offset; len > 0; len -= n, from += n, to += n) {
		uint32_t value = 0;

		n = width((uintptr_t)to, len);
		memcpy(&value, from, n);
		if (n == 4)
			rte_write32(value, to);
		else if (n == 2)
			rte_write16((uint16_t)value, to);
		else
			rte_write8((uint8_t)value, to);
	}
}
