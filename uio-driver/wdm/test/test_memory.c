/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The map: 64 KiB, little endian: 0 "WDPDKDMA", 8 u32 version 1, 12 u32 entries; from 64 entries of 32 bytes: u64 bus address,
 * u64 length, u64 offset in the file, u32 N of memory.N, u32 1 in use, 0 gone. The count is written when the entry is whole, and no
 * entry is used twice: a reader that missed its end would take the new one for the old. A full map gives way to a new one by rename.
 */
#include "test_memory.h"

#include <stddef.h>

#include "os.h"

#define MAP_VERSION 1u
#define MAP_SIZE 65536u
#define ENTRY_SIZE 32u
#define HEAD_SIZE 64u
#define ENTRIES_MAX ((MAP_SIZE - HEAD_SIZE) / ENTRY_SIZE)
#define CHUNK ((uint64_t)WDPDK_UIO_CHUNK)
#define LOW_CHUNKS ((UINT64_C(1) << 32) / CHUNK)
#define ALL_CHUNKS ((UINT64_C(1) << 46) / CHUNK)
#define DRAWS 10000
#define FILES_MAX 100000u

struct map_head {
	char magic[8];
	uint32_t version, entries;
	char reserved[48];
};

struct map_entry {
	uint64_t bus, length, offset;
	uint32_t file, state;
};

struct test_folder {
	struct test_folder *next;
	uint32_t references;
	HANDLE map;
	uint32_t entries, number;
	struct test_block *blocks;
	struct uio_mutex mutex;
	WCHAR path[WDPDK_TESTBUS_PATH];
};

static struct test_folder *folders;
static struct uio_mutex folders_mutex;
static volatile LONG initialised;
static ULONG seed;

static void
lock_folders(void)
{
	/* AddDevice and START_DEVICE come one after another: no two threads are here the first time. */
	if (InterlockedExchange(&initialised, 1) == 0) {
		uio_mutex_init(&folders_mutex);
		seed = (ULONG)uio_os_microseconds();
	}
	uio_mutex_lock(&folders_mutex);
}

/* <folder>\<name>[.<number>] */
static void
file_path(const struct test_folder *folder, const WCHAR *name, uint32_t number, WCHAR *path)
{
	WCHAR digits[11];
	size_t at = 0, count = 0;

	for (const WCHAR *from = folder->path; *from != 0; from++)
		path[at++] = *from;
	path[at++] = L'\\';
	for (; *name != 0; name++)
		path[at++] = *name;
	if (number != UINT32_MAX) {
		path[at++] = L'.';
		do
			digits[count++] = (WCHAR)(L'0' + number % 10);
		while ((number /= 10) != 0);
		while (count != 0)
			path[at++] = digits[--count];
	}
	path[at] = 0;
}

#define PATH_ROOM (WDPDK_TESTBUS_PATH + 32)

static NTSTATUS
open_file(const struct test_folder *folder, const WCHAR *name, uint32_t number, ULONG disposition, HANDLE *file)
{
	WCHAR path[PATH_ROOM];

	file_path(folder, name, number, path);
	return test_file_open(path, disposition, file);
}

static NTSTATUS
write_entry(HANDLE map, uint32_t index, const struct map_entry *entry)
{
	return test_file_write(map, HEAD_SIZE + (uint64_t)index * ENTRY_SIZE, entry, sizeof(*entry));
}

static NTSTATUS
write_entries(HANDLE map, uint32_t entries)
{
	return test_file_write(map, offsetof(struct map_head, entries), &entries, sizeof(entries));
}

static NTSTATUS
write_state(HANDLE map, uint32_t index, uint32_t state)
{
	return test_file_write(map, HEAD_SIZE + (uint64_t)index * ENTRY_SIZE + offsetof(struct map_entry, state), &state, sizeof(state));
}

static NTSTATUS
write_block(HANDLE map, const struct test_block *block, uint32_t first)
{
	NTSTATUS status = STATUS_SUCCESS;

	for (uint32_t i = 0; i < block->chunks && NT_SUCCESS(status); i++)
		status = write_entry(map, first + i, &(struct map_entry){
			.bus = block->bus[i], .length = CHUNK, .offset = i * CHUNK, .file = block->number, .state = 1 });
	return NT_SUCCESS(status) ? write_entries(map, first + (uint32_t)block->chunks) : status;
}

static NTSTATUS
write_empty(HANDLE map)
{
	static const struct map_head head = { .magic = "WDPDKDMA", .version = MAP_VERSION };
	NTSTATUS status = test_file_write(map, MAP_SIZE - sizeof(uint32_t), &head.entries, sizeof(uint32_t));

	return NT_SUCCESS(status) ? test_file_write(map, 0, &head, sizeof(head)) : status;
}

