/* SPDX-License-Identifier: BSD-3-Clause
 *
 * hold, release: the switch of all traffic. Each hold ends with the client that asked for it, and traffic flows when the last has ended:
 * the dead cannot stop the others' traffic.
 */
#include "server.h"

/* Set on the builder thread: a release that nobody waits for found no memory. */
static uint32_t release_failed;

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
	if (!held)
		for (struct client *client = server.clients; client != NULL; client = client->next)
			client->holds = false;
	call->client->holds = held;
	builder_hold(held, job_done, job);
	return DEFERRED;
}

static void
released(void *context, struct builder_result *result)
{
	(void)context;
	config_issues_free(&result->issues);
	if (result->code != NULL)
		__atomic_store_n(&release_failed, 1, __ATOMIC_RELEASE);
}

static bool
is_held(void)
{
	const struct client *client = server.clients;

	while (client != NULL && !client->holds)
		client = client->next;
	return client != NULL;
}

void
hold_left(struct client *client)
{
	if (!client->holds || server.stopping != 0)
		return;
	client->holds = false;
	if (!is_held())
		builder_hold(false, released, NULL);
}

void
hold_release_late(void)
{
	if (__atomic_exchange_n(&release_failed, 0, __ATOMIC_ACQ_REL) != 0 && !is_held())
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
