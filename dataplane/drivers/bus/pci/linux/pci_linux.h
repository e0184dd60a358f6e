/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: what the scan (pci_sysfs.c) knows of a device and the ways to its registers use.
 */
#ifndef PCI_LINUX_H
#define PCI_LINUX_H

#include "../pci_private.h"

#define PCI_PATH_SIZE 1024

struct pci_linux {
	char folder[PCI_PATH_SIZE];
	char driver[64];       /* the kernel's, by name; "": none */
	uint32_t wanted;       /* BARs that are memory, as bits */
	int uio;               /* N of /dev/uioN, once it is known; -1 */
	int config_fd;         /* -1: not opened yet */
	int group;             /* VFIO's, joined; -1 */
	int device_fd;         /* VFIO's, with configuration space at an offset; -1: not mapped */
	uint64_t config_offset;
	size_t mapped_len[PCI_MAX_RESOURCE];
};

/** Where device nodes are; tests set it. */
extern const char *pci_linux_dev;

extern const struct pci_backend pci_linux_backend;

/** Says which object of a device failed, why, and what to do when it is a matter of permission or absence. Gives -err. */
int pci_linux_refuse(const struct pci_device *dev, const char *object, int err, const char *when_missing);
/** The descriptor of configuration space, opened when it is first needed, or a negative errno after a message. */
int pci_linux_config(const struct pci_device *dev);
/** Maps the BARs through their files in the device's folder. 0 or a negative errno after a message, nothing mapped. */
int pci_linux_map_bars(struct pci_device *dev);
void pci_linux_unmap_bars(struct pci_device *dev);

/* pci_uio.c */
int pci_uio_map(struct pci_device *dev);
void pci_uio_unmap(struct pci_device *dev);

#endif
