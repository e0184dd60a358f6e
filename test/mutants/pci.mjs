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
    line: 'return !is_uio(dev) || (source != NULL && source->physical);',
    becomes: 'return !is_uio(dev) || source != NULL;',
    killedBy: { ctest: 'pci_sysfs_test' },
  },
];
