/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The port's life: found, configured, started, stopped, closed; and its table of operations.
 */
#include <errno.h>
#include <string.h>

#include <bus_pci_driver.h>
#include <ethdev_pci.h>
#include <rte_malloc.h>
#include <wdpdk_registry.h>

#include "i40e_ids.h"
#include "i40e_port.h"
#include "i40e_rss.h"

#define DEVCTL_EXTENDED_TAG 0x0100

#define SPEEDS_10G (RTE_ETH_LINK_SPEED_100M | RTE_ETH_LINK_SPEED_1G | RTE_ETH_LINK_SPEED_10G)
#define SPEEDS_25G (RTE_ETH_LINK_SPEED_1G | RTE_ETH_LINK_SPEED_10G | RTE_ETH_LINK_SPEED_25G)

static const struct {
	uint16_t device;
	uint32_t speeds;
} cards[] = {
	{0x1572, SPEEDS_10G},                                      /* X710 SFP+ */
	{0x1574, RTE_ETH_LINK_SPEED_40G},                          /* emulation */
	{0x1580, RTE_ETH_LINK_SPEED_40G},                          /* backplane */
	{0x1581, SPEEDS_10G},
	{0x1583, RTE_ETH_LINK_SPEED_10G | RTE_ETH_LINK_SPEED_40G}, /* XL710 QSFP+ */
	{0x1584, RTE_ETH_LINK_SPEED_10G | RTE_ETH_LINK_SPEED_40G},
	{0x1585, RTE_ETH_LINK_SPEED_10G},
	{0x1586, SPEEDS_10G},                                      /* 10GBASE-T */
	{0x1587, RTE_ETH_LINK_SPEED_20G},
	{0x1588, RTE_ETH_LINK_SPEED_20G},
	{0x1589, SPEEDS_10G},
	{0x158A, SPEEDS_25G},                                      /* XXV710 */
	{0x158B, SPEEDS_25G},
	{0x15FF, SPEEDS_10G},                                      /* X710-TL */
	{0x101F, SPEEDS_10G},
	{0x104E, SPEEDS_10G},
	{0x104F, SPEEDS_10G},
	{0x0CF8, SPEEDS_10G},                                      /* N3000 */
	{0x0D58, SPEEDS_25G},
};

uint32_t
i40e_speeds_of(uint16_t device)
{
	for (unsigned int i = 0; i < RTE_DIM(cards); i++)
		if (cards[i].device == device)
			return cards[i].speeds;
	return 0;
}

/* ---- Configure, start, stop ---- */

static int
configure(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);

	port->lut_set = false;
	__atomic_store_n(&port->link_events, dev->data->dev_conf.intr_conf.lsc != 0, __ATOMIC_RELAXED);
	__atomic_store_n(&port->fixed_speed, (dev->data->dev_conf.link_speeds & RTE_ETH_LINK_SPEED_FIXED) != 0,
		__ATOMIC_RELAXED);
	/* Whoever asks for spreading gets each packet's hash, as others have it. */
	if (dev->data->dev_conf.rxmode.mq_mode & RTE_ETH_MQ_RX_RSS_FLAG)
		dev->data->dev_conf.rxmode.offloads |= RTE_ETH_RX_OFFLOAD_RSS_HASH;
	return i40e_vlan_offload_set(dev, RTE_ETH_VLAN_FILTER_MASK | RTE_ETH_VLAN_STRIP_MASK);
}

static int
undo_start(struct rte_eth_dev *dev, int error)
{
	(void)i40e_queues_stop(dev);
	i40e_rx_interrupts_stop(dev);
	return error;
}

static int
start(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);
	int error;

	i40e_choose_paths(dev);
	error = i40e_rss_start(dev);
	if (error == 0)
		error = i40e_rx_interrupts_start(dev);
	if (error == 0)
		error = i40e_queues_start(dev);
	if (error == 0)
		error = i40e_promiscuous(&port->hw, &port->vsi, I40E_PROMISC_BROADCAST, I40E_PROMISC_BROADCAST);
	if (error == 0)
		error = i40e_link_events(port, dev->data->dev_conf.intr_conf.lsc != 0);
	if (error == 0)
		error = i40e_set_max_frame(port);
	if (error == 0)
		error = i40e_set_link_up(dev);
	if (error != 0)
		return undo_start(dev, error);
	(void)i40e_link_update(dev, 0);
	return 0;
}

