/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "port.h"
#include "snapshot.h"

static bool
is_shown(const struct attached_queue *queue, uint16_t port, bool at_tx)
{
	const struct attachment *asked = &queue->attachment;

	return asked->receives && asked->at_tx == at_tx && (asked->port == port || asked->port == PORT_ANY);
}

static const struct attachment *
asked_by(const struct receiver *receiver)
{
	return &(receiver->queue != NULL ? receiver->queue : receiver->fanout->members[0])->attachment;
}

/* Mirrors before redirects, so that every matching mirror gets its copy; within each the higher priority first, among equals the
 * one that attached first (insertion is stable). */
static bool
stands_before(const struct attachment *a, const struct attachment *b)
{
	if (a->redirects != b->redirects)
		return b->redirects;
	return a->priority > b->priority;
}

static void
add_receiver(struct port_clients *clients, struct receiver receiver)
{
	unsigned int at = clients->receivers++;

	for (; at > 0 && stands_before(asked_by(&receiver), asked_by(&clients->receiving[at - 1])); at--)
		clients->receiving[at] = clients->receiving[at - 1];
	clients->receiving[at] = receiver;
}

/* The group's plan, made when its first member is met. All ports of a group share one. NULL: no memory. */
static const struct fanout_plan *
plan_fanout(struct client_plan *plan, const struct fanout_group *group, bool by_rss)
{
	struct fanout_plan *fanout;

	for (fanout = plan->fanouts; fanout != NULL; fanout = fanout->next)
		if (fanout->group == group)
			return fanout;
	fanout = calloc(1, sizeof(*fanout));
	if (fanout == NULL)
		return NULL;
	fanout->next = plan->fanouts;
	plan->fanouts = fanout;
	fanout->group = group;
	fanout->by_rss = by_rss;
	fanout->mask = group->buckets - 1;
	fanout->member_count = group->member_count;
	memcpy(fanout->members, group->members, sizeof(fanout->members));
	memcpy(fanout->owners, group->owners, sizeof(fanout->owners));
	return fanout;
}

static bool
add_queue(struct client_plan *plan, struct port_clients *clients, struct attached_queue *queue)
{
	struct receiver receiver = { .queue = queue };

	if (queue->group != NULL) {
		receiver.queue = NULL;
		receiver.fanout = plan_fanout(plan, queue->group, queue->attachment.fanout.by_rss);
		if (receiver.fanout == NULL)
			return false;
		if (receiver.fanout->members[0] != queue)
			return true;	/* its group is there already */
	}
	add_receiver(clients, receiver);
	return true;
}

/* *out stays NULL when nobody is shown frames there. */
static bool
compile_port(struct client_plan *plan, uint16_t port, bool at_tx, struct attached_queue *const *queues, unsigned int count,
	struct port_clients **out)
{
	const struct match *matches[WDPDK_LIMIT_QUEUES];
	struct port_clients *clients;
	unsigned int first = 0;

	while (first < count && !is_shown(queues[first], port, at_tx))
		first++;
	if (first == count)
		return true;
	clients = *out = calloc(1, sizeof(*clients));
	if (clients == NULL)
		return false;
	for (unsigned int i = first; i < count; i++)
		if (is_shown(queues[i], port, at_tx) && !add_queue(plan, clients, queues[i]))
			return false;
	clients->first_redirect = clients->receivers;
	for (unsigned int i = clients->receivers; i-- > 0; ) {
		matches[i] = &asked_by(&clients->receiving[i])->match;
		if (asked_by(&clients->receiving[i])->redirects)
			clients->first_redirect = (uint16_t)i;
	}
	clients->classifier = classifier_compile(matches, clients->receivers);
	return clients->classifier != NULL;
}

static bool
add_drains(struct client_plan *plan, struct attached_queue *const *queues, unsigned int count)
{
	for (unsigned int lcore = 0; lcore < WDPDK_LIMIT_LCORES; lcore++) {
		for (unsigned int i = 0; i < count; i++) {
			const struct attached_queue *queue = queues[i];

			if (!queue->attachment.transmits || queue->at_lcore[lcore] == NULL)
				continue;
			if (plan->drains[lcore] == NULL)
				plan->drains[lcore] = calloc(count, sizeof(plan->drains[lcore][0]));
			if (plan->drains[lcore] == NULL)
				return false;
			plan->drains[lcore][plan->drain_count[lcore]++] = (struct client_drain){
				.queue = queue->at_lcore[lcore], .port = queue->attachment.port };
		}
	}
	return true;
}

static void
free_port(struct port_clients *clients)
{
	if (clients != NULL)
		classifier_free(clients->classifier);
	free(clients);
}

static void
free_plan(struct client_plan *plan)
{
	for (uint16_t port = 0; port < WDPDK_LIMIT_PORTS; port++) {
		free_port(plan->at_rx[port]);
		free_port(plan->at_tx[port]);
	}
	for (unsigned int lcore = 0; lcore < WDPDK_LIMIT_LCORES; lcore++)
		free(plan->drains[lcore]);
	while (plan->fanouts != NULL) {
		struct fanout_plan *fanout = plan->fanouts;

		plan->fanouts = fanout->next;
		free(fanout);
	}
	free(plan);
}

struct client_plan *
client_plan_create(struct attached_queue *const *queues, unsigned int count)
{
	struct client_plan *plan = count > WDPDK_LIMIT_QUEUES ? NULL : calloc(1, sizeof(*plan));

	if (plan == NULL)
		return NULL;
	for (uint16_t port = 0; port < WDPDK_LIMIT_PORTS; port++) {
		if (ports[port].exists && (!compile_port(plan, port, false, queues, count, &plan->at_rx[port]) ||
			!compile_port(plan, port, true, queues, count, &plan->at_tx[port]))) {
			free_plan(plan);
			return NULL;
		}
	}
	if (!add_drains(plan, queues, count)) {
		free_plan(plan);
		return NULL;
	}
	return plan;
}

void
client_plan_release(struct client_plan *plan)
{
	if (--plan->references == 0)
		free_plan(plan);
}
