/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_log.h>

#include "rte_kvargs.h"

/* The comma that ends the pair at text, or the end: commas between [ and ] belong to the value. */
static char *
end_of_pair(char *text)
{
	int in_list = 0;

	for (; *text != '\0'; text++) {
		if (*text == '[')
			in_list = 1;
		else if (*text == ']')
			in_list = 0;
		else if (*text == ',' && !in_list)
			break;
	}
	return text;
}

/* Cuts list->str into pairs in place. Empty pairs ("a=1,,b=2") are skipped. */
static int
split(struct rte_kvargs *list)
{
	char *text = list->str;

	for (;;) {
		char *end = end_of_pair(text);
		const int last = *end == '\0';
		char *equals;

		*end = '\0';
		if (end > text) {
			if (list->count == RTE_KVARGS_MAX) {
				RTE_LOG(ERR, EAL, "Too many arguments: at most %d\n", RTE_KVARGS_MAX);
				return -1;
			}
			equals = strchr(text, '=');
			if (equals != NULL)
				*equals = '\0';
			list->pairs[list->count].key = text;
			list->pairs[list->count].value = equals != NULL ? equals + 1 : NULL;
			list->count++;
		}
		if (last)
			return 0;
		text = end + 1;
	}
}

static int
check_keys(const struct rte_kvargs *list, const char *const valid_keys[])
{
	for (unsigned int i = 0; i < list->count; i++) {
		char accepted[512] = "none";
		size_t used = 0;
		int found = 0;

		for (const char *const *key = valid_keys; *key != NULL && !found; key++) {
			found = strcmp(*key, list->pairs[i].key) == 0;
			if (used < sizeof(accepted))
				used += (size_t)snprintf(accepted + used, sizeof(accepted) - used, "%s%s", used > 0 ? ", " : "", *key);
		}
		if (!found) {
			RTE_LOG(ERR, EAL, "Unknown argument \"%s\"; accepted: %s\n", list->pairs[i].key, accepted);
			return -1;
		}
	}
	return 0;
}

struct rte_kvargs *
rte_kvargs_parse(const char *args, const char *const valid_keys[])
{
	struct rte_kvargs *list;

	if (args == NULL)
		return NULL;
	list = calloc(1, sizeof(*list));
	if (list == NULL)
		return NULL;
	list->str = strdup(args);
	if (list->str == NULL || split(list) != 0 || (valid_keys != NULL && check_keys(list, valid_keys) != 0)) {
		rte_kvargs_free(list);
		return NULL;
	}
	return list;
}

struct rte_kvargs *
rte_kvargs_parse_delim(const char *args, const char *const valid_keys[], const char *valid_ends)
{
	struct rte_kvargs *list;
	char *copy;

	if (args == NULL || valid_ends == NULL)
		return rte_kvargs_parse(args, valid_keys);
	copy = strdup(args);
	if (copy == NULL)
		return NULL;
	copy[strcspn(copy, valid_ends)] = '\0';
	list = rte_kvargs_parse(copy, valid_keys);
	free(copy);
	return list;
}

void
rte_kvargs_free(struct rte_kvargs *kvlist)
{
	if (kvlist == NULL)
		return;
	free(kvlist->str);
	free(kvlist);
}

const char *
rte_kvargs_get_with_value(const struct rte_kvargs *kvlist, const char *key, const char *value)
{
	if (kvlist == NULL)
		return NULL;
	for (unsigned int i = 0; i < kvlist->count; i++) {
		const struct rte_kvargs_pair *pair = &kvlist->pairs[i];

		if (key != NULL && strcmp(pair->key, key) != 0)
			continue;
		if (value != NULL && (pair->value == NULL || strcmp(pair->value, value) != 0))
			continue;
		return pair->value;
	}
	return NULL;
}

const char *
rte_kvargs_get(const struct rte_kvargs *kvlist, const char *key)
{
	return key == NULL ? NULL : rte_kvargs_get_with_value(kvlist, key, NULL);
}

int
rte_kvargs_process(const struct rte_kvargs *kvlist, const char *key_match, arg_handler_t handler, void *opaque_arg)
{
	if (kvlist == NULL)
		return 0;
	if (handler == NULL)
		return -1;
	for (unsigned int i = 0; i < kvlist->count; i++) {
		const struct rte_kvargs_pair *pair = &kvlist->pairs[i];

		if (key_match != NULL && strcmp(pair->key, key_match) != 0)
			continue;
		if (handler(pair->key, pair->value, opaque_arg) < 0)
			return -1;
	}
	return 0;
}

unsigned
rte_kvargs_count(const struct rte_kvargs *kvlist, const char *key_match)
{
	unsigned int count = 0;

	if (kvlist == NULL)
		return 0;
	for (unsigned int i = 0; i < kvlist->count; i++)
		if (key_match == NULL || strcmp(kvlist->pairs[i].key, key_match) == 0)
			count++;
	return count;
}
