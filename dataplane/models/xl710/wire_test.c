/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Wires: where frames go, what generators make and checkers see, capture files, and the faults of a cable.
 */
#include "check.h"

#include <errno.h>

#include "capture.h"
#include "pace.h"
#include "probe.h"
#include "test_bed.h"

#define QUEUE BED_FIRST_QUEUE

/* Gives the device all descriptors again that it has filled. */
static void
rearm(uint16_t queue)
{
	uint16_t tail = bed.rx_tail[queue];

	for (uint16_t i = 0; i < BED_RING; i++) {
		if ((bed_rx_descriptor(queue, i)[1] & RX_DD) == 0)
			continue;
		bed_rx_rearm(queue, i);
		tail = (uint16_t)((tail + 1) % BED_RING);
	}
	bed.rx_tail[queue] = tail;
	reg_set(&bed.port, XR_AT(QRX_TAIL, queue), tail);
}

static void
what_is_sent_comes_back(void)
{
	uint8_t frame[100];

	bed_open("loop");
	bed_tx_on(QUEUE, BED_RING, false);
	bed_rx_on(QUEUE, true, 128, true);
	for (uint16_t round = 0; round < 200; round++) {
		bed_udp(frame, sizeof(frame), round);
		bed_send(QUEUE, frame, sizeof(frame), 0);
		bed_run();
		CHECK_MEM(bed_rx_buffer(QUEUE, round % BED_RING), frame, sizeof(frame));
		CHECK((bed_rx_descriptor(QUEUE, round % BED_RING)[1] & RX_DD) != 0);
		rearm(QUEUE);
	}
	CHECK_EQ(bed.port.stats.tx.bytes, 200 * 104);
	CHECK_EQ(bed.port.stats.rx.bytes, 200 * 104);
	bed_close();
}

static void
the_queue_of_frames_keeps_order_and_bytes(void)
{
	static struct frame_queue queue;
	uint32_t put = 0, got = 0, random = 1;

	CHECK_EQ(frame_queue_create(&queue), 0);
	while (got < 20000) {
		unsigned int n = (random = random * 1103515245 + 12345) >> 16 & 127;

		for (unsigned int i = 0; i < n; i++) {
			uint32_t length = (random = random * 1103515245 + 12345) >> 16 & 0x1FFF, skip = random >> 13 & 7;
			uint8_t *room = frame_queue_reserve(&queue, length + 12);

			if (room == NULL)
				break;
			CHECK(room >= queue.data && room + length + 12 <= queue.data + FRAME_QUEUE_BYTES);
			store32le(room + skip, put++);
			frame_queue_commit(&queue, skip, length + 4, 0);
		}
		n = (random = random * 1103515245 + 12345) >> 16 & 127;
		for (; n > 0 && queue.count != 0; n--) {
			CHECK_EQ(load32le(frame_queue_bytes(&queue, frame_queue_at(&queue, 0))), got++);
			frame_queue_pop(&queue);
		}
	}
	frame_queue_destroy(&queue);
}

static void
generated_frames_are_received_and_checked(void)
{
	const struct probe_check *check;
	uint64_t frames = 0;
	uint16_t at = 0;

	bed_open("sink");
	check = bed.port.wire->state;
	bed_tx_on(QUEUE, BED_RING, false);
	for (uint32_t i = 0; i < 40; i++) {
		uint8_t frame[200];

		/* Number 5 is lost, 8 comes after 9, 20 is damaged. */
		probe_write(frame, sizeof(frame), bed.port.mac, 4096, 3, i == 8 ? 9 : i == 9 ? 8 : i);
		if (i == 20)
			frame[100] ^= 1;
		if (i != 5)
			bed_send(QUEUE, frame, sizeof(frame), 0);
		bed_run();
	}
	CHECK_EQ(check->frames, 39);
	CHECK_EQ(check->probes, 39);
	CHECK_EQ(check->missing, 2); /* the damaged one did not count */
	CHECK_EQ(check->late, 1);
	CHECK_EQ(check->damaged, 1);
	bed_close();

	bed_open("generator:imix,flows=3,count=500,vlan=7");
	bed.port.data->rules.outer_tpid = 0;
	bed_rx_on(QUEUE, true, BED_BUFFER, true);
	while (frames < 500) {
		xl710_datapath_poll(&bed.port, 32);
		for (; (bed_rx_descriptor(QUEUE, at)[1] & RX_DD) != 0; at = (at + 1) % BED_RING, frames++) {
			static const uint16_t sizes[12] = { 64, 594, 64, 64, 594, 64, 1518, 64, 594, 64, 64, 594 };

			CHECK_EQ(bed_rx_descriptor(QUEUE, at)[1] >> RX_LENGTH_SHIFT & 0x3FFF, sizes[frames % 12] - 4);
			CHECK_EQ(bed_rx_descriptor(QUEUE, at)[1] >> RX_L3L4E_SHIFT & 7, 0);
			CHECK_EQ(load32be(bed_rx_buffer(QUEUE, at) + 12), 0x81000007);
			bed_rx_rearm(QUEUE, at);
			reg_set(&bed.port, XR_AT(QRX_TAIL, QUEUE), at);
		}
	}
	bed_run();
	CHECK_EQ(bed.port.data->rx[QUEUE].frames, 500);
	bed_close();
}

