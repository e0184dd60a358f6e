/* SPDX-License-Identifier: BSD-3-Clause
 *
 * rte_flow: patterns and actions to rules of the flow director. A pattern is Ethernet (anything), IPv4 or IPv6 and, if
 * wanted, UDP, TCP or SCTP; addresses and ports are matched whole or not at all. The action RSS is another thing: i40e_hash.c.
 */
#include <errno.h>
#include <string.h>

#include <rte_malloc.h>

#include "i40e_fdir.h"
#include "i40e_port.h"
#include "i40e_rss.h"

struct rte_flow {
	struct rte_flow *next;
	bool hashes;
	struct i40e_rule rule;
	struct i40e_rss_rule hash; /* in the port's list, if it hashes */
};

static int
refuse(struct rte_flow_error *error, enum rte_flow_error_type type, const void *cause, const char *why)
{
	return rte_flow_error_set(error, EINVAL, type, cause, why);
}

#define BAD_ITEM(item, why) refuse(error, RTE_FLOW_ERROR_TYPE_ITEM, item, why)
#define BAD_ACTION(action, why) refuse(error, RTE_FLOW_ERROR_TYPE_ACTION, action, why)

static bool
all_bytes(const void *at, size_t size, uint8_t value)
{
	for (size_t i = 0; i < size; i++)
		if (((const uint8_t *)at)[i] != value)
			return false;
	return true;
}

/* One field: taken when its mask is full; false when it is neither full nor empty. */
static bool
take_field(void *to, const void *spec, const void *mask, size_t size, uint64_t field, uint64_t *fields)
{
	if (all_bytes(mask, size, 0))
		return true;
	if (!all_bytes(mask, size, 0xFF))
		return false;
	memcpy(to, spec, size);
	*fields |= field;
	return true;
}

/* The rest of a mask must be empty once what is known has been taken out of it. */
#define REST_IS_EMPTY(mask_copy) all_bytes(&(mask_copy), sizeof(mask_copy), 0)

static int
parse_ipv4(const struct rte_flow_item *item, struct i40e_rule *rule, struct rte_flow_error *error)
{
	const struct rte_flow_item_ipv4 *spec = item->spec, *mask = item->mask != NULL ? item->mask : &rte_flow_item_ipv4_mask;
	struct rte_ipv4_hdr rest;

	rule->pctype = I40E_PCTYPE_IPV4_OTHER;
	if (spec == NULL)
		return 0;
	rest = mask->hdr;
	rest.src_addr = rest.dst_addr = 0;
	if (item->last != NULL || !REST_IS_EMPTY(rest))
		return BAD_ITEM(item, "of IPv4 only addresses can be matched, and no ranges");
	if (!take_field(rule->src, &spec->hdr.src_addr, &mask->hdr.src_addr, 4, I40E_FIELDS_IPV4_SRC, &rule->fields) ||
			!take_field(rule->dst, &spec->hdr.dst_addr, &mask->hdr.dst_addr, 4, I40E_FIELDS_IPV4_DST, &rule->fields))
		return BAD_ITEM(item, "an IPv4 address is matched whole or not at all");
	return 0;
}

static int
parse_ipv6(const struct rte_flow_item *item, struct i40e_rule *rule, struct rte_flow_error *error)
{
	const struct rte_flow_item_ipv6 *spec = item->spec, *mask = item->mask != NULL ? item->mask : &rte_flow_item_ipv6_mask;
	struct rte_ipv6_hdr rest;

	rule->pctype = I40E_PCTYPE_IPV6_OTHER;
	if (spec == NULL)
		return 0;
	rest = mask->hdr;
	memset(rest.src_addr, 0, sizeof(rest.src_addr));
	memset(rest.dst_addr, 0, sizeof(rest.dst_addr));
	if (item->last != NULL || !REST_IS_EMPTY(rest))
		return BAD_ITEM(item, "of IPv6 only addresses can be matched, and no ranges");
	if (!take_field(rule->src, spec->hdr.src_addr, mask->hdr.src_addr, 16, I40E_FIELDS_IPV6_SRC, &rule->fields) ||
			!take_field(rule->dst, spec->hdr.dst_addr, mask->hdr.dst_addr, 16, I40E_FIELDS_IPV6_DST, &rule->fields))
		return BAD_ITEM(item, "an IPv6 address is matched whole or not at all");
	return 0;
}

