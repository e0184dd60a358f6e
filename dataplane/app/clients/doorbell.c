/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A client's bit stays set from the first request until its byte is written, and while it is set nobody posts the sleeper again.
 * Its pace starts at one byte in 20 us and slows down to one in 200 us while it keeps asking at once again; a byte it has not read
 * holds its bit, so that a client that arms for ever and never reads costs an lcore one atomic instruction a burst.
 */
#include <pthread.h>
#include <stdlib.h>

#include "doorbell.h"
#include "os_system.h"
#include "os_transport.h"

#define PACE_NS UINT64_C(20000)
#define SLOWEST_PACE_NS UINT64_C(200000)
/* An unread byte is looked at again after this, doubled up to the longest. */
#define UNREAD_NS UINT64_C(50000)
#define LONGEST_UNREAD_NS UINT64_C(10000000)

_Static_assert(WDPDK_LIMIT_CLIENTS <= 64, "one bit a client");

struct place {
	struct os_connection *connection;
	uint64_t not_before;	/* the earliest moment for the next byte */
	uint64_t pace, unread;
};

/* What lcores touch lies apart from what the thread writes. */
static _Alignas(128) uint64_t pending;
static _Alignas(128) uint32_t asleep;
static _Alignas(128) struct {
	uint32_t attention, stopping;
	struct os_sleeper *sleeper;
	struct os_thread *thread;
	void (*call)(void *context);
	void *context;
	pthread_mutex_t lock;	/* guards places; held while a byte is written, which never waits */
	struct place places[WDPDK_LIMIT_CLIENTS];
} bell = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void
wake_thread(void)
{
	if (__atomic_exchange_n(&asleep, 0, __ATOMIC_SEQ_CST) != 0)
		os_sleeper_post(bell.sleeper);
}

void
doorbell_request(unsigned int client)
{
	uint64_t bit = UINT64_C(1) << client;

	if ((__atomic_fetch_or(&pending, bit, __ATOMIC_SEQ_CST) & bit) == 0)
		wake_thread();
}

void
doorbell_attention(void)
{
	if (__atomic_exchange_n(&bell.attention, 1, __ATOMIC_SEQ_CST) == 0)
		wake_thread();
}

/* One client whose bit is set. Returns when to look again; 0: its bit is cleared. */
static uint64_t
ring_one(unsigned int client, uint64_t now)
{
	struct place *place = &bell.places[client];
	uint64_t bit = UINT64_C(1) << client;

	if (place->connection == NULL) {
		__atomic_fetch_and(&pending, ~bit, __ATOMIC_SEQ_CST);
		return 0;
	}
	if (now < place->not_before)
		return place->not_before;
	/* Cleared first: a request that comes after this sets it again and is served by the next round. */
	__atomic_fetch_and(&pending, ~bit, __ATOMIC_SEQ_CST);
	switch (os_connection_ring(place->connection)) {
	case OS_RUNG:
		place->pace = now < place->not_before + place->pace ? place->pace * 2 : PACE_NS;
		if (place->pace > SLOWEST_PACE_NS)
			place->pace = SLOWEST_PACE_NS;
		place->not_before = now + place->pace;
		place->unread = UNREAD_NS;
		return 0;
	case OS_RING_UNREAD:
		/* The unread byte will wake it; the bit says that one more is owed if it slept again in between. */
		__atomic_fetch_or(&pending, bit, __ATOMIC_SEQ_CST);
		place->not_before = now + place->unread;
		place->unread = place->unread * 2 > LONGEST_UNREAD_NS ? LONGEST_UNREAD_NS : place->unread * 2;
		return place->not_before;
	default:
		place->connection = NULL;	/* the control thread will see it closed */
		return 0;
	}
}

static void *
run(void *unused)
{
	(void)unused;
	while (!__atomic_load_n(&bell.stopping, __ATOMIC_ACQUIRE)) {
		uint64_t now = os_monotonic_ns(), next = UINT64_MAX, served = __atomic_load_n(&pending, __ATOMIC_SEQ_CST);
		uint64_t held = 0;

		if (__atomic_exchange_n(&bell.attention, 0, __ATOMIC_SEQ_CST) != 0)
			bell.call(bell.context);
		pthread_mutex_lock(&bell.lock);
		for (uint64_t left = served; left != 0; left &= left - 1) {
			unsigned int client = (unsigned int)__builtin_ctzll(left);
			uint64_t again = ring_one(client, now);

			if (again != 0) {
				held |= UINT64_C(1) << client;
				if (again < next)
					next = again;
			}
		}
		pthread_mutex_unlock(&bell.lock);
		__atomic_store_n(&asleep, 1, __ATOMIC_SEQ_CST);
		/* Whoever asked before it could see that we sleep is seen here. */
		if ((__atomic_load_n(&pending, __ATOMIC_SEQ_CST) & ~held) == 0 &&
				__atomic_load_n(&bell.attention, __ATOMIC_SEQ_CST) == 0 &&
				!__atomic_load_n(&bell.stopping, __ATOMIC_SEQ_CST))
			os_sleeper_wait(bell.sleeper, next == UINT64_MAX ? UINT64_MAX : (next - now) / 1000 + 1);
		__atomic_store_n(&asleep, 0, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

int
doorbell_start(void (*attention)(void *context), void *context)
{
	bell.call = attention;
	bell.context = context;
	bell.stopping = 0;
	bell.sleeper = os_sleeper_create();
	if (bell.sleeper == NULL)
		return -1;
	bell.thread = os_thread_start("wdpdk-doorbell", run, NULL);
	if (bell.thread == NULL) {
		os_sleeper_destroy(bell.sleeper);
		bell.sleeper = NULL;
		return -1;
	}
	return 0;
}

void
doorbell_stop(void)
{
	if (bell.thread == NULL)
		return;
	__atomic_store_n(&bell.stopping, 1, __ATOMIC_SEQ_CST);
	os_sleeper_post(bell.sleeper);
	os_thread_join(bell.thread);
	bell.thread = NULL;
	/* The sleeper stays: an lcore may be just about to post it. `asleep` is 0 for good, so it will not again. */
	__atomic_store_n(&asleep, 0, __ATOMIC_SEQ_CST);
}

void
doorbell_connect(unsigned int client, struct os_connection *connection)
{
	struct place *place = &bell.places[client];

	pthread_mutex_lock(&bell.lock);
	place->connection = connection;
	place->not_before = 0;
	place->pace = PACE_NS;
	place->unread = UNREAD_NS;
	pthread_mutex_unlock(&bell.lock);
}
