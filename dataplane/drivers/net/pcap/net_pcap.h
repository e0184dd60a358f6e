/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The capture-file port, inside. README.md is for its users.
 */
#ifndef WDPDK_NET_PCAP_H
#define WDPDK_NET_PCAP_H

#include <stdbool.h>
#include <stdint.h>

#include <ethdev_driver.h>
#include <rte_log.h>
#include <rte_mempool.h>
#include <rte_spinlock.h>

#include "capture_image.h"
#include "capture_writer.h"

#define NET_PCAP_MAX_QUEUES 16
#define NET_PCAP_PATH 1024
#define NET_PCAP_ERROR 1536

#define NET_PCAP_LOG(level, ...) RTE_LOG(level, PMD, "net_pcap: " __VA_ARGS__)

/* What --vdev=net_pcapN,... asked for; paths decoded. */
struct net_pcap_args {
	unsigned int rx_files, tx_files;
	char rx_path[NET_PCAP_MAX_QUEUES][NET_PCAP_PATH], tx_path[NET_PCAP_MAX_QUEUES][NET_PCAP_PATH];
	bool infinite_rx;
	uint64_t rx_pps; /* frames a second of each queue; 0: no limit */
};

/* Counters: one writer, the lcore that polls the queue; readers take them whole with relaxed loads. */
struct net_pcap_counters {
	uint64_t packets, bytes, errors;
};

struct net_pcap_port;

struct net_pcap_rx_queue {
	const struct capture_image *image; /* NULL: no file, never a frame */
	struct rte_mempool *pool;
	uint64_t rearm;          /* the mbuf's 8 bytes from data_off on, for a frame in one segment */
	uint32_t position;       /* next frame */
	uint16_t room;           /* bytes of a frame an mbuf takes */
	uint16_t port_id;
	bool infinite;
	const struct net_pcap_port *port;
	bool simple;             /* every frame, padded, fits one mbuf */
	bool short_frames;       /* each has one line of the image */
	int timestamp_offset;    /* dynamic field, -1 when not asked for */
	uint64_t timestamp_flag;
	uint64_t *verdicts;      /* ol_flags of each frame; NULL: nothing is known of checksums */
	uint64_t pace_pps;       /* frames a second; 0: no limit */
	uint64_t pace_began;     /* TSC that pace_given counts from */
	uint64_t pace_given;     /* frames since then */
	uint64_t ended;          /* 1 when no frame will come any more */
	uint64_t loops;          /* how often the last frame has been delivered */
	uint64_t allocation_failures;
	struct net_pcap_counters count;
} __rte_cache_aligned;

struct net_pcap_tx_queue {
	struct capture_writer *writer; /* NULL: frames are counted and discarded */
	const char *path;
	bool reported; /* a failed write is logged once */
	struct net_pcap_counters count; /* accepted; errors: refused or lost */
	uint64_t lost;     /* of the accepted ones, lost when a write failed */
	uint64_t lost_bytes;
	uint64_t waiting_bytes; /* frame bytes accepted since the last successful write */
	rte_spinlock_t lock;    /* between a burst and net_pcap_tx_settle; nobody else looks at the writer while the port runs */
	size_t settled;         /* bytes that waited in the writer when it last looked */
} __rte_cache_aligned;

/* A queue to which nothing came for so long has what is buffered written. */
#define NET_PCAP_SETTLE_US 50000

struct net_pcap_port {
	unsigned int rx_files, tx_files;
	bool infinite_rx;
	bool settles; /* net_pcap_tx_settle is set */
	uint64_t rx_pps;
	eth_rx_burst_t unpaced; /* what net_pcap_rx_paced hands on to */
	eth_rx_burst_t unjudged; /* what net_pcap_rx_judged hands on to */
	struct rte_ether_addr mac;
	struct capture_image image[NET_PCAP_MAX_QUEUES];
	struct capture_writer writer[NET_PCAP_MAX_QUEUES];
	char tx_path[NET_PCAP_MAX_QUEUES][NET_PCAP_PATH];
	struct net_pcap_rx_queue rx[NET_PCAP_MAX_QUEUES];
	struct net_pcap_tx_queue tx[NET_PCAP_MAX_QUEUES];
	/* What a statistics reset subtracts. The queues' own counters only ever grow. */
	struct net_pcap_counters rx_base[NET_PCAP_MAX_QUEUES], tx_base[NET_PCAP_MAX_QUEUES];
	uint64_t allocation_base;
};

static inline void
net_pcap_count(uint64_t *counter, uint64_t amount)
{
	__atomic_store_n(counter, *counter + amount, __ATOMIC_RELAXED);
}

static inline uint64_t
net_pcap_counter(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

/* net_pcap_args.c: 0, or -EINVAL with the text in `error` (NET_PCAP_ERROR bytes). */
int net_pcap_parse_args(const char *arguments, struct net_pcap_args *args, char *error);

/* net_pcap_rx.c: the general burst function serves every queue, the simple ones only queues marked so (stamped: those with a
 * timestamp field, the other: those without). The paced one asks port->unpaced for as many frames as are due. */
uint16_t net_pcap_rx_simple(void *queue, struct rte_mbuf **packets, uint16_t count);
uint16_t net_pcap_rx_simple_stamped(void *queue, struct rte_mbuf **packets, uint16_t count);
uint16_t net_pcap_rx_paced(void *queue, struct rte_mbuf **packets, uint16_t count);
uint16_t net_pcap_rx_general(void *queue, struct rte_mbuf **packets, uint16_t count);

/* net_pcap_checksums.c: judges the frames once, as far as the offloads ask for it (0 or -ENOMEM); and the burst function of ports
 * with such queues, which asks port->unjudged for frames. */
#define NET_PCAP_CHECKSUM_OFFLOADS \
	(RTE_ETH_RX_OFFLOAD_IPV4_CKSUM | RTE_ETH_RX_OFFLOAD_UDP_CKSUM | RTE_ETH_RX_OFFLOAD_TCP_CKSUM)
int net_pcap_judge_checksums(struct net_pcap_rx_queue *queue, uint64_t offloads);
uint16_t net_pcap_rx_judged(void *queue, struct rte_mbuf **packets, uint16_t count);

/* net_pcap_tx.c */
uint16_t net_pcap_tx_write(void *queue, struct rte_mbuf **packets, uint16_t count);
uint16_t net_pcap_tx_discard(void *queue, struct rte_mbuf **packets, uint16_t count);
/* Brings what is buffered to the file and counts what was lost. Control thread, while the queue is not polled. */
int net_pcap_tx_flush(struct net_pcap_tx_queue *queue);
/* An alarm, from start to stop: programs that end without stopping their ports still find their frames in the file. */
void net_pcap_tx_settle(void *port);

/* net_pcap_tx_checksums.c: those that the packet's flags ask for, in its flat copy. */
void net_pcap_fill_checksums(uint8_t *frame, uint32_t length, const struct rte_mbuf *packet);

/* net_pcap_stats.c */
int net_pcap_stats_get(struct rte_eth_dev *dev, struct rte_eth_stats *stats);
int net_pcap_stats_reset(struct rte_eth_dev *dev);
int net_pcap_xstats_get(struct rte_eth_dev *dev, struct rte_eth_xstat *xstats, unsigned int size);
int net_pcap_xstats_get_names(struct rte_eth_dev *dev, struct rte_eth_xstat_name *names, unsigned int size);

#endif
