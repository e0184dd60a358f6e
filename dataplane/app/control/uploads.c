/* SPDX-License-Identifier: BSD-3-Clause
 *
 * forwarding.begin, forwarding.append: routes that come piece by piece, because more of them may be set at once than fit in a frame.
 * A client has one list at a time, of at most WDPDK_LIMIT_ROUTES routes, and it goes with the client.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "report.h"
#include "server.h"

void
upload_hold(struct upload *upload)
{
	upload->holders++;
}

void
upload_release(struct upload *upload)
{
	if (upload == NULL || --upload->holders > 0)
		return;
	forwarding_config_free(&upload->routes);
	free(upload);
}

void
upload_use_up(struct client *client, struct upload *upload)
{
	if (upload == NULL || client->upload != upload)
		return;
	client->upload = NULL;
	upload_release(upload);
}

bool
upload_of_params(struct call *call, struct upload **out)
{
	struct upload *upload = call->client->upload;
	char object[40];
	uint64_t id;

	*out = NULL;
	if (params_absent(call->params, "upload"))
		return true;
	if (!params_u64(call->params, "upload", 1, 0, &id, &call->failure))
		return false;
	if (upload != NULL && upload->id == id) {
		upload_hold(upload);
		*out = upload;
		return true;
	}
	snprintf(object, sizeof(object), "upload %" PRIu64, id);
	failure_set(&call->failure, WDPDK_E_NOT_FOUND, object, "Begin anew with forwarding.begin; a set uses an upload up",
		"this client has no such upload");
	return false;
}

enum outcome
method_forwarding_begin(struct call *call)
{
	static const char *const none[] = { NULL };
	struct client *client = call->client;
	struct upload *upload;

	if (!params_known(call->params, none, &call->failure))
		return FAILED;
	upload = calloc(1, sizeof(*upload));
	if (upload == NULL) {
		failure_no_memory(&call->failure, "forwarding", "an upload");
		return FAILED;
	}
	upload->id = ++server.next_upload;
	upload->holders = 1;
	upload_release(client->upload);
	client->upload = upload;
	value_set_u64(call->arena, call->result, "upload", upload->id);
	return ANSWERED;
}

enum outcome
method_forwarding_append(struct call *call)
{
	static const char *const known[] = { "upload", "routes", NULL };
	const struct value *routes = value_get(call->params, "routes");
	struct upload *upload;
	bool good = false;

	if (!params_known(call->params, known, &call->failure) || !upload_of_params(call, &upload))
		return FAILED;
	if (upload == NULL) {
		failure_set(&call->failure, WDPDK_E_ARGUMENT, "upload", "Give the number that forwarding.begin gave", "there is no upload");
		return FAILED;
	}
	if (!value_is(routes, VALUE_ARRAY))
		failure_set(&call->failure, WDPDK_E_ARGUMENT, "routes", "Give a list of {to, via}", "it must be a list of routes");
	else if (upload->holders > 2)	/* beside its client and this call */
		failure_set(&call->failure, WDPDK_E_IN_USE, "upload", "Wait for the answer of forwarding.set or forwarding.check",
			"the upload is being read by another call");
	else if (forwarding_routes_append(&upload->routes, routes, report_port_mask(), &call->failure.issues,
			upload->routes.route_count) != 0)
		failure_from_issues(&call->failure, WDPDK_E_CONFIG, "routes");
	else
		good = true;
	value_set_u64(call->arena, call->result, "routes", upload->routes.route_count);
	upload_release(upload);
	return good ? ANSWERED : FAILED;
}
