/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which frames a client queue sees: those that meet all conditions of any of some terms, which is what CONTROL.md's match language
 * (any, not) comes to. Compiled into the snapshot's classifier, so that cost does not grow with the number of clients more than it
 * must.
 */
#ifndef APP_MATCH_H
#define APP_MATCH_H

#include "forwarding_config.h"

/* Conditions of all terms together: as many as if each term had one on each field. */
#define MATCH_CONDITIONS (WDPDK_LIMIT_MATCH_TERMS * MATCH_FIELDS)

enum match_field { MATCH_VLAN, MATCH_SRC, MATCH_DST, MATCH_PROTO, MATCH_SRC_PORT, MATCH_DST_PORT, MATCH_FIELDS };

/* A frame that has no such field does not meet the condition, and meets it when negated. */
struct match_condition {
	uint8_t field;			/* enum match_field */
	uint8_t negated;
	uint8_t icmp;			/* MATCH_PROTO: 1 on IPv4 and 58 on IPv6 (low is 1) */
	uint8_t ipv6, depth;		/* MATCH_SRC, MATCH_DST, with address */
	uint8_t address[16];		/* network order; IPv4 in the first four bytes; bits behind depth are zero */
	uint16_t low, high;		/* the rest: VLAN id, IP protocol, ports (of UDP, TCP and SCTP, first fragments); host order */
};

/* With no term at all: takes everything. Unused bytes are zero, so that equal matches have equal bytes. */
struct match {
	uint16_t term_count;
	uint16_t ends[WDPDK_LIMIT_MATCH_TERMS];		/* term i has the conditions from ends[i - 1] (0 for the first) to ends[i] */
	struct match_condition conditions[MATCH_CONDITIONS];
};

/* Decodes CONTROL.md's match (NULL or nil: takes everything). 0, or -1 with issues: every wrong field by its path (`any[1].src`); or
 * that it can hold for no frame, or comes to more than WDPDK_LIMIT_MATCH_TERMS terms or MATCH_CONDITIONS conditions. */
int match_from_value(const struct value *value, struct match *out, struct config_issues *issues);

/* Written alike: other matches may take the same frames, too. */
bool match_equals(const struct match *a, const struct match *b);

/* Conditions of term i. A match without terms has none to ask for. */
static inline const struct match_condition *
match_term(const struct match *match, unsigned int i, unsigned int *count)
{
	unsigned int first = i == 0 ? 0 : match->ends[i - 1];

	*count = match->ends[i] - first;
	return &match->conditions[first];
}

#endif
