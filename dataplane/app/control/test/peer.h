/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A client of the protocol in C, for tests: calls with JSON for parameters, queues with both ends' rings.
 */
#ifndef PEER_H
#define PEER_H

#include "peer_os.h"
#include "shm_queue.h"
#include "value.h"

struct peer {
	struct link *link;
	struct arena *arena;		/* of the last answers and notifications */
	uint64_t next_id;
	uint8_t token[16];
	uint64_t client;
	struct value *notified[64];	/* [2, method, params] that came while an answer was awaited */
	unsigned int notified_count;
};

struct peer_queue {
	uint64_t id;
	uint8_t *base;
	struct shm_layout layout;
	struct shm_ring fill, rx, tx, completion;
	uint32_t mtu;
};

/* NULL: refused, or no answer. `hello` is the parameters as JSON; NULL: all capabilities. */
struct peer *peer_attach(const char *endpoint, const char *hello);
void peer_detach(struct peer *peer);
/* Sends a request; json NULL: {}. */
void peer_request(struct peer *peer, const char *method, const char *json);
/* As peer_request, with parameters of any size. */
void peer_request_value(struct peer *peer, const char *method, const struct value *params);
/* {upload, routes: [count of {to: "10.x.y.z/32", via}, from number `first` on]} in the peer's arena; upload 0: without it. */
struct value *peer_routes(struct peer *peer, uint64_t upload, uint32_t first, uint32_t count, unsigned int via);
/* The result of the oldest unanswered request; as peer_call. */
struct value *peer_result(struct peer *peer);
/* The whole answer [1, id, error, result] to the oldest unanswered request, or NULL: closed, or nothing within 10 s. */
struct value *peer_answer(struct peer *peer);
/* The result, or NULL when it was refused (then peer_code says how). */
struct value *peer_call(struct peer *peer, const char *method, const char *json);
/* The error's code of the last peer_call; "" when it succeeded, "closed" when no answer came. */
const char *peer_code(void);
/* The params of the next notification of this name, or NULL after timeout_ms. */
struct value *peer_notification(struct peer *peer, const char *method, int timeout_ms);

/* One frame as it is on the wire, cut out of the stream: its tree, or NULL (closed or nothing in time). */
struct value *peer_frame(struct arena *arena, struct link *link, int timeout_ms);
void peer_send_json(struct link *link, const char *json);

/* queue.open with these parameters, mapped and read. False when refused. */
bool peer_open_queue(struct peer *peer, const char *endpoint, const char *json, struct peer_queue *queue);
void peer_unmap_queue(struct peer_queue *queue);
/* The segment of an answer that has `segment`. */
void *peer_map(const char *endpoint, const struct value *answer, bool writable, size_t *size);
/* A doorbell connection for this peer. */
struct link *peer_doorbell(struct peer *peer, const char *endpoint);

#endif
