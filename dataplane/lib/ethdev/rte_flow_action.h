/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a flow rule does: a list of actions that ends with RTE_FLOW_ACTION_TYPE_END. Shapes and values as in DPDK 22.11; include through
 * rte_flow.h. What needs the colours of meters is not there yet.
 */
#ifndef WDPDK_RTE_FLOW_ACTION_H
#define WDPDK_RTE_FLOW_ACTION_H

#include <stddef.h>
#include <stdint.h>

#include <rte_byteorder.h>
#include <rte_ether.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_flow_item;

enum rte_flow_action_type {
	RTE_FLOW_ACTION_TYPE_END,
	RTE_FLOW_ACTION_TYPE_VOID,
	RTE_FLOW_ACTION_TYPE_PASSTHRU,
	RTE_FLOW_ACTION_TYPE_JUMP,
	RTE_FLOW_ACTION_TYPE_MARK,
	RTE_FLOW_ACTION_TYPE_FLAG,
	RTE_FLOW_ACTION_TYPE_QUEUE,
	RTE_FLOW_ACTION_TYPE_DROP,
	RTE_FLOW_ACTION_TYPE_COUNT,
	RTE_FLOW_ACTION_TYPE_RSS,
	RTE_FLOW_ACTION_TYPE_PF,
	RTE_FLOW_ACTION_TYPE_VF,
	RTE_FLOW_ACTION_TYPE_PORT_ID,
	RTE_FLOW_ACTION_TYPE_METER,
	RTE_FLOW_ACTION_TYPE_SECURITY,
	RTE_FLOW_ACTION_TYPE_OF_DEC_NW_TTL,
	RTE_FLOW_ACTION_TYPE_OF_POP_VLAN,
	RTE_FLOW_ACTION_TYPE_OF_PUSH_VLAN,
	RTE_FLOW_ACTION_TYPE_OF_SET_VLAN_VID,
	RTE_FLOW_ACTION_TYPE_OF_SET_VLAN_PCP,
	RTE_FLOW_ACTION_TYPE_OF_POP_MPLS,
	RTE_FLOW_ACTION_TYPE_OF_PUSH_MPLS,
	RTE_FLOW_ACTION_TYPE_VXLAN_ENCAP,
	RTE_FLOW_ACTION_TYPE_VXLAN_DECAP,
	RTE_FLOW_ACTION_TYPE_NVGRE_ENCAP,
	RTE_FLOW_ACTION_TYPE_NVGRE_DECAP,
	RTE_FLOW_ACTION_TYPE_RAW_ENCAP,
	RTE_FLOW_ACTION_TYPE_RAW_DECAP,
	RTE_FLOW_ACTION_TYPE_SET_IPV4_SRC,
	RTE_FLOW_ACTION_TYPE_SET_IPV4_DST,
	RTE_FLOW_ACTION_TYPE_SET_IPV6_SRC,
	RTE_FLOW_ACTION_TYPE_SET_IPV6_DST,
	RTE_FLOW_ACTION_TYPE_SET_TP_SRC,
	RTE_FLOW_ACTION_TYPE_SET_TP_DST,
	RTE_FLOW_ACTION_TYPE_MAC_SWAP,
	RTE_FLOW_ACTION_TYPE_DEC_TTL,
	RTE_FLOW_ACTION_TYPE_SET_TTL,
	RTE_FLOW_ACTION_TYPE_SET_MAC_SRC,
	RTE_FLOW_ACTION_TYPE_SET_MAC_DST,
	RTE_FLOW_ACTION_TYPE_INC_TCP_SEQ,
	RTE_FLOW_ACTION_TYPE_DEC_TCP_SEQ,
	RTE_FLOW_ACTION_TYPE_INC_TCP_ACK,
	RTE_FLOW_ACTION_TYPE_DEC_TCP_ACK,
	RTE_FLOW_ACTION_TYPE_SET_TAG,
	RTE_FLOW_ACTION_TYPE_SET_META,
	RTE_FLOW_ACTION_TYPE_SET_IPV4_DSCP,
	RTE_FLOW_ACTION_TYPE_SET_IPV6_DSCP,
	RTE_FLOW_ACTION_TYPE_AGE,
	RTE_FLOW_ACTION_TYPE_SAMPLE,
	RTE_FLOW_ACTION_TYPE_SHARED,
	RTE_FLOW_ACTION_TYPE_MODIFY_FIELD,
	RTE_FLOW_ACTION_TYPE_INDIRECT,
	RTE_FLOW_ACTION_TYPE_CONNTRACK,
	RTE_FLOW_ACTION_TYPE_METER_COLOR,
	RTE_FLOW_ACTION_TYPE_PORT_REPRESENTOR,
	RTE_FLOW_ACTION_TYPE_REPRESENTED_PORT,
	RTE_FLOW_ACTION_TYPE_METER_MARK,
	RTE_FLOW_ACTION_TYPE_SEND_TO_KERNEL,
};

