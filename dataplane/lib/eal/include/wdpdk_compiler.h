/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Everything that depends on the compiler (gcc or clang), in one place. Other headers use these names only.
 */
#ifndef WDPDK_COMPILER_H
#define WDPDK_COMPILER_H

#ifndef typeof
#define typeof __typeof__
#endif

#ifndef __cplusplus
#ifndef asm
#define asm __asm__
#endif
#endif

#define RTE_CC_IS_GNU 0
#if defined __clang__
#define RTE_CC_CLANG
#elif defined __GNUC__
#define RTE_CC_GCC
#undef RTE_CC_IS_GNU
#define RTE_CC_IS_GNU 1
#define GCC_VERSION (__GNUC__ * 10000 + __GNUC_MINOR__ * 100 + __GNUC_PATCHLEVEL__)
#endif

/* Anonymous unions are plain C11 for both compilers. */
#define RTE_STD_C11

/*
 * One thread-local variable. clang on Windows uses native TLS; gcc-mingw emulates it (slow), hence "one read a
 * burst".
 */
#define WDPDK_TLS __thread

#ifndef likely
#define likely(x) __builtin_expect(!!(x), 1)
#endif
#ifndef unlikely
#define unlikely(x) __builtin_expect(!!(x), 0)
#endif

#define __rte_aligned(a) __attribute__((__aligned__(a)))
#define __rte_packed __attribute__((__packed__))
#define __rte_may_alias __attribute__((__may_alias__))
#define __rte_deprecated __attribute__((__deprecated__))
#define __rte_deprecated_msg(msg) __attribute__((__deprecated__(msg)))
#define __rte_weak __attribute__((__weak__))
#define __rte_used __attribute__((__used__))
#define __rte_unused __attribute__((__unused__))
#define __rte_noreturn __attribute__((__noreturn__))
#define __rte_warn_unused_result __attribute__((__warn_unused_result__))
#define __rte_always_inline inline __attribute__((__always_inline__))
#define __rte_noinline __attribute__((__noinline__))
#define __rte_hot __attribute__((__hot__))
#define __rte_cold __attribute__((__cold__))
#define __rte_alloc_size(...) __attribute__((__alloc_size__(__VA_ARGS__)))
#define __rte_no_asan
/* For loads that may race by design, where what they give is checked afterwards. */
#define WDPDK_NO_TSAN __attribute__((__no_sanitize__("thread")))

#ifdef __cplusplus
#define __rte_restrict __restrict
#else
#define __rte_restrict restrict
#endif

/* Memory that must not be touched: AddressSanitizer reports who does. Nothing in other builds. */
#if defined __SANITIZE_ADDRESS__
#define WDPDK_ASAN
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define WDPDK_ASAN
#endif
#endif
#ifdef WDPDK_ASAN
#include <sanitizer/asan_interface.h>
#define WDPDK_POISON(ptr, len) __asan_poison_memory_region(ptr, len)
#define WDPDK_UNPOISON(ptr, len) __asan_unpoison_memory_region(ptr, len)
#else
#define WDPDK_POISON(ptr, len) ((void)(ptr), (void)(len))
#define WDPDK_UNPOISON(ptr, len) ((void)(ptr), (void)(len))
#endif

/* ThreadSanitizer takes an atomic's address, not its bytes, for the place where threads meet. */
#if defined __SANITIZE_THREAD__
#define WDPDK_TSAN
#elif defined __has_feature
#if __has_feature(thread_sanitizer)
#define WDPDK_TSAN
#endif
#endif

/* gcc-mingw's plain "printf" format means msvcrt's; ours is always C99's. clang knows only one. */
#if RTE_CC_IS_GNU
#define __rte_format_printf(format_index, first_arg) __attribute__((format(gnu_printf, format_index, first_arg)))
#else
#define __rte_format_printf(format_index, first_arg) __attribute__((format(printf, format_index, first_arg)))
#endif

#define RTE_PRAGMA(x) _Pragma(#x)
#define RTE_PRAGMA_WARNING(w) RTE_PRAGMA(GCC warning #w)
#define RTE_DEPRECATED(x) RTE_PRAGMA_WARNING(#x is deprecated)

/*
 * Constructors, for programs and drivers written against DPDK. Our own libraries and drivers never use them: they
 * register from the table in wdpdk_registry.h, so that a static link keeps them.
 */
#define RTE_PRIORITY_LOG 101
#define RTE_PRIORITY_BUS 110
#define RTE_PRIORITY_CLASS 120
#define RTE_PRIORITY_LAST 65535
#define RTE_PRIO(prio) RTE_PRIORITY_ ## prio

#ifndef RTE_INIT_PRIO
#define RTE_INIT_PRIO(func, prio) static void __attribute__((constructor(RTE_PRIO(prio)), used)) func(void)
#endif
#ifndef RTE_FINI_PRIO
#define RTE_FINI_PRIO(func, prio) static void __attribute__((destructor(RTE_PRIO(prio)), used)) func(void)
#endif
#define RTE_INIT(func) RTE_INIT_PRIO(func, LAST)
#define RTE_FINI(func) RTE_FINI_PRIO(func, LAST)

#endif
