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

/* Members of a group share one match: the group is one consumer, and each frame goes to the member that its flow's bucket belongs to. */
struct fanout {
	char group[WDPDK_LIMIT_NAME_BYTES];	/* empty: not in a group */
	bool by_rss;				/* the device's hash where a frame has one, else (and by default) our symmetric flow hash */
	uint16_t buckets;			/* 128 or 512 */
};

struct attachment {
	/* One per lcore that may touch the queue: builder_lanes() of them. */
	struct client_queue *lanes[WDPDK_LIMIT_LANES];
	uint16_t lane_count;
	uint32_t queue_id;
	uint16_t port;			/* port id, or PORT_ANY (receive only) */
	bool receives, transmits, redirects;
	bool at_tx;			/* receives what is about to leave by the port, not what came in by it */
	int32_t priority;		/* higher first; order among equals is the order of attaching */
	struct match match;
	struct fanout fanout;
};

struct builder_result {
	const char *code;		/* NULL: done; else one of WDPDK_E_* */
	char message[256], object[96], remedy[192];
	struct config_issues issues;	/* the receiver frees it */
	uint64_t generation;		/* of the snapshot now in force */
	uint64_t previous;		/* of the one in force when the builder took the request up */
};

typedef void (*builder_done)(void *context, struct builder_result *result);

/* How many lanes a queue at `port` (or PORT_ANY) needs: the lcores that may deliver to it, or take from it. Queues that only transmit
 * have one. Fixed once lcores_assign has run. Any thread. */
unsigned int builder_lanes(uint16_t port, bool receives);

struct builder_change {
	uint64_t if_generation;		/* 0: unconditional. A stale one gives WDPDK_E_CONFLICT */
	uint32_t confirm_ms;		/* 0: for good. Else undone unless confirmed within this time, or when `author` leaves */
	uint32_t author;		/* client id */
};

/* Takes ownership of the config's routes. While an earlier change waits for its confirmation, any other is refused with
 * WDPDK_E_CONFLICT, naming who is asked. */
void builder_set_forwarding(struct forwarding_config *config, const struct builder_change *change, builder_done done, void *context);
/* Makes the change that led to `generation` stand, or undoes it (the result's generation is then that of the restored one).
 * WDPDK_E_NOT_FOUND when no such change of this author waits (any more). */
void builder_confirm(uint64_t generation, uint32_t author, builder_done done, void *context);
void builder_rollback(uint64_t generation, uint32_t author, builder_done done, void *context);
/* The client is gone: what it has not confirmed is undone. */
void builder_author_left(uint32_t author);
/* `changed` is called on the builder thread when a change was undone, by time-out, rollback or its author's death. Set once, before
 * builder_start. */
void builder_watch_undone(void (*changed)(uint64_t generation, uint32_t author));
/* Overlapping redirects of equal priority on a port are refused (WDPDK_E_CONFLICT) naming the other queue. */
void builder_attach(const struct attachment *attachment, builder_done done, void *context);
/* After `done` no lcore touches the queue. Detaching a queue that is not attached is no error. */
void builder_detach(uint32_t queue_id, builder_done done, void *context);

/* Holds all traffic or lets it flow again. When `done` is called with held = true, no lcore takes frames from a port or from a client
 * any more until it is released; all that had been taken is where it belongs. */
void builder_hold(bool held, builder_done done, void *context);

/* Of the configuration in force. Any thread. */
uint64_t builder_generation(void);
/* A copy of the configuration in force and its generation (counts changes of forwarding; first is 1). 0 or -ENOMEM. */
int builder_get_forwarding(struct forwarding_config *copy, uint64_t *generation);
uint32_t builder_route_count(void);

#endif
