/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The NVM's shadow RAM: 16-bit words through GLNVM_SRCTL. What is in it is a card without boot configuration, VPD or LLDP defaults.
 */
#include <string.h>

#include "control.h"

#define SRCTL_START (1u << 30)
#define SRCTL_WRITE (1u << 29)
#define SRCTL_DONE (1u << 31)

/* The words up to the checksum's add up to this. */
#define CHECKSUM_BASE 0xBABA

void
xl710_nvm_create(struct xl710_port *port)
{
	uint16_t *nvm = port->control->nvm, sum = CHECKSUM_BASE;

	nvm[0x00] = 0x0040; /* control word: shadow RAM is valid */
	nvm[0x18] = 0x8010; /* map version 8.01 */
	nvm[0x2D] = 0x8F00; /* eetrack id */
	nvm[0x2E] = 0x8000;
	for (unsigned int i = 0; i < XL710_NVM_WORDS; i++)
		if (i != 0x3F)
			sum = (uint16_t)(sum - nvm[i]);
	nvm[0x3F] = sum;
}

bool
xl710_nvm_scan(struct xl710_port *port)
{
	uint32_t command = reg_get(port, XR_GLNVM_SRCTL);
	uint32_t address = command >> 14 & 0x7FFF;

	if (!(command & SRCTL_START))
		return false;
	/* Writes change nothing: who may write the NVM does it by admin commands. */
	if (!(command & SRCTL_WRITE))
		reg_set(port, XR_GLNVM_SRDATA, (uint32_t)port->control->nvm[address] << 16);
	port->control->nvm_reads++;
	return reg_update(port, XR_GLNVM_SRCTL, command, (command & ~SRCTL_START) | SRCTL_DONE);
}
