/* SPDX-License-Identifier: BSD-3-Clause */
#include "builder.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_lcore.h>
#include <rte_pause.h>

#include "builder_thread.h"
#include "engine_os.h"
#include "lcore.h"

/* How long the builder spins, and then yields, for an lcore that is in the middle of a burst; after that it sleeps. */
#define GRACE_SPINS 2000u
#define GRACE_YIELDS 2000u
#define GRACE_SLEEP_US 500u

enum job_kind { JOB_FORWARDING, JOB_ATTACH, JOB_DETACH, JOB_HOLD, JOB_END };

struct job {
	struct job *next;
	enum job_kind kind;
	struct forwarding_config config;
	struct builder_change change;
	bool held;
	struct attachment attachment;
	uint32_t queue_id;
	builder_done done;
	void *context;
};

/* Jobs: any thread puts in, the builder thread takes out. */
static pthread_mutex_t jobs_lock = PTHREAD_MUTEX_INITIALIZER;
static struct job *jobs_first, **jobs_end = &jobs_first;
static bool jobs_closed;
static struct engine_event *jobs_event;
static pthread_t builder;

/* What is in force. Written by the builder thread under the lock, so that builder_get_forwarding sees it whole. */
static pthread_mutex_t force_lock = PTHREAD_MUTEX_INITIALIZER;
static struct forwarding_config in_force;
static uint64_t generation;

/* Builder thread only. */
static struct snapshot *current;
static struct attached_queue *queues[WDPDK_LIMIT_QUEUES];
static unsigned int queue_count;
static bool held;

__attribute__((format(printf, 5, 6)))
static void
refuse(struct builder_result *result, const char *code, const char *object, const char *remedy, const char *format, ...)
{
	va_list args;

	result->code = code;
	snprintf(result->object, sizeof(result->object), "%s", object);
	snprintf(result->remedy, sizeof(result->remedy), "%s", remedy);
	va_start(args, format);
	vsnprintf(result->message, sizeof(result->message), format, args);
	va_end(args);
}

