/* SPDX-License-Identifier: BSD-3-Clause
 *
 * shm-protocol/vectors/forwarding: what the client's validator says of each configuration, the dataplane says, too.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "forwarding_decode.h"

#include "check.h"

#define MOST_FILE_BYTES (1u << 20)

static unsigned int cases;
static struct config_issues issues;
static struct forwarding_config config;

static struct value *
read_file(struct arena *arena, const char *path)
{
	static char text[MOST_FILE_BYTES];
	char error[256] = "";
	FILE *file = fopen(path, "rb");
	struct value *root;
	size_t length;

	CHECK(file != NULL);
	length = fread(text, 1, sizeof(text), file);
	fclose(file);
	root = value_from_json(arena, text, length, error, sizeof(error));
	if (root == NULL)
		printf("    %s: %s\n", path, error);
	CHECK(root != NULL);
	return root;
}

/* The issues are at the expected paths, and at no other. */
static bool
paths_are(const char *name, const struct value *expected)
{
	bool right = issues.truncated == 0;

	for (uint32_t i = 0; i < issues.count; i++) {
		bool known = false;

		for (uint32_t j = 0; j < expected->count; j++)
			known = known || value_string_is(expected->items[j], issues.list[i].path);
		if (!known)
			printf("    %s: not expected at %s: %s\n", name, issues.list[i].path, issues.list[i].message);
		right = right && known;
	}
	for (uint32_t j = 0; j < expected->count; j++) {
		bool found = false;

		for (uint32_t i = 0; i < issues.count; i++)
			found = found || value_string_is(expected->items[j], issues.list[i].path);
		if (!found)
			printf("    %s: nothing is said of %s\n", name, expected->items[j]->string);
		right = right && found;
	}
	return right;
}

static void
fresh(void)
{
	config_issues_free(&issues);
	forwarding_config_free(&config);
}

static void
schema(const struct value *value)
{
	struct schema_place root = { 0 };

	fresh();
	schema_check(&schema_forwarding, value, &root, forwarding_explain, &issues);
}

static uint32_t
ports_of(const struct value *shown)
{
	const struct value *ports = value_get(shown, "ports");
	uint32_t mask = 0;

	for (uint32_t i = 0; i < ports->count; i++)
		mask |= UINT32_C(1) << strtoul(ports->members[i].key, NULL, 10);
	return mask;
}

static void
as_json(const struct value *value, char *text, size_t size)
{
	FILE *file = tmpfile();

	CHECK(file != NULL);
	CHECK_EQ(value_write_json(value, file), 0);
	rewind(file);
	text[fread(text, 1, size - 1, file)] = '\0';
	fclose(file);
}

static void
is_valid(struct arena *arena, const char *name, const struct value *one)
{
	const struct value *shown = value_get(one, "shown"), *back;
	static char expected[4096], is[4096];

	schema(value_get(one, "config"));
	if (issues.count > 0)
		printf("    %s: %s: %s\n", name, issues.list[0].path, issues.list[0].message);
	CHECK_EQ(issues.count, 0);
	CHECK_EQ(forwarding_config_from_value(value_get(one, "config"), UINT32_MAX, &config, &issues), 0);
	if (shown == NULL)
		return;
	back = forwarding_config_to_value(arena, &config, ports_of(shown));
	as_json(shown, expected, sizeof(expected));
	as_json(back, is, sizeof(is));
	CHECK_STR(is, expected);
	/* And round: what is shown is a configuration that is shown the same. */
	schema(back);
	CHECK_EQ(issues.count, 0);
	CHECK_EQ(forwarding_config_from_value(back, UINT32_MAX, &config, &issues), 0);
	as_json(forwarding_config_to_value(arena, &config, ports_of(shown)), is, sizeof(is));
	CHECK_STR(is, expected);
}

static void
is_invalid(struct arena *arena, const char *name, const struct value *one)
{
	(void)arena;
	schema(value_get(one, "config"));
	CHECK(issues.count > 0);
	CHECK(paths_are(name, value_get(one, "issues")));
	fresh();
	CHECK_EQ(forwarding_config_from_value(value_get(one, "config"), UINT32_MAX, &config, &issues), -1);
	CHECK(config.routes == NULL);
}

static void
is_refused(struct arena *arena, const char *name, const struct value *one)
{
	(void)arena;
	schema(value_get(one, "config"));
	CHECK_EQ(issues.count, 0);
	CHECK_EQ(forwarding_config_from_value(value_get(one, "config"), 0x0b, &config, &issues), -1);
	CHECK(paths_are(name, value_get(one, "issues")));
}

static void
each(const char *folder, void (*holds)(struct arena *arena, const char *name, const struct value *one))
{
	char path[512];
	struct dirent *entry;
	unsigned int before = cases;
	DIR *directory;

	snprintf(path, sizeof(path), "%s/%s", WDPDK_VECTORS, folder);
	directory = opendir(path);
	CHECK(directory != NULL);
	while ((entry = readdir(directory)) != NULL) {
		struct arena *arena = arena_create(16 << 20);
		const struct value *list;

		if (strstr(entry->d_name, ".json") != NULL) {
			snprintf(path, sizeof(path), "%s/%s/%s", WDPDK_VECTORS, folder, entry->d_name);
			list = value_get(read_file(arena, path), "cases");
			for (uint32_t i = 0; i < list->count; i++, cases++)
				holds(arena, value_get(list->items[i], "name")->string, list->items[i]);
		}
		arena_destroy(arena);
	}
	closedir(directory);
	fresh();
	CHECK(cases > before);
}

static void
valid_configurations_are_taken_and_shown(void)
{
	each("valid", is_valid);
}

static void
invalid_ones_are_refused_field_by_field(void)
{
	each("invalid", is_invalid);
}

static void
what_only_the_dataplane_can_refuse(void)
{
	each("refused", is_refused);
}

int
main(void)
{
	RUN(valid_configurations_are_taken_and_shown);
	RUN(invalid_ones_are_refused_field_by_field);
	RUN(what_only_the_dataplane_can_refuse);
	printf("%u cases\n", cases);
	return check_summary();
}
