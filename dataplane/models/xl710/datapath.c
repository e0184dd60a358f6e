/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Queues on and off, and rounds of work.
 */
#include "datapath.h"

#include <errno.h>
#include <stdlib.h>

#include "bytes.h"
#include "classifier_rules.h"
#include "data.h"

#define TPID_ORDINARY 0x8100
#define TPID_OUTER 0x88A8
#define TAG_CONTROL_OUTER 2 /* rows of GL_SWT_L2TAGCTRL; the ethertype is its upper half */
#define TAG_CONTROL_ORDINARY 3

int
xl710_datapath_create(struct xl710_port *port)
{
	struct xl710_datapath *data = calloc(1, sizeof(*data));

	if (data == NULL)
		return -ENOMEM;
	port->data = data;
	data->large = malloc(TSO_MAX + 2 * TSO_HEADERS_MAX + FRAME_MAX);
	data->reorder = malloc(FRAME_SIZE_MAX);
	if (data->large == NULL || data->reorder == NULL || frame_queue_create(&data->local) != 0 || fdir_create(&data->fdir) != 0) {
		xl710_datapath_destroy(port);
		return -ENOMEM;
	}
	data->rules.tpid = TPID_ORDINARY;
	data->rules.outer_tpid = TPID_OUTER;
	data->random = port->frame_faults.seed != 0 ? port->frame_faults.seed : UINT64_C(0x2545F4914F6CDD1D);
	return 0;
}

void
xl710_datapath_destroy(struct xl710_port *port)
{
	struct xl710_datapath *data = port->data;

	if (data == NULL)
		return;
	fdir_destroy(&data->fdir);
	frame_queue_destroy(&data->local);
	free(data->reorder);
	free(data->large);
	free(data);
	port->data = NULL;
}

void
xl710_datapath_reset(struct xl710_port *port, enum xl710_reset reset)
{
	struct xl710_datapath *data = port->data;

	while (data->tx_count != 0)
		xl710_tx_disable(port, data->tx_list[0]);
	while (data->rx_count != 0)
		xl710_rx_disable(port, data->rx_list[0]);
	frame_queue_clear(&data->local);
	if (reset < XL710_CORER)
		return;
	frame_queue_clear(&port->wire->inbound);
	data->reorder_length = 0;
	fdir_flush(&data->fdir);
	memset(&data->rules, 0, sizeof(data->rules));
	memset(data->tags_seen, 0, sizeof(data->tags_seen));
	data->rules.tpid = TPID_ORDINARY;
	data->rules.outer_tpid = TPID_OUTER;
}

void
xl710_datapath_tpids(struct xl710_port *port, uint16_t outer, uint16_t ordinary)
{
	if (outer != 0)
		port->data->rules.outer_tpid = outer;
	if (ordinary != 0)
		port->data->rules.tpid = ordinary;
}

int
xl710_datapath_udp_tunnel_add(struct xl710_port *port, uint16_t udp_port, uint8_t protocol)
{
	struct packet_rules *rules = &port->data->rules;

	for (unsigned int i = 0; i < rules->udp_tunnels; i++)
		if (rules->udp_tunnel_port[i] == udp_port)
			return -EEXIST;
	for (unsigned int i = 0; i < PACKET_UDP_TUNNELS; i++) {
		if (rules->udp_tunnel_port[i] != 0)
			continue;
		rules->udp_tunnel_port[i] = udp_port;
		rules->udp_tunnel_gpe[i] = protocol == 0x11;
		if (i >= rules->udp_tunnels)
			rules->udp_tunnels = (uint8_t)(i + 1);
		return (int)i;
	}
	return -ENOSPC;
}

int
xl710_datapath_udp_tunnel_remove(struct xl710_port *port, uint16_t index)
{
	struct packet_rules *rules = &port->data->rules;

	if (index >= PACKET_UDP_TUNNELS || rules->udp_tunnel_port[index] == 0)
		return -ENOENT;
	/* An entry of port 0 matches nothing that is sent, and keeps the others' places. */
	rules->udp_tunnel_port[index] = 0;
	return 0;
}

/* ---- queues ---- */

static void
list_add(uint16_t *list, uint16_t *count, uint16_t queue)
{
	uint16_t at = (*count)++;

	for (; at > 0 && list[at - 1] > queue; at--)
		list[at] = list[at - 1];
	list[at] = queue;
}

