/* SPDX-License-Identifier: BSD-3-Clause */
#include "builder.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_lcore.h>
#include <rte_pause.h>

#include "builder_private.h"
#include "builder_thread.h"
#include "engine_os.h"
#include "lcore.h"

/* How long the builder spins, and then yields, for an lcore that is in the middle of a burst; after that it sleeps. */
#define GRACE_SPINS 2000u
#define GRACE_YIELDS 2000u
#define GRACE_SLEEP_US 500u

/* Jobs: any thread puts in, the builder thread takes out. */
static pthread_mutex_t jobs_lock = PTHREAD_MUTEX_INITIALIZER;
static struct job *jobs_first, **jobs_end = &jobs_first;
static bool jobs_closed;
static struct engine_event *jobs_event;
static pthread_t builder;

struct snapshot *builder_current;
static bool held;

void
builder_refuse(struct builder_result *result, const char *code, const char *object, const char *remedy, const char *format, ...)
{
	va_list args;

	result->code = code;
	snprintf(result->object, sizeof(result->object), "%s", object);
	snprintf(result->remedy, sizeof(result->remedy), "%s", remedy);
	va_start(args, format);
	vsnprintf(result->message, sizeof(result->message), format, args);
	va_end(args);
}

void
builder_refuse_memory(struct builder_result *result, const char *object)
{
	builder_refuse(result, WDPDK_E_NO_MEMORY, object, "Use fewer routes or queues, or allow more memory with the EAL option -m.",
		"no memory for the new configuration");
}

/* ---- publishing ---- */

static void
wait_for_lcore(const struct lcore *lcore, uint64_t sequence)
{
	for (unsigned int tries = 0; __atomic_load_n(&lcore->seen, __ATOMIC_ACQUIRE) < sequence; tries++) {
		if (tries < GRACE_SPINS)
			rte_pause();
		else if (tries < GRACE_SPINS + GRACE_YIELDS)
			engine_os_yield();
		else
			rte_delay_us_sleep(GRACE_SLEEP_US);
	}
}

struct snapshot *
builder_publish(struct snapshot *next)
{
	static uint64_t sequence;
	struct snapshot *old = builder_current;

	next->sequence = ++sequence;
	next->generation = builder_generation();
	next->held = held;
	builder_current = next;
	__atomic_store_n(&lcores_published, (const struct snapshot *)next, __ATOMIC_SEQ_CST);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (unsigned int i = 0; i < lcore_count; i++) {
		wait_for_lcore(&lcores[i], sequence);
	}
	return old;
}

/* ---- jobs ---- */

/* Held, no lcore polls; then those that get frames from another one finish them. The second snapshot says the same as the first: when
 * all have taken it, the last of these frames are where they belong and counted. */
static void
hold(const struct job *job, struct builder_result *result)
{
	struct snapshot *next = forwarding_snapshot(builder_current->clients);
	bool settles = job->held && lcores_share_ports();
	struct snapshot *again = settles ? forwarding_snapshot(builder_current->clients) : NULL;

	if (next == NULL || (settles && again == NULL)) {
		snapshot_free(next);
		builder_refuse_memory(result, "forwarding");
		return;
	}
	held = job->held;
	snapshot_free(builder_publish(next));
	if (again == NULL)
		return;
	while (!lcores_are_empty())
		rte_delay_us_sleep(GRACE_SLEEP_US);
	snapshot_free(builder_publish(again));
}

static struct job *
take_job(void)
{
	struct job *job;

	pthread_mutex_lock(&jobs_lock);
	job = jobs_first;
	if (job != NULL) {
		jobs_first = job->next;
		if (jobs_first == NULL)
			jobs_end = &jobs_first;
	}
	pthread_mutex_unlock(&jobs_lock);
	return job;
}

static void
free_contents(struct job *job)
{
	forwarding_config_free(&job->config);
	free(job->attachment);
}

