/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What can be seen of event_sw: counters and fill levels, one table for names, values and dump.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <rte_ring.h>

#include "sw.h"

struct stat {
	const char *name;
	size_t counter; /* offset of a 64-bit counter, or */
	uint64_t (*level)(const struct sw_device *device, uint32_t id);
};

static uint64_t
device_inflight(const struct sw_device *device, uint32_t id)
{
	RTE_SET_USED(id);
	return __atomic_load_n(&device->inflight, __ATOMIC_RELAXED);
}

static uint64_t
port_inflight(const struct sw_device *device, uint32_t id)
{
	return device->ports[id]->history_count;
}

static uint64_t
port_in_used(const struct sw_device *device, uint32_t id)
{
	const struct rte_ring *ring = device->ports[id]->to_scheduler;

	return ring == NULL ? 0 : rte_ring_count(ring);
}

static uint64_t
port_out_used(const struct sw_device *device, uint32_t id)
{
	return rte_ring_count(device->ports[id]->from_scheduler);
}

static uint64_t
queue_waiting(const struct sw_device *device, uint32_t id)
{
	return device->queues[id].waiting;
}

static uint64_t
queue_flows(const struct sw_device *device, uint32_t id)
{
	const struct sw_flow *flows = device->queues[id].flows;
	uint64_t pinned = 0;
	uint32_t i;

	for (i = 0; flows != NULL && i < SW_FLOWS; i++)
		pinned += flows[i].count > 0;
	return pinned;
}

#define COUNTER(name, type, member) { name, offsetof(struct type, member), NULL }
#define LEVEL(name, function) { name, 0, function }

static const struct stat device_stats[] = {
	COUNTER("rx", sw_device, rx),
	COUNTER("tx", sw_device, tx),
	COUNTER("drop", sw_device, drop),
	COUNTER("sched_calls", sw_device, calls),
	COUNTER("sched_no_iq_enq", sw_device, calls_without_in),
	COUNTER("sched_no_cq_enq", sw_device, calls_without_out),
	LEVEL("inflight", device_inflight),
};
static const struct stat port_stats[] = {
	COUNTER("rx", sw_port, rx),
	COUNTER("tx", sw_port, tx),
	COUNTER("drop", sw_port, drop),
	LEVEL("inflight", port_inflight),
	LEVEL("rx_ring_used", port_in_used),
	LEVEL("cq_ring_used", port_out_used),
};
static const struct stat queue_stats[] = {
	COUNTER("rx", sw_queue, rx),
	COUNTER("tx", sw_queue, tx),
	LEVEL("iq_used", queue_waiting),
	LEVEL("flows_pinned", queue_flows),
};

/* Statistics of one mode; an id is (mode, which, place in the table). */
struct group {
	const struct stat *stats;
	uint32_t count, members;
};

static struct group
group_of(const struct sw_device *device, enum rte_event_dev_xstats_mode mode)
{
	struct group group = { NULL, 0, 0 };

	switch (mode) {
	case RTE_EVENT_DEV_XSTATS_DEVICE:
		group = (struct group){ device_stats, RTE_DIM(device_stats), 1 };
		break;
	case RTE_EVENT_DEV_XSTATS_PORT:
		group = (struct group){ port_stats, RTE_DIM(port_stats), device->nb_ports };
		break;
	case RTE_EVENT_DEV_XSTATS_QUEUE:
		group = (struct group){ queue_stats, RTE_DIM(queue_stats), device->nb_queues };
		break;
	}
	return group;
}

static uint64_t
id_of(enum rte_event_dev_xstats_mode mode, uint32_t which, uint32_t place)
{
	return (uint64_t)mode << 16 | which << 8 | place;
}

static void
name_of(char *name, size_t size, enum rte_event_dev_xstats_mode mode, uint32_t which, const struct stat *stat)
{
	if (mode == RTE_EVENT_DEV_XSTATS_DEVICE)
		snprintf(name, size, "dev_%s", stat->name);
	else
		snprintf(name, size, "%s_%u_%s", mode == RTE_EVENT_DEV_XSTATS_PORT ? "port" : "qid", which, stat->name);
}

/* Where the counters of a group's member are; NULL: a port that is not set up. */
static void *
base_of(struct sw_device *device, enum rte_event_dev_xstats_mode mode, uint32_t which)
{
	if (mode == RTE_EVENT_DEV_XSTATS_DEVICE)
		return device;
	return mode == RTE_EVENT_DEV_XSTATS_PORT ? (void *)device->ports[which] : (void *)&device->queues[which];
}

static uint64_t
value_of(struct sw_device *device, enum rte_event_dev_xstats_mode mode, uint32_t which, const struct stat *stat)
{
	char *base = base_of(device, mode, which);

	if (base == NULL)
		return 0;
	return stat->level != NULL ? stat->level(device, which) : *(uint64_t *)(base + stat->counter);
}

int
sw_xstats_names(const struct rte_eventdev *dev, enum rte_event_dev_xstats_mode mode, uint8_t queue_port_id,
	struct rte_event_dev_xstats_name *names, uint64_t *ids, unsigned int size)
{
	const struct group group = group_of(dev->data->dev_private, mode);
	const uint32_t which = mode == RTE_EVENT_DEV_XSTATS_DEVICE ? 0 : queue_port_id;
	uint32_t i;

