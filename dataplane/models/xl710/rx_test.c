/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Receive rings: what the driver finds in its buffers and descriptors, and where frames go.
 */
#include "check.h"

#include <errno.h>

#include "checksum.h"
#include "classifier_rules.h"
#include "fcs.h"
#include "test_bed.h"

#define QUEUE BED_FIRST_QUEUE

/* A frame comes in by the wire. */
static void
arrive(const void *frame, uint32_t length)
{
	uint8_t *room = frame_queue_reserve(&bed.port.wire->inbound, length);

	CHECK(room != NULL);
	memcpy(room, frame, length);
	frame_queue_commit(&bed.port.wire->inbound, 0, length, XL710_VSI_NONE);
}

static uint32_t
got_length(uint16_t queue, uint16_t index)
{
	return (uint32_t)(bed_rx_descriptor(queue, index)[1] >> RX_LENGTH_SHIFT & 0x3FFF);
}

static void
one_frame_with_both_descriptor_forms(void)
{
	uint8_t frame[100];

	for (int form = 0; form < 2; form++) {
		uint64_t *descriptor;

		bed_open("sink");
		bed_rx_on(QUEUE, form == 1, BED_BUFFER, true);
		bed_udp(frame, sizeof(frame), 4);
		arrive(frame, sizeof(frame));
		bed_run();
		descriptor = bed_rx_descriptor(QUEUE, 0);
		CHECK_EQ(got_length(QUEUE, 0), 100);
		CHECK_MEM(bed_rx_buffer(QUEUE, 0), frame, 100);
		CHECK_EQ(descriptor[1] & 0x7FFFF, RX_DD | RX_EOF | RX_EXAMINED);
		CHECK_EQ(descriptor[1] >> RX_ERROR_SHIFT & 0xFF, 0);
		CHECK_EQ(descriptor[1] >> RX_PTYPE_SHIFT & 0xFF, 24);
		CHECK_EQ(bed_rx_descriptor(QUEUE, 1)[1], 0);
		CHECK_EQ(bed.port.stats.rx.frames[XL710_UNICAST], 1);
		CHECK_EQ(bed.port.stats.rx.bytes, 104);
		CHECK_EQ(bed.port.stats.vsi[BED_VSI].rx.frames[XL710_UNICAST], 1);
		CHECK(bed.interrupts != 0);
		bed_close();
	}
}

static void
casts_verdicts_and_short_form(void)
{
	uint8_t frame[64];

	bed_open("sink");
	bed_rx_on(QUEUE, false, BED_BUFFER, true);
	bed_udp(frame, 60, 4);
	memset(frame, 0xFF, 6);
	arrive(frame, 60);
	frame[1] = 0;
	frame[50] ^= 1;
	arrive(frame, 60);
	frame[22] ^= 1;
	arrive(frame, 60);
	bed_run();
	CHECK_EQ(bed_rx_descriptor(QUEUE, 0)[1] >> RX_CAST_SHIFT & 3, 2);
	CHECK_EQ(bed_rx_descriptor(QUEUE, 1)[1] >> RX_CAST_SHIFT & 3, 1);
	CHECK_EQ(bed_rx_descriptor(QUEUE, 1)[1] >> RX_L3L4E_SHIFT & 7, 2);
	CHECK_EQ(bed_rx_descriptor(QUEUE, 2)[1] >> RX_L3L4E_SHIFT & 7, 3);
	CHECK_EQ(bed.port.stats.rx.frames[XL710_BROADCAST], 1);
	CHECK_EQ(bed.port.stats.rx.frames[XL710_MULTICAST], 2);
	bed_close();
}

