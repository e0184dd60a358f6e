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
#include "queue_params.h"
#include "shm_frame.h"

/* Calls of one client that wait for the builder or a worker; one more is refused. */
#define MAX_JOBS_PER_CLIENT 32u
/* Asked of each lane of a queue that has several: fewer slots would be full with half a burst. */
#define LEAST_SLOTS_PER_LANE 16u
/* Clients that left and closed queues of a client that the report still tells apart: so many that all of them together, and all
 * that are present, fit in one answer of `stats`. */
#define MAX_LEFT 256u
#define MAX_CLOSED_QUEUES 8u
/* A frame's tree: the greatest frame of one-byte values, each a node. */
#define TREE_BYTES (64u << 20)

enum role { ROLE_NONE, ROLE_CONTROL, ROLE_DOORBELL, ROLE_DONE };

/* What an observer has been told, and what it is owed. Everything here is a state, not a history: to a peer that does not keep up
 * only the last of each is told, so that what waits for it has a bound. */
struct told {
	uint64_t serial;		/* of the news it has seen; the server's: it is owed nothing */
	uint64_t config;		/* number of the change of forwarding told last */
	uint32_t links;			/* owed: bit per port */
	uint32_t clients[WDPDK_LIMIT_CLIENTS];	/* told as present, by place; 0: none */
	uint64_t stalled[WDPDK_LIMIT_QUEUES / 64];	/* owed: bit per queue's place */
};

/* One connection. */
struct peer {
	struct peer *next, *previous;
	struct os_connection *connection;
	enum role role;
	uint64_t opened_ns;
	struct shm_frame_reader reader;
	uint8_t *rest;			/* read and not looked at yet, while others have their turn */
	size_t rest_at, rest_end;
	struct client *client;		/* of a control or doorbell connection */
	struct told told;		/* of a control connection */
	bool lost;			/* took no more answers: what it still asks is not worth handling */
};

/* What is told of a queue after it is gone. */
struct queue_record {
	struct queue_record *next;
	uint32_t id;
	bool receives, transmits, at_tx, stalled;
	uint16_t port, lanes;
	char group[WDPDK_LIMIT_NAME_BYTES];	/* of its fan-out; empty: none */
	uint64_t count[SHM_QUEUE_WORDS];	/* of all lanes together */
};

/* Whether a queue's client still takes: looked at once a tick. */
struct stall_watch {
	uint64_t words;			/* of all rings that the client moves, mixed */
	uint64_t moved_ns;		/* when they were seen to have changed */
	uint64_t drops;			/* frames without room, as of that moment */
	bool stalled;
};

enum queue_state { QUEUE_OPENING, QUEUE_OPEN, QUEUE_CLOSING };

struct queue {
	struct queue *next;
	struct client *client;
	enum queue_state state;
	uint32_t close_reason;		/* WDPDK_CLOSE_*; NONE: nobody wants it closed */
	unsigned int place;		/* in server.places_of_queues */
	struct attachment attachment;	/* lane_count is 0 until the lanes are made */
	struct shm_layout layout;
	struct client_queue_options options;	/* of lane 0 */
	struct os_segment segment;
	struct freeing *freeing;	/* made with the queue: its end must not need memory */
	struct stall_watch watch;
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
	struct upload *upload;		/* NULL: none */
	bool holds;			/* it asked for a hold that nobody has released */
	bool left;
};

