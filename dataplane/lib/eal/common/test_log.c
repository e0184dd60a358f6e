/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Log types, levels and patterns.
 */
#include <errno.h>

#include <rte_lcore.h>
#include <wdpdk_registry.h>

#include "eal_log_private.h"
#include "test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

RTE_LOG_REGISTER(from_constructor, test.constructor, NOTICE)

static int
type(const char *name)
{
	return rte_log_register(name);
}

#define LEVEL(name) rte_log_get_level((uint32_t)type(name))

static void
types_have_names_and_levels(void)
{
	int a = type("t.a");

	CHECK(a >= RTE_LOGTYPE_FIRST_EXT_ID);
	CHECK_EQ(type("t.a"), a);
	CHECK_EQ(type("lib.eal"), RTE_LOGTYPE_EAL);
	CHECK_EQ(LEVEL("t.a"), RTE_LOG_INFO);
	CHECK_EQ(rte_log_get_level((uint32_t)from_constructor), RTE_LOG_NOTICE);
	CHECK_EQ(rte_log_register_type_and_pick_level("t.b", RTE_LOG_ERR), a + 1);
	CHECK_EQ(LEVEL("t.b"), RTE_LOG_ERR);
	CHECK_EQ(rte_log_set_level((uint32_t)a, RTE_LOG_DEBUG), 0);
	CHECK_EQ(LEVEL("t.a"), RTE_LOG_DEBUG);
	CHECK_EQ(LEVEL("t.b"), RTE_LOG_ERR);
}

static void
bad_arguments_are_refused(void)
{
	CHECK_EQ(rte_log_register(NULL), -EINVAL);
	CHECK_EQ(rte_log_register(""), -EINVAL);
	CHECK_EQ(rte_log_register_type_and_pick_level("t.c", 0), -EINVAL);
	CHECK_EQ(rte_log_register_type_and_pick_level("t.c", RTE_LOG_MAX + 1), -EINVAL);
	CHECK_EQ(rte_log_set_level(UINT32_MAX, RTE_LOG_ERR), -1);
	CHECK_EQ(rte_log_set_level((uint32_t)type("t.a"), 0), -1);
	CHECK_EQ(rte_log_set_level((uint32_t)type("t.a"), RTE_LOG_MAX + 1), -1);
	CHECK_EQ(rte_log_set_level_pattern(NULL, RTE_LOG_ERR), -1);
	CHECK_EQ(rte_log_set_level_pattern("*", 99), -1);
	CHECK_EQ(rte_log_set_level_regexp(NULL, RTE_LOG_ERR), -1);
	CHECK_EQ(rte_log_set_level_regexp("x", 0), -1);
	CHECK_EQ(rte_log_set_level_regexp("[", RTE_LOG_ERR), -1);
	CHECK_EQ(rte_log_get_level(UINT32_MAX), -1);
	CHECK(!rte_log_can_log(UINT32_MAX, RTE_LOG_EMERG));
	CHECK_EQ(rte_log(RTE_LOG_ERR, UINT32_MAX, "lost\n"), -1);
}

static void
expressions_match_somewhere(void)
{
	static const struct {
		const char *expression, *text;
		int result;
	} rows[] = {
		{ "type$", "logtype1", 0 }, { "type$", "logtype", 1 }, { "type[23]", "logtype3", 1 },
		{ "type[23]", "logtype1", 0 }, { "^type", "logtype", 0 }, { "^log", "logtype", 1 }, { "", "x", 1 },
		{ "l.g", "a lag", 1 }, { "l\\.g", "lag", 0 }, { "l\\.g", "l.g", 1 }, { "lo*g", "lg", 1 },
		{ "lo*g", "looog", 1 }, { "lo*g", "loxg", 0 }, { "[^a-c]x", "ax", 0 }, { "[^a-c]x", "dx", 1 },
		{ "[a-c]*x$", "abcx", 1 }, { "a.*b.*c", "a-b-b-c", 1 }, { "a.*b.*c", "a-c-b", 0 }, { "[]]", "]", 1 },
		{ "[", "x", -1 }, { "[a", "a", -1 }, { "^$", "", 1 }, { "^$", "x", 0 }, { "[a-]", "-", 1 },
	};
	unsigned int i;

	for (i = 0; i < RTE_DIM(rows); i++) {
		if (eal_os_regexp(rows[i].expression, rows[i].text) != rows[i].result)
			printf("    '%s' and '%s'\n", rows[i].expression, rows[i].text);
		CHECK_EQ(eal_os_regexp(rows[i].expression, rows[i].text), rows[i].result);
	}
}

