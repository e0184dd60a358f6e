/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Cases over several files: as dataplane/testing/check.h, with one count and one way out for all of them, so that helpers may
 * check, too.
 */
#ifndef UIO_CASE_H
#define UIO_CASE_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

extern jmp_buf case_end;
/* Prints what was wrong and ends the case. */
void case_fail(const char *file, int line, const char *format, ...) __attribute__((noreturn, format(__MINGW_PRINTF_FORMAT, 3, 4)));
void case_run(const char *name, void (*run)(void));
int case_summary(void);

#define CHECK(condition) do { \
	if (!(condition)) \
		case_fail(__FILE__, __LINE__, "%s is not so", #condition); \
} while (0)

/* Integers of any type, compared and printed as 64 bit. */
#define CHECK_EQ(actual, expected) do { \
	long long check_a = (long long)(actual), check_e = (long long)(expected); \
	if (check_a != check_e) \
		case_fail(__FILE__, __LINE__, "%s is %lld (0x%llx), expected %s = %lld (0x%llx)", #actual, check_a, \
			(unsigned long long)check_a, #expected, check_e, (unsigned long long)check_e); \
} while (0)

/* A case, and then the bed as it was before. */
#define CASE(test_case) case_run(#test_case, test_case)

#endif