/* UDP, TCP and SCTP begin with two ports; the rest of their headers has `size` bytes with them. */
static int
parse_ports(const struct rte_flow_item *item, const void *standard, size_t size, uint8_t v4, uint8_t v6, struct i40e_rule *rule,
	struct rte_flow_error *error)
{
	const uint8_t *spec = item->spec, *mask = item->mask != NULL ? item->mask : standard;

	rule->pctype = rule->pctype == I40E_PCTYPE_IPV4_OTHER ? v4 : v6;
	if (spec == NULL)
		return 0;
	if (item->last != NULL || !all_bytes(mask + 4, size - 4, 0))
		return BAD_ITEM(item, "of this protocol only ports can be matched, and no ranges");
	if (!take_field(&rule->src_port, spec, mask, 2, I40E_FIELD_SRC_PORT, &rule->fields) ||
			!take_field(&rule->dst_port, spec + 2, mask + 2, 2, I40E_FIELD_DST_PORT, &rule->fields))
		return BAD_ITEM(item, "a port is matched whole or not at all");
	return 0;
}

static int
parse_pattern(const struct rte_flow_item *item, struct i40e_rule *rule, struct rte_flow_error *error)
{
	enum { L2, L3, L4, DONE } expected = L2;

	for (; item->type != RTE_FLOW_ITEM_TYPE_END; item++) {
		int result = 0;

		if (item->type == RTE_FLOW_ITEM_TYPE_VOID)
			continue;
		if (item->type == RTE_FLOW_ITEM_TYPE_ETH && expected == L2 && item->spec == NULL) {
			expected = L3;
			continue;
		}
		if (item->type == RTE_FLOW_ITEM_TYPE_IPV4 && expected <= L3) {
			result = parse_ipv4(item, rule, error);
			expected = L4;
		} else if (item->type == RTE_FLOW_ITEM_TYPE_IPV6 && expected <= L3) {
			result = parse_ipv6(item, rule, error);
			expected = L4;
		} else if (item->type == RTE_FLOW_ITEM_TYPE_UDP && expected == L4) {
			result = parse_ports(item, &rte_flow_item_udp_mask, sizeof(rte_flow_item_udp_mask), I40E_PCTYPE_IPV4_UDP,
				I40E_PCTYPE_IPV6_UDP, rule, error);
			expected = DONE;
		} else if (item->type == RTE_FLOW_ITEM_TYPE_TCP && expected == L4) {
			result = parse_ports(item, &rte_flow_item_tcp_mask, sizeof(rte_flow_item_tcp_mask), I40E_PCTYPE_IPV4_TCP,
				I40E_PCTYPE_IPV6_TCP, rule, error);
			expected = DONE;
		} else if (item->type == RTE_FLOW_ITEM_TYPE_SCTP && expected == L4) {
			result = parse_ports(item, &rte_flow_item_sctp_mask, sizeof(rte_flow_item_sctp_mask), I40E_PCTYPE_IPV4_SCTP,
				I40E_PCTYPE_IPV6_SCTP, rule, error);
			expected = DONE;
		} else {
			return BAD_ITEM(item, "patterns are Ethernet (anything), IPv4 or IPv6, and UDP, TCP or SCTP");
		}
		if (result != 0)
			return result;
	}
	return rule->fields != 0 ? 0 : BAD_ITEM(item, "a rule has to match an address or a port");
}

static int
parse_actions(const struct rte_eth_dev *dev, const struct rte_flow_action *action, struct i40e_rule *rule,
	struct rte_flow_error *error)
{
	const struct rte_flow_action *first = action;

	for (; action->type != RTE_FLOW_ACTION_TYPE_END; action++) {
		switch (action->type) {
		case RTE_FLOW_ACTION_TYPE_VOID:
		case RTE_FLOW_ACTION_TYPE_PASSTHRU:
			break;
		case RTE_FLOW_ACTION_TYPE_QUEUE:
			if (rule->drop || rule->to_queue)
				return BAD_ACTION(action, "a packet has one destination");
			rule->to_queue = true;
			rule->queue = ((const struct rte_flow_action_queue *)action->conf)->index;
			if (rule->queue >= dev->data->nb_rx_queues)
				return BAD_ACTION(action, "there is no such queue");
			break;
		case RTE_FLOW_ACTION_TYPE_DROP:
			if (rule->drop || rule->to_queue)
				return BAD_ACTION(action, "a packet has one destination");
			rule->drop = true;
			break;
		case RTE_FLOW_ACTION_TYPE_MARK:
			rule->mark = true;
			rule->mark_id = ((const struct rte_flow_action_mark *)action->conf)->id;
			break;
		case RTE_FLOW_ACTION_TYPE_COUNT:
			rule->count = true;
			break;
		default:
			return BAD_ACTION(action, "actions are queue, drop, passthru, mark and count; or rss alone");
		}
	}
	return rule->drop || rule->to_queue || rule->mark || rule->count ? 0 :
		BAD_ACTION(first, "no action: queue, drop, mark or count");
}

