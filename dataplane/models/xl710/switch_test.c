/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The switch by admin commands: who gets a frame, and what may be asked for.
 */
#include "check.h"
#include "control_bed.h"
#include "switch_private.h"

static uint8_t p[16];
static const uint8_t own[6] = { 0x02, 0x58, 0x4C, 0x37, 0x10, 0x00 }, other[6] = { 0x02, 1, 2, 3, 4, 5 },
		     group[6] = { 0x01, 0, 0x5E, 1, 2, 3 }, everybody[6] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };

/* How many get a frame, untagged for vlan < 0, from the wire or a VSI. */
static unsigned int
receivers(uint16_t from, const uint8_t mac[6], int vlan, bool *to_wire)
{
	struct xl710_frame_address address = { .tagged = vlan >= 0, .vlan = vlan < 0 ? 0 : (uint16_t)vlan };
	static struct xl710_vsi_set set, again;

	memcpy(address.mac, mac, 6);
	xl710_switch_lookup(ctl.port, from, &address, &set, to_wire);
	/* What is remembered is what was found. */
	xl710_switch_lookup(ctl.port, from, &address, &again, to_wire);
	CHECK_EQ(again.count, set.count);
	CHECK_MEM(again.vsis, set.vsis, set.count * sizeof(set.vsis[0]));
	return set.count;
}

static unsigned int
from_wire(const uint8_t mac[6], int vlan)
{
	return receivers(XL710_VSI_NONE, mac, vlan, NULL);
}

static int
filter(uint16_t opcode, uint16_t seid, const uint8_t mac[6], uint16_t vlan, uint16_t flags, uint8_t *answer)
{
	uint8_t record[16] = { 0 };
	int code;

	memset(p, 0, sizeof(p));
	put16(p, 1);
	put16(p + 2, seid | 0x8000u);
	memcpy(record, mac, 6);
	put16(record + 6, vlan);
	put16(record + 8, flags);
	code = ctl_command(opcode, p, record, sizeof(record));
	*answer = record[12];
	return code;
}

static int
promiscuous(uint16_t seid, uint16_t flags, uint16_t valid, uint16_t vlan)
{
	memset(p, 0, sizeof(p));
	put16(p, flags);
	put16(p + 2, valid);
	put16(p + 4, seid);
	put16(p + 6, vlan);
	return ctl_command(0x0254, p, NULL, 0);
}

static void
addresses_and_vlans(void)
{
	uint8_t answer;

	ctl_open(NULL);
	ctl_rings_on();
	CHECK_EQ(from_wire(own, -1), 1);
	CHECK_EQ(from_wire(own, 77), 1);
	CHECK_EQ(from_wire(other, -1), 0);
	CHECK_EQ(filter(0x0250, 390, other, 77, 1, &answer), 0);
	CHECK_EQ(answer, 1);
	CHECK_EQ(from_wire(other, 77), 1);
	CHECK_EQ(from_wire(other, 78), 0);
	CHECK_EQ(from_wire(other, -1), 0);
	CHECK_EQ(filter(0x0251, 390, other, 78, 1, &answer), AQ_ENOENT);
	CHECK_EQ(answer, 0xFF);
	CHECK_EQ(filter(0x0251, 390, other, 77, 1, &answer), 0);
	CHECK_EQ(from_wire(other, 77), 0);
	CHECK_EQ(filter(0x0250, 391, other, 77, 1, &answer), AQ_EINVAL); /* no such VSI */
	/* The firmware's own filter goes by another flag than it would come. */
	CHECK_EQ(filter(0x0251, 390, own, 0, 1 | 8, &answer), 0);
	CHECK_EQ(from_wire(own, -1), 0);
	/* Until the table is full: what is in stays, what does not fit is said. */
	for (unsigned int i = 0; i <= XL710_FILTERS; i++) {
		uint8_t mac[6] = { 0x02, 9, 9, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i };

		CHECK_EQ(filter(0x0250, 390, mac, 0, 1 | 4, &answer), i < XL710_FILTERS ? 0 : AQ_ENOSPC);
		CHECK_EQ(answer, i < XL710_FILTERS ? 1 : 0xFF);
		CHECK_EQ(from_wire(mac, -1), i < XL710_FILTERS);
	}
	ctl_close();
}

static void
promiscuous_modes(void)
{
	ctl_open(NULL);
	ctl_rings_on();
	CHECK_EQ(from_wire(everybody, -1), 0);
	CHECK_EQ(promiscuous(390, 4, 4, 0), 0);
	CHECK_EQ(from_wire(everybody, -1), 1);
	CHECK_EQ(from_wire(group, -1), 0);
	CHECK_EQ(promiscuous(390, 3, 3, 0), 0);
	CHECK_EQ(from_wire(group, 5), 1);
	CHECK_EQ(from_wire(other, -1), 1);
	CHECK_EQ(promiscuous(390, 0, 7, 0), 0);
	CHECK_EQ(from_wire(other, -1) + from_wire(group, -1) + from_wire(everybody, -1), 0);
	CHECK_EQ(promiscuous(390, 1, 1, 0x8000 | 12), 0);
	CHECK_EQ(from_wire(other, 12), 1);
	CHECK_EQ(from_wire(other, 13), 0);
	CHECK_EQ(promiscuous(390, 8, 8, 0), 0); /* what nobody wants */
	CHECK_EQ(from_wire(group, 13), 1);
	CHECK_EQ(promiscuous(999, 1, 1, 0), AQ_ENOENT);
	ctl_close();
}

