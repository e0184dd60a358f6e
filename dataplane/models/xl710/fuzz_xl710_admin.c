/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Admin commands from random bytes: a count of records of descriptor head and parameters, the rest is what the buffers hold. Whatever it
 * is, the model answers or hangs the ring, keeps its tables whole, and no queue belongs to a VSI that is not there.
 */
#include <stdlib.h>

#include "control_bed.h"
#include "switch_private.h"

#define RECORD 20u /* flags, opcode index, length, 16 bytes of parameters */

static const uint16_t opcodes[] = {
	0x0001, 0x0002, 0x0003, 0x0008, 0x0009, 0x000A, 0x0107, 0x0108, 0x0110, 0x0200, 0x0203, 0x0204, 0x0205, 0x0206, 0x0207, 0x0210, 0x0211,
	0x0212, 0x0230, 0x0232, 0x0243, 0x0250, 0x0251, 0x0252, 0x0253, 0x0254, 0x025A, 0x025B, 0x0400, 0x0407, 0x0408, 0x040A, 0x0600, 0x0601,
	0x0603, 0x0605, 0x0607, 0x0613, 0x0618, 0x0629, 0x0701, 0x0A00, 0x0B00, 0x0B01, 0x0B02, 0x0B03, 0x0B04, 0x0B05, 0xFF03, 0xFF04,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
post(const uint8_t *record, const uint8_t *rest, size_t rest_size)
{
	uint8_t *descriptor = ctl.memory + CTL_ATQ + 32 * ctl.atq_tail;
	uint16_t index = record[1], length = (uint16_t)(le16(record + 2) % 4200);
	uint64_t buffer = CTL_IOVA + CTL_BUFFER + (record[0] & 0x80 ? CTL_MEMORY - CTL_BUFFER - 64 : 0);

	memset(ctl.memory + CTL_BUFFER, 0, XL710_ADMIN_BUFFER);
	memcpy(ctl.memory + CTL_BUFFER, rest, rest_size < XL710_ADMIN_BUFFER ? rest_size : XL710_ADMIN_BUFFER);
	memset(descriptor, 0, 32);
	put16(descriptor, 1u << 13 | (record[0] & 1 ? 1u << 12 | 1u << 10 : 0));
	put16(descriptor + 2, index < 250 ? opcodes[index % (sizeof(opcodes) / sizeof(opcodes[0]))] : le16(record + 1));
	put16(descriptor + 4, length);
	memcpy(descriptor + 16, record + 4, 16);
	/* The SEID that is always there, at the places where commands have one. */
	if (record[0] & 2)
		put16(descriptor + 18, 0x8000 | 390);
	if (record[0] & 4)
		put16(descriptor + 16, 390);
	if (record[0] & 1) {
		put32(descriptor + 24, (uint32_t)(buffer >> 32));
		put32(descriptor + 28, (uint32_t)buffer);
	}
	ctl.atq_tail = (ctl.atq_tail + 1) % CTL_RING;
	ctl_set(XR_PF_ATQT, ctl.atq_tail);
	xl710_control_scan(ctl.port, true);
}

static void
check(bool good)
{
	if (!good)
		abort();
}

/* What every command leaves as it must be. */
static void
check_tables(void)
{
	const struct xl710_switch *sw = ctl.port->sw;
	static struct xl710_vsi_set set;
	struct xl710_frame_address address = { .mac = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, .tagged = true, .vlan = 1 };
	unsigned int filters = 0;

	for (unsigned int i = 0; i < XL710_FILTERS; i++) {
		filters += sw->filters[i].used;
		check(!sw->filters[i].used || ctl.port->vsis[sw->filters[i].vsi].used);
	}
	check(filters == sw->filter_count);
	for (unsigned int i = 0; i < XL710_VSIS; i++) {
		const struct xl710_vsi *vsi = &ctl.port->vsis[i];

		if (!vsi->used)
			continue;
		check(vsi->stat_index < XL710_VSIS && vsi->veb <= XL710_VEBS && (vsi->veb == 0 || sw->vebs[vsi->veb - 1].used));
		for (uint16_t index = 0; index < 1024; index++) {
			uint16_t queue = xl710_vsi_queue(vsi, index);

			check(queue == XL710_VSI_NONE || queue < ctl.port->control->queues);
		}
	}
	xl710_switch_lookup(ctl.port, XL710_VSI_NONE, &address, &set, NULL);
	check(set.count <= XL710_VSIS);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned int count;

	if (size == 0)
		return 0;
	if (ctl.model == NULL)
		ctl_open(NULL);
	ctl_set(XR_PFGEN_CTRL, 1);
	xl710_control_scan(ctl.port, true);
	ctl_rings_on();
	count = data[0] % 16;
	data++;
	size--;
	while (count-- > 0 && size >= RECORD) {
		post(data, data + RECORD, size - RECORD);
		data += RECORD;
		size -= RECORD;
	}
	check_tables();
	return 0;
}
