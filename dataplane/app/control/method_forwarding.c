/* SPDX-License-Identifier: BSD-3-Clause
 *
 * forwarding.get, forwarding.set.
 */
#include <string.h>

#include "report.h"
#include "server.h"

/* {to: "0.0.0.0/0", via: 1, nextHopMac: "xx:xx:xx:xx:xx:xx"} on the wire. */
#define LEAST_ROUTE_BYTES 48u

enum outcome
method_forwarding_get(struct call *call)
{
	static const char *const none[] = { NULL };
	struct forwarding_config config;
	struct value *shown;
	uint64_t generation;

	if (!params_known(call, none))
		return FAILED;
	/* Before anything is copied: to ask in vain must not cost more than to be told so. */
	if (builder_route_count() > WDPDK_FRAME_MAX_BYTES / LEAST_ROUTE_BYTES) {
		failure_set(&call->failure, WDPDK_E_LIMIT, "forwarding", "Keep the configuration where it was made",
			"%u routes do not fit in a control frame of %u bytes", builder_route_count(), WDPDK_FRAME_MAX_BYTES);
		return FAILED;
	}
	if (builder_get_forwarding(&config, &generation) != 0) {
		failure_set(&call->failure, WDPDK_E_NO_MEMORY, "forwarding", "", "no memory for a copy of the configuration");
		return FAILED;
	}
	value_set_u64(call->arena, call->result, "generation", generation);
	shown = forwarding_config_to_value(call->arena, &config, report_port_mask());
	forwarding_config_free(&config);
	if (shown != NULL) {
		struct value *member = value_set(call->arena, call->result, "config");

		if (member != NULL)
			*member = *shown;
	}
	return ANSWERED;
}

/* Everyone who watches learns of the change, its author included. */
static void
tell_all(uint64_t generation, const struct client *author)
{
	struct arena *arena = arena_create(65536);
	struct value *map = value_new_map(arena);
	char by[WDPDK_LIMIT_NAME_BYTES];

	if (author->name[0] != '\0')
		snprintf(by, sizeof(by), "%s", author->name);
	else
		snprintf(by, sizeof(by), "client %u", author->id);
	value_set_u64(arena, map, "generation", generation);
	value_set_string(arena, map, "by", by);
	for (struct client *client = server.clients; client != NULL; client = client->next)
		if (client->control != NULL && (client->capabilities & WDPDK_CAP_OBSERVE) != 0)
			notify(client->control, "config", arena, map);
	arena_destroy(arena);
}

static void
forwarding_set_done(struct job *job)
{
	struct peer *peer = job->client->control;
	struct arena *arena = arena_create(65536 + (size_t)job->result.issues.count * 1024);
	struct value *map = value_new_map(arena);
	struct failure failure = { 0 };
	bool failed = job->result.code != NULL;

	if (failed)
		failure_from_builder(&failure, &job->result);
	else
		value_set_u64(arena, map, "generation", job->result.generation);
	if (peer != NULL)
		answer(peer, job->request, arena, map, &failure);
	else
		config_issues_free(&failure.issues);
	if (!failed)
		tell_all(job->result.generation, job->client);
	arena_destroy(arena);
}

enum outcome
method_forwarding_set(struct call *call)
{
	static const char *const known[] = { "config", "ifGeneration", NULL };
	const struct value *wanted = value_get(call->params, "config");
	const struct value *condition = value_get(call->params, "ifGeneration");
	struct forwarding_config config;
	uint64_t if_generation = 0;
	struct job *job;

	if (!params_known(call, known))
		return FAILED;
	if (!value_is(wanted, VALUE_MAP)) {
		failure_set(&call->failure, WDPDK_E_ARGUMENT, "config", "Give {ports, routes}", "there is no configuration");
		return FAILED;
	}
	if (condition != NULL && !value_is(condition, VALUE_NIL) && (!value_u64(condition, &if_generation) || if_generation == 0)) {
		failure_set(&call->failure, WDPDK_E_ARGUMENT, "ifGeneration", "Give the generation of forwarding.get",
			"it must be a whole number from 1 on");
		return FAILED;
	}
	if (call->client->jobs >= MAX_JOBS_PER_CLIENT) {
		failure_set(&call->failure, WDPDK_E_LIMIT, "forwarding.set", "Wait for an answer",
			"%u calls of this client wait already", MAX_JOBS_PER_CLIENT);
		return FAILED;
	}
	if (forwarding_config_from_value(wanted, report_port_mask(), &config, &call->failure.issues) != 0) {
		failure_set(&call->failure, WDPDK_E_CONFIG, "config", "Correct the fields that `issues` names",
			"%u field(s) of the configuration are wrong; the first: %s: %s",
			call->failure.issues.count + call->failure.issues.truncated,
			call->failure.issues.count == 0 ? "config" : call->failure.issues.list[0].path,
			call->failure.issues.count == 0 ? "no memory" : call->failure.issues.list[0].message);
		return FAILED;
	}
	job = job_create(call->client, NULL, call->id, forwarding_set_done);
	if (job == NULL) {
		forwarding_config_free(&config);
		failure_set(&call->failure, WDPDK_E_NO_MEMORY, "forwarding", "", "no memory");
		return FAILED;
	}
	builder_set_forwarding(&config, &(struct builder_change){ .if_generation = if_generation, .author = call->client->id },
		job_done, job);
	return DEFERRED;
}