static void
list_remove(uint16_t *list, uint16_t *count, uint16_t queue)
{
	uint16_t kept = 0;

	for (uint16_t i = 0; i < *count; i++)
		if (list[i] != queue)
			list[kept++] = list[i];
	*count = kept;
}

/* There, and aligned here as in bus addresses: the map that says where memory is, is the driver's, too. */
static bool
usable(const void *memory, unsigned int alignment)
{
	return memory != NULL && (uintptr_t)memory % alignment == 0;
}

int
xl710_tx_enable(struct xl710_port *port, uint16_t queue, const struct xl710_tx_context *context)
{
	struct xl710_datapath *data = port->data;
	struct tx_queue *tx = &data->tx[queue];
	uint64_t frames = tx->frames, segments = tx->segments;

	xl710_tx_disable(port, queue);
	if (context->qlen == 0 || context->base % 16 != 0 || context->vsi >= XL710_VSIS)
		return -EINVAL;
	memset(tx, 0, sizeof(*tx));
	tx->frames = frames;
	tx->segments = segments;
	tx->context = *context;
	tx->ring = xl710_dma(port->dma, context->base, 16u * context->qlen);
	if (!usable(tx->ring, 8))
		return -EFAULT;
	if (context->head_wb) {
		if (context->head_wb_address % 4 != 0)
			return -EINVAL;
		tx->head_wb = xl710_dma(port->dma, context->head_wb_address, sizeof(uint32_t));
		if (!usable(tx->head_wb, 4))
			return -EFAULT;
	}
	tx->on = true;
	list_add(data->tx_list, &data->tx_count, queue);
	return 0;
}

int
xl710_rx_enable(struct xl710_port *port, uint16_t queue, const struct xl710_rx_context *context)
{
	struct xl710_datapath *data = port->data;
	struct rx_queue *rx = &data->rx[queue];
	uint64_t frames = rx->frames, discards = rx->discards, errors = rx->errors;

	xl710_rx_disable(port, queue);
	if (context->qlen == 0 || context->base % 16 != 0 || context->vsi >= XL710_VSIS || context->buffer_size == 0)
		return -EINVAL;
	if (context->split != 0)
		return -ENOTSUP;
	memset(rx, 0, sizeof(*rx));
	rx->frames = frames;
	rx->discards = discards;
	rx->errors = errors;
	rx->context = *context;
	rx->ring = xl710_dma(port->dma, context->base, (context->long_descriptors ? 32u : 16u) * context->qlen);
	if (!usable(rx->ring, 8))
		return -EFAULT;
	rx->on = true;
	list_add(data->rx_list, &data->rx_count, queue);
	return 0;
}

void
xl710_tx_disable(struct xl710_port *port, uint16_t queue)
{
	struct xl710_datapath *data = port->data;

	if (!data->tx[queue].on)
		return;
	data->tx[queue].on = false;
	list_remove(data->tx_list, &data->tx_count, queue);
}

void
xl710_rx_disable(struct xl710_port *port, uint16_t queue)
{
	struct xl710_datapath *data = port->data;

	if (!data->rx[queue].on)
		return;
	data->rx[queue].on = false;
	list_remove(data->rx_list, &data->rx_count, queue);
}

/* A ring that is not there any more stops its queue; nobody has done wrong. */
void
xl710_datapath_remapped(struct xl710_port *port)
{
	struct xl710_datapath *data = port->data;

	for (uint16_t i = 0; i < data->tx_count; i++) {
		struct tx_queue *tx = &data->tx[data->tx_list[i]];

		tx->ring = xl710_dma(port->dma, tx->context.base, 16u * tx->context.qlen);
		tx->head_wb = tx->context.head_wb ? xl710_dma(port->dma, tx->context.head_wb_address, sizeof(uint32_t)) : NULL;
		if (!usable(tx->ring, 8) || (tx->context.head_wb && !usable(tx->head_wb, 4)))
			tx->stopped = true;
	}
	for (uint16_t i = 0; i < data->rx_count; i++) {
		struct rx_queue *rx = &data->rx[data->rx_list[i]];

		rx->ring = xl710_dma(port->dma, rx->context.base, (rx->context.long_descriptors ? 32u : 16u) * rx->context.qlen);
		if (!usable(rx->ring, 8))
			rx->stopped = true;
	}
}