static void
chains_and_their_limits(void)
{
	uint8_t frame[4500];

	bed_open("sink");
	bed_rx_on(QUEUE, true, 1024, true);
	bed_udp(frame, sizeof(frame), 4);
	arrive(frame, 4500);
	bed_run();
	for (uint16_t i = 0; i < 5; i++) {
		CHECK_EQ(got_length(QUEUE, i), i < 4 ? 1024 : 4500 - 4096);
		CHECK_EQ(bed_rx_descriptor(QUEUE, i)[1] & (RX_DD | RX_EOF), RX_DD | (i == 4 ? RX_EOF : 0));
		CHECK_MEM(bed_rx_buffer(QUEUE, i), frame + i * 1024, got_length(QUEUE, i));
	}
	/* A sixth buffer would be needed. */
	bed_rx_on(QUEUE, true, 896, true);
	arrive(frame, 4500);
	bed_run();
	CHECK_EQ(bed_rx_descriptor(QUEUE, 0)[1], 0);
	CHECK_EQ(bed.port.data->rx[QUEUE].errors, 1);
	bed.port.data->rx[QUEUE].context.max_frame = 1518;
	arrive(frame, 1515);
	arrive(frame, 1514);
	bed_run();
	CHECK_EQ(bed.port.data->rx[QUEUE].errors, 2);
	CHECK_EQ(got_length(QUEUE, 0), 896);
	bed_close();
}

static void
fcs_kept(void)
{
	uint8_t frame[64];

	/* The check value of IEEE 802.3's CRC. */
	CHECK_EQ(fcs_of((const uint8_t *)"123456789", 9), 0xCBF43926);
	bed_open("sink");
	bed_rx_on(QUEUE, true, 128, false);
	bed_udp(frame, 60, 4);
	arrive(frame, 60);
	bed_run();
	CHECK_EQ(got_length(QUEUE, 0), 64);
	CHECK((bed_rx_descriptor(QUEUE, 0)[1] & RX_CRCP) != 0);
	CHECK_EQ(load32le(bed_rx_buffer(QUEUE, 0) + 60), fcs_of(frame, 60));
	bed_close();
}

static void
tags_are_stripped_by_the_vsi(void)
{
	uint8_t plain[64], tagged[68];
	static const struct { uint8_t mode; uint16_t tag; bool stripped; } cases[] = {
		{ XL710_TAG_STRIP_BOTH, 0x6123, true }, { XL710_TAG_STRIP_UP, 0x6000, true }, { XL710_TAG_STRIP, 0, true },
		{ XL710_TAG_LEAVE, 0, false },
	};

	bed_udp(plain, 64, 1);
	memcpy(tagged, plain, 12);
	store32be(tagged + 12, 0x81006123);
	memcpy(tagged + 16, plain + 12, 52);
	for (uint16_t i = 0; i < 4; i++) {
		bed_open("sink");
		bed_rx_on(QUEUE, true, BED_BUFFER, true);
		bed.vsis[BED_VSI].tag_mode = cases[i].mode;
		arrive(tagged, 68);
		bed_run();
		CHECK_EQ(got_length(QUEUE, 0), cases[i].stripped ? 64 : 68);
		CHECK_MEM(bed_rx_buffer(QUEUE, 0), cases[i].stripped ? plain : tagged, got_length(QUEUE, 0));
		CHECK_EQ(bed_rx_descriptor(QUEUE, 0)[0] >> 16 & 0xFFFF, cases[i].tag);
		CHECK_EQ((bed_rx_descriptor(QUEUE, 0)[1] & RX_TAG1) != 0, cases[i].tag != 0);
		bed_close();
	}
}

static void
both_tags_of_two(void)
{
	uint8_t plain[64], tagged[72];

	bed_udp(plain, 64, 1);
	memcpy(tagged, plain, 12);
	store32be(tagged + 12, 0x88A80042);
	store32be(tagged + 16, 0x81000123);
	memcpy(tagged + 20, plain + 12, 52);
	bed_open("sink");
	bed_rx_on(QUEUE, true, 128, true);
	bed.vsis[BED_VSI].tag_mode = XL710_TAG_STRIP_BOTH;
	reg_set(&bed.port, XR_AT(VSI_TSR, BED_VSI), 0xC030);
	arrive(tagged, 72);
	bed_run();
	CHECK_EQ(got_length(QUEUE, 0), 64);
	CHECK_MEM(bed_rx_buffer(QUEUE, 0), plain, 64);
	CHECK_EQ(bed_rx_descriptor(QUEUE, 0)[0] >> 16 & 0xFFFF, 0x42);
	CHECK_EQ(bed_rx_descriptor(QUEUE, 0)[2] >> 48, 0x123);
	CHECK_EQ(bed_rx_descriptor(QUEUE, 0)[2] & 1, 1);
	bed_close();
}

