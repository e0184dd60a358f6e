/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The contract of wdpdkuio.sys: what a program asks of the driver of one PCI function, and what it gets. The driver, EAL's PCI bus and
 * the tools share this file and nothing else; it needs <stdint.h> and compiles in the kernel, for Win32 and on Linux.
 *
 * Handles. The driver shows a device interface (WDPDK_UIO_INTERFACE_*) per function. CreateFile with share mode 0 is the owner's open:
 * one at a time, a second gets SHARING; the process that opened is the owner until the teardown of that handle has ended. CreateFile
 * with FILE_SHARE_READ | FILE_SHARE_WRITE (and no access rights, if it likes) is an observer's open: any number, beside an owner or
 * without; it changes nothing, and INFO and STATUS are all it gets. Other share modes: PARAMETER. Every request on the owner's
 * handle is refused to any other process (a duplicated or inherited handle): DENIED.
 *
 * Requests. Every code is METHOD_BUFFERED. A request and a reply begin with struct wdpdk_uio_head: its own size, and the version of this
 * contract: another one gets VERSION, but of INFO, which takes any, so that its reply can say the driver's. Input: exactly the size of
 * the request, else LENGTH. Output: at least the size of the reply, else TOO_SMALL. A request that is refused for its lengths or fields
 * has changed nothing. Reserved fields are zero in requests (else PARAMETER) and in replies. A request that fails returns no bytes.
 *
 * Threads. Any thread of the owner, any number at a time; the driver does the requests of one function in turn, so a call waits for
 * those before it (the longest: RESET, some 100 ms). WAIT_EVENT waits beside them. None belongs in a packet path.
 *
 * End. CloseHandle and the owner's exit or kill start the same teardown, once: further requests get CLOSED; WAIT_EVENT is answered; bus
 * mastering off; wait until no transaction is pending (at most 100 ms); function-level reset; user mappings undone; DMA memory freed.
 * DMA memory belongs to the owner, not to the function it was taken through: it is freed with the owner's last function. Was one of
 * them not seen to be quiet, its memory is quarantined: never freed, counted in STATUS.
 *
 * Removal of the device starts it too: WAIT_EVENT is answered first and the owner has WDPDK_UIO_GRACE_MILLISECONDS to close. After
 * that the BAR mappings are undone under it; DMA memory stays mapped until the handle ends, since a program's whole heap may be in it.
 * From the removal on requests get REMOVED, but INFO, STATUS and WAIT_EVENT, which is answered at once.
 *
 * Start. The first owner's open after the device was started resets the function, as does one after an end that was not quiet.
 *
 * Whoever may open the device controls physical memory, unless an IOMMU confines it.
 */
#ifndef WDPDK_UIO_H
#define WDPDK_UIO_H

#include <stdint.h>

/* Changes with every change of this file that an old program or driver could stumble over. */
#define WDPDK_UIO_VERSION 1u

/* The device interface class: {6B1F0C5E-93D7-4C0A-8E52-1D7A40C9B6F3}, as members of a GUID. */
#define WDPDK_UIO_INTERFACE_DATA1 0x6b1f0c5eu
#define WDPDK_UIO_INTERFACE_DATA2 0x93d7u
#define WDPDK_UIO_INTERFACE_DATA3 0x4c0au
#define WDPDK_UIO_INTERFACE_DATA4 { 0x8e, 0x52, 0x1d, 0x7a, 0x40, 0xc9, 0xb6, 0xf3 }

/*
 * What a request ends with: NTSTATUS values, and beside them what GetLastError() says.
 */
