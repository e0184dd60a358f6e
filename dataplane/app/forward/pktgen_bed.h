/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Port 0 with a generator or a sink, and an lcore; lcore_send is the bed's own and keeps the frames.
 */
#ifndef APP_PKTGEN_BED_H
#define APP_PKTGEN_BED_H

#include "lcore.h"
#include "pktgen_frame.h"
#include "state.h"

#define KEPT 4096u

extern struct lcore lcore;
extern struct port_plan plan;
extern uint64_t *counters;		/* of port 0 */
extern struct rte_mbuf *kept[KEPT];	/* what was sent, in order */
extern unsigned int kept_count;
extern unsigned int room;		/* how many frames the port still takes; UINT32_MAX: all */

int bed_start(void);
void bed_end(void);

/* Frees what was kept. */
void forget(void);
/* From 198.18.0.1 to 198.19.0.0/16, or from 2001:2::1 to 2001:2:0:1::/64; UDP ports 1024 and 9. */
struct pktgen_config config_of(bool ipv6, uint16_t size, uint32_t flows);
/* Another generator (config) or sink (NULL) at the port; counters at 0. */
void start_anew(const struct pktgen_config *config);
/* Until so many frames are kept, at least. */
void generate(unsigned int frames);
const uint8_t *bytes_of(const struct rte_mbuf *mbuf);
struct stamp stamp_of(const struct rte_mbuf *mbuf, bool ipv6);

#endif
