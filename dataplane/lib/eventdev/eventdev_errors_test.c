/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The documented errors of event devices and adapters, one after the other, on event_sw and net_null.
 */
#include <check.h>

#include <rte_bus_vdev.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_event_eth_rx_adapter.h>
#include <rte_event_eth_tx_adapter.h>
#include <rte_event_ring.h>
#include <rte_eventdev.h>
#include <rte_mbuf.h>

#define NOBODY 7

static uint8_t dev;
static uint16_t eth;
static const struct rte_event_port_conf port_conf = { .new_event_threshold = 64, .dequeue_depth = 8, .enqueue_depth = 8 };

static struct rte_event_dev_config
config(void)
{
	struct rte_event_dev_config conf = {
		.nb_events_limit = 64,
		.nb_event_queues = 2,
		.nb_event_ports = 2,
		.nb_event_queue_flows = 16,
		.nb_event_port_dequeue_depth = 8,
		.nb_event_port_enqueue_depth = 8,
	};

	return conf;
}

static void
without_a_device(void)
{
	struct rte_event_dev_info info;
	struct rte_event event = { 0 };
	uint8_t queues[RTE_EVENT_MAX_QUEUES_PER_DEV], priorities[RTE_EVENT_MAX_QUEUES_PER_DEV];
	struct rte_event_dev_config conf = config();
	uint64_t id;
	uint32_t value;

	CHECK_EQ(rte_event_dev_get_dev_id(NULL), -EINVAL);
	CHECK_EQ(rte_event_dev_get_dev_id("nobody"), -ENODEV);
	CHECK_EQ(rte_event_dev_socket_id(NOBODY), -EINVAL);
	CHECK_EQ(rte_event_dev_info_get(NOBODY, &info), -EINVAL);
	CHECK_EQ(rte_event_dev_info_get(255, &info), -EINVAL);
	CHECK_EQ(rte_event_dev_configure(NOBODY, &conf), -EINVAL);
	CHECK_EQ(rte_event_dev_attr_get(NOBODY, RTE_EVENT_DEV_ATTR_STARTED, &value), -EINVAL);
	CHECK_EQ(rte_event_dev_start(NOBODY), -EINVAL);
	rte_event_dev_stop(NOBODY);
	CHECK_EQ(rte_event_dev_close(NOBODY), -EINVAL);
	CHECK_EQ(rte_event_dev_stop_flush_callback_register(NOBODY, NULL, NULL), -EINVAL);
	CHECK_EQ(rte_event_dev_service_id_get(NOBODY, &value), -EINVAL);
	CHECK_EQ(rte_event_dev_dump(NOBODY, stdout), -EINVAL);
	CHECK_EQ(rte_event_dev_selftest(NOBODY), -EINVAL);
	CHECK_EQ(rte_event_dequeue_timeout_ticks(NOBODY, 1, &id), -EINVAL);
	CHECK_EQ(rte_event_queue_setup(NOBODY, 0, NULL), -EINVAL);
	CHECK_EQ(rte_event_queue_attr_get(NOBODY, 0, 0, &value), -EINVAL);
	CHECK_EQ(rte_event_queue_attr_set(NOBODY, 0, 0, 0), -EINVAL);
	CHECK_EQ(rte_event_port_setup(NOBODY, 0, NULL), -EINVAL);
	CHECK_EQ(rte_event_port_attr_get(NOBODY, 0, 0, &value), -EINVAL);
	rte_event_port_quiesce(NOBODY, 0, NULL, NULL);
	rte_errno = 0;
	CHECK_EQ(rte_event_port_link(NOBODY, 0, NULL, NULL, 0), 0);
	CHECK_EQ(rte_errno, EINVAL);
	rte_errno = 0;
	CHECK_EQ(rte_event_port_unlink(NOBODY, 0, NULL, 0), 0);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_event_port_unlinks_in_progress(NOBODY, 0), -EINVAL);
	CHECK_EQ(rte_event_port_links_get(NOBODY, 0, queues, priorities), -EINVAL);
	CHECK_EQ(rte_event_dev_xstats_names_get(NOBODY, RTE_EVENT_DEV_XSTATS_DEVICE, 0, NULL, NULL, 0), -ENODEV);
	CHECK_EQ(rte_event_dev_xstats_get(NOBODY, RTE_EVENT_DEV_XSTATS_DEVICE, 0, NULL, NULL, 0), -ENODEV);
	CHECK_EQ(rte_event_dev_xstats_by_name_get(NOBODY, "x", &id), 0);
	CHECK_EQ(rte_event_dev_xstats_reset(NOBODY, RTE_EVENT_DEV_XSTATS_DEVICE, 0, NULL, 0), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_caps_get(NOBODY, eth, &value), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_caps_get(NOBODY, eth, &value), -EINVAL);

	/* Stopped: nothing moves. */
	rte_errno = 0;
	CHECK_EQ(rte_event_enqueue_burst(dev, 0, &event, 1), 0);
	CHECK_EQ(rte_errno, ENOTSUP);
	CHECK_EQ(rte_event_enqueue_new_burst(dev, 0, &event, 2), 0);
	CHECK_EQ(rte_event_enqueue_forward_burst(dev, 0, &event, 2), 0);
	CHECK_EQ(rte_event_dequeue_burst(dev, 0, &event, 1, 0), 0);
	CHECK_EQ(rte_event_dequeue_burst(dev, 0, &event, 2, 0), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_enqueue(dev, 0, &event, 1, 0), 0);
	CHECK_EQ(rte_event_maintain(dev, 0, 0), 0);
}

