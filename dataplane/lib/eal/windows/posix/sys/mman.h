/* SPDX-License-Identifier: BSD-3-Clause
 *
 * POSIX profile: memory mappings over VirtualAlloc and MapViewOfFile. What Windows cannot do is refused: a mapping at a fixed
 * address is not offered at all, part of a mapping cannot be unmapped (EINVAL), and a file's offset is a multiple of 64 KiB.
 */
#ifndef _SYS_MMAN_H
#define _SYS_MMAN_H

#include <stddef.h>
#include <sys/types.h>

#define PROT_NONE 0x0
#define PROT_READ 0x1
#define PROT_WRITE 0x2
#define PROT_EXEC 0x4

#define MAP_SHARED 0x01
#define MAP_PRIVATE 0x02
#define MAP_ANONYMOUS 0x20
#define MAP_ANON MAP_ANONYMOUS

#define MAP_FAILED ((void *)-1)

/* All return -1 (mmap: MAP_FAILED) with errno on failure. `addr` of mmap() is a wish. */
void *wdpdk_posix_mmap(void *addr, size_t length, int protection, int flags, int fd, long long offset);
int wdpdk_posix_munmap(void *addr, size_t length);
int wdpdk_posix_mprotect(void *addr, size_t length, int protection);
int wdpdk_posix_mlock(const void *addr, size_t length);
int wdpdk_posix_munlock(const void *addr, size_t length);

static inline void *
mmap(void *addr, size_t length, int protection, int flags, int fd, long long offset)
{
	return wdpdk_posix_mmap(addr, length, protection, flags, fd, offset);
}

static inline int
munmap(void *addr, size_t length)
{
	return wdpdk_posix_munmap(addr, length);
}

static inline int
mprotect(void *addr, size_t length, int protection)
{
	return wdpdk_posix_mprotect(addr, length, protection);
}

static inline int
mlock(const void *addr, size_t length)
{
	return wdpdk_posix_mlock(addr, length);
}

static inline int
munlock(const void *addr, size_t length)
{
	return wdpdk_posix_munlock(addr, length);
}

#endif
