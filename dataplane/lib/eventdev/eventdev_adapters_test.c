/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Packets through the Ethernet adapters and event_sw, one thread for all: each arrives once, where it should, as one event or in
 * vectors, also when something is full.
 */
#include <check.h>

#include <rte_bus_vdev.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_eth_ring.h>
#include <rte_ethdev.h>
#include <rte_event_eth_rx_adapter.h>
#include <rte_event_eth_tx_adapter.h>
#include <rte_eventdev.h>
#include <rte_mbuf.h>
#include <rte_ring.h>
#include <rte_service.h>

#define FLOW 77
#define QUEUES 2
#define RING 256
#define TO_TX 1 /* the event queue of the Tx adapter */

static uint8_t dev;
static uint16_t eth;
static struct rte_ring *in[QUEUES], *out[QUEUES];
static struct rte_mempool *pool, *vectors;
static uint32_t scheduler, rx_service, tx_service;
static const struct rte_event_port_conf port_conf = { .new_event_threshold = 128, .dequeue_depth = 16, .enqueue_depth = 16 };

static void
use(uint32_t service)
{
	CHECK_EQ(rte_service_set_runstate_mapped_check(service, 0), 0);
	CHECK_EQ(rte_service_runstate_set(service, 1), 0);
}

static void
rounds(unsigned int n)
{
	while (n-- > 0) {
		CHECK_EQ(rte_service_run_iter_on_app_lcore(rx_service, 0), 0);
		CHECK_EQ(rte_service_run_iter_on_app_lcore(scheduler, 0), 0);
		CHECK_EQ(rte_service_run_iter_on_app_lcore(tx_service, 0), 0);
	}
}

/* Event queue 0 is the worker's, at event port 0; queue 1 leads to the Tx adapter. */
static void
open_device(const struct rte_event_eth_rx_adapter_queue_conf *queue, struct rte_event_eth_rx_adapter_params *params)
{
	struct rte_event_dev_config conf = {
		.nb_events_limit = 128, .nb_event_queues = 2, .nb_event_ports = 1, .nb_event_queue_flows = 64,
		.nb_event_port_dequeue_depth = 16, .nb_event_port_enqueue_depth = 16,
	};
	struct rte_event_queue_conf single = { .event_queue_cfg = RTE_EVENT_QUEUE_CFG_SINGLE_LINK };
	struct rte_event_port_conf event_port = port_conf;
	uint8_t worker_queue = 0, to_tx = TO_TX, tx_port;

	CHECK_EQ(rte_vdev_init("event_sw0", NULL), 0);
	dev = (uint8_t)rte_event_dev_get_dev_id("event_sw0");
	CHECK_EQ(rte_event_dev_configure(dev, &conf), 0);
	CHECK_EQ(rte_event_queue_setup(dev, 0, NULL), 0);
	CHECK_EQ(rte_event_queue_setup(dev, TO_TX, &single), 0);
	CHECK_EQ(rte_event_port_setup(dev, 0, &port_conf), 0);
	CHECK_EQ(rte_event_port_link(dev, 0, &worker_queue, NULL, 1), 1);
	CHECK_EQ(rte_event_eth_rx_adapter_create_with_params(3, dev, &event_port, params), 0);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_add(3, eth, -1, queue), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_create(4, dev, &event_port), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_queue_add(4, eth, -1), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_event_port_get(4, &tx_port), 0);
	CHECK_EQ(rte_event_port_link(dev, tx_port, &to_tx, NULL, 1), 1);
	CHECK_EQ(rte_event_dev_start(dev), 0);
	CHECK_EQ(rte_event_eth_rx_adapter_start(3), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_start(4), 0);
	CHECK_EQ(rte_event_dev_service_id_get(dev, &scheduler), 0);
	CHECK_EQ(rte_event_eth_rx_adapter_service_id_get(3, &rx_service), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_service_id_get(4, &tx_service), 0);
	use(scheduler);
	use(rx_service);
	use(tx_service);
}

static void
close_device(void)
{
	CHECK_EQ(rte_event_eth_rx_adapter_stop(3), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_stop(4), 0);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_del(3, eth, -1), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_queue_del(4, eth, -1), 0);
	CHECK_EQ(rte_event_eth_rx_adapter_free(3), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_free(4), 0);
	CHECK_EQ(rte_vdev_uninit("event_sw0"), 0);
	CHECK_EQ(rte_mempool_in_use_count(pool), 0);
	CHECK_EQ(rte_mempool_in_use_count(vectors), 0);
}

