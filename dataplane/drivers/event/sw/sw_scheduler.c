/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The scheduler of event_sw. A round takes what the ports passed on, hands out what waits, queue after queue by priority, and
 * gives each port its events in one piece.
 */
#include <rte_ring_elem.h>

#include "sw.h"

#define PIECE 32
/* Events that cannot go where they must are passed over; so many in a list, then the next list has its turn. */
#define SKIPS 128

/* ---- Lists of slots ---- */

static inline void
append(struct sw_device *device, struct sw_list *list, uint32_t slot)
{
	device->slots[slot].next = SW_NONE;
	if (list->head == SW_NONE)
		list->head = slot;
	else
		device->slots[list->tail].next = slot;
	list->tail = slot;
}

static inline uint32_t
shift(struct sw_device *device, struct sw_list *list)
{
	uint32_t slot = list->head;

	if (slot != SW_NONE)
		list->head = device->slots[slot].next;
	return slot;
}

static inline void
free_slot(struct sw_device *device, uint32_t slot)
{
	device->slots[slot].next = device->free_slots;
	device->free_slots = slot;
	device->released++;
}

/* ---- In ---- */

static inline uint16_t
flow_of(const struct rte_event *event)
{
	uint32_t hash = event->flow_id * UINT32_C(0x9e3779b1);

	return (uint16_t)(hash >> 20) % SW_FLOWS;
}

static void
enter(struct sw_device *device, uint32_t slot, const struct rte_event *event)
{
	struct sw_slot *s = &device->slots[slot];
	struct sw_queue *queue = &device->queues[event->queue_id];
	uint8_t type = queue->all_types ? event->sched_type : queue->type;

	s->event = *event;
	s->queue = event->queue_id;
	s->order = SW_UNORDERED;
	/* One port is one flow in order: nothing to schedule. */
	s->type = queue->single_link ? RTE_SCHED_TYPE_PARALLEL : type;
	if (s->type == RTE_SCHED_TYPE_ATOMIC)
		s->flow = flow_of(event);
	append(device, &queue->lists[event->priority >> 6], slot);
	queue->waiting++;
	queue->rx++;
}

/* Those at the head of an ordered queue's order that are done go on. */
static void
advance(struct sw_device *device, struct sw_queue *queue)
{
	struct sw_slot *s;
	struct rte_event event;
	uint32_t slot;

	while ((slot = queue->order.head) != SW_NONE && device->slots[slot].order != SW_HANDED_OUT) {
		s = &device->slots[slot];
		queue->order.head = s->order_next;
		if (s->order == SW_FORWARDED) {
			event = s->event;
			enter(device, slot, &event);
		} else {
			free_slot(device, slot);
		}
	}
}

/* The oldest event of the port's history is done here; forwarded: what it has become, or NULL. */
static void
complete(struct sw_device *device, struct sw_port *port, const struct rte_event *forwarded)
{
	uint32_t slot = shift(device, &port->history);
	struct sw_slot *s;

	if (slot == SW_NONE) {
		port->drop++;
		return;
	}
	port->history_count--;
	s = &device->slots[slot];
	if (s->type == RTE_SCHED_TYPE_ATOMIC)
		device->queues[s->queue].flows[s->flow].count--;
	if (s->order == SW_HANDED_OUT) {
		s->order = forwarded != NULL ? SW_FORWARDED : SW_RELEASED;
		if (forwarded != NULL)
			s->event = *forwarded;
		advance(device, &device->queues[s->queue]);
	} else if (forwarded != NULL) {
		enter(device, slot, forwarded);
	} else {
		free_slot(device, slot);
	}
}

static uint32_t
take_from(struct sw_device *device, struct sw_port *port)
{
	struct rte_event events[PIECE];
	uint32_t taken = 0, n, i, slot;
	uint64_t releases;

	do {
		n = rte_ring_sc_dequeue_burst_elem(port->to_scheduler, events, sizeof(events[0]), PIECE, NULL);
		for (i = 0; i < n; i++) {
			if (events[i].op == RTE_EVENT_OP_FORWARD) {
				complete(device, port, &events[i]);
			} else if (events[i].op == RTE_EVENT_OP_RELEASE) {
				for (releases = events[i].u64; releases > 0; releases--)
					complete(device, port, NULL);
			} else {
				slot = device->free_slots;
				device->free_slots = device->slots[slot].next;
				enter(device, slot, &events[i]);
				device->rx++;
				port->rx++;
			}
		}
		taken += n;
	} while (n == PIECE && taken < device->quanta);
	return taken;
}

