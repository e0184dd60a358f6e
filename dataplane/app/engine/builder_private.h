/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The builder's rooms among themselves: builder.c has the thread, its jobs and the publishing; builder_forwarding.c the configuration and
 * its transactions; builder_clients.c the attached queues. Builder thread only, where it does not say otherwise.
 */
#ifndef APP_BUILDER_PRIVATE_H
#define APP_BUILDER_PRIVATE_H

#include "builder.h"
#include "snapshot.h"

enum job_kind {
	JOB_FORWARDING, JOB_CONFIRM, JOB_ROLLBACK, JOB_AUTHOR_LEFT, JOB_ATTACH, JOB_DETACH, JOB_HOLD, JOB_END,
};

struct job {
	struct job *next;
	enum job_kind kind;
	struct forwarding_config config;
	struct builder_change change;
	uint64_t generation;		/* of confirm and rollback */
	uint32_t author;		/* of confirm, rollback and author left */
	bool held;
	struct attachment *attachment;	/* the job's own */
	uint32_t queue_id;
	builder_done done;
	void *context;
};

/* What lcores do now. Replaced by builder_publish alone. */
extern struct snapshot *builder_current;

/* Takes the job over, contents and all. A job that cannot be queued is answered at once, by the caller's thread. Any thread. */
void builder_submit(const struct job *wanted);

/* Makes `next` what lcores do, and returns the snapshot before when no lcore follows it any more. The caller frees or keeps it. */
struct snapshot *builder_publish(struct snapshot *next);

__attribute__((format(printf, 5, 6)))
void builder_refuse(struct builder_result *result, const char *code, const char *object, const char *remedy, const char *format, ...);
void builder_refuse_memory(struct builder_result *result, const char *object);

/* ---- builder_forwarding.c ---- */

/* A snapshot of the configuration in force with other clients. NULL: no memory. */
struct snapshot *forwarding_snapshot(struct client_plan *clients);
/* The first configuration, generation 1; takes its routes over. Before the thread starts. */
void forwarding_start(struct forwarding_config *config);
void forwarding_end(void);
void forwarding_set(struct job *job, struct builder_result *result);
void forwarding_confirm(const struct job *job, struct builder_result *result);
void forwarding_rollback(const struct job *job, struct builder_result *result);
void forwarding_author_left(uint32_t author);
/* Milliseconds until forwarding_expire has something to do; -1: never. */
int forwarding_wait_ms(void);
void forwarding_expire(void);

/* ---- builder_clients.c ---- */

void clients_attach(const struct attachment *asked, struct builder_result *result);
void clients_detach(uint32_t queue_id, struct builder_result *result);
void clients_end(void);

#endif