static int
stop(struct rte_eth_dev *dev)
{
	int error = i40e_queues_stop(dev);

	i40e_rx_interrupts_stop(dev);
	/* A link that stays up is no reason to call the port started: nothing is received or sent. */
	if (error == 0)
		(void)i40e_set_link_down(dev);
	/* A card that is gone does nothing any more. */
	return i40e_is_removed(dev) ? 0 : error;
}

static int
mtu_set(struct rte_eth_dev *dev, uint16_t mtu)
{
	/* The queues' contexts hold it: those of a running port are the device's. */
	RTE_SET_USED(mtu);
	return dev->data->dev_started ? -EBUSY : 0;
}

/* ---- Found and closed ---- */

/* What of the function is used, of what the firmware grants. One queue pair is for the flow director. */
static int
size_port(struct i40e_port *port)
{
	const struct i40e_capabilities *caps = &port->hw.caps;

	if (caps->queues < 2 || caps->rss_table_size != I40E_LUT_SIZE) {
		I40E_LOG(ERR, port->hw.name, "%u queue pairs and an RSS table of %u entries: this driver needs 2 and %u", caps->queues,
			caps->rss_table_size, I40E_LUT_SIZE);
		return -ENOTSUP;
	}
	port->queues = (uint16_t)RTE_MIN(I40E_MAX_QUEUES, caps->queues - 1);
	port->fdir.queue = port->queues;
	return 0;
}

static void
warn_about_firmware(const struct i40e_hw *hw)
{
	const unsigned int nvm = hw->nvm_version >> 12;

	if (nvm != 0 && nvm < 5)
		I40E_LOG(WARNING, hw->name, "NVM %u.%02x is older than any this driver was written for (5.00): consider an update", nvm,
			hw->nvm_version >> 4 & 0xFF);
	if (nvm == 6)
		I40E_LOG(WARNING, hw->name, "NVM %u.%02x: with 6.01, cards were seen to take no more than 27 million packets per second "
			"where those with 5.0x take 37 to 42", nvm, hw->nvm_version >> 4 & 0xFF);
	if (hw->api_minor > 15)
		I40E_LOG(NOTICE, hw->name, "the firmware's admin queue API 1.%u is newer than this driver's (1.15)", hw->api_minor);
}

/* A class of packets is only seen when its switch is on; the table of 512 entries, too. */
static int
switch_on_filters(struct i40e_hw *hw)
{
	uint32_t control;
	int error = i40e_rx_read(hw, I40E_PFQF_CTL_0, &control);

	if (error != 0)
		return error;
	control |= I40E_PFQF_CTL_0_LUT512 | I40E_PFQF_CTL_0_FD | I40E_PFQF_CTL_0_ETYPE | I40E_PFQF_CTL_0_MACVLAN;
	return i40e_rx_write(hw, I40E_PFQF_CTL_0, control);
}

/* The firmware's own LLDP would take those frames away from the application. Firmware that has none says so. */
static void
stop_lldp(struct i40e_hw *hw)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_LLDP_STOP);

	desc.param.bytes[0] = 1;
	(void)i40e_aq_send(hw, &desc, NULL, 0, false, true);
}

static int
init_firmware(struct i40e_port *port, int socket)
{
	struct i40e_hw *hw = &port->hw;
	int error = i40e_reset(hw);

	if (error != 0)
		return error;
	i40e_read_identity(hw);
	error = i40e_aq_init(hw, socket);
	if (error == 0)
		error = i40e_nvm_init(hw);
	if (error == 0)
		error = i40e_clear_pxe(hw);
	if (error == 0)
		error = i40e_get_capabilities(hw);
	if (error == 0)
		error = size_port(port);
	if (error == 0)
		error = i40e_hmc_init(hw, port->queues + 1u, socket);
	if (error == 0)
		error = i40e_mac_read(hw, port->permanent_mac.addr_bytes);
	return error;
}

