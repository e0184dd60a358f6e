/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a client in C costs, beside which the benchmarks put the one in TypeScript: bench_queue_client header|echo|send FRAMES FILE
 *
 *   header  takes FRAMES frames off rx, reads ethertype and IPv4 destination of each, gives the slots back
 *   echo    moves FRAMES descriptors from rx to tx, same slot, and completed slots to fill; looks at no frame
 *   send    copies FRAMES frames of 60 bytes into free slots and posts them in bursts; takes back those of the round before
 *
 * It has the shape of any client library and of the one in TypeScript: take a burst, hand it to the user's function,
 * give its slots back. And it trusts the dataplane no further: each descriptor is copied once, the copy checked, and a
 * private byte per slot tells who holds it.
 *
 * For each line "<rounds>" on stdin it answers a line with one time per round, in ns a frame. A round begins when its frames are seen;
 * one of send when everything sent before has been completed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "shm_queue.h"

#define BURST 32u
#define MAX_ROUNDS 100000u
#define FRAME_BYTES 60u

struct frame {
	const uint8_t *bytes;
	uint32_t offset, length, slot;
	uint16_t port, flags;
};

struct queue {
	struct shm_ring fill, rx, tx, completion;
	uint8_t *umem;
	uint8_t *owner;		/* enum shm_owner of each slot */
	uint32_t slots, slot_size, slot_shift;
	uint32_t outstanding;	/* on tx, not completed yet */
	uint32_t *free;		/* slots that are neither on a ring nor in a burst */
	uint32_t free_count;
	uint32_t sum;		/* of what was read, for the compiler to believe in it */
};

typedef void (*handler_fn)(struct queue *queue, const struct frame *burst, uint32_t n);

static void
fail(const char *what)
{
	fprintf(stderr, "%s\n", what);
	exit(1);
}

static double
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void
open_queue(struct queue *queue, const char *file)
{
	struct shm_layout layout;
	const struct shm_area *umem;
	const char *wrong;
	struct stat stat;
	uint8_t *base;
	uint32_t first;
	int fd = open(file, O_RDWR);

	if (fd < 0 || fstat(fd, &stat) != 0)
		fail("cannot open the segment");
	base = mmap(NULL, (size_t)stat.st_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (base == MAP_FAILED)
		fail("cannot map the segment");
	close(fd);
	wrong = shm_segment_read(base, (uint64_t)stat.st_size, &layout);
	if (wrong != NULL)
		fail(wrong);
	umem = shm_layout_find(&layout, WDPDK_AREA_UMEM, 0);
	queue->umem = base + umem->offset;
	queue->slots = umem->count;
	queue->slot_size = umem->stride;
	queue->slot_shift = (uint32_t)__builtin_ctz(umem->stride);
	queue->owner = calloc(umem->count, 1);
	queue->free = calloc(umem->count, sizeof(*queue->free));
	if (queue->owner == NULL || queue->free == NULL)
		fail("no memory");
	memcpy(&first, base + shm_layout_find(&layout, WDPDK_AREA_FILL, 0)->offset + WDPDK_RING_PRODUCER, sizeof(first));
	shm_ring_attach(&queue->fill, base, shm_layout_find(&layout, WDPDK_AREA_FILL, 0), true, first);
	shm_ring_attach(&queue->rx, base, shm_layout_find(&layout, WDPDK_AREA_RX, 0), false, first);
	shm_ring_attach(&queue->tx, base, shm_layout_find(&layout, WDPDK_AREA_TX, 0), true, first);
	shm_ring_attach(&queue->completion, base, shm_layout_find(&layout, WDPDK_AREA_COMPLETION, 0), false, first);
}

static void
post_slots(struct queue *queue, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		queue->owner[i] = SHM_OWNER_FILL;
		shm_poke32(shm_ring_slot(&queue->fill, queue->fill.own++), i << queue->slot_shift);
	}
	shm_ring_publish(&queue->fill);
}

static uint32_t
ready(struct shm_ring *ring, uint32_t most)
{
	uint32_t n;

	if (!shm_ring_refresh_ready(ring))
		fail("the ring's other end published an impossible index");
	n = shm_ring_ready(ring);
	return n < most ? n : most;
}

