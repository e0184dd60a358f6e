/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A client queue as the forwarding lcore sees it: frames go in by deliver, come out by drain. The segment behind it is shared
 * with an untrusted process; everything here works on private indexes and private copies.
 *
 * Thread rule: deliver, drain and drained are called by the one lcore that the snapshot names for the queue. Create, counters and
 * destroy belong to the control thread; destroy only after the builder's detach has come back (no lcore knows the queue then).
 */
#ifndef APP_CLIENT_QUEUE_H
#define APP_CLIENT_QUEUE_H

#include <rte_mbuf.h>
#include <rte_mempool.h>

#include "wdpdk_protocol.h"

struct client_queue;

enum delivery { DELIVERED = 0, DELIVERY_RX_FULL = 1, DELIVERY_NO_SLOT = 2 };

struct frame_key;

struct delivery_info {
	uint16_t port;		/* where the frames came in */
	uint32_t meta;		/* descriptor's META word */
	uint64_t now_ns;	/* receive time of frames that carry no stamp of their own, ns UTC */
};

/* False until the client has posted its first slot: nothing is meant for it yet, and nothing that comes is its loss. The thread of
 * deliver. */
bool client_queue_wants(struct client_queue *queue);

/* Copies up to n frames (chains included) into the queue: all of a frame or none. verdicts[i] says what became of pkts[i].
 * keys[i] is what the matcher found in pkts[i]: metadata takes flow hash, VLAN tag and packet type from there where the device gave
 * none, and software checksums where headers are; keys may be NULL for a queue without metadata.
 * Publishes once and requests the doorbell of a client that sleeps. Does not free or change the mbufs. Returns the delivered; when
 * there are any, client_wakes_add has to follow. */
unsigned int client_queue_deliver(struct client_queue *queue, struct rte_mbuf *const *pkts, const struct frame_key *const *keys,
	unsigned int n, const struct delivery_info *info, uint8_t *verdicts);

/* Queues of one lcore with news for clients that may have gone to sleep just when it was delivered, each unseen by the other. To see that
 * takes a fence, which waits for all that was written to reach the other cores: done once for many deliveries, it costs next to nothing. */
struct client_wakes {
	unsigned int count;
	struct client_queue *queues[WDPDK_LIMIT_QUEUES];
};

/* Once or more after a delivery. */
void client_wakes_add(struct client_wakes *wakes, struct client_queue *queue);
/* Requests the doorbell of each client that sleeps. To be called some ten microseconds after the first client_wakes_add at the latest, and
 * before the lcore sleeps or leaves the snapshot that its queues are in. */
void client_wakes_ring(struct client_wakes *wakes);

/* Takes up to max frames that the client has posted, checked and copied into fresh mbufs of `pool` (chains when longer than a
 * buffer). Stops early when the pool is empty (nothing is lost: they stay posted). Refused descriptors are counted and completed. */
unsigned int client_queue_drain(struct client_queue *queue, struct rte_mempool *pool, struct rte_mbuf **pkts, unsigned int max);
/* Must follow each drain that returned frames: `sent` of them left by the port, the rest were dropped (port_full). Completes the slots. */
void client_queue_drained(struct client_queue *queue, unsigned int sent);

/* True when the client broke the ring protocol; the queue neither delivers nor drains any more and the control thread ends it. */
bool client_queue_broken(const struct client_queue *queue);

#endif
