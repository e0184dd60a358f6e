/* SPDX-License-Identifier: BSD-3-Clause
 *
 * queue.open, queue.close.
 */
#include <inttypes.h>

#include "report.h"
#include "server.h"

static bool
denied(struct call *call, uint32_t needed)
{
	static const char *const names[] = WDPDK_CAPABILITY_NAMES;
	uint32_t missing = needed & ~call->client->capabilities;

	if (missing == 0)
		return false;
	failure_set(&call->failure, WDPDK_E_DENIED, "queue.open", "Ask for the capability when attaching",
		"it needs the capability '%s', which this client did not ask for", names[__builtin_ctz(missing)]);
	return true;
}

/* One lane for each lcore that may touch the queue: what leaves by a port may be sent by any of them. */
static bool
lay_out(struct call *call, const struct queue_params *params, struct shm_layout *layout)
{
	const struct attachment *wanted = &params->wanted;
	unsigned int lanes = builder_lanes(wanted->at_tx ? PORT_ANY : wanted->port, wanted->receives);
	const char *out_of_range;
	char remedy[96];

	if (lanes > 1 && params->slots / lanes < LEAST_SLOTS_PER_LANE) {
		snprintf(remedy, sizeof(remedy), "Ask for %u slots or more", lanes * LEAST_SLOTS_PER_LANE);
		failure_set(&call->failure, WDPDK_E_ARGUMENT, "slots", remedy,
			"%u lcores may deliver here, each by a lane of its own, and a lane needs %u slots", lanes, LEAST_SLOTS_PER_LANE);
		return false;
	}
	out_of_range = shm_layout_queue(layout, params->slots, params->slot_size, lanes, params->features);
	if (out_of_range == NULL)
		return true;
	failure_set(&call->failure, WDPDK_E_ARGUMENT, "slots", "Ask for fewer or smaller slots", "%s", out_of_range);
	return false;
}

static bool
within_limits(struct call *call, const struct shm_layout *layout)
{
	struct client *client = call->client;

	if (client->queue_count >= WDPDK_LIMIT_QUEUES_PER_CLIENT)
		failure_set(&call->failure, WDPDK_E_LIMIT, "queue.open", "Close a queue that is not needed",
			"this client has %u queues, and no more than that can be", WDPDK_LIMIT_QUEUES_PER_CLIENT);
	else if (server.queue_count >= WDPDK_LIMIT_QUEUES)
		failure_set(&call->failure, WDPDK_E_LIMIT, "queue.open", "Close a queue that is not needed",
			"this instance has %u queues, and no more than that can be", WDPDK_LIMIT_QUEUES);
	else if (client->segment_bytes + layout->total > WDPDK_SEGMENT_MAX_BYTES)
		failure_set(&call->failure, WDPDK_E_LIMIT, "queue.open", "Ask for fewer or smaller slots",
			"all segments of a client together may have %u bytes", WDPDK_SEGMENT_MAX_BYTES);
	else
		return !jobs_full(call, "queue.open");
	return false;
}

enum outcome
method_queue_open(struct call *call)
{
	struct queue_params params;
	struct attachment *wanted = &params.wanted;
	struct shm_layout layout;

	if (!queue_params_from_value(call->params, report_port_mask(), &params, &call->failure))
		return FAILED;
	if (denied(call, (wanted->receives ? WDPDK_CAP_RECEIVE : 0) | (wanted->transmits ? WDPDK_CAP_TRANSMIT : 0) |
			(wanted->redirects ? WDPDK_CAP_REDIRECT : 0)))
		return FAILED;
	if (wanted->port != PORT_ANY && (report_removed_ports() >> wanted->port & 1) != 0) {
		failure_set(&call->failure, WDPDK_E_DEVICE_REMOVED, "port", "Put the card back and start the dataplane again",
			"the card of port %u was taken out", wanted->port);
		return FAILED;
	}
	if (!lay_out(call, &params, &layout) || !within_limits(call, &layout))
		return FAILED;
	if (queue_open(call->client, &params, &layout, wanted->port == PORT_ANY ? UINT16_MAX : report_port_mtu(wanted->port), call->id))
		return DEFERRED;
	failure_no_memory(&call->failure, "queue", "another queue");
	return FAILED;
}

enum outcome
method_queue_close(struct call *call)
{
	static const char *const known[] = { "queue", NULL };
	struct queue *queue;
	uint64_t id;

	if (!params_known(call->params, known, &call->failure))
		return FAILED;
	if (!value_u64(value_get(call->params, "queue"), &id)) {
		failure_set(&call->failure, WDPDK_E_ARGUMENT, "queue", "Give the number that queue.open gave", "it must be a queue's number");
		return FAILED;
	}
	queue = id > UINT32_MAX ? NULL : queue_of(call->client, (uint32_t)id);
	if (queue == NULL || queue->state == QUEUE_OPENING) {
		char object[40];

		snprintf(object, sizeof(object), "queue %" PRIu64, id);
		failure_set(&call->failure, WDPDK_E_NOT_FOUND, object, "Close only queues that this client has opened",
			"this client has no such queue");
		return FAILED;
	}
	if (queue->asked) {
		failure_set(&call->failure, WDPDK_E_CLOSED, "queue", "Wait for the first answer", "it is being closed already");
		return FAILED;
	}
	queue->asked = true;
	queue->request = call->id;
	queue_close(queue, WDPDK_CLOSE_CLIENT);
	return DEFERRED;
}
