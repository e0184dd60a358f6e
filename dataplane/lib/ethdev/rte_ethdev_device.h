/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The device behind a port: registers, EEPROM, modules, lights, error correction, clocks, dumps, representors, and what
 * else few devices do. A port whose driver lacks the operation answers -ENOTSUP. Shapes and values as in DPDK 22.11;
 * include through rte_ethdev.h, whose rules on threads and errors hold here.
 */
#ifndef WDPDK_RTE_ETHDEV_DEVICE_H
#define WDPDK_RTE_ETHDEV_DEVICE_H

#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <rte_dev.h>

#include "rte_cman.h"
#include "rte_dev_info.h"
#include "rte_ethdev_conf.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rte_power_monitor_cond;

/* ---- Devices by description ---- */

/**
 * Begins a walk over the ports that devargs describes: "class=eth,mac=..." looks at every port, "bus:name[,key=value...]" at those of one
 * device. -EINVAL for NULL or what cannot be read, -ENOTSUP when the bus cannot be walked, -ENOMEM.
 */
int rte_eth_iterator_init(struct rte_dev_iterator *iter, const char *devargs);
/** The next port; RTE_MAX_ETHPORTS at the end, where the walk is cleaned up. */
uint16_t rte_eth_iterator_next(struct rte_dev_iterator *iter);
/** Ends a walk before its end. */
void rte_eth_iterator_cleanup(struct rte_dev_iterator *iter);

#define RTE_ETH_FOREACH_MATCHING_DEV(id, devargs, iter) \
	for (rte_eth_iterator_init(iter, devargs), id = rte_eth_iterator_next(iter); id != RTE_MAX_ETHPORTS; \
	     id = rte_eth_iterator_next(iter))

/* ---- Registers, EEPROM, modules, lights ---- */

/** With data NULL only length and width. */
int rte_eth_dev_get_reg_info(uint16_t port_id, struct rte_dev_reg_info *info);
/** Bytes, or a negative errno. */
int rte_eth_dev_get_eeprom_length(uint16_t port_id);
int rte_eth_dev_get_eeprom(uint16_t port_id, struct rte_dev_eeprom_info *info);
int rte_eth_dev_set_eeprom(uint16_t port_id, struct rte_dev_eeprom_info *info);
int rte_eth_dev_get_module_info(uint16_t port_id, struct rte_eth_dev_module_info *modinfo);
/** -EINVAL also when data is NULL or length 0. */
int rte_eth_dev_get_module_eeprom(uint16_t port_id, struct rte_dev_eeprom_info *info);
int rte_eth_led_on(uint16_t port_id);
int rte_eth_led_off(uint16_t port_id);

/* ---- Forward error correction ---- */

enum rte_eth_fec_mode {
	RTE_ETH_FEC_NOFEC = 0,
	RTE_ETH_FEC_AUTO,
	RTE_ETH_FEC_BASER, /**< Fire code. */
	RTE_ETH_FEC_RS,    /**< Reed-Solomon. */
};
#define RTE_ETH_FEC_MODE_TO_CAPA(x) RTE_BIT32(x)
#define RTE_ETH_FEC_MODE_CAPA_MASK(x) RTE_BIT32(RTE_ETH_FEC_##x)

/** Modes (bits) at one speed (RTE_ETH_SPEED_NUM_*). */
struct rte_eth_fec_capa {
	uint32_t speed;
	uint32_t capa;
};

/** Up to num entries. Returns how many there are, or a negative errno. */
int rte_eth_fec_get_capability(uint16_t port_id, struct rte_eth_fec_capa *speed_fec_capa, unsigned int num);
/** The mode in force as a bit; while the link is down those that are allowed. */
int rte_eth_fec_get(uint16_t port_id, uint32_t *fec_capa);
/** -EINVAL for none. */
int rte_eth_fec_set(uint16_t port_id, uint32_t fec_capa);

/* ---- Clocks ---- */

