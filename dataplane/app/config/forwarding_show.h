/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Parts of a configuration as trees; all accept NULL maps and return NULL then, as the builders of value.h do.
 */
#ifndef APP_FORWARDING_SHOW_H
#define APP_FORWARDING_SHOW_H

#include "forwarding_config.h"

/* Fills an empty map; returns it. */
struct value *forwarding_show_port(struct arena *arena, struct value *mode, const struct port_config *port);
/* Everything of a route but its prefix. */
void forwarding_show_next_hop(struct arena *arena, struct value *map, const struct route_config *route);
/* The fields of a pktgen; mode left out. */
void forwarding_show_pktgen(struct arena *arena, struct value *map, const struct pktgen_config *pktgen);

#endif
