/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: what an access to a BAR finds whose card is gone.
 */
#ifndef PCI_GUARD_H
#define PCI_GUARD_H

#include <stdbool.h>
#include <stddef.h>

/** See guard in struct wuio_os. -ENOSPC: too many BARs. */
int pci_guard(void *addr, size_t len, bool *gone);

#endif
