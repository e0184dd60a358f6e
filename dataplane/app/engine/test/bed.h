/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The bed of the engine's tests: a builder and lcores on two net_null ports that receive without end, and client queues of the
 * test's own, which notice when an lcore touches one that was detached.
 */
#ifndef APP_ENGINE_TEST_BED_H
#define APP_ENGINE_TEST_BED_H

#include "builder_thread.h"
#include "lcore.h"

/* A lane; the first one stands for its queue. Written by lcores, but for what the test sets before it attaches. */
struct client_queue {
	struct client_queue *first, *others[WDPDK_LIMIT_LANES];
	uint32_t id;
	uint64_t life;
	unsigned int user;		/* the lcore that uses this lane, plus one */
	uint64_t frames, sent;		/* of all lanes */
	bool wake_owed;			/* delivered to, and nobody has looked whether the client sleeps */
	bool silent;			/* its client has not begun to receive */
	uint32_t per_burst;		/* takes at most this many of a burst */
	uint32_t to_inject, inject_bytes;	/* UDP of `flows` flows (0: each frame its own), in both directions by turns */
	uint32_t flows;
	uint32_t last_meta;
	void (*seen)(struct client_queue *queue, const struct client_queue *lane, struct rte_mbuf *mbuf, const struct frame_key *key);
};

struct client_queue *new_queue(uint32_t per_burst);
/* Receives unless per_burst is 0; then it transmits. The answer is in `answer`. */
void attach(struct client_queue *queue, uint32_t id, uint16_t port, bool redirects, int32_t priority);
/* The same with everything said but the lanes. */
void attach_as(struct client_queue *queue, struct attachment *attachment);
/* Afterwards the queue is poison for an lcore that still knows it. */
void detach(struct client_queue *queue);
/* One that is not attached, or not any more. */
void discard(struct client_queue *queue);
/* Which flow a frame of write_frame is of. */
uint32_t flow_of(const struct frame_key *key);
uint32_t meta_of(const struct client_queue *queue);

/* What the builder answered last. `bed_answered` is a builder_done; bed_wait waits for one call of it. */
extern struct builder_result answer;
void bed_answered(void *context, struct builder_result *result);
void bed_wait(void);

/* Both ports in a mode, 0 to 1 and 1 to 0, and one route whose next hop's MAC starts with `mac`. */
void bed_config(struct forwarding_config *config, enum port_mode mode, uint8_t mac);
/* Sets that configuration and waits for the answer. */
void use_mode(enum port_mode mode, uint8_t mac, uint64_t if_generation);

/* Ends the program after 20 s without `more` of what is counted. */
void wait_for_frames(const uint64_t *counter, uint64_t more);
/* Until a counter has come to `total`, at all. */
void wait_for_total(const uint64_t *counter, uint64_t total);
/* The word of lcore 0's block that counts what port 0 received. */
const uint64_t *frames_received(void);
/* Sums of all lcores for a port. */
void port_counters(uint16_t port, uint64_t out[PORT_COUNTERS]);
/* True when each block is balanced by itself, as it is at any time, not only at rest. */
bool is_balanced(void);

/* True when all blocks together balance, as they do at rest: a frame may be received by one lcore and sent by another. */
bool is_balanced_at_rest(void);

/* EAL, ports, lcores and builder around `cases`, which runs on a thread of its own. Words of argv: "two" lcores that share a CPU;
 * "adaptive". False when something did not start. */
bool bed_run(int argc, char **argv, void (*cases)(void));
/* The same with two ports of other drivers, two lcores, and `rxq` receive queues each. */
bool bed_run_ports(char *first, char *second, unsigned int rxq, void (*cases)(void));

#endif
