/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Named pipes over one completion port. Each connection has at most one read and one write under way; it is freed when neither is,
 * for the system writes into its buffers until then.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "endpoint_windows.h"
#include "os_segment.h"
#include "os_system.h"
#include "os_transport.h"
#include "out_queue.h"
#include "security_windows.h"
#include "wdpdk_protocol.h"

#define READ_BYTES 16384
#define WRITE_BYTES 65536
#define EVENTS 64
#define LISTENERS 4
#define LINGER_NS UINT64_C(1000000000)

enum key { KEY_CONNECTION, KEY_WAKE, KEY_STDIN };

struct os_connection {
	struct os_transport *transport;
	struct os_connection *previous, *next;
	HANDLE pipe;
	OVERLAPPED connect_op, read_op, write_op, ring_op;
	bool listening;		/* waits for its peer */
	bool reading, writing, rung;
	bool checked;		/* the peer's user was looked at */
	bool paused;
	bool ending, dead, told;	/* told: `closed` was called */
	uint64_t linger_until;
	uint32_t pid;
	void *user;
	struct out_queue out;
	size_t in_flight;	/* its first bytes, which are being written */
	uint8_t ring_byte;
	uint8_t buffer[READ_BYTES];
	uint8_t sending[WRITE_BYTES];
};

struct os_transport {
	struct endpoint endpoint;
	struct os_events events;
	void *context;
	HANDLE port;
	LONG wake_posted;
	bool listening;
	unsigned int count;
	struct os_connection *connections;
};

static void keep_listening(struct os_transport *transport);

static void
unlink_connection(struct os_connection *connection)
{
	struct os_transport *transport = connection->transport;

	if (connection->previous != NULL)
		connection->previous->next = connection->next;
	else
		transport->connections = connection->next;
	if (connection->next != NULL)
		connection->next->previous = connection->previous;
	transport->count--;
	if (connection->ring_op.hEvent != NULL)
		CloseHandle((HANDLE)((uintptr_t)connection->ring_op.hEvent & ~(uintptr_t)1));
	out_queue_free(&connection->out);
	free(connection);
}

static void
start_read(struct os_connection *connection)
{
	memset(&connection->read_op, 0, sizeof(connection->read_op));
	connection->reading = true;
	if (!ReadFile(connection->pipe, connection->buffer, READ_BYTES, NULL, &connection->read_op) &&
			GetLastError() != ERROR_IO_PENDING) {
		connection->reading = false;
		connection->dead = true;
	}
}

static void
start_write(struct os_connection *connection)
{
	size_t length = out_queue_waiting(&connection->out);

	if (connection->writing || connection->dead || length == 0)
		return;
	if (length > WRITE_BYTES)
		length = WRITE_BYTES;
	/* A copy of its own: the queue may be moved while the system reads it. */
	memcpy(connection->sending, connection->out.bytes + connection->out.at, length);
	connection->in_flight = length;
	memset(&connection->write_op, 0, sizeof(connection->write_op));
	connection->writing = true;
	if (!WriteFile(connection->pipe, connection->sending, (DWORD)length, NULL, &connection->write_op) &&
			GetLastError() != ERROR_IO_PENDING) {
		connection->writing = false;
		connection->dead = true;
	}
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
	start_write(connection);
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
}

void
os_connection_pause(struct os_connection *connection, bool paused)
{
	connection->paused = paused;
	if (!paused && !connection->reading && !connection->dead && !connection->ending)
		start_read(connection);
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
	(void)connection;
	(void)segment;
	(void)writable;
	return -1;
}

enum os_ring
os_connection_ring(struct os_connection *connection)
{
	DWORD error;

	if (connection->ring_op.hEvent == NULL) {
		HANDLE event = CreateEventW(NULL, TRUE, TRUE, NULL);

		if (event == NULL)
			return OS_RING_GONE;
		/* The lowest bit keeps this write's completion away from the port, which another thread reads. */
		connection->ring_op.hEvent = (HANDLE)((uintptr_t)event | 1);
	} else if (connection->rung && !HasOverlappedIoCompleted(&connection->ring_op)) {
		return OS_RING_UNREAD;
	}
	connection->ring_op.Internal = connection->ring_op.InternalHigh = 0;
	connection->ring_op.Offset = connection->ring_op.OffsetHigh = 0;
	connection->ring_byte = 1;
	connection->rung = true;
	if (WriteFile(connection->pipe, &connection->ring_byte, 1, NULL, &connection->ring_op))
		return OS_RUNG;
	error = GetLastError();
	if (error == ERROR_IO_PENDING)
		return OS_RUNG;
	connection->rung = false;
	return OS_RING_GONE;
}

/* ---- peers coming ---- */

