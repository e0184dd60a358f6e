/* SPDX-License-Identifier: BSD-3-Clause
 *
 * rte_flow's RSS action: which packets are hashed by what and, without a pattern, to which queues. A pattern has protocols only, no
 * addresses: the card hashes types of packets.
 */
#include <errno.h>
#include <string.h>

#include "i40e_port.h"
#include "i40e_rss.h"

#define PARTS (RTE_ETH_RSS_L3_SRC_ONLY | RTE_ETH_RSS_L3_DST_ONLY | RTE_ETH_RSS_L4_SRC_ONLY | RTE_ETH_RSS_L4_DST_ONLY)
#define IPV4_ALONE (RTE_ETH_RSS_FRAG_IPV4 | RTE_ETH_RSS_NONFRAG_IPV4_OTHER)
#define IPV6_ALONE (RTE_ETH_RSS_FRAG_IPV6 | RTE_ETH_RSS_NONFRAG_IPV6_OTHER)

static int
refuse(struct rte_flow_error *error, enum rte_flow_error_type type, const void *cause, const char *why)
{
	return rte_flow_error_set(error, EINVAL, type, cause, why);
}

#define BAD_ITEM(why) refuse(error, RTE_FLOW_ERROR_TYPE_ITEM, item, why)
#define BAD_CONF(why) refuse(error, RTE_FLOW_ERROR_TYPE_ACTION_CONF, conf, why)

/* The types of what a pattern matches so far, with one more item; 0: no such pattern. */
static uint64_t
types_with(uint64_t before, enum rte_flow_item_type item)
{
	static const struct {
		enum rte_flow_item_type item;
		uint64_t after_ipv4, after_ipv6;
	} transports[] = {
		{RTE_FLOW_ITEM_TYPE_UDP, RTE_ETH_RSS_NONFRAG_IPV4_UDP, RTE_ETH_RSS_NONFRAG_IPV6_UDP},
		{RTE_FLOW_ITEM_TYPE_TCP, RTE_ETH_RSS_NONFRAG_IPV4_TCP, RTE_ETH_RSS_NONFRAG_IPV6_TCP},
		{RTE_FLOW_ITEM_TYPE_SCTP, RTE_ETH_RSS_NONFRAG_IPV4_SCTP, RTE_ETH_RSS_NONFRAG_IPV6_SCTP},
	};

	if (item == RTE_FLOW_ITEM_TYPE_ETH)
		return before == 0 ? RTE_ETH_RSS_L2_PAYLOAD : 0;
	if (item == RTE_FLOW_ITEM_TYPE_IPV4 || item == RTE_FLOW_ITEM_TYPE_IPV6)
		return before != 0 && before != RTE_ETH_RSS_L2_PAYLOAD ? 0 : item == RTE_FLOW_ITEM_TYPE_IPV4 ? IPV4_ALONE : IPV6_ALONE;
	for (unsigned int i = 0; i < RTE_DIM(transports); i++)
		if (transports[i].item == item)
			return before == IPV4_ALONE ? transports[i].after_ipv4 : before == IPV6_ALONE ? transports[i].after_ipv6 : 0;
	return 0;
}

/* *types: those of the pattern; 0 without one. */
static int
parse_pattern(const struct rte_flow_item *item, uint64_t *types, struct rte_flow_error *error)
{
	*types = 0;
	for (; item->type != RTE_FLOW_ITEM_TYPE_END; item++) {
		if (item->type == RTE_FLOW_ITEM_TYPE_VOID)
			continue;
		if (item->spec != NULL || item->mask != NULL || item->last != NULL)
			return BAD_ITEM("a hash is for a type of packets: no addresses, ports or masks");
		*types = types_with(*types, item->type);
		if (*types == 0)
			return BAD_ITEM("patterns are Ethernet, IPv4 or IPv6, and UDP, TCP or SCTP");
	}
	return 0;
}

static int
take_queues(const struct rte_eth_dev *dev, const struct rte_flow_action_rss *conf, struct i40e_rss_rule *rule,
	struct rte_flow_error *error)
{
	if (conf->queue_num > RTE_DIM(rule->queue) || (conf->queue_num != 0 && conf->queue == NULL))
		return BAD_CONF("more queues than a port has");
	for (uint32_t i = 0; i < conf->queue_num; i++) {
		if (conf->queue[i] >= dev->data->nb_rx_queues)
			return BAD_CONF("there is no such queue");
		rule->queue[i] = conf->queue[i];
	}
	rule->queues = (uint16_t)conf->queue_num;
	return 0;
}

/* Every type must keep a field. */
static bool
fields_remain(const struct i40e_rss_rule *rule)
{
	const uint64_t pctypes = i40e_rss_pctypes(rule->types);

	for (uint8_t pctype = 0; pctype < 64; pctype++)
		if ((pctypes >> pctype & 1) != 0 && i40e_rss_fields(pctype, rule->parts) == 0)
			return false;
	return true;
}

int
i40e_hash_parse(const struct rte_eth_dev *dev, const struct rte_flow_item *pattern, const struct rte_flow_action *action,
	struct i40e_rss_rule *rule, struct rte_flow_error *error)
{
	const struct rte_flow_action_rss *conf = action->conf;
	uint64_t known, types;
	int result = parse_pattern(pattern, &known, error);

	if (result != 0)
		return result;
	if (conf == NULL)
		return BAD_CONF("nothing is said of the hash");
	memset(rule, 0, sizeof(*rule));
	if (conf->func >= RTE_ETH_HASH_FUNCTION_MAX)
		return BAD_CONF("hash functions are Toeplitz, symmetric Toeplitz and simple XOR");
	if (conf->level != 0)
		return BAD_CONF("the card chooses the headers");
	if (conf->key_len != 0 && (conf->key == NULL || (conf->key_len != I40E_RSS_KEY && conf->key_len != 40)))
		return BAD_CONF("a key has 52 bytes (or 40)");
	if (known != 0 && conf->queue_num != 0)
		return BAD_CONF("the table of queues is for all packets: no pattern, or no queues");
	rule->function = conf->func;
	rule->parts = conf->types & PARTS;
	types = conf->types & ~PARTS;
	/* Names of several types at once. */
	if (types & RTE_ETH_RSS_IPV4)
		types = (types & ~RTE_ETH_RSS_IPV4) | IPV4_ALONE;
	if (types & RTE_ETH_RSS_IPV6)
		types = (types & ~RTE_ETH_RSS_IPV6) | IPV6_ALONE;
	rule->types = types != 0 ? types : known;
	if ((rule->types & ~(known != 0 ? known : I40E_RSS_TYPES)) != 0)
		return BAD_CONF("types that the pattern's packets are not, or the card does not know");
	if (!fields_remain(rule))
		return BAD_CONF("nothing is left to hash: these packets have no such field");
	if (rule->function == RTE_ETH_HASH_FUNCTION_SYMMETRIC_TOEPLITZ && (rule->types == 0 || rule->parts != 0))
		return BAD_CONF("a symmetric hash is for types of packets, with all their fields");
	memcpy(rule->key, conf->key_len != 0 ? conf->key : rule->key, conf->key_len);
	rule->key_length = (uint8_t)conf->key_len;
	return take_queues(dev, conf, rule, error);
}
