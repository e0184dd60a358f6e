/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The control side: instance lock, endpoint, clients, doorbells, liveness. One control thread and one doorbell thread.
 */
#ifndef APP_CONTROL_H
#define APP_CONTROL_H

#include <stdbool.h>

#include "value.h"

struct control_options {
	const char *instance;
	bool watch_stdin;		/* end the process when the pipe on stdin closes (nothing happens unless it is a pipe or socket) */
	void (*request_stop)(const char *reason);	/* callable from any thread and signal handler */
};

/* Locks the instance, listens, starts the threads. 0, or -1 after printing an error (object, cause, remedy) to stderr:
 * instance in use, no permission, name invalid. `endpoint` (at least 256 bytes) receives the socket path or pipe name. */
int control_start(const struct control_options *options, char *endpoint, size_t endpoint_size);

/* Makes the counters segment for `lcores` blocks and returns its LCORE_COUNTERS area, zeroed; to be called once before builder,
 * forwarding and control start (main hands it to report_use_counters; the builder is asked to tell of changes that it undoes). NULL
 * after printing an error. */
void *control_counters_area(unsigned int lcores);

/* Says goodbye to every client, detaches their queues (forwarding must still run), closes, removes endpoint files. Idempotent. */
void control_stop(void);

/* Adds `clients: [...]` (id, name, pid, queues with their counters; clients that left are included with `left: true`) to a
 * report. Any thread. */
void control_report_clients(struct arena *arena, struct value *report);

#endif
