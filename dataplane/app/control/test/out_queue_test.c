/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bytes that wait, against a running number: what goes in comes out, in order, in whatever pieces, and never more than allowed.
 */
#include "out_queue.h"

#include "check.h"

#define MOST 300000u

static uint64_t random_state = 7;

static uint32_t
random_below(uint32_t n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(random_state >> 33) % n;
}

static void
in_order_in_pieces(void)
{
	static uint8_t piece[20000];
	struct out_queue queue = { 0 };
	size_t in = 0, out = 0, refused = 0, i;

	for (unsigned int round = 0; round < 5000; round++) {
		/* By turns more comes than goes, and the other way round: it fills up, and it is empty. */
		size_t length = random_below(round / 500 % 2 == 0 ? sizeof(piece) : 200), waiting = out_queue_waiting(&queue);

		for (i = 0; i < length; i++)
			piece[i] = (uint8_t)((in + i) % 251);
		if (out_queue_put(&queue, piece, length, MOST) == 0) {
			in += length;
			CHECK(waiting + length <= MOST);
		} else {
			refused++;
			CHECK(waiting + length > MOST);
		}
		waiting = out_queue_waiting(&queue);
		CHECK_EQ(waiting, in - out);
		length = random_below(9000);
		length = length < waiting ? length : waiting;
		for (i = 0; i < length; i++)
			CHECK_EQ(queue.bytes[queue.at + i], (out + i) % 251);
		out_queue_sent(&queue, length);
		out += length;
	}
	CHECK(refused > 0 && out > 1000000);
	out_queue_free(&queue);
}

static void
large_buffers_are_not_kept(void)
{
	static const uint8_t piece[100000];
	struct out_queue queue = { 0 };

	CHECK_EQ(out_queue_put(&queue, piece, 100, MOST), 0);
	out_queue_sent(&queue, 100);
	CHECK(queue.capacity > 0);
	CHECK_EQ(out_queue_put(&queue, piece, sizeof(piece), MOST), 0);
	out_queue_sent(&queue, sizeof(piece));
	CHECK_EQ(queue.capacity, 0);
	CHECK_EQ(out_queue_put(&queue, piece, sizeof(piece), sizeof(piece) - 1), -1);
	CHECK_EQ(out_queue_waiting(&queue), 0);
	out_queue_free(&queue);
}

int
main(void)
{
	RUN(in_order_in_pieces);
	RUN(large_buffers_are_not_kept);
	return check_summary();
}
