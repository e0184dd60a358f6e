/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A port that is configured, started and stopped again and again on the device model: memory, buffers and queues are the same
 * afterwards. i40e_wear_test BAR DMA [CYCLES]; the model's own counters are looked at by model_test.cmake.
 */
#include <stdlib.h>
#include <unistd.h>

#include <check.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <rte_vect.h>

#define WAIT_S 20
#define BUFFERS 4095u
#define PACKETS 64
#define TRAFFIC_EVERY 25

static uint16_t port;
static struct rte_mempool *pool;
static unsigned int cycles = 250;

static void
start_port(unsigned int cycle)
{
	static const uint16_t widths[] = {RTE_VECT_SIMD_128, RTE_VECT_SIMD_256, RTE_VECT_SIMD_512};
	const bool lsc = cycle % 7 == 0;
	const struct rte_eth_conf conf = {.intr_conf.lsc = lsc,
		.rxmode.offloads = cycle % 3 == 0 ? RTE_ETH_RX_OFFLOAD_SCATTER | RTE_ETH_RX_OFFLOAD_CHECKSUM : 0,
		.txmode.offloads = cycle % 4 == 0 ? RTE_ETH_TX_OFFLOAD_MULTI_SEGS : 0};
	const uint16_t rx = (uint16_t)(1 + cycle % 4), tx = (uint16_t)(1 + cycle % 3), n = (uint16_t)(64 + cycle % 5 * 96);

	CHECK_EQ(rte_vect_set_max_simd_bitwidth(widths[cycle % RTE_DIM(widths)]), 0);
	CHECK_EQ(rte_eth_dev_configure(port, rx, tx, &conf), 0);
	for (uint16_t q = 0; q < rx; q++)
		CHECK_EQ(rte_eth_rx_queue_setup(port, q, n, SOCKET_ID_ANY, NULL, pool), 0);
	for (uint16_t q = 0; q < tx; q++)
		CHECK_EQ(rte_eth_tx_queue_setup(port, q, n, SOCKET_ID_ANY, NULL), 0);
	CHECK_EQ(rte_eth_dev_start(port), 0);
}

static void
await_link(void)
{
	struct rte_eth_link link = {0};

	for (int i = 0; i < WAIT_S * 1000 && link.link_status == RTE_ETH_LINK_DOWN; i++) {
		CHECK_EQ(rte_eth_link_get_nowait(port, &link), 0);
		if (link.link_status == RTE_ETH_LINK_DOWN)
			rte_delay_us_sleep(1000);
	}
	CHECK_EQ(link.link_status, RTE_ETH_LINK_UP);
}

/* Out and back by the loop; half of it is left behind in the rings. */
static void
pass_traffic(void)
{
	struct rte_mbuf *out[PACKETS], *in[PACKETS];
	struct rte_ether_addr own;
	uint16_t sent = 0, got = 0;

	await_link();
	CHECK_EQ(rte_eth_macaddr_get(port, &own), 0);
	CHECK_EQ(rte_pktmbuf_alloc_bulk(pool, out, PACKETS), 0);
	for (unsigned int i = 0; i < PACKETS; i++) {
		uint8_t *at = (uint8_t *)rte_pktmbuf_append(out[i], 64);

		CHECK(at != NULL);
		memset(at, 0, 64);
		memcpy(at, &own, sizeof(own));
		at[6] = 2;
		at[12] = 0x88;
		at[13] = 0xB5;
		at[14] = (uint8_t)i;
	}
	for (int i = 0; i < WAIT_S * 1000 && sent < PACKETS; i++) {
		sent = (uint16_t)(sent + rte_eth_tx_burst(port, 0, out + sent, (uint16_t)(PACKETS - sent)));
		if (sent < PACKETS)
			rte_delay_us_sleep(1000);
	}
	CHECK_EQ(sent, PACKETS);
	for (int i = 0; i < WAIT_S * 1000 && got < PACKETS / 2; i++) {
		const uint16_t now = rte_eth_rx_burst(port, 0, in + got, (uint16_t)(PACKETS - got));

		got = (uint16_t)(got + now);
		if (now == 0)
			rte_delay_us_sleep(1000);
	}
	CHECK(got >= PACKETS / 2);
	for (uint16_t i = 0; i < got; i++) {
		CHECK_EQ(rte_pktmbuf_mtod(in[i], uint8_t *)[14], i);
		rte_pktmbuf_free(in[i]);
	}
}

static void
run_cycles(unsigned int from, unsigned int to)
{
	for (unsigned int i = from; i < to; i++) {
		start_port(i);
		if (i % TRAFFIC_EVERY == 0)
			pass_traffic();
		CHECK_EQ(rte_eth_dev_stop(port), 0);
		CHECK_EQ(rte_mempool_avail_count(pool), BUFFERS);
	}
}

static void
nothing_wears_off(void)
{
	const unsigned int settled = 20;
	struct rte_malloc_socket_stats before, after;
	uint64_t took;

	run_cycles(0, settled);
	start_port(0);
	CHECK_EQ(rte_eth_dev_stop(port), 0);
	CHECK_EQ(rte_malloc_get_socket_stats(0, &before), 0);
	fprintf(stderr, "     settled\n");
	took = rte_get_timer_cycles();
	run_cycles(settled, settled + cycles);
	took = rte_get_timer_cycles() - took;
	start_port(0);
	CHECK_EQ(rte_eth_dev_stop(port), 0);
	CHECK_EQ(rte_malloc_get_socket_stats(0, &after), 0);
	CHECK_EQ(after.heap_allocsz_bytes, before.heap_allocsz_bytes);
	CHECK_EQ(after.alloc_count, before.alloc_count);
	CHECK_EQ(after.heap_totalsz_bytes, before.heap_totalsz_bytes);
	fprintf(stderr, "     %u cycles in %.1f s; %zu bytes in %u pieces before and after\n", cycles,
		(double)took / (double)rte_get_timer_hz(), after.heap_allocsz_bytes, after.alloc_count);
}

static void
the_port_closes(void)
{
	CHECK_EQ(rte_eth_dev_close(port), 0);
}

static bool
await_model(const char *bar)
{
	char name[1024], config[256];

	snprintf(name, sizeof(name), "%s.config", bar);
	for (int i = 0; i < WAIT_S * 100; i++) {
		FILE *file = fopen(name, "rb");
		const size_t n = file != NULL ? fread(config, 1, sizeof(config), file) : 0;

		if (file != NULL)
			fclose(file);
		if (n == sizeof(config) && config[0] == (char)0x86)
			return true;
		rte_delay_us_sleep(10000);
	}
	return false;
}

int
main(int argc, char **argv)
{
	static char device[2048];
	char *arguments[] = {argv[0], "--no-pci", "-m", "64", "--vdev", device, "--in-memory", NULL};

	if (argc < 3)
		return 2;
	if (argc > 3)
		cycles = (unsigned int)strtoul(argv[3], NULL, 10);
	/* Standard output leads to the model, which ends when it does; what is reported goes to standard error. */
	if (dup(1) < 0 || dup2(2, 1) < 0 || !await_model(argv[1]))
		return 1;
	snprintf(device, sizeof(device), "pci_model0,bar=%s,dma=%s", argv[1], argv[2]);
	if (rte_eal_init(6, arguments) < 0 || rte_eth_dev_count_avail() != 1)
		return 1;
	pool = rte_pktmbuf_pool_create("pool", BUFFERS, 128, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	if (pool == NULL)
		return 1;
	RUN(nothing_wears_off);
	RUN(the_port_closes);
	rte_eal_cleanup();
	return check_summary();
}
