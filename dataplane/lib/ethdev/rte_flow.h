/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Flow rules: which packets a device treats how. Source-compatible with DPDK 22.11 as far as single rules go; templates, queues of
 * operations and conversions are not there.
 *
 * A rule lives until it is destroyed or its port is closed. Functions give 0 or a negative errno, which rte_errno has too, and tell in
 * *error (NULL: nobody wants to know) what was wrong: -ENODEV no such port, -ENOSYS the driver has no rules or not this call, -ENOTSUP it
 * has no aged flows or tunnels, and whatever the driver finds. error->message is constant text. Any thread where the device says
 * RTE_ETH_DEV_FLOW_OPS_THREAD_SAFE, or here under the port's lock.
 */
#ifndef WDPDK_RTE_FLOW_H
#define WDPDK_RTE_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <rte_bitops.h>
#include <rte_common.h>
#include <rte_compat.h>
#include <rte_mbuf_dyn.h>

#include "rte_flow_action.h"
#include "rte_flow_item.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rte_mbuf;
struct rte_flow;
struct rte_flow_action_handle;

/** Where a rule stands. */
struct rte_flow_attr {
	uint32_t group;    /**< 0: where packets begin. */
	uint32_t priority; /**< 0: highest. */
	uint32_t ingress : 1;
	uint32_t egress : 1;
	uint32_t transfer : 1; /**< In the switch of the device; then neither of the others. */
	uint32_t reserved : 29;
};

enum rte_flow_error_type {
	RTE_FLOW_ERROR_TYPE_NONE,
	RTE_FLOW_ERROR_TYPE_UNSPECIFIED,
	RTE_FLOW_ERROR_TYPE_HANDLE,
	RTE_FLOW_ERROR_TYPE_ATTR_GROUP,
	RTE_FLOW_ERROR_TYPE_ATTR_PRIORITY,
	RTE_FLOW_ERROR_TYPE_ATTR_INGRESS,
	RTE_FLOW_ERROR_TYPE_ATTR_EGRESS,
	RTE_FLOW_ERROR_TYPE_ATTR_TRANSFER,
	RTE_FLOW_ERROR_TYPE_ATTR,
	RTE_FLOW_ERROR_TYPE_ITEM_NUM,
	RTE_FLOW_ERROR_TYPE_ITEM_SPEC,
	RTE_FLOW_ERROR_TYPE_ITEM_LAST,
	RTE_FLOW_ERROR_TYPE_ITEM_MASK,
	RTE_FLOW_ERROR_TYPE_ITEM,
	RTE_FLOW_ERROR_TYPE_ACTION_NUM,
	RTE_FLOW_ERROR_TYPE_ACTION_CONF,
	RTE_FLOW_ERROR_TYPE_ACTION,
	RTE_FLOW_ERROR_TYPE_STATE,
};

/** What was wrong: of which kind, which object of the caller's (NULL: none in particular), and in words (NULL: none). */
struct rte_flow_error {
	enum rte_flow_error_type type;
	const void *cause;
	const char *message;
};

/** Fills *error, sets rte_errno to code. Returns -code. */
int rte_flow_error_set(struct rte_flow_error *error, int code, enum rte_flow_error_type type, const void *cause,
	const char *message);

/** Whether the device would take such a rule, as it stands. */
int rte_flow_validate(uint16_t port_id, const struct rte_flow_attr *attr, const struct rte_flow_item pattern[],
	const struct rte_flow_action actions[], struct rte_flow_error *error);
/** Makes a rule; NULL with rte_errno. */
struct rte_flow *rte_flow_create(uint16_t port_id, const struct rte_flow_attr *attr, const struct rte_flow_item pattern[],
	const struct rte_flow_action actions[], struct rte_flow_error *error);
int rte_flow_destroy(uint16_t port_id, struct rte_flow *flow, struct rte_flow_error *error);
/** Destroys all rules of a port. */
int rte_flow_flush(uint16_t port_id, struct rte_flow_error *error);
/** Asks an action of a rule (COUNT, AGE) what it knows; data is a structure of that action's. */
int rte_flow_query(uint16_t port_id, struct rte_flow *flow, const struct rte_flow_action *action, void *data,
	struct rte_flow_error *error);
/** set: nothing comes in but what rules ask for; best called before configure. */
int rte_flow_isolate(uint16_t port_id, int set, struct rte_flow_error *error);
/** A rule, or all (flow NULL), as the device has it, to a file. */
__rte_experimental
int rte_flow_dev_dump(uint16_t port_id, struct rte_flow *flow, FILE *file, struct rte_flow_error *error);
/** Contexts of rules that aged, at most nb_contexts (0: only how many there are). Returns how many. */
__rte_experimental
int rte_flow_get_aged_flows(uint16_t port_id, void **contexts, uint32_t nb_contexts, struct rte_flow_error *error);
/** The port through which rules of the switch are made; the port itself where the driver does not say. */
int rte_flow_pick_transfer_proxy(uint16_t port_id, uint16_t *proxy_port_id, struct rte_flow_error *error);