int rte_eth_timesync_enable(uint16_t port_id);
int rte_eth_timesync_disable(uint16_t port_id);
/** When the last frame of PTP came; flags: the driver's, as from the mbuf's timesync. -EINVAL when none did. */
int rte_eth_timesync_read_rx_timestamp(uint16_t port_id, struct timespec *timestamp, uint32_t flags);
int rte_eth_timesync_read_tx_timestamp(uint16_t port_id, struct timespec *timestamp);
/** Adds delta ns to the device's time. */
int rte_eth_timesync_adjust_time(uint16_t port_id, int64_t delta);
int rte_eth_timesync_read_time(uint16_t port_id, struct timespec *time);
int rte_eth_timesync_write_time(uint16_t port_id, const struct timespec *time);
/** The clock of Rx timestamps, in ticks of its own. */
int rte_eth_read_clock(uint16_t port_id, uint64_t *clock);

/* ---- Pools and packets ---- */

/** 0: a pool of these ops is best; 1: it will do; -ENOTSUP. */
int rte_eth_dev_pool_ops_supported(uint16_t port_id, const char *pool);
/** Header types (RTE_PTYPE_*) at which buffers can be split, at most num. Returns how many there are. */
int rte_eth_buffer_split_get_supported_hdr_ptypes(uint16_t port_id, uint32_t *ptypes, int num);

#define RTE_ETH_RX_METADATA_USER_FLAG RTE_BIT64(0)
#define RTE_ETH_RX_METADATA_USER_MARK RTE_BIT64(1)
#define RTE_ETH_RX_METADATA_TUNNEL_ID RTE_BIT64(2)

/** Says which metadata of flow rules is wanted, and learns which will come. Before configure, else -EBUSY. */
int rte_eth_rx_metadata_negotiate(uint16_t port_id, uint64_t *features);

#define RTE_ETH_DEV_REASSEMBLY_F_IPV4 (RTE_BIT32(0))
#define RTE_ETH_DEV_REASSEMBLY_F_IPV6 (RTE_BIT32(1))

/** IP reassembly by the device. */
struct rte_eth_ip_reassembly_params {
	uint32_t timeout_ms; /**< For a fragment to come. */
	uint16_t max_frags;
	uint16_t flags; /**< RTE_ETH_DEV_REASSEMBLY_F_*. */
};

/** -EINVAL before configure; set also while started. */
int rte_eth_ip_reassembly_capability_get(uint16_t port_id, struct rte_eth_ip_reassembly_params *capa);
int rte_eth_ip_reassembly_conf_get(uint16_t port_id, struct rte_eth_ip_reassembly_params *conf);
int rte_eth_ip_reassembly_conf_set(uint16_t port_id, const struct rte_eth_ip_reassembly_params *conf);

/* ---- Congestion management ---- */

enum rte_eth_cman_obj {
	RTE_ETH_CMAN_OBJ_RX_QUEUE = RTE_BIT32(0),
	RTE_ETH_CMAN_OBJ_RX_QUEUE_MEMPOOL = RTE_BIT32(1),
};

struct rte_eth_cman_info {
	uint64_t modes_supported;
	uint64_t objs_supported;
	uint8_t rsvd[8];
};

struct rte_eth_cman_config {
	enum rte_eth_cman_obj obj;
	enum rte_cman_mode mode;
	union {
		uint16_t rx_queue;
		uint8_t rsvd_obj_params[4];
	} obj_param;
	union {
		struct rte_cman_red_params red;
		uint8_t rsvd_mode_params[4];
	} mode_param;
};

int rte_eth_cman_info_get(uint16_t port_id, struct rte_eth_cman_info *info);
/** The device's defaults. */
int rte_eth_cman_config_init(uint16_t port_id, struct rte_eth_cman_config *config);
int rte_eth_cman_config_set(uint16_t port_id, const struct rte_eth_cman_config *config);
int rte_eth_cman_config_get(uint16_t port_id, struct rte_eth_cman_config *config);

/* ---- Representors ---- */

/** A run of representors of one kind. */
struct rte_eth_representor_range {
	enum rte_eth_representor_type type;
	int controller; /**< -1: whichever. */
	int pf;
	__extension__
	union {
		int vf;
		int sf;
	};
	uint32_t id_base;
	uint32_t id_end;
	char name[RTE_DEV_NAME_MAX_LEN];
};

