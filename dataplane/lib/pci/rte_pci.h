/* SPDX-License-Identifier: BSD-3-Clause
 *
 * PCI addresses, ids and the offsets of configuration space that drivers use. Nothing here touches a device.
 */
#ifndef _RTE_PCI_H_
#define _RTE_PCI_H_

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- configuration space: sizes, then offsets and bits ---- */

#define RTE_PCI_CFG_SPACE_SIZE 256
#define RTE_PCI_CFG_SPACE_EXP_SIZE 4096

#define RTE_PCI_VENDOR_ID 0x00
#define RTE_PCI_DEVICE_ID 0x02
#define RTE_PCI_COMMAND 0x04
#define RTE_PCI_STATUS 0x06
#define RTE_PCI_BASE_ADDRESS_0 0x10
#define RTE_PCI_CAPABILITY_LIST 0x34

#define RTE_PCI_COMMAND_MEMORY 0x2
#define RTE_PCI_COMMAND_MASTER 0x4
#define RTE_PCI_COMMAND_INTX_DISABLE 0x400
#define RTE_PCI_STATUS_CAP_LIST 0x10

/* Ids in the list of capabilities, and registers of the PCI Express one. */
#define RTE_PCI_CAP_ID_PM 0x01
#define RTE_PCI_CAP_ID_MSI 0x05
#define RTE_PCI_CAP_ID_VNDR 0x09
#define RTE_PCI_CAP_ID_EXP 0x10
#define RTE_PCI_CAP_ID_MSIX 0x11
#define RTE_PCI_CAP_SIZEOF 4
#define RTE_PCI_CAP_NEXT 1

#define RTE_PCI_EXP_DEVCTL 8
#define RTE_PCI_EXP_DEVSTA 10

/* Extended capabilities begin at 256. */
#define RTE_PCI_EXT_CAP_ID(header) ((header) & 0xffffu)
#define RTE_PCI_EXT_CAP_NEXT(header) (((header) >> 20) & 0xffcu)

#define RTE_PCI_EXT_CAP_ID_ERR 0x01   /* advanced error reporting */
#define RTE_PCI_EXT_CAP_ID_DSN 0x03   /* device serial number */
#define RTE_PCI_EXT_CAP_ID_SRIOV 0x10 /* single-root I/O virtualization */
#define RTE_PCI_EXT_CAP_ID_PASID 0x1b /* process address space id */

#define RTE_PCI_SRIOV_CAP 0x04
#define RTE_PCI_SRIOV_CTRL 0x08
#define RTE_PCI_SRIOV_INITIAL_VF 0x0c
#define RTE_PCI_SRIOV_TOTAL_VF 0x0e
#define RTE_PCI_SRIOV_NUM_VF 0x10
#define RTE_PCI_SRIOV_FUNC_LINK 0x12
#define RTE_PCI_SRIOV_VF_OFFSET 0x14
#define RTE_PCI_SRIOV_VF_STRIDE 0x16
#define RTE_PCI_SRIOV_VF_DID 0x1a
#define RTE_PCI_SRIOV_SUP_PGSIZE 0x1c

#define RTE_PCI_PASID_CTRL 0x06

/* ---- addresses ---- */

/* 0000:00:01.0, and the same without its domain; arguments are the members of rte_pci_addr. */
#define PCI_PRI_FMT "%.4" PRIx32 ":%.2" PRIx8 ":%.2" PRIx8 ".%" PRIx8
#define PCI_SHORT_PRI_FMT "%.2" PRIx8 ":%.2" PRIx8 ".%" PRIx8
/* Room for the long form with its final zero. */
#define PCI_PRI_STR_SIZE sizeof("XXXXXXXX:XX:XX.X")

#define PCI_FMT_NVAL 4
#define PCI_RESOURCE_FMT_NVAL 3
#define PCI_MAX_RESOURCE 6

/** Of a device, or what a driver wants; then RTE_PCI_ANY_ID and RTE_CLASS_ANY_ID match everything. */
struct rte_pci_id {
	uint32_t class_id; /**< 24 bits: class, subclass, programming interface. */
	uint16_t vendor_id;
	uint16_t device_id;
	uint16_t subsystem_vendor_id;
	uint16_t subsystem_device_id;
};

struct rte_pci_addr {
	uint32_t domain;
	uint8_t bus;
	uint8_t devid;
	uint8_t function;
};

#define RTE_PCI_ANY_ID (0xffff)
#define PCI_ANY_ID RTE_DEPRECATED(PCI_ANY_ID) RTE_PCI_ANY_ID
#define RTE_CLASS_ANY_ID (0xffffff)

/** Writes the long form; size is at least PCI_PRI_STR_SIZE, else the program ends. */
void rte_pci_device_name(const struct rte_pci_addr *addr, char *output, size_t size);
/** 0, 1 or -1 as addr is equal to, above or below addr2; -1 when one is NULL. */
int rte_pci_addr_cmp(const struct rte_pci_addr *addr, const struct rte_pci_addr *addr2);
/**
 * Reads "BUS:DEVICE.FUNCTION" (domain 0) or "DOMAIN:BUS:DEVICE.FUNCTION", all hexadecimal, and nothing behind.
 * 0, or -1 and addr is not to be used.
 */
int rte_pci_addr_parse(const char *str, struct rte_pci_addr *addr);

#ifdef __cplusplus
}
#endif

#endif
