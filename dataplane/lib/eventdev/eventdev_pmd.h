/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For drivers: what an event device is made of, and how one is created, announced and taken away. Layouts as in DPDK 22.11.
 *
 * A driver's probe allocates a device, fills dev_ops and the functions of the fast path, then calls
 * event_dev_probing_finish(). Its remove closes the device and calls rte_event_pmd_release(). The library has checked devices,
 * queues, ports and configurations before a driver sees them.
 */
#ifndef WDPDK_EVENTDEV_PMD_H
#define WDPDK_EVENTDEV_PMD_H

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <dev_driver.h>
#include <rte_common.h>
#include <rte_compat.h>
#include <rte_config.h>
#include <rte_eventdev.h>
#include <rte_log.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_eth_dev;
struct rte_eventdev;
struct rte_event_eth_rx_adapter_queue_conf;
struct rte_event_eth_rx_adapter_queue_stats;
struct rte_event_eth_rx_adapter_stats;
struct rte_event_eth_rx_adapter_vector_limits;
struct rte_event_eth_tx_adapter_stats;

#define RTE_EDEV_LOG_ERR(format, ...) RTE_LOG(ERR, EVENTDEV, format "\n", ##__VA_ARGS__)

/** What the library's own adapter does for a device that has no say in it. */
#define RTE_EVENT_ETH_RX_ADAPTER_SW_CAP \
	(RTE_EVENT_ETH_RX_ADAPTER_CAP_OVERRIDE_FLOW_ID | RTE_EVENT_ETH_RX_ADAPTER_CAP_MULTI_EVENTQ | \
	RTE_EVENT_ETH_RX_ADAPTER_CAP_EVENT_VECTOR)

#define RTE_EVENTDEV_DETACHED 0
#define RTE_EVENTDEV_ATTACHED 1

#define RTE_EVENTDEV_NAME_MAX_LEN 64

/** A device's state that processes would share. */
struct rte_eventdev_data {
	int socket_id;
	uint8_t dev_id;
	uint8_t nb_queues;
	uint8_t nb_ports;
	void *ports[RTE_EVENT_MAX_PORTS_PER_DEV]; /**< Filled by port_setup. */
	struct rte_event_port_conf ports_cfg[RTE_EVENT_MAX_PORTS_PER_DEV];
	struct rte_event_queue_conf queues_cfg[RTE_EVENT_MAX_QUEUES_PER_DEV];
	uint16_t links_map[RTE_EVENT_MAX_PORTS_PER_DEV * RTE_EVENT_MAX_QUEUES_PER_DEV]; /**< Priorities; the library's. */
	void *dev_private; /**< Freed by rte_event_pmd_release(). */
	uint32_t event_dev_cap;
	struct rte_event_dev_config dev_conf;
	uint8_t service_inited; /**< service_id is the service that schedules. */
	uint32_t service_id;
	void *dev_stop_flush_arg;
	__extension__ uint8_t dev_started : 1;
	char name[RTE_EVENTDEV_NAME_MAX_LEN];
	uint64_t reserved_64s[4];
	void *reserved_ptrs[4];
} __rte_cache_aligned;

struct eventdev_ops;

/** A device as the process sees it. The functions here take effect for applications when the device starts. */
struct rte_eventdev {
	struct rte_eventdev_data *data; /**< Never NULL once allocated. */
	struct eventdev_ops *dev_ops;
	struct rte_device *dev;
	__extension__ uint8_t attached : 1;
	event_enqueue_t enqueue;
	event_enqueue_burst_t enqueue_burst;
	event_enqueue_burst_t enqueue_new_burst;
	event_enqueue_burst_t enqueue_forward_burst;
	event_dequeue_t dequeue;
	event_dequeue_burst_t dequeue_burst;
	event_maintain_t maintain;                        /**< May be NULL. */
	event_tx_adapter_enqueue_t txa_enqueue_same_dest; /**< May be NULL, as the next two. */
	event_tx_adapter_enqueue_t txa_enqueue;
	event_crypto_adapter_enqueue_t ca_enqueue;
	uint64_t reserved_64s[4];
	void *reserved_ptrs[3];
} __rte_cache_aligned;

extern struct rte_eventdev *rte_eventdevs; /**< RTE_EVENT_MAX_DEVS of them. */

