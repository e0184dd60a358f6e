/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The dataplane's end of queues for the client benchmarks: bench_queue_server rx|echo|tx FRAMES FILE...
 *
 * Each file becomes a queue's segment. A queue is given FRAMES frames at once, by one publish, whenever its client has
 * dealt with all of the round before; so the client's time for a round holds no waiting for us, and all queues are
 * served alike by the same code.
 *
 *   rx    dealt with: everything was taken off rx, and there are slots on fill for another round
 *   echo  dealt with: every frame came back on tx. Its slots go to completion right after the next round's publish
 *   tx    is given nothing; what it sends is taken off tx, checked and completed at once
 *
 * Prints a line "<bytes> <generation>" when all queues are ready and serves until it is killed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "shm_queue.h"

#define SLOTS WDPDK_UMEM_DEFAULT_SLOTS
#define SLOT_BYTES WDPDK_UMEM_DEFAULT_SLOT_BYTES
#define FIRST_INDEX 0xffffffc0u
#define MAX_QUEUES 4
#define FRAME_BYTES 60u
#define GENERATION 1u	/* the client opens each file in a process of its own, once */

struct served {
	struct shm_queue queue;
	uint32_t given;		/* echo: frames of the last round, which are to come back */
};

static void
fail(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t
open_queue(struct served *served, const char *file, unsigned int id)
{
	struct shm_layout layout;
	const char *wrong = shm_layout_queue(&layout, SLOTS, SLOT_BYTES, 1, WDPDK_FEATURE_METADATA);
	void *base;
	int fd;

	if (wrong != NULL) {
		fprintf(stderr, "layout: %s\n", wrong);
		exit(1);
	}
	layout.generation = GENERATION;
	layout.queue_id = id;
	fd = open(file, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0 || ftruncate(fd, (off_t)layout.total) != 0)
		fail(file);
	base = mmap(NULL, layout.total, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (base == MAP_FAILED)
		fail(file);
	close(fd);
	shm_segment_write(base, &layout, FIRST_INDEX);
	if (shm_queue_open(&served->queue, base, &layout, 0, FIRST_INDEX) != 0)
		fail("shm_queue_open");
	shm_segment_live(base);
	return layout.total;
}

/* UDP from 10.0.0.<n> to 10.1.0.<n>, so that no two neighbours are the same. */
static void
write_frame(uint8_t *frame, uint32_t n)
{
	static const uint8_t model[FRAME_BYTES] = {
		0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0x99, 0, 0x08, 0x00,
		0x45, 0, 0, 46, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 0, 10, 1, 0, 0,
		0x04, 0x00, 0x07, 0xd0, 0, 26, 0, 0,
	};
	uint8_t metadata[WDPDK_META_BYTES] = { 0 };

	memcpy(metadata + WDPDK_META_OFF_WIRE_LENGTH, &(uint32_t){ FRAME_BYTES }, 4);
	memcpy(frame - WDPDK_META_BYTES, metadata, sizeof(metadata));
	memcpy(frame, model, sizeof(model));
	frame[29] = frame[33] = (uint8_t)n;
}

static void
give(struct shm_queue *queue, uint32_t frames)
{
	for (uint32_t i = 0; i < frames; i++) {
		struct shm_desc desc = { .offset = shm_free_peek(queue, 0) + WDPDK_UMEM_HEADROOM, .length = FRAME_BYTES };

		write_frame(queue->umem + desc.offset, i);
		shm_rx_put(queue, &desc);
	}
	shm_ring_publish(&queue->rx);
}

static bool
has_slots(struct shm_queue *queue, uint32_t frames)
{
	shm_fill_take(queue, SLOTS);
	return shm_free_slots(queue) >= frames;
}

static void
serve_rx(struct served *served, uint32_t frames)
{
	struct shm_queue *queue = &served->queue;

	if (shm_ring_refresh_room(&queue->rx) && shm_ring_room(&queue->rx) == queue->rx.capacity && has_slots(queue, frames))
		give(queue, frames);
}

static void
serve_echo(struct served *served, uint32_t frames)
{
	struct shm_queue *queue = &served->queue;
	struct shm_frame frame;

	if (!shm_tx_refresh(queue) || shm_ring_ready(&queue->tx) < served->given || !has_slots(queue, frames))
		return;
	for (uint32_t i = 0; i < served->given; i++) {
		if (shm_tx_next(queue, &frame, SHM_FRAME_BYTES) != SHM_TX_FRAME) {
			fprintf(stderr, "a frame that came back was refused\n");
			exit(1);
		}
	}
	if (served->given > 0)
		shm_ring_publish(&queue->tx);
	served->given = frames;
	give(queue, frames);
	shm_queue_complete(queue);
}

static void
serve_tx(struct served *served)
{
	struct shm_queue *queue = &served->queue;
	struct shm_frame frame;
	bool taken = false;

	if (!shm_tx_refresh(queue))
		return;
	while (shm_tx_next(queue, &frame, SHM_FRAME_BYTES) == SHM_TX_FRAME)
		taken = true;
	if (!taken)
		return;
	shm_ring_publish(&queue->tx);
	shm_queue_complete(queue);
}

int
main(int argc, char **argv)
{
	static struct served queues[MAX_QUEUES];
	uint64_t bytes = 0;
	uint32_t frames;
	int count = argc - 3;
	bool echo, tx;

	if (argc < 4 || count > MAX_QUEUES ||
			(strcmp(argv[1], "rx") != 0 && strcmp(argv[1], "echo") != 0 && strcmp(argv[1], "tx") != 0)) {
		fprintf(stderr, "bench_queue_server rx|echo|tx FRAMES FILE...\n");
		return 64;
	}
	echo = strcmp(argv[1], "echo") == 0;
	tx = strcmp(argv[1], "tx") == 0;
	frames = (uint32_t)strtoul(argv[2], NULL, 10);
	if (frames == 0 || frames > SLOTS) {
		fprintf(stderr, "FRAMES must be from 1 to %u\n", SLOTS);
		return 64;
	}
	for (int i = 0; i < count; i++)
		bytes = open_queue(&queues[i], argv[3 + i], (unsigned int)i + 1);
	printf("%llu %u\n", (unsigned long long)bytes, GENERATION);
	fflush(stdout);
	for (;;) {
		for (int i = 0; i < count; i++) {
			if (tx)
				serve_tx(&queues[i]);
			else if (echo)
				serve_echo(&queues[i], frames);
			else
				serve_rx(&queues[i], frames);
			if (queues[i].queue.broken) {
				fprintf(stderr, "the client of %s published an impossible index\n", argv[3 + i]);
				return 1;
			}
		}
	}
}