/* Routes that come piece by piece. Jobs that read it hold it beside its client, and as long as one does nothing is added. */
struct upload {
	uint32_t id;
	unsigned int holders;
	struct forwarding_config routes;	/* no ports */
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

/* Work that another thread does for us; `finish` runs on the control thread when it is done. */
struct job {
	struct job *next;
	void (*run)(struct job *job);	/* on a worker: ends with job_done, or hands the job on to the builder. NULL: the builder's */
	void (*finish)(struct job *job);	/* the job is freed afterwards */
	struct queue *queue;
	struct client *client;		/* stays until its jobs are done */
	uint64_t request;
	struct builder_result result;
};

/* Each a thread: great segments must not hold up configurations, nor the other way round. */
enum worker { WORKER_SEGMENTS, WORKER_FORWARDING, WORKERS };

/* What observers are told of. */
struct news {
	uint64_t serial;		/* counts everything below */
	struct {
		uint64_t number, generation;
		char by[WDPDK_LIMIT_NAME_BYTES];
		bool rolled_back;
	} config;
	struct { bool up; uint32_t mbps; } links[WDPDK_LIMIT_PORTS];
	uint64_t links_ns;		/* when they were looked at */
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
	uint64_t forgotten, forgotten_count[SHM_QUEUE_WORDS];	/* guarded: clients that left long ago, and what all their queues counted */
	uint32_t next_client, next_queue, next_upload;
	uint64_t places;		/* bit per place taken */
	unsigned int queue_count;	/* of all clients; a report reads it on another thread */
	unsigned int waiting_peers;	/* that have a rest */
	struct queue *places_of_queues[WDPDK_LIMIT_QUEUES];
	struct news news;
	struct job *finished;		/* guarded */
	struct { uint64_t generation; uint32_t author; } undone;	/* guarded: the newest; generation 0: none */
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

/* ---- report_clients.c ---- */
/* What a queue counted, all lanes together. */
void queue_count(const struct queue *queue, uint64_t count[SHM_QUEUE_WORDS]);
/* Called with the registry locked. A client that opens and closes for ever keeps its sums, not every queue. */
void record_queue(struct client *client, const struct queue *queue, struct queue_record *record);
void queue_counters_map(struct arena *arena, struct value *map, const uint64_t *count);

/* ---- queues.c ---- */
/* Makes the queue, has its segment made and attaches it; answers `request` when that is done. False: no memory, nothing is answered. */
bool queue_open(struct client *client, const struct queue_params *params, const struct shm_layout *layout, uint16_t mtu,
	uint64_t request);
/* Starts the end of a queue in whatever state it is; harmless when it is ending. */
void queue_close(struct queue *queue, uint32_t reason);
struct queue *queue_of(struct client *client, uint32_t id);
void queue_close_broken(void);
/* Ends the queues at ports whose card was taken out. */
void queue_close_removed(void);
/* Once a tick: detaches again what could not be for lack of memory. */
void queue_close_late(void);
void queue_describe_segment(struct arena *arena, struct value *map, const struct os_segment *segment,
	const struct shm_layout *layout, const uint8_t *ticket);

/* ---- stalls.c ---- */
/* Once a tick: who does not take what is there for him? */
void stalls_watch(uint64_t now_ns);

/* ---- events.c ---- */
/* The peer learns of what comes from now on. */
void events_start(struct peer *peer);
void events_config(uint64_t generation, uint32_t author, bool rolled_back);
/* Somebody has attached or left. */
void events_clients_changed(void);
void events_stalled(const struct queue *queue);
/* Tells everyone what he is owed and has room for. Cheap when there is nothing. */
void events_tell(void);
/* Looks at the links ten times a second at most. */
void events_watch_links(uint64_t now_ns);
/* Builder thread: a builder_watch_undone. */
void events_undone(uint64_t generation, uint32_t author);
/* Control thread: what events_undone has left. */
void events_take_undone(void);

/* ---- answer.c ---- */
void failure_from_builder(struct failure *failure, struct builder_result *result);
/* Sends [1, id, nil, result] or [1, id, error, nil]. */
void answer(struct peer *peer, uint64_t id, struct arena *arena, const struct value *result, struct failure *failure);
/* Sends [2, method, params]. */
void notify(struct peer *peer, const char *method, struct arena *arena, const struct value *params);
/* Sends [2, "error", error]; the caller closes. */
void complain(struct peer *peer, struct failure *failure);

/* ---- jobs.c ---- */
/* A zeroed job of `bytes` bytes, a struct job first. NULL: no memory. */
void *job_create(size_t bytes, struct client *client, struct queue *queue, uint64_t request, void (*finish)(struct job *job));
/* Frees a job that was given to nobody. */
void job_cancel(struct job *job);
/* True when the client has as many jobs as it may; the failure is filled then. */
bool jobs_full(struct call *call, const char *method);
void job_done(void *job, struct builder_result *result);	/* a builder_done */
void jobs_finish(void);						/* runs `finish` of what is done */
int workers_start(void);					/* 0 or -1 */
/* Ends when all that was given to the workers is done. */
void workers_stop(void);
void worker_give(enum worker worker, struct job *job, void (*run)(struct job *job));

/* ---- uploads.c ---- */
/* The client's upload that the parameter `upload` names, held; NULL in *out when it is absent. False with the failure filled. */
bool upload_of_params(struct call *call, struct upload **out);
void upload_hold(struct upload *upload);
/* Lets go; frees it when nobody holds it any more. NULL is harmless. */
void upload_release(struct upload *upload);
/* It is used up: its client has none any more, unless it has begun another. */
void upload_use_up(struct client *client, struct upload *upload);

/* ---- peers.c ---- */
void *peer_opened(void *context, struct os_connection *connection);
bool peer_received(void *context, void *user, const uint8_t *bytes, size_t length);
void peer_closed(void *context, void *user);
void peer_expire(uint64_t now_ns);
/* One turn for each peer that has a rest. */
void peers_continue(void);

/* ---- methods.c ---- */
enum outcome { ANSWERED, FAILED, DEFERRED };
enum outcome method_call(struct call *call, const char *name);
enum outcome method_ports(struct call *call);
enum outcome method_counters(struct call *call);
enum outcome method_stats(struct call *call);
enum outcome method_queue_open(struct call *call);
enum outcome method_queue_close(struct call *call);
enum outcome method_forwarding_get(struct call *call);
enum outcome method_forwarding_begin(struct call *call);
enum outcome method_forwarding_append(struct call *call);
enum outcome method_forwarding_check(struct call *call);
enum outcome method_forwarding_set(struct call *call);
enum outcome method_forwarding_confirm(struct call *call);
enum outcome method_forwarding_rollback(struct call *call);
enum outcome method_hold(struct call *call);
enum outcome method_release(struct call *call);
/* Ends the hold of a client that left. */
void hold_left(struct client *client);
/* Once a tick: releases again what could not be for lack of memory. */
void hold_release_late(void);

#endif
