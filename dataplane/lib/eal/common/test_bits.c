/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bitmaps, reciprocals, UUIDs, time conversions, device access, power waits: what needs no rte_eal_init() either.
 */
#include <rte_bitmap.h>
#include <rte_cpuflags.h>
#include <rte_hypervisor.h>
#include <rte_io.h>
#include <rte_power_intrinsics.h>
#include <rte_prefetch.h>
#include <rte_random.h>
#include <rte_reciprocal.h>
#include <rte_test.h>
#include <rte_time.h>
#include <rte_uuid.h>
#include <wdpdk_registry.h>

#include "test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

#define MEMORY 32768
static uint8_t memory[MEMORY] __rte_cache_aligned;

static void
bitmaps_refuse_bad_arguments(void)
{
	uint32_t need = rte_bitmap_get_memory_footprint(1000);

	CHECK_EQ(rte_bitmap_get_memory_footprint(0), 0);
	CHECK(need >= 1000 / 8 && need % RTE_CACHE_LINE_SIZE == 0);
	/* The longest there is: 512 MiB of bits, and no overflow on the way to the number. */
	CHECK(rte_bitmap_get_memory_footprint(UINT32_MAX) > 1u << 29);
	CHECK(rte_bitmap_init(0, memory, MEMORY) == NULL);
	CHECK(rte_bitmap_init(1000, NULL, MEMORY) == NULL);
	CHECK(rte_bitmap_init(1000, memory + 8, MEMORY - 8) == NULL);
	CHECK(rte_bitmap_init(1000, memory, need - 1) == NULL);
	CHECK(rte_bitmap_init_with_all_set(1000, memory, need - 1) == NULL);
	CHECK(rte_bitmap_init_with_all_set(1000, memory, need + 1) != NULL);
	CHECK(rte_bitmap_init(1000, memory, need) != NULL);
	CHECK_EQ(rte_bitmap_free(NULL), -1);
}

/* Random bits against an array of bytes: get, and a scan that finds each set slab once a round, in order. */
static void
bitmaps_agree_with_arrays(void)
{
	static uint8_t model[70000];
	static const uint32_t sizes[] = { 1, 63, 64, 65, 511, 512, 513, 32768, 32769, 70000 };
	unsigned int s, i, round;

	rte_srand(1);
	for (s = 0; s < RTE_DIM(sizes); s++) {
		uint32_t n = sizes[s], pos = 0, slabs = 0;
		struct rte_bitmap *bmp = rte_bitmap_init(n, memory, MEMORY);
		uint64_t slab;

		CHECK(bmp != NULL);
		memset(model, 0, sizeof(model));
		for (round = 0; round < 2; round++) {
			for (i = 0; i < 300; i++) {
				uint32_t bit = (uint32_t)rte_rand_max(n);

				rte_bitmap_prefetch0(bmp, bit);
				if (rte_rand_max(2) == 0) {
					rte_bitmap_set(bmp, bit);
					model[bit] = 1;
				} else {
					rte_bitmap_clear(bmp, bit);
					model[bit] = 0;
				}
			}
			__rte_bitmap_scan_init(bmp);
			for (slabs = 0, i = 0; i < n; i += 64) {
				uint64_t expected = 0;
				uint32_t bit;

				for (bit = 0; bit < 64 && i + bit < n; bit++) {
					expected |= (uint64_t)model[i + bit] << bit;
					CHECK_EQ(rte_bitmap_get(bmp, i + bit) != 0, model[i + bit]);
				}
				if (expected == 0)
					continue;
				slabs++;
				CHECK_EQ(rte_bitmap_scan(bmp, &pos, &slab), 1);
				CHECK_EQ(pos, i);
				CHECK_EQ(slab, expected);
			}
		}
		/* It goes round. */
		for (i = 0; i < 2 * slabs; i++)
			CHECK_EQ(rte_bitmap_scan(bmp, &pos, &slab), 1);
		rte_bitmap_reset(bmp);
		pos = 7;
		CHECK_EQ(rte_bitmap_scan(bmp, &pos, &slab), 0);
		CHECK_EQ(pos, 7);
	}
}

static void
full_bitmaps_have_no_bit_too_many(void)
{
	static const uint32_t sizes[] = { 1, 63, 64, 65, 511, 512, 513, 40000 };
	unsigned int s;

	for (s = 0; s < RTE_DIM(sizes); s++) {
		struct rte_bitmap *bmp;
		uint32_t n = sizes[s], pos, found = 0;
		uint64_t slab;

		memset(memory, 0xa5, sizeof(memory));
		bmp = rte_bitmap_init_with_all_set(n, memory, rte_bitmap_get_memory_footprint(n));
		CHECK(bmp != NULL);
		CHECK(rte_bitmap_get(bmp, n - 1) != 0);
		while (rte_bitmap_scan(bmp, &pos, &slab)) {
			found += (uint32_t)__builtin_popcountll(slab);
			for (; slab != 0; slab &= slab - 1)
				rte_bitmap_clear(bmp, pos + rte_bsf64(slab));
		}
		CHECK_EQ(found, n);
	}
}

