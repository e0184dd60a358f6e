/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: files in memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <sys/stat.h>
#include <windows.h>

#include <rte_common.h>
#include <rte_eal_paging.h>
#include <rte_errno.h>

#include "../pci_os.h"

#define TRIES 16

static HANDLE
handle_of(int fd)
{
	return (HANDLE)_get_osfhandle(fd);
}

static int
map(int fd, size_t len, size_t align, struct pci_os_file *file)
{
	void *virt = NULL, *room;
	unsigned int i;

	if (align == 0)
		virt = rte_mem_map(NULL, len, RTE_PROT_READ | RTE_PROT_WRITE, RTE_MAP_SHARED, fd, 0);
	/* Addresses that were free a moment ago; another thread may be quicker. */
	for (i = 0; align != 0 && virt == NULL && i < TRIES; i++) {
		room = VirtualAlloc(NULL, len + align, MEM_RESERVE, PAGE_NOACCESS);
		if (room == NULL)
			return -ENOMEM;
		VirtualFree(room, 0, MEM_RELEASE);
		virt = rte_mem_map(RTE_PTR_ALIGN_CEIL(room, align), len, RTE_PROT_READ | RTE_PROT_WRITE,
			RTE_MAP_SHARED | RTE_MAP_FORCE_ADDRESS, fd, 0);
	}
	if (virt == NULL)
		return -rte_errno;
	file->addr = virt;
	file->len = len;
	file->fd = fd;
	return 0;
}

int
pci_os_map(const char *path, size_t least, struct pci_os_file *file)
{
	int fd = _open(path, _O_RDWR | _O_BINARY | _O_NOINHERIT), ret = 0;
	__int64 len;

	if (fd < 0)
		return -errno;
	len = _filelengthi64(fd);
	if (len < 0)
		ret = -EINVAL;
	else if (len < (__int64)least || len == 0)
		ret = -EFBIG;
	if (ret == 0)
		ret = map(fd, (size_t)len, 0, file);
	if (ret != 0)
		_close(fd);
	return ret;
}

int
pci_os_create(const char *path, size_t len, size_t align, struct pci_os_file *file)
{
	int fd = _open(path, _O_RDWR | _O_CREAT | _O_EXCL | _O_BINARY | _O_NOINHERIT, _S_IREAD | _S_IWRITE), ret;
	LARGE_INTEGER end = { .QuadPart = (LONGLONG)len };

	if (fd < 0)
		return -errno;
	ret = SetFilePointerEx(handle_of(fd), end, NULL, FILE_BEGIN) && SetEndOfFile(handle_of(fd)) ? 0 : -ENOSPC;
	if (ret == 0)
		ret = map(fd, len, align, file);
	if (ret != 0) {
		_close(fd);
		DeleteFileA(path);
	}
	return ret;
}

void
pci_os_unmap(struct pci_os_file *file)
{
	if (file->addr == NULL)
		return;
	UnmapViewOfFile(file->addr);
	_close(file->fd);
	file->addr = NULL;
	file->fd = -1;
}

int
pci_os_lock(struct pci_os_file *file)
{
	OVERLAPPED beyond = { .OffsetHigh = 1 };

	/* A byte far behind the end: reading the file is nobody's loss. */
	if (LockFileEx(handle_of(file->fd), LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &beyond))
		return 0;
	return GetLastError() == ERROR_LOCK_VIOLATION || GetLastError() == ERROR_IO_PENDING ? -EBUSY : -EIO;
}

int
pci_os_delete(const char *path)
{
	if (DeleteFileA(path))
		return 0;
	return GetLastError() == ERROR_FILE_NOT_FOUND ? -ENOENT : -EACCES;
}

int
pci_os_rename(const char *from, const char *to)
{
	return MoveFileExA(from, to, MOVEFILE_REPLACE_EXISTING) ? 0 : -EACCES;
}

unsigned int
pci_os_process(void)
{
	return (unsigned int)GetCurrentProcessId();
}

int
pci_os_open_irq(const char *path, const struct pci_os_file *config, struct rte_intr_handle *handle)
{
	RTE_SET_USED(path);
	RTE_SET_USED(config);
	RTE_SET_USED(handle);
	return -ENOTSUP;
}

void
pci_os_close_irq(struct rte_intr_handle *handle)
{
	RTE_SET_USED(handle);
}
