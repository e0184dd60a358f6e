/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bus addresses by what is behind them. The folder of our EAL's memory is read as it says itself (magic, version, entries written before
 * their count); what it says is checked: an entry is whole granules, inside its file, and overlaps no other.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dma.h"
#include "os.h"

#define MAP_MAGIC 0x414D444B44504457ull /* "WDPDKDMA" as bytes */
#define MAP_SIZE 65536u
#define MAP_VERSION 1u
#define MAP_ENTRIES_AT 64u
#define MAP_ENTRIES_MAX ((MAP_SIZE - MAP_ENTRIES_AT) / 32u)
#define CHUNK_MAX (64ull << 30)
#define LOOK_AGAIN_US 2000

struct map_entry {
	uint64_t iova, length, offset;
	uint32_t file, state;
};

struct map_header {
	uint64_t magic;
	uint32_t version, entries;
};

/* Memory of one entry (or of a test). */
struct chunk {
	uint64_t iova, length;
	uint8_t *bytes;
	bool borrowed;
};

struct xl710_dma_source {
	char *folder;
	struct xl710_hugetlbfs *pages;
	uint32_t chunk_count;
	struct chunk chunks[MAP_ENTRIES_MAX];
	uint64_t looked_us;
};

static void
forget_slots(struct xl710_dma *dma)
{
	for (unsigned int i = 0; i < XL710_DMA_SLOTS; i++)
		dma->slots[i] = (struct xl710_dma_slot){ .granule = UINT64_MAX };
}

static struct xl710_dma *
dma_new(void)
{
	struct xl710_dma *dma = calloc(1, sizeof(*dma));

	if (dma == NULL)
		return NULL;
	dma->source = calloc(1, sizeof(*dma->source));
	if (dma->source == NULL) {
		free(dma);
		return NULL;
	}
	forget_slots(dma);
	return dma;
}

struct xl710_dma *
xl710_dma_open_folder(const char *folder)
{
	struct xl710_dma *dma = dma_new();

	if (dma == NULL)
		return NULL;
	dma->source->folder = strdup(folder);
	if (dma->source->folder == NULL) {
		xl710_dma_close(dma);
		return NULL;
	}
	return dma;
}

struct xl710_dma *
xl710_dma_open_hugetlbfs(const char *folder)
{
	struct xl710_dma *dma = dma_new();
	int error;

	if (dma == NULL)
		return NULL;
	dma->source->pages = xl710_hugetlbfs_open(folder);
	if (dma->source->pages != NULL)
		return dma;
	error = errno;
	xl710_dma_close(dma);
	errno = error;
	return NULL;
}

struct xl710_dma *
xl710_dma_open_memory(void *memory, uint64_t iova, size_t length)
{
	struct xl710_dma *dma = NULL;

	if (memory != NULL && length > 0 && (iova | length) % XL710_DMA_GRANULE == 0 && iova <= UINT64_MAX - length)
		dma = dma_new();
	if (dma == NULL)
		return NULL;
	dma->source->chunks[dma->source->chunk_count++] =
		(struct chunk){ .iova = iova, .length = length, .bytes = memory, .borrowed = true };
	return dma;
}

static void
chunk_unmap(struct chunk *chunk)
{
	if (!chunk->borrowed && chunk->bytes != NULL)
		xl710_file_part_unmap(chunk->bytes, chunk->length);
}

void
xl710_dma_close(struct xl710_dma *dma)
{
	struct xl710_dma_source *source;

	if (dma == NULL)
		return;
	source = dma->source;
	for (uint32_t i = 0; i < source->chunk_count; i++)
		chunk_unmap(&source->chunks[i]);
	xl710_hugetlbfs_close(source->pages);
	free(source->folder);
	free(source);
	free(dma);
}

/* ---- the map of our EAL's memory ---- */

static bool
entry_sane(const struct map_entry *entry)
{
	return entry->state == 1 && entry->length > 0 && entry->length <= CHUNK_MAX &&
	       (entry->iova | entry->length | entry->offset) % XL710_DMA_GRANULE == 0 && entry->iova <= UINT64_MAX - entry->length &&
	       entry->offset <= INT64_MAX - entry->length;
}

static struct chunk *
chunk_overlapping(struct xl710_dma_source *source, uint64_t iova, uint64_t length)
{
	for (uint32_t i = 0; i < source->chunk_count; i++) {
		struct chunk *chunk = &source->chunks[i];

		if (iova < chunk->iova + chunk->length && chunk->iova < iova + length)
			return chunk;
	}
	return NULL;
}

/*
 * The map as it is now, in `entries`; how many there are. It is opened anew each time: another file may have taken its name, and looks are
 * seldom.
 */
