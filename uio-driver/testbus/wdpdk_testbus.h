/* SPDX-License-Identifier: BSD-3-Clause
 *
 * wdpdkbus.sys, the PCI bus of the tests: what a function driver asks of it beside BUS_INTERFACE_STANDARD (where the test
 * hardware's files are, which fault is on, a place in the order log), and what tools ask of its control device.
 *
 * Not part of the product: no shipping driver or program knows this header. Only fixed-width types, so that drivers, Win32
 * programs and Linux agree about it.
 */
#ifndef WDPDK_TESTBUS_H
#define WDPDK_TESTBUS_H

#include <stdint.h>

#define WDPDK_TESTBUS_VERSION 1
#define WDPDK_TESTBUS_DEVICES 2
/* In a request: every device of the bus. */
#define WDPDK_TESTBUS_ALL UINT32_MAX
#define WDPDK_TESTBUS_PATH 512
#define WDPDK_TESTBUS_BARS 6
#define WDPDK_TESTBUS_CONFIG 256

/* What a line of the order log says. Values are the log's format: new ones at the end. */
enum wdpdk_testbus_op {
	WDPDK_TESTBUS_OP_CONFIG_WRITE = 1, /* by the bus: offset, length, value written */
	WDPDK_TESTBUS_OP_BUS_MASTER = 2,   /* by the bus: bus mastering has gone on (value 1) or off (0) */
	WDPDK_TESTBUS_OP_RESET = 3,        /* by the bus: a function-level reset was begun */
	WDPDK_TESTBUS_OP_PENDING = 4,      /* by the bus: device status was read; value 1 while transactions are pending */
	WDPDK_TESTBUS_OP_UNPLUG = 5,       /* by the bus */
	WDPDK_TESTBUS_OP_PLUG = 6,         /* by the bus */
	WDPDK_TESTBUS_OP_FAULT = 7,        /* by the bus: a fault fired; offset is its kind */
	WDPDK_TESTBUS_OP_BAR_MAP = 16,     /* by hw_test from here on: offset = BAR, length, value = user address */
	WDPDK_TESTBUS_OP_BAR_UNMAP = 17,
	WDPDK_TESTBUS_OP_DMA_ALLOC = 18,   /* offset = id, length in MiB, value = bus address of the first chunk */
	WDPDK_TESTBUS_OP_DMA_FREE = 19,
	WDPDK_TESTBUS_OP_DMA_MAP = 20,     /* offset = id, length in MiB, value = user address */
	WDPDK_TESTBUS_OP_DMA_UNMAP = 21,
	WDPDK_TESTBUS_OP_NOTE = 22,        /* anything else; offset and value say what */
};

/*
 * Faults. `times` faults fire at that many next occasions (UINT32_MAX: at all); `nth` faults fire once, at the nth occasion
 * from now (1: the next).
 */
enum wdpdk_testbus_fault {
	WDPDK_TESTBUS_FAULT_PENDING = 0,    /* times: device status says that transactions are pending */
	WDPDK_TESTBUS_FAULT_MAP_RAISES = 1, /* times: mapping into the owner raises an exception */
	WDPDK_TESTBUS_FAULT_ALLOCATION = 2, /* nth: an allocation of the function driver (pool, section, view, DMA) fails */
	WDPDK_TESTBUS_FAULT_RESET = 3,      /* times: after a function-level reset the function reads as all ones */
	WDPDK_TESTBUS_FAULT_MAP_FAILS = 4,  /* times: mapping into the owner returns an error */
	WDPDK_TESTBUS_FAULTS = 8
};

/* What the function driver holds, counted by its test build: what must be back where it was when nobody has it open. */
enum wdpdk_testbus_account {
	WDPDK_TESTBUS_POOL_BLOCKS = 0,
	WDPDK_TESTBUS_POOL_BYTES = 1,
	WDPDK_TESTBUS_SECTIONS = 2,   /* handles of sections and files */
	WDPDK_TESTBUS_VIEWS = 3,      /* views in an owner */
	WDPDK_TESTBUS_PROCESSES = 4,  /* references to owners */
	WDPDK_TESTBUS_DMA_BYTES = 5,
	WDPDK_TESTBUS_REQUESTS = 6,   /* pending requests */
	WDPDK_TESTBUS_ACCOUNTS = 8
};

