/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: files in memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_common.h>

#include "../pci_os.h"

static int
map(int fd, size_t len, size_t align, struct pci_os_file *file)
{
	char *room, *base = NULL;
	void *virt;

	if (align != 0) {
		/* Addresses with the right ones among them. */
		room = mmap(NULL, len + align, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (room == MAP_FAILED)
			return -errno;
		base = RTE_PTR_ALIGN_CEIL(room, align);
		if (base > room)
			munmap(room, (size_t)(base - room));
		munmap(base + len, (size_t)(room + align - base));
	}
	virt = mmap(base, len, PROT_READ | PROT_WRITE, MAP_SHARED | (align != 0 ? MAP_FIXED : 0), fd, 0);
	if (virt == MAP_FAILED) {
		int err = errno;

		if (base != NULL)
			munmap(base, len);
		return -err;
	}
	file->addr = virt;
	file->len = len;
	file->fd = fd;
	return 0;
}

int
pci_os_map(const char *path, size_t least, struct pci_os_file *file)
{
	int fd = open(path, O_RDWR | O_CLOEXEC), ret = 0;
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		ret = -errno;
	else if (!S_ISREG(st.st_mode))
		ret = -EINVAL;
	else if (st.st_size < (off_t)least || st.st_size == 0)
		ret = -EFBIG;
	if (ret == 0)
		ret = map(fd, (size_t)st.st_size, 0, file);
	if (ret != 0)
		close(fd);
	return ret;
}

int
pci_os_create(const char *path, size_t len, size_t align, struct pci_os_file *file)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), ret = 0;
	struct stat st;

	if (fd < 0)
		return -errno;
	/* A hugetlbfs has whole pages only. */
	if (fstat(fd, &st) < 0)
		ret = -errno;
	else if (ftruncate(fd, (off_t)len) < 0 && ftruncate(fd, RTE_ALIGN_CEIL((off_t)len, (off_t)st.st_blksize)) < 0)
		ret = -errno;
	/* Space that is missing shows now, not as a signal later; where that cannot be asked for it is not. */
	else if (fallocate(fd, 0, 0, (off_t)len) < 0 && errno != EOPNOTSUPP)
		ret = -errno;
	if (ret == 0 && fstat(fd, &st) < 0)
		ret = -errno;
	if (ret == 0)
		ret = map(fd, (size_t)st.st_size, align, file);
	if (ret != 0) {
		close(fd);
		unlink(path);
	}
	return ret;
}

void
pci_os_unmap(struct pci_os_file *file)
{
	if (file->addr == NULL)
		return;
	munmap(file->addr, file->len);
	close(file->fd);
	file->addr = NULL;
	file->fd = -1;
}

int
pci_os_lock(struct pci_os_file *file)
{
	if (flock(file->fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	return errno == EWOULDBLOCK ? -EBUSY : -errno;
}

int
pci_os_delete(const char *path)
{
	return unlink(path) == 0 ? 0 : -errno;
}

int
pci_os_rename(const char *from, const char *to)
{
	return rename(from, to) == 0 ? 0 : -errno;
}

unsigned int
pci_os_process(void)
{
	return (unsigned int)getpid();
}

int
pci_os_open_irq(const char *path, const struct pci_os_file *config, struct rte_intr_handle *handle)
{
	/* For writing, too: so the FIFO has a writer when the device's end goes, and is not "ready" for ever. */
	int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC), config_fd;
	struct stat st;

	if (fd < 0)
		return -errno;
	config_fd = fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode) ? dup(config->fd) : -1;
	if (config_fd < 0) {
		close(fd);
		return -EINVAL;
	}
	rte_intr_fd_set(handle, fd);
	rte_intr_dev_fd_set(handle, config_fd);
	rte_intr_type_set(handle, RTE_INTR_HANDLE_UIO_INTX);
	return 0;
}

void
pci_os_close_irq(struct rte_intr_handle *handle)
{
	if (rte_intr_fd_get(handle) >= 0)
		close(rte_intr_fd_get(handle));
	if (rte_intr_dev_fd_get(handle) >= 0)
		close(rte_intr_dev_fd_get(handle));
	rte_intr_fd_set(handle, -1);
	rte_intr_dev_fd_set(handle, -1);
	rte_intr_type_set(handle, RTE_INTR_HANDLE_UNKNOWN);
}
