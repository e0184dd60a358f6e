/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The data path's own state. One thread steps a model: nothing here is shared but what lies in the driver's memory and in BAR0.
 */
#ifndef XL710_DATA_H
#define XL710_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "classify.h"
#include "datapath.h"
#include "fdir.h"
#include "frame_queue.h"
#include "packet.h"
#include "port.h"
#include "wire_internal.h"

#define TX_WINDOW 256u          /* descriptors looked at together; a frame that has more is refused */
#define TX_FRAME_DESCRIPTORS 8u /* of a frame that is not segmented */
#define TX_FRAME_MIN 17u        /* bytes a driver must give; the MAC pads to 60 */
#define FRAME_SIZE_MIN 64u      /* FCS included; the MAC pads what it sends, and drops what comes in shorter */
#define FRAME_SIZE_MAX 9728u    /* what the MAC can, FCS included */
#define TSO_MAX (1u << 18)      /* payload of a large send */
#define TSO_HEADERS_MAX 2048u
#define TSO_MSS_MIN 256u
#define TSO_MSS_MAX 9674u
#define RX_CHAIN 5u             /* buffers of a frame */
#define RX_DONE 64u             /* descriptors written back together */
#define LOOKUPS 256u            /* remembered answers of the switch */

/* Events of xl710_malicious. */
enum {
	EVENT_TAIL = 1,         /* tail beyond the ring */
	EVENT_DESCRIPTOR_TYPE,
	EVENT_TOO_MANY,         /* descriptors for a frame */
	EVENT_BUFFER_SIZE,
	EVENT_FRAME_SIZE,
	EVENT_HEADER_LENGTHS,
	EVENT_MSS,
	EVENT_TSO_LENGTH,
	EVENT_ADDRESS,          /* memory that is not there */
	EVENT_NO_PROGRAMMING,   /* flow director programmed from a queue that must not */
	EVENT_CONTEXT,
};

struct tx_descriptor {
	uint64_t address;       /* or tunnelling and L2TAG2, or a program's first half */
	uint64_t command;
};

struct tx_queue {
	bool on, stopped;
	uint16_t head;
	uint8_t *ring;
	uint32_t *head_wb;
	struct xl710_tx_context context;
	bool programs;                /* a filter programming descriptor waits for its frame */
	struct tx_descriptor program;
	uint64_t frames, segments;
};

struct rx_queue {
	bool on, stopped;
	uint16_t head;
	uint8_t *ring;
	struct xl710_rx_context context;
	uint64_t frames, discards, errors;
};

/* A descriptor to be written back. */
struct rx_done {
	uint16_t queue, index;
	uint64_t word[4];
};

/* An answer of the switch: who gets frames with this address, of this sender. */
struct lookup {
	uint64_t address;       /* MAC and tag */
	uint32_t sender;        /* VSI, ethertype of a control frame */
	uint32_t generation;
	uint16_t vsi;           /* if count is 1 */
	uint16_t count;         /* 2: several, ask again */
	bool to_wire, dropped, valid;
};

struct xl710_datapath {
	uint16_t tx_count, rx_count;
	uint16_t tx_list[XL710_QUEUES], rx_list[XL710_QUEUES]; /* those that are on, in order */
	uint16_t next_tx;       /* where the next round begins: no queue starves */
	bool held;              /* the first inbound frame waits for descriptors of held_queue */
	uint16_t held_queue, held_need;
	uint16_t done_count;
	uint32_t tags_seen[2];  /* GL_SWT_L2TAGCTRL as it was when the rules were last set by it */
	struct rx_done done[RX_DONE];
	struct packet_rules rules;
	struct lookup lookups[LOOKUPS];
	struct frame_queue local; /* from one VSI to another */
	struct fdir fdir;
	uint64_t random;        /* of the frame faults */
	uint8_t *reorder;       /* a frame that is to come after its successor */
	uint32_t reorder_length, reorder_idle;
	uint64_t faults_dropped, faults_corrupted, faults_reordered;
	uint64_t faults_held_tx, faults_held_rx; /* looks at a stalled queue that had something to do, frames that met one */
	uint64_t rx_filtered, rx_too_long, rx_off;
	uint8_t *large;         /* a frame to be segmented */
	struct tx_queue tx[XL710_QUEUES];
	struct rx_queue rx[XL710_QUEUES];
	struct toeplitz toeplitz;
};

/* BAR0 for those who read it register by register. */
static inline const uint8_t *
data_bar(const struct xl710_port *port)
{
	return (const uint8_t *)(uintptr_t)port->bar;
}

/* Bytes without FCS that a frame may have, in either direction. */
static inline uint32_t
data_frame_limit(const struct xl710_port *port)
{
	uint32_t size = port->max_frame < FRAME_SIZE_MAX ? port->max_frame : FRAME_SIZE_MAX;

	return size < FRAME_SIZE_MIN ? FRAME_SIZE_MIN - 4 : size - 4;
}

/* tx.c: up to `budget` frames of one queue; how many frames or lone descriptors. */
unsigned int tx_poll(struct xl710_port *port, uint16_t queue, unsigned int budget);

/* rx.c: up to `budget` inbound frames. */
unsigned int rx_poll(struct xl710_port *port, unsigned int budget);
/* Writes back what waits, and raises the interrupts. */
void rx_flush(struct xl710_port *port);

enum rx_result { RX_DELIVERED, RX_NO_ROOM, RX_DROPPED };

/* What goes into the descriptor with a frame. */
struct rx_facts {
	uint64_t status;        /* status, error and packet type: bits of QW1 */
	uint32_t hash;          /* RSS hash or FD id */
	uint32_t extended;      /* QW2's status */
	uint16_t tag1, tag2;    /* L2TAG1, L2TAG2's second half */
	uint32_t flex_low, flex_high;
};

/* Into the ring of a queue that is on: `skip` bytes behind the addresses are left out (tags that were stripped). */
enum rx_result rx_write(struct xl710_port *port, uint16_t queue, const uint8_t *frame, uint32_t length, uint32_t skip,
			const struct rx_facts *facts);
/* A programming status for flow director's client. */
void rx_program_status(struct xl710_port *port, uint16_t queue, uint32_t error, uint32_t id);

/* lookup.c: the switch's answer, remembered. */
const struct lookup *data_lookup(struct xl710_port *port, uint16_t from, const uint8_t *frame, uint32_t length);
void data_frame_address(const struct xl710_port *port, const uint8_t *frame, uint32_t length, struct xl710_frame_address *address);

#endif
