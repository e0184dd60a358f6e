/* SPDX-License-Identifier: BSD-3-Clause */
#include "spread.h"

#include <stdio.h>
#include <stdlib.h>

#include <rte_errno.h>

#include "frame_key.h"
#include "lcore.h"

struct spread *
spread_create(uint16_t port, unsigned int lanes)
{
	struct spread *spread = calloc(1, sizeof(*spread));

	for (unsigned int lane = 1; spread != NULL && lane < lanes; lane++) {
		struct spread_lane *to = calloc(1, sizeof(*to));
		char name[32];

		snprintf(name, sizeof(name), "wdpdk_spread_%u_%u", port, lane);
		spread->to[lane] = to;
		spread->lanes = lane + 1;
		if (to == NULL)
			break;
		to->port = port;
		to->ring = rte_ring_create(name, SPREAD_RING, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
		if (to->ring == NULL)
			break;
	}
	if (spread != NULL && spread->lanes == lanes && spread->to[lanes - 1]->ring != NULL)
		return spread;
	fprintf(stderr, "wdpdk-dataplane: port %u: no memory to spread its frames over %u lcores: %s. "
		"Allow more with the EAL option -m MEGABYTES, or ask for fewer with --rxq.\n", port, lanes, rte_strerror(rte_errno));
	spread_free(spread);
	return NULL;
}

void
spread_free(struct spread *spread)
{
	if (spread == NULL)
		return;
	for (unsigned int lane = 1; lane < spread->lanes; lane++) {
		if (spread->to[lane] != NULL)
			rte_ring_free(spread->to[lane]->ring);
		free(spread->to[lane]);
	}
	free(spread);
}

/* By the hash's upper bits: fan-out groups divide by the lower ones. */
static unsigned int
lane_of(const struct rte_mbuf *mbuf, unsigned int lanes)
{
	struct frame_key key;

	frame_key_from_mbuf(mbuf, &key);
	return (unsigned int)((uint64_t)frame_flow_hash(mbuf, &key) * lanes >> 32);
}

unsigned int
spread_burst(struct lcore *lcore, const struct spread *spread, uint16_t port, struct rte_mbuf **pkts, unsigned int n)
{
	uint32_t frames_of[WDPDK_LIMIT_LANES], lanes = 0;	/* bit per frame, valid where `lanes` has the lane's bit */
	struct rte_mbuf *chosen[LCORE_BURST];

	for (unsigned int i = 0; i < n; i++) {
		unsigned int lane = lane_of(pkts[i], spread->lanes);

		frames_of[lane] = (lanes >> lane & 1 ? frames_of[lane] : 0) | UINT32_C(1) << i;
		lanes |= UINT32_C(1) << lane;
	}
	for (uint32_t left = lanes & ~UINT32_C(1); left != 0; left &= left - 1) {
		unsigned int lane = (unsigned int)__builtin_ctz(left), count = gather(pkts, frames_of[lane], chosen);
		unsigned int taken = rte_ring_sp_enqueue_burst(spread->to[lane]->ring, (void **)chosen, count, NULL);

		if (unlikely(taken < count))
			lcore_drop(lcore, port, WDPDK_DROP_LCORE_FULL, chosen + taken, count - taken);
	}
	return (lanes & 1) == 0 ? 0 : gather(pkts, frames_of[0], pkts);
}

/* In this order: a consumer says that it has frames in hand before it takes them out of the ring. */
bool
spread_is_empty(const struct spread *spread)
{
	for (unsigned int lane = 1; lane < spread->lanes; lane++) {
		const struct spread_lane *to = spread->to[lane];

		if (!rte_ring_empty(to->ring))
			return false;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if (__atomic_load_n(&to->in_hand, __ATOMIC_ACQUIRE) != 0)
			return false;
	}
	return true;
}
