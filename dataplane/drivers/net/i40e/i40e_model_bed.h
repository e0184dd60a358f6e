/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A port on the device model, whose wire is a loop: what the port sends comes back to it. The model runs beside
 * the program and takes commands from its standard output (model_test.cmake); what is reported goes to standard error.
 */
#ifndef I40E_MODEL_BED_H
#define I40E_MODEL_BED_H

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <check.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_flow.h>
#include <rte_ip.h>
#include <rte_mbuf.h>
#include <rte_tcp.h>
#include <rte_udp.h>
#include <rte_vect.h>

#define DESCRIPTORS 512
#define WAIT_S 20

static FILE *commands;
static uint16_t port;
static struct rte_mempool *pool;
static struct rte_ether_addr own;

static inline void
tell_model(const char *line)
{
	fprintf(commands, "%s\n", line);
	fflush(commands);
}

struct setup {
	uint16_t rx_queues, tx_queues, descriptors, mtu;
	uint64_t rx_offloads, tx_offloads, rss;
	bool lsc;
};

static inline void
start_port(const struct setup *s)
{
	struct rte_eth_conf conf = {.rxmode = {.mq_mode = s->rss ? RTE_ETH_MQ_RX_RSS : RTE_ETH_MQ_RX_NONE, .offloads = s->rx_offloads},
		.txmode.offloads = s->tx_offloads, .rx_adv_conf.rss_conf.rss_hf = s->rss, .intr_conf.lsc = s->lsc};
	const uint16_t rx = s->rx_queues ? s->rx_queues : 1, tx = s->tx_queues ? s->tx_queues : 1;
	const uint16_t n = s->descriptors ? s->descriptors : DESCRIPTORS;

	CHECK_EQ(rte_eth_dev_configure(port, rx, tx, &conf), 0);
	CHECK_EQ(rte_eth_dev_set_mtu(port, s->mtu ? s->mtu : 1500), 0);
	for (uint16_t q = 0; q < rx; q++)
		CHECK_EQ(rte_eth_rx_queue_setup(port, q, n, SOCKET_ID_ANY, NULL, pool), 0);
	for (uint16_t q = 0; q < tx; q++)
		CHECK_EQ(rte_eth_tx_queue_setup(port, q, n, SOCKET_ID_ANY, NULL), 0);
	CHECK_EQ(rte_eth_dev_start(port), 0);
}

static inline void
await_link(uint16_t status)
{
	struct rte_eth_link link;

	for (int i = 0; i < WAIT_S * 100; i++) {
		CHECK_EQ(rte_eth_link_get_nowait(port, &link), 0);
		if (link.link_status == status)
			return;
		rte_delay_us_sleep(10000);
	}
	CHECK(!"the link did not follow");
}

static inline void
stop_port(void)
{
	const unsigned int all = rte_mempool_avail_count(pool) + rte_mempool_in_use_count(pool);

	CHECK_EQ(rte_eth_dev_stop(port), 0);
	/* Every buffer is back. */
	CHECK_EQ(rte_mempool_avail_count(pool), all);
}

/* A UDP packet of `size` bytes without FCS, whose contents follow from its number. */
static inline struct rte_mbuf *
make_packet(uint32_t number, uint16_t size)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);
	uint8_t *at;

	CHECK(m != NULL);
	at = (uint8_t *)rte_pktmbuf_append(m, size);
	CHECK(at != NULL);
	memset(at, 0, size);
	memcpy(at, own.addr_bytes, 6);
	at[6] = 2;
	at[12] = 8;
	at[14] = 0x45;
	at[16] = (uint8_t)((size - 14) >> 8);
	at[17] = (uint8_t)(size - 14);
	at[22] = 64;
	at[23] = 17;
	at[26] = 10;
	at[30] = 10;
	at[33] = 9;
	at[34] = (uint8_t)(number >> 8);
	at[35] = (uint8_t)number;
	at[38] = (uint8_t)((size - 34) >> 8);
	at[39] = (uint8_t)(size - 34);
	for (uint16_t i = 42; i < size; i++)
		at[i] = (uint8_t)(number + i);
	*(rte_be16_t *)(at + 24) = rte_ipv4_cksum((struct rte_ipv4_hdr *)(at + 14));
	return m;
}

