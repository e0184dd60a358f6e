/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Event devices: a scheduler takes events from ports into queues, and hands them out to the ports linked to those queues,
 * so that each flow of an atomic queue is on one port at a time, and what leaves an ordered queue leaves in the order it
 * came. Source-compatible with DPDK 22.11.
 *
 * A device is configured, its queues and ports are set up, queues are linked to ports, and it is started; all that from one
 * thread. Then each port belongs to one thread, which enqueues and dequeues there. Bad arguments to the functions of the
 * fast path are not checked, as in every burst function.
 *
 * Unless it says otherwise, a function gives 0, -EINVAL for a device, queue or port that does not exist or a NULL where
 * something is to be written, -ENOTSUP for what the driver does not have.
 */
#ifndef WDPDK_RTE_EVENTDEV_H
#define WDPDK_RTE_EVENTDEV_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>

#include <rte_common.h>
#include <rte_compat.h>
#include <rte_config.h>
#include <rte_errno.h>
#include <rte_mbuf_pool_ops.h>
#include <rte_mempool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Errors that not every C library names; the numbers are Winsock's. */
#ifndef EDQUOT
#define EDQUOT 10069
#endif
#ifndef ESTALE
#define ESTALE 10070
#endif

struct rte_mbuf;
struct rte_device;
struct rte_event;

/* ---- What a device can do (event_dev_cap) ---- */

#define RTE_EVENT_DEV_CAP_QUEUE_QOS (1ULL << 0)                /* queues have priorities */
#define RTE_EVENT_DEV_CAP_EVENT_QOS (1ULL << 1)                /* events have priorities inside a queue */
#define RTE_EVENT_DEV_CAP_DISTRIBUTED_SCHED (1ULL << 2)        /* no service is needed: ports schedule themselves */
#define RTE_EVENT_DEV_CAP_QUEUE_ALL_TYPES (1ULL << 3)          /* one queue may carry events of all schedule types */
#define RTE_EVENT_DEV_CAP_BURST_MODE (1ULL << 4)               /* bursts are more than one event */
#define RTE_EVENT_DEV_CAP_IMPLICIT_RELEASE_DISABLE (1ULL << 5) /* a port may release its events itself */
#define RTE_EVENT_DEV_CAP_NONSEQ_MODE (1ULL << 6)              /* events may skip stages and go back */
#define RTE_EVENT_DEV_CAP_RUNTIME_PORT_LINK (1ULL << 7)        /* links change while it runs */
#define RTE_EVENT_DEV_CAP_MULTIPLE_QUEUE_PORT (1ULL << 8)      /* a port may have several queues */
#define RTE_EVENT_DEV_CAP_CARRY_FLOW_ID (1ULL << 9)            /* flow_id comes out as it went in */
#define RTE_EVENT_DEV_CAP_MAINTENANCE_FREE (1ULL << 10)        /* rte_event_maintain() is not needed */
#define RTE_EVENT_DEV_CAP_RUNTIME_QUEUE_ATTR (1ULL << 11)      /* rte_event_queue_attr_set() works */

#define RTE_EVENT_DEV_PRIORITY_HIGHEST 0
#define RTE_EVENT_DEV_PRIORITY_NORMAL 128
#define RTE_EVENT_DEV_PRIORITY_LOWEST 255

#define RTE_EVENT_QUEUE_WEIGHT_HIGHEST 255
#define RTE_EVENT_QUEUE_WEIGHT_LOWEST 0
#define RTE_EVENT_QUEUE_AFFINITY_HIGHEST 255
#define RTE_EVENT_QUEUE_AFFINITY_LOWEST 0

/* ---- Devices ---- */

uint8_t rte_event_dev_count(void);
/** The id of a device of that name, or of the first whose driver has it; -EINVAL for NULL, -ENODEV. */
int rte_event_dev_get_dev_id(const char *name);
/** The node, or -EINVAL. */
int rte_event_dev_socket_id(uint8_t dev_id);