static void
configuration_is_checked(void)
{
	struct rte_event_dev_config conf;
	struct rte_event_dev_info info;

	CHECK_EQ(rte_event_dev_info_get(dev, NULL), -EINVAL);
	CHECK_EQ(rte_event_dev_info_get(dev, &info), 0);
	CHECK_STR(info.driver_name, "event_sw");
	CHECK_EQ(rte_event_dev_configure(dev, NULL), -EINVAL);
#define REFUSED(member, wrong) do { \
	conf = config(); \
	conf.member = wrong; \
	CHECK_EQ(rte_event_dev_configure(dev, &conf), -EINVAL); \
} while (0)
	REFUSED(dequeue_timeout_ns, info.max_dequeue_timeout_ns + 1);
	REFUSED(dequeue_timeout_ns, info.min_dequeue_timeout_ns - 1);
	REFUSED(nb_events_limit, info.max_num_events + 1);
	REFUSED(nb_events_limit, -1);
	REFUSED(nb_event_queues, 0);
	REFUSED(nb_event_queues, info.max_event_queues + 1);
	REFUSED(nb_event_ports, 0);
	REFUSED(nb_event_ports, info.max_event_ports + 1);
	REFUSED(nb_single_link_event_port_queues, 3);
	REFUSED(nb_event_queue_flows, 0);
	REFUSED(nb_event_queue_flows, info.max_event_queue_flows + 1);
	REFUSED(nb_event_port_dequeue_depth, 0);
	REFUSED(nb_event_port_dequeue_depth, info.max_event_port_dequeue_depth + 1u);
	REFUSED(nb_event_port_enqueue_depth, 0);
	REFUSED(nb_event_port_enqueue_depth, info.max_event_port_enqueue_depth + 1);
	conf = config();
	CHECK_EQ(rte_event_dev_configure(dev, &conf), 0);
}

