/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The configuration in force, and the one change that may still be undone.
 */
#include <pthread.h>
#include <stdlib.h>

#include <rte_cycles.h>

#include "builder_private.h"

/* An undoing for which there was no memory is tried again after this time. */
#define RETRY_MS 100u

/* What is in force. Written by the builder thread under the lock, so that builder_get_forwarding sees it whole. */
static pthread_mutex_t force_lock = PTHREAD_MUTEX_INITIALIZER;
static struct forwarding_config in_force;
static uint64_t generation;

/* The change that waits for its author. While it does, the snapshot that it replaced is kept for its routes: undoing 100,000 of
 * them then needs neither their time nor their memory again. */
static struct {
	bool waits;
	uint32_t author;
	uint64_t deadline;		/* TSC */
	struct forwarding_config before;
	struct snapshot *snapshot;
} pending;

static void (*undone)(uint64_t generation, uint32_t author);

void
builder_watch_undone(void (*changed)(uint64_t generation, uint32_t author))
{
	undone = changed;
}

static uint64_t
tsc_after(uint32_t ms)
{
	return rte_rdtsc() + rte_get_tsc_hz() / 1000 * ms;
}

/* Rounded up, so that nobody comes back too early. */
static uint32_t
ms_until(uint64_t deadline)
{
	uint64_t now = rte_rdtsc(), a_ms = rte_get_tsc_hz() / 1000;

	return now >= deadline ? 0 : (uint32_t)((deadline - now + a_ms - 1) / a_ms);
}

struct snapshot *
forwarding_snapshot(struct client_plan *clients)
{
	return snapshot_create(&in_force, clients, builder_current);
}

/* Publishes `next`, made of `config`, as the next generation. Returns what was before: its snapshot, and its configuration in `config`. */
static struct snapshot *
replace(struct snapshot *next, struct forwarding_config *config)
{
	struct forwarding_config old = in_force;

	pthread_mutex_lock(&force_lock);
	in_force = *config;
	generation++;
	pthread_mutex_unlock(&force_lock);
	*config = old;
	return builder_publish(next);
}

static void
forget_pending(void)
{
	snapshot_free(pending.snapshot);
	pending.snapshot = NULL;
	forwarding_config_free(&pending.before);
	pending.waits = false;
}

/* False: no memory, and the change goes on waiting. */
static bool
undo(void)
{
	struct snapshot *next = snapshot_create(&pending.before, builder_current->clients, pending.snapshot);
	uint32_t author = pending.author;

	if (next == NULL)
		return false;
	snapshot_free(replace(next, &pending.before));
	forget_pending();
	if (undone != NULL)
		undone(generation, author);
	return true;
}

static bool
may_be_set(const struct builder_change *change, struct builder_result *result)
{
	if (pending.waits) {
		builder_refuse(result, WDPDK_E_CONFLICT, "forwarding", "Wait until it is confirmed or undone; then get the configuration again.",
			"generation %llu waits for client %u to confirm it, for %u ms more", (unsigned long long)generation,
			pending.author, ms_until(pending.deadline));
		return false;
	}
	if (change->if_generation != 0 && change->if_generation != generation) {
		builder_refuse(result, WDPDK_E_CONFLICT, "forwarding", "Get the configuration again and apply your change to that one.",
			"the configuration is of generation %llu, not %llu: somebody else changed it",
			(unsigned long long)generation, (unsigned long long)change->if_generation);
		return false;
	}
	return true;
}

void
forwarding_set(struct job *job, struct builder_result *result)
{
	struct snapshot *next, *old;

	if (!may_be_set(&job->change, result))
		return;
	next = snapshot_create(&job->config, builder_current->clients, builder_current);
	if (next == NULL) {
		builder_refuse_memory(result, "forwarding");
		return;
	}
	old = replace(next, &job->config);	/* the old configuration is freed with the job */
	if (job->change.confirm_ms == 0) {
		snapshot_free(old);
		return;
	}
	client_plan_release(old->clients);
	old->clients = NULL;
	pending.waits = true;
	pending.author = job->change.author;
	pending.deadline = tsc_after(job->change.confirm_ms);
	pending.snapshot = old;
	pending.before = job->config;
	job->config.routes = NULL;
	job->config.route_count = 0;
}

/* The change that waits is always the one in force: none is made beside it. */
static bool
is_pending(const struct job *job, struct builder_result *result)
{
	char object[48];

	if (pending.waits && pending.author == job->author && generation == job->generation)
		return true;
	snprintf(object, sizeof(object), "generation %llu", (unsigned long long)job->generation);
	builder_refuse(result, WDPDK_E_NOT_FOUND, object, "Get the configuration to see what is in force.",
		"no change of client %u to this generation waits for a confirmation; it was confirmed or undone, or never waited",
		job->author);
	return false;
}

void
forwarding_confirm(const struct job *job, struct builder_result *result)
{
	if (is_pending(job, result))
		forget_pending();
}

void
forwarding_rollback(const struct job *job, struct builder_result *result)
{
	if (is_pending(job, result) && !undo())
		builder_refuse_memory(result, "forwarding");
}

static void
undo_or_retry(void)
{
	if (!undo())
		pending.deadline = tsc_after(RETRY_MS);
}

void
forwarding_author_left(uint32_t author)
{
	if (pending.waits && pending.author == author)
		undo_or_retry();
}

int
forwarding_wait_ms(void)
{
	return pending.waits ? (int)ms_until(pending.deadline) : -1;
}

void
forwarding_expire(void)
{
	if (pending.waits && ms_until(pending.deadline) == 0)
		undo_or_retry();
}

/* ---- for everybody ---- */

void
builder_set_forwarding(struct forwarding_config *config, const struct builder_change *change, builder_done done, void *context)
{
	struct job job = {
		.kind = JOB_FORWARDING, .config = *config, .change = *change, .done = done, .context = context,
	};

	config->routes = NULL;
	config->route_count = 0;
	builder_submit(&job);
}

void
builder_confirm(uint64_t of_generation, uint32_t author, builder_done done, void *context)
{
	builder_submit(&(struct job){
		.kind = JOB_CONFIRM, .generation = of_generation, .author = author, .done = done, .context = context });
}

void
builder_rollback(uint64_t of_generation, uint32_t author, builder_done done, void *context)
{
	builder_submit(&(struct job){
		.kind = JOB_ROLLBACK, .generation = of_generation, .author = author, .done = done, .context = context });
}

void
builder_author_left(uint32_t author)
{
	/* If there is no memory for the job, the time-out undoes the change. */
	builder_submit(&(struct job){ .kind = JOB_AUTHOR_LEFT, .author = author });
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

void
forwarding_start(struct forwarding_config *config)
{
	pthread_mutex_lock(&force_lock);
	in_force = *config;
	generation = 1;
	pthread_mutex_unlock(&force_lock);
	config->routes = NULL;
	config->route_count = 0;
}

void
forwarding_end(void)
{
	forget_pending();
	forwarding_config_free(&in_force);
}
