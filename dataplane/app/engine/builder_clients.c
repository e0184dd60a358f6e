/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The attached queues, the groups among them, and the plans for lcores that are made of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder_private.h"
#include "lcore.h"

static struct attached_queue *queues[WDPDK_LIMIT_QUEUES];
static unsigned int queue_count;
static struct fanout_group *groups[WDPDK_LIMIT_FANOUT_GROUPS];

static bool
publish_clients(struct builder_result *result, const char *object)
{
	struct client_plan *plan = client_plan_create(queues, queue_count);
	struct snapshot *next;

	if (plan == NULL) {
		builder_refuse_memory(result, object);
		return false;
	}
	plan->references++;
	next = forwarding_snapshot(plan);
	client_plan_release(plan);
	if (next == NULL) {
		builder_refuse_memory(result, object);
		return false;
	}
	snapshot_free(builder_publish(next));
	return true;
}

/* ---- rivals ---- */

static bool
are_one_group(const struct attachment *a, const struct attachment *b)
{
	return a->fanout.group[0] != '\0' && strcmp(a->fanout.group, b->fanout.group) == 0 && a->port == b->port && a->at_tx == b->at_tx;
}

static const struct attached_queue *
find_rival(const struct attachment *asked)
{
	for (unsigned int i = 0; asked->redirects && i < queue_count; i++) {
		const struct attachment *other = &queues[i]->attachment;

		if (other->redirects && other->priority == asked->priority && other->at_tx == asked->at_tx &&
			(other->port == asked->port || other->port == PORT_ANY || asked->port == PORT_ANY) &&
			!are_one_group(other, asked) && match_overlaps(&other->match, &asked->match))
			return queues[i];
	}
	return NULL;
}

/* ---- lanes ---- */

unsigned int
builder_lanes(uint16_t port, bool receives)
{
	if (!receives)
		return 1;
	return port == PORT_ANY ? lcore_count : ports[port].lane_count;
}

/* Which lcore has which lane. What leaves by a port may leave from any lcore; what comes in is handled by the port's own. */
static void
deal_lanes(struct attached_queue *queue)
{
	const struct attachment *asked = &queue->attachment;

	for (unsigned int i = 0; i < lcore_count; i++) {
		unsigned int lane = asked->receives && (asked->port == PORT_ANY || asked->at_tx) ? i : lcores[i].lanes[asked->port];

		if (lane < asked->lane_count)
			queue->at_lcore[i] = asked->lanes[lane];
	}
}

static unsigned int
lanes_needed(const struct attachment *asked)
{
	return builder_lanes(asked->at_tx ? PORT_ANY : asked->port, asked->receives);
}

/* ---- groups ---- */

static struct fanout_group *
find_group(const struct attachment *asked, struct fanout_group ***place)
{
	*place = NULL;
	for (unsigned int i = 0; i < WDPDK_LIMIT_FANOUT_GROUPS; i++) {
		if (groups[i] == NULL) {
			*place = *place == NULL ? &groups[i] : *place;
		} else if (are_one_group(&groups[i]->members[0]->attachment, asked)) {
			*place = &groups[i];
			return groups[i];
		}
	}
	return NULL;
}

/* The field in which a queue differs from the group it asks to join; NULL: none. */
static const char *
different_field(const struct attachment *first, const struct attachment *asked)
{
	if (!match_equals(&first->match, &asked->match))
		return "match";
	if (first->redirects != asked->redirects)
		return "action";
	if (first->priority != asked->priority)
		return "priority";
	if (first->fanout.by_rss != asked->fanout.by_rss)
		return "fanout.by";
	return first->fanout.buckets != asked->fanout.buckets ? "fanout.buckets" : NULL;
}

/* True when the queue joined the group it asks for, or asks for none. *before is the group as it was: leaving again need not end there. */
static bool
join_group(struct attached_queue *queue, const char *object, struct builder_result *result, struct fanout_group *before)
{
	const struct attachment *asked = &queue->attachment;
	struct fanout_group *group, **place;
	const char *field;

	if (asked->fanout.group[0] == '\0')
		return true;
	group = find_group(asked, &place);
	field = group == NULL ? NULL : different_field(&group->members[0]->attachment, asked);
	if (field != NULL) {
		builder_refuse(result, WDPDK_E_CONFLICT, object, "Ask for the same as the group's other queues, or name another group.",
			"group '%s' has queue %u, whose %s differs", asked->fanout.group, group->members[0]->attachment.queue_id, field);
		return false;
	}
	if (group == NULL) {
		if (place == NULL) {
			builder_refuse(result, WDPDK_E_LIMIT, object, "Close groups that are no longer needed.",
				"there are %u fan-out groups already", WDPDK_LIMIT_FANOUT_GROUPS);
			return false;
		}
		group = calloc(1, sizeof(*group));
		if (group == NULL) {
			builder_refuse_memory(result, object);
			return false;
		}
		group->buckets = asked->fanout.buckets;
		*place = group;
	}
	*before = *group;
	fanout_join(group, queue);
	queue->group = group;
	return true;
}