static void
queues_and_ports_are_checked(void)
{
	struct rte_event_queue_conf queue;
	struct rte_event_port_conf port;
	uint8_t queues[RTE_EVENT_MAX_QUEUES_PER_DEV], priorities[RTE_EVENT_MAX_QUEUES_PER_DEV], none = 2;
	uint32_t value;

	CHECK_EQ(rte_event_queue_default_conf_get(dev, 0, NULL), -EINVAL);
	CHECK_EQ(rte_event_queue_default_conf_get(dev, 2, &queue), -EINVAL);
	CHECK_EQ(rte_event_queue_default_conf_get(dev, 0, &queue), 0);
	CHECK_EQ(rte_event_queue_setup(dev, 2, &queue), -EINVAL);
	queue.schedule_type = RTE_SCHED_TYPE_ATOMIC;
	queue.nb_atomic_flows = 0;
	CHECK_EQ(rte_event_queue_setup(dev, 0, &queue), -EINVAL);
	queue.nb_atomic_flows = 17;
	CHECK_EQ(rte_event_queue_setup(dev, 0, &queue), -EINVAL);
	queue.schedule_type = RTE_SCHED_TYPE_ORDERED;
	queue.nb_atomic_order_sequences = 17;
	CHECK_EQ(rte_event_queue_setup(dev, 0, &queue), -EINVAL);
	queue.schedule_type = 3;
	CHECK_EQ(rte_event_queue_setup(dev, 0, &queue), -EINVAL);
	CHECK_EQ(rte_event_queue_attr_get(dev, 0, 0, NULL), -EINVAL);
	CHECK_EQ(rte_event_queue_attr_get(dev, 2, 0, &value), -EINVAL);
	CHECK_EQ(rte_event_queue_attr_get(dev, 0, 99, &value), -EINVAL);
	CHECK_EQ(rte_event_queue_attr_set(dev, 0, RTE_EVENT_QUEUE_ATTR_PRIORITY, 1), -ENOTSUP);
	CHECK_EQ(rte_event_dev_attr_get(dev, 99, &value), -EINVAL);
	CHECK_EQ(rte_event_dev_attr_get(dev, 0, NULL), -EINVAL);

	CHECK_EQ(rte_event_port_default_conf_get(dev, 0, NULL), -EINVAL);
	CHECK_EQ(rte_event_port_default_conf_get(dev, 2, &port), -EINVAL);
#define REFUSED_PORT(member, wrong) do { \
	port = port_conf; \
	port.member = wrong; \
	CHECK_EQ(rte_event_port_setup(dev, 0, &port), -EINVAL); \
} while (0)
	REFUSED_PORT(new_event_threshold, 0);
	REFUSED_PORT(new_event_threshold, 65);
	REFUSED_PORT(dequeue_depth, 0);
	REFUSED_PORT(dequeue_depth, 9);
	REFUSED_PORT(enqueue_depth, 0);
	REFUSED_PORT(enqueue_depth, 9);
	CHECK_EQ(rte_event_port_setup(dev, 2, &port_conf), -EINVAL);
	CHECK_EQ(rte_event_port_attr_get(dev, 0, 0, NULL), -EINVAL);
	CHECK_EQ(rte_event_port_attr_get(dev, 2, 0, &value), -EINVAL);
	CHECK_EQ(rte_event_port_attr_get(dev, 0, 99, &value), -EINVAL);

	/* A port that is not set up has no links. */
	CHECK_EQ(rte_event_port_link(dev, 0, NULL, NULL, 0), 0);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_event_dev_start(dev), -ESTALE);
	CHECK_EQ(rte_event_port_setup(dev, 0, &port_conf), 0);
	CHECK_EQ(rte_event_port_setup(dev, 1, NULL), 0);
	CHECK_EQ(rte_event_queue_setup(dev, 0, NULL), 0);
	CHECK_EQ(rte_event_dev_start(dev), -ENOLINK);
	queue.schedule_type = RTE_SCHED_TYPE_ATOMIC;
	queue.event_queue_cfg = RTE_EVENT_QUEUE_CFG_SINGLE_LINK;
	CHECK_EQ(rte_event_queue_setup(dev, 1, &queue), 0);
	rte_errno = 0;
	CHECK_EQ(rte_event_port_link(dev, 0, &none, NULL, 1), 0);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_event_port_link(dev, 0, NULL, NULL, 0), 2);
	CHECK_EQ(rte_event_port_link(dev, 1, NULL, NULL, 0), 1);
	CHECK_EQ(rte_errno, EDQUOT);
	CHECK_EQ(rte_event_port_links_get(dev, 0, NULL, priorities), -EINVAL);
	CHECK_EQ(rte_event_port_links_get(dev, 0, queues, priorities), 2);
	CHECK_EQ(priorities[1], RTE_EVENT_DEV_PRIORITY_NORMAL);
	CHECK_EQ(rte_event_port_unlink(dev, 0, &none, 1), 0);
	queues[0] = 1;
	queues[1] = 0;
	CHECK_EQ(rte_event_port_unlink(dev, 1, queues, 2), 0);
}