static void
an_empty_slab_sets_nothing(void)
{
	struct rte_bitmap *bmp = rte_bitmap_init(4096, memory, MEMORY);
	uint32_t pos;
	uint64_t slab;

	rte_bitmap_set_slab(bmp, 1000, 0);
	CHECK_EQ(rte_bitmap_scan(bmp, &pos, &slab), 0);
	rte_bitmap_set_slab(bmp, 1000, 0x11);
	rte_bitmap_set_slab(bmp, 1000, 0x2);
	CHECK_EQ(rte_bitmap_scan(bmp, &pos, &slab), 1);
	CHECK_EQ(pos, 960);
	CHECK_EQ(slab, 0x13);
}

static void
reciprocals_divide_exactly(void)
{
	uint64_t a, d;
	struct rte_reciprocal_u64 none = rte_reciprocal_value_u64(0);
	unsigned int i, j;

	rte_srand(2);
	for (i = 0; i < 1000; i++) {
		struct rte_reciprocal r32;
		struct rte_reciprocal_u64 r64;

		/* Small ones, all around powers of two, the largest, and anything of any length. */
		d = i < 70 ? i + 1 : i < 262 ? ((uint64_t)1 << (i - 70) / 3) + (i % 3) - 1 : rte_rand() >> rte_rand_max(64);
		if (i == 999)
			d = UINT64_MAX;
		d += d == 0;
		r64 = rte_reciprocal_value_u64(d);
		r32 = rte_reciprocal_value((uint32_t)d);
		for (j = 0; j < 100; j++) {
			a = j < 3 ? d * (j + 1) - 1 : j == 3 ? UINT64_MAX : j == 4 ? 0 : rte_rand() >> rte_rand_max(64);
			CHECK_EQ(rte_reciprocal_divide_u64(a, &r64), a / d);
			if ((uint32_t)d != 0) {
				CHECK_EQ(rte_reciprocal_divide((uint32_t)a, r32), (uint32_t)a / (uint32_t)d);
				CHECK_EQ(rte_reciprocal_divide(UINT32_MAX - j, r32), (UINT32_MAX - j) / (uint32_t)d);
			}
		}
	}
	CHECK_EQ(rte_reciprocal_divide(77, rte_reciprocal_value(0)), 77);
	CHECK_EQ(rte_reciprocal_divide_u64(77, &none), 77);
}

static void
uuids_are_read_and_written(void)
{
	static const rte_uuid_t known = RTE_UUID_INIT(0x6ba7b810, 0x9dad, 0x11d1, 0x80b4, 0x00c04fd430c8ULL);
	static const char text[] = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
	static const char *const bad[] = { "", "6ba7b810-9dad-11d1-80b4-00c04fd430c", "6ba7b810-9dad-11d1-80b4-00c04fd430c8 ",
		"6ba7b8109dad-11d1-80b4-00c04fd430c8-", "6ba7b810-9dad-11d1-80b4-00c04fd430cg",
		"6ba7b810-9dad-11d1-80b4_00c04fd430c8", "6" };
	rte_uuid_t read, null = { 0 };
	char out[RTE_UUID_STRLEN + 4];
	unsigned int i;

	CHECK_EQ(rte_uuid_parse(text, read), 0);
	CHECK_MEM(read, known, sizeof(known));
	CHECK_EQ(rte_uuid_parse("6BA7B810-9DAD-11D1-80B4-00C04FD430C8", read), 0);
	CHECK_EQ(rte_uuid_compare(read, known), 0);
	for (i = 0; i < RTE_DIM(bad); i++) {
		CHECK_EQ(rte_uuid_parse(bad[i], read), -1);
		CHECK_MEM(read, known, sizeof(known));
	}
	rte_uuid_unparse(known, out, sizeof(out));
	CHECK_STR(out, text);
	rte_uuid_unparse(known, out, 9);
	CHECK_STR(out, "6ba7b810");
	CHECK(rte_uuid_is_null(null) && !rte_uuid_is_null(known));
	CHECK(rte_uuid_compare(null, known) < 0 && rte_uuid_compare(known, null) > 0);
}

