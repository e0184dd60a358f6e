/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A port for tests of the data path alone: BAR0 and the driver's memory are plain memory, at bus addresses that say nothing of where they
 * are; the switch is one line, and what the control side would be told is counted.
 */
#ifndef XL710_TEST_BED_H
#define XL710_TEST_BED_H

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "data.h"
#include "rx_descriptor.h"
#include "tx_frame.h"

#define BED_CHUNKS 3u
#define BED_VSI 5
#define BED_OTHER_VSI 6
#define BED_FIRST_QUEUE 1
#define BED_QUEUES 16
#define BED_RING 64u
#define BED_BUFFER 2048u

struct bed {
	struct xl710_port port;
	struct xl710_dma dma;
	uint8_t *bar, *memory;
	struct xl710_vsi vsis[XL710_VSIS];
	unsigned int malicious, interrupts;
	uint8_t event;
	bool promiscuous, both;
	uint32_t generation;
	uint64_t now_us;
	uint16_t tx_tail[XL710_QUEUES], rx_tail[XL710_QUEUES];
};

extern struct bed bed;

/* A port with link, the wire by `wire`, no queues. */
void bed_open(const char *wire);
void bed_close(void);

/* The bus address of byte `offset` of chunk `chunk`, and the byte. Rings lie in chunk 0, transmit buffers in 1, receive buffers in 2. */
uint64_t bed_iova(unsigned int chunk, uint32_t offset);
uint8_t *bed_bytes(unsigned int chunk, uint32_t offset);

void bed_tx_on(uint16_t queue, uint16_t qlen, bool programs);
/* With BED_RING descriptors, 32 bytes each if `long_form`, and buffers of `buffer` bytes; all but one are the device's. */
void bed_rx_on(uint16_t queue, bool long_form, uint16_t buffer, bool strip_crc);

uint64_t *bed_tx_descriptor(uint16_t queue, uint16_t index);
uint64_t *bed_rx_descriptor(uint16_t queue, uint16_t index);
/* Makes a descriptor as it was before it was written back. */
void bed_rx_rearm(uint16_t queue, uint16_t index);
uint8_t *bed_rx_buffer(uint16_t queue, uint16_t index);

/* Puts a descriptor at the queue's tail, and tells the device of it with bed_tx_tail. */
void bed_tx_put(uint16_t queue, uint64_t address, uint64_t command);
void bed_tx_tail(uint16_t queue);
/* A frame in a buffer of its own: one data descriptor with EOP, RS and `command`. */
void bed_send(uint16_t queue, const void *frame, uint32_t length, uint64_t command);

/* Rounds until nothing moves. */
void bed_run(void);

/* A UDP frame of `length` bytes to the port: addresses and ports by `flow`. */
void bed_udp(uint8_t *frame, uint32_t length, uint16_t flow);

#define DATA(size, command) ((uint64_t)(size) << 34 | TX_EOP | TX_RS | (command))

#endif
