// SPDX-License-Identifier: BSD-3-Clause
// One-line defects of the PCI bus and of memory with bus addresses; what the fields mean stands in mutants.mjs.

const bus = 'dataplane/drivers/bus/pci';

export const pci = [
  {
    name: 'contiguous-across-a-gap',
    file: 'dataplane/lib/eal/common/eal_heap.c',
    line: 'gap = eal_area_break(e->area, start, need);',
    becomes: 'gap = NULL;',
    killedBy: { ctest: 'pci_model_test' },
  },
  {
    name: 'predecessor-left-in-the-map',
    file: `${bus}/model/pci_model_memory.c`,
    line: '__atomic_store_n(&memory.map->entry[i].state, 0, __ATOMIC_RELEASE);',
    becomes: '__atomic_store_n(&memory.map->entry[0].state, 0, __ATOMIC_RELEASE);',
    killedBy: { ctest: 'pci_model_test' },
  },
  {
    name: 'card-mapped-after-a-failed-probe',
    file: `${bus}/pci_probe.c`,
    line: '(ret < 0 || (driver->drv_flags & RTE_PCI_DRV_KEEP_MAPPED_RES) == 0))',
    becomes: '(ret > 0 && (driver->drv_flags & RTE_PCI_DRV_KEEP_MAPPED_RES) == 0))',
    killedBy: { ctest: 'pci_model_test' },
  },
  {
    name: 'card-given-foreign-addresses',
    file: `${bus}/linux/pci_os.c`,
    line: 'return !is_physical(dev) || (source != NULL && source->physical);',
    becomes: 'return !is_physical(dev) || source != NULL;',
    killedBy: { ctest: 'pci_sysfs_test' },
  },
  {
    name: 'card-writes-on-when-memory-goes',
    file: `${bus}/wdpdkuio/wuio_device.c`,
    line: 'if (function->master) {',
    becomes: 'if (function->master && function->dev == NULL) {',
    killedBy: { ctest: 'pci_wuio_test' },
  },
  {
    name: 'card-of-another-domain',
    file: `${bus}/wdpdkuio/wuio_memory.c`,
    line: 'return memory.chosen && function->info.dma_domain == memory.domain;',
    becomes: 'return memory.chosen && function->info.dma_quota == memory.quota;',
    killedBy: { ctest: 'pci_wuio_test' },
  },
  {
    name: 'address-that-cannot-be',
    file: `${bus}/wdpdkuio/wuio_memory.c`,
    line: 'if (reply->bus[i] % WDPDK_UIO_CHUNK != 0 || reply->bus[i] + WDPDK_UIO_CHUNK < reply->bus[i])',
    becomes: 'if (reply->bus[i] + WDPDK_UIO_CHUNK < reply->bus[i])',
    killedBy: { ctest: 'pci_wuio_test' },
  },
  {
    name: 'card-gone-untold',
    file: 'dataplane/drivers/net/i40e/i40e_removal.c',
    line: 'rte_eth_dev_callback_process(dev, RTE_ETH_EVENT_INTR_RMV, NULL);',
    becomes: 'rte_eth_dev_callback_process(dev, RTE_ETH_EVENT_INTR_LSC, NULL);',
    killedBy: { ctest: 'i40e_model_test', also: ['wdpdk-xl710-model'] },
  },
];