static int
init_switch(struct i40e_port *port)
{
	struct i40e_hw *hw = &port->hw;
	int error = i40e_vsi_find(hw, &port->vsi);

	stop_lldp(hw);
	if (error == 0)
		error = i40e_vsi_set_queues(hw, &port->vsi, 0, port->queues);
	if (error == 0)
		error = switch_on_filters(hw);
	if (error == 0)
		error = i40e_rss_init(port);
	if (error == 0)
		error = i40e_set_port_parameters(hw);
	if (error == 0)
		error = i40e_drop_pause_tx(hw, &port->vsi);
	if (error == 0)
		error = i40e_filters_start(port);
	if (error == 0)
		error = i40e_link_events(port, false);
	return error;
}

static int
close_port(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);

	if (dev->data->dev_started)
		(void)stop(dev);
	i40e_events_stop(dev);
	i40e_flows_forget(port);
	i40e_fdir_stop(port);
	i40e_aq_fini(&port->hw);
	/* The reset takes the queues from the device whatever became of their stop: only then their memory may go. */
	(void)i40e_reset(&port->hw);
	for (uint16_t i = 0; i < dev->data->nb_rx_queues; i++)
		i40e_rx_queue_release(dev, i);
	for (uint16_t i = 0; i < dev->data->nb_tx_queues; i++)
		i40e_tx_queue_release(dev, i);
	i40e_hmc_fini(&port->hw);
	rte_free(port->multicasts);
	port->multicasts = NULL;
	port->multicast_count = 0;
	pthread_mutex_destroy(&port->stats_lock);
	pthread_mutex_destroy(&port->hw.aq_lock);
	return 0;
}

static int
reset_port(struct rte_eth_dev *dev);

static const struct eth_dev_ops operations = {
	.dev_configure = configure,
	.dev_start = start,
	.dev_stop = stop,
	.dev_close = close_port,
	.dev_reset = reset_port,
	.is_removed = i40e_is_removed,
	.dev_set_link_up = i40e_set_link_up,
	.dev_set_link_down = i40e_set_link_down,
	.link_update = i40e_link_update,
	.mtu_set = mtu_set,
	.dev_infos_get = i40e_infos_get,
	.dev_supported_ptypes_get = i40e_supported_ptypes,
	.fw_version_get = i40e_fw_version,
	.get_eeprom_length = i40e_eeprom_length,
	.get_eeprom = i40e_eeprom_get,
	.get_module_info = i40e_module_info,
	.get_module_eeprom = i40e_module_eeprom,
	.rx_queue_setup = i40e_rx_queue_setup,
	.tx_queue_setup = i40e_tx_queue_setup,
	.rx_queue_release = i40e_rx_queue_release,
	.tx_queue_release = i40e_tx_queue_release,
	.rx_queue_start = i40e_rx_queue_start,
	.rx_queue_stop = i40e_rx_queue_stop,
	.tx_queue_start = i40e_tx_queue_start,
	.tx_queue_stop = i40e_tx_queue_stop,
	.rxq_info_get = i40e_rxq_info,
	.txq_info_get = i40e_txq_info,
	.rx_burst_mode_get = i40e_rx_burst_mode,
	.tx_burst_mode_get = i40e_tx_burst_mode,
	.rx_queue_intr_enable = i40e_rx_intr_enable,
	.rx_queue_intr_disable = i40e_rx_intr_disable,
	.stats_get = i40e_stats_get,
	.stats_reset = i40e_stats_reset,
	.xstats_get = i40e_xstats_get,
	.xstats_get_names = i40e_xstats_get_names,
	.xstats_reset = i40e_stats_reset,
	.mac_addr_add = i40e_mac_add,
	.mac_addr_remove = i40e_mac_remove,
	.mac_addr_set = i40e_mac_set,
	.set_mc_addr_list = i40e_set_multicasts,
	.promiscuous_enable = i40e_promiscuous_enable,
	.promiscuous_disable = i40e_promiscuous_disable,
	.allmulticast_enable = i40e_allmulticast_enable,
	.allmulticast_disable = i40e_allmulticast_disable,
	.vlan_filter_set = i40e_vlan_filter_set,
	.vlan_offload_set = i40e_vlan_offload_set,
	.vlan_pvid_set = i40e_vlan_pvid_set,
	.rss_hash_update = i40e_rss_hash_update,
	.rss_hash_conf_get = i40e_rss_hash_get,
	.reta_update = i40e_reta_update,
	.reta_query = i40e_reta_query,
	.flow_ops_get = i40e_flow_ops,
};

