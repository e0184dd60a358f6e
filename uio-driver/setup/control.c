/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The bus's control device, and the function driver's interfaces as any program finds them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "uio_setup.h"
#include "wdpdk_uio.h"

#include <setupapi.h>

static const GUID interface_class = {
	WDPDK_UIO_INTERFACE_DATA1, WDPDK_UIO_INTERFACE_DATA2, WDPDK_UIO_INTERFACE_DATA3, WDPDK_UIO_INTERFACE_DATA4};

static DWORD
control(DWORD code, const void *in, DWORD in_size, void *out, DWORD out_size, DWORD *returned)
{
	HANDLE bus = CreateFileA("\\\\.\\" WDPDK_TESTBUS_CONTROL_NAME, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
		OPEN_EXISTING, 0, NULL);
	DWORD got = 0, error = 0;

	if (bus == INVALID_HANDLE_VALUE)
		return setup_fail(GetLastError(), "the test bus is not running: cannot open", "\\\\.\\" WDPDK_TESTBUS_CONTROL_NAME);
	if (!DeviceIoControl(bus, code, (void *)(uintptr_t)in, in_size, out, out_size, &got, NULL))
		error = setup_fail(GetLastError(), "the test bus refused", "a request");
	CloseHandle(bus);
	if (returned != NULL)
		*returned = got;
	return error;
}

DWORD
bus_status(struct wdpdk_testbus_status *status)
{
	return control(WDPDK_TESTBUS_IOCTL_STATUS, NULL, 0, status, sizeof(*status), NULL);
}

DWORD
bus_log(uint64_t after, struct wdpdk_testbus_line *line, size_t *lines, uint64_t *lost)
{
	size_t size = sizeof(struct wdpdk_testbus_log) + *lines * sizeof(*line);
	struct wdpdk_testbus_log *log = malloc(size);
	DWORD error;

	if (log == NULL)
		return setup_fail(ERROR_OUTOFMEMORY, "no memory for", "the log");
	error = control(WDPDK_TESTBUS_IOCTL_LOG, &after, sizeof(after), log, (DWORD)size, NULL);
	*lines = 0;
	if (error == 0) {
		*lines = log->lines;
		*lost = log->lost;
		memcpy(line, log->line, log->lines * sizeof(*line));
	}
	free(log);
	return error;
}

DWORD
bus_fault(uint32_t device, uint32_t fault, uint32_t value)
{
	struct wdpdk_testbus_set_fault request = {.device = device, .fault = fault, .value = value};

	return control(WDPDK_TESTBUS_IOCTL_FAULT, &request, sizeof(request), NULL, 0, NULL);
}

DWORD
bus_plug(uint32_t device, bool in)
{
	return control(in ? WDPDK_TESTBUS_IOCTL_PLUG : WDPDK_TESTBUS_IOCTL_UNPLUG, &device, sizeof(device), NULL, 0, NULL);
}

const char *
bus_op_name(uint32_t op)
{
	switch (op) {
	case WDPDK_TESTBUS_OP_CONFIG_WRITE:
		return "config-write";
	case WDPDK_TESTBUS_OP_BUS_MASTER:
		return "bus-master";
	case WDPDK_TESTBUS_OP_RESET:
		return "reset";
	case WDPDK_TESTBUS_OP_PENDING:
		return "pending";
	case WDPDK_TESTBUS_OP_UNPLUG:
		return "unplug";
	case WDPDK_TESTBUS_OP_PLUG:
		return "plug";
	case WDPDK_TESTBUS_OP_FAULT:
		return "fault";
	case WDPDK_TESTBUS_OP_BAR_MAP:
		return "bar-map";
	case WDPDK_TESTBUS_OP_BAR_UNMAP:
		return "bar-unmap";
	case WDPDK_TESTBUS_OP_DMA_ALLOC:
		return "dma-alloc";
	case WDPDK_TESTBUS_OP_DMA_FREE:
		return "dma-free";
	case WDPDK_TESTBUS_OP_DMA_MAP:
		return "dma-map";
	case WDPDK_TESTBUS_OP_DMA_UNMAP:
		return "dma-unmap";
	default:
		return "note";
	}
}

