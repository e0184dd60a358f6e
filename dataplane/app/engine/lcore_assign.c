/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which lcore handles which port, and which of its queues.
 */
#include "lcore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_lcore.h>

static void
add_lcore(unsigned int lcore_id, bool adaptive)
{
	struct lcore *lcore = &lcores[lcore_count];

	memset(lcore, 0, sizeof(*lcore));
	memset(lcore->lanes, LCORE_NO_LANE, sizeof(lcore->lanes));
	lcore->seen = LCORE_QUIESCENT;
	lcore->index = lcore_count++;
	lcore->lcore_id = lcore_id;
	lcore->adaptive = adaptive;
	lcore->counters.words[WDPDK_LCORE_COUNTER_LCORE_ID] = lcore_id;
}

/* The lcore of a port's share: shares are dealt port by port, round robin. */
static struct lcore *
lcore_of_share(uint16_t port, unsigned int share)
{
	unsigned int shares = share;

	for (uint16_t id = 0; id < port; id++)
		shares += ports[id].rx_wanted;
	return &lcores[shares % lcore_count];
}

void
lcores_assign(uint32_t port_mask, unsigned int rxq, bool adaptive)
{
	unsigned int port_count = (unsigned int)__builtin_popcount(port_mask), lcore_id;

	lcore_count = 0;
	add_lcore(rte_get_main_lcore(), adaptive);
	RTE_LCORE_FOREACH_WORKER(lcore_id) {
		if (lcore_count < port_count * rxq && lcore_count < WDPDK_LIMIT_LCORES)
			add_lcore(lcore_id, adaptive);
		else
			fprintf(stderr, "wdpdk-dataplane: lcore %u is not used: %u port%s with %u receive queue%s each for %u lcores. "
				"Enable fewer (-l), or ask for more queues (--rxq).\n", lcore_id, port_count, port_count == 1 ? "" : "s",
				rxq, rxq == 1 ? "" : "s", rte_lcore_count());
	}
	for (uint16_t port = 0; port < WDPDK_LIMIT_PORTS; port++)
		ports[port].rx_wanted = port_mask >> port & 1 ? (uint16_t)rxq : 0;
	for (uint16_t port = 0; port < WDPDK_LIMIT_PORTS; port++) {
		ports[port].lane_count = 0;
		for (unsigned int share = 0; share < ports[port].rx_wanted; share++) {
			struct lcore *lcore = lcore_of_share(port, share);

			lcore->port_mask |= UINT32_C(1) << port;
			if (lcore->lanes[port] == LCORE_NO_LANE)
				lcore->lanes[port] = (uint8_t)ports[port].lane_count++;
		}
	}
}

static int
add_poll(struct lcore *lcore, uint16_t port, uint16_t queue)
{
	struct lcore_poll *more = realloc(lcore->polls, (lcore->poll_count + 1) * sizeof(*more));

	if (more == NULL) {
		fputs("wdpdk-dataplane: no memory for the list of receive queues.\n", stderr);
		return -1;
	}
	lcore->polls = more;
	more[lcore->poll_count++] = (struct lcore_poll){ .port = port, .queue = queue, .spread = ports[port].spread };
	return 0;
}

int
lcores_prepare(void)
{
	for (uint16_t port = 0; port < WDPDK_LIMIT_PORTS; port++) {
		if (ports[port].rx_queues < ports[port].rx_wanted && ports[port].lane_count > 1) {
			ports[port].spread = spread_create(port, ports[port].lane_count);
			if (ports[port].spread == NULL)
				return -1;
		}
		for (uint16_t queue = 0; queue < ports[port].rx_queues; queue++)
			if (add_poll(lcore_of_share(port, queue), port, queue) != 0)
				return -1;
		for (unsigned int i = 0; ports[port].spread != NULL && i < lcore_count; i++)
			if (lcores[i].lanes[port] != LCORE_NO_LANE && lcores[i].lanes[port] > 0)
				lcores[i].rings[lcores[i].ring_count++] = ports[port].spread->to[lcores[i].lanes[port]];
	}
	return 0;
}

void
lcores_free(void)
{
	for (uint16_t port = 0; port < WDPDK_LIMIT_PORTS; port++) {
		spread_free(ports[port].spread);
		ports[port].spread = NULL;
	}
	for (unsigned int i = 0; i < lcore_count; i++) {
		free(lcores[i].polls);
		lcores[i].polls = NULL;
		lcores[i].poll_count = lcores[i].ring_count = 0;
	}
}

bool
lcores_are_empty(void)
{
	for (uint16_t port = 0; port < WDPDK_LIMIT_PORTS; port++)
		if (ports[port].spread != NULL && !spread_is_empty(ports[port].spread))
			return false;
	return true;
}

bool
lcores_share_ports(void)
{
	for (uint16_t port = 0; port < WDPDK_LIMIT_PORTS; port++)
		if (ports[port].spread != NULL)
			return true;
	return false;
}
