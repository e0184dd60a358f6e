/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Alignment, bit and pointer arithmetic, and the small macros every library uses.
 */
#ifndef _RTE_COMMON_H_
#define _RTE_COMMON_H_

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_config.h>
#include <rte_os.h>
#include <wdpdk_compiler.h>

#ifdef __cplusplus
extern "C" {
#endif

/* x86 loads and stores integers at any address. */
typedef uint64_t unaligned_uint64_t;
typedef uint32_t unaligned_uint32_t;
typedef uint16_t unaligned_uint16_t;

#define RTE_SET_USED(x) (void)(x)

/* Pointers and byte distances. */
#define RTE_PTR_ADD(ptr, x) ((void *)((uintptr_t)(ptr) + (x)))
#define RTE_PTR_SUB(ptr, x) ((void *)((uintptr_t)(ptr) - (x)))
#define RTE_PTR_DIFF(ptr1, ptr2) ((uintptr_t)(ptr1) - (uintptr_t)(ptr2))
#define RTE_CAST_FIELD(var, field, type) (*(type *)((uintptr_t)(var) + offsetof(typeof(*(var)), field)))

/* align is a power of two; the result has the type of the first argument. */
#define RTE_ALIGN_FLOOR(val, align) ((typeof(val))((val) & (~((typeof(val))((align) - 1)))))
#define RTE_ALIGN_CEIL(val, align) RTE_ALIGN_FLOOR(((val) + ((typeof(val))(align) - 1)), align)
#define RTE_ALIGN(val, align) RTE_ALIGN_CEIL(val, align)
#define RTE_PTR_ALIGN_FLOOR(ptr, align) ((typeof(ptr))RTE_ALIGN_FLOOR((uintptr_t)(ptr), align))
#define RTE_PTR_ALIGN_CEIL(ptr, align) RTE_PTR_ALIGN_FLOOR((typeof(ptr))RTE_PTR_ADD(ptr, (align) - 1), align)
#define RTE_PTR_ALIGN(ptr, align) RTE_PTR_ALIGN_CEIL(ptr, align)

/* Multiples of any number. */
#define RTE_ALIGN_MUL_FLOOR(v, mul) (((v) / ((typeof(v))(mul))) * (typeof(v))(mul))
#define RTE_ALIGN_MUL_CEIL(v, mul) RTE_ALIGN_MUL_FLOOR((v) + (typeof(v))(mul) - 1, mul)
#define RTE_ALIGN_MUL_NEAR(v, mul) __extension__ ({ \
	typeof(v) wdpdk_up = RTE_ALIGN_MUL_CEIL(v, mul); \
	typeof(v) wdpdk_down = RTE_ALIGN_MUL_FLOOR(v, mul); \
	wdpdk_up - (v) > (v) - wdpdk_down ? wdpdk_down : wdpdk_up; \
})

/** Nonzero when ptr is a multiple of align (a power of two). */
static inline int
rte_is_aligned(const void *const __rte_restrict ptr, const unsigned int align)
{
	return ((uintptr_t)ptr & (align - 1)) == 0;
}

#define RTE_BUILD_BUG_ON(condition) ((void)sizeof(char[1 - 2 * !!(condition)]))

#define RTE_CACHE_LINE_MASK (RTE_CACHE_LINE_SIZE - 1)
#define RTE_CACHE_LINE_ROUNDUP(size) RTE_ALIGN_CEIL(size, RTE_CACHE_LINE_SIZE)
#define RTE_CACHE_LINE_SIZE_LOG2 6
#define RTE_CACHE_LINE_MIN_SIZE 64
#define __rte_cache_aligned __rte_aligned(RTE_CACHE_LINE_SIZE)
#define __rte_cache_min_aligned __rte_aligned(RTE_CACHE_LINE_MIN_SIZE)

/* Bus addresses. */
typedef uint64_t phys_addr_t;
#define RTE_BAD_PHYS_ADDR ((phys_addr_t)-1)
typedef uint64_t rte_iova_t;
#define RTE_BAD_IOVA ((rte_iova_t)-1)

/* Named places inside a structure; they take no room. */
__extension__ typedef void *RTE_MARKER[0];
__extension__ typedef uint8_t RTE_MARKER8[0];
__extension__ typedef uint16_t RTE_MARKER16[0];
__extension__ typedef uint32_t RTE_MARKER32[0];
__extension__ typedef uint64_t RTE_MARKER64[0];

#define RTE_IS_POWER_OF_2(n) ((n) && !(((n) - 1) & (n)))

#define RTE_MIN(a, b) __extension__ ({ \
	typeof(a) _a = (a); \
	typeof(b) _b = (b); \
	_a < _b ? _a : _b; \
})
#define RTE_MAX(a, b) __extension__ ({ \
	typeof(a) _a = (a); \
	typeof(b) _b = (b); \
	_a > _b ? _a : _b; \
})
#define RTE_SWAP(a, b) __extension__ ({ \
	typeof(a) _a = a; \
	a = b; \
	b = _a; \
})