struct rte_event_dev_info {
	const char *driver_name;
	struct rte_device *dev;
	uint32_t min_dequeue_timeout_ns;
	uint32_t max_dequeue_timeout_ns;
	uint32_t dequeue_timeout_ns; /**< As configured. */
	uint8_t max_event_queues;
	uint32_t max_event_queue_flows;
	uint8_t max_event_queue_priority_levels;
	uint8_t max_event_priority_levels;
	uint8_t max_event_ports;
	uint8_t max_event_port_dequeue_depth;
	uint32_t max_event_port_enqueue_depth;
	uint8_t max_event_port_links;
	int32_t max_num_events; /**< At a time in the device; -1: no bound ("open system"). */
	uint32_t event_dev_cap; /**< RTE_EVENT_DEV_CAP_* */
	uint8_t max_single_link_event_port_queue_pairs; /**< Beside max_event_queues and max_event_ports. */
};

int rte_event_dev_info_get(uint8_t dev_id, struct rte_event_dev_info *dev_info);

#define RTE_EVENT_DEV_ATTR_PORT_COUNT 0
#define RTE_EVENT_DEV_ATTR_QUEUE_COUNT 1
#define RTE_EVENT_DEV_ATTR_STARTED 2
/** -EINVAL also for an attribute that does not exist. */
int rte_event_dev_attr_get(uint8_t dev_id, uint32_t attr_id, uint32_t *attr_value);

/** Each dequeue brings its own timeout; without it dequeue_timeout_ns is everyone's. */
#define RTE_EVENT_DEV_CFG_PER_DEQUEUE_TIMEOUT (1ULL << 0)

struct rte_event_dev_config {
	uint32_t dequeue_timeout_ns; /**< 0: dequeues do not wait. */
	int32_t nb_events_limit;     /**< 1 to max_num_events. */
	uint8_t nb_event_queues;
	uint8_t nb_event_ports;
	uint32_t nb_event_queue_flows;
	uint32_t nb_event_port_dequeue_depth;
	uint32_t nb_event_port_enqueue_depth;
	uint32_t event_dev_cfg;                  /**< RTE_EVENT_DEV_CFG_* */
	uint8_t nb_single_link_event_port_queues; /**< How many of the queues (and ports) are single links. */
};

/**
 * First of all, and again on a stopped device: queues and ports that were set up stay so, those above the new numbers are
 * released. -EINVAL for a value outside of what info says; -EBUSY while it is started; or what the driver says.
 */
int rte_event_dev_configure(uint8_t dev_id, const struct rte_event_dev_config *dev_conf);

/* ---- Queues ---- */

#define RTE_EVENT_QUEUE_CFG_ALL_TYPES (1ULL << 0)   /* an event's own sched_type counts, not schedule_type */
#define RTE_EVENT_QUEUE_CFG_SINGLE_LINK (1ULL << 1) /* at most one port */

struct rte_event_queue_conf {
	uint32_t nb_atomic_flows;           /**< 1 to nb_event_queue_flows; of atomic queues that are no single links. */
	uint32_t nb_atomic_order_sequences; /**< So, of ordered ones. */
	uint32_t event_queue_cfg;           /**< RTE_EVENT_QUEUE_CFG_* */
	uint8_t schedule_type;              /**< RTE_SCHED_TYPE_* */
	uint8_t priority;                   /**< RTE_EVENT_DEV_PRIORITY_* and between, with CAP_QUEUE_QOS. */
	uint8_t weight;
	uint8_t affinity;
};

int rte_event_queue_default_conf_get(uint8_t dev_id, uint8_t queue_id, struct rte_event_queue_conf *queue_conf);
/** NULL is the default configuration. -EINVAL also for numbers of flows outside the device's; -EBUSY while it is started. */
int rte_event_queue_setup(uint8_t dev_id, uint8_t queue_id, const struct rte_event_queue_conf *queue_conf);

