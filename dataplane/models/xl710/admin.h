/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One admin command while it is carried out: private copies of descriptor and buffer, and the families of commands.
 */
#ifndef XL710_ADMIN_H
#define XL710_ADMIN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "control.h"

/* Return codes of admin commands. */
enum xl710_admin_code {
	AQ_OK = 0, AQ_EPERM = 1, AQ_ENOENT = 2, AQ_ESRCH = 3, AQ_EIO = 5, AQ_ENXIO = 6, AQ_E2BIG = 7, AQ_EAGAIN = 8, AQ_ENOMEM = 9,
	AQ_EACCES = 10, AQ_EFAULT = 11, AQ_EBUSY = 12, AQ_EEXIST = 13, AQ_EINVAL = 14, AQ_ENOTTY = 15, AQ_ENOSPC = 16, AQ_ENOSYS = 17,
	AQ_ERANGE = 18, AQ_EFLUSHED = 19, AQ_BAD_ADDR = 20, AQ_EMODE = 21, AQ_EFBIG = 22,
};

struct xl710_command {
	uint16_t opcode;
	uint8_t p[16];                        /* parameters; the reply's when done */
	uint32_t cookie_high, cookie_low;
	uint16_t length;                      /* of the driver's buffer; 0 for direct commands */
	uint16_t reply;                       /* bytes of `buffer` to give back: at most `length` are */
	uint8_t buffer[XL710_ADMIN_BUFFER];   /* what the driver gave (RD), zeros behind it */
};

/* Fields of parameters and buffers: little endian, anywhere. */
static inline uint16_t
le16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t
le32(const uint8_t *bytes)
{
	return le16(bytes) | (uint32_t)le16(bytes + 2) << 16;
}

static inline uint64_t
le64(const uint8_t *bytes)
{
	return le32(bytes) | (uint64_t)le32(bytes + 4) << 32;
}

static inline void
put16(uint8_t *bytes, uint32_t value)
{
	bytes[0] = (uint8_t)value;
	bytes[1] = (uint8_t)(value >> 8);
}

static inline void
put32(uint8_t *bytes, uint32_t value)
{
	put16(bytes, value);
	put16(bytes + 2, value >> 16);
}

/*
 * A command, carried out. The code goes to the driver; parameters and buffer are what it gets. Each handler changes state only once it
 * knows that all of the command is possible.
 */
uint16_t xl710_admin_execute(struct xl710_port *port, struct xl710_command *command);

typedef uint16_t xl710_admin_handler(struct xl710_port *port, struct xl710_command *command);

/* admin_base.c: firmware, resources, capabilities, registers, odds and ends */
xl710_admin_handler xl710_aq_version, xl710_aq_ok, xl710_aq_request_resource, xl710_aq_release_resource, xl710_aq_capabilities,
	xl710_aq_mac_read, xl710_aq_mac_write, xl710_aq_clear_pxe, xl710_aq_register_read, xl710_aq_register_write,
	xl710_aq_debug_read, xl710_aq_debug_write, xl710_aq_lldp_mib, xl710_aq_tunnel_add, xl710_aq_tunnel_delete,
	xl710_aq_shutdown, xl710_aq_nvm_read, xl710_aq_set_rss_key, xl710_aq_get_rss_key, xl710_aq_set_rss_lut, xl710_aq_get_rss_lut;

/* link.c */
xl710_admin_handler xl710_aq_phy_abilities, xl710_aq_set_phy, xl710_aq_set_mac_config, xl710_aq_restart_an, xl710_aq_link_status,
	xl710_aq_phy_mask, xl710_aq_loopback;

/* module.c */
xl710_admin_handler xl710_aq_phy_register;

/* admin_switch.c: switch, VSIs, VEBs, bandwidth */
xl710_admin_handler xl710_aq_switch_config, xl710_aq_port_parameters, xl710_aq_set_switch_config, xl710_aq_switch_resources,
	xl710_aq_add_vsi, xl710_aq_update_vsi, xl710_aq_get_vsi, xl710_aq_add_veb, xl710_aq_get_veb, xl710_aq_delete,
	xl710_aq_bandwidth_limit, xl710_aq_tc_bandwidth, xl710_aq_query_bandwidth, xl710_aq_query_ets, xl710_aq_add_statistics;

/* filters.c */
xl710_admin_handler xl710_aq_add_macvlan, xl710_aq_remove_macvlan, xl710_aq_add_vlan, xl710_aq_remove_vlan, xl710_aq_promiscuous,
	xl710_aq_add_control_filter, xl710_aq_remove_control_filter;

#endif