/* The next frames of rx, which are the client's until they are given back or sent. */
static uint32_t
take_burst(struct queue *queue, struct frame *burst)
{
	uint32_t n = ready(&queue->rx, BURST);

	for (uint32_t i = 0; i < n; i++) {
		struct shm_desc desc = shm_desc_copy(shm_ring_desc(&queue->rx, queue->rx.own + i));
		uint32_t slot = desc.offset >> queue->slot_shift, within = desc.offset & (queue->slot_size - 1);

		if (slot >= queue->slots || queue->owner[slot] != SHM_OWNER_FILL || within < WDPDK_META_BYTES || desc.length == 0 ||
				desc.length > queue->slot_size - within ||
				(desc.flags & ~(WDPDK_DESC_FLAG_CONTD | WDPDK_DESC_FLAG_TRUNCATED)) != 0)
			fail("a descriptor that no dataplane may give");
		queue->owner[slot] = SHM_OWNER_CLIENT;
		__builtin_prefetch(queue->umem + desc.offset);
		burst[i] = (struct frame){ queue->umem + desc.offset, desc.offset, desc.length, slot, desc.port, desc.flags };
	}
	queue->rx.own += n;
	return n;
}

/* The end of a burst: what was not sent goes back to the dataplane. */
static void
give_back(struct queue *queue, const struct frame *burst, uint32_t n)
{
	uint32_t own = queue->fill.own;

	for (uint32_t i = 0; i < n; i++) {
		if (queue->owner[burst[i].slot] != SHM_OWNER_CLIENT)
			continue;
		queue->owner[burst[i].slot] = SHM_OWNER_FILL;
		shm_poke32(shm_ring_slot(&queue->fill, own++), burst[i].slot << queue->slot_shift);
	}
	shm_ring_publish(&queue->rx);
	if (own != queue->fill.own) {
		queue->fill.own = own;
		shm_ring_publish(&queue->fill);
	}
}

static void
send_frame(struct queue *queue, const struct frame *frame)
{
	struct shm_desc desc = { .offset = frame->offset, .length = frame->length };

	queue->owner[frame->slot] = SHM_OWNER_TX;
	memcpy(shm_ring_desc(&queue->tx, queue->tx.own), &desc, sizeof(desc));
	queue->tx.own++;
}

/* The slot that a completion entry names. */
static uint32_t
completed(struct queue *queue, uint32_t i)
{
	uint32_t offset = shm_peek32(shm_ring_slot(&queue->completion, queue->completion.own + i));
	uint32_t slot = offset >> queue->slot_shift;

	if (slot >= queue->slots || slot << queue->slot_shift != offset || queue->owner[slot] != SHM_OWNER_TX)
		fail("a completion that no dataplane may give");
	return slot;
}

/* Completed slots go straight back into circulation. */
static void
reap(struct queue *queue)
{
	uint32_t n = ready(&queue->completion, UINT32_MAX);

	if (n == 0)
		return;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t slot = completed(queue, i);

		queue->owner[slot] = SHM_OWNER_FILL;
		shm_poke32(shm_ring_slot(&queue->fill, queue->fill.own + i), slot << queue->slot_shift);
	}
	queue->outstanding -= n;
	queue->completion.own += n;
	shm_ring_publish(&queue->completion);
	queue->fill.own += n;
	shm_ring_publish(&queue->fill);
}

static void
read_headers(struct queue *queue, const struct frame *burst, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint16_t type;
		uint32_t destination;

		memcpy(&type, burst[i].bytes + 12, sizeof(type));
		if (burst[i].length >= 34 && type == 0x0008) {
			memcpy(&destination, burst[i].bytes + 30, sizeof(destination));
			queue->sum ^= __builtin_bswap32(destination);
		}
	}
}

static void
echo(struct queue *queue, const struct frame *burst, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		send_frame(queue, &burst[i]);
}

static uint32_t
poll_queue(struct queue *queue, handler_fn handler)
{
	struct frame burst[BURST];
	uint32_t n;

	if (queue->outstanding > 0)
		reap(queue);
	n = take_burst(queue, burst);
	if (n > 0) {
		uint32_t sent = queue->tx.own;

		handler(queue, burst, n);
		if (queue->tx.own != sent) {
			queue->outstanding += queue->tx.own - sent;
			shm_ring_publish(&queue->tx);
		}
		give_back(queue, burst, n);
	}
	return n;
}