static void
accept_peer(struct os_connection *connection)
{
	struct os_transport *transport = connection->transport;
	ULONG pid = 0;

	connection->listening = false;
	keep_listening(transport);
	if (transport->count > OS_MAX_CONNECTIONS + LISTENERS || !transport->listening) {
		connection->dead = connection->told = true;
		return;
	}
	if (GetNamedPipeClientProcessId(connection->pipe, &pid))
		connection->pid = pid;
	connection->user = transport->events.opened(transport->context, connection);
	if (connection->user == NULL) {
		connection->dead = connection->told = true;
		return;
	}
	start_read(connection);
}

static void
start_listening(struct os_transport *transport, HANDLE pipe)
{
	struct os_connection *connection = calloc(1, sizeof(*connection));

	if (connection == NULL || CreateIoCompletionPort(pipe, transport->port, KEY_CONNECTION, 0) == NULL) {
		CloseHandle(pipe);
		free(connection);
		return;
	}
	connection->transport = transport;
	connection->pipe = pipe;
	connection->listening = true;
	connection->next = transport->connections;
	if (connection->next != NULL)
		connection->next->previous = connection;
	transport->connections = connection;
	transport->count++;
	if (ConnectNamedPipe(pipe, &connection->connect_op))
		return;
	switch (GetLastError()) {
	case ERROR_IO_PENDING:
		return;
	case ERROR_PIPE_CONNECTED:	/* came between making and listening: no completion follows */
		PostQueuedCompletionStatus(transport->port, 0, KEY_CONNECTION, &connection->connect_op);
		return;
	default:
		connection->listening = false;
		connection->dead = connection->told = true;
	}
}

/* A listener is lost when its peer comes and goes at once, or when the system had no pipe for its successor: after each poll as many
 * as there should be are there again. */
static void
keep_listening(struct os_transport *transport)
{
	unsigned int listeners = 0;

	for (const struct os_connection *connection = transport->connections; connection != NULL; connection = connection->next)
		listeners += connection->listening && !connection->dead;
	for (; transport->listening && listeners < LISTENERS; listeners++) {
		HANDLE pipe = endpoint_pipe(&transport->endpoint, false);

		if (pipe == INVALID_HANDLE_VALUE)
			return;
		start_listening(transport, pipe);
	}
}

struct os_transport *
os_transport_open(const char *instance, const struct os_events *events, void *context,
	char *endpoint, size_t endpoint_size, struct os_error *error)
{
	struct os_transport *transport = calloc(1, sizeof(*transport));
	HANDLE first;

	if (transport == NULL) {
		os_error_set(error, instance, "Free memory", "no memory for the control channel");
		return NULL;
	}
	transport->events = *events;
	transport->context = context;
	transport->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
	if (transport->port == NULL) {
		windows_error_set(error, instance, "Free memory, or restart the machine", "CreateIoCompletionPort", GetLastError());
		free(transport);
		return NULL;
	}
	first = endpoint_open(&transport->endpoint, instance, error);
	if (first == INVALID_HANDLE_VALUE) {
		CloseHandle(transport->port);
		free(transport);
		return NULL;
	}
	transport->listening = true;
	start_listening(transport, first);
	keep_listening(transport);
	snprintf(endpoint, endpoint_size, "%ls", transport->endpoint.pipe);
	return transport;
}

/* ---- completions ---- */

static struct os_connection *
owner_of(OVERLAPPED *operation, struct os_transport *transport)
{
	for (struct os_connection *connection = transport->connections; connection != NULL; connection = connection->next)
		if (operation == &connection->connect_op || operation == &connection->read_op || operation == &connection->write_op)
			return connection;
	return NULL;
}

static void
read_done(struct os_connection *connection, bool good, DWORD bytes)
{
	struct os_transport *transport = connection->transport;

	connection->reading = false;
	if (connection->dead || connection->ending)
		return;
	if (!good || bytes == 0) {
		connection->dead = true;
		return;
	}
	if (!connection->checked) {
		connection->checked = true;
		if (!security_peer_allowed(connection->pipe)) {
			connection->dead = true;
			return;
		}
	}
	if (!transport->events.received(transport->context, connection->user, connection->buffer, bytes))
		os_connection_end(connection);
	if (!connection->dead && !connection->ending && !connection->paused)
		start_read(connection);
}

static void
write_done(struct os_connection *connection, bool good, DWORD bytes)
{
	connection->writing = false;
	if (!good || bytes != connection->in_flight) {
		connection->dead = true;
		return;
	}
	out_queue_sent(&connection->out, bytes);
	if (connection->ending && out_queue_waiting(&connection->out) == 0)
		connection->dead = true;
	start_write(connection);
}

