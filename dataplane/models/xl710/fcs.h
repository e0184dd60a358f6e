/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Ethernet's frame check sequence (IEEE 802.3, 3.2.9), as the little-endian word that follows the frame.
 */
#ifndef XL710_FCS_H
#define XL710_FCS_H

#include <stdint.h>

uint32_t fcs_of(const uint8_t *frame, uint32_t length);

#endif
