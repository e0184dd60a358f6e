/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which command is whose.
 */
#include "admin.h"

static const struct {
	uint16_t opcode, buffer; /* bytes of buffer it needs at least */
	xl710_admin_handler *handler;
} table[] = {
	{ 0x0001, 0, xl710_aq_version },
	{ 0x0002, 1, xl710_aq_ok },                 /* driver version */
	{ 0x0003, 0, xl710_aq_shutdown },
	{ 0x0008, 0, xl710_aq_request_resource },
	{ 0x0009, 0, xl710_aq_release_resource },
	{ 0x000A, 32, xl710_aq_capabilities },      /* of the function */
	{ 0x000B, 32, xl710_aq_capabilities },      /* of the device */
	{ 0x0107, 24, xl710_aq_mac_read },
	{ 0x0108, 0, xl710_aq_mac_write },
	{ 0x0110, 0, xl710_aq_clear_pxe },
	{ 0x0200, 32, xl710_aq_switch_config },
	{ 0x0201, 0, xl710_aq_add_statistics },
	{ 0x0203, 0, xl710_aq_port_parameters },
	{ 0x0204, 16, xl710_aq_switch_resources },
	{ 0x0205, 0, xl710_aq_set_switch_config },
	{ 0x0206, 0, xl710_aq_register_read },
	{ 0x0207, 0, xl710_aq_register_write },
	{ 0x0210, 128, xl710_aq_add_vsi },
	{ 0x0211, 128, xl710_aq_update_vsi },
	{ 0x0212, 128, xl710_aq_get_vsi },
	{ 0x0230, 0, xl710_aq_add_veb },
	{ 0x0232, 0, xl710_aq_get_veb },
	{ 0x0243, 0, xl710_aq_delete },
	{ 0x0250, 16, xl710_aq_add_macvlan },
	{ 0x0251, 16, xl710_aq_remove_macvlan },
	{ 0x0252, 8, xl710_aq_add_vlan },
	{ 0x0253, 8, xl710_aq_remove_vlan },
	{ 0x0254, 0, xl710_aq_promiscuous },
	{ 0x025A, 0, xl710_aq_add_control_filter },
	{ 0x025B, 0, xl710_aq_remove_control_filter },
	{ 0x0400, 0, xl710_aq_bandwidth_limit },
	{ 0x0407, 32, xl710_aq_tc_bandwidth },
	{ 0x0408, 64, xl710_aq_query_bandwidth },
	{ 0x040A, 32, xl710_aq_query_ets },
	{ 0x0600, 0x218, xl710_aq_phy_abilities },
	{ 0x0601, 0, xl710_aq_set_phy },
	{ 0x0603, 0, xl710_aq_set_mac_config },
	{ 0x0605, 0, xl710_aq_restart_an },
	{ 0x0607, 0, xl710_aq_link_status },
	{ 0x0613, 0, xl710_aq_phy_mask },
	{ 0x0618, 0, xl710_aq_loopback },
	{ 0x0629, 0, xl710_aq_phy_register },
	{ 0x0701, 2, xl710_aq_nvm_read },
	{ 0x0A00, 0, xl710_aq_lldp_mib },
	{ 0x0A05, 0, xl710_aq_ok },                 /* LLDP stop */
	{ 0x0A06, 0, xl710_aq_ok },                 /* LLDP start */
	{ 0x0B00, 0, xl710_aq_tunnel_add },
	{ 0x0B01, 0, xl710_aq_tunnel_delete },
	{ 0x0B02, 52, xl710_aq_set_rss_key },
	{ 0x0B03, 64, xl710_aq_set_rss_lut },
	{ 0x0B04, 52, xl710_aq_get_rss_key },
	{ 0x0B05, 64, xl710_aq_get_rss_lut },
	{ 0xFF03, 0, xl710_aq_debug_read },
	{ 0xFF04, 0, xl710_aq_debug_write },
};

uint16_t
xl710_admin_execute(struct xl710_port *port, struct xl710_command *command)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].opcode != command->opcode)
			continue;
		if (command->length < table[i].buffer)
			return AQ_EINVAL;
		return table[i].handler(port, command);
	}
	return AQ_ESRCH;
}
