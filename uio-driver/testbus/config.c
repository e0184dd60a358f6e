/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Configuration space: which bits a card lets be written, what a function-level reset does to them, and a line in the log for
 * each write. Bytes beyond the file's 256 read as zeros: a card without extended capabilities.
 */
#include "bus.h"

#define CONFIG_EXTENDED 4096u
#define COMMAND 0x04
#define COMMAND_MASTER 0x0004
#define COMMAND_WRITABLE 0x0547
#define BAR0 0x10
#define CAPABILITIES 0x34
#define CAP_PCIE 0x10
#define CAP_MSIX 0x11
#define PCIE_CONTROL 8
#define PCIE_STATUS 10
#define CONTROL_RESET 0x8000
#define STATUS_PENDING_BIT 0x20

static uint32_t
get16(const uint8_t *config, uint32_t at)
{
	return config[at] | (uint32_t)config[at + 1] << 8;
}

static void
put16(uint8_t *config, uint32_t at, uint32_t value)
{
	config[at] = (uint8_t)value;
	config[at + 1] = (uint8_t)(value >> 8);
}

static void
put32(uint8_t *config, uint32_t at, uint32_t value)
{
	put16(config, at, value & 0xFFFF);
	put16(config, at + 2, value >> 16);
}

/* 0: there is none. The list may be anything, as it comes from a file: at most as many steps as fit. */
static uint32_t
find_capability(const uint8_t *config, uint8_t id)
{
	uint32_t at = config[CAPABILITIES] & ~3u, steps;

	for (steps = 0; steps < 48 && at >= 0x40 && at <= WDPDK_TESTBUS_CONFIG - 20; steps++) {
		if (config[at] == id)
			return at;
		at = config[at + 1] & ~3u;
	}
	return 0;
}

ULONG
config_read(struct function *function, void *buffer, ULONG offset, ULONG length)
{
	uint8_t *to = buffer;
	uint32_t pcie, status;
	KIRQL irql;
	ULONG i;

	if (length > CONFIG_EXTENDED || offset > CONFIG_EXTENDED - length)
		return 0;
	KeAcquireSpinLock(&bus.lock, &irql);
	pcie = find_capability(function->config, CAP_PCIE);
	status = pcie + PCIE_STATUS;
	if (function->present && !function->lost && pcie != 0 && offset <= status && status < offset + length) {
		uint32_t pending = fault_fires_locked(function->slot, WDPDK_TESTBUS_FAULT_PENDING);

		function->config[status] = (uint8_t)((function->config[status] & ~STATUS_PENDING_BIT) | (pending ? STATUS_PENDING_BIT : 0));
		log_line_locked(WDPDK_TESTBUS_OP_PENDING, function->slot, offset, length, pending);
	}
	for (i = 0; i < length; i++) {
		if (!function->present || function->lost)
			to[i] = 0xFF;
		else
			to[i] = offset + i < WDPDK_TESTBUS_CONFIG ? function->config[offset + i] : 0;
	}
	KeReleaseSpinLock(&bus.lock, irql);
	return length;
}

/* What a card forgets: command, base addresses, message interrupts, the control half of PCI Express. */
static void
reset(struct function *function, uint32_t pcie)
{
	uint8_t *config = function->config;
	uint32_t bar, msix = find_capability(config, CAP_MSIX);

	log_line_locked(WDPDK_TESTBUS_OP_RESET, function->slot, 0, 0, ++function->resets);
	if (get16(config, COMMAND) & COMMAND_MASTER)
		log_line_locked(WDPDK_TESTBUS_OP_BUS_MASTER, function->slot, COMMAND, 2, 0);
	put16(config, COMMAND, 0);
	for (bar = 0; bar < WDPDK_TESTBUS_BARS; bar++)
		put32(config, BAR0 + bar * 4, config[BAR0 + bar * 4] & 0xF);
	if (msix != 0)
		put16(config, msix + 2, get16(config, msix + 2) & 0x3FFF);
	put16(config, pcie + PCIE_CONTROL, 0x2810);
	function->lost = fault_fires_locked(function->slot, WDPDK_TESTBUS_FAULT_RESET) != 0;
}

