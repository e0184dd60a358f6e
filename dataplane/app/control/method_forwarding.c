/* SPDX-License-Identifier: BSD-3-Clause
 *
 * forwarding.get, page by page; forwarding.confirm, forwarding.rollback.
 */
#include <inttypes.h>

#include "report.h"
#include "server.h"

/* Of the routes in one answer: so many that paging costs little, so few that nobody waits for it. */
#define PAGE_BYTES (256u << 10)

/* A copy of what is in force, so that pages do not each copy all of it. */
static struct forwarding_config shown;
static uint64_t shown_generation;	/* 0: none */

static bool
refresh(struct call *call)
{
	struct forwarding_config copy;
	uint64_t generation;

	if (shown_generation == builder_generation())
		return true;
	if (builder_get_forwarding(&copy, &generation) != 0) {
		failure_no_memory(&call->failure, "forwarding", "a copy of the configuration");
		return false;
	}
	forwarding_config_free(&shown);
	shown = copy;
	shown_generation = generation;
	return true;
}

enum outcome
method_forwarding_get(struct call *call)
{
	static const char *const known[] = { "from", "generation", NULL };
	uint64_t generation;
	uint32_t from, next;
	struct value *config, *page;

	if (!params_known(call->params, known, &call->failure) ||
			!params_u32(call->params, "from", 0, WDPDK_LIMIT_ROUTES, 0, &from, &call->failure) ||
			!params_u64(call->params, "generation", 1, 0, &generation, &call->failure) || !refresh(call))
		return FAILED;
	if (generation != 0 && generation != shown_generation) {
		failure_set(&call->failure, WDPDK_E_CONFLICT, "forwarding", "Get it from the beginning again",
			"the configuration is of generation %" PRIu64 ", not %" PRIu64 ": it was changed meanwhile", shown_generation, generation);
		return FAILED;
	}
	if (from > shown.route_count) {
		failure_set(&call->failure, WDPDK_E_ARGUMENT, "from", "Get it from the beginning again",
			"there are %u routes, and none of number %u", shown.route_count, from);
		return FAILED;
	}
	value_set_u64(call->arena, call->result, "generation", shown_generation);
	config = value_set(call->arena, call->result, "config");
	page = forwarding_config_page(call->arena, &shown, report_port_mask(), from, PAGE_BYTES, &next);
	if (config == NULL || page == NULL) {
		failure_no_memory(&call->failure, "forwarding", "the answer");
		return FAILED;
	}
	*config = *page;
	value_set_u64(call->arena, call->result, "routes", shown.route_count);
	if (next < shown.route_count)
		value_set_u64(call->arena, call->result, "next", next);
	return ANSWERED;
}

/* ---- changes on probation ---- */

static void
answer_generation(struct job *job, bool tell_generation)
{
	struct peer *peer = job->client->control;
	struct arena *arena;
	struct value *map;
	struct failure failure = { 0 };

	if (peer == NULL)
		return;
	arena = arena_create(65536);
	map = value_new_map(arena);
	if (job->result.code != NULL)
		failure_from_builder(&failure, &job->result);
	else if (tell_generation)
		value_set_u64(arena, map, "generation", job->result.generation);
	answer(peer, job->request, arena, map, &failure);
	arena_destroy(arena);
}

static void
confirmed(struct job *job)
{
	answer_generation(job, false);
}

/* Observers are told by events_undone. */
static void
rolled_back(struct job *job)
{
	answer_generation(job, true);
}

static enum outcome
end_probation(struct call *call, const char *method, bool keep)
{
	static const char *const known[] = { "generation", NULL };
	struct job *job;
	uint64_t generation;

	if (!params_known(call->params, known, &call->failure) ||
			!params_u64(call->params, "generation", 1, 0, &generation, &call->failure))
		return FAILED;
	if (generation == 0) {
		failure_set(&call->failure, WDPDK_E_ARGUMENT, "generation", "Give the generation that forwarding.set gave",
			"there is no generation");
		return FAILED;
	}
	if (jobs_full(call, method))
		return FAILED;
	job = job_create(sizeof(*job), call->client, NULL, call->id, keep ? confirmed : rolled_back);
	if (job == NULL) {
		failure_no_memory(&call->failure, "forwarding", "the change");
		return FAILED;
	}
	if (keep)
		builder_confirm(generation, call->client->id, job_done, job);
	else
		builder_rollback(generation, call->client->id, job_done, job);
	return DEFERRED;
}

enum outcome
method_forwarding_confirm(struct call *call)
{
	return end_probation(call, "forwarding.confirm", true);
}

enum outcome
method_forwarding_rollback(struct call *call)
{
	return end_probation(call, "forwarding.rollback", false);
}