static void
a_started_device_is_left_alone(void)
{
	struct rte_event_dev_config conf = config();

	CHECK_EQ(rte_event_dev_start(dev), 0);
	CHECK_EQ(rte_event_dev_start(dev), 0);
	CHECK_EQ(rte_event_dev_configure(dev, &conf), -EBUSY);
	CHECK_EQ(rte_event_queue_setup(dev, 0, NULL), -EBUSY);
	CHECK_EQ(rte_event_port_setup(dev, 0, NULL), -EBUSY);
	CHECK_EQ(rte_event_dev_close(dev), -EBUSY);
	CHECK_EQ(rte_event_dev_service_id_get(dev, NULL), -EINVAL);
	CHECK_EQ(rte_event_dev_dump(dev, NULL), -EINVAL);
	CHECK_EQ(rte_event_dev_selftest(dev), -ENOTSUP);
	CHECK_EQ(rte_event_dequeue_timeout_ticks(dev, 1, NULL), -EINVAL);
	rte_event_dev_stop(dev);
	rte_event_dev_stop(dev);
	/* Reconfigured, it keeps what was set up. */
	CHECK_EQ(rte_event_dev_configure(dev, &conf), 0);
	CHECK_EQ(rte_event_dev_start(dev), 0);
	rte_event_dev_stop(dev);
}

static int
failing_conf(uint8_t id, uint8_t dev_id, struct rte_event_eth_rx_adapter_conf *conf, void *arg)
{
	RTE_SET_USED(id);
	RTE_SET_USED(dev_id);
	RTE_SET_USED(arg);
	conf->event_port_id = 200;
	return 0;
}

static void
rx_adapters(void)
{
	struct rte_event_port_conf event_port = port_conf;
	struct rte_event_eth_rx_adapter_queue_conf queue = { .servicing_weight = 1 };
	struct rte_event_eth_rx_adapter_params params = { .event_buf_size = 0 };
	struct rte_event_eth_rx_adapter_vector_limits limits;
	struct rte_event_eth_rx_adapter_stats stats;
	uint32_t value;
	uint8_t byte;

	CHECK_EQ(rte_event_eth_rx_adapter_caps_get(dev, eth, NULL), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_caps_get(dev, 31, &value), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_create(0, NOBODY, &event_port), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_create(RTE_EVENT_ETH_RX_ADAPTER_MAX_INSTANCE, dev, &event_port), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_create(0, dev, NULL), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_create_ext(0, dev, NULL, NULL), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_create_with_params(0, dev, &event_port, &params), -EINVAL);
	params.event_buf_size = 10;
	params.use_queue_event_buf = true;
	CHECK_EQ(rte_event_eth_rx_adapter_create_with_params(0, dev, &event_port, &params), -EINVAL);

	/* The port its callback names does not exist: the queue is not added, and nothing of it is left. */
	CHECK_EQ(rte_event_eth_rx_adapter_create_ext(0, dev, failing_conf, NULL), 0);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_add(0, eth, 0, &queue), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_service_id_get(0, &value), -ESRCH);
	CHECK_EQ(rte_event_eth_rx_adapter_free(0), 0);

	CHECK_EQ(rte_event_eth_rx_adapter_create(0, dev, &event_port), 0);
	CHECK_EQ(rte_event_eth_rx_adapter_create(0, dev, &event_port), -EEXIST);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_add(1, eth, 0, &queue), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_add(0, 31, 0, &queue), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_add(0, eth, 1, &queue), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_add(0, eth, -2, &queue), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_add(0, eth, 0, NULL), -EINVAL);
	queue.event_buf_size = 8;
	CHECK_EQ(rte_event_eth_rx_adapter_queue_add(0, eth, 0, &queue), -EINVAL);
	queue.event_buf_size = 0;
	queue.rx_queue_flags = RTE_EVENT_ETH_RX_ADAPTER_QUEUE_EVENT_VECTOR;
	CHECK_EQ(rte_event_eth_rx_adapter_queue_add(0, eth, 0, &queue), -EINVAL);
	queue.rx_queue_flags = 0;
	CHECK_EQ(rte_event_eth_rx_adapter_queue_add(0, eth, -1, &queue), 0);
	CHECK_EQ(rte_event_eth_rx_adapter_free(0), -EBUSY);
	CHECK_EQ(rte_event_eth_rx_adapter_service_id_get(0, NULL), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_event_port_get(0, NULL), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_event_port_get(0, &byte), 0);
	CHECK_EQ(byte, 2);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_conf_get(0, eth, 0, NULL), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_conf_get(0, eth, 1, &queue), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_stats_reset(0, eth, 0), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_stats_get(0, NULL), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_stats_get(9, &stats), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_stats_reset(9), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_cb_register(0, 31, NULL, NULL), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_vector_limits_get(dev, eth, NULL), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_vector_limits_get(dev, eth, &limits), 0);
	CHECK_EQ(rte_event_eth_rx_adapter_instance_get(eth, 0, NULL), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_instance_get(eth, 1, &byte), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_start(9), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_stop(9), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_del(0, eth, 3), -EINVAL);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_del(0, eth, 0), 0);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_del(0, eth, 0), 0);
	CHECK_EQ(rte_event_eth_rx_adapter_free(0), 0);
	CHECK_EQ(rte_event_eth_rx_adapter_free(0), -EINVAL);
}

