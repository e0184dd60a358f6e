/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the tests' tool wrote below the service's key, Parameters: NT paths Device0Bar, Device0Config, Device1Bar, ... and
 * Dma, and the NUMA nodes Device0Node, ... (REG_DWORD). All may be missing. Read anew each time, so that a card can be pulled
 * out and plugged in again with other files.
 */
#include "bus.h"

#define BAR0_LENGTH (8u << 20)
#define BAR3_LENGTH (32u << 10)

static HANDLE
open_key(void)
{
	UNICODE_STRING name;
	OBJECT_ATTRIBUTES attributes;
	HANDLE service, key;
	NTSTATUS status;

	InitializeObjectAttributes(&attributes, &bus.registry, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
	if (!NT_SUCCESS(ZwOpenKey(&service, KEY_READ, &attributes)))
		return NULL;
	RtlInitUnicodeString(&name, L"Parameters");
	InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, service, NULL);
	status = ZwOpenKey(&key, KEY_READ, &attributes);
	ZwClose(service);
	return NT_SUCCESS(status) ? key : NULL;
}

/* Bytes of the value's data, 0 when it is missing, of another type or too long. */
static ULONG
read_value(uint32_t slot, const WCHAR *suffix, ULONG type, void *data, ULONG room)
{
	WCHAR name_buffer[32] = L"Device0";
	UNICODE_STRING name;
	KEY_VALUE_PARTIAL_INFORMATION *value;
	ULONG length = FIELD_OFFSET(KEY_VALUE_PARTIAL_INFORMATION, Data) + room, got = 0, n;
	HANDLE key = open_key();

	if (key == NULL)
		return 0;
	n = slot == WDPDK_TESTBUS_ALL ? 0 : 7;
	name_buffer[6] = (WCHAR)('0' + slot % 10);
	while (*suffix != 0 && n < 31)
		name_buffer[n++] = *suffix++;
	name_buffer[n] = 0;
	RtlInitUnicodeString(&name, name_buffer);
	value = ExAllocatePoolWithTag(PagedPool, length, BUS_TAG);
	if (value != NULL && NT_SUCCESS(ZwQueryValueKey(key, &name, KeyValuePartialInformation, value, length, &length)) &&
		value->Type == type && value->DataLength <= room) {
		got = value->DataLength;
		RtlCopyMemory(data, value->Data, got);
	}
	if (value != NULL)
		ExFreePoolWithTag(value, BUS_TAG);
	ZwClose(key);
	return got;
}

static void
read_path(uint32_t slot, const WCHAR *suffix, uint16_t *path)
{
	ULONG got = read_value(slot, suffix, REG_SZ, path, (WDPDK_TESTBUS_PATH - 1) * sizeof(*path));

	path[got / sizeof(*path)] = 0;
}

void
parameters_describe(uint32_t slot, struct wdpdk_testbus_device *device)
{
	RtlZeroMemory(device, sizeof(*device));
	device->size = sizeof(*device);
	device->version = WDPDK_TESTBUS_VERSION;
	device->index = slot;
	device->bus = 3;
	device->function = slot;
	device->dma_domain = 1;
	if (read_value(slot, L"Node", REG_DWORD, &device->node, sizeof(device->node)) != sizeof(device->node))
		device->node = -1;
	device->bar_address[0] = 0xE0000000u + slot * 0x1000000u;
	device->bar_length[0] = BAR0_LENGTH;
	device->bar_address[3] = 0xE0800000u + slot * 0x1000000u;
	device->bar_length[3] = BAR3_LENGTH;
	read_path(slot, L"Bar", device->bar_path);
	read_path(WDPDK_TESTBUS_ALL, L"Dma", device->dma_path);
}

BOOLEAN
parameters_config(uint32_t slot, uint8_t *config)
{
	uint16_t *path = ExAllocatePoolWithTag(PagedPool, WDPDK_TESTBUS_PATH * sizeof(*path), BUS_TAG);
	OBJECT_ATTRIBUTES attributes;
	IO_STATUS_BLOCK result = {0};
	LARGE_INTEGER start = {0};
	UNICODE_STRING name;
	BOOLEAN whole = FALSE;
	HANDLE file;

	if (path == NULL)
		return FALSE;
	read_path(slot, L"Config", path);
	RtlInitUnicodeString(&name, (WCHAR *)path);
	InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
	if (path[0] != 0 && NT_SUCCESS(ZwCreateFile(&file, GENERIC_READ | SYNCHRONIZE, &attributes, &result, NULL, FILE_ATTRIBUTE_NORMAL,
				FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, FILE_OPEN,
				FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE, NULL, 0))) {
		whole = NT_SUCCESS(ZwReadFile(file, NULL, NULL, NULL, &result, config, WDPDK_TESTBUS_CONFIG, &start, NULL)) &&
			result.Information == WDPDK_TESTBUS_CONFIG;
		ZwClose(file);
	}
	ExFreePoolWithTag(path, BUS_TAG);
	return whole;
}