/* ---- Out ---- */

static inline void
hand_out(struct sw_device *device, struct sw_queue *queue, struct sw_port *port, uint32_t slot)
{
	struct sw_slot *s = &device->slots[slot];

	port->staged[port->staged_count++] = s->event;
	port->room--;
	append(device, &port->history, slot);
	port->history_count++;
	if (s->type == RTE_SCHED_TYPE_ORDERED) {
		s->order = SW_HANDED_OUT;
		s->order_next = SW_NONE;
		if (queue->order.head == SW_NONE)
			queue->order.head = slot;
		else
			device->slots[queue->order.tail].order_next = slot;
		queue->order.tail = slot;
	}
	queue->waiting--;
	queue->tx++;
	device->tx++;
	port->tx++;
}

/* In turn, among those with room. SW_NONE: none has. */
static uint32_t
next_port(struct sw_device *device, struct sw_queue *queue, uint64_t ports)
{
	uint64_t from = ports & (~UINT64_C(0) << queue->next_port), mask = from;
	uint32_t id;

	for (;;) {
		for (; mask != 0; mask &= mask - 1) {
			id = (uint32_t)__builtin_ctzll(mask);
			if (device->ports[id]->room > 0) {
				queue->next_port = (uint8_t)((id + 1) % SW_MAX_PORTS);
				return id;
			}
		}
		if (from == ports)
			return SW_NONE;
		mask = ports & ~from;
		from = ports;
	}
}

/* For the first event of a flow: the port with the most room. */
static uint32_t
emptiest_port(struct sw_device *device, uint64_t ports)
{
	uint32_t best = SW_NONE, room = 0, id;

	for (; ports != 0; ports &= ports - 1) {
		id = (uint32_t)__builtin_ctzll(ports);
		if (device->ports[id]->room > room) {
			room = device->ports[id]->room;
			best = id;
		}
	}
	return best;
}

/* Returns 0 when no port has room any more. */
static int
dispatch_list(struct sw_device *device, struct sw_queue *queue, struct sw_list *list, uint64_t ports)
{
	uint32_t slot, next, before = SW_NONE, skips = 0, port;
	struct sw_flow *flow;

	for (slot = list->head; slot != SW_NONE && skips < SKIPS; slot = next) {
		struct sw_slot *s = &device->slots[slot];

		next = s->next;
		if (s->type == RTE_SCHED_TYPE_ATOMIC) {
			flow = &queue->flows[s->flow];
			if (flow->count > 0) {
				port = flow->port;
				/* It waits for its flow's port, even for one that was unlinked, until that is done with the flow. */
				if (!(ports >> port & 1) || device->ports[port]->room == 0) {
					before = slot;
					skips++;
					continue;
				}
			} else {
				port = emptiest_port(device, ports);
				if (port == SW_NONE)
					return 0;
				flow->port = (uint16_t)port;
			}
			flow->count++;
		} else {
			port = next_port(device, queue, ports);
			if (port == SW_NONE)
				return 0;
		}
		if (before == SW_NONE)
			list->head = next;
		else
			device->slots[before].next = next;
		if (next == SW_NONE)
			list->tail = before;
		hand_out(device, queue, device->ports[port], slot);
	}
	return 1;
}

static void
dispatch(struct sw_device *device, struct sw_queue *queue)
{
	uint64_t ports = __atomic_load_n(&queue->ports, __ATOMIC_ACQUIRE);
	uint32_t i;

	for (i = 0; i < SW_PRIORITIES && queue->waiting > 0; i++)
		if (!dispatch_list(device, queue, &queue->lists[i], ports))
			return;
}

