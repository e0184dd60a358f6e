/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/sockios.h>

#include "endpoint_linux.h"
#include "os_segment.h"
#include "os_system.h"
#include "os_transport.h"
#include "out_queue.h"
#include "wdpdk_protocol.h"

/* Of one connection in one round: what a flood asks in between is how long the others wait. */
#define READ_BYTES 16384
#define EVENTS 64
#define LINGER_NS UINT64_C(1000000000)
/* How long nobody is accepted after the system had no descriptor or memory for one: a listener with a peer that cannot be accepted
 * stays ready, and polling it would take a whole CPU. */
#define ACCEPT_PAUSE_NS UINT64_C(100000000)

struct os_connection {
	struct os_transport *transport;
	struct os_connection *previous, *next;
	int descriptor;
	uint32_t pid;
	void *user;
	bool ending;		/* reads no more; closes when `out` is empty or at `linger_until` */
	bool dead;		/* closed at the end of this poll */
	bool waits_to_write, paused;
	uint64_t linger_until;
	struct out_queue out;
};

struct os_transport {
	struct endpoint endpoint;
	struct os_events events;
	void *context;
	int epoll, wake;
	bool stdin_watched;
	bool refused;		/* the last accept failed: it has been said */
	uint64_t accept_at;	/* when to listen again; 0: listening */
	unsigned int count;
	struct os_connection *connections;
	uint8_t buffer[READ_BYTES];
};

static int
watch(struct os_transport *transport, int operation, int descriptor, uint32_t events, void *tag)
{
	struct epoll_event event = { .events = events, .data.ptr = tag };

	return epoll_ctl(transport->epoll, operation, descriptor, &event);
}

struct os_transport *
os_transport_open(const char *instance, const struct os_events *events, void *context,
	char *endpoint, size_t endpoint_size, struct os_error *error)
{
	struct os_transport *transport = calloc(1, sizeof(*transport));

	if (transport == NULL) {
		os_error_set(error, instance, "Free memory", "no memory for the control channel");
		return NULL;
	}
	transport->events = *events;
	transport->context = context;
	transport->epoll = epoll_create1(EPOLL_CLOEXEC);
	transport->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	transport->endpoint.lock = transport->endpoint.listener = -1;
	if (transport->epoll < 0 || transport->wake < 0) {
		os_error_set(error, instance, "Check the limit of open files (ulimit -n)", "epoll: %s", strerror(errno));
		os_transport_close(transport);
		return NULL;
	}
	if (endpoint_open(&transport->endpoint, instance, error) != 0) {
		transport->endpoint.lock = transport->endpoint.listener = -1;
		os_transport_close(transport);
		return NULL;
	}
	watch(transport, EPOLL_CTL_ADD, transport->endpoint.listener, EPOLLIN, &transport->endpoint);
	watch(transport, EPOLL_CTL_ADD, transport->wake, EPOLLIN, &transport->wake);
	snprintf(endpoint, endpoint_size, "%s", transport->endpoint.address.sun_path);
	return transport;
}

/* Only this user and root may talk to us; the directory's and the socket's modes say so already. */
static bool
authorised(int descriptor, uint32_t *pid)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
		return false;
	*pid = (uint32_t)peer.pid;
	return peer.uid == geteuid() || peer.uid == 0;
}

static void
accept_one(struct os_transport *transport, int descriptor)
{
	struct os_connection *connection;
	uint32_t pid;

	if (transport->count >= OS_MAX_CONNECTIONS || !authorised(descriptor, &pid)) {
		close(descriptor);
		return;
	}
	connection = calloc(1, sizeof(*connection));
	if (connection == NULL) {
		close(descriptor);
		return;
	}
	connection->transport = transport;
	connection->descriptor = descriptor;
	connection->pid = pid;
	connection->user = transport->events.opened(transport->context, connection);
	if (connection->user == NULL || watch(transport, EPOLL_CTL_ADD, descriptor, EPOLLIN, connection) != 0) {
		if (connection->user != NULL)
			transport->events.closed(transport->context, connection->user);
		close(descriptor);
		free(connection);
		return;
	}
	connection->next = transport->connections;
	if (connection->next != NULL)
		connection->next->previous = connection;
	transport->connections = connection;
	transport->count++;
}

