/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A receive ring: frames into the driver's buffers, then what is to be known of them into its descriptors. Descriptors are written
 * back together at the end of a round, in ring order, and of each the quadword with DD last.
 */
#include "bytes.h"
#include "data.h"
#include "fcs.h"
#include "rx_descriptor.h"

static void
rx_stop(struct xl710_port *port, uint16_t number, uint8_t event)
{
	port->data->rx[number].stopped = true;
	xl710_malicious(port, XL710_RX, number, event);
}

/* Descriptors the device may fill. */
static unsigned int
rx_free(const struct xl710_port *port, const struct rx_queue *queue, uint16_t number)
{
	uint32_t tail = reg_get(port, XR_AT(QRX_TAIL, number));

	return tail >= queue->head ? tail - queue->head : tail + queue->context.qlen - queue->head;
}

static void
write_back(const struct xl710_port *port, const struct rx_done *done)
{
	const struct rx_queue *queue = &port->data->rx[done->queue];
	uint64_t *descriptor;

	if (!queue->on)
		return;
	if (queue->context.long_descriptors) {
		descriptor = (uint64_t *)(void *)(queue->ring + 32u * done->index);
		descriptor[2] = done->word[2];
		descriptor[3] = done->word[3];
	} else {
		descriptor = (uint64_t *)(void *)(queue->ring + 16u * done->index);
	}
	descriptor[0] = done->word[0];
	__atomic_store_n(&descriptor[1], done->word[1], __ATOMIC_RELEASE);
}

void
rx_flush(struct xl710_port *port)
{
	struct xl710_datapath *data = port->data;
	uint16_t last = XL710_VSI_NONE;

	for (unsigned int i = 0; i < data->done_count; i++)
		write_back(port, &data->done[i]);
	for (unsigned int i = 0; i < data->done_count; i++) {
		uint16_t queue = data->done[i].queue;

		if (queue != last)
			xl710_irq_queue(port, XL710_RX, queue);
		last = queue;
	}
	data->done_count = 0;
}

static struct rx_done *
next_done(struct xl710_port *port, struct rx_queue *queue, uint16_t number)
{
	struct xl710_datapath *data = port->data;
	struct rx_done *done;

	if (data->done_count == RX_DONE)
		rx_flush(port);
	done = &data->done[data->done_count++];
	done->queue = number;
	done->index = queue->head;
	if (++queue->head == queue->context.qlen)
		queue->head = 0;
	memset(done->word, 0, sizeof(done->word));
	return done;
}

/* The bytes [from, from + size) of the frame as it is delivered: without `skip` bytes behind the addresses, perhaps with its FCS. */
static void
copy_part(uint8_t *to, const uint8_t *frame, uint32_t length, uint32_t skip, const uint8_t fcs[4], uint32_t from, uint32_t size)
{
	uint32_t body = length - skip;

	if (skip != 0 && from < 12) {
		uint32_t part = size < 12 - from ? size : 12 - from;

		memcpy(to, frame + from, part);
		to += part;
		from += part;
		size -= part;
	}
	if (from < body) {
		uint32_t part = size < body - from ? size : body - from;

		frame_copy(to, frame + skip + from, part);
		to += part;
		from += part;
		size -= part;
	}
	if (size != 0)
		memcpy(to, fcs + (from - body), size);
}

enum rx_result
rx_write(struct xl710_port *port, uint16_t number, const uint8_t *frame, uint32_t length, uint32_t skip, const struct rx_facts *facts)
{
	struct rx_queue *queue = &port->data->rx[number];
	const struct xl710_rx_context *context = &queue->context;
	uint32_t total = length - skip + (context->strip_crc ? 0 : 4), need, at = 0;
	uint32_t tail = reg_get(port, XR_AT(QRX_TAIL, number)), index = queue->head;
	uint8_t *buffers[RX_CHAIN], fcs[4] = { 0 };

	if (tail >= context->qlen) {
		rx_stop(port, number, EVENT_TAIL);
		return RX_DROPPED;
	}
	if (length + 4 > context->max_frame || total > RX_CHAIN * context->buffer_size) {
		queue->errors++;
		port->data->rx_too_long++;
		return RX_DROPPED;
	}
	need = (total + context->buffer_size - 1) / context->buffer_size;
	if (need > rx_free(port, queue, number)) {
		port->data->held_need = (uint16_t)need;
		return RX_NO_ROOM;
	}
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	for (uint32_t i = 0; i < need; i++) {
		uint32_t size = total - i * context->buffer_size;
		uint64_t address;

		memcpy(&address, queue->ring + (context->long_descriptors ? 32u : 16u) * index, 8);
		buffers[i] = xl710_dma(port->dma, address, size < context->buffer_size ? size : context->buffer_size);
		if (buffers[i] == NULL) {
			rx_stop(port, number, EVENT_ADDRESS);
			return RX_DROPPED;
		}
		if (++index == context->qlen)
			index = 0;
	}
	if (!context->strip_crc)
		store32le(fcs, fcs_of(frame, length));
	for (uint32_t i = 0; i < need; i++) {
		uint32_t size = total - at < context->buffer_size ? total - at : context->buffer_size;
		struct rx_done *done = next_done(port, queue, number);

		if (likely(skip == 0 && size == length))
			frame_copy(buffers[i], frame, length);
		else
			copy_part(buffers[i], frame, length, skip, fcs, at, size);
		at += size;
		done->word[1] = RX_DD | (uint64_t)size << RX_LENGTH_SHIFT;
		if (i + 1 < need)
			continue;
		done->word[0] = (uint64_t)facts->tag1 << 16 | (uint64_t)facts->hash << 32;
		done->word[1] |= RX_EOF | facts->status | (context->strip_crc ? 0 : RX_CRCP);
		done->word[2] = facts->extended | (uint64_t)facts->tag2 << 48;
		done->word[3] = facts->flex_low | (uint64_t)facts->flex_high << 32;
	}
	queue->frames++;
	return RX_DELIVERED;
}

void
rx_program_status(struct xl710_port *port, uint16_t number, uint32_t error, uint32_t id)
{
	struct rx_queue *queue;
	struct rx_done *done;

	if (number >= XL710_QUEUES)
		return;
	queue = &port->data->rx[number];
	if (!queue->on || queue->stopped)
		return;
	if (reg_get(port, XR_AT(QRX_TAIL, number)) >= queue->context.qlen) {
		rx_stop(port, number, EVENT_TAIL);
		return;
	}
	if (rx_free(port, queue, number) == 0)
		return; /* nobody listens */
	done = next_done(port, queue, number);
	done->word[0] = (uint64_t)id << 32;
	done->word[1] = RX_DD | RX_PROGRAM_FD | (uint64_t)error << RX_ERROR_SHIFT | RX_PROGRAM_LENGTH;
	rx_flush(port);
}
