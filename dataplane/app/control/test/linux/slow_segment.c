/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Preloaded into a process under test: great segments take seconds to be made, as on a machine that has little memory left.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define GREAT (16 << 20)

int
posix_fallocate(int file, off_t at, off_t length)
{
	if (length > GREAT)
		sleep(5);
	return syscall(SYS_fallocate, file, 0, at, length) == 0 ? 0 : errno;
}
