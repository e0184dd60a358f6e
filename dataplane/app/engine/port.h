/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The ethdev ports of this process. Started and closed by main; what stands here does not change while lcores run.
 */
#ifndef APP_PORT_H
#define APP_PORT_H

#include <stdbool.h>

#include <rte_ether.h>
#include <rte_ethdev.h>
#include <rte_spinlock.h>

#include "wdpdk_protocol.h"

struct port {
	bool exists;
	uint16_t mtu;
	uint16_t rx_wanted;		/* receive queues asked for (--rxq) */
	uint16_t rx_queues;		/* as many, or 1 when the device has fewer: then lcores share it by `spread` */
	uint16_t lane_count;		/* lcores that handle what comes in by this port */
	struct spread *spread;		/* NULL: each of them polls queues of its own */
	uint16_t tx_queues;		/* one per forwarding lcore, or 1 */
	bool tx_shared;			/* several lcores send through one queue: tx_lock */
	bool has_finite_capture;	/* the device tells by an xstat when its capture is at its end */
	uint64_t end_of_capture_id;	/* of that xstat */
	struct rte_ether_addr mac;
	char name[RTE_ETH_NAME_MAX_LEN];
	char driver[32];
	rte_spinlock_t tx_lock;
};

extern struct port ports[WDPDK_LIMIT_PORTS];
extern struct rte_mempool *ports_pool;

/* Looks which ports there are (bit per id). 0, or -1 after an error on stderr: none, or too many. */
int ports_find(uint32_t *mask);
/* Configures and starts all found ports for `users` forwarding lcores. 0, or -1 after an error on stderr. */
int ports_start(unsigned int users);
/*
 * Stops and closes all ports; capture files are flushed by their drivers. Any state. False, with a message on stderr,
 * when a device lost frames that it had taken for sending.
 */
bool ports_stop(void);
/*
 * True when some port can tell how many frames wait to be received from it (a wire can); *waiting tells whether any do.
 * Any thread, while ports are started.
 */
bool ports_hold_frames(bool *waiting);
/* Bit per port whose card was taken out; nothing comes or goes there any more. Any thread. */
uint32_t ports_removed(void);
/* True when some port replays a finite capture; *ended tells whether all of those are at their end. Any thread. */
bool ports_have_finite_capture(bool *ended);

#endif
