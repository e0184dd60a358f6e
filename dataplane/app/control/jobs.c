/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the builder has finished comes back to the control thread through a list and a wake.
 */
#include <stdlib.h>
#include <string.h>

#include "server.h"

struct job *
job_create(struct client *client, struct queue *queue, uint64_t request, void (*finish)(struct job *job))
{
	struct job *job = calloc(1, sizeof(*job));

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
