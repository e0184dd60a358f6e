/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a client in C costs, beside which the benchmarks put the one in TypeScript: bench_queue_client header|echo FRAMES FILE
 *
 *   header  takes FRAMES frames off rx, reads ethertype and IPv4 destination of each, gives the slots back
 *   echo    moves FRAMES descriptors from rx to tx, same slot, and completed slots to fill; looks at no frame
 *
 * For each line "<rounds>" on stdin it answers a line with one time per round, in ns a frame. A round begins when its frames are seen.
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

struct queue {
	struct shm_ring fill, rx, tx, completion;
	const uint8_t *umem;
	uint32_t umem_bytes, slot_size;
	uint32_t sum;		/* of what was read, for the compiler to believe in it */
};

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
	queue->slot_size = umem->stride;
	queue->umem_bytes = umem->count * umem->stride;
	memcpy(&first, base + shm_layout_find(&layout, WDPDK_AREA_FILL, 0)->offset + WDPDK_RING_PRODUCER, sizeof(first));
	shm_ring_attach(&queue->fill, base, shm_layout_find(&layout, WDPDK_AREA_FILL, 0), true, first);
	shm_ring_attach(&queue->rx, base, shm_layout_find(&layout, WDPDK_AREA_RX, 0), false, first);
	shm_ring_attach(&queue->tx, base, shm_layout_find(&layout, WDPDK_AREA_TX, 0), true, first);
	shm_ring_attach(&queue->completion, base, shm_layout_find(&layout, WDPDK_AREA_COMPLETION, 0), false, first);
}

static void
post_slots(struct queue *queue, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		shm_poke32(shm_ring_slot(&queue->fill, queue->fill.own++), i * queue->slot_size);
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

static inline void
check(const struct queue *queue, const struct shm_desc *desc)
{
	if (desc->offset >= queue->umem_bytes || desc->length > queue->slot_size - (desc->offset & (queue->slot_size - 1)))
		fail("a descriptor points outside its slot");
}

static uint32_t
take_headers(struct queue *queue)
{
	uint32_t n = ready(&queue->rx, BURST);

	for (uint32_t i = 0; i < n; i++) {
		struct shm_desc desc = shm_desc_copy(shm_ring_desc(&queue->rx, queue->rx.own + i));
		const uint8_t *frame = queue->umem + desc.offset;
		uint16_t type;
		uint32_t destination;

		check(queue, &desc);
		if (desc.length < 34)
			continue;
		memcpy(&type, frame + 12, sizeof(type));
		if (type == 0x0008) {
			memcpy(&destination, frame + 30, sizeof(destination));
			queue->sum += __builtin_bswap32(destination);
		}
		shm_poke32(shm_ring_slot(&queue->fill, queue->fill.own + i), desc.offset & ~(queue->slot_size - 1));
	}
	if (n > 0) {
		queue->rx.own += n;
		shm_ring_publish(&queue->rx);
		queue->fill.own += n;
		shm_ring_publish(&queue->fill);
	}
	return n;
}

static void
reap(struct queue *queue)
{
	uint32_t n = ready(&queue->completion, UINT32_MAX);

	if (n == 0)
		return;
	for (uint32_t i = 0; i < n; i++)
		shm_poke32(shm_ring_slot(&queue->fill, queue->fill.own + i),
			shm_peek32(shm_ring_slot(&queue->completion, queue->completion.own + i)));
	queue->completion.own += n;
	shm_ring_publish(&queue->completion);
	queue->fill.own += n;
	shm_ring_publish(&queue->fill);
}

static uint32_t
echo(struct queue *queue)
{
	uint32_t n;

	reap(queue);
	n = ready(&queue->rx, BURST);
	for (uint32_t i = 0; i < n; i++) {
		struct shm_desc desc = shm_desc_copy(shm_ring_desc(&queue->rx, queue->rx.own + i));

		check(queue, &desc);
		desc.port = desc.flags = 0;
		desc.meta = 0;
		memcpy(shm_ring_desc(&queue->tx, queue->tx.own + i), &desc, sizeof(desc));
	}
	if (n > 0) {
		queue->rx.own += n;
		shm_ring_publish(&queue->rx);
		queue->tx.own += n;
		shm_ring_publish(&queue->tx);
	}
	return n;
}

static double
run_round(struct queue *queue, uint32_t frames, bool echoes)
{
	double began;
	uint32_t done = 0;

	do {
		began = now_ns();
		done = echoes ? echo(queue) : take_headers(queue);
	} while (done == 0);
	while (done < frames)
		done += echoes ? echo(queue) : take_headers(queue);
	return (now_ns() - began) / frames;
}

int
main(int argc, char **argv)
{
	static double times[MAX_ROUNDS];
	struct queue queue = { .sum = 0 };
	unsigned long rounds;
	uint32_t frames;
	bool echoes;
	char line[64];

	if (argc != 4 || (strcmp(argv[1], "header") != 0 && strcmp(argv[1], "echo") != 0))
		fail("bench_queue_client header|echo FRAMES FILE");
	echoes = strcmp(argv[1], "echo") == 0;
	frames = (uint32_t)strtoul(argv[2], NULL, 10);
	open_queue(&queue, argv[3]);
	post_slots(&queue, echoes ? queue.rx.capacity / 2 : queue.rx.capacity);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		rounds = strtoul(line, NULL, 10);
		if (rounds == 0 || rounds > MAX_ROUNDS)
			fail("rounds are out of range");
		for (unsigned long i = 0; i < rounds; i++)
			times[i] = run_round(&queue, frames, echoes);
		for (unsigned long i = 0; i < rounds; i++)
			printf("%.3f ", times[i]);
		printf("\n");
		fflush(stdout);
	}
	return queue.sum == 1;
}