static void
set_extended_tag(struct rte_pci_device *pci)
{
	const off_t capability = rte_pci_find_capability(pci, RTE_PCI_CAP_ID_EXP);
	uint16_t control;

	/* More requests under way on the bus; without it small packets are slower, nothing else. */
	if (capability <= 0 || rte_pci_read_config(pci, &control, sizeof(control), capability + RTE_PCI_EXP_DEVCTL) != sizeof(control))
		return;
	if (control & DEVCTL_EXTENDED_TAG)
		return;
	control |= DEVCTL_EXTENDED_TAG;
	if (rte_pci_write_config(pci, &control, sizeof(control), capability + RTE_PCI_EXP_DEVCTL) != sizeof(control))
		I40E_LOG(NOTICE, pci->device.name, "PCIe extended tags cannot be switched on");
}

static int
init_hardware(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);
	int error = init_firmware(port, dev->data->numa_node);

	if (error == 0) {
		dev->data->mac_addrs[0] = port->permanent_mac;
		error = init_switch(port);
	}
	if (error == 0)
		error = i40e_events_start(dev);
	if (error == 0)
		return 0;
	i40e_hmc_fini(&port->hw);
	i40e_aq_fini(&port->hw);
	return error;
}

static int
init_port(struct rte_eth_dev *dev)
{
	struct rte_pci_device *pci = RTE_ETH_DEV_TO_PCI(dev);
	struct i40e_port *port = i40e_port_of(dev);
	int error;

	if (pci->mem_resource[0].addr == NULL || pci->mem_resource[0].len < I40E_BAR_SIZE) {
		I40E_LOG(ERR, dev->data->name, "its registers (BAR 0) are not mapped, or not %u bytes", I40E_BAR_SIZE);
		return -ENODEV;
	}
	i40e_hw_init(&port->hw, pci->mem_resource[0].addr, dev->data->name);
	pthread_mutex_init(&port->stats_lock, NULL);
	port->dev = dev;
	dev->data->mac_addrs = rte_zmalloc("i40e addresses", I40E_MAX_MACS * sizeof(*dev->data->mac_addrs), 0);
	if (dev->data->mac_addrs == NULL)
		return -ENOMEM;
	set_extended_tag(pci);
	(void)rte_pci_set_bus_master(pci, true);
	error = init_hardware(dev);
	if (error != 0)
		return error;
	dev->dev_ops = &operations;
	dev->rx_queue_count = i40e_rx_queue_count;
	dev->rx_descriptor_status = i40e_rx_descriptor_status;
	dev->tx_descriptor_status = i40e_tx_descriptor_status;
	i40e_choose_paths(dev);
	dev->data->dev_flags |= RTE_ETH_DEV_INTR_LSC;
	(void)i40e_stats_reset(dev);
	(void)i40e_link_update(dev, 0);
	warn_about_firmware(&port->hw);
	I40E_LOG(INFO, dev->data->name, "firmware %u.%u (API %u.%u), port %u, %u queue pairs", port->hw.fw_major, port->hw.fw_minor,
		port->hw.api_major, port->hw.api_minor, port->hw.port, port->queues);
	return 0;
}

