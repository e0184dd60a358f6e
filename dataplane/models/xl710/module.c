/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The plug in the port, a QSFP+ of a copper cable, and its memory (SFF-8636): 128 bytes that are always there and four pages of 128.
 */
#include "admin.h"

#define OF_THE_MODULE 2
#define SIZE 256u
#define LOWER 128u
#define PAGES 4u

#define IDENTIFIER 0x0D
#define REVISION 0x08

static uint8_t
sum(const uint8_t *page, unsigned first, unsigned last)
{
	uint8_t all = 0;

	for (unsigned i = first; i <= last; i++)
		all = (uint8_t)(all + page[i]);
	return all;
}

static void
put_text(uint8_t *at, const char *text, size_t size)
{
	size_t length = strlen(text);

	memset(at, ' ', size);
	memcpy(at, text, length < size ? length : size);
}

/* Both halves of what is seen with that page. */
static void
look(uint8_t memory[SIZE], unsigned page)
{
	memset(memory, 0, SIZE);
	memory[0] = memory[LOWER] = IDENTIFIER;
	memory[1] = REVISION;
	if (page != 0) {
		memory[LOWER] = 0;
		for (unsigned i = 1; i < LOWER; i++)
			memory[LOWER + i] = (uint8_t)(i * 3 + page * 41);
		return;
	}
	memory[130] = 0x23;     /* the cable does not come off */
	memory[131] = 0x08;     /* 40GBASE-CR4 */
	memory[140] = 103;      /* 10.3 Gbit/s a lane */
	memory[146] = 1;        /* metre */
	memory[147] = 0xA0;     /* copper */
	put_text(memory + 148, "wdpdk", 16);
	put_text(memory + 168, "XL710 MODEL DAC", 16);
	put_text(memory + 184, "1", 2);
	memory[191] = sum(memory, 128, 190);
	put_text(memory + 196, "0", 16);
	put_text(memory + 212, "260101", 8);
	memory[223] = sum(memory, 192, 222);
}

uint16_t
xl710_aq_phy_register(struct xl710_port *port, struct xl710_command *command)
{
	const uint8_t interface = command->p[0], page = command->p[1];
	const uint32_t offset = le32(command->p + 4);
	uint8_t memory[SIZE];

	(void)port;
	if (interface != OF_THE_MODULE || page >= PAGES || offset >= SIZE)
		return AQ_EINVAL;
	look(memory, page);
	put32(command->p + 8, memory[offset]);
	return AQ_OK;
}