/* The shortest frames, which hold the mark just so, and tagged ones. */
static void
short_frames_are_whole(void)
{
	static const char *const wires[] = { "generator:count=50", "generator:count=50,vlan=5", "generator:count=50,size=65" };

	for (unsigned int i = 0; i < 3; i++) {
		struct probe_check check;
		uint16_t at = 0;

		bed_open(wires[i]);
		bed_rx_on(QUEUE, true, 128, true);
		bed_run();
		CHECK(probe_check_create(&check));
		for (; at < 50; at++) {
			CHECK_EQ(bed_rx_descriptor(QUEUE, at)[1] >> RX_L3L4E_SHIFT & 7, 0);
			probe_check_frame(&check, bed_rx_buffer(QUEUE, at), i == 2 ? 61 : 60);
		}
		CHECK_EQ(check.probes, 50);
		CHECK_EQ(check.damaged, 0);
		CHECK_EQ(check.missing, 0);
		probe_check_destroy(&check);
		bed_close();
	}
}

static void
rates_are_kept(void)
{
	bed_open("generator:pps=1000");
	bed_rx_on(QUEUE, true, 128, true);
	bed.now_us = 1;
	bed_run();
	CHECK_EQ(bed.port.stats.rx.frames[XL710_UNICAST], 0);
	for (unsigned int i = 0; i < 30; i++) {
		bed.now_us += 500;
		bed_run();
	}
	CHECK_EQ(bed.port.stats.rx.frames[XL710_UNICAST], 15);
	/* What was missed is not made up for: a wire waits for nobody. */
	bed.now_us += 1000000;
	bed_run();
	CHECK_EQ(bed.port.stats.rx.frames[XL710_UNICAST], 16);
	bed_close();
}

static void
runts_and_giants_of_a_generator(void)
{
	bed_open("generator:size=40,count=3");
	bed_rx_on(QUEUE, true, 128, true);
	bed_run();
	CHECK_EQ(bed.port.stats.undersize, 3);
	bed_close();
	bed_open("generator:size=9000,count=3");
	bed.port.max_frame = 1518;
	bed_rx_on(QUEUE, true, 128, true);
	bed_run();
	CHECK_EQ(bed.port.stats.oversize, 3);
	bed_close();
}

static void
faults_are_counted_and_repeatable(void)
{
	uint64_t dropped = 0;

	for (int round = 0; round < 2; round++) {
		bed_open("generator:count=1000");
		bed.port.frame_faults.drop = 10;
		bed.port.frame_faults.corrupt = 20;
		bed_rx_on(QUEUE, true, 128, true);
		for (unsigned int i = 0; i < 1000; i++) {
			bed_run();
			rearm(QUEUE);
		}
		CHECK_EQ(bed.port.data->rx[QUEUE].frames + bed.port.data->faults_dropped + bed.port.data->faults_corrupted, 1000);
		CHECK_EQ(bed.port.stats.crc_errors, bed.port.data->faults_corrupted);
		CHECK(bed.port.data->faults_dropped > 50 && bed.port.data->faults_corrupted > 20);
		CHECK(round == 0 || dropped == bed.port.data->faults_dropped);
		dropped = bed.port.data->faults_dropped;
		bed_close();
	}
}

static void
reordered_frames_all_arrive(void)
{
	uint8_t frame[60], seen[50] = { 0 };
	unsigned int late = 0;
	uint32_t highest = 0;

	bed_open("loop");
	bed.port.frame_faults.reorder = 5;
	bed_tx_on(QUEUE, BED_RING, false);
	bed_rx_on(QUEUE, true, 128, true);
	for (uint32_t i = 0; i < 50; i++) {
		probe_write(frame, sizeof(frame), bed.port.mac, 4096, 0, i);
		bed_send(QUEUE, frame, sizeof(frame), 0);
		bed_run();
	}
	for (unsigned int i = 0; i < 2000; i++) /* the last may wait for a successor */
		xl710_datapath_poll(&bed.port, 32);
	for (uint16_t i = 0; i < 50; i++) {
		uint32_t number = load32be(bed_rx_buffer(QUEUE, i) + PROBE_HEADERS + 8);

		CHECK(number < 50);
		seen[number]++;
		late += number < highest;
		highest = number > highest ? number : highest;
	}
	for (unsigned int i = 0; i < 50; i++)
		CHECK_EQ(seen[i], 1);
	CHECK(late != 0 && late <= bed.port.data->faults_reordered);
	bed_close();
}

