/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A port of the card and its queues: what the files of this folder share.
 *
 * Threads: a queue belongs to one lcore. Everything else is the control thread's, except link state and events, which
 * the interrupt thread may handle at the same time (admin commands take turns).
 */
#ifndef I40E_PORT_H
#define I40E_PORT_H

#include <ethdev_driver.h>
#include <rte_flow_driver.h>
#include <rte_mempool.h>

#include "i40e_desc.h"
#include "i40e_hw.h"
#include "i40e_vsi.h"

#define I40E_MAX_QUEUES 64u
#define I40E_MAX_MACS 64u
#define I40E_MIN_DESCRIPTORS 64u
#define I40E_MAX_DESCRIPTORS 4096u
#define I40E_BATCH 32u          /* descriptors given back to the device at once; ring sizes are multiples */
#define I40E_RX_PADDING 32u     /* descriptors after a ring's end, never done: vector paths may look at them */
#define I40E_MAX_FRAME 9728u
#define I40E_FRAME_OVERHEAD 26u /* header, FCS, two tags */
#define I40E_RSS_KEY 52u
#define I40E_LUT_SIZE 512u

struct i40e_rxq {
	struct i40e_rx_desc *ring;
	struct rte_mbuf **sw;
	uint8_t *tail;
	uint64_t rearm;     /* an mbuf's rearm_data */
	uint16_t next;      /* descriptor to look at */
	uint16_t count;
	uint16_t holes;     /* descriptors without a buffer, from `refill` on */
	uint16_t refill;    /* a multiple of I40E_BATCH */
	uint16_t room;      /* bytes a buffer takes */
	uint16_t crc;       /* bytes at a packet's end that are not told */
	uint32_t strip_crc; /* the opposite, for setting up */
	struct rte_mempool *pool;
	struct rte_mbuf *first; /* a packet of several segments that has not ended */
	struct rte_mbuf *last;
	struct rte_eth_dev_data *data;

	const struct rte_memzone *zone;
	uint64_t ring_iova;
	uint64_t offloads;
	uint64_t errors;    /* packets the device reported broken (RXE), or longer than their buffers */
	uint16_t id;
	bool deferred;
	bool started;
} __rte_cache_aligned;

struct i40e_txq {
	struct i40e_tx_desc *ring;
	struct rte_mbuf **sw;  /* by descriptor; NULL where there is nothing to free */
	uint8_t *tail;
	uint16_t next;
	uint16_t count;
	uint16_t free;         /* descriptors, one less than there are at most: a full ring looks empty */
	uint16_t rs_thresh;
	uint16_t free_thresh;
	uint16_t next_rs;      /* simple paths: the next descriptor to ask a report of */
	uint16_t next_dd;      /* simple paths: the next that reports */
	bool fast_free;
	struct rte_mempool *pool; /* with fast_free: of all packets; found in the first */

	/* Full path: descriptors that report, in order, and what has been sent since the last. */
	uint16_t *reports;
	uint16_t first_report, end_report;
	uint16_t unreported;
	uint16_t clean;        /* the first descriptor that was not cleaned */

	const struct rte_memzone *zone;
	uint64_t ring_iova;
	uint64_t offloads;
	uint64_t refused;      /* packets no descriptors can express */
	uint16_t id;
	bool deferred;
	bool started;
} __rte_cache_aligned;

enum i40e_path {
	I40E_PATH_SCALAR,      /* anything */
	I40E_PATH_SCATTERED,   /* receive: packets of several segments */
	I40E_PATH_SIMPLE,      /* transmit: one segment, no offloads */
	I40E_PATH_AVX2,
	I40E_PATH_AVX512,
};

/* One counter of the device: as it read last, and all it has counted since the last reset. */
struct i40e_counter {
	uint64_t last;
	uint64_t sum;
};

#define I40E_PORT_COUNTERS 40
#define I40E_VSI_COUNTERS 11

