/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Any bytes as descriptors, rings, buffers and registers: a loop wire brings what was sent back. Whatever the driver says, the device
 * stays inside the memory that is there, and each queue moves or is stopped.
 *
 * Input: 17 bytes of switches and registers, then 16 bytes a descriptor: taken as they are or, more often, made likely (a type there
 * is, a small size, memory that is there). The same bytes are the frames' contents.
 */
#include "checksum.h"
#include "classifier_rules.h"
#include "test_bed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define QUEUE BED_FIRST_QUEUE

static uint64_t
word(const uint8_t *bytes, size_t size, size_t at)
{
	uint64_t value = 0;

	memcpy(&value, bytes + at % size, size - at % size < 8 ? size - at % size : 8);
	return value;
}

/* Addresses of random bytes are nearly never memory: most are brought into a chunk. */
static uint64_t
address(uint64_t value)
{
	return (value & 7) == 7 ? value : bed_iova(1 + (value & 1), (uint32_t)(value >> 8) & ((value & 2) != 0 ? 0x1FFFFF : 0x1FFF));
}

static void
registers(const uint8_t *bytes, size_t size)
{
	uint8_t flags = bytes[0];

	reg_set(&bed.port, XR_AT(PFQF_HENA, 0), UINT32_MAX);
	reg_set(&bed.port, XR_AT(PFQF_HENA, 1), UINT32_MAX);
	reg_set(&bed.port, XR_GLQF_CTL, flags & 2);
	reg_set(&bed.port, XR_PRTQF_CTL_0, flags & 1);
	reg_set(&bed.port, XR_PFQF_CTL_0, XF_PFQF_CTL_0_FD_ENA | (uint32_t)(flags & 4) << 14);
	for (unsigned int type = 0; type < PCTYPES; type++) {
		reg_set(&bed.port, XR_AT(GLQF_HSYM, type), flags & 1);
		for (unsigned int half = 0; half < 2; half++) {
			uint32_t set = (uint32_t)word(bytes, size, 1 + half * 4);

			reg_set(&bed.port, XR_AT2(GLQF_HASH_INSET, half, type), set);
			reg_set(&bed.port, XR_AT2(PRTQF_FD_INSET, half, type), set);
			reg_set(&bed.port, XR_AT2(GLQF_FD_MSK, half, type), set >> 3);
		}
		reg_set(&bed.port, XR_AT(PRTQF_FD_FLXINSET, type), bytes[0]);
	}
	for (unsigned int i = 0; i < 64; i++)
		reg_set(&bed.port, XR_AT(GLQF_ORT, i), (uint32_t)word(bytes, size, 9 + i));
	for (unsigned int i = 0; i < 9; i++)
		reg_set(&bed.port, XR_AT(PRTQF_FLX_PIT, i), (uint32_t)word(bytes, size, 11 + i));
	for (unsigned int i = 0; i < 128; i++)
		reg_set(&bed.port, XR_AT(PFQF_HLUT, i), (uint32_t)word(bytes, size, i));
	bed.vsis[BED_VSI].tag_mode = flags >> 3 & 3;
	bed.vsis[BED_VSI].own_lut = (flags & 0x20) != 0;
	bed.vsis[BED_VSI].insert_pvid = (flags & 0x40) != 0;
	reg_set(&bed.port, XR_AT(VSI_TSR, BED_VSI), (flags & 0x80) != 0 ? 0xC030 : 0);
	bed.promiscuous = true;
}

/* A command that may be meant seriously. */
static uint64_t
likely_command(uint64_t value)
{
	static const uint8_t types[8] = { TX_TYPE_DATA, TX_TYPE_DATA, TX_TYPE_DATA, TX_TYPE_DATA, TX_TYPE_CONTEXT, TX_TYPE_CONTEXT,
		TX_TYPE_PROGRAM, TX_TYPE_DATA };
	unsigned int type = types[value & 7];

	if (type == TX_TYPE_CONTEXT)
		return type | (value & 0xFFFFFFFFFFFC0000ull) | (value >> 4 & 3) << 4 | (value >> 6 & 1) << 6;
	if (type == TX_TYPE_PROGRAM)
		return (value & ~0x7Full) | type | (1 + (value >> 4 & 1)) << 4;
	/* Ethernet, IPv4 without options, and the L4 header the command names. */
	if ((value >> 60 & 1) != 0)
		return (value & 0xFFFF0003FFC03FE0ull) | TX_EOP | 7ull << 16 | 5ull << 23 | 5ull << 30 | (40 + (value >> 50 & 0x3FF)) << 34;
	return (value & ~0xFull) | TX_EOP;
}

