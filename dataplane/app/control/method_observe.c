/* SPDX-License-Identifier: BSD-3-Clause
 *
 * ports, counters, stats.
 */
#include "report.h"
#include "server.h"

static const char *const none[] = { NULL };

enum outcome
method_ports(struct call *call)
{
	if (!params_known(call->params, none, &call->failure))
		return FAILED;
	report_ports(call->arena, call->result);
	return ANSWERED;
}

enum outcome
method_stats(struct call *call)
{
	if (!params_known(call->params, none, &call->failure))
		return FAILED;
	report_stats(call->arena, call->result);
	control_report_clients(call->arena, call->result);
	return ANSWERED;
}

enum outcome
method_counters(struct call *call)
{
	struct client *client = call->client;

	if (!params_known(call->params, none, &call->failure))
		return FAILED;
	if (server.counters.base == NULL) {
		failure_set(&call->failure, WDPDK_E_NOT_FOUND, "counters", "Use stats", "this dataplane has no counters segment");
		return FAILED;
	}
	/* One ticket a client: the last one asked for is good. */
	if (os_random(client->counters_ticket, sizeof(client->counters_ticket)) != 0) {
		failure_set(&call->failure, WDPDK_E_INTERNAL, "counters", "Use stats", "the system gave no random bytes");
		return FAILED;
	}
	client->counters_ticket_valid = true;
	queue_describe_segment(call->arena, call->result, &server.counters, &server.counters_layout, client->counters_ticket);
	return ANSWERED;
}
