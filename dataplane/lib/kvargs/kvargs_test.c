/* SPDX-License-Identifier: BSD-3-Clause */
#include "check.h"

#include <rte_kvargs.h>

static const char *const keys[] = {"size", "copy", "iface", NULL};

static int
collect(const char *key, const char *value, void *opaque)
{
	char *text = opaque;

	strcat(text, key);
	strcat(text, "=");
	strcat(text, value != NULL ? value : "(none)");
	strcat(text, ";");
	return 0;
}

static int
refuse_two(const char *key, const char *value, void *opaque)
{
	(void)key;
	(*(int *)opaque)++;
	return value != NULL && strcmp(value, "2") == 0 ? -1 : 0;
}

static void
pairs_keep_their_order(void)
{
	struct rte_kvargs *list = rte_kvargs_parse("size=64,copy=1,size=128", keys);
	char text[128] = "";

	CHECK(list != NULL);
	CHECK_EQ(list->count, 3);
	CHECK_EQ(rte_kvargs_process(list, NULL, collect, text), 0);
	CHECK_STR(text, "size=64;copy=1;size=128;");
	text[0] = '\0';
	CHECK_EQ(rte_kvargs_process(list, "size", collect, text), 0);
	CHECK_STR(text, "size=64;size=128;");
	CHECK_EQ(rte_kvargs_count(list, "size"), 2);
	CHECK_EQ(rte_kvargs_count(list, NULL), 3);
	CHECK_EQ(rte_kvargs_count(list, "iface"), 0);
	CHECK_STR(rte_kvargs_get(list, "size"), "64");
	CHECK_STR(rte_kvargs_get_with_value(list, NULL, "128"), "128");
	CHECK(rte_kvargs_get(list, "iface") == NULL);
	CHECK(rte_kvargs_get(list, NULL) == NULL);
	rte_kvargs_free(list);
}

static void
a_key_can_stand_alone(void)
{
	struct rte_kvargs *list = rte_kvargs_parse("copy,size=,iface=a=b", keys);

	CHECK(list != NULL);
	CHECK_EQ(list->count, 3);
	CHECK(list->pairs[0].value == NULL);
	CHECK_STR(list->pairs[1].value, "");
	CHECK_STR(list->pairs[2].value, "a=b");
	rte_kvargs_free(list);
}

static void
lists_keep_their_commas(void)
{
	struct rte_kvargs *list = rte_kvargs_parse("iface=[a,b],size=1", keys);

	CHECK(list != NULL);
	CHECK_EQ(list->count, 2);
	CHECK_STR(rte_kvargs_get(list, "iface"), "[a,b]");
	rte_kvargs_free(list);
}

static void
empty_text_is_an_empty_list(void)
{
	struct rte_kvargs *list = rte_kvargs_parse("", keys);

	CHECK(list != NULL);
	CHECK_EQ(list->count, 0);
	rte_kvargs_free(list);
	list = rte_kvargs_parse(",,size=1,,", keys);
	CHECK(list != NULL);
	CHECK_EQ(list->count, 1);
	rte_kvargs_free(list);
}

static void
unknown_keys_are_refused(void)
{
	struct rte_kvargs *list;

	CHECK(rte_kvargs_parse("size=1,speed=2", keys) == NULL);
	CHECK(rte_kvargs_parse("siz=1", keys) == NULL);
	CHECK(rte_kvargs_parse("sizes=1", keys) == NULL);
	list = rte_kvargs_parse("speed=2", NULL);
	CHECK(list != NULL);
	rte_kvargs_free(list);
	CHECK(rte_kvargs_parse(NULL, keys) == NULL);
	rte_kvargs_free(NULL);
}

static void
there_is_room_for_32(void)
{
	char text[256] = "";
	struct rte_kvargs *list;

	for (int i = 0; i < RTE_KVARGS_MAX; i++)
		strcat(text, i == 0 ? "copy" : ",copy");
	list = rte_kvargs_parse(text, keys);
	CHECK(list != NULL);
	CHECK_EQ(list->count, 32);
	rte_kvargs_free(list);
	strcat(text, ",copy");
	CHECK(rte_kvargs_parse(text, keys) == NULL);
}

static void
parsing_stops_at_a_delimiter(void)
{
	struct rte_kvargs *list = rte_kvargs_parse_delim("size=1,copy=2/iface=3", keys, "/;");

	CHECK(list != NULL);
	CHECK_EQ(list->count, 2);
	CHECK_STR(rte_kvargs_get(list, "copy"), "2");
	rte_kvargs_free(list);
}

static void
a_handler_can_refuse(void)
{
	struct rte_kvargs *list = rte_kvargs_parse("size=1,size=2,size=3", keys);
	int calls = 0;

	CHECK(list != NULL);
	CHECK_EQ(rte_kvargs_process(list, "size", refuse_two, &calls), -1);
	CHECK_EQ(calls, 2);
	CHECK_EQ(rte_kvargs_process(list, "size", NULL, NULL), -1);
	CHECK_EQ(rte_kvargs_process(NULL, "size", refuse_two, &calls), 0);
	rte_kvargs_free(list);
}

int
main(void)
{
	RUN(pairs_keep_their_order);
	RUN(a_key_can_stand_alone);
	RUN(lists_keep_their_commas);
	RUN(empty_text_is_an_empty_list);
	RUN(unknown_keys_are_refused);
	RUN(there_is_room_for_32);
	RUN(parsing_stops_at_a_delimiter);
	RUN(a_handler_can_refuse);
	return check_summary();
}
