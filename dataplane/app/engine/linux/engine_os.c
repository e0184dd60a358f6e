/* SPDX-License-Identifier: BSD-3-Clause */
#include "engine_os.h"

#include <errno.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct engine_event { sem_t semaphore; };

static void (*stop_callback)(const char *reason);
static volatile sig_atomic_t signals_seen;

uint64_t
engine_os_utc_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t
engine_os_pid(void)
{
	return (uint64_t)getpid();
}

void
engine_os_yield(void)
{
	sched_yield();
}

struct engine_event *
engine_event_create(void)
{
	struct engine_event *event = calloc(1, sizeof(*event));

	if (event != NULL && sem_init(&event->semaphore, 0, 0) != 0) {
		free(event);
		return NULL;
	}
	return event;
}

void
engine_event_destroy(struct engine_event *event)
{
	if (event != NULL)
		sem_destroy(&event->semaphore);
	free(event);
}

void
engine_event_signal(struct engine_event *event)
{
	sem_post(&event->semaphore);
}

bool
engine_event_wait(struct engine_event *event, int ms)
{
	struct timespec until;
	int result;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	do
		result = ms < 0 ? sem_wait(&event->semaphore) : sem_clockwait(&event->semaphore, CLOCK_MONOTONIC, &until);
	while (result != 0 && errno == EINTR);
	return result == 0;
}

static void
handle(int number)
{
	int saved = errno;

	if (signals_seen++ > 0)
		_exit(128 + number);
	stop_callback(number == SIGINT ? "SIGINT" : number == SIGTERM ? "SIGTERM" : "SIGHUP");
	errno = saved;
}

void
engine_os_watch_stop(void (*stop)(const char *reason))
{
	struct sigaction action;

	stop_callback = stop;
	memset(&action, 0, sizeof(action));
	action.sa_handler = handle;
	action.sa_flags = SA_RESTART;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);	/* a reader that left shows as an error of the write */
}
