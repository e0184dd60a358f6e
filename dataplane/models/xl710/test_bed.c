/* SPDX-License-Identifier: BSD-3-Clause */
#include "test_bed.h"

#include "checksum.h"
#include "os.h"

struct bed bed;

static const uint64_t iovas[BED_CHUNKS] = { 0x1234400000, 0x00A7600000, 0x2F00000000 };

/* ---- what the control side is elsewhere ---- */

void *
xl710_dma_find(struct xl710_dma *dma, uint64_t iova, size_t length)
{
	(void)iova;
	(void)length;
	dma->misses++;
	return NULL;
}

void
xl710_switch_lookup(struct xl710_port *port, uint16_t from, const struct xl710_frame_address *address, struct xl710_vsi_set *set,
	bool *to_wire)
{
	bool group = (address->mac[0] & 1) != 0;

	set->count = 0;
	if (from == XL710_VSI_NONE && (bed.promiscuous || group || memcmp(address->mac, port->mac, 6) == 0)) {
		set->vsis[set->count++] = BED_VSI;
		if (bed.both)
			set->vsis[set->count++] = BED_OTHER_VSI;
	}
	if (from == BED_OTHER_VSI && memcmp(address->mac, port->mac, 6) == 0)
		set->vsis[set->count++] = BED_VSI;
	if (to_wire != NULL)
		*to_wire = set->count == 0;
}

uint16_t
xl710_vsi_queue(const struct xl710_vsi *vsi, uint16_t index)
{
	return index < BED_QUEUES ? (uint16_t)(vsi->queues[0] + index) : XL710_VSI_NONE;
}

uint32_t
xl710_switch_generation(const struct xl710_port *port)
{
	(void)port;
	return bed.generation;
}

bool
xl710_switch_tx_dropped(const struct xl710_port *port, uint16_t from, const uint8_t mac[6], uint16_t ethertype)
{
	(void)port;
	(void)from;
	(void)mac;
	return ethertype == 0x8808;
}

void
xl710_irq_queue(struct xl710_port *port, enum xl710_direction direction, uint16_t queue)
{
	(void)port;
	(void)direction;
	(void)queue;
	bed.interrupts++;
}

void
xl710_malicious(struct xl710_port *port, enum xl710_direction direction, uint16_t queue, uint8_t event)
{
	(void)port;
	(void)direction;
	(void)queue;
	bed.malicious++;
	bed.event = event;
}

void
xl710_stats_publish(struct xl710_port *port)
{
	port->stats.dirty = false;
}

uint64_t
xl710_now_us(void)
{
	return bed.now_us;
}

/* ---- the bed ---- */

static void *
zeroed(size_t size)
{
	void *memory = calloc(1, size);

	if (memory == NULL)
		abort();
	return memory;
}

void
bed_open(const char *wire)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };

	memset(&bed, 0, sizeof(bed));
	bed.bar = zeroed(XL710_BAR_SIZE);
	bed.memory = zeroed(BED_CHUNKS * XL710_DMA_GRANULE);
	for (unsigned int i = 0; i < XL710_DMA_SLOTS; i++)
		bed.dma.slots[i].granule = UINT64_MAX;
	for (unsigned int i = 0; i < BED_CHUNKS; i++) {
		uint64_t granule = iovas[i] >> XL710_DMA_GRANULE_BITS;

		*xl710_dma_slot(&bed.dma, granule) = (struct xl710_dma_slot){
			.granule = granule, .base = bed.memory + i * XL710_DMA_GRANULE, .valid = XL710_DMA_GRANULE,
		};
	}
	bed.port.bar = bed.bar;
	bed.port.dma = &bed.dma;
	bed.port.vsis = bed.vsis;
	bed.port.link_up = true;
	bed.port.max_frame = 9728;
	memcpy(bed.port.mac, mac, 6);
	for (unsigned int i = 0; i < 2; i++) {
		struct xl710_vsi *vsi = &bed.vsis[BED_VSI + i];

		vsi->used = true;
		vsi->accept = 3;
		vsi->tag_mode = XL710_TAG_LEAVE;
		vsi->queues[0] = (uint16_t)(BED_FIRST_QUEUE + i * BED_QUEUES);
		vsi->tcs[0].count = BED_QUEUES;
		vsi->stat_index = (uint16_t)(BED_VSI + i);
	}
	if (xl710_wire_open(&bed.port, wire, NULL) != 0 || xl710_datapath_create(&bed.port) != 0)
		abort();
}

void
bed_close(void)
{
	xl710_datapath_destroy(&bed.port);
	xl710_wire_close(&bed.port);
	free(bed.bar);
	free(bed.memory);
}

uint64_t
bed_iova(unsigned int chunk, uint32_t offset)
{
	return iovas[chunk] + offset;
}

