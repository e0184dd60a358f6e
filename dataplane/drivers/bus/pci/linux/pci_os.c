/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: devices of the system.
 */
#include <stdlib.h>

#include "../pci_private.h"

const char *
rte_pci_get_sysfs_path(void)
{
	const char *path = getenv("SYSFS_PCI_DEVICES");

	return path != NULL ? path : "/sys/bus/pci/devices";
}

int
pci_os_scan(void)
{
	return 0;
}

void
pci_os_close(void)
{
}
