/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef XL710_CONFIG_SPACE_H
#define XL710_CONFIG_SPACE_H

#include <stdint.h>

/* XL710_CONFIG_SIZE bytes of PCI configuration space as the card has them after power on: ids, class, BAR0, capabilities. */
void xl710_config_space(uint8_t *config, uint16_t device_id, uint16_t function);

#endif