#define WDPDK_UIO_OK ((int32_t)0)
#define WDPDK_UIO_PENDING ((int32_t)0x00000103)      /* inside the driver: WAIT_EVENT waits (997 ERROR_IO_PENDING) */
#define WDPDK_UIO_E_BUSY ((int32_t)0x80000011)       /* 170 ERROR_BUSY: not while that is so */
#define WDPDK_UIO_E_UNKNOWN ((int32_t)0xc0000010)    /* 1 ERROR_INVALID_FUNCTION: no such code */
#define WDPDK_UIO_E_LENGTH ((int32_t)0xc0000004)     /* 24 ERROR_BAD_LENGTH: input (or head.size) is not the size of the request */
#define WDPDK_UIO_E_TOO_SMALL ((int32_t)0xc0000023)  /* 122 ERROR_INSUFFICIENT_BUFFER: the reply does not fit the output */
#define WDPDK_UIO_E_VERSION ((int32_t)0xc0000059)    /* 1306 ERROR_REVISION_MISMATCH */
#define WDPDK_UIO_E_PARAMETER ((int32_t)0xc000000d)  /* 87 ERROR_INVALID_PARAMETER: a field is out of range, or reserved and not zero */
#define WDPDK_UIO_E_DENIED ((int32_t)0xc0000022)     /* 5 ERROR_ACCESS_DENIED: another process, an observer, or never allowed */
#define WDPDK_UIO_E_SHARING ((int32_t)0xc0000043)    /* 32 ERROR_SHARING_VIOLATION: open: it has an owner */
#define WDPDK_UIO_E_NO_MEMORY ((int32_t)0xc000009a)  /* 1450 ERROR_NO_SYSTEM_RESOURCES */
#define WDPDK_UIO_E_QUOTA ((int32_t)0xc0000044)      /* 1816 ERROR_NOT_ENOUGH_QUOTA: the owner would have more than INFO's dma_quota */
#define WDPDK_UIO_E_NOT_FOUND ((int32_t)0xc0000225)  /* 1168 ERROR_NOT_FOUND: no such id */
#define WDPDK_UIO_E_NOT_SUPPORTED ((int32_t)0xc00000bb) /* 50 ERROR_NOT_SUPPORTED: reserved code, or nothing the hardware has */
#define WDPDK_UIO_E_NOT_READY ((int32_t)0xc00000a3)  /* 21 ERROR_NOT_READY: it needs RESET first; open: it could not be made quiet */
#define WDPDK_UIO_E_IO ((int32_t)0xc0000185)         /* 1117 ERROR_IO_DEVICE: the hardware or its mapping failed */
#define WDPDK_UIO_E_CLOSED ((int32_t)0xc0000128)     /* 6 ERROR_INVALID_HANDLE: the handle's teardown has begun */
#define WDPDK_UIO_E_REMOVED ((int32_t)0xc00002b6)    /* 1617 ERROR_DEVICE_REMOVED */
#define WDPDK_UIO_E_CANCELLED ((int32_t)0xc0000120)  /* 995 ERROR_OPERATION_ABORTED */

/* CTL_CODE without windows.h: device type of the vendor range, METHOD_BUFFERED, access 0 = any or 3 = read and write. */
#define WDPDK_UIO_DEVICE_TYPE 0x8d70u
#define WDPDK_UIO_CODE(function, access) ((WDPDK_UIO_DEVICE_TYPE << 16) | ((access) << 14) | ((function) << 2))

#define WDPDK_UIO_INFO WDPDK_UIO_CODE(0x900u, 0u)
#define WDPDK_UIO_STATUS WDPDK_UIO_CODE(0x901u, 0u)
#define WDPDK_UIO_MAP_BAR WDPDK_UIO_CODE(0x902u, 3u)
#define WDPDK_UIO_UNMAP_BAR WDPDK_UIO_CODE(0x903u, 3u)
#define WDPDK_UIO_DMA_ALLOC WDPDK_UIO_CODE(0x904u, 3u)
#define WDPDK_UIO_DMA_FREE WDPDK_UIO_CODE(0x905u, 3u)
#define WDPDK_UIO_CONFIG_READ WDPDK_UIO_CODE(0x906u, 3u)
#define WDPDK_UIO_CONFIG_WRITE WDPDK_UIO_CODE(0x907u, 3u)
#define WDPDK_UIO_BUS_MASTER WDPDK_UIO_CODE(0x908u, 3u)
#define WDPDK_UIO_RESET WDPDK_UIO_CODE(0x909u, 3u)
#define WDPDK_UIO_WAIT_EVENT WDPDK_UIO_CODE(0x90au, 3u)
/* Reserved: NOT_SUPPORTED to the owner, whatever the buffers. */
#define WDPDK_UIO_REGISTER_PAGES WDPDK_UIO_CODE(0x940u, 3u)  /* the caller's own pages for DMA */
#define WDPDK_UIO_MSIX_EVENT WDPDK_UIO_CODE(0x941u, 3u)      /* an event per interrupt vector */
#define WDPDK_UIO_POWER WDPDK_UIO_CODE(0x942u, 3u)           /* power transitions */
#define WDPDK_UIO_WRITE_COMBINING WDPDK_UIO_CODE(0x943u, 3u) /* write-combined BAR mappings */

