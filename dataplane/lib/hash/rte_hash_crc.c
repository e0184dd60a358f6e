/* SPDX-License-Identifier: BSD-3-Clause */
#include "rte_hash_crc.h"

#include <rte_cpuflags.h>
#include <rte_log.h>

#define POLYNOMIAL 0x82f63b78u /* CRC-32C's, bits reversed */

uint8_t wdpdk_crc_alg = CRC32_SSE42_x64;

void
rte_hash_crc_set_alg(uint8_t alg)
{
	uint8_t best = rte_cpu_get_flag_enabled(RTE_CPUFLAG_SSE4_2) > 0 ? CRC32_SSE42_x64 : CRC32_SW;

	if (alg == CRC32_SW || (alg == CRC32_SSE42 && best == CRC32_SSE42_x64)) {
		wdpdk_crc_alg = alg;
		return;
	}
	if (alg != best)
		RTE_LOG(WARNING, HASH, "CRC algorithm %u is not to be had: %u is used\n", alg, best);
	wdpdk_crc_alg = best;
}

/* Four bits at a time: a table of 16 stays in one cache line and needs no start-up. */
uint32_t
wdpdk_crc_by_tables(uint64_t data, unsigned int bytes, uint32_t init_val)
{
#define BIT(crc) ((crc) >> 1 ^ ((crc) & 1 ? POLYNOMIAL : 0))
#define NIBBLE(n) BIT(BIT(BIT(BIT((uint32_t)(n)))))
	static const uint32_t nibbles[16] = {
		NIBBLE(0), NIBBLE(1), NIBBLE(2), NIBBLE(3), NIBBLE(4), NIBBLE(5), NIBBLE(6), NIBBLE(7),
		NIBBLE(8), NIBBLE(9), NIBBLE(10), NIBBLE(11), NIBBLE(12), NIBBLE(13), NIBBLE(14), NIBBLE(15),
	};

	for (unsigned int i = 0; i < bytes; i++, data >>= 8) {
		init_val ^= (uint8_t)data;
		init_val = init_val >> 4 ^ nibbles[init_val & 15];
		init_val = init_val >> 4 ^ nibbles[init_val & 15];
	}
	return init_val;
}