/** One action; conf points to a structure of its type, or is NULL for those without. */
struct rte_flow_action {
	enum rte_flow_action_type type;
	const void *conf;
};

enum rte_eth_hash_function {
	RTE_ETH_HASH_FUNCTION_DEFAULT = 0,
	RTE_ETH_HASH_FUNCTION_TOEPLITZ,
	RTE_ETH_HASH_FUNCTION_SIMPLE_XOR,
	RTE_ETH_HASH_FUNCTION_SYMMETRIC_TOEPLITZ,
	RTE_ETH_HASH_FUNCTION_MAX,
};

/** Puts id into the packet (hash.fdir.hi). */
struct rte_flow_action_mark {
	uint32_t id;
};

/** Goes on in another group. */
struct rte_flow_action_jump {
	uint32_t group;
};

/** To a queue. */
struct rte_flow_action_queue {
	uint16_t index;
};

/** Tells when no packet came for timeout seconds. */
struct rte_flow_action_age {
	uint32_t timeout : 24;
	uint32_t reserved : 8;
	void *context;
};

/** Counts; shared by rules of the same id. */
struct rte_flow_action_count {
	uint32_t id;
};

/** Spreads over queues. */
struct rte_flow_action_rss {
	enum rte_eth_hash_function func;
	uint32_t level; /**< 0: the device decides; 1: outermost. */
	uint64_t types; /**< RTE_ETH_RSS_*. */
	uint32_t key_len;
	uint32_t queue_num;
	const uint8_t *key;
	const uint16_t *queue;
};

/** To a virtual function. */
struct rte_flow_action_vf {
	uint32_t original : 1;
	uint32_t reserved : 31;
	uint32_t id;
};

/** To a port. */
struct rte_flow_action_port_id {
	uint32_t original : 1;
	uint32_t reserved : 31;
	uint32_t id;
};

/** Meters. */
struct rte_flow_action_meter {
	uint32_t mtr_id;
};

/** By a security session. */
struct rte_flow_action_security {
	void *security_session;
};

/** Adds a tag. */
struct rte_flow_action_of_push_vlan {
	rte_be16_t ethertype;
};

struct rte_flow_action_of_set_vlan_vid {
	rte_be16_t vlan_vid;
};

struct rte_flow_action_of_set_vlan_pcp {
	uint8_t vlan_pcp;
};

/** Takes a label; ethertype of what is left. */
struct rte_flow_action_of_pop_mpls {
	rte_be16_t ethertype;
};

struct rte_flow_action_of_push_mpls {
	rte_be16_t ethertype;
};

struct rte_flow_action_vxlan_encap {
	struct rte_flow_item *definition; /**< The headers to add. */
};

struct rte_flow_action_nvgre_encap {
	struct rte_flow_item *definition;
};

/** Adds size bytes in front. */
struct rte_flow_action_raw_encap {
	uint8_t *data;
	uint8_t *preserve; /**< Mask of bits to keep. */
	size_t size;
};

/** Takes size bytes off the front. */
struct rte_flow_action_raw_decap {
	uint8_t *data;
	size_t size;
};

struct rte_flow_action_set_ipv4 {
	rte_be32_t ipv4_addr;
};

struct rte_flow_action_set_ipv6 {
	uint8_t ipv6_addr[16];
};

struct rte_flow_action_set_tp {
	rte_be16_t port;
};

struct rte_flow_action_set_ttl {
	uint8_t ttl_value;
};