static inline void
send_all(uint16_t queue, struct rte_mbuf **packets, uint16_t n)
{
	uint16_t sent = 0;

	for (int i = 0; i < WAIT_S * 1000 && sent < n; i++) {
		sent = (uint16_t)(sent + rte_eth_tx_burst(port, queue, packets + sent, (uint16_t)(n - sent)));
		if (sent < n)
			rte_delay_us_sleep(1000);
	}
	CHECK_EQ(sent, n);
}

static inline uint16_t
receive(uint16_t queue, struct rte_mbuf **packets, uint16_t n)
{
	uint16_t got = 0;

	for (int i = 0; i < WAIT_S * 1000 && got < n; i++) {
		const uint16_t now = rte_eth_rx_burst(port, queue, packets + got, (uint16_t)(n - got));

		got = (uint16_t)(got + now);
		if (now == 0)
			rte_delay_us_sleep(1000);
	}
	return got;
}

static inline void
round_trip(uint32_t packets, uint16_t size)
{
	struct rte_mbuf *out[32], *in[32];

	for (uint32_t done = 0; done < packets;) {
		const uint16_t n = (uint16_t)RTE_MIN(packets - done, 1 + done % 32);

		for (uint16_t i = 0; i < n; i++)
			out[i] = make_packet(done + i, size);
		send_all(0, out, n);
		CHECK_EQ(receive(0, in, n), n);
		for (uint16_t i = 0; i < n; i++) {
			const uint8_t *at = rte_pktmbuf_mtod(in[i], const uint8_t *);

			CHECK_EQ(in[i]->pkt_len, size);
			CHECK_EQ(in[i]->data_len, size);
			CHECK_EQ(in[i]->nb_segs, 1);
			CHECK_EQ(in[i]->port, port);
			CHECK_EQ(at[34] << 8 | at[35], (done + i) & 0xFFFF);
			CHECK_EQ(at[size - 1], (uint8_t)(done + i + size - 1));
			CHECK_EQ(in[i]->packet_type, RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4_EXT_UNKNOWN | RTE_PTYPE_L4_UDP);
			rte_pktmbuf_free(in[i]);
		}
		done += n;
	}
}

/* The model makes its files before it is ready; who starts it does not wait for that. */
static inline bool
await_model(const char *bar)
{
	char name[1024];

	snprintf(name, sizeof(name), "%s.config", bar);
	for (int i = 0; i < WAIT_S * 100; i++) {
		FILE *file = fopen(name, "rb");
		char config[256];
		const size_t n = file != NULL ? fread(config, 1, sizeof(config), file) : 0;

		if (file != NULL)
			fclose(file);
		if (n == sizeof(config) && config[0] == (char)0x86)
			return true;
		rte_delay_us_sleep(10000);
	}
	return false;
}

/* The arguments of a test: the model's BAR0 and the folder of its memory. */
static inline bool
bed_opens(int argc, char **argv)
{
	static char device[2048];
	char *arguments[] = {argv[0], "--no-pci", "-m", "64", "--vdev", device, "--in-memory", NULL};

	if (argc != 3)
		return false;
	commands = fdopen(dup(1), "w");
	if (commands == NULL || dup2(2, 1) < 0 || !await_model(argv[1])) {
		fprintf(stderr, "the device model is not there\n");
		return false;
	}
	snprintf(device, sizeof(device), "pci_model0,bar=%s,dma=%s", argv[1], argv[2]);
	if (rte_eal_init(6, arguments) < 0 || rte_eth_dev_count_avail() != 1)
		return false;
	pool = rte_pktmbuf_pool_create("pool", 8191, 256, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	return pool != NULL && rte_eth_macaddr_get(port, &own) == 0;
}

#endif
