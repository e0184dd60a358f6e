/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What needs no rte_eal_init(): arithmetic, byte order, copies, strings, logs, error texts, time, random numbers, CPU
 * flags.
 */
#include <rte_byteorder.h>
#include <rte_common.h>
#include <rte_cpuflags.h>
#include <rte_cycles.h>
#include <rte_hexdump.h>
#include <rte_memcpy.h>
#include <rte_random.h>
#include <rte_string_fns.h>
#include <rte_tailq.h>
#include <rte_vect.h>
#include <rte_version.h>
#include <wdpdk_registry.h>

#include "eal_log_private.h"
#include "eal_private.h"
#include "test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

static void
alignment_and_bits(void)
{
	uint32_t pos = 77;

	CHECK_EQ(RTE_ALIGN(65, 64), 128);
	CHECK_EQ(RTE_ALIGN_CEIL((uint64_t)1 << 40, 64), (uint64_t)1 << 40);
	CHECK_EQ(RTE_ALIGN_FLOOR(127, 64), 64);
	CHECK_EQ(RTE_ALIGN_MUL_CEIL(10, 7), 14);
	CHECK_EQ(RTE_ALIGN_MUL_FLOOR(13, 7), 7);
	CHECK_EQ(RTE_ALIGN_MUL_NEAR(10, 7), 7);
	CHECK_EQ(RTE_ALIGN_MUL_NEAR(11, 7), 14);
	CHECK_EQ(rte_align32pow2(0), 0);
	CHECK_EQ(rte_align32pow2(1), 1);
	CHECK_EQ(rte_align32pow2(33), 64);
	CHECK_EQ(rte_align32pow2(64), 64);
	CHECK_EQ(rte_align64pow2((uint64_t)1 << 40 | 1), (uint64_t)1 << 41);
	CHECK_EQ(rte_align32prevpow2(63), 32);
	CHECK_EQ(rte_align64prevpow2(64), 64);
	CHECK_EQ(rte_combine32ms1b(0x10), 0x1f);
	CHECK_EQ(rte_combine64ms1b((uint64_t)1 << 63), -1);
	CHECK(rte_is_power_of_2(64) && !rte_is_power_of_2(0) && !rte_is_power_of_2(6));
	CHECK_EQ(rte_bsf32(0x50), 4);
	CHECK_EQ(rte_bsf64((uint64_t)1 << 50), 50);
	CHECK_EQ(rte_bsf32_safe(0, &pos), 0);
	CHECK_EQ(pos, 77);
	CHECK_EQ(rte_fls_u32(0x50), 7);
	CHECK_EQ(rte_fls_u64(0), 0);
	CHECK_EQ(rte_log2_u32(0), 0);
	CHECK_EQ(rte_log2_u32(1), 0);
	CHECK_EQ(rte_log2_u32(5), 3);
	CHECK_EQ(rte_log2_u64(8), 3);
	CHECK_EQ(RTE_LEN2MASK(12, uint32_t), 0xfff);
	CHECK_EQ(RTE_MIN(3, 2) * 10 + RTE_MAX(3, 2), 23);
	CHECK_EQ(RTE_CACHE_LINE_ROUNDUP(1), 64);
}

