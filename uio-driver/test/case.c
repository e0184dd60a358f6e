/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>

#include "contract.h"

jmp_buf case_end;
static int passed, failed;

void
case_fail(const char *file, int line, const char *format, ...)
{
	const char *name = strrchr(file, '/');
	va_list arguments;

	va_start(arguments, format);
	printf("    %s:%d: ", name != NULL ? name + 1 : file, line);
	vprintf(format, arguments);
	printf("\n");
	va_end(arguments);
	longjmp(case_end, 1);
}

void
case_run(const char *name, void (*run)(void))
{
	/* Of what follows only memory that is not of this frame is read after the jump. */
	if (setjmp(case_end) == 0) {
		run();
		passed++;
		printf("ok   %s\n", name);
	} else {
		failed++;
		printf("FAIL %s\n", name);
	}
	bed_clean();
	fflush(stdout);
}

int
case_summary(void)
{
	printf("%d passed, %d failed\n", passed, failed);
	return failed == 0 && passed > 0 ? 0 : 1;
}