static void
counters_become_nanoseconds(void)
{
	/* A 16-bit counter of half nanoseconds. */
	struct rte_timecounter tc = { .nsec_mask = 1, .cc_mask = 0xffff, .cc_shift = 1 };
	struct timespec ts = rte_ns_to_timespec(UINT64_C(5000000007));

	CHECK_EQ(rte_timecounter_update(&tc, 7), 3);
	CHECK_EQ(rte_timecounter_update(&tc, 8), 4);
	CHECK_EQ(rte_timecounter_update(&tc, 0xffff), 32767);
	CHECK_EQ(rte_timecounter_update(&tc, 1), 32768);
	CHECK_EQ(rte_timecounter_update(&tc, 1), 32768);
	CHECK_EQ(ts.tv_sec, 5);
	CHECK_EQ(ts.tv_nsec, 7);
	CHECK_EQ(rte_timespec_to_ns(&ts), 5000000007);
}

static void
registers_are_read_and_written(void)
{
	uint64_t reg = 0;

	rte_write8(0x12, &reg);
	CHECK_EQ(rte_read8(&reg), 0x12);
	rte_write16(0x1234, &reg);
	CHECK_EQ(rte_read16_relaxed(&reg), 0x1234);
	rte_write32_wc(0x12345678, &reg);
	CHECK_EQ(rte_read32(&reg), 0x12345678);
	rte_write64_relaxed(UINT64_C(0x123456789a), &reg);
	CHECK_EQ(rte_read64(&reg), 0x123456789a);
	rte_cldemote(&reg);
}

static int
go_to_sleep(const uint64_t value, const uint64_t opaque[RTE_POWER_MONITOR_OPAQUE_SZ])
{
	return value == opaque[0] ? 0 : -1;
}

/* The documented answers of a CPU that cannot, or of one that can and is asked for nonsense. */
static void
power_waits_say_what_they_cannot(void)
{
	uint32_t word = 1;
	struct rte_power_monitor_cond on_word = { .addr = &word, .size = 4, .fn = go_to_sleep, .opaque = { 2 } };
	struct rte_cpu_intrinsics can;

	rte_cpu_get_intrinsics_support(&can);
	CHECK_EQ(can.power_monitor, rte_cpu_get_flag_enabled(RTE_CPUFLAG_WAITPKG));
	CHECK_EQ(can.power_pause, can.power_monitor);
	CHECK_EQ(rte_power_pause(0), can.power_pause ? 0 : -ENOTSUP);
	CHECK_EQ(rte_power_monitor(NULL, 0), can.power_monitor ? -EINVAL : -ENOTSUP);
	/* This thread is no lcore. */
	CHECK_EQ(rte_power_monitor(&on_word, 0), can.power_monitor ? -EINVAL : -ENOTSUP);
	CHECK_EQ(rte_power_monitor_wakeup(RTE_MAX_LCORE), can.power_monitor ? -EINVAL : -ENOTSUP);
	CHECK_EQ(rte_power_monitor_wakeup(0), can.power_monitor ? 0 : -ENOTSUP);
	CHECK_EQ(rte_power_monitor_multi(&on_word, 0, 0), can.power_monitor_multi ? -EINVAL : -ENOTSUP);
}

static void
hypervisors_have_names(void)
{
	CHECK_STR(rte_hypervisor_get_name(RTE_HYPERVISOR_KVM), "KVM");
	CHECK_STR(rte_hypervisor_get_name(RTE_HYPERVISOR_NONE), "none");
	CHECK_STR(rte_hypervisor_get_name((enum rte_hypervisor)99), "unknown");
	CHECK_EQ(rte_hypervisor_get() != RTE_HYPERVISOR_NONE, rte_cpu_get_flag_enabled(RTE_CPUFLAG_HYPERVISOR));
}

static int
asserts(int value, const void *pointer)
{
	RTE_TEST_ASSERT_EQUAL(value & 1, 1, "value %d is even", value);
	RTE_TEST_ASSERT_NOT_NULL(pointer, "no pointer");
	RTE_TEST_ASSERT_FAIL(value, "zero");
	return 7;
}

static void
test_assertions_return_and_log(void)
{
	log_taken();
	CHECK_EQ(asserts(3, memory), 7);
	CHECK_STR(log_taken(), "");
	CHECK_EQ(asserts(2, memory), -1);
	CHECK(log_has("value 2 is even"));
	CHECK_EQ(asserts(1, NULL), -1);
}

int
main(void)
{
	log_capture("test_eal_bits.log");
	RUN(bitmaps_refuse_bad_arguments);
	RUN(bitmaps_agree_with_arrays);
	RUN(full_bitmaps_have_no_bit_too_many);
	RUN(an_empty_slab_sets_nothing);
	RUN(reciprocals_divide_exactly);
	RUN(uuids_are_read_and_written);
	RUN(counters_become_nanoseconds);
	RUN(registers_are_read_and_written);
	RUN(power_waits_say_what_they_cannot);
	RUN(hypervisors_have_names);
	RUN(test_assertions_return_and_log);
	return check_summary();
}