struct i40e_flow_director {
	struct i40e_vsi vsi;
	uint16_t veb;
	uint16_t queue;        /* of the function: behind those of the port */
	struct i40e_dma memory;
	struct i40e_tx_desc *ring;
	uint8_t *packet;
	uint64_t packet_iova;
	uint16_t next, rx_next;
	bool ready;
	uint32_t rules;
	uint64_t fields[64];   /* by packet type: what its rules match */
	uint32_t per_type[64]; /* and how many there are */
	uint32_t counters;     /* those in use, a bit each */
};

struct i40e_port {
	struct i40e_hw hw;
	struct rte_eth_dev *dev;
	struct i40e_vsi vsi;
	uint16_t queues;       /* pairs this port may use */
	struct rte_ether_addr permanent_mac;

	/* Filters: every address with every tag when tags are filtered, else with any. */
	struct rte_ether_addr *multicasts;
	uint32_t multicast_count;
	uint64_t vlans[4096 / 64];
	bool vlan_filter;

	uint8_t rss_key[I40E_RSS_KEY];
	uint8_t lut[I40E_LUT_SIZE];
	bool lut_set;
	uint64_t rss_types;
	struct i40e_rss_rule *rss_rules; /* over what is configured, oldest first */
	/* As the device has them: written when they change. */
	bool rss_xor;
	uint64_t rss_symmetric;          /* types of packets, a bit each */
	uint64_t rss_fields[64];         /* by type of packet; 0: not known */

	enum i40e_path rx_path;
	enum i40e_path tx_path;

	/* Of the thread that looks for events, too: each a word by itself, read and written atomically. */
	bool closing;
	bool alarm;
	bool link_events;      /* as configured: the application wants to hear of the link */
	bool fixed_speed;      /* as configured */

	bool handler;          /* interrupts come */
	bool rx_interrupts;    /* of receive queues: each by a vector of its own, or */
	bool shared_line;      /* all by the one line there is; events are then looked for only. Atomically */
	uint64_t armed;        /* queues whose reader sleeps until that line is raised. Atomically */

	pthread_mutex_t stats_lock;
	struct i40e_counter port_counters[I40E_PORT_COUNTERS];
	struct i40e_counter vsi_counters[I40E_VSI_COUNTERS];

	struct i40e_flow_director fdir;
	struct rte_flow *flows;
};

static inline struct i40e_port *
i40e_port_of(const struct rte_eth_dev *dev)
{
	return dev->data->dev_private;
}

/* ---- i40e_queue.c: memory of queues ---- */

int i40e_rx_queue_setup(struct rte_eth_dev *dev, uint16_t id, uint16_t descriptors, unsigned int socket,
	const struct rte_eth_rxconf *conf, struct rte_mempool *pool);
int i40e_tx_queue_setup(struct rte_eth_dev *dev, uint16_t id, uint16_t descriptors, unsigned int socket,
	const struct rte_eth_txconf *conf);
void i40e_rx_queue_release(struct rte_eth_dev *dev, uint16_t id);
void i40e_tx_queue_release(struct rte_eth_dev *dev, uint16_t id);
void i40e_rxq_info(struct rte_eth_dev *dev, uint16_t id, struct rte_eth_rxq_info *info);
void i40e_txq_info(struct rte_eth_dev *dev, uint16_t id, struct rte_eth_txq_info *info);

/* ---- i40e_queue_run.c: queues on and off ---- */

int i40e_rx_queue_start(struct rte_eth_dev *dev, uint16_t id);
int i40e_rx_queue_stop(struct rte_eth_dev *dev, uint16_t id);
int i40e_tx_queue_start(struct rte_eth_dev *dev, uint16_t id);
int i40e_tx_queue_stop(struct rte_eth_dev *dev, uint16_t id);
/** All of them; the first error. */
int i40e_queues_start(struct rte_eth_dev *dev);
int i40e_queues_stop(struct rte_eth_dev *dev);
/** Without a device: the rings as after a start. */
void i40e_tx_queue_reset(struct i40e_txq *q);
/** Fills every descriptor with a fresh buffer. -ENOMEM. */
int i40e_rx_queue_fill(struct i40e_rxq *q);
void i40e_rx_queue_empty(struct i40e_rxq *q);
void i40e_tx_queue_empty(struct i40e_txq *q);