static void
byte_order(void)
{
	static const uint8_t wire[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	static const rte_be32_t constant = RTE_BE32(0x01020304);
	uint16_t v16;
	uint32_t v32;
	uint64_t v64;

	memcpy(&v16, wire, 2);
	memcpy(&v32, wire, 4);
	memcpy(&v64, wire, 8);
	CHECK_EQ(rte_be_to_cpu_16(v16), 0x0102);
	CHECK_EQ(rte_be_to_cpu_32(v32), 0x01020304);
	CHECK_EQ(rte_be_to_cpu_64(v64), 0x0102030405060708);
	CHECK_EQ(rte_le_to_cpu_32(v32), 0x04030201);
	CHECK_EQ(constant, v32);
	CHECK_EQ(RTE_BE16(0x0102), v16);
	CHECK_EQ(RTE_BE64(UINT64_C(0x0102030405060708)), v64);
	CHECK_EQ(rte_constant_bswap64(UINT64_C(0x0102030405060708)), (long long)UINT64_C(0x0807060504030201));
}

static void
copies_are_exact_for_every_length(void)
{
	static uint8_t from[700], to[700];
	unsigned int len, shift, i;

	for (i = 0; i < sizeof(from); i++)
		from[i] = (uint8_t)(i * 7 + 1);
	for (len = 0; len <= 530; len++)
		for (shift = 0; shift < 3; shift++) {
			memset(to, 0xee, sizeof(to));
			CHECK(rte_memcpy(to + 8 + shift, from + 2 * shift, len) == to + 8 + shift);
			CHECK_MEM(to + 8 + shift, from + 2 * shift, len);
			CHECK_EQ(to[7 + shift], 0xee);
			CHECK_EQ(to[8 + shift + len], 0xee);
		}
}

static void
strings_have_bounds(void)
{
	char buf[8], text[] = "a,b,,c", *tokens[4];

	CHECK_EQ(rte_strlcpy(buf, "123456789", sizeof(buf)), 9);
	CHECK_STR(buf, "1234567");
	CHECK_EQ(rte_strlcpy(buf, "12", sizeof(buf)), 2);
	CHECK_EQ(rte_strlcat(buf, "345678", sizeof(buf)), 8);
	CHECK_STR(buf, "1234567");
	CHECK_EQ(rte_strscpy(buf, "1234567", sizeof(buf)), 7);
	CHECK_EQ(rte_strscpy(buf, "12345678", sizeof(buf)), -E2BIG);
	CHECK_STR(buf, "1234567");
	CHECK_EQ(rte_strsplit(text, sizeof(text), tokens, 4, ','), 4);
	CHECK_STR(tokens[2], "");
	CHECK_STR(tokens[3], "c");
	memcpy(text, "a,b,,c", 7);
	CHECK_EQ(rte_strsplit(text, sizeof(text), tokens, 2, ','), 2);
	CHECK_STR(tokens[1], "b,,c");
	CHECK_EQ(rte_strsplit(NULL, 3, tokens, 2, ','), -1);
	CHECK_EQ(rte_str_to_size("64"), 64);
	CHECK_EQ(rte_str_to_size("0x40"), 64);
	CHECK_EQ(rte_str_to_size(" 4K"), 4096);
	CHECK_EQ(rte_str_to_size("2MB"), 2 << 20);
	CHECK_EQ(rte_str_to_size("1 G"), 1 << 30);
	errno = 0;
	CHECK_EQ(rte_str_to_size("-1"), 0);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(rte_str_to_size("12q"), 0);
	errno = 0;
	CHECK_EQ(rte_str_to_size("99999999999G"), 0);
	CHECK_EQ(errno, ERANGE);
}

static void
logs_are_filtered(void)
{
	int type = rte_log_register("basics.one");

	CHECK_EQ(rte_log_register("basics.one"), type);
	log_taken();
	CHECK(RTE_LOG(DEBUG, EAL, "hidden\n") == 0);
	CHECK(RTE_LOG(ERR, USER1, "code %d\n", 5) > 0);
	CHECK_STR(log_taken(), "USER1: code 5\n");
	CHECK_EQ(rte_log_set_level((uint32_t)type, RTE_LOG_ERR), 0);
	CHECK_EQ(rte_log(RTE_LOG_WARNING, (uint32_t)type, "hidden\n"), 0);
	CHECK(rte_log_can_log((uint32_t)type, RTE_LOG_ERR) && !rte_log_can_log((uint32_t)type, RTE_LOG_INFO));
	rte_log_set_global_level(RTE_LOG_CRIT);
	CHECK_EQ(rte_log(RTE_LOG_ERR, (uint32_t)type, "hidden\n"), 0);
	rte_log_set_global_level(RTE_LOG_DEBUG);
	CHECK_STR(log_taken(), "");
	CHECK_EQ(rte_log(RTE_LOG_ERR, 23, "no such type\n"), -1);
	CHECK_EQ(rte_log(RTE_LOG_ERR, 99999, "no such type\n"), -1);
	CHECK_EQ(rte_log_set_level((uint32_t)type, 9), -1);
	CHECK_EQ(rte_log_set_level(99999, 5), -1);
	CHECK_EQ(rte_log_set_level_pattern("basics.*", RTE_LOG_DEBUG), 0);
	CHECK_EQ(rte_log_get_level((uint32_t)type), RTE_LOG_DEBUG);
	CHECK_EQ(rte_log_get_level((uint32_t)rte_log_register_type_and_pick_level("basics.two", 3)), RTE_LOG_DEBUG);
	CHECK_EQ(rte_log_get_level((uint32_t)rte_log_register_type_and_pick_level("other", 3)), 3);
}

static void
log_patterns_match_globs(void)
{
	CHECK(eal_log_glob("lib.*", "lib.eal") && eal_log_glob("*", "") && eal_log_glob("a?c*", "abcd"));
	CHECK(eal_log_glob("*.rx", "pmd.net.rx") && eal_log_glob("*a*b", "xxaaxbab"));
	CHECK(!eal_log_glob("lib", "lib.eal") && !eal_log_glob("*.rx", "pmd.rxx") && !eal_log_glob("?", ""));
	CHECK_EQ(eal_log_level_parse("debug"), 8);
	CHECK_EQ(eal_log_level_parse("err"), 4);
	CHECK_EQ(eal_log_level_parse("1"), 1);
	CHECK_EQ(eal_log_level_parse("0"), -1);
	CHECK_EQ(eal_log_level_parse(""), -1);
}

static void
errors_have_texts(void)
{
	static const int numbers[] = { EINVAL, ENOMEM, EEXIST, ENODEV, EBUSY, ENOTSUP, ETIMEDOUT, ENOBUFS, EALREADY };
	unsigned int i;

	for (i = 0; i < RTE_DIM(numbers); i++) {
		CHECK(strlen(rte_strerror(numbers[i])) > 4);
		CHECK(strstr(rte_strerror(numbers[i]), "nknown") == NULL);
	}
	CHECK_STR(rte_strerror(RTE_MAX_ERRNO), strerror(RTE_MAX_ERRNO));
	CHECK_STR(rte_strerror(-1), strerror(-1));
	CHECK(strstr(rte_strerror(E_RTE_SECONDARY), "secondary") != NULL);
}

static void
time_goes_by_at_the_measured_rate(void)
{
	uint64_t hz = rte_get_tsc_hz(), ns = eal_os_clock_ns(), cycles = rte_rdtsc();
	double ratio;

	CHECK(hz > 100000000 && hz < 20000000000);
	CHECK_EQ(rte_get_tsc_hz(), hz);
	rte_delay_us_sleep(100000);
	cycles = rte_rdtsc() - cycles;
	ns = eal_os_clock_ns() - ns;
	ratio = (double)cycles / (double)hz / ((double)ns / NS_PER_S);
	printf("    %llu Hz, %f of the system's clock\n", (unsigned long long)hz, ratio);
	CHECK(ratio > 0.99 && ratio < 1.01);
	ns = eal_os_clock_ns();
	rte_delay_us(2000);
	CHECK(eal_os_clock_ns() - ns >= 1990000);
}

static void
random_numbers_repeat_and_keep_range(void)
{
	unsigned int histogram[10] = { 0 }, i;
	uint64_t first;
	double d;

	rte_srand(7);
	first = rte_rand();
	CHECK(rte_rand() != first);
	rte_srand(7);
	CHECK(rte_rand() == first);
	for (i = 0; i < 100000; i++) {
		uint64_t v = rte_rand_max(10);

		CHECK(v < 10);
		histogram[v]++;
		d = rte_drand();
		CHECK(d >= 0 && d < 1);
	}
	/* Ten thousand each; 5 % is 5 standard deviations. */
	for (i = 0; i < 10; i++)
		CHECK(histogram[i] > 9500 && histogram[i] < 10500);
	CHECK_EQ(rte_rand_max(0), 0);
	CHECK_EQ(rte_rand_max(1), 0);
}

static void
cpu_flags(void)
{
	CHECK_EQ(rte_cpu_get_flag_enabled(RTE_CPUFLAG_SSE2), 1);
	CHECK_EQ(rte_cpu_get_flag_enabled(RTE_CPUFLAG_TSC), 1);
	CHECK_EQ(rte_cpu_get_flag_enabled(RTE_CPUFLAG_EM64T), 1);
	CHECK_EQ(rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX2), __builtin_cpu_supports("avx2") != 0);
	CHECK_EQ(rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512F), __builtin_cpu_supports("avx512f") != 0);
	CHECK_EQ(rte_cpu_get_flag_enabled(RTE_CPUFLAG_NUMFLAGS), -ENOENT);
	CHECK_STR(rte_cpu_get_flag_name(RTE_CPUFLAG_1GB_PG), "1GB_PG");
	CHECK(rte_cpu_get_flag_name(RTE_CPUFLAG_NUMFLAGS) == NULL);
	CHECK_EQ(rte_cpu_is_supported(), 1);
	CHECK_EQ(rte_vect_set_max_simd_bitwidth(100), -EINVAL);
	CHECK_EQ(rte_vect_set_max_simd_bitwidth(RTE_VECT_SIMD_128), 0);
	CHECK_EQ(rte_vect_get_max_simd_bitwidth(), 128);
	eal_simd_set(RTE_VECT_SIMD_512);
	CHECK_EQ(rte_vect_set_max_simd_bitwidth(RTE_VECT_SIMD_128), -EPERM);
}

