/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Assertions and the end of a program that cannot go on.
 */
#ifndef _RTE_DEBUG_H_
#define _RTE_DEBUG_H_

#include <rte_branch_prediction.h>
#include <rte_log.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Prints the calling thread's stack to the log stream. */
void rte_dump_stack(void);

/* Logs the message with the function's name, dumps the stack, aborts. */
#define rte_panic(...) rte_panic_(__func__, __VA_ARGS__, "dummy")
#define rte_panic_(func, format, ...) __rte_panic(func, format "%.0s", __VA_ARGS__)

#ifdef RTE_ENABLE_ASSERT
#define RTE_ASSERT(exp) RTE_VERIFY(exp)
#else
#define RTE_ASSERT(exp) do {} while (0)
#endif
#define RTE_VERIFY(exp) do { \
	if (unlikely(!(exp))) \
		rte_panic("line %d\tassert \"%s\" failed\n", __LINE__, #exp); \
} while (0)

void __rte_panic(const char *funcname, const char *format, ...) __rte_cold __rte_noreturn __rte_format_printf(2, 3);

#ifdef __cplusplus
}
#endif

#endif
