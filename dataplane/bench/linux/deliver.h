/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the programs that measure deliveries share: frames, queues in shared memory with a live consumer on another core, time.
 */
#ifndef BENCH_DELIVER_H
#define BENCH_DELIVER_H

#include <rte_mbuf.h>
#include <rte_mempool.h>

#include "client_queue_control.h"

#define BURST 32u
#define FRAME_BYTES 64u
#define SLOT_BYTES WDPDK_UMEM_DEFAULT_SLOT_BYTES
#define FIRST_INDEX 0xffffffc0u

/* The client's ends of one queue, as the consumer uses them. It trusts what it reads: the dataplane is measured, not the client. */
struct consumed {
	uint8_t *umem;
	struct shm_ring rx, fill;
};

struct delivered {
	struct client_queue *queue;
	struct consumed client;
};

void bench_fail(const char *what);
/* Sets up EAL without devices, pins this thread to `core`. */
void bench_start(const char *program, unsigned int core);
/* `bytes` of zeroed memory as a segment has it, and touched. */
void *bench_segment(size_t bytes);
/* A queue of `slots`, all of which the consumer has put on fill. */
void bench_open(struct delivered *delivered, unsigned int id, uint32_t slots);
/* The consumer's thread, on `core`: from now on takes what these queues get, reads the first line of each frame, and
 * gives its slot back. */
void bench_consume(struct consumed *const *queues, unsigned int count, unsigned int core);
/* Frames that the consumer has taken so far. */
uint64_t bench_consumed(void);
/* Waits until the consumer has given back everything that was delivered so far. */
void bench_settle(uint64_t delivered);
/* What an lcore does after each turn: a look at who sleeps, at most every 20 us. Here after 1,024 frames, which is more often; an lcore has
 * the time at hand, and to ask for it is not part of a delivery. */
void bench_wake(struct client_wakes *wakes);
/* Mbufs with UDP frames of 64 bytes from 10.0.0.1 to 10.1.<flow>.1, taken from a pool of their own. */
void bench_frames(struct rte_mbuf **pkts, unsigned int count, unsigned int (*flow_of)(unsigned int i));
/* ns of TSC cycles. */
double bench_ns(uint64_t cycles);

#endif
