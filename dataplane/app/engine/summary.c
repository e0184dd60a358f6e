/* SPDX-License-Identifier: BSD-3-Clause */
#include "report_summary.h"

#include <stdio.h>

#include "builder.h"
#include "value_decode.h"
#include "wdpdk_protocol.h"

#define SUMMARY_BYTES (64u << 20)

static uint64_t
number(const struct value *map, const char *key)
{
	uint64_t out = 0;

	value_u64(value_get(map, key), &out);
	return out;
}

static uint64_t
packets(const struct value *port, const char *key)
{
	return number(value_get(port, key), "packets");
}

static void
print_port(const struct value *port)
{
	const struct value *dropped = value_get(port, "dropped");

	printf("port %llu %s: received %llu, injected %llu, forwarded %llu, redirected %llu, sent %llu\n",
		(unsigned long long)number(port, "id"), value_get(port, "name")->string,
		(unsigned long long)packets(port, "rx"), (unsigned long long)packets(port, "injected"),
		(unsigned long long)packets(port, "forwarded"), (unsigned long long)packets(port, "redirected"),
		(unsigned long long)packets(port, "tx"));
	for (uint32_t i = 0; i < dropped->count; i++) {
		uint64_t count = number(dropped, dropped->members[i].key);

		if (count > 0)
			printf("  dropped %s: %llu\n", dropped->members[i].key, (unsigned long long)count);
	}
}

static void
print_for_people(const struct value *summary, double seconds, bool balanced)
{
	const struct value *ports = value_get(summary, "ports");

	for (uint32_t i = 0; i < ports->count; i++)
		print_port(ports->items[i]);
	printf("%.1f s; %s\n", seconds, balanced ? "every frame is accounted for" :
		"the counters do not add up: please report this as a defect");
}

int
summary_print(const char *instance, double seconds, bool json, void (*clients)(struct arena *arena, struct value *report))
{
	struct arena *arena = arena_create(SUMMARY_BYTES);
	struct value *summary = value_new_map(arena), *last;
	bool balanced;
	int result = 0;

	value_set_string(arena, summary, "event", "summary");
	value_set_string(arena, summary, "instance", instance);
	value_set_string(arena, summary, "version", WDPDK_VERSION);
	value_fill_double(value_set(arena, summary, "seconds"), (double)(uint64_t)(seconds * 1000) / 1000);
	balanced = report_counted(arena, summary);
	if (clients != NULL)
		clients(arena, summary);
	else
		value_set_array(arena, summary, "clients");
	value_set_u64(arena, summary, "generation", builder_generation());
	last = value_set(arena, summary, "balanced");
	if (last == NULL) {
		fputs("wdpdk-dataplane: no memory for the summary.\n", stderr);
		result = -1;
	} else {
		last->type = VALUE_BOOL;
		last->boolean = balanced;
		if (json) {
			result = value_write_json(summary, stdout);
			putchar('\n');
		} else {
			print_for_people(summary, seconds, balanced);
		}
	}
	arena_destroy(arena);
	return fflush(stdout) == 0 ? result : -1;
}
