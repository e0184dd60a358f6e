/* SPDX-License-Identifier: BSD-3-Clause */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "queue_params.h"
#include "shm_queue.h"

#define DEFAULT_BUCKETS 128u
#define MOST_BUCKETS 512u

static bool
wrong(struct failure *failure, const char *key, const char *remedy, const char *what)
{
	failure_set(failure, WDPDK_E_ARGUMENT, key, remedy, "%s", what);
	return false;
}

/* One of two words; the first when it is absent. *second says which it was. */
static bool
decode_choice(const struct value *params, const char *key, const char *const words[2], bool *second, struct failure *failure)
{
	const struct value *value = value_get(params, key);
	char what[64];

	*second = value_string_is(value, words[1]);
	if (*second || params_absent(params, key) || value_string_is(value, words[0]))
		return true;
	snprintf(what, sizeof(what), "it must be '%s' or '%s'", words[0], words[1]);
	return wrong(failure, key, "Give one of the two, or leave it out for the first", what);
}

static bool
decode_kind(const struct value *params, struct attachment *wanted, struct failure *failure)
{
	static const char *const receive_only[] = { "match", "action", "priority", "snaplen", "at", "fanout" };
	static const char *const actions[] = { "mirror", "redirect" }, *const places[] = { "rx", "tx" };
	const struct value *kind = value_get(params, "kind");

	wanted->receives = value_string_is(kind, "rx") || value_string_is(kind, "rxtx");
	wanted->transmits = value_string_is(kind, "tx") || value_string_is(kind, "rxtx");
	if (!wanted->receives && !wanted->transmits)
		return wrong(failure, "kind", "Say what the queue is for: rx, tx or rxtx", "it must be rx, tx or rxtx");
	for (size_t i = 0; !wanted->receives && i < sizeof(receive_only) / sizeof(receive_only[0]); i++)
		if (!params_absent(params, receive_only[i]))
			return wrong(failure, receive_only[i], "Leave it out, or open a queue of kind rxtx",
				"it is for queues that receive");
	return decode_choice(params, "action", actions, &wanted->redirects, failure) &&
		decode_choice(params, "at", places, &wanted->at_tx, failure);
}

static bool
decode_port(const struct value *params, uint32_t ports, struct attachment *wanted, struct failure *failure)
{
	const struct value *port = value_get(params, "port");
	uint64_t number;

	if (value_string_is(port, "any")) {
		wanted->port = PORT_ANY;
		return !wanted->transmits || wrong(failure, "port", "Name the port that frames shall leave by",
			"'any' is for queues that only receive");
	}
	if (!value_u64(port, &number))
		return wrong(failure, "port", "Choose one of those that the method ports lists", "it must be the id of a port, or 'any'");
	if (number >= WDPDK_LIMIT_PORTS || (ports >> number & 1) == 0) {
		char object[40];

		snprintf(object, sizeof(object), "port %" PRIu64, number);
		failure_set(failure, WDPDK_E_NOT_FOUND, object, "Choose one of those that the method ports lists",
			"there is no port %" PRIu64, number);
		return false;
	}
	wanted->port = (uint16_t)number;
	return true;
}

static bool
decode_priority(const struct value *params, struct attachment *wanted, struct failure *failure)
{
	const struct value *priority = value_get(params, "priority");

	if (params_absent(params, "priority"))
		return true;
	if (!value_is(priority, VALUE_INT) || priority->integer < INT32_MIN || priority->integer > INT32_MAX)
		return wrong(failure, "priority", "Give a number from -2147483648 to 2147483647; the highest comes first",
			"it must be a whole number of 32 bits");
	wanted->priority = (int32_t)priority->integer;
	return true;
}

static bool
decode_fanout(const struct value *params, struct fanout *fanout, struct failure *failure)
{
	static const char *const known[] = { "group", "by", "buckets", NULL }, *const hashes[] = { "flow-symmetric", "rss" };
	const struct value *value = value_get(params, "fanout"), *group = value_get(value, "group");
	uint32_t buckets;

	if (params_absent(params, "fanout"))
		return true;
	if (!value_is(value, VALUE_MAP))
		return wrong(failure, "fanout", "Give {group: name}", "it must be a map");
	if (!params_known(value, known, failure))
		return false;
	/* A name with a NUL in it would be another, shorter one here. */
	if (!value_is(group, VALUE_STRING) || group->count == 0 || group->count >= sizeof(fanout->group) ||
			strlen(group->string) != group->count)
		return wrong(failure, "fanout.group", "Give the name that all members of the group use",
			"it must be a string of 1 to 63 bytes without NUL");
	if (!decode_choice(value, "by", hashes, &fanout->by_rss, failure) ||
			!params_u32(value, "buckets", DEFAULT_BUCKETS, MOST_BUCKETS, DEFAULT_BUCKETS, &buckets, failure))
		return false;
	if (buckets != DEFAULT_BUCKETS && buckets != MOST_BUCKETS)
		return wrong(failure, "fanout.buckets", "Give 128 or 512", "it must be 128 or 512");
	fanout->buckets = (uint16_t)buckets;
	snprintf(fanout->group, sizeof(fanout->group), "%s", group->string);
	return true;
}

static bool
decode_match(const struct value *params, struct attachment *wanted, struct failure *failure)
{
	if (match_from_value(value_get(params, "match"), &wanted->match, &failure->issues) == 0)
		return true;
	failure_from_issues(failure, WDPDK_E_ARGUMENT, "match");
	return false;
}

static bool
decode_memory(const struct value *params, struct queue_params *out, struct failure *failure)
{
	bool metadata;

	if (!params_u32(params, "snaplen", 0, SHM_FRAME_BYTES, 0, &out->snaplen, failure) ||
			!params_u32(params, "slots", 1, SHM_MAX_SLOTS, WDPDK_UMEM_DEFAULT_SLOTS, &out->slots, failure) ||
			!params_u32(params, "slotSize", WDPDK_UMEM_MIN_SLOT_BYTES, WDPDK_UMEM_MAX_SLOT_BYTES,
				WDPDK_UMEM_DEFAULT_SLOT_BYTES, &out->slot_size, failure) ||
			!params_flag(params, "metadata", &metadata, failure) ||
			!params_flag(params, "checksums", &out->checksums, failure))
		return false;
	if ((out->slot_size & (out->slot_size - 1)) != 0)
		return wrong(failure, "slotSize", "Give 2048, 4096, 8192, 16384, 32768 or 65536", "it must be a power of two");
	if (out->checksums && !metadata && !params_absent(params, "metadata"))
		return wrong(failure, "checksums", "Leave metadata out", "the verdicts stand in the metadata, which is asked not to be there");
	out->features = metadata || out->checksums ? WDPDK_FEATURE_METADATA : 0;
	return true;
}

bool
queue_params_from_value(const struct value *params, uint32_t ports, struct queue_params *out, struct failure *failure)
{
	static const char *const known[] = { "kind", "port", "at", "match", "action", "priority", "fanout", "snaplen", "slots",
		"slotSize", "metadata", "checksums", NULL };

	memset(out, 0, sizeof(*out));
	return params_known(params, known, failure) && decode_kind(params, &out->wanted, failure) &&
		decode_port(params, ports, &out->wanted, failure) && decode_priority(params, &out->wanted, failure) &&
		decode_fanout(params, &out->wanted.fanout, failure) && decode_match(params, &out->wanted, failure) &&
		decode_memory(params, out, failure);
}
