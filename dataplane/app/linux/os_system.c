/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "os_system.h"

int
os_random(void *bytes, size_t length)
{
	uint8_t *at = bytes;

	while (length > 0) {
		ssize_t got = getrandom(at, length, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		at += got;
		length -= (size_t)got;
	}
	return 0;
}

uint32_t
os_pid(void)
{
	return (uint32_t)getpid();
}

uint64_t
os_monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

struct os_thread {
	pthread_t thread;
	void *(*run)(void *);
	void *argument;
	char name[16];
};

static void *
thread_main(void *context)
{
	struct os_thread *thread = context;

	pthread_setname_np(pthread_self(), thread->name);
	/* Short sleeps are meant as said; the default lengthens each by 50 us. */
	prctl(PR_SET_TIMERSLACK, 1000ul, 0ul, 0ul, 0ul);
	return thread->run(thread->argument);
}

struct os_thread *
os_thread_start(const char *name, void *(*run)(void *), void *argument)
{
	struct os_thread *thread = calloc(1, sizeof(*thread));
	sigset_t all, before;
	int error;

	if (thread == NULL)
		return NULL;
	thread->run = run;
	thread->argument = argument;
	strncpy(thread->name, name, sizeof(thread->name) - 1);
	/* Signals go to the threads that the program made for them. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread->thread, NULL, thread_main, thread);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error != 0) {
		free(thread);
		return NULL;
	}
	return thread;
}

void
os_thread_join(struct os_thread *thread)
{
	if (thread == NULL)
		return;
	pthread_join(thread->thread, NULL);
	free(thread);
}

struct os_sleeper {
	sem_t semaphore;
};

struct os_sleeper *
os_sleeper_create(void)
{
	struct os_sleeper *sleeper = calloc(1, sizeof(*sleeper));

	if (sleeper != NULL)
		sem_init(&sleeper->semaphore, 0, 0);
	return sleeper;
}

void
os_sleeper_destroy(struct os_sleeper *sleeper)
{
	if (sleeper == NULL)
		return;
	sem_destroy(&sleeper->semaphore);
	free(sleeper);
}

void
os_sleeper_post(struct os_sleeper *sleeper)
{
	sem_post(&sleeper->semaphore);
}

void
os_sleeper_wait(struct os_sleeper *sleeper, uint64_t timeout_us)
{
	struct timespec until;

	if (timeout_us == UINT64_MAX) {
		while (sem_wait(&sleeper->semaphore) != 0 && errno == EINTR)
			continue;
	} else {
		uint64_t end = os_monotonic_ns() + timeout_us * 1000;

		until.tv_sec = (time_t)(end / UINT64_C(1000000000));
		until.tv_nsec = (long)(end % UINT64_C(1000000000));
		while (sem_clockwait(&sleeper->semaphore, CLOCK_MONOTONIC, &until) != 0 && errno == EINTR)
			continue;
	}
	while (sem_trywait(&sleeper->semaphore) == 0)
		continue;
}

struct os_process {
	int descriptor;
};

struct os_process *
os_process_watch(uint32_t pid)
{
	struct os_process *process = calloc(1, sizeof(*process));

	if (process == NULL)
		return NULL;
	process->descriptor = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0u);
	if (process->descriptor < 0) {
		free(process);
		return NULL;
	}
	return process;
}

bool
os_process_alive(struct os_process *process)
{
	struct pollfd ended = { .fd = process->descriptor, .events = POLLIN };

	return poll(&ended, 1, 0) != 1;
}

void
os_process_unwatch(struct os_process *process)
{
	if (process == NULL)
		return;
	close(process->descriptor);
	free(process);
}