static void
do_job(struct job *job)
{
	struct builder_result result = { .previous = builder_generation() };

	switch (job->kind) {
	case JOB_FORWARDING: forwarding_set(job, &result); break;
	case JOB_CONFIRM: forwarding_confirm(job, &result); break;
	case JOB_ROLLBACK: forwarding_rollback(job, &result); break;
	case JOB_AUTHOR_LEFT: forwarding_author_left(job->author); break;
	case JOB_ATTACH: clients_attach(job->attachment, &result); break;
	case JOB_DETACH: clients_detach(job->queue_id, &result); break;
	case JOB_HOLD: hold(job, &result); break;
	case JOB_END: break;
	}
	result.generation = builder_generation();
	if (job->done != NULL)
		job->done(job->context, &result);
}

static void *
builder_loop(void *context)
{
	bool ended = false;

	(void)context;
	while (!ended) {
		struct job *job;

		engine_event_wait(jobs_event, forwarding_wait_ms());
		/* What should have been undone by now is, before a job that asks about it. */
		forwarding_expire();
		while ((job = take_job()) != NULL) {
			do_job(job);
			ended = job->kind == JOB_END;
			free_contents(job);
			free(job);
			forwarding_expire();
		}
	}
	return NULL;
}

void
builder_submit(const struct job *wanted)
{
	struct job *job = malloc(sizeof(*job));
	struct builder_result result = { 0 };
	struct job unused = *wanted;
	bool closed;

	if (job != NULL)
		*job = *wanted;
	pthread_mutex_lock(&jobs_lock);
	closed = jobs_closed;
	if (job != NULL && !closed) {
		job->next = NULL;
		*jobs_end = job;
		jobs_end = &job->next;
		jobs_closed = job->kind == JOB_END;
	}
	pthread_mutex_unlock(&jobs_lock);
	if (job != NULL && !closed) {
		engine_event_signal(jobs_event);
		return;
	}
	if (closed)
		builder_refuse(&result, WDPDK_E_GONE, "dataplane", "Start it again.", "the dataplane is ending");
	else
		builder_refuse_memory(&result, "dataplane");
	if (wanted->done != NULL)
		wanted->done(wanted->context, &result);
	free_contents(&unused);
	free(job);
}

void
builder_attach(const struct attachment *attachment, builder_done done, void *context)
{
	struct attachment *copy = malloc(sizeof(*copy));
	struct builder_result result = { 0 };

	if (copy != NULL) {
		*copy = *attachment;
		builder_submit(&(struct job){ .kind = JOB_ATTACH, .attachment = copy, .done = done, .context = context });
		return;
	}
	builder_refuse_memory(&result, "queue");
	done(context, &result);
}

void
builder_detach(uint32_t queue_id, builder_done done, void *context)
{
	builder_submit(&(struct job){ .kind = JOB_DETACH, .queue_id = queue_id, .done = done, .context = context });
}

void
builder_hold(bool hold_now, builder_done done, void *context)
{
	builder_submit(&(struct job){ .kind = JOB_HOLD, .held = hold_now, .done = done, .context = context });
}

/* ---- life ---- */

int
builder_start(struct forwarding_config *config, bool start_held)
{
	struct client_plan *nobody = client_plan_create(NULL, 0);
	struct snapshot *first;

	if (nobody == NULL)
		return -ENOMEM;
	nobody->references++;
	first = snapshot_create(config, nobody, NULL);
	client_plan_release(nobody);
	jobs_event = engine_event_create();
	if (first == NULL || jobs_event == NULL) {
		snapshot_free(first);
		engine_event_destroy(jobs_event);
		return -ENOMEM;
	}
	forwarding_start(config);
	jobs_closed = false;
	held = start_held;
	builder_publish(first);
	if (rte_ctrl_thread_create(&builder, "wdpdk-builder", NULL, builder_loop, NULL) != 0) {
		jobs_closed = true;
		return -EAGAIN;
	}
	return 0;
}

void
builder_stop(void)
{
	builder_submit(&(struct job){ .kind = JOB_END });
	pthread_join(builder, NULL);
	__atomic_store_n(&lcores_published, NULL, __ATOMIC_RELAXED);
	snapshot_free(builder_current);
	builder_current = NULL;
	clients_end();
	engine_event_destroy(jobs_event);
	forwarding_end();
}