static void
pause_accepting(struct os_transport *transport, int error)
{
	if (!transport->refused)
		fprintf(stderr, "wdpdk-dataplane: %s: nobody can attach: %s. Raise the limit of open files (ulimit -n), or close clients.\n",
			transport->endpoint.address.sun_path, strerror(error));
	transport->refused = true;
	transport->accept_at = os_monotonic_ns() + ACCEPT_PAUSE_NS;
	watch(transport, EPOLL_CTL_MOD, transport->endpoint.listener, 0, &transport->endpoint);
}

static void
accept_all(struct os_transport *transport)
{
	for (unsigned int i = 0; i < EVENTS && transport->endpoint.listener >= 0; i++) {
		int descriptor = accept4(transport->endpoint.listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (descriptor < 0) {
			if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
				pause_accepting(transport, errno);
			return;
		}
		transport->refused = false;
		accept_one(transport, descriptor);
	}
}

static void
resume_accepting(struct os_transport *transport)
{
	if (transport->accept_at == 0 || os_monotonic_ns() < transport->accept_at)
		return;
	transport->accept_at = 0;
	if (transport->endpoint.listener >= 0)
		watch(transport, EPOLL_CTL_MOD, transport->endpoint.listener, EPOLLIN, &transport->endpoint);
}

static void
update_interest(struct os_connection *connection)
{
	bool write = out_queue_waiting(&connection->out) > 0;

	watch(connection->transport, EPOLL_CTL_MOD, connection->descriptor,
		(connection->ending || connection->paused ? 0 : EPOLLIN) | (write ? EPOLLOUT : 0), connection);
	connection->waits_to_write = write;
}

static void
flush(struct os_connection *connection)
{
	struct out_queue *out = &connection->out;

	while (out_queue_waiting(out) > 0) {
		ssize_t sent = send(connection->descriptor, out->bytes + out->at, out_queue_waiting(out), MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EAGAIN)
			break;
		if (sent <= 0) {
			connection->dead = true;
			return;
		}
		out_queue_sent(out, (size_t)sent);
	}
	if (connection->ending && out_queue_waiting(out) == 0)
		connection->dead = true;
	if (!connection->dead && connection->waits_to_write != (out_queue_waiting(out) > 0))
		update_interest(connection);
}

int
os_connection_send(struct os_connection *connection, const void *bytes, size_t length)
{
	if (connection->dead || connection->ending)
		return -1;
	if (out_queue_put(&connection->out, bytes, length, OS_MAX_QUEUED) != 0) {
		connection->dead = true;
		return -1;
	}
	flush(connection);
	return connection->dead ? -1 : 0;
}

void
os_connection_end(struct os_connection *connection)
{
	if (connection->ending || connection->dead)
		return;
	connection->ending = true;
	connection->linger_until = os_monotonic_ns() + LINGER_NS;
	if (out_queue_waiting(&connection->out) == 0)
		connection->dead = true;
	else
		update_interest(connection);
}

void
os_connection_pause(struct os_connection *connection, bool paused)
{
	connection->paused = paused;
	if (!connection->dead)
		update_interest(connection);
}

size_t
os_connection_queued(const struct os_connection *connection)
{
	return out_queue_waiting(&connection->out);
}

uint32_t
os_connection_pid(const struct os_connection *connection)
{
	return connection->pid;
}

int
os_connection_give(struct os_connection *connection, const struct os_segment *segment, bool writable)
{
	union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int))]; } control = { 0 };
	uint8_t one = 1;
	struct iovec data = { .iov_base = &one, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };
	int descriptor = (int)segment->handle, result;

	(void)writable;	/* the seals say it: a counters segment takes no further writable mapping */
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &descriptor, sizeof(descriptor));
	do {
		result = (int)sendmsg(connection->descriptor, &message, MSG_NOSIGNAL);
	} while (result < 0 && errno == EINTR);
	return result == 1 ? 0 : -1;
}