#define RTE_EVENT_QUEUE_ATTR_PRIORITY 0
#define RTE_EVENT_QUEUE_ATTR_NB_ATOMIC_FLOWS 1
#define RTE_EVENT_QUEUE_ATTR_NB_ATOMIC_ORDER_SEQUENCES 2
#define RTE_EVENT_QUEUE_ATTR_EVENT_QUEUE_CFG 3
#define RTE_EVENT_QUEUE_ATTR_SCHEDULE_TYPE 4
#define RTE_EVENT_QUEUE_ATTR_WEIGHT 5
#define RTE_EVENT_QUEUE_ATTR_AFFINITY 6
/** -EOVERFLOW for the schedule type of a queue that has all of them. */
int rte_event_queue_attr_get(uint8_t dev_id, uint8_t queue_id, uint32_t attr_id, uint32_t *attr_value);
/** At run time: -ENOTSUP without RTE_EVENT_DEV_CAP_RUNTIME_QUEUE_ATTR. */
__rte_experimental
int rte_event_queue_attr_set(uint8_t dev_id, uint8_t queue_id, uint32_t attr_id, uint64_t attr_value);

/* ---- Ports ---- */

/** A dequeue does not release what the last one gave: the application does, by RTE_EVENT_OP_RELEASE. */
#define RTE_EVENT_PORT_CFG_DISABLE_IMPL_REL (1ULL << 0)
#define RTE_EVENT_PORT_CFG_SINGLE_LINK (1ULL << 1) /* at most one queue */
#define RTE_EVENT_PORT_CFG_HINT_PRODUCER (1ULL << 2)
#define RTE_EVENT_PORT_CFG_HINT_CONSUMER (1ULL << 3)
#define RTE_EVENT_PORT_CFG_HINT_WORKER (1ULL << 4)

struct rte_event_port_conf {
	int32_t new_event_threshold; /**< New events are refused while as many are in the device; 1 to nb_events_limit. */
	uint16_t dequeue_depth;      /**< 1 to nb_event_port_dequeue_depth. */
	uint16_t enqueue_depth;      /**< 1 to nb_event_port_enqueue_depth. */
	uint32_t event_port_cfg;     /**< RTE_EVENT_PORT_CFG_* */
};

int rte_event_port_default_conf_get(uint8_t dev_id, uint8_t port_id, struct rte_event_port_conf *port_conf);
/** NULL is the default configuration. The port is linked to no queue afterwards. -EINVAL, -EBUSY as for queues. */
int rte_event_port_setup(uint8_t dev_id, uint8_t port_id, const struct rte_event_port_conf *port_conf);

/** Called with each event that was given to a port and that nobody dequeued. */
typedef void (*rte_eventdev_port_flush_t)(uint8_t dev_id, struct rte_event event, void *arg);
/** For a thread that leaves its port: hands what waits there to release_cb (may be NULL) and releases it. */
__rte_experimental
void rte_event_port_quiesce(uint8_t dev_id, uint8_t port_id, rte_eventdev_port_flush_t release_cb, void *args);

#define RTE_EVENT_PORT_ATTR_ENQ_DEPTH 0
#define RTE_EVENT_PORT_ATTR_DEQ_DEPTH 1
#define RTE_EVENT_PORT_ATTR_NEW_EVENT_THRESHOLD 2
#define RTE_EVENT_PORT_ATTR_IMPLICIT_RELEASE_DISABLE 3
int rte_event_port_attr_get(uint8_t dev_id, uint8_t port_id, uint32_t attr_id, uint32_t *attr_value);

/* ---- Start and stop ---- */

/** 0, also when it is started; -ESTALE not all ports are set up; -ENOLINK not all queues are linked. */
int rte_event_dev_start(uint8_t dev_id);
/** Ends scheduling. What is in the device goes to the flush callback, or is forgotten. No thread may be at a port. */
void rte_event_dev_stop(uint8_t dev_id);

typedef void (*rte_eventdev_stop_flush_t)(uint8_t dev_id, struct rte_event event, void *arg);
/** NULL takes it back. */
int rte_event_dev_stop_flush_callback_register(uint8_t dev_id, rte_eventdev_stop_flush_t callback, void *userdata);

/** -EBUSY while it is started; -EAGAIN when the driver is not done. */
int rte_event_dev_close(uint8_t dev_id);