static void
patterns_hold_for_later_types(void)
{
	type("p.one");
	type("p.two");
	CHECK_EQ(rte_log_set_level_pattern("p", RTE_LOG_DEBUG), 0);
	CHECK_EQ(LEVEL("p.one"), RTE_LOG_INFO);
	CHECK_EQ(rte_log_set_level_pattern("p.*", RTE_LOG_DEBUG), 0);
	CHECK_EQ(LEVEL("p.one"), RTE_LOG_DEBUG);
	CHECK_EQ(rte_log_set_level_regexp("^p\\.t", RTE_LOG_CRIT), 0);
	CHECK_EQ(LEVEL("p.one"), RTE_LOG_DEBUG);
	CHECK_EQ(LEVEL("p.two"), RTE_LOG_CRIT);
	CHECK_EQ(LEVEL("p.three"), RTE_LOG_CRIT);
	CHECK_EQ(LEVEL("p.four"), RTE_LOG_DEBUG);
	/* The last one that was given counts, also when it is given again. */
	CHECK_EQ(rte_log_set_level_pattern("p.*", RTE_LOG_ALERT), 0);
	CHECK_EQ(LEVEL("p.two"), RTE_LOG_ALERT);
	CHECK_EQ(LEVEL("p.ten"), RTE_LOG_ALERT);
}

static void
patterns_given_again_take_no_room(void)
{
	unsigned int i;

	for (i = 0; i < 1000; i++)
		CHECK_EQ(rte_log_set_level_pattern("again.*", 1 + i % 8), 0);
	CHECK_EQ(LEVEL("again.x"), 1 + 999 % 8);
}

static int
log_v(const char *format, ...)
{
	va_list ap;
	int ret;

	va_start(ap, format);
	ret = rte_vlog(RTE_LOG_WARNING, RTE_LOGTYPE_USER1, format, ap);
	va_end(ap);
	return ret;
}

static void
messages_pass_both_levels(void)
{
	log_taken();
	CHECK_EQ(rte_log(RTE_LOG_INFO, RTE_LOGTYPE_USER1, "number %d\n", 7), 9);
	CHECK_EQ(rte_log_cur_msg_loglevel(), RTE_LOG_INFO);
	CHECK_EQ(rte_log_cur_msg_logtype(), RTE_LOGTYPE_USER1);
	CHECK(log_has("number 7\n"));
	CHECK_EQ(rte_log(RTE_LOG_DEBUG, RTE_LOGTYPE_USER1, "too low\n"), 0);
	CHECK_EQ(log_v("%s", "va"), 2);
	CHECK_EQ(rte_log_cur_msg_loglevel(), RTE_LOG_WARNING);
	rte_log_set_global_level(RTE_LOG_ERR);
	CHECK_EQ(rte_log_get_global_level(), RTE_LOG_ERR);
	CHECK(!rte_log_can_log(RTE_LOGTYPE_USER1, RTE_LOG_WARNING) && rte_log_can_log(RTE_LOGTYPE_USER1, RTE_LOG_ERR));
	CHECK_EQ(log_v("%s", "not now"), 0);
	rte_log_set_global_level(RTE_LOG_DEBUG);
	CHECK_STR(log_taken(), "va");
	RTE_LOG(ERR, USER2, "prefixed\n");
	CHECK(log_has("USER2: prefixed\n"));
}

static void
dumps_name_all(void)
{
	rte_log_dump(log_file);
	CHECK(log_has("p.one, level is alert"));
	rte_log_list_types(log_file, "> ");
	CHECK(log_has("> lib.eal\n"));
}

static void
words_are_levels(void)
{
	CHECK_EQ(eal_log_level_parse("emerg"), RTE_LOG_EMERG);
	CHECK_EQ(eal_log_level_parse("err"), RTE_LOG_ERR);
	CHECK_EQ(eal_log_level_parse("warning"), RTE_LOG_WARNING);
	CHECK_EQ(eal_log_level_parse("d"), RTE_LOG_DEBUG);
	CHECK_EQ(eal_log_level_parse("max"), RTE_LOG_MAX);
	CHECK_EQ(eal_log_level_parse("8"), RTE_LOG_MAX);
	CHECK_EQ(eal_log_level_parse("disabled"), -1);
	CHECK_EQ(eal_log_level_parse("0"), -1);
	CHECK_EQ(eal_log_level_parse("9"), -1);
	CHECK_EQ(eal_log_level_parse(""), -1);
}

int
main(void)
{
	log_capture("test_eal_log.log");
	RUN(types_have_names_and_levels);
	RUN(bad_arguments_are_refused);
	RUN(expressions_match_somewhere);
	RUN(patterns_hold_for_later_types);
	RUN(patterns_given_again_take_no_room);
	RUN(messages_pass_both_levels);
	RUN(dumps_name_all);
	RUN(words_are_levels);
	return check_summary();
}
