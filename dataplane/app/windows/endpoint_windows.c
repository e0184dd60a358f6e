/* SPDX-License-Identifier: BSD-3-Clause */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "endpoint_windows.h"
#include "security_windows.h"
#include "wdpdk_protocol.h"

#define IN_BUFFER 65536
/* Nothing is buffered towards the client: a write is done when it was read, which is how an unread doorbell is known. */
#define OUT_BUFFER 0

HANDLE
endpoint_pipe(struct endpoint *endpoint, bool first)
{
	return CreateNamedPipeW(endpoint->pipe,
		PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
		PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, PIPE_UNLIMITED_INSTANCES,
		OUT_BUFFER, IN_BUFFER, 0, &endpoint->attributes);
}

static bool
take_name(struct endpoint *endpoint, const char *instance, struct os_error *error)
{
	wchar_t name[SID_TEXT + 96], sid[SID_TEXT];
	SECURITY_ATTRIBUTES attributes;

	if (!security_user(sid) || !security_for_user(L"GA", &attributes)) {
		windows_error_set(error, instance, "Log on as a user who may read his own account", "access list", GetLastError());
		return false;
	}
	/* One user's instances have distinct names in all his sessions; other users' do not matter. */
	swprintf(name, SID_TEXT + 96, L"Global\\wdpdk-%hs-%ls", instance, sid);
	endpoint->mutex = CreateMutexW(&attributes, FALSE, name);
	if (endpoint->mutex != NULL && GetLastError() == ERROR_ALREADY_EXISTS) {
		CloseHandle(endpoint->mutex);
		endpoint->mutex = NULL;
		os_error_set(error, instance, "Stop it, or choose another name with --instance", "an instance of this name is running");
	} else if (endpoint->mutex == NULL) {
		windows_error_set(error, instance, "Choose another name with --instance", "CreateMutex", GetLastError());
	}
	security_free(&attributes);
	return endpoint->mutex != NULL;
}

static bool
make_directory(wchar_t *path, const wchar_t *part, struct os_error *error)
{
	if (wcslen(path) + wcslen(part) + 1 >= MAX_PATH - WDPDK_LIMIT_NAME_BYTES - 32) {
		os_error_set(error, "%LOCALAPPDATA%", "Set LOCALAPPDATA to a shorter directory", "its path is too long");
		return false;
	}
	wcscat(path, part);
	if (CreateDirectoryW(path, NULL) || GetLastError() == ERROR_ALREADY_EXISTS)
		return true;
	{
		char shown[MAX_PATH * 3];

		snprintf(shown, sizeof(shown), "%ls", path);
		windows_error_set(error, shown, "Set LOCALAPPDATA to a directory of yours that exists", "CreateDirectory", GetLastError());
	}
	return false;
}

static bool
run_directory(wchar_t path[MAX_PATH], struct os_error *error)
{
	DWORD length = GetEnvironmentVariableW(L"LOCALAPPDATA", path, MAX_PATH);

	if (length == 0 || length >= MAX_PATH) {
		length = GetTempPathW(MAX_PATH, path);
		if (length == 0 || length >= MAX_PATH) {
			os_error_set(error, "%LOCALAPPDATA%", "Set it to a directory of yours", "it is not set");
			return false;
		}
		if (path[length - 1] == L'\\')
			path[length - 1] = L'\0';
	}
	return make_directory(path, L"\\wdpdk", error) && make_directory(path, L"\\run", error);
}

/* Whole or not at all: a reader never sees half a file. */
static bool
write_run_file(struct endpoint *endpoint, const char *instance, struct os_error *error)
{
	wchar_t path[MAX_PATH], new_file[MAX_PATH];
	SECURITY_ATTRIBUTES attributes;
	SYSTEMTIME now;
	char text[512];
	DWORD written;
	HANDLE file;
	int length;
	bool good = false;

	if (!run_directory(path, error))
		return false;
	if (!security_for_user(L"GA", &attributes)) {
		windows_error_set(error, instance, "Log on as a user who may read his own account", "access list", GetLastError());
		return false;
	}
	swprintf(endpoint->run_file, MAX_PATH, L"%ls\\%hs.json", path, instance);
	swprintf(new_file, MAX_PATH, L"%ls\\%hs.%lu.new", path, instance, (unsigned long)GetCurrentProcessId());
	GetSystemTime(&now);
	length = snprintf(text, sizeof(text), "{\"pipe\":\"\\\\\\\\.\\\\pipe\\\\%ls\",\"pid\":%lu,"
		"\"started\":\"%04u-%02u-%02uT%02u:%02u:%02uZ\",\"version\":\"%s\",\"major\":%u,\"minor\":%u}\n",
		endpoint->pipe + wcslen(L"\\\\.\\pipe\\"), (unsigned long)GetCurrentProcessId(), now.wYear, now.wMonth, now.wDay,
		now.wHour, now.wMinute, now.wSecond, WDPDK_VERSION, WDPDK_VERSION_MAJOR, WDPDK_VERSION_MINOR);
	file = CreateFileW(new_file, GENERIC_WRITE, 0, &attributes, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
	if (file != INVALID_HANDLE_VALUE) {
		good = WriteFile(file, text, (DWORD)length, &written, NULL) && written == (DWORD)length;
		CloseHandle(file);
		good = good && MoveFileExW(new_file, endpoint->run_file, MOVEFILE_REPLACE_EXISTING);
	}
	if (!good) {
		windows_error_set(error, instance, "See that %LOCALAPPDATA% can be written", "writing the run file", GetLastError());
		DeleteFileW(new_file);
		endpoint->run_file[0] = L'\0';
	}
	security_free(&attributes);
	return good;
}

HANDLE
endpoint_open(struct endpoint *endpoint, const char *instance, struct os_error *error)
{
	wchar_t name[40];
	HANDLE first = INVALID_HANDLE_VALUE;

	memset(endpoint, 0, sizeof(*endpoint));
	if (!take_name(endpoint, instance, error))
		return INVALID_HANDLE_VALUE;
	if (!security_random_name(name) || !security_for_user(L"GA", &endpoint->attributes)) {
		windows_error_set(error, instance, "Log on as a user who may read his own account", "access list", GetLastError());
		endpoint_close(endpoint);
		return INVALID_HANDLE_VALUE;
	}
	swprintf(endpoint->pipe, 64, L"\\\\.\\pipe\\%ls", name);
	first = endpoint_pipe(endpoint, true);
	if (first == INVALID_HANDLE_VALUE)
		windows_error_set(error, instance, "End the process that holds a pipe of this name, or restart", "CreateNamedPipe", GetLastError());
	else if (!write_run_file(endpoint, instance, error)) {
		CloseHandle(first);
		first = INVALID_HANDLE_VALUE;
	}
	if (first == INVALID_HANDLE_VALUE)
		endpoint_close(endpoint);
	return first;
}

void
endpoint_remove_run_file(struct endpoint *endpoint)
{
	if (endpoint->run_file[0] != L'\0')
		DeleteFileW(endpoint->run_file);
	endpoint->run_file[0] = L'\0';
}

void
endpoint_close(struct endpoint *endpoint)
{
	endpoint_remove_run_file(endpoint);
	security_free(&endpoint->attributes);
	if (endpoint->mutex != NULL)
		CloseHandle(endpoint->mutex);
	endpoint->mutex = NULL;
}
