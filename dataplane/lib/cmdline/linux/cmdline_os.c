/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Command lines on Linux: terminals by termios, descriptors by read() and write().
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "cmdline_private.h"

void *
cmdline_os_terminal_raw(int fd)
{
	struct termios *saved = malloc(sizeof(*saved)), raw;

	if (saved == NULL || tcgetattr(fd, saved) < 0) {
		free(saved);
		return NULL;
	}
	raw = *saved;
	raw.c_lflag &= (tcflag_t)~(ICANON | ECHO | ISIG);
	(void)tcsetattr(fd, TCSANOW, &raw);
	return saved;
}

void
cmdline_os_terminal_restore(int fd, void *saved)
{
	(void)tcsetattr(fd, TCSANOW, saved);
	free(saved);
}

int
cmdline_os_readable(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int n = poll(&pfd, 1, 0);

	return n < 0 ? -errno : n;
}

int
cmdline_os_read(int fd, char *c)
{
	ssize_t n = read(fd, c, 1);

	return n < 0 ? -errno : (int)n;
}

int
cmdline_os_write(int fd, const char *text, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = write(fd, text + done, len - done);

		if (n < 0 && errno != EINTR)
			return -1;
		done += n < 0 ? 0 : (size_t)n;
	}
	return (int)done;
}

int
cmdline_os_open(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC);
}

void
cmdline_os_close(int fd)
{
	(void)close(fd);
}

/* A signal does that here. */
void
cmdline_os_cancel(int fd)
{
	(void)fd;
}
