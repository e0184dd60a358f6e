/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The lock, not the socket, says who owns a name: it is free again however its owner died. A socket that is there while we hold the
 * lock belongs to nobody.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "endpoint_linux.h"
#include "wdpdk_protocol.h"

#define BACKLOG 128

/* In a directory that others can write anybody could answer under our name, so it must be ours alone and no link. */
static int
open_directory(char *path, size_t size, struct os_error *error)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	struct stat stat;
	int directory;

	if (runtime != NULL && runtime[0] != '\0')
		snprintf(path, size, "%s/wdpdk", runtime);
	else
		snprintf(path, size, "/tmp/wdpdk-%u", (unsigned int)geteuid());
	if (mkdir(path, 0700) != 0 && errno != EEXIST) {
		os_error_set(error, path, "Set XDG_RUNTIME_DIR to a directory of yours that exists, or unset it",
			"cannot make the directory: %s", strerror(errno));
		return -1;
	}
	directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (directory < 0 || fstat(directory, &stat) != 0 || stat.st_uid != geteuid() || (stat.st_mode & 077) != 0) {
		os_error_set(error, path, "Remove it, or make it yours with mode 0700", "it is not a directory of this user alone");
		if (directory >= 0)
			close(directory);
		return -1;
	}
	return directory;
}

static int
take_lock(struct endpoint *endpoint, const char *instance, int directory, struct os_error *error)
{
	char name[80], pid[32] = "";
	int length;

	snprintf(name, sizeof(name), "%s.lock", instance);
	endpoint->lock = openat(directory, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (endpoint->lock < 0) {
		os_error_set(error, endpoint->lock_path, "Remove it, or see that its directory can be written", "%s", strerror(errno));
		return -1;
	}
	if (flock(endpoint->lock, LOCK_EX | LOCK_NB) != 0) {
		ssize_t got = pread(endpoint->lock, pid, sizeof(pid) - 1, 0);

		if (got > 0)
			pid[strspn(pid, "0123456789")] = '\0';
		os_error_set(error, instance, "Stop it, or choose another name with --instance",
			"an instance of this name is running%s%s", got > 0 ? " with process id " : "", pid);
		return -1;
	}
	length = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	if (ftruncate(endpoint->lock, 0) != 0 || pwrite(endpoint->lock, pid, (size_t)length, 0) != length) {
		os_error_set(error, endpoint->lock_path, "Remove it, or see that its directory can be written", "%s", strerror(errno));
		return -1;
	}
	return 0;
}

static int
start_listening(struct endpoint *endpoint, struct os_error *error)
{
	const char *path = endpoint->address.sun_path;
	mode_t before;
	int bound;

	endpoint->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (endpoint->listener < 0) {
		os_error_set(error, path, "Raise the limit of open files (ulimit -n)", "socket: %s", strerror(errno));
		return -1;
	}
	unlink(path);
	before = umask(0177);
	bound = bind(endpoint->listener, (const struct sockaddr *)&endpoint->address, sizeof(endpoint->address));
	umask(before);
	if (bound != 0 || listen(endpoint->listener, BACKLOG) != 0) {
		os_error_set(error, path, "See that its directory can be written, or set XDG_RUNTIME_DIR to another",
			"cannot listen: %s", strerror(errno));
		return -1;
	}
	return 0;
}

int
endpoint_open(struct endpoint *endpoint, const char *instance, struct os_error *error)
{
	char directory_path[sizeof(endpoint->lock_path) - WDPDK_LIMIT_NAME_BYTES - 8];
	int directory, length;

	memset(endpoint, 0, sizeof(*endpoint));
	endpoint->lock = endpoint->listener = -1;
	directory = open_directory(directory_path, sizeof(directory_path), error);
	if (directory < 0)
		return -1;
	endpoint->address.sun_family = AF_UNIX;
	length = snprintf(endpoint->address.sun_path, sizeof(endpoint->address.sun_path), "%s/%s.sock", directory_path,
		instance);
	if (length >= (int)sizeof(endpoint->address.sun_path)) {
		os_error_set(error, directory_path, "Set XDG_RUNTIME_DIR to a shorter directory",
			"the socket's path would be longer than %zu bytes", sizeof(endpoint->address.sun_path) - 1);
		close(directory);
		return -1;
	}
	snprintf(endpoint->lock_path, sizeof(endpoint->lock_path), "%s/%s.lock", directory_path, instance);
	if (take_lock(endpoint, instance, directory, error) != 0) {
		if (endpoint->lock >= 0)
			close(endpoint->lock);
		close(directory);
		return -1;
	}
	close(directory);
	if (start_listening(endpoint, error) != 0) {
		endpoint_close(endpoint);
		return -1;
	}
	return 0;
}

void
endpoint_stop_listening(struct endpoint *endpoint)
{
	if (endpoint->listener < 0)
		return;
	unlink(endpoint->address.sun_path);
	close(endpoint->listener);
	endpoint->listener = -1;
}

void
endpoint_close(struct endpoint *endpoint)
{
	endpoint_stop_listening(endpoint);
	/* The file stays: removing a lock that somebody may just have opened would let two owners in. */
	if (endpoint->lock >= 0)
		close(endpoint->lock);
	endpoint->lock = -1;
}