/* ---- Events ---- */

/** Several objects that travel as one event (RTE_EVENT_TYPE_VECTOR); from rte_event_vector_pool_create(). */
struct rte_event_vector {
	uint16_t nb_elem;
	uint16_t elem_offset : 12; /**< The first that is there; nb_elem counts from it. */
	uint16_t rsvd : 3;
	uint16_t attr_valid : 1; /**< port and queue hold for all of them. */
	__extension__ union {
		struct {
			uint16_t port;
			uint16_t queue;
		};
	};
	uint64_t impl_opaque;
#ifndef __cplusplus
	__extension__ union {
#endif
		struct rte_mbuf *mbufs[0];
		void *ptrs[0];
		uint64_t u64s[0];
#ifndef __cplusplus
	} __rte_aligned(16);
#endif
} __rte_aligned(16);

#define RTE_SCHED_TYPE_ORDERED 0
#define RTE_SCHED_TYPE_ATOMIC 1
#define RTE_SCHED_TYPE_PARALLEL 2

#define RTE_EVENT_TYPE_ETHDEV 0x0
#define RTE_EVENT_TYPE_CRYPTODEV 0x1
#define RTE_EVENT_TYPE_TIMER 0x2
#define RTE_EVENT_TYPE_CPU 0x3
#define RTE_EVENT_TYPE_ETH_RX_ADAPTER 0x4
#define RTE_EVENT_TYPE_VECTOR 0x8 /* with one of the others */
#define RTE_EVENT_TYPE_ETHDEV_VECTOR (RTE_EVENT_TYPE_VECTOR | RTE_EVENT_TYPE_ETHDEV)
#define RTE_EVENT_TYPE_CPU_VECTOR (RTE_EVENT_TYPE_VECTOR | RTE_EVENT_TYPE_CPU)
#define RTE_EVENT_TYPE_ETH_RX_ADAPTER_VECTOR (RTE_EVENT_TYPE_VECTOR | RTE_EVENT_TYPE_ETH_RX_ADAPTER)
#define RTE_EVENT_TYPE_CRYPTODEV_VECTOR (RTE_EVENT_TYPE_VECTOR | RTE_EVENT_TYPE_CRYPTODEV)
#define RTE_EVENT_TYPE_MAX 0x10

#define RTE_EVENT_OP_NEW 0     /* from outside: counts against new_event_threshold */
#define RTE_EVENT_OP_FORWARD 1 /* the oldest event the port was given and has not passed on or released goes on */
#define RTE_EVENT_OP_RELEASE 2 /* that event ends here; nothing else of the event is read */

struct rte_event {
	__extension__ union {
		uint64_t event;
		struct {
			uint32_t flow_id : 20; /**< What a flow is, inside a queue. */
			uint32_t sub_event_type : 8;
			uint32_t event_type : 4; /**< RTE_EVENT_TYPE_* */
			uint8_t op : 2;          /**< RTE_EVENT_OP_* */
			uint8_t rsvd : 4;
			uint8_t sched_type : 2; /**< RTE_SCHED_TYPE_* */
			uint8_t queue_id;
			uint8_t priority; /**< RTE_EVENT_DEV_PRIORITY_*, with CAP_EVENT_QOS. */
			uint8_t impl_opaque; /**< The device's: as it came when an event is forwarded or released. */
		};
	};
	__extension__ union {
		uint64_t u64;
		void *event_ptr;
		struct rte_mbuf *mbuf;
		struct rte_event_vector *vec;
	};
};

/* ---- What adapters can do with a device ---- */

#define RTE_EVENT_ETH_RX_ADAPTER_CAP_INTERNAL_PORT 0x1 /* the device receives by itself: no service */
#define RTE_EVENT_ETH_RX_ADAPTER_CAP_MULTI_EVENTQ 0x2 /* each receive queue may go to another event queue */
#define RTE_EVENT_ETH_RX_ADAPTER_CAP_OVERRIDE_FLOW_ID 0x4
#define RTE_EVENT_ETH_RX_ADAPTER_CAP_EVENT_VECTOR 0x8
/** caps: RTE_EVENT_ETH_RX_ADAPTER_CAP_*. */
int rte_event_eth_rx_adapter_caps_get(uint8_t dev_id, uint16_t eth_port_id, uint32_t *caps);

