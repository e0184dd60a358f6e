/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "admin.h"
#include "config_space.h"

#define VENDOR 0x8086
#define COMMAND_MEMORY_MASTER 0x0406 /* memory, bus master, no INTx */
#define STATUS_CAPABILITIES 0x0010
#define BAR_64BIT_PREFETCHABLE 0xC

#define CAP_POWER 0x40
#define CAP_MSIX 0x70
#define CAP_PCIE 0xA0

static void
capability(uint8_t *config, uint8_t at, uint8_t id, uint8_t next)
{
	config[at] = id;
	config[at + 1] = next;
}

void
xl710_config_space(uint8_t *config, uint16_t device_id, uint16_t function)
{
	memset(config, 0, XL710_CONFIG_SIZE);
	put16(config + 0x00, VENDOR);
	put16(config + 0x02, device_id);
	put16(config + 0x04, COMMAND_MEMORY_MASTER);
	put16(config + 0x06, STATUS_CAPABILITIES);
	config[0x08] = 2;                         /* revision */
	config[0x0B] = 0x02;                      /* class 0x020000: Ethernet */
	config[0x0C] = 16;                        /* cache line, in dwords */
	config[0x0E] = 0x80;                      /* one function of several */
	put32(config + 0x10, 0xF0000000u + function * 0x01000000u + BAR_64BIT_PREFETCHABLE);
	put32(config + 0x1C, 0xF0800000u + function * 0x01000000u + BAR_64BIT_PREFETCHABLE);
	put16(config + 0x2C, VENDOR);
	put16(config + 0x2E, 0x0001);             /* a 40G adapter of one port */
	config[0x34] = CAP_POWER;
	capability(config, CAP_POWER, 0x01, CAP_MSIX);
	put16(config + CAP_POWER + 2, 3);
	capability(config, CAP_MSIX, 0x11, CAP_PCIE);
	put16(config + CAP_MSIX + 2, 128);        /* 129 vectors, off */
	put32(config + CAP_MSIX + 4, 3);          /* their table is in BAR3 */
	put32(config + CAP_MSIX + 8, 3 | 0x1000);
	capability(config, CAP_PCIE, 0x10, 0);
	put16(config + CAP_PCIE + 2, 0x0002);     /* version 2, an endpoint */
	put32(config + CAP_PCIE + 4, 0x10008FC2 | 1u << 5); /* payloads to 2048, extended tags, function reset */
	put16(config + CAP_PCIE + 8, 0x2910);
	put32(config + CAP_PCIE + 12, 0x83);      /* x8, 8 GT/s */
	put16(config + CAP_PCIE + 18, 0x1083);
}
