/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What admin commands tell the parser. GL_SWT_L2TAGCTRL is read by the data path itself.
 */
#ifndef XL710_CLASSIFIER_RULES_H
#define XL710_CLASSIFIER_RULES_H

#include <stdbool.h>
#include <stdint.h>

struct xl710_port;

/* Ethertypes of the outer tag (of two) and of the ordinary one; 0 leaves it as it is. */
void xl710_datapath_tpids(struct xl710_port *port, uint16_t outer, uint16_t ordinary);

/* UDP ports whose datagrams carry frames: `protocol` as in commands 0x0B00 and 0x0B01 (0 VXLAN, 1 NGE, 0x11 VXLAN-GPE). The index of its
 * entry, -ENOSPC, -EEXIST, or -ENOENT (nothing to remove). */
int xl710_datapath_udp_tunnel_add(struct xl710_port *port, uint16_t udp_port, uint8_t protocol);
int xl710_datapath_udp_tunnel_remove(struct xl710_port *port, uint16_t index);

#endif
