/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Flow rules: calls are handed to the driver that has them.
 */
#include <errno.h>

#include <rte_mbuf_dyn.h>

#include "ethdev_private.h"
#include "rte_flow_driver.h"

int32_t rte_flow_dynf_metadata_offs = -1;
uint64_t rte_flow_dynf_metadata_mask;

_Static_assert(sizeof(struct rte_flow_ops) == 37 * sizeof(void *), "operations of DPDK 22.11");
_Static_assert(offsetof(struct rte_flow_ops, async_create) == 29 * sizeof(void *), "place of async_create");
_Static_assert(sizeof(struct rte_flow_item) == 32, "size of an item");
_Static_assert(sizeof(struct rte_flow_attr) == 12, "size of attributes");

int
rte_flow_error_set(struct rte_flow_error *error, int code, enum rte_flow_error_type type, const void *cause,
	const char *message)
{
	if (error != NULL)
		*error = (struct rte_flow_error){.type = type, .cause = cause, .message = message};
	rte_errno = code;
	return -code;
}

static int
refuse(struct rte_flow_error *error, int code)
{
	return rte_flow_error_set(error, code, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL, rte_strerror(code));
}

const struct rte_flow_ops *
rte_flow_ops_get(uint16_t port_id, struct rte_flow_error *error)
{
	const struct rte_flow_ops *ops = NULL;
	struct rte_eth_dev *dev;
	int code;

	if (!rte_eth_dev_is_valid_port(port_id)) {
		refuse(error, ENODEV);
		return NULL;
	}
	dev = &rte_eth_devices[port_id];
	code = dev->dev_ops->flow_ops_get == NULL ? ENOSYS : dev->dev_ops->flow_ops_get(dev, &ops);
	if (code == 0 && ops == NULL)
		code = ENOSYS;
	if (code != 0) {
		refuse(error, code < 0 ? -code : code);
		return NULL;
	}
	return ops;
}

/* A driver that is not safe for several threads is called by one at a time. */
static void
enter(struct rte_eth_dev *dev)
{
	if ((dev->data->dev_flags & RTE_ETH_DEV_FLOW_OPS_THREAD_SAFE) == 0)
		pthread_mutex_lock(&dev->data->flow_ops_mutex);
}

static void
leave(struct rte_eth_dev *dev)
{
	if ((dev->data->dev_flags & RTE_ETH_DEV_FLOW_OPS_THREAD_SAFE) == 0)
		pthread_mutex_unlock(&dev->data->flow_ops_mutex);
}

/* What the driver said; that the device is gone explains whatever it said. */
static int
outcome(uint16_t port_id, int result, struct rte_flow_error *error)
{
	return result < 0 && rte_eth_dev_is_removed(port_id) ? refuse(error, EIO) : result;
}

/* The whole of a call that gives a number: `missing` is what to say when the driver does not have it. */
#define FLOW_CALL(missing, operation, ...) do { \
	const struct rte_flow_ops *ops = rte_flow_ops_get(port_id, error); \
	struct rte_eth_dev *dev; \
	int result; \
	if (ops == NULL) \
		return -rte_errno; \
	if (ops->operation == NULL) \
		return refuse(error, missing); \
	dev = &rte_eth_devices[port_id]; \
	enter(dev); \
	result = ops->operation(dev, ##__VA_ARGS__, error); \
	leave(dev); \
	return outcome(port_id, result, error); \
} while (0)

/* The same of one that makes an object. */
#define FLOW_MAKE(type, operation, ...) do { \
	const struct rte_flow_ops *ops = rte_flow_ops_get(port_id, error); \
	struct rte_eth_dev *dev; \
	type *made; \
	if (ops == NULL) \
		return NULL; \
	if (ops->operation == NULL) { \
		refuse(error, ENOSYS); \
		return NULL; \
	} \
	dev = &rte_eth_devices[port_id]; \
	enter(dev); \
	made = ops->operation(dev, __VA_ARGS__, error); \
	leave(dev); \
	if (made == NULL) \
		outcome(port_id, -rte_errno, error); \
	return made; \
} while (0)

int
rte_flow_validate(uint16_t port_id, const struct rte_flow_attr *attr, const struct rte_flow_item pattern[],
	const struct rte_flow_action actions[], struct rte_flow_error *error)
{
	if (attr != NULL && attr->transfer && (attr->ingress || attr->egress))
		return rte_flow_error_set(error, EINVAL, RTE_FLOW_ERROR_TYPE_ATTR, attr,
			"a rule of the switch (transfer) is neither ingress nor egress");
	FLOW_CALL(ENOSYS, validate, attr, pattern, actions);
}

struct rte_flow *
rte_flow_create(uint16_t port_id, const struct rte_flow_attr *attr, const struct rte_flow_item pattern[],
	const struct rte_flow_action actions[], struct rte_flow_error *error)
{
	FLOW_MAKE(struct rte_flow, create, attr, pattern, actions);
}

int
rte_flow_destroy(uint16_t port_id, struct rte_flow *flow, struct rte_flow_error *error)
{
	FLOW_CALL(ENOSYS, destroy, flow);
}