/* RSS over IPv4 and UDP ports, with a table of 128 entries that name queues 0..3 in turn. */
static void
rss_on(void)
{
	for (unsigned int i = 0; i < 13; i++)
		reg_set(&bed.port, XR_AT(PFQF_HKEY, i), 0x6D5A56DA + i * 0x01030507);
	reg_set(&bed.port, XR_GLQF_CTL, XF_GLQF_CTL_HTOEP);
	reg_set(&bed.port, XR_AT(PFQF_HENA, 0), 1u << PCTYPE_IPV4_UDP);
	reg_set(&bed.port, XR_AT2(GLQF_HASH_INSET, 0, PCTYPE_IPV4_UDP), 0);
	reg_set(&bed.port, XR_AT2(GLQF_HASH_INSET, 1, PCTYPE_IPV4_UDP), 0x0001801E);
	for (unsigned int i = 0; i < 32; i++)
		reg_set(&bed.port, XR_AT(PFQF_HLUT, i), 0x03020100);
}

static void
rss_spreads_by_the_tables(void)
{
	uint8_t frame[64];
	uint16_t next[4] = { 0 };

	bed_open("sink");
	rss_on();
	for (uint16_t i = 0; i < 4; i++)
		bed_rx_on((uint16_t)(QUEUE + i), true, 256, true);
	for (uint16_t flow = 0; flow < 100; flow++) {
		struct packet packet;
		uint32_t hash = 0;
		uint16_t queue;
		uint64_t *descriptor;

		bed_udp(frame, 60, flow);
		arrive(frame, 60);
		bed_run();
		packet_parse(&packet, frame, 60, &bed.port.data->rules);
		CHECK(classify_hash(&bed.port.data->toeplitz, bed.bar, &packet, &hash));
		queue = hash & 3;
		descriptor = bed_rx_descriptor((uint16_t)(QUEUE + queue), next[queue]++);
		CHECK_EQ(descriptor[0] >> 32, hash);
		CHECK_EQ(descriptor[1] & RX_FILTER_HASH, RX_FILTER_HASH);
	}
	for (unsigned int i = 0; i < 4; i++)
		CHECK(next[i] > 10);
	/* A VSI with a table of its own. */
	bed.vsis[BED_VSI].own_lut = true;
	for (unsigned int i = 0; i < 16; i++)
		reg_set(&bed.port, XR_AT2(VSIQF_HLUT, BED_VSI, i), 0x02020202);
	bed_udp(frame, 60, 500);
	arrive(frame, 60);
	bed_run();
	CHECK((bed_rx_descriptor(QUEUE + 2, next[2])[1] & RX_DD) != 0);
	bed_close();
}

static void
frames_wait_for_descriptors_and_are_counted_when_lost(void)
{
	uint8_t frame[64];
	unsigned int lost;

	bed_open("sink");
	bed_rx_on(QUEUE, true, 128, true);
	bed_udp(frame, 60, 4);
	for (unsigned int i = 0; i < 70; i++)
		arrive(frame, 60);
	bed_run();
	/* 63 of 64 may be filled; seven wait in the packet buffer. */
	CHECK_EQ(bed.port.data->rx[QUEUE].frames, 63);
	CHECK_EQ(bed.port.wire->inbound.count, 7);
	CHECK_EQ(bed.port.stats.vsi[BED_VSI].rx_discards, 0);
	CHECK_EQ(bed.port.stats.rx.frames[XL710_UNICAST], 63);
	bed_rx_rearm(QUEUE, 0);
	bed_rx_rearm(QUEUE, 1);
	reg_set(&bed.port, XR_AT(QRX_TAIL, QUEUE), 2);
	bed_run();
	CHECK_EQ(bed.port.data->rx[QUEUE].frames, 66);
	CHECK_EQ(bed.port.wire->inbound.count, 4);
	for (unsigned int i = 0; i < FRAME_QUEUE_SLOTS - 4; i++)
		arrive(frame, 60);
	bed_run();
	lost = (unsigned int)bed.port.stats.vsi[BED_VSI].rx_discards;
	CHECK(lost != 0);
	CHECK_EQ(lost + bed.port.wire->inbound.count, FRAME_QUEUE_SLOTS);
	CHECK_EQ(bed.port.stats.rx.frames[XL710_UNICAST], 66 + lost);
	CHECK_EQ(bed.port.stats.vsi[BED_VSI].rx.frames[XL710_UNICAST], 66 + lost);
	xl710_rx_disable(&bed.port, QUEUE);
	bed_run();
	CHECK_EQ(bed.port.wire->inbound.count, 0);
	bed_close();
}

