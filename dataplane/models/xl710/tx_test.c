/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Transmit rings: what goes out, and what no driver may do. The wire is one that keeps what it gets: outbound of a sink is looked at
 * before it is drained, by taking tx_poll alone.
 */
#include "check.h"

#include "checksum.h"
#include "test_bed.h"

#define QUEUE BED_FIRST_QUEUE

/* The n-th frame that left. */
static const uint8_t *
sent(unsigned int n, uint32_t *length)
{
	struct frame_queue *out = wire_out(bed.port.wire);

	CHECK(n < out->count);
	*length = frame_queue_at(out, n)->length;
	return frame_queue_bytes(out, frame_queue_at(out, n));
}

static unsigned int
sent_count(void)
{
	return wire_out(bed.port.wire)->count;
}

static void
open_sink(uint16_t qlen)
{
	bed_open("sink");
	bed_tx_on(QUEUE, qlen, false);
}

static void
step(void)
{
	while (tx_poll(&bed.port, QUEUE, 32) != 0)
		;
}

static void
plain_frames_leave_and_are_reported(void)
{
	uint8_t frame[200];
	uint32_t length;

	open_sink(BED_RING);
	for (uint32_t size = 17; size < 200; size += 13) {
		bed_udp(frame, size < 60 ? 60 : size, (uint16_t)size);
		bed_send(QUEUE, frame, size, 0);
	}
	step();
	CHECK_EQ(sent_count(), 15);
	for (uint32_t i = 0, size = 17; size < 200; size += 13, i++) {
		const uint8_t *bytes = sent(i, &length);

		CHECK_EQ(length, size < 60 ? 60 : size); /* the MAC pads */
		bed_udp(frame, size < 60 ? 60 : size, (uint16_t)size);
		CHECK_MEM(bytes, frame, size);
		for (uint32_t at = size; at < length; at++)
			CHECK_EQ(bytes[at], 0);
		CHECK_EQ(bed_tx_descriptor(QUEUE, (uint16_t)i)[1], 0xF);
	}
	CHECK_EQ(bed.port.stats.tx.frames[XL710_UNICAST], 15);
	CHECK_EQ(reg_get(&bed.port, XR_AT(QTX_HEAD, QUEUE)), 15);
	CHECK_EQ(bed.malicious, 0);
	bed_close();
}

static void
a_ring_wraps_and_only_asked_descriptors_are_written(void)
{
	uint8_t frame[64];

	open_sink(64);
	for (unsigned int round = 0; round < 10; round++) {
		for (unsigned int i = 0; i < 40; i++) {
			uint16_t at = bed.tx_tail[QUEUE];

			bed_udp(frame, 60, (uint16_t)i);
			memcpy(bed_bytes(1, at * 2048u), frame, 60);
			bed_tx_put(QUEUE, bed_iova(1, at * 2048u), (uint64_t)60 << 34 | TX_EOP | (i % 32 == 31 ? TX_RS : 0));
		}
		bed_tx_tail(QUEUE);
		bed_run();
		for (unsigned int i = 0; i < 40; i++) {
			uint16_t at = (uint16_t)((round * 40 + i) % 64);

			CHECK_EQ(bed_tx_descriptor(QUEUE, at)[1] == 0xF, i % 32 == 31);
		}
	}
	CHECK_EQ(bed.port.data->tx[QUEUE].frames, 400);
	bed_close();
}

static void
frames_of_several_buffers(void)
{
	uint8_t frame[4500];
	uint32_t length;

	open_sink(BED_RING);
	bed_udp(frame, sizeof(frame), 3);
	memcpy(bed_bytes(1, 0), frame, sizeof(frame));
	bed_tx_put(QUEUE, bed_iova(1, 0), 100ull << 34);
	bed_tx_put(QUEUE, bed_iova(1, 100), 2000ull << 34);
	bed_tx_tail(QUEUE);
	step();
	CHECK_EQ(sent_count(), 0); /* the rest is not there yet */
	bed_tx_put(QUEUE, bed_iova(1, 2100), DATA(2400, 0));
	bed_tx_tail(QUEUE);
	step();
	CHECK_EQ(sent_count(), 1);
	CHECK_MEM(sent(0, &length), frame, sizeof(frame));
	CHECK_EQ(length, sizeof(frame));
	CHECK_EQ(bed_tx_descriptor(QUEUE, 2)[1], 0xF);
	CHECK(bed_tx_descriptor(QUEUE, 1)[1] != 0xF);
	bed_close();
}

