/* SPDX-License-Identifier: BSD-3-Clause
 *
 * PCI addresses: text and order.
 */
#include <string.h>

#include <rte_debug.h>

#include "rte_pci.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads a number of at most `max` that is followed by `after`; what comes next, or NULL. */
static const char *
read_field(const char *text, uint64_t max, char after, uint32_t *value)
{
	uint64_t sum = 0;
	const char *at = text;

	if (text == NULL)
		return NULL;
	/* Programs write numbers with their prefix, too. */
	if (at[0] == '0' && (at[1] | 0x20) == 'x' && hex_digit(at[2]) >= 0)
		at += 2;
	if (hex_digit(*at) < 0)
		return NULL;
	for (; hex_digit(*at) >= 0; at++) {
		sum = sum << 4 | (uint64_t)hex_digit(*at);
		if (sum > max)
			return NULL;
	}
	*value = (uint32_t)sum;
	return *at == after ? at + 1 : NULL;
}

void
rte_pci_device_name(const struct rte_pci_addr *addr, char *output, size_t size)
{
	RTE_VERIFY(size >= PCI_PRI_STR_SIZE);
	snprintf(output, size, PCI_PRI_FMT, addr->domain, addr->bus, addr->devid, addr->function);
}

static uint64_t
rank_of(const struct rte_pci_addr *addr)
{
	return (uint64_t)addr->domain << 24 | (uint64_t)addr->bus << 16 | (uint64_t)addr->devid << 8 | addr->function;
}

int
rte_pci_addr_cmp(const struct rte_pci_addr *addr, const struct rte_pci_addr *addr2)
{
	uint64_t one, other;

	if (addr == NULL || addr2 == NULL)
		return -1;
	one = rank_of(addr);
	other = rank_of(addr2);
	return one < other ? -1 : one > other;
}

int
rte_pci_addr_parse(const char *str, struct rte_pci_addr *addr)
{
	uint32_t domain = 0, bus = 0, devid = 0, function = 0;
	const char *rest;

	if (str == NULL || addr == NULL)
		return -1;
	rest = read_field(read_field(str, UINT8_MAX, ':', &bus), UINT8_MAX, '.', &devid);
	if (rest == NULL) {
		rest = read_field(str, UINT32_MAX, ':', &domain);
		rest = read_field(read_field(rest, UINT8_MAX, ':', &bus), UINT8_MAX, '.', &devid);
	}
	if (read_field(rest, UINT8_MAX, '\0', &function) == NULL)
		return -1;
	addr->domain = domain;
	addr->bus = (uint8_t)bus;
	addr->devid = (uint8_t)devid;
	addr->function = (uint8_t)function;
	return 0;
}