struct wdpdk_uio_head {
	uint32_t size;     /* of the whole request or reply, in bytes */
	uint32_t version;  /* WDPDK_UIO_VERSION */
};

/* The request of INFO, STATUS, RESET and WAIT_EVENT. */
struct wdpdk_uio_request {
	struct wdpdk_uio_head head;
	uint64_t reserved;
};

/*
 * INFO: what the function is. In: wdpdk_uio_request; out: wdpdk_uio_info. Owner and observers.
 */
#define WDPDK_UIO_CHUNK (2u << 20)     /* DMA memory comes in chunks of this many bytes, each contiguous and aligned on the bus */
#define WDPDK_UIO_BARS 6u
#define WDPDK_UIO_HOLES 2u             /* at most: MSI-X table, pending bits */

#define WDPDK_UIO_BAR_MEMORY 1u        /* else I/O ports, or nothing (length 0): never mapped */
#define WDPDK_UIO_BAR_64BIT 2u
#define WDPDK_UIO_BAR_PREFETCHABLE 4u

struct wdpdk_uio_range {
	uint64_t offset;                   /* whole pages, offset from the BAR's start */
	uint64_t length;
};

struct wdpdk_uio_bar {
	uint64_t length;                   /* bytes; 0: not there */
	uint32_t flags;                    /* WDPDK_UIO_BAR_* */
	uint32_t holes;                    /* entries of hole[] */
	struct wdpdk_uio_range hole[WDPDK_UIO_HOLES]; /* pages that MAP_BAR refuses: MSI-X table and pending bits */
};

#define WDPDK_UIO_INFO_COMMON_BUFFER 1u /* bus addresses come from the system's DMA adapter */
#define WDPDK_UIO_INFO_REMAPPING 2u     /* an IOMMU confines the function's DMA */
#define WDPDK_UIO_INFO_TEST_HARDWARE 4u /* not a card: wdpdkuio-test.sys on a device model */
#define WDPDK_UIO_INFO_FLR 8u           /* the function has function-level reset */

struct wdpdk_uio_info {
	struct wdpdk_uio_head head;
	uint32_t contract;                 /* version the driver speaks */
	uint32_t flags;                    /* WDPDK_UIO_INFO_* */
	uint16_t driver_version[4];        /* major, minor, patch, build */
	uint16_t vendor, device, subsystem_vendor, subsystem_device;
	uint32_t class_revision;           /* class << 8 | revision, as configuration space has it at 8 */
	uint32_t segment;
	uint8_t bus, slot, function, reserved0;
	int32_t node;                      /* NUMA node, -1: not known */
	uint32_t chunk;                    /* WDPDK_UIO_CHUNK */
	uint32_t page;                     /* bytes of a page: what MAP_BAR counts in */
	uint64_t dma_quota;                /* bytes of DMA memory an owner may have, over all its functions */
	uint64_t dma_domain;               /* functions with the same value see DMA memory at the same bus addresses */
	struct wdpdk_uio_bar bar[WDPDK_UIO_BARS];
	uint64_t reserved[4];
};

/*
 * STATUS: how it is. In: wdpdk_uio_request; out: wdpdk_uio_state. Owner and observers; not counted in `calls`.
 */
enum wdpdk_uio_device_state {
	WDPDK_UIO_STATE_STOPPED = 0,       /* not started by PnP: opens get NOT_READY */
	WDPDK_UIO_STATE_FREE = 1,          /* started, no owner */
	WDPDK_UIO_STATE_OWNED = 2,
	WDPDK_UIO_STATE_REMOVED = 3,       /* surprise removal, or removed */
};