/** All bits below the highest set bit set as well. */
static inline uint32_t
rte_combine32ms1b(uint32_t x)
{
	return x == 0 ? 0 : UINT32_MAX >> __builtin_clz(x);
}

/** All bits below the highest set bit set as well. */
static inline uint64_t
rte_combine64ms1b(uint64_t v)
{
	return v == 0 ? 0 : UINT64_MAX >> __builtin_clzll(v);
}

static inline int
rte_is_power_of_2(uint32_t n)
{
	return n != 0 && (n & (n - 1)) == 0;
}

/** The smallest power of two >= x; 0 for 0 and for x > 2^31. */
static inline uint32_t
rte_align32pow2(uint32_t x)
{
	return rte_combine32ms1b(x - 1) + 1;
}

/** The largest power of two <= x; 0 for 0. */
static inline uint32_t
rte_align32prevpow2(uint32_t x)
{
	return x == 0 ? 0 : UINT32_C(1) << (31 - __builtin_clz(x));
}

/** The smallest power of two >= v; 0 for 0 and for v > 2^63. */
static inline uint64_t
rte_align64pow2(uint64_t v)
{
	return rte_combine64ms1b(v - 1) + 1;
}

/** The largest power of two <= v; 0 for 0. */
static inline uint64_t
rte_align64prevpow2(uint64_t v)
{
	return v == 0 ? 0 : UINT64_C(1) << (63 - __builtin_clzll(v));
}

/** Index of the lowest set bit; v is not 0. */
static inline uint32_t
rte_bsf32(uint32_t v)
{
	return (uint32_t)__builtin_ctz(v);
}

/** Index of the lowest set bit in *pos; returns 0 when there is none. */
static inline int
rte_bsf32_safe(uint32_t v, uint32_t *pos)
{
	if (v == 0)
		return 0;
	*pos = rte_bsf32(v);
	return 1;
}

/** Index of the lowest set bit; v is not 0. */
static inline uint32_t
rte_bsf64(uint64_t v)
{
	return (uint32_t)__builtin_ctzll(v);
}

/** Index of the lowest set bit in *pos; returns 0 when there is none. */
static inline int
rte_bsf64_safe(uint64_t v, uint32_t *pos)
{
	if (v == 0)
		return 0;
	*pos = rte_bsf64(v);
	return 1;
}

/** 1 + index of the highest set bit; 0 for 0. */
static inline uint32_t
rte_fls_u32(uint32_t x)
{
	return x == 0 ? 0 : 32 - (uint32_t)__builtin_clz(x);
}

/** 1 + index of the highest set bit; 0 for 0. */
static inline uint32_t
rte_fls_u64(uint64_t x)
{
	return x == 0 ? 0 : 64 - (uint32_t)__builtin_clzll(x);
}

/** Logarithm to the base 2, rounded up; 0 for 0. */
static inline uint32_t
rte_log2_u32(uint32_t v)
{
	return v == 0 ? 0 : rte_fls_u32(v - 1);
}

/** Logarithm to the base 2, rounded up; 0 for 0. */
static inline uint32_t
rte_log2_u64(uint64_t v)
{
	return v == 0 ? 0 : rte_fls_u64(v - 1);
}

#ifndef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif

#ifndef container_of
#define container_of(ptr, type, member) __extension__ ({ \
	const typeof(((type *)0)->member) *_ptr = (ptr); \
	__rte_unused type *_target_ptr = (type *)(ptr); \
	(type *)(((uintptr_t)_ptr) - offsetof(type, member)); \
})
#endif

#define RTE_SIZEOF_FIELD(type, field) (sizeof(((type *)0)->field))
#define RTE_DIM(a) (sizeof(a) / sizeof((a)[0]))
#define RTE_LEN2MASK(ln, tp) ((tp)((uint64_t)-1 >> (sizeof(uint64_t) * CHAR_BIT - (ln))))

#define _RTE_STR(x) #x
#define RTE_STR(x) _RTE_STR(x)

/* Splits "format, arguments..." so that a macro can put text before and after the format. */
#define RTE_FMT(fmt, ...) fmt "%.0s", __VA_ARGS__ ""
#define RTE_FMT_HEAD(fmt, ...) fmt
#define RTE_FMT_TAIL(fmt, ...) __VA_ARGS__

/**
 * "64", "0x40", "4K", "2M", "1G" (powers of 1024, also with a trailing B) as a number.
 * @return the size; 0 with errno EINVAL or ERANGE when str is none.
 */
uint64_t rte_str_to_size(const char *str);

/**
 * Ends the program after a message: as an error when exit_code is not 0. Cleans the EAL up first.
 */
__rte_noreturn void rte_exit(int exit_code, const char *format, ...) __rte_format_printf(2, 3);

#ifdef __cplusplus
}
#endif

#endif
