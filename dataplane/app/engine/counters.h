/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Counters: each lcore adds in private memory and publishes into its block of the counters area, which observers read as one
 * consistent set by the block's sequence word.
 */
#ifndef APP_COUNTERS_H
#define APP_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "wdpdk_protocol.h"

#define PORT_COUNTERS (WDPDK_PORT_COUNTER_COUNT + WDPDK_DROP_COUNT + WDPDK_MIRROR_DROP_COUNT)
#define PORT_COUNTER_DROP(cause) (WDPDK_PORT_COUNTER_COUNT + (cause))
#define PORT_COUNTER_MIRROR_DROP(cause) (WDPDK_PORT_COUNTER_COUNT + WDPDK_DROP_COUNT + (cause))

/* Bytes of one lcore's block. */
#define LCORE_BLOCK_BYTES (WDPDK_LCORE_BLOCK_PORTS + WDPDK_LIMIT_PORTS * WDPDK_LCORE_BLOCK_PORT_STRIDE)

_Static_assert(PORT_COUNTERS * 8 <= WDPDK_LCORE_BLOCK_PORT_STRIDE, "a port's counters fit its block");
_Static_assert(WDPDK_LCORE_COUNTER_COUNT * 8 <= WDPDK_LCORE_BLOCK_PORTS, "an lcore's words fit before its ports");

/* One block, as its writer keeps it or as a reader copied it. */
struct lcore_counters {
	uint64_t words[WDPDK_LCORE_COUNTER_COUNT];
	uint64_t ports[WDPDK_LIMIT_PORTS][PORT_COUNTERS];
};

/* Publishes the words and the ports named in `dirty`. Only the block's one writer calls this. */
void counters_publish(const struct lcore_counters *counters, uint32_t dirty, uint8_t *block);
/* Copies a block as of one moment; waits while its writer is in the middle (some hundred cycles). */
void counters_read(const uint8_t *block, struct lcore_counters *out);

/* The area's blocks; one of our own memory when control gave none. */
bool counters_prepare(unsigned int lcores);
uint8_t *counters_block(unsigned int lcore);
unsigned int counters_lcores(void);

#endif