/* The action RSS, when it is the only one. */
static const struct rte_flow_action *
hash_action(const struct rte_flow_action *action)
{
	const struct rte_flow_action *found = NULL;

	for (; action->type != RTE_FLOW_ACTION_TYPE_END; action++) {
		if (action->type == RTE_FLOW_ACTION_TYPE_VOID)
			continue;
		if (action->type != RTE_FLOW_ACTION_TYPE_RSS || found != NULL)
			return NULL;
		found = action;
	}
	return found;
}

static int
parse(struct rte_eth_dev *dev, const struct rte_flow_attr *attr, const struct rte_flow_item *pattern,
	const struct rte_flow_action *actions, struct rte_flow *flow, struct rte_flow_error *error)
{
	const struct rte_flow_action *hash;
	int result;

	memset(flow, 0, sizeof(*flow));
	if (attr == NULL || !attr->ingress || attr->egress || attr->transfer)
		return refuse(error, RTE_FLOW_ERROR_TYPE_ATTR, attr, "rules are for packets that come in");
	if (attr->group != 0 || attr->priority != 0)
		return refuse(error, RTE_FLOW_ERROR_TYPE_ATTR, attr, "there are no groups and no priorities");
	if (pattern == NULL)
		return refuse(error, RTE_FLOW_ERROR_TYPE_ITEM_NUM, NULL, "no pattern");
	if (actions == NULL)
		return refuse(error, RTE_FLOW_ERROR_TYPE_ACTION_NUM, NULL, "no actions");
	hash = hash_action(actions);
	flow->hashes = hash != NULL;
	if (hash != NULL)
		return i40e_hash_parse(dev, pattern, hash, &flow->hash, error);
	result = parse_pattern(pattern, &flow->rule, error);
	return result != 0 ? result : parse_actions(dev, actions, &flow->rule, error);
}

static int
validate(struct rte_eth_dev *dev, const struct rte_flow_attr *attr, const struct rte_flow_item pattern[],
	const struct rte_flow_action actions[], struct rte_flow_error *error)
{
	struct rte_flow flow;

	return parse(dev, attr, pattern, actions, &flow, error);
}

static int
same_match(const struct i40e_rule *a, const struct i40e_rule *b)
{
	return a->pctype == b->pctype && a->fields == b->fields && memcmp(a->src, b->src, sizeof(a->src)) == 0 &&
		memcmp(a->dst, b->dst, sizeof(a->dst)) == 0 && a->src_port == b->src_port && a->dst_port == b->dst_port;
}

static const char *
words(int error)
{
	switch (error) {
	case -EBUSY:
		return "rules of this protocol match other fields: all of them have to match the same";
	case -ENOSPC:
		return "the card's table of rules is full";
	case -ENOBUFS:
		return "no counter is left";
	case -ENOENT:
		return "the card does not have this rule";
	case -ETIMEDOUT:
		return "the card does not answer";
	default:
		return "the card refuses";
	}
}

/* Puts a rule behind the others, or takes it out of them, and tells the device. On an error all is as before. */
static int
change_hash(struct rte_eth_dev *dev, struct i40e_rss_rule *rule, bool add)
{
	struct i40e_rss_rule **link = &i40e_port_of(dev)->rss_rules;
	int result;

	while (*link != NULL && *link != rule)
		link = &(*link)->next;
	*link = add ? rule : rule->next;
	result = i40e_rss_apply(dev);
	if (result == 0)
		return 0;
	*link = add ? NULL : rule;
	(void)i40e_rss_apply(dev);
	return result;
}

