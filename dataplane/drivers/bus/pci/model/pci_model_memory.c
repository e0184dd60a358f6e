/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Memory in the files of a folder, which the device model maps, too. Its bus addresses are drawn at random, so that no
 * driver can take an address of the process for one, nor go on from one chunk to the next.
 *
 * The folder has files memory.N and one `map` (64 KiB, little endian), that says which bus addresses they are:
 *    0  "WDPDKDMA"     8  u32 version, 1     12  u32 entries: grows only, written when the entry is whole
 *   64  entries of 32 bytes: 0 u64 bus address, 8 u64 length, 16 u64 offset in the file, 24 u32 N, 28 u32 1 in use, 0 gone
 * Entries are never used again: a reader that has missed their end would take the new for the old. A process that was
 * killed leaves its files; the next one, told by the lock on `map` that nobody is there, marks and deletes them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_memory.h>
#include <rte_random.h>

#include "../pci_os.h"
#include "../pci_private.h"
#include "pci_model.h"

#define MAP_SIZE 65536
#define MAP_VERSION 1
#define CHUNK ((size_t)RTE_PGSIZE_2M)
/* Bus addresses: above 32 bits, so that truncating one shows, and below 46. */
#define IOVA_LOW (UINT64_C(1) << 32)
#define IOVA_END (UINT64_C(1) << 46)
#define PATH_SIZE 1024

struct map_entry {
	uint64_t iova, length, offset;
	uint32_t file, state;
};

struct map {
	char magic[8];
	uint32_t version, entries;
	char reserved[48];
	struct map_entry entry[(MAP_SIZE - 64) / sizeof(struct map_entry)];
};
_Static_assert(sizeof(struct map_entry) == 32 && offsetof(struct map, entry) == 64, "the layout is the file's");
_Static_assert(sizeof(struct map) <= MAP_SIZE, "the map is one file of this size");
#define ENTRIES_MAX RTE_DIM(((struct map *)NULL)->entry)

/* What one take() took. */
struct piece {
	struct pci_os_file file; /* addr NULL: free */
	unsigned int first;      /* entry */
	uint32_t number;
};

static struct {
	char folder[PATH_SIZE];
	char name[PATH_SIZE + 32];
	struct pci_os_file map_file;
	struct map *map;
	unsigned int entries;
	uint32_t number; /* of the next file */
	struct piece pieces[RTE_MAX_MEMSEG_LISTS];
} memory;

static void
file_path(char *path, size_t size, const char *file, uint32_t number)
{
	if (number == UINT32_MAX)
		snprintf(path, size, "%s/%s", memory.folder, file);
	else
		snprintf(path, size, "%s/%s.%u", memory.folder, file, number);
}

/* Two neighbours would look like one range. */
static bool
is_apart(rte_iova_t iova)
{
	unsigned int i;

	for (i = 0; i < memory.entries; i++)
		if (iova - memory.map->entry[i].iova + CHUNK <= 2 * CHUNK)
			return false;
	return true;
}

static rte_iova_t
draw_address(const void *virt)
{
	rte_iova_t iova;

	do {
		iova = IOVA_LOW + rte_rand_max((IOVA_END - IOVA_LOW) / CHUNK) * CHUNK;
	} while (iova == (rte_iova_t)(uintptr_t)virt || !is_apart(iova));
	return iova;
}

static void
publish(struct piece *piece, rte_iova_t *iova)
{
	size_t i;

	piece->first = memory.entries;
	for (i = 0; i < piece->file.len / CHUNK; i++) {
		iova[i] = draw_address(RTE_PTR_ADD(piece->file.addr, i * CHUNK));
		memory.map->entry[memory.entries] =
			(struct map_entry){.iova = iova[i], .length = CHUNK, .offset = i * CHUNK, .file = piece->number, .state = 1};
		__atomic_store_n(&memory.map->entries, ++memory.entries, __ATOMIC_RELEASE);
	}
}

static int
take(void *arg, size_t len, int node, void **base, rte_iova_t *iova, int *fd)
{
	struct piece *piece = memory.pieces;
	char path[PATH_SIZE + 32];
	int ret;

	RTE_SET_USED(arg);
	RTE_SET_USED(node);
	while (piece < memory.pieces + RTE_DIM(memory.pieces) && piece->file.addr != NULL)
		piece++;
	if (piece == memory.pieces + RTE_DIM(memory.pieces) || len / CHUNK > ENTRIES_MAX - memory.entries) {
		PCI_LOG(ERR, "%s/map: there is no room for %zu MB more; start again with less memory\n", memory.folder, len >> 20);
		return ENOSPC;
	}
	do {
		piece->number = memory.number++;
		file_path(path, sizeof(path), "memory", piece->number);
		ret = pci_os_create(path, len, CHUNK, &piece->file);
	} while (ret == -EEXIST);
	if (ret != 0) {
		PCI_LOG(ERR, "%s: cannot make a file of %zu MB: %s; make room there, or ask for less with -m\n", path, len >> 20,
			rte_strerror(-ret));
		return -ret;
	}
	publish(piece, iova);
	*base = piece->file.addr;
	*fd = piece->file.fd;
	return 0;
}

static void
give(void *arg, void *base, size_t len, int fd)
{
	struct piece *piece = memory.pieces;
	char path[PATH_SIZE + 32];
	size_t i;

	RTE_SET_USED(arg);
	RTE_SET_USED(fd);
	while (piece->file.addr != base)
		piece++;
	for (i = 0; i < len / CHUNK; i++)
		__atomic_store_n(&memory.map->entry[piece->first + i].state, 0, __ATOMIC_RELEASE);
	pci_os_unmap(&piece->file);
	file_path(path, sizeof(path), "memory", piece->number);
	pci_os_delete(path);
}