/* Steps of a teardown, in the order a right one has them. */
enum wdpdk_uio_step {
	WDPDK_UIO_STEP_NONE = 0,
	WDPDK_UIO_STEP_BLOCK = 1,          /* requests refused from here on, those under way have ended */
	WDPDK_UIO_STEP_EVENT = 2,          /* WAIT_EVENT answered */
	WDPDK_UIO_STEP_MASTER_OFF = 3,     /* bus master off written */
	WDPDK_UIO_STEP_QUIET = 4,          /* transactions pending seen clear */
	WDPDK_UIO_STEP_NOT_QUIET = 5,      /* ... not seen clear within 100 ms, or the write failed */
	WDPDK_UIO_STEP_RESET = 6,          /* function-level reset done */
	WDPDK_UIO_STEP_RESET_FAILED = 7,
	WDPDK_UIO_STEP_GONE = 8,           /* the function does not answer: nothing left to make quiet */
	WDPDK_UIO_STEP_UNMAP = 9,          /* BAR mappings undone */
	WDPDK_UIO_STEP_KEPT = 10,          /* DMA memory stays: the owner has another function */
	WDPDK_UIO_STEP_MEMORY_UNMAP = 11,  /* DMA memory's user mappings undone */
	WDPDK_UIO_STEP_FREE = 12,          /* DMA memory freed */
	WDPDK_UIO_STEP_QUARANTINE = 13,    /* DMA memory never to be freed */
};

enum wdpdk_uio_cause {
	WDPDK_UIO_CAUSE_NONE = 0,
	WDPDK_UIO_CAUSE_CLEANUP = 1,       /* the last handle was closed */
	WDPDK_UIO_CAUSE_CLOSE = 2,
	WDPDK_UIO_CAUSE_EXIT = 3,          /* the owner's process ended */
	WDPDK_UIO_CAUSE_REMOVAL = 4,
};

#define WDPDK_UIO_STEPS 16u

#define WDPDK_UIO_FLAG_BUS_MASTER 1u   /* bus mastering is on */
#define WDPDK_UIO_FLAG_UNQUIET 2u      /* not seen to be quiet since bus mastering was last on */
#define WDPDK_UIO_FLAG_NEEDS_RESET 4u  /* an open, or BUS_MASTER on, first needs a reset that succeeds */

struct wdpdk_uio_state {
	struct wdpdk_uio_head head;
	uint32_t state;                    /* enum wdpdk_uio_device_state */
	uint32_t flags;                    /* WDPDK_UIO_FLAG_BUS_MASTER ... */
	uint64_t owner;                    /* process id, 0: none */
	uint64_t calls;                    /* requests of all handles and codes but STATUS, since the driver started */
	uint64_t refused;                  /* of those, the ones that did not succeed */
	uint64_t opens, opens_refused;     /* owner's opens */
	uint64_t teardowns;
	uint64_t owner_bytes;              /* DMA memory of the owner now, over all its functions */
	uint64_t quarantined_bytes;        /* of all functions, since the driver was loaded */
	uint64_t quarantined_blocks;
	uint32_t mappings;                 /* BAR mappings now */
	uint32_t waiting;                  /* WAIT_EVENT requests now: 0 or 1 */
	uint32_t last_cause;               /* enum wdpdk_uio_cause, of the last teardown */
	uint32_t last_steps;               /* entries of last_step */
	uint8_t last_step[WDPDK_UIO_STEPS]; /* enum wdpdk_uio_step, in the order they were done */
	uint64_t last_microseconds;        /* that it took */
	uint64_t driver_blocks;            /* DMA blocks of all owners now */
	uint64_t driver_bytes;
	uint64_t reserved[4];
};

/*
 * MAP_BAR: registers into the owner, uncached. In: wdpdk_uio_map_bar; out: wdpdk_uio_mapping. Owner.
 * PARAMETER: no such BAR, no memory BAR, not whole pages, or beyond its end (length 0 too). DENIED: touches a hole.
 * BUSY: WDPDK_UIO_MAPPINGS mappings exist. NO_MEMORY, IO: could not be mapped. REMOVED.
 */
