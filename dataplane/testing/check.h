/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The unit tests' harness: one program a library, one function a case.
 *
 *     static void ring_wraps(void) { CHECK_EQ(rte_ring_count(r), 3); }
 *     int main(void) { RUN(ring_wraps); return check_summary(); }
 *
 * A failed CHECK prints file, line and values and ends the case; the program's exit status is 1 when any case failed.
 */
#ifndef WDPDK_TESTING_CHECK_H
#define WDPDK_TESTING_CHECK_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

static int check_passed, check_failed;
static jmp_buf check_case_end;

#define CHECK(condition) do { \
	if (!(condition)) { \
		printf("    %s:%d: CHECK(%s) failed\n", __FILE__, __LINE__, #condition); \
		longjmp(check_case_end, 1); \
	} \
} while (0)

/* Integers of any type, compared and printed as 64 bit. */
#define CHECK_EQ(actual, expected) do { \
	long long check_a = (long long)(actual), check_e = (long long)(expected); \
	if (check_a != check_e) { \
		printf("    %s:%d: %s is %lld (0x%llx), expected %s = %lld (0x%llx)\n", __FILE__, __LINE__, \
			#actual, check_a, (unsigned long long)check_a, #expected, check_e, (unsigned long long)check_e); \
		longjmp(check_case_end, 1); \
	} \
} while (0)

#define CHECK_STR(actual, expected) do { \
	const char *check_a = (actual), *check_e = (expected); \
	if (check_a == NULL || strcmp(check_a, check_e) != 0) { \
		printf("    %s:%d: %s is \"%s\", expected \"%s\"\n", __FILE__, __LINE__, #actual, \
			check_a == NULL ? "(null)" : check_a, check_e); \
		longjmp(check_case_end, 1); \
	} \
} while (0)

#define CHECK_MEM(actual, expected, size) CHECK(memcmp((actual), (expected), (size)) == 0)

/* The call goes through a volatile pointer: a case inlined beside setjmp would have its locals in doubt (gcc -Wclobbered). */
#define RUN(test_case) do { \
	void (*volatile check_case)(void) = test_case; \
	if (setjmp(check_case_end) == 0) { \
		check_case(); \
		check_passed++; \
		printf("ok   %s\n", #test_case); \
	} else { \
		check_failed++; \
		printf("FAIL %s\n", #test_case); \
	} \
	fflush(stdout); \
} while (0)

static inline int
check_summary(void)
{
	printf("%d passed, %d failed\n", check_passed, check_failed);
	return check_failed == 0 ? 0 : 1;
}

#endif