static NTSTATUS
rename_over(const struct test_folder *folder, HANDLE file, const WCHAR *name)
{
	struct {
		FILE_RENAME_INFORMATION information;
		WCHAR room[PATH_ROOM];
	} target = { .information.ReplaceIfExists = TRUE };
	WCHAR *path = target.information.FileName;
	IO_STATUS_BLOCK result;

	file_path(folder, name, UINT32_MAX, path);
	while (path[target.information.FileNameLength / sizeof(WCHAR)] != 0)
		target.information.FileNameLength += sizeof(WCHAR);
	return ZwSetInformationFile(file, &result, &target, sizeof(target), FileRenameInformation);
}

/* A new map with the live blocks only, in the old one's place. */
static NTSTATUS
renew_map(struct test_folder *folder)
{
	uint32_t first = 0;
	NTSTATUS status;
	HANDLE fresh;

	status = open_file(folder, L"map-new", UINT32_MAX, FILE_OVERWRITE_IF, &fresh);
	if (!NT_SUCCESS(status))
		return status;
	status = write_empty(fresh);
	for (struct test_block *block = folder->blocks; block != NULL && NT_SUCCESS(status); block = block->next) {
		status = write_block(fresh, block, first);
		first += (uint32_t)block->chunks;
	}
	if (NT_SUCCESS(status))
		status = rename_over(folder, fresh, L"map");
	if (!NT_SUCCESS(status)) {
		test_file_delete(fresh);
		test_handle_close(fresh);
		return status;
	}
	folder->entries = 0;
	for (struct test_block *block = folder->blocks; block != NULL; block = block->next) {
		block->first = folder->entries;
		folder->entries += (uint32_t)block->chunks;
	}
	test_handle_close(folder->map);
	folder->map = fresh;
	return STATUS_SUCCESS;
}

static void
delete_file(struct test_folder *folder, uint32_t number)
{
	HANDLE file;

	if (NT_SUCCESS(open_file(folder, L"memory", number, FILE_OPEN, &file))) {
		test_file_delete(file);
		test_handle_close(file);
	}
}

/* Nobody uses the folder: what is in its map is over. It is taken for nothing but numbers of files here. */
static NTSTATUS
bury_predecessor(struct test_folder *folder)
{
	struct map_entry entry;
	uint32_t last = UINT32_MAX;

	for (uint32_t i = 0; i < folder->entries; i++) {
		if (!NT_SUCCESS(test_file_read(folder->map, HEAD_SIZE + (uint64_t)i * ENTRY_SIZE, &entry, sizeof(entry))))
			break;
		if (entry.state != 0) {
			write_state(folder->map, i, 0);
			if (entry.file != last)
				delete_file(folder, entry.file);
			last = entry.file;
		}
	}
	return folder->entries > ENTRIES_MAX / 2 ? renew_map(folder) : STATUS_SUCCESS;
}

static NTSTATUS
open_map(struct test_folder *folder)
{
	struct map_head head;
	NTSTATUS status = open_file(folder, L"map", UINT32_MAX, FILE_OPEN_IF, &folder->map);

	if (!NT_SUCCESS(status))
		return status;
	if (!NT_SUCCESS(test_file_read(folder->map, 0, &head, sizeof(head))) || head.version != MAP_VERSION ||
		RtlCompareMemory(head.magic, "WDPDKDMA", 8) != 8 || head.entries > ENTRIES_MAX)
		return write_empty(folder->map);
	folder->entries = head.entries;
	return bury_predecessor(folder);
}

static bool
same_path(const WCHAR *one, const WCHAR *other)
{
	while (*one != 0 && *one == *other) {
		one++;
		other++;
	}
	return *one == *other;
}

static struct test_folder *
new_folder(const WCHAR *path)
{
	struct test_folder *folder = uio_os_alloc(sizeof(*folder));

	if (folder == NULL)
		return NULL;
	for (size_t i = 0; i < WDPDK_TESTBUS_PATH - 1 && path[i] != 0; i++)
		folder->path[i] = path[i];
	uio_mutex_init(&folder->mutex);
	if (NT_SUCCESS(open_map(folder)))
		return folder;
	test_handle_close(folder->map);
	uio_os_free(folder);
	return NULL;
}

struct test_folder *
test_folder_open(const WCHAR *path)
{
	struct test_folder *folder;

	lock_folders();
	for (folder = folders; folder != NULL && !same_path(folder->path, path); folder = folder->next)
		;
	if (folder == NULL) {
		folder = new_folder(path);
		if (folder != NULL) {
			folder->next = folders;
			folders = folder;
		}
	}
	if (folder != NULL)
		folder->references++;
	uio_mutex_unlock(&folders_mutex);
	return folder;
}

static void
release_folder(struct test_folder *folder)
{
	struct test_folder **at = &folders;

	if (--folder->references != 0)
		return;
	while (*at != folder)
		at = &(*at)->next;
	*at = folder->next;
	test_handle_close(folder->map);
	uio_os_free(folder);
}

