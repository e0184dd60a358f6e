/* SPDX-License-Identifier: BSD-3-Clause
 *
 * sys/mman.h of the POSIX profile.
 */
#include <errno.h>
#include <io.h>
#include <stdint.h>
#include <sys/mman.h>
#include <windows.h>

static int
fail(DWORD error)
{
	switch (error) {
	case ERROR_NOT_ENOUGH_MEMORY:
	case ERROR_COMMITMENT_LIMIT:
	case ERROR_WORKING_SET_QUOTA:
		errno = ENOMEM;
		break;
	case ERROR_ACCESS_DENIED:
		errno = EACCES;
		break;
	case ERROR_INVALID_HANDLE:
		errno = EBADF;
		break;
	default:
		errno = EINVAL;
	}
	return -1;
}

/* Pages have no write-only and no execute-only form on Windows. */
static DWORD
page_protection(int protection, int copy_on_write)
{
	const DWORD write = copy_on_write ? PAGE_WRITECOPY : PAGE_READWRITE;
	const DWORD write_execute = copy_on_write ? PAGE_EXECUTE_WRITECOPY : PAGE_EXECUTE_READWRITE;

	if ((protection & PROT_EXEC) != 0)
		return (protection & PROT_WRITE) != 0 ? write_execute : PAGE_EXECUTE_READ;
	if ((protection & PROT_WRITE) != 0)
		return write;
	return (protection & PROT_READ) != 0 ? PAGE_READONLY : PAGE_NOACCESS;
}

static void *
map_file(size_t length, int protection, int flags, int fd, long long offset)
{
	const int private_copy = (flags & MAP_PRIVATE) != 0;
	HANDLE file = (HANDLE)_get_osfhandle(fd), section;
	const uint64_t end = (uint64_t)offset + length;
	DWORD access;
	void *view;

	if (file == INVALID_HANDLE_VALUE) {
		errno = EBADF;
		return MAP_FAILED;
	}
	if (private_copy)
		access = FILE_MAP_COPY;
	else
		access = (protection & PROT_WRITE) != 0 ? FILE_MAP_WRITE : FILE_MAP_READ;
	if ((protection & PROT_EXEC) != 0)
		access |= FILE_MAP_EXECUTE;
	section = CreateFileMapping(file, NULL, page_protection(protection, private_copy), (DWORD)(end >> 32), (DWORD)end,
		NULL);
	if (section == NULL) {
		fail(GetLastError());
		return MAP_FAILED;
	}
	view = MapViewOfFile(section, access, (DWORD)((uint64_t)offset >> 32), (DWORD)offset, length);
	if (view == NULL)
		fail(GetLastError());
	/* The view keeps the section. */
	CloseHandle(section);
	return view != NULL ? view : MAP_FAILED;
}

void *
wdpdk_posix_mmap(void *addr, size_t length, int protection, int flags, int fd, long long offset)
{
	const int sharing = flags & (MAP_SHARED | MAP_PRIVATE);
	void *memory;

	if (length == 0 || offset < 0 || (sharing != MAP_SHARED && sharing != MAP_PRIVATE) ||
			(flags & ~(MAP_SHARED | MAP_PRIVATE | MAP_ANONYMOUS)) != 0) {
		errno = EINVAL;
		return MAP_FAILED;
	}
	if ((flags & MAP_ANONYMOUS) == 0)
		return map_file(length, protection, flags, fd, offset);
	memory = VirtualAlloc(addr, length, MEM_RESERVE | MEM_COMMIT, page_protection(protection, 0));
	if (memory == NULL && addr != NULL)
		memory = VirtualAlloc(NULL, length, MEM_RESERVE | MEM_COMMIT, page_protection(protection, 0));
	if (memory == NULL) {
		fail(GetLastError());
		return MAP_FAILED;
	}
	return memory;
}

int
wdpdk_posix_munmap(void *addr, size_t length)
{
	MEMORY_BASIC_INFORMATION info;
	uintptr_t end = (uintptr_t)addr;

	if (length == 0 || VirtualQuery(addr, &info, sizeof(info)) == 0 || info.State == MEM_FREE ||
			info.AllocationBase != addr) {
		errno = EINVAL;
		return -1;
	}
	/* Regions of one allocation follow each other; all of it has to be asked for. */
	do
		end += info.RegionSize;
	while (VirtualQuery((void *)end, &info, sizeof(info)) != 0 && info.State != MEM_FREE && info.AllocationBase == addr);
	if ((uintptr_t)addr + length + 4095 < end) {
		errno = EINVAL;
		return -1;
	}
	VirtualQuery(addr, &info, sizeof(info));
	if (info.Type == MEM_PRIVATE ? VirtualFree(addr, 0, MEM_RELEASE) : UnmapViewOfFile(addr))
		return 0;
	return fail(GetLastError());
}

int
wdpdk_posix_mprotect(void *addr, size_t length, int protection)
{
	DWORD before;

	return VirtualProtect(addr, length, page_protection(protection, 0), &before) ? 0 : fail(GetLastError());
}

int
wdpdk_posix_mlock(const void *addr, size_t length)
{
	return VirtualLock((void *)(uintptr_t)addr, length) ? 0 : fail(GetLastError());
}

int
wdpdk_posix_munlock(const void *addr, size_t length)
{
	return VirtualUnlock((void *)(uintptr_t)addr, length) ? 0 : fail(GetLastError());
}
