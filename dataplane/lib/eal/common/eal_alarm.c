/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Alarms: a list in the order of time, run by the event thread.
 */
#include <errno.h>
#include <stdlib.h>

#include <rte_alarm.h>
#include <rte_cycles.h>
#include <rte_errno.h>

#include "eal_events.h"
#include "eal_private.h"

struct alarm {
	struct alarm *next;
	uint64_t due; /* ns */
	rte_eal_alarm_callback function;
	void *arg;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_run = PTHREAD_COND_INITIALIZER;
static struct alarm *pending;
static struct alarm *running; /* its callback is under way, in the event thread */

int
rte_eal_alarm_set(uint64_t us, rte_eal_alarm_callback cb, void *cb_arg)
{
	struct alarm *alarm, **link = &pending;
	uint64_t now;
	int ret;

	if (cb == NULL || us < 1 || us > UINT64_MAX - US_PER_S)
		return -EINVAL;
	alarm = malloc(sizeof(*alarm));
	if (alarm == NULL)
		return -ENOMEM;
	ret = eal_events_start();
	if (ret != 0) {
		free(alarm);
		return ret;
	}
	now = eal_os_clock_ns();
	alarm->due = us < (UINT64_MAX - now) / 1000 ? now + us * 1000 : UINT64_MAX;
	alarm->function = cb;
	alarm->arg = cb_arg;
	pthread_mutex_lock(&lock);
	while (*link != NULL && (*link)->due <= alarm->due)
		link = &(*link)->next;
	alarm->next = *link;
	*link = alarm;
	ret = pending == alarm;
	pthread_mutex_unlock(&lock);
	/* The event thread waits for a later one, or for none. */
	if (ret && !eal_events_is_own_thread())
		eal_os_events_wake();
	return 0;
}

static bool
matches(const struct alarm *alarm, rte_eal_alarm_callback function, const void *arg)
{
	return alarm->function == function && (arg == (void *)-1 || alarm->arg == arg);
}

static int
remove_matching(rte_eal_alarm_callback function, const void *arg)
{
	struct alarm **link = &pending, *alarm;
	int n = 0;

	while ((alarm = *link) != NULL) {
		if (matches(alarm, function, arg)) {
			*link = alarm->next;
			free(alarm);
			n++;
		} else {
			link = &alarm->next;
		}
	}
	return n;
}

int
rte_eal_alarm_cancel(rte_eal_alarm_callback cb_fn, void *cb_arg)
{
	bool in_progress = false;
	int n;

	if (cb_fn == NULL) {
		rte_errno = EINVAL;
		return -1;
	}
	pthread_mutex_lock(&lock);
	n = remove_matching(cb_fn, cb_arg);
	while (running != NULL && matches(running, cb_fn, cb_arg)) {
		in_progress = eal_events_is_own_thread();
		if (in_progress)
			break;
		pthread_cond_wait(&has_run, &lock);
		/* It may have set itself again. */
		n += remove_matching(cb_fn, cb_arg);
	}
	pthread_mutex_unlock(&lock);
	if (n == 0)
		rte_errno = in_progress ? EINPROGRESS : ENOENT;
	return n;
}

uint64_t
eal_alarms_run(void)
{
	uint64_t now = eal_os_clock_ns(), left = UINT64_MAX;
	struct alarm *alarm;

	pthread_mutex_lock(&lock);
	while ((alarm = pending) != NULL && alarm->due <= now) {
		pending = alarm->next;
		running = alarm;
		pthread_mutex_unlock(&lock);
		alarm->function(alarm->arg);
		pthread_mutex_lock(&lock);
		running = NULL;
		free(alarm);
		pthread_cond_broadcast(&has_run);
	}
	if (pending != NULL) {
		now = eal_os_clock_ns();
		left = pending->due > now ? pending->due - now : 0;
	}
	pthread_mutex_unlock(&lock);
	return left;
}

void
eal_alarms_forget(void)
{
	struct alarm *alarm;

	while ((alarm = pending) != NULL) {
		pending = alarm->next;
		free(alarm);
	}
}
