/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The classifier's packet types, and the fields it can look at: 16-bit words of the parsed headers, selected by a bit each,
 * word 0 being the highest.
 */
#ifndef I40E_RSS_H
#define I40E_RSS_H

#include <stdint.h>

struct i40e_port;

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
/** Once after the function's reset. */
int i40e_rss_init(struct i40e_port *port);

#endif
