/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a VSI receives: MAC/VLAN filters, promiscuous modes; and what a port does with tags and pause frames.
 */
#include <errno.h>
#include <string.h>

#include "i40e_vsi.h"

#define SEID_VALID 0x8000
#define RECORDS_PER_COMMAND 128u

#define ADD_PERFECT 1
#define ADD_ANY_VLAN 4
#define REMOVE_PERFECT 1
#define REMOVE_ANY_VLAN 8
#define NO_RESOURCE 0xFF

#define PROMISC_RX_ONLY 0x8000

#define CONTROL_IGNORE_MAC 1
#define CONTROL_DROP 2
#define CONTROL_TX 8
#define ETHERTYPE_PAUSE 0x8808

struct record {
	uint8_t mac[6];
	uint16_t vlan;
	uint8_t flags; /* adding: 16 bits, of which these are all we use */
	uint8_t flags_high;
	uint16_t queue;
	uint8_t result;
	uint8_t reserved[3];
};

_Static_assert(sizeof(struct record) == 16, "a filter's record has 16 bytes");

static int
send_part(struct i40e_hw *hw, uint16_t opcode, const struct i40e_vsi *vsi, struct record *records, uint32_t count)
{
	struct i40e_aq_desc desc = i40e_aq_command(opcode);

	desc.param.words[0] = (uint16_t)count;
	desc.param.words[1] = vsi->seid | SEID_VALID;
	return i40e_aq_send(hw, &desc, records, (uint16_t)(count * sizeof(*records)), true, opcode == I40E_AQ_REMOVE_MACVLAN);
}

static int
send_all(struct i40e_hw *hw, uint16_t opcode, const struct i40e_vsi *vsi, const struct i40e_filter *filters, uint32_t count)
{
	const bool add = opcode == I40E_AQ_ADD_MACVLAN;
	struct record records[RECORDS_PER_COMMAND];
	int result = 0;

	for (uint32_t from = 0; from < count; from += RECORDS_PER_COMMAND) {
		const uint32_t part = RTE_MIN(count - from, RECORDS_PER_COMMAND);
		int error;

		memset(records, 0, sizeof(records));
		for (uint32_t i = 0; i < part; i++) {
			const struct i40e_filter *filter = &filters[from + i];
			const bool any = filter->vlan < 0;

			memcpy(records[i].mac, filter->mac, 6);
			records[i].vlan = any ? 0 : (uint16_t)filter->vlan;
			if (add)
				records[i].flags = ADD_PERFECT | (any ? ADD_ANY_VLAN : 0);
			else
				records[i].flags = REMOVE_PERFECT | (any ? REMOVE_ANY_VLAN : 0);
		}
		error = send_part(hw, opcode, vsi, records, part);
		for (uint32_t i = 0; add && error == 0 && i < part; i++)
			if (records[i].result == NO_RESOURCE) {
				I40E_LOG(ERR, hw->name, "the card has no room for another MAC/VLAN filter");
				error = -ENOSPC;
			}
		/* The rest is tried all the same: as much as possible as asked. */
		if (error != 0 && result == 0)
			result = error;
	}
	return result;
}

int
i40e_filters_add(struct i40e_hw *hw, const struct i40e_vsi *vsi, const struct i40e_filter *filters, uint32_t count)
{
	return send_all(hw, I40E_AQ_ADD_MACVLAN, vsi, filters, count);
}

int
i40e_filters_remove(struct i40e_hw *hw, const struct i40e_vsi *vsi, const struct i40e_filter *filters, uint32_t count)
{
	const int error = send_all(hw, I40E_AQ_REMOVE_MACVLAN, vsi, filters, count);

	if (error != 0 && error != -ENOENT)
		I40E_LOG(ERR, hw->name, "MAC/VLAN filters are not removed (error %d)", -error);
	return error;
}

int
i40e_promiscuous(struct i40e_hw *hw, const struct i40e_vsi *vsi, uint16_t modes, uint16_t mask)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_SET_PROMISCUOUS);

	/* Not what this port itself sends. */
	if ((mask & I40E_PROMISC_UNICAST) && hw->api_minor >= 5) {
		if (modes & I40E_PROMISC_UNICAST)
			modes |= PROMISC_RX_ONLY;
		mask |= PROMISC_RX_ONLY;
	}
	desc.param.words[0] = modes;
	desc.param.words[1] = mask;
	desc.param.words[2] = vsi->seid;
	return i40e_aq_send(hw, &desc, NULL, 0, false, false);
}

int
i40e_drop_pause_tx(struct i40e_hw *hw, const struct i40e_vsi *vsi)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_ADD_CONTROL_FILTER);
	int error;

	desc.param.words[3] = ETHERTYPE_PAUSE;
	desc.param.words[4] = CONTROL_IGNORE_MAC | CONTROL_DROP | CONTROL_TX;
	desc.param.words[5] = vsi->seid;
	error = i40e_aq_send(hw, &desc, NULL, 0, false, true);
	/* Left by a driver before this one: as well. */
	if (error != 0 && error != -EEXIST)
		I40E_LOG(NOTICE, hw->name, "pause frames of applications are not held back (error %d)", -error);
	return 0;
}

int
i40e_set_port_parameters(struct i40e_hw *hw)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_SET_PORT);

	desc.param.words[0] = 2; /* short frames are padded */
	return i40e_aq_send(hw, &desc, NULL, 0, false, false);
}

int
i40e_set_tpid(struct i40e_hw *hw, uint16_t first, uint16_t second)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_SET_SWITCH);

	if (hw->api_minor < 7)
		return 0;
	desc.param.words[2] = first;
	desc.param.words[3] = first;
	desc.param.words[4] = second;
	return i40e_aq_send(hw, &desc, NULL, 0, false, true);
}
