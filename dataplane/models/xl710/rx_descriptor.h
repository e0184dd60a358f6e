/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A receive descriptor as the device writes it back.
 */
#ifndef XL710_RX_DESCRIPTOR_H
#define XL710_RX_DESCRIPTOR_H

/* Quadword 1. */
#define RX_DD (1ull << 0)
#define RX_EOF (1ull << 1)
#define RX_TAG1 (1ull << 2)
#define RX_EXAMINED (1ull << 3)
#define RX_CRCP (1ull << 4)
#define RX_CAST_SHIFT 9
#define RX_FD_MATCH (1ull << 11)
#define RX_FILTER_FD_ID (1ull << 12)
#define RX_FILTER_HASH (3ull << 12)
#define RX_LOOPBACK (1ull << 14)
#define RX_IPV6_EXTENSION (1ull << 15)
#define RX_ERROR_SHIFT 19
#define RX_L3L4E_SHIFT 22
#define RX_PTYPE_SHIFT 30
#define RX_LENGTH_SHIFT 38
/* A programming status. */
#define RX_PROGRAM_FD (1ull << 2)
#define RX_PROGRAM_LENGTH (0x2000000ull << 38)

/* Quadword 2. */
#define RX_TAG2 (1u << 0)
#define RX_FLEX_LOW_BYTES (1u << 2)
#define RX_FLEX_HIGH_ID (1u << 4)
#define RX_FLEX_HIGH_BYTES (2u << 4)

#endif
