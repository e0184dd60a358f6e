/* SPDX-License-Identifier: BSD-3-Clause */
#include "match_values.h"

#include "frame_bytes.h"

#define PROTO_TCP 6
#define PROTO_UDP 17
#define PROTO_ICMPV6 58
#define PROTO_SCTP 132
#define FAMILIES 3

static struct value_range
prefix_range(const struct match_condition *prefix)
{
	struct address128 low = { load_be64(prefix->address), load_be64(prefix->address + 8) }, mask;
	unsigned int depth = prefix->depth;

	if (!prefix->ipv6) {
		uint32_t first = (uint32_t)(low.high >> 32);

		return value_range32(first, first | (depth == 0 ? UINT32_MAX : depth >= 32 ? 0 : UINT32_MAX >> depth));
	}
	mask.high = depth >= 64 ? 0 : UINT64_MAX >> depth;
	mask.low = depth >= 128 ? 0 : depth <= 64 ? UINT64_MAX : UINT64_MAX >> (depth - 64);
	return (struct value_range){ .low = low, .high = { low.high | mask.high, low.low | mask.low } };
}

bool
condition_range(const struct match_condition *condition, enum frame_family family, struct value_range *range)
{
	switch ((enum match_field)condition->field) {
	case MATCH_VLAN:
		*range = value_range32(condition->low, condition->low);
		return true;
	case MATCH_SRC:
	case MATCH_DST:
		*range = prefix_range(condition);
		return family == (condition->ipv6 ? FRAME_IPV6 : FRAME_IPV4);
	case MATCH_PROTO:
		*range = value_range32(condition->low, condition->low);
		if (condition->icmp && family == FRAME_IPV6)
			*range = value_range32(PROTO_ICMPV6, PROTO_ICMPV6);
		return family != FRAME_NOT_IP;
	default:
		*range = value_range32(condition->low, condition->high);
		return family != FRAME_NOT_IP;
	}
}

static void
keep_inside(struct value_ranges *ranges, const struct value_range *range)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < ranges->count; i++) {
		struct value_range part = ranges->list[i];

		if (address128_less(part.low, range->low))
			part.low = range->low;
		if (address128_less(range->high, part.high))
			part.high = range->high;
		if (!address128_less(part.high, part.low))
			ranges->list[kept++] = part;
	}
	ranges->count = kept;
}

static void
keep_outside(struct value_ranges *ranges, const struct value_range *range)
{
	for (uint32_t i = 0; i < ranges->count;) {
		struct value_range *part = &ranges->list[i];
		bool left = address128_less(part->low, range->low), right = address128_less(range->high, part->high);
		struct value_range behind = { .low = { range->high.high + (range->high.low == UINT64_MAX), range->high.low + 1 },
			.high = part->high };

		if (address128_less(part->high, range->low) || address128_less(range->high, part->low)) {
			i++;
			continue;
		}
		if (left)
			part->high = (struct address128){ range->low.high - (range->low.low == 0), range->low.low - 1 };
		if (left && right) {
			memmove(part + 2, part + 1, (ranges->count - i - 1) * sizeof(*part));
			part[1] = behind;
			ranges->count++;
			return;
		}
		if (right) {
			*part = behind;
		} else if (!left) {
			memmove(part, part + 1, (ranges->count - i - 1) * sizeof(*part));
			ranges->count--;
			continue;
		}
		i++;
	}
}

void
ranges_keep(struct value_ranges *ranges, const struct match_condition *conditions, unsigned int count, enum match_field field,
	enum frame_family family)
{
	for (unsigned int i = 0; i < count; i++) {
		const struct match_condition *condition = &conditions[i];
		struct value_range range;

		if (condition->field != field)
			continue;
		if (!condition_range(condition, family, &range)) {
			if (!condition->negated)
				ranges->count = 0;
		} else if (condition->negated) {
			keep_outside(ranges, &range);
		} else {
			keep_inside(ranges, &range);
		}
	}
}

/* All values of a field that frames of a kind have. Where they have none, a number that no condition names stands for that. */
static void
ranges_of_kind(struct value_ranges *ranges, enum frame_kind kind, enum match_field field)
{
	bool ports = kind == KIND_IPV4_PORTS || kind == KIND_IPV6_PORTS;
	bool ipv6 = kind == KIND_IPV6 || kind == KIND_IPV6_PORTS;

	ranges->count = 1;
	switch (field) {
	case MATCH_VLAN:
		ranges->list[0] = value_range32(0, FRAME_KEY_NO_VLAN);
		break;
	case MATCH_PROTO:
		ranges->list[0] = value_range32(0, UINT8_MAX);
		if (ports) {
			ranges->count = 3;
			ranges->list[0] = value_range32(PROTO_TCP, PROTO_TCP);
			ranges->list[1] = value_range32(PROTO_UDP, PROTO_UDP);
			ranges->list[2] = value_range32(PROTO_SCTP, PROTO_SCTP);
		}
		break;
	case MATCH_SRC_PORT:
	case MATCH_DST_PORT:
		ranges->list[0] = ports ? value_range32(0, UINT16_MAX) : value_range32(FRAME_KEY_NO_PORT, FRAME_KEY_NO_PORT);
		break;
	default:
		ranges->list[0] = value_range32(0, UINT32_MAX);
		if (ipv6)
			ranges->list[0].high = (struct address128){ UINT64_MAX, UINT64_MAX };
	}
}

bool
conditions_meet(const struct match_condition *a, unsigned int a_count, const struct match_condition *b, unsigned int b_count)
{
	static const enum frame_family family_of[FRAME_KINDS] = { FRAME_NOT_IP, FRAME_IPV4, FRAME_IPV4, FRAME_IPV6, FRAME_IPV6 };
	struct value_ranges ranges;
	unsigned int fields = 0;

	for (unsigned int i = 0; i < a_count; i++)
		fields |= 1u << a[i].field;
	for (unsigned int i = 0; i < b_count; i++)
		fields |= 1u << b[i].field;
	for (enum frame_kind kind = 0; kind < FRAME_KINDS; kind++) {
		bool some = true;

		for (enum match_field field = 0; some && field < MATCH_FIELDS; field++) {
			if ((fields >> field & 1) == 0)
				continue;
			ranges_of_kind(&ranges, kind, field);
			ranges_keep(&ranges, a, a_count, field, family_of[kind]);
			ranges_keep(&ranges, b, b_count, field, family_of[kind]);
			some = ranges.count != 0;
		}
		if (some)
			return true;
	}
	return false;
}

bool
condition_within(const struct match_condition *a, const struct match_condition *b)
{
	for (enum frame_family family = 0; family < FAMILIES; family++) {
		struct value_range of_a, of_b;

		if (!condition_range(a, family, &of_a))
			continue;
		if (!condition_range(b, family, &of_b) || address128_less(of_a.low, of_b.low) || address128_less(of_b.high, of_a.high))
			return false;
	}
	return true;
}

bool
condition_apart(const struct match_condition *a, const struct match_condition *b)
{
	for (enum frame_family family = 0; family < FAMILIES; family++) {
		struct value_range of_a, of_b;

		if (condition_range(a, family, &of_a) && condition_range(b, family, &of_b) &&
				!address128_less(of_a.high, of_b.low) && !address128_less(of_b.high, of_a.low))
			return false;
	}
	return true;
}
