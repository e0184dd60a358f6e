/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Frames that can be recognised: a generator numbers each flow's frames and fills the rest with a pattern; whoever sees them again says
 * what is missing, out of order or changed. They are UDP over IPv4, 64 bytes and more, and survive what a router does to headers.
 */
#ifndef XL710_PROBE_H
#define XL710_PROBE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define PROBE_FLOWS_MAX 65536u
#define PROBE_HEADERS 42u  /* Ethernet, IPv4, UDP, without a tag */
#define PROBE_MIN 60u      /* without FCS */

/* Writes frame `number` of `flow`: `length` bytes without FCS (60 and more); with `vlan` below 4096 it is tagged. */
void probe_write(uint8_t *frame, uint32_t length, const uint8_t destination[6], uint16_t vlan, uint16_t flow, uint32_t number);

struct probe_check {
	uint32_t *expected;      /* by flow: the number that comes next */
	uint64_t frames, bytes;  /* all that came; bytes with FCS */
	uint64_t probes;         /* of them ours */
	uint64_t missing;        /* numbers that were passed over (those that came late are taken off again) */
	uint64_t late;           /* came after a higher number */
	uint64_t damaged;        /* pattern or checksum are not what was sent */
};

/* False: no memory. */
bool probe_check_create(struct probe_check *check);
void probe_check_destroy(struct probe_check *check);
void probe_check_frame(struct probe_check *check, const uint8_t *frame, uint32_t length);
/* Members of an open JSON object, each followed by a comma. */
void probe_check_json(const struct probe_check *check, const char *prefix, FILE *out);

#endif