static void
tags_are_inserted(void)
{
	uint8_t frame[100];
	const uint8_t *bytes;
	uint32_t length;

	open_sink(BED_RING);
	bed_udp(frame, sizeof(frame), 3);
	bed_send(QUEUE, frame, sizeof(frame), TX_TAG1 | 0x6064ull << 48);
	bed_tx_put(QUEUE, 0x0777ull << 32, TX_TYPE_CONTEXT | TX_CONTEXT_TAG2);
	bed_send(QUEUE, frame, sizeof(frame), TX_TAG1 | 0x0064ull << 48);
	step();
	bytes = sent(0, &length);
	CHECK_EQ(length, 104);
	CHECK_MEM(bytes, frame, 12);
	CHECK_EQ(load32be(bytes + 12), 0x81006064);
	CHECK_MEM(bytes + 16, frame + 12, 88);
	bytes = sent(1, &length);
	CHECK_EQ(length, 108);
	CHECK_EQ(load32be(bytes + 12), 0x88A80777);
	CHECK_EQ(load32be(bytes + 16), 0x81000064);
	CHECK_MEM(bytes + 20, frame + 12, 88);
	bed.vsis[BED_VSI].insert_pvid = true;
	bed.vsis[BED_VSI].pvid = 9;
	bed_send(QUEUE, frame, sizeof(frame), 0);
	step();
	bytes = sent(2, &length);
	CHECK_EQ(length, 104);
	CHECK_EQ(load32be(bytes + 12), 0x81000009);
	bed_close();
}

/* A verdict on a frame that left. */
static unsigned int
verdict(const uint8_t *bytes, uint32_t length)
{
	struct packet packet;

	packet_parse(&packet, bytes, length, &bed.port.data->rules);
	return checksum_verdict(&packet);
}

/* Puts the seed that drivers give into the L4 checksum's field. */
static void
seed(uint8_t *frame, uint8_t protocol, uint32_t l4_length)
{
	uint16_t sum = checksum_fold(checksum_pseudo(frame + 14, 4, protocol, l4_length));

	frame[23] = protocol;
	memcpy(frame + 34 + (protocol == 6 ? 16 : 6), &sum, 2);
}

#define OFFSETS(l2, l3, l4) ((uint64_t)((l2) / 2) << 16 | (uint64_t)((l3) / 4) << 23 | (uint64_t)((l4) / 4) << 30)

static void
checksums_are_completed(void)
{
	static const struct { uint8_t protocol; uint64_t command; } cases[] = {
		{ 17, 3ull << 12 | OFFSETS(14, 20, 8) }, { 6, 1ull << 12 | OFFSETS(14, 20, 20) }, { 132, 2ull << 12 | OFFSETS(14, 20, 12) },
	};
	uint8_t frame[120];

	open_sink(BED_RING);
	for (unsigned int i = 0; i < 3; i++) {
		const uint8_t *bytes;
		uint32_t length;

		bed_udp(frame, sizeof(frame), 3);
		if (cases[i].protocol == 6)
			frame[46] = 0x50;
		seed(frame, cases[i].protocol, sizeof(frame) - 34);
		memset(frame + 24, 0xAA, 2);
		bed_send(QUEUE, frame, sizeof(frame), cases[i].command | TX_IPV4_CHECKSUM);
		step();
		bytes = sent(i, &length);
		CHECK_EQ(verdict(bytes, length), CHECKSUM_EXAMINED);
		CHECK_MEM(bytes, frame, 24);
	}
	bed_close();
}

/* A large send of `payload` bytes: headers of 54 bytes (IPv4, TCP with FIN and PSH), in two buffers. */
static void
send_large(uint32_t payload, uint32_t mss, uint32_t claimed)
{
	uint8_t frame[54];
	uint32_t at = 65536;
	uint16_t sum;

	bed_udp(frame, 54, 1);
	frame[23] = 6;
	store16be(frame + 18, 0xFFFE);
	store32be(frame + 38, 0xFFFFFFF0);
	frame[46] = 0x50;
	frame[47] = 0x99; /* CWR, ACK, PSH, FIN */
	sum = checksum_fold(checksum_pseudo(frame + 14, 4, 6, 0));
	memcpy(frame + 50, &sum, 2);
	memcpy(bed_bytes(1, at), frame, 54);
	for (uint32_t i = 0; i < payload; i++)
		*bed_bytes(1, at + 54 + i) = (uint8_t)(i * 31 >> 4);
	bed_tx_put(QUEUE, 0, TX_TYPE_CONTEXT | TX_CONTEXT_TSO | (uint64_t)claimed << 30 | (uint64_t)mss << 50);
	bed_tx_put(QUEUE, bed_iova(1, at), 54ull << 34 | TX_IPV4_CHECKSUM | 1ull << 12 | OFFSETS(14, 20, 20));
	for (uint32_t from = 0; from < payload; from += 8000) {
		uint32_t size = payload - from < 8000 ? payload - from : 8000;

		bed_tx_put(QUEUE, bed_iova(1, at + 54 + from), (uint64_t)size << 34 | (from + size == payload ? TX_EOP | TX_RS : 0));
	}
	bed_tx_tail(QUEUE);
}