static void
refuse_memory(struct builder_result *result, const char *object)
{
	refuse(result, WDPDK_E_NO_MEMORY, object, "Use fewer routes or queues, or allow more memory with the EAL option -m.",
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

/* Makes `next` what lcores do and frees the old one when none does it any more. */
static void
publish(struct snapshot *next)
{
	static uint64_t sequence;
	struct snapshot *old = current;

	next->sequence = ++sequence;
	next->generation = generation;
	next->held = held;
	current = next;
	__atomic_store_n(&lcores_published, (const struct snapshot *)next, __ATOMIC_SEQ_CST);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (unsigned int i = 0; i < lcore_count; i++) {
#ifdef WDPDK_BUG_no_grace
		break;
#endif
		wait_for_lcore(&lcores[i], sequence);
	}
	snapshot_free(old);
}

/* ---- jobs ---- */

static void
set_forwarding(struct job *job, struct builder_result *result)
{
	struct snapshot *next;
	struct forwarding_config old;

	if (job->change.if_generation != 0 && job->change.if_generation != generation) {
		refuse(result, WDPDK_E_CONFLICT, "forwarding", "Get the configuration again and apply your change to that one.",
			"the configuration is of generation %llu, not %llu: somebody else changed it",
			(unsigned long long)generation, (unsigned long long)job->change.if_generation);
		return;
	}
	next = snapshot_create(&job->config, current->clients, current);
	if (next == NULL) {
		refuse_memory(result, "forwarding");
		return;
	}
	pthread_mutex_lock(&force_lock);
	old = in_force;
	in_force = job->config;
	generation++;
	pthread_mutex_unlock(&force_lock);
	job->config = old;	/* freed with the job */
	publish(next);
}

static bool
publish_clients(struct builder_result *result, const char *object)
{
	struct client_plan *plan = client_plan_create(queues, queue_count);
	struct snapshot *next;

	if (plan == NULL) {
		refuse_memory(result, object);
		return false;
	}
	plan->references++;
	next = snapshot_create(&in_force, plan, current);
	client_plan_release(plan);
	if (next == NULL) {
		refuse_memory(result, object);
		return false;
	}
	publish(next);
	return true;
}

static const struct attached_queue *
find_rival(const struct attachment *asked)
{
	for (unsigned int i = 0; asked->redirects && i < queue_count; i++) {
		const struct attachment *other = &queues[i]->attachment;

		if (other->redirects && other->priority == asked->priority &&
			(other->port == asked->port || other->port == PORT_ANY || asked->port == PORT_ANY) &&
			match_overlaps(&other->match, &asked->match))
			return queues[i];
	}
	return NULL;
}

static void
attach(struct job *job, struct builder_result *result)
{
	const struct attachment *asked = &job->attachment;
	const struct attached_queue *rival = find_rival(asked);
	struct attached_queue *queue;
	char object[32];

	snprintf(object, sizeof(object), "queue %u", asked->queue_id);
	if (rival != NULL) {
		refuse(result, WDPDK_E_CONFLICT, object, "Narrow one of the matches, or give one queue another priority.",
			"queue %u already redirects frames that this match takes, with the same priority %d",
			rival->attachment.queue_id, asked->priority);
		return;
	}
	if (queue_count == WDPDK_LIMIT_QUEUES) {
		refuse(result, WDPDK_E_LIMIT, object, "Close queues that are no longer needed.", "there are %u queues already", queue_count);
		return;
	}
	queue = calloc(1, sizeof(*queue));
	if (queue == NULL) {
		refuse_memory(result, object);
		return;
	}
	queue->attachment = *asked;
	queue->shared = asked->port == PORT_ANY && lcore_count > 1;
	rte_spinlock_init(&queue->lock);
	queues[queue_count++] = queue;
	if (!publish_clients(result, object)) {
		queue_count--;
		free(queue);
	}
}

static void
detach(struct job *job, struct builder_result *result)
{
	for (unsigned int i = 0; i < queue_count; i++) {
		struct attached_queue *queue = queues[i];
		char object[32];

		if (queue->attachment.queue_id != job->queue_id)
			continue;
		snprintf(object, sizeof(object), "queue %u", queue->attachment.queue_id);
		memmove(&queues[i], &queues[i + 1], (queue_count - i - 1) * sizeof(queues[0]));
		queue_count--;
		/* Without memory for a new plan the queue must stay: lcores still know it. */
		if (publish_clients(result, object)) {
			free(queue);
		} else {
			memmove(&queues[i + 1], &queues[i], (queue_count - i) * sizeof(queues[0]));
			queues[i] = queue;
			queue_count++;
		}
		return;
	}
}

static void
hold(struct job *job, struct builder_result *result)
{
	struct snapshot *next = snapshot_create(&in_force, current->clients, current);

	if (next == NULL) {
		refuse_memory(result, "forwarding");
		return;
	}
	held = job->held;
	publish(next);
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

static void *
builder_loop(void *context)
{
	bool ended = false;

	(void)context;
	while (!ended) {
		struct job *job;

		engine_event_wait(jobs_event, -1);
		while ((job = take_job()) != NULL) {
			struct builder_result result = { 0 };

			switch (job->kind) {
			case JOB_FORWARDING: set_forwarding(job, &result); break;
			case JOB_ATTACH: attach(job, &result); break;
			case JOB_DETACH: detach(job, &result); break;
			case JOB_HOLD: hold(job, &result); break;
			case JOB_END: ended = true; break;
			}
			result.generation = generation;
			if (job->done != NULL)
				job->done(job->context, &result);
			forwarding_config_free(&job->config);
			free(job);
		}
	}
	return NULL;
}

/* Takes the job over. A job that cannot be queued is answered at once, by the caller's thread. */
static void
submit(const struct job *wanted)
{
	struct job *job = malloc(sizeof(*job));
	struct builder_result result = { 0 };
	struct forwarding_config unused = wanted->config;
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
		refuse(&result, WDPDK_E_GONE, "dataplane", "Start it again.", "the dataplane is ending");
	else
		refuse_memory(&result, "dataplane");
	if (wanted->done != NULL)
		wanted->done(wanted->context, &result);
	forwarding_config_free(&unused);
	free(job);
}

void
builder_set_forwarding(struct forwarding_config *config, const struct builder_change *change, builder_done done, void *context)
{
	struct job job = {
		.kind = JOB_FORWARDING, .config = *config, .change = *change, .done = done, .context = context,
	};

	config->routes = NULL;
	config->route_count = 0;
	submit(&job);
}

void
builder_attach(const struct attachment *attachment, builder_done done, void *context)
{
	submit(&(struct job){ .kind = JOB_ATTACH, .attachment = *attachment, .done = done, .context = context });
}

void
builder_detach(uint32_t queue_id, builder_done done, void *context)
{
	submit(&(struct job){ .kind = JOB_DETACH, .queue_id = queue_id, .done = done, .context = context });
}

uint64_t
builder_generation(void)
{
	uint64_t now;

	pthread_mutex_lock(&force_lock);
	now = generation;
	pthread_mutex_unlock(&force_lock);
	return now;
}

void
builder_hold(bool hold_now, builder_done done, void *context)
{
	submit(&(struct job){ .kind = JOB_HOLD, .held = hold_now, .done = done, .context = context });
}

uint32_t
builder_route_count(void)
{
	uint32_t count;

	pthread_mutex_lock(&force_lock);
	count = in_force.route_count;
	pthread_mutex_unlock(&force_lock);
	return count;
}

int
builder_get_forwarding(struct forwarding_config *copy, uint64_t *of_generation)
{
	int error;

	pthread_mutex_lock(&force_lock);
	error = forwarding_config_copy(copy, &in_force);
	*of_generation = generation;
	pthread_mutex_unlock(&force_lock);
	return error;
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
	in_force = *config;
	config->routes = NULL;
	config->route_count = 0;
	generation = 1;
	jobs_closed = false;
	held = start_held;
	publish(first);
	if (rte_ctrl_thread_create(&builder, "wdpdk-builder", NULL, builder_loop, NULL) != 0) {
		jobs_closed = true;
		return -EAGAIN;
	}
	return 0;
}

void
builder_stop(void)
{
	submit(&(struct job){ .kind = JOB_END });
	pthread_join(builder, NULL);
	__atomic_store_n(&lcores_published, NULL, __ATOMIC_RELAXED);
	snapshot_free(current);
	current = NULL;
	while (queue_count > 0)
		free(queues[--queue_count]);
	engine_event_destroy(jobs_event);
	forwarding_config_free(&in_force);
}
