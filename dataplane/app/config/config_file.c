/* SPDX-License-Identifier: BSD-3-Clause */
#include "config_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "forwarding_decode.h"

#define MOST_FILE_BYTES (64u << 20)
#define MOST_TREE_BYTES (512u << 20)	/* a route of 60 characters becomes some 300 bytes of tree */

static char *
read_whole(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	long size;

	*length = 0;
	if (file == NULL) {
		fprintf(stderr, "wdpdk-dataplane: --config %s: %s. Check the path.\n", path, strerror(errno));
		return NULL;
	}
	if (fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0 || fseek(file, 0, SEEK_SET) != 0) {
		fprintf(stderr, "wdpdk-dataplane: --config %s: cannot be read: %s. Give a plain file.\n", path, strerror(errno));
	} else if ((unsigned long)size > MOST_FILE_BYTES) {
		fprintf(stderr, "wdpdk-dataplane: --config %s: more than %u bytes. That is no configuration.\n", path, MOST_FILE_BYTES);
	} else if ((text = malloc((size_t)size + 1)) == NULL) {
		fprintf(stderr, "wdpdk-dataplane: --config %s: no memory for %ld bytes.\n", path, size);
	} else {
		*length = fread(text, 1, (size_t)size, file);
		if (ferror(file)) {
			fprintf(stderr, "wdpdk-dataplane: --config %s: cannot be read: %s.\n", path, strerror(errno));
			free(text);
			text = NULL;
		}
	}
	fclose(file);
	return text;
}

static void
decode(const struct value *root, uint32_t ports, struct config_file *out, struct config_issues *issues)
{
	const struct value *forwarding = value_get(root, "forwarding"), *idle = value_get(root, "idle");
	struct forwarding_decoder decoder = { .ports = ports, .issues = issues };
	struct schema_place whole = { 0 }, part = { .key = "forwarding" };
	uint32_t before = config_issue_total(issues);

	schema_check(&schema_dataplane_config, root, &whole, forwarding_explain, issues);
	if (value_is(idle, VALUE_STRING))
		snprintf(out->idle, sizeof(out->idle), "%s", idle->string);
	if (forwarding != NULL) {
		out->has_forwarding = true;
		forwarding_decode(&decoder, forwarding, &part, &out->forwarding);
	}
	forwarding_decoder_ends_well(&decoder, before);
}

int
config_file_read(const char *path, uint32_t ports, struct config_file *out)
{
	struct arena *arena = arena_create(MOST_TREE_BYTES);
	struct config_issues issues = { 0 };
	char error[256] = "no memory";
	struct value *root = NULL;
	size_t length;
	char *text = read_whole(path, &length);
	int result = -1;

	memset(out, 0, sizeof(*out));
	if (text != NULL)
		root = value_from_json(arena, text, length, error, sizeof(error));
	if (root != NULL) {
		decode(root, ports, out, &issues);
		result = issues.count + issues.truncated == 0 ? 0 : -1;
		if (result != 0)
			fprintf(stderr, "wdpdk-dataplane: --config %s: the configuration is refused. Correct these fields:\n", path);
		for (uint32_t i = 0; i < issues.count; i++)
			fprintf(stderr, "  %s: %s\n", issues.list[i].path[0] == '\0' ? "(whole)" : issues.list[i].path, issues.list[i].message);
		if (issues.truncated > 0)
			fprintf(stderr, "  and %u more\n", issues.truncated);
	} else if (text != NULL) {
		fprintf(stderr, "wdpdk-dataplane: --config %s: %s. The file must be valid JSON.\n", path, error);
	}
	if (result != 0)
		forwarding_config_free(&out->forwarding);
	config_issues_free(&issues);
	free(text);
	arena_destroy(arena);
	return result;
}
