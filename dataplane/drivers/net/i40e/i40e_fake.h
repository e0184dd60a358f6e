/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For the unit tests: registers that answer as they are told, whenever the driver sleeps. No model of the card: it knows
 * the handshakes, and of each admin command only what a test gives it. Time is what the driver slept.
 */
#ifndef I40E_FAKE_H
#define I40E_FAKE_H

#include "i40e_hw.h"

struct fake_command {
	struct i40e_aq_desc desc;
	uint8_t buffer[64]; /* the beginning of its input */
};

struct fake {
	uint8_t *bar;
	uint64_t slept; /* microseconds */

	/* Faults. */
	bool deaf;               /* no admin command is answered... */
	unsigned int deaf_count; /* ...or so many are not */
	bool critical;           /* and the queue reports a critical error */
	uint16_t failing;        /* this command... */
	uint8_t status;          /* ...gets this code */
	bool reset_stuck;
	bool nvm_stuck;
	bool tx_stuck, rx_stuck;

	/* What was asked. */
	struct fake_command commands[512];
	unsigned int count;
	unsigned int rings_given;
	uint16_t nvm[4096];
	uint32_t head;
	uint64_t ring;
	bool ring_on;
	/* Answers to commands that need one. */
	void (*answer)(struct fake *fake, struct i40e_aq_desc *desc, uint8_t *buffer);
};

/** Makes *hw one that talks to it. */
void fake_start(struct fake *fake, struct i40e_hw *hw);
void fake_stop(struct fake *fake);
/** How many commands of an opcode there were; the last of them in *last when not NULL. */
unsigned int fake_commands(const struct fake *fake, uint16_t opcode, struct fake_command *last);
/** Lets the firmware tell an event. */
void fake_event(struct fake *fake, const struct i40e_aq_desc *event);

static inline uint32_t
fake_get(const struct fake *fake, uint32_t offset)
{
	return *(const volatile uint32_t *)(fake->bar + offset);
}

static inline void
fake_put(struct fake *fake, uint32_t offset, uint32_t value)
{
	*(volatile uint32_t *)(fake->bar + offset) = value;
}

#endif