static struct rte_flow *
create(struct rte_eth_dev *dev, const struct rte_flow_attr *attr, const struct rte_flow_item pattern[],
	const struct rte_flow_action actions[], struct rte_flow_error *error)
{
	struct i40e_port *port = i40e_port_of(dev);
	struct rte_flow wanted, *flow;
	int result;

	if (parse(dev, attr, pattern, actions, &wanted, error) != 0)
		return NULL;
	for (flow = port->flows; flow != NULL; flow = flow->next)
		if (!wanted.hashes && !flow->hashes && same_match(&flow->rule, &wanted.rule)) {
			rte_flow_error_set(error, EEXIST, RTE_FLOW_ERROR_TYPE_HANDLE, flow, "there is a rule for these packets");
			return NULL;
		}
	flow = rte_malloc("i40e rule", sizeof(*flow), 0);
	if (flow != NULL)
		*flow = wanted;
	result = flow == NULL ? -ENOMEM : flow->hashes ? change_hash(dev, &flow->hash, true) : i40e_fdir_add(port, &flow->rule);
	if (result != 0) {
		rte_free(flow);
		rte_flow_error_set(error, -result, RTE_FLOW_ERROR_TYPE_HANDLE, NULL, result == -ENOMEM ? "no memory" : words(result));
		return NULL;
	}
	flow->next = port->flows;
	port->flows = flow;
	return flow;
}

/* What leads to it; to NULL when there is no such rule. */
static struct rte_flow **
link_to(struct i40e_port *port, const struct rte_flow *flow)
{
	struct rte_flow **link = &port->flows;

	while (*link != NULL && *link != flow)
		link = &(*link)->next;
	return link;
}

static int
destroy(struct rte_eth_dev *dev, struct rte_flow *flow, struct rte_flow_error *error)
{
	struct i40e_port *port = i40e_port_of(dev);
	struct rte_flow **link = link_to(port, flow);
	int result;

	if (*link == NULL)
		return rte_flow_error_set(error, ENOENT, RTE_FLOW_ERROR_TYPE_HANDLE, flow, "there is no such rule");
	result = flow->hashes ? change_hash(dev, &flow->hash, false) : i40e_fdir_remove(port, &flow->rule);
	if (result != 0 && result != -ENOENT)
		return rte_flow_error_set(error, -result, RTE_FLOW_ERROR_TYPE_HANDLE, flow, words(result));
	*link = flow->next;
	rte_free(flow);
	return 0;
}

static int
query(struct rte_eth_dev *dev, struct rte_flow *flow, const struct rte_flow_action *action, void *data,
	struct rte_flow_error *error)
{
	struct i40e_port *port = i40e_port_of(dev);
	struct rte_flow_query_count *count = data;

	if (*link_to(port, flow) == NULL || flow == NULL)
		return rte_flow_error_set(error, ENOENT, RTE_FLOW_ERROR_TYPE_HANDLE, flow, "there is no such rule");
	for (; action->type == RTE_FLOW_ACTION_TYPE_VOID; action++)
		;
	if (action->type != RTE_FLOW_ACTION_TYPE_COUNT || flow->hashes || !flow->rule.count)
		return BAD_ACTION(action, "only the count of a rule that counts can be asked for");
	if (count == NULL)
		return refuse(error, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL, "no room for the answer");
	count->hits = i40e_fdir_hits(port, &flow->rule, count->reset != 0);
	count->hits_set = 1;
	count->bytes_set = 0;
	count->bytes = 0;
	return 0;
}

void
i40e_flows_forget(struct i40e_port *port)
{
	while (port->flows != NULL) {
		struct rte_flow *next = port->flows->next;

		rte_free(port->flows);
		port->flows = next;
	}
	port->rss_rules = NULL;
}

static int
flush(struct rte_eth_dev *dev, struct rte_flow_error *error)
{
	struct i40e_port *port = i40e_port_of(dev);
	const bool hashed = port->rss_rules != NULL;
	int result = i40e_fdir_flush(port);

	if (result == 0) {
		i40e_flows_forget(port);
		result = hashed ? i40e_rss_apply(dev) : 0;
	}
	return result == 0 ? 0 : rte_flow_error_set(error, -result, RTE_FLOW_ERROR_TYPE_HANDLE, NULL, words(result));
}

static const struct rte_flow_ops operations = {
	.validate = validate,
	.create = create,
	.destroy = destroy,
	.flush = flush,
	.query = query,
};

int
i40e_flow_ops(struct rte_eth_dev *dev, const struct rte_flow_ops **ops)
{
	RTE_SET_USED(dev);
	*ops = &operations;
	return 0;
}
