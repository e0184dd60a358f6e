/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the way to a node says of a packet: some bits of some lanes.
 */
#ifndef WDPDK_ACL_REGION_H
#define WDPDK_ACL_REGION_H

#include "acl_rules.h"

struct acl_region {
	uint32_t known[ACL_MAX_LANES], value[ACL_MAX_LANES]; /* no bit of value outside of known */
};

/* Whether some lane of these known bits fulfils the condition. */
bool acl_meets(const struct acl_condition *condition, uint32_t known, uint32_t value);

/* Whether every lane of these known bits (of a lane's bits) does. */
static inline bool
acl_settled(const struct acl_condition *condition, uint32_t known, uint32_t value, uint32_t bits)
{
	if (condition->span == 0)
		return (condition->mask & ~known) == 0 && ((condition->low ^ value) & condition->mask) == 0;
	return value >= condition->low && (value | (bits & ~known)) - condition->low <= condition->span;
}

#endif