enum os_ring
os_connection_ring(struct os_connection *connection)
{
	uint8_t one = 1;
	int unread = 0;
	ssize_t sent;

	if (ioctl(connection->descriptor, SIOCOUTQ, &unread) == 0 && unread > 0)
		return OS_RING_UNREAD;
	do {
		sent = send(connection->descriptor, &one, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	} while (sent < 0 && errno == EINTR);
	if (sent == 1)
		return OS_RUNG;
	return errno == EAGAIN ? OS_RING_UNREAD : OS_RING_GONE;
}

static void
read_once(struct os_transport *transport, struct os_connection *connection)
{
	ssize_t got = recv(connection->descriptor, transport->buffer, sizeof(transport->buffer), 0);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0)
		connection->dead = true;
	else if (!transport->events.received(transport->context, connection->user, transport->buffer, (size_t)got))
		os_connection_end(connection);
}

static void
handle(struct os_transport *transport, struct os_connection *connection, uint32_t events)
{
	if (connection->dead)
		return;
	/* A peer that is gone is gone, whatever it still asked for. */
	if (!connection->ending && !connection->paused && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
		read_once(transport, connection);
	else if ((events & (EPOLLHUP | EPOLLERR)) != 0)
		connection->dead = true;
	if (!connection->dead && (events & EPOLLOUT) != 0)
		flush(connection);
}

static void
close_dead(struct os_transport *transport)
{
	struct os_connection *connection = transport->connections, *next;
	uint64_t now = os_monotonic_ns();

	for (; connection != NULL; connection = next) {
		next = connection->next;
		if (!connection->dead && !(connection->ending && now >= connection->linger_until))
			continue;
		transport->events.closed(transport->context, connection->user);
		/* Closing says it to the peer; every answer that fits was written. */
		close(connection->descriptor);
		if (connection->previous != NULL)
			connection->previous->next = next;
		else
			transport->connections = next;
		if (next != NULL)
			next->previous = connection->previous;
		transport->count--;
		out_queue_free(&connection->out);
		free(connection);
	}
}

static void
read_stdin(struct os_transport *transport)
{
	ssize_t got = read(STDIN_FILENO, transport->buffer, sizeof(transport->buffer));

	if (got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN)))
		return;
	epoll_ctl(transport->epoll, EPOLL_CTL_DEL, STDIN_FILENO, NULL);
	transport->events.stdin_ended(transport->context);
}

void
os_transport_poll(struct os_transport *transport, int timeout_ms)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(transport->epoll, events, EVENTS, timeout_ms);

	resume_accepting(transport);
	for (int i = 0; i < n; i++) {
		void *tag = events[i].data.ptr;

		if (tag == &transport->endpoint) {
			accept_all(transport);
		} else if (tag == &transport->wake) {
			uint64_t times;

			if (read(transport->wake, &times, sizeof(times)) == sizeof(times))
				transport->events.woken(transport->context);
		} else if (tag == &transport->stdin_watched) {
			read_stdin(transport);
		} else {
			handle(transport, tag, events[i].events);
		}
	}
	close_dead(transport);
}

void
os_transport_wake(struct os_transport *transport)
{
	static const uint64_t one = 1;
	int saved = errno;

	if (write(transport->wake, &one, sizeof(one)) < 0)
		errno = saved;	/* the counter is full: a wake is pending */
}

void
os_transport_watch_stdin(struct os_transport *transport)
{
	struct stat stat;

	if (fstat(STDIN_FILENO, &stat) != 0 || (!S_ISFIFO(stat.st_mode) && !S_ISSOCK(stat.st_mode)))
		return;
	transport->stdin_watched = true;
	watch(transport, EPOLL_CTL_ADD, STDIN_FILENO, EPOLLIN, &transport->stdin_watched);
}

void
os_transport_stop_listening(struct os_transport *transport)
{
	endpoint_stop_listening(&transport->endpoint);
}

void
os_transport_close(struct os_transport *transport)
{
	os_transport_stop_listening(transport);
	for (struct os_connection *connection = transport->connections; connection != NULL; connection = connection->next)
		connection->dead = true;
	close_dead(transport);
	endpoint_close(&transport->endpoint);
	if (transport->epoll >= 0)
		close(transport->epoll);
	if (transport->wake >= 0)
		close(transport->wake);
	free(transport);
}
