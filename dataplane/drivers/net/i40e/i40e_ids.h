/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which cards this driver is for.
 */
#ifndef I40E_IDS_H
#define I40E_IDS_H

#include <stdint.h>

#define I40E_VENDOR 0x8086

/** RTE_ETH_LINK_SPEED_* of a device, 0 when it is none of ours. */
uint32_t i40e_speeds_of(uint16_t device);

#endif
