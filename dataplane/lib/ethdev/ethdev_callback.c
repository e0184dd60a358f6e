/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Callbacks: on events of a port, and on the bursts of a queue.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/queue.h>

#include <rte_malloc.h>
#include <rte_spinlock.h>

#include "ethdev_private.h"

/* ---- Events ---- */

struct rte_eth_dev_callback {
	TAILQ_ENTRY(rte_eth_dev_callback) next;
	rte_eth_dev_cb_fn function;
	void *argument;
	enum rte_eth_event_type event;
	uint32_t running; /* calls in progress; it is not freed meanwhile */
};

/* Guards the lists of all ports, and running. Never held during a call. */
static rte_spinlock_t event_lock = RTE_SPINLOCK_INITIALIZER;

/*
 * Lists start zeroed, since the table of ports is static; they outlive ports, so that one can ask before a port
 * exists.
 */
static struct rte_eth_dev_cb_list *
list_of(struct rte_eth_dev *dev)
{
	if (dev->link_intr_cbs.tqh_last == NULL)
		TAILQ_INIT(&dev->link_intr_cbs);
	return &dev->link_intr_cbs;
}

static int
range_of(uint16_t port_id, uint16_t *first, uint16_t *last)
{
	*first = port_id == RTE_ETH_ALL ? 0 : port_id;
	*last = port_id == RTE_ETH_ALL ? RTE_MAX_ETHPORTS - 1 : port_id;
	return port_id == RTE_ETH_ALL || rte_eth_dev_is_valid_port(port_id);
}

static int
add(struct rte_eth_dev *dev, enum rte_eth_event_type event, rte_eth_dev_cb_fn function, void *argument)
{
	struct rte_eth_dev_callback *callback;

	TAILQ_FOREACH(callback, list_of(dev), next)
		if (callback->function == function && callback->argument == argument && callback->event == event)
			return 0;
	callback = calloc(1, sizeof(*callback));
	if (callback == NULL)
		return -ENOMEM;
	callback->function = function;
	callback->argument = argument;
	callback->event = event;
	TAILQ_INSERT_TAIL(list_of(dev), callback, next);
	return 0;
}

int
rte_eth_dev_callback_register(uint16_t port_id, enum rte_eth_event_type event, rte_eth_dev_cb_fn cb_fn, void *cb_arg)
{
	uint16_t first, last;
	int error = 0;

	if (cb_fn == NULL || !range_of(port_id, &first, &last)) {
		RTE_ETHDEV_LOG(ERR, "Port %u: no such port, or no function to call back\n", port_id);
		return -EINVAL;
	}
	rte_spinlock_lock(&event_lock);
	for (uint16_t i = first; i <= last && error == 0; i++)
		error = add(&rte_eth_devices[i], event, cb_fn, cb_arg);
	rte_spinlock_unlock(&event_lock);
	if (error != 0)
		rte_eth_dev_callback_unregister(port_id, event, cb_fn, cb_arg);
	return error;
}

static int
matches(const struct rte_eth_dev_callback *callback, enum rte_eth_event_type event, rte_eth_dev_cb_fn function,
	const void *argument)
{
	return callback->function == function && callback->event == event &&
		(argument == (void *)-1 || callback->argument == argument);
}

static int
drop(struct rte_eth_dev *dev, enum rte_eth_event_type event, rte_eth_dev_cb_fn function, const void *argument)
{
	struct rte_eth_dev_callback *callback, *next;
	int error = 0;

	for (callback = TAILQ_FIRST(list_of(dev)); callback != NULL; callback = next) {
		next = TAILQ_NEXT(callback, next);
		if (!matches(callback, event, function, argument))
			continue;
		if (callback->running > 0) {
			error = -EAGAIN;
			continue;
		}
		TAILQ_REMOVE(list_of(dev), callback, next);
		free(callback);
	}
	return error;
}

int
rte_eth_dev_callback_unregister(uint16_t port_id, enum rte_eth_event_type event, rte_eth_dev_cb_fn cb_fn, void *cb_arg)
{
	uint16_t first, last;
	int error = 0;

	if (cb_fn == NULL || !range_of(port_id, &first, &last)) {
		RTE_ETHDEV_LOG(ERR, "Port %u: no such port, or no function to forget\n", port_id);
		return -EINVAL;
	}
	rte_spinlock_lock(&event_lock);
	for (uint16_t i = first; i <= last; i++)
		if (drop(&rte_eth_devices[i], event, cb_fn, cb_arg) != 0)
			error = -EAGAIN;
	rte_spinlock_unlock(&event_lock);
	return error;
}

int
rte_eth_dev_callback_process(struct rte_eth_dev *dev, enum rte_eth_event_type event, void *ret_param)
{
	struct rte_eth_dev_callback *callback;
	int result = 0;

	rte_spinlock_lock(&event_lock);
	TAILQ_FOREACH(callback, list_of(dev), next) {
		if (callback->event != event)
			continue;
		callback->running++;
		rte_spinlock_unlock(&event_lock);
		result = callback->function(dev->data->port_id, event, callback->argument, ret_param);
		rte_spinlock_lock(&event_lock);
		callback->running--;
	}
	rte_spinlock_unlock(&event_lock);
	return result;
}

/* ---- Bursts ---- */

/* Guards changes of the chains. Bursts walk them without it: a link is complete before it is stored (release). */
static rte_spinlock_t chain_lock = RTE_SPINLOCK_INITIALIZER;

