/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: huge pages by their physical addresses, for devices behind no IOMMU. /proc/self/pagemap says where a page is; a
 * huge page stays there. With --huge-dir the pages have names, so that somebody who stands for a device can map them.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "../common/eal_memory_private.h"
#include "../common/eal_private.h"
#include "eal_os_node.h"

#define HUGETLBFS 0x958458f6
#define PATH_SIZE 4096

static struct {
	const char *folder; /* NULL: no names */
	char prefix[128];
	unsigned int number; /* of the next file */
} names;

static void
file_path(char *path, const char *file)
{
	snprintf(path, PATH_SIZE, "%s/%s", names.folder, file);
}

/* Who uses a file holds a lock on it. One without was left by a process that was killed. */
static void
remove_stale(void)
{
	DIR *folder = opendir(names.folder);
	struct dirent *entry;
	char path[PATH_SIZE];
	int fd;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (strncmp(entry->d_name, names.prefix, strlen(names.prefix)) != 0)
			continue;
		file_path(path, entry->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
		if (fd < 0)
			continue;
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			unlink(path);
		close(fd);
	}
	if (folder != NULL)
		closedir(folder);
}

/* A file for huge pages, locked; its number to *number when it has a name. */
static int
new_file(void)
{
	char path[PATH_SIZE], file[160];
	int fd;

	if (names.folder == NULL)
		return memfd_create("wdpdk-dma", MFD_CLOEXEC | MFD_HUGETLB);
	do {
		snprintf(file, sizeof(file), "%s%u", names.prefix, names.number++);
		file_path(path, file);
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	} while (fd < 0 && errno == EEXIST);
	if (fd >= 0)
		flock(fd, LOCK_SH);
	return fd;
}

static void
drop_file(int fd)
{
	char link[64], path[PATH_SIZE];
	ssize_t len;

	if (names.folder != NULL) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		len = readlink(link, path, sizeof(path) - 1);
		if (len > 0) {
			path[len] = '\0';
			unlink(path);
		}
	}
	close(fd);
}

static int
find_addresses(const char *base, size_t len, size_t page, rte_iova_t *iova)
{
	size_t i;

	for (i = 0; i < len / page; i++) {
		iova[i] = eal_os_virt2phy(base + i * page);
		if (iova[i] == RTE_BAD_IOVA)
			return EPERM;
	}
	return 0;
}

static struct wdpdk_memory_source physical;

static int
take(void *arg, size_t len, int node, void **base, rte_iova_t *iova, int *fd)
{
	void *virt = MAP_FAILED;
	int err = 0;

	RTE_SET_USED(arg);
	*fd = new_file();
	if (*fd < 0)
		return errno;
	eal_os_bind_node(node);
	if (fallocate(*fd, 0, 0, (off_t)len) < 0)
		err = errno;
	eal_os_bind_node(-1);
	if (err == 0) {
		virt = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, *fd, 0);
		err = virt == MAP_FAILED ? errno : find_addresses(virt, len, physical.chunk, iova);
	}
	if (err != 0) {
		if (virt != MAP_FAILED)
			munmap(virt, len);
		drop_file(*fd);
		*fd = -1;
		return err;
	}
	*base = virt;
	return 0;
}

static void
give(void *arg, void *base, size_t len, int fd)
{
	RTE_SET_USED(arg);
	munmap(base, len);
	drop_file(fd);
}

static rte_iova_t
foreign(void *arg, const void *virt)
{
	RTE_SET_USED(arg);
	return eal_os_virt2phy(virt);
}

static struct wdpdk_memory_source physical = {
	.name = "huge pages by physical address",
	.physical = true,
	.take = take,
	.give = give,
	.foreign = foreign,
};

static const char *
name_files(const struct eal_options *options, size_t page)
{
	static char reason[PATH_SIZE + 128];
	struct statfs fs;

	names.folder = options->huge_dir;
	if (names.folder == NULL)
		return NULL;
	snprintf(names.prefix, sizeof(names.prefix), "%smap_", options->file_prefix);
	names.number = 0;
	if (statfs(names.folder, &fs) < 0) {
		snprintf(reason, sizeof(reason), "--huge-dir %s: %s", names.folder, strerror(errno));
		return reason;
	}
	if ((unsigned long)fs.f_type != HUGETLBFS || (size_t)fs.f_bsize != page) {
		snprintf(reason, sizeof(reason), "--huge-dir %s: not a hugetlbfs with pages of %zu KB; mount one: mount -t hugetlbfs none %s",
			names.folder, page >> 10, names.folder);
		return reason;
	}
	remove_stale();
	return NULL;
}

int
eal_os_physical_open(const struct eal_options *options, const char **why)
{
	char here = 1;

	physical.chunk = physical.contiguous = eal_os_huge_page_size(why);
	if (physical.chunk == 0)
		return ENOENT;
	if (eal_os_virt2phy(&here) == RTE_BAD_IOVA) {
		*why = "/proc/self/pagemap tells them to root only: start as root";
		return EPERM;
	}
	*why = name_files(options, physical.chunk);
	return *why != NULL ? EINVAL : -wdpdk_memory_source_set(&physical);
}
