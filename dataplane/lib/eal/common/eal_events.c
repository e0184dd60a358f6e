/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The event thread's life and loop.
 */
#include <errno.h>

#include <rte_interrupts.h>
#include <rte_lcore.h>

#include "eal_events.h"
#include "eal_private.h"

#define READY_AT_ONCE 16

static pthread_mutex_t life_lock = PTHREAD_MUTEX_INITIALIZER;
static bool started;
static bool quit;
static pthread_t thread;
static WDPDK_TLS bool is_event_thread;

static void *
serve(void *arg)
{
	eal_event_source ready[READY_AT_ONCE];
	unsigned int i, n;

	is_event_thread = true;
	while (!__atomic_load_n(&quit, __ATOMIC_ACQUIRE)) {
		n = eal_os_events_wait(eal_alarms_run(), ready, READY_AT_ONCE);
		for (i = 0; i < n; i++)
			eal_interrupt_fired(ready[i]);
	}
	return arg;
}

int
eal_events_start(void)
{
	int ret = 0;

	pthread_mutex_lock(&life_lock);
	if (!started) {
		__atomic_store_n(&quit, false, __ATOMIC_RELAXED);
		ret = eal_os_events_open();
		if (ret == 0) {
			ret = rte_ctrl_thread_create(&thread, "eal-intr-thread", NULL, serve, NULL);
			started = ret == 0;
			if (ret != 0)
				eal_os_events_close();
		}
	}
	pthread_mutex_unlock(&life_lock);
	return ret;
}

void
eal_events_stop(void)
{
	if (is_event_thread)
		return;
	pthread_mutex_lock(&life_lock);
	if (started) {
		__atomic_store_n(&quit, true, __ATOMIC_RELEASE);
		eal_os_events_wake();
		pthread_join(thread, NULL);
		eal_alarms_forget();
		eal_interrupts_forget();
		eal_os_events_close();
		started = false;
	}
	pthread_mutex_unlock(&life_lock);
}

bool
eal_events_is_own_thread(void)
{
	return is_event_thread;
}

int
rte_thread_is_intr(void)
{
	return is_event_thread;
}
