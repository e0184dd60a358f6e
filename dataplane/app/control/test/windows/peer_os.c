/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include "peer_os.h"

const bool peer_segments_by_ticket = false;

struct child {
	HANDLE process, in, out;
};

struct link {
	HANDLE pipe, event;
	OVERLAPPED read;
	bool reading;		/* a read is under way into `byte` */
	char buffer[65536];
	DWORD have, at;		/* bytes of `buffer` not handed out yet */
};

uint64_t
peer_now_ms(void)
{
	return GetTickCount64();
}

void
peer_sleep_ms(unsigned int ms)
{
	Sleep(ms);
}

const char *
peer_directory(void)
{
	static char path[MAX_PATH + 64];

	if (path[0] == '\0') {
		DWORD length = GetTempPathA(MAX_PATH, path);

		snprintf(path + length, 64, "wdpdk-%lu-%llu", (unsigned long)GetCurrentProcessId(), (unsigned long long)GetTickCount64());
		CreateDirectoryA(path, NULL);
		SetEnvironmentVariableA("LOCALAPPDATA", path);
	}
	return path;
}

struct child *
child_start(const char *program, const char *const *arguments, const char *errors)
{
	SECURITY_ATTRIBUTES inherit = { .nLength = sizeof(inherit), .bInheritHandle = TRUE };
	STARTUPINFOA start = { .cb = sizeof(start), .dwFlags = STARTF_USESTDHANDLES };
	PROCESS_INFORMATION made;
	struct child *child = calloc(1, sizeof(*child));
	char command[8192];
	int length = snprintf(command, sizeof(command), "\"%s\"", program);
	BOOL good;

	for (unsigned int i = 0; arguments[i] != NULL; i++)
		length += snprintf(command + length, sizeof(command) - (size_t)length, " \"%s\"", arguments[i]);
	CreatePipe(&start.hStdInput, &child->in, &inherit, 0);
	CreatePipe(&child->out, &start.hStdOutput, &inherit, 0);
	SetHandleInformation(child->in, HANDLE_FLAG_INHERIT, 0);
	SetHandleInformation(child->out, HANDLE_FLAG_INHERIT, 0);
	start.hStdError = CreateFileA(errors, GENERIC_WRITE, FILE_SHARE_READ, &inherit, CREATE_ALWAYS, 0, NULL);
	good = CreateProcessA(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &start, &made);
	CloseHandle(start.hStdInput);
	CloseHandle(start.hStdOutput);
	CloseHandle(start.hStdError);
	if (!good) {
		free(child);
		return NULL;
	}
	CloseHandle(made.hThread);
	child->process = made.hProcess;
	return child;
}

bool
child_line(struct child *child, char *line, size_t size, int timeout_ms)
{
	uint64_t until = peer_now_ms() + (uint64_t)timeout_ms;
	size_t at = 0;

	while (at + 1 < size && peer_now_ms() < until) {
		DWORD ready = 0, got;

		if (!PeekNamedPipe(child->out, NULL, 0, NULL, &ready, NULL))
			return false;
		if (ready == 0) {
			Sleep(2);
			continue;
		}
		if (!ReadFile(child->out, line + at, 1, &got, NULL) || got != 1)
			return false;
		if (line[at] == '\r')
			continue;
		if (line[at] == '\n') {
			line[at] = '\0';
			return true;
		}
		at++;
	}
	return false;
}

void
child_close_stdin(struct child *child)
{
	if (child->in != NULL)
		CloseHandle(child->in);
	child->in = NULL;
}

void
child_kill(struct child *child)
{
	TerminateProcess(child->process, 137);
}

int
child_end(struct child *child, int timeout_ms)
{
	DWORD code = (DWORD)-1;

	if (WaitForSingleObject(child->process, (DWORD)timeout_ms) == WAIT_OBJECT_0)
		GetExitCodeProcess(child->process, &code);
	else
		TerminateProcess(child->process, 137);
	child_close_stdin(child);
	CloseHandle(child->out);
	CloseHandle(child->process);
	free(child);
	return code == 137 ? -1 : (int)code;
}

int
child_handles(struct child *child)
{
	DWORD count;

	return GetProcessHandleCount(child->process, &count) ? (int)count : -1;
}

uint64_t
child_busy_ms(struct child *child)
{
	FILETIME begun, ended, kernel, user;

	if (!GetProcessTimes(child->process, &begun, &ended, &kernel, &user))
		return 0;
	return (((uint64_t)kernel.dwHighDateTime + user.dwHighDateTime) << 32) / 10000 +
		((uint64_t)kernel.dwLowDateTime + user.dwLowDateTime) / 10000;
}