/* From the function's reset on anew; the port's numbers and addresses stay. */
static int
reset_port(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);
	const struct rte_ether_addr mac = dev->data->mac_addrs[0];
	int error;

	i40e_events_stop(dev);
	i40e_flows_forget(port);
	i40e_fdir_stop(port);
	i40e_hmc_fini(&port->hw);
	i40e_aq_fini(&port->hw);
	memset(dev->data->mac_addrs, 0, I40E_MAX_MACS * sizeof(mac));
	memset(port->vlans, 0, sizeof(port->vlans));
	port->vlan_filter = false;
	error = init_hardware(dev);
	if (error == 0 && !rte_is_same_ether_addr(&mac, &dev->data->mac_addrs[0]) && i40e_mac_set(dev, (void *)(uintptr_t)&mac) == 0)
		dev->data->mac_addrs[0] = mac;
	return error;
}

/* ---- Driver ---- */

static int
probe(struct rte_pci_driver *driver, struct rte_pci_device *pci)
{
	RTE_SET_USED(driver);
	if (i40e_speeds_of(pci->id.device_id) == 0) {
		I40E_LOG(ERR, pci->device.name, "device %04x:%04x is of Intel's 700 series, but not of the XL710, X710 or XXV710 kind this "
			"driver is for", pci->id.vendor_id, pci->id.device_id);
		return -ENOTSUP;
	}
	return rte_eth_dev_pci_generic_probe(pci, sizeof(struct i40e_port), init_port);
}

static int
uninit_port(struct rte_eth_dev *dev)
{
	/* Next the bus takes the registers away. Nobody may look at them then, so it is closed whatever its stop says: the reset within
	 * takes from the device what the stop could not. */
	if (rte_eth_dev_stop(dev->data->port_id) != 0)
		dev->data->dev_started = 0;
	return rte_eth_dev_close(dev->data->port_id);
}

static int
remove_device(struct rte_pci_device *pci)
{
	struct rte_eth_dev *dev = rte_eth_dev_allocated(pci->device.name);

	/* The application may have closed the port already; closing releases it. */
	return dev == NULL ? 0 : uninit_port(dev);
}

static const struct rte_pci_id ids[] = {
	{RTE_PCI_DEVICE(I40E_VENDOR, 0x1572)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x1574)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x1580)},
	{RTE_PCI_DEVICE(I40E_VENDOR, 0x1581)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x1583)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x1584)},
	{RTE_PCI_DEVICE(I40E_VENDOR, 0x1585)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x1586)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x1587)},
	{RTE_PCI_DEVICE(I40E_VENDOR, 0x1588)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x1589)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x158A)},
	{RTE_PCI_DEVICE(I40E_VENDOR, 0x158B)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x15FF)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x101F)},
	{RTE_PCI_DEVICE(I40E_VENDOR, 0x104E)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x104F)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x0CF8)},
	{RTE_PCI_DEVICE(I40E_VENDOR, 0x0D58)},
	/* X722, and virtual functions: known, and refused in words. */
	{RTE_PCI_DEVICE(I40E_VENDOR, 0x37CE)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x37CF)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x37D0)},
	{RTE_PCI_DEVICE(I40E_VENDOR, 0x37D1)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x37D2)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x37D3)},
	{RTE_PCI_DEVICE(I40E_VENDOR, 0x154C)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x1571)}, {RTE_PCI_DEVICE(I40E_VENDOR, 0x1889)},
	{.vendor_id = 0},
};

static struct rte_pci_driver driver = {
	.driver = {.name = "net_i40e"},
	.id_table = ids,
	.drv_flags = RTE_PCI_DRV_NEED_MAPPING | RTE_PCI_DRV_INTR_LSC | RTE_PCI_DRV_INTR_RMV,
	.probe = probe,
	.remove = remove_device,
};

int
wdpdk_register_net_i40e(void)
{
	const int type = rte_log_register_type_and_pick_level("pmd.net.i40e", RTE_LOG_NOTICE);

	i40e_logtype = type < 0 ? RTE_LOGTYPE_EAL : type;
	rte_pci_register(&driver);
	return 0;
}