static const char *const fault_names[WDPDK_TESTBUS_FAULTS] = {
	[WDPDK_TESTBUS_FAULT_PENDING] = "pending",
	[WDPDK_TESTBUS_FAULT_MAP_RAISES] = "map-raises",
	[WDPDK_TESTBUS_FAULT_ALLOCATION] = "allocation",
	[WDPDK_TESTBUS_FAULT_RESET] = "reset",
	[WDPDK_TESTBUS_FAULT_MAP_FAILS] = "map-fails",
};

uint32_t
bus_fault_number(const char *name)
{
	uint32_t i;

	for (i = 0; i < WDPDK_TESTBUS_FAULTS; i++)
		if (fault_names[i] != NULL && strcmp(fault_names[i], name) == 0)
			break;
	return i;
}

const char *
bus_fault_name(uint32_t fault)
{
	return fault < WDPDK_TESTBUS_FAULTS ? fault_names[fault] : NULL;
}

/* Wine says of no interface whether it is switched on: what can be opened is. Opening as an observer disturbs nobody. */
static bool
is_on(const char *path)
{
	HANDLE handle = CreateFileA(path, 0, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	DWORD error = GetLastError();

	if (handle == INVALID_HANDLE_VALUE)
		return error != ERROR_FILE_NOT_FOUND && error != ERROR_PATH_NOT_FOUND && error != ERROR_DEVICE_REMOVED;
	CloseHandle(handle);
	return true;
}

/* Which of the bus's devices it is says the end of its instance id. */
void
setup_interface(unsigned int index, char *path, size_t size)
{
	HDEVINFO set = SetupDiGetClassDevsA(&interface_class, NULL, NULL, DIGCF_DEVICEINTERFACE);
	char room[sizeof(SP_DEVICE_INTERFACE_DETAIL_DATA_A) + MAX_PATH];
	SP_DEVICE_INTERFACE_DETAIL_DATA_A *detail = (SP_DEVICE_INTERFACE_DETAIL_DATA_A *)room;
	SP_DEVICE_INTERFACE_DATA one = {.cbSize = sizeof(one)};
	char id[MAX_PATH], wanted[32];
	DWORD i;

	path[0] = 0;
	if (set == INVALID_HANDLE_VALUE)
		return;
	snprintf(wanted, sizeof(wanted), "\\WDPDKTEST%u", index);
	for (i = 0; path[0] == 0 && SetupDiEnumDeviceInterfaces(set, NULL, &interface_class, i, &one); i++) {
		SP_DEVINFO_DATA device = {.cbSize = sizeof(device)};

		detail->cbSize = sizeof(*detail);
		if (SetupDiGetDeviceInterfaceDetailA(set, &one, detail, sizeof(room), NULL, &device) &&
			SetupDiGetDeviceInstanceIdA(set, &device, id, sizeof(id), NULL) && strlen(id) > strlen(wanted) &&
			_stricmp(id + strlen(id) - strlen(wanted), wanted) == 0 && is_on(detail->DevicePath))
			snprintf(path, size, "%s", detail->DevicePath);
	}
	SetupDiDestroyDeviceInfoList(set);
}

DWORD
setup_wait(unsigned int index, bool there, DWORD milliseconds)
{
	ULONGLONG end = GetTickCount64() + milliseconds;
	char path[MAX_PATH];

	for (;;) {
		setup_interface(index, path, sizeof(path));
		if ((path[0] != 0) == there)
			return 0;
		if (GetTickCount64() >= end)
			return setup_fail(WAIT_TIMEOUT, there ? "no interface of the driver came for" : "the driver's interface stays:",
				there ? "a device of the bus" : path);
		Sleep(10);
	}
}