/* The input as one frame, in memory of just its length: in the wire's queue a read too far would not show. */
static void
parse_alone(const uint8_t *bytes, size_t size)
{
	static const uint16_t types[4] = { 0x0800, 0x86DD, 0x8100, 0x88A8 };
	size_t length = size < 300 ? size : 300;
	uint8_t *frame = malloc(length);
	uint16_t flex[8];
	struct packet packet;
	struct field_words fields;
	uint32_t hash;

	if (frame == NULL)
		abort();
	memcpy(frame, bytes, length);
	if ((bytes[12] & 0xC0) != 0) {
		unsigned int type = bytes[13] & 3, ip = type < 2 ? 14 : 18;

		store16be(frame + 12, types[type]);
		if (type >= 2)
			store16be(frame + 16, types[bytes[17] & 1]);
		frame[ip] = types[type < 2 ? type : bytes[17] & 1] == 0x0800 ? 0x40 | (frame[ip] & 7) : 0x60;
	}
	packet_parse(&packet, frame, (uint32_t)length, &bed.port.data->rules);
	for (unsigned int i = 0; i < PACKET_FIELD_WORDS; i++)
		packet_field(&packet, i);
	checksum_verdict(&packet);
	classify_flex_words(bed.bar, &packet, flex);
	classify_hash(&bed.port.data->toeplitz, bed.bar, &packet, &hash);
	classify_flow_fields(bed.bar, &packet, packet.pctype, (bytes[0] & 1) != 0, &fields);
	free(frame);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static bool opened;
	uint16_t qlen = BED_RING, count;

	if (size < 33)
		return 0;
	if (!opened)
		bed_open("loop");
	opened = true;
	xl710_datapath_reset(&bed.port, XL710_CORER);
	bed.port.link_up = (bytes[5] & 15) != 1;
	bed.port.max_frame = (bytes[5] & 0x30) == 0x10 ? 1518 : 9728;
	xl710_datapath_udp_tunnel_add(&bed.port, 4789, bytes[0] & 1 ? 0x11 : 0);
	registers(bytes, size);
	parse_alone(bytes, size);
	/* Frames' contents: the input again and again. */
	for (size_t at = 0; at < 16384; at += size)
		memcpy(bed_bytes(1, (uint32_t)at), bytes, size);
	bed_tx_on(QUEUE, qlen, (bytes[0] & 1) != 0);
	for (uint16_t i = 0; i < BED_QUEUES; i++)
		bed_rx_on((uint16_t)(QUEUE + i), (bytes[1] >> i % 8 & 1) != 0, (uint16_t)(128 << (i % 6)), (bytes[2] & 1) != 0);
	for (uint16_t i = 0; i < BED_RING; i++)
		if ((bytes[3] & 1) != 0)
			bed_rx_descriptor(QUEUE, i)[0] = address(word(bytes, size, i * 5u));
	count = (uint16_t)((size - 17) / 16);
	for (uint16_t i = 0; i < count; i++) {
		uint64_t command = word(bytes, size, 25 + 16u * i), first = word(bytes, size, 17 + 16u * i);

		if ((command & 0xF0) != 0xF0)
			command = likely_command(command >> 4);
		bed_tx_put(QUEUE, (command & 0xF) == 0 ? address(first) : first, command);
		if (i % 20 == 19 || i + 1 == count) {
			bed_tx_tail(QUEUE);
			bed_run();
		}
	}
	if ((bytes[4] & 1) != 0)
		reg_set(&bed.port, XR_AT(QTX_TAIL, QUEUE), (uint32_t)word(bytes, size, 5));
	if ((bytes[4] & 2) != 0)
		reg_set(&bed.port, XR_AT(QRX_TAIL, QUEUE), (uint32_t)word(bytes, size, 7));
	bed_run();
	if (!bed.port.data->tx[QUEUE].stopped && bed.port.data->tx[QUEUE].head >= qlen)
		abort();
	return 0;
}
