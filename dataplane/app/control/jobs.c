/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the builder and the workers have finished comes back to the control thread through a list and a wake.
 */
#include <stdlib.h>
#include <string.h>

#include "server.h"

struct worker_state {
	struct os_thread *thread;
	struct os_sleeper *sleeper;
	struct job *first, **end;	/* guarded by the registry */
	uint32_t stopping;
};
static struct worker_state workers[WORKERS];

void *
job_create(size_t bytes, struct client *client, struct queue *queue, uint64_t request, void (*finish)(struct job *job))
{
	struct job *job = calloc(1, bytes);

	if (job == NULL)
		return NULL;
	job->finish = finish;
	job->queue = queue;
	job->client = client;
	job->request = request;
	client->jobs++;
	return job;
}

void
job_cancel(struct job *job)
{
	job->client->jobs--;
	free(job);
}

bool
jobs_full(struct call *call, const char *method)
{
	if (call->client->jobs < MAX_JOBS_PER_CLIENT)
		return false;
	failure_set(&call->failure, WDPDK_E_LIMIT, method, "Wait for an answer", "%u calls of this client wait already",
		MAX_JOBS_PER_CLIENT);
	return true;
}

void
job_done(void *context, struct builder_result *result)
{
	struct job *job = context;

	job->result = *result;
	memset(&result->issues, 0, sizeof(result->issues));
	pthread_mutex_lock(&server.registry);
	job->next = server.finished;
	server.finished = job;
	/* Under the lock: the transport is there as long as the registry says that the server runs. */
	if (server.transport != NULL)
		os_transport_wake(server.transport);
	pthread_mutex_unlock(&server.registry);
}

void
jobs_finish(void)
{
	struct job *list, *in_order = NULL;

	pthread_mutex_lock(&server.registry);
	list = server.finished;
	server.finished = NULL;
	pthread_mutex_unlock(&server.registry);
	while (list != NULL) {
		struct job *job = list;

		list = job->next;
		job->next = in_order;
		in_order = job;
	}
	while (in_order != NULL) {
		struct job *job = in_order;
		struct client *client = job->client;

		in_order = job->next;
		job->finish(job);
		config_issues_free(&job->result.issues);
		free(job);
		client->jobs--;
		client_settle(client);
	}
}

/* ---- workers ---- */

static struct job *
take(struct worker_state *worker)
{
	struct job *job;

	pthread_mutex_lock(&server.registry);
	job = worker->first;
	if (job != NULL) {
		worker->first = job->next;
		if (worker->first == NULL)
			worker->end = &worker->first;
	}
	pthread_mutex_unlock(&server.registry);
	return job;
}

static void *
work(void *context)
{
	struct worker_state *worker = context;
	bool stopping;

	do {
		struct job *job;

		os_sleeper_wait(worker->sleeper, UINT64_MAX);
		/* Read first: what was given before it was set is then seen below. */
		stopping = __atomic_load_n(&worker->stopping, __ATOMIC_ACQUIRE);
		while ((job = take(worker)) != NULL)
			job->run(job);
	} while (!stopping);
	return NULL;
}

void
worker_give(enum worker which, struct job *job, void (*run)(struct job *job))
{
	struct worker_state *worker = &workers[which];

	job->run = run;
	job->next = NULL;
	pthread_mutex_lock(&server.registry);
	*worker->end = job;
	worker->end = &job->next;
	pthread_mutex_unlock(&server.registry);
	os_sleeper_post(worker->sleeper);
}

int
workers_start(void)
{
	static const char *const names[WORKERS] = { "wdpdk-segments", "wdpdk-checks" };

	for (unsigned int i = 0; i < WORKERS; i++) {
		struct worker_state *worker = &workers[i];

		memset(worker, 0, sizeof(*worker));
		worker->end = &worker->first;
		worker->sleeper = os_sleeper_create();
		worker->thread = worker->sleeper == NULL ? NULL : os_thread_start(names[i], work, worker);
		if (worker->thread == NULL) {
			workers_stop();
			return -1;
		}
	}
	return 0;
}

void
workers_stop(void)
{
	for (unsigned int i = 0; i < WORKERS; i++) {
		struct worker_state *worker = &workers[i];

		__atomic_store_n(&worker->stopping, 1, __ATOMIC_RELEASE);
		if (worker->thread != NULL)
			os_sleeper_post(worker->sleeper);
		os_thread_join(worker->thread);
		os_sleeper_destroy(worker->sleeper);
		worker->thread = NULL;
		worker->sleeper = NULL;
	}
}