/* A packet that arrives at a receive queue; seqn tells them apart. */
static void
arrive(unsigned int queue, uint32_t number)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);

	CHECK(m != NULL);
	memset(rte_pktmbuf_append(m, 60), 0, 60);
	*rte_pktmbuf_mtod(m, uint32_t *) = number;
	CHECK_EQ(rte_ring_enqueue(in[queue], m), 0);
}

/* The number of the next packet that left a transmit queue, or -1. */
static long
leave(unsigned int queue)
{
	struct rte_mbuf *m;
	long number;

	if (rte_ring_dequeue(out[queue], (void **)&m) != 0)
		return -1;
	number = *rte_pktmbuf_mtod(m, uint32_t *);
	rte_pktmbuf_free(m);
	return number;
}

static void
send_by_number(struct rte_mbuf *m)
{
	m->port = eth;
	rte_event_eth_tx_adapter_txq_set(m, *rte_pktmbuf_mtod(m, uint32_t *) & 1);
}

/* The worker sends what it gets by the transmit queue of its number's lowest bit. Returns how many packets. */
static unsigned int
work(void)
{
	struct rte_event events[16];
	unsigned int packets = 0;
	uint16_t n = rte_event_dequeue_burst(dev, 0, events, 16, 0), i, j;

	for (i = 0; i < n; i++) {
		if (events[i].event_type & RTE_EVENT_TYPE_VECTOR) {
			CHECK_EQ(events[i].event_type, RTE_EVENT_TYPE_ETH_RX_ADAPTER_VECTOR);
			for (j = 0; j < events[i].vec->nb_elem; j++) {
				send_by_number(events[i].vec->mbufs[j]);
				packets++;
			}
			events[i].vec->attr_valid = 0;
		} else {
			CHECK_EQ(events[i].event_type, RTE_EVENT_TYPE_ETH_RX_ADAPTER);
			CHECK_EQ(events[i].flow_id, FLOW);
			send_by_number(events[i].mbuf);
			packets++;
		}
		events[i].queue_id = TO_TX;
		events[i].op = RTE_EVENT_OP_FORWARD;
	}
	CHECK_EQ(rte_event_enqueue_burst(dev, 0, events, n), n);
	return packets;
}

static struct rte_event_eth_rx_adapter_queue_conf
one_flow(void)
{
	struct rte_event_eth_rx_adapter_queue_conf conf = {
		.rx_queue_flags = RTE_EVENT_ETH_RX_ADAPTER_QUEUE_FLOW_ID_VALID,
		.servicing_weight = 1,
	};

	conf.ev.flow_id = FLOW;
	conf.ev.sched_type = RTE_SCHED_TYPE_ATOMIC;
	conf.ev.priority = RTE_EVENT_DEV_PRIORITY_NORMAL;
	return conf;
}

static void
every_packet_goes_through_once(void)
{
	const struct rte_event_eth_rx_adapter_queue_conf conf = one_flow();
	struct rte_event_eth_rx_adapter_stats rx;
	struct rte_event_eth_tx_adapter_stats tx;
	unsigned int i, worked = 0;
	long number, last[QUEUES] = { -1, -1 };

	open_device(&conf, NULL);
	/* More than the device takes at once: the rest waits where it arrived. */
	for (i = 0; i < 200; i++)
		arrive(0, i);
	for (i = 0; i < 20; i++)
		CHECK_EQ(rte_service_run_iter_on_app_lcore(rx_service, 0), 0);
	CHECK_EQ(rte_event_eth_rx_adapter_stats_get(3, &rx), 0);
	CHECK_EQ(rx.rx_enq_count, 128);
	CHECK(rx.rx_enq_retry > 0);
	CHECK_EQ(rx.rx_packets, rx.rx_enq_count + rx.rx_event_buf_count);
	for (i = 0; i < 200 && worked < 200; i++) {
		rounds(1);
		worked += work();
	}
	rounds(20);
	CHECK_EQ(worked, 200);
	for (i = 0; i < QUEUES; i++)
		for (unsigned int n = 0; n < 100; n++) {
			number = leave(i);
			CHECK(number > last[i]);
			CHECK_EQ(number & 1, i);
			last[i] = number;
		}
	CHECK_EQ(leave(0), -1);
	CHECK_EQ(rte_event_eth_tx_adapter_stats_get(4, &tx), 0);
	CHECK_EQ(tx.tx_packets, 200);
	CHECK_EQ(tx.tx_dropped, 0);
	close_device();
}

