/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Huge pages at their physical addresses. A window of addresses as large as physical memory may be is reserved; page by page the files of
 * a hugetlbfs are mapped into it at base + physical address, so that what is contiguous for the device is contiguous here. Which page is
 * where says /proc/self/pagemap, to root only.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "dma.h"
#include "os.h"

#define WINDOW (1ull << 40)
#define PAGE XL710_DMA_GRANULE
#define GRANULES (WINDOW / PAGE)
#define FILES_MAX 8192u

struct page_file {
	dev_t device;
	ino_t inode;
	uint64_t pages;    /* that were looked at */
	uint32_t first;    /* granule + 1 of its first page in the chain `next` */
	bool seen;
};

struct xl710_hugetlbfs {
	char *folder;
	uint8_t *window;
	int pagemap;
	struct timespec modified; /* the folder, when it was looked at */
	unsigned int file_count;
	struct page_file files[FILES_MAX];
	uint32_t next[GRANULES]; /* granule + 1 of the same file's next page, END for the last one, 0: no page here */
};

#define END UINT32_MAX

struct xl710_hugetlbfs *
xl710_hugetlbfs_open(const char *folder)
{
	struct xl710_hugetlbfs *pages = calloc(1, sizeof(*pages));
	struct stat status;

	if (pages == NULL)
		return NULL;
	pages->pagemap = -1;
	pages->folder = strdup(folder);
	pages->window = mmap(NULL, WINDOW, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (pages->window == MAP_FAILED)
		pages->window = NULL;
	pages->pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (pages->folder == NULL || pages->window == NULL || pages->pagemap < 0 || stat(folder, &status) != 0) {
		xl710_hugetlbfs_close(pages);
		return NULL;
	}
	if (!S_ISDIR(status.st_mode)) {
		xl710_hugetlbfs_close(pages);
		errno = ENOTDIR;
		return NULL;
	}
	return pages;
}

static void
unmap_file(struct xl710_hugetlbfs *pages, struct page_file *file)
{
	uint32_t at = file->first;

	while (at != 0 && at != END) {
		uint32_t granule = at - 1;

		mmap(pages->window + granule * PAGE, PAGE, PROT_NONE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		at = pages->next[granule];
		pages->next[granule] = 0;
	}
	*file = pages->files[--pages->file_count];
}

/* The physical address of a page that is mapped here, 0 when nobody says. */
static uint64_t
physical(const struct xl710_hugetlbfs *pages, const volatile uint8_t *page)
{
	uint64_t entry;

	(void)*page; /* so that it is there */
	if (pread(pages->pagemap, &entry, sizeof(entry), (off_t)((uintptr_t)page / 4096 * sizeof(entry))) != sizeof(entry))
		return 0;
	return entry >> 63 ? (entry & ((1ull << 55) - 1)) * 4096 : 0;
}

static bool
map_page(struct xl710_hugetlbfs *pages, struct page_file *file, int fd, uint64_t index)
{
	void *somewhere = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)(index * PAGE));
	uint64_t address, granule;

	if (somewhere == MAP_FAILED)
		return false;
	address = physical(pages, somewhere);
	granule = address / PAGE;
	if (address == 0 || address % PAGE != 0 || granule >= GRANULES || pages->next[granule] != 0 ||
	    mremap(somewhere, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, pages->window + granule * PAGE) == MAP_FAILED) {
		munmap(somewhere, PAGE);
		return false;
	}
	pages->next[granule] = file->first == 0 ? END : file->first;
	file->first = (uint32_t)granule + 1;
	return true;
}

static struct page_file *
file_of(struct xl710_hugetlbfs *pages, const struct stat *status)
{
	for (unsigned int i = 0; i < pages->file_count; i++)
		if (pages->files[i].inode == status->st_ino && pages->files[i].device == status->st_dev)
			return &pages->files[i];
	if (pages->file_count == FILES_MAX)
		return NULL;
	pages->files[pages->file_count] = (struct page_file){ .device = status->st_dev, .inode = status->st_ino };
	return &pages->files[pages->file_count++];
}

static bool
look_at(struct xl710_hugetlbfs *pages, int folder, const char *name)
{
	int fd = openat(folder, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct page_file *file;
	struct stat status;
	bool changed = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && (file = file_of(pages, &status)) != NULL) {
		uint64_t count = (uint64_t)status.st_size / PAGE;

		file->seen = true;
		while (file->pages < count && map_page(pages, file, fd, file->pages)) {
			file->pages++;
			changed = true;
		}
	}
	close(fd);
	return changed;
}

static bool
folder_modified(const struct xl710_hugetlbfs *pages, struct timespec *when)
{
	struct stat status;

	if (stat(pages->folder, &status) != 0)
		return false;
	*when = status.st_mtim;
	return true;
}

bool
xl710_hugetlbfs_changed(struct xl710_hugetlbfs *pages)
{
	struct timespec now;

	return folder_modified(pages, &now) && (now.tv_sec != pages->modified.tv_sec || now.tv_nsec != pages->modified.tv_nsec);
}

bool
xl710_hugetlbfs_add(struct xl710_hugetlbfs *pages)
{
	DIR *folder = opendir(pages->folder);
	bool changed = false;
	struct dirent *entry;

	if (folder == NULL)
		return false;
	for (unsigned int i = 0; i < pages->file_count; i++)
		pages->files[i].seen = false;
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			changed |= look_at(pages, dirfd(folder), entry->d_name);
	closedir(folder);
	return changed;
}

void
xl710_hugetlbfs_refresh(struct xl710_hugetlbfs *pages)
{
	folder_modified(pages, &pages->modified); /* before the look: what comes meanwhile is a change again */
	xl710_hugetlbfs_add(pages);
	for (unsigned int i = pages->file_count; i-- > 0;)
		if (!pages->files[i].seen)
			unmap_file(pages, &pages->files[i]);
}

uint8_t *
xl710_hugetlbfs_find(struct xl710_hugetlbfs *pages, uint64_t granule, uint64_t *valid)
{
	uint64_t end = granule;

	if (granule >= GRANULES || pages->next[granule] == 0)
		return NULL;
	while (end < GRANULES && end - granule < 512 && pages->next[end] != 0)
		end++;
	*valid = (end - granule) * PAGE;
	return pages->window + granule * PAGE;
}

void
xl710_hugetlbfs_close(struct xl710_hugetlbfs *pages)
{
	if (pages == NULL)
		return;
	if (pages->window != NULL)
		munmap(pages->window, WINDOW);
	if (pages->pagemap >= 0)
		close(pages->pagemap);
	free(pages->folder);
	free(pages);
}
