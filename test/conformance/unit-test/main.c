/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A main() for one of upstream's unit tests, whose own test.h is beside its source. It runs what the environment names in
 * DPDK_TEST, or everything that registered itself. Exit code: 0 passed, 77 skipped, 78 no such test, 2 EAL did not start,
 * 1 failed.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#if __has_include(<rte_timer.h>)
#include <rte_timer.h>
#define HAVE_TIMERS 1
#else
#define HAVE_TIMERS 0
#endif

#include "test.h"

enum { EXIT_NO_EAL = 2, EXIT_NO_SUCH_TEST = 78 };

const char *prgname;
int last_test_result;

static struct test_commands_list tests = TAILQ_HEAD_INITIALIZER(tests);

/* Called by constructors of the test's own objects. */
void
add_test_command(struct test_command *t)
{
	TAILQ_INSERT_TAIL(&tests, t, next);
}

/* What a test asks of a second process of itself, as far as it is linked here. */
extern int test_panic(void) __attribute__((weak));
extern int test_exit(void) __attribute__((weak));
extern int test_mp_secondary(void) __attribute__((weak));
extern int test_timer_secondary(void) __attribute__((weak));
extern int test_pdump(void) __attribute__((weak));

#ifdef RTE_LIB_PDUMP
/* The header by which tests start a second process wants these of the pdump test, which most are linked without. */
__attribute__((weak)) uint16_t flag_for_send_pkts = 1;

__attribute__((weak)) void *
send_pkts(void *unused)
{
	return unused;
}
#endif

static int
second_process(const char *what)
{
	const struct {
		const char *name;
		int (*action)(void);
	} actions[] = {
		{"test_panic", test_panic},
		{"test_exit", test_exit},
		{"run_secondary_instances", test_mp_secondary},
		{"timer_secondary_spawn_wait", test_timer_secondary},
		{"run_pdump_server_tests", test_pdump},
	};

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (strcmp(actions[i].name, what) == 0)
			return actions[i].action != NULL ? actions[i].action() : -1;
	/* The other names only ask whether EAL starts with the arguments given: it did. */
	return 0;
}

static const char *
verdict(int result)
{
	return result == TEST_SUCCESS ? "passed" : result == TEST_SKIPPED ? "skipped" :
		result == -ENOTSUP ? "unsupported" : "FAILED";
}

static int
run_case(const struct unit_test_case *one)
{
	int result = one->setup != NULL ? one->setup() : TEST_SUCCESS;

	if (result == TEST_SUCCESS) {
		if (one->testcase != NULL)
			result = one->testcase();
		else
			result = one->testcase_with_data(one->data);
	}
	if (one->teardown != NULL)
		one->teardown();
	printf("  case %s: %s\n", one->name, verdict(result));
	return result;
}

/* One result into the suite's counters. */
static void
count(struct unit_test_suite *suite, int result)
{
	suite->total++;
	if (result == TEST_SUCCESS)
		suite->succeeded++;
	else if (result == TEST_SKIPPED)
		suite->skipped++;
	else if (result == -ENOTSUP)
		suite->unsupported++;
	else
		suite->failed++;
	suite->executed += result != TEST_SKIPPED && result != -ENOTSUP;
}

static int
has_code(const struct unit_test_case *one)
{
	return one->testcase != NULL || one->testcase_with_data != NULL;
}

int
unit_test_suite_runner(struct unit_test_suite *suite)
{
	struct unit_test_suite **inner = suite->unit_test_suites;
	int set_up;

	suite->total = suite->executed = suite->succeeded = suite->skipped = suite->failed = suite->unsupported = 0;
	printf("suite %s\n", suite->suite_name != NULL ? suite->suite_name : "");
	set_up = suite->setup != NULL ? suite->setup() : TEST_SUCCESS;
	for (struct unit_test_case *one = suite->unit_test_cases; has_code(one); one++) {
		if (set_up != TEST_SUCCESS)
			count(suite, set_up == TEST_SKIPPED ? TEST_SKIPPED : TEST_FAILED);
		else
			count(suite, one->enabled ? run_case(one) : TEST_SKIPPED);
	}
	for (; set_up == TEST_SUCCESS && inner != NULL && (*inner)->suite_name != NULL; inner++) {
		unit_test_suite_runner(*inner);
		suite->total += (*inner)->total;
		suite->executed += (*inner)->executed;
		suite->succeeded += (*inner)->succeeded;
		suite->skipped += (*inner)->skipped;
		suite->failed += (*inner)->failed;
		suite->unsupported += (*inner)->unsupported;
	}
	if (set_up == TEST_SUCCESS && suite->teardown != NULL)
		suite->teardown();
	printf("suite %s: %u cases, %u passed, %u failed, %u skipped, %u unsupported\n",
		suite->suite_name != NULL ? suite->suite_name : "", suite->total, suite->succeeded, suite->failed,
		suite->skipped, suite->unsupported);
	last_test_result = (int)suite->failed;
	if (suite->failed > 0 || (set_up != TEST_SUCCESS && set_up != TEST_SKIPPED))
		return TEST_FAILED;
	return suite->total == suite->skipped ? TEST_SKIPPED : TEST_SUCCESS;
}

static int
run_tests(const char *wanted)
{
	struct test_command *t;
	int passed = 0, skipped = 0;

	TAILQ_FOREACH(t, &tests, next) {
		int result;

		if (wanted != NULL && strcmp(wanted, t->command) != 0)
			continue;
		result = t->callback();
		last_test_result = result;
		printf("\ntest %s: %s (%d)\n", t->command, verdict(result), result);
		fflush(stdout);
		if (result == TEST_SKIPPED)
			skipped++;
		else if (result == TEST_SUCCESS)
			passed++;
		else
			return EXIT_FAILURE;
	}
	if (passed > 0)
		return EXIT_SUCCESS;
	return skipped > 0 ? TEST_SKIPPED : EXIT_NO_SUCH_TEST;
}

int
main(int argc, char **argv)
{
	const char *again = getenv(RECURSIVE_ENV_VAR);
	const char *wanted = getenv("DPDK_TEST");
	int used = rte_eal_init(argc, argv);
	int status;

	if (used < 0) {
		printf("EAL did not start: %s\n", rte_strerror(rte_errno));
		return again != NULL ? EXIT_FAILURE : EXIT_NO_EAL;
	}
	prgname = argv[used];
#if HAVE_TIMERS
	if (rte_timer_subsystem_init() < 0) {
		printf("the timer library did not start\n");
		return EXIT_NO_EAL;
	}
#endif
	status = again != NULL ? second_process(again) : run_tests(wanted);
#if HAVE_TIMERS
	rte_timer_subsystem_finalize();
#endif
	rte_eal_cleanup();
	return status;
}
