/* SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child_cpu.h"
#include "peer_os.h"

const bool peer_segments_by_ticket = true;

struct child {
	pid_t pid;
	int in, out;
};

struct link {
	int descriptor;
};

uint64_t
peer_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void
peer_sleep_ms(unsigned int ms)
{
	poll(NULL, 0, (int)ms);
}

const char *
peer_directory(void)
{
	static char path[64];

	if (path[0] == '\0') {
		const char *base = getenv("TMPDIR");

		snprintf(path, sizeof(path), "%.40s/wdpdk-XXXXXX", base == NULL ? "/tmp" : base);
		if (mkdtemp(path) == NULL)
			abort();
		setenv("XDG_RUNTIME_DIR", path, 1);
		signal(SIGPIPE, SIG_IGN);
	}
	return path;
}

struct child *
child_start(const char *program, const char *const *arguments, const char *errors)
{
	struct child *child = calloc(1, sizeof(*child));
	char *argv[64] = { (char *)(uintptr_t)program };
	int in[2], out[2];

	for (int i = 0; i < 62 && arguments[i] != NULL; i++)
		argv[i + 1] = (char *)(uintptr_t)arguments[i];
	if (child == NULL || pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
		return NULL;
	child->pid = fork();
	if (child->pid == 0) {
		int error = open(errors, O_WRONLY | O_CREAT | O_TRUNC, 0600);

		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(error, 2);
		execv(program, argv);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	child->in = in[1];
	child->out = out[0];
	return child;
}

bool
child_line(struct child *child, char *line, size_t size, int timeout_ms)
{
	uint64_t until = peer_now_ms() + (uint64_t)timeout_ms;
	size_t at = 0;

	while (at + 1 < size) {
		struct pollfd ready = { .fd = child->out, .events = POLLIN };
		uint64_t now = peer_now_ms();

		if (now >= until || poll(&ready, 1, (int)(until - now)) <= 0 || read(child->out, line + at, 1) != 1)
			return false;
		if (line[at] == '\n') {
			line[at] = '\0';
			return true;
		}
		at++;
	}
	return false;
}

void
child_close_stdin(struct child *child)
{
	if (child->in >= 0)
		close(child->in);
	child->in = -1;
}

void
child_kill(struct child *child)
{
	kill(child->pid, SIGKILL);
}

int
child_end(struct child *child, int timeout_ms)
{
	uint64_t until = peer_now_ms() + (uint64_t)timeout_ms;
	int status = 0, code = -1;

	while (true) {
		pid_t ended = waitpid(child->pid, &status, WNOHANG);

		if (ended == child->pid) {
			code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
			break;
		}
		if (peer_now_ms() > until) {
			kill(child->pid, SIGKILL);
			waitpid(child->pid, &status, 0);
			break;
		}
		peer_sleep_ms(5);
	}
	child_close_stdin(child);
	close(child->out);
	free(child);
	return code;
}

int
child_handles(struct child *child)
{
	char path[64];
	DIR *directory;
	int n = 0;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)child->pid);
	directory = opendir(path);
	if (directory == NULL)
		return -1;
	while (readdir(directory) != NULL)
		n++;
	closedir(directory);
	return n;
}

uint64_t
child_busy_ms(struct child *child)
{
	struct timespec used = {0};
	clockid_t clock;

	if (clock_getcpuclockid(child->pid, &clock) == 0)
		clock_gettime(clock, &used);
	return (uint64_t)used.tv_sec * 1000 + (uint64_t)used.tv_nsec / 1000000;
}

uint64_t
child_cpu_ms(struct child *child, const char *name)
{
	char path[64], line[512], *end;
	unsigned long user = 0, system = 0;
	struct dirent *entry;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)child->pid);
	tasks = opendir(path);
	while (tasks != NULL && (entry = readdir(tasks)) != NULL) {
		FILE *file;
		char stat[384];

		snprintf(stat, sizeof(stat), "%s/%s/stat", path, entry->d_name);
		file = fopen(stat, "r");
		if (file == NULL)
			continue;
		if (fgets(line, sizeof(line), file) != NULL && (end = strrchr(line, ')')) != NULL && strstr(line, name) != NULL)
			sscanf(end + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
		fclose(file);
	}
	if (tasks != NULL)
		closedir(tasks);
	return (uint64_t)(user + system) * 1000 / (uint64_t)sysconf(_SC_CLK_TCK);
}

struct link *
link_open(const char *endpoint)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct link *link = calloc(1, sizeof(*link));

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", endpoint);
	link->descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(link->descriptor, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		link_close(link);
		return NULL;
	}
	return link;
}

bool
link_send(struct link *link, const void *bytes, size_t length)
{
	return send(link->descriptor, bytes, length, MSG_NOSIGNAL) == (ssize_t)length;
}

size_t
link_send_some(struct link *link, const void *bytes, size_t length)
{
	struct pollfd ready = { .fd = link->descriptor, .events = POLLOUT };
	ssize_t sent;

	if (poll(&ready, 1, 200) <= 0)
		return 0;
	sent = send(link->descriptor, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
	return sent < 0 ? 0 : (size_t)sent;
}

int
link_receive(struct link *link, void *bytes, size_t length, int timeout_ms)
{
	struct pollfd ready = { .fd = link->descriptor, .events = POLLIN };
	ssize_t got;

	if (poll(&ready, 1, timeout_ms) <= 0)
		return -1;
	got = recv(link->descriptor, bytes, length, 0);
	return got < 0 ? 0 : (int)got;
}

void
link_close(struct link *link)
{
	close(link->descriptor);
	free(link);
}

static void *
map_descriptor(int descriptor, size_t size, bool writable)
{
	void *base = mmap(NULL, size, PROT_READ | (writable ? PROT_WRITE : 0), MAP_SHARED, descriptor, 0);

	close(descriptor);
	return base == MAP_FAILED ? NULL : base;
}

void *
map_named(const char *name, size_t size, bool writable)
{
	(void)name;
	(void)size;
	(void)writable;
	return NULL;
}

void *
map_file(const char *path, size_t size, bool writable)
{
	int descriptor = open(path, writable ? O_RDWR : O_RDONLY);

	return descriptor < 0 ? NULL : map_descriptor(descriptor, size, writable);
}

void *
map_received(struct link *link, size_t size, bool writable)
{
	union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int))]; } control = { 0 };
	uint8_t one = 0;
	struct iovec data = { .iov_base = &one, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };
	struct pollfd ready = { .fd = link->descriptor, .events = POLLIN };
	int descriptor;

	if (poll(&ready, 1, 5000) <= 0 || recvmsg(link->descriptor, &message, MSG_CMSG_CLOEXEC) != 1 || one != 1 ||
			control.header.cmsg_type != SCM_RIGHTS)
		return NULL;
	memcpy(&descriptor, CMSG_DATA(&control.header), sizeof(descriptor));
	/* A peer must not be able to take memory away from under the dataplane. */
	if (ftruncate(descriptor, 0) == 0) {
		close(descriptor);
		return NULL;
	}
	return map_descriptor(descriptor, size, writable);
}

void
unmap(void *base, size_t size)
{
	munmap(base, size);
}
