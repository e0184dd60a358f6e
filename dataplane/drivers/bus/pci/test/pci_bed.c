/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A driver for the tests, and files.
 */
#include <stdlib.h>

#include "pci_bed.h"

struct bed_log bed;

static int
probe(struct rte_pci_driver *driver, struct rte_pci_device *dev)
{
	(void)driver;
	bed.probes++;
	bed.last = dev;
	bed.was_mapped = dev->mem_resource[0].addr != NULL;
	return bed.probe_result;
}

static int
drop(struct rte_pci_device *dev)
{
	bed.removes++;
	bed.last = dev;
	return bed.remove_result;
}

static const struct rte_pci_id ids[] = {
	{RTE_PCI_DEVICE(BED_VENDOR, BED_DEVICE_TOO)},
	{RTE_PCI_DEVICE(BED_VENDOR, BED_DEVICE)},
	{.vendor_id = 0},
};

struct rte_pci_driver bed_driver = {
	.driver.name = "net_bed",
	.id_table = ids,
	.probe = probe,
	.remove = drop,
	.drv_flags = RTE_PCI_DRV_NEED_MAPPING,
};

void
bed_file(const char *path, size_t len, int fill)
{
	FILE *f = fopen(path, "wb");
	char *bytes = malloc(len + 1);

	memset(bytes, fill, len);
	if (f == NULL || fwrite(bytes, 1, len, f) != len || fclose(f) != 0) {
		printf("cannot write %s\n", path);
		exit(1);
	}
	free(bytes);
}

void
bed_config(const char *path, size_t len)
{
	static const uint8_t head[] = {0xd0, 0xbe, 0x83, 0x15, 0, 0, 0x10, 0, 0x02, 0, 0, 0x02};
	uint8_t bytes[BED_CONFIG_SIZE] = {0};
	FILE *f = fopen(path, "wb");

	memcpy(bytes, head, sizeof(head));
	bytes[0x10] = 0x0c;
	bytes[0x13] = 0x80;
	bytes[0x14] = 0x12;
	bytes[0x2c] = 0x86;
	bytes[0x2d] = 0x80;
	bytes[0x2e] = 0x02;
	bytes[RTE_PCI_CAPABILITY_LIST] = BED_PM_AT;
	bytes[BED_PM_AT] = RTE_PCI_CAP_ID_PM;
	bytes[BED_PM_AT + 1] = BED_EXPRESS_AT;
	bytes[BED_EXPRESS_AT] = RTE_PCI_CAP_ID_EXP;
	if (f == NULL || fwrite(bytes, 1, len, f) != len || fclose(f) != 0) {
		printf("cannot write %s\n", path);
		exit(1);
	}
}

bool
bed_read(const char *path, size_t offset, void *buf, size_t len)
{
	FILE *f = fopen(path, "rb");
	bool done = f != NULL && fseek(f, (long)offset, SEEK_SET) == 0 && fread(buf, 1, len, f) == len;

	if (f != NULL)
		fclose(f);
	return done;
}

bool
bed_exists(const char *path)
{
	FILE *f = fopen(path, "rb");

	if (f != NULL)
		fclose(f);
	return f != NULL;
}