struct link *
link_open(const char *endpoint)
{
	struct link *link = calloc(1, sizeof(*link));

	for (unsigned int i = 0; i < 500; i++) {
		link->pipe = CreateFileA(endpoint, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
		if (link->pipe != INVALID_HANDLE_VALUE || GetLastError() != ERROR_PIPE_BUSY)
			break;
		WaitNamedPipeA(endpoint, 1000);
	}
	if (link->pipe == INVALID_HANDLE_VALUE) {
		free(link);
		return NULL;
	}
	link->event = CreateEventA(NULL, TRUE, FALSE, NULL);
	return link;
}

/* Writes wait for the dataplane at most five seconds. */
static size_t
write_bytes(struct link *link, const void *bytes, size_t length, DWORD timeout_ms)
{
	OVERLAPPED write = { .hEvent = CreateEventA(NULL, TRUE, FALSE, NULL) };
	DWORD done = 0;

	if (WriteFile(link->pipe, bytes, (DWORD)length, NULL, &write) || GetLastError() == ERROR_IO_PENDING) {
		if (WaitForSingleObject(write.hEvent, timeout_ms) != WAIT_OBJECT_0)
			CancelIoEx(link->pipe, &write);
		GetOverlappedResult(link->pipe, &write, &done, TRUE);
	}
	CloseHandle(write.hEvent);
	return done;
}

bool
link_send(struct link *link, const void *bytes, size_t length)
{
	return write_bytes(link, bytes, length, 5000) == length;
}

size_t
link_send_some(struct link *link, const void *bytes, size_t length)
{
	return write_bytes(link, bytes, length, 200);
}

int
link_receive(struct link *link, void *bytes, size_t length, int timeout_ms)
{
	if (link->at == link->have) {
		link->at = link->have = 0;
		if (!link->reading) {
			memset(&link->read, 0, sizeof(link->read));
			link->read.hEvent = link->event;
			ResetEvent(link->event);
			if (!ReadFile(link->pipe, link->buffer, sizeof(link->buffer), NULL, &link->read) &&
					GetLastError() != ERROR_IO_PENDING)
				return 0;
			link->reading = true;
		}
		if (WaitForSingleObject(link->event, (DWORD)timeout_ms) != WAIT_OBJECT_0)
			return -1;
		link->reading = false;
		if (!GetOverlappedResult(link->pipe, &link->read, &link->have, TRUE) || link->have == 0)
			return 0;
	}
	if (length > link->have - link->at)
		length = link->have - link->at;
	memcpy(bytes, link->buffer + link->at, length);
	link->at += (DWORD)length;
	return (int)length;
}

void
link_close(struct link *link)
{
	DWORD got;

	if (link->reading) {
		CancelIoEx(link->pipe, &link->read);
		GetOverlappedResult(link->pipe, &link->read, &got, TRUE);
	}
	CloseHandle(link->pipe);
	CloseHandle(link->event);
	free(link);
}

void *
map_named(const char *name, size_t size, bool writable)
{
	DWORD access = FILE_MAP_READ | (writable ? FILE_MAP_WRITE : 0);
	HANDLE section = OpenFileMappingA(access, FALSE, name);
	void *base = section == NULL ? NULL : MapViewOfFile(section, access, 0, 0, size);

	if (section != NULL)
		CloseHandle(section);
	return base;
}

void *
map_file(const char *path, size_t size, bool writable)
{
	HANDLE file = CreateFileA(path, GENERIC_READ | (writable ? GENERIC_WRITE : 0), 7, NULL, OPEN_EXISTING, 0, NULL);
	HANDLE section;
	void *base;

	if (file == INVALID_HANDLE_VALUE)
		return NULL;
	section = CreateFileMappingA(file, NULL, writable ? PAGE_READWRITE : PAGE_READONLY, 0, 0, NULL);
	CloseHandle(file);
	base = section == NULL ? NULL : MapViewOfFile(section, FILE_MAP_READ | (writable ? FILE_MAP_WRITE : 0), 0, 0, size);
	if (section != NULL)
		CloseHandle(section);
	return base;
}

void *
map_received(struct link *link, size_t size, bool writable)
{
	(void)link;
	(void)size;
	(void)writable;
	return NULL;
}

void
unmap(void *base, size_t size)
{
	(void)size;
	UnmapViewOfFile(base);
}
