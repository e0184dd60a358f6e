/* SPDX-License-Identifier: BSD-3-Clause */
#include "acl_private.h"

#define ACL_CLASSIFY acl_classify_scalar

static inline uint32_t
acl_compare(const struct acl_group *group, const uint32_t *key)
{
	const struct acl_checks *checks = (const struct acl_checks *)((const uint8_t *)group + group->checks);
	uint32_t hits = group->valid;

	for (uint32_t l = 0; l < group->lanes && hits != 0; l++, checks++) {
		uint32_t value = key[group->lane[l]];

		for (unsigned int i = 0; i < ACL_GROUP; i++)
			if ((value & checks->mask[i]) - checks->low[i] > checks->span[i])
				hits &= ~(1u << i);
	}
	return hits;
}

#include "acl_run.h"
