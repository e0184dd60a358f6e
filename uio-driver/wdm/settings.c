/* SPDX-License-Identifier: BSD-3-Clause
 *
 * HKLM\SYSTEM\CurrentControlSet\Services\<service>\Parameters, read once:
 *     DmaQuotaMiB   REG_DWORD   DMA memory that one process may have, in MiB; 4096 without it
 */
#include "shell.h"

#define QUOTA_MIB 4096u

static NTSTATUS
open_parameters(PUNICODE_STRING registry_path, HANDLE *key)
{
	static const WCHAR name[] = L"\\Parameters";
	OBJECT_ATTRIBUTES attributes;
	UNICODE_STRING path;
	NTSTATUS status;

	if (registry_path->Length > MAXUSHORT - sizeof(name))
		return STATUS_NAME_TOO_LONG;
	path.MaximumLength = (USHORT)(registry_path->Length + sizeof(name));
	path.Length = 0;
	path.Buffer = uio_os_alloc(path.MaximumLength);
	if (path.Buffer == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;
	RtlCopyUnicodeString(&path, registry_path);
	RtlAppendUnicodeToString(&path, name);
	InitializeObjectAttributes(&attributes, &path, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
	status = ZwOpenKey(key, KEY_READ, &attributes);
	uio_os_free(path.Buffer);
	return status;
}

static ULONG
read_number(HANDLE key, const WCHAR *name, ULONG otherwise)
{
	struct {
		KEY_VALUE_PARTIAL_INFORMATION value;
		UCHAR room[sizeof(ULONG)];
	} data;
	UNICODE_STRING string;
	ULONG length, number;

	RtlInitUnicodeString(&string, name);
	if (!NT_SUCCESS(ZwQueryValueKey(key, &string, KeyValuePartialInformation, &data, sizeof(data), &length)) ||
	    data.value.Type != REG_DWORD || data.value.DataLength != sizeof(number))
		return otherwise;
	RtlCopyMemory(&number, data.value.Data, sizeof(number));
	return number;
}

void
uio_shell_settings(PUNICODE_STRING registry_path, struct uio_settings *settings)
{
	HANDLE key;

	*settings = (struct uio_settings){
		.dma_quota = (uint64_t)QUOTA_MIB << 20,
		.version = { WDPDK_UIO_DRIVER_VERSION },
	};
	if (!NT_SUCCESS(open_parameters(registry_path, &key)))
		return;
	settings->dma_quota = (uint64_t)read_number(key, L"DmaQuotaMiB", QUOTA_MIB) << 20;
	ZwClose(key);
}
