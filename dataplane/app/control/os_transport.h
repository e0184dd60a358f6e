/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The instance's endpoint and its connections: Unix sockets on Linux, named pipes on Windows. One thread polls; the callbacks run
 * inside os_transport_poll. Only processes of the same user (or root, SYSTEM, administrators) get as far as `opened`.
 */
#ifndef APP_OS_TRANSPORT_H
#define APP_OS_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

#include "os_error.h"

struct os_transport;
struct os_connection;
struct os_segment;

/* Connections at one time, of all roles; more are closed as soon as they come. */
#define OS_MAX_CONNECTIONS 256u
/* Bytes waiting for a peer that does not read; one frame of the greatest length always fits. */
#define OS_MAX_QUEUED (4u << 20)

struct os_events {
	/* A peer has connected. What it returns is given to the other callbacks; NULL closes the connection (no `closed` then). */
	void *(*opened)(void *context, struct os_connection *connection);
	/* False: close as by os_connection_end. */
	bool (*received)(void *context, void *user, const uint8_t *bytes, size_t length);
	/* Once, whoever ended it. The connection is gone when this returns. */
	void (*closed)(void *context, void *user);
	/* After one or several os_transport_wake. */
	void (*woken)(void *context);
	/* The pipe or socket on stdin has ended (only after os_transport_watch_stdin). */
	void (*stdin_ended)(void *context);
};

/* Locks the instance and listens. `endpoint` receives the socket path or pipe name. NULL with `error` filled. */
struct os_transport *os_transport_open(const char *instance, const struct os_events *events, void *context,
	char *endpoint, size_t endpoint_size, struct os_error *error);
/* Waits up to timeout_ms for something to happen and handles all of it. */
void os_transport_poll(struct os_transport *transport, int timeout_ms);
/* Makes a poll in progress, or the next, call `woken`. Any thread; async-signal-safe on Linux. */
void os_transport_wake(struct os_transport *transport);
/* No more peers; those connected stay. */
void os_transport_stop_listening(struct os_transport *transport);
/* Closes every connection (`closed` is called), removes the endpoint's files and frees the lock. */
void os_transport_close(struct os_transport *transport);
/* Nothing happens unless stdin is a pipe or a socket. */
void os_transport_watch_stdin(struct os_transport *transport);

/* ---- the polling thread ---- */

/* Sends or queues all bytes, in order. -1: over OS_MAX_QUEUED or out of memory; the connection is then ending. */
int os_connection_send(struct os_connection *connection, const void *bytes, size_t length);
/* Reads no more, closes when what is queued has been written, or after a second. */
void os_connection_end(struct os_connection *connection);
/* While paused nothing is read from it; what was read already is not given again. */
void os_connection_pause(struct os_connection *connection, bool paused);
/* Bytes that wait for the peer to read. */
size_t os_connection_queued(const struct os_connection *connection);
/* The peer's process id as the system knows it; 0 when it does not. */
uint32_t os_connection_pid(const struct os_connection *connection);
/* Answers with the byte 0x01 and the segment's descriptor. -1 where segments go by name. */
int os_connection_give(struct os_connection *connection, const struct os_segment *segment, bool writable);

/* ---- any one thread, while the connection is known to be open ---- */

enum os_ring { OS_RUNG, OS_RING_UNREAD, OS_RING_GONE };
/* Writes the byte 0x01 unless the peer has not read the last one yet. Never waits. */
enum os_ring os_connection_ring(struct os_connection *connection);

#endif
