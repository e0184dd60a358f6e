/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: the cards that wdpdkuio.sys shows. The setup library is loaded when cards are looked for: a dataplane without any
 * starts where it is missing.
 */
#include <errno.h>
#include <stdlib.h>
#include <windows.h>
#include <setupapi.h>

#include "../wdpdkuio/wuio.h"
#include "pci_guard.h"

#define SERVICE "SYSTEM\\CurrentControlSet\\Services\\wdpdkuio"

struct wuio_handle {
	HANDLE file;
	OVERLAPPED waiting; /* of WAIT_EVENT */
	HANDLE stop;
};

/* ---- finding ---- */

typedef HDEVINFO(WINAPI *get_class_devs_t)(const GUID *, PCSTR, HWND, DWORD);
typedef BOOL(WINAPI *enum_interfaces_t)(HDEVINFO, PSP_DEVINFO_DATA, const GUID *, DWORD, PSP_DEVICE_INTERFACE_DATA);
typedef BOOL(WINAPI *interface_detail_t)(HDEVINFO, PSP_DEVICE_INTERFACE_DATA, PSP_DEVICE_INTERFACE_DETAIL_DATA_A, DWORD, PDWORD,
	PSP_DEVINFO_DATA);
typedef BOOL(WINAPI *destroy_list_t)(HDEVINFO);

struct setup {
	get_class_devs_t get_class_devs;
	enum_interfaces_t enum_interfaces;
	interface_detail_t interface_detail;
	destroy_list_t destroy_list;
};