static void
captures_are_played_and_recorded(void)
{
	static const char played[] = "xl710-wire-in.pcap", recorded[] = "xl710-wire-out.pcap";
	uint8_t frame[100];
	const uint8_t *bytes;
	struct capture capture;
	uint32_t length;
	FILE *file = capture_create(played);

	CHECK(file != NULL);
	for (uint16_t i = 0; i < 10; i++) {
		bed_udp(frame, 50u + i * 5u, i); /* the first ones are padded */
		capture_write(file, frame, 50u + i * 5u, i);
	}
	fclose(file);
	bed_open("pcap:xl710-wire-in.pcap,xl710-wire-out.pcap");
	bed_tx_on(QUEUE, BED_RING, false);
	bed_rx_on(QUEUE, true, 128, true);
	bed_run();
	for (uint16_t i = 0; i < 10; i++) {
		bed_udp(frame, 50u + i * 5u, i);
		CHECK_MEM(bed_rx_buffer(QUEUE, i), frame, 50u + i * 5u);
		CHECK_EQ(bed_rx_descriptor(QUEUE, i)[1] >> RX_LENGTH_SHIFT & 0x3FFF, i < 2 ? 60 : 50 + i * 5);
	}
	CHECK_EQ(bed_rx_descriptor(QUEUE, 10)[1], 0);
	bed_send(QUEUE, frame, 95, 0);
	bed_run();
	bed_close();
	CHECK_EQ(capture_open(&capture, recorded), 0);
	CHECK(capture_next(&capture, &bytes, &length));
	CHECK_EQ(length, 95);
	CHECK_MEM(bytes, frame, 95);
	CHECK(!capture_next(&capture, &bytes, &length));
	capture_close(&capture);
	remove(played);
	remove(recorded);
}

static void
two_ports_are_connected(void)
{
	struct xl710_port other;

	bed_open("port");
	memset(&other, 0, sizeof(other));
	CHECK_EQ(xl710_wire_open(&other, "port", &bed.port), 0);
	CHECK(wire_out(bed.port.wire) == &other.wire->inbound);
	CHECK(wire_out(other.wire) == &bed.port.wire->inbound);
	xl710_wire_close(&other);
	CHECK(wire_out(bed.port.wire) == &bed.port.wire->inbound); /* a cable with one end is a loop */
	bed_close();
}

static void
specifications_that_are_none(void)
{
	static const char *const wrong[] = {
		"", "lop", "loopy", "generator:size=9", "generator:size=x", "generator:flows=0", "generator:colour=red", "generator:mac=1:2",
		"generator:pps=-1", "generator:vlan=5000", "pcap:no-such-file.pcap", "sink:x", "generator:pcap=no-such-file.pcap", "pcap:,,fast=1",
	};
	struct xl710_port port;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		memset(&port, 0, sizeof(port));
		CHECK(xl710_wire_open(&port, wrong[i], NULL) < 0);
		CHECK(port.wire == NULL);
	}
}

static void
captures_that_are_none(void)
{
	static const char name[] = "xl710-wire-bad.pcap";
	static const uint8_t header[24] = { 0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1 };
	static const uint8_t record[16] = { 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 9, 9, 9, 9 };
	struct capture capture;
	const uint8_t *frame;
	uint32_t length;
	FILE *file = fopen(name, "wb");

	CHECK(file != NULL);
	fwrite(header, 20, 1, file);
	fclose(file);
	CHECK_EQ(capture_open(&capture, name), -EINVAL);
	file = fopen(name, "wb");
	fwrite(header, 24, 1, file);
	fwrite(record, 16, 1, file);
	fclose(file);
	CHECK_EQ(capture_open(&capture, name), 0);
	CHECK(!capture_next(&capture, &frame, &length));
	capture_close(&capture);
	remove(name);
	CHECK_EQ(capture_open(&capture, name), -ENOENT);
}

int
main(void)
{
	RUN(what_is_sent_comes_back);
	RUN(the_queue_of_frames_keeps_order_and_bytes);
	RUN(generated_frames_are_received_and_checked);
	RUN(short_frames_are_whole);
	RUN(rates_are_kept);
	RUN(runts_and_giants_of_a_generator);
	RUN(faults_are_counted_and_repeatable);
	RUN(reordered_frames_all_arrive);
	RUN(captures_are_played_and_recorded);
	RUN(two_ports_are_connected);
	RUN(specifications_that_are_none);
	RUN(captures_that_are_none);
	return check_summary();
}