static void
forget_group(struct fanout_group *group)
{
	for (unsigned int i = 0; i < WDPDK_LIMIT_FANOUT_GROUPS; i++)
		if (groups[i] == group)
			groups[i] = NULL;
	free(group);
}

static void
restore_group(struct fanout_group *group, const struct fanout_group *before)
{
	*group = *before;
	if (group->member_count == 0)
		forget_group(group);
}

/* ---- attach and detach ---- */

static bool
may_attach(const struct attachment *asked, const char *object, struct builder_result *result)
{
	const struct attached_queue *rival = find_rival(asked);

	if (rival != NULL) {
		builder_refuse(result, WDPDK_E_CONFLICT, object, "Narrow one of the matches, or give one queue another priority.",
			"queue %u already redirects frames that this match takes, with the same priority %d",
			rival->attachment.queue_id, asked->priority);
	} else if (queue_count == WDPDK_LIMIT_QUEUES) {
		builder_refuse(result, WDPDK_E_LIMIT, object, "Close queues that are no longer needed.", "there are %u queues already",
			queue_count);
	} else if (asked->lane_count != lanes_needed(asked)) {
		builder_refuse(result, WDPDK_E_INTERNAL, object, "Please report this as a defect.", "it has %u lanes where %u are needed",
			asked->lane_count, lanes_needed(asked));
	} else if (asked->fanout.group[0] != '\0' && asked->fanout.buckets != 128 && asked->fanout.buckets != FANOUT_MOST_BUCKETS) {
		builder_refuse(result, WDPDK_E_INTERNAL, object, "Please report this as a defect.", "a group cannot have %u buckets",
			asked->fanout.buckets);
	} else {
		return true;
	}
	return false;
}

void
clients_attach(const struct attachment *asked, struct builder_result *result)
{
	struct attached_queue *queue;
	struct fanout_group before;
	char object[32];

	snprintf(object, sizeof(object), "queue %u", asked->queue_id);
	if (!may_attach(asked, object, result))
		return;
	queue = calloc(1, sizeof(*queue));
	if (queue == NULL) {
		builder_refuse_memory(result, object);
		return;
	}
	queue->attachment = *asked;
	deal_lanes(queue);
	if (!join_group(queue, object, result, &before)) {
		free(queue);
		return;
	}
	queues[queue_count++] = queue;
	if (!publish_clients(result, object)) {
		queue_count--;
		if (queue->group != NULL)
			restore_group(queue->group, &before);
		free(queue);
	}
}

void
clients_detach(uint32_t queue_id, struct builder_result *result)
{
	for (unsigned int i = 0; i < queue_count; i++) {
		struct attached_queue *queue = queues[i];
		struct fanout_group *group = queue->group, before;
		char object[32];

		if (queue->attachment.queue_id != queue_id)
			continue;
		snprintf(object, sizeof(object), "queue %u", queue->attachment.queue_id);
		memmove(&queues[i], &queues[i + 1], (queue_count - i - 1) * sizeof(queues[0]));
		queue_count--;
		if (group != NULL) {
			before = *group;
			fanout_leave(group, queue);
		}
		if (publish_clients(result, object)) {
			if (group != NULL && group->member_count == 0)
				forget_group(group);
			free(queue);
			return;
		}
		/* Without memory for a new plan the queue must stay: lcores still know it. */
		memmove(&queues[i + 1], &queues[i], (queue_count - i) * sizeof(queues[0]));
		queues[i] = queue;
		queue_count++;
		if (group != NULL)
			restore_group(group, &before);
		return;
	}
}

void
clients_end(void)
{
	while (queue_count > 0)
		free(queues[--queue_count]);
	for (unsigned int i = 0; i < WDPDK_LIMIT_FANOUT_GROUPS; i++) {
		free(groups[i]);
		groups[i] = NULL;
	}
}