/* Completed slots are free again. */
static void
reap_free(struct queue *queue)
{
	uint32_t n = ready(&queue->completion, UINT32_MAX);

	for (uint32_t i = 0; i < n; i++) {
		uint32_t slot = completed(queue, i);

		queue->owner[slot] = SHM_OWNER_CLIENT;
		queue->free[queue->free_count++] = slot;
	}
	queue->outstanding -= n;
	queue->completion.own += n;
	shm_ring_publish(&queue->completion);
}

static uint32_t
reserve(struct queue *queue, struct frame *burst, uint32_t n)
{
	if (queue->free_count < n)
		reap_free(queue);
	if (n > queue->free_count)
		n = queue->free_count;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t slot = queue->free[--queue->free_count], offset = (slot << queue->slot_shift) + WDPDK_UMEM_HEADROOM;

		burst[i] = (struct frame){ queue->umem + offset, offset, 0, slot, 0, 0 };
	}
	return n;
}

static void
write_frame(struct queue *queue, struct frame *frame, const uint8_t *bytes, uint32_t length)
{
	if (length > queue->slot_size - WDPDK_UMEM_HEADROOM)
		fail("a frame that does not fit");
	memcpy(queue->umem + frame->offset, bytes, length);
	frame->length = length;
}

static void
commit(struct queue *queue, const struct frame *burst, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		send_frame(queue, &burst[i]);
	queue->outstanding += n;
	shm_ring_publish(&queue->tx);
}

static double
send_round(struct queue *queue, uint32_t frames, const uint8_t *bytes, uint32_t length)
{
	struct frame burst[BURST];
	double began;

	while (ready(&queue->completion, UINT32_MAX) < queue->outstanding)
		;
	began = now_ns();
	for (uint32_t done = 0; done < frames; done += BURST) {
		if (reserve(queue, burst, BURST) != BURST)
			fail("the server has not completed what was sent");
		for (uint32_t i = 0; i < BURST; i++)
			write_frame(queue, &burst[i], bytes, length);
		commit(queue, burst, BURST);
	}
	return (now_ns() - began) / frames;
}

static double
run_round(struct queue *queue, uint32_t frames, handler_fn handler)
{
	double began;
	uint32_t done = 0;

	do {
		began = now_ns();
		done = poll_queue(queue, handler);
	} while (done == 0);
	while (done < frames)
		done += poll_queue(queue, handler);
	return (now_ns() - began) / frames;
}

static double
one_round(struct queue *queue, const char *mode, uint32_t frames)
{
	static const uint8_t bytes[FRAME_BYTES] = { 0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1, 0x08, 0x00, 0x45 };
	static volatile uint32_t length = FRAME_BYTES;	/* a caller's, as in a library */

	if (strcmp(mode, "send") == 0)
		return send_round(queue, frames, bytes, length);
	return run_round(queue, frames, strcmp(mode, "echo") == 0 ? echo : read_headers);
}

int
main(int argc, char **argv)
{
	static double times[MAX_ROUNDS];
	struct queue queue = { .sum = 0 };
	unsigned long rounds;
	uint32_t frames;
	char line[64];

	if (argc != 4 || (strcmp(argv[1], "header") != 0 && strcmp(argv[1], "echo") != 0 && strcmp(argv[1], "send") != 0))
		fail("bench_queue_client header|echo|send FRAMES FILE");
	frames = (uint32_t)strtoul(argv[2], NULL, 10);
	open_queue(&queue, argv[3]);
	if (strcmp(argv[1], "send") == 0) {
		if (frames == 0 || frames % BURST != 0)
			fail("FRAMES must be whole bursts");
		for (; queue.free_count < queue.slots; queue.free_count++)
			queue.free[queue.free_count] = queue.slots - 1 - queue.free_count;
	} else {
		post_slots(&queue, strcmp(argv[1], "echo") == 0 ? queue.rx.capacity / 2 : queue.rx.capacity);
	}
	while (fgets(line, sizeof(line), stdin) != NULL) {
		rounds = strtoul(line, NULL, 10);
		if (rounds == 0 || rounds > MAX_ROUNDS)
			fail("rounds are out of range");
		for (unsigned long i = 0; i < rounds; i++)
			times[i] = one_round(&queue, argv[1], frames);
		for (unsigned long i = 0; i < rounds; i++)
			printf("%.3f ", times[i]);
		printf("\n");
		fflush(stdout);
	}
	return queue.sum == 1;
}