#define RTE_EVENT_ETH_TX_ADAPTER_CAP_INTERNAL_PORT 0x1 /* rte_event_eth_tx_adapter_enqueue() works, no service */
#define RTE_EVENT_ETH_TX_ADAPTER_CAP_EVENT_VECTOR 0x2
/** caps: RTE_EVENT_ETH_TX_ADAPTER_CAP_*. */
int rte_event_eth_tx_adapter_caps_get(uint8_t dev_id, uint16_t eth_port_id, uint32_t *caps);

/* ---- Timeouts, links, services ---- */

/** The timeout_ticks of rte_event_dequeue_burst() for a time. */
int rte_event_dequeue_timeout_ticks(uint8_t dev_id, uint64_t ns, uint64_t *timeout_ticks);

/**
 * Links queues to a port, so that the port gets their events. queues NULL: all queues; priorities NULL: normal.
 * @return how many were linked, from the beginning; rte_errno says why not all: EINVAL a queue, port or device that does not
 *   exist, EDQUOT a single link queue that has another port, ENOTSUP.
 */
int rte_event_port_link(uint8_t dev_id, uint8_t port_id, const uint8_t queues[], const uint8_t priorities[],
	uint16_t nb_links);
/** Ends links; queues NULL: all of the port. Events that are on their way still come. How many; rte_errno EINVAL, ENOTSUP. */
int rte_event_port_unlink(uint8_t dev_id, uint8_t port_id, uint8_t queues[], uint16_t nb_unlinks);
/** Unlinks the scheduler has not seen yet; with 0 the ended links bring no more events. */
int rte_event_port_unlinks_in_progress(uint8_t dev_id, uint8_t port_id);
/** Queues linked to the port and their priorities; both arrays of RTE_EVENT_MAX_QUEUES_PER_DEV. How many. */
int rte_event_port_links_get(uint8_t dev_id, uint8_t port_id, uint8_t queues[], uint8_t priorities[]);

/** The service that schedules; -ESRCH when the device needs none. */
int rte_event_dev_service_id_get(uint8_t dev_id, uint32_t *service_id);

/* ---- Looking inside ---- */

int rte_event_dev_dump(uint8_t dev_id, FILE *f);

#define RTE_EVENT_DEV_XSTATS_NAME_SIZE 64

enum rte_event_dev_xstats_mode {
	RTE_EVENT_DEV_XSTATS_DEVICE,
	RTE_EVENT_DEV_XSTATS_PORT,
	RTE_EVENT_DEV_XSTATS_QUEUE,
};

struct rte_event_dev_xstats_name {
	char name[RTE_EVENT_DEV_XSTATS_NAME_SIZE];
};

/**
 * Names and ids of one mode, for PORT and QUEUE of one of them. How many there are: more than size when the arrays were too
 * small, and not written then; -ENODEV, -EINVAL, -ENOTSUP.
 */
int rte_event_dev_xstats_names_get(uint8_t dev_id, enum rte_event_dev_xstats_mode mode, uint8_t queue_port_id,
	struct rte_event_dev_xstats_name *xstats_names, uint64_t *ids, unsigned int size);
/** How many were read, to the first id that does not exist; -ENODEV, -EINVAL, -ENOTSUP. */
int rte_event_dev_xstats_get(uint8_t dev_id, enum rte_event_dev_xstats_mode mode, uint8_t queue_port_id,
	const uint64_t ids[], uint64_t values[], unsigned int n);
/** The value, and its id unless id is NULL; (uint64_t)-EINVAL and id -1 when there is none of that name. */
uint64_t rte_event_dev_xstats_by_name_get(uint8_t dev_id, const char *name, uint64_t *id);
/** queue_port_id -1: of all; ids NULL: all. */
int rte_event_dev_xstats_reset(uint8_t dev_id, enum rte_event_dev_xstats_mode mode, int16_t queue_port_id,
	const uint64_t ids[], uint32_t nb_ids);

