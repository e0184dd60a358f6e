/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The methods of CONTROL.md by name, and what each needs.
 */
#include <string.h>

#include "server.h"

static const struct {
	const char *name;
	uint32_t needs;		/* WDPDK_CAP_*; 0: the handler knows, or nothing */
	enum outcome (*handler)(struct call *call);
} methods[] = {
	{ "ports", WDPDK_CAP_OBSERVE, method_ports },
	{ "counters", WDPDK_CAP_OBSERVE, method_counters },
	{ "stats", WDPDK_CAP_OBSERVE, method_stats },
	{ "queue.open", 0, method_queue_open },
	{ "queue.close", 0, method_queue_close },
	{ "forwarding.get", WDPDK_CAP_OBSERVE, method_forwarding_get },
	{ "forwarding.set", WDPDK_CAP_CONFIGURE, method_forwarding_set },
	{ "hold", WDPDK_CAP_CONFIGURE, method_hold },
	{ "release", WDPDK_CAP_CONFIGURE, method_release },
};

enum outcome
method_call(struct call *call, const char *name)
{
	static const char *const capabilities[] = WDPDK_CAPABILITY_NAMES;

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		uint32_t missing;

		if (strcmp(methods[i].name, name) != 0)
			continue;
		missing = methods[i].needs & ~call->client->capabilities;
		if (missing == 0)
			return methods[i].handler(call);
		failure_set(&call->failure, WDPDK_E_DENIED, name, "Ask for the capability when attaching",
			"it needs the capability '%s', which this client did not ask for", capabilities[__builtin_ctz(missing)]);
		return FAILED;
	}
	failure_set(&call->failure, WDPDK_E_METHOD, "method", "Update wdpdk-dataplane, or see shm-protocol/CONTROL.md",
		"there is no method '%.64s' in version %s", name, WDPDK_VERSION);
	return FAILED;
}

bool
params_known(struct call *call, const char *const *keys)
{
	for (uint32_t i = 0; i < call->params->count; i++) {
		const char *key = call->params->members[i].key;
		const char *const *known = keys;

		while (*known != NULL && strcmp(*known, key) != 0)
			known++;
		if (*known == NULL) {
			char object[80];

			snprintf(object, sizeof(object), "%.64s", key);
			failure_set(&call->failure, WDPDK_E_ARGUMENT, object, "Leave it out", "there is no parameter '%.64s'", key);
			return false;
		}
	}
	return true;
}

bool
params_u32(struct call *call, const char *key, uint32_t low, uint32_t high, uint32_t fallback, uint32_t *out)
{
	const struct value *value = value_get(call->params, key);
	uint64_t number;

	*out = fallback;
	if (value == NULL || value_is(value, VALUE_NIL))
		return true;
	if (!value_u64(value, &number) || number < low || number > high) {
		failure_set(&call->failure, WDPDK_E_ARGUMENT, key, "", "it must be a whole number from %u to %u", low, high);
		return false;
	}
	*out = (uint32_t)number;
	return true;
}