static uint32_t
read_map(struct xl710_dma_source *source, struct map_entry *entries)
{
	const struct map_header *header;
	struct xl710_file *file = NULL;
	char path[4096];
	uint32_t count;

	if (snprintf(path, sizeof(path), "%s/map", source->folder) < (int)sizeof(path))
		file = xl710_file_map(path, MAP_SIZE, false);
	if (file == NULL)
		return 0;
	header = xl710_file_bytes(file);
	count = __atomic_load_n(&header->entries, __ATOMIC_ACQUIRE);
	if (header->magic != MAP_MAGIC || header->version != MAP_VERSION || count > MAP_ENTRIES_MAX)
		count = 0;
	memcpy(entries, (const uint8_t *)header + MAP_ENTRIES_AT, count * sizeof(*entries));
	xl710_file_close(file);
	return count;
}

static void
map_new(struct xl710_dma_source *source, const struct map_entry *entry)
{
	struct xl710_file *file = NULL;
	void *bytes = NULL;
	char path[4096];

	if (snprintf(path, sizeof(path), "%s/memory.%u", source->folder, entry->file) < (int)sizeof(path))
		file = xl710_file_open(path);
	if (file != NULL)
		bytes = xl710_file_part(file, entry->offset, entry->length);
	xl710_file_close(file);
	if (bytes != NULL)
		source->chunks[source->chunk_count++] =
			(struct chunk){ .iova = entry->iova, .length = entry->length, .bytes = bytes };
}

/* Chunks that appeared. */
static void
read_more(struct xl710_dma_source *source)
{
	static struct map_entry entries[MAP_ENTRIES_MAX];
	uint32_t count = read_map(source, entries);

	for (uint32_t i = 0; i < count && source->chunk_count < MAP_ENTRIES_MAX; i++)
		if (entry_sane(&entries[i]) && chunk_overlapping(source, entries[i].iova, entries[i].length) == NULL)
			map_new(source, &entries[i]);
}

void
xl710_dma_refresh(struct xl710_dma *dma)
{
	struct xl710_dma_source *source = dma->source;

	source->looked_us = xl710_now_us();
	if (source->pages != NULL) {
		xl710_hugetlbfs_refresh(source->pages);
	} else if (source->folder != NULL) {
		for (uint32_t i = 0; i < source->chunk_count; i++)
			chunk_unmap(&source->chunks[i]);
		source->chunk_count = 0;
		read_more(source);
	}
	forget_slots(dma);
}

static bool
in_use(const struct chunk *chunk, const struct map_entry *entries, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (entries[i].state == 1 && entries[i].iova == chunk->iova && entries[i].length == chunk->length)
			return true;
	return false;
}

bool
xl710_dma_stale(struct xl710_dma *dma)
{
	static struct map_entry entries[MAP_ENTRIES_MAX];
	struct xl710_dma_source *source = dma->source;
	uint32_t count;

	if (source->pages != NULL)
		return xl710_hugetlbfs_changed(source->pages);
	if (source->folder == NULL)
		return false;
	count = read_map(source, entries);
	for (uint32_t i = 0; i < source->chunk_count; i++)
		if (!in_use(&source->chunks[i], entries, count))
			return true;
	return false;
}

/* Only adds: pointers that were got stay good. */
static bool
look_again(struct xl710_dma_source *source)
{
	uint64_t now = xl710_now_us();

	if (source->looked_us != 0 && now - source->looked_us < LOOK_AGAIN_US)
		return false;
	source->looked_us = now;
	if (source->pages != NULL)
		return xl710_hugetlbfs_add(source->pages);
	if (source->folder != NULL)
		read_more(source);
	return source->folder != NULL;
}

static bool
fill(struct xl710_dma *dma, struct xl710_dma_slot *slot, uint64_t granule)
{
	uint64_t iova = granule << XL710_DMA_GRANULE_BITS, valid;
	const struct chunk *chunk;
	uint8_t *base;

	if (dma->source->pages != NULL) {
		base = xl710_hugetlbfs_find(dma->source->pages, granule, &valid);
		if (base == NULL)
			return false;
	} else {
		chunk = chunk_overlapping(dma->source, iova, 1);
		if (chunk == NULL)
			return false;
		base = chunk->bytes + (iova - chunk->iova);
		valid = chunk->length - (iova - chunk->iova);
	}
	*slot = (struct xl710_dma_slot){ .granule = granule, .base = base, .valid = valid };
	return true;
}

void *
xl710_dma_find(struct xl710_dma *dma, uint64_t iova, size_t length)
{
	uint64_t granule = iova >> XL710_DMA_GRANULE_BITS, offset = iova & (XL710_DMA_GRANULE - 1);
	struct xl710_dma_slot found;

	for (int attempt = 0; attempt < 2; attempt++) {
		if (fill(dma, &found, granule) && length <= found.valid && offset <= found.valid - length) {
			*xl710_dma_slot(dma, granule) = found;
			return found.base + offset;
		}
		if (attempt > 0 || !look_again(dma->source))
			break;
	}
	dma->misses++;
	return NULL;
}
