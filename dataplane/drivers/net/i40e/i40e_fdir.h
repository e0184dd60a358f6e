/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Rules of the flow director: exact matches of addresses and ports, and what becomes of their packets.
 */
#ifndef I40E_FDIR_H
#define I40E_FDIR_H

#include <stdbool.h>
#include <stdint.h>

#include <rte_byteorder.h>

#include "i40e_desc.h"

struct i40e_port;

#define I40E_FDIR_PACKET 512u /* bytes of a programming packet */

/** A rule. Addresses and ports as on the wire; what is not in `fields` is 0. */
struct i40e_rule {
	uint8_t pctype;
	uint64_t fields;       /* I40E_FIELD*: what has to match */
	uint8_t src[16], dst[16]; /* IPv4: the first four bytes */
	rte_be16_t src_port, dst_port;
	bool drop;
	bool to_queue;         /* else where the hash leads */
	uint16_t queue;
	bool mark;
	uint32_t mark_id;
	bool count;
	uint16_t counter;      /* of the card's */
	uint32_t counted;      /* as the counter read last */
	uint64_t hits;
};

#define I40E_FDIR_ADD 1
#define I40E_FDIR_REMOVE 2

/** The first of the two descriptors. */
struct i40e_tx_desc i40e_fdir_encode(const struct i40e_rule *rule, uint16_t vsi, uint8_t command);
/** The packet after it: as the packets that match, but going the other way. */
void i40e_fdir_packet(const struct i40e_rule *rule, uint8_t packet[I40E_FDIR_PACKET]);

/**
 * Adds or removes a rule at the device, which is prepared when it is the first; one that counts is given a counter. 0; -EBUSY
 * when rules of its type match other fields; -ENOBUFS without a counter; -ENOSPC; -ENOENT; -ETIMEDOUT; ...
 */
int i40e_fdir_add(struct i40e_port *port, struct i40e_rule *rule);
int i40e_fdir_remove(struct i40e_port *port, const struct i40e_rule *rule);
/** Packets a rule that counts has matched. Ask at least once in 2^32 of them. */
uint64_t i40e_fdir_hits(struct i40e_port *port, struct i40e_rule *rule, bool reset);
/** Removes all of them at once. */
int i40e_fdir_flush(struct i40e_port *port);

#endif
