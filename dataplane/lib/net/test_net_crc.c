/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every way to compute a check, at every length and alignment, against the definition bit by bit.
 */
#include "check.h"

#include <rte_eal.h>
#include <rte_vect.h>

#include "rte_net_crc.h"

#define BYTES 3000

static uint8_t bytes[BYTES + 64];

static uint32_t
by_definition(const uint8_t *data, uint32_t length, uint32_t reflected, uint32_t ones)
{
	uint32_t crc = ones;

	for (; length > 0; length--, data++) {
		crc ^= *data;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ ((crc & 1) != 0 ? reflected : 0);
	}
	return ~crc & ones;
}

static void
check_algorithm(enum rte_net_crc_alg alg)
{
	rte_net_crc_set_alg(alg);
	CHECK_EQ(rte_net_crc_calc("123456789", 9, RTE_NET_CRC32_ETH), 0xcbf43926);
	CHECK_EQ(rte_net_crc_calc("123456789", 9, RTE_NET_CRC16_CCITT), 0x906e);
	for (uint32_t length = 0; length <= BYTES; length += length < 700 ? 1 : 89) {
		const uint8_t *data = bytes + length % 61;

		CHECK_EQ(rte_net_crc_calc(data, length, RTE_NET_CRC32_ETH), by_definition(data, length, 0xedb88320, 0xffffffff));
		CHECK_EQ(rte_net_crc_calc(data, length, RTE_NET_CRC16_CCITT), by_definition(data, length, 0x8408, 0xffff));
	}
}

static void
without_a_choice_it_is_right(void)
{
	CHECK_EQ(rte_net_crc_calc("123456789", 9, RTE_NET_CRC32_ETH), 0xcbf43926);
	CHECK_EQ(rte_net_crc_calc("", 0, RTE_NET_CRC32_ETH), 0);
	CHECK_EQ(rte_net_crc_calc("123456789", 9, RTE_NET_CRC_REQS), 0);
}

static void by_table_is_right(void) { check_algorithm(RTE_NET_CRC_SCALAR); }
static void by_products_is_right(void) { check_algorithm(RTE_NET_CRC_SSE42); }
static void what_is_not_there_is_right(void) { check_algorithm(RTE_NET_CRC_NEON); }

/* Where the processor has wide products; else this is the narrow ones again. */
static void
by_wide_products_is_right(void)
{
	CHECK_EQ(rte_vect_set_max_simd_bitwidth(RTE_VECT_SIMD_512), 0);
	check_algorithm(RTE_NET_CRC_AVX512);
}

int
main(void)
{
	char *argv[] = {"test_net_crc", "--no-huge", "--no-pci", "--in-memory", "-m", "16"};

	if (rte_eal_init((int)(sizeof(argv) / sizeof(argv[0])), argv) < 0)
		return 2;
	for (uint32_t i = 0, x = 1; i < sizeof(bytes); i++, x = x * 1103515245u + 12345u)
		bytes[i] = (uint8_t)(x >> 16);
	RUN(without_a_choice_it_is_right);
	RUN(by_table_is_right);
	RUN(by_products_is_right);
	RUN(what_is_not_there_is_right);
	RUN(by_wide_products_is_right);
	return check_summary();
}
