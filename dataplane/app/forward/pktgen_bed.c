/* SPDX-License-Identifier: BSD-3-Clause */
#include "pktgen_bed.h"

#include <stdlib.h>

#include <rte_eal.h>

/* A case cannot end from here: what must not fail ends the program. */
#define MUST(condition) do { \
	if (!(condition)) { \
		printf("    %s:%d: %s failed\n", __FILE__, __LINE__, #condition); \
		fflush(stdout); \
		abort(); \
	} \
} while (0)

struct port ports[WDPDK_LIMIT_PORTS];
struct rte_mempool *ports_pool;

struct lcore lcore;
struct port_plan plan;
uint64_t *counters = lcore.counters.ports[0];
struct rte_mbuf *kept[KEPT];
unsigned int kept_count, room = UINT32_MAX;

unsigned int
lcore_send(struct lcore *of, uint16_t in, uint16_t out, struct rte_mbuf **pkts, unsigned int n)
{
	unsigned int space = RTE_MIN(room, KEPT - kept_count), taken = RTE_MIN(n, space);

	MUST(in == 0 && out == 0);
	memcpy(kept + kept_count, pkts, taken * sizeof(pkts[0]));
	kept_count += taken;
	room -= room == UINT32_MAX ? 0 : taken;
	if (taken < n)
		lcore_drop(of, in, WDPDK_DROP_TX_FULL, pkts + taken, n - taken);
	return taken;
}

unsigned int
lcore_send_sized(struct lcore *of, uint16_t in, uint16_t out, struct rte_mbuf **pkts, unsigned int n, uint64_t bytes, uint32_t longest)
{
	(void)bytes;
	(void)longest;
	return lcore_send(of, in, out, pkts, n);
}

void
lcore_drop(struct lcore *of, uint16_t in, unsigned int cause, struct rte_mbuf **pkts, unsigned int n)
{
	lcore_counters_of(of, in)[PORT_COUNTER_DROP(cause)] += n;
	rte_pktmbuf_free_bulk(pkts, n);
}

void
forget(void)
{
	rte_pktmbuf_free_bulk(kept, kept_count);
	kept_count = 0;
}

struct pktgen_config
config_of(bool ipv6, uint16_t size, uint32_t flows)
{
	struct pktgen_config config = {
		.flows = flows, .size = size, .ipv6 = ipv6, .src = { 198, 18, 0, 1 }, .dst = { 198, 19 }, .src_depth = 32, .dst_depth = 16,
		.src_port = 1024, .dst_port = 9, .dst_mac = { { 2, 0, 0, 0, 0, 7 } },
	};

	if (ipv6) {
		memcpy(config.src, (uint8_t[16]){ 0x20, 1, 0, 2, [15] = 1 }, 16);
		memcpy(config.dst, (uint8_t[16]){ 0x20, 1, 0, 2, [7] = 1 }, 16);
		config.src_depth = 128;
		config.dst_depth = 64;
	}
	return config;
}

void
start_anew(const struct pktgen_config *config)
{
	struct port_config port = { .mode = config == NULL ? PORT_MODE_SINK : PORT_MODE_PKTGEN };

	forget();
	forward_state_release(plan.state);
	memset(&lcore.counters, 0, sizeof(lcore.counters));
	room = UINT32_MAX;
	if (config != NULL)
		port.pktgen = *config;
	MUST(forward_state_take(0, &port, NULL, &plan.state) == 0 && plan.state != NULL);
}

void
generate(unsigned int frames)
{
	while (kept_count < frames)
		MUST(pktgen_generate(&lcore, &plan) > 0);
}

const uint8_t *
bytes_of(const struct rte_mbuf *mbuf)
{
	static uint8_t whole[16384];

	return rte_pktmbuf_read(mbuf, 0, mbuf->pkt_len, whole);
}

struct stamp
stamp_of(const struct rte_mbuf *mbuf, bool ipv6)
{
	struct stamp stamp;

	MUST(stamp_read(bytes_of(mbuf) + (ipv6 ? 62 : 42), &stamp));
	return stamp;
}

int
bed_start(void)
{
	char *eal[] = { "test", "-l", "0", "--no-huge", "-m", "64", "--no-pci", NULL };

	if (rte_eal_init(7, eal) < 0)
		return -1;
	ports_pool = rte_pktmbuf_pool_create("frames", 6143, 256, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	ports[0].exists = true;
	ports[0].lane_count = 1;
	ports[0].mac = (struct rte_ether_addr){ .addr_bytes = { 0x02, 0xaa } };
	return ports_pool == NULL ? -1 : 0;
}

void
bed_end(void)
{
	forget();
	forward_state_release(plan.state);
}