/* ---- Bursts ---- */

/** Chooses the paths for the queues there are; to be called before a start. */
void i40e_choose_paths(struct rte_eth_dev *dev);
const char *i40e_path_name(enum i40e_path path);
int i40e_rx_burst_mode(struct rte_eth_dev *dev, uint16_t id, struct rte_eth_burst_mode *mode);
int i40e_tx_burst_mode(struct rte_eth_dev *dev, uint16_t id, struct rte_eth_burst_mode *mode);

uint16_t i40e_rx_scalar(void *queue, struct rte_mbuf **pkts, uint16_t n);
uint16_t i40e_rx_scattered(void *queue, struct rte_mbuf **pkts, uint16_t n);
uint16_t i40e_rx_avx2(void *queue, struct rte_mbuf **pkts, uint16_t n);
uint16_t i40e_rx_avx512(void *queue, struct rte_mbuf **pkts, uint16_t n);
uint16_t i40e_tx_full(void *queue, struct rte_mbuf **pkts, uint16_t n);
uint16_t i40e_tx_simple(void *queue, struct rte_mbuf **pkts, uint16_t n);
uint16_t i40e_tx_avx2(void *queue, struct rte_mbuf **pkts, uint16_t n);
uint16_t i40e_tx_avx512(void *queue, struct rte_mbuf **pkts, uint16_t n);
uint16_t i40e_tx_prepare(void *queue, struct rte_mbuf **pkts, uint16_t n);
/** Gives back segments of any pools and owners; NULL entries are passed over. */
void i40e_tx_free_any(struct rte_mbuf **packets, uint32_t count);

uint32_t i40e_rx_queue_count(void *queue);
int i40e_rx_descriptor_status(void *queue, uint16_t offset);
int i40e_tx_descriptor_status(void *queue, uint16_t offset);

/* ---- i40e_link.c ---- */

int i40e_link_update(struct rte_eth_dev *dev, int wait);
int i40e_set_link_up(struct rte_eth_dev *dev);
int i40e_set_link_down(struct rte_eth_dev *dev);
int i40e_set_max_frame(struct i40e_port *port);
int i40e_link_events(struct i40e_port *port, bool on);

/* ---- i40e_removal.c: a card that is taken out ---- */

/** It is gone: once said, for good. Any thread that holds no lock of the port: the application's callback is called. */
void i40e_removed(struct rte_eth_dev *dev);
/** The same when its registers say so. True: it is gone. */
bool i40e_look_for_removal(struct rte_eth_dev *dev);
int i40e_is_removed(struct rte_eth_dev *dev);
int i40e_removal_start(struct rte_eth_dev *dev);
void i40e_removal_stop(struct rte_eth_dev *dev);

/* ---- i40e_intr.c: events of the device, by interrupt or by alarm; and interrupts of receive queues ---- */

int i40e_events_start(struct rte_eth_dev *dev);
void i40e_events_stop(struct rte_eth_dev *dev);
int i40e_rx_interrupts_start(struct rte_eth_dev *dev);
void i40e_rx_interrupts_stop(struct rte_eth_dev *dev);
int i40e_rx_intr_enable(struct rte_eth_dev *dev, uint16_t id);
int i40e_rx_intr_disable(struct rte_eth_dev *dev, uint16_t id);

/* ---- i40e_stats.c, i40e_xstats.c ---- */

uint64_t i40e_read_counter(const struct i40e_hw *hw, uint32_t offset, unsigned int bits);
/** Adds what a counter of that width went forward since it was read last. */
void i40e_counter_advance(struct i40e_counter *counter, uint64_t now, unsigned int bits);
int i40e_stats_get(struct rte_eth_dev *dev, struct rte_eth_stats *stats);
int i40e_stats_reset(struct rte_eth_dev *dev);
int i40e_xstats_get(struct rte_eth_dev *dev, struct rte_eth_xstat *stats, unsigned int n);
int i40e_xstats_get_names(struct rte_eth_dev *dev, struct rte_eth_xstat_name *names, unsigned int n);