static bool
load_setup(struct setup *setup)
{
	HMODULE library = LoadLibraryExA("setupapi.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);

	if (library == NULL)
		return false;
	setup->get_class_devs = (get_class_devs_t)(void *)GetProcAddress(library, "SetupDiGetClassDevsA");
	setup->enum_interfaces = (enum_interfaces_t)(void *)GetProcAddress(library, "SetupDiEnumDeviceInterfaces");
	setup->interface_detail = (interface_detail_t)(void *)GetProcAddress(library, "SetupDiGetDeviceInterfaceDetailA");
	setup->destroy_list = (destroy_list_t)(void *)GetProcAddress(library, "SetupDiDestroyDeviceInfoList");
	return setup->get_class_devs != NULL && setup->enum_interfaces != NULL && setup->interface_detail != NULL &&
		setup->destroy_list != NULL;
}

static void
tell(const struct setup *setup, HDEVINFO list, SP_DEVICE_INTERFACE_DATA *interface, void (*found)(const char *path, void *arg), void *arg)
{
	union {
		SP_DEVICE_INTERFACE_DETAIL_DATA_A head;
		char room[sizeof(SP_DEVICE_INTERFACE_DETAIL_DATA_A) + WUIO_PATH_SIZE];
	} detail = {.head.cbSize = sizeof(SP_DEVICE_INTERFACE_DETAIL_DATA_A)};

	if (setup->interface_detail(list, interface, &detail.head, sizeof(detail), NULL, NULL))
		found(detail.head.DevicePath, arg);
}

static int
list_interfaces(void (*found)(const char *path, void *arg), void *arg)
{
	static const GUID class = {WDPDK_UIO_INTERFACE_DATA1, WDPDK_UIO_INTERFACE_DATA2, WDPDK_UIO_INTERFACE_DATA3,
		WDPDK_UIO_INTERFACE_DATA4};
	SP_DEVICE_INTERFACE_DATA interface = {.cbSize = sizeof(interface)};
	struct setup setup;
	HDEVINFO list;
	DWORD i;

	if (!load_setup(&setup))
		return -ENOSYS;
	/* Also of cards that are not there now: not every system (Wine) notes which are. Opening one of those says so. */
	list = setup.get_class_devs(&class, NULL, NULL, DIGCF_DEVICEINTERFACE);
	if (list == INVALID_HANDLE_VALUE)
		return -EIO;
	for (i = 0; setup.enum_interfaces(list, NULL, &class, i, &interface); i++)
		tell(&setup, list, &interface, found, arg);
	setup.destroy_list(list);
	return 0;
}

static bool
is_installed(void)
{
	HKEY key;

	if (RegOpenKeyExA(HKEY_LOCAL_MACHINE, SERVICE, 0, KEY_READ, &key) != ERROR_SUCCESS)
		return false;
	RegCloseKey(key);
	return true;
}

/* ---- requests ---- */

/* What the driver said, from what the system made of it (wdpdk_uio.h has both). */
static int32_t
status_of(DWORD error)
{
	static const struct {
		DWORD error;
		int32_t status;
	} statuses[] = {
		{ERROR_SUCCESS, WDPDK_UIO_OK}, {ERROR_BUSY, WDPDK_UIO_E_BUSY}, {ERROR_INVALID_FUNCTION, WDPDK_UIO_E_UNKNOWN},
		{ERROR_BAD_LENGTH, WDPDK_UIO_E_LENGTH}, {ERROR_INSUFFICIENT_BUFFER, WDPDK_UIO_E_TOO_SMALL},
		{ERROR_REVISION_MISMATCH, WDPDK_UIO_E_VERSION}, {ERROR_INVALID_PARAMETER, WDPDK_UIO_E_PARAMETER},
		{ERROR_ACCESS_DENIED, WDPDK_UIO_E_DENIED}, {ERROR_SHARING_VIOLATION, WDPDK_UIO_E_SHARING},
		{ERROR_NO_SYSTEM_RESOURCES, WDPDK_UIO_E_NO_MEMORY}, {ERROR_NOT_ENOUGH_QUOTA, WDPDK_UIO_E_QUOTA},
		{ERROR_NOT_FOUND, WDPDK_UIO_E_NOT_FOUND}, {ERROR_NOT_SUPPORTED, WDPDK_UIO_E_NOT_SUPPORTED},
		{ERROR_NOT_READY, WDPDK_UIO_E_NOT_READY}, {ERROR_IO_DEVICE, WDPDK_UIO_E_IO}, {ERROR_INVALID_HANDLE, WDPDK_UIO_E_CLOSED},
		{ERROR_DEVICE_REMOVED, WDPDK_UIO_E_REMOVED}, {ERROR_FILE_NOT_FOUND, WDPDK_UIO_E_REMOVED},
		{ERROR_PATH_NOT_FOUND, WDPDK_UIO_E_REMOVED}, {ERROR_DEV_NOT_EXIST, WDPDK_UIO_E_REMOVED},
		{ERROR_OPERATION_ABORTED, WDPDK_UIO_E_CANCELLED},
	};
	size_t i;

	for (i = 0; i < RTE_DIM(statuses); i++)
		if (statuses[i].error == error)
			return statuses[i].status;
	return WDPDK_UIO_E_IO;
}

static void
close_handle(struct wuio_handle *handle)
{
	if (handle->file != INVALID_HANDLE_VALUE)
		CloseHandle(handle->file);
	if (handle->waiting.hEvent != NULL)
		CloseHandle(handle->waiting.hEvent);
	if (handle->stop != NULL)
		CloseHandle(handle->stop);
	free(handle);
}

static int32_t
open_interface(const char *path, bool owner, struct wuio_handle **opened)
{
	struct wuio_handle *handle = calloc(1, sizeof(*handle));
	int32_t status = WDPDK_UIO_E_NO_MEMORY;

	if (handle == NULL)
		return status;
	handle->file = INVALID_HANDLE_VALUE;
	handle->waiting.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
	handle->stop = CreateEventA(NULL, TRUE, FALSE, NULL);
	if (handle->waiting.hEvent != NULL && handle->stop != NULL) {
		/* Sharing tells the driver who comes: an owner shares with nobody. */
		handle->file = CreateFileA(path, owner ? GENERIC_READ | GENERIC_WRITE : 0, owner ? 0 : FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
			OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
		status = handle->file != INVALID_HANDLE_VALUE ? WDPDK_UIO_OK : status_of(GetLastError());
	}
	if (status != WDPDK_UIO_OK)
		close_handle(handle);
	else
		*opened = handle;
	return status;
}

static int32_t
call(struct wuio_handle *handle, uint32_t code, const void *in, size_t in_size, void *out, size_t out_size, size_t *got)
{
	OVERLAPPED overlapped = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
	int32_t status = WDPDK_UIO_OK;
	DWORD bytes = 0;

	if (overlapped.hEvent == NULL)
		return WDPDK_UIO_E_NO_MEMORY;
	if (!DeviceIoControl(handle->file, code, (void *)(uintptr_t)in, (DWORD)in_size, out, (DWORD)out_size, NULL, &overlapped) &&
	    GetLastError() != ERROR_IO_PENDING)
		status = status_of(GetLastError());
	else if (!GetOverlappedResult(handle->file, &overlapped, &bytes, TRUE))
		status = status_of(GetLastError());
	CloseHandle(overlapped.hEvent);
	*got = bytes;
	return status;
}

static int32_t
wait_event(struct wuio_handle *handle, struct wdpdk_uio_event *event)
{
	static const struct wdpdk_uio_request request = {.head = {sizeof(request), WDPDK_UIO_VERSION}};
	HANDLE either[] = {handle->waiting.hEvent, handle->stop};
	DWORD bytes = 0;

	if (!DeviceIoControl(handle->file, WDPDK_UIO_WAIT_EVENT, (void *)(uintptr_t)&request, sizeof(request), event, sizeof(*event), NULL,
	    &handle->waiting) && GetLastError() != ERROR_IO_PENDING)
		return status_of(GetLastError());
	if (WaitForMultipleObjects(RTE_DIM(either), either, FALSE, INFINITE) != WAIT_OBJECT_0)
		CancelIoEx(handle->file, &handle->waiting);
	/* Until the system has let go of it. */
	if (!GetOverlappedResult(handle->file, &handle->waiting, &bytes, TRUE))
		return status_of(GetLastError());
	return bytes == sizeof(*event) ? WDPDK_UIO_OK : WDPDK_UIO_E_IO;
}

static void
cancel(struct wuio_handle *handle)
{
	SetEvent(handle->stop);
}

static const struct wuio_os this_system = {
	.list = list_interfaces,
	.installed = is_installed,
	.open = open_interface,
	.close = close_handle,
	.call = call,
	.wait = wait_event,
	.cancel = cancel,
	.guard = pci_guard,
};

/* ---- the bus ---- */

int
pci_os_scan(void)
{
	return wuio_scan(&this_system);
}

void
pci_os_close(void)
{
	wuio_close();
}

const char *
rte_pci_get_sysfs_path(void)
{
	return NULL;
}
