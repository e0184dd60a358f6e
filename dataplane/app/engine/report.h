/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the forwarding side tells: port facts, counters, the summary. Any thread; counters of one lcore are read as one consistent set.
 */
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include "value.h"

uint32_t report_port_mask(void);						/* bit per existing port id */
int report_port_by_id(uint16_t port, char *name, size_t name_size);		/* 0 or -ENODEV */
uint16_t report_port_mtu(uint16_t port);
uint32_t report_removed_ports(void);						/* bit per port whose card was taken out */
/* What the device says at this moment, without waiting; mbps 0: unknown. False: there is no such port, or it does not say. */
bool report_link(uint16_t port, bool *up, uint32_t *mbps);
void report_ports(struct arena *arena, struct value *report);			/* adds `ports: [...]` of CONTROL.md's `ports` */
void report_stats(struct arena *arena, struct value *report);			/* adds ports' counters, lcores, totals, memory, generation */

/* How many segments clients hold, for `memory`: control says how to count them before it starts. */
void report_count_segments(unsigned int (*count)(void));

/* The counters area that lcores write and observers map: control makes the segment and hands the memory over before forwarding
 * starts; its layout is lcoreBlock of the protocol, `lcores` blocks. */
void report_use_counters(void *area, unsigned int lcores);

#endif
