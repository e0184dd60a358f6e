/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef APP_CLIENT_QUEUE_PRIVATE_H
#define APP_CLIENT_QUEUE_PRIVATE_H

#include "client_queue_control.h"
#include "doorbell.h"

/* Frames that one drain gives at most. */
#define DRAIN_BURST 64u
#define FRAME_HEADER 14u
#define VLAN_TAG 4u

struct client_queue {
	struct shm_queue shm;
	uint32_t slot_room;		/* bytes of a frame that fit in a slot behind the headroom */
	uint32_t snaplen;
	uint32_t max_plain, max_tagged;	/* longest frame to send without and with VLAN tags */
	bool metadata, checksums;
	bool wants;			/* the client has posted slots */
	bool wake_owed;			/* stands in the lcore's struct client_wakes */
	unsigned int doorbell;
	int stamp_offset;		/* receive stamps: offset in the mbuf and flag; flag 0: no driver has any */
	uint64_t stamp_flag;
	unsigned int drained;		/* frames of the last drain, until client_queue_drained */
	uint32_t drained_bytes[DRAIN_BURST];
};

/* The client sleeps on one of the rings: counts and asks for its doorbell. */
void client_queue_ring(struct client_queue *queue);

#endif