static struct rte_eth_rxtx_callback *
make_link(void *param)
{
	struct rte_eth_rxtx_callback *link = rte_zmalloc("ethdev burst callback", sizeof(*link), 0);

	if (link == NULL)
		rte_errno = ENOMEM;
	else
		link->param = param;
	return link;
}

static void
append(struct rte_eth_rxtx_callback **head, struct rte_eth_rxtx_callback *link)
{
	rte_spinlock_lock(&chain_lock);
	while (*head != NULL)
		head = &(*head)->next;
	__atomic_store_n(head, link, __ATOMIC_RELEASE);
	rte_spinlock_unlock(&chain_lock);
}

static struct rte_eth_dev *
check_rx(uint16_t port_id, uint16_t queue_id, rte_rx_callback_fn fn)
{
	if (fn != NULL && rte_eth_dev_is_valid_port(port_id) && queue_id < rte_eth_devices[port_id].data->nb_rx_queues)
		return &rte_eth_devices[port_id];
	rte_errno = EINVAL;
	return NULL;
}

const struct rte_eth_rxtx_callback *
rte_eth_add_rx_callback(uint16_t port_id, uint16_t queue_id, rte_rx_callback_fn fn, void *user_param)
{
	struct rte_eth_dev *dev = check_rx(port_id, queue_id, fn);
	struct rte_eth_rxtx_callback *link = dev != NULL ? make_link(user_param) : NULL;

	if (link == NULL)
		return NULL;
	link->fn.rx = fn;
	append(&dev->post_rx_burst_cbs[queue_id], link);
	return link;
}

const struct rte_eth_rxtx_callback *
rte_eth_add_first_rx_callback(uint16_t port_id, uint16_t queue_id, rte_rx_callback_fn fn, void *user_param)
{
	struct rte_eth_dev *dev = check_rx(port_id, queue_id, fn);
	struct rte_eth_rxtx_callback *link = dev != NULL ? make_link(user_param) : NULL;

	if (link == NULL)
		return NULL;
	link->fn.rx = fn;
	rte_spinlock_lock(&chain_lock);
	link->next = dev->post_rx_burst_cbs[queue_id];
	__atomic_store_n(&dev->post_rx_burst_cbs[queue_id], link, __ATOMIC_RELEASE);
	rte_spinlock_unlock(&chain_lock);
	return link;
}

const struct rte_eth_rxtx_callback *
rte_eth_add_tx_callback(uint16_t port_id, uint16_t queue_id, rte_tx_callback_fn fn, void *user_param)
{
	struct rte_eth_rxtx_callback *link;

	if (fn == NULL || !rte_eth_dev_is_valid_port(port_id) || queue_id >= rte_eth_devices[port_id].data->nb_tx_queues) {
		rte_errno = EINVAL;
		return NULL;
	}
	link = make_link(user_param);
	if (link == NULL)
		return NULL;
	link->fn.tx = fn;
	append(&rte_eth_devices[port_id].pre_tx_burst_cbs[queue_id], link);
	return link;
}

/* The link keeps its next pointer: a burst that stands on it walks on. */
static int
unlink_callback(struct rte_eth_rxtx_callback **head, const struct rte_eth_rxtx_callback *link)
{
	int error = -EINVAL;

	rte_spinlock_lock(&chain_lock);
	for (; *head != NULL; head = &(*head)->next)
		if (*head == link) {
			__atomic_store_n(head, link->next, __ATOMIC_RELAXED);
			error = 0;
			break;
		}
	rte_spinlock_unlock(&chain_lock);
	return error;
}

int
rte_eth_remove_rx_callback(uint16_t port_id, uint16_t queue_id, const struct rte_eth_rxtx_callback *user_cb)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (user_cb == NULL || queue_id >= dev->data->nb_rx_queues)
		return -EINVAL;
	return unlink_callback(&dev->post_rx_burst_cbs[queue_id], user_cb);
}

int
rte_eth_remove_tx_callback(uint16_t port_id, uint16_t queue_id, const struct rte_eth_rxtx_callback *user_cb)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (user_cb == NULL || queue_id >= dev->data->nb_tx_queues)
		return -EINVAL;
	return unlink_callback(&dev->pre_tx_burst_cbs[queue_id], user_cb);
}

/* Links behind this one may come and go meanwhile. */
static inline const struct rte_eth_rxtx_callback *
next_of(const struct rte_eth_rxtx_callback *link)
{
	return __atomic_load_n(&link->next, __ATOMIC_ACQUIRE);
}

uint16_t
rte_eth_call_rx_callbacks(uint16_t port_id, uint16_t queue_id, struct rte_mbuf **rx_pkts, uint16_t nb_rx, uint16_t nb_pkts,
	void *opaque)
{
	for (const struct rte_eth_rxtx_callback *link = opaque; link != NULL; link = next_of(link))
		nb_rx = link->fn.rx(port_id, queue_id, rx_pkts, nb_rx, nb_pkts, link->param);
	return nb_rx;
}

uint16_t
rte_eth_call_tx_callbacks(uint16_t port_id, uint16_t queue_id, struct rte_mbuf **tx_pkts, uint16_t nb_pkts, void *opaque)
{
	for (const struct rte_eth_rxtx_callback *link = opaque; link != NULL; link = next_of(link))
		nb_pkts = link->fn.tx(port_id, queue_id, tx_pkts, nb_pkts, link->param);
	return nb_pkts;
}