/** The driver's test of itself: 0 or its error. */
int rte_event_dev_selftest(uint8_t dev_id);

/** A pool of vectors of up to nb_elem objects. NULL and rte_errno: EINVAL for 0 elements, or as rte_mempool_create(). */
struct rte_mempool *rte_event_vector_pool_create(const char *name, unsigned int n, unsigned int cache_size, uint16_t nb_elem,
	int socket_id);

/* ---- The fast path ---- */

#ifdef __cplusplus
}
#endif

#include <rte_eventdev_core.h>

#ifdef __cplusplus
extern "C" {
#endif

static __rte_always_inline uint16_t
wdpdk_event_enqueue(uint8_t dev_id, uint8_t port_id, const struct rte_event ev[], uint16_t nb_events,
	event_enqueue_burst_t burst)
{
	const struct rte_event_fp_ops *ops = &rte_event_fp_ops[dev_id];
	void *port = ops->data[port_id];

	/* A constant 1 costs no loop in the driver. */
	return nb_events == 1 ? ops->enqueue(port, ev) : burst(port, ev, nb_events);
}

/**
 * Hands events to the device, from the beginning of ev. How many it took: the rest is the caller's, and rte_errno is EINVAL
 * (the next event's queue does not exist) or ENOSPC (the device is full of new events; forward and dequeue, then try again).
 */
static inline uint16_t
rte_event_enqueue_burst(uint8_t dev_id, uint8_t port_id, const struct rte_event ev[], uint16_t nb_events)
{
	return wdpdk_event_enqueue(dev_id, port_id, ev, nb_events, rte_event_fp_ops[dev_id].enqueue_burst);
}

/** So, when all of them are RTE_EVENT_OP_NEW. */
static inline uint16_t
rte_event_enqueue_new_burst(uint8_t dev_id, uint8_t port_id, const struct rte_event ev[], uint16_t nb_events)
{
	return wdpdk_event_enqueue(dev_id, port_id, ev, nb_events, rte_event_fp_ops[dev_id].enqueue_new_burst);
}

/** So, when all of them are RTE_EVENT_OP_FORWARD. */
static inline uint16_t
rte_event_enqueue_forward_burst(uint8_t dev_id, uint8_t port_id, const struct rte_event ev[], uint16_t nb_events)
{
	return wdpdk_event_enqueue(dev_id, port_id, ev, nb_events, rte_event_fp_ops[dev_id].enqueue_forward_burst);
}

/**
 * Takes events from the device, up to the port's dequeue depth; without RTE_EVENT_PORT_CFG_DISABLE_IMPL_REL it releases what
 * the last call gave and nobody forwarded. Waits for the first: timeout_ticks with RTE_EVENT_DEV_CFG_PER_DEQUEUE_TIMEOUT, else
 * the configured time. How many it gave.
 */
static inline uint16_t
rte_event_dequeue_burst(uint8_t dev_id, uint8_t port_id, struct rte_event ev[], uint16_t nb_events, uint64_t timeout_ticks)
{
	const struct rte_event_fp_ops *ops = &rte_event_fp_ops[dev_id];
	void *port = ops->data[port_id];

	return nb_events == 1 ? ops->dequeue(port, ev, timeout_ticks) : ops->dequeue_burst(port, ev, nb_events, timeout_ticks);
}

#define RTE_EVENT_DEV_MAINT_OP_FLUSH (1 << 0) /* send what is buffered now */

/** For devices without RTE_EVENT_DEV_CAP_MAINTENANCE_FREE, by threads that otherwise leave their port alone. 0 */
__rte_experimental
static inline int
rte_event_maintain(uint8_t dev_id, uint8_t port_id, int op)
{
	const struct rte_event_fp_ops *ops = &rte_event_fp_ops[dev_id];

	if (ops->maintain != NULL)
		ops->maintain(ops->data[port_id], op);
	return 0;
}

#ifdef __cplusplus
}
#endif

#endif