static void
close_map(void *arg)
{
	RTE_SET_USED(arg);
	pci_os_unmap(&memory.map_file);
	memset(&memory, 0, sizeof(memory));
}

static struct wdpdk_memory_source source = {
	.name = memory.name,
	.chunk = CHUNK,
	.contiguous = CHUNK,
	.keeps = true,
	.take = take,
	.give = give,
	.close = close_map,
};

const struct wdpdk_memory_source *
pci_model_memory(void)
{
	return &source;
}

static int
adopt(struct pci_os_file *file)
{
	int ret = pci_os_lock(file);

	if (ret != 0) {
		pci_os_unmap(file);
		return ret;
	}
	memory.map_file = *file;
	memory.map = file->addr;
	return 0;
}

static int
new_map(const char *path)
{
	struct pci_os_file file;
	int ret = pci_os_create(path, MAP_SIZE, 0, &file);

	if (ret == 0)
		ret = adopt(&file);
	if (ret != 0)
		return ret;
	memory.map->version = MAP_VERSION;
	memory.entries = memory.number = 0;
	/* Whoever sees these sees the rest. */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	memcpy(memory.map->magic, "WDPDKDMA", 8);
	return 0;
}

/* What a predecessor left: what is in its map is taken for nothing but numbers of files in this folder. */
static void
bury_predecessor(void)
{
	uint32_t file, last = UINT32_MAX;
	char path[PATH_SIZE + 32];
	unsigned int i;

	memory.entries = RTE_MIN(memory.map->entries, (uint32_t)ENTRIES_MAX);
	memory.number = 0;
	for (i = 0; i < memory.entries; i++) {
		__atomic_store_n(&memory.map->entry[i].state, 0, __ATOMIC_RELEASE);
		file = memory.map->entry[i].file;
		if (file == last || file == UINT32_MAX)
			continue;
		last = file;
		memory.number = RTE_MAX(memory.number, file + 1);
		file_path(path, sizeof(path), "memory", file);
		pci_os_delete(path);
	}
	memory.map->entries = memory.entries;
}

/* A map without room for more gives way to a new one, under the same name. */
static int
replace_map(const char *path)
{
	struct pci_os_file old = memory.map_file;
	uint32_t number = memory.number;
	char fresh[PATH_SIZE + 64];
	int ret;

	snprintf(fresh, sizeof(fresh), "%s.%u", path, pci_os_process());
	pci_os_delete(fresh);
	ret = new_map(fresh);
	if (ret == 0) {
		memory.number = number;
		ret = pci_os_rename(fresh, path);
	}
	pci_os_unmap(&old);
	return ret;
}

static int
open_map(void)
{
	struct pci_os_file file;
	char path[PATH_SIZE + 32];
	int ret;

	file_path(path, sizeof(path), "map", UINT32_MAX);
	ret = new_map(path);
	if (ret == -EEXIST) {
		ret = pci_os_map(path, MAP_SIZE, &file);
		if (ret == 0)
			ret = adopt(&file);
		if (ret == 0 && (memcmp(memory.map->magic, "WDPDKDMA", 8) != 0 || memory.map->version != MAP_VERSION))
			ret = -EFBIG;
		if (ret == 0) {
			bury_predecessor();
			if (memory.entries > ENTRIES_MAX / 2)
				ret = replace_map(path);
		}
	}
	return ret;
}

static const char *
remedy_of(int err)
{
	switch (err) {
	case -ENOENT:
		return "there is no such folder: make it, best on a tmpfs as /dev/shm";
	case -EACCES:
	case -EPERM:
		return "no permission: model and dataplane run as one user, who may write there";
	case -EBUSY:
		return "another dataplane is using it: take a folder of your own";
	case -EFBIG:
		return "its file 'map' is not ours: take an empty folder";
	case -ENOSPC:
		return "there is no room left in it";
	default:
		return rte_strerror(-err);
	}
}

int
pci_model_memory_use(const char *device, const char *folder)
{
	int ret;

	if (memory.map != NULL && strcmp(memory.folder, folder) == 0)
		return 0;
	if (memory.map != NULL) {
		PCI_LOG(ERR, "%s: dma=%s, but memory comes from %s: all models of a process share one folder\n", device, folder,
			memory.folder);
		return -EINVAL;
	}
	if (strlen(folder) >= sizeof(memory.folder)) {
		PCI_LOG(ERR, "%s: dma: the path has more than %zu characters\n", device, sizeof(memory.folder) - 1);
		return -ENAMETOOLONG;
	}
	/* Asked first: opening touches what a predecessor left. */
	ret = wdpdk_memory_source_set(&source);
	if (ret != 0) {
		PCI_LOG(ERR, "%s: dma=%s: memory has been taken from elsewhere: name the device when the dataplane is started\n", device,
			folder);
		return ret;
	}
	snprintf(memory.folder, sizeof(memory.folder), "%s", folder);
	snprintf(memory.name, sizeof(memory.name), "the files in %s", folder);
	ret = open_map();
	if (ret == 0)
		return 0;
	PCI_LOG(ERR, "%s: dma=%s: %s\n", device, folder, remedy_of(ret));
	pci_os_unmap(&memory.map_file);
	memory.map = NULL;
	wdpdk_memory_source_set(NULL);
	return ret;
}
