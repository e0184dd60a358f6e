/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bus addresses: of memory, and of a folder whose map says all kinds of things. The folder is the working directory, which the build has
 * made for this test.
 */
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "dma.h"
#include "os.h"

#define CHUNK (2u << 20)
#define IOVA 0x123400000000ull

struct entry {
	uint64_t iova, length, offset;
	uint32_t file, state;
};

static struct xl710_file *map_file, *memory_file;
static uint8_t *map, *memory;

static void
make_folder(void)
{
	map_file = xl710_file_map("map", 65536, true);
	memory_file = xl710_file_map("memory.0", 2 * CHUNK, true);
	CHECK(map_file != NULL && memory_file != NULL);
	map = xl710_file_bytes(map_file);
	memory = xl710_file_bytes(memory_file);
	memset(map, 0, 65536);
	memcpy(map, "WDPDKDMA", 8);
	map[8] = 1;
}

static void
leave_folder(struct xl710_dma *dma)
{
	xl710_dma_close(dma);
	xl710_file_close(map_file);
	xl710_file_close(memory_file);
	remove("map");
	remove("memory.0");
}

static void
put_entry(uint32_t index, struct entry entry)
{
	memcpy(map + 64 + 32 * index, &entry, sizeof(entry));
	memcpy(map + 12, &(uint32_t){ index + 1 }, 4);
}

static void
memory_of_a_test(void)
{
	uint8_t *bytes = malloc(2 * CHUNK);
	struct xl710_dma *dma = xl710_dma_open_memory(bytes, IOVA, 2 * CHUNK);

	CHECK(dma != NULL);
	CHECK(xl710_dma(dma, IOVA, 2 * CHUNK) == bytes);
	CHECK(xl710_dma(dma, IOVA + 5, 7) == bytes + 5);
	CHECK(xl710_dma(dma, IOVA + CHUNK - 4, 8) == bytes + CHUNK - 4); /* across granules that are neighbours */
	CHECK(xl710_dma(dma, IOVA + 2 * CHUNK - 4, 8) == NULL);
	CHECK(xl710_dma(dma, IOVA - 1, 1) == NULL);
	CHECK(xl710_dma(dma, UINT64_MAX - 3, 8) == NULL);
	CHECK(xl710_dma(dma, IOVA + 8, SIZE_MAX) == NULL);
	CHECK(xl710_dma(dma, IOVA + 8, SIZE_MAX - 4) == NULL);
	CHECK(xl710_dma(dma, 0, 0) == NULL);
	CHECK_EQ(dma->misses, 6);
	xl710_dma_refresh(dma);
	CHECK(xl710_dma(dma, IOVA, 1) == bytes);
	xl710_dma_close(dma);
	CHECK(xl710_dma_open_memory(bytes, IOVA + 4096, CHUNK) == NULL);
	CHECK(xl710_dma_open_memory(bytes, IOVA, 4096) == NULL);
	CHECK(xl710_dma_open_memory(bytes, 0ull - CHUNK, 2 * CHUNK) == NULL);
	free(bytes);
}

static void
memory_of_a_folder(void)
{
	struct xl710_dma *dma = xl710_dma_open_folder(".");
	uint8_t *bytes;

	CHECK(dma != NULL);
	CHECK(xl710_dma(dma, IOVA, 1) == NULL); /* nothing there yet */
	make_folder();
	put_entry(0, (struct entry){ IOVA, CHUNK, CHUNK, 0, 1 });
	xl710_dma_refresh(dma);
	bytes = xl710_dma(dma, IOVA, CHUNK);
	CHECK(bytes != NULL);
	memory[CHUNK + 3] = 0x5A;
	CHECK_EQ(bytes[3], 0x5A);
	CHECK(xl710_dma(dma, IOVA + CHUNK - 1, 2) == NULL);
	CHECK(!xl710_dma_stale(dma));
	/* What comes is found without being asked for. */
	put_entry(1, (struct entry){ 2 * IOVA, CHUNK, 0, 0, 1 });
	for (int looks = 0; looks < 1000 && (bytes = xl710_dma(dma, 2 * IOVA + 9, 1)) == NULL; looks++)
		xl710_rest(1000);
	CHECK(bytes != NULL);
	memory[9] = 0xA5;
	CHECK_EQ(bytes[0], 0xA5);
	/* What goes is forgotten when somebody looks. */
	put_entry(1, (struct entry){ 2 * IOVA, CHUNK, 0, 0, 0 });
	CHECK(xl710_dma_stale(dma));
	xl710_dma_refresh(dma);
	CHECK(!xl710_dma_stale(dma));
	CHECK(xl710_dma(dma, 2 * IOVA, 1) == NULL);
	CHECK(xl710_dma(dma, IOVA, 1) != NULL);
	leave_folder(dma);
}

static void
a_map_that_lies(void)
{
	static const struct entry bad[] = {
		{ IOVA + 4096, CHUNK, 0, 0, 1 },             /* not aligned */
		{ IOVA, CHUNK + 4096, 0, 0, 1 },
		{ IOVA, CHUNK, 4096, 0, 1 },
		{ IOVA, 0, 0, 0, 1 },
		{ IOVA, 3 * CHUNK, 0, 0, 1 },                /* beyond the file */
		{ IOVA, CHUNK, 2 * CHUNK, 0, 1 },
		{ IOVA, 1ull << 62, 0, 0, 1 },
		{ IOVA, CHUNK, 1ull << 63, 0, 1 },
		{ 0ull - CHUNK, 2 * CHUNK, 0, 0, 1 },        /* round the end */
		{ IOVA, CHUNK, 0, 7, 1 },                    /* a file that is not there */
		{ IOVA, CHUNK, 0, UINT32_MAX, 1 },
		{ IOVA, CHUNK, 0, 0, 2 },
	};
	struct xl710_dma *dma = xl710_dma_open_folder(".");

	make_folder();
	for (uint32_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		put_entry(i, bad[i]);
	xl710_dma_refresh(dma);
	CHECK(xl710_dma(dma, IOVA, 1) == NULL);
	CHECK(xl710_dma(dma, 0ull - CHUNK, 1) == NULL);
	/* The first of two that overlap stands. */
	put_entry(0, (struct entry){ IOVA, 2 * CHUNK, 0, 0, 1 });
	put_entry(1, (struct entry){ IOVA + CHUNK, CHUNK, 0, 0, 1 });
	memcpy(map + 12, &(uint32_t){ 2 }, 4);
	memory[CHUNK] = 1;
	memory[0] = 2;
	xl710_dma_refresh(dma);
	CHECK_EQ(*(uint8_t *)xl710_dma(dma, IOVA + CHUNK, 1), 1);
	/* A count beyond the file, another version, another magic. */
	memcpy(map + 12, &(uint32_t){ 1u << 30 }, 4);
	xl710_dma_refresh(dma);
	CHECK(xl710_dma(dma, IOVA, 1) == NULL);
	memcpy(map + 12, &(uint32_t){ 1 }, 4);
	map[8] = 2;
	xl710_dma_refresh(dma);
	CHECK(xl710_dma(dma, IOVA, 1) == NULL);
	map[8] = 1;
	map[0] = 'w';
	xl710_dma_refresh(dma);
	CHECK(xl710_dma(dma, IOVA, 1) == NULL);
	map[0] = 'W';
	xl710_dma_refresh(dma);
	CHECK(xl710_dma(dma, IOVA, 1) != NULL);
	leave_folder(dma);
}

int
main(void)
{
	RUN(memory_of_a_test);
	RUN(memory_of_a_folder);
	RUN(a_map_that_lies);
	return check_summary();
}