static void
packets_without_a_way_out_are_dropped(void)
{
	const struct rte_event_eth_rx_adapter_queue_conf conf = one_flow();
	struct rte_event_eth_tx_adapter_stats tx;

	open_device(&conf, NULL);
	CHECK_EQ(rte_event_eth_tx_adapter_queue_stop(eth, 1), 0);
	arrive(0, 0);
	arrive(0, 1);
	rounds(2);
	CHECK_EQ(work(), 2);
	rounds(2);
	CHECK_EQ(rte_event_eth_tx_adapter_stats_get(4, &tx), 0);
	CHECK_EQ(tx.tx_packets, 1);
	CHECK_EQ(tx.tx_dropped, 1);
	CHECK_EQ(rte_event_eth_tx_adapter_queue_start(eth, 1), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_queue_del(4, eth, 0), 0);
	arrive(1, 2);
	arrive(1, 3);
	rounds(2);
	CHECK_EQ(work(), 2);
	rounds(2);
	CHECK_EQ(rte_event_eth_tx_adapter_stats_get(4, &tx), 0);
	CHECK_EQ(tx.tx_packets, 2);
	CHECK_EQ(tx.tx_dropped, 2);
	CHECK_EQ(rte_event_eth_tx_adapter_stats_reset(4), 0);
	CHECK_EQ(rte_event_eth_tx_adapter_stats_get(4, &tx), 0);
	CHECK_EQ(tx.tx_packets, 0);
	CHECK_EQ(leave(0), 0);
	CHECK_EQ(leave(1), 3);
	close_device();
}

static void
vectors_fill_up_or_time_out(void)
{
	struct rte_event_eth_rx_adapter_queue_conf conf = one_flow();
	unsigned int i, worked = 0;
	uint64_t until;

	conf.rx_queue_flags |= RTE_EVENT_ETH_RX_ADAPTER_QUEUE_EVENT_VECTOR;
	conf.vector_sz = 8;
	conf.vector_timeout_ns = 1000000;
	conf.vector_mp = vectors;
	open_device(&conf, NULL);
	for (i = 0; i < 20; i++)
		arrive(0, i);
	rounds(2);
	worked += work();
	until = rte_get_tsc_cycles() + rte_get_tsc_hz() / 500;
	CHECK(worked == 16 || worked == 20);
	while (rte_get_tsc_cycles() < until)
		;
	rounds(2);
	worked += work();
	rounds(2);
	CHECK_EQ(worked, 20);
	for (i = 0; i < 20; i++)
		CHECK_EQ(leave(i & 1), i);
	CHECK_EQ(leave(0), -1);
	/* One that is being filled leaves with its queue. */
	arrive(1, 5);
	rounds(1);
	close_device();
}

static uint16_t
keep_odd(uint16_t eth_dev_id, uint16_t queue_id, uint32_t size, uint32_t count, struct rte_event *ev, uint16_t n, void *arg,
	uint16_t *nb_dropped)
{
	uint16_t i, kept = 0;

	RTE_SET_USED(queue_id);
	if (eth_dev_id != eth || count > size)
		return 0;
	for (i = 0; i < n; i++) {
		if (*rte_pktmbuf_mtod(ev[i].mbuf, uint32_t *) & 1) {
			ev[kept++] = ev[i];
		} else {
			rte_pktmbuf_free(ev[i].mbuf);
			(*nb_dropped)++;
		}
	}
	(*(unsigned int *)arg)++;
	return kept;
}

static void
a_callback_sees_events_first(void)
{
	const struct rte_event_eth_rx_adapter_queue_conf conf = one_flow();
	struct rte_event_eth_rx_adapter_stats rx;
	unsigned int i, calls = 0;

	open_device(&conf, NULL);
	CHECK_EQ(rte_event_eth_rx_adapter_cb_register(3, eth, keep_odd, &calls), 0);
	for (i = 0; i < 10; i++)
		arrive(0, i);
	rounds(2);
	CHECK_EQ(work(), 5);
	rounds(2);
	CHECK(calls > 0);
	CHECK_EQ(rte_event_eth_rx_adapter_stats_get(3, &rx), 0);
	CHECK_EQ(rx.rx_packets, 10);
	CHECK_EQ(rx.rx_dropped, 5);
	for (i = 1; i < 10; i += 2)
		CHECK_EQ(leave(1), i);
	close_device();
}