int32_t
sw_schedule(void *arg)
{
	struct sw_device *device = arg;
	struct sw_port *port;
	uint32_t i, in = 0, out = 0, unlinks[SW_MAX_PORTS];

	if (!rte_spinlock_trylock(&device->lock))
		return -EAGAIN;
	if (!device->started) {
		rte_spinlock_unlock(&device->lock);
		return -EAGAIN;
	}
	/* What is asked before a round is seen in it: links are read later. */
	for (i = 0; i < device->nb_ports; i++) {
		port = device->ports[i];
		unlinks[i] = __atomic_load_n(&port->unlinks_asked, __ATOMIC_ACQUIRE);
		in += take_from(device, port);
		port->room = RTE_MIN(rte_ring_free_count(port->from_scheduler), (unsigned int)SW_MAX_DEPTH);
	}
	for (i = 0; i < device->nb_queues; i++)
		if (device->queues[device->by_priority[i]].waiting > 0)
			dispatch(device, &device->queues[device->by_priority[i]]);
	for (i = 0; i < device->nb_ports; i++) {
		port = device->ports[i];
		if (port->staged_count > 0) {
			rte_ring_sp_enqueue_burst_elem(port->from_scheduler, port->staged, sizeof(port->staged[0]), port->staged_count, NULL);
			out += port->staged_count;
			port->staged_count = 0;
		}
		if (unlinks[i] != port->unlinks_seen)
			__atomic_store_n(&port->unlinks_seen, unlinks[i], __ATOMIC_RELEASE);
	}
	if (device->released > 0) {
		__atomic_fetch_sub(&device->inflight, device->released, __ATOMIC_RELEASE);
		device->released = 0;
	}
	device->calls++;
	device->calls_without_in += in == 0;
	device->calls_without_out += out == 0;
	rte_spinlock_unlock(&device->lock);
	return in + out > 0 ? 0 : -EAGAIN;
}

/* ---- Stopping ---- */

static void
drain_ring(struct sw_device *device, struct rte_ring *ring, void (*give)(struct sw_device *, const struct rte_event *))
{
	struct rte_event event;

	while (ring != NULL && rte_ring_sc_dequeue_burst_elem(ring, &event, sizeof(event), 1, NULL) == 1)
		if (event.op != RTE_EVENT_OP_RELEASE)
			give(device, &event);
}

void
sw_drain(struct sw_device *device, void (*give)(struct sw_device *device, const struct rte_event *event))
{
	struct sw_queue *queue;
	uint32_t i, j, slot;

	for (i = 0; i < device->nb_queues; i++) {
		queue = &device->queues[i];
		for (j = 0; j < SW_PRIORITIES; j++)
			for (slot = queue->lists[j].head; slot != SW_NONE; slot = device->slots[slot].next)
				give(device, &device->slots[slot].event);
		for (slot = queue->order.head; slot != SW_NONE; slot = device->slots[slot].order_next)
			if (device->slots[slot].order == SW_FORWARDED)
				give(device, &device->slots[slot].event);
	}
	for (i = 0; i < device->nb_ports; i++) {
		drain_ring(device, device->ports[i]->to_scheduler, give);
		drain_ring(device, device->ports[i]->from_scheduler, give);
	}
}

void
sw_reset(struct sw_device *device)
{
	static const struct sw_list empty = { SW_NONE, SW_NONE };
	struct sw_queue *queue;
	struct sw_port *port;
	uint32_t i, j;

	for (i = 0; i < SW_MAX_QUEUES; i++) {
		queue = &device->queues[i];
		for (j = 0; j < SW_PRIORITIES; j++)
			queue->lists[j] = empty;
		queue->order = empty;
		queue->waiting = 0;
		queue->next_port = 0;
		if (queue->flows != NULL)
			memset(queue->flows, 0, SW_FLOWS * sizeof(*queue->flows));
	}
	for (i = 0; i < SW_MAX_PORTS; i++) {
		port = device->ports[i];
		if (port == NULL)
			continue;
		port->history = empty;
		port->history_count = 0;
		port->staged_count = 0;
		port->outstanding = 0;
		__atomic_store_n(&port->unlinks_seen, __atomic_load_n(&port->unlinks_asked, __ATOMIC_RELAXED), __ATOMIC_RELEASE);
		if (port->to_scheduler != NULL)
			rte_ring_reset(port->to_scheduler);
		if (port->from_scheduler != NULL)
			rte_ring_reset(port->from_scheduler);
	}
	for (i = 0; i < device->nb_slots; i++)
		device->slots[i].next = i + 1 < device->nb_slots ? i + 1 : SW_NONE;
	device->free_slots = 0;
	device->released = 0;
	__atomic_store_n(&device->inflight, 0, __ATOMIC_RELEASE);
}
