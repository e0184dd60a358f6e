/* SPDX-License-Identifier: BSD-3-Clause
 *
 * PCI addresses.
 */
#include "check.h"

#include <stdbool.h>

#include <rte_pci.h>

static bool
parses_as(const char *text, uint32_t domain, unsigned int bus, unsigned int devid, unsigned int function)
{
	struct rte_pci_addr addr;

	return rte_pci_addr_parse(text, &addr) == 0 && addr.domain == domain && addr.bus == bus && addr.devid == devid &&
		addr.function == function;
}

static void
addresses_are_read(void)
{
	CHECK(parses_as("0000:65:00.1", 0, 0x65, 0, 1));
	CHECK(parses_as("65:1f.7", 0, 0x65, 0x1f, 7));
	CHECK(parses_as("1:2.3", 0, 1, 2, 3));
	CHECK(parses_as("f00d:00:0A.0", 0xf00d, 0, 10, 0));
	CHECK(parses_as("ffffffff:ff:ff.ff", 0xffffffff, 0xff, 0xff, 0xff));
	CHECK(parses_as("0x10:0x01.0", 0, 0x10, 1, 0));
}

static void
other_text_is_refused(void)
{
	static const char *const wrong[] = {"", ":", "0", "00:00", "00:00.", "00:.0", ":00.0", "00.00:0", "100:00.0", "00:100.0",
		"00:00.100", "100000000:00:00.0", "0000:100:00.0", "0000:00:100.0", "0000:00:00.0 ", " 0000:00:00.0", "-1:00.0",
		"0000:-1:00.0", "0000:00:00.0:0", "0000:00:00.0x", "g:00.0", "0000:00: 00.0", "0x:00.0", "+1:00.0"};
	struct rte_pci_addr addr;
	unsigned int i;

	for (i = 0; i < RTE_DIM(wrong); i++)
		if (rte_pci_addr_parse(wrong[i], &addr) != -1)
			CHECK_STR(wrong[i], "refused");
	CHECK_EQ(rte_pci_addr_parse(NULL, &addr), -1);
	CHECK_EQ(rte_pci_addr_parse("0000:00:00.0", NULL), -1);
}

static void
addresses_are_written(void)
{
	struct rte_pci_addr addr = {0xf00d, 1, 2, 3};
	char text[PCI_PRI_STR_SIZE];

	rte_pci_device_name(&addr, text, sizeof(text));
	CHECK_STR(text, "f00d:01:02.3");
	addr.domain = 0;
	rte_pci_device_name(&addr, text, sizeof(text));
	CHECK_STR(text, "0000:01:02.3");
	addr.domain = UINT32_MAX;
	rte_pci_device_name(&addr, text, sizeof(text));
	CHECK_STR(text, "ffffffff:01:02.3");
}

static void
addresses_have_an_order(void)
{
	static const struct rte_pci_addr sorted[] = {{0, 0, 0, 0}, {0, 0, 0, 1}, {0, 0, 1, 0}, {0, 1, 0, 0}, {0, 0xff, 0xff, 0xff},
		{1, 0, 0, 0}, {UINT32_MAX, 0, 0, 0}};
	unsigned int i, j;

	for (i = 0; i < RTE_DIM(sorted); i++)
		for (j = 0; j < RTE_DIM(sorted); j++)
			CHECK_EQ(rte_pci_addr_cmp(&sorted[i], &sorted[j]), i < j ? -1 : i > j);
	CHECK_EQ(rte_pci_addr_cmp(NULL, &sorted[0]), -1);
	CHECK_EQ(rte_pci_addr_cmp(&sorted[0], NULL), -1);
}

int
main(void)
{
	RUN(addresses_are_read);
	RUN(other_text_is_refused);
	RUN(addresses_are_written);
	RUN(addresses_have_an_order);
	return check_summary();
}
