/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For tests that speak the protocol from outside: child processes, raw connections, mapped segments. The test's own words, sharing
 * nothing with the dataplane's OS shims.
 */
#ifndef PEER_OS_H
#define PEER_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct child;
/* Starts a program with pipes on stdin and stdout and stderr in `errors` (a file's path). arguments ends with NULL. */
struct child *child_start(const char *program, const char *const *arguments, const char *errors);
/* One line of stdout without its end. False: none came in time. */
bool child_line(struct child *child, char *line, size_t size, int timeout_ms);
void child_close_stdin(struct child *child);
void child_kill(struct child *child);
/* The exit code; -1: killed, or still running after timeout_ms (it is killed then). Frees the child. */
int child_end(struct child *child, int timeout_ms);
/* Open handles or descriptors of the child, -1 where the system does not tell. */
int child_handles(struct child *child);
/* CPU time of the child, of all its threads. */
uint64_t child_busy_ms(struct child *child);

struct link;
struct link *link_open(const char *endpoint);
bool link_send(struct link *link, const void *bytes, size_t length);
/* As link_send, but gives up when the peer does not take the bytes: how many it took. */
size_t link_send_some(struct link *link, const void *bytes, size_t length);
/* Bytes read; 0: the peer closed; -1: nothing came in time. */
int link_receive(struct link *link, void *bytes, size_t length, int timeout_ms);
void link_close(struct link *link);

/* Maps a segment that was announced by name, by file or (with the link on which its ticket was presented) by descriptor. */
void *map_named(const char *name, size_t size, bool writable);
void *map_file(const char *path, size_t size, bool writable);
void *map_received(struct link *link, size_t size, bool writable);
void unmap(void *base, size_t size);
/* Whether segments come by descriptor (Linux) or by name (Windows). */
extern const bool peer_segments_by_ticket;

uint64_t peer_now_ms(void);
void peer_sleep_ms(unsigned int ms);
/* A directory of this test alone, removed by nobody; also makes it the place where instances are found. */
const char *peer_directory(void);

#endif