static void
what_the_mac_refuses(void)
{
	static uint8_t frame[12000];

	bed_open("sink");
	bed_rx_on(QUEUE, true, BED_BUFFER, true);
	bed_udp(frame, 60, 4);
	arrive(frame, 59);
	arrive(frame, 9725);
	arrive(frame, 12000);
	bed.port.max_frame = 1518;
	arrive(frame, 1515);
	bed_run();
	CHECK_EQ(bed.port.stats.undersize, 1);
	CHECK_EQ(bed.port.stats.oversize, 3);
	frame[5] ^= 1; /* not for us */
	arrive(frame, 60);
	bed_run();
	CHECK_EQ(bed.port.data->rx_filtered, 1);
	CHECK_EQ(bed_rx_descriptor(QUEUE, 0)[1], 0);
	bed_close();
}

static void
impossible_descriptors_stop_the_queue(void)
{
	uint8_t frame[64];

	bed_udp(frame, 60, 4);
	bed_open("sink");
	bed_rx_on(QUEUE, true, BED_BUFFER, true);
	bed_rx_descriptor(QUEUE, 0)[0] = 0xDEAD000000;
	arrive(frame, 60);
	arrive(frame, 60);
	bed_run();
	CHECK_EQ(bed.malicious, 1);
	CHECK_EQ(bed.event, EVENT_ADDRESS);
	CHECK_EQ(bed.port.stats.vsi[BED_VSI].rx_discards, 1);
	bed_rx_on(QUEUE, true, BED_BUFFER, true);
	reg_set(&bed.port, XR_AT(QRX_TAIL, QUEUE), BED_RING);
	arrive(frame, 60);
	bed_run();
	CHECK_EQ(bed.malicious, 2);
	CHECK_EQ(bed.event, EVENT_TAIL);
	bed_close();
}

static void
rings_and_splits_that_cannot_be_are_refused(void)
{
	struct xl710_rx_context rx = { .base = bed_iova(0, 0), .qlen = 64, .buffer_size = 2048, .max_frame = 1518, .vsi = BED_VSI };
	struct xl710_tx_context tx = { .base = bed_iova(0, 0), .qlen = 64, .vsi = BED_VSI };

	bed_open("sink");
	rx.split = 1;
	CHECK(xl710_rx_enable(&bed.port, 1, &rx) < 0);
	rx.split = 0;
	rx.base = 0x777700000000;
	CHECK(xl710_rx_enable(&bed.port, 1, &rx) < 0);
	tx.base = bed_iova(0, XL710_DMA_GRANULE - 128);
	CHECK(xl710_tx_enable(&bed.port, 1, &tx) < 0);
	tx.base = bed_iova(0, 0);
	tx.head_wb = true;
	tx.head_wb_address = 4;
	CHECK(xl710_tx_enable(&bed.port, 1, &tx) < 0);
	CHECK_EQ(bed.port.data->tx_count, 0);
	CHECK_EQ(bed.port.data->rx_count, 0);
	bed_close();
}

/* ---- flow director ---- */

/* Programs (or removes) a rule for frames of `flow` as bed_udp makes them. */
static void
program(uint16_t flow, bool add, uint32_t destination, uint16_t to, uint32_t report, uint32_t id)
{
	uint8_t frame[512] = { 0 }, swap[4];

	/* The packet is the answer to what is to match. */
	bed_udp(frame, 60, flow);
	memcpy(swap, frame + 26, 4);
	memmove(frame + 26, frame + 30, 4);
	memcpy(frame + 30, swap, 4);
	memcpy(swap, frame + 34, 2);
	memmove(frame + 34, frame + 36, 2);
	memcpy(frame + 36, swap, 2);
	bed_tx_put(0, to | (uint64_t)PCTYPE_IPV4_UDP << 17 | (uint64_t)BED_VSI << 23,
		TX_TYPE_PROGRAM | (add ? 1ull : 2ull) << 4 | (uint64_t)destination << 7 | 1ull << 11 | (uint64_t)report << 13 |
		(uint64_t)(flow % 512) << 20 | (uint64_t)id << 32);
	bed_send(0, frame, 512, TX_DUMMY);
	bed_run();
}

