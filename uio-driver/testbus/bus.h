/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The test bus inside. There is one bus; its two slots each hold a function or none. A function (a card that was plugged in)
 * lives as long as its device object or an interface of it is held, its slot as long as the driver.
 */
#ifndef TESTBUS_BUS_H
#define TESTBUS_BUS_H

#include <wdm.h>

#include "wdpdk_testbus.h"

#define BUS_TAG 'bpdW'
#define LOG_LINES 8192u

/* One card from plugging in until nobody holds it. */
struct function {
	LONG references;
	uint32_t slot;
	BOOLEAN present; /* under bus.lock; FALSE for ever once it was pulled out */
	BOOLEAN lost;    /* under bus.lock; did not come back after a reset */
	uint32_t resets;
	DEVICE_OBJECT *device;                  /* its PDO, NULL once that is gone; under bus.children */
	uint8_t config[WDPDK_TESTBUS_CONFIG];   /* under bus.lock */
};

struct slot {
	struct function *function; /* under bus.children; NULL: empty, or not plugged in yet */
	uint32_t plugs;
	uint32_t fault[WDPDK_TESTBUS_FAULTS], fired[WDPDK_TESTBUS_FAULTS]; /* under bus.lock */
};

enum device_kind { KIND_CONTROL, KIND_BUS, KIND_FUNCTION };

/* Every device object's extension begins with this. */
struct extension {
	enum device_kind kind;
	DEVICE_OBJECT *lower;      /* KIND_BUS */
	DEVICE_OBJECT *physical;   /* KIND_BUS: the root's device object */
	struct function *function; /* KIND_FUNCTION */
};

struct bus {
	DRIVER_OBJECT *driver;
	DEVICE_OBJECT *control;
	DEVICE_OBJECT *device; /* the bus's own, NULL while it is not started; under children */
	UNICODE_STRING registry;
	KEVENT children;       /* who is in which slot; PASSIVE_LEVEL, taken before lock */
	KSPIN_LOCK lock;       /* configuration spaces, faults, accounts, log */
	struct slot slot[WDPDK_TESTBUS_DEVICES];
	int64_t account[WDPDK_TESTBUS_ACCOUNTS];
	LONG references;
	uint64_t sequence;
	struct wdpdk_testbus_line *log; /* LOG_LINES; line n is at (n - 1) % LOG_LINES */
};
extern struct bus bus;

NTSTATUS bus_complete(IRP *irp, NTSTATUS status, ULONG_PTR information);
void bus_children_lock(void);
void bus_children_unlock(void);

/* fdo.c, pdo.c: the bus device and the functions on it. */
NTSTATUS fdo_pnp(DEVICE_OBJECT *device, IRP *irp);
NTSTATUS pdo_pnp(DEVICE_OBJECT *device, IRP *irp);
/* Under bus.children. A function's device object; it is reported by the next query of bus relations. */
NTSTATUS pdo_create(uint32_t slot);
NTSTATUS pdo_query_id(struct function *function, BUS_QUERY_ID_TYPE type, WCHAR **id);

/* function.c */
struct function *function_create(uint32_t slot);
void function_reference(void *context);
void function_release(void *context);

/* config.c: any IRQL up to DISPATCH_LEVEL. Returns the bytes done. */
ULONG config_read(struct function *function, void *buffer, ULONG offset, ULONG length);
ULONG config_write(struct function *function, const void *buffer, ULONG offset, ULONG length);
/* The configuration space of a card of ours, for a slot whose file is not there. */
void config_default(uint8_t *config, uint32_t slot);

/* log.c */
uint64_t log_line(uint32_t op, uint32_t device, uint32_t offset, uint32_t length, uint64_t value);
/* With bus.lock held. */
uint64_t log_line_locked(uint32_t op, uint32_t device, uint32_t offset, uint32_t length, uint64_t value);
void log_read(uint64_t after, struct wdpdk_testbus_log *log, ULONG room);
/* With bus.lock held: 1 when the fault fires now. */
uint32_t fault_fires_locked(uint32_t slot, uint32_t fault);

/* interface.c: answers IRP_MN_QUERY_INTERFACE, or leaves its status as it was. */
NTSTATUS interface_query(struct function *function, IRP *irp);

/* parameters.c: what the service's Parameters key says of a slot. PASSIVE_LEVEL. */
void parameters_describe(uint32_t slot, struct wdpdk_testbus_device *device);
/* FALSE: no path is given, or the file is not there or too short. */
BOOLEAN parameters_config(uint32_t slot, uint8_t *config);

/* control.c */
NTSTATUS control_create(void);
void control_delete(void);
NTSTATUS control_ioctl(IRP *irp);

#endif