uint8_t *
bed_bytes(unsigned int chunk, uint32_t offset)
{
	return bed.memory + chunk * XL710_DMA_GRANULE + offset;
}

/* Rings of queue q begin at q * 16 KiB: 8 KiB for each direction. */
static uint32_t
ring_at(uint16_t queue, bool rx)
{
	return queue * 16384u + (rx ? 8192u : 0);
}

void
bed_tx_on(uint16_t queue, uint16_t qlen, bool programs)
{
	struct xl710_tx_context context = {
		.base = bed_iova(0, ring_at(queue, false)), .qlen = qlen, .fd_ena = programs, .vsi = BED_VSI,
	};

	bed.tx_tail[queue] = 0;
	reg_set(&bed.port, XR_AT(QTX_TAIL, queue), 0);
	if (xl710_tx_enable(&bed.port, queue, &context) != 0)
		abort();
}

void
bed_rx_on(uint16_t queue, bool long_form, uint16_t buffer, bool strip_crc)
{
	struct xl710_rx_context context = {
		.base = bed_iova(0, ring_at(queue, true)), .qlen = BED_RING, .buffer_size = buffer, .max_frame = 9728,
		.long_descriptors = long_form, .strip_crc = strip_crc, .l2tsel = true, .vsi = BED_VSI,
	};

	if (xl710_rx_enable(&bed.port, queue, &context) != 0)
		abort();
	for (uint16_t i = 0; i < BED_RING; i++)
		bed_rx_rearm(queue, i);
	bed.rx_tail[queue] = BED_RING - 1;
	reg_set(&bed.port, XR_AT(QRX_TAIL, queue), BED_RING - 1);
}

void
bed_rx_rearm(uint16_t queue, uint16_t index)
{
	uint64_t *descriptor = bed_rx_descriptor(queue, index);

	memset(descriptor, 0, bed.port.data->rx[queue].context.long_descriptors ? 32 : 16);
	descriptor[0] = bed_iova(2, (uint32_t)(bed_rx_buffer(queue, index) - bed_bytes(2, 0)));
}

uint64_t *
bed_tx_descriptor(uint16_t queue, uint16_t index)
{
	return (uint64_t *)(void *)bed_bytes(0, ring_at(queue, false) + 16u * index);
}

uint64_t *
bed_rx_descriptor(uint16_t queue, uint16_t index)
{
	uint32_t size = bed.port.data->rx[queue].context.long_descriptors ? 32 : 16;

	return (uint64_t *)(void *)bed_bytes(0, ring_at(queue, true) + size * index);
}

/* Receive buffers of queues share a chunk: those of 8 queues are apart. */
uint8_t *
bed_rx_buffer(uint16_t queue, uint16_t index)
{
	return bed_bytes(2, ((queue % 8u) * BED_RING + index) * BED_BUFFER);
}

void
bed_tx_put(uint16_t queue, uint64_t address, uint64_t command)
{
	uint64_t *descriptor = bed_tx_descriptor(queue, bed.tx_tail[queue]);

	descriptor[0] = address;
	descriptor[1] = command;
	bed.tx_tail[queue] = (uint16_t)((bed.tx_tail[queue] + 1) % bed.port.data->tx[queue].context.qlen);
}

void
bed_tx_tail(uint16_t queue)
{
	reg_set(&bed.port, XR_AT(QTX_TAIL, queue), bed.tx_tail[queue]);
}

void
bed_send(uint16_t queue, const void *frame, uint32_t length, uint64_t command)
{
	uint32_t at = bed.tx_tail[queue] * 16384u;

	memcpy(bed_bytes(1, at), frame, length);
	bed_tx_put(queue, bed_iova(1, at), DATA(length, command));
	bed_tx_tail(queue);
}

void
bed_run(void)
{
	while (xl710_datapath_poll(&bed.port, 32) != 0)
		;
}

void
bed_udp(uint8_t *frame, uint32_t length, uint16_t flow)
{
	static const uint8_t headers[42] = {
		2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9, 8, 0,
		0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 17, 0, 0, 10, 0, 0, 0, 10, 1, 0, 0,
	};

	memcpy(frame, headers, sizeof(headers));
	for (uint32_t i = sizeof(headers); i < length; i++)
		frame[i] = (uint8_t)(i + flow);
	store16be(frame + 16, (uint16_t)(length - 14));
	store16be(frame + 28, flow);
	store16be(frame + 32, (uint16_t)(flow * 3));
	store16be(frame + 34, (uint16_t)(1000 + flow));
	store16be(frame + 36, 53);
	store16be(frame + 38, (uint16_t)(length - 34));
	checksum_insert_ipv4(frame + 14, 20);
	checksum_insert_l4(frame + 34, length - 34, PROTOCOL_UDP, checksum_pseudo(frame + 14, 4, PROTOCOL_UDP, length - 34));
}