static void
fdir_on(void)
{
	bed_open("sink");
	bed_tx_on(0, BED_RING, true);
	reg_set(&bed.port, XR_PFQF_CTL_0, XF_PFQF_CTL_0_FD_ENA);
	reg_set(&bed.port, XR_PFQF_FDALLOC, 0xF010);
	reg_set(&bed.port, XR_AT2(PRTQF_FD_INSET, 0, PCTYPE_IPV4_UDP), 0);
	reg_set(&bed.port, XR_AT2(PRTQF_FD_INSET, 1, PCTYPE_IPV4_UDP), 0x0001801E);
	for (uint16_t i = 0; i < 4; i++)
		bed_rx_on((uint16_t)(QUEUE + i), i != 3, 128, true);
}

static void
flow_director_drops_steers_and_marks(void)
{
	uint8_t frame[64];

	fdir_on();
	program(7, true, FDIR_QUEUE, 2, 1, 0xABCD);
	program(8, true, FDIR_DROP, 0, 0, 0);
	program(9, true, FDIR_OTHER, 0, 1, 0x1234);
	program(10, true, FDIR_QUEUE, 3, 1, 0x5678); /* to 16-byte descriptors */
	CHECK_EQ(reg_get(&bed.port, XR_PFQF_FDSTAT), 4);
	CHECK_EQ(bed.malicious, 0);
	CHECK_EQ(bed.port.stats.tx.frames[XL710_UNICAST], 0); /* dummies stay here */
	for (uint16_t flow = 6; flow <= 10; flow++) {
		bed_udp(frame, 60, flow);
		arrive(frame, 60);
	}
	bed_run();
	CHECK_EQ(bed_rx_descriptor(QUEUE, 0)[1] & RX_FD_MATCH, 0); /* flow 6 */
	CHECK_EQ(bed_rx_descriptor(QUEUE, 1)[3] >> 32, 0x1234);
	CHECK_EQ(bed_rx_descriptor(QUEUE, 1)[2] & 0x30, RX_FLEX_HIGH_ID);
	CHECK_EQ(bed_rx_descriptor(QUEUE, 2)[1], 0); /* flow 8 is nowhere */
	CHECK_EQ(bed_rx_descriptor(QUEUE + 2, 0)[3] >> 32, 0xABCD);
	CHECK((bed_rx_descriptor(QUEUE + 2, 0)[1] & RX_FD_MATCH) != 0);
	CHECK_EQ(bed_rx_descriptor(QUEUE + 3, 0)[0] >> 32, 0x5678);
	CHECK_EQ(bed_rx_descriptor(QUEUE + 3, 0)[1] & RX_FILTER_HASH, RX_FILTER_FD_ID);
	for (uint16_t flow = 6; flow <= 10; flow++)
		CHECK_EQ(reg_get(&bed.port, XR_AT(GLQF_PCNT, flow)), flow != 6);
	CHECK_EQ(bed.port.stats.flow_director_matches, 4);
	/* The other direction is another flow. */
	bed_udp(frame, 60, 7);
	store16be(frame + 34, 53);
	store16be(frame + 36, 1007);
	arrive(frame, 60);
	program(7, false, FDIR_QUEUE, 2, 1, 0);
	CHECK_EQ(reg_get(&bed.port, XR_PFQF_FDSTAT), 3);
	bed_udp(frame, 60, 7);
	arrive(frame, 60);
	bed_run();
	CHECK_EQ(bed_rx_descriptor(QUEUE + 2, 1)[1], 0);
	reg_set(&bed.port, XR_PFQF_CTL_1, 1);
	bed_run();
	CHECK_EQ(reg_get(&bed.port, XR_PFQF_CTL_1), 0);
	CHECK_EQ(reg_get(&bed.port, XR_PFQF_FDSTAT), 0);
	bed_close();
}