#define WDPDK_UIO_MAPPINGS 8u

struct wdpdk_uio_map_bar {
	struct wdpdk_uio_head head;
	uint32_t bar;                      /* 0..5 */
	uint32_t flags;                    /* 0 */
	uint64_t offset, length;           /* whole pages */
	uint64_t reserved;
};

struct wdpdk_uio_mapping {
	struct wdpdk_uio_head head;
	uint64_t id;
	uint64_t address;                  /* in the owner, of `offset` */
	uint64_t length;
	uint64_t reserved;
};

/*
 * UNMAP_BAR: in: wdpdk_uio_id with MAP_BAR's id; out: nothing. Owner. NOT_FOUND.
 *
 * DMA_FREE: in: wdpdk_uio_id with DMA_ALLOC's id, through any function of the owner; out: nothing. NOT_FOUND. BUSY: a function of the
 * owner has bus mastering on, or was not seen to be quiet since. A function that had been mastering needs RESET before it may again:
 * it may still know the addresses.
 */
struct wdpdk_uio_id {
	struct wdpdk_uio_head head;
	uint64_t id;
	uint64_t reserved;
};

/*
 * DMA_ALLOC: zeroed memory, contiguous for the device in chunks, contiguous for the owner as a whole. In: wdpdk_uio_dma_alloc; out:
 * wdpdk_uio_dma, with one bus address per chunk behind it: WDPDK_UIO_DMA_SIZE(chunks) bytes. Owner.
 * PARAMETER: length not a multiple of WDPDK_UIO_CHUNK or 0, node neither -1 nor below 64, unknown flag. QUOTA. NO_MEMORY: not so much
 * contiguous memory, on that node, below that line; nothing has been taken. IO: could not be mapped.
 */
#define WDPDK_UIO_DMA_BELOW_4G 1u      /* every bus address + WDPDK_UIO_CHUNK <= 4 GiB */

struct wdpdk_uio_dma_alloc {
	struct wdpdk_uio_head head;
	uint64_t length;
	int32_t node;                      /* NUMA node to take from if it can, -1: the function's */
	uint32_t flags;                    /* WDPDK_UIO_DMA_* */
	uint64_t reserved[2];
};

struct wdpdk_uio_dma {
	struct wdpdk_uio_head head;        /* size: with the bus addresses */
	uint64_t id;                       /* the owner's, unique while the driver is loaded */
	uint64_t address;                  /* in the owner, WDPDK_UIO_CHUNK-aligned; chunk i is at address + i * WDPDK_UIO_CHUNK */
	uint64_t length;
	uint64_t chunks;
	uint64_t dma_domain;               /* whose bus addresses these are */
	uint64_t reserved;
	uint64_t bus[];                    /* of each chunk, WDPDK_UIO_CHUNK-aligned */
};
#define WDPDK_UIO_DMA_SIZE(chunks) (sizeof(struct wdpdk_uio_dma) + (chunks) * sizeof(uint64_t))

/*
 * CONFIG_READ: configuration space. In: wdpdk_uio_config_read; out: wdpdk_uio_config_data. Owner. Offset + length within 4096 (what a
 * function has not reads as ones); PARAMETER. IO.
 */
#define WDPDK_UIO_CONFIG_BYTES 256u    /* at most in one request */

struct wdpdk_uio_config_read {
	struct wdpdk_uio_head head;
	uint32_t offset;
	uint32_t length;                   /* 1..WDPDK_UIO_CONFIG_BYTES */
	uint64_t reserved;
};

struct wdpdk_uio_config_data {
	struct wdpdk_uio_head head;
	uint32_t offset;
	uint32_t length;
	uint8_t data[WDPDK_UIO_CONFIG_BYTES]; /* zeros behind `length` */
};

/*
 * CONFIG_WRITE: some bits of a 16-bit register: (old & ~mask) | (value & mask). In: wdpdk_uio_config_write; out: nothing. Owner.
 * Allowed is the extended-tag enable bit (8) of the PCI Express device control register; any other bit or offset: DENIED. PARAMETER:
 * mask 0, a value outside the mask, or length not 2. IO. The command register's bus master bit is BUS_MASTER's.
 */
