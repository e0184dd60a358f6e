/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Commands about the function as a whole: capabilities, registers that belong to the firmware, the MAC address.
 */
#include <errno.h>
#include <string.h>

#include "i40e_hw.h"

#define CAPABILITY_RECORD 32u

enum capability {
	CAPABILITY_VSI = 0x17,
	CAPABILITY_RSS = 0x40,
	CAPABILITY_RX_QUEUES = 0x41,
	CAPABILITY_TX_QUEUES = 0x42,
	CAPABILITY_VECTORS = 0x43,
	CAPABILITY_FLOW_DIRECTOR = 0x45,
};

static uint32_t
dword(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

void
i40e_parse_capabilities(struct i40e_capabilities *caps, const uint8_t *records, uint32_t count)
{
	memset(caps, 0, sizeof(*caps));
	for (uint32_t i = 0; i < count; i++) {
		const uint8_t *record = records + i * CAPABILITY_RECORD;
		const uint32_t number = dword(record + 4), logical = dword(record + 8), physical = dword(record + 12);

		switch (record[0] | record[1] << 8) {
		case CAPABILITY_VSI:
			caps->vsis = number;
			break;
		case CAPABILITY_RSS:
			caps->rss_table_size = number;
			caps->rss_entry_bits = logical;
			break;
		case CAPABILITY_RX_QUEUES:
			caps->queues = caps->queues == 0 ? number : RTE_MIN(number, caps->queues);
			caps->first_queue = physical;
			break;
		case CAPABILITY_TX_QUEUES:
			caps->queues = caps->queues == 0 ? number : RTE_MIN(number, caps->queues);
			break;
		case CAPABILITY_VECTORS:
			caps->vectors = number;
			break;
		case CAPABILITY_FLOW_DIRECTOR:
			caps->fd_guaranteed = number;
			caps->fd_best_effort = logical;
			break;
		default:
			break;
		}
	}
}

int
i40e_get_capabilities(struct i40e_hw *hw)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_LIST_CAPABILITIES);
	uint8_t records[I40E_AQ_BUFFER];
	const int error = i40e_aq_send(hw, &desc, records, sizeof(records), false, false);

	if (error != 0)
		return error;
	i40e_parse_capabilities(&hw->caps, records, RTE_MIN(desc.param.dwords[1], I40E_AQ_BUFFER / CAPABILITY_RECORD));
	if (hw->caps.queues == 0 || hw->caps.queues > 1536) {
		I40E_LOG(ERR, hw->name, "the firmware grants %u queue pairs: expected 1 to 1536", hw->caps.queues);
		return -EIO;
	}
	return 0;
}

int
i40e_rx_read(struct i40e_hw *hw, uint32_t offset, uint32_t *value)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_RX_REG_READ);
	int error;

	if (!hw->rx_registers_by_aq) {
		*value = i40e_read(hw, offset);
		return 0;
	}
	desc.param.dwords[1] = offset;
	error = i40e_aq_send(hw, &desc, NULL, 0, false, false);
	*value = error == 0 ? desc.param.dwords[3] : 0;
	return error;
}

int
i40e_rx_write(struct i40e_hw *hw, uint32_t offset, uint32_t value)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_RX_REG_WRITE);

	if (!hw->rx_registers_by_aq) {
		i40e_write(hw, offset, value);
		return 0;
	}
	desc.param.dwords[1] = offset;
	desc.param.dwords[3] = value;
	return i40e_aq_send(hw, &desc, NULL, 0, false, false);
}

/* The boot code's way of receiving ends. Who has no boot code (EEXIST) is there already. */
int
i40e_clear_pxe(struct i40e_hw *hw)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_CLEAR_PXE);
	int error;

	desc.param.bytes[0] = 2;
	error = i40e_aq_send(hw, &desc, NULL, 0, false, true);
	if (error != 0 && error != -EEXIST) {
		I40E_LOG(ERR, hw->name, "the boot code's mode does not end (error %d)", -error);
		return error;
	}
	i40e_write(hw, I40E_GLLAN_RCTL_0, 1);
	return 0;
}

int
i40e_mac_read(struct i40e_hw *hw, uint8_t address[6])
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_MAC_READ);
	uint8_t addresses[24];
	const int error = i40e_aq_send(hw, &desc, addresses, sizeof(addresses), false, false);

	if (error != 0)
		return error;
	if ((desc.param.words[0] & 0x10) == 0) {
		I40E_LOG(ERR, hw->name, "the firmware has no MAC address for this port");
		return -EIO;
	}
	memcpy(address, addresses, 6);
	return 0;
}

int
i40e_mac_write(struct i40e_hw *hw, const uint8_t address[6])
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_MAC_WRITE);

	desc.param.words[1] = (uint16_t)(address[0] << 8 | address[1]);
	desc.param.dwords[1] = (uint32_t)address[2] << 24 | (uint32_t)address[3] << 16 | (uint32_t)address[4] << 8 | address[5];
	return i40e_aq_send(hw, &desc, NULL, 0, false, true);
}