static void
complete(struct os_transport *transport, const OVERLAPPED_ENTRY *entry)
{
	struct os_connection *connection = owner_of(entry->lpOverlapped, transport);
	bool good = entry->lpOverlapped->Internal == 0;

	if (connection == NULL)
		return;
	if (entry->lpOverlapped == &connection->connect_op) {
		if (connection->dead) {
			connection->listening = false;
		} else if (good) {
			accept_peer(connection);
		} else {
			connection->listening = false;
			connection->dead = connection->told = true;
		}
	} else if (entry->lpOverlapped == &connection->read_op) {
		read_done(connection, good, entry->dwNumberOfBytesTransferred);
	} else {
		write_done(connection, good, entry->dwNumberOfBytesTransferred);
	}
}

/* Tells of the dead and closes their pipes; frees those that nothing is under way on. Completions of the rest come later. */
static void
close_dead(struct os_transport *transport)
{
	struct os_connection *next;
	uint64_t now = os_monotonic_ns();

	for (struct os_connection *connection = transport->connections; connection != NULL; connection = next) {
		next = connection->next;
		if (connection->ending && now >= connection->linger_until)
			connection->dead = true;
		if (!connection->dead)
			continue;
		if (!connection->told) {
			connection->told = true;
			transport->events.closed(transport->context, connection->user);
		}
		if (connection->pipe != NULL) {
			CancelIoEx(connection->pipe, NULL);
			if (connection->rung) {
				DWORD bytes;

				GetOverlappedResult(connection->pipe, &connection->ring_op, &bytes, TRUE);
				connection->rung = false;
			}
			CloseHandle(connection->pipe);
			connection->pipe = NULL;
		}
		if (!connection->reading && !connection->writing && !connection->listening)
			unlink_connection(connection);
	}
}

void
os_transport_poll(struct os_transport *transport, int timeout_ms)
{
	OVERLAPPED_ENTRY entries[EVENTS];
	ULONG n = 0;

	if (!GetQueuedCompletionStatusEx(transport->port, entries, EVENTS, &n, (DWORD)timeout_ms, FALSE))
		n = 0;
	for (ULONG i = 0; i < n; i++) {
		switch ((enum key)entries[i].lpCompletionKey) {
		case KEY_WAKE:
			InterlockedExchange(&transport->wake_posted, 0);
			transport->events.woken(transport->context);
			break;
		case KEY_STDIN:
			transport->events.stdin_ended(transport->context);
			break;
		default:
			complete(transport, &entries[i]);
		}
	}
	close_dead(transport);
	keep_listening(transport);
}

void
os_transport_wake(struct os_transport *transport)
{
	if (InterlockedExchange(&transport->wake_posted, 1) == 0)
		PostQueuedCompletionStatus(transport->port, 0, KEY_WAKE, NULL);
}

/* ---- stdin ---- */

/* A thread of its own, for a pipe on stdin was opened by somebody else and need not take overlapped reads. It is never joined: it
 * sits in a read that only the parent can end, and goes with the process. */
static DWORD WINAPI
watch_stdin(void *context)
{
	HANDLE port = context, input = GetStdHandle(STD_INPUT_HANDLE);
	char bytes[512];
	DWORD got;

	while (ReadFile(input, bytes, sizeof(bytes), &got, NULL) && got > 0)
		continue;
	PostQueuedCompletionStatus(port, 0, KEY_STDIN, NULL);
	CloseHandle(port);
	return 0;
}

void
os_transport_watch_stdin(struct os_transport *transport)
{
	HANDLE input = GetStdHandle(STD_INPUT_HANDLE), port, thread;

	if (input == NULL || input == INVALID_HANDLE_VALUE || GetFileType(input) != FILE_TYPE_PIPE)
		return;
	if (!DuplicateHandle(GetCurrentProcess(), transport->port, GetCurrentProcess(), &port, 0, FALSE, DUPLICATE_SAME_ACCESS))
		return;
	thread = CreateThread(NULL, 65536, watch_stdin, port, 0, NULL);
	if (thread != NULL)
		CloseHandle(thread);
	else
		CloseHandle(port);
}

/* ---- the end ---- */

void
os_transport_stop_listening(struct os_transport *transport)
{
	transport->listening = false;
	endpoint_remove_run_file(&transport->endpoint);
	for (struct os_connection *connection = transport->connections; connection != NULL; connection = connection->next)
		if (connection->listening)
			connection->dead = connection->told = true;
	close_dead(transport);
}

void
os_transport_close(struct os_transport *transport)
{
	uint64_t until = os_monotonic_ns() + LINGER_NS;

	os_transport_stop_listening(transport);
	for (struct os_connection *connection = transport->connections; connection != NULL; connection = connection->next)
		connection->dead = true;
	close_dead(transport);
	while (transport->connections != NULL && os_monotonic_ns() < until)
		os_transport_poll(transport, 10);
	/* What is left is still known to the system and stays. */
	endpoint_close(&transport->endpoint);
	CloseHandle(transport->port);
	if (transport->connections == NULL)
		free(transport);
}