static inline unsigned int
rte_event_pmd_is_valid_dev(uint8_t dev_id)
{
	return dev_id < RTE_EVENT_MAX_DEVS && rte_eventdevs[dev_id].attached == RTE_EVENTDEV_ATTACHED;
}

static inline struct rte_eventdev *
rte_event_pmd_get_named_dev(const char *name)
{
	unsigned int i;

	for (i = 0; name != NULL && i < RTE_EVENT_MAX_DEVS; i++)
		if (rte_eventdevs[i].attached && strcmp(rte_eventdevs[i].data->name, name) == 0)
			return &rte_eventdevs[i];
	return NULL;
}

/* ---- What a driver does. int: 0 or a negative errno ---- */

typedef void (*eventdev_info_get_t)(struct rte_eventdev *dev, struct rte_event_dev_info *dev_info);
typedef int (*eventdev_configure_t)(const struct rte_eventdev *dev);
typedef int (*eventdev_start_t)(struct rte_eventdev *dev);
typedef void (*eventdev_stop_t)(struct rte_eventdev *dev);
/** -EAGAIN when it is not done yet. */
typedef int (*eventdev_close_t)(struct rte_eventdev *dev);

typedef void (*eventdev_queue_default_conf_get_t)(struct rte_eventdev *dev, uint8_t queue_id,
	struct rte_event_queue_conf *queue_conf);
typedef int (*eventdev_queue_setup_t)(struct rte_eventdev *dev, uint8_t queue_id,
	const struct rte_event_queue_conf *queue_conf);
typedef void (*eventdev_queue_release_t)(struct rte_eventdev *dev, uint8_t queue_id);
typedef int (*eventdev_queue_attr_set_t)(struct rte_eventdev *dev, uint8_t queue_id, uint32_t attr_id, uint64_t attr_value);

typedef void (*eventdev_port_default_conf_get_t)(struct rte_eventdev *dev, uint8_t port_id,
	struct rte_event_port_conf *port_conf);
/** Puts its port to data->ports[port_id]. */
typedef int (*eventdev_port_setup_t)(struct rte_eventdev *dev, uint8_t port_id, const struct rte_event_port_conf *port_conf);
/** port may be NULL: it was never set up. */
typedef void (*eventdev_port_release_t)(void *port);
typedef void (*eventdev_port_quiesce_t)(struct rte_eventdev *dev, void *port, rte_eventdev_port_flush_t flush_cb, void *args);
/** How many; rte_errno says why not all. */
typedef int (*eventdev_port_link_t)(struct rte_eventdev *dev, void *port, const uint8_t queues[], const uint8_t priorities[],
	uint16_t nb_links);
typedef int (*eventdev_port_unlink_t)(struct rte_eventdev *dev, void *port, uint8_t queues[], uint16_t nb_unlinks);
typedef int (*eventdev_port_unlinks_in_progress_t)(struct rte_eventdev *dev, void *port);

typedef int (*eventdev_dequeue_timeout_ticks_t)(struct rte_eventdev *dev, uint64_t ns, uint64_t *timeout_ticks);
typedef void (*eventdev_dump_t)(struct rte_eventdev *dev, FILE *f);

typedef int (*eventdev_xstats_get_t)(const struct rte_eventdev *dev, enum rte_event_dev_xstats_mode mode,
	uint8_t queue_port_id, const uint64_t ids[], uint64_t values[], unsigned int n);
typedef int (*eventdev_xstats_reset_t)(struct rte_eventdev *dev, enum rte_event_dev_xstats_mode mode, int16_t queue_port_id,
	const uint64_t ids[], uint32_t nb_ids);
/** xstats_names NULL: only how many. */
typedef int (*eventdev_xstats_get_names_t)(const struct rte_eventdev *dev, enum rte_event_dev_xstats_mode mode,
	uint8_t queue_port_id, struct rte_event_dev_xstats_name *xstats_names, uint64_t *ids, unsigned int size);
typedef uint64_t (*eventdev_xstats_get_by_name)(const struct rte_eventdev *dev, const char *name, uint64_t *id);

typedef int (*eventdev_eth_rx_adapter_caps_get_t)(const struct rte_eventdev *dev, const struct rte_eth_dev *eth_dev,
	uint32_t *caps);
typedef int (*eventdev_eth_rx_adapter_queue_add_t)(const struct rte_eventdev *dev, const struct rte_eth_dev *eth_dev,
	int32_t rx_queue_id, const struct rte_event_eth_rx_adapter_queue_conf *queue_conf);
