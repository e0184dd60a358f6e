/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What rte_eal_init() makes known, in this order: what a row needs stands above it. A new driver adds its row here
 * and its function to wdpdk_registry.h.
 */
#include <stddef.h>

#include <wdpdk_registry.h>

const struct wdpdk_registry_row wdpdk_registry[] = {
	{"mempool_ring", wdpdk_register_mempool_ring},
	{"mempool_stack", wdpdk_register_mempool_stack},
	{"class_eth", wdpdk_register_class_eth},
	{"bus_vdev", wdpdk_register_bus_vdev},
	{"bus_pci", wdpdk_register_bus_pci},
	{"net_i40e", wdpdk_register_net_i40e},
	{"net_null", wdpdk_register_net_null},
	{"net_pcap", wdpdk_register_net_pcap},
	{"net_ring", wdpdk_register_net_ring},
	{"net_tap", wdpdk_register_net_tap},
	{"event_sw", wdpdk_register_event_sw},
	{NULL, NULL},
};
