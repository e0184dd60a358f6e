/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A memfd has no name that anybody could open, and its seals keep a peer from truncating it under our feet.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "os_segment.h"
#include "os_system.h"

/* Mapping and unmapping hold a lock that other threads need for their own memory: at most so much is done at a time. */
#define STEP_BYTES (8u << 20)
#define PAGE_BYTES 4096u
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23		/* from Linux 5.14 on */
#endif

static int
open_file(struct os_segment *segment, const char *directory, struct os_error *error)
{
	uint8_t random[16];
	int length, fd;

	if (os_random(random, sizeof(random)) != 0) {
		os_error_set(error, directory, "Restart the machine", "the system gave no random bytes");
		return -1;
	}
	length = snprintf(segment->file, sizeof(segment->file), "%s/wdpdk-", directory);
	for (size_t i = 0; i < sizeof(random) && length < (int)sizeof(segment->file); i++)
		length += snprintf(segment->file + length, sizeof(segment->file) - (size_t)length, "%02x", random[i]);
	if (length >= (int)sizeof(segment->file)) {
		os_error_set(error, directory, "Name a shorter directory in WDPDK_SHM_DIR", "the path is too long");
		return -1;
	}
	fd = open(segment->file, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		os_error_set(error, segment->file, "Name a directory that you may write in WDPDK_SHM_DIR", "%s", strerror(errno));
		segment->file[0] = '\0';
	}
	return fd;
}

/* Shared memory is promised without being there, and then it is the system that picks a process to kill. UINT64_MAX: not known. */
static uint64_t
bytes_available(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	unsigned long long kilobytes = 0;
	char line[128];
	bool found = false;

	while (file != NULL && !found && fgets(line, sizeof(line), file) != NULL)
		found = sscanf(line, "MemAvailable: %llu", &kilobytes) == 1;
	if (file != NULL)
		fclose(file);
	return found ? kilobytes * 1024 : UINT64_MAX;
}

/* Zeroed memory, every page of it there and writable. */
static void
populate(uint8_t *base, size_t size)
{
	for (size_t at = 0; at < size; at += STEP_BYTES) {
		size_t step = size - at < STEP_BYTES ? size - at : STEP_BYTES;

		if (madvise(base + at, step, MADV_POPULATE_WRITE) == 0)
			continue;
		for (size_t page = 0; page < step; page += PAGE_BYTES)
			((volatile uint8_t *)base)[at + page] = 0;
	}
}

int
os_segment_create(struct os_segment *segment, size_t size, bool observed, struct os_error *error)
{
	const char *directory = getenv("WDPDK_SHM_DIR");
	const char *what = "shared memory";
	int fd, failed;

	memset(segment, 0, sizeof(*segment));
	segment->handle = -1;
	/* An eighth stays for everybody else. */
	if (size > bytes_available() / 8 * 7) {
		os_error_set(error, what, "Free memory, or ask for fewer or smaller slots", "%zu bytes: the system has no such memory", size);
		return -1;
	}
	if (directory != NULL && directory[0] != '\0')
		fd = open_file(segment, directory, error);
	else
		fd = memfd_create("wdpdk-segment", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0) {
		if (segment->file[0] == '\0' && (directory == NULL || directory[0] == '\0'))
			os_error_set(error, what, "Raise the limit of open files (ulimit -n), or free memory", "memfd_create: %s", strerror(errno));
		return -1;
	}
	segment->handle = fd;
	segment->size = size;
	failed = ftruncate(fd, (off_t)size) != 0 ? errno : posix_fallocate(fd, 0, (off_t)size);
	if (failed != 0) {
		os_error_set(error, what, "Free memory, or ask for fewer or smaller slots", "%zu bytes: %s", size, strerror(failed));
		os_segment_destroy(segment);
		return -1;
	}
	segment->base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (segment->base == MAP_FAILED) {
		segment->base = NULL;
		os_error_set(error, what, "Free memory, or ask for fewer or smaller slots", "mmap of %zu bytes: %s", size,
			strerror(errno));
		os_segment_destroy(segment);
		return -1;
	}
	populate(segment->base, size);
	/* FUTURE_WRITE leaves the mapping just made writable and no other one. */
	if (segment->file[0] == '\0' && fcntl(fd, F_ADD_SEALS,
			F_SEAL_SHRINK | F_SEAL_GROW | (observed ? F_SEAL_FUTURE_WRITE : 0) | F_SEAL_SEAL) != 0) {
		os_error_set(error, what, "Use a kernel from 5.1 on", "sealing: %s", strerror(errno));
		os_segment_destroy(segment);
		return -1;
	}
	return 0;
}

void
os_segment_destroy(struct os_segment *segment)
{
	for (size_t at = 0; segment->base != NULL && at < segment->size; at += STEP_BYTES)
		munmap((uint8_t *)segment->base + at, segment->size - at < STEP_BYTES ? segment->size - at : STEP_BYTES);
	if (segment->size != 0 && segment->handle >= 0)
		close((int)segment->handle);
	if (segment->file[0] != '\0')
		unlink(segment->file);
	memset(segment, 0, sizeof(*segment));
}