typedef int (*eventdev_eth_rx_adapter_queue_del_t)(const struct rte_eventdev *dev, const struct rte_eth_dev *eth_dev,
	int32_t rx_queue_id);
typedef int (*eventdev_eth_rx_adapter_queue_conf_get_t)(const struct rte_eventdev *dev, const struct rte_eth_dev *eth_dev,
	uint16_t rx_queue_id, struct rte_event_eth_rx_adapter_queue_conf *queue_conf);
typedef int (*eventdev_eth_rx_adapter_start_t)(const struct rte_eventdev *dev, const struct rte_eth_dev *eth_dev);
typedef int (*eventdev_eth_rx_adapter_stop_t)(const struct rte_eventdev *dev, const struct rte_eth_dev *eth_dev);
typedef int (*eventdev_eth_rx_adapter_stats_get)(const struct rte_eventdev *dev, const struct rte_eth_dev *eth_dev,
	struct rte_event_eth_rx_adapter_stats *stats);
typedef int (*eventdev_eth_rx_adapter_stats_reset)(const struct rte_eventdev *dev, const struct rte_eth_dev *eth_dev);
typedef int (*eventdev_eth_rx_adapter_q_stats_get)(const struct rte_eventdev *dev, const struct rte_eth_dev *eth_dev,
	uint16_t rx_queue_id, struct rte_event_eth_rx_adapter_queue_stats *q_stats);
typedef int (*eventdev_eth_rx_adapter_q_stats_reset)(const struct rte_eventdev *dev, const struct rte_eth_dev *eth_dev,
	uint16_t rx_queue_id);
typedef int (*eventdev_eth_rx_adapter_vector_limits_get_t)(const struct rte_eventdev *dev, const struct rte_eth_dev *eth_dev,
	struct rte_event_eth_rx_adapter_vector_limits *limits);
typedef int (*eventdev_eth_rx_adapter_instance_get_t)(uint16_t eth_dev_id, uint16_t rx_queue_id, uint8_t *rxa_inst_id);

typedef int (*eventdev_eth_tx_adapter_caps_get_t)(const struct rte_eventdev *dev, const struct rte_eth_dev *eth_dev,
	uint32_t *caps);
typedef int (*eventdev_eth_tx_adapter_create_t)(uint8_t id, const struct rte_eventdev *dev);
typedef int (*eventdev_eth_tx_adapter_free_t)(uint8_t id, const struct rte_eventdev *dev);
typedef int (*eventdev_eth_tx_adapter_queue_add_t)(uint8_t id, const struct rte_eventdev *dev,
	const struct rte_eth_dev *eth_dev, int32_t tx_queue_id);
typedef int (*eventdev_eth_tx_adapter_queue_del_t)(uint8_t id, const struct rte_eventdev *dev,
	const struct rte_eth_dev *eth_dev, int32_t tx_queue_id);
typedef int (*eventdev_eth_tx_adapter_start_t)(uint8_t id, const struct rte_eventdev *dev);
typedef int (*eventdev_eth_tx_adapter_stop_t)(uint8_t id, const struct rte_eventdev *dev);
typedef int (*eventdev_eth_tx_adapter_stats_get_t)(uint8_t id, const struct rte_eventdev *dev,
	struct rte_event_eth_tx_adapter_stats *stats);
typedef int (*eventdev_eth_tx_adapter_stats_reset_t)(uint8_t id, const struct rte_eventdev *dev);
typedef int (*eventdev_eth_tx_adapter_instance_get_t)(uint16_t eth_dev_id, uint16_t tx_queue_id, uint8_t *txa_inst_id);
typedef int (*eventdev_eth_tx_adapter_queue_start)(uint8_t id, uint16_t eth_dev_id, uint16_t tx_queue_id);
typedef int (*eventdev_eth_tx_adapter_queue_stop)(uint8_t id, uint16_t eth_dev_id, uint16_t tx_queue_id);

typedef int (*eventdev_selftest)(void);
#define eventdev_stop_flush_t rte_eventdev_stop_flush_t

/**
 * A driver's table; each device has one of its own, because dev_stop_flush is in it. NULL: the driver does not have it. The
 * adapters for timers and crypto devices are not there: their members are place holders.
 */
struct eventdev_ops {
	eventdev_info_get_t dev_infos_get;
	eventdev_configure_t dev_configure;
	eventdev_start_t dev_start;
	eventdev_stop_t dev_stop;
	eventdev_close_t dev_close;

