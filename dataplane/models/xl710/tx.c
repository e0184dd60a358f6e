/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A transmit ring: descriptors are copied, a window at a time, checked, and only the copies are used. A frame is sent whole or its queue
 * is stopped; a tail in the middle of a frame waits for the rest.
 */
#include "tx_frame.h"

#include "bytes.h"

/* What a pass over a window has done. */
struct tx_pass {
	struct tx_descriptor window[TX_WINDOW];
	const uint8_t *bytes[TX_WINDOW]; /* where each data descriptor's buffer is, or NULL */
	uint16_t report[TX_WINDOW];      /* ring indices that want to be marked done */
	unsigned int loaded, reports;
};

static void
tx_stop(struct xl710_port *port, uint16_t number, uint8_t event)
{
	port->data->tx[number].stopped = true;
	xl710_malicious(port, XL710_TX, number, event);
}

/* Copies descriptors from `from` on up to `to` of those behind the head, and asks for what they point to. */
static void
tx_load(struct xl710_port *port, const struct tx_queue *queue, struct tx_pass *pass, unsigned int to)
{
	unsigned int index = queue->head + pass->loaded;

	if (index >= queue->context.qlen)
		index -= queue->context.qlen;
	for (; pass->loaded < to; pass->loaded++) {
		struct tx_descriptor *descriptor = &pass->window[pass->loaded];

		memcpy(descriptor, queue->ring + 16u * index, 16);
		pass->bytes[pass->loaded] = NULL;
		if ((descriptor->command & TX_TYPE_MASK) == TX_TYPE_DATA) {
			uint32_t size = tx_size(descriptor);

			pass->bytes[pass->loaded] = size == 0 ? NULL : xl710_dma(port->dma, descriptor->address, size);
			if (pass->bytes[pass->loaded] != NULL)
				__builtin_prefetch(pass->bytes[pass->loaded]);
		}
		if (++index == queue->context.qlen)
			index = 0;
	}
}

/* Marks what asked for it as done, in ring order. */
static void
tx_report(struct tx_queue *queue, struct tx_pass *pass)
{
	if (queue->head_wb != NULL) {
		if (pass->reports != 0)
			__atomic_store_n(queue->head_wb, queue->head, __ATOMIC_RELEASE);
		return;
	}
	for (unsigned int i = 0; i < pass->reports; i++)
		__atomic_store_n((uint64_t *)(void *)(queue->ring + 16u * pass->report[i] + 8), TX_TYPE_DONE, __ATOMIC_RELEASE);
}

/* The frame that begins at window[at]: 0 and frame->used descriptors, 1 when its end is not there yet, or minus an event. */
static int
tx_collect(const struct tx_queue *queue, const struct tx_pass *pass, unsigned int at, struct tx_frame *frame)
{
	unsigned int i = at;

	memset(frame, 0, offsetof(struct tx_frame, first));
	for (; i < pass->loaded; i++) {
		const struct tx_descriptor *descriptor = &pass->window[i];
		unsigned int type = descriptor->command & TX_TYPE_MASK;

		if (type == TX_TYPE_CONTEXT || type == TX_TYPE_PROGRAM) {
			if (frame->count != 0)
				return -EVENT_DESCRIPTOR_TYPE;
			if (type == TX_TYPE_PROGRAM) {
				/* It is on its own in the ring: its frame is the next. */
				if (!queue->context.fd_ena)
					return -EVENT_NO_PROGRAMMING;
				frame->program = descriptor;
				frame->used = i - at + 1;
				return 0;
			}
			if ((descriptor->command >> 4 & 0xFFFF) == 0 && descriptor->address == 0) {
				/* Nothing to say: a NOP. */
				if (frame->context != NULL)
					return -EVENT_CONTEXT;
				frame->used = i - at + 1;
				return 0;
			}
			if (frame->context != NULL)
				return -EVENT_CONTEXT;
			frame->context = descriptor;
			continue;
		}
		if (type != TX_TYPE_DATA)
			return -EVENT_DESCRIPTOR_TYPE;
		if (tx_size(descriptor) == 0)
			return -EVENT_BUFFER_SIZE;
		if (pass->bytes[i] == NULL)
			return -EVENT_ADDRESS;
		if (frame->count == 0) {
			frame->first = descriptor;
			frame->bytes = &pass->bytes[i];
		}
		frame->count++;
		frame->length += tx_size(descriptor);
		if ((descriptor->command & TX_EOP) != 0) {
			frame->used = i - at + 1;
			return frame->used > TX_FRAME_DESCRIPTORS && !tx_is_large(frame) ? -EVENT_TOO_MANY : 0;
		}
		if (i - at + 1 >= TX_FRAME_DESCRIPTORS && (frame->context == NULL || !tx_is_large(frame)))
			return -EVENT_TOO_MANY;
	}
	return pass->loaded - at >= TX_WINDOW - 1 ? -EVENT_TOO_MANY : 1;
}