static void
tailqs_are_found_by_name(void)
{
	static struct rte_tailq_elem one = { .name = "TEST_ONE" }, same = { .name = "TEST_ONE" };

	CHECK(rte_eal_tailq_lookup("TEST_ONE") == NULL);
	CHECK_EQ(rte_eal_tailq_register(&one), 0);
	CHECK(one.head != NULL && rte_eal_tailq_lookup("TEST_ONE") == one.head);
	CHECK(TAILQ_EMPTY(&one.head->tailq_head));
	CHECK_EQ(rte_eal_tailq_register(&same), -1);
	CHECK(rte_eal_tailq_lookup(NULL) == NULL);
}

static void
dumps_are_readable(void)
{
	log_taken();
	rte_hexdump(rte_log_get_stream(), "title", "0123456789abcdef\x01", 17);
	CHECK(log_has("00000010: 01 "));
	rte_memdump(rte_log_get_stream(), "m", "\x0a\xff", 2);
	CHECK_STR(log_taken(), "m: 0A:FF\n");
	CHECK(strncmp(rte_version(), "DPDK 22.11", 10) == 0);
	CHECK(RTE_VERSION >= RTE_VERSION_NUM(22, 11, 0, 0));
	rte_dump_stack();
	CHECK(strlen(log_taken()) > 20);
}

int
main(void)
{
	log_capture("test_eal_basics.log");
	RUN(alignment_and_bits);
	RUN(byte_order);
	RUN(copies_are_exact_for_every_length);
	RUN(strings_have_bounds);
	RUN(logs_are_filtered);
	RUN(log_patterns_match_globs);
	RUN(errors_have_texts);
	RUN(time_goes_by_at_the_measured_rate);
	RUN(random_numbers_repeat_and_keep_range);
	RUN(cpu_flags);
	RUN(tailqs_are_found_by_name);
	RUN(dumps_are_readable);
	return check_summary();
}
