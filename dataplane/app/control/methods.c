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
	{ "forwarding.begin", WDPDK_CAP_CONFIGURE, method_forwarding_begin },
	{ "forwarding.append", WDPDK_CAP_CONFIGURE, method_forwarding_append },
	{ "forwarding.check", WDPDK_CAP_OBSERVE, method_forwarding_check },
	{ "forwarding.set", WDPDK_CAP_CONFIGURE, method_forwarding_set },
	{ "forwarding.confirm", WDPDK_CAP_CONFIGURE, method_forwarding_confirm },
	{ "forwarding.rollback", WDPDK_CAP_CONFIGURE, method_forwarding_rollback },
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