/* ---- rounds ---- */

static void
look_at_registers(struct xl710_port *port)
{
	struct xl710_datapath *data = port->data;
	uint32_t outer = reg_get(port, XR_AT(GL_SWT_L2TAGCTRL, TAG_CONTROL_OUTER));
	uint32_t ordinary = reg_get(port, XR_AT(GL_SWT_L2TAGCTRL, TAG_CONTROL_ORDINARY));

	if (unlikely((reg_get(port, XR_PFQF_CTL_1) & XF_PFQF_CTL_1_CLEARFDTABLE) != 0)) {
		fdir_flush(&data->fdir);
		fdir_publish(&data->fdir, port);
		reg_set(port, XR_PFQF_CTL_1, 0);
	}
	if (unlikely(outer != data->tags_seen[0] || ordinary != data->tags_seen[1])) {
		xl710_datapath_tpids(port, outer != data->tags_seen[0] ? (uint16_t)(outer >> 16) : 0,
			ordinary != data->tags_seen[1] ? (uint16_t)(ordinary >> 16) : 0);
		data->tags_seen[0] = outer;
		data->tags_seen[1] = ordinary;
	}
}

unsigned int
xl710_datapath_poll(struct xl710_port *port, unsigned int budget)
{
	struct xl710_datapath *data = port->data;
	struct xl710_wire *wire = port->wire;
	unsigned int moved = 0;

	look_at_registers(port);
	/* Each queue has the whole budget: what is received and sent on must not come faster than it goes. */
	for (uint16_t i = 0; i < data->tx_count; i++) {
		uint16_t at = (uint16_t)((data->next_tx + i) % data->tx_count);

		moved += tx_poll(port, data->tx_list[at], budget);
	}
	data->next_tx++;
	if (wire->kind != NULL && wire->outbound.count != 0) {
		wire->kind->drain(wire);
		moved += moved == 0; /* whoever waited for room may go on */
	}
	/* What plays once waits for somebody who listens. */
	if (wire->kind != NULL && wire->kind->fill != NULL && port->link_up && data->rx_count != 0)
		wire->kind->fill(wire, budget);
	moved += rx_poll(port, budget);
	if (moved != 0 || port->stats.dirty)
		xl710_stats_publish(port);
	return moved;
}

void
xl710_datapath_json(const struct xl710_port *port, FILE *out)
{
	const struct xl710_datapath *data = port->data;
	const char *separator = "";

	fprintf(out, "\"rxFiltered\":%llu,\"rxTooLong\":%llu,\"rxQueueOff\":%llu,\"flowDirectorFilters\":%u,",
		(unsigned long long)data->rx_filtered, (unsigned long long)data->rx_too_long, (unsigned long long)data->rx_off,
		data->fdir.count);
	fprintf(out, "\"faults\":{\"dropped\":%llu,\"corrupted\":%llu,\"reordered\":%llu,\"heldTx\":%llu,\"heldRx\":%llu},",
		(unsigned long long)data->faults_dropped, (unsigned long long)data->faults_corrupted, (unsigned long long)data->faults_reordered,
		(unsigned long long)data->faults_held_tx, (unsigned long long)data->faults_held_rx);
	fprintf(out, "\"queues\":[");
	for (unsigned int i = 0; i < XL710_QUEUES; i++) {
		const struct tx_queue *tx = &data->tx[i];
		const struct rx_queue *rx = &data->rx[i];

		if (!tx->on && !rx->on && tx->frames + rx->frames + rx->discards == 0)
			continue;
		fprintf(out, "%s{\"queue\":%u,\"tx\":%llu,\"segments\":%llu,\"rx\":%llu,\"rxDiscards\":%llu,\"rxErrors\":%llu,"
			"\"txStopped\":%s,\"rxStopped\":%s}", separator, i, (unsigned long long)tx->frames,
			(unsigned long long)tx->segments, (unsigned long long)rx->frames, (unsigned long long)rx->discards,
			(unsigned long long)rx->errors, tx->stopped ? "true" : "false", rx->stopped ? "true" : "false");
		separator = ",";
	}
	fprintf(out, "],");
	if (port->wire->kind != NULL && port->wire->kind->json != NULL)
		port->wire->kind->json(port->wire, out);
}