/* The plain case: one buffer, nothing to be done to it. */
static bool
tx_is_plain(const struct tx_queue *queue, const struct tx_descriptor *descriptor)
{
	return (descriptor->command & (TX_TYPE_MASK | TX_EOP | TX_OFFLOADS)) == TX_EOP && !queue->programs;
}

/* Sends the frame at window[at]. Descriptors used, 0 when there is nothing whole or no room, or minus an event. */
static int
tx_one(struct xl710_port *port, struct tx_queue *queue, struct tx_pass *pass, unsigned int at)
{
	const struct tx_descriptor *first = &pass->window[at];
	struct tx_frame frame;
	int result;

	if (likely(tx_is_plain(queue, first) && pass->bytes[at] != NULL)) {
		result = tx_send_plain(port, queue, pass->bytes[at], tx_size(first));
		return result > 0 ? 1 : result;
	}
	result = tx_collect(queue, pass, at, &frame);
	if (result != 0)
		return result < 0 ? result : 0;
	if (frame.program != NULL) {
		queue->program = *frame.program;
		queue->programs = true;
		return (int)frame.used;
	}
	if (frame.count == 0)
		return (int)frame.used;
	result = tx_send_frame(port, queue, &frame);
	return result > 0 ? (int)frame.used : result;
}

unsigned int
tx_poll(struct xl710_port *port, uint16_t number, unsigned int budget)
{
	struct tx_queue *queue = &port->data->tx[number];
	uint16_t qlen = queue->context.qlen;
	uint32_t tail = reg_get(port, XR_AT(QTX_TAIL, number));
	unsigned int available, at = 0, done = 0;
	struct tx_pass pass;
	int used = 0;

	if (tail == queue->head || queue->stopped)
		return 0;
	if (number + 1u == port->faults.stalled_tx) {
		port->data->faults_held_tx++;
		return 0;
	}
	if (tail >= qlen) {
		tx_stop(port, number, EVENT_TAIL);
		return 1;
	}
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	available = tail >= queue->head ? tail - queue->head : tail + qlen - queue->head;
	if (available > TX_WINDOW)
		available = TX_WINDOW;
	pass.loaded = 0;
	pass.reports = 0;
	tx_load(port, queue, &pass, available < budget ? available : budget);
	while (done < budget && at < available) {
		used = at < pass.loaded ? tx_one(port, queue, &pass, at) : 0;
		if (used == 0 && pass.loaded < available) {
			/* The rest of a frame lies beyond what was loaded. */
			tx_load(port, queue, &pass, available);
			used = tx_one(port, queue, &pass, at);
		}
		if (used <= 0)
			break;
		for (unsigned int end = at + (unsigned int)used; at < end; at++)
			if ((pass.window[at].command & TX_RS) != 0 && (pass.window[at].command & TX_TYPE_MASK) == TX_TYPE_DATA)
				pass.report[pass.reports++] = (uint16_t)((queue->head + at) % qlen);
		done++;
	}
	if (at != 0) {
		queue->head = (uint16_t)((queue->head + at) % qlen);
		tx_report(queue, &pass);
		reg_set(port, XR_AT(QTX_HEAD, number), queue->head);
		if (pass.reports != 0)
			xl710_irq_queue(port, XL710_TX, number);
	}
	if (used < 0)
		tx_stop(port, number, (uint8_t)-used);
	return done + (used < 0);
}
