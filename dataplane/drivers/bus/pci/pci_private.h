/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the files of the PCI bus share. A back end (model/, linux/, windows/) finds devices and reaches their registers;
 * everything else is common: pci_list.c (which devices and drivers there are), pci_probe.c (who drives what), pci.c (the
 * bus as the EAL sees it), pci_access.c (BARs and configuration space).
 */
#ifndef PCI_PRIVATE_H
#define PCI_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include <bus_driver.h>
#include <bus_pci_driver.h>
#include <rte_log.h>
#include <wdpdk_memory_source.h>

#define PCI_LOG(level, ...) rte_log(RTE_LOG_##level, pci_logtype, "PCI: " __VA_ARGS__)

extern int pci_logtype;
extern struct rte_bus pci_bus;

struct pci_device;

/** Functions give 0 or a negative errno, after a message that names the object, why and what to do, unless they say otherwise. */
struct pci_backend {
	const char *name;
	/** Maps all memory BARs into mem_resource[].addr; 1: the device is held by somebody it cannot be mapped through. */
	int (*map)(struct pci_device *dev);
	void (*unmap)(struct pci_device *dev);
	/** len bytes of configuration space that there are by RTE_PCI_CFG_SPACE_EXP_SIZE: how many were moved. */
	int (*read_config)(const struct pci_device *dev, void *buf, size_t len, size_t offset);
	int (*write_config)(const struct pci_device *dev, const void *buf, size_t len, size_t offset);
	/** What the device's DMA needs, for the choice at start; RTE_IOVA_DC: nothing is known. */
	enum rte_iova_mode (*iova_mode)(const struct pci_device *dev);
	/** Whether the device can use the addresses of that memory (NULL: the system's, virtual ones); else *remedy. */
	bool (*reaches)(const struct pci_device *dev, const struct wdpdk_memory_source *source, const char **remedy);
	/** Memory of the user's for the device. NULL or -ENOTSUP, without a message: this one cannot. */
	int (*dma_map)(struct pci_device *dev, void *addr, uint64_t iova, size_t len);
	int (*dma_unmap)(struct pci_device *dev, void *addr, uint64_t iova, size_t len);
	/** Frees what the back end has of a device that is not mapped. */
	void (*release)(struct pci_device *dev);
};

struct pci_device {
	struct rte_pci_device public;
	const struct pci_backend *backend;
	void *data; /* the back end's */
};

static inline struct pci_device *
pci_device_of(const struct rte_pci_device *dev)
{
	return container_of((struct rte_pci_device *)(uintptr_t)dev, struct pci_device, public);
}

/* ---- pci_list.c ---- */

RTE_TAILQ_HEAD(pci_device_list, rte_pci_device);
RTE_TAILQ_HEAD(pci_driver_list, rte_pci_driver);
/** In the order of addresses. */
extern struct pci_device_list pci_devices;
extern struct pci_driver_list pci_drivers;

/** A device that is in no list yet, with an interrupt handle without a source. NULL without memory. */
struct pci_device *pci_device_new(const struct pci_backend *backend, const struct rte_pci_addr *addr);
/** Puts it among the others and takes the user's arguments for it. 0, or -ENOMEM and it is freed. */
int pci_device_add(struct pci_device *dev);
/** Takes out of the list, and frees. */
void pci_device_remove(struct pci_device *dev);
/** Frees one that is in no list. */
void pci_device_free(struct pci_device *dev);
struct pci_device *pci_device_find(const struct rte_pci_addr *addr);
/** Takes up the user's arguments (-a, -b, hotplug) and, with them, the name the user gave it. */
void pci_device_name(struct pci_device *dev);
/** What the user said of an address, or NULL. */
struct rte_devargs *pci_devargs_of(const struct rte_pci_addr *addr);
/** Whether -a and -b leave the address out. */
bool pci_is_ignored(const struct rte_pci_addr *addr);
/** Reads a device's name: an address, or a model's. 0, or not. */
int pci_parse_name(const char *name, struct rte_pci_addr *addr);

/* ---- pci_probe.c ---- */

bool pci_matches(const struct rte_pci_driver *driver, const struct rte_pci_id *id);
/** 0; 1: no driver wants it; -EEXIST: it has one; or a driver's error, after a message. */
int pci_probe_device(struct pci_device *dev);
/** Takes the driver off. 0; 1: it has none; or the driver's error. */
int pci_detach_device(struct pci_device *dev);

/* ---- the back ends ---- */

/** Reads the name of a model ("pci_model0"). 0, or not. */
int pci_model_parse_name(const char *name, struct rte_pci_addr *addr);
/** Adds the models the user named. 0, or a negative errno when one cannot be there. */
int pci_model_scan(void);
/** Adds the system's devices. 0 or a negative errno. */
int pci_os_scan(void);
/** At the end of the bus. */
void pci_os_close(void);

#endif
