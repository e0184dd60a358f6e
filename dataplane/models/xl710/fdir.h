/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The flow director's table: exact matches of a packet's selected fields, programmed by descriptors.
 */
#ifndef XL710_FDIR_H
#define XL710_FDIR_H

#include <stdbool.h>
#include <stdint.h>

#include "classify.h"
#include "packet.h"
#include "port.h"

#define FDIR_ENTRIES 8192u
#define FDIR_BUCKETS 8192u
#define FDIR_WORDS 40u /* longest key; input sets select less */
#define FDIR_NONE 0xFFFFu

enum fdir_destination { FDIR_DROP, FDIR_QUEUE, FDIR_OTHER };

/* What a programming descriptor says to do. */
struct fdir_action {
	uint32_t id;
	uint16_t queue;       /* relative to the VSI */
	uint16_t vsi;
	uint16_t counter;     /* GLQF_PCNT */
	uint8_t destination;  /* enum fdir_destination */
	uint8_t report;       /* 0 nothing, 1 the id, 2 the id and 4 flexible bytes, 3 8 flexible bytes */
	uint8_t flex_offset;
	bool count;
};

struct fdir_entry {
	struct fdir_action action;
	uint16_t next;        /* of its bucket, or of the free ones */
	uint8_t pctype, words;
	uint32_t hash;
	uint16_t word[FDIR_WORDS];
};

struct fdir {
	struct fdir_entry *entries;
	uint16_t *buckets;
	uint16_t free;
	uint16_t count;
	uint16_t by_type[PCTYPES];
};

/* How a program ended: 0, or the error bits of a programming status. */
enum { FDIR_DONE = 0, FDIR_FULL = 1, FDIR_NO_ENTRY = 2 };

int fdir_create(struct fdir *fdir);
void fdir_destroy(struct fdir *fdir);
/* Empties the table. */
void fdir_flush(struct fdir *fdir);

/* Adds or updates, or removes, the filter for packets like the answers to `packet`. */
int fdir_program(struct fdir *fdir, const uint8_t *bar, const struct packet *packet, unsigned pctype, bool add,
		 const struct fdir_action *action);

/* The action for a received packet, or NULL. */
const struct fdir_action *fdir_match(const struct fdir *fdir, const uint8_t *bar, const struct packet *packet);

/* PFQF_FDSTAT and GLQF_FDCNT_0. */
void fdir_publish(const struct fdir *fdir, struct xl710_port *port);

#endif
