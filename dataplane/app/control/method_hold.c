/* SPDX-License-Identifier: BSD-3-Clause
 *
 * hold, release: the switch of all traffic. A hold ends with the client that asked for it: the dead cannot stop the others' traffic.
 */
#include "server.h"

static void
hold_done(struct job *job)
{
	struct peer *peer = job->client->control;
	struct arena *arena = arena_create(65536);
	struct failure failure = { 0 };

	if (job->result.code != NULL)
		failure_from_builder(&failure, &job->result);
	if (peer != NULL)
		answer(peer, job->request, arena, value_new_map(arena), &failure);
	arena_destroy(arena);
}

static enum outcome
switch_traffic(struct call *call, bool held)
{
	static const char *const none[] = { NULL };
	struct job *job;

	if (!params_known(call->params, none, &call->failure) || jobs_full(call, held ? "hold" : "release"))
		return FAILED;
	job = job_create(sizeof(*job), call->client, NULL, call->id, hold_done);
	if (job == NULL) {
		failure_no_memory(&call->failure, held ? "hold" : "release", "the change");
		return FAILED;
	}
	server.holder = held ? call->client->id : 0;
	builder_hold(held, job_done, job);
	return DEFERRED;
}

static void
released(void *context, struct builder_result *result)
{
	(void)context;
	config_issues_free(&result->issues);
}

void
hold_left(const struct client *client)
{
	if (server.holder != client->id || server.stopping != 0)
		return;
	server.holder = 0;
	builder_hold(false, released, NULL);
}

enum outcome
method_hold(struct call *call)
{
	return switch_traffic(call, true);
}

enum outcome
method_release(struct call *call)
{
	return switch_traffic(call, false);
}
