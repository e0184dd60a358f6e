/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What upstream's unit tests expect of their harness, so that one of them, copied beside this file, is a program of its own.
 * Exit code: 0 when all cases passed.
 */
#ifndef WDPDK_CONFORMANCE_TEST_H
#define WDPDK_CONFORMANCE_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_mbuf.h>

#define TEST_SUCCESS 0
#define TEST_FAILED (-1)

#define TEST_ASSERT(condition, message, ...) do { \
	if (!(condition)) { \
		printf("line %d: " message "\n", __LINE__, ##__VA_ARGS__); \
		return TEST_FAILED; \
	} \
} while (0)

struct unit_test_case {
	int (*setup)(void);
	void (*teardown)(void);
	int (*testcase)(void);
	const char *name;
};

struct unit_test_suite {
	const char *suite_name;
	int (*setup)(void);
	void (*teardown)(void);
	struct unit_test_case unit_test_cases[64];
};

#define TEST_CASE(function) {NULL, NULL, function, #function}
#define TEST_CASES_END() {NULL, NULL, NULL, NULL}

static inline int
unit_test_suite_runner(struct unit_test_suite *suite)
{
	int failed = 0;

	if (suite->setup != NULL && suite->setup() != 0) {
		printf("FAIL set-up of %s\n", suite->suite_name);
		return TEST_FAILED;
	}
	for (struct unit_test_case *one = suite->unit_test_cases; one->testcase != NULL; one++) {
		int result = one->setup != NULL ? one->setup() : 0;

		if (result == 0)
			result = one->testcase();
		if (one->teardown != NULL)
			one->teardown();
		printf("%s %s\n", result == 0 ? "ok  " : "FAIL", one->name);
		failed += result != 0;
	}
	if (suite->teardown != NULL)
		suite->teardown();
	return failed == 0 ? TEST_SUCCESS : TEST_FAILED;
}

#define REGISTER_TEST_COMMAND(command, function) \
int main(int argc, char **argv) \
{ \
	int result; \
\
	if (rte_eal_init(argc, argv) < 0) \
		return 2; \
	result = function(); \
	rte_eal_cleanup(); \
	return result == TEST_SUCCESS ? 0 : 1; \
}

#endif
