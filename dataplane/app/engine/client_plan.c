/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "port.h"
#include "snapshot.h"

static bool
receives_at(const struct attached_queue *queue, uint16_t port)
{
	return queue->attachment.receives && (queue->attachment.port == port || queue->attachment.port == PORT_ANY);
}

/* Mirrors before redirects, so that every matching mirror gets its copy; within each the higher priority first, among equals the
 * one that attached first (insertion is stable). */
static bool
stands_before(const struct attached_queue *a, const struct attached_queue *b)
{
	if (a->attachment.redirects != b->attachment.redirects)
		return b->attachment.redirects;
	return a->attachment.priority > b->attachment.priority;
}

static void
add_receiver(struct port_clients *clients, struct attached_queue *queue)
{
	unsigned int at = clients->receivers++;

	for (; at > 0 && stands_before(queue, clients->receiving[at - 1]); at--)
		clients->receiving[at] = clients->receiving[at - 1];
	clients->receiving[at] = queue;
}

static bool
compile_port(struct client_plan *plan, uint16_t port, struct attached_queue *const *queues, unsigned int count)
{
	struct port_clients *clients = calloc(1, sizeof(*clients));
	const struct match *matches[WDPDK_LIMIT_QUEUES];

	if (clients == NULL)
		return false;
	plan->ports[port] = clients;
	for (unsigned int i = 0; i < count; i++) {
		if (receives_at(queues[i], port))
			add_receiver(clients, queues[i]);
		if (queues[i]->attachment.transmits && queues[i]->attachment.port == port)
			clients->transmitting[clients->transmitters++] = queues[i];
	}
	clients->first_redirect = clients->receivers;
	for (unsigned int i = 0; i < clients->receivers; i++) {
		matches[i] = &clients->receiving[i]->attachment.match;
		if (clients->receiving[i]->attachment.redirects && clients->first_redirect == clients->receivers)
			clients->first_redirect = (uint16_t)i;
	}
	if (clients->receivers == 0)
		return true;
	clients->classifier = classifier_compile(matches, clients->receivers);
	return clients->classifier != NULL;
}

static void
free_plan(struct client_plan *plan)
{
	for (uint16_t port = 0; port < WDPDK_LIMIT_PORTS; port++) {
		if (plan->ports[port] != NULL)
			classifier_free(plan->ports[port]->classifier);
		free(plan->ports[port]);
	}
	free(plan);
}

struct client_plan *
client_plan_create(struct attached_queue *const *queues, unsigned int count)
{
	struct client_plan *plan = count > WDPDK_LIMIT_QUEUES ? NULL : calloc(1, sizeof(*plan));

	for (uint16_t port = 0; plan != NULL && port < WDPDK_LIMIT_PORTS; port++) {
		bool wanted = false;

		for (unsigned int i = 0; i < count; i++)
			wanted |= receives_at(queues[i], port) || queues[i]->attachment.port == port;
		if (!ports[port].exists || !wanted)
			continue;
		if (!compile_port(plan, port, queues, count)) {
			free_plan(plan);
			return NULL;
		}
	}
	return plan;
}

void
client_plan_release(struct client_plan *plan)
{
	if (--plan->references == 0)
		free_plan(plan);
}