static void
flow_director_says_what_it_cannot_do(void)
{
	fdir_on();
	/* Its VSI's first queue gets the status. */
	program(7, false, FDIR_QUEUE, 2, 1, 0xABCD);
	CHECK_EQ(bed_rx_descriptor(QUEUE, 0)[1] & 0x1F, RX_DD | RX_PROGRAM_FD);
	CHECK_EQ(bed_rx_descriptor(QUEUE, 0)[1] >> RX_ERROR_SHIFT & 0x3F, FDIR_NO_ENTRY);
	CHECK_EQ(bed_rx_descriptor(QUEUE, 0)[0] >> 32, 0xABCD);
	for (unsigned int i = 0; i < FDIR_ENTRIES; i++)
		program((uint16_t)i, true, FDIR_DROP, 0, 0, i);
	CHECK_EQ(bed_rx_descriptor(QUEUE, 1)[1], 0);
	CHECK_EQ(reg_get(&bed.port, XR_PFQF_FDSTAT), 512 | (FDIR_ENTRIES - 512) << 16);
	program(5, true, FDIR_DROP, 0, 0, 99); /* an update needs no room */
	CHECK_EQ(bed_rx_descriptor(QUEUE, 1)[1], 0);
	program(9000, true, FDIR_DROP, 0, 0, 77);
	CHECK_EQ(bed_rx_descriptor(QUEUE, 1)[1] >> RX_ERROR_SHIFT & 0x3F, FDIR_FULL);
	CHECK_EQ(bed_rx_descriptor(QUEUE, 1)[0] >> 32, 77);
	bed_close();
}

static void
flexible_bytes(void)
{
	uint8_t frame[64];

	fdir_on();
	/* Layer 4: one field, word 2 of the payload to the first flexible word; it is in the input set. */
	reg_set(&bed.port, XR_AT(GLQF_ORT, 35), 1u << 7 | 1u << 5 | 6);
	reg_set(&bed.port, XR_AT(PRTQF_FLX_PIT, 6), 2 | 2u << 5 | 50u << 10);
	reg_set(&bed.port, XR_AT(PRTQF_FD_FLXINSET, PCTYPE_IPV4_UDP), 0x80);
	program(7, true, FDIR_QUEUE, 1, 3, 0);
	bed_udp(frame, 60, 7);
	arrive(frame, 60);
	frame[46] ^= 1;
	arrive(frame, 60);
	bed_run();
	CHECK_EQ(bed_rx_descriptor(QUEUE + 1, 0)[3] & 0xFFFFFFFF, load32le(frame + 46) ^ 1);
	CHECK_EQ(bed_rx_descriptor(QUEUE + 1, 1)[1], 0);
	CHECK((bed_rx_descriptor(QUEUE, 0)[1] & RX_DD) != 0);
	bed_close();
}

static void
one_frame_for_two_vsis_and_from_one_to_the_other(void)
{
	struct xl710_tx_context context = { .base = bed_iova(0, 1 << 20), .qlen = 32, .vsi = BED_OTHER_VSI };
	uint64_t descriptor[2] = { bed_iova(1, 0), DATA(60, 0) };
	uint8_t frame[64];

	bed_open("sink");
	bed_rx_on(QUEUE, true, 128, true);
	bed_rx_on(QUEUE + BED_QUEUES, true, 128, true);
	bed.both = true;
	bed_udp(frame, 60, 1);
	arrive(frame, 60);
	bed_run();
	CHECK((bed_rx_descriptor(QUEUE, 0)[1] & RX_DD) != 0);
	CHECK((bed_rx_descriptor(QUEUE + BED_QUEUES, 0)[1] & RX_DD) != 0);
	CHECK_EQ(bed.port.stats.rx.frames[XL710_UNICAST], 1);
	CHECK_EQ(xl710_tx_enable(&bed.port, QUEUE + BED_QUEUES, &context), 0);
	memcpy(bed_bytes(1, 0), frame, 60);
	memcpy(bed_bytes(0, 1 << 20), descriptor, 16);
	reg_set(&bed.port, XR_AT(QTX_TAIL, QUEUE + BED_QUEUES), 1);
	bed_run();
	CHECK((bed_rx_descriptor(QUEUE, 1)[1] & (RX_DD | RX_LOOPBACK)) == (RX_DD | RX_LOOPBACK));
	CHECK_EQ(bed_rx_descriptor(QUEUE + BED_QUEUES, 1)[1], 0);
	CHECK_EQ(bed.port.stats.tx.frames[XL710_UNICAST], 0); /* it did not leave */
	CHECK_EQ(bed.port.stats.vsi[BED_OTHER_VSI].tx.frames[XL710_UNICAST], 1);
	bed_close();
}