struct rte_flow_action_set_mac {
	uint8_t mac_addr[RTE_ETHER_ADDR_LEN];
};

struct rte_flow_action_set_tag {
	uint32_t data;
	uint32_t mask;
	uint8_t index;
};

struct rte_flow_action_set_meta {
	uint32_t data;
	uint32_t mask;
};

struct rte_flow_action_set_dscp {
	uint8_t dscp;
};

/** To a port or what it represents. */
struct rte_flow_action_ethdev {
	uint16_t port_id;
};

/** Copies one packet of ratio to actions. */
struct rte_flow_action_sample {
	uint32_t ratio;
	const struct rte_flow_action *actions;
};

/** What rte_flow_query() tells of a count. */
struct rte_flow_query_count {
	uint32_t reset : 1; /**< Set by the caller: start anew. */
	uint32_t hits_set : 1;
	uint32_t bytes_set : 1;
	uint32_t reserved : 29;
	uint64_t hits;
	uint64_t bytes;
};

/** Of an age. */
struct rte_flow_query_age {
	uint32_t reserved : 6;
	uint32_t aged : 1;
	uint32_t sec_since_last_hit_valid : 1;
	uint32_t sec_since_last_hit : 24;
};

struct rte_flow_update_age {
	uint32_t reserved : 6;
	uint32_t timeout_valid : 1;
	uint32_t timeout : 24;
	uint32_t touch : 1;
};

enum rte_flow_field_id {
	RTE_FLOW_FIELD_START,
	RTE_FLOW_FIELD_MAC_DST,
	RTE_FLOW_FIELD_MAC_SRC,
	RTE_FLOW_FIELD_VLAN_TYPE,
	RTE_FLOW_FIELD_VLAN_ID,
	RTE_FLOW_FIELD_MAC_TYPE,
	RTE_FLOW_FIELD_IPV4_DSCP,
	RTE_FLOW_FIELD_IPV4_TTL,
	RTE_FLOW_FIELD_IPV4_SRC,
	RTE_FLOW_FIELD_IPV4_DST,
	RTE_FLOW_FIELD_IPV6_DSCP,
	RTE_FLOW_FIELD_IPV6_HOPLIMIT,
	RTE_FLOW_FIELD_IPV6_SRC,
	RTE_FLOW_FIELD_IPV6_DST,
	RTE_FLOW_FIELD_TCP_PORT_SRC,
	RTE_FLOW_FIELD_TCP_PORT_DST,
	RTE_FLOW_FIELD_TCP_SEQ_NUM,
	RTE_FLOW_FIELD_TCP_ACK_NUM,
	RTE_FLOW_FIELD_TCP_FLAGS,
	RTE_FLOW_FIELD_UDP_PORT_SRC,
	RTE_FLOW_FIELD_UDP_PORT_DST,
	RTE_FLOW_FIELD_VXLAN_VNI,
	RTE_FLOW_FIELD_GENEVE_VNI,
	RTE_FLOW_FIELD_GTP_TEID,
	RTE_FLOW_FIELD_TAG,
	RTE_FLOW_FIELD_MARK,
	RTE_FLOW_FIELD_META,
	RTE_FLOW_FIELD_POINTER,
	RTE_FLOW_FIELD_VALUE,
	RTE_FLOW_FIELD_IPV4_ECN,
	RTE_FLOW_FIELD_IPV6_ECN,
	RTE_FLOW_FIELD_GTP_PSC_QFI,
	RTE_FLOW_FIELD_METER_COLOR,
};

/** A field, or a value for one. */
struct rte_flow_action_modify_data {
	enum rte_flow_field_id field;
	__extension__
	union {
		struct {
			uint32_t level;
			uint32_t offset; /**< Bits. */
		};
		uint8_t value[16];
		void *pvalue;
	};
};

enum rte_flow_modify_op {
	RTE_FLOW_MODIFY_SET = 0,
	RTE_FLOW_MODIFY_ADD,
	RTE_FLOW_MODIFY_SUB,
};

struct rte_flow_action_modify_field {
	enum rte_flow_modify_op operation;
	struct rte_flow_action_modify_data dst;
	struct rte_flow_action_modify_data src;
	uint32_t width; /**< Bits. */
};

#ifdef __cplusplus
}
#endif

#endif
