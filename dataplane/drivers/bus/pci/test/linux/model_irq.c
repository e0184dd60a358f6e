/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Interrupts of a device model: a FIFO. It is written as a model does, without waiting.
 */
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../model_irq.h"

bool
model_irq_make(const char *path)
{
	unlink(path);
	return mkfifo(path, 0600) == 0;
}

bool
model_irq_raise(const char *path)
{
	uint32_t one = 1;
	int fd = open(path, O_WRONLY | O_NONBLOCK);
	bool done = fd >= 0 && write(fd, &one, sizeof(one)) == sizeof(one);

	if (fd >= 0)
		close(fd);
	return done;
}
