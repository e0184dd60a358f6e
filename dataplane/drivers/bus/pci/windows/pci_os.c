/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: devices of the system. They need a kernel driver of ours, which is not there yet.
 */
#include <rte_devargs.h>

#include "../pci_private.h"

int
pci_os_scan(void)
{
	const struct rte_devargs *devargs;
	struct rte_pci_addr addr;

	RTE_EAL_DEVARGS_FOREACH("pci", devargs)
		if (devargs->policy == RTE_DEV_ALLOWED && rte_pci_addr_parse(devargs->name, &addr) == 0 && pci_device_find(&addr) == NULL)
			PCI_LOG(ERR, "%s: on Windows a device needs the wdpdkuio driver, which this version does not have: use Linux, or a "
				"device model (--vdev pci_model0,bar=FILE,dma=DIR)\n", devargs->name);
	return 0;
}

void
pci_os_close(void)
{
}

const char *
rte_pci_get_sysfs_path(void)
{
	return NULL;
}