void
test_folder_close(struct test_folder *folder)
{
	if (folder == NULL)
		return;
	lock_folders();
	release_folder(folder);
	uio_mutex_unlock(&folders_mutex);
}

/* Neighbours would look like one range. */
static bool
is_apart(const struct test_folder *folder, const struct test_block *made, uint64_t chunks, uint64_t bus)
{
	for (const struct test_block *block = folder->blocks; block != NULL; block = block->next)
		for (uint64_t i = 0; i < block->chunks; i++)
			if (bus - block->bus[i] + CHUNK <= 2 * CHUNK)
				return false;
	for (uint64_t i = 0; i < chunks; i++)
		if (bus - made->bus[i] + CHUNK <= 2 * CHUNK)
			return false;
	return true;
}

static bool
draw_addresses(const struct test_folder *folder, struct test_block *block, bool low)
{
	uint64_t bus;
	int draws;

	for (uint64_t i = 0; i < block->chunks; i++) {
		draws = 0;
		do {
			if (draws++ == DRAWS)
				return false;
			bus = low ? 1 + RtlRandomEx(&seed) % (LOW_CHUNKS - 1) : LOW_CHUNKS + RtlRandomEx(&seed) % (ALL_CHUNKS - LOW_CHUNKS);
			bus *= CHUNK;
		} while (!is_apart(folder, block, i, bus));
		block->bus[i] = bus;
	}
	return true;
}

static NTSTATUS
make_files(struct test_folder *folder, struct test_block *block)
{
	NTSTATUS status;

	for (uint32_t tries = 0; tries < FILES_MAX; tries++) {
		block->number = folder->number++;
		status = open_file(folder, L"memory", block->number, FILE_CREATE, &block->file);
		if (status != STATUS_OBJECT_NAME_COLLISION)
			break;
	}
	if (NT_SUCCESS(status))
		status = test_section_open(block->file, block->chunks * CHUNK, &block->section);
	return status;
}

static NTSTATUS
publish(struct test_folder *folder, struct test_block *block)
{
	NTSTATUS status = STATUS_SUCCESS;

	if (block->chunks > ENTRIES_MAX - folder->entries)
		status = renew_map(folder);
	if (NT_SUCCESS(status) && block->chunks > ENTRIES_MAX - folder->entries)
		status = STATUS_INSUFFICIENT_RESOURCES;
	if (NT_SUCCESS(status))
		status = write_block(folder->map, block, folder->entries);
	if (!NT_SUCCESS(status))
		return status;
	block->first = folder->entries;
	folder->entries += (uint32_t)block->chunks;
	block->next = folder->blocks;
	folder->blocks = block;
	block->folder = folder;
	return status;
}

static void
destroy(struct test_block *block)
{
	/* In this order: no file is deleted while it has a section. */
	test_handle_close(block->section);
	if (block->file != NULL)
		test_file_delete(block->file);
	test_handle_close(block->file);
	uio_os_free(block);
}

int32_t
test_block_create(struct test_folder *folder, const struct uio_dma_spec *spec, struct test_block **out)
{
	bool low = (spec->flags & WDPDK_UIO_DMA_BELOW_4G) != 0;
	struct test_block *block;
	NTSTATUS status;

	if (spec->chunks > ENTRIES_MAX)
		return WDPDK_UIO_E_NO_MEMORY;
	block = uio_os_alloc(sizeof(*block) + spec->chunks * sizeof(block->bus[0]));
	if (block == NULL)
		return WDPDK_UIO_E_NO_MEMORY;
	block->chunks = spec->chunks;
	uio_mutex_lock(&folder->mutex);
	status = draw_addresses(folder, block, low) ? make_files(folder, block) : STATUS_INSUFFICIENT_RESOURCES;
	if (NT_SUCCESS(status))
		status = publish(folder, block);
	uio_mutex_unlock(&folder->mutex);
	if (!NT_SUCCESS(status)) {
		destroy(block);
		return WDPDK_UIO_E_NO_MEMORY;
	}
	lock_folders();
	folder->references++;
	uio_mutex_unlock(&folders_mutex);
	*out = block;
	return WDPDK_UIO_OK;
}

void
test_block_delete(struct test_block *block)
{
	struct test_folder *folder = block->folder;
	struct test_block **at = &folder->blocks;

	uio_mutex_lock(&folder->mutex);
	while (*at != block)
		at = &(*at)->next;
	*at = block->next;
	for (uint32_t i = 0; i < block->chunks; i++)
		write_state(folder->map, block->first + i, 0);
	uio_mutex_unlock(&folder->mutex);
	destroy(block);
	lock_folders();
	release_folder(folder);
	uio_mutex_unlock(&folders_mutex);
}