static void
a_large_send_becomes_segments(void)
{
	uint32_t length, at = 0;

	open_sink(BED_RING);
	send_large(40000, 1460, 40000);
	step();
	CHECK_EQ(bed.malicious, 0);
	CHECK_EQ(sent_count(), 28);
	for (unsigned int i = 0; i < 28; i++) {
		const uint8_t *bytes = sent(i, &length);
		uint32_t size = i == 27 ? 40000 - 27 * 1460 : 1460;

		CHECK_EQ(length, size + 54);
		CHECK_EQ(verdict(bytes, length), CHECKSUM_EXAMINED);
		CHECK_EQ(load16be(bytes + 16), size + 40);
		CHECK_EQ(load16be(bytes + 18), (uint16_t)(0xFFFE + i));
		CHECK_EQ(load32be(bytes + 38), (uint32_t)(0xFFFFFFF0 + at));
		CHECK_EQ(bytes[47], (i == 0 ? 0x80 : 0) | 0x10 | (i == 27 ? 0x09 : 0));
		CHECK_MEM(bytes + 54, bed_bytes(1, 65536 + 54 + at), size);
		at += size;
	}
	CHECK_EQ(bed_tx_descriptor(QUEUE, 6)[1], 0xF);
	bed_close();
}

static void
head_write_back(void)
{
	struct xl710_tx_context context = {
		.base = bed_iova(0, 0), .qlen = 32, .head_wb = true, .head_wb_address = bed_iova(0, 1 << 20), .vsi = BED_VSI,
	};
	uint8_t frame[64];

	bed_open("sink");
	CHECK_EQ(xl710_tx_enable(&bed.port, 0, &context), 0);
	bed_udp(frame, 60, 1);
	bed_send(0, frame, 60, 0);
	bed_send(0, frame, 60, 0);
	tx_poll(&bed.port, 0, 32);
	CHECK_EQ(load32le(bed_bytes(0, 1 << 20)), 2);
	CHECK(bed_tx_descriptor(0, 0)[1] != 0xF);
	bed_close();
}

/* Each is one thing no driver may do: the queue stops, says so once, and another goes on. */
static void
refused(uint8_t event)
{
	uint8_t frame[64];
	uint32_t length;
	unsigned int before = sent_count();

	step();
	CHECK_EQ(bed.malicious, 1);
	CHECK_EQ(bed.event, event);
	CHECK_EQ(sent_count(), before);
	step();
	CHECK_EQ(bed.malicious, 1);
	/* The other queue's rings are its own. */
	bed_tx_on(QUEUE + 1, BED_RING, false);
	bed_udp(frame, 60, 7);
	bed_send(QUEUE + 1, frame, 60, 0);
	CHECK_EQ(tx_poll(&bed.port, QUEUE + 1, 32), 1);
	CHECK_MEM(sent(before, &length), frame, 60);
	/* Off and on again, it works. */
	bed_tx_on(QUEUE, BED_RING, false);
	bed_send(QUEUE, frame, 60, 0);
	step();
	CHECK_EQ(sent_count(), before + 2);
	bed_close();
}

static void
impossible_descriptors_stop_the_queue(void)
{
	uint8_t frame[2000];

	bed_udp(frame, sizeof(frame), 1);
	open_sink(BED_RING);
	reg_set(&bed.port, XR_AT(QTX_TAIL, QUEUE), BED_RING);
	refused(EVENT_TAIL);

	open_sink(BED_RING);
	bed_send(QUEUE, frame, 60, 2); /* FCoE context */
	refused(EVENT_DESCRIPTOR_TYPE);

	open_sink(BED_RING);
	bed_send(QUEUE, frame, 0, 0);
	refused(EVENT_BUFFER_SIZE);

	open_sink(BED_RING);
	bed_send(QUEUE, frame, 16, 0);
	refused(EVENT_FRAME_SIZE);

	open_sink(BED_RING);
	bed.port.max_frame = 1518;
	bed_send(QUEUE, frame, 1515, 0);
	refused(EVENT_FRAME_SIZE);

	open_sink(BED_RING);
	bed_tx_put(QUEUE, bed_iova(1, 0) + (1ull << 40), DATA(60, 0));
	bed_tx_tail(QUEUE);
	refused(EVENT_ADDRESS);

	open_sink(BED_RING);
	bed_tx_put(QUEUE, bed_iova(1, XL710_DMA_GRANULE - 10), DATA(60, 0)); /* sticks out of its chunk */
	bed_tx_tail(QUEUE);
	refused(EVENT_ADDRESS);

	open_sink(BED_RING);
	for (unsigned int i = 0; i < 9; i++)
		bed_tx_put(QUEUE, bed_iova(1, 0), 20ull << 34 | (i == 8 ? TX_EOP : 0));
	bed_tx_tail(QUEUE);
	refused(EVENT_TOO_MANY);

	open_sink(BED_RING);
	bed_send(QUEUE, frame, 60, 3ull << 12 | TX_IPV4_CHECKSUM | OFFSETS(14, 60, 8)); /* headers beyond the frame */
	refused(EVENT_HEADER_LENGTHS);

	open_sink(BED_RING);
	bed_tx_put(QUEUE, 0, TX_TYPE_PROGRAM);
	bed_tx_tail(QUEUE);
	refused(EVENT_NO_PROGRAMMING);

	open_sink(BED_RING);
	bed_tx_put(QUEUE, 1, TX_TYPE_CONTEXT);
	bed_tx_put(QUEUE, 1, TX_TYPE_CONTEXT);
	bed_tx_tail(QUEUE);
	refused(EVENT_CONTEXT);
}

