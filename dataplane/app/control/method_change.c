/* SPDX-License-Identifier: BSD-3-Clause
 *
 * forwarding.check, forwarding.set. The frame's own part is decoded here; a worker puts the uploaded routes behind it and checks the
 * whole, for 131,072 routes take longer than other clients should wait; then the builder makes it so.
 */
#include <string.h>

#include "forwarding_diff.h"
#include "report.h"
#include "server.h"

#define MOST_CHANGES 1000u
#define CHANGES_ARENA (16u << 20)
#define LEAST_CONFIRM_MS 100u
#define MOST_CONFIRM_MS 3600000u

struct change {
	struct job job;
	struct forwarding_config config;
	struct upload *upload;		/* NULL: none */
	struct builder_change how;
	struct failure failure;		/* what the worker found */
	struct arena *arena;		/* of a check: its answer */
	struct value *result;
};

/* ---- on the worker ---- */

static bool
complete(struct change *change)
{
	struct config_issues *issues = &change->failure.issues;

	/* Nobody adds to an upload that is held. */
	if (change->upload != NULL && (forwarding_routes_join(&change->config, &change->upload->routes, issues) != 0 ||
			forwarding_config_finish(&change->config, issues) != 0)) {
		failure_from_issues(&change->failure, WDPDK_E_CONFIG, "config");
		return false;
	}
	return true;
}

static void
complete_and_set(struct job *job)
{
	struct change *change = (struct change *)job;
	struct builder_result none = { 0 };

	if (complete(change))
		builder_set_forwarding(&change->config, &change->how, job_done, job);
	else
		job_done(job, &none);
}

static void
complete_and_compare(struct job *job)
{
	struct change *change = (struct change *)job;
	struct builder_result none = { 0 };
	struct forwarding_config now;
	uint64_t generation, truncated = 0;
	bool good = false;

	if (complete(change)) {
		change->arena = arena_create(CHANGES_ARENA);
		change->result = value_new_map(change->arena);
		if (builder_get_forwarding(&now, &generation) == 0) {
			value_set_u64(change->arena, change->result, "generation", generation);
			good = forwarding_config_diff(change->arena, &now, &change->config, report_port_mask(), MOST_CHANGES,
				value_set_array(change->arena, change->result, "changes"), &truncated) == 0;
			value_set_u64(change->arena, change->result, "truncated", truncated);
			forwarding_config_free(&now);
		}
		if (!good)
			failure_no_memory(&change->failure, "forwarding", "a comparison of the two configurations");
	}
	job_done(job, &none);
}

/* ---- on the control thread ---- */

static void
answer_change(struct change *change, struct arena *arena, const struct value *result)
{
	struct peer *peer = change->job.client->control;

	if (change->job.result.code != NULL)
		failure_from_builder(&change->failure, &change->job.result);
	if (peer != NULL)
		answer(peer, change->job.request, arena, result, &change->failure);
	config_issues_free(&change->failure.issues);
	forwarding_config_free(&change->config);
	upload_release(change->upload);
}

static void
set_done(struct job *job)
{
	struct change *change = (struct change *)job;
	struct client *author = job->client;
	bool good = job->result.code == NULL && change->failure.code == NULL;
	struct arena *arena = arena_create(65536 + (size_t)(job->result.issues.count + change->failure.issues.count) * 1024);
	struct value *map = value_new_map(arena);

	if (good) {
		upload_use_up(author, change->upload);
		value_set_u64(arena, map, "generation", job->result.generation);
		value_set_u64(arena, map, "previous", job->result.previous);
	}
	answer_change(change, arena, map);
	arena_destroy(arena);
	if (!good)
		return;
	events_config(job->result.generation, author->id, false);
	/* It left before its change was made: what it said when it left came too early. */
	if (author->control == NULL && change->how.confirm_ms != 0)
		builder_author_left(author->id);
}

static void
check_done(struct job *job)
{
	struct change *change = (struct change *)job;
	struct arena *arena = change->arena;

	if (arena == NULL)
		arena = arena_create(65536 + (size_t)change->failure.issues.count * 1024);
	answer_change(change, arena, change->result);
	arena_destroy(arena);
}

static struct change *
begin(struct call *call, const char *method, void (*finish)(struct job *job))
{
	const struct value *wanted = value_get(call->params, "config");
	struct change *change;

	if (!value_is(wanted, VALUE_MAP)) {
		failure_set(&call->failure, WDPDK_E_ARGUMENT, "config", "Give {ports, routes}", "there is no configuration");
		return NULL;
	}
	if (jobs_full(call, method))
		return NULL;
	change = job_create(sizeof(*change), call->client, NULL, call->id, finish);
	if (change == NULL) {
		failure_no_memory(&call->failure, "forwarding", "the change");
		return NULL;
	}
	if (!upload_of_params(call, &change->upload)) {
		job_cancel(&change->job);
		return NULL;
	}
	if (forwarding_config_from_value(wanted, report_port_mask(), &change->config, &call->failure.issues) != 0) {
		failure_from_issues(&call->failure, WDPDK_E_CONFIG, "config");
		upload_release(change->upload);
		job_cancel(&change->job);
		return NULL;
	}
	return change;
}

enum outcome
method_forwarding_check(struct call *call)
{
	static const char *const known[] = { "config", "upload", NULL };
	struct change *change;

	if (!params_known(call->params, known, &call->failure))
		return FAILED;
	change = begin(call, "forwarding.check", check_done);
	if (change == NULL)
		return FAILED;
	worker_give(WORKER_FORWARDING, &change->job, complete_and_compare);
	return DEFERRED;
}

enum outcome
method_forwarding_set(struct call *call)
{
	static const char *const known[] = { "config", "upload", "ifGeneration", "confirmWithinMs", NULL };
	struct builder_change how = { .author = call->client->id };
	struct change *change;

	if (!params_known(call->params, known, &call->failure) ||
			!params_u64(call->params, "ifGeneration", 1, 0, &how.if_generation, &call->failure) ||
			!params_u32(call->params, "confirmWithinMs", LEAST_CONFIRM_MS, MOST_CONFIRM_MS, 0, &how.confirm_ms, &call->failure))
		return FAILED;
	change = begin(call, "forwarding.set", set_done);
	if (change == NULL)
		return FAILED;
	change->how = how;
	/* All of them go this way, so that a client's sets are made in the order it asked for them. */
	worker_give(WORKER_FORWARDING, &change->job, complete_and_set);
	return DEFERRED;
}
