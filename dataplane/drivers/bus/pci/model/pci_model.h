/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The memory that device models share with us: files of a folder.
 */
#ifndef PCI_MODEL_H
#define PCI_MODEL_H

#include <wdpdk_memory_source.h>

/** From now on memory comes from that folder. 0, also when it does already; or a negative errno after a message. */
int pci_model_memory_use(const char *device, const char *folder);
/** The source, whether in use or not. */
const struct wdpdk_memory_source *pci_model_memory(void);

#endif
