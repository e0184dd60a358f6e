/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For drivers: the operations behind flow rules, in 22.11's order. A driver gives them by its operation flow_ops_get; what it does not have
 * is NULL. Each returns 0 or a negative errno (NULL with rte_errno where it makes an object) and fills *error by rte_flow_error_set().
 */
#ifndef WDPDK_RTE_FLOW_DRIVER_H
#define WDPDK_RTE_FLOW_DRIVER_H

#include <stdio.h>

#include <ethdev_driver.h>

#include "rte_flow.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of calls that the library does not have yet; their operations keep their place. */
struct rte_flow_actions_template;
struct rte_flow_actions_template_attr;
struct rte_flow_item_flex_conf;
struct rte_flow_item_flex_handle;
struct rte_flow_op_attr;
struct rte_flow_op_result;
struct rte_flow_pattern_template;
struct rte_flow_pattern_template_attr;
struct rte_flow_port_attr;
struct rte_flow_port_info;
struct rte_flow_queue_attr;
struct rte_flow_queue_info;
struct rte_flow_template_table;
struct rte_flow_template_table_attr;

struct rte_flow_ops {
	int (*validate)(struct rte_eth_dev *dev, const struct rte_flow_attr *attr, const struct rte_flow_item pattern[],
		const struct rte_flow_action actions[], struct rte_flow_error *error);
	struct rte_flow *(*create)(struct rte_eth_dev *dev, const struct rte_flow_attr *attr,
		const struct rte_flow_item pattern[],
		const struct rte_flow_action actions[], struct rte_flow_error *error);
	int (*destroy)(struct rte_eth_dev *dev, struct rte_flow *flow, struct rte_flow_error *error);
	int (*flush)(struct rte_eth_dev *dev, struct rte_flow_error *error);
	int (*query)(struct rte_eth_dev *dev, struct rte_flow *flow, const struct rte_flow_action *action, void *data,
		struct rte_flow_error *error);
	int (*isolate)(struct rte_eth_dev *dev, int set, struct rte_flow_error *error);
	int (*dev_dump)(struct rte_eth_dev *dev, struct rte_flow *flow, FILE *file, struct rte_flow_error *error);
	int (*get_aged_flows)(struct rte_eth_dev *dev, void **contexts, uint32_t nb_contexts, struct rte_flow_error *error);
	int (*get_q_aged_flows)(struct rte_eth_dev *dev, uint32_t queue_id, void **contexts, uint32_t nb_contexts,
		struct rte_flow_error *error);
	struct rte_flow_action_handle *(*action_handle_create)(struct rte_eth_dev *dev,
		const struct rte_flow_indir_action_conf *conf,
		const struct rte_flow_action *action, struct rte_flow_error *error);
	int (*action_handle_destroy)(struct rte_eth_dev *dev, struct rte_flow_action_handle *handle,
		struct rte_flow_error *error);
	int (*action_handle_update)(struct rte_eth_dev *dev, struct rte_flow_action_handle *handle,
		const void *update, struct rte_flow_error *error);
	int (*action_handle_query)(struct rte_eth_dev *dev, const struct rte_flow_action_handle *handle, void *data,
		struct rte_flow_error *error);
	int (*tunnel_decap_set)(struct rte_eth_dev *dev, struct rte_flow_tunnel *tunnel, struct rte_flow_action **actions,
		uint32_t *num_of_actions, struct rte_flow_error *error);
	int (*tunnel_match)(struct rte_eth_dev *dev, struct rte_flow_tunnel *tunnel, struct rte_flow_item **items,
		uint32_t *num_of_items, struct rte_flow_error *error);
	int (*get_restore_info)(struct rte_eth_dev *dev, struct rte_mbuf *m, struct rte_flow_restore_info *info,
		struct rte_flow_error *error);
	int (*tunnel_action_decap_release)(struct rte_eth_dev *dev, struct rte_flow_action *actions,
		uint32_t num_of_actions, struct rte_flow_error *error);
	int (*tunnel_item_release)(struct rte_eth_dev *dev, struct rte_flow_item *items, uint32_t num_of_items,
		struct rte_flow_error *error);
	int (*pick_transfer_proxy)(struct rte_eth_dev *dev, uint16_t *proxy_port_id, struct rte_flow_error *error);
	struct rte_flow_item_flex_handle *(*flex_item_create)(struct rte_eth_dev *dev,
		const struct rte_flow_item_flex_conf *conf, struct rte_flow_error *error);
	int (*flex_item_release)(struct rte_eth_dev *dev, const struct rte_flow_item_flex_handle *handle,
		struct rte_flow_error *error);
	int (*info_get)(struct rte_eth_dev *dev, struct rte_flow_port_info *port_info,
		struct rte_flow_queue_info *queue_info, struct rte_flow_error *error);
	int (*configure)(struct rte_eth_dev *dev, const struct rte_flow_port_attr *port_attr, uint16_t nb_queue,
		const struct rte_flow_queue_attr *queue_attr[], struct rte_flow_error *error);
	struct rte_flow_pattern_template *(*pattern_template_create)(struct rte_eth_dev *dev,
		const struct rte_flow_pattern_template_attr *attr,
		const struct rte_flow_item pattern[], struct rte_flow_error *error);
	int (*pattern_template_destroy)(struct rte_eth_dev *dev, struct rte_flow_pattern_template *pattern_template,
		struct rte_flow_error *error);
	struct rte_flow_actions_template *(*actions_template_create)(struct rte_eth_dev *dev,
		const struct rte_flow_actions_template_attr *attr,
		const struct rte_flow_action actions[], const struct rte_flow_action masks[], struct rte_flow_error *error);
	int (*actions_template_destroy)(struct rte_eth_dev *dev, struct rte_flow_actions_template *actions_template,
		struct rte_flow_error *error);
	struct rte_flow_template_table *(*template_table_create)(struct rte_eth_dev *dev,
		const struct rte_flow_template_table_attr *attr,
		struct rte_flow_pattern_template *patterns[], uint8_t nb_patterns,
		struct rte_flow_actions_template *actions[], uint8_t nb_actions, struct rte_flow_error *error);
	int (*template_table_destroy)(struct rte_eth_dev *dev, struct rte_flow_template_table *template_table,
		struct rte_flow_error *error);
	struct rte_flow *(*async_create)(struct rte_eth_dev *dev, uint32_t queue_id, const struct rte_flow_op_attr *op_attr,
		struct rte_flow_template_table *table, const struct rte_flow_item pattern[], uint8_t pattern_index,
		const struct rte_flow_action actions[], uint8_t actions_index, void *user_data, struct rte_flow_error *error);
	int (*async_destroy)(struct rte_eth_dev *dev, uint32_t queue_id, const struct rte_flow_op_attr *op_attr,
		struct rte_flow *flow,
		void *user_data, struct rte_flow_error *error);
	int (*push)(struct rte_eth_dev *dev, uint32_t queue_id, struct rte_flow_error *error);
	int (*pull)(struct rte_eth_dev *dev, uint32_t queue_id, struct rte_flow_op_result *results,
		uint16_t n_results, struct rte_flow_error *error);
	struct rte_flow_action_handle *(*async_action_handle_create)(struct rte_eth_dev *dev, uint32_t queue_id,
		const struct rte_flow_op_attr *op_attr, const struct rte_flow_indir_action_conf *conf,
		const struct rte_flow_action *action, void *user_data, struct rte_flow_error *error);
	int (*async_action_handle_destroy)(struct rte_eth_dev *dev, uint32_t queue_id,
		const struct rte_flow_op_attr *op_attr,
		struct rte_flow_action_handle *handle, void *user_data, struct rte_flow_error *error);
	int (*async_action_handle_update)(struct rte_eth_dev *dev, uint32_t queue_id,
		const struct rte_flow_op_attr *op_attr,
		struct rte_flow_action_handle *handle, const void *update, void *user_data, struct rte_flow_error *error);
	int (*async_action_handle_query)(struct rte_eth_dev *dev, uint32_t queue_id, const struct rte_flow_op_attr *op_attr,
		const struct rte_flow_action_handle *handle, void *data, void *user_data, struct rte_flow_error *error);
};

/** The operations of a port, or NULL with *error and rte_errno (ENODEV, ENOSYS). */
const struct rte_flow_ops *rte_flow_ops_get(uint16_t port_id, struct rte_flow_error *error);

#ifdef __cplusplus
}
#endif

#endif
