/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The control thread's world: connections, clients, queues, calls. Everything here belongs to the control thread, except what
 * `registry` guards: the lists that control_report_clients reads from any thread, and the finished jobs.
 *
 * To add a method: write its handler beside its kin in method_*.c, declare it here, add a row to the table in methods.c.
 */
#ifndef APP_SERVER_H
#define APP_SERVER_H

#include <pthread.h>

#include "builder.h"
#include "client_queue_control.h"
#include "control.h"
#include "os_segment.h"
#include "os_system.h"
#include "os_transport.h"
#include "shm_frame.h"

/* Calls of one client that wait for the builder; one more is refused. */
#define MAX_JOBS_PER_CLIENT 32u
/* Clients that left and closed queues of a client that the report still tells apart: so many that all of them together, and all
 * that are present, fit in one answer of `stats`. */
#define MAX_LEFT 256u
#define MAX_CLOSED_QUEUES 8u
/* A frame's tree: the greatest frame of one-byte values, each a node. */
#define TREE_BYTES (64u << 20)

enum role { ROLE_NONE, ROLE_CONTROL, ROLE_DOORBELL, ROLE_DONE };

/* One connection. */
struct peer {
	struct peer *next, *previous;
	struct os_connection *connection;
	enum role role;
	uint64_t opened_ns;
	struct shm_frame_reader reader;
	struct client *client;		/* of a control or doorbell connection */
	bool lost;			/* took no more answers: what it still asks is not worth handling */
};

/* What is told of a queue after it is gone. */
struct queue_record {
	struct queue_record *next;
	uint32_t id;
	bool receives, transmits;
	uint16_t port;
	uint64_t count[SHM_QUEUE_WORDS];
};

enum queue_state { QUEUE_OPENING, QUEUE_OPEN, QUEUE_CLOSING };

struct queue {
	struct queue *next;
	struct client *client;
	enum queue_state state;
	uint32_t close_reason;		/* WDPDK_CLOSE_*; NONE: nobody wants it closed */
	struct attachment attachment;
	struct shm_layout layout;
	struct os_segment segment;
	uint8_t ticket[WDPDK_TOKEN_BYTES];
	bool ticket_valid;
	bool asked;			/* a request waits for what is going on */
	uint64_t request;
};

struct client {
	struct client *next;
	uint32_t id, pid, capabilities;	/* capabilities: WDPDK_CAP_* */
	unsigned int place;		/* in the doorbell table */
	char name[WDPDK_LIMIT_NAME_BYTES];
	struct peer *control, *doorbell;	/* NULL: gone, or not there yet */
	struct os_process *process;
	uint8_t token[WDPDK_TOKEN_BYTES], counters_ticket[WDPDK_TOKEN_BYTES];
	bool token_valid, counters_ticket_valid;
	unsigned int queue_count, jobs;
	uint64_t segment_bytes;
	struct queue *queues;
	struct queue_record *closed;	/* newest first */
	unsigned int closed_count;
	bool left;
};

struct failure {
	const char *code;		/* WDPDK_E_*; NULL: none */
	char message[256], object[128], remedy[224];
	struct config_issues issues;
};

/* A request being handled. */
struct call {
	struct client *client;
	uint64_t id;
	const struct value *params;	/* a map */
	struct arena *arena;
	struct value *result;		/* a map, empty at first */
	struct failure failure;
};

/* Work the builder does for us; `finish` runs on the control thread when it is done. */
struct job {
	struct job *next;
	void (*finish)(struct job *job);
	struct queue *queue;
	struct client *client;		/* stays until its jobs are done */
	uint64_t request;
	struct builder_result result;
};