struct rte_eth_representor_info {
	uint16_t controller; /**< The port's own. */
	uint16_t pf;
	uint32_t nb_ranges_alloc; /**< Room in ranges. */
	uint32_t nb_ranges;       /**< Filled. */
	struct rte_eth_representor_range ranges[];
};

/** With info NULL only the number. Returns how many ranges there are, or a negative errno. */
int rte_eth_representor_info_get(uint16_t port_id, struct rte_eth_representor_info *info);

/* ---- Looking inside ---- */

/** What an lcore can watch to sleep until a queue has a packet. */
int rte_eth_get_monitor_addr(uint16_t port_id, uint16_t queue_id, struct rte_power_monitor_cond *pmc);
/** The driver's own state, as text. */
int rte_eth_dev_priv_dump(uint16_t port_id, FILE *file);
/** num descriptors from the one offset places ahead, as text. */
int rte_eth_rx_descriptor_dump(uint16_t port_id, uint16_t queue_id, uint16_t offset, uint16_t num, FILE *file);
int rte_eth_tx_descriptor_dump(uint16_t port_id, uint16_t queue_id, uint16_t offset, uint16_t num, FILE *file);
/** The port's security context, NULL when it has none. */
void *rte_eth_dev_get_sec_ctx(uint16_t port_id);

/* ---- What comes with events (ret_param) ---- */

enum rte_eth_event_macsec_subtype {
	RTE_ETH_SUBEVENT_MACSEC_UNKNOWN,
	RTE_ETH_SUBEVENT_MACSEC_RX_SECTAG_V_EQ1,
	RTE_ETH_SUBEVENT_MACSEC_RX_SECTAG_E_EQ0_C_EQ1,
	RTE_ETH_SUBEVENT_MACSEC_RX_SECTAG_SL_GTE48,
	RTE_ETH_SUBEVENT_MACSEC_RX_SECTAG_ES_EQ1_SC_EQ1,
	RTE_ETH_SUBEVENT_MACSEC_RX_SECTAG_SC_EQ1_SCB_EQ1,
};

enum rte_eth_event_macsec_type {
	RTE_ETH_EVENT_MACSEC_UNKNOWN,
	RTE_ETH_EVENT_MACSEC_SECTAG_VAL_ERR,
	RTE_ETH_EVENT_MACSEC_RX_SA_PN_HARD_EXP,
	RTE_ETH_EVENT_MACSEC_RX_SA_PN_SOFT_EXP,
	RTE_ETH_EVENT_MACSEC_TX_SA_PN_HARD_EXP,
	RTE_ETH_EVENT_MACSEC_TX_SA_PN_SOFT_EXP,
	RTE_ETH_EVENT_MACSEC_SA_NOT_VALID,
};

/** Of RTE_ETH_EVENT_MACSEC. */
struct rte_eth_event_macsec_desc {
	enum rte_eth_event_macsec_type type;
	enum rte_eth_event_macsec_subtype subtype;
	uint64_t metadata;
};

enum rte_eth_event_ipsec_subtype {
	RTE_ETH_EVENT_IPSEC_UNKNOWN = 0,
	RTE_ETH_EVENT_IPSEC_ESN_OVERFLOW,
	RTE_ETH_EVENT_IPSEC_SA_TIME_EXPIRY,
	RTE_ETH_EVENT_IPSEC_SA_BYTE_EXPIRY,
	RTE_ETH_EVENT_IPSEC_SA_PKT_EXPIRY,
	RTE_ETH_EVENT_IPSEC_SA_BYTE_HARD_EXPIRY,
	RTE_ETH_EVENT_IPSEC_SA_PKT_HARD_EXPIRY,
	RTE_ETH_EVENT_IPSEC_MAX
};

/** Of RTE_ETH_EVENT_IPSEC. */
struct rte_eth_event_ipsec_desc {
	enum rte_eth_event_ipsec_subtype subtype;
	uint64_t metadata;
};

#ifdef __cplusplus
}
#endif

#endif