static void
tx_adapters(void)
{
	struct rte_event_port_conf event_port = port_conf;
	struct rte_event_eth_tx_adapter_stats stats;
	uint32_t value;
	uint8_t byte;

	CHECK_EQ(rte_event_eth_tx_adapter_caps_get(dev, eth, NULL), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_create(0, NOBODY, &event_port), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_create(0, dev, NULL), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_create_ext(0, dev, NULL, NULL), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_create(0, dev, &event_port), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_create(0, dev, &event_port), -EEXIST);
	CHECK_EQ(rte_event_eth_tx_adapter_create(1, dev, &event_port), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_service_id_get(0, &value), -ESRCH);
	CHECK_EQ(rte_event_eth_tx_adapter_event_port_get(0, &byte), -ESRCH);
	CHECK_EQ(rte_event_eth_tx_adapter_queue_add(0, 31, 0), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_queue_add(0, eth, 1), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_queue_add(0, eth, -2), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_queue_start(eth, 0), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_queue_add(0, eth, -1), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_queue_add(1, eth, 0), -EEXIST);
	CHECK_EQ(rte_event_eth_tx_adapter_free(0), -EBUSY);
	CHECK_EQ(rte_event_eth_tx_adapter_queue_stop(eth, 1), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_queue_stop(31, 0), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_instance_get(eth, 0, NULL), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_stats_get(0, NULL), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_stats_get(9, &stats), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_stats_reset(9), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_start(9), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_stop(9), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_queue_del(0, eth, 3), -EINVAL);
	CHECK_EQ(rte_event_eth_tx_adapter_queue_del(0, eth, -1), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_queue_del(0, eth, -1), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_free(0), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_free(1), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_free(1), -EINVAL);
}

static void
pools_and_rings(void)
{
	struct rte_event_ring *ring;

	CHECK(rte_event_vector_pool_create("vectors", 8, 0, 0, SOCKET_ID_ANY) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_event_vector_pool_create(NULL, 8, 0, 4, SOCKET_ID_ANY) == NULL);
	CHECK(rte_event_ring_create("events", 5, SOCKET_ID_ANY, 0) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_event_ring_lookup("events") == NULL);
	CHECK_EQ(rte_errno, ENOENT);
	ring = rte_event_ring_create("events", 8, SOCKET_ID_ANY, 0);
	CHECK(ring != NULL);
	CHECK(rte_event_ring_lookup("events") == ring);
	CHECK_EQ(rte_event_ring_free_count(ring), 7);
	rte_event_ring_free(ring);
	rte_event_ring_free(NULL);
}

int
main(void)
{
	char words[][16] = { "eventdev", "--no-huge", "-m", "64", "--no-pci", "--in-memory", "-l", "0" };
	char *argv[RTE_DIM(words) + 1] = { NULL };
	const struct rte_eth_conf conf = { .rxmode = { .mq_mode = RTE_ETH_MQ_RX_NONE } };
	unsigned int i;

	for (i = 0; i < RTE_DIM(words); i++)
		argv[i] = words[i];
	if (rte_eal_init(RTE_DIM(words), argv) < 0 || rte_vdev_init("event_sw0", NULL) != 0 || rte_vdev_init("net_null0", NULL) != 0)
		return 1;
	dev = (uint8_t)rte_event_dev_get_dev_id("event_sw0");
	if (rte_eth_dev_get_port_by_name("net_null0", &eth) != 0 || rte_eth_dev_configure(eth, 1, 1, &conf) != 0)
		return 1;
	RUN(without_a_device);
	RUN(configuration_is_checked);
	RUN(queues_and_ports_are_checked);
	RUN(a_started_device_is_left_alone);
	RUN(rx_adapters);
	RUN(tx_adapters);
	RUN(pools_and_rings);
	return check_summary();
}