static void
a_stalled_queue_and_a_remapped_ring(void)
{
	uint8_t frame[64];

	bed_open("sink");
	bed_rx_on(QUEUE, true, 128, true);
	bed.port.faults.stalled_rx = QUEUE + 1;
	bed_udp(frame, 60, 1);
	arrive(frame, 60);
	bed_run();
	CHECK_EQ(bed_rx_descriptor(QUEUE, 0)[1], 0);
	CHECK(bed.port.data->faults_held_rx > 0);
	bed.port.faults.stalled_rx = 0;
	xl710_datapath_remapped(&bed.port);
	bed_run();
	CHECK((bed_rx_descriptor(QUEUE, 0)[1] & RX_DD) != 0);
	for (unsigned int i = 0; i < XL710_DMA_SLOTS; i++)
		bed.dma.slots[i].granule = UINT64_MAX;
	xl710_datapath_remapped(&bed.port);
	arrive(frame, 60);
	bed_run();
	CHECK(bed.port.data->rx[QUEUE].stopped);
	CHECK_EQ(bed.malicious, 0);
	bed_close();
}

static void
resets_and_what_they_forget(void)
{
	fdir_on();
	program(7, true, FDIR_DROP, 0, 0, 0);
	CHECK_EQ(xl710_datapath_udp_tunnel_add(&bed.port, 4789, 0), 0);
	CHECK_EQ(xl710_datapath_udp_tunnel_add(&bed.port, 4790, 0x11), 1);
	CHECK_EQ(xl710_datapath_udp_tunnel_add(&bed.port, 4790, 0x11), -EEXIST);
	CHECK_EQ(xl710_datapath_udp_tunnel_remove(&bed.port, 0), 0);
	CHECK_EQ(xl710_datapath_udp_tunnel_remove(&bed.port, 0), -ENOENT);
	CHECK_EQ(xl710_datapath_udp_tunnel_add(&bed.port, 6081, 1), 0);
	xl710_datapath_tpids(&bed.port, 0x9100, 0);
	xl710_datapath_reset(&bed.port, XL710_PFR);
	CHECK_EQ(bed.port.data->tx_count + bed.port.data->rx_count, 0);
	CHECK_EQ(bed.port.data->fdir.count, 1);
	CHECK_EQ(bed.port.data->rules.udp_tunnels, 2);
	xl710_datapath_reset(&bed.port, XL710_CORER);
	CHECK_EQ(bed.port.data->fdir.count, 0);
	CHECK_EQ(bed.port.data->rules.udp_tunnels, 0);
	CHECK_EQ(bed.port.data->rules.outer_tpid, 0x88A8);
	bed_close();
}

int
main(void)
{
	RUN(one_frame_with_both_descriptor_forms);
	RUN(casts_verdicts_and_short_form);
	RUN(chains_and_their_limits);
	RUN(fcs_kept);
	RUN(tags_are_stripped_by_the_vsi);
	RUN(both_tags_of_two);
	RUN(rss_spreads_by_the_tables);
	RUN(frames_wait_for_descriptors_and_are_counted_when_lost);
	RUN(what_the_mac_refuses);
	RUN(impossible_descriptors_stop_the_queue);
	RUN(rings_and_splits_that_cannot_be_are_refused);
	RUN(flow_director_drops_steers_and_marks);
	RUN(flow_director_says_what_it_cannot_do);
	RUN(flexible_bytes);
	RUN(one_frame_for_two_vsis_and_from_one_to_the_other);
	RUN(a_stalled_queue_and_a_remapped_ring);
	RUN(resets_and_what_they_forget);
	return check_summary();
}