	eventdev_queue_default_conf_get_t queue_def_conf;
	eventdev_queue_setup_t queue_setup;
	eventdev_queue_release_t queue_release;
	eventdev_queue_attr_set_t queue_attr_set;

	eventdev_port_default_conf_get_t port_def_conf;
	eventdev_port_setup_t port_setup;
	eventdev_port_release_t port_release;
	eventdev_port_quiesce_t port_quiesce;

	eventdev_port_link_t port_link;
	eventdev_port_unlink_t port_unlink;
	eventdev_port_unlinks_in_progress_t port_unlinks_in_progress; /**< NULL: unlinks are at once. */
	eventdev_dequeue_timeout_ticks_t timeout_ticks;
	eventdev_dump_t dump;

	eventdev_xstats_get_t xstats_get;
	eventdev_xstats_get_names_t xstats_get_names;
	eventdev_xstats_get_by_name xstats_get_by_name;
	eventdev_xstats_reset_t xstats_reset;

	eventdev_eth_rx_adapter_caps_get_t eth_rx_adapter_caps_get; /**< NULL: the library's adapter. */
	eventdev_eth_rx_adapter_queue_add_t eth_rx_adapter_queue_add;
	eventdev_eth_rx_adapter_queue_del_t eth_rx_adapter_queue_del;
	eventdev_eth_rx_adapter_queue_conf_get_t eth_rx_adapter_queue_conf_get;
	eventdev_eth_rx_adapter_start_t eth_rx_adapter_start;
	eventdev_eth_rx_adapter_stop_t eth_rx_adapter_stop;
	eventdev_eth_rx_adapter_stats_get eth_rx_adapter_stats_get;
	eventdev_eth_rx_adapter_stats_reset eth_rx_adapter_stats_reset;
	eventdev_eth_rx_adapter_vector_limits_get_t eth_rx_adapter_vector_limits_get;
	eventdev_eth_rx_adapter_instance_get_t eth_rx_adapter_instance_get;

	void *timer_adapter_caps_get;
	void *crypto_adapter[8];

	eventdev_eth_rx_adapter_q_stats_get eth_rx_adapter_queue_stats_get;
	eventdev_eth_rx_adapter_q_stats_reset eth_rx_adapter_queue_stats_reset;

	eventdev_eth_tx_adapter_caps_get_t eth_tx_adapter_caps_get; /**< NULL: the library's adapter. */
	eventdev_eth_tx_adapter_create_t eth_tx_adapter_create;
	eventdev_eth_tx_adapter_free_t eth_tx_adapter_free;
	eventdev_eth_tx_adapter_queue_add_t eth_tx_adapter_queue_add;
	eventdev_eth_tx_adapter_queue_del_t eth_tx_adapter_queue_del;
	eventdev_eth_tx_adapter_start_t eth_tx_adapter_start;
	eventdev_eth_tx_adapter_stop_t eth_tx_adapter_stop;
	eventdev_eth_tx_adapter_stats_get_t eth_tx_adapter_stats_get;
	eventdev_eth_tx_adapter_stats_reset_t eth_tx_adapter_stats_reset;
	eventdev_eth_tx_adapter_instance_get_t eth_tx_adapter_instance_get;
	eventdev_eth_tx_adapter_queue_start eth_tx_adapter_queue_start;
	eventdev_eth_tx_adapter_queue_stop eth_tx_adapter_queue_stop;

	eventdev_selftest dev_selftest;

	eventdev_stop_flush_t dev_stop_flush; /**< The application's; the library writes it. */
};

/** A new device; NULL when there is one of that name, the name is too long, or there is no place or memory. */
struct rte_eventdev *rte_event_pmd_allocate(const char *name, int socket_id);
/** Takes a closed device away. 0, -EINVAL for NULL. */
int rte_event_pmd_release(struct rte_eventdev *eventdev);
/** The last call of a probe. */
void event_dev_probing_finish(struct rte_eventdev *eventdev);

/** The fast path of a device that is stopped, or as the driver has it. */
void event_dev_fp_ops_reset(struct rte_event_fp_ops *fp_op);
void event_dev_fp_ops_set(struct rte_event_fp_ops *fp_ops, const struct rte_eventdev *dev);

#ifdef __cplusplus
}
#endif

#endif
