/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "os.h"

struct xl710_file {
	int fd;
	void *bytes;
	size_t length;
};

static struct xl710_file *
file_new(int fd, size_t length, bool map)
{
	struct xl710_file *file = calloc(1, sizeof(*file));

	if (file == NULL) {
		close(fd);
		return NULL;
	}
	file->fd = fd;
	file->length = length;
	if (!map)
		return file;
	file->bytes = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (file->bytes == MAP_FAILED) {
		file->bytes = NULL;
		xl710_file_close(file);
		return NULL;
	}
	return file;
}

struct xl710_file *
xl710_file_map(const char *path, size_t length, bool create)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0600);
	struct stat status;

	if (fd < 0)
		return NULL;
	if (create && (fchmod(fd, 0600) != 0 || ftruncate(fd, (off_t)length) != 0))
		goto failed;
	if (fstat(fd, &status) != 0)
		goto failed;
	if (!S_ISREG(status.st_mode) || (uint64_t)status.st_size < length) {
		errno = EINVAL;
		goto failed;
	}
	return file_new(fd, create ? length : (size_t)status.st_size, true);
failed:
	close(fd);
	return NULL;
}

struct xl710_file *
xl710_file_open(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	return fd < 0 ? NULL : file_new(fd, 0, false);
}

void *
xl710_file_part(struct xl710_file *file, uint64_t offset, size_t length)
{
	struct stat status;
	void *part;

	if (fstat(file->fd, &status) != 0)
		return NULL;
	if (!S_ISREG(status.st_mode) || (uint64_t)status.st_size < length || offset > (uint64_t)status.st_size - length) {
		errno = EINVAL;
		return NULL;
	}
	part = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, file->fd, (off_t)offset);
	return part == MAP_FAILED ? NULL : part;
}

void
xl710_file_part_unmap(void *part, size_t length)
{
	munmap(part, length);
}

void *
xl710_file_bytes(struct xl710_file *file)
{
	return file->bytes;
}

size_t
xl710_file_length(const struct xl710_file *file)
{
	return file->length;
}

void
xl710_file_close(struct xl710_file *file)
{
	if (file == NULL)
		return;
	if (file->bytes != NULL)
		munmap(file->bytes, file->length);
	close(file->fd);
	free(file);
}

static bool
replace(uintptr_t address, size_t page)
{
	return mmap((void *)(address & ~(page - 1)), page, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		    -1, 0) != MAP_FAILED;
}

/* Only mmap, which is a bare system call: a handler may. What faults elsewhere faults again, with the default action. */
static void
on_bus_error(int number, siginfo_t *info, void *context)
{
	(void)context;
	/* Of a huge page no part can be replaced: there the first of the two fails. */
	if (info->si_code == BUS_ADRERR && (replace((uintptr_t)info->si_addr, 4096) || replace((uintptr_t)info->si_addr, 2u << 20)))
		return;
	signal(number, SIG_DFL);
}

void
xl710_survive_truncation(void)
{
	struct sigaction action = { .sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO };

	sigaction(SIGBUS, &action, NULL);
}

uint64_t
xl710_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void
xl710_rest(unsigned int us)
{
	struct timespec pause = { .tv_nsec = (long)us * 1000 };

	if (us == 0)
		sched_yield();
	else
		nanosleep(&pause, NULL);
}

bool
xl710_stdin_is_pipe(void)
{
	struct stat status;

	return fstat(STDIN_FILENO, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

/* There when the sanitizer is. */
extern int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

bool
xl710_leaks(void)
{
	return __lsan_do_recoverable_leak_check != NULL && __lsan_do_recoverable_leak_check() != 0;
}

static void (*stop_program)(void);

static void
on_stop_signal(int number)
{
	(void)number;
	stop_program();
}

void
xl710_on_stop(void (*stop)(void))
{
	struct sigaction action = { .sa_handler = on_stop_signal };

	stop_program = stop;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

struct xl710_line {
	int fd;
};

struct xl710_line *
xl710_line_open(const char *path)
{
	/* For both directions: then it opens without a reader, and stays open when the reader goes. */
	int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	struct xl710_line *line;

	if (fd < 0)
		return NULL;
	line = calloc(1, sizeof(*line));
	if (line == NULL)
		close(fd);
	else
		line->fd = fd;
	return line;
}

void
xl710_line_raise(struct xl710_line *line, uint32_t number)
{
	/* A full pipe is a line that is up already. */
	if (write(line->fd, &number, sizeof(number)) < 0)
		return;
}

void
xl710_line_close(struct xl710_line *line)
{
	if (line == NULL)
		return;
	close(line->fd);
	free(line);
}
