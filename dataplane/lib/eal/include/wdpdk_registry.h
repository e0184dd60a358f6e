/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What takes the place of constructors: one table of everything that registers itself with a library. rte_eal_init()
 * walks it once, in order, before the buses are scanned. It is defined in dataplane/drivers/registry.c; a new mempool
 * handler, bus or driver adds a row there and its function below.
 */
#ifndef WDPDK_REGISTRY_H
#define WDPDK_REGISTRY_H

#ifdef __cplusplus
extern "C" {
#endif

struct wdpdk_registry_row {
	const char *name;
	int (*init)(void); /* 0 or a negative errno, which ends rte_eal_init() */
};

/* Ends with a NULL name. */
extern const struct wdpdk_registry_row wdpdk_registry[];

int wdpdk_register_mempool_ring(void);
int wdpdk_register_mempool_stack(void);
int wdpdk_register_class_eth(void);
int wdpdk_register_bus_vdev(void);
int wdpdk_register_bus_pci(void);
int wdpdk_register_net_i40e(void);
int wdpdk_register_net_null(void);
int wdpdk_register_net_pcap(void);
int wdpdk_register_net_ring(void);
int wdpdk_register_net_tap(void);
int wdpdk_register_event_sw(void);

#ifdef __cplusplus
}
#endif

#endif