	if (which >= group.members)
		return -EINVAL;
	if (names == NULL || size < group.count)
		return (int)group.count;
	for (i = 0; i < group.count; i++) {
		name_of(names[i].name, sizeof(names[i].name), mode, which, &group.stats[i]);
		if (ids != NULL)
			ids[i] = id_of(mode, which, i);
	}
	return (int)group.count;
}

int
sw_xstats_get(const struct rte_eventdev *dev, enum rte_event_dev_xstats_mode mode, uint8_t queue_port_id,
	const uint64_t ids[], uint64_t values[], unsigned int n)
{
	struct sw_device *device = dev->data->dev_private;
	const struct group group = group_of(device, mode);
	const uint32_t which = mode == RTE_EVENT_DEV_XSTATS_DEVICE ? 0 : queue_port_id;
	unsigned int i;

	if (which >= group.members)
		return -EINVAL;
	rte_spinlock_lock(&device->lock);
	for (i = 0; i < n; i++) {
		if (ids[i] >> 8 != id_of(mode, which, 0) >> 8 || (ids[i] & 0xff) >= group.count)
			break;
		values[i] = value_of(device, mode, which, &group.stats[ids[i] & 0xff]);
	}
	rte_spinlock_unlock(&device->lock);
	return (int)i;
}

uint64_t
sw_xstats_by_name(const struct rte_eventdev *dev, const char *name, uint64_t *id)
{
	struct sw_device *device = dev->data->dev_private;
	char candidate[RTE_EVENT_DEV_XSTATS_NAME_SIZE];
	uint64_t value;
	uint32_t mode, which, i;

	for (mode = RTE_EVENT_DEV_XSTATS_DEVICE; mode <= RTE_EVENT_DEV_XSTATS_QUEUE; mode++) {
		const struct group group = group_of(device, (enum rte_event_dev_xstats_mode)mode);

		for (which = 0; which < group.members; which++)
			for (i = 0; i < group.count; i++) {
				name_of(candidate, sizeof(candidate), (enum rte_event_dev_xstats_mode)mode, which, &group.stats[i]);
				if (strcmp(candidate, name) != 0)
					continue;
				*id = id_of((enum rte_event_dev_xstats_mode)mode, which, i);
				rte_spinlock_lock(&device->lock);
				value = value_of(device, (enum rte_event_dev_xstats_mode)mode, which, &group.stats[i]);
				rte_spinlock_unlock(&device->lock);
				return value;
			}
	}
	return (uint64_t)-EINVAL;
}

/* Counters of one member, all or those of ids, to 0. How many ids were its. */
static uint32_t
reset_member(struct sw_device *device, const struct group *group, enum rte_event_dev_xstats_mode mode, uint32_t which,
	const uint64_t ids[], uint32_t nb_ids)
{
	char *base = base_of(device, mode, which);
	uint32_t i, n = ids == NULL ? group->count : nb_ids, done = 0;

	for (i = 0; i < n; i++) {
		const uint64_t id = ids == NULL ? id_of(mode, which, i) : ids[i];

		if (id >> 8 != id_of(mode, which, 0) >> 8 || (id & 0xff) >= group->count)
			continue;
		done++;
		if (base != NULL && group->stats[id & 0xff].level == NULL)
			*(uint64_t *)(base + group->stats[id & 0xff].counter) = 0;
	}
	return done;
}

int
sw_xstats_reset(struct rte_eventdev *dev, enum rte_event_dev_xstats_mode mode, int16_t queue_port_id, const uint64_t ids[],
	uint32_t nb_ids)
{
	struct sw_device *device = dev->data->dev_private;
	const struct group group = group_of(device, mode);
	uint32_t which, done = 0;

	if (mode == RTE_EVENT_DEV_XSTATS_DEVICE)
		queue_port_id = 0;
	if (queue_port_id < -1 || queue_port_id >= (int)group.members)
		return -EINVAL;
	rte_spinlock_lock(&device->lock);
	for (which = 0; which < group.members; which++)
		if (queue_port_id == -1 || which == (uint32_t)queue_port_id)
			done += reset_member(device, &group, mode, which, ids, nb_ids);
	rte_spinlock_unlock(&device->lock);
	return ids != NULL && done < nb_ids ? -EINVAL : 0;
}

void
sw_dump(struct rte_eventdev *dev, FILE *f)
{
	struct sw_device *device = dev->data->dev_private;
	char name[RTE_EVENT_DEV_XSTATS_NAME_SIZE];
	uint32_t mode, which, i;

	fprintf(f, "event device %u '%s': %s, %u queues, %u ports, service %u\n", dev->data->dev_id, dev->data->name,
		dev->data->dev_started ? "started" : "stopped", device->nb_queues, device->nb_ports, device->service);
	rte_spinlock_lock(&device->lock);
	for (mode = RTE_EVENT_DEV_XSTATS_DEVICE; mode <= RTE_EVENT_DEV_XSTATS_QUEUE; mode++) {
		const struct group group = group_of(device, (enum rte_event_dev_xstats_mode)mode);

		for (which = 0; which < group.members; which++)
			for (i = 0; i < group.count; i++) {
				name_of(name, sizeof(name), (enum rte_event_dev_xstats_mode)mode, which, &group.stats[i]);
				fprintf(f, "  %s %" PRIu64 "\n", name,
					value_of(device, (enum rte_event_dev_xstats_mode)mode, which, &group.stats[i]));
			}
	}
	rte_spinlock_unlock(&device->lock);
}