/* What a test device is made of. Paths are NT paths (\??\Z:\...), zero-terminated; empty when none was given. */
struct wdpdk_testbus_device {
	uint32_t size, version;
	uint32_t index; /* 0 or 1 */
	uint32_t segment, bus, device, function;
	int32_t node;   /* NUMA, -1 for none */
	uint64_t bar_address[WDPDK_TESTBUS_BARS];
	uint64_t bar_length[WDPDK_TESTBUS_BARS]; /* 0: there is none */
	uint64_t dma_domain;                     /* devices with the same value share the folder below */
	uint16_t bar_path[WDPDK_TESTBUS_PATH];   /* the file that is BAR0 */
	uint16_t dma_path[WDPDK_TESTBUS_PATH];   /* the folder of DMA memory: memory.N and map */
};

/* {6d9c1f0e-3f44-4c0b-9b6e-5a1d0f3c7e21}, for IRP_MN_QUERY_INTERFACE; version 1. */
#define WDPDK_TESTBUS_INTERFACE_GUID \
	{ 0x6d9c1f0e, 0x3f44, 0x4c0b, { 0x9b, 0x6e, 0x5a, 0x1d, 0x0f, 0x3c, 0x7e, 0x21 } }

/*
 * The head is the kernel's INTERFACE: the bus references it once before it answers, the asker calls dereference once when done
 * (before it passes IRP_MN_REMOVE_DEVICE down). All functions: any thread, IRQL <= DISPATCH_LEVEL, except describe (PASSIVE_LEVEL).
 */
struct wdpdk_testbus_interface {
	uint16_t size, version;
	void *context;
	void (*reference)(void *context);
	void (*dereference)(void *context);
	void (*describe)(void *context, struct wdpdk_testbus_device *device);
	/* The line's sequence number: one order for config space, hardware operations and plugging of all devices. */
	uint64_t (*log)(void *context, uint32_t op, uint32_t offset, uint32_t length, uint64_t value);
	/* 1: the fault fires now (which is logged); 0: go on as usual. */
	uint32_t (*fault)(void *context, uint32_t fault);
	void (*account)(void *context, uint32_t account, int64_t change);
};

/* The control device: \\.\wdpdkbus. METHOD_BUFFERED; requests and replies of exactly these sizes, but for the log's reply. */
#define WDPDK_TESTBUS_CONTROL_NAME "wdpdkbus"
#define WDPDK_TESTBUS_IOCTL(number) ((0x22u << 16) | ((0xA00u + (number)) << 2))
#define WDPDK_TESTBUS_IOCTL_STATUS WDPDK_TESTBUS_IOCTL(0) /* - -> struct wdpdk_testbus_status */
#define WDPDK_TESTBUS_IOCTL_LOG WDPDK_TESTBUS_IOCTL(1)    /* u64 sequence -> struct wdpdk_testbus_log, as much as fits */
#define WDPDK_TESTBUS_IOCTL_FAULT WDPDK_TESTBUS_IOCTL(2)  /* struct wdpdk_testbus_set_fault */
#define WDPDK_TESTBUS_IOCTL_PLUG WDPDK_TESTBUS_IOCTL(3)   /* u32 device: in again; reads paths and configuration space anew */
#define WDPDK_TESTBUS_IOCTL_UNPLUG WDPDK_TESTBUS_IOCTL(4) /* u32 device: gone at once, as a card pulled out */

struct wdpdk_testbus_set_fault {
	uint32_t device; /* or WDPDK_TESTBUS_ALL */
	uint32_t fault, value;
};

struct wdpdk_testbus_status {
	uint32_t version;
	uint32_t references; /* of interfaces that function drivers hold */
	uint64_t sequence;   /* of the log's last line; 0 before the first */
	int64_t account[WDPDK_TESTBUS_ACCOUNTS];
	struct {
		uint32_t present;
		uint32_t plugs; /* how often it was plugged in */
		uint32_t fault[WDPDK_TESTBUS_FAULTS];
		uint32_t fired[WDPDK_TESTBUS_FAULTS];
		uint8_t config[WDPDK_TESTBUS_CONFIG];
	} device[WDPDK_TESTBUS_DEVICES];
};

struct wdpdk_testbus_line {
	uint64_t sequence, value;
	uint32_t op, device, offset, length;
};

struct wdpdk_testbus_log {
	uint32_t lines, reserved;
	uint64_t lost; /* lines after the sequence asked for that were overwritten */
	struct wdpdk_testbus_line line[];
};

#endif