/* A VSI under `veb`; its SEID in *seid. */
static int
add_vsi(uint16_t veb, uint16_t first_queue, bool loopback, uint16_t *seid)
{
	uint8_t properties[128] = { 0 };
	int code;

	memset(p, 0, sizeof(p));
	put16(p, veb);
	put16(p + 2, 1);
	put16(p + 6, XL710_VSI_VMDQ2);
	put16(properties, 1u << 0 | 1u << 2 | 1u << 6);
	put16(properties + 2, loopback ? 1u << 13 : 0);
	properties[12] = 3;
	put16(properties + 30, first_queue);
	put16(properties + 62, 2u << 9);
	code = ctl_command(0x0210, p, properties, sizeof(properties));
	*seid = le16(p);
	return code;
}

static void
a_veb_between_vsis(void)
{
	uint16_t veb, first, second;
	uint8_t answer;
	bool to_wire;

	ctl_open(NULL);
	ctl_rings_on();
	CHECK_EQ(add_vsi(390, 100, true, &first), AQ_ENOENT); /* not below a VSI */
	memset(p, 0, sizeof(p));
	put16(p, XL710_MAC_SEID);
	put16(p + 2, 390);
	CHECK_EQ(ctl_command(0x0230, p, NULL, 0), 0);
	veb = le16(p + 8);
	CHECK_EQ(add_vsi(veb, 100, true, &first), 0);
	CHECK_EQ(add_vsi(veb, 104, true, &second), 0);
	CHECK_EQ(add_vsi(veb, 766, true, &second), 0); /* the last two of four */
	CHECK_EQ(add_vsi(veb, 768, true, &second), AQ_EINVAL);
	second = (uint16_t)(first + 1);
	CHECK_EQ(xl710_switch_vsi_of_queue(ctl.port, 101), XL710_MAIN_VSI + 1);
	CHECK_EQ(xl710_switch_vsi_of_queue(ctl.port, 107), XL710_MAIN_VSI + 2);
	CHECK_EQ(xl710_switch_vsi_of_queue(ctl.port, 108), XL710_VSI_NONE);
	CHECK_EQ(filter(0x0250, second, other, 0, 1 | 4, &answer), 0);
	/* To a neighbour it does not leave; what nobody here knows does; broadcasts do both. */
	CHECK_EQ(receivers(XL710_MAIN_VSI + 1, other, -1, &to_wire), 1);
	CHECK(!to_wire);
	CHECK_EQ(receivers(XL710_MAIN_VSI + 1, group, -1, &to_wire), 0);
	CHECK(to_wire);
	CHECK_EQ(promiscuous(second, 4, 4, 0), 0);
	CHECK_EQ(receivers(XL710_MAIN_VSI + 1, everybody, -1, &to_wire), 1);
	CHECK(to_wire);
	CHECK_EQ(receivers(XL710_MAIN_VSI + 2, everybody, -1, &to_wire), 0); /* never to who sent it */
	memset(p, 0, sizeof(p));
	put16(p, veb);
	CHECK_EQ(ctl_command(0x0243, p, NULL, 0), AQ_EBUSY);
	for (uint16_t seid = first; seid < first + 3; seid++) {
		put16(p, seid);
		CHECK_EQ(ctl_command(0x0243, p, NULL, 0), 0);
	}
	CHECK_EQ(from_wire(other, -1), 0); /* its filters went with it */
	put16(p, veb);
	CHECK_EQ(ctl_command(0x0243, p, NULL, 0), 0);
	CHECK_EQ(ctl_command(0x0243, p, NULL, 0), AQ_ENOENT);
	put16(p, 390);
	CHECK_EQ(ctl_command(0x0243, p, NULL, 0), AQ_EPERM);
	ctl_close();
}

static void
properties_by_section(void)
{
	uint8_t properties[128], before[128];

	ctl_open(NULL);
	ctl_rings_on();
	memset(p, 0, sizeof(p));
	put16(p, 390);
	CHECK_EQ(ctl_command(0x0212, p, before, 128), 0);
	CHECK_EQ(le16(p + 2), XL710_MAIN_VSI);
	CHECK(le16(before + 112) > 3); /* its counters are no port's row */
	CHECK(le16(before + 96) != 0xFFFF && le16(before + 98) == 0xFFFF);
	memset(properties, 0xFF, sizeof(properties));
	put16(properties, 1u << 2);
	properties[12] = 3 | XL710_TAG_STRIP << 3;
	memset(p, 0, sizeof(p));
	put16(p, 390);
	CHECK_EQ(ctl_command(0x0211, p, properties, 128), 0);
	CHECK_EQ(ctl.port->vsis[XL710_MAIN_VSI].tag_mode, XL710_TAG_STRIP);
	CHECK_EQ(ctl.port->vsis[XL710_MAIN_VSI].tcs[0].count, 64); /* not a section that was sent */
	memset(properties, 0, sizeof(properties));
	put16(properties, 1u << 6);
	put16(properties + 30, 768);
	memset(p, 0, sizeof(p));
	put16(p, 390);
	CHECK_EQ(ctl_command(0x0211, p, properties, 128), AQ_EINVAL);
	CHECK_EQ(ctl.port->vsis[XL710_MAIN_VSI].queues[0], 0);
	ctl_close();
}

int
main(void)
{
	RUN(addresses_and_vlans);
	RUN(promiscuous_modes);
	RUN(a_veb_between_vsis);
	RUN(properties_by_section);
	return check_summary();
}
