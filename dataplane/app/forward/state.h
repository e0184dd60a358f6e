/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What modes keep of a port, and who makes it. Builder thread, except for what the lcores do through port_plan.state.
 */
#ifndef APP_FORWARD_STATE_H
#define APP_FORWARD_STATE_H

#include "forward.h"

struct pktgen;
struct sink;

struct forward_state {
	unsigned int references;
	struct port_config config;
	struct pktgen *pktgen;		/* NULL: does not generate */
	struct sink *sink;
};

/* NULL: no memory. */
struct pktgen *pktgen_create(uint16_t port, const struct pktgen_config *config);
bool pktgen_config_equal(const struct pktgen_config *a, const struct pktgen_config *b);
unsigned int pktgen_generate(struct lcore *lcore, const struct port_plan *plan);

struct sink *sink_create(uint16_t port);
void sink_free(struct sink *sink);

#endif
