/* SPDX-License-Identifier: BSD-3-Clause
 *
 * queue.open, queue.close.
 */
#include <string.h>

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

static bool
wrong(struct call *call, const char *key, const char *what)
{
	failure_set(&call->failure, WDPDK_E_ARGUMENT, key, "", "%s", what);
	return false;
}

static bool
decode_kind(struct call *call, struct attachment *wanted)
{
	const struct value *kind = value_get(call->params, "kind");
	const struct value *action = value_get(call->params, "action");
	static const char *const receive_only[] = { "match", "action", "priority", "snaplen" };

	wanted->receives = value_string_is(kind, "rx") || value_string_is(kind, "rxtx");
	wanted->transmits = value_string_is(kind, "tx") || value_string_is(kind, "rxtx");
	if (!wanted->receives && !wanted->transmits)
		return wrong(call, "kind", "it must be rx, tx or rxtx");
	for (size_t i = 0; !wanted->receives && i < sizeof(receive_only) / sizeof(receive_only[0]); i++) {
		const struct value *value = value_get(call->params, receive_only[i]);

		if (value != NULL && !value_is(value, VALUE_NIL))
			return wrong(call, receive_only[i], "it is for queues that receive");
	}
	if (action == NULL || value_is(action, VALUE_NIL) || value_string_is(action, "mirror"))
		wanted->redirects = false;
	else if (value_string_is(action, "redirect"))
		wanted->redirects = true;
	else
		return wrong(call, "action", "it must be mirror or redirect");
	return true;
}

static bool
decode_port(struct call *call, struct attachment *wanted)
{
	const struct value *port = value_get(call->params, "port");
	uint32_t ports = report_port_mask();
	uint64_t number;

	if (value_string_is(port, "any")) {
		wanted->port = PORT_ANY;
		return !wanted->transmits || wrong(call, "port", "'any' is for queues that only receive");
	}
	if (!value_u64(port, &number))
		return wrong(call, "port", "it must be the id of a port, or 'any'");
	if (number >= WDPDK_LIMIT_PORTS || (ports >> number & 1) == 0) {
		char object[40];

		snprintf(object, sizeof(object), "port %" PRIu64, number);
		failure_set(&call->failure, WDPDK_E_NOT_FOUND, object, "Choose one of those that the method ports lists",
			"there is no port %" PRIu64, number);
		return false;
	}
	wanted->port = (uint16_t)number;
	return true;
}

static bool
decode_priority(struct call *call, struct attachment *wanted)
{
	const struct value *priority = value_get(call->params, "priority");

	wanted->priority = 0;
	if (priority == NULL || value_is(priority, VALUE_NIL))
		return true;
	if (!value_is(priority, VALUE_INT) || priority->integer < INT32_MIN || priority->integer > INT32_MAX)
		return wrong(call, "priority", "it must be a whole number of 32 bits");
	wanted->priority = (int32_t)priority->integer;
	return true;
}

static bool
decode_match(struct call *call, struct attachment *wanted)
{
	if (match_from_value(value_get(call->params, "match"), &wanted->match, &call->failure.issues) == 0)
		return true;
	failure_set(&call->failure, WDPDK_E_ARGUMENT, "match", "Correct the fields that `issues` names", "%s: %s",
		call->failure.issues.count == 0 ? "match" : call->failure.issues.list[0].path,
		call->failure.issues.count == 0 ? "no memory" : call->failure.issues.list[0].message);
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
	else if (client->jobs >= MAX_JOBS_PER_CLIENT)
		failure_set(&call->failure, WDPDK_E_LIMIT, "queue.open", "Wait for an answer",
			"%u calls of this client wait already", MAX_JOBS_PER_CLIENT);
	else
		return true;
	return false;
}

enum outcome
method_queue_open(struct call *call)
{
	static const char *const known[] = { "kind", "port", "match", "action", "priority", "snaplen", "slots", "slotSize",
		"metadata", NULL };
	const struct value *metadata = value_get(call->params, "metadata");
	struct attachment wanted = { 0 };
	struct shm_layout layout;
	struct queue *queue;
	uint32_t slots, slot_size, snaplen;
	uint64_t features = 0;
	const char *out_of_range;

	if (!params_known(call, known) || !decode_kind(call, &wanted))
		return FAILED;
	if (denied(call, (wanted.receives ? WDPDK_CAP_RECEIVE : 0) | (wanted.transmits ? WDPDK_CAP_TRANSMIT : 0) |
			(wanted.redirects ? WDPDK_CAP_REDIRECT : 0)))
		return FAILED;
	if (!decode_port(call, &wanted) || !decode_priority(call, &wanted) || !decode_match(call, &wanted) ||
			!params_u32(call, "snaplen", 0, SHM_FRAME_BYTES, 0, &snaplen) ||
			!params_u32(call, "slots", 1, SHM_MAX_SLOTS, WDPDK_UMEM_DEFAULT_SLOTS, &slots) ||
			!params_u32(call, "slotSize", WDPDK_UMEM_MIN_SLOT_BYTES, WDPDK_UMEM_MAX_SLOT_BYTES,
				WDPDK_UMEM_DEFAULT_SLOT_BYTES, &slot_size))
		return FAILED;
	if (metadata != NULL && !value_is(metadata, VALUE_NIL)) {
		if (!value_is(metadata, VALUE_BOOL)) {
			wrong(call, "metadata", "it must be true or false");
			return FAILED;
		}
		features = metadata->boolean ? WDPDK_FEATURE_METADATA : 0;
	}
	out_of_range = shm_layout_queue(&layout, slots, slot_size, 1, features);
	if (out_of_range != NULL) {
		wrong(call, "slots", out_of_range);
		return FAILED;
	}
	if (!within_limits(call, &layout))
		return FAILED;
	queue = queue_create(call->client, &wanted, &layout, snaplen, wanted.port == PORT_ANY ? UINT16_MAX :
		report_port_mtu(wanted.port), &call->failure);
	if (queue == NULL)
		return FAILED;
	queue_attach(queue, call->id);
	return DEFERRED;
}

enum outcome
method_queue_close(struct call *call)
{
	static const char *const known[] = { "queue", NULL };
	struct queue *queue;
	uint64_t id;

	if (!params_known(call, known))
		return FAILED;
	if (!value_u64(value_get(call->params, "queue"), &id)) {
		wrong(call, "queue", "it must be the number that queue.open gave");
		return FAILED;
	}
	queue = id > UINT32_MAX ? NULL : queue_of(call->client, (uint32_t)id);
	if (queue == NULL || queue->state == QUEUE_OPENING) {
		char object[40];

		snprintf(object, sizeof(object), "queue %" PRIu64, id);
		failure_set(&call->failure, WDPDK_E_NOT_FOUND, object, "", "this client has no such queue");
		return FAILED;
	}
	if (queue->asked) {
		failure_set(&call->failure, WDPDK_E_CLOSED, "queue", "", "it is being closed already");
		return FAILED;
	}
	queue->asked = true;
	queue->request = call->id;
	queue_close(queue, WDPDK_CLOSE_CLIENT);
	return DEFERRED;
}