/* ---- Actions that rules share ---- */

struct rte_flow_indir_action_conf {
	uint32_t ingress : 1;
	uint32_t egress : 1;
	uint32_t transfer : 1;
};

/** Makes one, for RTE_FLOW_ACTION_TYPE_INDIRECT; NULL with rte_errno. */
__rte_experimental
struct rte_flow_action_handle *rte_flow_action_handle_create(uint16_t port_id, const struct rte_flow_indir_action_conf *conf,
	const struct rte_flow_action *action, struct rte_flow_error *error);
/** -EBUSY while rules use it. */
__rte_experimental
int rte_flow_action_handle_destroy(uint16_t port_id, struct rte_flow_action_handle *handle, struct rte_flow_error *error);
__rte_experimental
int rte_flow_action_handle_update(uint16_t port_id, struct rte_flow_action_handle *handle, const void *update,
	struct rte_flow_error *error);
__rte_experimental
int rte_flow_action_handle_query(uint16_t port_id, const struct rte_flow_action_handle *handle, void *data,
	struct rte_flow_error *error);

/* ---- Tunnels that the device takes apart ---- */

struct rte_flow_tunnel {
	enum rte_flow_item_type type;
	uint64_t tun_id;
	__extension__
	union {
		struct {
			rte_be32_t src_addr;
			rte_be32_t dst_addr;
		} ipv4;
		struct {
			uint8_t src_addr[16];
			uint8_t dst_addr[16];
		} ipv6;
	};
	rte_be16_t tp_src;
	rte_be16_t tp_dst;
	uint16_t tun_flags;
	bool is_ipv6;
	uint8_t tos;
	uint8_t ttl;
	uint32_t label;
};

#define RTE_FLOW_RESTORE_INFO_TUNNEL RTE_BIT64(0)
#define RTE_FLOW_RESTORE_INFO_ENCAPSULATED RTE_BIT64(1)
#define RTE_FLOW_RESTORE_INFO_GROUP_ID RTE_BIT64(2)

struct rte_flow_restore_info {
	uint64_t flags; /**< RTE_FLOW_RESTORE_INFO_*. */
	uint32_t group_id;
	struct rte_flow_tunnel tunnel;
};

/** Actions of the driver's that have to stand before the rule's own. */
__rte_experimental
int rte_flow_tunnel_decap_set(uint16_t port_id, struct rte_flow_tunnel *tunnel, struct rte_flow_action **actions,
	uint32_t *num_of_actions, struct rte_flow_error *error);
/** Items of the driver's that have to stand before the rule's own. */
__rte_experimental
int rte_flow_tunnel_match(uint16_t port_id, struct rte_flow_tunnel *tunnel, struct rte_flow_item **items,
	uint32_t *num_of_items, struct rte_flow_error *error);
/** What was taken off a packet. */
__rte_experimental
int rte_flow_get_restore_info(uint16_t port_id, struct rte_mbuf *m, struct rte_flow_restore_info *info,
	struct rte_flow_error *error);
__rte_experimental
int rte_flow_tunnel_action_decap_release(uint16_t port_id, struct rte_flow_action *actions, uint32_t num_of_actions,
	struct rte_flow_error *error);
__rte_experimental
int rte_flow_tunnel_item_release(uint16_t port_id, struct rte_flow_item *items, uint32_t num_of_items,
	struct rte_flow_error *error);

/* ---- Metadata of packets ---- */

/** Place and flag of the metadata in an mbuf; -1 and 0 until registered. */
extern int32_t rte_flow_dynf_metadata_offs;
extern uint64_t rte_flow_dynf_metadata_mask;

#define RTE_FLOW_DYNF_METADATA(m) RTE_MBUF_DYNFIELD((m), rte_flow_dynf_metadata_offs, uint32_t *)
#define RTE_MBUF_DYNFLAG_RX_METADATA (rte_flow_dynf_metadata_mask)
#define RTE_MBUF_DYNFLAG_TX_METADATA (rte_flow_dynf_metadata_mask)

/** Makes room for metadata in mbufs. */
__rte_experimental
int rte_flow_dynf_metadata_register(void);

__rte_experimental
static inline int
rte_flow_dynf_metadata_avail(void)
{
	return rte_flow_dynf_metadata_mask != 0;
}

__rte_experimental
static inline uint32_t
rte_flow_dynf_metadata_get(struct rte_mbuf *m)
{
	return *RTE_FLOW_DYNF_METADATA(m);
}

__rte_experimental
static inline void
rte_flow_dynf_metadata_set(struct rte_mbuf *m, uint32_t v)
{
	*RTE_FLOW_DYNF_METADATA(m) = v;
}

#ifdef __cplusplus
}
#endif

#endif
