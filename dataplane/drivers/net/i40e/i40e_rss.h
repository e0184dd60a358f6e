/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The classifier's packet types, and the fields it can look at: 16-bit words of the parsed headers, selected by a bit each,
 * word 0 being the highest.
 */
#ifndef I40E_RSS_H
#define I40E_RSS_H

#include <stdint.h>

#include <ethdev_driver.h>
#include <rte_flow_driver.h>

struct i40e_port;

/** What a rule of rte_flow says of the hash. */
struct i40e_rss_rule {
	struct i40e_rss_rule *next;
	enum rte_eth_hash_function function;
	uint64_t types;        /* RTE_ETH_RSS_*, hashed beside those that are; each is of one type of packet */
	uint64_t parts;        /* RTE_ETH_RSS_L3_SRC_ONLY and its kin; 0: all fields */
	uint8_t key[52];
	uint8_t key_length;    /* 0: the port's */
	uint16_t queues;       /* 0: the port's table */
	uint16_t queue[64];
};

#define I40E_PCTYPE_IPV4_UDP 31
#define I40E_PCTYPE_IPV4_TCP 33
#define I40E_PCTYPE_IPV4_SCTP 34
#define I40E_PCTYPE_IPV4_OTHER 35
#define I40E_PCTYPE_IPV4_FRAGMENT 36
#define I40E_PCTYPE_IPV6_UDP 41
#define I40E_PCTYPE_IPV6_TCP 43
#define I40E_PCTYPE_IPV6_SCTP 44
#define I40E_PCTYPE_IPV6_OTHER 45
#define I40E_PCTYPE_IPV6_FRAGMENT 46
#define I40E_PCTYPE_L2 63

#define I40E_FIELD(word) (1ULL << (63 - (word)))
#define I40E_WORD_ETHERTYPE 49
#define I40E_FIELDS_IPV4_SRC (I40E_FIELD(15) | I40E_FIELD(16))
#define I40E_FIELDS_IPV4_DST (I40E_FIELD(27) | I40E_FIELD(28))
#define I40E_FIELDS_IPV4 (I40E_FIELDS_IPV4_SRC | I40E_FIELDS_IPV4_DST)
#define I40E_FIELDS_IPV6_SRC (0xFFULL << (63 - 20))
#define I40E_FIELDS_IPV6_DST (0xFFULL << (63 - 28))
#define I40E_FIELDS_IPV6 (I40E_FIELDS_IPV6_SRC | I40E_FIELDS_IPV6_DST)
#define I40E_FIELD_SRC_PORT I40E_FIELD(29)
#define I40E_FIELD_DST_PORT I40E_FIELD(30)
#define I40E_FIELDS_PORTS (I40E_FIELD_SRC_PORT | I40E_FIELD_DST_PORT)
#define I40E_FIELDS_SCTP_TAG (I40E_FIELD(31) | I40E_FIELD(32))

/** What the hash and rules take of a type as the card comes. */
uint64_t i40e_default_fields(uint8_t pctype);
/** The fields of a type that `parts` leaves; 0: none. */
uint64_t i40e_rss_fields(uint8_t pctype, uint64_t parts);
/**
 * Pattern and action of rte_flow to a rule. 0, or -EINVAL with `error` filled in.
 */
int i40e_hash_parse(const struct rte_eth_dev *dev, const struct rte_flow_item *pattern, const struct rte_flow_action *action,
	struct i40e_rss_rule *rule, struct rte_flow_error *error);
/** Gives the device what port and rules want: hash function, types, fields, key, table. */
int i40e_rss_apply(struct rte_eth_dev *dev);
/** Once after the function's reset. */
int i40e_rss_init(struct i40e_port *port);

#endif
