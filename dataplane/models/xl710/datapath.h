/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The data path, as the control side calls it: queues, descriptors, classifier, wires.
 */
#ifndef XL710_DATAPATH_H
#define XL710_DATAPATH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "port.h"

/* A queue's context in host memory, copied once, its fields within their ranges: qlen 8..8160, base 128-byte aligned. */
struct xl710_tx_context {
	uint64_t base;           /* bus address of the ring, 16 bytes a descriptor */
	uint64_t head_wb_address; /* 4 bytes that get the head, if head_wb; 4-byte aligned */
	uint16_t qlen;           /* descriptors */
	uint16_t rdylist;        /* queue-set handle */
	bool head_wb;            /* head write-back instead of DD */
	bool fd_ena;             /* may program flow director filters */
	bool alt_vlan;
	uint16_t vsi;            /* the VSI it sends for; always valid */
};

struct xl710_rx_context {
	uint64_t base;           /* bus address of the ring */
	uint16_t qlen;
	uint16_t buffer_size;    /* bytes, 128..16256, a multiple of 128 */
	uint16_t header_size;    /* bytes, multiple of 64; 0 without split */
	uint16_t max_frame;      /* rxmax: longer frames are dropped */
	uint8_t split;           /* dtype: 0 none, 1 header split, 2 always */
	uint8_t hsplit_0;        /* bit0 L2, bit1 IP, bit2 TCP/UDP, bit3 SCTP */
	bool long_descriptors;   /* 32 bytes */
	bool strip_crc;
	bool l2tsel;             /* the stripped tag goes to L2TAG1 */
	bool show_inner_vlan;
	uint16_t vsi;            /* the VSI it receives for; always valid */
};

/* The data half of a port, with all queues off. 0 or a negative errno. Comes after xl710_wire_open. */
int xl710_datapath_create(struct xl710_port *port);
void xl710_datapath_destroy(struct xl710_port *port);

/*
 * `reset` came over the port: all queues off, tables (flow director) empty from CORER on. Registers have their values after the reset
 * already.
 */
void xl710_datapath_reset(struct xl710_port *port, enum xl710_reset reset);

/*
 * Queue on: head and tail of Tx are 0 (QTX_TAIL has been set so), QRX_TAIL stands. Queue numbers are PF-relative, < XL710_QUEUES. Negative
 * errno: the queue stays off (no ring at its address, no memory).
 */
int xl710_tx_enable(struct xl710_port *port, uint16_t queue, const struct xl710_tx_context *context);
int xl710_rx_enable(struct xl710_port *port, uint16_t queue, const struct xl710_rx_context *context);
/* Queue off, at once: no descriptor is touched after it. Harmless for one that is off. */
void xl710_tx_disable(struct xl710_port *port, uint16_t queue);
void xl710_rx_disable(struct xl710_port *port, uint16_t queue);

/* The driver's memory was looked at again: every pointer into it that is kept is void. */
void xl710_datapath_remapped(struct xl710_port *port);

/*
 * Some work: tails looked at, up to `budget` frames sent and received. Says how many frames (or descriptors) moved, 0 for nothing to
 * do. Reads RSS and flow director registers (and PFQF_CTL_1.CLEARFDTABLE) by itself, publishes statistics once.
 */
unsigned int xl710_datapath_poll(struct xl710_port *port, unsigned int budget);

/* Members of an open JSON object, each followed by a comma: queues' and wires' own counters. */
void xl710_datapath_json(const struct xl710_port *port, FILE *out);

#endif
