/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the engine needs of the operating system; a linux/ and a windows/ file implement it.
 */
#ifndef APP_ENGINE_OS_H
#define APP_ENGINE_OS_H

#include <stdbool.h>
#include <stdint.h>

/* ns since 1970 UTC. Any thread. */
uint64_t engine_os_utc_ns(void);
uint64_t engine_os_pid(void);
/* Gives the rest of the time slice away. */
void engine_os_yield(void);

/* Counts signals; each wait takes one. */
struct engine_event;
struct engine_event *engine_event_create(void);		/* NULL: no memory */
void engine_event_destroy(struct engine_event *event);
/* Any thread and signal handler. */
void engine_event_signal(struct engine_event *event);
/* False when ms went by without a signal; -1 waits for ever. */
bool engine_event_wait(struct engine_event *event, int ms);

/* Calls `stop` with a name when the user or system asks for the end (SIGINT, SIGTERM, SIGHUP; Ctrl-C, Ctrl-Break, console close,
 * logoff, shutdown). The second time the process ends at once. `stop` may run in a signal handler or on a thread of its own. */
void engine_os_watch_stop(void (*stop)(const char *reason));

#endif
