/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the model back end needs of the operating system: files in memory that another process has, too. Implemented in
 * linux/ and windows/. Functions give 0 or a negative errno.
 */
#ifndef PCI_OS_H
#define PCI_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_interrupts.h>

struct pci_os_file {
	void *addr; /* NULL: none */
	size_t len;
	int fd; /* stays open with it; -1: none */
};

/** Maps an existing file whole, shared and writable. -EFBIG: it is shorter than least. */
int pci_os_map(const char *path, size_t least, struct pci_os_file *file);
/**
 * Makes a file (0600) of len bytes, all zero, with its space taken, and maps it at a multiple of align. -EEXIST: there is one.
 */
int pci_os_create(const char *path, size_t len, size_t align, struct pci_os_file *file);
void pci_os_unmap(struct pci_os_file *file);
/**
 * Locks the file against other processes that do this; until it is unmapped. -EBUSY: one of them has it.
 */
int pci_os_lock(struct pci_os_file *file);
/** Deletes it, or makes it be another's name; what is mapped stays mapped. */
int pci_os_delete(const char *path);
int pci_os_rename(const char *from, const char *to);
/** The process's number, for names of its own. */
unsigned int pci_os_process(void);

/**
 * Gives the handle interrupts of 4 bytes each out of a FIFO, switched in the configuration space that is config.
 * -ENOTSUP: this system has none.
 */
int pci_os_open_irq(const char *path, const struct pci_os_file *config, struct rte_intr_handle *handle);
void pci_os_close_irq(struct rte_intr_handle *handle);

#endif
