/* SPDX-License-Identifier: BSD-3-Clause
 *
 * VSIs: found, changed, added.
 */
#include <errno.h>
#include <string.h>

#include "i40e_vsi.h"

#define SWITCH_HEADER 16u
#define SWITCH_ELEMENT 16u
#define ELEMENT_VSI 19

#define CONNECTION_NORMAL 1
#define VSI_TYPE_PF 2
#define VEB_DEFAULT_PORT 2
#define VEB_NO_STATISTICS 0x10

#define NO_QUEUE_SET 0xFFFF

int
i40e_vsi_get(struct i40e_hw *hw, struct i40e_vsi *vsi)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_GET_VSI);
	int error;

	desc.param.words[0] = vsi->seid;
	error = i40e_aq_send(hw, &desc, &vsi->info, sizeof(vsi->info), false, false);
	if (error == 0)
		vsi->number = desc.param.words[1] & 0x1FF;
	return error;
}

int
i40e_vsi_find(struct i40e_hw *hw, struct i40e_vsi *vsi)
{
	uint8_t reply[SWITCH_HEADER + 64 * SWITCH_ELEMENT];
	uint16_t start = 0;

	/* A list in parts ends with 0; a firmware that never says so is not asked for ever. */
	for (unsigned int part = 0; part < 32; part++) {
		struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_SWITCH_CONFIG);
		uint32_t count;
		int error;

		desc.param.words[0] = start;
		error = i40e_aq_send(hw, &desc, reply, sizeof(reply), false, false);
		if (error != 0)
			return error;
		count = RTE_MIN(reply[0] | reply[1] << 8, 64);
		for (uint32_t i = 0; i < count; i++) {
			const uint8_t *element = reply + SWITCH_HEADER + i * SWITCH_ELEMENT;

			if (element[0] != ELEMENT_VSI)
				continue;
			vsi->seid = (uint16_t)(element[2] | element[3] << 8);
			vsi->uplink = (uint16_t)(element[4] | element[5] << 8);
			return i40e_vsi_get(hw, vsi);
		}
		start = desc.param.words[0];
		if (start == 0)
			break;
	}
	I40E_LOG(ERR, hw->name, "the card's switch has no VSI for this function");
	return -ENODEV;
}

int
i40e_vsi_update(struct i40e_hw *hw, struct i40e_vsi *vsi, uint16_t sections)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_UPDATE_VSI);
	struct i40e_vsi_info info = vsi->info;
	int error;

	info.valid = sections;
	desc.param.words[0] = vsi->seid;
	error = i40e_aq_send(hw, &desc, &info, sizeof(info), true, false);
	if (error != 0)
		return error;
	/* What the firmware owns may have moved. */
	memcpy(vsi->info.queue_sets, info.queue_sets, sizeof(info) - offsetof(struct i40e_vsi_info, queue_sets));
	return 0;
}

/* Until it has credits a class has no place in the scheduler; the answer names the place. */
static int
enable_class(struct i40e_hw *hw, struct i40e_vsi *vsi)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_VSI_BANDWIDTH);
	uint8_t data[32] = {1, 0, 0, 0, 1};
	int error;

	desc.param.words[0] = vsi->seid;
	error = i40e_aq_send(hw, &desc, data, sizeof(data), true, false);
	if (error == 0)
		memcpy(vsi->info.queue_sets, data + 16, sizeof(vsi->info.queue_sets));
	return error;
}

int
i40e_vsi_set_queues(struct i40e_hw *hw, struct i40e_vsi *vsi, uint16_t first, uint16_t count)
{
	int error = enable_class(hw, vsi);
	uint16_t queue_set;

	if (error != 0)
		return error;
	queue_set = vsi->info.queue_sets[0];
	vsi->info.mapping = 0;
	memset(vsi->info.queues, 0, sizeof(vsi->info.queues));
	memset(vsi->info.classes, 0, sizeof(vsi->info.classes));
	vsi->info.queues[0] = first;
	vsi->info.classes[0] = (uint16_t)((31 - __builtin_clz(count)) << 9);
	error = i40e_vsi_update(hw, vsi, I40E_VSI_SECTION_QUEUES);
	if (error != 0)
		return error;
	if (vsi->info.queue_sets[0] == NO_QUEUE_SET || vsi->info.queue_sets[0] == 0)
		vsi->info.queue_sets[0] = queue_set;
	return 0;
}

static int
veb_add(struct i40e_hw *hw, const struct i40e_vsi *below, uint16_t *veb)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_ADD_VEB);
	int error;

	desc.param.words[0] = below->uplink;
	desc.param.words[1] = below->seid;
	desc.param.words[2] = VEB_DEFAULT_PORT | VEB_NO_STATISTICS;
	desc.param.bytes[6] = 1;
	error = i40e_aq_send(hw, &desc, NULL, 0, false, false);
	if (error == 0)
		*veb = desc.param.words[4];
	return error;
}

int
i40e_vsi_add(struct i40e_hw *hw, const struct i40e_vsi *beside, uint16_t *veb, struct i40e_vsi *vsi)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_ADD_VSI);
	int error = *veb == 0 ? veb_add(hw, beside, veb) : 0;

	if (error != 0)
		return error;
	memset(vsi, 0, sizeof(*vsi));
	vsi->uplink = *veb;
	vsi->info.valid = I40E_VSI_SECTION_QUEUES;
	desc.param.words[0] = *veb;
	desc.param.bytes[2] = CONNECTION_NORMAL;
	desc.param.words[3] = VSI_TYPE_PF;
	error = i40e_aq_send(hw, &desc, &vsi->info, sizeof(vsi->info), true, false);
	if (error != 0)
		return error;
	vsi->seid = desc.param.words[0];
	vsi->number = desc.param.words[1] & 0x1FF;
	return 0;
}

int
i40e_element_delete(struct i40e_hw *hw, uint16_t seid)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_DELETE_ELEMENT);

	desc.param.words[0] = seid;
	return i40e_aq_send(hw, &desc, NULL, 0, false, false);
}