int
rte_flow_flush(uint16_t port_id, struct rte_flow_error *error)
{
	FLOW_CALL(ENOSYS, flush);
}

int
rte_flow_query(uint16_t port_id, struct rte_flow *flow, const struct rte_flow_action *action, void *data,
	struct rte_flow_error *error)
{
	FLOW_CALL(ENOSYS, query, flow, action, data);
}

int
rte_flow_isolate(uint16_t port_id, int set, struct rte_flow_error *error)
{
	FLOW_CALL(ENOSYS, isolate, set);
}

int
rte_flow_dev_dump(uint16_t port_id, struct rte_flow *flow, FILE *file, struct rte_flow_error *error)
{
	FLOW_CALL(ENOSYS, dev_dump, flow, file);
}

int
rte_flow_get_aged_flows(uint16_t port_id, void **contexts, uint32_t nb_contexts, struct rte_flow_error *error)
{
	FLOW_CALL(ENOTSUP, get_aged_flows, contexts, nb_contexts);
}

int
rte_flow_pick_transfer_proxy(uint16_t port_id, uint16_t *proxy_port_id, struct rte_flow_error *error)
{
	const struct rte_flow_ops *own = rte_flow_ops_get(port_id, error);

	if (own == NULL)
		return -rte_errno;
	if (proxy_port_id == NULL)
		return refuse(error, EINVAL);
	if (own->pick_transfer_proxy == NULL) {
		*proxy_port_id = port_id;
		return 0;
	}
	FLOW_CALL(ENOSYS, pick_transfer_proxy, proxy_port_id);
}

/* ---- Actions that rules share ---- */

struct rte_flow_action_handle *
rte_flow_action_handle_create(uint16_t port_id, const struct rte_flow_indir_action_conf *conf,
	const struct rte_flow_action *action, struct rte_flow_error *error)
{
	FLOW_MAKE(struct rte_flow_action_handle, action_handle_create, conf, action);
}

int
rte_flow_action_handle_destroy(uint16_t port_id, struct rte_flow_action_handle *handle, struct rte_flow_error *error)
{
	FLOW_CALL(ENOSYS, action_handle_destroy, handle);
}

int
rte_flow_action_handle_update(uint16_t port_id, struct rte_flow_action_handle *handle, const void *update,
	struct rte_flow_error *error)
{
	FLOW_CALL(ENOSYS, action_handle_update, handle, update);
}

int
rte_flow_action_handle_query(uint16_t port_id, const struct rte_flow_action_handle *handle, void *data,
	struct rte_flow_error *error)
{
	FLOW_CALL(ENOSYS, action_handle_query, handle, data);
}

/* ---- Tunnels ---- */

int
rte_flow_tunnel_decap_set(uint16_t port_id, struct rte_flow_tunnel *tunnel, struct rte_flow_action **actions,
	uint32_t *num_of_actions, struct rte_flow_error *error)
{
	FLOW_CALL(ENOTSUP, tunnel_decap_set, tunnel, actions, num_of_actions);
}

int
rte_flow_tunnel_match(uint16_t port_id, struct rte_flow_tunnel *tunnel, struct rte_flow_item **items,
	uint32_t *num_of_items, struct rte_flow_error *error)
{
	FLOW_CALL(ENOTSUP, tunnel_match, tunnel, items, num_of_items);
}

int
rte_flow_get_restore_info(uint16_t port_id, struct rte_mbuf *m, struct rte_flow_restore_info *info,
	struct rte_flow_error *error)
{
	FLOW_CALL(ENOTSUP, get_restore_info, m, info);
}

int
rte_flow_tunnel_action_decap_release(uint16_t port_id, struct rte_flow_action *actions, uint32_t num_of_actions,
	struct rte_flow_error *error)
{
	FLOW_CALL(ENOTSUP, tunnel_action_decap_release, actions, num_of_actions);
}

int
rte_flow_tunnel_item_release(uint16_t port_id, struct rte_flow_item *items, uint32_t num_of_items,
	struct rte_flow_error *error)
{
	FLOW_CALL(ENOTSUP, tunnel_item_release, items, num_of_items);
}

/* ---- Metadata ---- */

int
rte_flow_dynf_metadata_register(void)
{
	static const struct rte_mbuf_dynfield field = {
		.name = RTE_MBUF_DYNFIELD_METADATA_NAME, .size = sizeof(uint32_t), .align = __alignof__(uint32_t),
	};
	static const struct rte_mbuf_dynflag flag = {.name = RTE_MBUF_DYNFLAG_METADATA_NAME};
	const int offset = rte_mbuf_dynfield_register(&field);
	const int bit = offset < 0 ? -1 : rte_mbuf_dynflag_register(&flag);

	if (bit < 0) {
		rte_flow_dynf_metadata_offs = -1;
		rte_flow_dynf_metadata_mask = 0;
		return -rte_errno;
	}
	rte_flow_dynf_metadata_offs = offset;
	rte_flow_dynf_metadata_mask = RTE_BIT64(bit);
	return 0;
}
