/* SPDX-License-Identifier: BSD-3-Clause */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "params.h"

void
failure_set(struct failure *failure, const char *code, const char *object, const char *remedy, const char *format, ...)
{
	va_list arguments;

	failure->code = code;
	snprintf(failure->object, sizeof(failure->object), "%s", object);
	snprintf(failure->remedy, sizeof(failure->remedy), "%s", remedy);
	va_start(arguments, format);
	vsnprintf(failure->message, sizeof(failure->message), format, arguments);
	va_end(arguments);
	/* What peers say stands in there, and may have been cut in the middle of a letter. */
	value_utf8_mend(failure->object);
	value_utf8_mend(failure->message);
}

void
failure_no_memory(struct failure *failure, const char *object, const char *what)
{
	failure_set(failure, WDPDK_E_NO_MEMORY, object, "Free memory of the machine that runs the dataplane, then try again",
		"no memory for %s", what);
}

void
failure_from_issues(struct failure *failure, const char *code, const char *object)
{
	const struct config_issues *issues = &failure->issues;
	uint32_t count = issues->count + issues->truncated;

	if (issues->count == 0)
		failure_no_memory(failure, object, "a list of what is wrong");
	else
		failure_set(failure, code, object, "Correct the fields that `issues` names", "%u field%s wrong; the first: %s%s%s", count,
			count == 1 ? " is" : "s are", issues->list[0].path, issues->list[0].path[0] == '\0' ? "" : ": ",
			issues->list[0].message);
}

bool
params_absent(const struct value *params, const char *key)
{
	const struct value *value = value_get(params, key);

	return value == NULL || value_is(value, VALUE_NIL);
}

bool
params_known(const struct value *params, const char *const *keys, struct failure *failure)
{
	for (uint32_t i = 0; i < params->count; i++) {
		const char *key = params->members[i].key;
		const char *const *known = keys;

		while (*known != NULL && strcmp(*known, key) != 0)
			known++;
		if (*known == NULL) {
			char object[80];

			snprintf(object, sizeof(object), "%.64s", key);
			failure_set(failure, WDPDK_E_ARGUMENT, object, "Leave it out, or update wdpdk-dataplane",
				"there is no parameter '%.64s'", key);
			return false;
		}
	}
	return true;
}

bool
params_u32(const struct value *params, const char *key, uint32_t low, uint32_t high, uint32_t fallback, uint32_t *out,
	struct failure *failure)
{
	uint64_t number;
	char remedy[96];

	*out = fallback;
	if (params_absent(params, key))
		return true;
	if (!value_u64(value_get(params, key), &number) || number < low || number > high) {
		snprintf(remedy, sizeof(remedy), "Give a whole number from %u to %u", low, high);
		failure_set(failure, WDPDK_E_ARGUMENT, key, remedy, "it must be a whole number from %u to %u", low, high);
		return false;
	}
	*out = (uint32_t)number;
	return true;
}

bool
params_u64(const struct value *params, const char *key, uint64_t low, uint64_t fallback, uint64_t *out, struct failure *failure)
{
	char remedy[96];

	*out = fallback;
	if (params_absent(params, key))
		return true;
	if (!value_u64(value_get(params, key), out) || *out < low) {
		snprintf(remedy, sizeof(remedy), "Give a whole number from %" PRIu64 " on", low);
		failure_set(failure, WDPDK_E_ARGUMENT, key, remedy, "it must be a whole number from %" PRIu64 " on", low);
		return false;
	}
	return true;
}

bool
params_flag(const struct value *params, const char *key, bool *out, struct failure *failure)
{
	const struct value *value = value_get(params, key);

	*out = false;
	if (params_absent(params, key))
		return true;
	if (!value_is(value, VALUE_BOOL)) {
		failure_set(failure, WDPDK_E_ARGUMENT, key, "Give true or false", "it must be true or false");
		return false;
	}
	*out = value->boolean;
	return true;
}