struct server {
	pthread_mutex_t registry;
	struct control_options options;
	char instance[WDPDK_LIMIT_NAME_BYTES];
	struct os_transport *transport;
	struct os_thread *thread;
	uint32_t stop, stopping;
	uint32_t first_index;
	struct peer *peers;
	struct client *clients;		/* guarded: present and, newest first, left ones */
	unsigned int present, left_count;
	uint32_t next_client, next_queue;
	uint32_t holder;		/* client whose hold is in force; 0: none, or that of --hold */
	uint64_t places;		/* bit per place taken */
	unsigned int queue_count;	/* of all clients; a report reads it on another thread */
	struct job *finished;		/* guarded */
	struct os_segment counters;
	struct shm_layout counters_layout;
};
extern struct server server;

/* ---- clients.c ---- */
struct client *client_create(struct peer *peer, const char *name, uint32_t capabilities, struct failure *failure);
/* Its control connection is gone: queues are closed, and it is told of as one that left once nothing of it is in use. */
void client_leave(struct client *client);
/* Moves a client that left to the records when its last job and queue are done. */
void client_settle(struct client *client);
struct client *client_by_token(const uint8_t *token);
void client_watch_processes(void);

/* ---- queues.c ---- */
struct queue *queue_create(struct client *client, const struct attachment *wanted, const struct shm_layout *layout,
	uint32_t snaplen, uint16_t mtu, struct failure *failure);
void queue_attach(struct queue *queue, uint64_t request);
/* Starts the end of a queue in whatever state it is; harmless when it is ending. */
void queue_close(struct queue *queue, uint32_t reason);
struct queue *queue_of(struct client *client, uint32_t id);
void queue_close_broken(void);
/* Once a tick: detaches again what could not be for lack of memory. */
void queue_close_late(void);
void queue_describe_segment(struct arena *arena, struct value *map, const struct os_segment *segment,
	const struct shm_layout *layout, const uint8_t *ticket);
void queue_counters_map(struct arena *arena, struct value *map, const uint64_t *count);

/* ---- answer.c ---- */
void failure_set(struct failure *failure, const char *code, const char *object, const char *remedy, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void failure_from_builder(struct failure *failure, struct builder_result *result);
/* Sends [1, id, nil, result] or [1, id, error, nil]. */
void answer(struct peer *peer, uint64_t id, struct arena *arena, const struct value *result, struct failure *failure);
/* Sends [2, method, params]. */
void notify(struct peer *peer, const char *method, struct arena *arena, const struct value *params);
/* Sends [2, "error", error]; the caller closes. */
void complain(struct peer *peer, struct failure *failure);

/* ---- jobs.c ---- */
struct job *job_create(struct client *client, struct queue *queue, uint64_t request, void (*finish)(struct job *job));
void job_done(void *job, struct builder_result *result);	/* a builder_done */
void jobs_finish(void);						/* runs `finish` of what is done */

/* ---- peers.c ---- */
void *peer_opened(void *context, struct os_connection *connection);
bool peer_received(void *context, void *user, const uint8_t *bytes, size_t length);
void peer_closed(void *context, void *user);
void peer_expire(uint64_t now_ns);

/* ---- methods.c ---- */
enum outcome { ANSWERED, FAILED, DEFERRED };
enum outcome method_call(struct call *call, const char *name);
enum outcome method_ports(struct call *call);
enum outcome method_counters(struct call *call);
enum outcome method_stats(struct call *call);
enum outcome method_queue_open(struct call *call);
enum outcome method_queue_close(struct call *call);
enum outcome method_forwarding_get(struct call *call);
enum outcome method_forwarding_set(struct call *call);
enum outcome method_hold(struct call *call);
enum outcome method_release(struct call *call);
/* Ends the hold of a client that left. */
void hold_left(const struct client *client);

/* Refuses keys that the method does not know. False with the failure filled. */
bool params_known(struct call *call, const char *const *keys);
/* A whole number from `low` to `high`; `fallback` when the key is absent. False with the failure filled. */
bool params_u32(struct call *call, const char *key, uint32_t low, uint32_t high, uint32_t fallback, uint32_t *out);

#endif