static void
impossible_large_sends_stop_the_queue(void)
{
	open_sink(BED_RING);
	send_large(4000, TSO_MSS_MIN - 1, 4000);
	refused(EVENT_MSS);
	open_sink(BED_RING);
	send_large(4000, TSO_MSS_MAX + 1, 4000);
	refused(EVENT_MSS);
	open_sink(BED_RING);
	send_large(4000, 1460, 4001);
	refused(EVENT_TSO_LENGTH);
}

static void
link_down_and_control_frames(void)
{
	uint8_t frame[64];

	open_sink(BED_RING);
	bed_udp(frame, 60, 1);
	bed.port.link_up = false;
	bed_send(QUEUE, frame, 60, 0);
	step();
	CHECK_EQ(bed.port.stats.tx_link_down, 1);
	CHECK_EQ(sent_count(), 0);
	bed.port.link_up = true;
	store16be(frame + 12, 0x8808);
	bed_send(QUEUE, frame, 60, 0);
	step();
	CHECK_EQ(bed.port.stats.vsi[BED_VSI].tx_errors, 1);
	CHECK_EQ(sent_count(), 0);
	CHECK_EQ(bed_tx_descriptor(QUEUE, 1)[1], 0xF);
	bed_close();
}

static void
a_stalled_queue_waits(void)
{
	uint8_t frame[64];

	open_sink(BED_RING);
	bed.port.faults.stalled_tx = QUEUE + 1;
	bed_udp(frame, 60, 1);
	bed_send(QUEUE, frame, 60, 0);
	step();
	CHECK_EQ(sent_count(), 0);
	CHECK(bed_tx_descriptor(QUEUE, 0)[1] != 0xF);
	CHECK(bed.port.data->faults_held_tx > 0);
	bed.port.faults.stalled_tx = 0;
	step();
	CHECK_EQ(sent_count(), 1);
	bed_close();
}

/* A wire that is full holds the sender up, and says so; nothing is lost. */
static void
a_full_wire_holds_the_sender_up(void)
{
	uint8_t frame[64];
	unsigned int total = 0;

	open_sink(BED_RING);
	bed_udp(frame, 60, 1);
	while (sent_count() < FRAME_QUEUE_SLOTS) {
		bed_send(QUEUE, frame, 60, 0);
		total += tx_poll(&bed.port, QUEUE, 32);
	}
	bed_send(QUEUE, frame, 60, 0);
	CHECK_EQ(tx_poll(&bed.port, QUEUE, 32), 0);
	CHECK(wire_out(bed.port.wire)->pressed);
	CHECK_EQ(total, FRAME_QUEUE_SLOTS);
	bed_run();
	CHECK_EQ(bed.port.stats.tx.frames[XL710_UNICAST], FRAME_QUEUE_SLOTS + 1);
	CHECK_EQ(bed.malicious, 0);
	bed_close();
}

int
main(void)
{
	RUN(plain_frames_leave_and_are_reported);
	RUN(a_ring_wraps_and_only_asked_descriptors_are_written);
	RUN(frames_of_several_buffers);
	RUN(tags_are_inserted);
	RUN(checksums_are_completed);
	RUN(a_large_send_becomes_segments);
	RUN(head_write_back);
	RUN(impossible_descriptors_stop_the_queue);
	RUN(impossible_large_sends_stop_the_queue);
	RUN(link_down_and_control_frames);
	RUN(a_stalled_queue_waits);
	RUN(a_full_wire_holds_the_sender_up);
	return check_summary();
}