struct wdpdk_uio_config_write {
	struct wdpdk_uio_head head;
	uint32_t offset;
	uint32_t length;                   /* 2 */
	uint32_t value;
	uint32_t mask;
	uint64_t reserved;
};

/*
 * BUS_MASTER: whether the function may use the bus by itself. In: wdpdk_uio_bus_master; out: wdpdk_uio_bus_master_reply. Owner.
 * On: NOT_READY: RESET first (memory was freed, or a reset failed, since it last was on); BUSY: another thread's DMA_FREE is at work.
 * Off waits until no transaction is pending, at most 100 ms; it succeeds with pending = 1 when that was not seen, and DMA_FREE stays
 * BUSY until it is, or RESET has succeeded. IO.
 */
struct wdpdk_uio_bus_master {
	struct wdpdk_uio_head head;
	uint32_t enable;                   /* 0 or 1 */
	uint32_t reserved0;
	uint64_t reserved;
};

struct wdpdk_uio_bus_master_reply {
	struct wdpdk_uio_head head;
	uint32_t enabled;
	uint32_t pending;                  /* transactions were still pending after 100 ms */
	uint64_t reserved;
};

/*
 * RESET: bus mastering off, quiet, function-level reset, configuration space restored (bus mastering stays off). In: wdpdk_uio_request;
 * out: nothing. Owner. BAR mappings stay. IO: it failed or the function never got quiet (NEEDS_RESET stays set). NOT_SUPPORTED.
 *
 * WAIT_EVENT: waits for the end. In: wdpdk_uio_request; out: wdpdk_uio_event. Owner, one at a time (BUSY). It is answered with REMOVAL
 * when the device goes: the owner then has 500 ms to close before its BAR mappings vanish under it. When the handle's teardown begins
 * otherwise: TEARDOWN (to whom that may concern: the handle is closed). CANCELLED: CancelIoEx, or its thread ended.
 */
enum wdpdk_uio_event_kind {
	WDPDK_UIO_EVENT_REMOVAL = 1,
	WDPDK_UIO_EVENT_TEARDOWN = 2,
};
#define WDPDK_UIO_GRACE_MILLISECONDS 500u
#define WDPDK_UIO_QUIET_MILLISECONDS 100u

struct wdpdk_uio_event {
	struct wdpdk_uio_head head;
	uint32_t event;                    /* enum wdpdk_uio_event_kind */
	uint32_t reserved0;
	uint64_t reserved;
};

#define WDPDK_UIO_LAYOUT(type, size) _Static_assert(sizeof(struct type) == (size), #type)
WDPDK_UIO_LAYOUT(wdpdk_uio_head, 8);
WDPDK_UIO_LAYOUT(wdpdk_uio_request, 16);
WDPDK_UIO_LAYOUT(wdpdk_uio_range, 16);
WDPDK_UIO_LAYOUT(wdpdk_uio_bar, 48);
WDPDK_UIO_LAYOUT(wdpdk_uio_info, 392);
WDPDK_UIO_LAYOUT(wdpdk_uio_state, 176);
WDPDK_UIO_LAYOUT(wdpdk_uio_map_bar, 40);
WDPDK_UIO_LAYOUT(wdpdk_uio_mapping, 40);
WDPDK_UIO_LAYOUT(wdpdk_uio_id, 24);
WDPDK_UIO_LAYOUT(wdpdk_uio_dma_alloc, 40);
WDPDK_UIO_LAYOUT(wdpdk_uio_dma, 56);
WDPDK_UIO_LAYOUT(wdpdk_uio_config_read, 24);
WDPDK_UIO_LAYOUT(wdpdk_uio_config_data, 272);
WDPDK_UIO_LAYOUT(wdpdk_uio_config_write, 32);
WDPDK_UIO_LAYOUT(wdpdk_uio_bus_master, 24);
WDPDK_UIO_LAYOUT(wdpdk_uio_bus_master_reply, 24);
WDPDK_UIO_LAYOUT(wdpdk_uio_event, 24);
#undef WDPDK_UIO_LAYOUT

#endif