/* ---- i40e_rss.c ---- */

#define I40E_RSS_TYPES (RTE_ETH_RSS_FRAG_IPV4 | RTE_ETH_RSS_NONFRAG_IPV4_TCP | RTE_ETH_RSS_NONFRAG_IPV4_UDP | \
	RTE_ETH_RSS_NONFRAG_IPV4_SCTP | RTE_ETH_RSS_NONFRAG_IPV4_OTHER | RTE_ETH_RSS_FRAG_IPV6 | \
	RTE_ETH_RSS_NONFRAG_IPV6_TCP | RTE_ETH_RSS_NONFRAG_IPV6_UDP | RTE_ETH_RSS_NONFRAG_IPV6_SCTP | \
	RTE_ETH_RSS_NONFRAG_IPV6_OTHER | RTE_ETH_RSS_L2_PAYLOAD)

uint64_t i40e_rss_pctypes(uint64_t types);
int i40e_rss_start(struct rte_eth_dev *dev);
int i40e_rss_hash_update(struct rte_eth_dev *dev, struct rte_eth_rss_conf *conf);
int i40e_rss_hash_get(struct rte_eth_dev *dev, struct rte_eth_rss_conf *conf);
int i40e_reta_update(struct rte_eth_dev *dev, struct rte_eth_rss_reta_entry64 *reta, uint16_t size);
int i40e_reta_query(struct rte_eth_dev *dev, struct rte_eth_rss_reta_entry64 *reta, uint16_t size);

/* ---- i40e_mac.c: addresses, tags, modes ---- */

int i40e_filters_start(struct i40e_port *port);
int i40e_mac_add(struct rte_eth_dev *dev, struct rte_ether_addr *mac, uint32_t index, uint32_t pool);
void i40e_mac_remove(struct rte_eth_dev *dev, uint32_t index);
int i40e_mac_set(struct rte_eth_dev *dev, struct rte_ether_addr *mac);
int i40e_set_multicasts(struct rte_eth_dev *dev, struct rte_ether_addr *list, uint32_t count);
int i40e_promiscuous_enable(struct rte_eth_dev *dev);
int i40e_promiscuous_disable(struct rte_eth_dev *dev);
int i40e_allmulticast_enable(struct rte_eth_dev *dev);
int i40e_allmulticast_disable(struct rte_eth_dev *dev);
int i40e_vlan_filter_set(struct rte_eth_dev *dev, uint16_t vlan, int on);
int i40e_vlan_offload_set(struct rte_eth_dev *dev, int mask);
int i40e_vlan_pvid_set(struct rte_eth_dev *dev, uint16_t vlan, int on);

/* ---- i40e_info.c ---- */

int i40e_infos_get(struct rte_eth_dev *dev, struct rte_eth_dev_info *info);
const uint32_t *i40e_supported_ptypes(struct rte_eth_dev *dev);
int i40e_fw_version(struct rte_eth_dev *dev, char *text, size_t size);
int i40e_eeprom_length(struct rte_eth_dev *dev);
int i40e_eeprom_get(struct rte_eth_dev *dev, struct rte_dev_eeprom_info *info);

/* ---- i40e_module.c ---- */

int i40e_module_info(struct rte_eth_dev *dev, struct rte_eth_dev_module_info *info);
int i40e_module_eeprom(struct rte_eth_dev *dev, struct rte_dev_eeprom_info *info);

/* ---- i40e_flow.c, i40e_fdir.c ---- */

int i40e_flow_ops(struct rte_eth_dev *dev, const struct rte_flow_ops **ops);
void i40e_flows_forget(struct i40e_port *port);
int i40e_fdir_start(struct i40e_port *port);
void i40e_fdir_stop(struct i40e_port *port);

#endif
