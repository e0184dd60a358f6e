/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Changes of what the lcores do. The builder thread makes the next snapshot whole, checks it, publishes one pointer, waits until every
 * lcore has left the old one and then calls `done`. Lcores never wait for it. Jobs run one after the other in the order they came.
 *
 * Thread rule: submit from any thread that is no lcore; `done` is called on the builder thread and must only hand the result on.
 */
#ifndef APP_BUILDER_H
#define APP_BUILDER_H

#include "client_queue.h"
#include "forwarding_config.h"
#include "match.h"

#define PORT_ANY UINT16_MAX

struct attachment {
	struct client_queue *queue;
	uint32_t queue_id;
	uint16_t port;			/* port id, or PORT_ANY (receive only) */
	bool receives, transmits, redirects;
	int32_t priority;		/* higher first; order among equals is the order of attaching */
	struct match match;
};

struct builder_result {
	const char *code;		/* NULL: done; else one of WDPDK_E_* */
	char message[256], object[96], remedy[192];
	struct config_issues issues;	/* the receiver frees it */
	uint64_t generation;		/* of the snapshot now in force */
};

typedef void (*builder_done)(void *context, struct builder_result *result);

/* Takes ownership of the config's routes. if_generation 0: unconditional. A stale one gives WDPDK_E_CONFLICT. */
void builder_set_forwarding(struct forwarding_config *config, uint64_t if_generation, builder_done done, void *context);
/* Overlapping redirects of equal priority on a port are refused (WDPDK_E_CONFLICT) naming the other queue. */
void builder_attach(const struct attachment *attachment, builder_done done, void *context);
/* After `done` no lcore touches the queue. Detaching a queue that is not attached is no error. */
void builder_detach(struct client_queue *queue, builder_done done, void *context);

/* Holds all traffic or lets it flow again. When `done` is called with held = true, no lcore takes frames from a port or from a client
 * any more until it is released; all that had been taken is where it belongs. */
void builder_hold(bool held, builder_done done, void *context);

/* Of the configuration in force. Any thread. */
uint64_t builder_generation(void);
/* A copy of the configuration in force and its generation (counts changes of forwarding; first is 1). 0 or -ENOMEM. */
int builder_get_forwarding(struct forwarding_config *copy, uint64_t *generation);
uint32_t builder_route_count(void);

#endif