static void
write_byte(struct function *function, uint32_t at, uint8_t value, uint32_t pcie)
{
	uint8_t *config = function->config;
	uint32_t before;

	if (at == COMMAND || at == COMMAND + 1) {
		uint8_t writable = (uint8_t)(COMMAND_WRITABLE >> (at - COMMAND) * 8);

		before = get16(config, COMMAND);
		config[at] = (uint8_t)((config[at] & ~writable) | (value & writable));
		if ((get16(config, COMMAND) ^ before) & COMMAND_MASTER)
			log_line_locked(WDPDK_TESTBUS_OP_BUS_MASTER, function->slot, COMMAND, 2, (before & COMMAND_MASTER) == 0);
	} else if (at >= BAR0 && at < BAR0 + WDPDK_TESTBUS_BARS * 4) {
		config[at] = (at & 3) == 0 ? (uint8_t)((config[at] & 0xF) | (value & 0xF0)) : value;
	} else if (pcie != 0 && (at == pcie + PCIE_CONTROL || at == pcie + PCIE_CONTROL + 1)) {
		config[at] = value & (at == pcie + PCIE_CONTROL ? 0xFF : 0x7F);
		if (at == pcie + PCIE_CONTROL + 1 && (value & (CONTROL_RESET >> 8)))
			reset(function, pcie);
	} else if (at == 0x3C || at == 0x0C) {
		config[at] = value; /* interrupt line, cache line size */
	}
	/* All else is read-only here: a write to it changes nothing, as on the card. */
}

ULONG
config_write(struct function *function, const void *buffer, ULONG offset, ULONG length)
{
	const uint8_t *from = buffer;
	uint64_t value = 0;
	uint32_t pcie;
	KIRQL irql;
	ULONG i;

	if (length > CONFIG_EXTENDED || offset > CONFIG_EXTENDED - length)
		return 0;
	for (i = 0; i < length && i < sizeof(value); i++)
		value |= (uint64_t)from[i] << i * 8;
	KeAcquireSpinLock(&bus.lock, &irql);
	log_line_locked(WDPDK_TESTBUS_OP_CONFIG_WRITE, function->slot, offset, length, value);
	pcie = find_capability(function->config, CAP_PCIE);
	for (i = 0; i < length; i++)
		if (function->present && !function->lost && offset + i < WDPDK_TESTBUS_CONFIG)
			write_byte(function, offset + i, from[i], pcie);
	KeReleaseSpinLock(&bus.lock, irql);
	return length;
}

void
config_default(uint8_t *config, uint32_t slot)
{
	const uint32_t msix = 0x50, pcie = 0x80;

	RtlZeroMemory(config, WDPDK_TESTBUS_CONFIG);
	put16(config, 0x00, 0x8086);
	put16(config, 0x02, 0x1583);
	put16(config, COMMAND, 0x0002);
	put16(config, 0x06, 0x0010);
	config[0x08] = 2;
	config[0x0B] = 0x02;
	config[0x0E] = 0x80;
	put32(config, BAR0, 0xE0000000u + slot * 0x1000000u + 0xC);
	put32(config, BAR0 + 12, 0xE0800000u + slot * 0x1000000u + 0xC);
	put16(config, 0x2C, 0x8086);
	put16(config, 0x2E, 0x0001);
	config[CAPABILITIES] = (uint8_t)msix;
	config[msix] = CAP_MSIX;
	config[msix + 1] = (uint8_t)pcie;
	put16(config, msix + 2, 128);
	put32(config, msix + 4, 3);
	put32(config, msix + 8, 3 | 0x1000);
	config[pcie] = CAP_PCIE;
	put16(config, pcie + 2, 0x0002);
	put32(config, pcie + 4, 0x10008FE2);
	put16(config, pcie + PCIE_CONTROL, 0x2910);
}