static void
queues_with_buffers_and_weights(void)
{
	struct rte_event_eth_rx_adapter_queue_conf conf = one_flow();
	struct rte_event_eth_rx_adapter_params params = { .use_queue_event_buf = true };
	struct rte_event_eth_rx_adapter_queue_stats first, second;
	unsigned int i;

	conf.event_buf_size = 100;
	conf.servicing_weight = 3;
	open_device(&conf, &params);
	conf.servicing_weight = 1;
	CHECK_EQ(rte_event_eth_rx_adapter_queue_add(3, eth, 1, &conf), 0);
	for (i = 0; i < 400; i++)
		CHECK_EQ(rte_service_run_iter_on_app_lcore(rx_service, 0), 0);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_stats_get(3, eth, 0, &first), 0);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_stats_get(3, eth, 1, &second), 0);
	CHECK_EQ(first.rx_poll_count + second.rx_poll_count, 800);
	CHECK_EQ(first.rx_poll_count, 600);
	CHECK(first.rx_event_buf_size >= 100);
	/* A queue's events that wait when it is taken away are freed with it. */
	for (i = 0; i < 200; i++)
		arrive(0, i);
	for (i = 0; i < 20; i++)
		CHECK_EQ(rte_service_run_iter_on_app_lcore(rx_service, 0), 0);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_stats_get(3, eth, 0, &first), 0);
	CHECK(first.rx_event_buf_count > 0);
	CHECK_EQ(rte_event_eth_rx_adapter_queue_del(3, eth, 0), 0);
	for (i = 0; i < 40; i++) {
		rounds(1);
		work();
	}
	rounds(2);
	while (leave(0) >= 0 || leave(1) >= 0)
		;
	for (struct rte_mbuf *m; rte_ring_dequeue(in[0], (void **)&m) == 0;)
		rte_pktmbuf_free(m);
	close_device();
}

int
main(void)
{
	char words[][16] = { "adapters", "--no-huge", "-m", "64", "--no-pci", "--in-memory", "-l", "0" };
	char *argv[RTE_DIM(words) + 1] = { NULL };
	const struct rte_eth_conf conf = { .rxmode = { .mq_mode = RTE_ETH_MQ_RX_NONE } };
	unsigned int i;
	int port;

	for (i = 0; i < RTE_DIM(words); i++)
		argv[i] = words[i];
	if (rte_eal_init(RTE_DIM(words), argv) < 0)
		return 1;
	pool = rte_pktmbuf_pool_create("packets", 511, 0, 0, 256, 0);
	vectors = rte_event_vector_pool_create("vectors", 63, 0, 8, 0);
	if (pool == NULL || vectors == NULL)
		return 1;
	for (i = 0; i < QUEUES; i++) {
		in[i] = rte_ring_create(i == 0 ? "in0" : "in1", RING, 0, 0);
		out[i] = rte_ring_create(i == 0 ? "out0" : "out1", RING, 0, 0);
	}
	port = rte_eth_from_rings("wire", in, QUEUES, out, QUEUES, 0);
	if (port < 0 || rte_eth_dev_configure((uint16_t)port, QUEUES, QUEUES, &conf) != 0)
		return 1;
	eth = (uint16_t)port;
	for (i = 0; i < QUEUES; i++)
		if (rte_eth_rx_queue_setup(eth, (uint16_t)i, RING, 0, NULL, pool) != 0 ||
				rte_eth_tx_queue_setup(eth, (uint16_t)i, RING, 0, NULL) != 0)
			return 1;
	if (rte_eth_dev_start(eth) != 0)
		return 1;
	RUN(every_packet_goes_through_once);
	RUN(packets_without_a_way_out_are_dropped);
	RUN(vectors_fill_up_or_time_out);
	RUN(a_callback_sees_events_first);
	RUN(queues_with_buffers_and_weights);
	return check_summary();
}
